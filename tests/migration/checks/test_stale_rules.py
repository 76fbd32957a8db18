"""A custom rule that two files of one server show otherwise: every field, with both values."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given

import syncrules
from support.builders import (
    A1,
    B1,
    codes,
    export,
    guid,
    out_of_box,
    rule,
    server,
    staging_with,
    the,
)
from support.configurations import configuration, settings_file
from support.known_servers import complete
from support.server_files import FOREST_FILE, rules_of_xml
from syncrules import AttributeFlowMapping, Diagnostic, JoinCondition, ScopeCondition, SyncRule
from syncrules.rules.comparison import content_differences
from syncrules.servers.merging import merge
from syncrules.servers.model import Evidence, EvidenceKind, Server

FLOW = AttributeFlowMapping(("mail",), "mail", "Direct", "Update", False, None)
SCOPE, OTHER_SCOPE = ScopeCondition("department", "x", "EQUAL"), ScopeCondition("c", "", "ISNULL")
JOIN, OTHER_JOIN = JoinCondition("mail", "mail", False), JoinCondition("cn", "cn", True)
RULE = replace(
    rule(),
    description="Staff",
    soft_delete_expiry_interval="00:00:00",
    attribute_flow_mappings=(FLOW,),
    scope_filter=((SCOPE,), (OTHER_SCOPE,)),
    join_filter=((JOIN,), (OTHER_JOIN,)),
)
THERE = replace(RULE, connector=B1)

Change = tuple[dict[str, object], tuple[str, ...]]
CHANGES: dict[str, Change] = {
    "name": ({"name": "X"}, ("name", f"'{RULE.name}'", "'X'")),
    "description": ({"description": "All staff"}, ("description", "'Staff'", "'All staff'")),
    "precedence": ({"precedence": 7}, ("precedence", str(RULE.precedence), "7")),
    "state": ({"disabled": True}, ("state", "enabled", "disabled")),
    "tag": ({"immutable_tag": "Contoso.1"}, ("tag", "''", "'Contoso.1'")),
    "link type": ({"link_type": "Provision"}, ("link type", "Join", "Provision")),
    "source type": ({"source_object_type": "group"}, ("source object type", "'user'", "'group'")),
    "target type": ({"target_object_type": "group"}, ("target object type", "'person'", "'group'")),
    "password sync": ({"enable_password_sync": True}, ("password sync", "False", "True")),
    "interval": (
        {"soft_delete_expiry_interval": "1.00:00:00"},
        ("soft delete interval", "00:00:00", "1.00:00:00"),
    ),
    "a flow's source": (
        {"attribute_flow_mappings": (replace(FLOW, source=("cn",)),)},
        ("flow to mail", "Direct mail", "Direct cn"),
    ),
    "a flow without a source": (
        {"attribute_flow_mappings": (replace(FLOW, source=None),)},
        ("flow to mail", "Direct mail", "Direct "),
    ),
    "a flow's type": (
        {"attribute_flow_mappings": (replace(FLOW, flow_type="Constant"),)},
        ("flow to mail", "Direct mail", "Constant mail"),
    ),
    "a flow's merge type": (
        {"attribute_flow_mappings": (replace(FLOW, value_merge_type="Merge"),)},
        ("flow to mail", "Direct mail", "Direct mail, Merge"),
    ),
    "a flow's once": (
        {"attribute_flow_mappings": (replace(FLOW, execute_once=True),)},
        ("flow to mail", "Direct mail", "Direct mail, once"),
    ),
    "a flow's expression": (
        {
            "attribute_flow_mappings": (
                replace(FLOW, flow_type="Expression", source=None, expression="[cn]"),
            )
        },
        ("flow to mail", "Direct mail", "Expression [cn]"),
    ),
    "a flow more": (
        {"attribute_flow_mappings": (FLOW, replace(FLOW, destination="title"))},
        ("flow to title", "none", "Direct mail"),
    ),
    "no flow": ({"attribute_flow_mappings": ()}, ("flow to mail", "Direct mail", "none")),
    "a scope's value": (
        {"scope_filter": ((replace(SCOPE, comparison_value="y"),), (OTHER_SCOPE,))},
        ("scope", "('department' EQUAL 'x')", "('department' EQUAL 'y')"),
    ),
    "a scope's operator": (
        {"scope_filter": ((replace(SCOPE, comparison_operator="NOTEQUAL"),), (OTHER_SCOPE,))},
        ("scope", "('department' EQUAL 'x')", "('department' NOTEQUAL 'x')"),
    ),
    "a scope less": (
        {"scope_filter": ((OTHER_SCOPE,),)}, ("scope", "('department' EQUAL 'x')", "none"),
    ),
    "scopes in one group": (
        {"scope_filter": ((SCOPE, OTHER_SCOPE),)},
        ("scope", "('department' EQUAL 'x') or ('c' ISNULL '')", " and 'department' EQUAL 'x')"),
    ),
    "a join's case": (
        {"join_filter": ((replace(JOIN, case_sensitive=True),), (OTHER_JOIN,))},
        ("join", "case-sensitive False", "case-sensitive True"),
    ),
    "another order of joins": (
        {"join_filter": ((OTHER_JOIN,), (JOIN,))}, ("join", "('mail' = 'mail'", "('cn' = 'cn'"),
    ),
}  # fmt: skip
"""What one file may show otherwise, with the words and both values that must be told."""


def found(active: Server, staging: Server, *moving: SyncRule) -> list[Diagnostic]:
    plan = syncrules.plan(
        [export(r, name="moving.ps1") for r in moving], staging=staging, active=active
    )
    return [d for d in plan.diagnostics if d.code == "SR457"]


def of(one: SyncRule, other: SyncRule) -> Server:
    """Return what two files show of a server."""
    return server(export(one, name="one.ps1"), export(other, name="other.ps1"))


# ---- Every field ---------------------------------------------------------------------------------


@pytest.mark.parametrize("what", CHANGES)
def test_every_field_is_told_with_both_values_of_either_server(what: str) -> None:
    change, told = CHANGES[what]
    changed = replace(RULE, **change)  # type: ignore[arg-type]
    there = replace(THERE, **change)  # type: ignore[arg-type]
    moving = rule("moving", 9)
    for findings in (
        found(server(export(RULE, name="one.ps1")), staging_with(B1), changed),
        found(of(RULE, changed), staging_with(B1), moving),
        found(Server(), of(THERE, there), moving),
    ):
        (finding,) = findings
        assert not finding.is_error
        assert "one.ps1" in finding.message
        field, one, other = told
        assert f"{field} (" in finding.message
        assert f"({one}" in finding.message or one in finding.message.split(" and ")[-2]
        assert one in finding.message
        assert other in finding.message.partition(f"{field} (")[2]


def test_there_is_a_case_for_each_field_that_the_comparison_knows() -> None:
    covered = {name for change, _ in CHANGES.values() for name in change}
    known = {f.name for f in fields(SyncRule)}
    of_disputes = {"connector", "direction"}
    references = {"precedence_before", "precedence_after"}
    assert covered == known - {"identifier"} - of_disputes - references


@given(rules_of_xml(), rules_of_xml())
def test_whatever_two_files_show_unlike_is_told(one: SyncRule, drawn: SyncRule) -> None:
    one = replace(one, immutable_tag="")
    other = replace(
        drawn,
        identifier=one.identifier,
        connector=one.connector,
        direction=one.direction,
        immutable_tag="",
    )
    merged = of(one, other)
    is_unlike = bool(
        content_differences(one, other)
        or one.name.splitlines() != other.name.splitlines()
        or (one.description or "").splitlines() != (other.description or "").splitlines()
        or one.disabled is not other.disabled
        or (not one.references and not other.references and one.precedence != other.precedence)
        or (one.reference and other.reference and one.reference != other.reference)
    )
    assert bool(found(merged, staging_with(B1), rule("moving", 9))) is is_unlike
    assert found(server(export(one), export(one)), staging_with(B1), rule("moving", 9)) == []


# ---- Kinds of files ------------------------------------------------------------------------------


def test_two_configurations_of_one_server(tmp_path: Path) -> None:
    folders = [
        configuration(tmp_path / name, connectors=[FOREST_FILE], rules=[r, out_of_box()])
        for name, r in (("may", RULE), ("june", replace(RULE, description="Staff of June")))
    ]
    (finding,) = found(syncrules.read_server(folders), staging_with(B1), rule("moving", 9))
    assert "may" in finding.message
    assert "june" in finding.message
    assert "'Staff of June' and 'Staff'" in finding.message


def test_the_wizards_settings_tell_less_and_what_they_tell_counts(tmp_path: Path) -> None:
    path = settings_file(tmp_path / "settings.json", replace(RULE, precedence=33, description=""))
    known = syncrules.read_server([path])
    (finding,) = found(known, staging_with(B1), RULE)
    assert f"(33 and {RULE.precedence})" in finding.message
    assert "state" not in finding.message
    assert "description" not in finding.message


def test_a_file_that_does_not_show_the_whole_rule_beside_one_that_does() -> None:
    whole = server(export(RULE, name="one.ps1"))
    known = replace(whole.rules[0], file="settings", precedence=33, sync_rule=None)
    less = Server((Evidence("settings", EvidenceKind.SETTINGS),), rules=(known,))
    for files in ((whole, less), (less, whole)):
        (finding,) = found(merge(files), staging_with(B1), rule("moving", 9))
        assert f"({RULE.precedence} and 33)" in finding.message


def test_two_exports_to_move_and_a_file_that_agrees_with_one() -> None:
    changed = replace(RULE, description="Old")
    findings = found(server(export(RULE, name="one.ps1")), staging_with(B1), RULE, changed)
    assert len(findings) == 1
    assert "'Staff' and 'Old'" in findings[0].message


def test_a_rule_that_moves_has_its_place_and_others_their_file() -> None:
    changed = replace(RULE, description="Old")
    (moved,) = found(server(export(RULE, name="one.ps1")), staging_with(B1), changed)
    assert (moved.file, moved.line) == ("moving.ps1", 1)
    (left,) = found(of(RULE, changed), staging_with(B1), rule("moving", 9))
    assert (left.file, left.line) == ("other.ps1", 0)
    for moving in (rule("moving", 9), RULE):  # the second is there already
        (there,) = found(Server(), of(THERE, replace(THERE, description="Old")), moving)
        assert (there.file, there.line) == ("other.ps1", 0)
    assert "staging" in there.hint
    assert "active" in left.hint
    assert "EXPORT" in moved.message
    assert "EXPORT" not in left.message


# ---- What is no difference -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"description": "Staff"}, id="the same"),
        pytest.param({"scope_filter": ((OTHER_SCOPE,), (SCOPE,))}, id="order of scope groups"),
        pytest.param({"link_type": None}, id="left to the server"),
        pytest.param({"precedence": None}, id="no precedence"),
        pytest.param({"soft_delete_expiry_interval": "0"}, id="another way of a time span"),
        pytest.param({"precedence": 0, "precedence_before": guid(7)}, id="placed by a rule"),
    ],
)
def test_what_says_the_same_or_nothing_is_not_told(change: dict[str, object]) -> None:
    changed = replace(RULE, **change)  # type: ignore[arg-type]
    assert found(of(RULE, changed), staging_with(B1), rule("moving", 9)) == []
    there = of(THERE, replace(changed, connector=B1))
    assert found(Server(), there, rule("moving", 9)) == []


def test_two_rules_that_place_it() -> None:
    one, other = (replace(RULE, precedence=0, precedence_before=guid(n)) for n in (7, 8))
    (finding,) = found(of(one, other), staging_with(B1), rule("moving", 9))
    assert f"(PrecedenceBefore {guid(7)} and PrecedenceBefore {guid(8)})" in finding.message


def test_out_of_box_rules_are_not_told_here() -> None:
    one = replace(RULE, immutable_tag="Microsoft.InfromADUserJoin.004")
    assert found(of(one, replace(one, description="x")), staging_with(B1), rule("moving", 9)) == []


def test_connector_and_direction_are_contradictions() -> None:
    for change in ({"connector": guid(77)}, {"direction": "Outbound"}):
        known = of(RULE, replace(RULE, **change))  # type: ignore[arg-type]
        plan = syncrules.plan([export(rule("moving", 9))], staging=complete(), active=known)
        assert "SR417" in codes(plan.diagnostics) or known.disputes


def test_a_long_value_is_shown_where_it_differs() -> None:
    one, other = (replace(RULE, description="x" * 500 + end) for end in ("one", "two"))
    message = the("SR457", found(of(one, other), staging_with(B1), rule("moving", 9))).message
    assert "xone'" in message
    assert "xtwo'" in message
    assert len(message) < 400


def test_a_mapped_file_says_nothing_of_the_active_server() -> None:
    (mapped,) = syncrules.plan([export(RULE)], staging=staging_with(B1), mapping={A1: B1}).files
    again = syncrules.parse(mapped.data.replace(b"Staff", b"Stuff"), name="again.ps1")
    plan = syncrules.plan([again], staging=staging_with(B1), active=server(export(RULE)))
    assert "SR457" not in codes(plan.diagnostics)
