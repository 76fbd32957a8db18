"""Expressions as tokens: nothing is lost, and only what means nothing is passed over."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from syncrules.grammar.stored_expression import PATTERNS

from syncrules.expressions import lexer
from syncrules.expressions.lexer import COMMENT, scan
from syncrules.expressions.scanner import attributes, significant, tokens

# Pieces that mean something to the language, so that texts and brackets arise, open ones too.
EXPRESSIONS = st.lists(
    st.one_of(st.sampled_from('"\\[]() \t\r\n,&|<>=%$.a1_-\xa0'), st.text(max_size=3)), max_size=30
).map("".join)


@given(EXPRESSIONS)
def test_no_character_is_lost(expression: str) -> None:
    assert "".join(tokens(expression)) == expression


@given(EXPRESSIONS)
def test_only_blanks_and_line_ends_mean_nothing(expression: str) -> None:
    passed_over = set(tokens(expression)) - set(significant(expression))
    assert all(token.strip(" \t\r\n") == "" for token in passed_over)


@given(EXPRESSIONS)
def test_the_tokens_of_the_grammar_are_one_or_several_of_these(expression: str) -> None:
    ends, end = set[int](), 0
    for token in tokens(expression):
        ends.add(end := end + len(token))
    found = [*scan(expression)]
    if not any(token.kind == COMMENT for token in found):  # a quote in one begins no text
        assert {token.end for token in found} <= ends
    kept = "".join(token.text for token in found)
    assert kept == "".join(significant(expression))


@given(EXPRESSIONS)
@example("&HFF; &amp; &H1 // [a] NULL\n(b)")
@example('"a // b" // "c"')
def test_that_the_usual_tokens_are_looked_for_first_changes_none(expression: str) -> None:
    kinds = lexer._FIRST | dict(PATTERNS) | lexer._LAST
    found = re.finditer("|".join(f"(?P<{kind}>{p})" for kind, p in kinds.items()), expression)
    assert [(t.kind, t.start, t.end, t.text) for t in scan(expression)] == [
        (f.lastgroup, *f.span(), f.group()) for f in found if f.lastgroup != "BLANKS"
    ]


@given(st.lists(st.sampled_from(['"a  b"', "[cn]", "(", ")", ",", "&", "Left", "2"]), max_size=9))
def test_blanks_between_tokens_do_not_count(parts: list[str]) -> None:
    assert significant(" \r\n\t".join(parts)) == tuple(parts)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('"Fabrikam - "&[cn]', '"Fabrikam-"&[cn]'),
        ('"a\\" b"', '"a\\"b"'),
        ('"a b', '"ab'),
        ("a b", "ab"),
        ("[a b]", "[ab]"),
        ("a\xa0b", "a b"),
        ("[a] & &HFF", "[a] &&HFF"),
        ("1< =2", "1<=2"),
    ],
)
def test_what_means_something_else_is_something_else(one: str, other: str) -> None:
    assert significant(one) != significant(other)


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ("[cn]", ("cn",)),
        ('"[no]" & [mail]', ("mail",)),
        ('"a\\"[no]" & [b]', ("b",)),
        ("[a][b]", ("a", "b")),
        ('"\\\\"&[b]', ("b",)),
        ('Trim([a])&"@"&[mS-DS-ConsistencyGuid]', ("a", "mS-DS-ConsistencyGuid")),
        ("[]", ()),
        ('"[open', ()),
        ("[open", ()),
        ('ImportedValue("proxyAddresses") & [b] & "c"', ("proxyAddresses", "b")),
        ('[a] & ValueCount ( \n"member")', ("a", "member")),
        ('ImportedValue([a]) & ImportedValue & "b" & Trim("c")', ("a",)),
        ('"ImportedValue(" & ("a")', ()),
    ],
)
def test_attributes_are_in_brackets_or_named_by_a_function(
    expression: str, named: tuple[str, ...]
) -> None:
    assert attributes(expression) == named
