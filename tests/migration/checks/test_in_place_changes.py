"""Out-of-box rules that were changed in place, told apart from what versions change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import syncrules
from support.builders import ENTRA, codes, export, guid, out_of_box, rule, server, the
from syncrules import (
    AttributeFlowMapping,
    Diagnostic,
    JoinCondition,
    ScopeCondition,
    Severity,
    SyncRule,
)
from syncrules.migration.checks.content import differences_in_words

NAME = "Out to AAD - User Join"


def _flow(destination: str, expression: str) -> AttributeFlowMapping:
    return AttributeFlowMapping(("a",), destination, "Expression", "Update", False, expression)


def _scope(*values: str) -> tuple[ScopeCondition, ...]:
    return tuple(ScopeCondition("cloudFiltered", v, "EQUAL") for v in values)


def _join(*attributes: str) -> tuple[tuple[JoinCondition, ...], ...]:
    return tuple((JoinCondition(a, a, False),) for a in attributes)


HERE = replace(
    out_of_box(NAME, 900, ENTRA),
    attribute_flow_mappings=(_flow("b", "[a]"), _flow("c", 'IIF([a]="x",1,2)')),
    scope_filter=(_scope("1", "2"), _scope("3")),
    join_filter=_join("mail", "cn"),
)
THERE = replace(HERE, identifier=guid(800))

CHANGES: dict[str, dict[str, Any]] = {
    "link type": {"link_type": "Provision"},
    "source object type": {"source_object_type": "group"},
    "target object type": {"target_object_type": "group"},
    "password sync": {"enable_password_sync": True},
    "attribute flows": {"attribute_flow_mappings": HERE.attribute_flow_mappings[:1]},
    "scope": {"scope_filter": HERE.scope_filter[:1]},
    "join": {"join_filter": _join("cn", "mail")},
}
NOISE: dict[str, dict[str, Any]] = {
    "identifier": {"identifier": guid(801)},
    "name in another letter case": {"name": NAME.upper().replace(" - ", " \N{EN DASH} ")},
    "description": {"description": "text"},
    "precedence": {"precedence": 177},
    "state": {"disabled": True},
    "order of flows": {"attribute_flow_mappings": HERE.attribute_flow_mappings[::-1]},
    "white space in an expression": {
        "attribute_flow_mappings": (_flow("b", " [a]\r\n"), HERE.attribute_flow_mappings[1])
    },
    "order of scopes": {"scope_filter": (_scope("3"), _scope("2", "1"))},
    "sources of an expression": {
        "attribute_flow_mappings": tuple(
            replace(f, source=None) for f in HERE.attribute_flow_mappings
        )
    },
    "merge type that is the default": {
        "attribute_flow_mappings": tuple(
            replace(f, value_merge_type=None) for f in HERE.attribute_flow_mappings
        )
    },
}


def _findings(there: SyncRule) -> tuple[Diagnostic, ...]:
    custom = rule("Out to AAD - Custom", 1, ENTRA)
    return syncrules.plan(
        [export(custom, HERE)], staging=server(export(there, name="new.ps1"))
    ).diagnostics


@pytest.mark.parametrize("what", CHANGES)
def test_sr452_a_rule_of_the_same_version_that_is_not_the_same(what: str) -> None:
    there = replace(THERE, **CHANGES[what])
    assert differences_in_words(HERE, there) == (
        {"attribute flows": "attribute flows to c"}.get(what, what),
    )
    finding = the("SR452", _findings(there))
    assert finding.severity is Severity.WARNING
    assert what in finding.message
    assert finding.excerpt == "New-ADSyncRule  `"


@pytest.mark.parametrize("what", NOISE)
def test_sr452_not_for_what_differs_between_servers_anyway(what: str) -> None:
    there = replace(THERE, **NOISE[what])
    assert differences_in_words(HERE, there) == ()
    assert not {"SR452", "SR453"} & {*codes(_findings(there))}


def test_sr452_names_the_name_too_and_does_not_blame_a_change_in_place() -> None:
    there = replace(THERE, name="Renamed", link_type="Provision")
    finding = the("SR452", _findings(there))
    assert ": name, link type." in finding.message
    assert "'Renamed'" in finding.message
    assert "in place" not in finding.message
    assert ": name." in the("SR452", _findings(replace(THERE, name="Renamed"))).message


def test_sr452_of_a_rule_that_may_be_a_custom_one_only_where_its_tag_is_the_same() -> None:
    ours = replace(HERE, name="Ours")
    there = replace(THERE, link_type="Provision")
    other = replace(out_of_box("Out to AAD - Group Join", 901, ENTRA), name="Ours too")
    newer = replace(
        out_of_box("Out to AAD - Group Join", 801, ENTRA),
        link_type="Provision",
        immutable_tag=f"{other.immutable_tag}5",
    )
    found = syncrules.plan(
        [export(rule("Out to AAD - Custom", 1, ENTRA), other, ours)],
        staging=server(export(there, newer, name="new.ps1")),
    ).diagnostics
    assert "'Ours'" in the("SR452", found).message
    assert "SR453" not in codes(found)


def test_sr453_between_two_versions_it_is_only_a_note() -> None:
    there = replace(THERE, link_type="Provision", immutable_tag=f"{HERE.immutable_tag}5")
    found = _findings(there)
    assert codes(found) == ["SR453"]
    assert the("SR453", found).severity is Severity.NOTE
    assert f"{HERE.immutable_tag}5" in the("SR453", found).message


def test_sr453_not_for_another_version_of_the_same_content() -> None:
    assert codes(_findings(replace(THERE, immutable_tag=f"{HERE.immutable_tag}5"))) == []


def test_sr452_names_the_attributes_that_are_not_filled_alike_and_not_all_of_many() -> None:
    flows = tuple(_flow(f"x{n}", "[a]") for n in range(9))
    there = replace(THERE, attribute_flow_mappings=(*HERE.attribute_flow_mappings, *flows))
    assert differences_in_words(HERE, there) == ("attribute flows to x0, x1, x2, x3, x4 and more",)


def test_rules_that_no_file_shows_whole_are_not_compared() -> None:
    known = server(export(THERE, name="new.ps1"))
    (shown,) = known.rules
    planned = syncrules.plan(
        [export(rule("Out to AAD - Custom", 1, ENTRA), replace(HERE, link_type="Provision"))],
        staging=replace(known, rules=(replace(shown, sync_rule=None),)),
    )
    assert codes(planned.diagnostics) == []
    active = server(export(replace(HERE, link_type="Provision"), name="old.ps1"))
    planned = syncrules.plan(
        [export(rule("Out to AAD - Custom", 1, ENTRA))],
        active=replace(active, rules=(replace(active.rules[0], sync_rule=None),)),
        staging=known,
    )
    assert codes(planned.diagnostics) == []
    assert planned.changed == ()


# ---- Both values ---------------------------------------------------------------------------------


def _plan(there: SyncRule) -> syncrules.Plan:
    custom = rule("Out to AAD - Custom", 1, ENTRA)
    return syncrules.plan([export(custom, HERE)], staging=server(export(there, name="new.ps1")))


@pytest.mark.parametrize("tag", ["", "5"], ids=["one version", "two versions"])
@pytest.mark.parametrize("what", CHANGES)
def test_what_differs_is_in_the_plan_with_both_values(what: str, tag: str) -> None:
    there = replace(THERE, **CHANGES[what], immutable_tag=f"{HERE.immutable_tag}{tag}")
    (changed,) = _plan(there).changed
    (contrast,) = changed.contrasts

    assert (changed.pair.active.identifier, changed.pair.staging.identifier) == (
        HERE.identifier,
        there.identifier,
    )
    assert contrast.what == {"attribute flows": "attribute flow to c"}.get(what, what)
    assert contrast.active != contrast.staging


def test_the_values_are_whole_and_each_on_its_side() -> None:
    (changed,) = _plan(replace(THERE, name="Renamed", link_type="Provision")).changed
    assert changed.contrasts == (
        ("name", NAME, "Renamed"),
        ("link type", "Join", "Provision"),
    )
    bare = replace(THERE, attribute_flow_mappings=(), scope_filter=(), join_filter=())
    (changed,) = _plan(bare).changed
    assert changed.contrasts == (
        ("attribute flow to b", "Expression [a]", "none"),
        ("attribute flow to c", 'Expression IIF([a]="x",1,2)', "none"),
        (
            "scope",
            "('cloudFiltered' EQUAL '1' and 'cloudFiltered' EQUAL '2') or "
            "('cloudFiltered' EQUAL '3')",
            "none",
        ),
        (
            "join",
            "('mail' = 'mail', case-sensitive False) or ('cn' = 'cn', case-sensitive False)",
            "none",
        ),
    )


@pytest.mark.parametrize("what", CHANGES | NOISE)
def test_a_rule_is_changed_in_the_plan_where_a_finding_says_so(what: str) -> None:
    plan = _plan(replace(THERE, **(CHANGES | NOISE)[what]))
    assert len(plan.changed) == sum(d.code in ("SR452", "SR453") for d in plan.diagnostics)
