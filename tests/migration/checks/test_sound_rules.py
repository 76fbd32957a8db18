"""What is wrong or doubtful in the rules that move by themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

import syncrules
from support.builders import A1, B1, codes, export, guid, out_of_box, rule
from support.builders import server as shown_by
from support.known_servers import complete, forest
from syncrules import (
    AttributeFlowMapping,
    Connector,
    Diagnostic,
    JoinCondition,
    ScopeCondition,
    Severity,
    SyncRule,
)

ANCHOR = "Microsoft.SynchronizationOption.AnchorAttribute"


def flow(expression: str, destination: str = "title") -> AttributeFlowMapping:
    return AttributeFlowMapping(None, destination, "Expression", "Update", False, expression)


def moving(*expressions: str, number: int = 1, **fields: object) -> SyncRule:
    flows = tuple(flow(text, f"extensionAttribute{n}") for n, text in enumerate(expressions))
    made = rule(f"In from AD - {number}", number, A1)
    return replace(made, attribute_flow_mappings=flows, **fields)  # type: ignore[arg-type]


def connector(identifier: str, *names: str) -> Connector:
    found = forest(identifier, "contoso.com")
    small = frozenset(name.lower() for name in names)
    return replace(found, attribute_names=frozenset(names) or None, attributes=small or None)


def said_of(
    *rules: SyncRule,
    staging: tuple[SyncRule, ...] = (),
    schema: tuple[str, ...] = (),
    anchor: str | None = None,
) -> tuple[Diagnostic, ...]:
    """Return what is said of rules that move beside those of staging, from SR700 on."""
    there = complete(connector(B1, *schema), rules=staging)
    plan = syncrules.plan(
        [export(*rules)],
        staging=replace(there, settings={ANCHOR: anchor} if anchor else {}),
        active=complete(connector(A1), rules=rules),
    )
    return tuple(d for d in plan.diagnostics if d.code.startswith("SR7"))


def test_a_misspelt_function_at_twelve_places_is_one_finding() -> None:
    rules = [moving(*["Tirm([cn])"] * 4, number=n) for n in (1, 2, 3)]
    (finding,) = said_of(*rules)
    assert (finding.code, finding.severity) == ("SR710", Severity.WARNING)
    assert len(finding.places) == 12
    text = export(*rules).source.text
    spans = [place.spot.span for place in finding.places if place.spot is not None]
    assert [text[span.start : span.end] for span in spans] == ["Tirm"] * 12


def test_it_stops_nothing() -> None:
    plan = syncrules.plan(
        [export(moving("Tirm([cn])"))], staging=shown_by(export(out_of_box(connector=B1)))
    )
    assert not any(d.is_error for d in plan.diagnostics)
    assert plan.output()


def test_of_rules_that_stay_nothing_is_said() -> None:
    left, gone = moving("Tirm([cn])", number=1), moving("Trim([cn])", number=2)
    plan = syncrules.plan(
        [export(left, gone, replace(out_of_box(), attribute_flow_mappings=(flow("Lft([cn],2)"),)))],
        staging=shown_by(export(out_of_box(connector=B1))),
        leave=left.name,
    )
    assert [d for d in plan.diagnostics if d.code.startswith("SR7")] == []
    there = moving("Tirm([mail])", number=7, connector=B1)
    assert said_of(moving("Trim([cn])"), staging=(there,)) == ()


def test_letter_case_is_that_of_stagings_schema() -> None:
    names = ("cn", "sAMAccountName", "title", "extensionAttribute0")
    (finding,) = said_of(moving("[cn] & [samAccountName]"), schema=names)
    assert finding.code == "SR721"
    assert said_of(moving("[cn] & [samAccountName]")) == ()


def test_a_source_anchor_is_compared_with_stagings_wizard() -> None:
    text = 'IIF("objectGUID"="objectGUID",[cn],[mail])'
    assert codes(said_of(moving(text), anchor="objectGUID")) == []
    (finding,) = said_of(moving(text), anchor="mS-DS-ConsistencyGuid")
    assert (finding.code, finding.severity) == ("SR723", Severity.WARNING)


JOINS = ((JoinCondition("employeeID", "employeeID", False),),)


def filling(destination: str, **fields: object) -> SyncRule:
    direct = AttributeFlowMapping(("cn",), destination, "Direct", "Update", False, None)
    made = out_of_box("In from AD - User Common", 950, B1)
    return replace(made, attribute_flow_mappings=(direct,), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("beside", "is_said"),
    [
        (filling("mail"), True),
        (filling("employeeID"), False),
        (filling("EmployeeId"), False),
        (filling("employeeID", disabled=True), True),
        (filling("mail", join_filter=JOINS, link_type="Join"), False),
    ],
)
def test_a_join_on_what_no_rule_of_staging_fills(beside: SyncRule, is_said: bool) -> None:
    found = said_of(moving("[cn]", join_filter=JOINS), staging=(beside,))
    assert codes(found) == (["SR732"] if is_said else [])


def test_a_join_on_what_another_rule_that_moves_fills() -> None:
    other = replace(moving(number=2), attribute_flow_mappings=(flow("[cn]", "employeeID"),))
    assert said_of(moving("[cn]", join_filter=JOINS), other) == ()


def test_an_original_that_will_be_disabled_fills_nothing() -> None:
    original = filling("employeeID", name="In from AD - User Join", join_filter=())
    joins = ((JoinCondition("objectGUID", "sourceAnchorBinary", False),),)
    here = replace(original, connector=A1, identifier=guid(960), disabled=True, join_filter=joins)
    there = replace(original, join_filter=joins)
    plan = syncrules.plan(
        [export(moving("[cn]", join_filter=JOINS))],
        staging=complete(connector(B1), rules=(there,)),
        active=complete(connector(A1), rules=(here, moving("[cn]", join_filter=JOINS))),
    )
    assert [p.staging.name for p in plan.disabled] == ["In from AD - User Join"]
    assert "SR732" in codes(plan.diagnostics)


def test_each_question_is_asked_of_rules_that_move() -> None:
    twice = replace(moving(), attribute_flow_mappings=(flow("[cn]"), flow("[sn]")))
    assert codes(said_of(twice)) == ["SR733"]
    once = replace(moving(), attribute_flow_mappings=(replace(flow("[cn]"), execute_once=True),))
    assert codes(said_of(once, staging=(filling("title", target_object_type="person"),))) == [
        "SR734"
    ]
    scope = ((ScopeCondition("cn", "x", "ISBITSET"),),)
    assert codes(said_of(moving("[cn]", scope_filter=scope))) == ["SR730"]
    assert codes(said_of(moving("[cn]", link_type="Provision"))) == ["SR731"]


def test_what_the_move_itself_is_told_of_is_not_said_again() -> None:
    wrong = replace(
        moving(f'"{A1}"'),
        precedence=150,
        join_filter=JOINS,
        name="In from AD - User Join - Cloned - 2021-03-09",
    )
    beside = filling("employeeID", name="In from AD - User Join", join_filter=JOINS)
    assert said_of(wrong, staging=(beside,), schema=("sn",)) == ()
