"""In which order two servers have the same rules, and what another order decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import A1, A2, ENTRA, guid, out_of_box
from syncrules import AttributeFlowMapping, SyncRule
from syncrules.pairing.order import (
    ConnectorOrder,
    MovedRule,
    RuleInBoth,
    contested,
    contests,
    reordered,
)
from syncrules.servers.model import ServerRule


def flow(attribute: str, merge: str | None = "Update") -> AttributeFlowMapping:
    return AttributeFlowMapping(("x",), attribute, "Direct", merge, False, None)


def filling(name: str, *attributes: str, connector: str = A1, **changes: object) -> SyncRule:
    made = out_of_box(name, 900, connector)
    flows = tuple(flow(a) for a in attributes)
    return replace(made, attribute_flow_mappings=flows, **changes)  # type: ignore[arg-type]


def standing(rule: SyncRule, precedence: int | None) -> ServerRule:
    return ServerRule(
        *(rule.name, rule.identifier, rule.connector, "a.ps1", rule.direction, precedence),
        immutable_tag=rule.immutable_tag,
        disabled=rule.disabled,
        sync_rule=rule,
    )


def both(rule: SyncRule, one: int | None, other: int | None) -> RuleInBoth:
    return RuleInBoth(standing(rule, one), standing(rule, other))


# ---- Who contests whom ---------------------------------------------------------------------------

JOIN = filling("In from AD - User Join", "displayName", "mail")


def test_two_rules_that_fill_one_attribute_contest_it() -> None:
    assert contested(JOIN, filling("Common", "MAIL", "title")) == ("mail",)
    assert contested(JOIN, filling("Common", "title")) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"disabled": True},
        {"direction": "Outbound"},
        {"target_object_type": "group"},
    ],
)
def test_they_do_not_where_they_never_meet(changes: dict[str, object]) -> None:
    other = filling("Common", "mail", **changes)  # type: ignore[arg-type]
    assert contested(JOIN, other) == contested(other, JOIN) == ()


def test_outbound_rules_meet_in_one_connector_only() -> None:
    one, other = (filling("Out", "mail", connector=c, direction="Outbound") for c in (A1, A2))
    assert contested(one, other) == ()
    assert contested(one, one) == ("mail",)
    assert contested(*(replace(r, direction="Inbound") for r in (one, other))) == ("mail",)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Merge", "MergeCaseInsensitive", ()),
        ("Merge", "Update", ("mail",)),
        ("Merge", None, ("mail",)),
        ("Update", "Merge", ("mail",)),
    ],
)
def test_values_that_both_merge_are_all_kept(
    one: str, other: str | None, expected: tuple[str, ...]
) -> None:
    first, second = (
        replace(JOIN, attribute_flow_mappings=(flow("mail", merge),)) for merge in (one, other)
    )
    assert contested(first, second) == expected


def test_one_flow_that_does_not_merge_is_enough() -> None:
    mixed = replace(JOIN, attribute_flow_mappings=(flow("mail"), flow("mail", "Merge")))
    merging = replace(JOIN, attribute_flow_mappings=(flow("mail", "Merge"),))
    assert contested(merging, mixed) == contested(mixed, merging) == ("mail",)


# ---- What is told --------------------------------------------------------------------------------

COMMON = filling("In from AD - User Common", "mail")


def test_a_rule_that_comes_after_another_and_came_before_it() -> None:
    join, common = both(JOIN, 100, 106), both(COMMON, 105, 100)
    (cause,) = reordered([common, join])
    assert isinstance(cause, MovedRule)
    assert {cause.rule, *cause.was_before, *cause.was_after} == {join, common}
    assert cause.attributes == ("mail",)


@pytest.mark.parametrize(
    ("join", "common"),
    [
        pytest.param(both(JOIN, 100, 106), both(COMMON, 105, 120), id="the same order"),
        pytest.param(both(JOIN, None, 106), both(COMMON, 105, 100), id="not known on one"),
        pytest.param(both(JOIN, 100, 106), both(COMMON, 105, None), id="not known on the other"),
        pytest.param(
            both(JOIN, 100, 106),
            both(COMMON, 105, 100)._replace(other=replace(standing(COMMON, 100), sync_rule=None)),
            id="flows not known on the other",
        ),
        pytest.param(
            both(JOIN, 100, 106),
            both(COMMON, 105, 100)._replace(other=standing(replace(COMMON, disabled=True), 100)),
            id="disabled on the other",
        ),
        pytest.param(both(JOIN, 100, 100), both(COMMON, 105, 100), id="one precedence"),
        pytest.param(both(JOIN, 100, 106), both(COMMON, 100, 105), id="one precedence on one"),
    ],
)
def test_nothing_is_told(join: RuleInBoth, common: RuleInBoth) -> None:
    assert reordered([join, common]) == ()


@pytest.mark.parametrize("on", [all, any])
def test_attributes_are_told_in_the_order_of_the_first_server(
    on: Callable[[Iterable[bool]], bool],
) -> None:
    first, second = filling("A", "b", "a"), filling("B", "b", "a")
    turned = [
        replace(r, attribute_flow_mappings=r.attribute_flow_mappings[::-1]) for r in (first, second)
    ]
    rules = [
        RuleInBoth(standing(first, 1), standing(turned[0], 2)),
        RuleInBoth(standing(second, 2), standing(turned[1], 1)),
    ]
    (cause,) = reordered(rules, on)
    assert cause.attributes == ("b", "a")


def test_what_contests_on_one_server_is_told_where_that_is_asked_for() -> None:
    join, common = both(JOIN, 100, 106), both(COMMON, 105, 100)
    disabled = standing(replace(COMMON, disabled=True), 100)
    there = [join, common._replace(other=disabled)]
    here = [RuleInBoth(*reversed(r)) for r in there]
    for rules in (there, here):
        assert reordered(rules) == ()
        (cause,) = reordered(rules, on=any)
        assert cause.attributes == ("mail",)


def test_precedence_0_is_a_place_like_any_other() -> None:
    assert len(reordered([both(JOIN, 0, 2), both(COMMON, 1, 1)])) == 1
    assert len(reordered([both(JOIN, 1, 1), both(COMMON, 2, 0)])) == 1


def _forest(connector: str, *precedences: tuple[int, int]) -> list[RuleInBoth]:
    rules = (replace(r, connector=connector) for r in (JOIN, COMMON))
    return [both(r, *p) for r, p in zip(rules, precedences, strict=True)]


@pytest.mark.parametrize(
    ("contoso", "fabrikam"),
    [
        pytest.param([(100, 101), (102, 103)], [(101, 100), (103, 102)], id="interleaved"),
        pytest.param([(100, 102), (101, 103)], [(102, 100), (103, 101)], id="in blocks"),
    ],
)
def test_the_order_of_two_connectors_is_one_cause(
    contoso: list[tuple[int, int]], fabrikam: list[tuple[int, int]]
) -> None:
    (cause,) = reordered([*_forest(A1, *contoso), *_forest(A2, *fabrikam)])
    assert isinstance(cause, ConnectorOrder)
    assert (cause.first, cause.second) == (A1, A2)
    assert len(cause.rules) == 4


def test_rules_of_two_connectors_are_the_same_by_tag_and_custom_ones_by_name() -> None:
    renamed = replace(JOIN, name="Umbenannt", connector=A2)
    (cause,) = reordered([both(JOIN, 100, 101), both(renamed, 101, 100)])
    assert isinstance(cause, ConnectorOrder)
    first, second = (replace(r, immutable_tag="") for r in (JOIN, renamed))
    (cause,) = reordered([both(first, 100, 101), both(second, 101, 100)])
    assert isinstance(cause, MovedRule)
    second = replace(second, name=first.name)
    (cause,) = reordered([both(first, 100, 101), both(second, 101, 100)])
    assert isinstance(cause, ConnectorOrder)


def test_it_is_the_connectors_though_the_order_of_some_of_their_rules_says_nothing() -> None:
    more = [replace(filling("In from AD - More", "mail"), connector=c) for c in (A1, A2)]
    unknown = [both(r, *p) for r, p in zip(more, [(104, None), (None, 104)], strict=True)]
    known = [*_forest(A1, (100, 101), (102, 103)), *_forest(A2, (101, 100), (103, 102))]
    (cause,) = reordered([*known, *unknown])
    assert isinstance(cause, ConnectorOrder)
    in_order = [both(replace(r, disabled=True), 110 + n, 110 + n) for n, r in enumerate(more)]
    (cause,) = reordered([*known, *in_order])
    assert isinstance(cause, ConnectorOrder)


def test_it_is_not_the_connectors_where_only_one_of_their_rules_moved() -> None:
    causes = reordered([*_forest(A1, (100, 103), (102, 104)), *_forest(A2, (101, 101), (105, 105))])
    assert [type(c) for c in causes] == [MovedRule]


ORDERS = st.integers(1, 7).flatmap(
    lambda n: st.tuples(
        st.permutations(range(n)),
        st.permutations(range(n)),
        st.lists(st.sets(st.sampled_from("abcd"), max_size=2), min_size=n, max_size=n),
    )
)


@given(ORDERS)
def test_every_contest_has_a_cause_and_every_cause_a_contest(
    drawn: tuple[Sequence[int], Sequence[int], list[set[str]]],
) -> None:
    rules = [
        both(
            replace(filling(f"R{n}", *sorted(attributes)), identifier=guid(n)),
            *(order[n] for order in drawn[:2]),
        )
        for n, attributes in enumerate(drawn[2])
    ]
    expected = {
        frozenset((x.one.name, y.one.name))
        for (i, x), (j, y) in combinations(enumerate(rules), 2)
        if (drawn[0][i] < drawn[0][j]) != (drawn[1][i] < drawn[1][j]) and drawn[2][i] & drawn[2][j]
    }
    found = {frozenset((c.first.one.name, c.second.one.name)) for c in contests(rules)}
    assert found == expected
    causes = [c for c in reordered(rules) if isinstance(c, MovedRule)]
    told = {
        frozenset((c.rule.one.name, r.one.name))
        for c in causes
        for r in (*c.was_before, *c.was_after)
    }
    assert told == expected
    mirrored = reordered([RuleInBoth(r.other, r.one) for r in rules])
    assert bool(mirrored) == bool(causes)


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.integers(1, 4), st.sampled_from(("cn", "CN", "mail"))),
        max_size=8,
    )
)
def test_a_contest_is_where_two_precedences_are_the_other_way_round(
    drawn: list[tuple[int, int, str]],
) -> None:
    rules = [
        both(replace(filling(f"R{n}", attribute), identifier=guid(n)), one, other)
        for n, (one, other, attribute) in enumerate(drawn)
    ]
    expected = [
        (first.one.name, second.one.name, first_attribute)
        for (first, (one, other, first_attribute)), (second, theirs) in permutations(
            zip(rules, drawn, strict=True), 2
        )
        if one < theirs[0] and other > theirs[1] and first_attribute.lower() == theirs[2].lower()
    ]
    found = [(c.first.one.name, c.second.one.name, *c.attributes) for c in contests(rules)]
    assert sorted(found) == sorted(expected)


def test_a_server_beside_itself_has_one_order() -> None:
    rules = [*_forest(A1, (100, 100), (102, 102)), *_forest(ENTRA, (101, 101), (103, 103))]
    assert reordered(rules) == ()
