"""The canonical form of a rule: equal exactly when two rules do the same."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from support.builders import guid, rule
from support.strategies import sync_rules, texts
from syncrules import AttributeFlowMapping, SyncRule
from syncrules.expressions.scanner import significant
from syncrules.rules.canonical import canonical_lines
from syncrules.rules.comparison import content_differences
from syncrules.rules.folding import folded, on_one_line
from syncrules.rules.guids import ZERO_GUID


def with_expression(text: str) -> SyncRule:
    flow = AttributeFlowMapping(None, "cn", "Expression", None, False, text)
    return replace(rule(), attribute_flow_mappings=(flow,))


expressions = st.one_of(
    texts,
    st.lists(
        st.sampled_from(
            [
                *('"a b"', '"A', "[cn]", "[", "]", "IIF", "(", ")", ",", "&", "&&", "=", "<", ">"),
                *("<=", "<>", "|", "||", " ", "\r\n", "-", "1", "%", ".", "\\", "a"),
            ]
        ),
        max_size=12,
    ).map("".join),
)


@given(expressions)
def test_a_folded_expression_has_the_same_tokens_in_lower_case(text: str) -> None:
    (flow,) = folded(with_expression(text)).attribute_flow_mappings
    lower = tuple(t if t.startswith('"') else t.lower() for t in significant(text))
    assert significant(flow.expression or "") == lower


@given(expressions)
def test_an_expression_on_one_line_has_the_same_tokens(text: str) -> None:
    assert significant(on_one_line(text)) == significant(text)


@given(sync_rules(), sync_rules(), st.booleans())
def test_lines_differ_exactly_where_the_comparison_of_rules_does(
    one: SyncRule, drawn: SyncRule, is_near: bool
) -> None:
    other = (
        replace(one, attribute_flow_mappings=drawn.attribute_flow_mappings) if is_near else drawn
    )
    first, second = canonical_lines(one), canonical_lines(other)
    lines = {n for n in first.keys() & second.keys() if first[n] != second[n]}
    found = content_differences(folded(one), folded(other))
    plain = {name.replace("_", "") for name in lines}
    assert plain == {name.lower() for name in found}


@given(sync_rules())
def test_a_folded_rule_is_folded(one: SyncRule) -> None:
    assert folded(folded(one)) == folded(one)


def test_the_sources_of_an_expression_are_not_told() -> None:
    (flow,) = with_expression("[cn]").attribute_flow_mappings
    listed = replace(rule(), attribute_flow_mappings=(replace(flow, source=("cn", "sn")),))
    assert canonical_lines(listed) == canonical_lines(with_expression("[cn]"))


# ---- What places a rule --------------------------------------------------------------------------


def test_a_rule_is_placed_by_those_that_it_names_and_first_by_the_one_behind_it() -> None:
    placed = replace(rule(), precedence_before=guid(1), precedence_after=guid(2))
    before, after = ("PrecedenceBefore", guid(1)), ("PrecedenceAfter", guid(2))
    assert placed.references == (before, after)
    assert placed.reference == before
    for none in (None, "", ZERO_GUID):
        assert replace(placed, precedence_before=none).references == (after,)
        assert replace(placed, precedence_after=none).references == (before,)
        assert replace(placed, precedence_before=none, precedence_after=none).reference is None
