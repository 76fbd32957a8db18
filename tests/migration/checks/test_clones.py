"""Rules that look like clones, where no file shows whether their originals are disabled."""

from __future__ import annotations

from dataclasses import replace

import pytest

import syncrules
from support.builders import A1, A2, B1, codes, export, guid, out_of_box, rule, server, the
from support.known_servers import complete, forest
from syncrules import AttributeFlowMapping, JoinCondition, Plan, Severity, SyncRule

JOIN_ON = ((JoinCondition("objectGUID", "sourceAnchorBinary", False),),)
FLOWS = (AttributeFlowMapping(("cn",), "cn", "Direct", "Update", False, None),)
ORIGINAL = replace(out_of_box(), join_filter=JOIN_ON, attribute_flow_mappings=FLOWS)
THERE = replace(ORIGINAL, identifier=guid(800), connector=B1)
CLONE = replace(rule(ORIGINAL.name, 1), join_filter=JOIN_ON)


def _trimmed(expression: str) -> tuple[AttributeFlowMapping, ...]:
    return (AttributeFlowMapping(None, "cn", "Expression", "Update", False, expression),)


def _plan(clone: SyncRule, *more: SyncRule, there: SyncRule = THERE, whole: bool = False) -> Plan:
    rules = (clone, *more)
    return syncrules.plan(
        [export(*rules)],
        staging=server(export(there, name="new.ps1")),
        active=complete(forest(A1, "contoso.com"), rules=rules) if whole else None,
        mapping={A1: B1},
    )


@pytest.mark.parametrize(
    ("clone", "there"),
    [
        pytest.param(CLONE, THERE, id="its name"),
        pytest.param(
            replace(CLONE, name=f"{CLONE.name} - Cloned - 3/9/2021 10:12:13 AM"),
            THERE,
            id="a clone's name",
        ),
        pytest.param(
            replace(CLONE, name="Ours", attribute_flow_mappings=FLOWS), THERE, id="its flows"
        ),
        pytest.param(
            replace(CLONE, name="Ours", attribute_flow_mappings=_trimmed("Trim( [cn] )")),
            replace(THERE, attribute_flow_mappings=_trimmed("Trim([cn])")),
            id="its flows, with blanks that mean nothing",
        ),
        pytest.param(
            replace(CLONE, name="In from AD - Group Join"), THERE, id="staging shows another"
        ),
    ],
)
def test_sr464_looks_like_a_clone(clone: SyncRule, there: SyncRule) -> None:
    found = _plan(clone, there=there).diagnostics
    assert codes(found) == ["SR464"]
    finding = the("SR464", found)
    assert finding.severity is Severity.WARNING
    assert finding.file == "custom.ps1"
    assert finding.line == 1
    assert "looks like a clone of the out-of-box rule 'In from AD -" in finding.message


@pytest.mark.parametrize(
    ("clone", "there"),
    [
        pytest.param(replace(CLONE, disabled=True), THERE, id="disabled"),
        pytest.param(replace(CLONE, join_filter=()), THERE, id="joins nothing"),
        pytest.param(CLONE, replace(THERE, disabled=True), id="disabled on staging"),
        pytest.param(replace(CLONE, name="Ours"), THERE, id="another name and other flows"),
        pytest.param(
            replace(CLONE, name="Ours", attribute_flow_mappings=FLOWS, source_object_type="group"),
            THERE,
            id="the flows of another object type",
        ),
        pytest.param(
            replace(CLONE, name="Ours"),
            replace(THERE, immutable_tag="", name="Ours"),
            id="staging's is a custom rule",
        ),
        pytest.param(
            replace(CLONE, name="Ours", attribute_flow_mappings=()),
            replace(THERE, attribute_flow_mappings=()),
            id="neither has a flow",
        ),
        pytest.param(
            replace(CLONE, name="Ours", attribute_flow_mappings=FLOWS),
            replace(THERE, join_filter=()),
            id="staging's joins nothing",
        ),
    ],
)
def test_sr464_not_for_other_rules(clone: SyncRule, there: SyncRule) -> None:
    assert "SR464" not in codes(_plan(clone, there=there).diagnostics)


@pytest.mark.parametrize("disabled", [True, False])
def test_sr464_not_where_a_file_shows_the_state_of_the_original(*, disabled: bool) -> None:
    shown = replace(ORIGINAL, disabled=disabled)
    assert "SR464" not in codes(_plan(CLONE, shown).diagnostics)
    elsewhere = replace(shown, connector=A2)
    assert "SR464" in codes(_plan(CLONE, elsewhere).diagnostics)
    another_clone = replace(shown, precedence=20)  # one that kept its tag as well
    assert "SR464" in codes(_plan(CLONE, another_clone).diagnostics)


def test_sr464_where_a_file_shows_the_original_and_not_its_state() -> None:
    shown = server(export(replace(ORIGINAL, identifier=guid(900)), name="old.ps1"))
    stateless = replace(shown, rules=tuple(replace(r, disabled=None) for r in shown.rules))
    for active, expected in (shown, []), (stateless, ["SR464"]):
        planned = syncrules.plan(
            [export(CLONE)],
            staging=server(export(THERE, name="new.ps1")),
            active=active,
            mapping={A1: B1},
        )
        assert [c for c in codes(planned.diagnostics) if c == "SR464"] == expected


def test_sr464_among_the_out_of_box_rules_it_is_not_its_own_original() -> None:
    assert "SR464" in codes(_plan(replace(CLONE, precedence=150)).diagnostics)


def test_sr464_whatever_rules_come_before_it() -> None:
    assert codes(_plan(rule("Ours", 7), CLONE).diagnostics) == ["SR464"]


def test_sr464_not_where_all_rules_of_the_active_server_are_known() -> None:
    assert "SR464" not in codes(_plan(CLONE, whole=True).diagnostics)
