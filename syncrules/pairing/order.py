"""In which order two servers have the same rules, and what another order decides.

Precedences are never compared: where two rules fill one attribute, the one that comes first wins.
Way in: `reordered`, from pairs of rules of any two servers.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from syncrules.rules.enumerations import OUTBOUND
from syncrules.rules.model import SyncRule
from syncrules.servers.model import ServerRule

from .ranks import longest_common

__all__ = [
    "ConnectorOrder",
    "Contest",
    "MovedRule",
    "RuleInBoth",
    "contested",
    "contests",
    "filled",
    "reordered",
]


class RuleInBoth(NamedTuple):
    """A rule of one server, and the same rule of the other."""

    one: ServerRule
    other: ServerRule


# ---- Who contests whom ---------------------------------------------------------------------------


def contested(first: SyncRule, second: SyncRule) -> tuple[str, ...]:
    """Return the attributes for which the order of two rules of one server matters.

    Both are enabled, have one direction, and fill the attribute for one type of objects: of the
    metaverse, or of one connector. Values that both merge are all kept, whatever comes first.
    """
    if first.disabled or second.disabled or _target(first) != _target(second):
        return ()
    merging = _merging_by_destination(second)
    return tuple(
        dict.fromkeys(
            flow.destination
            for flow in first.attribute_flow_mappings
            if (key := flow.destination.lower()) in merging
            and not (merging[key] and flow.value_merge_type in _MERGING)
        )
    )


_MERGING = ("Merge", "MergeCaseInsensitive")


def _target(rule: SyncRule) -> tuple[str, str, str]:
    connector = rule.connector if rule.direction == OUTBOUND else ""
    return rule.direction, connector, rule.target_object_type.lower()


def _merging_by_destination(rule: SyncRule) -> Mapping[str, bool]:
    """Return the attributes that a rule fills, and whether all of its flows there merge."""
    found: dict[str, bool] = {}
    for flow in rule.attribute_flow_mappings:
        key = flow.destination.lower()
        found[key] = found.get(key, True) and flow.value_merge_type in _MERGING
    return found


_AllOrAny = Callable[[Iterable[bool]], bool]
"""`all` or `any`, of what is so on either server."""


class Contest(NamedTuple):
    """Two rules that change places, though both fill some attributes; `first` is so on `one`."""

    first: RuleInBoth
    second: RuleInBoth
    attributes: tuple[str, ...]


def contests(rules: Iterable[RuleInBoth], on: _AllOrAny = all) -> Iterator[Contest]:
    """Yield the rules that contest an attribute, and not in the same order on both servers.

    `on` says whether they contest it on `all` servers or on `any`. Rules whose precedence or flows
    are not known on one of the servers are left out.
    """
    known = sorted((r for r in rules if _is_known(r)), key=_place_on_one)
    for first, second in sorted(_swapped(known)):
        attributes = _contested_on(on, known[first], known[second])
        if attributes:
            yield Contest(known[first], known[second], attributes)


def _swapped(rules: Sequence[RuleInBoth]) -> set[tuple[int, int]]:
    """Return the pairs that fill an attribute and change places, by their indexes.

    Pairs that stand alike on both servers, as nearly all do, are not looked at one by one.
    """
    filling: dict[Hashable, list[int]] = {}
    for index in _displaced(rules):
        for key in {key for side in rules[index] for key in filled(side)}:
            filling.setdefault(key, []).append(index)
    return {pair for indexes in filling.values() for pair in _inversions(rules, indexes)}


def filled(rule: ServerRule) -> Iterator[Hashable]:
    """Yield what an enabled rule fills: rules of one server that fill the same may contest it."""
    own = rule.sync_rule
    if own is not None and not own.disabled:
        target = _target(own)
        for attribute in _merging_by_destination(own):
            yield target, attribute


def _displaced(rules: Sequence[RuleInBoth]) -> Iterator[int]:
    """Yield the rules, by their indexes, that another one may change places with.

    All others stand behind the same rules on both servers, and before the same.
    """
    ranks = [_place(rule.other) for rule in rules]
    highest = accumulate(ranks, max)
    lowest = reversed([*accumulate(reversed(ranks), min)])
    for index, (before, rank, behind) in enumerate(zip(highest, ranks, lowest, strict=True)):
        if before > rank or behind < rank:
            yield index


def _inversions(rules: Sequence[RuleInBoth], indexes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of rules of which the first comes first on server one, and not on the other.

    The second of two that share a precedence does not come behind the first.
    """
    passed: list[tuple[int, int]] = []  # in the order of the other server
    for _, other, index in sorted((*_precedences(rules[i]), i) for i in indexes):
        for _, first in passed[bisect_left(passed, (other + 1,)) :]:
            yield first, index
        insort(passed, (other, index))


def _precedences(rule: RuleInBoth) -> tuple[int, int]:
    return _place(rule.one), _place(rule.other)


def _is_known(rule: RuleInBoth) -> bool:
    return all(side.precedence is not None and side.sync_rule is not None for side in rule)


def _place(rule: ServerRule) -> int:
    assert rule.precedence is not None  # only rules that are known are asked about
    return rule.precedence


def _place_on_one(rule: RuleInBoth) -> int:
    return _place(rule.one)


def _contested_on(on: _AllOrAny, first: RuleInBoth, second: RuleInBoth) -> tuple[str, ...]:
    here = _contested(first.one, second.one)
    there = _contested(first.other, second.other)
    either = {**here, **there, **here}  # in the order of server one
    return tuple(either[key] for key in either if on((key in here, key in there)))


def _contested(first: ServerRule, second: ServerRule) -> dict[str, str]:
    assert first.sync_rule is not None  # only rules that are known are asked about
    assert second.sync_rule is not None
    return {a.lower(): a for a in contested(first.sync_rule, second.sync_rule)}


# ---- Why: the fewest causes ----------------------------------------------------------------------


class ConnectorOrder(NamedTuple):
    """The same rules of two connectors, those of `first` before those of `second` on server one.

    On the other server it is the reverse. Both are connectors of server one.
    """

    first: str
    second: str
    rules: tuple[RuleInBoth, ...]
    attributes: tuple[str, ...]


class MovedRule(NamedTuple):
    """A rule that has left its place among those with which it contests an attribute.

    It comes before `was_before` on server one and after them on the other; `was_after` is the
    reverse.
    """

    rule: RuleInBoth
    was_before: tuple[RuleInBoth, ...]
    was_after: tuple[RuleInBoth, ...]
    attributes: tuple[str, ...]


def reordered(
    rules: Iterable[RuleInBoth], on: _AllOrAny = all
) -> tuple[ConnectorOrder | MovedRule, ...]:
    """Return why rules contest attributes in another order on the other server.

    `on` says whether they contest them on `all` servers or on `any`.
    """
    rules = tuple(rules)
    found = tuple(contests(rules, on))
    of_connectors: list[ConnectorOrder] = []
    rest: list[Contest] = []
    for connectors, own in _by_connectors(found).items():
        if _are_of_connectors(connectors, own, rules, on):
            of_connectors.append(ConnectorOrder(*connectors, _rules_of(own), _attributes_of(own)))
        else:
            rest += own
    return (*of_connectors, *_moved(rest))


def _by_connectors(found: Iterable[Contest]) -> dict[tuple[str, str], list[Contest]]:
    groups: dict[tuple[str, str], list[Contest]] = {}
    for contest in found:
        key = contest.first.one.connector, contest.second.one.connector
        groups.setdefault(key, []).append(contest)
    return groups


def _are_of_connectors(
    connectors: tuple[str, str], own: Sequence[Contest], rules: Iterable[RuleInBoth], on: _AllOrAny
) -> bool:
    """Return whether the connectors' order is the cause: what is the same rule, changes places."""
    first, second = connectors
    by_kind: dict[tuple[str, str | None, str], RuleInBoth] = {
        (r.one.connector, r.one.direction, r.one.stem or r.one.name): r
        for r in rules
        if _is_known(r)
    }
    alike = [
        (by_kind[key], twin)
        for key in by_kind
        if key[0] == first and (twin := by_kind.get((second, *key[1:]))) is not None
    ]
    swapped = {(contest.first, contest.second) for contest in own}
    matter = [pair for pair in alike if _contested_on(on, *pair)]
    return bool(matter) and all(pair in swapped for pair in matter)


def _moved(found: Sequence[Contest]) -> Iterator[MovedRule]:
    """Yield the fewest rules that must have moved for all contests to change."""
    concerned = sorted(_rules_of(found), key=_place_on_one)
    kept = longest_common([_place(r.other) for r in concerned])
    for index, rule in enumerate(concerned):
        if index not in kept:
            own = [c for c in found if rule in (c.first, c.second)]
            yield MovedRule(
                rule,
                tuple(c.second for c in own if c.first is rule),
                tuple(c.first for c in own if c.second is rule),
                _attributes_of(own),
            )


def _rules_of(found: Iterable[Contest]) -> tuple[RuleInBoth, ...]:
    return tuple(dict.fromkeys(rule for c in found for rule in (c.first, c.second)))


def _attributes_of(found: Iterable[Contest]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(a for c in found for a in c.attributes))
