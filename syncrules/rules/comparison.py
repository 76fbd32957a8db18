"""A rule's fields as the kit compares them: in plain text, made alike here and by the scripts.

Texts stand in single quotes, each ' in them doubled: so a name that looks like a date stays a text
when PowerShell reads the manifest, and no two rules have one text. All line ends in them are LF,
since a server keeps its rules as XML, which does not tell line ends apart.

The order of flows and of scope groups does not count, that of join groups does (Microsoft's page
on declarative provisioning: join groups are tried in order).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from .enumerations import DIRECTIONS, FLOW_TYPES, LINK_TYPES, OPERATORS, VALUE_MERGE_TYPES
from .model import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule

__all__ = ["Fields", "differences", "fields_of", "quoted", "unquoted"]

Value = str | list[str] | list[list[str]]
Fields = Mapping[str, Value]

_LINE_END = re.compile(r"\r\n?")
_TICKS_A_SECOND = 10_000_000
_TIME = re.compile(r"(-?)(?:(\d+)\.)?(\d+):(\d+)(?::(\d+)(?:\.(\d{1,7}))?)?")


def quoted(text: str | None) -> str:
    """Return a text in single quotes; none at all is an empty one.

    >>> quoted("O'Brien")
    "'O''Brien'"
    """
    plain = _LINE_END.sub("\n", text or "")
    return "'" + plain.replace("'", "''") + "'"


def unquoted(text: str) -> str:
    """Return the text that `quoted` was given, its line ends apart."""
    return text[1:-1].replace("''", "'")


def fields_of(rule: SyncRule) -> dict[str, Value]:
    """Return the fields of a rule; what it leaves out to the server is not among them."""
    known: dict[str, Value | None] = {
        "Name": quoted(rule.name),
        "Description": quoted(rule.description),
        "Direction": _word(rule.direction, DIRECTIONS),
        "SourceObjectType": quoted(rule.source_object_type),
        "TargetObjectType": quoted(rule.target_object_type),
        "Connector": rule.connector,
        "LinkType": None if rule.link_type is None else _word(rule.link_type, LINK_TYPES),
        "SoftDeleteExpiryInterval": _interval(rule.soft_delete_expiry_interval),
        "ImmutableTag": quoted(rule.immutable_tag),
        "EnablePasswordSync": str(rule.enable_password_sync),
        "Disabled": str(rule.disabled),
        "AttributeFlowMappings": [_flow(f) for f in rule.attribute_flow_mappings],
        "ScopeFilter": [[_scope(c) for c in group] for group in rule.scope_filter],
        "JoinFilter": [[_join(c) for c in group] for group in rule.join_filter],
    }
    return {name: value for name, value in known.items() if value is not None}


def _word(text: str, known: Iterable[str]) -> str:
    """Return a word of an enumeration as .NET prints it; exports may have it in any case."""
    return next((word for word in known if word.lower() == text.lower()), text)


def _flow(flow: AttributeFlowMapping) -> str:
    sources = ",".join(quoted(s) for s in flow.source or ())
    return (
        f"Destination {quoted(flow.destination)}, "
        f"FlowType {_word(flow.flow_type, FLOW_TYPES)}, "
        f"Source @({sources}), "
        # Update is what the cmdlet takes where nothing is said (declarative provisioning page).
        f"ValueMergeType {_word(flow.value_merge_type or 'Update', VALUE_MERGE_TYPES)}, "
        f"ExecuteOnce {flow.execute_once}, "
        f"Expression {quoted(flow.expression)}"
    )


def _scope(condition: ScopeCondition) -> str:
    operator = _word(condition.comparison_operator, OPERATORS)
    return f"{quoted(condition.attribute)} {operator} {quoted(condition.comparison_value)}"


def _join(condition: JoinCondition) -> str:
    attributes = f"{quoted(condition.cs_attribute)} = {quoted(condition.mv_attribute)}"
    return f"{attributes}, case-sensitive {condition.case_sensitive}"


def _interval(text: str | None) -> str | None:
    """Return a TimeSpan as .NET's format "c" prints it."""
    if text is None:
        return None
    count = _ticks(text)
    seconds, fraction = divmod(abs(count), _TICKS_A_SECOND)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    day = f"{days}." if days else ""
    rest = f".{fraction:07}" if fraction else ""
    return f"{'-' if count < 0 else ''}{day}{hour:02}:{minute:02}:{second:02}{rest}"


def _ticks(text: str) -> int:
    """Return a TimeSpan in .NET's unit of 100 nanoseconds, as .NET reads its text."""
    if text.isdigit():
        return int(text)
    found = _TIME.fullmatch(text)
    assert found, text  # the reader takes no other
    sign, *parts, fraction = found.groups("0")
    days, hours, minutes, seconds = map(int, parts)
    if hours > 23:  # three numbers of which the first is no hour: days, hours, minutes
        days, hours, minutes, seconds = hours, minutes, seconds, 0
    whole = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return (-1 if sign == "-" else 1) * (whole * _TICKS_A_SECOND + int(fraction.ljust(7, "0")))


# ---- Comparing -----------------------------------------------------------------------------------


def differences(planned: Fields, found: Fields) -> Iterator[str]:
    """Yield the names of the planned fields that a rule on a server does not have so."""
    for name, value in planned.items():
        if _comparable(name, value) != _comparable(name, found.get(name, "")):
            yield name


def _comparable(name: str, value: Value) -> object:
    if isinstance(value, str):
        return value
    if name == "AttributeFlowMappings":
        return Counter(map(str, value))
    groups = [tuple(sorted(group)) for group in value]
    return groups if name == "JoinFilter" else Counter(groups)
