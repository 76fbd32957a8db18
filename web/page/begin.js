/* From the start, and from what is given to what is answered. */

let hadFocus = false; // whether what has the focus goes away with the answer
let turn = 0; // counts the changes: only the last one's answers are shown
let work; // Python is started, and then does one thing at a time

function tell(text, busy = false) {
  at("status").textContent = text;
  at("main").classList.toggle("busy", busy);
  at("stop").hidden = !busy || !waiting?.id;
}

/** Answer again, after each change of files or options. */
function update() {
  turn++;
  hadFocus ||= part(shown, ".answer").contains(document.activeElement);
  for (const task of Object.keys(TASKS)) {
    answers[task] = null;
    part(task, ".answer").inert = true; // it is of before
    showChosen(task);
  }
  answer();
}

/** Answer the task that is shown, once what was asked before is done. */
function answer() {
  const mine = turn;
  const task = shown;
  work = work.then(() => (mine === turn && task === shown ? readAndAnswer(mine, task) : undefined));
  work.catch(() => {}); // told when Python was started
}

async function readAndAnswer(mine, task) {
  try {
    const sides = SIDES.filter((side) => given[side].size);
    if (sides.length && !seen) {
      const found = await ask({ ask: "inspect", ...asked(task) }, "Reading the files …");
      if (mine !== turn) return;
      seen = found;
    }
    SIDES.forEach(showSide);
    showSubjects();
    for (const one of Object.keys(TASKS)) part(one, ".answer").hidden = !!TASKS[one].missing(sides) || !answers[one];
    const missing = TASKS[task].missing(sides);
    if (missing) return tell(missing);
    if (!answers[task]) {
      const found = await ask({ ask: task, ...asked(task) }, TASKS[task].told);
      if (mine !== turn) return;
      answers[task] = { ...found, found: found.document && JSON.parse(found.document) };
      showAnswer(task);
      part(task, ".answer").hidden = false;
      offer(task);
    }
    if (task !== shown) return;
    tell(saidOf(task));
    if (hadFocus) part(task, ".verdict").focus();
    hadFocus = false;
  } catch (error) {
    await recover(error).catch(giveUp);
  }
}

/** Return what each question is about: the files as they are now, and the task's options. */
function asked(task) {
  const [active, staging] = SIDES.map((side) => [...given[side]]);
  return { active, staging, options: chosen[task], rules_of: at("subject").value };
}

/** Offer whose rules are checked, where there are files of both servers. */
function showSubjects() {
  at("subject").parentElement.hidden = !SIDES.every((side) => given[side].size);
}

function giveUp(error) {
  tell(`Python could not be started in this browser: ${error.message}. Try a current Edge, Chrome or Firefox, or the command line.`);
}

/** Say why there is no answer; where Python is gone, start it again. The files stay. */
async function recover(error) {
  seen = null;
  SIDES.forEach(showSide);
  for (const task of Object.keys(TASKS)) part(task, ".answer").hidden = true;
  if (error.file) {
    return tell(`${error.file} cannot be read any more: it was changed or moved since you gave it. Give it again.`);
  }
  tell("Python stopped. Starting it again …", true);
  await start();
  if (error.wanted) return tell("Stopped. Your files are still here: change them or the options to go on.");
  tell(`Python stopped while it worked on these files (${error.message}). It was started again, and your files are still here: remove what you added last, or try the command line.`);
}

function begin() {
  if (!(window.WebAssembly && window.Worker && window.DecompressionStream)) return;
  at("old").hidden = true;
  at("main").hidden = false;
  SIDES.forEach(setUpSide);
  Object.keys(TASKS).forEach(setUpPanel);
  setUpTabs();
  at("subject").addEventListener("change", update);
  at("stop").addEventListener("click", stop);
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => event.preventDefault()); // beside a zone: not opened
  tell("Starting Python in this page …", true);
  work = unpack().then(start);
  work.then(answer, giveUp);
}

begin();
