"""In what staging's rule is not as planned, with the values of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import takewhile

from syncrules.rules.comparison import Value, differing_destinations, fields_of
from syncrules.rules.enumerations import EXPRESSION
from syncrules.rules.model import AttributeFlowMapping, SyncRule
from syncrules.servers.model import ServerRule
from syncrules.wording import first_of

from ..context import Context
from ..counterparts import PRECEDENCE, as_planned, unlike

__all__ = ["told_difference"]

_SHOWN = 3
_LONGEST = 160
_CONTEXT = 40
"""Characters of a long value, and how many of them stand before the first that differs."""


def told_difference(context: Context, rule: SyncRule | ServerRule, found: ServerRule) -> str:
    """Return a sentence that says in what staging's rule differs from one of the active server."""
    planned = as_planned(context, rule)
    fields = unlike(context, rule, found)
    if fields is None or planned is None or found.sync_rule is None:
        return (
            "Whether the two are the same is not known: no file shows all of the rule on the "
            "staging server."
            if planned is not None
            else "Whether the two are the same is not known."
        )
    if not fields:
        return "The two are the same in every field."
    told = [
        part
        for field in fields
        for part in _told(field, planned, found.sync_rule, found.precedence)
    ]
    return f"The two differ: {'; '.join(told)}."


def _told(field: str, planned: SyncRule, found: SyncRule, precedence: int | None) -> Iterator[str]:
    if field == PRECEDENCE:
        yield _both(PRECEDENCE, _place(planned, planned.precedence), _place(found, precedence))
        return
    ours, theirs = fields_of(planned).get(field, ""), fields_of(found).get(field, "")
    if field != "AttributeFlowMappings":
        yield _both(field, _shown(ours, theirs), _shown(theirs, ours))
        return
    unlike = differing_destinations(planned, found)
    for destination in unlike[:_SHOWN]:
        one, other = (_flows_to(destination, rule) for rule in (planned, found))
        yield _both(f"the flow to {destination}", _cut(one, other), _cut(other, one))
    if len(unlike) > _SHOWN:
        yield f"and the flows to {first_of(unlike[_SHOWN:])}"


def _both(what: str, active: str, staging: str) -> str:
    return f"{what} is {active} on the active server and {staging} on staging"


def _place(rule: SyncRule, precedence: int | None) -> str:
    reference = rule.reference
    if reference is not None:
        return f"given by -{reference.parameter} {reference.identifier}"
    return "not given" if precedence is None else str(precedence)


def _flows_to(destination: str, rule: SyncRule) -> str:
    own = (f for f in rule.attribute_flow_mappings if f.destination == destination)
    return " and ".join(map(_flow, own)) or "none"


def _flow(flow: AttributeFlowMapping) -> str:
    """Return what fills an attribute, without what is the usual."""
    what = flow.expression if flow.flow_type == EXPRESSION else ", ".join(flow.source or ())
    merge = flow.value_merge_type or "Update"
    more = "" if merge == "Update" else f", {merge}"
    return f"{flow.flow_type} {what}{more}{', once' if flow.execute_once else ''}"


def _shown(value: Value, other: Value) -> str:
    """Return a value; of groups of conditions, those that the other has not."""
    if isinstance(value, str):
        return _cut(value, other if isinstance(other, str) else "") or "not given"
    rest = Counter(map(_group, value)) - Counter(map(_group, other))
    return " or ".join(rest.elements()) or ("in another order" if other and value else "none")


def _group(conditions: list[str] | str) -> str:
    return conditions if isinstance(conditions, str) else f"({' and '.join(conditions)})"


def _cut(text: str, other: str) -> str:
    """Return a text, of a long one the part around the first character that differs."""
    if len(text) <= _LONGEST:
        return text
    alike = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, other, strict=False))
    )
    start = max(alike - _CONTEXT, 0)
    end = start + _LONGEST
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
