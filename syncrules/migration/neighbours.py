"""Whether a rule stands between the same rules on both servers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Changed", "Placed", "changed_neighbours"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule with its precedence on the active server and on the staging server."""

    name: str
    active: int
    staging: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A rule that another one overtakes: `ahead` says whether that one comes first on staging."""

    index: int
    other: str
    ahead: bool


def changed_neighbours(rules: Sequence[Placed], moving: Iterable[int]) -> Iterator[Changed]:
    """Yield the rules of `moving` (places in `rules`) that stand on another side of a rule.

    One other rule is named for each way in which the order changes.
    """
    by_active = sorted(range(len(rules)), key=lambda i: (rules[i].active, rules[i].staging))
    by_staging = sorted(range(len(rules)), key=lambda i: (rules[i].staging, rules[i].active))
    active_rank = {index: rank for rank, index in enumerate(by_active)}
    staging_rank = {index: rank for rank, index in enumerate(by_staging)}
    last_ahead = _running_maximum(by_active, staging_rank)
    last_there = _running_maximum(by_staging, active_rank)
    for index in moving:
        here, there = active_rank[index], staging_rank[index]
        falls_behind = last_ahead[here]
        if staging_rank[falls_behind] > there:
            yield Changed(index, rules[falls_behind].name, ahead=False)
        overtakes = last_there[there]
        if active_rank[overtakes] > here:
            yield Changed(index, rules[overtakes].name, ahead=True)


def _running_maximum(order: Sequence[int], ranks: dict[int, int]) -> list[int]:
    """Return for each place the rule up to there that stands last in the other order."""
    found: list[int] = []
    for index in order:
        last = found[-1] if found else index
        found.append(index if ranks[index] > ranks[last] else last)
    return found
