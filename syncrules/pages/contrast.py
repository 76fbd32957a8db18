"""Two texts side by side, with the tokens marked that only one of them has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

from syncrules.expressions.scanner import tokens

__all__ = ["Piece", "contrast"]

_MOST = 500
"""How many tokens of a text are aligned with those of another: the time grows with the square."""


class Piece(NamedTuple):
    """A part of a text, and whether the other text does not have it there."""

    text: str
    differs: bool = False


def contrast(one: str, other: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return the pieces of two texts. Blanks are marked only between what is marked.

    >>> contrast("[cn] & [sn]", "[cn] & [mail]")[1]
    (Piece(text='[cn] & ', differs=False), Piece(text='[mail]', differs=True))
    """
    both = tokens(one), tokens(other)
    words = [[t for t in side if t.strip()] for side in both]
    marked = _unlike(*words)
    first, second = (tuple(_pieces(*side)) for side in zip(both, marked, strict=True))
    return first, second


def _unlike(one: Sequence[str], other: Sequence[str]) -> tuple[list[bool], list[bool]]:
    """Return which of the words of either text the other does not have there."""
    start = _alike(one, other)
    end = _alike(one[start:][::-1], other[start:][::-1])
    middles = one[start : len(one) - end], other[start : len(other) - end]
    kept: tuple[set[int], set[int]] = (set(), set())
    if max(map(len, middles)) <= _MOST:
        for a, b, size in SequenceMatcher(None, *middles, autojunk=False).get_matching_blocks():
            kept[0].update(range(a, a + size))
            kept[1].update(range(b, b + size))
    first, second = (
        [*[False] * start, *(n not in own for n in range(len(middle))), *[False] * end]
        for middle, own in zip(middles, kept, strict=True)
    )
    return first, second


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many words two texts begin with alike."""
    unlike = (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(unlike, min(len(one), len(other)))


def _pieces(all_tokens: Iterable[str], marked: Sequence[bool]) -> Iterator[Piece]:
    flags = [*_flags(all_tokens, marked)]
    for differs, group in groupby(flags, key=lambda one: one.differs):
        yield Piece("".join(piece.text for piece in group), differs)


def _flags(all_tokens: Iterable[str], marked: Sequence[bool]) -> Iterator[Piece]:
    """Yield each token; a blank is marked where the words on both of its sides are."""
    at = 0
    for token in all_tokens:
        if token.strip():
            yield Piece(token, marked[at])
            at += 1
        else:
            yield Piece(token, 0 < at < len(marked) and marked[at - 1] and marked[at])
