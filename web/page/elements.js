/* The page's script, in several files that tools/build_page.py puts one behind the other.
 *
 * Everything that is shown is set as text, so nothing in a file can become part of the page.
 */
"use strict";

const at = (id) => document.getElementById(id);
const part = (task, selector) => at(task).querySelector(selector);

/** Return the number of things with their word, in the plural where that is right. */
function counted(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

/** Return an element with its text, or with other elements. */
function make(tag, content = [], properties = {}) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...[content].flat());
  return made;
}

/** Return a button that does something. */
function button(content, properties, act) {
  const made = make("button", content, { type: "button", className: "plain", ...properties });
  made.addEventListener("click", act);
  return made;
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

/** Hand over a file to be saved. */
function save(name, data, type) {
  const link = make("a", [], { href: URL.createObjectURL(new Blob([data], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
