"""Words and orders that people know from the Editor's dialogs are told by what was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import rule, text_of
from support.strategies import texts
from syncrules.exports.likely_meaning import meant_operator, values_in_another_order
from syncrules.rules.enumerations import OPERATORS

EXPORT = text_of(rule())
TYPE = "Microsoft.IdentityManagement.PowerShell.ObjectModel."


def condition(kind: str, values: str) -> str:
    made = f"New-Object -TypeName '{TYPE}{kind}Condition' -ArgumentList {values} -OutVariable c\n"
    group = (
        f"Add-ADSync{kind}ConditionGroup -SynchronizationRule $syncRule[0] "
        f"-{kind}Conditions @($c[0]) -OutVariable syncRule\n"
    )
    return EXPORT.replace("Add-ADSyncRule ", f"{made}{group}Add-ADSyncRule ")


def errors(text: str) -> list[syncrules.Diagnostic]:
    return [d for d in syncrules.parse(text).diagnostics if d.is_error]


def the_error(text: str) -> syncrules.Diagnostic:
    first, *others = errors(text)
    # A condition that is refused is not in its group: what follows may be told.
    assert all(d.code in ("SR319",) for d in others), others
    return first


ORDERS = [
    ("Scope", "'dept','EQUAL','Sales'", "'dept','Sales','EQUAL'"),
    ("Scope", "'notequal','dept','Sales'", "'dept','Sales','NOTEQUAL'"),
    ("Scope", "'flags','ISBITSET',2", "'flags','2','ISBITSET'"),
    ("Scope", "'mail','ISNOTNULL'", "'mail','','ISNOTNULL'"),
    ("Scope", "'mail','ISNOTNULL',''", "'mail','','ISNOTNULL'"),
    ("Scope", "'mail','mail',$false", "Add-ADSyncJoinConditionGroup"),
    ("Join", "'mail','EQUAL','email'", "'mail','email',$false"),
    ("Join", "'mail','email'", "'mail','email',$false"),
    ("Join", "$true,'mail','email'", "'mail','email',$true"),
    ("Join", "'mail',$true,'email'", "'mail','email',$true"),
    ("Join", "'mail',$false,'email'", "'mail','email',$false"),
    ("Join", "'mail','EQUAL','email',$true", "'mail','email',$true"),
    ("Join", "'mail','email','EQUAL',$true", "'mail','email',$true"),
    ("Join", "'mail','EQUAL',$true,'email'", "'mail','email',$true"),
    ("Join", "'dept','Sales','EQUAL'", "Add-ADSyncScopeConditionGroup"),
]


@pytest.mark.parametrize(("kind", "values", "right"), ORDERS)
def test_values_in_another_order(kind: str, values: str, right: str) -> None:
    found = the_error(condition(kind, values))
    assert found.code == ("SR333" if values.count(",") == 2 else "SR327")
    assert right in found.hint
    assert "LESSTHAN_OR_EQUAL" not in found.hint
    if right.startswith("'"):
        assert errors(condition(kind, right)) == []  # the way out is one


@pytest.mark.parametrize("operator", ["EQUAL", "ISNULL"])
def test_only_where_an_operator_needs_no_value_is_an_empty_one_proposed(operator: str) -> None:
    hint = the_error(condition("Scope", f"'mail','{operator}'")).hint
    assert ("'mail','','ISNULL'" in hint) == (operator == "ISNULL")
    assert "'EQUAL'" not in hint


@given(texts, texts, st.sampled_from(OPERATORS))
def test_nothing_is_said_of_a_right_scope_condition(one: str, other: str, operator: str) -> None:
    assert values_in_another_order("Scope", (one, other, operator)) is None


@given(texts, texts, st.booleans())
def test_nothing_is_said_of_a_right_join_condition(one: str, other: str, flag: bool) -> None:
    assert values_in_another_order("Join", (one, other, flag)) is None


OPERATOR_WORDS = {
    "EQUAL": ["=", "==", "Equals", "-eq", "IsEqual", "equal_to", "is equal to"],
    "NOTEQUAL": ["!=", "<>", "NotEquals", "Does not equal", "not equal", "is not equal to"],
    "CONTAINS": ["Contain"],
    "NOTCONTAINS": ["Does not contain", "not contains"],
    "STARTSWITH": ["Starts with", "StartWith", "begins with"],
    "NOTSTARTSWITH": ["NOTSTARTWITH", "does not start with"],
    "ENDSWITH": ["ends with", "EndWith"],
    "LESSTHAN_OR_EQUAL": ["LessThanOrEqual", "less than or equal to", "<=", "LESS_OR_EQUAL"],
    "GREATERTHAN": ["greater than", ">", "is greater than"],
    "ISNULL": ["null", "is null"],
    "ISNOTNULL": ["NOTNULL", "is not null", "Is_Not_Null"],
    "ISBITNOTSET": ["ISNOTBITSET"],
    "ISNOTIN": ["NotIn", "not in"],
    "ISMEMBEROF": ["MemberOf", "member of"],
}


@pytest.mark.parametrize(
    ("word", "operator"), [(w, o) for o, words in OPERATOR_WORDS.items() for w in words]
)
def test_an_operator_in_other_words(word: str, operator: str) -> None:
    found = the_error(condition("Scope", f"'dept','Sales','{word}'"))
    assert (found.code, found.hint) == ("SR321", f"Write '{operator}'.")


@given(st.sampled_from(OPERATORS))
def test_each_operator_means_itself(operator: str) -> None:
    assert meant_operator(operator) == operator


@pytest.mark.parametrize("word", ["Contains", "STARTSWITH", "IsNotNull", "equal"])
def test_the_words_of_the_dialogs_that_are_right_are_read(word: str) -> None:
    assert errors(condition("Scope", f"'dept','','{word}'")) == []


@pytest.mark.parametrize(
    ("old", "new", "hint", "message"),
    [
        ("'Inbound'", "'In'", "Write 'Inbound'.", ""),
        ("'Inbound'", "'Out'", "Write 'Outbound'.", ""),
        ("-LinkType 'Join'", "-LinkType 'Sticky Join'", "Write 'StickyJoin'.", ""),
        ("-LinkType 'Join'", "-LinkType 'Provisioning'", "Write 'Provision'.", ""),
        ("-LinkType 'Join'", "-LinkType 'Inbound'", "Write one of", "a value of -Direction"),
        ("'Update'", "'Merge Case Insensitive'", "Write 'MergeCaseInsensitive'.", ""),
        ("'Update'", "'Constant'", "Write one of", "a value of -FlowType"),
        ("'Constant'", "'Const'", "Write 'Constant'.", ""),
    ],
)
def test_a_word_of_the_dialogs(old: str, new: str, hint: str, message: str) -> None:
    found = the_error(EXPORT.replace(old, new, 1))
    assert found.code == "SR321"
    assert found.hint.startswith(hint)
    assert message in found.message


@pytest.mark.parametrize(
    ("old", "new", "right"),
    [
        ("-ImmutableTag", "-Tag", "-ImmutableTag"),
        ("-ValueMergeType", "-MergeType", "-ValueMergeType"),
        ("-Destination", "-TargetAttribute", "-Destination"),
        ("-Connector", "-ConnectedSystem", "-Connector"),
        (
            "-LinkType",
            "-AttributeFlowMappings 'x' `\r\n-LinkType",
            "Add-ADSyncAttributeFlowMapping",
        ),
        ("-LinkType", "-ScopeFilter 'x' `\r\n-LinkType", "Add-ADSyncScopeConditionGroup"),
        ("-LinkType", "-JoinFilter 'x' `\r\n-LinkType", "Add-ADSyncJoinConditionGroup"),
        ("-SourceObjectType", "-ConnectedSystemObjectType", "-SourceObjectType"),
    ],
)
def test_a_parameter_by_the_name_that_another_place_gives_it(
    old: str, new: str, right: str
) -> None:
    found = errors(EXPORT.replace(old, new, 1))[0]
    assert found.code == "SR301"
    assert right in found.message + found.hint


@pytest.mark.parametrize(
    ("command", "parameter"),
    [
        ("Add-ADSyncAttributeFlowMapping", "-ConnectedSystemObjectType"),
        ("Get-ADSyncRule", "-JoinFilter"),
    ],
)
def test_what_makes_no_sense_of_another_command_is_not_proposed(
    command: str, parameter: str
) -> None:
    found = errors(EXPORT.replace(f"{command}  `", f"{command} {parameter} 'x' `", 1))[0]
    assert (found.code, found.message) == ("SR301", f"{command} has no parameter {parameter}.")
