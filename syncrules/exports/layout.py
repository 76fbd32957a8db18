"""Commands laid out as the Synchronization Rules Editor prints them.

Two blanks before the backtick of a command and of a switch, one before that of a value, two empty
lines after every command. A text that is `--%` is attached to its parameter: alone, even in
quotes, PowerShell would take it for its stop-parsing token.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from syncrules.rules.model import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule
from syncrules.script.quoting import quote

from .cmdlets import JOIN_CONDITION, SCOPE_CONDITION

__all__ = [
    "AFTER_COMMAND",
    "STOP_PARSING",
    "Layout",
    "Parameters",
    "command_text",
    "condition_arguments",
    "flow_layout",
    "group_layouts",
    "parameter_text",
    "rule_parameters",
    "script_text",
]

Parameters = dict[str, str]
"""Values by parameter name, as they are written; a switch has an empty one."""

Layout = tuple[str, Parameters]
"""A command's name and its parameters."""

AFTER_COMMAND = 3
"""So many line breaks stand after a command."""

STOP_PARSING = quote("--%")
"""A text that may stand in an array, or attached to its parameter, only."""

_VARIABLE = "syncRule"


def script_text(rules: Iterable[SyncRule], newline: str = "\r\n") -> str:
    """Return a script that creates `rules`, in their order; whether it can be read is not checked.

    Fields that are `None` are left out.
    """
    return "".join(
        command_text(layout, newline) + newline * AFTER_COMMAND
        for rule in rules
        for layout in _commands(rule)
    )


def command_text(layout: Layout, newline: str) -> str:
    """Return a command, without a line break behind it."""
    return newline.join(_lines(*layout))


def _lines(name: str, parameters: Parameters) -> Iterator[str]:
    yield f"{name}  `"
    *others, last = parameters.items()
    for parameter, value in others:
        yield f"{parameter_text(parameter, value)} `" if value else f"-{parameter}  `"
    yield parameter_text(*last)


def parameter_text(parameter: str, value: str) -> str:
    """Return a parameter with its value."""
    if not value:
        return f"-{parameter}"
    separator = ":" if value == STOP_PARSING else " "
    return f"-{parameter}{separator}{value}"


def _commands(rule: SyncRule) -> Iterator[Layout]:
    yield "New-ADSyncRule", rule_parameters(rule) | {"OutVariable": _VARIABLE}
    for flow in rule.attribute_flow_mappings:
        yield flow_layout(flow, _VARIABLE)
    for scope in rule.scope_filter:
        yield from group_layouts(scope, _VARIABLE)
    for join in rule.join_filter:
        yield from group_layouts(join, _VARIABLE)
    yield "Add-ADSyncRule", {"SynchronizationRule": _element(_VARIABLE)}
    if rule.identifier is not None:
        yield "Get-ADSyncRule", {"Identifier": quote(rule.identifier)}


def _element(variable: str) -> str:
    return f"${variable}[0]"


def rule_parameters(rule: SyncRule) -> Parameters:
    """Return the parameters of a rule's New-ADSyncRule, but for -OutVariable."""
    return _present(
        {
            "Name": quote(rule.name),
            "Identifier": _quoted(rule.identifier),
            "Description": _quoted(rule.description),
            "Direction": quote(rule.direction),
            "Precedence": None if rule.precedence is None else str(rule.precedence),
            "PrecedenceAfter": _quoted(rule.precedence_after),
            "PrecedenceBefore": _quoted(rule.precedence_before),
            "SourceObjectType": quote(rule.source_object_type),
            "TargetObjectType": quote(rule.target_object_type),
            "Connector": quote(rule.connector),
            "LinkType": _quoted(rule.link_type),
            "SoftDeleteExpiryInterval": _interval(rule.soft_delete_expiry_interval),
            "ImmutableTag": _quoted(rule.immutable_tag),
            "EnablePasswordSync": _switch(rule.enable_password_sync),
            "Disabled": _switch(rule.disabled),
        }
    )


def flow_layout(flow: AttributeFlowMapping, variable: str) -> Layout:
    """Return the command that gives the rule in `variable` a flow."""
    return "Add-ADSyncAttributeFlowMapping", _present(
        {
            "SynchronizationRule": _element(variable),
            "Source": None if flow.source is None else _array(flow.source),
            "Destination": quote(flow.destination),
            "FlowType": quote(flow.flow_type),
            "ValueMergeType": _quoted(flow.value_merge_type),
            "ExecuteOnce": _switch(flow.execute_once),
            "Expression": _quoted(flow.expression),
            "OutVariable": variable,
        }
    )


def _present(values: Mapping[str, str | None]) -> Parameters:
    return {name: value for name, value in values.items() if value is not None}


def _quoted(text: str | None) -> str | None:
    return None if text is None else quote(text)


def _switch(is_on: bool) -> str | None:
    return "" if is_on else None


def _interval(interval: str | None) -> str | None:
    is_number = interval is not None and interval.isascii() and interval.isdigit()
    return interval if is_number else _quoted(interval)


def group_layouts(
    group: Sequence[ScopeCondition | JoinCondition], variable: str
) -> Iterator[Layout]:
    """Yield the commands that make a group's conditions and give it to the rule in `variable`."""
    is_scope = isinstance(group[0], ScopeCondition)
    for index, condition in enumerate(group):
        values = condition_arguments(condition)
        listed = ",".join(values)
        yield (
            "New-Object",
            {
                "TypeName": quote(SCOPE_CONDITION if is_scope else JOIN_CONDITION),
                "ArgumentList": f"@({listed})" if STOP_PARSING in values else listed,
                "OutVariable": f"condition{index}",
            },
        )
    kind = "Scope" if is_scope else "Join"
    members = ",".join(_element(f"condition{index}") for index in range(len(group)))
    yield (
        f"Add-ADSync{kind}ConditionGroup",
        {
            "SynchronizationRule": _element(variable),
            f"{kind}Conditions": f"@({members})",
            "OutVariable": variable,
        },
    )


def condition_arguments(condition: ScopeCondition | JoinCondition) -> tuple[str, str, str]:
    """Return the three values that a condition is made from, as they are written."""
    if isinstance(condition, ScopeCondition):
        operator = quote(condition.comparison_operator)
        return quote(condition.attribute), quote(condition.comparison_value), operator
    flag = "$true" if condition.case_sensitive else "$false"
    return quote(condition.cs_attribute), quote(condition.mv_attribute), flag


def _array(texts: Iterable[str]) -> str:
    return f"@({','.join(map(quote, texts))})"
