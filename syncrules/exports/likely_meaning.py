"""What was probably meant by a word or by values in another order, from what people know.

The Synchronization Rules Editor names some fields otherwise than the cmdlets do ("Tag", "Merge
Type", "Apply Once"), and shows a condition as attribute, operator, value; the rule's object and the
server's XML have names of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from syncrules.diagnostics import Code, Problem
from syncrules.rules.enumerations import MISSPELT_OPERATORS, OPERATORS, canonical
from syncrules.wording import BY_EDITOR

__all__ = ["meant_operator", "meant_parameter", "meant_word", "values_in_another_order"]


def _letters(text: str) -> str:
    return re.sub("[^a-z]", "", text.lower())


# ---- Words ---------------------------------------------------------------------------------------

_WORDS = {
    "in": "Inbound",
    "import": "Inbound",
    "out": "Outbound",
    "export": "Outbound",
    "provisioning": "Provision",
    "joined": "Join",
    "sticky": "StickyJoin",
    "noflow": "JoinNoFlow",
    "const": "Constant",
    "expr": "Expression",
    "attribute": "Direct",
    "copy": "Direct",
    "caseinsensitive": "MergeCaseInsensitive",
}
_SIGNS = {
    **dict.fromkeys(("=", "==", "-eq"), "EQUAL"),
    **dict.fromkeys(("!=", "<>", "-ne"), "NOTEQUAL"),
    **dict.fromkeys(("<", "-lt"), "LESSTHAN"),
    **dict.fromkeys(("<=", "-le"), "LESSTHAN_OR_EQUAL"),
    **dict.fromkeys((">", "-gt"), "GREATERTHAN"),
    **dict.fromkeys((">=", "-ge"), "GREATERTHAN_OR_EQUAL"),
}
_OPERATORS = {
    **{_letters(operator): operator for operator in OPERATORS},
    **{_letters(wrong): right for wrong, right in MISSPELT_OPERATORS.items()},
}


def meant_word(word: str, allowed: Iterable[str]) -> str | None:
    """Return which of some words another word probably means."""
    letters, allowed = _letters(word), tuple(allowed)
    same = next((one for one in allowed if _letters(one) == letters), None)
    if same is not None:
        return same
    known = _WORDS.get(letters)
    return known if known in allowed else None


def meant_operator(word: str) -> str | None:
    """Return which operator a word or sign probably means."""
    sign = _SIGNS.get(word.strip().lower())
    if sign is not None:
        return sign
    letters = _letters(word)
    letters = re.sub(
        "^(?:does|is)?not(?=equal|less|greater|contain|start|end|begin)", "not", letters
    )
    letters = re.sub("^is(?=equal|less|greater)", "", letters).replace("begin", "start")
    letters = re.sub("^(not)?(equal|contain|start|end)s?", _with_s, letters)
    letters = re.sub("(?:than)?or(?:equals?(?:to)?)$", "thanorequal", letters)
    letters = re.sub("^(not)?equalto$", r"\1equal", letters)
    letters = re.sub("^(not)?(null|in|memberof|bitset)$", r"is\1\2", letters)
    return _OPERATORS.get(letters)


def _with_s(found: re.Match[str]) -> str:
    return (found[1] or "") + found[2] + ("" if found[2] == "equal" else "s")


# ---- Values of a condition -----------------------------------------------------------------------


def values_in_another_order(kind: str, values: Sequence[str | bool | None]) -> Problem | None:
    """Return the problem of a condition's values that make sense in another order only.

    `kind` is Scope or Join; a value is a text, `$true` or `$false`, or something else.
    """
    texts = [value for value in values if isinstance(value, str)]
    operators = [value for value in texts if canonical(value, OPERATORS)]
    flags = [value for value in values if isinstance(value, bool)]
    if kind == "Join":
        return _join(values, texts, operators, flags)
    if flags and len(texts) == 2 and not operators:
        return _other_kind("scope", "Join", f"'{texts[0]}','{texts[1]}',{_flag(flags[0])}")
    if len(operators) != 1 or (values[-1] == operators[0] and len(values) == 3):
        return None
    operator = canonical(operators[0], OPERATORS) or ""
    rest = [value for value in texts if value != operators[0]]
    if len(values) == 3 and len(rest) == 2:
        return _order(
            "operator", "'attribute','value','OPERATOR'", f"'{rest[0]}','{rest[1]}','{operator}'"
        )
    if len(values) == 2 and operator in ("ISNULL", "ISNOTNULL") and len(rest) == 1:
        return Problem(
            Code.SR327,
            f"A scope condition is made from three values, also with {operator}: the value is an "
            "empty text then.",
            f"Write '{rest[0]}','','{operator}'.",
        )
    return None


def _join(
    values: Sequence[str | bool | None], texts: list[str], operators: list[str], flags: list[bool]
) -> Problem | None:
    if len(values) == 3 and isinstance(values[2], bool):
        return None
    rest = [text for text in texts if text not in operators]
    if len(operators) == 1 and len(values) == 3 and len(texts) == 3 and values[2] == operators[0]:
        shown = f"'{texts[0]}','{texts[1]}','{canonical(texts[2], OPERATORS)}'"
        return _other_kind("join", "Scope", shown)
    if operators and len(rest) == 2:
        flag = _flag(flags[0]) if flags else "$false"
        return Problem(
            Code.SR333 if len(values) == 3 else Code.SR327,
            f"A join condition has no operator, such as {operators[0]} here: it joins where the "
            "two attributes are equal.",
            f"Write '{rest[0]}','{rest[1]}',{flag}, with $true where letter case counts.",
        )
    if len(values) == 3 and len(flags) == 1 and len(texts) == 2:
        shown = f"'{texts[0]}','{texts[1]}',{_flag(flags[0])}"
        return _order(_flag(flags[0]), "'attribute','metaverse attribute',$false", shown)
    if len(values) == 2 and len(texts) == 2:
        return Problem(
            Code.SR327,
            "The third value of the join condition is missing: whether letter case counts.",
            f"Write '{texts[0]}','{texts[1]}',$false, with $true where letter case counts.",
        )
    return None


def _flag(value: bool) -> str:
    return "$true" if value else "$false"


def _order(what: str, order: str, shown: str) -> Problem:
    return Problem(
        Code.SR333,
        f"The values of this condition seem to be in another order: the {what} is the last one."
        if what == "operator"
        else f"The values of this condition seem to be in another order: {what} is the last one.",
        f"Write them as {order}: {shown}. Check it in the Editor.",
    )


def _other_kind(one: str, other: str, shown: str) -> Problem:
    return Problem(
        Code.SR333,
        f"These are the values of a {other.lower()} condition, but this makes a {one} condition.",
        f"Write …{other}Condition as its -TypeName and add it by "
        f"Add-ADSync{other}ConditionGroup ({shown}), or export the rule again {BY_EDITOR}.",
    )


# ---- Parameters ----------------------------------------------------------------------------------

_RULE, _FLOW = "New-ADSyncRule", "Add-ADSyncAttributeFlowMapping"
_RENAMED = {
    _RULE: {
        "tag": "ImmutableTag",
        "connectedsystem": "Connector",
        "connectorid": "Connector",
        "passwordsync": "EnablePasswordSync",
    },
    _FLOW: {
        "mergetype": "ValueMergeType",
        "applyonce": "ExecuteOnce",
        "target": "Destination",
        "targetattribute": "Destination",
        "sourceattribute": "Source",
        "type": "FlowType",
        "rule": "SynchronizationRule",
    },
    "Add-ADSyncScopeConditionGroup": {
        "conditions": "ScopeConditions",
        "joinconditions": "ScopeConditions",
        "rule": "SynchronizationRule",
    },
    "Add-ADSyncJoinConditionGroup": {
        "conditions": "JoinConditions",
        "scopeconditions": "JoinConditions",
        "rule": "SynchronizationRule",
    },
    "Add-ADSyncRule": {"rule": "SynchronizationRule"},
}
_OWN_COMMAND = {
    **dict.fromkeys(
        ("attributeflowmappings", "attributeflowmapping", "attributemappings", "transformations"),
        ("Each attribute flow", "Add-ADSyncAttributeFlowMapping"),
    ),
    **dict.fromkeys(
        ("scopefilter", "scopingfilter", "scopefilters", "scopeconditions"),
        ("Each group of the scoping filter", "Add-ADSyncScopeConditionGroup"),
    ),
    **dict.fromkeys(
        ("joinfilter", "joinrules", "joinfilters", "joinconditions"),
        ("Each group of join conditions", "Add-ADSyncJoinConditionGroup"),
    ),
}
_OBJECT_TYPES = {"connectedsystemobjecttype", "metaverseobjecttype"}


def meant_parameter(name: str, command: str) -> Problem | None:
    """Return the problem of a parameter that is known by that name elsewhere."""
    lower = name.lower()
    right = _RENAMED.get(command, {}).get(lower)
    if right is not None:
        return Problem(
            Code.SR301, f"{command} has no -{name}: it is called -{right}.", f"Write -{right}."
        )
    if lower in _OBJECT_TYPES and command == _RULE:
        return Problem(
            Code.SR301,
            f"{command} has no -{name}: it has -SourceObjectType and -TargetObjectType.",
            "The source of an inbound rule is the connected system, of an outbound rule the "
            "metaverse.",
        )
    own = _OWN_COMMAND.get(lower)
    if own is not None and command in (_RULE, "Add-ADSyncRule", _FLOW):
        return Problem(
            Code.SR301,
            f"{command} has no -{name}. {own[0]} of a rule is a command of its own.",
            f"Write {own[1]} for each, or export the rule again {BY_EDITOR}.",
        )
    return None
