/* Python: a worker that is started from the page's own pieces, and asked for one thing at a time. */

let pieces; // the page's own parts, unpacked
let worker = null;
let waiting = null; // who waits for an answer: { id, resolve, reject }
let number = 0;

/** Unpack what stands at the end of the page. */
async function unpack() {
  const held = at("pieces");
  const text = atob(held.textContent);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const packed = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const whole = await new Response(packed).blob();
  let from = 0;
  pieces = {};
  for (const [name, size] of JSON.parse(held.dataset.parts)) {
    const type = name.endsWith(".js") ? "text/javascript" : "";
    pieces[name] = whole.slice(from, (from += size), type);
  }
  held.remove();
}

/** Start a worker, in place of one that is there; resolves when Python runs in it. */
function start() {
  worker?.terminate();
  const address = URL.createObjectURL(pieces["worker.js"]);
  worker = new Worker(address);
  return new Promise((resolve, reject) => {
    waiting = { resolve, reject };
    worker.onmessage = ({ data }) => {
      URL.revokeObjectURL(address);
      if (data.id !== waiting?.id) return; // of a question that was taken back
      const { resolve, reject } = waiting;
      waiting = null;
      if (data.failed) reject(Object.assign(new Error(data.failed), { file: data.file }));
      else resolve(data.answer);
    };
    worker.onerror = (event) => waiting?.reject(new Error(event.message || "no reason was given"));
    worker.postMessage({ pieces });
  });
}

/** Ask the worker for one thing, and tell so; what it may answer stands in entry.py. */
function ask(request, told) {
  return new Promise((resolve, reject) => {
    waiting = { id: ++number, resolve, reject };
    tell(told, true);
    worker.postMessage({ id: number, ...request });
  });
}

/** Stop what the worker does: it is started again. */
function stop() {
  waiting.reject(Object.assign(new Error(), { wanted: true }));
}
