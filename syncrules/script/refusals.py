"""The problems of a piece of a script that do not depend on its words."""

from __future__ import annotations

from syncrules.diagnostics import Code, Problem
from syncrules.wording import BY_EDITOR

__all__ = [
    "ASSIGNED",
    "BEHEADED",
    "BY_CHARACTER",
    "CALL",
    "EXPRESSION",
    "FROM_EDITOR",
    "MISSING_VALUE",
    "PIPELINE",
    "STATEMENT",
    "STOP_PARSING",
    "SUBEXPRESSION",
    "TOO_DEEP",
    "TRUNCATED",
    "UNCLOSED_COMMENT",
    "UNDECLARED_BYTE",
    "new_escape",
]

FROM_EDITOR = (
    "If a script made the rule, export the rule itself from the Synchronization Rules Editor."
)


STATEMENT = Problem(
    Code.SR207,
    "This is a PowerShell statement: the file is a script, not an export.",
    f"Remove it. {FROM_EDITOR}",
)
STOP_PARSING = Problem(
    Code.SR216,
    "--% makes PowerShell pass on the rest of the line unchanged, quoted or not.",
    "Write it inside @( ), or attach it: -Name:'--%'.",
)
CALL = Problem(
    Code.SR213,
    "A call by & or . runs whatever it names; syncrules cannot tell what that does.",
    f"Remove it, or write the command itself. {FROM_EDITOR}",
)
SUBEXPRESSION = Problem(
    Code.SR211,
    "An expression in brackets is computed when the script runs, so syncrules cannot know its "
    "value.",
    f"Write the value itself in single quotes. {FROM_EDITOR}",
)
EXPRESSION = Problem(
    Code.SR222, "This is an expression where a command should be.", f"Remove it. {FROM_EDITOR}"
)
PIPELINE = Problem(
    Code.SR212,
    "This pipes, chains or starts commands in a way that no export does.",
    "Remove it; only | Out-Null may follow a command.",
)
MISSING_VALUE = Problem(
    Code.SR221, "A value is missing here.", "Give the value; for an empty one write ''."
)
ASSIGNED = Problem(
    Code.SR209,
    "A variable is given something other than one literal, so syncrules cannot know its value.",
    f"Write the value itself in single quotes where it is used. {FROM_EDITOR}",
)
UNCLOSED_COMMENT = Problem(
    Code.SR217, "The comment opened by <# here is never closed.", "Close it with #> or delete it."
)
TRUNCATED = Problem(
    Code.SR221,
    "The script ends in the middle of a command: the export is truncated.",
    f"Export the rule again {BY_EDITOR}.",
)
BEHEADED = Problem(
    Code.SR221,
    "The script begins in the middle of a command: its first lines are missing.",
    f"Export the rule again {BY_EDITOR}.",
)
TOO_DEEP = Problem(
    Code.SR227,
    "Brackets are nested deeper here than in any export.",
    f"Export the rule again {BY_EDITOR}; the file is damaged or not an export.",
)
UNDECLARED_BYTE = Problem(
    Code.SR103,
    "This file contains non-ASCII characters, but it is not UTF-8 and has no byte order mark: it "
    "is in the ANSI code page of the server that exported it, which the file does not name.",
    "Name it with --encoding (windows-1252 in Western Europe and the Americas, cp932 in "
    f"Japan, …), or export the rule again {BY_EDITOR} and save it as UTF-8.",
)
BY_CHARACTER = {
    "(": SUBEXPRESSION,
    "{": Problem(
        Code.SR211,
        "This is a script block: the file is a script, not an export.",
        f"Remove it. {FROM_EDITOR}",
    ),
    ")": Problem(Code.SR215, "This ) closes nothing.", "Delete it, or write the @( it belongs to."),
    "}": Problem(Code.SR215, "This } closes nothing.", "Delete it."),
    "&": CALL,
    "|": PIPELINE,
    ",": Problem(
        Code.SR221, "A value is missing beside this comma.", "Give the value, or delete the comma."
    ),
    "$": ASSIGNED,
    "=": ASSIGNED,
    "<": Problem(
        Code.SR210,
        "PowerShell refuses this <. Is it a placeholder such as <name>?",
        "Write the value itself in single quotes.",
    ),
    "`": Problem(
        Code.SR214,
        "This backtick is neither at the end of its line nor in double quotes: PowerShell makes "
        "it part of a word.",
        "Make it the last character of its line, or delete it.",
    ),
    "\0": Problem(
        Code.SR224,
        "This is a NUL character.",
        f"Export the rule again {BY_EDITOR}; the file is damaged.",
    ),
}
"""What it means when the parser stops at a character."""


def new_escape(escape: str) -> Problem:
    """Return the problem of a backtick escape that Windows PowerShell 5.1 lacks."""
    return Problem(
        Code.SR220,
        f"{escape} is an escape of PowerShell 6 and later; Windows PowerShell 5.1, which runs "
        "the script on the server, reads a plain letter.",
        "Write the character itself, in single quotes.",
    )
