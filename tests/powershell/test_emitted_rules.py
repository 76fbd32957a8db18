"""Equation 5: PowerShell, running `script_text(rules)`, binds those same values."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import rule
from support.powershell.bound import bound, seen
from support.powershell.session import Session
from support.strategies import Generated, newlines, scripts, sync_rules, texts
from syncrules import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule
from syncrules.exports.layout import script_text
from syncrules.script.quoting import SINGLE_QUOTES, quote

AWKWARD = [
    *("'", "''", "‘", "’", "‚", "‛", "'’", "O'Brien", "′", "＇"),
    *('"', "“", "”", "„", '"x"'),
    *("`", "``", "`n", "`'", "`u{41}", "$", "$syncRule", "$(Write-Host pwned)", "${x}", "$_"),
    *("\r\n", "\n", "\r", "\n\r", "a\r\nb", "x\r\n\r\nNew-ADSyncRule", "\x85", "\u2028", "\u2029"),
    *("--%", "--% x", "'--%'", "@'", "'@", "\n'@\n", '@"', '\n"@\n', "@(", ")", "@()"),
    *("#", "<#", "#>", "-Name", "–", ";", "|", "| Out-Null", "&", "&&", "{", "}"),
    *("[0]", ".Length", "::new", ",", "="),
    *("\0", "a\0b", "\x1b[31m", "\x7f", "\t", " ", " x ", "\xa0", "\u3000", "\ufeff", "\u202e"),
    *("é", "e\u0301", "字", "\U0001f600", "\U0010ffff", "\ufffe"),
    *("50", "007", "True", "$true", "x" * 40_000),
]


def filled_with(text: str) -> SyncRule:
    """Return a rule with `text` in every field that takes any."""
    flow = AttributeFlowMapping((text, "x", text), text, "Expression", "Update", False, text)
    conditions = ScopeCondition(text, text, "EQUAL"), ScopeCondition(text, "x", "EQUAL")
    criteria = JoinCondition(text, text, True), JoinCondition("x", text, False)
    return replace(
        rule(text),
        description=text,
        source_object_type=text,
        target_object_type=text,
        immutable_tag=text,
        attribute_flow_mappings=(flow, replace(flow, source=(text,), expression=None)),
        scope_filter=(conditions, conditions[:1]),
        join_filter=(criteria, criteria[:1]),
    )


@pytest.mark.parametrize("text", AWKWARD, ids=lambda text: ascii(text[:20]))
def test_powershell_binds_awkward_text_in_every_field(powershell: Session, text: str) -> None:
    custom = filled_with(text)

    result = powershell.run_script(script_text([custom]), connectors=[custom.connector])

    assert (result.errors, result.fault, result.shown) == ((), None, "")
    assert list(result.rules) == bound([custom])


def test_powershell_binds_an_empty_text_where_a_rule_may_hold_one(powershell: Session) -> None:
    flow = AttributeFlowMapping(("",), "x", "Expression", "Update", False, "")
    custom = replace(
        rule(),
        description="",
        immutable_tag="",
        attribute_flow_mappings=(flow, replace(flow, source=()), replace(flow, source=None)),
        scope_filter=((ScopeCondition("", "", "ISNULL"),),),
        join_filter=((JoinCondition("", "", False),),),
    )

    result = powershell.run_script(script_text([custom]), connectors=[custom.connector])

    assert (result.errors, result.fault) == ((), None)
    assert list(result.rules) == bound([custom])


# One process runs them all, hundreds of rules at some milliseconds each.
on_one_server = st.lists(
    sync_rules(),
    max_size=4,
    unique_by=(lambda made: made.identifier or id(made), lambda made: made.precedence),
)


@given(rules=on_one_server, newline=newlines)
def test_powershell_binds_what_was_emitted(
    powershell: Session, rules: list[SyncRule], newline: str
) -> None:
    result = powershell.run_script(
        script_text(rules, newline), connectors={made.connector for made in rules}
    )

    assert (result.errors, result.fault, result.shown) == ((), None, "")
    assert seen(result.rules, rules) == bound(rules)


@given(st.lists(texts, min_size=1, max_size=20), st.sampled_from(SINGLE_QUOTES))
def test_powershell_reads_a_quoted_text_as_the_text(
    powershell: Session, given_texts: list[str], mark: str
) -> None:
    result = powershell.run_script("\r\n".join(quote(text, mark) for text in given_texts))

    assert result.output == tuple(given_texts)


def each_precedence_once(script: Generated) -> bool:
    return len({made.precedence for made in script.rules}) == len(script.rules)


@given(scripts().filter(each_precedence_once))
def test_powershell_binds_the_rules_of_a_script_that_was_laid_out_anew(
    powershell: Session, script: Generated
) -> None:
    """The scripts that other tests hold the reader to are what PowerShell takes them for."""
    text = script.text.replace("Import-Module ADSync", "", 1)  # there is no such module here

    result = powershell.run_script(text, connectors={made.connector for made in script.rules})

    assert (result.errors, result.fault, result.shown) == ((), None, "")
    assert seen(result.rules, script.rules) == bound(script.rules)
