"""Two orders as numbers."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from syncrules.pairing.ranks import longest_common


@given(st.permutations(range(7)))
def test_what_stays_is_in_order_and_no_more_could(order: list[int]) -> None:
    kept = [order[i] for i in sorted(longest_common(order))]
    assert kept == sorted(kept)
    best = max(
        size for size in range(8) if any([*c] == sorted(c) for c in combinations(order, size))
    )
    assert len(kept) == best
