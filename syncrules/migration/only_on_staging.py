"""Rules that the staging server has and the active server does not: they run after the switch.

Nothing is known to be absent from a server unless a file shows all of its rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.pairing.out_of_box_rules import AlikeRules, looks_custom
from syncrules.servers.model import Facet, ServerRule

from .context import Context

__all__ = ["added_custom_rules", "added_out_of_box_rules"]


def added_custom_rules(context: Context) -> Iterator[ServerRule]:
    """Yield staging's custom rules that the active server does not have and that do not move.

    Of rules that move, `checks.there_already` says that staging has them.
    """
    if not _are_both_complete(context):
        return
    moved = {planned.after.identifier for planned in context.placing.rules}
    ours = [r for r in context.active.rules if not r.is_out_of_box]
    known = {(context.connectors.get(r.connector), r.direction, r.name) for r in ours}
    for rule in context.staging.rules:
        if rule.is_out_of_box or rule.immutable_tag is None:
            continue
        if rule.identifier in context.on_active or rule.identifier in moved:
            continue
        # A connector of the active server that has no pair may be any of staging's.
        if not any((c, rule.direction, rule.name) in known for c in (rule.connector, None)):
            yield rule


def added_out_of_box_rules(context: Context) -> Iterator[ServerRule]:
    """Yield staging's enabled out-of-box rules that the active server does not have."""
    if not _are_both_complete(context):
        return
    ours = AlikeRules(
        (context.connectors.get(r.connector), r) for r in context.active.rules if r.is_out_of_box
    )
    for rule in context.staging.rules:
        if rule.is_out_of_box and not rule.disabled and not looks_custom(rule.precedence):
            # A connector of the active server that has no pair may be any of staging's.
            connectors = (rule.connector, None)
            if all(next(ours.of(rule, c), None) is None for c in connectors):
                yield rule


def _are_both_complete(context: Context) -> bool:
    return all(s.is_complete_in(Facet.RULES) for s in (context.active, context.staging))
