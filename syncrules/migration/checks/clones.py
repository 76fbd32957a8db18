"""Rules that move and look like clones, where no file shows whether their originals are disabled.

Source: editing an out-of-box rule in the Editor makes a copy and disables the original (Microsoft's
best practices for changing the default configuration); only one rule with join conditions may be in
scope of an object (its declarative provisioning page).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Problem
from syncrules.pairing.microsoft_rules import is_name_of_microsofts
from syncrules.pairing.out_of_box_rules import same_name
from syncrules.rules.comparison import differing_destinations
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Facet, ServerRule

from ..context import Context
from ..moving_rules import MovingRule

__all__ = ["clones"]

_CLONED = re.compile(r" - Cloned\b.*", re.DOTALL)


def clones(context: Context) -> Iterator[Diagnostic]:
    """Yield the enabled rules that move and join, and that look like clones of out-of-box rules.

    Where the active server's files show the original, its state is known and told elsewhere.
    """
    for moving in context.moving:
        rule = moving.rule
        if rule.disabled or not rule.join_filter or moving.is_mapped:
            continue
        original = _original(context, moving)
        if original is not None and not _is_state_known(context, rule, original):
            yield _looks_cloned(rule, original).at(moving.place())


def _original(context: Context, moving: MovingRule) -> str | None:
    """Return the name of the enabled out-of-box rule that a rule looks like."""
    rule = moving.rule
    name = _CLONED.sub("", rule.name)
    connector = context.connectors.get(rule.connector)
    theirs = [
        r
        for r in context.staging.rules
        if r.is_out_of_box and r.connector == connector and r.direction == rule.direction
    ]
    like = next((r for r in theirs if same_name(r.name, name) or _has_flows_of(rule, r)), None)
    if like is not None:
        return None if like.disabled else like.name
    return name if is_name_of_microsofts(name) else None


def _has_flows_of(rule: SyncRule, other: ServerRule) -> bool:
    own = other.sync_rule
    if own is None or not own.join_filter or not rule.attribute_flow_mappings:
        return False
    types = (rule.source_object_type.lower(), rule.target_object_type.lower())
    return (
        types == (own.source_object_type.lower(), own.target_object_type.lower())
        and rule.join_filter == own.join_filter
        and not differing_destinations(rule, own)
    )


def _is_state_known(context: Context, rule: SyncRule, original: str) -> bool:
    """Return whether a file of the active server shows the original, or shows all there is."""
    return any(
        r.is_out_of_box
        and r.disabled is not None
        and r.connector == rule.connector
        and same_name(r.name, original)
        for r in context.active.rules
    ) or context.active.is_complete_in(Facet.RULES)


def _looks_cloned(rule: SyncRule, original: str) -> Problem:
    return Problem(
        Code.SR464,
        f"'{rule.name}' looks like a clone of the out-of-box rule '{original}', and no file shows "
        "whether that rule is disabled on the active server. If it is enabled on staging, both "
        "join the same objects, and joins fail.",
        f"Export '{original}' on the active server too and give it as EXPORT, or give the active "
        "server's configuration folder with --active.",
    )
