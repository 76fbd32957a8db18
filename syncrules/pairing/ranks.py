"""Two orders of the same things, as numbers: what stays where it is, and what overtakes what."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate
from typing import NamedTuple, Protocol

__all__ = ["Overtaking", "Standing", "longest_common", "overtakings"]


def longest_common(ranks: Sequence[int]) -> frozenset[int]:
    """Return the places of as many ranks as can stay where they are, when all are to be in order.

    All others must move. Where several choices are as long, it is the one that ends lowest.

    >>> sorted(longest_common([2, 0, 1, 3]))
    [1, 2, 3]
    """
    ends: list[int] = []
    places: list[int] = []
    before: list[int | None] = []
    for place, rank in enumerate(ranks):
        length = bisect_left(ends, rank)
        before.append(places[length - 1] if length else None)
        if length == len(ends):
            ends.append(rank)
            places.append(place)
        else:
            ends[length], places[length] = rank, place
    found: list[int] = []
    last = places[-1] if places else None
    while last is not None:
        found.append(last)
        last = before[last]
    return frozenset(found)


class Standing(Protocol):
    """Whatever has a precedence on both servers."""

    @property
    def active(self) -> int:
        """Its precedence on the active server."""

    @property
    def staging(self) -> int:
        """Its precedence on the staging server."""


class Overtaking(NamedTuple):
    """Two rules that change places: `ahead` says whether the other comes first on staging."""

    at: int
    other: int
    ahead: bool


def overtakings(rules: Sequence[Standing], moving: Iterable[int]) -> Iterator[Overtaking]:
    """Yield the rules of `moving` (places in `rules`) that stand on another side of a rule.

    One other rule is named for each way in which the order changes.
    """
    by_active = sorted(range(len(rules)), key=lambda i: (rules[i].active, rules[i].staging))
    by_staging = sorted(range(len(rules)), key=lambda i: (rules[i].staging, rules[i].active))
    active_rank = {index: rank for rank, index in enumerate(by_active)}
    staging_rank = {index: rank for rank, index in enumerate(by_staging)}
    last_on_staging = _running_maximum(by_active, staging_rank)
    last_on_active = _running_maximum(by_staging, active_rank)
    for index in moving:
        active, staging = active_rank[index], staging_rank[index]
        falls_behind = last_on_staging[active]
        if staging_rank[falls_behind] > staging:
            yield Overtaking(index, falls_behind, ahead=False)
        overtakes = last_on_active[staging]
        if active_rank[overtakes] > active:
            yield Overtaking(index, overtakes, ahead=True)


def _running_maximum(order: Sequence[int], ranks: dict[int, int]) -> list[int]:
    """Return for each place the rule up to there that stands last in the other order."""
    return [*accumulate(order, partial(max, key=ranks.__getitem__))]
