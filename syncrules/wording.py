"""Pieces of messages that several rooms write."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

__all__ = ["BY_COMMAND", "BY_EDITOR", "and_more", "contrasted", "counted", "first_of", "shortened"]

BY_EDITOR = "(Synchronization Rules Editor: select, then Export)"
"""How rules are exported."""
BY_COMMAND = "(Get-ADSyncServerConfiguration -Path NEW-FOLDER)"
"""How a server's configuration is exported."""


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "file"), counted(2, "file")
    ('1 file', '2 files')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def first_of(texts: Iterable[str], most: int = 5) -> str:
    """Return the first texts of many, with commas between, and how many more there are.

    >>> first_of("abc", 2)
    'a, b and 1 more'
    """
    rest = iter(texts)
    shown = ", ".join(islice(rest, most))
    return and_more(shown, sum(1 for _ in rest))


def and_more(shown: str, more: int) -> str:
    """Return the texts that are shown, and how many more there are."""
    return f"{shown} and {more} more" if more > 0 else shown


def shortened(text: str, most: int = 60) -> str:
    """Return a text, or the beginning of a longer one.

    >>> shortened("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"


def contrasted(one: str, other: str, most: int = 120) -> tuple[str, str]:
    """Return two texts; of longer ones the parts around the place where they begin to differ.

    >>> contrasted("abcdefghijkl", "abcdefghijKL", 8)
    ('…ijkl', '…ijKL')
    """
    begin = 0
    if max(len(one), len(other)) > most:
        unlike = (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
        begin = max(next(unlike, min(len(one), len(other))) - most // 4, 0)
    lead = "…" if begin else ""
    return lead + shortened(one[begin:], most), lead + shortened(other[begin:], most)
