"""What each attribute is decided by equals a list that is made by looking at everything."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import A1, ENTRA, guid, rule
from support.comparable import CHANGES, MADE, Shown, noisy, shown_server
from support.known_servers import complete, forest
from syncrules import SyncRule
from syncrules.comparison.attributes import attribute_changes, decided
from syncrules.comparison.comparing import compare
from syncrules.expressions.scanner import significant

Made = tuple[int, int]
Key = tuple[str | None, str, str]
seeds = st.integers(0, 2**32)
COUNTED = [0, 0]


@pytest.fixture(scope="module", autouse=True)
def _counted() -> Iterator[None]:
    yield
    print(f"{COUNTED[0]} attributes of one server, {COUNTED[1]} that differ between two")


def keys(shown: Shown) -> set[Key]:
    return {
        (_space(r), r.target_object_type, f.destination)
        for r in shown.rules
        for f in r.attribute_flow_mappings
        if not r.disabled
    }


def _space(own: SyncRule) -> str | None:
    return own.connector if own.direction == "Outbound" else None


def deciding(shown: Shown, key: Key) -> list[SyncRule]:
    """Return the rules that fill an attribute, by asking each."""
    return [
        r
        for r in sorted(shown.rules, key=lambda r: r.precedence or 0)
        if not r.disabled
        and (_space(r), r.target_object_type) == key[:2]
        and any(f.destination == key[2] for f in r.attribute_flow_mappings)
    ]


def said(own: SyncRule, attribute: str) -> object:
    """Return what a rule of a generated server does with an attribute; no two do the same."""
    flows = [
        (
            *(f.flow_type, f.value_merge_type, significant(f.expression or "")),
            None if f.expression else f.source,
        )
        for f in own.attribute_flow_mappings
        if f.destination == attribute
    ]
    mark = [f.source for f in own.attribute_flow_mappings if f.flow_type == "Constant"]
    return mark, flows, {frozenset(group) for group in own.scope_filter}


@given(MADE)
def test_the_rules_of_each_attribute_stand_in_their_order(made: Made) -> None:
    shown = shown_server(*made)
    found = decided(shown.read())
    COUNTED[0] += len(found)
    assert {(d.connector, d.object_type, d.attribute) for d in found} == keys(shown)
    for one in found:
        expected = deciding(shown, (one.connector, one.object_type, one.attribute))
        assert [d.rule.identifier for d in one.deciders] == [r.identifier for r in expected]
        for decider, own in zip(one.deciders, expected, strict=True):
            flows = (f for f in own.attribute_flow_mappings if f.destination == one.attribute)
            assert decider.flows == tuple(flows)


@pytest.mark.parametrize("name", CHANGES)
@given(made=MADE, seed=seeds)
def test_between_two_servers_only_those_that_differ(name: str, made: Made, seed: int) -> None:
    shown = shown_server(*made)
    change = CHANGES[name](random.Random(seed), shown)
    after = noisy(change.shown if change else shown, seed)
    found = compare(shown.read(), after.read())
    changed = {
        (one.connector, one.object_type, one.attribute)
        for pair in attribute_changes(found.a, found.b, found.connectors, found.rules)
        for one in [pair.a or pair.b]
        if one is not None
    }
    COUNTED[1] += len(changed)
    expected = {
        key
        for key in keys(shown) | keys(after)
        if [said(r, key[2]) for r in deciding(shown, key)]
        != [said(r, key[2]) for r in deciding(after, key)]
    }
    # Outbound rules of generated servers are Entra's, whose connector is the same everywhere.
    assert changed == expected


def test_a_rule_whose_precedence_is_not_known_stands_last() -> None:
    rules = (rule("Later", 1), rule("First", 2))
    server = complete(forest(A1, "contoso.com"), rules=rules)
    unknown = server.rules[0].__class__("Later", guid(1), A1, "a", sync_rule=rules[0])
    moved = server.__class__(rules=(unknown, *server.rules[1:]), connectors=server.connectors)
    (one,) = decided(moved)
    assert [d.rule.name for d in one.deciders] == ["First", "Later"]
    assert ENTRA not in {one.connector}


def test_rules_that_do_the_same_in_another_order_decide_otherwise() -> None:
    rules = (rule("First", 1), rule("Second", 2))
    swapped = (replace(rules[0], precedence=60), rules[1])
    a, b = (complete(forest(A1, "contoso.com"), rules=own) for own in (rules, swapped))
    found = compare(a, b)
    (change,) = attribute_changes(a, b, found.connectors, found.rules)
    assert change.a is not None
    assert change.b is not None
    assert [d.rule.name for d in change.b.deciders] == ["Second", "First"]
