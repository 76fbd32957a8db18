"""Where each rule goes on staging: beside which rule, at which precedence, as which one.

Way in: `place`, which adds a `Placing` to a context.
"""

from __future__ import annotations

from dataclasses import replace

from syncrules.rules.model import SyncRule

from ..context import Context, Placing
from ..moving_rules import MovingRule
from ..plan import PlannedRule, Resolution
from .identifiers import Identifiers, fresh_identifiers
from .numbering import renumbered
from .originals import originals_to_disable
from .references import resolve
from .simulation import simulate

__all__ = ["place"]


def place(context: Context) -> Placing:
    """Return where the rules that move go, and what stands against it."""
    resolutions, unresolved = resolve(context)
    fresh = fresh_identifiers(context)
    numbers, unnumbered = renumbered(context, resolutions)
    rules = tuple(
        _planned(context, moving, resolutions.get(moving), fresh, numbers.get(moving))
        for moving in context.moving
    )
    return replace(
        simulate(context.staging.rules, rules),
        disabling=originals_to_disable(context),
        unresolved=unresolved,
        unnumbered=unnumbered,
    )


def _planned(
    context: Context,
    moving: MovingRule,
    resolution: Resolution | None,
    fresh: Identifiers,
    precedence: int | None,
) -> PlannedRule:
    """Return the rule as the staging server gets it."""
    rule = moving.rule
    after = replace(
        rule,
        connector=context.connectors.get(rule.connector, rule.connector),
        identifier=fresh.get(rule.identifier or "", rule.identifier),
        precedence=rule.precedence if precedence is None else precedence,
    )
    if resolution is not None:
        after = _referring(after, resolution, fresh)
    return PlannedRule(moving, after, resolution)


def _referring(rule: SyncRule, resolution: Resolution, fresh: Identifiers) -> SyncRule:
    to = fresh.get(resolution.to, resolution.to)
    if resolution.reference.parameter == "PrecedenceBefore":
        return replace(rule, precedence_before=to)
    return replace(rule, precedence_after=to)
