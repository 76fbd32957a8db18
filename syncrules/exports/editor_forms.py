"""Commands in the Editor's layout, read by one pattern each.

Where a command is written as the Editor writes it, with the parameters of its cmdlet in the order
of the table in cmdlets.py, each with the plainest form of its kind, one pattern made from that
table gives its values at once. What does not match, or has a value that needs a word about it, is
read by binder.py and conversion.py, which read the same of what does match: a test compares them.

What such a command says is what it makes, and a variable in lower case: that of the rule that gets
it, or the one that a condition is kept in. An added rule is `None`. New-ADSyncRule and
Get-ADSyncRule give their values instead, which have places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from sys import intern
from typing import NamedTuple

from syncrules.rules.enumerations import FLOW_TYPES, OPERATORS, VALUE_MERGE_TYPES
from syncrules.rules.model import AttributeFlowMapping, JoinCondition, ScopeCondition
from syncrules.script.editor_layout import Form, Forms
from syncrules.script.nodes import Number, Text, Value, Word
from syncrules.script.quoting import SINGLE_BODY, undoubled

from .cmdlets import (
    ADD_FLOW,
    ADD_JOIN_GROUP,
    ADD_RULE,
    ADD_SCOPE_GROUP,
    COMMANDS,
    GET_RULE,
    JOIN_CONDITION,
    NEW_OBJECT,
    NEW_RULE,
    SCOPE_CONDITION,
    Kind,
)

__all__ = ["FORMS", "PlainGroup", "PlainReading"]


class PlainGroup(NamedTuple):
    """A group of conditions, by the variables that hold them, in lower case."""

    kind: type[ScopeCondition | JoinCondition]
    variables: tuple[str, ...]


PlainReading = tuple[AttributeFlowMapping | ScopeCondition | JoinCondition | PlainGroup | None, str]


# Words that come again and again are kept once: a large export has tens of thousands of each.
_FLOW_TYPES = {word: word for word in FLOW_TYPES}
_MERGE_TYPES = {word: word for word in VALUE_MERGE_TYPES}
_OPERATORS = {word: word for word in OPERATORS}


def _flow(
    rule: str,
    source: str | None,
    more: str | None,
    destination: str,
    flow_type: str,
    merge: str | None,
    once: str | None,
    expression: str | None,
    out: str,
) -> PlainReading | None:
    if not destination or flow_type not in _FLOW_TYPES or out != rule:
        return None
    if merge is not None and merge not in _MERGE_TYPES:
        return None
    flow = AttributeFlowMapping(
        None if source is None else (intern(undoubled(source)), *(_texts(more) if more else ())),
        intern(undoubled(destination)),
        _FLOW_TYPES[flow_type],
        None if merge is None else _MERGE_TYPES[merge],
        once is not None,
        None if expression is None else undoubled(expression),
    )
    return flow, intern(rule.lower())


def _condition(
    type_name: str, first: str, second: str, operator: str | None, flag: str | None, out: str
) -> PlainReading | None:
    variable = intern(out.lower())
    if type_name == SCOPE_CONDITION and operator in _OPERATORS:
        attribute, value = intern(undoubled(first)), undoubled(second)
        return ScopeCondition(attribute, value, _OPERATORS[operator]), variable
    if type_name == JOIN_CONDITION and flag is not None:
        names = intern(undoubled(first)), intern(undoubled(second))
        return JoinCondition(*names, flag == "true"), variable
    return None


def _scopes(rule: str, variables: str, out: str) -> PlainReading | None:
    return _group(ScopeCondition, rule, variables, out)


def _joins(rule: str, variables: str, out: str) -> PlainReading | None:
    return _group(JoinCondition, rule, variables, out)


def _group(
    kind: type[ScopeCondition | JoinCondition], rule: str, variables: str, out: str
) -> PlainReading | None:
    if out != rule:
        return None
    names = (v[1:-3] for v in variables.lower().split(","))
    return PlainGroup(kind, tuple(names)), intern(rule.lower())


def _addition(rule: str) -> PlainReading:
    return None, intern(rule.lower())


# ---- Values with their places --------------------------------------------------------------------


def _values_of(name: str) -> Callable[[re.Match[str], int], dict[str, Value | None]]:
    """Return what gives the values of a command by the groups of its pattern."""
    parameters = [
        (parameter, kind is Kind.SWITCH, kind in _NUMBERS)
        for parameter, kind in COMMANDS[name].parameters.items()
    ]

    def values(found: re.Match[str], group: int) -> dict[str, Value | None]:
        given: dict[str, Value | None] = {}
        for parameter, is_switch, is_number in parameters:
            group += 1
            written = found[group]
            if written is None:
                continue
            start, end = found.span(group)
            if is_switch:
                given[parameter] = None
            elif is_number:
                given[parameter] = Number(start, end, int(written))
            else:
                given[parameter] = Text(start - 1, end + 1, undoubled(written), "'")
        if name not in _RETURNS_NOTHING:
            given["OutVariable"] = Word(*found.span(group + 1), found[group + 1])
        return given

    return values


# ---- Patterns ------------------------------------------------------------------------------------

_NAME = "[A-Za-z][A-Za-z0-9]*"
_ELEMENT = rf"\${_NAME}\[0\]"
_BODY = f"(?!--%){SINGLE_BODY}"
_TEXT = f"'({_BODY})'"
_NUMBERS = (Kind.INTEGER, Kind.INTERVAL)
_VALUES = {
    Kind.TEXT: f" {_TEXT}",
    Kind.WORD: " '([A-Za-z0-9_.-]*)'",
    Kind.GUID: " '([0-9A-Fa-f-]*)'",
    Kind.INTEGER: " ([0-9]{1,9})",
    Kind.INTERVAL: " ([0-9]{1,9})",
    Kind.TEXTS: rf" @\({_TEXT}((?:,'{_BODY}')*)\)",
    Kind.RULE: rf" \$({_NAME})\[0\]",
    Kind.CONDITIONS: rf" @\(({_ELEMENT}(?:,{_ELEMENT})*)\)",
    Kind.ARGUMENTS: rf" {_TEXT},{_TEXT},(?:{_TEXT}|\$(true|false))",
    Kind.VARIABLE_NAME: f" ({_NAME})",
}


_RETURNS_NOTHING = (ADD_RULE, GET_RULE)
"""What the Editor writes without -OutVariable."""


def _pattern(name: str) -> str:
    """Return what matches a cmdlet with its parameters in the Editor's order."""
    form = COMMANDS[name]
    written = "".join(
        _setting(parameter, kind, needed=parameter in form.needed)
        for parameter, kind in form.parameters.items()
    )
    if name not in _RETURNS_NOTHING:
        written += _setting("OutVariable", Kind.VARIABLE_NAME, needed=True)
    return rf"{name}(?= +`){written}"  # one without parameters has no layout


def _setting(parameter: str, kind: Kind, *, needed: bool) -> str:
    written = rf" +`\r?\n-{parameter}"
    if kind is Kind.SWITCH:
        return f"({written})?"
    return f"{written}{_VALUES[kind]}" if needed else f"(?:{written}{_VALUES[kind]})?"


FORMS: Forms = (
    Form(ADD_FLOW, _pattern(ADD_FLOW), _flow),
    Form(NEW_OBJECT, _pattern(NEW_OBJECT), _condition),
    Form(ADD_SCOPE_GROUP, _pattern(ADD_SCOPE_GROUP), _scopes),
    Form(ADD_JOIN_GROUP, _pattern(ADD_JOIN_GROUP), _joins),
    Form(ADD_RULE, _pattern(ADD_RULE), _addition),
    *(Form(name, _pattern(name), values=_values_of(name)) for name in (NEW_RULE, GET_RULE)),
)


@cache
def _further() -> re.Pattern[str]:
    return re.compile(f",'({SINGLE_BODY})'")


def _texts(more: str) -> Iterator[str]:
    return map(undoubled, _further().findall(more))
