"""The order of rules that share no attribute: which of them joins an object first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.builders import A1, A2, export, guid, rule, server
from support.known_servers import complete, forest
from syncrules import AttributeFlowMapping, JoinCondition, ServerDifference, SyncRule, compare
from syncrules.comparison.accepting import key_of


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
        assert "order" in [d.kind for d in compare(a, b).differences]


def test_the_order_of_rules_that_share_a_precedence_is_not_known() -> None:
    assert moved([joining(1), joining(2)], [5, 5]) == ()


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
