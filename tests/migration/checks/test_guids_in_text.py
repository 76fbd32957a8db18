"""Identifiers of connectors and rules in texts, which are told and never changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

import syncrules
from support.builders import (
    A1,
    B1,
    ENTRA,
    codes,
    export,
    guid,
    out_of_box,
    rule,
    staging_with,
    text_of,
    the,
)
from syncrules import AttributeFlowMapping, Diagnostic, ScopeCondition, Severity, SyncRule

STAGING = staging_with(B1)
CONFIRMED = {A1: B1}


def _plan(*rules: SyncRule) -> syncrules.Plan:
    return syncrules.plan([export(*rules)], staging=STAGING, mapping=CONFIRMED, bare=True)


def _with_expression(text: str) -> SyncRule:
    flow = AttributeFlowMapping(None, "title", "Expression", "Update", False, text)
    return replace(rule(), attribute_flow_mappings=(flow,))


def _marked(finding: Diagnostic) -> str:
    spot = finding.spot
    assert spot is not None
    at = finding.column - spot.excerpt.column
    return finding.excerpt[at : at + spot.span.end - spot.span.start]


@pytest.mark.parametrize(
    ("own", "where"),
    [
        (_with_expression(f'IIF("{A1}"=[x],"a","b")'), "The flow to 'title'"),
        (
            replace(rule(), scope_filter=((ScopeCondition("company", A1, "EQUAL"),),)),
            "The scope condition on 'company'",
        ),
        (replace(rule(), description=f"Of {A1}."), "A text"),
    ],
)
def test_sr461_names_the_rule_and_what_of_it_has_the_guid(own: SyncRule, where: str) -> None:
    (finding,) = _plan(own).diagnostics
    start = f"{where} of 'In from AD - Custom' contains {A1}, a connector of the active server."
    assert finding.message.startswith(start)


@pytest.mark.parametrize(
    ("identifier", "what"),
    [
        pytest.param(A1, "a connector of the active server", id="active's connector"),
        pytest.param(B1, "a connector of the staging server", id="staging's connector"),
        pytest.param(guid(800), "the staging server's rule", id="staging's rule"),
        pytest.param(guid(2), "the active server's rule 'Second'", id="active's rule"),
    ],
)
def test_sr461_an_identifier_in_an_expression(identifier: str, what: str) -> None:
    made = _with_expression(f'IIF([a]="{identifier}",1,2)')
    planned = _plan(made, rule("Second", 2))
    assert codes(planned.diagnostics) == ["SR461"]
    finding = the("SR461", planned.diagnostics)
    is_stagings = "staging" in what
    assert finding.severity is (Severity.NOTE if is_stagings else Severity.WARNING)
    assert what in finding.message
    assert _marked(finding) == identifier
    assert (f"by hand to {B1}." in finding.hint) == (identifier == A1)
    (moved, _) = planned.rules
    assert moved.after.attribute_flow_mappings == made.attribute_flow_mappings


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(replace(rule(), name=f"To {A1}"), id="name"),
        pytest.param(replace(rule(), description=f"To {A1.upper()}"), id="description"),
        pytest.param(
            replace(rule(), scope_filter=((ScopeCondition("c", A1, "EQUAL"),),)), id="scope"
        ),
    ],
)
def test_sr461_an_identifier_in_another_text(made: SyncRule) -> None:
    planned = _plan(made)
    assert {*codes(planned.diagnostics)} == {"SR461"}
    assert {_marked(f).lower() for f in planned.diagnostics} == {A1}


def test_sr461_names_the_part_of_the_rule_that_the_text_stands_in() -> None:
    first, last = guid(800), B1
    flows = tuple(
        AttributeFlowMapping(None, name, "Expression", "Update", False, f'"{value}"')
        for name, value in (("title", first), ("info", "x"), ("mail", last))
    )
    scope = ScopeCondition("department", "x", "EQUAL"), ScopeCondition("company", A1, "EQUAL")
    made = replace(rule(), attribute_flow_mappings=flows, scope_filter=(scope[:1], scope))
    told = [d.message for d in _plan(replace(made, description=f"To {A1}")).diagnostics]
    for part, identifier in (
        ("The flow to 'title'", first),
        ("The flow to 'mail'", last),
        ("The scope condition on 'company'", A1),
        ("A text", A1),
    ):
        assert any(m.startswith(f"{part} of '{made.name}' contains {identifier}") for m in told)
    assert len(told) == 4


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(guid(0xFFF), id="a guid that no server has"),
        pytest.param(f"0{A1}", id="more digits before"),
        pytest.param(f"{A1}-0", id="more digits behind"),
        pytest.param("%Connector.ID%", id="a macro"),
    ],
)
def test_sr461_not_for_what_names_nothing_of_one_server(text: str) -> None:
    assert codes(_plan(_with_expression(f'"{text}"')).diagnostics) == []


def test_sr461_not_for_entras_connector_which_is_the_same_on_both() -> None:
    outbound = replace(_with_expression(f'"{ENTRA}"'), connector=ENTRA)
    staging = staging_with(ENTRA, kind="AAD")
    planned = syncrules.plan([export(outbound)], staging=staging, bare=True)
    assert codes(planned.diagnostics) == []


def test_sr461_not_for_the_places_that_are_rewritten_nor_for_rules_that_are_left_out() -> None:
    standard = replace(out_of_box(), description=f"{A1} {B1}")
    planned = _plan(standard, rule("One", 1), rule("Two", 2))
    assert codes(planned.diagnostics) == []


def test_sr461_not_for_a_comment() -> None:
    text = f"# {A1}\r\n{text_of(rule())}"
    planned = syncrules.plan(
        [syncrules.parse(text, "custom.ps1")], staging=STAGING, mapping=CONFIRMED
    )
    assert codes(planned.diagnostics) == []


def test_sr461_quoted_or_not() -> None:
    """It is told in a description, and not where it is rewritten."""
    text = text_of(replace(rule(connector=B1), description="d"))
    for quoted in f"'{B1}'", "'d'":
        bare = B1 if quoted == "'d'" else quoted[1:-1]
        assert quoted in text
        text = text.replace(quoted, bare)
    planned = syncrules.plan(
        [syncrules.parse(text, "custom.ps1")], staging=STAGING, mapping={B1: B1}, bare=True
    )
    assert [_marked(f) for f in planned.diagnostics if f.code == "SR461"] == [B1]
    assert "-Description" in the("SR461", planned.diagnostics).excerpt


def test_sr461_each_identifier_has_its_own_with_every_place() -> None:
    planned = _plan(_with_expression(f'"{A1} {A1} {B1}"'))
    assert [(_marked(f), len(f.places)) for f in planned.diagnostics] == [(A1, 2), (B1, 1)]
