"""Which connector is which, on what evidence, and what is asked where the evidence does not say."""

from __future__ import annotations

import re

import pytest
from builders import (
    A1,
    A2,
    B1,
    B2,
    ENTRA,
    codes,
    errors,
    export,
    guid,
    mapped,
    out_of_box,
    rule,
    server,
    staging_with,
    text_of,
    the,
)
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from syncrules import Server, Severity

NOTHING = server()


def _plan(
    *connectors: str,
    staging: Server,
    active: Server = NOTHING,
    mapping: dict[str, str] | None = None,
) -> syncrules.Plan:
    """Plan the move of one custom rule for each connector."""
    rules = [rule(f"Custom {n}", n + 1, connector) for n, connector in enumerate(connectors)]
    return syncrules.plan([export(*rules)], staging=staging, active=active, mapping=mapping)


def _pairs(planned: syncrules.Plan) -> dict[str, tuple[str, str]]:
    return {p.source: (p.target, str(p.basis)) for p in planned.pairs}


def _of_kind(kind: str, *connectors: str) -> Server:
    """Return a server that shows connectors of one kind: AD, AAD, or the name of another."""
    return staging_with(*connectors, kind=kind)


def _of_no_kind(*connectors: str) -> Server:
    """Return a server whose custom rules name connectors; they do not tell what these are."""
    return server(export(*(rule(f"R{n}", 700 + n, c) for n, c in enumerate(connectors))))


def _hinted(finding: syncrules.Diagnostic) -> list[tuple[str, str]]:
    """Return what a hint says to give with --map, word for word."""
    found = re.findall(r"--map (\S+?)=([0-9a-f-]{36})(?=\s|$)", finding.hint)
    assert found, finding.hint
    return found


# ---- Properties ----------------------------------------------------------------------------------


@st.composite
def _two_servers(draw: st.DrawFn) -> tuple[list[str], Server, Server]:
    """Draw connectors that rules name, what shows them, and as many on staging, or more."""
    number = draw(st.integers(1, 4))
    more = draw(st.integers(0, 2))
    kind = draw(st.sampled_from(["AD", "AAD", "LDAP", None]))
    here = [guid(0xA0 + n) for n in range(number)]
    there = [guid(0xB0 + n) for n in range(number + more)]
    shows = _of_no_kind if kind is None else lambda *c: _of_kind(str(kind), *c)
    return here, draw(st.sampled_from([NOTHING, shows(*here)])), shows(*there)


@given(_two_servers(), st.data())
def test_whoever_follows_the_hints_gets_there(
    servers: tuple[list[str], Server, Server], data: st.DataObject
) -> None:
    here, active, staging = servers
    mapping: dict[str, str] = {}
    for _ in here:
        planned = _plan(*here, staging=staging, active=active, mapping=mapping)
        asked = [d for d in planned.diagnostics if d.code == "SR406"]
        if not asked:
            break
        old, new = data.draw(st.sampled_from(_hinted(asked[0])))
        assert old not in mapping
        mapping[old] = new
    planned = _plan(*here, staging=staging, active=active, mapping=mapping)
    assert errors(planned.diagnostics) == []
    assert {p.source: p.target for p in planned.pairs}.items() >= mapping.items()
    assert planned.output()


@given(_two_servers())
def test_confirming_an_assumption_ends_the_warning_and_changes_no_pair(
    servers: tuple[list[str], Server, Server],
) -> None:
    here, active, staging = servers
    before = _plan(here[0], staging=staging, active=active)
    assumed = [d for d in before.diagnostics if d.code == "SR410"]
    if not assumed:
        return
    after = _plan(here[0], staging=staging, active=active, mapping=dict(_hinted(assumed[0])))
    assert codes(after.diagnostics) == []
    assert [(p.source, p.target) for p in after.pairs] == [
        (p.source, p.target) for p in before.pairs
    ]
    assert {str(p.basis) for p in after.pairs} == {"given"}


@given(st.sampled_from([str.upper, str.lower, lambda g: f"{{{g}}}", lambda g: g.replace("-", "")]))
def test_a_mapping_may_be_given_in_every_form_of_a_guid(form: object) -> None:
    assert callable(form)
    planned = _plan(A1, staging=_of_kind("AD", B1, B2), mapping={form(A1): form(B2)})
    assert _pairs(planned) == {A1: (B2, "given")}


# ---- Assumed: SR410 ------------------------------------------------------------------------------


def test_sr410_one_connector_on_each_side_is_assumed_with_a_warning() -> None:
    planned = _plan(A1, staging=_of_kind("AD", B1))
    assert _pairs(planned) == {A1: (B1, "assumed")}
    assert errors(planned.diagnostics) == []
    finding = the("SR410", planned.diagnostics)
    assert finding.severity is Severity.WARNING
    assert "exports show only what was selected" in finding.message
    assert _hinted(finding) == [(A1, B1)]
    assert finding.excerpt == f"-Connector '{A1}' `"


def test_sr410_the_evidence_names_the_kind_where_both_sides_know_it() -> None:
    planned = _plan(A1, staging=_of_kind("AD", B1), active=_of_kind("AD", A1))
    (pair,) = planned.pairs
    assert "Active Directory" in pair.evidence
    (unknown,) = _plan(A1, staging=_of_kind("AD", B1)).pairs
    assert "Active Directory" not in unknown.evidence


def test_entras_connector_leaves_one_ad_connector_on_each_side() -> None:
    staging = server(
        export(out_of_box(connector=B1), out_of_box("Out to AAD - User Join", 901, ENTRA))
    )
    planned = _plan(A1, ENTRA, staging=staging)
    assert _pairs(planned) == {A1: (B1, "assumed"), ENTRA: (ENTRA, "entra")}


def test_two_kinds_one_of_each_pair_by_kind() -> None:
    here = server(export(out_of_box()), export(out_of_box("In from LDAP - User", 901, A2)))
    there = server(
        export(out_of_box(connector=B1)), export(out_of_box("In from LDAP - User", 901, B2))
    )
    planned = _plan(A1, A2, staging=there, active=here)
    assert _pairs(planned) == {A1: (B1, "assumed"), A2: (B2, "assumed")}
    assert codes(planned.diagnostics) == ["SR410", "SR410"]


# ---- Entra ---------------------------------------------------------------------------------------


def test_entra_is_entra_on_every_server_without_evidence_or_a_warning() -> None:
    planned = _plan(ENTRA, staging=NOTHING)
    assert _pairs(planned) == {ENTRA: (ENTRA, "entra")}
    assert codes(planned.diagnostics) == []
    assert planned.edits == ()


def test_entra_may_be_named_with_map_too() -> None:
    planned = _plan(ENTRA, staging=NOTHING, mapping={ENTRA: ENTRA})
    assert codes(planned.diagnostics) == []


# ---- Mapped before -------------------------------------------------------------------------------


def test_what_this_tool_mapped_before_is_known_by_its_prologue() -> None:
    once = mapped(text_of(rule()), staging=_of_kind("AD", B1), bare=False)
    planned = syncrules.plan([syncrules.parse(once)], staging=_of_kind("AD", B1, B2))
    assert _pairs(planned) == {B1: (B1, "mapped-before")}
    assert codes(planned.diagnostics) == []


# ---- Refused -------------------------------------------------------------------------------------


def test_sr401_map_names_a_connector_that_no_rule_has() -> None:
    planned = _plan(A1, staging=_of_kind("AD", B1), mapping={A2: B1})
    finding = the("SR401", planned.diagnostics)
    assert A2 in finding.message
    assert A1 in finding.hint


def test_sr401_not_for_a_connector_that_the_active_servers_files_show() -> None:
    planned = _plan(
        A1, staging=_of_kind("AD", B1, B2), active=_of_kind("AD", A2), mapping={A1: B1, A2: B2}
    )
    assert codes(planned.diagnostics) == []
    assert _pairs(planned) == {A1: (B1, "given"), A2: (B2, "given")}


def test_sr402_the_same_ad_connector_on_both_sides() -> None:
    planned = _plan(A1, staging=_of_kind("AD", A1, B1))
    assert errors(planned.diagnostics) == ["SR402"]
    finding = the("SR402", planned.diagnostics)
    assert "wrong server" in finding.message
    assert _hinted(finding) == [(A1, A1)]
    assert finding.excerpt == f"-Connector '{A1}' `"


def test_sr402_may_be_overruled_by_its_own_hint() -> None:
    planned = _plan(A1, staging=_of_kind("AD", A1, B1), mapping={A1: A1})
    assert _pairs(planned) == {A1: (A1, "given")}
    assert errors(planned.diagnostics) == []
    assert planned.edits == ()


def test_sr403_map_names_a_target_that_staging_does_not_show() -> None:
    planned = _plan(A1, staging=_of_kind("AD", B1), mapping={A1: B2})
    assert errors(planned.diagnostics) == ["SR403"]
    finding = the("SR403", planned.diagnostics)
    assert B2 in finding.message
    assert B1 in finding.hint


@pytest.mark.parametrize(
    ("source", "target"),
    [
        pytest.param(A1, ENTRA, id="an AD connector onto Entra's"),
        pytest.param(ENTRA, B1, id="Entra's onto an AD connector"),
        pytest.param(A1, B2, id="an AD connector onto an LDAP one"),
    ],
)
def test_sr416_map_names_a_connector_of_another_kind(source: str, target: str) -> None:
    there = server(
        export(out_of_box(connector=B1), out_of_box("Out to AAD - User", 901, ENTRA)),
        export(out_of_box("In from LDAP - User", 902, B2)),
    )
    planned = _plan(source, staging=there, active=_of_kind("AD", A1), mapping={source: target})
    assert errors(planned.diagnostics) == ["SR416"]
    assert source in the("SR416", planned.diagnostics).message
    assert target in the("SR416", planned.diagnostics).message


def test_sr416_not_where_a_kind_is_unknown() -> None:
    planned = _plan(A1, staging=_of_no_kind(B1), active=_of_kind("AD", A1), mapping={A1: B1})
    assert codes(planned.diagnostics) == []


@pytest.mark.parametrize(
    "staging",
    [
        pytest.param(NOTHING, id="nothing shown"),
        pytest.param(_of_kind("AAD", ENTRA), id="only Entra shown"),
    ],
)
def test_sr404_staging_shows_no_connector_that_could_be_meant(staging: Server) -> None:
    planned = _plan(A1, staging=staging)
    assert errors(planned.diagnostics) == ["SR404"]
    finding = the("SR404", planned.diagnostics)
    assert A1 in finding.message
    assert "out-of-box rule of the same connected system" in finding.hint


def test_sr404_when_the_only_connector_is_given_to_another() -> None:
    planned = _plan(A1, A2, staging=_of_kind("AD", B1), mapping={A1: B1})
    assert errors(planned.diagnostics) == ["SR404"]
    assert A2 in the("SR404", planned.diagnostics).message


def test_sr405_the_kinds_contradict() -> None:
    planned = _plan(A1, staging=_of_kind("LDAP", B1), active=_of_kind("AD", A1))
    assert errors(planned.diagnostics) == ["SR405"]
    finding = the("SR405", planned.diagnostics)
    assert "Active Directory" in finding.message
    assert f"{B1} (LDAP)" in finding.message


def test_the_kind_is_read_from_the_tag_where_the_name_does_not_tell() -> None:
    renamed = syncrules.emit([out_of_box("In from AD - User Join")]).replace(
        "'In from AD - User Join'", "'Umbenannt'"
    )
    planned = syncrules.plan(
        [syncrules.parse(renamed + text_of(rule()))], staging=_of_kind("LDAP", B1)
    )
    assert errors(planned.diagnostics) == ["SR405"]


def test_sr406_two_candidates_are_named_with_what_tells_them_apart_and_what_to_add() -> None:
    staging = server(
        export(out_of_box("In from AD - User Join", 901, B1), name="north.ps1"),
        export(out_of_box("In from AD - Group Join", 902, B2), name="south.ps1"),
    )
    planned = _plan(A1, staging=staging)
    assert errors(planned.diagnostics) == ["SR406"]
    finding = the("SR406", planned.diagnostics)
    for part in (A1, B1, "'In from AD - User Join' in north.ps1"):
        assert part in finding.message
    for part in (B2, "'In from AD - Group Join' in south.ps1", "Active Directory"):
        assert part in finding.message
    assert _hinted(finding) == [(A1, B1), (A1, B2)]
    assert finding.excerpt == f"-Connector '{A1}' `"


@pytest.mark.parametrize("chosen", [B1, B2])
def test_sr406_is_settled_by_the_very_line_of_its_hint(chosen: str) -> None:
    planned = _plan(A1, staging=_of_kind("AD", B1, B2), mapping={A1: chosen})
    assert codes(planned.diagnostics) == []
    assert _pairs(planned) == {A1: (chosen, "given")}


def test_sr406_two_forests_on_each_side_are_never_guessed() -> None:
    planned = _plan(A1, A2, staging=_of_kind("AD", B1, B2))
    assert errors(planned.diagnostics) == ["SR406", "SR406"]
    assert planned.pairs == ()


def test_sr406_one_candidate_and_two_that_could_become_it() -> None:
    planned = _plan(A1, staging=_of_kind("AD", B1), active=_of_kind("AD", A1, A2))
    assert errors(planned.diagnostics) == ["SR406"]
    finding = the("SR406", planned.diagnostics)
    assert A2 in finding.message
    assert _hinted(finding) == [(A1, B1)]


def test_sr406_the_first_answer_leaves_one_for_the_second_with_a_warning() -> None:
    planned = _plan(A1, A2, staging=_of_kind("AD", B1, B2), mapping={A1: B2})
    assert _pairs(planned) == {A1: (B2, "given"), A2: (B1, "assumed")}
    assert codes(planned.diagnostics) == ["SR410"]


def test_sr406_names_that_would_act_on_a_terminal_are_escaped() -> None:
    staging = server(
        export(out_of_box("In from AD - \x1b[31m\u202e", 901, B1), name="a\x1b.ps1"),
        export(out_of_box(connector=B2)),
    )
    message = the("SR406", _plan(A1, staging=staging).diagnostics).message
    assert message.isprintable()
    assert "\\x1b[31m\\u202e" in message


def test_sr407_two_connectors_on_one() -> None:
    planned = _plan(A1, A2, staging=_of_kind("AD", B1, B2), mapping={A1: B1, A2: B1})
    assert errors(planned.diagnostics) == ["SR407"]
    finding = the("SR407", planned.diagnostics)
    for part in (A1, A2, B1):
        assert part in finding.message
    with pytest.raises(syncrules.PlanRefused):
        planned.output()


def test_each_connector_is_asked_about_once_at_its_first_place() -> None:
    rules = [rule("One", 1), rule("Two", 2), rule("Three", 3)]
    planned = syncrules.plan([export(*rules)], staging=NOTHING)
    assert errors(planned.diagnostics) == ["SR404"]
    lines = text_of(*rules).splitlines()
    assert the("SR404", planned.diagnostics).line == lines.index(f"-Connector '{A1}' `") + 1
