"""The lossless script: commands, arguments and values, each with its span.

`bytes(script)` are the bytes that were read: they are rebuilt from the tokens and the gaps between
them, and every gap is wholly trivia (blanks, continuations, comments).

The nodes are named tuples, since an export has tens of thousands of them and they are made in half
the time of frozen dataclasses; a command is a class, of which editor_layout.py has another one.
`start` and `end` are offsets in code points of the source's text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from syncrules.diagnostics import Span

from .source import Source, encode

__all__ = [
    "Argument",
    "Array",
    "Assignment",
    "Command",
    "List",
    "Literal",
    "Node",
    "Number",
    "Parameter",
    "Script",
    "Statement",
    "Text",
    "Value",
    "Variable",
    "Word",
]


class Text(NamedTuple):
    """A quoted text or here-string: `text` is its value, `quote` how it opens (`'`, `"`, `@'`)."""

    start: int
    end: int
    text: str
    quote: str


class Word(NamedTuple):
    """A bare word, which PowerShell takes as text."""

    start: int
    end: int
    text: str


class Number(NamedTuple):
    """A whole decimal number without a sign."""

    start: int
    end: int
    value: int


class Variable(NamedTuple):
    """`$name` or `$name[element]`. PowerShell compares names without regard to case."""

    start: int
    end: int
    name: str
    element: int | None


class Array(NamedTuple):
    """`@( … )`."""

    start: int
    end: int
    items: tuple[Value, ...]


class List(NamedTuple):
    """`a,b` outside brackets."""

    start: int
    end: int
    items: tuple[Value, ...]


Literal = Text | Word
"""What PowerShell reads as one text."""

Value = Literal | Number | Variable | Array | List


class Parameter(NamedTuple):
    """`-Name`, or `-Name:value` with its value attached. `name` is as written, without the dash."""

    start: int
    end: int
    name: str
    attached: Value | None = None


Argument = Parameter | Value


class Command:
    """A command with its arguments, from its name to the last of them or to `| Out-Null`."""

    __slots__ = ("_arguments", "end", "name", "out_null", "start")

    def __init__(
        self,
        start: int,
        end: int,
        name: str,
        arguments: tuple[Argument, ...],
        out_null: bool = False,
    ) -> None:
        self.start = start
        self.end = end
        self.name = name
        self.out_null = out_null
        self._arguments = arguments

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """Its parameters and values, in their order."""
        return self._arguments

    def _fields(self) -> tuple[object, ...]:
        return self.start, self.end, self.name, self.arguments, self.out_null

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Command) and self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash((self.start, self.end))

    def __repr__(self) -> str:
        return "Command({!r}, {!r}, {!r}, {!r}, {!r})".format(*self._fields())


class Assignment(NamedTuple):
    """`$name = 'literal'`."""

    start: int
    end: int
    name: str
    value: Text | Number


Statement = Command | Assignment
Node = Argument | Statement


@dataclass(frozen=True)
class Script:
    """A script that PowerShell reads in the same way."""

    source: Source
    statements: tuple[Statement, ...]
    tokens: tuple[Span, ...]

    def __bytes__(self) -> bytes:
        """Return the script's bytes, from its tokens and the gaps between them."""
        return encode(self.source, "".join(self.pieces()))

    def pieces(self) -> Iterator[str]:
        """Yield gap and token in turn, from the first gap to the last; gaps may be empty."""
        text, end = self.source.text, 0
        for token in self.tokens:
            yield text[end : token.start]
            yield text[token.start : token.end]
            end = token.end
        yield text[end:]
