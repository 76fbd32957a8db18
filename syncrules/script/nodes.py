"""The lossless script: commands, arguments and values, each with its span.

`bytes(script)` are the bytes that were read: they are rebuilt from the tokens and the gaps between
them, and every gap is wholly trivia (blanks, continuations, comments).

The nodes are named tuples, since an export has tens of thousands of them and they are made in half
the time of frozen dataclasses. `start` and `end` are offsets in code points of the source's text.
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

    @property
    def span(self) -> Span:
        """Where it stands, its quotes included."""
        return Span(self.start, self.end)


class Word(NamedTuple):
    """A bare word, which PowerShell takes as text."""

    start: int
    end: int
    text: str

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


class Number(NamedTuple):
    """A whole decimal number without a sign."""

    start: int
    end: int
    value: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


class Variable(NamedTuple):
    """`$name` or `$name[element]`. PowerShell compares names without regard to case."""

    start: int
    end: int
    name: str
    element: int | None

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


class Array(NamedTuple):
    """`@( … )`."""

    start: int
    end: int
    items: tuple[Value, ...]

    @property
    def span(self) -> Span:
        """Where it stands, its brackets included."""
        return Span(self.start, self.end)


class List(NamedTuple):
    """`a,b` outside brackets."""

    start: int
    end: int
    items: tuple[Value, ...]

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


Value = Text | Word | Number | Variable | Array | List


class Parameter(NamedTuple):
    """`-Name`, or `-Name:value` with its value attached. `name` is as written, without the dash."""

    start: int
    end: int
    name: str
    attached: Value | None = None

    @property
    def span(self) -> Span:
        """Where it stands, an attached value included."""
        return Span(self.start, self.end)


Argument = Parameter | Value


class Command(NamedTuple):
    """A command with its arguments, from its name to the last of them or to `| Out-Null`."""

    start: int
    end: int
    name: str
    arguments: tuple[Argument, ...]
    out_null: bool = False

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


class Assignment(NamedTuple):
    """`$name = 'literal'`."""

    start: int
    end: int
    name: str
    value: Text | Number

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


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
