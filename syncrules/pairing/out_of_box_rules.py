"""Which out-of-box rule of the active server is which of the staging server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from syncrules.rules.model import MAX_CUSTOM_PRECEDENCE
from syncrules.servers.model import Server, ServerRule

__all__ = [
    "RuleBasis",
    "RulePair",
    "RulePairing",
    "are_alike",
    "looks_custom",
    "pair_rules",
    "same_name",
]


class RuleBasis(StrEnum):
    """What a pair of out-of-box rules rests on."""

    TAG = "tag"
    NAME = "name"


class RulePair(NamedTuple):
    """An out-of-box rule of the active server and the staging server's that stands for it."""

    active: ServerRule
    staging: ServerRule
    basis: RuleBasis

    @property
    def evidence(self) -> str:
        """Why, in words."""
        if self.basis is RuleBasis.TAG:
            return f"same connector, direction and tag: {self.active.stem}"
        return "same connector, direction and name; no file of staging shows a rule of that tag"


class RulePairing(NamedTuple):
    """The pairs by the active server's identifier, and what stands in the way of others."""

    pairs: Mapping[str, RulePair]
    candidates: Mapping[str, tuple[ServerRule, ...]]
    """Rules of the active server that several of staging's could stand for."""


def looks_custom(precedence: int | None) -> bool:
    """Return whether a rule of this number was put there by a person, whatever its tag says.

    Source: Microsoft's version history; the first out-of-box rule may show 99 instead of 100.
    """
    return precedence is not None and precedence < MAX_CUSTOM_PRECEDENCE


def are_alike(one: ServerRule, other: ServerRule) -> bool:
    """Return whether two rules of paired connectors could be one, by direction, and tag or name."""
    directions = (one.direction, other.direction)
    if directions[0] != directions[1] and None not in directions:
        return False
    return one.stem == other.stem or same_name(one.name, other.name)


def same_name(one: str, other: str) -> bool:
    """Return whether two names are one: case, blanks and the kind of dash do not count."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return " ".join(name.replace("\N{EN DASH}", "-").casefold().split())


def pair_rules(active: Server, staging: Server, connectors: Mapping[str, str]) -> RulePairing:
    """Pair the out-of-box rules of two servers whose `connectors` are paired.

    By connector pair, direction and tag without its version; else by connector pair, direction
    and name. Identifiers and precedences of out-of-box rules differ from server to server.
    """
    ours = [
        r for r in active.rules if r.is_out_of_box and r.identifier and r.connector in connectors
    ]
    theirs = [
        r
        for r in staging.rules
        if r.is_out_of_box and r.identifier and not looks_custom(r.precedence)
    ]
    tagged = _matches(ours, theirs, connectors, lambda r: r.stem)
    taken = {t.identifier for found in tagged.values() for t in found}
    rest = [r for r in ours if r.identifier not in tagged]
    free = [r for r in theirs if r.identifier not in taken]
    named = _matches(rest, free, connectors, lambda r: r.name)
    pairs, candidates = {}, {}
    for basis, matches in ((RuleBasis.TAG, tagged), (RuleBasis.NAME, named)):
        shared = Counter(t.identifier for found in matches.values() for t in found)
        for rule in ours:
            found = matches.get(rule.identifier or "", ())
            if len(found) == 1 and shared[found[0].identifier] == 1:
                pairs[rule.identifier or ""] = RulePair(rule, found[0], basis)
            elif found:
                candidates[rule.identifier or ""] = found
    return RulePairing(pairs, candidates)


def _matches(
    ours: Iterable[ServerRule],
    theirs: Iterable[ServerRule],
    connectors: Mapping[str, str],
    mark: Callable[[ServerRule], str],
) -> dict[str, tuple[ServerRule, ...]]:
    """Return staging's rules of the same connector, direction and mark, by active's identifier."""
    index: dict[tuple[str, str | None, str], list[ServerRule]] = {}
    for rule in theirs:
        index.setdefault((rule.connector, rule.direction, mark(rule)), []).append(rule)
    found: dict[str, tuple[ServerRule, ...]] = {}
    for rule in ours:
        matches = index.get((connectors[rule.connector], rule.direction, mark(rule)))
        if matches and rule.identifier:
            found[rule.identifier] = tuple(matches)
    return found
