"""Joins on attributes that no rule fills, and clones that join beside their originals.

Source: the declarative provisioning page, for joins: only one rule with join conditions may be in
scope of an object. That editing a rule of Microsoft's makes a copy and disables the original says
its page on best practices for changing the default configuration. In Microsoft's 62 rules, each
attribute of the metaverse that a join compares is filled by an inbound rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from syncrules.diagnostics import Code, Problem
from syncrules.pairing.out_of_box_rules import plain_name
from syncrules.rules.enumerations import INBOUND

from .checked import Checked
from .found import Found

__all__ = ["clones", "unfilled_joins"]


def unfilled_joins(checked: Checked) -> Iterator[Found]:
    """Yield the joins of custom rules that no object can have, where all rules are known."""
    if not checked.has_all_rules:
        return
    filled = {
        flow.destination.lower()
        for subject in checked.enabled
        if subject.rule.direction == INBOUND
        for flow in subject.rule.attribute_flow_mappings
    }
    for subject in checked.custom:
        for g, group in enumerate(subject.rule.join_filter):
            for c, condition in enumerate(group):
                name = condition.mv_attribute
                if name.lower() not in filled and not subject.rule.disabled:
                    where = f"a join of '{subject.rule.name}'"
                    yield Found(_unfilled(name), subject.join(g, c), where)


def _unfilled(name: str) -> Problem:
    return Problem(
        Code.SR732,
        f"No enabled inbound rule fills '{name}' in the metaverse, so a join on it finds nothing.",
        "Correct the name of the attribute, or add a flow that fills it.",
    )


# ---- Clones --------------------------------------------------------------------------------------

_CLONED = re.compile(r" - Cloned\b.*", re.DOTALL)


def clones(checked: Checked) -> Iterator[Found]:
    """Yield the enabled custom rules that join, and whose original is enabled too."""
    originals = {
        (s.rule.connector, s.rule.direction, plain_name(s.rule.name)): s.rule.name
        for s in checked.enabled
        if s.rule.is_out_of_box and s.rule.join_filter
    }
    for subject in checked.custom:
        rule = subject.rule
        name = plain_name(_CLONED.sub("", rule.name))
        original = originals.get((rule.connector, rule.direction, name))
        if original is not None and rule.join_filter and not rule.disabled:
            yield Found(_clone(original), subject.place, f"'{rule.name}'")


def _clone(original: str) -> Problem:
    return Problem(
        Code.SR736,
        f"This rule looks like a clone of the out-of-box rule '{original}', which is enabled. If "
        "both apply to an object, joins fail.",
        f"Disable '{original}', or limit the scope of one of the two.",
    )
