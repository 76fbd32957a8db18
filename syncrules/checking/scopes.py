"""Scopes: values that an operator cannot use, and rules that create objects without any scope.

Source: the declarative provisioning page. ISNULL and ISNOTNULL carry an empty value in Microsoft's
rules; ISBITSET looks at the bits of a number; ISMEMBEROF's value is the distinguished name of a
group. An empty scope is all objects of the type. Two of Microsoft's own rules create objects
without a scope, so only custom rules are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from syncrules.diagnostics import Code, Problem, Several
from syncrules.rules.model import ScopeCondition

from .checked import Checked
from .found import Found

__all__ = ["unscoped_provisioning", "unusable_values"]

_WITHOUT_VALUE = ("ISNULL", "ISNOTNULL")
_BITS = ("ISBITSET", "ISBITNOTSET")
_GROUPS = ("ISMEMBEROF", "ISNOTMEMBEROF")
_NUMBER = re.compile(r"\s*-?[0-9]+\s*|\s*(?:0x|&H)[0-9a-f]+\s*", re.IGNORECASE)
_DISTINGUISHED_NAME = re.compile(r"\s*[A-Za-z0-9.]+\s*=.+", re.DOTALL)


def unusable_values(checked: Checked) -> Iterator[Found]:
    """Yield the conditions of scopes whose value their operator cannot use."""
    for subject in checked.subjects:
        for g, group in enumerate(subject.rule.scope_filter):
            for c, condition in enumerate(group):
                problem = _unusable(condition)
                if problem is not None:
                    where = f"the scope of {subject.named}"
                    yield Found(problem, subject.scope(g, c), where)


def _unusable(condition: ScopeCondition) -> Problem | None:
    attribute, value, operator = (
        condition.attribute,
        condition.comparison_value,
        condition.comparison_operator,
    )
    if operator in _WITHOUT_VALUE:
        if not value:
            return None
        return _problem(
            condition,
            f"{operator} compares '{attribute}' with nothing, so the value '{value}' is ignored",
            f"Delete the value, or use another operator than {operator}.",
        )
    if not value:
        return _problem(
            condition,
            f"{operator} compares '{attribute}' with an empty value",
            "Write the value, or use ISNULL or ISNOTNULL for an attribute that is absent.",
        )
    if operator in _BITS and not _NUMBER.fullmatch(value):
        return _problem(
            condition,
            f"{operator} looks at the bits of '{attribute}', and '{value}' is not a number",
            "Write the bit as a whole number, such as 2.",
        )
    if operator in _GROUPS and not _DISTINGUISHED_NAME.fullmatch(value):
        return _problem(
            condition,
            f"{operator} needs the distinguished name of a group, and '{value}' is not one",
            "Write the group's distinguished name, such as CN=Pilot,OU=Groups,DC=contoso,DC=com.",
        )
    return None


def _problem(condition: ScopeCondition, what: str, hint: str) -> Problem:
    shown = (condition.attribute, condition.comparison_operator, condition.comparison_value)
    return Problem(
        Code.SR730,
        f"{what}: the rule may apply to other objects than you think.",
        hint,
        several=Several(
            "conditions of scopes have a value that their operator cannot use: the rules may apply "
            "to other objects than you think.",
            "Correct the values: ISNULL and ISNOTNULL have none, and all others have one; "
            "ISBITSET and ISBITNOTSET take a whole number, ISMEMBEROF and ISNOTMEMBEROF the "
            "distinguished name of a group.",
            (" ".join(shown).rstrip(),),
        ),
    )


def unscoped_provisioning(checked: Checked) -> Iterator[Found]:
    """Yield the custom rules that create objects of all objects of a type."""
    for subject in checked.custom:
        rule = subject.rule
        if rule.link_type == "Provision" and not rule.disabled and not any(rule.scope_filter):
            problem = Problem(
                Code.SR731,
                f"A custom rule with the link type Provision has no scope: it creates a "
                f"'{rule.target_object_type}' for every '{rule.source_object_type}' that no rule "
                "joins.",
                "Add a scope, or change the link type to Join if the rule should only join.",
            )
            yield Found(problem, subject.place, subject.named)
