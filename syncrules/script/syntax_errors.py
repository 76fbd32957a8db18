"""Why a script is not read: the diagnostic for each way in which it leaves the dialect.

The grammar decides *that* a text is refused; this module says what it is, at its place, and what
to do. Nothing here makes a text readable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from syncrules.diagnostics import Code, Diagnostic, Problem, Span
from syncrules.wording import BY_EDITOR, first_of

from .foreign_commands import adsync_command, foreign_command
from .quoting import BLANK, DOUBLE_QUOTES, LITERAL, LITERAL_OR_REST, SINGLE_QUOTES
from .refusals import (
    ASSIGNED,
    BEHEADED,
    BY_CHARACTER,
    EXPRESSION,
    FROM_EDITOR,
    MISSING_VALUE,
    PIPELINE,
    TRUNCATED,
    UNCLOSED_COMMENT,
    UNDECLARED_BYTE,
)
from .source import Source
from .stops import Stop

__all__ = ["explain_cut", "explain_stop", "once_if_program"]

# Patterns are compiled on first use: most runs refuse nothing.
_QUOTES = SINGLE_QUOTES + DOUBLE_QUOTES
_TURNED = _QUOTES.replace("'", "").replace('"', "")
_PIPED = r"(?:(?:\|\|?|&&)[\s`]*)?[^\r\n;]{0,200}"
"""The rest of a pipeline's line. A line break may follow what joins it to its next command."""
_HERE_HEADER = rf"@[{_QUOTES}][{BLANK}]*(?:\r|\n)"
_HERE_FOOTER = rf"(?:\r|\n)([{BLANK}]*)([{_QUOTES}])@"


# ---- Cut commands --------------------------------------------------------------------------------


def explain_cut(source: Source, before: int, start: int) -> Diagnostic:
    """Return the diagnostic for a command that is cut in two.

    `before` is the end of the first half (0 where there is none), `start` the start of the second:
    a line that begins with a parameter.
    """
    if before == 0:
        return BEHEADED.at(source.place(start))
    gap = source.text[before:start]
    found = re.match(rf"([{BLANK}]*)(`?)([{BLANK}]*)(\r\n?|\n|#|)", gap)
    assert found is not None  # every part may be empty
    at = before + found.start(2)
    if found[2] and found[3]:
        problem = Problem(
            Code.SR202,
            "A blank follows this backtick, so the command ends here and PowerShell reads the "
            "next line as another command.",
            "Delete everything after the backtick, so that it is the last character of its line.",
        )
    elif found[2]:
        problem = Problem(
            Code.SR203,
            "An empty line or a comment follows this continued line, so the command ends here "
            "and PowerShell takes the next parameter for another command.",
            "Delete the empty line or comment below this one, or move it above the command.",
        )
    elif found[4] == "#":
        at = before + found.start(4)
        problem = Problem(
            Code.SR203,
            "This comment runs to the end of its line, its backtick included, so the command ends "
            "here and PowerShell takes the next parameter for another command.",
            "Move the comment above the command.",
        )
    else:
        problem = Problem(
            Code.SR204,
            "A parameter begins the next line, but no backtick continues this one: PowerShell "
            "takes the next line for another command.",
            "Put a blank and a backtick at the end of this line.",
        )
    return problem.at(source.place(at))


# ---- Stops of the parser -------------------------------------------------------------------------


def explain_stop(source: Source, stop: Stop) -> Diagnostic:
    """Return the diagnostic for the place where the parser could not go on."""
    found = _explained(source, stop)
    if found.code == Code.SR212 and source.text[stop.at - 1 : stop.at] != ">":  # not 2>&1
        return _adsync_in_pipeline(source, stop) or found
    if stop.is_foreign and found.code not in _OF_THE_FILE:
        name = Span(stop.statement, stop.statement + len(stop.command))
        return foreign_command(stop.command).at(source.place(name))
    return found


_OF_THE_FILE = frozenset({Code.SR201, Code.SR217, Code.SR224})
"""What is wrong with the file, whichever command it stands in."""


def _adsync_in_pipeline(source: Source, stop: Stop) -> Diagnostic | None:
    """Return the diagnostic for the first command of a pipeline that is known by name."""
    rest = re.compile(_PIPED).match(source.text, stop.at)
    end = stop.at if rest is None else rest.end()
    for word in re.finditer(r"[A-Za-z]+-[A-Za-z]+", source.text[stop.statement : end]):
        problem = adsync_command(word.group())
        if problem is not None:
            start = stop.statement + word.start()
            return problem.at(source.place(Span(start, start + len(word.group()))))
    return None


def _explained(source: Source, stop: Stop) -> Diagnostic:
    turned = turned_quote(source, stop.statement, stop.at)
    if turned is not None:
        return turned
    text, at = source.text, stop.at
    problem = _at_end(source, stop) if at >= len(text) else _at_character(source, stop)
    if isinstance(problem, Diagnostic):
        return problem
    return problem.at(source.place(Span(at, min(at + 1, len(text)))))


def turned_quote(source: Source, start: int, end: int) -> Diagnostic | None:
    """Return the diagnostic for a quote that a word processor turned, and that ended a text.

    That is a text before `end`, opened by one kind of quote and closed by another, inside a word.
    """
    for found in re.compile(LITERAL_OR_REST, re.DOTALL).finditer(source.text, start):
        if found.end() > end:
            return None
        opening, closing = found.group()[0], found.group()[-1]
        follows = source.text[found.end() : found.end() + 1]
        if closing != opening and closing in _TURNED and follows.isalnum():
            return Problem(
                Code.SR205,
                f"The typographic quote {closing} closes the text here, since PowerShell takes it "
                "for a quote; a word processor or web page may have turned it.",
                f"Double it ({closing}{closing}) to keep it as a character of the text.",
            ).at(source.place(found.end() - 1))
    return None


def _at_end(source: Source, stop: Stop) -> Problem | Diagnostic:
    if stop.opened is not None:
        return _open_bracket(source, stop.opened)
    return TRUNCATED


def _open_bracket(source: Source, opened: int) -> Problem:
    return Problem(
        Code.SR215,
        f"The @( opened at {_written(source, opened)} is not closed before the script ends.",
        f"Close it with ) or export the rule again {BY_EDITOR}.",
    )


def _written(source: Source, offset: int) -> str:
    return "{}:{}".format(*source.line_and_column(offset))


def _at_character(source: Source, stop: Stop) -> Problem | Diagnostic:
    text, at = source.text, stop.at
    character = text[at]
    if stop.piped or (character in "&|" and at != stop.statement):
        return PIPELINE.at(source.place(Span(stop.statement, at + 1)))
    if character in _QUOTES:
        return _at_quote(source, stop)
    if "\udc80" <= character <= "\udcff":
        return UNDECLARED_BYTE
    if (text[stop.statement] == "$" and character not in "({\r\n;") or text[
        at - 1 : at + 1
    ] == "${":
        return ASSIGNED
    if (
        character in "\r\n;"
        and text[stop.statement] == "$"
        and "=" not in text[stop.statement : at]
    ):
        return EXPRESSION.at(source.place(stop.statement))  # a variable alone
    if character == "@":
        return _at_sign(source, at)
    return _at_mark(source, stop) or _by_kind(source, stop)


def _at_mark(source: Source, stop: Stop) -> Problem | None:
    """Return what a mark of the language means where the parser stopped, if it is one."""
    text, at = source.text, stop.at
    if text.startswith("<#", at):
        return UNCLOSED_COMMENT
    if text[at] == "`" and not text[at + 1 :].strip():
        return TRUNCATED
    if text[at] == ")" and stop.opened is not None:
        return MISSING_VALUE  # after a comma
    return BY_CHARACTER.get(text[at])


def _at_quote(source: Source, stop: Stop) -> Problem:
    text, at = source.text, stop.at
    found = re.compile(LITERAL).match(text, at)
    if found is None:
        return Problem(
            Code.SR201,
            f"The text opened by {text[at]} here is not closed; PowerShell reads it to the end of "
            "the file.",
            "Close it; a quote inside a text is written twice. A truncated export: export it "
            "again.",
        )
    if text[found.end() : found.end() + 1] in (".", "[", ":"):
        return Problem(
            Code.SR211,
            "A member or index of this text is computed when the script runs.",
            f"Write the value itself in single quotes. {FROM_EDITOR}",
        )
    if stop.kind:
        return _by_kind(source, stop)
    return Problem(
        Code.SR206,
        "PowerShell expands a $ in this double-quoted text, so syncrules cannot know its value.",
        "Use single quotes, or write `$ for the character itself.",
    )


def _at_sign(source: Source, at: int) -> Problem | Diagnostic:
    text = source.text
    if text[at + 1 : at + 2] not in _QUOTES:
        return Problem(
            Code.SR211,
            "This is a hash table or splatting, so the parameters are not known.",
            f"Write each parameter with its value. {FROM_EDITOR}",
        )
    header = re.compile(_HERE_HEADER).match(text, at)
    if header is None and not text[at + 2 :].strip():
        return TRUNCATED
    if header is None:
        return Problem(
            Code.SR218,
            "Text follows the opening mark of a here-string on its line.",
            "Begin the text on the next line.",
        ).at(source.place(at + 2))
    kind = SINGLE_QUOTES if text[at + 1] in SINGLE_QUOTES else DOUBLE_QUOTES
    footers = [f for f in re.compile(_HERE_FOOTER).finditer(text, header.end() - 1) if f[2] in kind]
    if any(not f[1] for f in footers):
        return Problem(
            Code.SR206,
            "PowerShell expands a $ in this here-string, or computes a member of it, so its value "
            "is not known here.",
            "Use a single-quoted here-string (@' … '@).",
        )
    if footers:
        return Problem(
            Code.SR218,
            "There are blanks before the closing mark of a here-string, so it does not close.",
            "Begin its line with the mark.",
        ).at(source.place(Span(footers[0].start(2), footers[0].end())))
    return Problem(
        Code.SR201,
        "The here-string opened here is not closed; PowerShell reads it to the end of the file.",
        "Close it by a line that begins with its mark, or export the rule again "
        f"{BY_EDITOR}: the export may be truncated.",
    )


def _in_brackets(source: Source, opened: int) -> Problem:
    return Problem(
        Code.SR215,
        f"The @( opened at {_written(source, opened)} holds more here than literals with commas "
        "between.",
        "Write literals in quotes, with a comma between two, and ) after the last.",
    )


def _by_kind(source: Source, stop: Stop) -> Problem:
    if stop.opened is not None:
        return _in_brackets(source, stop.opened)
    if source.text[stop.at] in "\r\n;":
        return MISSING_VALUE
    if stop.at == stop.statement:
        return EXPRESSION
    if stop.kind in {"QUOTED", "WORD"}:
        return ASSIGNED
    return Problem(
        Code.SR200,
        "This is not a form that an export of synchronization rules has.",
        f"Remove it. {FROM_EDITOR}",
    )


# ---- Programs ------------------------------------------------------------------------------------

_OF_A_PROGRAM = frozenset(
    {Code.SR207, Code.SR209, Code.SR211, Code.SR212, Code.SR213, Code.SR215, Code.SR221, Code.SR222}
)
_TOLD_ONCE = frozenset({Code.SR207, Code.SR209, Code.SR212, Code.SR213, Code.SR222})
"""What the statements of a program are, one like another."""


def once_if_program(diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Return the diagnostics with those of one program told once.

    A file with functions, loops or conditions was never an export: a list of its statements helps
    no one. Statements of other files are told once a kind, with the lines of the others.
    """
    statement = next((d for d in diagnostics if d.code == Code.SR207), None)
    if statement is not None:
        kept = (diagnostics[0], statement)  # the first, since it is where PowerShell would stop
        diagnostics = tuple(
            d for d in diagnostics if d in kept or d.code not in _OF_A_PROGRAM - {Code.SR207}
        )
    return tuple(_each_once(diagnostics))


def _each_once(diagnostics: tuple[Diagnostic, ...]) -> Iterator[Diagnostic]:
    """Yield diagnostics; of those that say the same of statements, the first, with all lines."""
    lines: dict[tuple[Code, str], list[int]] = {}
    for one in diagnostics:
        if one.code in _TOLD_ONCE:
            lines.setdefault((one.code, one.message), []).append(one.line)
    for one in diagnostics:
        own = lines.pop((one.code, one.message), None)
        if own is not None:
            yield _with_lines(one, own[1:])
        elif one.code not in _TOLD_ONCE:
            yield one


def _with_lines(first: Diagnostic, lines: list[int]) -> Diagnostic:
    """Return the first of several diagnostics, with the lines of the others."""
    if not lines:
        return first
    several = "s" if len(lines) > 1 else ""
    others = f"(and {len(lines)} more, line{several} {first_of(map(str, lines))})"
    return replace(first, message=f"{first.message.removesuffix('.')} {others}.")
