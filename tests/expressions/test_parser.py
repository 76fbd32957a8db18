"""Expressions as trees: lossless, the grammar's, and in linear time however deep they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Token, Tree
from lark.exceptions import LarkError

from support.expressions import Pieces, expressions, laid_out, microsoft_expressions
from syncrules import grammar
from syncrules.expressions.lexer import scan
from syncrules.expressions.parser import parse
from syncrules.expressions.reading import read_expression
from syncrules.expressions.tree import Expression, ExpressionNode, NodeKind

ANY = st.lists(
    st.sampled_from(
        ('"', "\\", '"a"', "[a]", "%b%", "$c", "1", "-", "&HF", "Left", "(", ")", ",", "&", "=")
    )
    | st.sampled_from((" ", "\n", "\xa0", "'", "<", ">", "|", "[", "]", "%", "é", "&amp;")),
    max_size=30,
).map("".join)


def read(text: str) -> Expression:
    expression, unread = read_expression(text)
    assert expression is not None, unread
    return expression


# ---- Lossless ------------------------------------------------------------------------------------


@given(st.data(), expressions())
def test_the_text_is_rebuilt_from_tokens_and_gaps_of_blanks(
    data: st.DataObject, pieces: Pieces
) -> None:
    text, places = data.draw(laid_out(pieces))
    expression = read(text)
    assert str(expression) == text
    assert {*places} <= {t.start for t in expression.tokens}
    gaps = [*expression.pieces()][::2]
    assert "".join(gaps).strip(" \t\r\n") == ""


@given(st.data(), expressions())
def test_each_node_stands_at_its_place_and_around_its_children(
    data: st.DataObject, pieces: Pieces
) -> None:
    text, _ = data.draw(laid_out(pieces))
    for node in read(text).nodes():
        assert text[node.start : node.end].strip(" \t\r\n") == text[node.start : node.end] != ""
        ends = [node.start, *(p for c in node.children for p in (c.start, c.end)), node.end]
        assert ends == sorted(ends)
        if node.kind is NodeKind.CALL:
            assert text[slice(*node.name_span)] == node.value


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ('"a b"', NodeKind.TEXT, "a b"),
        (r'"\\0ACNF:"', NodeKind.TEXT, r"\0ACNF:"),
        (r'"a\"b"', NodeKind.TEXT, 'a"b'),
        (r'"a\nb"', NodeKind.TEXT, r"a\nb"),
        ('"a\nb"', NodeKind.TEXT, "a\nb"),
        ("[mS-DS-ConsistencyGuid]", NodeKind.ATTRIBUTE, "mS-DS-ConsistencyGuid"),
        ("%Domain.FQDN%", NodeKind.PARAMETER, "Domain.FQDN"),
        ("$item", NodeKind.VARIABLE, "item"),
        ("1.5", NodeKind.NUMBER, "1.5"),
        ("&H21C07000", NodeKind.NUMBER, "&H21C07000"),
        ("- 5", NodeKind.NUMBER, "-5"),
        ("AuthoritativeNull", NodeKind.CONSTANT, "AuthoritativeNull"),
        ("IIF (NULL)", NodeKind.CALL, "IIF"),
        ("([a])", NodeKind.GROUP, ""),
        ("[a]&[b]=[c]", NodeKind.CHAIN, ""),
    ],
)
def test_the_kinds_of_nodes(text: str, kind: NodeKind, value: str) -> None:
    root = read(f" {text}\n").root
    assert (root.kind, root.value, root.start, root.end) == (kind, value, 1, 1 + len(text))


def test_operators_have_no_priority() -> None:
    root = read('[a] = 1 || [b] & "x" <> [c]').root
    assert [c.value for c in root.children] == ["a", "=", "1", "||", "b", "&", "x", "<>", "c"]


def test_attributes_are_named_in_brackets_and_as_the_text_of_two_functions() -> None:
    text = 'IIF(ValueCount("member")>0,ImportedValue("mail"),[cn] & Trim("no"))'
    assert [a.value for a in read(text).attributes] == ["member", "mail", "cn"]


def test_microsofts_rules_are_read() -> None:
    assert len(microsoft_expressions()) == 391
    assert len({*microsoft_expressions()}) == 86
    assert [str(read(text)) for text in microsoft_expressions()] == [*microsoft_expressions()]


# ---- The grammar ---------------------------------------------------------------------------------

LARK = grammar.build(
    grammar.EXPRESSION, start="chain", lexer="basic", keep_all_tokens=True, strict=True
)
"""The grammar by Lark alone, with its own lexer; `strict` says that it has no conflict."""


def by_lark(text: str) -> Tree[Token] | None:
    try:
        tree: Tree[Token] = LARK.parse(text)
        return tree
    except LarkError:
        return None


def outline(node: ExpressionNode) -> object:
    """Return a node as the grammar tells it: kinds, places, and what is inside."""
    return (node.kind.value, node.start, node.end, [*map(outline, node.children)])


def outline_of_lark(tree: Tree[Token] | Token) -> object:
    """Return a tree of Lark's in the same way."""
    if isinstance(tree, Token):
        kind = {"WORD": "constant", "MINUS": "operator"}.get(tree.type, tree.type.lower())
        return (kind, tree.start_pos, tree.end_pos, [])
    parts = tree.children
    if tree.data in ("chain", "longer"):
        flat: list[object] = []
        while isinstance(tree, Tree) and tree.data == "longer":
            tree, operator, operand = tree.children
            flat[:0] = outline_of_lark(operator), outline_of_lark(operand)
        assert isinstance(tree, Tree)
        flat[:0] = [outline_of_lark(tree.children[0])]
        first, last = flat[0], flat[-1]
        assert isinstance(first, tuple) and isinstance(last, tuple)  # noqa: PT018
        return first if len(flat) == 1 else ("chain", first[1], last[2], flat)
    first_token, last_token = parts[0], parts[-1]
    assert isinstance(first_token, Token) and isinstance(last_token, Token)  # noqa: PT018
    span = first_token.start_pos, last_token.end_pos
    if tree.data == "negative":
        return ("number", *span, [])
    if tree.data == "group":
        return ("group", *span, [outline_of_lark(parts[1])])
    arguments: list[object] = []
    inner = parts[2] if len(parts) > 3 else None
    while isinstance(inner, Tree):
        arguments[:0] = [outline_of_lark(inner.children[-1])]
        inner = inner.children[0] if inner.data == "further" else None
    return ("call", *span, arguments)


def same_as_lark(text: str) -> None:
    mine, larks = parse(scan(text)).root, by_lark(text)
    assert (mine is None) == (larks is None)
    if mine is not None and larks is not None:
        assert outline(mine) == outline_of_lark(larks)


@given(ANY)
def test_any_text_is_read_as_lark_reads_it_or_not_at_all(text: str) -> None:
    same_as_lark(text)


@given(st.data(), expressions())
def test_a_right_expression_is_read_as_lark_reads_it(data: st.DataObject, pieces: Pieces) -> None:
    same_as_lark(data.draw(laid_out(pieces))[0])


# ---- Depth and length ----------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [22, 200])
def test_as_deep_as_the_limit(depth: int) -> None:
    text = "Trim(" * depth + "[a]" + ")" * depth
    assert sum(n.kind is NodeKind.CALL for n in read(text).nodes()) == depth


@pytest.mark.parametrize("opening", ["Trim(", "(", "IIF([a],", "[a]&("])
def test_deeper_is_one_finding(opening: str) -> None:
    for depth in (201, 20_000):
        for closing in ("", "1" + ")" * depth):
            expression, unread = read_expression(opening * depth + closing)
            assert expression is None
            assert unread is not None
            assert unread.problem.code == "SR705"
