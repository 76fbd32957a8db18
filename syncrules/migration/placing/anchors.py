"""The staging server's own rules that the move rests on."""

from __future__ import annotations

from syncrules.pairing.out_of_box_rules import RulePair
from syncrules.servers.model import ServerRule

from ..context import Context

__all__ = ["anchors", "rule_pairs"]


def anchors(context: Context) -> tuple[ServerRule, ...]:
    """Return the staging server's rules that moved rules refer to, each once."""
    named = (r.resolution.anchor for r in context.placing.rules if r.resolution is not None)
    return tuple({a.identifier: a for a in named if isinstance(a, ServerRule)}.values())


def rule_pairs(context: Context) -> tuple[RulePair, ...]:
    """Return the pairs of out-of-box rules that references or states made it necessary to find."""
    resolutions = (r.resolution for r in context.placing.rules)
    named: set[str | None] = {r.reference.to for r in resolutions if r is not None}
    named |= {d.pair.active.identifier for d in context.placing.disabling}
    return tuple(p for identifier, p in context.rule_pairing.pairs.items() if identifier in named)
