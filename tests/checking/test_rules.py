"""Rules as a whole, over one server: nothing is said that Microsoft's own rules do."""

from __future__ import annotations

from dataclasses import replace

import pytest

import syncrules
from support.builders import A1, ENTRA, codes, export, guid, out_of_box, rule, server
from syncrules import (
    AttributeFlowMapping,
    Connector,
    Diagnostic,
    JoinCondition,
    ScopeCondition,
    Server,
    Severity,
    SyncRule,
)
from syncrules.diagnostics import Code
from syncrules.servers.model import Evidence, EvidenceKind, Facet

DIRECT = AttributeFlowMapping(("cn",), "displayName", "Direct", "Update", False, None)
JOIN = ((JoinCondition("objectGUID", "sourceAnchorBinary", False),),)


def custom(**fields: object) -> SyncRule:
    return replace(rule("In from AD - Custom"), **fields)  # type: ignore[arg-type]


def said_of(*rules: SyncRule, server: Server | None = None) -> list[str]:
    return codes(syncrules.check(export(*rules), server=server))


def with_all_rules(*rules: SyncRule) -> Server:
    """Return a server of which a configuration shows all rules."""
    shown = server(export(*rules))
    evidence = Evidence("old", EvidenceKind.CONFIGURATION, tuple(Facet))
    return replace(shown, evidence=(evidence,))


def test_all_findings_are_warnings_or_notes() -> None:
    of_content = [code for code in Code if code.startswith("SR7")]
    assert {code.severity for code in of_content} == {Severity.WARNING, Severity.NOTE}


# ---- Scopes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "value", "is_said"),
    [
        ("ISNULL", "", False),
        ("ISNOTNULL", "x", True),
        ("EQUAL", "x", False),
        ("EQUAL", "", True),
        ("NOTSTARTSWITH", "", True),
        ("ISBITSET", "2", False),
        ("ISBITNOTSET", "0x2", False),
        ("ISBITSET", "disabled", True),
        ("ISMEMBEROF", "CN=Pilot,DC=contoso,DC=com", False),
        ("ISNOTMEMBEROF", "Pilot", True),
        ("LESSTHAN", "50000", False),
    ],
)
def test_a_value_that_an_operator_cannot_use(operator: str, value: str, is_said: bool) -> None:
    condition = ScopeCondition("department", value, operator)
    made = custom(scope_filter=((ScopeCondition("cn", "a", "EQUAL"),), (condition,)))
    found = syncrules.check(export(made))
    assert codes(found) == ([Code.SR730] if is_said else [])
    assert [f.excerpt.split()[0] for f in found] == ["New-Object"] * len(found)


@pytest.mark.parametrize(
    ("fields", "is_said"),
    [
        ({}, True),
        ({"link_type": "Join"}, False),
        ({"disabled": True}, False),
        ({"scope_filter": ((ScopeCondition("cn", "a", "EQUAL"),),)}, False),
        ({"immutable_tag": "Microsoft.InfromADContactJoin.003", "precedence": 101}, False),
    ],
)
def test_a_custom_rule_that_provisions_without_a_scope(
    fields: dict[str, object], is_said: bool
) -> None:
    made = custom(**({"link_type": "Provision"} | fields))
    assert said_of(made) == ([Code.SR731] if is_said else [])


# ---- Flows ---------------------------------------------------------------------------------------


def test_two_flows_to_one_attribute_are_told_at_the_second() -> None:
    flows = (DIRECT, replace(DIRECT, destination="cn"), replace(DIRECT, source=("name",)))
    (finding,) = syncrules.check(export(custom(attribute_flow_mappings=flows)))
    assert finding.code is Code.SR733
    assert finding.message.startswith("The rule has 2 flows to 'displayName'.")
    text = export(custom(attribute_flow_mappings=flows)).source.text
    assert finding.span is not None
    assert text[: finding.span.start].count("Add-ADSyncAttributeFlowMapping") == 2


def test_a_flow_whose_type_does_not_fit() -> None:
    wrong = replace(DIRECT, flow_type="Constant", source=("a", "b"))
    assert said_of(custom(attribute_flow_mappings=(wrong,))) == [Code.SR474]


@pytest.mark.parametrize(
    ("other", "is_said"),
    [
        ({}, True),
        ({"disabled": True}, False),
        ({"direction": "Outbound"}, False),
        ({"target_object_type": "group"}, False),
        ({"attribute_flow_mappings": (replace(DIRECT, destination="cn"),)}, False),
    ],
)
def test_a_flow_that_is_applied_once_beside_others(other: dict[str, object], is_said: bool) -> None:
    once = custom(attribute_flow_mappings=(replace(DIRECT, execute_once=True),))
    beside = replace(
        out_of_box("In from AD - User Common", 901),
        **({"attribute_flow_mappings": (DIRECT,)} | other),  # type: ignore[arg-type]
    )
    assert said_of(once, beside) == ([Code.SR734] if is_said else [])


def test_flows_to_two_connectors_do_not_fill_one_attribute() -> None:
    once = custom(
        direction="Outbound", attribute_flow_mappings=(replace(DIRECT, execute_once=True),)
    )
    common = out_of_box("Out to AAD - User Common", 901)
    beside = replace(common, direction="Outbound", attribute_flow_mappings=(DIRECT,))
    assert said_of(once, beside) == [Code.SR734]
    assert said_of(once, replace(beside, connector=ENTRA)) == []


# ---- Joins ---------------------------------------------------------------------------------------

FILLS = replace(
    out_of_box("In from AD - User Common", 901),
    attribute_flow_mappings=(replace(DIRECT, destination="sourceAnchorBinary"),),
)


def test_a_join_on_an_attribute_that_no_rule_fills() -> None:
    joining = custom(join_filter=JOIN)
    assert said_of(joining, server=with_all_rules(joining)) == [Code.SR732]
    assert said_of(joining, server=with_all_rules(joining, FILLS)) == []
    disabled = replace(FILLS, disabled=True)
    assert said_of(joining, server=with_all_rules(joining, disabled)) == [Code.SR732]
    off = replace(joining, disabled=True)
    assert said_of(off, server=with_all_rules(off)) == []
    outbound = replace(FILLS, direction="Outbound")
    assert said_of(joining, server=with_all_rules(joining, outbound)) == [Code.SR732]


def test_what_an_export_does_not_show_may_fill_it() -> None:
    assert said_of(custom(join_filter=JOIN)) == []


@pytest.mark.parametrize(
    ("clone", "original", "is_said"),
    [
        ({}, {}, True),
        ({"name": "In from AD – user join"}, {}, True),
        ({"disabled": True}, {}, False),
        ({"join_filter": ()}, {}, False),
        ({}, {"disabled": True}, False),
        ({}, {"join_filter": ()}, False),
        ({"name": "In from AD - User Join Contoso"}, {}, False),
        ({"connector": ENTRA}, {}, False),
    ],
)
def test_a_clone_beside_its_enabled_original(
    clone: dict[str, object], original: dict[str, object], is_said: bool
) -> None:
    made = custom(
        **({"name": "In from AD - User Join - Cloned - 2021-03-09", "join_filter": JOIN} | clone)
    )
    microsofts = replace(
        out_of_box("In from AD - User Join"),
        **({"join_filter": JOIN} | original),  # type: ignore[arg-type]
    )
    assert said_of(made, microsofts) == ([Code.SR736] if is_said else [])


# ---- Precedences ---------------------------------------------------------------------------------


def at(precedence: int, number: int, **fields: object) -> SyncRule:
    return custom(identifier=guid(number), precedence=precedence, **fields)


def test_a_precedence_out_of_range() -> None:
    assert said_of(at(0, 1), at(99, 2)) == []
    assert said_of(at(100, 1)) == [Code.SR735]
    placed = at(0, 2, precedence_before=guid(900))
    assert said_of(at(0, 1), placed, replace(placed, identifier=guid(3))) == []


def test_a_precedence_that_two_rules_have_is_one_finding_that_names_both() -> None:
    (finding,) = syncrules.check(export(at(50, 1, name="One"), at(50, 2, name="Two")))
    assert finding.code is Code.SR735
    assert finding.message.startswith("2 rules have the precedence 50.")
    assert finding.message.endswith("This is in 'One', 'Two'.")
    assert len(finding.places) == 2
    assert said_of(replace(out_of_box(), precedence=101), at(101, 1)) == [Code.SR735]
    assert said_of(*(replace(out_of_box(number=n), precedence=101) for n in (901, 902))) == []
    assert said_of(at(50, 1, connector=A1), at(50, 2, connector=ENTRA)) == [Code.SR735]


# ---- One cause, one finding ----------------------------------------------------------------------


def _scoped(attribute: str) -> dict[str, object]:
    return {"scope_filter": ((ScopeCondition(attribute, "x", "ISNULL"),),)}


def _joining(attribute: str) -> dict[str, object]:
    return {"join_filter": ((JoinCondition("cn", attribute, False),),)}


def _flowing(destination: str, times: int, **fields: object) -> dict[str, object]:
    flow = replace(DIRECT, destination=destination, **fields)  # type: ignore[arg-type]
    return {"attribute_flow_mappings": (flow,) * times}


@pytest.mark.parametrize(
    ("code", "one", "other", "cells"),
    [
        (Code.SR730, _scoped("cn"), _scoped("sn"), ("cn ISNULL x", "sn ISNULL x")),
        (Code.SR732, _joining("a"), _joining("b"), ("a", "b")),
        (Code.SR733, _flowing("a", 2), _flowing("b", 2), ("a", "b")),
        (Code.SR735, {"precedence": 150}, {"precedence": 151}, ("150", "151")),
        (Code.SR474, _flowing("a", 1, source=()), _flowing("b", 1, source=()), ("'a'", "'b'")),
    ],
)
def test_what_repeats_is_one_finding_with_a_row_for_each(
    code: Code, one: dict[str, object], other: dict[str, object], cells: tuple[str, str]
) -> None:
    rules = [custom(**one, name="One"), custom(**{"precedence": 7} | other, identifier=guid(2))]
    for made in rules:
        (alone,) = syncrules.check(server=with_all_rules(made))
        assert (alone.code, alone.rows) == (code, ())
        assert alone.message.endswith(f"'{made.name}'.")
    (finding,) = syncrules.check(server=with_all_rules(*rules))
    assert finding.code is code
    assert tuple(row[0] for row in finding.rows) == cells
    assert finding.rows[0][1].endswith("'One'")
    assert finding.message.startswith("2 ")


def test_attributes_of_one_schema_are_one_finding() -> None:
    """Whatever names them; those of another schema are another one."""
    names = [f"gone{n}" for n in range(4)]
    flows = tuple(replace(DIRECT, source=(name,)) for name in names)
    scope = ((ScopeCondition("gone0", "a", "EQUAL"),),)
    ad = Connector(A1, "AD", "contoso.com", attributes=frozenset({"cn"}))
    ad = replace(ad, attribute_names=frozenset({"cn"}))
    known = Server(connectors=(ad,), metaverse=frozenset({"mail"}))
    known = replace(known, metaverse_names=frozenset({"mail"}))
    made = custom(
        attribute_flow_mappings=tuple(
            replace(flow, destination=f"extensionAttribute{n}") for n, flow in enumerate(flows)
        ),
        scope_filter=scope,
    )
    found = [f for f in syncrules.check(export(made), server=known) if f.code is Code.SR720]
    of_ad, of_metaverse = sorted(found, key=lambda f: f.message)
    assert of_ad.message.startswith("4 attributes are not in the schema of the connector")
    assert [row[0] for row in of_ad.rows] == names
    assert of_ad.rows[0][1].endswith("and 1 more")
    assert len(of_ad.places) == 5
    assert of_metaverse.message.startswith("4 attributes are not in the schema of the metaverse")


# ---- The library ---------------------------------------------------------------------------------


def test_nothing_to_check_is_nothing_found() -> None:
    assert syncrules.check() == ()
    assert syncrules.check((), server=Server()) == ()


def test_one_export_and_several_are_checked_alike() -> None:
    one = export(at(150, 1))
    found: tuple[Diagnostic, ...] = syncrules.check(one)
    assert found == syncrules.check([one])
    assert syncrules.check(iter([one, export(at(51, 2), name="b.ps1")])) == found
