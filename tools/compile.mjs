/* Compile Python files with the Python that will run them.
 *
 * Usage: node compile.mjs PYODIDE IN OUT: the folder of the package, a ZIP of .py files and others,
 * and the ZIP to be written, in which the .py files are .pyc. The same input gives the same output.
 */
import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [folder, from, to] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const python = await loadPyodide({ env: { PYTHONHASHSEED: "0" } });
python.FS.writeFile("/in.zip", await readFile(from));
python.runPython(`
import marshal, zipfile
from importlib.util import MAGIC_NUMBER

UNCHECKED = MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8)

with zipfile.ZipFile("/in.zip") as given, zipfile.ZipFile("/out.zip", "w") as made:
    for name in sorted(given.namelist()):
        data = given.read(name)
        if name.endswith(".py"):
            data = UNCHECKED + marshal.dumps(compile(data, name, "exec", dont_inherit=True))
            name += "c"
        made.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
`);
await writeFile(to, python.FS.readFile("/out.zip"));
