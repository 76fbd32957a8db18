/* The tabs and their panels: one is shown, and its answer is asked for when it is. */

const answers = { move: null, compare: null, check: null };
let shown = "move"; // the task whose panel is shown

// ---- Tabs, by the pattern of the ARIA authoring practices -----------------------------------------

function setUpTabs() {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  const moves = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
  tabs.forEach((tab, place) => {
    tab.addEventListener("click", () => select(tab.dataset.task));
    tab.addEventListener("keydown", (event) => {
      const by = moves[event.key];
      if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const to = { [-Infinity]: 0, [Infinity]: tabs.length - 1 }[by] ?? (place + by + tabs.length) % tabs.length;
      tabs[to].focus();
      select(tabs[to].dataset.task);
    });
  });
}

/** Show a task's panel, with its answer, which may still have to be asked for. */
function select(task) {
  shown = task;
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const isShown = tab.dataset.task === task;
    tab.ariaSelected = isShown;
    tab.tabIndex = isShown ? 0 : -1;
    at(tab.dataset.task).hidden = !isShown;
  }
  at("main").dataset.task = task;
  if (answers[task] && !waiting) tell(saidOf(task));
  else answer();
}

// ---- Panels -------------------------------------------------------------------------------------

function setUpPanel(task) {
  at(task).append(at("panel").content.cloneNode(true));
  setUpOptions(task);
  for (const [what, label, name, type] of TASKS[task].downloads) {
    const made = button(label, {}, () => download(task, what, name, type));
    made.classList.toggle("plain", !label.startsWith("Download"));
    made.dataset.ask = what;
    part(task, ".downloads").append(made);
  }
  part(task, ".next").textContent = TASKS[task].next ?? "";
  part(task, ".copy").addEventListener("click", () => copy(task));
}

function saidOf(task) {
  return TASKS[task].isRefused(answers[task]) ? "Refused: see the findings." : TASKS[task].done;
}

function showAnswer(task) {
  const answer = answers[task];
  const { isRefused, refused, verdict, facts, next } = TASKS[task];
  const is = isRefused(answer);
  const { found } = answer;
  part(task, ".verdict").textContent = is ? refused : verdict(answer);
  part(task, ".sum").textContent = found ? [...severitiesOf(found), ...facts(found)].filter(Boolean).join(" · ") : "";
  part(task, ".downloads").hidden = is;
  part(task, ".next").hidden = is || !next;
  showFindings(task, answer);
  part(task, ".command").textContent = answer.command;
  part(task, ".said").textContent = answer.said;
  part(task, ".said").parentElement.hidden = !answer.said;
  showReport(task, answer);
  part(task, ".answer").inert = false;
}

function severitiesOf({ diagnostics }) {
  return ["error", "warning", "note"].map((severity) => {
    const number = diagnostics.filter((one) => one.severity === severity).length;
    return number && counted(number, severity);
  });
}

function showFindings(task, { found, said, pages }) {
  const findings = found
    ? found.diagnostics.map((one) => shownFinding(task, one, pages))
    : [make("li", said, { className: "error" })];
  part(task, ".findings").replaceChildren(...findings);
  part(task, ".findings").parentElement.hidden = !findings.length;
  const unchecked = (found?.not_checked ?? []).map((one) => make("li", one));
  part(task, ".unchecked").replaceChildren(...unchecked);
  part(task, ".unchecked").parentElement.hidden = !unchecked.length;
}

function showReport(task, { report }) {
  part(task, "iframe")?.remove();
  if (report) part(task, ".report").append(framed(report, TASKS[task].title));
  part(task, ".report").hidden = !report;
}

/** Return a frame in which nothing runs, with a report. */
function framed(report, title) {
  const frame = make("iframe", [], { title });
  frame.setAttribute("sandbox", "");
  // In a frame of this kind, a link into the report itself would lead to this page.
  frame.srcdoc = report.replaceAll('href="#', 'href="about:srcdoc#');
  return frame;
}

// ---- What is handed out --------------------------------------------------------------------------

function download(task, what, name, type) {
  if (answers[task][what]) return save(name, answers[task][what], type);
  work = work.then(async () => {
    try {
      save(name, await ask({ ask: what, ...asked(task) }, "Packing …"), type);
      tell("The download has begun.");
    } catch (error) {
      await recover(error).catch(giveUp);
    }
  });
}

function copy(task) {
  getSelection().selectAllChildren(part(task, ".command")); // to be copied by hand where the page must not
  navigator.clipboard?.writeText(answers[task].command).catch(() => {});
}
