"""Where the parser stopped, and where it can go on without misunderstanding what follows."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from .bare_words import DASHES, explain_word
from .foreign_commands import is_foreign, is_of_an_export
from .quoting import BLANK, DOUBLE_QUOTES, LITERAL_OR_REST, SINGLE_QUOTES

__all__ = ["Stop", "resume_at"]


class Stop(NamedTuple):
    """Where the parser stopped. All offsets are code points of the source's text.

    `at` is the first character it could not take, `statement` the start of the statement that
    holds it, `opened` the start of the innermost open `@(`. `kind` names the terminal that stands
    there, where there is one; `piped` tells that a `|` of the statement stands before it, and
    `command` is the name of the statement's command, if it is one.
    """

    at: int
    statement: int
    opened: int | None
    kind: str
    piped: bool
    command: str

    @property
    def is_foreign(self) -> bool:
        """Whether the statement is a command that no export has, not a word of the language."""
        return is_foreign(self.command) and explain_word("COMMAND", self.command) is None


_LINE_BREAK = r"(?>\r\n|[\r\n])"
_HERE_STRING = "|".join(
    rf"@[{q}][{BLANK}]*{_LINE_BREAK}(?:(?![{q}]@)[^\r\n]*{_LINE_BREAK})*+(?:[{q}]@|[^\r\n]*)"
    for q in (SINGLE_QUOTES, DOUBLE_QUOTES)
)


# Most scripts stop nowhere: what is compiled here is so when it is first needed.
@cache
def _skipped() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<whole>{_HERE_STRING}|<#.*?(?:#>|\Z)|#[^\r\n]*)|(?P<text>{LITERAL_OR_REST})"
        rf"|(?P<escape>`(?:\r\n|.))|(?P<open>[({{])|(?P<close>[)}}])|(?P<line>{_LINE_BREAK})",
        re.DOTALL,
    )


@cache
def _of_the_editor() -> re.Pattern[str]:
    names = "(?:New-ADSyncRule|New-Object|(?:Add|Get)-ADSync[A-Za-z]*)"
    return re.compile(rf"{_LINE_BREAK}[ \t]*(?={names}[ \t]*`)", re.IGNORECASE)


@cache
def _statement() -> re.Pattern[str]:
    return re.compile(r"[ \t]*(?=[A-Za-z$&\[])")


def resume_at(text: str, stop: Stop) -> int | None:
    """Return where to go on after a stop: at a command that the Editor may have written.

    Behind a statement that no export has, it may also be the next statement, outside brackets.
    Here-strings and comments are skipped whole: their lines are not statements. A quoted text that
    seems to contain commands of an export is not a text: a quote before it is missing.
    """
    of_an_export = is_of_an_export(stop.command) or stop.command.startswith(tuple(DASHES))
    depth = 0
    for found in _skipped().finditer(text, stop.at):
        match found.lastgroup:
            case "open":
                depth += 1
            case "close":
                depth = max(0, depth - 1)
            case "text" | "escape" | "line":
                editor = _editor_command(text, found)
                if editor is not None:
                    return editor
                if found.lastgroup == "line" and depth == 0 and not of_an_export:
                    statement = _statement().match(text, found.end())
                    if statement and text[found.start() - 1] not in "|,":
                        return statement.end()
    return None


def _editor_command(text: str, found: re.Match[str]) -> int | None:
    """Return where a command of the Editor begins, behind a line break or in what seems a text."""
    if found.lastgroup == "text":
        command = _of_the_editor().search(text, found.start(), found.end())
    else:
        command = _of_the_editor().match(text, found.start() + (found.lastgroup == "escape"))
    return command.end() if command else None
