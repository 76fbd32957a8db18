"""The lossless script: commands, arguments and values, each with its span.

`bytes(script)` are the bytes that were read: they are rebuilt from the tokens and the gaps between
them, and every gap is wholly trivia (blanks, continuations, comments).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .diagnostics import Span
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


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a script. `start` and `end` are offsets in code points of the source's text."""

    start: int = field(compare=False, repr=False)
    end: int = field(compare=False, repr=False)

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A quoted text or here-string: `text` is its value, `quote` how it opens (`'`, `"`, `@'`)."""

    text: str
    quote: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Word(Node):
    """A bare word, which PowerShell takes as text."""

    text: str


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A whole decimal number without a sign."""

    value: int


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """`$name` or `$name[index]`. PowerShell compares names without regard to case."""

    name: str
    index: int | None


@dataclass(frozen=True, slots=True)
class Array(Node):
    """`@( … )`."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class List(Node):
    """`a,b` outside brackets."""

    items: tuple[Value, ...]


Value = Text | Word | Number | Variable | Array | List


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """`-Name`, or `-Name:value` with its value attached. `name` is as written, without the dash."""

    name: str
    attached: Value | None = None


Argument = Parameter | Value


@dataclass(frozen=True, slots=True)
class Command(Node):
    """A command with its arguments, from its name to the last of them or to `| Out-Null`."""

    name: str
    arguments: tuple[Argument, ...]
    out_null: bool = False


@dataclass(frozen=True, slots=True)
class Assignment(Node):
    """`$name = 'literal'`."""

    name: str
    value: Text | Number


Statement = Command | Assignment


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
