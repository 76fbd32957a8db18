"""Flows and conditions in the Editor's layout, read by one pattern a command.

Nine of ten commands of an export make a flow or a condition. Where one is written as the Editor
writes it, with the parameters of its cmdlet in the order of the table in cmdlets.py, each with the
plainest form of its kind, one pattern made from that table gives its values at once. What does not
match, or has a value that needs a word about it, is read by binder.py and conversion.py, which read
the same of what does match: a test compares them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from sys import intern

from syncrules.rules.enumerations import FLOW_TYPES, OPERATORS, VALUE_MERGE_TYPES
from syncrules.rules.model import AttributeFlowMapping, JoinCondition, ScopeCondition
from syncrules.script.editor_layout import EditorCommand
from syncrules.script.quoting import SINGLE_BODY, undoubled

from .cmdlets import ADD_FLOW, COMMANDS, JOIN_CONDITION, NEW_OBJECT, SCOPE_CONDITION, Kind

__all__ = ["plain_reading"]

_Flow = tuple[AttributeFlowMapping, str]
_Condition = tuple[ScopeCondition | JoinCondition, str]


def plain_reading(command: EditorCommand) -> _Flow | _Condition | None:
    """Return a flow or a condition with which nothing is wrong, and a variable in lower case.

    That is the variable of the rule that gets the flow, or the one that the condition is kept in.
    """
    if command.reading is None:
        if command.name == ADD_FLOW:
            command.reading = _flow_of(command)
        elif command.name == NEW_OBJECT:
            command.reading = _condition_of(command)
    reading: _Flow | _Condition | None = command.reading
    return reading


def _flow_of(command: EditorCommand) -> _Flow | None:
    found = _pattern(ADD_FLOW).fullmatch(command.text, command.start, command.end)
    if found is None:
        return None
    rule, source, more, destination, flow_type, merge, once, expression, out = found.groups()
    if not destination or flow_type not in FLOW_TYPES or out != rule:
        return None
    if merge is not None and merge not in VALUE_MERGE_TYPES:
        return None
    flow = AttributeFlowMapping(
        None if source is None else (undoubled(source), *(_texts(more) if more else ())),
        undoubled(destination),
        flow_type,
        merge,
        once is not None,
        None if expression is None else undoubled(expression),
    )
    return flow, intern(rule.lower())


def _condition_of(command: EditorCommand) -> _Condition | None:
    found = _pattern(NEW_OBJECT).fullmatch(command.text, command.start, command.end)
    if found is None:
        return None
    type_name, first, second, operator, flag, out = found.groups()
    variable = intern(out.lower())
    if type_name == SCOPE_CONDITION and operator in OPERATORS:
        return ScopeCondition(undoubled(first), undoubled(second), operator), variable
    if type_name == JOIN_CONDITION and flag is not None:
        return JoinCondition(undoubled(first), undoubled(second), flag == "true"), variable
    return None


# ---- Patterns ------------------------------------------------------------------------------------

_ELEMENT = r"\$([A-Za-z][A-Za-z0-9]*)\[0\]"
_FORMS = {
    Kind.TEXT: f" '({SINGLE_BODY})'",
    Kind.TEXTS: rf" @\('({SINGLE_BODY})'((?:,'{SINGLE_BODY}')*)\)",
    Kind.RULE: f" {_ELEMENT}",
    Kind.ARGUMENTS: rf" '({SINGLE_BODY})','({SINGLE_BODY})',(?:'({SINGLE_BODY})'|\$(true|false))",
    Kind.VARIABLE_NAME: " ([A-Za-z][A-Za-z0-9]*)",
}


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Return what matches a cmdlet with its parameters in the Editor's order."""
    form = COMMANDS[name]
    written = "".join(
        _setting(parameter, kind, needed=parameter in form.needed)
        for parameter, kind in form.parameters.items()
    )
    return re.compile(name + written + _setting("OutVariable", Kind.VARIABLE_NAME, needed=True))


def _setting(parameter: str, kind: Kind, *, needed: bool) -> str:
    written = rf" +`\r?\n-{parameter}"
    if kind is Kind.SWITCH:
        return f"({written})?"
    return f"{written}{_FORMS[kind]}" if needed else f"(?:{written}{_FORMS[kind]})?"


@cache
def _further() -> re.Pattern[str]:
    return re.compile(f",'({SINGLE_BODY})'")


def _texts(more: str) -> Iterator[str]:
    return map(undoubled, _further().findall(more))
