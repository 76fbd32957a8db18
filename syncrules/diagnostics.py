"""What is wrong or doubtful, as values: what was found, where, and what to do about it.

Every code stands in the registry, `syncrules.codes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from .codes import Code, Group, Severity

__all__ = [
    "Code",
    "Diagnostic",
    "Excerpt",
    "Group",
    "Option",
    "Place",
    "Problem",
    "Row",
    "Several",
    "Severity",
    "Span",
    "Spanned",
    "Spot",
    "can_be_typed",
    "grouped",
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


_PLAIN = re.compile(r"[\w.=:/\\-]+")
_SHELL = re.compile('["$`%!\\\\\x00-\x1f]')
"""What means something between double quotes, in a shell that the command may be typed in."""


class Option(NamedTuple):
    """An option of the command line that resolves a finding, such as --map with OLD=NEW."""

    flag: str
    value: str | None = None

    def __str__(self) -> str:
        if self.value is None:
            return self.flag
        value = self.value if _PLAIN.fullmatch(self.value) else f'"{self.value}"'
        return f"{self.flag} {value}"


def can_be_typed(text: str) -> bool:
    """Return whether a text means itself between double quotes, in each shell."""
    return bool(text.strip()) and not _SHELL.search(text)


Row = tuple[str, ...]
"""One thing of those that a diagnostic is about, in one cell or several."""

_IN_ONE_LINE = 5
"""So many rows are told where there is no room for a list."""


class Several(NamedTuple):
    """How findings of one cause become one.

    `message` goes on after their number, and is the same for all of them; `row` is what each of
    them adds to the list.
    """

    message: str
    hint: str
    row: Row


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something found, at its places; without any it is of the command line, or of both servers.

    `message` says what was found and why it matters, `hint` what to do. `rows` list what it is
    about, where that is more than one thing, under the headings `columns`, if any. They hold
    foreign text as it is: `printable` makes it safe to show, and `str(diagnostic)`, one line
    without the hint, is safe. `options` are
    those that the hint names, each a way out by itself. `script` names the script of the output
    that does what the hint says, where there is one. `several` says how it is told as one with
    others of its cause: see `grouped`.
    """

    code: Code
    severity: Severity
    message: str
    hint: str
    places: tuple[Place, ...] = ()
    script: str | None = None
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    columns: Row = ()
    several: Several | None = None

    def __str__(self) -> str:
        spot = f"{self.line}:{self.column}" if self.line else ""
        where = ":".join(part for part in (self.file, spot) if part)
        told = f"{self.severity}[{self.code}]: {self.in_one_line}"
        return printable(f"{where}: {told}" if where else told)

    @property
    def in_one_line(self) -> str:
        """The message and the first of the rows, raw, for where there is no room for a list."""
        if not self.rows:
            return self.message
        shown = "; ".join(": ".join(row) for row in self.rows[:_IN_ONE_LINE])
        more = len(self.rows) - _IN_ONE_LINE
        return f"{self.message} {shown}{f'; and {more} more' if more > 0 else ''}"

    @property
    def place(self) -> Place | None:
        """The first of its places."""
        return self.places[0] if self.places else None

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
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    columns: Row = ()
    several: Several | None = None

    def at(self, *places: Place | None) -> Diagnostic:
        """Return the diagnostic for this problem at places, or at none."""
        return Diagnostic(
            self.code,
            self.severity or self.code.severity,
            self.message,
            self.hint,
            tuple(place for place in places if place is not None),
            self.script,
            self.options,
            self.rows,
            self.columns,
            self.several,
        )


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Return whether any diagnostic is an error."""
    return any(d.is_error for d in diagnostics)


# ---- One cause, one finding ----------------------------------------------------------------------


def grouped(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return diagnostics with those of one cause as one, in the order of their weight.

    Of one cause are those that say the same, and those that say how they are told together. Errors
    come first, then warnings, then notes; among these the urgent ones, and then file by file.
    """
    causes: dict[object, list[Diagnostic]] = {}
    for one in diagnostics:
        several = one.several
        told = several[:2] if several is not None else (one.message, one.hint, one.rows)
        causes.setdefault((one.code, one.severity, told), []).append(one)
    found = [own[0] if len(own) == 1 else _as_one(own) for own in causes.values()]
    return tuple(sorted(found, key=_weight))


def _as_one(found: Sequence[Diagnostic]) -> Diagnostic:
    first, several = found[0], found[0].several
    places = tuple(dict.fromkeys(place for one in found for place in one.places))
    options = tuple(dict.fromkeys(option for one in found for option in one.options))
    if several is None:
        return replace(first, places=places, options=options)
    # The same row at another place is another thing of the same name.
    things = dict.fromkeys((row, one.places) for one in found for row in _rows_of(one))
    rows = tuple(row for row, _ in things)
    if len(rows) < 2:
        return replace(first, places=places, options=options)
    message = f"{len(rows)} {several.message}"
    return replace(
        first, message=message, hint=several.hint, places=places, options=options, rows=rows
    )


def _rows_of(one: Diagnostic) -> tuple[Row, ...]:
    return one.rows or ((one.several.row,) if one.several is not None else ())


def _weight(one: Diagnostic) -> tuple[int, int, str, int]:
    at = one.spot.span.start if one.spot else -1
    return _SEVERITIES.index(one.severity), one.code.urgency, one.file, at


_SEVERITIES = tuple(Severity)


# ---- For the eye ---------------------------------------------------------------------------------

# Controls, and the characters that turn or hide text: they must not act on a reader's terminal.
_INVISIBLE = (
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
)


def printable(text: str) -> str:
    r"""Return foreign text safe to show: controls and bidirectional marks as \u escapes.

    >>> printable("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    if text.isprintable():
        return text
    return re.sub(_INVISIBLE, _escape, text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    if 0xDC80 <= code <= 0xDCFF:  # a byte whose code page is not known
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
