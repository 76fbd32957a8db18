/* The tasks, which are the tabs: what each needs, asks, shows and hands out. */

const TASKS = {
  move: {
    flags: [
      ...["--map", "--leave", "--keep-enabled", "--precedence", "--identifiers", "--seed", "--partial", "--strict"],
      ...["--keep-foreign", "--bare", "--accept-element", "--encoding"],
    ],
    missing: bothAreNeeded,
    told: "Planning …",
    downloads: [
      ["kit", "Download the kit (ZIP)", "kit.zip", "application/zip"],
      ["remap", "Mapped files only (ZIP)", "mapped.zip", "application/zip"],
      ["report", "Report (HTML)", "report.html", "text/html"],
      ["document", "Plan (JSON)", "plan.json", "application/json"],
    ],
    title: "Report: what moves, on what evidence, and the precedences before and after",
    next: "Unpack the ZIP, copy the folder to the staging server and follow its README.txt: check, apply, verify, and undo if need be.",
    isRefused: ({ code }) => code !== 0,
    verdict: ({ found }) => `${counted(found.rules.length, "rule")} can move to the staging server`,
    refused: "Refused: nothing is made until this is resolved",
    done: "Planned. Read the findings and the report, then download the kit.",
    facts: ({ pairs, disabled, not_checked }) => {
      const assumed = pairs.filter((pair) => pair.kind === "assumed").length;
      return [
        assumed && `${counted(assumed, "connector pair")} assumed`,
        disabled.length && `${counted(disabled.length, "original")} to be disabled`,
        not_checked.length && `${counted(not_checked.length, "thing")} not checked`,
      ];
    },
  },
  compare: {
    flags: ["--map", "--attributes", "--strict", "--encoding"],
    missing: bothAreNeeded,
    told: "Comparing …",
    downloads: [
      ["report", "Download the comparison (HTML)", "comparison.html", "text/html"],
      ["document", "Differences (JSON)", "comparison.json", "application/json"],
    ],
    isRefused: ({ found }) => !found?.a,
    verdict: ({ found }) => (found.same ? "No difference was found" : counted(differing(found).length, "difference")),
    title: "Comparison: in what A and B differ",
    refused: "Refused: nothing was compared",
    done: "Compared. Read the report below.",
    facts: ({ notes, ignored, not_compared }) => {
      const number = Object.values(ignored).reduce((sum, one) => sum + one, 0);
      return [
        number && `${counted(number, "difference")} that mean nothing`,
        notes.length && counted(notes.length, "note"),
        not_compared.length && `${counted(not_compared.length, "thing")} not compared`,
      ];
    },
  },
  check: {
    flags: ["--select", "--ignore", "--strict", "--encoding"],
    missing: (sides) => (sides.length ? null : "Ready. Give the files of a server."),
    told: "Checking …",
    downloads: [
      ["document", "Findings (JSON)", "findings.json", "application/json"],
      ["sarif", "Findings (SARIF)", "findings.sarif", "application/json"],
    ],
    isRefused: ({ found }) => !found,
    verdict: ({ found }) => `${found.rules ? counted(found.rules, "rule") : "No rules"} checked${isClean(found) ? ": nothing was found" : ""}`,
    refused: "Refused: nothing was checked",
    done: "Checked. Read the findings below.",
    facts: ({ not_checked }) => [not_checked.length && `${counted(not_checked.length, "thing")} not checked`],
  },
};

/** Return what is missing for a task that is about both servers, if anything is. */
function bothAreNeeded(sides) {
  if (!sides.length) return "Ready. Give the files of both servers.";
  if (sides.length < 2) return `Now give the files of the ${sides[0] === "active" ? "staging" : "active"} server.`;
  return null;
}

function differing({ differences }) {
  return differences.filter((one) => one.level === "differs");
}

function isClean(found) {
  return !found.diagnostics.length;
}
