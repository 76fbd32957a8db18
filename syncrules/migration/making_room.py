"""Which rules a server moves down to make room for a rule that is placed by another."""

from __future__ import annotations

from collections.abc import Sequence

from .plan import PlannedRule

__all__ = ["made_room_for"]


def made_room_for(rules: Sequence[PlannedRule]) -> dict[PlannedRule, tuple[PlannedRule, ...]]:
    """Return the moved rules that end behind the precedence they are given, each with the reasons.

    `rules` are those of a plan, in the order of their creation.
    """
    placed = [(at, r.created, r) for at, r in enumerate(rules) if r.after.references]
    found: dict[PlannedRule, tuple[PlannedRule, ...]] = {}
    for at, rule in enumerate(rules):
        now = rule.created
        if now is None or now == rule.final or rule.after.references:
            continue
        reasons = []
        for later, taken, other in placed:
            if later > at and taken is not None and taken <= now:
                reasons.append(other)
                now += 1
        found[rule] = tuple(reasons)
    return found
