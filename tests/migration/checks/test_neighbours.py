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
            other, mine = rules[int(change.other)], rules[index]
            assert (mine.active < other.active) == change.ahead
            assert (mine.staging > other.staging) == change.ahead
