"""Equation 5: `rules(parse(emit(rules))) == rules`, laid out as the Editor would print them."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace

import pytest
from hypothesis import example, given

import syncrules
from support.strategies import SKELETON, SKELETON_RULE, newlines, rule_lists, sync_rules, texts
from support.visible import visible
from syncrules import AttributeFlowMapping, InputRefused, JoinCondition, ScopeCondition, SyncRule
from syncrules.exports.layout import script_text
from syncrules.exports.writer import emit


def first_difference(one: str, other: str) -> str:
    """Return two texts from where they differ, for a message."""
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return f"at {at}: {visible(one[at : at + 60])} is not {visible(other[at : at + 60])}"


# ---- Properties ----------------------------------------------------------------------------------


@given(rule_lists, newlines)
@example((), "\n")
@example((SKELETON_RULE,), "\r")
def test_what_is_emitted_is_read_as_the_same_rules(
    rules: tuple[SyncRule, ...], newline: str
) -> None:
    text = script_text(rules, newline)
    export = syncrules.parse(text)
    assert export.rules == rules, visible(text)
    assert not [d for d in export.diagnostics if d.is_error], visible(text)
    assert bytes(export) == text.encode()


@given(rule_lists)
def test_to_emit_again_changes_nothing(rules: tuple[SyncRule, ...]) -> None:
    text = script_text(rules)
    assert script_text(syncrules.parse(text).rules) == text, visible(text)


@given(sync_rules(), sync_rules())
def test_rules_are_emitted_one_after_the_other(one: SyncRule, other: SyncRule) -> None:
    assert script_text([one, other]) == script_text([one]) + script_text([other])


@given(texts, newlines)
def test_a_text_is_written_as_it_is_in_every_field(text: str, newline: str) -> None:
    """No newline of a value is turned into the script's own, and no character is left out."""
    flow = AttributeFlowMapping((text, text), text or "x", "Expression", None, False, text)
    rule = replace(
        SKELETON_RULE,
        name=text or "x",
        description=text,
        immutable_tag=text,
        attribute_flow_mappings=(flow,),
        scope_filter=((ScopeCondition(text, text, "EQUAL"),),),
        join_filter=((JoinCondition(text, text, True),),),
    )
    (read,) = syncrules.parse(script_text([rule], newline)).rules
    assert read == rule, visible(text)


@given(sync_rules(), newlines)
def test_the_layout_is_the_editors(rule: SyncRule, newline: str) -> None:
    """Beside texts in quotes: the lines of the export dialect, and no other."""
    text = re.sub("['‘’‚‛](?:[^'‘’‚‛]|['‘’‚‛]{2})*['‘’‚‛]", "''", script_text([rule], newline))
    assert text.endswith(newline * 3)
    commands = text.removesuffix(newline * 3).split(newline * 3)
    for command in commands:
        first, *others = command.split(newline)
        assert re.fullmatch("[A-Z][A-Za-z]+-[A-Za-z]+  `", first), visible(first)
        for line in others[:-1]:
            assert re.fullmatch("-[A-Za-z]+(?:  `|[ :][^ `]+ `)", line), visible(line)
        assert re.fullmatch("-[A-Za-z]+[ :][^ `]+", others[-1]), visible(others[-1])


# ---- The exact layout ----------------------------------------------------------------------------


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_a_rule_is_printed_as_the_editor_prints_it(newline: str) -> None:
    expected, emitted = SKELETON.replace("\n", newline), script_text([SKELETON_RULE], newline)
    assert emitted == expected, first_difference(emitted, expected)


def test_crlf_is_the_newline_of_windows() -> None:
    assert script_text([SKELETON_RULE]) == script_text([SKELETON_RULE], "\r\n")


def test_no_rules_are_no_text() -> None:
    assert script_text([]) == ""


BARE = replace(
    SKELETON_RULE,
    identifier=None,
    description=None,
    precedence=None,
    precedence_after=None,
    precedence_before=None,
    link_type=None,
    soft_delete_expiry_interval=None,
    immutable_tag=None,
    disabled=False,
    attribute_flow_mappings=(),
    scope_filter=(),
    join_filter=(),
)


def test_what_is_none_is_left_out() -> None:
    assert (
        script_text([BARE], "\n")
        == """\
New-ADSyncRule  `
-Name 'In from AD - Custom' `
-Direction 'Inbound' `
-SourceObjectType 'user' `
-TargetObjectType 'person' `
-Connector 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee' `
-OutVariable syncRule


Add-ADSyncRule  `
-SynchronizationRule $syncRule[0]


"""
    )


def command(text: str, number: int) -> list[str]:
    """Return the lines of one command of an emitted script."""
    return text.split("\n\n\n")[number].split("\n")


def test_both_switches_stand_before_the_variable() -> None:
    text = script_text([replace(BARE, enable_password_sync=True, disabled=True)], "\n")
    assert command(text, 0)[-3:] == [
        "-EnablePasswordSync  `",
        "-Disabled  `",
        "-OutVariable syncRule",
    ]


def test_a_flow_of_everything() -> None:
    flow = AttributeFlowMapping(("a", "b"), "c", "Expression", "Merge", True, 'IIF("x",\n"y")')
    assert command(script_text([replace(BARE, attribute_flow_mappings=(flow,))], "\n"), 1) == [
        "Add-ADSyncAttributeFlowMapping  `",
        "-SynchronizationRule $syncRule[0] `",
        "-Source @('a','b') `",
        "-Destination 'c' `",
        "-FlowType 'Expression' `",
        "-ValueMergeType 'Merge' `",
        "-ExecuteOnce  `",
        '-Expression \'IIF("x",',
        '"y")\' `',
        "-OutVariable syncRule",
    ]


def test_an_empty_source_is_not_the_same_as_none() -> None:
    flow = AttributeFlowMapping((), "c", "Constant", None, False, None)
    assert "-Source @() `" in command(
        script_text([replace(BARE, attribute_flow_mappings=(flow,))], "\n"), 1
    )


def test_conditions_are_numbered_anew_in_each_group() -> None:
    scope = ScopeCondition("a", "", "ISNULL")
    join = JoinCondition("a", "b", True)
    rule = replace(BARE, scope_filter=((scope, scope), (scope,)), join_filter=((join, join),))
    lines = script_text([rule], "\n").split("\n")
    assert [line for line in lines if "ondition" in line and "TypeName" not in line] == [
        "-OutVariable condition0",
        "-OutVariable condition1",
        "Add-ADSyncScopeConditionGroup  `",
        "-ScopeConditions @($condition0[0],$condition1[0]) `",
        "-OutVariable condition0",
        "Add-ADSyncScopeConditionGroup  `",
        "-ScopeConditions @($condition0[0]) `",
        "-OutVariable condition0",
        "-OutVariable condition1",
        "Add-ADSyncJoinConditionGroup  `",
        "-JoinConditions @($condition0[0],$condition1[0]) `",
    ]
    assert lines.count("-ArgumentList 'a','','ISNULL' `") == 3
    assert lines.count("-ArgumentList 'a','b',$true `") == 2


@pytest.mark.parametrize(
    ("interval", "line"),
    [
        ("0", "-SoftDeleteExpiryInterval 0 `"),
        ("30", "-SoftDeleteExpiryInterval 30 `"),
        ("00:00:00", "-SoftDeleteExpiryInterval '00:00:00' `"),
        ("30.00:00:00", "-SoftDeleteExpiryInterval '30.00:00:00' `"),
    ],
)
def test_ticks_are_a_number_and_a_time_is_a_text(interval: str, line: str) -> None:
    assert line in script_text([replace(BARE, soft_delete_expiry_interval=interval)], "\n").split(
        "\n"
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        pytest.param("O'Brien", "-Name 'O''Brien' `", id="an apostrophe"),
        pytest.param("O’Brien", "-Name 'O’’Brien' `", id="a turned apostrophe"),
        pytest.param('"$x`n"', "-Name '\"$x`n\"' `", id="nothing is expanded"),
        pytest.param("--%", "-Name:'--%' `", id="the stop-parsing token is attached"),
        pytest.param("–%", "-Name '–%' `", id="what only looks like it"),
        pytest.param("--% ", "-Name '--% ' `", id="or only begins like it"),
        pytest.param(" ", "-Name ' ' `", id="a blank"),
        pytest.param("x `", "-Name 'x `' `", id="a backtick at the end"),
    ],
)
def test_an_awkward_text(name: str, line: str) -> None:
    assert command(script_text([replace(BARE, name=name)], "\n"), 0)[1] == line


def test_the_stop_parsing_token_in_a_condition_is_put_in_brackets() -> None:
    scope, join = ScopeCondition("a", "--%", "EQUAL"), JoinCondition("--%", "b", False)
    text = script_text([replace(BARE, scope_filter=((scope,),), join_filter=((join,),))], "\n")
    assert "-ArgumentList @('a','--%','EQUAL') `" in text
    assert "-ArgumentList @('--%','b',$false) `" in text


def test_a_text_without_a_blank_is_no_switch() -> None:
    """Two blanks stand before the backtick of a switch, and one before that of a value."""
    text = script_text([replace(BARE, name="x", disabled=True)], "\n")
    assert "-Name 'x' `\n" in text
    assert "-Disabled  `\n" in text


# ---- Bytes ---------------------------------------------------------------------------------------


@given(rule_lists)
def test_the_bytes_are_those_of_a_file_that_windows_powershell_reads(
    rules: tuple[SyncRule, ...],
) -> None:
    try:
        data = emit(rules)
    except InputRefused as refused:
        with pytest.raises(InputRefused) as again:
            parse_whole(script_text(rules))
        assert refused.diagnostics == again.value.diagnostics
        return
    text = data.decode("utf-8-sig")
    assert text == script_text(rules)
    assert data.startswith(codecs.BOM_UTF8) is not text.isascii()
    assert syncrules.parse(data).rules == rules


def parse_whole(text: str) -> None:
    """Raise what `emit` does of a text that has errors in its rules."""
    export = syncrules.parse(text)
    if any(d.is_error for d in export.diagnostics):
        raise InputRefused(export.diagnostics)


@pytest.mark.parametrize(
    "wrong",
    [
        {"connector": "none"},
        {"direction": "Sideways"},
        {"name": ""},
        {"name": "\ud800"},
        {"identifier": BARE.connector.upper()},
        {"link_type": "join"},
        {"soft_delete_expiry_interval": "P30D"},
    ],
    ids=lambda wrong: " ".join(wrong),
)
def test_what_parse_would_refuse_or_read_otherwise_is_not_written(wrong: dict[str, str]) -> None:
    odd = replace(BARE, **wrong)  # type: ignore[arg-type]
    with pytest.raises(InputRefused) as refused:
        emit([odd])
    assert any(d.is_error for d in refused.value.diagnostics)


def test_a_rule_that_is_read_otherwise_is_named_with_the_field() -> None:
    with pytest.raises(InputRefused) as refused:
        emit([replace(BARE, link_type="join")])
    (finding,) = refused.value.diagnostics
    assert (finding.code, finding.place) == ("SR501", None)
    assert "link_type 'join' is read as 'Join'" in finding.message


@pytest.mark.parametrize("interval", ["²", "٣٠", "never"])
def test_an_interval_in_other_digits_is_told_as_one_that_is_none(interval: str) -> None:
    with pytest.raises(InputRefused) as refused:
        emit([replace(BARE, soft_delete_expiry_interval=interval)])
    assert [d.code for d in refused.value.diagnostics] == ["SR325"]


def test_two_rules_of_one_identifier_are_not_written() -> None:
    made = replace(BARE, identifier=BARE.connector)
    with pytest.raises(InputRefused) as refused:
        emit([made, made])
    assert [d.code for d in refused.value.diagnostics if d.is_error] == ["SR330"]
