"""Two servers are compared: noise is nothing, and each real change is one difference."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from support.comparable import CHANGES, MADE, noisy, shown_server
from syncrules.comparison.comparing import compare
from syncrules.comparison.model import (
    Comparison,
    DifferenceKind,
    ServerDifference,
)

seeds = st.integers(0, 2**32)
Made = tuple[int, int]
COUNTED: Counter[str] = Counter()


@pytest.fixture(scope="module", autouse=True)
def _counted() -> Iterator[None]:
    """Print how often each thing was tried."""
    yield
    for what, count in sorted(COUNTED.items()):
        print(f"{count:>6} {what}")


def told(comparison: Comparison) -> str:
    return "\n".join(map(str, comparison.differences))


# ---- The same ------------------------------------------------------------------------------------


@given(MADE)
def test_a_server_is_the_same_as_itself(made: Made) -> None:
    COUNTED["the same"] += 1
    server = shown_server(*made).read()
    found = compare(server, server)
    assert (found.differences, found.notes, found.ignored) == ((), (), ())
    assert found.same
    assert found.complete


@given(MADE, seeds)
def test_noise_is_no_difference(made: Made, seed: int) -> None:
    COUNTED["noise"] += 1
    shown = shown_server(*made)
    found = compare(shown.read(), noisy(shown, seed).read())
    assert found.differences == found.notes == (), told(found)
    assert found.complete
    assert {i.field for i in found.ignored} >= {"identifier"}


# ---- One change ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHANGES)
@given(made=MADE, seed=seeds, is_noisy=st.booleans())
def test_one_change_is_one_difference(name: str, made: Made, seed: int, is_noisy: bool) -> None:
    shown = shown_server(*made)
    change = CHANGES[name](random.Random(seed), shown)
    if change is None:
        return
    COUNTED[name] += 1
    after = noisy(change.shown, seed) if is_noisy else change.shown
    found = compare(shown.read(), after.read())
    kind = change.kind
    if is_noisy and kind is DifferenceKind.CHANGED_IN_PLACE:
        kind = found.differences[0].kind  # whether the version is the same is noise, too
        assert kind in (DifferenceKind.CHANGED_IN_PLACE, DifferenceKind.VERSION)
    assert [d.kind for d in found.differences] == [kind], told(found)
    assert not found.same
    assert found.complete


# ---- From the other side -------------------------------------------------------------------------


CHANGED = st.lists(
    st.tuples(st.sampled_from([*CHANGES]), seeds), max_size=5, unique_by=lambda made: made[0]
)


@given(MADE, CHANGED, seeds)
def test_b_and_a_mirror_a_and_b(made: Made, changes: list[tuple[str, int]], seed: int) -> None:
    shown = after = shown_server(*made)
    for name, own in changes:
        change = CHANGES[name](random.Random(own), after)
        after = change.shown if change else after
    a, b = shown.read(), noisy(after, seed).read()
    there, back = compare(a, b), compare(b, a)
    COUNTED["mirrored"] += 1
    COUNTED["differences mirrored"] += len(there.differences)
    assert set(map(mirrored, there.differences)) == set(map(plain, back.differences))
    assert set(map(mirrored, there.notes)) == set(map(plain, back.notes))
    assert Counter(i.field for i in there.ignored) == Counter(i.field for i in back.ignored)
    assert there.same is back.same


@given(MADE, MADE)
@example((0, 0), (12407, 0))  # two rules have each other's identifiers
def test_any_two_servers_mirror(one: Made, other: Made) -> None:
    a, b = (shown_server(*made).read() for made in (one, other))
    there, back = compare(a, b), compare(b, a)
    assert set(map(mirrored, there.differences)) == set(map(plain, back.differences))
    COUNTED["differences of any two"] += len(there.differences)


TURNED = {
    DifferenceKind.ONLY_A: DifferenceKind.ONLY_B,
    DifferenceKind.ONLY_B: DifferenceKind.ONLY_A,
}


def plain(difference: ServerDifference) -> ServerDifference:
    return replace(difference, content="", details=tuple(sorted(difference.details, key=str)))


def mirrored(difference: ServerDifference) -> ServerDifference:
    turned = replace(
        difference,
        kind=TURNED.get(difference.kind, difference.kind),
        a=difference.b,
        b=difference.a,
        details=tuple(d._replace(a=d.b, b=d.a) for d in difference.details),
        content="",
    )
    return plain(turned)
