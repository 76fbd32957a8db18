/* Findings: each with its place, its way out, and the page of its code. */

/** Return a finding as it is shown; a way out that is an option of the task is a button. */
function shownFinding(task, one, pages) {
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
  const ways = waysOut(task, one);
  if (ways.length) parts.push(make("p", ways, { className: "choices" }));
  const page = pages[one.code];
  if (page) parts.push(make("details", [make("summary", `About ${one.code}`), make("div", laidOut(page), { className: "page small" })]));
  return make("li", parts, { className: isNote ? "" : `heavy ${one.severity}` });
}

function whereOf({ file, line, places = [] }) {
  const more = places.length > 1 ? `, and ${counted(places.length - 1, "more place")}` : "";
  return [file, line && `line ${line}`].filter(Boolean).join(", ") + more;
}

/** Return buttons: for an option whose value is known, and for one whose value is to be given. */
function waysOut(task, { code, severity, hint, options = [] }) {
  const flags = TASKS[task].flags;
  const known = options.filter(({ flag }) => flags.includes(flag));
  if (flags.includes("--ignore") && severity !== "error") known.push({ flag: "--ignore", value: code });
  const ways = known.map(({ flag, value }) => button(wordsOf([flag, value]), {}, () => choose(task, flag, value)));
  const isKnown = (name) => known.some(({ flag }) => flag === name);
  const named = new Set(hint.match(/--[a-z]+(-[a-z]+)*/g) ?? []);
  for (const name of named) {
    if (flags.includes(name) && !isKnown(name)) ways.push(button(`${name} …`, {}, () => openForm(task, name)));
  }
  return ways;
}
