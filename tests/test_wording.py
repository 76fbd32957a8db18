"""Pieces of messages that several rooms write."""

from __future__ import annotations

import pytest

from syncrules.wording import first_of


@pytest.mark.parametrize(
    ("texts", "told"),
    [("", ""), ("a", "a"), ("ab", "a, b"), ("abc", "a, b and 1 more"), ("abcd", "a, b and 2 more")],
)
def test_the_first_of_many_and_how_many_more_there_are(texts: str, told: str) -> None:
    assert first_of(texts, 2) == told
    assert first_of(iter(texts), 2) == told
