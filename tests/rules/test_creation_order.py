"""In which order rules of one server are created on another, so that they end as they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from support.builders import guid, rule
from syncrules import SyncRule
from syncrules.rules.creation_order import creation_order, creation_orders
from syncrules.rules.guids import ZERO_GUID


def made(number: int, precedence: int | None, before: int = 0, after: int = 0) -> SyncRule:
    """Return a rule that names others by their numbers, or none by 0."""
    return replace(
        rule(f"R{number}", number),
        precedence=precedence,
        precedence_before=guid(before) if before else ZERO_GUID,
        precedence_after=guid(after) if after else ZERO_GUID,
    )


def ends_as_it_was(order: Sequence[SyncRule], standing: Sequence[SyncRule]) -> bool:
    """Create rules one by one, and return whether the server has them in their order then."""
    server = [(r.precedence or 0, r) for r in standing]
    for new in order:
        place = new.precedence or 0
        if new.reference is not None:
            found = [p for p, r in server if r.identifier == new.reference.identifier]
            if not found:
                continue  # nobody knows where it goes
            place = found[-1] + (new.reference.parameter == "PrecedenceAfter")
            server = [(p + (p >= place), r) for p, r in server]
        elif any(p == place and r.precedence != new.precedence for p, r in server):
            return False  # another was moved to its place
        server.append((place, new))
    shown = [r.precedence or 0 for _, r in sorted(server, key=lambda s: s[0]) if r in order]
    return shown == sorted(shown)


PRECEDENCES = st.integers(1, 6)


@st.composite
def servers(draw: st.DrawFn) -> tuple[list[SyncRule], list[SyncRule]]:
    """Draw rules to be created, and others that are there before: any of them may be named."""
    number, more = draw(st.integers(1, 4)), draw(st.integers(0, 2))
    named = st.integers(0, number + more)
    rules = []
    for n in range(1, number + 1):
        parameter = draw(st.sampled_from(["before", "after"]))
        to = draw(named)
        rules.append(made(n, draw(PRECEDENCES | st.none()), **{parameter: 0 if to == n else to}))
    standing = [made(number + n, draw(PRECEDENCES)) for n in range(1, more + 1)]
    return rules, standing


@settings(max_examples=300)
@given(servers())
def test_the_order_is_the_first_that_leaves_the_rules_as_they_are_if_one_does(
    drawn: tuple[list[SyncRule], list[SyncRule]],
) -> None:
    rules, standing = drawn
    orders = [
        tuple(rules[i] for i in order)
        for order in creation_orders(rules, [r.precedence for r in rules])
    ]
    expected = next((o for o in orders if ends_as_it_was(o, standing)), orders[0])
    assert creation_order(rules, standing) == expected
    assert sorted(r.name for r in expected) == sorted(r.name for r in rules)


def test_a_rule_comes_after_the_one_that_it_names() -> None:
    first, second = made(1, 101, before=2), made(2, 102)
    assert creation_order((first, second)) == (second, first)


def test_of_those_before_one_rule_the_first_is_created_first_and_behind_it_last() -> None:
    anchor = made(9, 100)
    before = made(1, 100, before=9), made(2, 101, before=9)
    assert creation_order(before[::-1], (anchor,)) == before
    after = made(1, 101, after=9), made(2, 102, after=9)
    assert creation_order(after, (anchor,)) == after[::-1]


def test_numbers_come_first_where_others_would_have_moved_to_their_places() -> None:
    anchor = made(9, 3)
    placed, numbered = made(1, 3, before=9), made(2, 4)
    assert creation_order((placed, numbered), (anchor,)) == (numbered, placed)
    free = made(2, 7)
    assert creation_order((placed, free), (anchor,)) == (placed, free)
    unknown = made(3, 9, before=77)  # names a rule that is not there
    assert creation_order((unknown, placed, numbered), (anchor,)) == (numbered, unknown, placed)
