"""Rules that move and would stand in another order among themselves than on the active server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from syncrules.pairing.ranks import overtakings
from syncrules.rules.creation_order import siblings_in_order
from syncrules.rules.enumerations import DIRECTIONS

from ..context import PairedServers
from ..plan import PlannedRule

__all__ = ["RankedRule", "Swap", "count_swaps", "ranked", "swaps"]


class RankedRule(NamedTuple):
    """A rule with its precedence on the active server and on the staging server."""

    name: str
    active: int
    staging: int
    planned: PlannedRule | None = None
    """The rule itself, if it is one that moves."""
    identifier: str | None = None
    """What names it on the active server."""


class Swap(NamedTuple):
    """Two rules of which `first` comes first on the active server, and `second` on staging."""

    first: PlannedRule
    second: PlannedRule


def ranked(
    servers: PairedServers, rules: Iterable[PlannedRule], direction: str
) -> Iterator[RankedRule]:
    """Yield the rules of one direction whose precedence is known on both servers.

    Inbound rules and outbound ones flow to different places: their order does not matter.
    """
    for planned in rules:
        active, final = servers.precedence_on_active(planned.origin), planned.final
        if planned.before.direction == direction and active is not None and final is not None:
            yield RankedRule(planned.before.name, active, final, planned)


def count_swaps(servers: PairedServers, rules: Sequence[PlannedRule]) -> int:
    """Return how many rules, created in their order, change places with another; 0 for none."""
    count = len([*_misplaced(servers, rules)])
    for direction in DIRECTIONS:
        own = [*ranked(servers, rules, direction)]
        count += len([*overtakings(own, range(len(own)))])
    return count


def swaps(servers: PairedServers, rules: Sequence[PlannedRule]) -> Iterator[Swap]:
    """Yield the rules that change places when they are created in their order."""
    found: dict[Swap, None] = {}
    for direction in DIRECTIONS:
        # Those of one precedence on the active server are in staging's order: that swaps nothing.
        own = sorted(ranked(servers, rules, direction), key=lambda r: (r.active, r.staging))
        for one, other in combinations(own, 2):
            if other.staging < one.staging:
                found[_swap(one, other)] = None
    yield from found
    yield from (swap for swap in _misplaced(servers, rules) if swap not in found)


def _swap(one: RankedRule, other: RankedRule) -> Swap:
    assert one.planned is not None  # all that are ranked here move
    assert other.planned is not None
    return Swap(one.planned, other.planned)


def _misplaced(servers: PairedServers, rules: Sequence[PlannedRule]) -> Iterator[Swap]:
    """Yield the rules of one direction that one rule places, created in the wrong order.

    Their order is known though the precedence of that rule may not be.
    """
    for direction in DIRECTIONS:
        own = [r for r in rules if r.before.direction == direction]
        precedences = [servers.precedence_on_active(r.origin) for r in own]
        for first, then in siblings_in_order([r.before for r in own], precedences):
            if first > then:
                one, other = sorted((first, then), key=lambda i: precedences[i] or 0)
                yield Swap(own[one], own[other])
