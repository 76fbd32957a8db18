"""What a rule says, in words of one line."""

from __future__ import annotations

from collections.abc import Iterable

from syncrules.rules.enumerations import CONSTANT, EXPRESSION
from syncrules.rules.folding import on_one_line
from syncrules.rules.model import AttributeFlowMapping, JoinCondition, ScopeCondition
from syncrules.servers.model import AttributeType

__all__ = [
    "flow_in_words",
    "flows_in_words",
    "joins_in_words",
    "scope_in_words",
    "types_in_words",
]


def flow_in_words(flow: AttributeFlowMapping) -> str:
    """Return where a flow's value comes from, and how it is merged if not as usual."""
    if flow.flow_type == EXPRESSION:
        value = f"= {on_one_line(flow.expression or '')}"
    elif flow.flow_type == CONSTANT:
        value = f"'{', '.join(flow.source or ())}'"
    else:
        value = f"[{', '.join(flow.source or ())}]"
    merge = flow.value_merge_type or "Update"
    said = ([merge] if merge != "Update" else []) + (["once"] if flow.execute_once else [])
    return f"{value} ({', '.join(said)})" if said else value


def flows_in_words(flows: Iterable[AttributeFlowMapping]) -> str | None:
    """Return the flows to one attribute, in their order; `None` where there is none."""
    return "; then ".join(map(flow_in_words, flows)) or None


_OPERATORS = {
    "EQUAL": "is",
    "NOTEQUAL": "is not",
    "LESSTHAN": "<",
    "LESSTHAN_OR_EQUAL": "<=",
    "GREATERTHAN": ">",
    "GREATERTHAN_OR_EQUAL": ">=",
    "CONTAINS": "contains",
    "NOTCONTAINS": "does not contain",
    "STARTSWITH": "starts with",
    "NOTSTARTSWITH": "does not start with",
    "ENDSWITH": "ends with",
    "NOTENDSWITH": "does not end with",
    "ISIN": "is one of",
    "ISNOTIN": "is none of",
    "ISBITSET": "has the bits",
    "ISBITNOTSET": "does not have the bits",
    "ISMEMBEROF": "is a member of",
    "ISNOTMEMBEROF": "is not a member of",
}
_SYNTAXES = {
    "1.3.6.1.4.1.1466.115.121.1.5": "binary",
    "1.3.6.1.4.1.1466.115.121.1.7": "Boolean",
    "1.3.6.1.4.1.1466.115.121.1.12": "reference",
    "1.3.6.1.4.1.1466.115.121.1.15": "text",
    "1.3.6.1.4.1.1466.115.121.1.27": "integer",
    "1.3.6.1.4.1.1466.115.121.1.40": "binary",
    "1.2.840.113556.1.4.906": "large integer",
}
"""Source: RFC 4517 and RFC 2252; the last is of Microsoft's own, [MS-ADTS] 3.1.1.2.2.2."""


def types_in_words(types: Iterable[AttributeType]) -> str:
    """Return what values an attribute has, in all the ways that schemas tell it."""
    return " or ".join(sorted(map(_type, types)))


def _type(told: AttributeType) -> str:
    word = _SYNTAXES.get(told.syntax)
    syntax = told.syntax if word is None else f"{word} ({told.syntax})"
    return f"{syntax}, {'one value' if told.is_single else 'several values'}"


_WITHOUT_VALUE = {"ISNULL": "has no value", "ISNOTNULL": "has a value"}


def scope_in_words(groups: Iterable[Iterable[ScopeCondition]]) -> str | None:
    """Return which objects a rule applies to; `None` where it applies to all.

    >>> scope_in_words([[ScopeCondition("title", "CEO", "EQUAL")]])
    "title is 'CEO'"
    """
    return " or ".join(sorted(" and ".join(sorted(map(_condition, g))) for g in groups)) or None


def _condition(condition: ScopeCondition) -> str:
    attribute, operator = condition.attribute, condition.comparison_operator
    if operator in _WITHOUT_VALUE:
        return f"{attribute} {_WITHOUT_VALUE[operator]}"
    return f"{attribute} {_OPERATORS.get(operator, operator)} '{condition.comparison_value}'"


def joins_in_words(groups: Iterable[Iterable[JoinCondition]]) -> str | None:
    """Return how a rule joins objects, in the order in which it tries; `None` where it does not."""
    return ", else ".join(" and ".join(sorted(map(_join, g))) for g in groups) or None


def _join(condition: JoinCondition) -> str:
    case = " (case-sensitive)" if condition.case_sensitive else ""
    return f"{condition.cs_attribute} = {condition.mv_attribute}{case}"
