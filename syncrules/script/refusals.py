"""The reasons against a piece of a script that need no more than to be named."""

from __future__ import annotations

from dataclasses import dataclass

from syncrules.diagnostics import Diagnostic, Span

from .source import Source

__all__ = [
    "ASSIGNED",
    "BEHEADED",
    "BY_CHARACTER",
    "CALL",
    "COMMENT",
    "EXPRESSION",
    "FROM_EDITOR",
    "MISSING_VALUE",
    "PIPELINE",
    "REQUIRES",
    "SIGNATURE",
    "STATEMENT",
    "STOP_PARSING",
    "SUBEXPRESSION",
    "TOO_DEEP",
    "TRUNCATED",
    "UNDECLARED_BYTE",
    "Reason",
    "new_escape",
]

FROM_EDITOR = (
    "If a script made the rule, export the rule itself from the Synchronization Rules Editor."
)


@dataclass(frozen=True, slots=True)
class Reason:
    """What a refused piece is: the parts of a finding that do not depend on its place."""

    code: str
    message: str
    hint: str

    def at(self, source: Source, start: int, end: int | None = None) -> Diagnostic:
        """Return the finding for this reason at a place of `source`."""
        return source.finding(
            self.code, Span(start, start + 1 if end is None else end), self.message, self.hint
        )


STATEMENT = Reason(
    "SR207",
    "A statement of the language stands here: this is a program, not an export.",
    f"Take it out, or: {FROM_EDITOR[0].lower()}{FROM_EDITOR[1:]}",
)
STOP_PARSING = Reason(
    "SR216",
    "--% makes PowerShell pass the rest of the line on as it stands, quoted or not.",
    "Write it inside @( ), or attach it: -Name:'--%'.",
)
CALL = Reason(
    "SR213",
    "A call by & or . runs whatever it names: what that does is not known here.",
    f"Take it out, or write the command itself. {FROM_EDITOR}",
)
SUBEXPRESSION = Reason(
    "SR211",
    "An expression in brackets is computed when the script runs, so its value is not known here.",
    f"Write the value itself in single quotes. {FROM_EDITOR}",
)
EXPRESSION = Reason(
    "SR222",
    "An expression stands where a command should.",
    f"Take it out. {FROM_EDITOR}",
)
PIPELINE = Reason(
    "SR212",
    "This pipes, chains or starts commands in a way that no export does.",
    "Take it out; only | Out-Null may follow a command.",
)
MISSING_VALUE = Reason(
    "SR221",
    "A value is missing here.",
    "Give the value; for an empty one write ''.",
)
ASSIGNED = Reason(
    "SR209",
    "A variable is given something other than one literal, so its value is not known here.",
    f"Write the value itself in single quotes where it is used. {FROM_EDITOR}",
)
COMMENT = Reason(
    "SR217",
    "The comment opened by <# here is never closed.",
    "Close it with #> or delete it.",
)
TRUNCATED = Reason(
    "SR221",
    "The script ends in the middle of a command: the export is truncated.",
    "Export the rule again.",
)
BEHEADED = Reason(
    "SR221",
    "The script begins in the middle of a command: its first lines are missing.",
    "Export the rule again.",
)
SIGNATURE = Reason(
    "SR228",
    "PowerShell takes this comment for the beginning of a signature (it need not look quite like "
    "one), and reads no command after it.",
    "Delete it; sign the output if your policy asks for it.",
)
TOO_DEEP = Reason(
    "SR227",
    "Brackets are nested deeper here than in any export.",
    "Export the rule again; the file is damaged or no export.",
)
REQUIRES = Reason(
    "SR225",
    "PowerShell obeys this comment: it may refuse to run the script, or load a module.",
    "Delete it; the output needs no more than the ADSync module.",
)
UNDECLARED_BYTE = Reason(
    "SR103",
    "A byte outside ASCII stands here, the file is not UTF-8 and has no byte order mark: it "
    "is in the ANSI code page of the server that exported it, which the file does not name.",
    "Name it with --encoding (windows-1252 in Western Europe and the Americas, cp932 in "
    "Japan, …), or export the rule again and save it as UTF-8.",
)
BY_CHARACTER = {
    "(": SUBEXPRESSION,
    "{": Reason(
        "SR211",
        "A script block stands here: this is a program, not an export.",
        f"Take it out. {FROM_EDITOR}",
    ),
    ")": Reason("SR215", "This ) closes nothing.", "Delete it, or write the @( it belongs to."),
    "}": Reason("SR215", "This } closes nothing.", "Delete it."),
    "&": CALL,
    "|": PIPELINE,
    ",": Reason(
        "SR221", "A value is missing beside this comma.", "Give the value, or delete the comma."
    ),
    "$": ASSIGNED,
    "=": ASSIGNED,
    "<": Reason(
        "SR210",
        "A < stands here, which PowerShell refuses: a placeholder such as <name>?",
        "Write the value itself in single quotes.",
    ),
    "`": Reason(
        "SR214",
        "This backtick neither ends its line nor stands in double quotes: PowerShell takes it "
        "into a word.",
        "Make it the last character of its line, or delete it.",
    ),
    "\0": Reason(
        "SR224", "A NUL character stands here.", "Export the rule again; the file is damaged."
    ),
}
"""What it means when the parser stops at a character."""


def new_escape(escape: str) -> Reason:
    """Return the reason against a backtick escape that Windows PowerShell 5.1 lacks."""
    return Reason(
        "SR220",
        f"{escape} is an escape of PowerShell 6 and later; Windows PowerShell 5.1, which runs "
        "the script on the server, reads a plain letter.",
        "Write the character itself, in single quotes.",
    )
