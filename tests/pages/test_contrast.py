"""Two texts side by side: nothing is lost, and what is marked is what differs."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from syncrules.expressions.scanner import significant
from syncrules.pages.contrast import contrast

TEXTS = st.text(st.sampled_from('[]ab cn&"(),\\\n'), max_size=30)


def marked(one: str, other: str) -> tuple[list[str], list[str]]:
    first, second = ([p.text for p in side if p.differs] for side in contrast(one, other))
    return first, second


@given(TEXTS, TEXTS)
def test_the_pieces_are_the_texts(one: str, other: str) -> None:
    first, second = contrast(one, other)
    assert ("".join(p.text for p in first), "".join(p.text for p in second)) == (one, other)
    assert all(p.text for p in (*first, *second))


@given(TEXTS, TEXTS)
def test_what_is_not_marked_is_the_same_on_both_sides(one: str, other: str) -> None:
    kept = [
        significant(" ".join(p.text for p in side if not p.differs))
        for side in contrast(one, other)
    ]
    if significant(one) == significant(other):
        assert marked(one, other) == ([], [])
    elif '"' not in one + other and "[" not in one + other:  # else joined pieces are other tokens
        assert kept[0] == kept[1]


def test_tokens_are_marked_whole() -> None:
    assert marked('= "Fabrikam - " & IIF([a],[b])', "= IIF([a],[b])") == (['"Fabrikam - " &'], [])
    assert marked("[userType]", "[userTypes]") == (["[userType]"], ["[userTypes]"])
    assert marked('"a b"', '"a  b"') == (['"a b"'], ['"a  b"'])


def test_another_layout_is_not_marked() -> None:
    assert marked("Left([cn], 2)", "Left( [cn],2 )") == ([], [])


def test_several_tokens_in_a_row_are_one_mark() -> None:
    assert marked("x & [a] & [b] & y", "x & y") == (["[a] & [b] &"], [])


def test_long_texts_take_no_longer_than_they_are_long() -> None:
    texts = [",".join(f"[{start + n % 7}]" for n in range(40_000)) for start in (0, 3)]
    began = time.process_time()
    assert contrast(*texts)
    assert time.process_time() - began < 5
