"""Whether two rules say the same, and in what they differ: the one comparison.

It looks at a rule's fields in plain text, made alike here and by the kit's scripts. Texts stand in
single quotes, each ' in them doubled: so a name that looks like a date stays a text when PowerShell
reads the manifest, and no two rules have one text. All line ends in them are LF, since a server
keeps its rules as XML, which does not tell line ends apart.

The order of scope groups does not count, nor that of flows to different attributes. That of flows
to one attribute does, and that of join groups (Microsoft's page on declarative provisioning: join
groups are tried in order). Of an expression, its tokens count, and not its layout, nor the sources
that the server derives from it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from operator import attrgetter
from typing import NamedTuple

from syncrules.expressions.scanner import significant

from . import timespan
from .enumerations import EXPRESSION
from .model import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule

__all__ = [
    "Difference",
    "Fields",
    "Value",
    "content_differences",
    "differences",
    "differences_as_planned",
    "differing_destinations",
    "differing_fields",
    "fields_of",
    "flows_told",
    "quoted",
    "unquoted",
]

Value = str | list[str] | list[list[str]]
Fields = Mapping[str, Value]
"""A rule's fields by the names of the cmdlets' parameters and properties."""

_UNSAID_MERGE = "Update"
"""What the cmdlet takes where nothing is said (declarative provisioning page)."""
_FLOWS = "AttributeFlowMappings"
_CONTENT = (
    *("LinkType", "SourceObjectType", "TargetObjectType", "EnablePasswordSync"),
    *("SoftDeleteExpiryInterval", _FLOWS, "ScopeFilter", "JoinFilter"),
)
"""What a rule does, in the order in which it is told."""


def quoted(text: str | None) -> str:
    """Return a text in single quotes; none at all is an empty one.

    >>> quoted("O'Brien")
    "'O''Brien'"
    """
    return "'" + _with_lf(text or "").replace("'", "''") + "'"


def _with_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def unquoted(text: str) -> str:
    """Return the text that `quoted` was given, its line ends apart."""
    return text[1:-1].replace("''", "'")


def fields_of(rule: SyncRule) -> dict[str, Value]:
    """Return the fields of a rule; what it leaves out to the server is not among them."""
    interval = rule.soft_delete_expiry_interval
    known: dict[str, Value | None] = {
        "Name": quoted(rule.name),
        "Description": quoted(rule.description),
        "Direction": rule.direction,
        "SourceObjectType": quoted(rule.source_object_type),
        "TargetObjectType": quoted(rule.target_object_type),
        "Connector": rule.connector,
        "LinkType": rule.link_type,
        "SoftDeleteExpiryInterval": None if interval is None else timespan.canonical(interval),
        "ImmutableTag": quoted(rule.immutable_tag),
        "EnablePasswordSync": str(rule.enable_password_sync),
        "Disabled": str(rule.disabled),
        _FLOWS: [_flow(f) for f in rule.attribute_flow_mappings],
        "ScopeFilter": [[_scope(c) for c in group] for group in rule.scope_filter],
        "JoinFilter": [[_join(c) for c in group] for group in rule.join_filter],
    }
    return {name: value for name, value in known.items() if value is not None}


def _flow(flow: AttributeFlowMapping) -> str:
    sources = ",".join(quoted(s) for s in flow.source or ())
    return (
        f"Destination {quoted(flow.destination)}, "
        f"FlowType {flow.flow_type}, "
        f"Source @({sources}), "
        f"ValueMergeType {flow.value_merge_type or _UNSAID_MERGE}, "
        f"ExecuteOnce {flow.execute_once}, "
        f"Expression {quoted(flow.expression)}"
    )


def _scope(condition: ScopeCondition) -> str:
    attribute, value = quoted(condition.attribute), quoted(condition.comparison_value)
    return f"{attribute} {condition.comparison_operator} {value}"


def _join(condition: JoinCondition) -> str:
    attributes = f"{quoted(condition.cs_attribute)} = {quoted(condition.mv_attribute)}"
    return f"{attributes}, case-sensitive {condition.case_sensitive}"


# ---- Comparing -----------------------------------------------------------------------------------


def differing_fields(planned: Fields, found: Fields) -> Iterator[str]:
    """Yield the names of the planned fields that a rule on a server does not have so."""
    for name, value in planned.items():
        other = found.get(name, "")
        if value != other and _comparable(name, value) != _comparable(name, other):
            yield name


def _comparable(name: str, value: Value) -> object:
    if isinstance(value, str):
        return value
    if name == _FLOWS:
        return _by_destination(_told_in(str(text)) for text in value)
    groups = [tuple(sorted(group)) for group in value]
    return groups if name == "JoinFilter" else Counter(groups)


class Difference(NamedTuple):
    """A field of `SyncRule` in which two rules differ, with what each has."""

    field: str
    one: object
    other: object


def differences(one: SyncRule, other: SyncRule) -> tuple[Difference, ...]:
    """Return the fields in which two rules differ, in their order in `SyncRule`.

    The order of scope groups and of the conditions in a group does not count, nor do line ends in
    texts, the way in which a time span is written, the layout of an expression and its sources;
    the order of flows counts if they fill one attribute. `None` is not a default.
    """
    first, second = fields_of(one), fields_of(other)
    unlike = {*differing_fields(first, second), *differing_fields(second, first)}
    return tuple(
        Difference(f.name, getattr(one, f.name), getattr(other, f.name))
        for f in fields(SyncRule)
        if (name := _FIELDS.get(f.name)) in unlike
        or (name is None and getattr(one, f.name) != getattr(other, f.name))
    )


_FIELDS = {
    "name": "Name",
    "description": "Description",
    "direction": "Direction",
    "source_object_type": "SourceObjectType",
    "target_object_type": "TargetObjectType",
    "connector": "Connector",
    "link_type": "LinkType",
    "soft_delete_expiry_interval": "SoftDeleteExpiryInterval",
    "immutable_tag": "ImmutableTag",
    "enable_password_sync": "EnablePasswordSync",
    "disabled": "Disabled",
    "attribute_flow_mappings": _FLOWS,
    "scope_filter": "ScopeFilter",
    "join_filter": "JoinFilter",
}
"""What `fields_of` calls a field; it does not have the others."""
_but_flows = attrgetter(
    *(field for field, name in _FIELDS.items() if name in _CONTENT and name != _FLOWS)
)


def content_differences(one: SyncRule, other: SyncRule) -> tuple[str, ...]:
    """Return the names of the fields in which two rules do not do the same.

    Identifiers, names, precedences, tags and the state are not looked at, nor are blanks outside
    the texts of an expression, nor the sources of an expression, which the server derives from it.
    A field that one of the rules leaves to the server is not compared. The order of flows to one
    attribute counts.
    """
    unlike = {_FLOWS} if differing_destinations(one, other) else set()
    if _but_flows(one) != _but_flows(other):
        first, second = _plain_but_flows(one), _plain_but_flows(other)
        unlike |= {name for name in first.keys() & second if first[name] != second[name]}
    return tuple(name for name in _CONTENT if name in unlike)


def _plain_but_flows(rule: SyncRule) -> dict[str, object]:
    fields = fields_of(replace(rule, attribute_flow_mappings=()))
    return {name: _comparable(name, fields[name]) for name in _CONTENT if name in fields}


def differences_as_planned(planned: SyncRule, found: SyncRule) -> tuple[str, ...]:
    """Return the names of the fields in which a rule that a server has is not the planned one.

    What it does is compared as by `content_differences`. Identifiers, precedences and references
    are not looked at, nor what the plan leaves to the server.
    """
    fields = differing_fields(fields_of(planned), fields_of(found))
    return (
        *(name for name in fields if name not in _CONTENT),
        *content_differences(planned, found),
    )


def differing_destinations(one: SyncRule, other: SyncRule) -> tuple[str, ...]:
    """Return the attributes that two rules do not fill alike, sorted."""
    flows = one.attribute_flow_mappings, other.attribute_flow_mappings
    if flows[0] == flows[1]:
        return ()
    first, second = (_by_destination(map(_told, own)) for own in flows)
    return tuple(sorted(d for d in first.keys() | second.keys() if first.get(d) != second.get(d)))


def flows_told(flows: Iterable[AttributeFlowMapping]) -> frozenset[tuple[str, tuple[object, ...]]]:
    """Return what is equal for two rules whose flows fill the same attributes in the same way."""
    by_destination = _by_destination(map(_told, flows))
    return frozenset((name, tuple(told)) for name, told in by_destination.items())


_Told = tuple[str, tuple[object, ...]]
"""The attribute that a flow fills, and how, without what means nothing."""


def _by_destination(flows: Iterable[_Told]) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for destination, told in flows:
        found.setdefault(destination, []).append(told)
    return found


def _told(flow: AttributeFlowMapping) -> _Told:
    sources = () if flow.flow_type == EXPRESSION else flow.source or ()
    return flow.destination, (
        flow.flow_type,
        tuple(map(_with_lf, sources)),
        flow.value_merge_type or _UNSAID_MERGE,
        flow.execute_once,
        significant(_with_lf(flow.expression or "")),
    )


_QUOTED = "'[^']*(?:''[^']*)*'"
_FLOW = (
    rf"Destination ({_QUOTED}), FlowType ([^,']*), Source @\(((?:{_QUOTED}(?:,{_QUOTED})*)?)\), "
    rf"ValueMergeType ([^']*), Expression ({_QUOTED})"
)
"""A flow as `fields_of` writes it."""


def _told_in(text: str) -> _Told:
    """Return of a flow in a field what `_told` returns of it; another text stays as it is."""
    found = re.fullmatch(_FLOW, text, re.DOTALL)
    if found is None:
        return text, ()
    destination, flow_type, sources, how, expression = found.groups()
    own = "" if flow_type == EXPRESSION else sources
    return destination, (flow_type, own, how, significant(unquoted(expression)))
