"""Why a rule ends behind the precedence that it is given: each reason moves it down by one."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

import syncrules
from support import builders
from support.builders import ENTRA, export, guid, server
from support.rule_orders import Ordered, ordered_rules
from syncrules.migration.making_room import made_room_for


@given(ordered_rules())
def test_each_reason_is_a_later_rule_that_another_places_and_moves_it_by_one(
    found: Ordered,
) -> None:
    plan = syncrules.plan(found.exports, active=found.active, staging=found.staging)
    reasons = made_room_for(plan.rules)
    for at, rule in enumerate(plan.rules):
        own = reasons.get(rule, ())
        assert all(one.after.references and one in plan.rules[at + 1 :] for one in own)
        is_moved = not rule.after.references and rule.created != rule.final
        assert (rule in reasons) is is_moved
        if is_moved:
            assert rule.created is not None
            assert rule.final is not None
            assert len({*own}) == len(own) == rule.final - rule.created


def test_each_of_two_rules_that_are_placed_before_one_moves_it() -> None:
    moved = builders.rule("Moved", 1, ENTRA)
    placed = [
        replace(builders.rule(f"Placed {n}", n, ENTRA), precedence=0, precedence_before=guid(1))
        for n in (2, 3)
    ]
    plan = syncrules.plan(export(moved, *placed), staging=server())
    first, *others = plan.rules
    assert made_room_for(plan.rules) == {first: tuple(others)}
