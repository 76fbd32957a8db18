"""What two rules have in their fields, side by side and in words."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.rules.model import SyncRule

from .model import Detail, ServerDifference
from .words import flows_in_words, joins_in_words, scope_in_words

__all__ = ["FLOWS", "field_detail", "flow_detail", "rest_of_rules", "shown", "state"]

FLOWS = "attribute_flow_mappings"
_FIELDS = (
    *("description", "direction", "source_object_type", "target_object_type", "link_type"),
    *("disabled", "precedence", "immutable_tag", "enable_password_sync"),
    *("soft_delete_expiry_interval", "scope_filter", "join_filter"),
)
"""What a reader wants to know of a rule besides its flows."""


def field_detail(field: str, one: SyncRule | None, other: SyncRule | None) -> Detail:
    """Return what two rules have in a field; `None` is a rule that is not there."""
    return Detail(field, "", *(None if r is None else shown(r, field) for r in (one, other)))


def flow_detail(one: SyncRule | None, other: SyncRule | None, attribute: str) -> Detail:
    """Return what two rules have of one attribute, which is in lower case."""
    ones, others = (
        [f for f in rule.attribute_flow_mappings if f.destination.lower() == attribute]
        if rule is not None
        else []
        for rule in (one, other)
    )
    name = (ones or others)[0].destination
    return Detail(FLOWS, name, flows_in_words(ones), flows_in_words(others))


def shown(rule: SyncRule, field: str) -> str:
    """Return in words what a rule has in a field."""
    value = getattr(rule, field)
    if field == "scope_filter":
        return scope_in_words(value) or "all objects"
    if field == "join_filter":
        return joins_in_words(value) or "joins none"
    if field == FLOWS:
        return f"{len(value)} flows"
    if field == "disabled":
        return state(value)
    return "" if value is None else str(value)


def state(disabled: bool) -> str:
    """Return whether a rule is in effect."""
    return "disabled" if disabled else "enabled"


def rest_of_rules(difference: ServerDifference) -> Iterator[Detail]:
    """Yield all that the rules of a difference have besides what it tells.

    Nothing where a file does not show them whole.
    """
    rules = [rule.sync_rule for rule in difference.rules if rule is not None]
    if not rules or None in rules:
        return
    one, other = (None if rule is None else rule.sync_rule for rule in difference.rules)
    told = {(detail.field, detail.part.lower()) for detail in difference.details}
    for field in _FIELDS:
        if (field, "") not in told:
            yield field_detail(field, one, other)
    flows = (f for rule in rules if rule is not None for f in rule.attribute_flow_mappings)
    for attribute in sorted({flow.destination.lower() for flow in flows}):
        if (FLOWS, attribute) not in told:
            yield flow_detail(one, other, attribute)
