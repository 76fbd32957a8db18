"""Where each rule goes on staging: beside which rule, at which precedence, as which one.

Way in: `place`, which adds a `Placing` to a servers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from syncrules.diagnostics import Diagnostic
from syncrules.rules.model import BEFORE, SyncRule

from ..context import Creation, PairedServers, Placing
from ..moving_rules import MovingRule
from ..plan import PlannedRule, Resolution
from .creation import Order, orders_of_files, orders_of_rules
from .identifiers import Identifiers, fresh_identifiers
from .numbering import renumbered
from .originals import disabled_originals, to_disable
from .references import References, resolve
from .simulation import Simulation, simulate
from .swaps import count_swaps
from .tagged_rules import doubtful_rules

__all__ = ["place"]


def place(servers: PairedServers) -> Placing:
    """Return where the rules that move go, and what stands against it.

    They are created in the order that leaves them as they are on the active server, if any does.
    """
    orders = orders_of_rules if servers.choices.one_by_one else orders_of_files
    found = _best(servers, orders(servers))
    better = _best(servers, orders_of_rules(servers)) if any(found.troubles) else found
    disabled, doubtful = disabled_originals(servers), tuple(doubtful_rules(servers))
    return Placing(
        found.simulation.rules,
        better.creation if better.troubles < found.troubles else None,
        found.simulation.standing,
        found.simulation.collisions,
        found.references.waiting,
        disabled,
        to_disable(servers, disabled, doubtful),
        doubtful,
        found.references.unresolved,
        found.unnumbered,
    )


class _Attempt(NamedTuple):
    """What comes of creating the rules in one order.

    `troubles` are its faults, the gravest first: how many rules name one that is not there yet, are
    not taken, and change places with others.
    """

    simulation: Simulation
    references: References
    unnumbered: tuple[Diagnostic, ...]
    troubles: tuple[int, int, int]

    @property
    def creation(self) -> Creation:
        """The rules as they are created."""
        return Creation(self.simulation.rules, self.simulation.collisions)


def _best(servers: PairedServers, orders: Iterable[Order]) -> _Attempt:
    """Return the first attempt without trouble, or the first of those with the least."""
    attempts: dict[Order, _Attempt] = {}
    for order in orders:
        if order not in attempts:
            attempts[order] = _attempt(servers, order)
            if not any(attempts[order].troubles):
                return attempts[order]
    return min(attempts.values(), key=lambda a: a.troubles)


def _attempt(servers: PairedServers, order: Order) -> _Attempt:
    references = resolve(servers, order)
    resolutions = references.resolutions
    fresh = fresh_identifiers(servers)
    numbers, unnumbered = renumbered(servers, order, resolutions)
    rules = tuple(
        _planned(servers, moving, resolutions.get(moving), fresh, numbers.get(moving))
        for moving in order
    )
    simulation = simulate(servers.staging.rules, rules)
    troubles = (
        len(references.waiting),
        len(simulation.collisions),
        count_swaps(servers, simulation.rules),
    )
    return _Attempt(simulation, references, unnumbered, troubles)


def _planned(
    servers: PairedServers,
    moving: MovingRule,
    resolution: Resolution | None,
    fresh: Identifiers,
    precedence: int | None,
) -> PlannedRule:
    """Return the rule as the staging server gets it."""
    rule = moving.rule
    after = replace(
        rule,
        connector=servers.connectors.get(rule.connector, rule.connector),
        identifier=fresh.get(rule.identifier, rule.identifier),
        precedence=rule.precedence if precedence is None else precedence,
    )
    if resolution is not None:
        after = _referring(after, resolution, fresh)
    return PlannedRule(moving, after, resolution)


def _referring(rule: SyncRule, resolution: Resolution, fresh: Identifiers) -> SyncRule:
    to = fresh.get(resolution.to, resolution.to)
    if resolution.reference.parameter == BEFORE:
        return replace(rule, precedence_before=to)
    return replace(rule, precedence_after=to)
