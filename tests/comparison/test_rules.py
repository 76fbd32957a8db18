"""What of two rules counts, what is a note, and what means nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.builders import A1, A2, B1, B2, export, guid, out_of_box, rule, server
from support.known_servers import complete, forest
from syncrules import AttributeFlowMapping, Comparison, ScopeCondition, SyncRule, compare
from syncrules.comparison.accepting import key_of
from syncrules.servers.model import ServerRule


def flow(expression: str, destination: str = "displayName") -> AttributeFlowMapping:
    return AttributeFlowMapping(None, destination, "Expression", "Update", False, expression)


def filling(*flows: AttributeFlowMapping, **changes: object) -> SyncRule:
    made = replace(rule(), attribute_flow_mappings=flows)
    return replace(made, **changes)  # type: ignore[arg-type]


def compared(one: SyncRule, other: SyncRule, *, target: str = B1) -> Comparison:
    a = complete(forest(A1, "contoso.com"), rules=(one,))
    b = complete(forest(target, "contoso.com"), rules=(replace(other, connector=target),))
    return compare(a, b)


# ---- Texts that name a connector -----------------------------------------------------------------


@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_a_connector_in_a_text_is_the_same_as_its_pair(case: object) -> None:
    assert callable(case)
    one = filling(flow(f'IIF([x]="{case(A1)}",1,2)'))
    found = compared(one, filling(flow(f'IIF([x]="{B1}",1,2)')))
    assert found.same
    (note,) = found.notes
    assert note.details[0].field == "attribute_flow_mappings"


def test_a_connector_that_was_left_in_a_text_is_a_difference() -> None:
    one = filling(flow(f'IIF([x]="{A1}",1,2)'))
    assert not compared(one, one).same
    scope = ((ScopeCondition("x", A1, "EQUAL"),),)
    scoped = replace(one, attribute_flow_mappings=(), scope_filter=scope)
    assert not compared(scoped, scoped).same
    mapped = ((ScopeCondition("x", B1, "EQUAL"),),)
    assert compared(scoped, replace(scoped, scope_filter=mapped)).same


# ---- Order of flows ------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [("mail", "mail"), ("mail", "Mail")])
def test_the_order_of_flows_to_one_attribute_counts_however_it_is_written(
    names: tuple[str, str],
) -> None:
    flows = [flow(text, name) for text, name in zip(("[a]", "[b]"), names, strict=True)]
    (found,) = compared(filling(*flows), filling(*reversed(flows))).differences
    (detail,) = found.details
    assert (detail.a, detail.b) == ("= [a]; then = [b]", "= [b]; then = [a]")
    assert compared(filling(*flows), filling(*flows)).same


# ---- Letter case ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"attribute_flow_mappings": (flow('iif([CN]="A",1,2)', "DISPLAYNAME"),)},
        {"source_object_type": "USER"},
        {"description": "Another"},
        {"immutable_tag": "Ours.1"},
    ],
    ids=["names", "types", "description", "a tag of ours"],
)
def test_what_is_a_note_at_most(changes: dict[str, object]) -> None:
    one = filling(flow('IIF([cn]="A",1,2)'))
    found = compared(one, replace(one, **changes))  # type: ignore[arg-type]
    assert found.differences == ()
    assert len(found.notes) == 1


def test_a_note_stands_beside_a_difference_of_the_same_rule() -> None:
    one = filling(flow("[cn]"), description="Old")
    found = compared(one, filling(flow("[sn]"), description="New"))
    assert [d.kind for d in found.differences] == ["changed"]
    assert [d.details[0].field for d in found.notes] == ["description"]
    assert {i.field for i in found.ignored} == {"connector"}


# ---- Tags ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("version", "kind"), [("004", "changed-in-place"), ("005", "version")])
def test_whether_the_version_of_the_tag_is_another(version: str, kind: str) -> None:
    one = out_of_box()
    other = replace(
        out_of_box(number=901),
        immutable_tag=f"microsoft.InfromADUserJoin.{version}",
        link_type="Provision",
    )
    (found,) = compared(one, other).differences
    assert found.kind == kind
    assert found.details[0][2:] == ("Join", "Provision")


def test_a_rule_that_became_custom_is_changed() -> None:
    one = replace(out_of_box(), precedence=120)
    (found,) = compared(one, replace(one, immutable_tag="")).differences
    assert found.kind == "changed"
    assert found.details[0].field == "immutable_tag"


def test_a_clone_that_replaced_a_rule_of_microsofts_is_one_difference() -> None:
    other = replace(rule("In from AD - User Join", 7), attribute_flow_mappings=(flow("[cn]"),))
    (found,) = compared(out_of_box(), other).differences
    assert found.details[0][2:] == ("out-of-box", "custom")


# ---- What no file shows --------------------------------------------------------------------------


def shown(disabled: bool | None, name: str = "Rule") -> ServerRule:
    return ServerRule(name, guid(1), A1, "settings.json", "Inbound", 10, "", disabled)


def test_rules_that_are_not_shown_whole_are_compared_by_what_is_shown() -> None:
    base = complete(forest(A1, "contoso.com"))
    a, b = (replace(base, rules=(shown(*told),)) for told in ((True, "Old"), (False, "New")))
    found = compare(a, b)
    assert {d.kind for d in found.differences} == {"state", "renamed"}
    assert [n.what for n in found.not_compared if n.names == ("Old",)] == ["what rules do"]
    unknown = replace(base, rules=(shown(None, "Old"),))
    assert compare(a, unknown).same


def test_several_rules_that_could_be_one_are_one_difference() -> None:
    twins = [
        replace(rule("Twin", n), attribute_flow_mappings=(flow(f"[a{n}]"),)) for n in range(1, 5)
    ]
    a = complete(forest(A1, "contoso.com"), rules=tuple(twins[:2]))
    b = complete(forest(A1, "contoso.com"), rules=tuple(twins[2:]))
    (found,) = compare(a, b).differences
    assert found.kind == "ambiguous"
    assert found.weight == 2
    assert found.details[0][2:] == ("'Twin', 'Twin'",) * 2
    turned = [replace(s, rules=s.rules[::-1]) for s in (a, b)]
    assert key_of(compare(*turned).differences[0]) == key_of(found)


# ---- Connectors ----------------------------------------------------------------------------------


def test_a_connector_that_could_be_one_of_the_other_server_s_is_not_called_missing() -> None:
    a = server(export(rule("One", 1, A1), rule("Other", 2, A2)))
    b = complete(forest(B1, "contoso.com"), forest(B2, "fabrikam.com"))
    for found in (compare(a, b), compare(b, a)):
        assert found.differences == ()
        assert len([n for n in found.not_compared if n.why.endswith("say it with --map")]) == 2


def test_a_connector_of_another_forest_is_missing() -> None:
    a, b = complete(forest(A1, "contoso.com")), complete(forest(B1, "fabrikam.com"))
    assert [(d.kind, d.weight) for d in compare(a, b).differences] == [("connector", 1)] * 2
