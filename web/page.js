/* The page: what is shown, and which files were given. It never reads them: a worker does.
 *
 * Everything that is shown is set as text, so nothing in a file can become part of the page.
 */
"use strict";

const SIDES = ["active", "staging"];
const MOST_FILES = 5000;
const MANY_TIMES = ["--map", "--leave", "--keep-enabled", "--accept-element"];
const WITHOUT_VALUE = ["--partial", "--strict", "--keep-foreign", "--bare"];

const at = (id) => document.getElementById(id);
const given = { active: new Map(), staging: new Map() }; // path → File
let options = []; // [flag, value or null]
let seen = null; // what `inspect` said of both sides
let planned = null; // what `kit` said

/** Return a number with a word, in the plural where that is right. */
function counted(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

/** Return an element with its text, or with other elements. */
function make(tag, content = [], properties = {}) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...[content].flat());
  return made;
}

// ---- The worker ---------------------------------------------------------------------------------

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

/** Ask the worker for one thing about the files as they are now, and tell so. */
function ask(what, told) {
  return new Promise((resolve, reject) => {
    waiting = { id: ++number, resolve, reject };
    tell(told, true);
    const [active, staging] = SIDES.map((side) => [...given[side]]);
    worker.postMessage({ id: number, ask: what, active, staging, options });
  });
}

// ---- From files to a plan -----------------------------------------------------------------------

let wasInPlan = false; // whether what has the focus goes away with the plan
let turn = 0; // counts the changes: only the last one's answers are shown
let work = Promise.resolve(); // the worker does one thing at a time

function tell(text, busy = false) {
  at("status").textContent = text;
  at("main").classList.toggle("busy", busy);
  at("stop").hidden = !busy || !waiting?.id;
}

/** Read the files and plan, after each change of files or options. */
function update() {
  const mine = ++turn;
  wasInPlan ||= at("plan").contains(document.activeElement);
  at("plan").inert = true; // it is of before
  showChosen();
  work = work.then(() => (mine === turn ? readAndPlan(mine) : undefined));
}

async function readAndPlan(mine) {
  try {
    const sides = SIDES.filter((side) => given[side].size);
    seen = sides.length ? await ask("inspect", "Reading the files …") : null;
    if (mine !== turn) return;
    SIDES.forEach(showSide);
    at("plan").hidden = sides.length < 2;
    if (sides.length < 2) return tell(next(sides));
    planned = await ask("plan", "Planning …");
    if (mine === turn) showPlan();
  } catch (error) {
    await recover(error).catch(giveUp);
  }
}

function giveUp(error) {
  tell(`Python could not be started in this browser: ${error.message}. Try a current Edge, Chrome or Firefox, or the command line.`);
}

function next(sides) {
  if (!sides.length) return "Ready. Give the files of both servers.";
  return `Now give the files of the ${sides[0] === "active" ? "staging" : "active"} server.`;
}

/** Say why there is no answer; where Python is gone, start it again. The files stay. */
async function recover(error) {
  seen = null;
  SIDES.forEach(showSide);
  at("plan").hidden = true;
  if (error.file) {
    return tell(`${error.file} cannot be read any more: it was changed or moved since you gave it. Give it again.`);
  }
  tell("Python stopped. Starting it again …", true);
  await start();
  if (error.wanted) return tell("Stopped. Your files are still here: change them or the options to go on.");
  tell(`Python stopped while it worked on these files (${error.message}). It was started again, and your files are still here: remove the one that you added last, or try the command line.`);
}

// ---- What is given ------------------------------------------------------------------------------

/** Take files, each with its path inside what was dropped or chosen. */
function take(side, files) {
  if (!files.length) return;
  for (const [path, file] of files) given[side].set(path, file);
  if (given[side].size > MOST_FILES) {
    given[side].clear();
    tell(`These are more than ${MOST_FILES} files. Give only the folders with exports and configurations.`);
    return SIDES.forEach(showSide);
  }
  update();
}

function fromInput(input) {
  const files = [...input.files].map((file) => [file.webkitRelativePath || file.name, file]);
  input.value = ""; // else the same folder could not be chosen again
  return files;
}

/** Return all files below what was dropped. */
async function fromDrop(items) {
  const found = [];
  const entries = [];
  for (const item of items) {
    const entry = item.webkitGetAsEntry();
    const file = item.getAsFile(); // of what is no file, as a text that is dropped, null
    if (entry) entries.push(entry);
    else if (file) found.push([file.name, file]);
  }
  while (entries.length && found.length <= MOST_FILES) {
    const entry = entries.shift();
    if (entry.isDirectory) entries.push(...(await childrenOf(entry)));
    else found.push([entry.fullPath.slice(1), await new Promise((yes, no) => entry.file(yes, no))]);
  }
  return found;
}

async function childrenOf(folder) {
  const reader = folder.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((yes, no) => reader.readEntries(yes, no)); // a hundred at most
    if (!some.length) return found;
    found.push(...some);
  }
}

function setUp(side) {
  const section = at(side);
  section.append(at("zone").content.cloneNode(true));
  for (const input of section.querySelectorAll("input")) {
    input.addEventListener("change", () => take(side, fromInput(input)));
  }
  section.querySelector(".clear").addEventListener("click", () => {
    given[side].clear();
    update();
  });
  section.addEventListener("dragover", (event) => {
    event.preventDefault();
    section.classList.add("over");
  });
  section.addEventListener("dragleave", () => section.classList.remove("over"));
  section.addEventListener("drop", async (event) => {
    event.preventDefault();
    section.classList.remove("over");
    try {
      take(side, await fromDrop(event.dataTransfer.items));
    } catch (error) {
      tell(`What was dropped cannot be read: ${error.message}.`);
    }
  });
}

/** Show what the files of a side are, and what is missing for proof. */
function showSide(side) {
  const place = at(side).querySelector(".given");
  const is = seen?.[side];
  place.hidden = at(side).querySelector(".clear").hidden = !given[side].size;
  place.replaceChildren(...(is ? told(is, side) : [make("p", `${given[side].size} files`)]));
}

function told({ document: found, uncovered }, side) {
  const evidence = found.evidence.map((one) => {
    const kind = make("span", one.complete ? "Complete" : "Partial", {
      className: one.complete ? "mark accent" : "mark",
    });
    const shows = one.complete ? `all ${one.complete_in.join(", ")}` : rulesOf(found, one.name);
    return make("li", [kind, " ", make("bdi", one.name), make("span", ` (${one.what}: ${shows})`, { className: "quiet" })]);
  });
  const refused = found.diagnostics
    .filter((one) => one.severity === "error")
    .map((one) => make("li", [make("span", "Refused", { className: "mark strong" }), " ", make("bdi", one.file ?? ""), ` ${one.code}: ${one.message}`]));
  const rest = [];
  if (uncovered.length) rest.push(`Not read: ${uncovered.slice(0, 5).join(", ")}${uncovered.length > 5 ? ` and ${uncovered.length - 5} more` : ""}.`);
  for (const { source, staging } of found.staging_mode) {
    if (staging !== (side === "staging")) rest.push(`${source}: this server is ${staging ? "" : "not "}in staging mode. Are the two servers swapped?`);
  }
  if (!found.evidence.some((one) => one.complete)) {
    rest.push("Missing for proof: the folder that Get-ADSyncServerConfiguration -Path C:\\Temp\\configuration writes on this server. Exports show only the rules that were exported, so which connector is which may have to be assumed.");
  }
  return [make("ul", [...evidence, ...refused]), ...rest.map((text) => make("p", text, { className: "small" }))];
}

function rulesOf(found, file) {
  const rules = found.rules.filter((rule) => rule.file === file);
  const own = rules.filter((rule) => /^microsoft\./i.test(rule.immutable_tag)).length;
  return rules.length ? `${counted(rules.length - own, "custom rule")}, ${own} out-of-box` : "not all there is";
}

// ---- Options ------------------------------------------------------------------------------------

function choose(flag, value) {
  const [old] = (value ?? "").split("=");
  const isReplaced = ([other, its]) =>
    other === flag && (!MANY_TIMES.includes(flag) || its === value || (flag === "--map" && its.split("=")[0] === old));
  options = [...options.filter((one) => !isReplaced(one)), [flag, value]];
  update();
}

/** Return an option as it is shown; the command line has it in its quotes. */
function wordsOf(option) {
  return option.filter((word) => word !== null).join(" ");
}

function showChosen() {
  at("chosen").replaceChildren(
    ...options.map((one) => {
      const text = wordsOf(one);
      const remove = make("button", "×", { type: "button", className: "plain", title: `Remove ${text}` });
      remove.setAttribute("aria-label", `Remove ${text}`);
      remove.addEventListener("click", () => {
        options = options.filter((other) => other !== one);
        update();
        at("more").querySelector("summary").focus();
      });
      return make("li", [make("code", text), remove]);
    }),
  );
}

/** Offer values for the option that is selected, from what was read. */
function offer() {
  const flag = at("flag").value;
  const [active, staging] = SIDES.map((side) => seen?.[side]?.document);
  const pairs = (active?.connectors ?? []).flatMap((old) =>
    (staging?.connectors ?? []).map((one) => [`${old.identifier}=${one.identifier}`, `${labelOf(old)} → ${labelOf(one)}`]),
  );
  const values = {
    "--map": pairs,
    "--leave": (active?.rules ?? []).filter((r) => !/^microsoft\./i.test(r.immutable_tag)).map((r) => [r.name, ""]),
    "--keep-enabled": (planned?.document?.disabled ?? []).map((rule) => [rule.name, ""]),
    "--precedence": [["compact", "from 1"], ["after=20", "from 21"], ["keep", "as they are"]],
    "--identifiers": [["new", ""], ["keep", ""]],
    "--encoding": [["windows-1252", "Western Europe"]],
  };
  at("values").replaceChildren(...(values[flag] ?? []).map(([value, label]) => make("option", [], { value, label })));
  at("value").disabled = WITHOUT_VALUE.includes(flag);
}

function labelOf(connector) {
  return connector.name ?? connector.forest ?? connector.kind ?? connector.identifier;
}

// ---- The plan -----------------------------------------------------------------------------------

function showPlan() {
  const found = planned.text ? JSON.parse(planned.text) : null;
  planned.document = found;
  const count = (severity) => (found?.diagnostics ?? []).filter((one) => one.severity === severity).length;
  const errors = count("error");
  at("verdict").textContent = planned.refused
    ? "Refused: nothing is made until this is resolved"
    : `${counted(found.rules.length, "rule")} can move to the staging server`;
  at("sum").textContent = found ? sumOf(found, errors, count("warning")) : "";
  at("downloads").hidden = at("next").hidden = planned.refused;
  at("findings").replaceChildren(...(found ? found.diagnostics.map(shownFinding) : [make("li", planned.said, { className: "error" })]));
  if (!at("findings").children.length) at("findings").append(make("li", "None."));
  at("command").textContent = planned.command;
  at("said").textContent = planned.said || "no findings";
  at("report").hidden = planned.report === null;
  // In a frame of this kind, a link into the report itself would lead to this page.
  at("frame").srcdoc = (planned.report ?? "").replaceAll('href="#', 'href="about:srcdoc#');
  at("plan").inert = false;
  if (wasInPlan) at("verdict").focus();
  wasInPlan = false;
  offer();
  tell(planned.refused ? "Refused: see the findings." : "Planned. Read the findings and the report, then download the kit.");
}

function sumOf(found, errors, warnings) {
  const assumed = found.pairs.filter((pair) => pair.kind === "assumed").length;
  return [
    errors && counted(errors, "error"),
    counted(warnings, "warning"),
    assumed && `${counted(assumed, "connector pair")} assumed`,
    found.disabled.length && `${counted(found.disabled.length, "original")} to be disabled`,
    found.not_checked.length && `${counted(found.not_checked.length, "thing")} not checked`,
  ].filter(Boolean).join(" · ");
}

function shownFinding(one) {
  const isNote = one.severity === "note";
  const parts = [
    make("p", [
      make("span", one.severity, { className: isNote ? "mark" : "mark strong" }),
      make("b", ` ${one.code} `),
      make("bdi", whereOf(one), { className: "quiet small" }),
    ]),
    make("p", one.message),
  ];
  if (one.rows?.length) parts.push(table(one.columns, one.rows));
  parts.push(make("p", [make("b", "What to do: "), one.hint]));
  const ways = (one.options ?? []).map(({ flag, value }) => {
    const way = make("button", wordsOf([flag, value]), { type: "button", className: "plain" });
    way.addEventListener("click", () => choose(flag, value));
    return way;
  });
  if (ways.length) parts.push(make("p", ways, { className: "choices" }));
  const page = planned.pages[one.code];
  if (page) parts.push(make("details", [make("summary", `About ${one.code}`), make("div", laidOut(page), { className: "page small" })]));
  return make("li", parts, { className: isNote ? "" : `heavy ${one.severity}` });
}

function whereOf({ file, line, places = [] }) {
  const more = places.length > 1 ? `, and ${counted(places.length - 1, "more place")}` : "";
  return [file, line && `line ${line}`].filter(Boolean).join(", ") + more;
}

function table(columns, rows) {
  const head = columns.length ? [make("thead", make("tr", columns.map((name) => make("th", name, { scope: "col" }))))] : [];
  const cells = rows.map((row) => make("tr", row.map((cell) => make("td", make("bdi", cell)))));
  return make("table", [...head, make("tbody", cells)], { className: "small" });
}

/** Lay out a page of docs/findings: headings, paragraphs, lists, code. */
function laidOut(text) {
  const made = [];
  for (const part of text.split(/^(```[^]*?^```$)/m)) {
    if (part.startsWith("```")) {
      made.push(make("pre", part.replace(/^```.*\n|```$/g, "")));
      continue;
    }
    for (const block of part.split(/\n{2,}/).map((one) => one.trim()).filter(Boolean)) {
      const [, marks, title] = /^(#+) (.*)$/s.exec(block) ?? [];
      if (title) made.push(make(marks.length === 1 ? "h3" : "h4", title));
      else if (/^[-*] /.test(block)) made.push(make("ul", block.split(/\n(?=[-*] )/).map((item) => make("li", inline(item.slice(2))))));
      else made.push(make("p", inline(block)));
    }
  }
  return made;
}

function inline(text) {
  const plain = text.replace(/\s*\n\s*/g, " ").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  return plain.split(/(`[^`]*`|\*\*[^*]*\*\*|\*[^*]*\*)/).map((part) => {
    const [, mark, text] = /^(`|\*\*?)(.+)\1$/.exec(part) ?? [];
    return text ? make({ "`": "code", "**": "b", "*": "em" }[mark], text) : part;
  });
}

// ---- Downloads ----------------------------------------------------------------------------------

function addressOf(data, type) {
  return URL.createObjectURL(new Blob([data], { type }));
}

function save(name, data, type) {
  const link = make("a", [], { href: addressOf(data, type), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

function download(what) {
  if (what === "report") return save("report.html", planned.report, "text/html");
  if (what === "document") return save("plan.json", planned.text, "application/json");
  work = work.then(async () => {
    try {
      const data = await ask(what, "Packing …");
      save(what === "kit" ? "kit.zip" : "mapped.zip", data, "application/zip");
      tell("The download has begun.");
    } catch (error) {
      await recover(error).catch(giveUp);
    }
  });
}

function copy() {
  getSelection().selectAllChildren(at("command")); // to be copied by hand where the page must not
  navigator.clipboard?.writeText(planned.command).catch(() => {});
}

// ---- From the start -----------------------------------------------------------------------------

async function begin() {
  if (!(window.WebAssembly && window.Worker && window.DecompressionStream)) return;
  at("old").hidden = true;
  at("main").hidden = false;
  SIDES.forEach(setUp);
  at("flag").addEventListener("change", offer);
  at("add").addEventListener("submit", (event) => {
    event.preventDefault();
    const flag = at("flag").value;
    const value = WITHOUT_VALUE.includes(flag) ? null : at("value").value.trim();
    if (value === "") return at("value").focus();
    at("value").value = "";
    choose(flag, value);
  });
  at("downloads").addEventListener("click", ({ target }) => target.dataset.ask && download(target.dataset.ask));
  at("stop").addEventListener("click", () => waiting.reject(Object.assign(new Error(), { wanted: true })));
  at("copy").addEventListener("click", copy);
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => event.preventDefault()); // beside a zone: not opened
  tell("Starting Python in this page …", true);
  try {
    await unpack();
    await start();
    update();
  } catch (error) {
    giveUp(error);
  }
}

begin();
