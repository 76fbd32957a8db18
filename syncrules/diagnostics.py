"""Findings as values: what is wrong or doubtful, where, and what to do about it.

Every code is listed in docs/diagnostics.md and keeps its meaning from release to release.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Diagnostic", "Severity", "Span", "SyntaxRefused", "has_errors", "printable"]


class Span(NamedTuple):
    """A half-open range of a source's text, in code points from its start (a BOM not counted)."""

    start: int
    end: int


class Severity(StrEnum):
    """How much a finding matters: an error stops the run, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    `message` says what was found and why it matters, `hint` what to do. `file` is the name of
    the source that `span` is of; both are empty where a finding belongs to no place.
    """

    code: str
    severity: Severity
    message: str
    hint: str
    file: str = ""
    span: Span | None = None
    line: int = 0
    column: int = 0
    excerpt: str = ""
    """The source's line around the place, without its newline; a long line is cut."""
    excerpt_column: int = 1
    """The column of the excerpt's first character."""
    excerpt_goes_on: bool = False
    """Whether the line goes on after the excerpt."""

    @property
    def is_error(self) -> bool:
        """Whether nothing may be written because of this finding."""
        return self.severity is Severity.ERROR


class SyntaxRefused(Exception):
    """A script that is not read. `diagnostics` holds every finding of the file."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "\n".join(
            f"{d.file}:{d.line}:{d.column}: {d.severity}[{d.code}]: {d.message}"
            for d in self.diagnostics
        )


def has_errors(diagnostics: tuple[Diagnostic, ...]) -> bool:
    """Return whether any finding is an error."""
    return any(d.is_error for d in diagnostics)


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
