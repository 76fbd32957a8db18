"""A rule's fields in plain text: injective but for what the server does not keep."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from support.builders import rule
from support.strategies import sync_rules, texts
from syncrules import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule
from syncrules.rules.comparison import (
    content_differences,
    differing_destinations,
    differing_fields,
    fields_of,
    quoted,
    unquoted,
)
from syncrules.rules.enumerations import FLOW_TYPES

RULE = replace(
    rule(),
    attribute_flow_mappings=(
        AttributeFlowMapping(("a",), "b", "Direct", "Update", False, None),
        AttributeFlowMapping(None, "c", "Expression", "Merge", True, "[x]\r\n&[y]"),
    ),
    scope_filter=((ScopeCondition("a", "1", "EQUAL"), ScopeCondition("b", "2", "EQUAL")),) * 2
    + ((ScopeCondition("c", "3", "ISNULL"),),),
    join_filter=((JoinCondition("a", "b", True),), (JoinCondition("c", "d", False),)),
)


def unlike(one: SyncRule, other: SyncRule) -> list[str]:
    return [*differing_fields(fields_of(one), fields_of(other))]


@given(texts)
def test_a_quoted_text_comes_back_with_line_ends_of_one_kind(text: str) -> None:
    assert unquoted(quoted(text)) == text.replace("\r\n", "\n").replace("\r", "\n")


@given(texts)
def test_a_quoted_text_is_never_a_date_to_powershell(text: str) -> None:
    """ConvertFrom-Json makes dates of texts that begin with a digit or with /Date(."""
    assert quoted(text).startswith("'")


@given(sync_rules())
def test_a_rule_does_not_differ_from_itself(one: SyncRule) -> None:
    assert unlike(one, one) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "In from AD - Custom\u200b"}, "Name"),
        ({"description": "x"}, "Description"),
        ({"direction": "Outbound"}, "Direction"),
        ({"source_object_type": "User"}, "SourceObjectType"),
        ({"target_object_type": "*"}, "TargetObjectType"),
        ({"connector": "b891884f-051e-4a83-95af-2544101c9083"}, "Connector"),
        ({"link_type": "JoinNoFlow"}, "LinkType"),
        ({"soft_delete_expiry_interval": "00:00:30"}, "SoftDeleteExpiryInterval"),
        ({"immutable_tag": "x"}, "ImmutableTag"),
        ({"enable_password_sync": True}, "EnablePasswordSync"),
        ({"disabled": True}, "Disabled"),
        ({"attribute_flow_mappings": RULE.attribute_flow_mappings[:1]}, "AttributeFlowMappings"),
        ({"scope_filter": RULE.scope_filter[:2]}, "ScopeFilter"),
        ({"join_filter": RULE.join_filter[::-1]}, "JoinFilter"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_change_is_seen_where_it_is(change: dict[str, object], field: str) -> None:
    assert unlike(RULE, replace(RULE, **change)) == [field]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"attribute_flow_mappings": RULE.attribute_flow_mappings[::-1]},
        {"scope_filter": RULE.scope_filter[::-1]},
        {"scope_filter": tuple(group[::-1] for group in RULE.scope_filter)},
        {"soft_delete_expiry_interval": "00:00:00"},
        {"description": None},
    ],
    ids=["flows", "scope groups", "scope conditions", "zero", "no description"],
)
def test_what_is_no_change(change: dict[str, object]) -> None:
    assert unlike(RULE, replace(RULE, **change)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("flow_type", FLOW_TYPES)
def test_blanks_of_an_expression_are_no_change_whatever_the_flow_says(flow_type: str) -> None:
    def with_expression(expression: str) -> SyncRule:
        flow = replace(RULE.attribute_flow_mappings[0], flow_type=flow_type, expression=expression)
        return replace(RULE, attribute_flow_mappings=(flow,))

    spaced, plain = with_expression('Trim( "a" )'), with_expression('Trim("a")')
    assert content_differences(spaced, plain) == ()
    assert content_differences(spaced, with_expression('Trim( "a")')) == ()
    assert content_differences(spaced, with_expression('Trim("a ")')) == ("AttributeFlowMappings",)


FLOWS = RULE.attribute_flow_mappings


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"soft_delete_expiry_interval": "1.00:00:00"}, "SoftDeleteExpiryInterval"),
        ({"link_type": "StickyJoin"}, "LinkType"),
        ({"attribute_flow_mappings": FLOWS[1:]}, "AttributeFlowMappings"),
    ],
)
def test_what_makes_a_rule_do_something_else(change: dict[str, object], field: str) -> None:
    assert content_differences(RULE, replace(RULE, **change)) == (field,)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"link_type": None},
        {"soft_delete_expiry_interval": None},
        {"soft_delete_expiry_interval": "00:00:00"},
        {"precedence": 7},
        {"attribute_flow_mappings": FLOWS[::-1]},
    ],
)
def test_what_leaves_a_rule_to_do_the_same(change: dict[str, object]) -> None:
    assert content_differences(RULE, replace(RULE, **change)) == ()  # type: ignore[arg-type]


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_in_the_texts_of_flows_are_no_change(newline: str) -> None:
    def flowing(newline: str) -> SyncRule:
        flows = (
            AttributeFlowMapping((f"a{newline}b",), "l", "Constant", None, False, None),
            AttributeFlowMapping(None, "cn", "Expression", None, False, f'"a{newline}b"'),
        )
        return replace(RULE, attribute_flow_mappings=flows)

    assert content_differences(flowing("\n"), flowing(newline)) == ()


def test_the_order_of_flows_to_one_attribute_counts() -> None:
    one, other = (replace(FLOWS[0], source=(name,)) for name in ("a", "b"))
    first, second = (
        replace(RULE, attribute_flow_mappings=flows) for flows in ((one, other), (other, one))
    )
    assert content_differences(first, second) == ("AttributeFlowMappings",)
    assert differing_destinations(first, second) == (FLOWS[0].destination,)


def test_a_flow_more_often_is_a_change() -> None:
    twice = replace(RULE, attribute_flow_mappings=RULE.attribute_flow_mappings[:1] * 2)
    once = replace(RULE, attribute_flow_mappings=RULE.attribute_flow_mappings[:1])
    assert unlike(once, twice) == ["AttributeFlowMappings"]


def test_what_a_rule_leaves_to_the_server_is_not_compared() -> None:
    assert unlike(replace(RULE, link_type=None, soft_delete_expiry_interval=None), RULE) == []


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("0", "00:00:00"),
        ("1", "00:00:00.0000001"),
        ("300000000", "00:00:30"),
        ("1.02:03:04.5678901", "1.02:03:04.5678901"),
        ("-1:00", "-01:00:00"),
        ("30.00:00:00", "30.00:00:00"),
        ("25:01:02", "25.01:02:00"),
    ],
)
def test_an_interval_is_printed_as_net_does(written: str, printed: str) -> None:
    fields = fields_of(replace(RULE, soft_delete_expiry_interval=written))
    assert fields["SoftDeleteExpiryInterval"] == printed
