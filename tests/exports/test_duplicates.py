"""Rules of one script that cannot be on one server together: with one precedence."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from support.builders import A1, A2, export, guid, out_of_box, rule, text_of
from syncrules import Severity, SyncRule

TAG = out_of_box().immutable_tag or ""


def made(
    number: int,
    precedence: int = 50,
    connector: str = A1,
    *,
    before: int = 0,
    direction: str = "Outbound",
    tag: str = "",
) -> SyncRule:
    own = replace(rule(f"R{number}", number, connector), precedence=precedence, direction=direction)
    own = replace(own, immutable_tag=tag)
    return replace(own, precedence_before=guid(before)) if before else own


def told(*rules: SyncRule) -> list[tuple[Severity, int, int]]:
    """Return of each finding how grave it is, and the numbers of its rule and of the other."""
    starts = [text_of(*rules[:n]).count("\n") + 1 if n else 1 for n in range(len(rules))]
    found = [d for d in export(*rules).diagnostics if d.code == "SR332"]
    return [
        (
            d.severity,
            starts.index(d.line) + 1,
            next(n for n, s in enumerate(starts, 1) if f"at line {s} " in d.message),
        )
        for d in found
    ]


DIRECTIONS = ("Inbound", "Outbound")


@pytest.mark.parametrize(("one", "other"), [*product(DIRECTIONS, repeat=2)])
@pytest.mark.parametrize("connector", [A1, A2])
@pytest.mark.parametrize("tags", [("", ""), (TAG, ""), ("", TAG), (TAG, TAG)])
def test_only_outbound_rules_of_two_connectors_could_ever_share_a_precedence(
    one: str, other: str, connector: str, tags: tuple[str, str]
) -> None:
    """And they are warned of, but for out-of-box rules, which are never moved."""
    first = made(1, direction=one, tag=tags[0])
    second = made(2, connector=connector, direction=other, tag=tags[1])
    expected = [(Severity.ERROR, 2, 1)]
    if one == other == "Outbound" and connector != A1:
        expected = [(Severity.WARNING, 2, 1)] if tags == ("", "") else []
    assert told(first, second) == expected
    assert told(first, replace(second, precedence=51)) == []


def test_the_gravest_is_told() -> None:
    shared = made(1), made(2, connector=A2)
    assert (Severity.ERROR, 3, 2) in told(*shared, made(3, connector=A2))
    third = "aaaaaaaa-3333-4333-8333-333333333333"
    (warned,) = told(*shared, made(3, connector=third))
    assert warned[0] is Severity.WARNING


def test_a_rule_that_is_placed_moves_what_the_script_creates() -> None:
    numbered, placed = made(1, 50), made(2, 0, before=1)
    assert told(numbered, placed, made(3, 50)) == []
    assert told(made(4, 40), numbered, placed, made(5, 0, before=2), made(6, 40)) == [
        (Severity.ERROR, 5, 1)
    ]


def test_it_moves_no_out_of_box_rule_and_none_is_created() -> None:
    standard, placed = made(9, 60, tag=TAG), made(2, 0, before=1)
    assert told(standard, made(1, 50), placed, made(3, 60)) == [(Severity.ERROR, 4, 1)]
    not_created = replace(placed, immutable_tag=TAG)
    assert told(made(1, 50), not_created, made(3, 50)) == [(Severity.ERROR, 3, 1)]


def test_nothing_is_known_of_what_was_created_before_a_rule_is_placed_by_an_unknown_one() -> None:
    standard, placed = made(9, 60, tag=TAG), made(2, 0, before=77)
    assert told(made(1, 50), placed, made(3, 50)) == []
    assert told(standard, placed, made(3, 60)) == [(Severity.ERROR, 3, 1)]
