/* Run pytest inside Pyodide, in Node.
 *
 * Usage: node run_tests.mjs PYODIDE CHECKOUT PACKAGES ARGUMENT...: three folders, and what pytest is
 * told. A test that starts a process, which there is none of, is skipped. Ends with pytest's exit code.
 */
import { pathToFileURL } from "node:url";

const [folder, checkout, packages, ...args] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const inCI = process.env.CI ? { CI: process.env.CI } : {}; // the same examples each time
const python = await loadPyodide({ env: { HOME: "/tmp", HYPOTHESIS_PROFILE: "quick", ...inCI } });
for (const [place, root] of [["/checkout", checkout], ["/packages", packages]]) {
  python.FS.mkdir(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root }, place);
}
python.globals.set("arguments", python.toPy(args));
process.exit(
  python.runPython(`
import os, subprocess, sys

os.chdir("/checkout")
sys.path[:0] = ["/checkout", "/packages"]
sys.dont_write_bytecode = True
import pytest

def no_process(*_words, **_options):
    pytest.skip("starts a process")

subprocess.Popen = no_process
int(pytest.main(list(arguments)))
`),
);
