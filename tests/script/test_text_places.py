"""Where the characters of a text are written, and where a part of it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.strategies import newlines, texts
from syncrules.script.quoting import DOUBLE_QUOTES, SINGLE_QUOTES, quote
from syncrules.script.text_places import place_of

single_marks = st.sampled_from(SINGLE_QUOTES)
double_marks = st.sampled_from(DOUBLE_QUOTES)


def written(literal: str, text: str) -> list[str]:
    """Return what is written for each character of a text, which stands in order."""
    places = [place_of(literal, n, n + 1) for n in range(len(text))]
    assert [p for place in places for p in place] == sorted(p for place in places for p in place)
    whole = place_of(literal, 0, len(text))
    assert not places or whole == (places[0][0], places[-1][1])
    return [literal[start:end] for start, end in places]


@given(texts, single_marks)
def test_the_place_of_a_character_in_single_quotes(text: str, mark: str) -> None:
    literal = quote(text, mark)
    assert written(literal, text) == [c * 2 if c in SINGLE_QUOTES else c for c in text]


@given(texts, double_marks)
def test_the_place_of_a_character_in_double_quotes(text: str, mark: str) -> None:
    expected = [f"`{c}" if c in f"{DOUBLE_QUOTES}`$" else c for c in text]
    assert written(f"{mark}{''.join(expected)}{mark}", text) == expected


@given(st.lists(texts.map(lambda t: re.sub(r"[\r\n@]", "", t)), max_size=3), newlines)
def test_the_place_of_a_character_in_a_here_string(lines: list[str], newline: str) -> None:
    text = newline.join(lines)
    assert written(f"@' {newline}{text}{newline}'@", text) == [*text]
    expected = [f"`{c}" if c in "`$" else c for c in text]
    assert written(f'@"{newline}{"".join(expected)}{newline}"@', text) == expected


@pytest.mark.parametrize(
    ("literal", "start", "end", "place"),
    [
        ("''", 0, 0, (1, 1)),
        ("@'\n'@", 0, 0, (3, 3)),
        ("'a''b'", 1, 1, (2, 2)),
        ("'ab'", 2, 2, (3, 3)),
        ("'ab'", 1, 9, (2, 3)),
        ('"a`u{41}b"', 1, 2, (2, 8)),
        ("[cn]", 1, 3, (1, 3)),
        ("a'b''c'd", 1, 3, (2, 5)),
        ("a'b''c'd", 4, 5, (7, 8)),
    ],
)
def test_the_place_of_a_part_of_a_text(
    literal: str, start: int, end: int, place: tuple[int, int]
) -> None:
    assert place_of(literal, start, end) == place
