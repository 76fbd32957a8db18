"""Attributes that the staging server's schema lacks, each on its own side."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import syncrules
from support.builders import A1, B1, ENTRA, codes, export, guid, rule, the
from support.known_servers import complete, forest
from syncrules import (
    AttributeFlowMapping,
    Diagnostic,
    JoinCondition,
    ScopeCondition,
    Severity,
    SyncRule,
)

METAVERSE = frozenset(("cn", "mail", "accountenabled"))
CONNECTOR = frozenset(("samaccountname", "mail", "useraccountcontrol"))


def _findings(
    made: SyncRule,
    metaverse: frozenset[str] | None = METAVERSE,
    connector: frozenset[str] | None = CONNECTOR,
    *more: SyncRule,
    of_active: tuple[frozenset[str] | None, frozenset[str] | None] = (None, None),
) -> tuple[Diagnostic, ...]:
    """Return what is found where the active server's schemas are those, or not known."""
    here = replace(forest(A1, "contoso.com"), attributes=of_active[1])
    there = replace(forest(B1, "contoso.com"), attributes=connector)
    planned = syncrules.plan(
        [export(made, *more)],
        staging=complete(there, metaverse=metaverse),
        active=complete(here, rules=(made, *more), metaverse=of_active[0]),
    )
    return planned.diagnostics


def _flow(
    destination: str, *source: str, expression: str | None = None, kind: str = "Direct"
) -> AttributeFlowMapping:
    return AttributeFlowMapping(source or None, destination, kind, "Update", False, expression)


def _inbound(*flows: AttributeFlowMapping) -> SyncRule:
    return replace(rule(), attribute_flow_mappings=flows)


def _named(found: tuple[Diagnostic, ...]) -> list[tuple[list[str], str]]:
    """Return what findings SR460 name, and where it is missing."""
    assert {*codes(found)} <= {"SR460"}
    parts = [f.message.split(" in the schema of the staging server's ") for f in found]
    return [
        ([row[0] for row in f.rows] or re.findall("'(.+?)' of ", named), where.split(":")[0])
        for f, (named, where) in zip(found, parts, strict=True)
    ]


def test_sr460_a_destination_that_the_metaverse_lacks() -> None:
    found = _findings(_inbound(_flow("extension_x", "mail")))
    assert _named(found) == [(["extension_x"], "metaverse")]
    finding = the("SR460", found)
    assert finding.severity is Severity.WARNING
    assert finding.excerpt.startswith("Add-ADSyncAttributeFlowMapping")
    assert "directory extension" in finding.hint
    assert "Refresh" not in finding.hint


def test_sr460_a_source_that_the_connector_lacks() -> None:
    found = _findings(_inbound(_flow("mail", "costCenter")))
    assert _named(found) == [(["costCenter"], "connector contoso.com")]
    assert "Refresh" in the("SR460", found).hint
    assert "contoso.com" in the("SR460", found).message


def test_sr460_attributes_in_expressions() -> None:
    text = 'IIF(IsPresent([costCenter]),"[noAttribute]",ImportedValue("badge") & [mail])'
    found = _findings(_inbound(_flow("mail", expression=text, kind="Expression")))
    assert _named(found) == [(["costCenter", "badge"], "connector contoso.com")]


def test_sr460_an_outbound_rule_has_its_sides_the_other_way_round() -> None:
    made = replace(
        _inbound(_flow("samAccountName", "cn"), _flow("cn", "samAccountName")),
        direction="Outbound",
    )
    assert _named(_findings(made)) == [
        (["cn"], "connector contoso.com"),
        (["samAccountName"], "metaverse"),
    ]


def test_sr460_scopes_and_joins() -> None:
    made = replace(
        _inbound(),
        scope_filter=((ScopeCondition("costCenter", "1", "EQUAL"),),),
        join_filter=((JoinCondition("employeeID", "employeeNumber", False),),),
    )
    assert _named(_findings(made)) == [
        (["costCenter", "employeeID"], "connector contoso.com"),
        (["employeeNumber"], "metaverse"),
    ]


@pytest.mark.parametrize(
    "flow",
    [
        pytest.param(_flow("MAIL", "Mail"), id="another case"),
        pytest.param(_flow("cn", "dn"), id="dn"),
        pytest.param(_flow("accountEnabled", "True", kind="Constant"), id="a constant"),
        pytest.param(_flow("cn", expression="%Domain.FQDN%", kind="Expression"), id="a macro"),
    ],
)
def test_sr460_not_for_what_is_there_or_is_no_attribute(flow: AttributeFlowMapping) -> None:
    assert codes(_findings(_inbound(flow))) == []


def test_sr460_not_where_no_file_shows_the_schema() -> None:
    assert codes(_findings(_inbound(_flow("x", "y")), None, None)) == []


def test_sr460_one_finding_a_schema_with_all_attributes_and_places() -> None:
    text = "[costCenter]&[costCenter]"
    flow = _flow("mail", "costCenter", expression=text, kind="Expression")
    once = the("SR460", _findings(_inbound(flow)))
    assert "'costCenter' of 'In from AD - Custom' is not in" in once.message
    assert "refuse the rule that names it" in once.message
    again = replace(_inbound(replace(flow, destination="cn")), name="Other", identifier=guid(2))
    again = replace(again, precedence=60)
    made = _inbound(flow, _flow("cn", "badge"), _flow("cn", "extension_x"))
    finding = the("SR460", _findings(made, METAVERSE, CONNECTOR, again))
    assert len(finding.places) == 4
    assert finding.rows == (
        ("costCenter", "'In from AD - Custom' and 1 more"),
        ("badge", "'In from AD - Custom'"),
        ("extension_x", "'In from AD - Custom'"),
    )
    assert "3 attributes are not in" in finding.message
    assert "the server would refuse 2 rules that name them" in finding.message
    assert "directory extension in" in finding.hint
    assert "correct the names" in finding.hint


def test_sr460_of_one_schema_where_no_file_shows_the_other() -> None:
    """Whatever rules of connectors without a schema come before it."""
    made = _inbound(_flow("costCenter", "badge"))
    before = replace(rule("Before", 2, ENTRA), precedence=40, attribute_flow_mappings=())
    of_metaverse = _findings(before, METAVERSE, None, made)
    assert "'costCenter'" in the("SR460", of_metaverse).message
    of_connector = _findings(before, None, CONNECTOR, made)
    assert "'badge'" in the("SR460", of_connector).message
    assert "extension" not in the("SR460", of_connector).hint


BOTH = (METAVERSE, CONNECTOR)


def test_sr460_what_neither_server_has_is_one_note() -> None:
    made = replace(
        _inbound(_flow("x", "y"), _flow("cn", "z")),
        scope_filter=((ScopeCondition("y", "1", "EQUAL"),),),
    )
    finding = the("SR460", _findings(made, of_active=BOTH))
    assert finding.severity is Severity.NOTE
    assert {row[0] for row in finding.rows} == {*"xyz"}
    assert "either server" in finding.message
    assert "Refresh" not in finding.hint


@pytest.mark.parametrize(
    "of_active",
    [
        pytest.param((METAVERSE | {"x"}, CONNECTOR | {"y"}), id="active has it"),
        pytest.param((None, None), id="active's schema is not known"),
        pytest.param((METAVERSE | {"x", "y"}, CONNECTOR | {"y", "x"}), id="active has both"),
    ],
)
def test_sr460_what_only_staging_lacks_is_a_warning_for_each_schema(
    of_active: tuple[frozenset[str] | None, frozenset[str] | None],
) -> None:
    found = _findings(_inbound(_flow("X", "Y")), of_active=of_active)
    assert [(f.severity, f.code) for f in found] == [(Severity.WARNING, "SR460")] * 2


def test_sr460_the_other_schema_of_the_active_server_does_not_count() -> None:
    crossed = (METAVERSE | {"y"}, CONNECTOR | {"x"})
    found = _findings(_inbound(_flow("x", "y")), of_active=crossed)
    assert [f.severity for f in found] == [Severity.NOTE]


def test_sr460_for_a_rule_of_entra_looks_at_entras_schema() -> None:
    made = replace(_inbound(_flow("x", "cn")), connector=ENTRA, direction="Outbound")
    entra = complete(metaverse=METAVERSE)
    with_schema = replace(
        entra,
        connectors=tuple(
            replace(c, attributes=frozenset(("x",))) if c.is_entra else c for c in entra.connectors
        ),
    )
    assert codes(syncrules.plan([export(made)], staging=with_schema).diagnostics) == []
