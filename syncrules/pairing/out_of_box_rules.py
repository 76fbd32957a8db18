"""Which out-of-box rule of the active server is which of the staging server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from syncrules.rules.model import MAX_CUSTOM_PRECEDENCE
from syncrules.servers.model import Server, ServerRule

__all__ = [
    "AlikeRules",
    "RuleBasis",
    "RulePair",
    "RulePairing",
    "are_alike",
    "looks_custom",
    "pair_rules",
    "plain_name",
    "same_name",
]


class RuleBasis(StrEnum):
    """What a pair of out-of-box rules rests on."""

    TAG = "tag"
    NAME = "name"


class RulePair(NamedTuple):
    """An out-of-box rule of the active server and the staging server's that corresponds to it."""

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
    candidates: Mapping[str | None, Sequence[ServerRule]]
    """Rules of the active server that several of staging's could correspond to."""


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
    return plain_name(one) == plain_name(other)


@lru_cache(maxsize=1 << 15)  # each rule is compared with many
def plain_name(name: str) -> str:
    """Return what counts of a name."""
    return " ".join(name.replace("\u2013", "-").casefold().split())


class AlikeRules:
    """Rules by their tags and names, so that each is compared with those only that are like it."""

    def __init__(self, rules: Iterable[tuple[str | None, ServerRule]]) -> None:
        """Take rules, each with the connector that it is asked for by."""
        self._found: dict[tuple[str | None, str], list[ServerRule]] = {}
        for connector, rule in rules:
            for mark in {rule.stem, plain_name(rule.name)}:
                self._found.setdefault((connector, mark), []).append(rule)

    def of(self, rule: ServerRule, connector: str | None) -> Iterator[ServerRule]:
        """Yield the rules of a connector that could be `rule`; those with its tag first."""
        for mark in dict.fromkeys((rule.stem, plain_name(rule.name))):
            yield from (r for r in self._found.get((connector, mark), ()) if are_alike(r, rule))


def pair_rules(active: Server, staging: Server, connectors: Mapping[str, str]) -> RulePairing:
    """Pair the out-of-box rules of two servers whose `connectors` are paired.

    By connector pair, direction and tag without its version; else by connector pair, direction
    and name. Identifiers and precedences of out-of-box rules differ from server to server. A rule
    that looks custom is none, on either side: it may be a clone that kept its tag.
    """
    ours = [r for r in active.rules if _is_sure(r) and r.connector in connectors]
    theirs = [r for r in staging.rules if _is_sure(r)]
    tagged = _matches(ours, theirs, connectors, lambda r: r.stem)
    taken = {t.identifier for match in tagged.values() for t in match.staging}
    rest = [r for r in ours if r.identifier not in tagged]
    free = [r for r in theirs if r.identifier not in taken]
    named = _matches(rest, free, connectors, lambda r: r.name)
    pairs: dict[str, RulePair] = {}
    candidates: dict[str | None, Sequence[ServerRule]] = {}
    for basis, matches in ((RuleBasis.TAG, tagged), (RuleBasis.NAME, named)):
        shared = Counter(match.mark for match in matches.values())
        for identifier, (mark, rule, found) in matches.items():
            if len(found) == 1 and shared[mark] == 1:
                pairs[identifier] = RulePair(rule, found[0], basis)
            else:
                candidates[identifier] = found
    return RulePairing(pairs, candidates)


def _is_sure(rule: ServerRule) -> bool:
    return rule.is_out_of_box and bool(rule.identifier) and not looks_custom(rule.precedence)


_Mark = tuple[str, str | None, str]
"""A connector of staging, a direction, and a tag or a name."""


class _Match(NamedTuple):
    """A rule of the active server, and those of staging with its mark: one at least."""

    mark: _Mark
    active: ServerRule
    staging: Sequence[ServerRule]


def _matches(
    ours: Iterable[ServerRule],
    theirs: Iterable[ServerRule],
    connectors: Mapping[str, str],
    mark: Callable[[ServerRule], str],
) -> dict[str, _Match]:
    """Return staging's rules of the same connector, direction and mark, by active's identifier."""
    index: dict[_Mark, list[ServerRule]] = {}
    for rule in theirs:
        index.setdefault((rule.connector, rule.direction, mark(rule)), []).append(rule)
    found: dict[str, _Match] = {}
    for rule in ours:
        key = (connectors[rule.connector], rule.direction, mark(rule))
        if key in index:
            assert rule.identifier is not None  # or it would not be sure
            found[rule.identifier] = _Match(key, rule, index[key])
    return found
