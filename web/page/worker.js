/* Python, and the files while they are read: nothing else on the page has either.
 *
 * Pyodide's two modules stand before this text, as `createPyodideModule` and `loadPyodide`:
 * tools/build_page.py puts them there. A message asks for one thing and is answered by one.
 */
"use strict";

const FOLDER = "/work";
const LARGEST = 64 * 1024 * 1024; // the library refuses a larger file by its size
const NOWHERE = "https://nowhere.invalid/"; // where the loader believes that it comes from

let ask; // the function of entry.py

self.onmessage = async ({ data }) => {
  try {
    if (data.pieces) {
      await begin(data.pieces);
      self.postMessage({ ready: true });
    } else {
      const answer = await answerTo(data);
      self.postMessage({ id: data.id, answer });
    }
  } catch (error) {
    self.postMessage({ id: data.id, failed: String(error), file: error.file });
  }
};

/** Start Python from the page's own pieces, where its loader would ask a server for them. */
async function begin(pieces) {
  const types = { "pyodide.asm.wasm": "application/wasm" };
  self.fetch = async (address) => {
    const name = String(address).slice(NOWHERE.length);
    return new Response(pieces[name], { headers: { "Content-Type": types[name] ?? "" } });
  };
  const python = await loadPyodide({
    createPyodideModule,
    indexURL: NOWHERE,
    packageBaseUrl: NOWHERE,
    lockFileContents: JSON.parse(await pieces["pyodide-lock.json"].text()),
    stdout: () => {},
    stderr: () => {},
  });
  python.FS.writeFile("/site.zip", new Uint8Array(await pieces["site.zip"].arrayBuffer()));
  python.runPython(`import sys; sys.path.insert(0, "/site.zip")`);
  const entry = python.pyimport("entry");
  ask = async (request) => {
    entry.begin(FOLDER);
    for (const side of ["active", "staging"]) {
      request[side] = await lay(python.FS, request[side], request.apart ? `${side}/` : "");
    }
    const answer = entry.answer(JSON.stringify(request));
    return typeof answer === "string" ? JSON.parse(answer) : answer.toJs();
  };
}

async function answerTo(data) {
  const request = { ...data };
  request.apart = haveOneName(data.active, data.staging);
  return ask(request);
}

/** Return whether something of one side would lie where something of the other does. */
function haveOneName(...sides) {
  const [one, other] = sides.map((side) => new Set(side.map(([path]) => path.split("/")[0])));
  return [...one].some((name) => other.has(name));
}

/** Lay a side's files into Python's file system; return their paths there. */
async function lay(system, side, before) {
  const paths = [];
  for (const [name, file] of side) {
    const path = before + name;
    system.mkdirTree(`${FOLDER}/${path}`.replace(/\/[^/]*$/, ""));
    const data = file.size > LARGEST ? new ArrayBuffer(0) : await contentOf(file, path);
    system.writeFile(`${FOLDER}/${path}`, new Uint8Array(data));
    system.lookupPath(`${FOLDER}/${path}`).node.usedBytes = file.size; // also of one left empty
    paths.push(path);
  }
  return paths;
}

async function contentOf(file, path) {
  try {
    return await file.arrayBuffer();
  } catch (error) {
    throw Object.assign(error, { file: path });
  }
}
