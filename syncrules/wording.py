"""Pieces of messages that several rooms write."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

__all__ = ["first_of"]


def first_of(texts: Iterable[str], most: int = 5) -> str:
    """Return the first texts of many, with commas between, and how many more there are.

    >>> first_of("abc", 2)
    'a, b and 1 more'
    """
    rest = iter(texts)
    shown = ", ".join(islice(rest, most))
    more = sum(1 for _ in rest)
    return f"{shown} and {more} more" if more else shown
