"""The order in which to create rules, so that they end in the order that they had.

A rule takes the place directly before, or directly behind, the one that it names. So of the rules
before one rule the first is created first, and of those behind one rule the last. All that are
placed by a rule stay together, whatever is placed later: nothing else needs an order, as long as no
rule with a number of its own comes to a place that others have moved away from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from .dependency_order import needed_first
from .model import AFTER, RuleReference, SyncRule
from .precedences import Precedences

__all__ = ["creation_order", "creation_orders", "needs_among", "siblings_in_order"]

Needs = Mapping[int, list[int]]
"""The places of rules, each with those of the rules to be created before it."""


def siblings_in_order(
    rules: Sequence[SyncRule], precedences: Sequence[int | None]
) -> Iterator[tuple[int, int]]:
    """Yield the places of two rules that one rule places, the one to be created first.

    `precedences` are those that the rules had where they come from, as far as they are known.
    """
    placed: dict[RuleReference, list[tuple[int, int]]] = {}
    for index, (rule, precedence) in enumerate(zip(rules, precedences, strict=True)):
        if rule.reference is not None and precedence is not None:
            placed.setdefault(rule.reference, []).append((precedence, index))
    for reference, siblings in placed.items():
        siblings.sort(reverse=reference.parameter == AFTER)
        for (one, first), (other, then) in pairwise(siblings):
            if one != other:
                yield first, then


def needs_among(rules: Sequence[SyncRule], precedences: Sequence[int | None]) -> Needs:
    """Return which rules must be there before which: those that they name, and some siblings."""
    places = {rule.identifier: index for index, rule in enumerate(rules) if rule.identifier}
    needs: dict[int, list[int]] = {}
    for index, rule in enumerate(rules):
        for reference in rule.references:
            if reference.identifier in places:
                needs.setdefault(index, []).append(places[reference.identifier])
    for first, then in siblings_in_order(rules, precedences):
        needs.setdefault(then, []).append(first)
    return needs


def creation_orders(
    rules: Sequence[SyncRule], precedences: Sequence[int | None]
) -> Iterator[tuple[int, ...]]:
    """Yield orders to create rules in, as places in `rules`, the one that changes least first.

    In the other one, rules with a number of their own come first: nothing has moved by then.
    """
    needs = needs_among(rules, precedences)
    places = range(len(rules))
    yield needed_first(places, needs)
    yield needed_first(sorted(places, key=lambda i: rules[i].reference is not None), needs)


def creation_order(
    rules: Sequence[SyncRule], standing: Iterable[SyncRule] = ()
) -> tuple[SyncRule, ...]:
    """Return rules of one server in the order to create them in, so that they end as they are.

    `standing` are the rules that are there before.
    """
    standing = tuple(standing)
    orders = [
        tuple(rules[i] for i in order)
        for order in creation_orders(rules, [r.precedence for r in rules])
    ]
    return next((o for o in orders if _arrives(o, standing)), orders[0])


def _arrives(order: Sequence[SyncRule], standing: Iterable[SyncRule]) -> bool:
    """Return whether rules, created in an order, end in that of their precedences."""
    server: Precedences[SyncRule] = Precedences()
    for rule in standing:
        server.add(rule, rule.precedence or 0, rule.identifier)
    count = len(server.shown)
    for rule in order:
        place = server.place_for(rule)
        if place is None:
            continue
        if rule.reference is not None:
            server.shift(place)
        elif any(other.precedence != rule.precedence for other in server.at(place)):
            return False
        server.add(rule, place, rule.identifier)
    shown = sorted(zip(server.shown[count:], server.owners[count:], strict=True), key=_first)
    precedences = [rule.precedence or 0 for _, rule in shown]
    return precedences == sorted(precedences)


def _first(pair: tuple[int, SyncRule]) -> int:
    return pair[0]
