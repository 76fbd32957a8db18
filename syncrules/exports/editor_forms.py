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

from syncrules.rules.enumerations import FLOW_TYPES, OPERATORS, VALUE_MERGE_TYPES
from syncrules.rules.model import AttributeFlowMapping, JoinCondition, ScopeCondition
from syncrules.script.editor_layout import EditorCommand
from syncrules.script.quoting import SINGLE_BODY, undoubled

from .cmdlets import ADD_FLOW, COMMANDS, JOIN_CONDITION, NEW_OBJECT, SCOPE_CONDITION, Kind

__all__ = ["condition_of", "flow_of"]


def flow_of(command: EditorCommand) -> tuple[AttributeFlowMapping, str] | None:
    """Return a flow and the variable of the rule that gets it, if nothing is wrong with it."""
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
    return flow, rule


def condition_of(command: EditorCommand) -> tuple[ScopeCondition | JoinCondition, str] | None:
    """Return a condition and the variable that it is kept in, if nothing is wrong with it."""
    found = _pattern(NEW_OBJECT).fullmatch(command.text, command.start, command.end)
    if found is None:
        return None
    type_name, first, second, operator, flag, out = found.groups()
    if type_name == SCOPE_CONDITION and operator in OPERATORS:
        return ScopeCondition(undoubled(first), undoubled(second), operator), out
    if type_name == JOIN_CONDITION and flag is not None:
        return JoinCondition(undoubled(first), undoubled(second), flag == "true"), out
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
