"""Where each rule goes on staging: beside which rule, at which precedence, as which one.

Way in: `place`, which adds a `Placing` to a servers.
"""

from __future__ import annotations

from dataclasses import replace

from syncrules.rules.model import BEFORE, SyncRule

from ..context import PairedServers, Placing
from ..moving_rules import MovingRule
from ..plan import PlannedRule, Resolution
from .identifiers import Identifiers, fresh_identifiers
from .numbering import renumbered
from .originals import disabled_originals, to_disable
from .references import resolve
from .simulation import simulate
from .tagged_rules import doubtful_rules

__all__ = ["place"]


def place(servers: PairedServers) -> Placing:
    """Return where the rules that move go, and what stands against it."""
    resolutions, unresolved = resolve(servers)
    fresh = fresh_identifiers(servers)
    numbers, unnumbered = renumbered(servers, resolutions)
    rules = tuple(
        _planned(servers, moving, resolutions.get(moving), fresh, numbers.get(moving))
        for moving in servers.moving
    )
    simulation = simulate(servers.staging.rules, rules)
    disabled = disabled_originals(servers)
    return Placing(
        simulation.rules,
        simulation.standing,
        simulation.collisions,
        disabled,
        to_disable(servers, disabled),
        tuple(doubtful_rules(servers)),
        unresolved,
        unnumbered,
    )


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
        identifier=fresh.get(rule.identifier or "", rule.identifier),
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
