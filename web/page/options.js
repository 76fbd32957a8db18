/* Options of the command line: each task has its own; what is about the servers holds for all. */

/* What each says, in the form; `values` are offered from what was read, `many` may be repeated. */
const OPTIONS = {
  "--map": { told: "which connector is which, as OLD=NEW", value: true, many: true, values: pairsOfConnectors },
  "--leave": { told: "leave this custom rule behind, or all of a connector", value: true, many: true, values: whatMoves },
  "--keep-enabled": { told: "leave this out-of-box rule enabled", value: true, many: true, values: whatIsDisabled },
  "--precedence": { told: "keep the rules' precedences, or renumber them", value: true, values: () => [["compact", "from 1"], ["after=20", "from 21"], ["keep", "as they are"]] },
  "--identifiers": { told: "keep the rules' identifiers, or give new ones", value: true, values: () => [["new", ""], ["keep", ""]] },
  "--seed": { told: "with new identifiers, this text gives the same ones again", value: true },
  "--partial": { told: "allow leaving some custom rules behind" },
  "--keep-foreign": { told: "keep harmless commands between the rules" },
  "--bare": { told: "omit the comment header and $ErrorActionPreference" },
  "--accept-element": { told: "move the rules of a newer format without this element", value: true, many: true },
  "--attributes": { told: "list the attributes that other rules decide" },
  "--select": { told: "report only this code, or the codes that begin so", value: true, many: true, values: codesThatAreFound },
  "--ignore": { told: "do not report this code, or the codes that begin so", value: true, many: true, values: codesThatAreFound },
  "--strict": { told: "treat warnings as errors" },
  "--encoding": { told: "the code page of files without a byte order mark", value: true, values: () => [["windows-1252", "Western Europe"], ["windows-1250", "Central Europe"], ["cp932", "Japan"]] },
};
const OF_THE_SERVERS = ["--map", "--encoding"];

const chosen = { move: [], compare: [], check: [] }; // [flag, value or null]

// ---- Choosing -----------------------------------------------------------------------------------

function choose(task, flag, value) {
  const [old] = (value ?? "").split("=");
  const isReplaced = ([other, its]) =>
    other === flag && (!OPTIONS[flag].many || its === value || (flag === "--map" && its.split("=")[0] === old));
  change(task, flag, (options) => [...options.filter((one) => !isReplaced(one)), [flag, value]]);
}

function takeBack(task, option) {
  const text = wordsOf(option);
  change(task, option[0], (options) => options.filter((one) => wordsOf(one) !== text));
}

/** Change a task's options; those about the servers in every task that has them. */
function change(task, flag, changed) {
  const isShared = OF_THE_SERVERS.includes(flag);
  for (const one of Object.keys(TASKS)) {
    if (one === task || (isShared && TASKS[one].flags.includes(flag))) chosen[one] = changed(chosen[one]);
  }
  if (flag === "--encoding") refresh();
  else update();
}

/** Return an option as it is shown; the command line has it in its quotes. */
function wordsOf(option) {
  return option.filter((word) => word !== null).join(" ");
}

function showChosen(task) {
  part(task, ".chosen").replaceChildren(
    ...chosen[task].map((option) => {
      const text = wordsOf(option);
      const remove = button("×", { title: `Remove ${text}`, ariaLabel: `Remove ${text}` }, () => {
        takeBack(task, option);
        part(task, ".more summary").focus();
      });
      return make("li", [make("code", text), remove]);
    }),
  );
}

// ---- The form -----------------------------------------------------------------------------------

function setUpOptions(task) {
  const [form, flag, value, offered] = [".add", ".flag", ".value", "datalist"].map((one) => part(task, one));
  flag.append(...TASKS[task].flags.map((name) => make("option", `${name}: ${OPTIONS[name].told}`, { value: name })));
  offered.id = `${task}-values`;
  value.setAttribute("list", offered.id);
  flag.addEventListener("change", () => offer(task));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = OPTIONS[flag.value].value ? value.value.trim() : null;
    if (given === "") return value.focus();
    value.value = "";
    choose(task, flag.value, given);
  });
}

/** Lead to the form, with an option selected. */
function openForm(task, name) {
  part(task, ".more").open = true;
  part(task, ".flag").value = name;
  offer(task);
  part(task, OPTIONS[name].value ? ".value" : ".add button").focus();
}

/** Offer values for the option that is selected. */
function offer(task) {
  const { value, values } = OPTIONS[part(task, ".flag").value];
  part(task, ".value").disabled = !value;
  const options = values?.(task) ?? [];
  part(task, "datalist").replaceChildren(...options.map(([value, label]) => make("option", [], { value, label })));
}

function pairsOfConnectors() {
  const [active, staging] = SIDES.map((side) => seen?.[side]?.document.connectors ?? []);
  const could = (old, one) => !old.kind || !one.kind || old.kind === one.kind;
  return active.flatMap((old) =>
    staging
      .filter((one) => could(old, one))
      .map((one) => [`${typed(old, active)}=${typed(one, staging)}`, `${labelOf(old)} → ${labelOf(one)}`]),
  );
}

function whatMoves() {
  const { rules = [], connectors = [] } = seen?.active?.document ?? {};
  const own = rules.filter((rule) => !/^microsoft\./i.test(rule.immutable_tag));
  return [
    ...own.map((rule) => [rule.name, "rule"]),
    ...connectors.map((one) => [typed(one, connectors), "all rules of this connector"]),
  ];
}

function whatIsDisabled() {
  return (answers.move?.found?.disabled ?? []).map((rule) => [rule.name, ""]);
}

function codesThatAreFound() {
  const codes = new Set((answers.check?.found?.diagnostics ?? []).map((one) => one.code));
  return [...codes].sort().map((code) => [code, ""]);
}

/** Return what names a connector in an option: a name that no other has, or its identifier. */
function typed(connector, all) {
  const name = [connector.name, connector.forest].find(
    (name) => name && /^[\w.\- ]+$/.test(name) && all.filter((one) => [one.name, one.forest].includes(name)).length === 1,
  );
  return name ?? connector.identifier;
}

function labelOf(connector) {
  return connector.name ?? connector.forest ?? connector.kind ?? connector.identifier;
}
