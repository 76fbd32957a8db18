"""Attributes that the staging server's schema lacks, each on its own side."""

from __future__ import annotations

from dataclasses import replace

import pytest

import syncrules
from support.builders import A1, B1, ENTRA, codes, export, rule, the
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
) -> tuple[Diagnostic, ...]:
    there = replace(forest(B1, "contoso.com"), attributes=connector)
    planned = syncrules.plan(
        [export(made)],
        staging=complete(there, metaverse=metaverse),
        active=complete(forest(A1, "contoso.com"), rules=(made,)),
    )
    return planned.diagnostics


def _flow(
    destination: str, *source: str, expression: str | None = None, kind: str = "Direct"
) -> AttributeFlowMapping:
    return AttributeFlowMapping(source or None, destination, kind, "Update", False, expression)


def _inbound(*flows: AttributeFlowMapping) -> SyncRule:
    return replace(rule(), attribute_flow_mappings=flows)


def _named(found: tuple[Diagnostic, ...]) -> list[tuple[str, str]]:
    """Return what findings SR460 name, and where it is missing."""
    assert {*codes(found)} <= {"SR460"}
    return [
        (f.message.split("'")[1], f.message.split("staging's ")[1].split(":")[0]) for f in found
    ]


def test_sr460_a_destination_that_the_metaverse_lacks() -> None:
    found = _findings(_inbound(_flow("extension_x", "mail")))
    assert _named(found) == [("extension_x", "metaverse")]
    finding = the("SR460", found)
    assert finding.severity is Severity.WARNING
    assert finding.excerpt.startswith("Add-ADSyncAttributeFlowMapping")
    assert "directory extension" in finding.hint


def test_sr460_a_source_that_the_connector_lacks() -> None:
    found = _findings(_inbound(_flow("mail", "costCenter")))
    assert _named(found) == [("costCenter", "connector contoso.com")]
    assert "Refresh" in the("SR460", found).hint
    assert "contoso.com" in the("SR460", found).message


def test_sr460_attributes_in_expressions() -> None:
    text = 'IIF(IsPresent([costCenter]),"[noAttribute]",[mail])'
    found = _findings(_inbound(_flow("mail", expression=text, kind="Expression")))
    assert _named(found) == [("costCenter", "connector contoso.com")]


def test_sr460_an_outbound_rule_has_its_sides_the_other_way_round() -> None:
    made = replace(
        _inbound(_flow("samAccountName", "cn"), _flow("cn", "samAccountName")),
        direction="Outbound",
    )
    assert _named(_findings(made)) == [
        ("cn", "connector contoso.com"),
        ("samAccountName", "metaverse"),
    ]


def test_sr460_scopes_and_joins() -> None:
    made = replace(
        _inbound(),
        scope_filter=((ScopeCondition("costCenter", "1", "EQUAL"),),),
        join_filter=((JoinCondition("employeeID", "employeeNumber", False),),),
    )
    assert _named(_findings(made)) == [
        ("costCenter", "connector contoso.com"),
        ("employeeID", "connector contoso.com"),
        ("employeeNumber", "metaverse"),
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


def test_sr460_once_for_each_attribute_of_a_place() -> None:
    text = "[costCenter]&[costCenter]"
    flow = _flow("mail", "costCenter", expression=text, kind="Expression")
    assert len(_findings(_inbound(flow))) == 1
    assert len(_findings(_inbound(flow, replace(flow, destination="cn")))) == 2


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
