"""The order of rules that share no attribute: which of them joins an object first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.builders import A1, A2, export, guid, rule, server
from support.known_servers import complete, forest
from syncrules import (
    AttributeFlowMapping,
    DifferenceKind,
    JoinCondition,
    ServerDifference,
    SyncRule,
    compare,
)
from syncrules.comparison.accepting import key_of
from syncrules.comparison.order import followed
from syncrules.servers.model import Server, ServerRule


def joining(number: int, **changes: object) -> SyncRule:
    """Return a rule that joins, and fills an attribute of its own."""
    flow = AttributeFlowMapping(("x",), f"a{number}", "Direct", "Update", False, None)
    made = replace(
        rule(f"Rule {number}", number),
        precedence=number,
        attribute_flow_mappings=(flow,),
        join_filter=((JoinCondition("mail", "mail", False),),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def moved(rules: list[SyncRule], precedences: list[int]) -> tuple[ServerDifference, ...]:
    connectors = (forest(A1, "contoso.com"), forest(A2, "fabrikam.com"))
    after = (replace(r, precedence=p) for r, p in zip(rules, precedences, strict=True))
    a, b = complete(*connectors, rules=tuple(rules)), complete(*connectors, rules=tuple(after))
    there, back = compare(a, b).differences, compare(b, a).differences
    assert [d.subject.name for d in there] == [d.subject.name for d in back]
    assert len({key_of(d) for d in there}) == len(there)
    return there


def test_the_rule_that_joins_first_is_another() -> None:
    (found,) = moved([joining(1), joining(2), joining(3)], [3, 1, 2])
    assert found.kind == "order"
    assert found.subject.name == "Rule 1"
    relation, decides = found.details
    assert (relation.a, relation.b) == ("before 'Rule 2', 'Rule 3'", "after 'Rule 2', 'Rule 3'")
    assert decides.a == "what objects are joined to"


def test_a_rule_that_makes_objects_joins_them_too() -> None:
    assert moved([joining(1, join_filter=(), link_type="Provision"), joining(2)], [2, 1])


@pytest.mark.parametrize(
    "changes",
    [
        {"join_filter": ()},
        {"disabled": True},
        {"source_object_type": "contact"},
        {"connector": A2},
        {"direction": "Outbound"},
    ],
    ids=str,
)
def test_rules_that_never_join_the_same_objects(changes: dict[str, object]) -> None:
    assert moved([joining(1), joining(2, **changes)], [2, 1]) == ()


@pytest.mark.parametrize("joins", [True, False], ids=["joining", "filling"])
@pytest.mark.parametrize(
    "changes",
    [
        {"disabled": True},
        {"source_object_type": "contact", "target_object_type": "contact"},
        {"attribute_flow_mappings": (), "join_filter": ()},
    ],
    ids=str,
)
def test_rules_that_contest_something_on_one_server_only(
    changes: dict[str, object], joins: bool
) -> None:
    """Else who accepts that the rule differs would never learn that it has moved."""
    shared = AttributeFlowMapping(("x",), "mail", "Direct", "Update", False, None)
    filling = {"join_filter": (), "attribute_flow_mappings": (shared,)}
    rules = [joining(n, **({} if joins else filling)) for n in (1, 2)]
    first = replace(rules[0], precedence=4, **changes)  # type: ignore[arg-type]
    on_b = [first, replace(rules[1], precedence=3)]
    connector = forest(A1, "contoso.com")
    there, back = complete(connector, rules=tuple(rules)), complete(connector, rules=tuple(on_b))
    for a, b in ((there, back), (back, there)):
        assert [d.kind for d in compare(a, b).differences].count(DifferenceKind.ORDER) == 1


def test_rules_that_join_on_one_server_each_have_no_order_there() -> None:
    """As an original that is disabled beside its clone, and the reverse."""
    rules = [joining(1), joining(2, disabled=True)]
    on_b = [joining(1, precedence=4, disabled=True), joining(2, precedence=3)]
    connector = forest(A1, "contoso.com")
    there, back = complete(connector, rules=tuple(rules)), complete(connector, rules=tuple(on_b))
    for a, b in ((there, back), (back, there)):
        assert DifferenceKind.ORDER not in [d.kind for d in compare(a, b).differences]


def test_rules_that_join_objects_of_another_type_now_are_told_once() -> None:
    kinds = ("user", "contact")
    a, b = (
        complete(
            forest(A1, "contoso.com"),
            rules=tuple(
                joining(n, precedence=p, source_object_type=kind)
                for n, p in zip((1, 2), order, strict=True)
            ),
        )
        for kind, order in zip(kinds, ((1, 2), (4, 3)), strict=True)
    )
    found = [d for d in compare(a, b).differences if d.kind == DifferenceKind.ORDER]
    assert [d.subject.name for d in found] == ["Rule 1"]
    assert [d.details[0].a for d in found] == ["before 'Rule 2'"]


def test_the_order_of_rules_that_share_a_precedence_is_not_known() -> None:
    assert moved([joining(1), joining(2)], [5, 5]) == ()


def standing(
    name: str, precedence: int | None, *attributes: str, connector: str = A1, **changes: object
) -> ServerRule:
    """Return a rule that fills some attributes, and joins only where `changes` say so."""
    flows = tuple(
        AttributeFlowMapping(("x",), a, "Direct", "Update", False, None) for a in attributes
    )
    own = replace(rule(name, connector=connector), attribute_flow_mappings=flows, join_filter=())
    own = replace(own, identifier=f"{name} {precedence}", **changes)  # type: ignore[arg-type]
    shown = ServerRule(name, own.identifier, connector, "a.ps1", own.direction, precedence)
    return replace(shown, sync_rule=own)


def before(*rules: ServerRule) -> dict[str, list[str]]:
    """Return what `followed` tells of each rule, whatever order the rules are in."""
    found = [followed(Server(rules=tuple(order))) for order in (rules, rules[::-1])]
    assert found[0] == found[1]
    return {
        str(mark): [f"{name} {count}" for name, _connector, count in told]
        for mark, told in found[0].items()
    }


def test_a_rule_follows_the_last_one_before_it_for_each_attribute() -> None:
    assert before(
        standing("C", 30, "CN", "mail"),
        standing("A", 10, "mail", "cn"),
        standing("B", 20, "mail"),
        standing("D", 40, "title"),
        standing("E", 50, "cn"),
    ) == {"A 10": [], "B 20": ["A 1"], "C 30": ["A 1", "B 1"], "D 40": [], "E 50": ["C 1"]}


def test_and_the_last_one_that_joins_the_same_objects() -> None:
    joins: dict[str, Any] = {"join_filter": ((JoinCondition("mail", "mail", False),),)}
    assert before(
        standing("A", 10, **joins),
        standing("B", 20, **joins),
        standing("C", 30),
        standing("D", 40, **joins),
        standing("E", 50, connector=A2, **joins),
        standing("F", 60, **(joins | {"disabled": True})),
    ) == {"A 10": [], "B 20": ["A 1"], "C 30": [], "D 40": ["B 1"], "E 50": [], "F 60": []}


def test_rules_of_one_name_are_told_apart_by_how_many_have_come() -> None:
    assert before(
        standing("A", 10, "mail"), standing("A", 20, "mail"), standing("B", 30, "mail")
    ) == {"A 10": [], "A 20": ["A 1"], "B 30": ["A 2"]}


def test_what_is_followed_is_in_order_of_its_name() -> None:
    rules = [standing(name, 9 - n, name) for n, name in enumerate("ABCDEFG")]
    assert before(*rules, standing("Z", 20, *"ABCDEFG"))["Z 20"] == [f"{n} 1" for n in "ABCDEFG"]


def test_precedence_0_comes_first_but_where_a_reference_places_the_rule() -> None:
    assert before(standing("B", 0, "mail"), standing("A", 1, "mail"))["A 1"] == ["B 1"]
    placed = {"precedence_before": guid(99)}
    assert before(standing("B", 0, "mail", **placed), standing("A", 1, "mail")) == {"A 1": []}
    assert before(standing("B", None, "mail"), standing("A", 1, "mail")) == {"A 1": []}


def test_of_rules_of_one_precedence_the_name_says_which_is_told() -> None:
    rules = standing("B", 5, "mail"), standing("A", 5, "mail"), standing("C", 6, "mail")
    assert before(*rules)["C 6"] == ["B 1"]


def test_a_rule_of_which_nothing_else_is_known_follows_none() -> None:
    bare = replace(standing("A", 5, "mail"), sync_rule=None)
    assert before(bare, standing("B", 6, "mail")) == {"A 5": [], "B 6": []}


def test_an_attribute_that_both_fill_says_it_already() -> None:
    shared = AttributeFlowMapping(("x",), "mail", "Direct", "Update", False, None)
    rules = [joining(n, attribute_flow_mappings=(shared,)) for n in (1, 2)]
    (found,) = moved(rules, [2, 1])
    assert found.details[-1].a == "mail"


def test_a_rule_that_a_reference_places_has_no_precedence_of_its_own_in_an_export() -> None:
    shared = AttributeFlowMapping(("x",), "mail", "Direct", "Update", False, None)
    rules = [joining(n, attribute_flow_mappings=(shared,)) for n in (5, 6)]
    placed = replace(rules[1], precedence=0, precedence_before=guid(99))
    a = server(export(*rules))
    found = compare(a, server(export(rules[0], placed)))
    assert found.same
    assert ("the order of rules", ("Rule 6",)) in [(n.what, n.names) for n in found.not_compared]


def test_identifiers_are_not_needed() -> None:
    assert guid(1) != guid(2)
    rules = [joining(1), joining(2)]
    others = [replace(r, identifier=guid(90 + n), precedence=9 - n) for n, r in enumerate(rules)]
    a, b = (complete(forest(A1, "contoso.com"), rules=tuple(own)) for own in (rules, others))
    assert [d.kind for d in compare(a, b).differences] == ["order"]
