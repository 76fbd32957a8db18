"""A rule as the server has it, in the form of the stand-in's record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from syncrules import AttributeFlowMapping, SyncRule
from syncrules.rules.guids import ZERO_GUID

Json = dict[str, Any]

_INTERVAL = re.compile(r"(-?)(?:(\d+)\.)?(\d+):(\d+)(?::(\d+)(?:\.(\d{1,7}))?)?")


def bound(rules: Iterable[SyncRule]) -> list[Json]:
    """Return what PowerShell should bind for these rules.

    A reference that is left out is the zero GUID; all else that is left out is `None`.
    """
    return [_rule(rule) for rule in rules]


def seen(records: Iterable[Json], rules: Iterable[SyncRule]) -> list[Json]:
    """Return a server's records, without the identifiers that the server itself gave."""
    own = {rule.identifier for rule in rules}
    return [r if r["Identifier"] in own else r | {"Identifier": None} for r in records]


def _rule(rule: SyncRule) -> Json:
    return {
        "Name": rule.name,
        "Identifier": rule.identifier,
        "Description": rule.description,
        "Direction": rule.direction,
        "Precedence": rule.precedence,
        "PrecedenceAfter": rule.precedence_after or ZERO_GUID,
        "PrecedenceBefore": rule.precedence_before or ZERO_GUID,
        "SourceObjectType": rule.source_object_type,
        "TargetObjectType": rule.target_object_type,
        "Connector": rule.connector,
        "LinkType": rule.link_type,
        "SoftDeleteExpiryInterval": _ticks(rule.soft_delete_expiry_interval),
        "ImmutableTag": rule.immutable_tag,
        "EnablePasswordSync": rule.enable_password_sync,
        "Disabled": rule.disabled,
        "AttributeFlowMappings": [_flow(flow) for flow in rule.attribute_flow_mappings],
        "ScopeFilter": [
            [
                {
                    "Attribute": condition.attribute,
                    "ComparisonValue": condition.comparison_value,
                    "ComparisonOperator": condition.comparison_operator,
                }
                for condition in group
            ]
            for group in rule.scope_filter
        ],
        "JoinFilter": [
            [
                {
                    "CSAttribute": condition.cs_attribute,
                    "MVAttribute": condition.mv_attribute,
                    "CaseSensitive": condition.case_sensitive,
                }
                for condition in group
            ]
            for group in rule.join_filter
        ],
    }


def _flow(flow: AttributeFlowMapping) -> Json:
    return {
        "Source": None if flow.source is None else list(flow.source),
        "Destination": flow.destination,
        "FlowType": flow.flow_type,
        "ValueMergeType": flow.value_merge_type,
        "ExecuteOnce": flow.execute_once,
        "Expression": flow.expression,
    }


def _ticks(interval: str | None) -> int | None:
    """Return a TimeSpan in .NET's unit of 100 nanoseconds."""
    if interval is None or interval.isdigit():
        return None if interval is None else int(interval)
    found = _INTERVAL.fullmatch(interval)
    assert found, interval
    sign, *parts, fraction = found.groups("0")
    days, hours, minutes, seconds = map(int, parts)
    whole = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return (-1 if sign == "-" else 1) * (whole * 10**7 + int(fraction.ljust(7, "0")))
