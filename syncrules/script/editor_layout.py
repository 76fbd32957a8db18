"""Statements as the Editor lays them out, found by their patterns and taken apart on demand.

An export is thousands of commands in one layout, the Editor's. Lark's lexer and parser take ten
times as long for one as its terminal's pattern takes to find it, and most commands are never asked
for their arguments. So `scan` finds the grammar's EDITOR_COMMAND, and assignments, by the patterns
of their terminals alone, one behind another, as long as nothing else comes; there it stops, and
Lark reads on, to the next line that begins with such a command. What it finds, Lark would find: the
patterns are the grammar's or take less, and nothing but line ends, blanks and comments stands
between. So the grammar is the one definition of the language, every other statement is read by it,
and every refusal is its own; tests/script/test_grammar.py and tests/exports/test_editor_forms.py
hold the ways to be one reading.

Less is taken by the forms that are handed in: each is one command whose pattern is known better
than EDITOR_COMMAND, and tells what such a command says. So its text is gone through once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from syncrules.diagnostics import Span
from syncrules.grammar import pattern_of

from .nodes import (
    Argument,
    Array,
    Assignment,
    Command,
    List,
    Number,
    Parameter,
    Statement,
    Text,
    Value,
    Variable,
    Word,
)
from .quoting import SINGLE_BODY, unquote

__all__ = [
    "NONE_KNOWN",
    "EditorCommand",
    "Form",
    "Forms",
    "Known",
    "begins_with_command",
    "known_commands",
    "scan",
    "variable",
]

_TEXT = f"'{SINGLE_BODY}'"
_ITEM = rf"{_TEXT}|[^',@()]+"
# A value is one plain text, one element of a variable, one word, or (the last group) anything
# longer. The grammar has checked its form: here it is only split.
_SETTING = (
    r"-([A-Za-z]+)"
    r"(?: (?:'([^'\u2018-\u201b]*)'(?=[ \r\n]|$)|\$([A-Za-z0-9]+)\[([0-9])\](?=[ \r\n]|$)"
    rf"|([A-Za-z0-9]+)|((?:{_TEXT}|[^' `\r\n]+)+)))?"
)


class EditorCommand(Command):
    """A command in the Editor's layout, whose arguments are taken apart when they are asked for."""

    __slots__ = ("reading", "text", "values")

    def __init__(
        self,
        start: int,
        end: int,
        name: str,
        text: str,
        reading: object = None,
        values: dict[str, Value | None] | None = None,
    ) -> None:
        # Not the initializer of Command: there are tens of thousands of these.
        self.start = start
        self.end = end
        self.name = name
        self.out_null = False
        self.text = text
        """The text of the whole script."""
        self.reading: Any = reading
        """What it says, if that was read with it and its own text tells it all."""
        self.values = values
        """Its values by the names of its parameters, if they were read with it."""

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """Its parameters and values, in their order."""
        return tuple(self._arguments_in_order())

    def _arguments_in_order(self) -> Iterator[Argument]:
        for start, name, value in self.settings():
            yield Parameter(start, start + 1 + len(name), name)
            if value is not None:
                yield value

    def settings(self) -> Iterator[tuple[int, str, Value | None]]:
        """Yield its parameters: where each begins, its name, and its value if it has one."""
        for setting in _setting().finditer(self.text, self.start + len(self.name), self.end):
            name, plain, variable, index, word, other = setting.groups()
            start, end = setting.span()
            at = start + len(name) + 2
            value: Value | None = None
            if plain is not None:
                value = Text(at, end, plain, "'")
            elif variable is not None:
                value = Variable(at, end, variable, int(index))
            elif word is not None:
                value = _word(word, at, end)
            elif other is not None:
                value = _value(other, at, end)
            yield start, name, value


# ---- Finding -------------------------------------------------------------------------------------

Known = Mapping[int, tuple[int, EditorCommand]]
"""What is known of a text: commands of another script that stand in it, each with its place there.

They are found by the end of what stands before their line ends.
"""
NONE_KNOWN: Known = {}


def known_commands(text: str, others: Iterable[Statement]) -> Known:
    """Return the commands of another script that stand in a text, each up to a blank line.

    Wherever a statement begins there, EDITOR_COMMAND takes the same of the same text.
    """
    by_text = {s.text[s.start : s.end]: s for s in others if isinstance(s, EditorCommand)}
    blank_line = "\r\n\r\n" if "\r\n" in text else "\n\n"
    found: dict[int, tuple[int, EditorCommand]] = {}
    before, end = 0, -len(blank_line)
    for piece in text.split(blank_line):
        end += len(blank_line) + len(piece)
        written = piece.lstrip("\r\n")
        command = by_text.get(written)
        if command is not None:
            found[before] = end - len(written), command
        if written:
            before = end
    return found


@cache
def _command() -> re.Pattern[str]:
    return re.compile(pattern_of("EDITOR_COMMAND"))


class Form(NamedTuple):
    """A command that is known by its pattern, which takes what EDITOR_COMMAND takes.

    `pattern` is the whole of it but for what stands between it and the line end. `read` gets the
    text of each of its groups, `None` for one that is not there, and tells what the command says.
    Or else `values` gets the match and the number of the group before these, and gives its values
    by the names of parameters: they have places, so they are those of this command only.
    """

    name: str
    pattern: str
    read: Callable[..., object] | None = None
    values: Callable[[re.Match[str], int], dict[str, Value | None]] | None = None


Forms = tuple[Form, ...]
_LINE_END = r"(?= *(?:\r?\n|$))"


class _Next(NamedTuple):
    """A pattern with the numbers of its groups: those of a form follow that of the form."""

    pattern: re.Pattern[str]
    command: int
    assigned: int
    forms: Mapping[int, tuple[Form, slice]]


@cache
def _next(forms: Forms) -> _Next:
    """Return what matches a line end and a statement behind it, each if it is there."""
    name, rest = "[A-Za-z]+-[A-Za-z]+", pattern_of("EDITOR_COMMAND")
    assert rest.startswith(name)
    assigned, equals = map(pattern_of, ("ASSIGNED", "EQUALS"))
    # Of QUOTED, a text in straight quotes: with a line end behind it, the grammar takes it as well.
    known = "".join(f"(?P<_{n}>{f.pattern}{_LINE_END})|" for n, f in enumerate(forms))
    pattern = re.compile(
        rf" *(?:{pattern_of('COMMENT')})?({pattern_of('NEWLINE')})? *"
        rf"(?:{known}(?P<command>{name}){rest[len(name) :]}"
        rf"|(?P<assigned>{assigned}) *({equals}) *({_TEXT}){_LINE_END})?"
    )
    numbers = [*pattern.groupindex.values()]
    groups = (slice(one, following - 1) for one, following in pairwise(numbers))
    return _Next(
        pattern,
        pattern.groupindex["command"],
        pattern.groupindex["assigned"],
        dict(zip(numbers, zip(forms, groups, strict=False), strict=False)),
    )


def scan(
    text: str,
    start: int,
    statements: list[Statement],
    tokens: list[Span],
    known: Known = NONE_KNOWN,
    forms: Forms = (),
) -> int:
    """Find statements in the Editor's layout from the beginning of a statement on.

    They are added to `statements`, their tokens and those of the line ends to `tokens`. Returns
    the offset behind the last of them.
    """
    pattern, command, assigned, by_number = _next(forms)
    match, end = pattern.match, start
    new = tuple.__new__  # Span(…) takes twice as long, and there are tens of thousands
    while True:
        if known:
            end = _pass_known(end, text, statements, tokens, known)
        found = match(text, end)
        if found is None or found.end() == end:
            return end
        end = found.end()
        if found[1] is not None:
            tokens.append(new(Span, found.span(1)))
        number = found.lastindex or 0
        if (of := by_number.get(number)) is not None:
            form, groups = of
            begin = found.start(number)
            said = None if form.read is None else form.read(*found.groups()[groups])
            values = None if form.values is None else form.values(found, number)
            statements.append(EditorCommand(begin, end, form.name, text, said, values))
            tokens.append(new(Span, (begin, end)))
        elif number == command:
            begin = found.start(command)
            statements.append(EditorCommand(begin, end, found[command], text))
            tokens.append(new(Span, (begin, end)))
        elif number == assigned + 2:
            literal = Text(*found.span(number), unquote(found[number]), "'")
            statements.append(Assignment(found.start(assigned), end, found[assigned][1:], literal))
            tokens.extend(
                Span._make(found.span(group)) for group in (assigned, assigned + 1, number)
            )


def _pass_known(
    start: int, text: str, statements: list[Statement], tokens: list[Span], known: Known
) -> int:
    """Find known commands as `scan` would, one behind another."""
    end, new = start, tuple.__new__  # as in `scan`
    while (following := known.get(end)) is not None:
        begin, command = following
        if begin > end:
            tokens.append(new(Span, (end, begin)))
        end = begin + command.end - command.start
        statements.append(EditorCommand(begin, end, command.name, text, command.reading))
        tokens.append(new(Span, (begin, end)))
    return end


def begins_with_command(text: str, start: int) -> bool:
    """Return whether a command in the Editor's layout stands at `start`."""
    return _command().match(text, start) is not None


# ---- Taking apart --------------------------------------------------------------------------------


@cache
def _setting() -> re.Pattern[str]:
    return re.compile(_SETTING)


@cache
def _item_of() -> re.Pattern[str]:
    return re.compile(_ITEM)


def _value(text: str, start: int, end: int) -> Value:
    items = tuple(
        _item(found.group(), start + found.start(), start + found.end())
        for found in _item_of().finditer(text)
    )
    if text[0] == "@":
        return Array(start, end, items)
    return items[0] if len(items) == 1 else List(start, end, items)


def _item(text: str, start: int, end: int) -> Value:
    if text[0] == "'":
        return Text(start, end, unquote(text), "'")
    return variable(text, start, end)


def _word(text: str, start: int, end: int) -> Value:
    return Number(start, end, int(text)) if text[0].isdigit() else Word(start, end, text)


def variable(text: str, start: int, end: int) -> Variable:
    """Return a variable that is written plainly: `$name` or `$name[0]`, with blanks or without."""
    name, _, index = text[1:].partition("[")
    return Variable(start, end, name, int(index.replace("`", " ")[:-1]) if index else None)
