"""Joins on attributes that no rule fills, and clones that join beside their originals.

Source: the declarative provisioning page, for joins: only one rule with join conditions may be in
scope of an object. That editing a rule of Microsoft's makes a copy and disables the original says
its page on best practices for changing the default configuration. In Microsoft's 62 rules, each
attribute of the metaverse that a join compares is filled by an inbound rule; on a server without
Exchange some of these rules are not there, and the joins on their attributes stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from syncrules.diagnostics import Code, Problem, Several
from syncrules.pairing.out_of_box_rules import plain_name
from syncrules.rules.enumerations import INBOUND

from .checked import Checked
from .found import Found

__all__ = ["clones", "unfilled_joins"]


def unfilled_joins(checked: Checked) -> Iterator[Found]:
    """Yield the joins of custom rules that no object can have, where all rules are known.

    One that a rule of Microsoft's has, too, was only copied. Of an attribute that the metaverse
    does not have, that is told.
    """
    joining = [s for s in checked.custom if s.rule.join_filter and not s.rule.disabled]
    if not joining or not checked.has_all_rules:
        return
    known = _filled(checked) | _copied(checked)
    metaverse = checked.server.metaverse
    for subject in joining:
        for g, group in enumerate(subject.rule.join_filter):
            for c, condition in enumerate(group):
                name = condition.mv_attribute
                low = name.lower()
                if low not in known and (metaverse is None or low in metaverse):
                    yield Found(_unfilled(name), subject.join(g, c), f"a join of {subject.named}")


def _filled(checked: Checked) -> frozenset[str]:
    """Return the attributes that an inbound rule fills."""
    return frozenset(
        flow.destination.lower()
        for subject in checked.enabled
        if subject.rule.direction == INBOUND
        for flow in subject.rule.attribute_flow_mappings
    )


def _copied(checked: Checked) -> frozenset[str]:
    """Return the attributes that joins of Microsoft's rules compare."""
    return frozenset(
        condition.mv_attribute.lower()
        for subject in (*checked.subjects, *checked.beside)
        if subject.rule.is_out_of_box
        for group in subject.rule.join_filter
        for condition in group
    )


def _unfilled(name: str) -> Problem:
    return Problem(
        Code.SR732,
        f"No enabled inbound rule fills '{name}' in the metaverse, so a join on it finds nothing.",
        "Correct the name of the attribute, or add a flow that fills it.",
        several=Several(
            "attributes of the metaverse are filled by no enabled inbound rule, so a join on them "
            "finds nothing.",
            "Correct the names of the attributes, or add flows that fill them.",
            (name,),
        ),
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
            yield Found(_clone(original), subject.place, subject.named)


def _clone(original: str) -> Problem:
    return Problem(
        Code.SR736,
        f"This rule looks like a clone of the out-of-box rule '{original}', which is enabled. If "
        "both apply to an object, joins fail.",
        f"Disable '{original}', or limit the scope of one of the two.",
        several=Several(
            "rules look like clones of out-of-box rules that are enabled. If both apply to an "
            "object, joins fail.",
            "Disable the out-of-box rules, or limit the scope of one of each two.",
            (f"original '{original}'",),
        ),
    )
