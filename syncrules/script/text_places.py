"""Where a part of a text is written: behind quotes, doubled ones, escapes, a line of its own.

Findings about an expression, or another text of a rule, have their places by this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .quoting import DOUBLE_QUOTES, LITERAL, SINGLE_QUOTES, inner

__all__ = ["place_of"]


def place_of(literal: str, start: int, end: int) -> tuple[int, int]:
    """Return where a part of a literal's text is written in the literal, or in a bare word.

    `start` and `end` are offsets in the text that it means.

    >>> place_of("'O''Brien'", 1, 3)
    (2, 5)
    """
    pieces = [*_pieces(literal)]
    first = next((p for p in pieces if start < p.end), pieces[-1])
    last = next((p for p in pieces if end <= p.end), pieces[-1])
    begin = first.begins_at(min(start, first.end))
    return begin, max(begin, last.ends_at(min(end, last.end)))


class _Piece(NamedTuple):
    """A part of a text, and where it is written: as it is, or as one character for another."""

    start: int
    end: int
    written: int
    written_end: int

    def begins_at(self, offset: int) -> int:
        return self.written + offset - self.start

    def ends_at(self, offset: int) -> int:
        return self.written_end - (self.end - offset)


def _pieces(literal: str) -> Iterator[_Piece]:
    """Yield the parts of the text that a literal stands for."""
    at = 0
    for start, end, is_one in _written(literal):
        length = 1 if is_one else end - start
        yield _Piece(at, at + length, start, end)
        at += length


def _written(literal: str) -> Iterator[tuple[int, int, bool]]:
    """Yield the parts of a literal that are its text, and whether each is one character."""
    if literal[:1] in (*SINGLE_QUOTES, *DOUBLE_QUOTES, "@"):
        yield from _written_in_quotes(literal)
        return
    end = 0
    for quoted in re.finditer(LITERAL, literal):
        yield end, quoted.start(), False
        for start, stop, is_one in _written_in_quotes(quoted.group()):
            yield quoted.start() + start, quoted.start() + stop, is_one
        end = quoted.end()
    yield end, len(literal), False


def _written_in_quotes(literal: str) -> Iterator[tuple[int, int, bool]]:
    start, end, changed = inner(literal)
    for one in changed.finditer(literal, start, end) if changed is not None else ():
        yield start, one.start(), False
        yield *one.span(), True
        start = one.end()
    yield start, end, False
