"""Which rules two servers both have, custom rules among them.

Nothing is guessed: where several rules fit, they are distinguished by all that they say, and
what is left then is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from syncrules.rules import timespan
from syncrules.rules.comparison import flows_told
from syncrules.rules.folding import folded, with_connectors
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Server, ServerRule

from .order import RuleInBoth
from .out_of_box_rules import looks_custom, plain_name

__all__ = ["Candidates", "SameBasis", "SameRule", "SameRules", "is_custom", "rules_of_both"]


class SameBasis(StrEnum):
    """What shows that a rule of two servers is one, from the strongest to the weakest."""

    IDENTIFIER = "identifier"
    TAG = "tag"
    NAME = "name"
    CONTENT = "content"


class SameRule(NamedTuple):
    """A rule that both servers have."""

    rule: RuleInBoth
    basis: SameBasis


class Candidates(NamedTuple):
    """Rules of both servers that could be one another, and nothing tells which is which."""

    one: tuple[ServerRule, ...]
    other: tuple[ServerRule, ...]


class SameRules(NamedTuple):
    """The rules of two servers, each in one of these.

    `replaced` are custom on one server and out-of-box on the other, under one name.
    """

    same: tuple[SameRule, ...]
    candidates: tuple[Candidates, ...]
    replaced: tuple[RuleInBoth, ...]
    only_one: tuple[ServerRule, ...]
    only_other: tuple[ServerRule, ...]


def is_custom(rule: ServerRule) -> bool:
    """Return whether a person made a rule, whatever its tag says."""
    return not rule.is_out_of_box or looks_custom(rule.precedence)


def rules_of_both(one: Server, other: Server, connectors: Mapping[str, str]) -> SameRules:
    """Pair the rules of paired connectors, each by the first mark that two rules alone have.

    The marks are, with the connector and the direction: the identifier; the tag without its
    version; the name, then what counts of it; what the rule does.
    """
    work = _Pairing(one, other, connectors)
    for basis, mark in work.marks():
        work.pair(basis, mark)
    candidates = tuple(work.left_together())
    replaced = tuple(work.replaced())
    left = (work.left(of_other=of_other) for of_other in (False, True))
    return SameRules(tuple(work.same), candidates, replaced, *left)


@dataclass(frozen=True, eq=False, slots=True)
class _Own:
    """A rule of one of the servers; as two may say the same, it is equal to itself alone."""

    rule: ServerRule
    is_of_other: bool


_Mark = Callable[[_Own], Hashable]
"""What two rules of paired connectors share if they are one; `None` if a rule has no such mark."""
_Sides = tuple[list[_Own], list[_Own]]


class _Pairing:
    """The rules that are not paired yet, of both servers, and those that are."""

    def __init__(self, one: Server, other: Server, connectors: Mapping[str, str]) -> None:
        self.back = {new: old for old, new in connectors.items()}
        self.open: list[_Own] = [
            *(_Own(r, False) for r in one.rules if r.connector in connectors),
            *(_Own(r, True) for r in other.rules if r.connector in self.back),
        ]
        self.closed: set[_Own] = set()
        self.same: list[SameRule] = []

    def marks(self) -> tuple[tuple[SameBasis, _Mark], ...]:
        return (
            (SameBasis.IDENTIFIER, lambda own: own.rule.identifier),
            (SameBasis.TAG, lambda own: None if is_custom(own.rule) else own.rule.stem),
            (SameBasis.NAME, lambda own: (is_custom(own.rule), own.rule.name)),
            (SameBasis.NAME, lambda own: (is_custom(own.rule), plain_name(own.rule.name))),
            (SameBasis.CONTENT, self._content),
        )

    def pair(self, basis: SameBasis, mark: _Mark) -> None:
        """Pair the rules that alone have a mark, or are alike in all but identifier and number."""
        for sides in self._together(mark):
            found = [*self._alike(sides)] if sum(map(len, sides)) > 2 else []
            paired = {own for pair in found for own in pair}
            ones, others = ([own for own in side if own not in paired] for side in sides)
            if len(ones) == len(others) == 1:
                found.append((ones[0], others[0]))
            self._close(own for pair in found for own in pair)
            self.same += (SameRule(_in_both(pair), basis) for pair in found)

    def left_together(self) -> Iterator[Candidates]:
        for _, mark in self.marks():
            for sides in self._together(mark):
                self._close(own for side in sides for own in side)
                yield Candidates(*(tuple(own.rule for own in side) for side in sides))

    def replaced(self) -> Iterator[RuleInBoth]:
        """Yield the rules whose name the other server has, of the other kind and once only."""
        for sides in self._together(lambda own: plain_name(own.rule.name)):
            if len(sides[0]) == len(sides[1]) == 1:
                pair = sides[0][0], sides[1][0]
                self._close(pair)
                yield _in_both(pair)

    def left(self, *, of_other: bool) -> tuple[ServerRule, ...]:
        rest = (own for own in self.open if own not in self.closed)
        return tuple(own.rule for own in rest if own.is_of_other is of_other)

    def _close(self, done: Iterable[_Own]) -> None:
        self.closed.update(done)

    def _together(self, mark: _Mark) -> list[_Sides]:
        """Return the open rules of both servers that share a mark."""
        self.open = [own for own in self.open if own not in self.closed]
        found: dict[Hashable, _Sides] = {}
        for own in self.open:
            key = mark(own)
            if key is not None:
                place = (self._connector(own), own.rule.direction, key)
                found.setdefault(place, ([], []))[own.is_of_other].append(own)
        return [sides for sides in found.values() if all(sides)]

    def _connector(self, own: _Own) -> str:
        return self.back[own.rule.connector] if own.is_of_other else own.rule.connector

    def _alike(self, sides: _Sides) -> Iterator[tuple[_Own, _Own]]:
        """Yield rules that say the same; several that do are paired in their order."""
        groups: dict[Hashable, _Sides] = {}
        for own in sorted((own for side in sides for own in side), key=_by_precedence):
            content, rule = self._content(own), own.rule.sync_rule
            if content is not None and rule is not None:
                interval = timespan.canonical(rule.soft_delete_expiry_interval or "0")
                state = (rule.disabled, rule.enable_password_sync, interval)
                key = (rule.name, rule.immutable_tag or "", *state, content)
                groups.setdefault(key, ([], []))[own.is_of_other].append(own)
        for alike in groups.values():
            yield from zip(*alike, strict=False)

    def _content(self, own: _Own) -> Hashable:
        """Return what a rule does, in the words of the first server; `None` if it does nothing."""
        rule = own.rule.sync_rule
        if rule is None or not (rule.attribute_flow_mappings or rule.join_filter):
            return None
        return _content_of(with_connectors(rule, self.back) if own.is_of_other else rule)


def _in_both(pair: tuple[_Own, _Own]) -> RuleInBoth:
    return RuleInBoth(pair[0].rule, pair[1].rule)


def _content_of(rule: SyncRule) -> Hashable:
    plain = folded(rule)
    return (
        *(plain.source_object_type, plain.target_object_type, plain.link_type),
        frozenset(frozenset(group) for group in plain.scope_filter),
        tuple(frozenset(group) for group in plain.join_filter),
        flows_told(plain.attribute_flow_mappings),
    )


def _by_precedence(own: _Own) -> tuple[bool, int]:
    return own.rule.precedence is None, own.rule.precedence or 0
