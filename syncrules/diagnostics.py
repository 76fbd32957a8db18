"""What is wrong or doubtful, as values: what was found, where, and what to do about it.

Every code stands in the registry, `syncrules.codes`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from .codes import Code, Group, Severity

__all__ = [
    "Code",
    "Diagnostic",
    "Excerpt",
    "Group",
    "Place",
    "Problem",
    "Severity",
    "Span",
    "Spanned",
    "Spot",
    "has_errors",
    "printable",
]


class Span(NamedTuple):
    """A half-open range of a source's text, in code points from its start (a BOM not counted)."""

    start: int
    end: int

    @classmethod
    def of(cls, spanned: Spanned) -> Span:
        """Return the range of whatever has one."""
        return cls(spanned.start, spanned.end)


class Spanned(Protocol):
    """Whatever has a start and an end in a source's text, as a span and a node have."""

    @property
    def start(self) -> int:
        """The offset of its first character."""

    @property
    def end(self) -> int:
        """The offset after its last character."""


# ---- Where ---------------------------------------------------------------------------------------


class Excerpt(NamedTuple):
    """The line of a source around a place, without its newline; a long line is cut."""

    text: str
    column: int
    """The column of the first character, from 1."""
    goes_on: bool
    """Whether the line goes on after it."""


class Spot(NamedTuple):
    """A span of a file's text.

    `line` and `column` are those of its start, both from 1, columns in code points.
    """

    span: Span
    line: int
    column: int
    excerpt: Excerpt


class Place(NamedTuple):
    """A file as a whole, or a spot in it."""

    file: str
    spot: Spot | None = None


# ---- What ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something found, at its place; without one it is of the command line, or of both servers.

    `message` says what was found and why it matters, `hint` what to do. They hold foreign text as
    it is: `printable` makes it safe to show, and `str(diagnostic)`, one line without the hint, is
    safe. `script` names the script of the output that does what the hint says, where there is one.
    """

    code: Code
    severity: Severity
    message: str
    hint: str
    place: Place | None = None
    script: str | None = None

    def __str__(self) -> str:
        spot = f"{self.line}:{self.column}" if self.line else ""
        where = ":".join(part for part in (self.file, spot) if part)
        told = f"{self.severity}[{self.code}]: {self.message}"
        return printable(f"{where}: {told}" if where else told)

    @property
    def is_error(self) -> bool:
        """Whether nothing may be written because of this."""
        return self.severity is Severity.ERROR

    @property
    def file(self) -> str:
        """The name of the file that it is about; empty where there is none."""
        return self.place.file if self.place else ""

    @property
    def spot(self) -> Spot | None:
        """The part of the file that it is about."""
        return self.place.spot if self.place else None

    @property
    def span(self) -> Span | None:
        """The span of that part."""
        return self.spot.span if self.spot else None

    @property
    def line(self) -> int:
        """The line of that part, from 1; 0 where there is none."""
        return self.spot.line if self.spot else 0

    @property
    def column(self) -> int:
        """The column of that part, from 1; 0 where there is none."""
        return self.spot.column if self.spot else 0

    @property
    def excerpt(self) -> str:
        """The line around that part, without its newline; empty where there is none."""
        return self.spot.excerpt.text if self.spot else ""


class Problem(NamedTuple):
    """What a diagnostic says, wherever it is found. Without `severity`, it is the code's."""

    code: Code
    message: str
    hint: str
    severity: Severity | None = None
    script: str | None = None

    def at(self, place: Place | None = None) -> Diagnostic:
        """Return the diagnostic for this problem at a place, or at none."""
        severity = self.severity or self.code.severity
        return Diagnostic(self.code, severity, self.message, self.hint, place, self.script)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Return whether any diagnostic is an error."""
    return any(d.is_error for d in diagnostics)


# ---- For the eye ---------------------------------------------------------------------------------

# Controls, and the characters that turn or hide text: they must not act on a reader's terminal.
_INVISIBLE = {
    *range(0x20),
    *range(0x7F, 0xA0),
    0xAD,
    0x61C,
    *range(0x200B, 0x2010),
    *range(0x2028, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xD800, 0xE000),
    0xFEFF,
}


def printable(text: str) -> str:
    r"""Return foreign text safe to show: controls and bidirectional marks as \u escapes.

    >>> printable("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(c) if ord(c) in _INVISIBLE else c for c in text)


def _escape(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte whose code page is not known
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
