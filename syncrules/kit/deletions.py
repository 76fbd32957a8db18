"""Moved rules that could lead to deletions, and what of each rule could: never that it does.

Sources: Microsoft's page on the staging server (a changed scope can delete objects: look at the
pending exports before the switch); its default rules to Entra ID, whose scope filters leave out
what has cloudFiltered True; its declarative provisioning page (an object lives while a rule with
Provision or StickyJoin has it in scope). Which objects a rule is about, no file given tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from syncrules.migration.plan import PlannedRule
from syncrules.rules.model import SyncRule
from syncrules.wording import shortened

__all__ = ["Cause", "Deletion", "deletions"]

_FILTERED = "cloudfiltered"
_KEEPING = ("Provision", "StickyJoin")
_SHOWN = 160
"""Characters of a value: the rule itself is shown whole elsewhere."""


class Cause(StrEnum):
    """What of a rule could lead to deletions, and how, from the most direct on."""

    FILTERED = (
        "cloudFiltered: Microsoft's rules to Entra ID leave out objects with cloudFiltered True, "
        "so an object that gets this value could be deleted there."
    )
    PROVISION = (
        "Provision or StickyJoin: an object stays in the target while such a rule has it in its "
        "scope. One that is no longer in the scope could be deleted there."
    )
    SCOPE = (
        "Scope filter: an object that it leaves out gets no attributes from the rule. That alone "
        "deletes nothing; but where another rule's scope filter tests such an attribute, the "
        "object could be deleted."
    )


class Deletion(NamedTuple):
    """A moved rule that could lead to deletions; `number` counts from 1 in the order of creation.

    `causes` are what it has of these, each with what it says.
    """

    number: int
    rule: SyncRule
    causes: tuple[tuple[Cause, str], ...]

    @property
    def is_by_scope_alone(self) -> bool:
        """Whether a scope filter is all that it has."""
        return all(cause is Cause.SCOPE for cause, _ in self.causes)


def deletions(rules: Iterable[PlannedRule]) -> Iterator[Deletion]:
    """Yield the enabled rules that could lead to deletions, those with the most direct cause first.

    Whichever have the same stand in the order of their creation.
    """
    found = (
        Deletion(number, planned.after, tuple(_causes(planned.after)))
        for number, planned in enumerate(rules, start=1)
        if not planned.after.disabled
    )
    order = list(Cause)
    yield from sorted(
        (one for one in found if one.causes), key=lambda one: order.index(one.causes[0][0])
    )


def _causes(rule: SyncRule) -> Iterator[tuple[Cause, str]]:
    for flow in rule.attribute_flow_mappings:
        if flow.destination.lower() == _FILTERED:
            value = flow.expression or ", ".join(flow.source or ()) or "nothing"
            yield Cause.FILTERED, shortened(f"{flow.flow_type} to cloudFiltered: {value}", _SHOWN)
    groups = rule.scope_filter
    scope = " or ".join(
        " and ".join(
            f"{c.attribute} {c.comparison_operator} {c.comparison_value}".rstrip() for c in group
        )
        for group in groups
    )
    if rule.link_type in _KEEPING:
        yield Cause.PROVISION, f"{rule.link_type}{'' if groups else ', without a scope filter'}"
    if groups:
        yield Cause.SCOPE, shortened(f"Scope: {scope}", _SHOWN)
