/* The files of both servers: given once, for every task. The page never reads them: a worker does. */

const SIDES = ["active", "staging"];
const MOST_FILES = 5000;

const given = { active: new Map(), staging: new Map() }; // path → File
let seen = null; // what `inspect` said of both sides

/** Take files, each with its path inside what was dropped or chosen. */
function take(side, files) {
  if (!files.length) return;
  for (const [path, file] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) given[side].set(path, file);
  if (given[side].size > MOST_FILES) {
    given[side].clear();
    tell(`These are more than ${MOST_FILES} files. Give only the folders with exports and configurations.`);
    return SIDES.forEach(showSide);
  }
  refresh();
}

/** The files are others: read them again. */
function refresh() {
  seen = null;
  update();
}

function fromInput(input) {
  const files = [...input.files].map((file) => [file.webkitRelativePath || file.name, file]);
  input.value = ""; // else the same folder could not be chosen again
  return files;
}

/** Return all files below what was dropped.
 *
 * Chromium has entries that it cannot read where the page is opened from its file, but handles that
 * it can; Firefox and Safari have entries only. All are to be had until the event is over.
 */
async function fromDrop(items) {
  const dropped = [...items].map((item) => ({
    handle: item.getAsFileSystemHandle?.().catch(() => null), // of what is no file, null
    entry: item.webkitGetAsEntry(),
    file: item.getAsFile(),
  }));
  const found = [];
  for (const { handle, entry, file } of dropped) {
    for await (const one of filesOf(await handle, entry, file)) {
      found.push(one);
      if (found.length > MOST_FILES) return found;
    }
  }
  return found;
}

function filesOf(handle, entry, file) {
  if (handle) return belowHandle(handle, handle.name);
  if (entry) return belowEntry(entry);
  return file ? [[file.name, file]] : [];
}

async function* belowHandle(handle, path) {
  if (handle.kind === "file") yield [path, await handle.getFile()];
  else for await (const one of handle.values()) yield* belowHandle(one, `${path}/${one.name}`);
}

async function* belowEntry(entry) {
  if (entry.isFile) yield [entry.fullPath.slice(1), await new Promise((yes, no) => entry.file(yes, no))];
  else for (const one of await childrenOf(entry)) yield* belowEntry(one);
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

function setUpSide(side) {
  const section = at(side);
  section.append(at("zone").content.cloneNode(true));
  for (const input of section.querySelectorAll("input")) {
    input.addEventListener("change", () => take(side, fromInput(input)));
  }
  section.querySelector(".clear").addEventListener("click", () => {
    given[side].clear();
    refresh();
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
      tell(`What was dropped cannot be read: ${error.message}. Choose it with the buttons instead.`);
    }
  });
}

/** Show what the files of a side are, and what is missing for proof. */
function showSide(side) {
  const place = at(side).querySelector(".given");
  const is = seen?.[side];
  place.hidden = at(side).querySelector(".clear").hidden = !given[side].size;
  place.replaceChildren(...(is ? told(is, side) : [make("ul", namesOf(side))]));
}

/** Return what was dropped or chosen, while it is not known what it is. */
function namesOf(side) {
  const tops = [...given[side].keys()].map((path) => path.split("/")[0]);
  return [...new Set(tops)].map((top) => {
    const number = counted(tops.filter((one) => one === top).length, "file");
    return make("li", [make("bdi", top), ` (${number}) `, removal(side, top, (path) => path.split("/")[0] === top)]);
  });
}

/** Return a button that removes some files of a side. */
function removal(side, name, isMeant) {
  return button("Remove", { ariaLabel: `Remove ${name}` }, () => {
    for (const path of [...given[side].keys()].filter(isMeant)) given[side].delete(path);
    refresh();
  });
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
    .map((one) => make("li", [make("span", "Refused", { className: "mark strong" }), " ", make("bdi", one.file ?? ""), ` ${one.code}: ${one.message} `, ...removalOf(side, one)]));
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

/** Return a button that removes the file of a finding, which may have the side's name before its own. */
function removalOf(side, { file }) {
  const isMeant = (path) => file === path || file === `${side}/${path}`;
  return [...given[side].keys()].some(isMeant) ? [removal(side, file, isMeant)] : [];
}

function rulesOf(found, file) {
  const rules = found.rules.filter((rule) => rule.file === file);
  const own = rules.filter((rule) => /^microsoft\./i.test(rule.immutable_tag)).length;
  return rules.length ? `${counted(rules.length - own, "custom rule")}, ${own} out-of-box` : "not all there is";
}
