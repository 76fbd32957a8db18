"""Whether a rule stands between the same rules on both servers."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import ENTRA, codes, export, guid, out_of_box, rule, server, the
from syncrules import Server, Severity, SyncRule
from syncrules.migration.checks.neighbours import RankedRule, overtakings


def _standard(name: str, number: int, precedence: int) -> SyncRule:
    return replace(out_of_box(f"Out to AAD - {name}", number, ENTRA), precedence=precedence)


def _server(number: int, **precedences: int) -> Server:
    rules = [_standard(n, number + i, p) for i, (n, p) in enumerate(sorted(precedences.items()))]
    return server(export(*rules, name=f"{number}.ps1"))


PLACED = replace(rule("Out to AAD - Custom", 1, ENTRA), precedence=101, precedence_before=guid(901))
"""Between Group and User on the active server."""
ACTIVE = _server(900, Group=100, User=102)


def test_sr445_a_rule_that_stood_behind_will_stand_ahead() -> None:
    planned = syncrules.plan(
        [export(PLACED)], staging=_server(800, Group=101, User=100), active=ACTIVE
    )
    assert codes(planned.diagnostics) == ["SR445"]
    finding = the("SR445", planned.diagnostics)
    assert finding.severity is Severity.WARNING
    assert "stood after 'Out to AAD - Group' on the active server" in finding.message
    assert "will stand before it on staging" in finding.message


def test_sr445_not_where_only_the_numbers_change() -> None:
    planned = syncrules.plan(
        [export(PLACED)], staging=_server(800, Group=117, User=140), active=ACTIVE
    )
    assert codes(planned.diagnostics) == []


def test_sr445_not_for_a_rule_whose_number_on_the_active_server_is_not_known() -> None:
    planned = syncrules.plan(
        [export(replace(PLACED, precedence=0))],
        staging=_server(800, Group=101, User=100),
        active=ACTIVE,
    )
    assert codes(planned.diagnostics) == []


orders = st.integers(1, 7).flatmap(
    lambda n: st.tuples(st.permutations(range(n)), st.permutations(range(n)))
)


@given(orders, st.data())
def test_a_change_is_told_exactly_where_some_other_rule_changes_sides(
    orders: tuple[list[int], list[int]], data: st.DataObject
) -> None:
    rules = [RankedRule(str(i), a, s) for i, (a, s) in enumerate(zip(*orders, strict=True))]
    moving = data.draw(st.sets(st.sampled_from(range(len(rules)))))
    told = [*overtakings(rules, sorted(moving))]
    for index in range(len(rules)):
        own = [c for c in told if c.at == index]
        ways = {
            rules[index].staging > other.staging
            for other in rules
            if (rules[index].active < other.active) != (rules[index].staging < other.staging)
            and other is not rules[index]
        }
        assert {c.ahead for c in own} == (ways if index in moving else set())
        assert len(own) == len({c.ahead for c in own})
        for change in own:
            other, mine = rules[change.other], rules[index]
            assert (mine.active < other.active) == change.ahead
            assert (mine.staging > other.staging) == change.ahead


# ---- Rules that change places among themselves ---------------------------------------------------

ANCHOR = guid(900)


def _behind(name: str, number: int, precedence: int, **reference: str) -> SyncRule:
    made = rule(f"Out to AAD - {name}", number, ENTRA)
    return replace(made, precedence=precedence, **(reference or {"precedence_after": ANCHOR}))  # type: ignore[arg-type]


FIRST, SECOND = _behind("First", 1, 101), _behind("Second", 2, 102)
ANCHORED = _server(900, Group=100, User=103)
STAGED = _server(800, Group=100, User=101)


def _order(plan: syncrules.Plan) -> list[str]:
    return [r.name for r in plan.ladder if r.moves]


def test_sr447_rules_behind_one_rule_in_the_order_that_swaps_them() -> None:
    plan = syncrules.plan([export(FIRST, SECOND)], staging=STAGED, active=ANCHORED)
    assert codes(plan.diagnostics) == ["SR447"]
    assert "'Out to AAD - First' comes before 'Out to AAD - Second'" in plan.diagnostics[0].message
    assert _order(plan) == [SECOND.name, FIRST.name]


def test_sr447_tells_two_ways_out() -> None:
    names_it = replace(SECOND, precedence_after=FIRST.identifier)
    for rules in ((SECOND, FIRST), (FIRST, names_it)):
        plan = syncrules.plan([export(*rules)], staging=STAGED, active=ANCHORED)
        assert codes(plan.diagnostics) == []
        assert _order(plan) == [FIRST.name, SECOND.name]


def test_sr447_in_the_order_of_files_too() -> None:
    files = [export(FIRST, name="1.ps1"), export(SECOND, name="2.ps1")]
    assert "SR447" in codes(syncrules.plan(files, staging=STAGED, active=ANCHORED).diagnostics)
    files.reverse()
    assert codes(syncrules.plan(files, staging=STAGED, active=ANCHORED).diagnostics) == []


def test_sr447_not_for_rules_before_one_rule() -> None:
    before = {"precedence_before": guid(901)}
    first, second = _behind("First", 1, 101, **before), _behind("Second", 2, 102, **before)
    plan = syncrules.plan([export(first, second)], staging=STAGED, active=ANCHORED)
    assert codes(plan.diagnostics) == []
    assert _order(plan) == [first.name, second.name]
