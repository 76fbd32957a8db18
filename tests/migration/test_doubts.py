"""What looks like proof and is none: each of these once gave a wrong pair or silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

import syncrules
from support.builders import (
    A1,
    B1,
    B2,
    ENTRA,
    codes,
    errors,
    export,
    guid,
    out_of_box,
    rule,
    server,
    text_of,
    the,
)
from syncrules import AttributeFlowMapping, JoinCondition, Plan, ScopeCondition, SyncRule
from syncrules.servers.merging import merge
from syncrules.servers.model import AD, Connector, Evidence, EvidenceKind, Facet, Server
from syncrules.servers.model import ENTRA as ENTRA_KIND

SQL = "Generic SQL"
ENTRA_CONNECTOR = Connector(ENTRA, ENTRA_KIND, files=("list.csv",))


def listed(*connectors: Connector) -> Server:
    """Return a server whose connector list is known."""
    return Server(
        (Evidence("list.csv", EvidenceKind.CONNECTOR_LIST, (Facet.CONNECTORS,)),), connectors
    )


def plan(active: Server, staging: Server, *rules: SyncRule, **options: object) -> Plan:
    return syncrules.plan(
        [export(*(rules or (rule(),)))],
        staging=staging,
        active=active,
        **options,  # type: ignore[arg-type]
    )


# ---- Connectors ----------------------------------------------------------------------------------


def test_the_only_ones_left_of_unknown_kinds_and_other_names_are_no_pair() -> None:
    """A list without types: Get-ADSyncConnector | Select-Object Name, Identifier."""
    found = plan(
        listed(Connector(A1, None, "contoso.com"), ENTRA_CONNECTOR),
        listed(Connector(B1, None, "fabrikam.com"), ENTRA_CONNECTOR),
    )
    assert errors(found.diagnostics) == ["SR406"]


def test_the_only_ones_left_are_assumed_where_a_kind_is_not_known() -> None:
    found = plan(listed(Connector(A1, AD), ENTRA_CONNECTOR), listed(Connector(B1), ENTRA_CONNECTOR))
    assert [str(p.basis) for p in found.pairs if p.active == A1] == ["assumed"]
    assert "SR410" in codes(found.diagnostics)


def test_a_partition_that_is_no_distinguished_name_proves_nothing() -> None:
    found = plan(
        Server(connectors=(Connector(A1, SQL, "HR", partitions=("default",)),)),
        Server(connectors=(Connector(B1, SQL, "Payroll", partitions=("default",)),)),
    )
    assert [str(p.basis) for p in found.pairs] == ["assumed"]


def test_a_list_without_the_entra_connector_is_not_all_there_is() -> None:
    found = plan(
        listed(Connector(A1, SQL, "HR")), listed(Connector(B1, SQL, "Payroll"), ENTRA_CONNECTOR)
    )
    assert [str(p.basis) for p in found.pairs if p.active == A1] == ["assumed"]


@pytest.mark.parametrize("mapping", [{A1: ENTRA}, {ENTRA: B1}])
def test_sr416_the_entra_connector_stands_for_itself_alone(mapping: dict[str, str]) -> None:
    moved = rule(connector=next(iter(mapping)))
    found = plan(Server(), listed(Connector(B1), ENTRA_CONNECTOR), moved, mapping=mapping)
    assert "SR416" in errors(found.diagnostics)


# ---- Two files about one rule --------------------------------------------------------------------

JOIN = replace(out_of_box(), join_filter=((JoinCondition("a", "b", False),),))
THERE = replace(JOIN, identifier=guid(800), connector=B1)


@pytest.mark.parametrize(
    "other",
    [
        replace(JOIN, disabled=True),
        replace(JOIN, direction="Outbound"),
        replace(JOIN, immutable_tag=""),
    ],
    ids=["state", "direction", "tag"],
)
def test_sr417_files_that_contradict_each_other_about_a_rule(other: SyncRule) -> None:
    active = server(export(JOIN, name="one.ps1"), export(other, name="two.ps1"))
    found = plan(active, server(export(THERE, name="there.ps1")))
    assert "SR417" in errors(found.diagnostics)


def test_sr457_an_export_that_is_not_what_the_configuration_shows() -> None:
    active = server(export(replace(rule(), link_type="Provision"), name="configuration"))
    found = the("SR457", plan(active, server(export(THERE))).diagnostics)
    assert "link type" in found.message
    assert not found.is_error


def test_sr457_not_for_a_rule_that_is_the_same() -> None:
    active = server(export(rule(), name="configuration"))
    assert "SR457" not in codes(plan(active, server(export(THERE))).diagnostics)


WRITTEN_OTHERWISE = {
    "link type": ("-LinkType 'Join'", "-LinkType 'JOIN'"),
    "direction": ("-Direction 'Inbound'", "-Direction 'inbound'"),
    "operator": ("'1','EQUAL'", "'1','Equal'"),
    "flow type": ("-FlowType 'Direct'", "-FlowType 'direct'"),
    "merge type": ("-ValueMergeType 'Update'", "-ValueMergeType 'UPDATE'"),
}


@pytest.mark.parametrize("what", WRITTEN_OTHERWISE)
def test_neither_sr457_nor_sr452_for_the_letter_case_of_a_word(what: str) -> None:
    flow = AttributeFlowMapping(("mail",), "mail", "Direct", "Update", False, None)
    scope = ((ScopeCondition("department", "1", "EQUAL"),),)
    own = replace(rule(), attribute_flow_mappings=(flow,), scope_filter=scope)
    standard = replace(JOIN, attribute_flow_mappings=(flow,), scope_filter=scope)
    old, new = WRITTEN_OTHERWISE[what]
    text = text_of(own, standard)
    assert text.count(old) == 2
    otherwise = syncrules.parse(text.replace(old, new), name="otherwise.ps1")
    staging = replace(standard, connector=B1, identifier=guid(800))
    found = syncrules.plan(
        [otherwise],
        staging=server(export(staging, name="staging.ps1")),
        active=server(export(own, standard, name="configuration")),
    )
    assert not {"SR457", "SR452", "SR417"} & {*codes(found.diagnostics)}


def test_the_wizards_settings_are_no_contradiction_to_connectors_that_it_does_not_know() -> None:
    settings = replace(
        listed(Connector(B1, AD), ENTRA_CONNECTOR),
        evidence=(Evidence("settings.json", EvidenceKind.SETTINGS, (Facet.CONNECTORS,)),),
    )
    assert merge((settings, Server(connectors=(Connector(B2, SQL),)))).disputes == ()
    assert merge((settings, Server(connectors=(Connector(B2, AD),)))).disputes != ()


# ---- Tags that were kept -------------------------------------------------------------------------


def test_sr413_a_clone_with_its_tag_in_a_configuration() -> None:
    clone = replace(JOIN, name="In from AD - Ours", identifier=guid(901), precedence=40)
    active = server(export(JOIN, clone, name="configuration"))
    assert "SR413" in errors(plan(active, server(export(THERE))).diagnostics)


def test_sr413_exports_of_two_staging_servers() -> None:
    two = server(
        export(THERE, name="one.ps1"), export(replace(THERE, identifier=guid(801)), name="two.ps1")
    )
    assert "SR413" in errors(plan(Server(), two).diagnostics)


def test_a_clone_on_staging_is_not_disabled_in_its_originals_place() -> None:
    clone = replace(THERE, name="In from AD - Ours", precedence=30)
    found = syncrules.plan(
        [export(rule(), replace(JOIN, disabled=True))], staging=server(export(clone))
    )
    assert found.disabled == ()
    assert {"SR414", "SR415"} <= set(codes(found.diagnostics))


# ---- Numbers -------------------------------------------------------------------------------------


def test_numbering_anew_keeps_clear_of_staging_where_a_rule_is_placed() -> None:
    taken = replace(rule("There", 70, B1), precedence=2)
    placed = replace(rule("Placed", 2), precedence=0, precedence_before=guid(1))
    found = syncrules.plan(
        [export(replace(rule("First", 1), precedence=10), placed)],
        staging=server(export(THERE, taken)),
        first_precedence=1,
    )
    assert errors(found.diagnostics) == []
    assert sorted(m.final or 0 for m in found.rules) == [4, 5]


def test_sr446_a_rule_that_would_come_before_all_out_of_box_rules() -> None:
    late = replace(rule(), precedence=130)
    staging = server(export(THERE))
    assert "SR446" in codes(
        syncrules.plan([export(late)], staging=staging, first_precedence=1).diagnostics
    )
    assert "SR446" not in codes(syncrules.plan([export(late)], staging=staging).diagnostics)


def test_sr445_not_for_rules_of_the_other_direction() -> None:
    outbound = replace(JOIN, direction="Outbound", precedence=45)
    there = replace(outbound, identifier=guid(800), connector=B1, precedence=110)
    found = syncrules.plan([export(rule(), outbound)], staging=server(export(there)))
    assert "SR445" not in codes(found.diagnostics)
