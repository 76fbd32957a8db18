"""The orders in which the rules can be created.

A kit runs rule by rule, in any order. Files are run one after another, in any order, and the rules
of a file as they stand in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syncrules.exports.export import Export
from syncrules.rules.creation_order import creation_orders, needs_among
from syncrules.rules.dependency_order import needed_first
from syncrules.rules.model import SyncRule

from ..context import PairedServers
from ..moving_rules import MovingRule

__all__ = ["Order", "orders_of_files", "orders_of_rules"]

Order = tuple[MovingRule, ...]


def orders_of_rules(servers: PairedServers) -> Iterator[Order]:
    """Yield orders to create the rules in, one by one; the one that changes least first."""
    moving = servers.moving
    rules, precedences = _as_on_active(servers)
    for order in creation_orders(rules, precedences):
        yield tuple(moving[i] for i in order)


def orders_of_files(servers: PairedServers) -> Iterator[Order]:
    """Yield the orders that come of running the files in another order, the least other first."""
    homes = [m.export for m in servers.moving]
    needs: dict[Export, dict[Export, None]] = {}
    for index, needed in needs_among(*_as_on_active(servers)).items():
        for home in (homes[i] for i in needed):
            if home is not homes[index]:
                needs.setdefault(homes[index], {})[home] = None
    own: dict[Export, list[MovingRule]] = {}
    for moving in servers.moving:
        own.setdefault(moving.export, []).append(moving)
    # What is placed moves others: it disturbs least when it comes late, and before low precedences.
    for start in (own, sorted(own, key=lambda e: _disturbance(own[e]))):
        yield tuple(m for export in needed_first(start, needs) for m in own[export])
    yield servers.moving


def _disturbance(rules: Iterable[MovingRule]) -> tuple[bool, int]:
    places = any(m.rule.references for m in rules)
    lowest = min((m.rule.precedence or 0 for m in rules if not m.rule.references), default=0)
    return places, -lowest


def _as_on_active(servers: PairedServers) -> tuple[list[SyncRule], list[int | None]]:
    return (
        [m.rule for m in servers.moving],
        [servers.precedence_on_active(m) for m in servers.moving],
    )
