"""Rules of the active server with Microsoft's tag: those that the staging server has not alike.

They are left out, because the staging server has its own. It has not where a custom rule kept or
was given such a tag, or where the rule came with an option or a version that staging has not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from syncrules.pairing.microsoft_rules import is_known_as_microsofts
from syncrules.pairing.out_of_box_rules import looks_custom
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Facet, ServerRule

from .context import PairedServers

__all__ = ["DoubtfulRule", "doubtful_rules", "has_own", "same_name"]


class DoubtfulRule(NamedTuple):
    """A rule with Microsoft's tag that staging has not, or whose name or tag is another there.

    `staging` is the rule of staging that has the tag or the name; `is_microsofts` says that this
    is a rule of Microsoft's, which staging lacks.
    """

    rule: ServerRule
    staging: ServerRule | None = None
    is_microsofts: bool = False


def same_name(one: str, other: str) -> bool:
    """Return whether two names are one: case, blanks and the kind of dash do not count."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return " ".join(name.replace("\N{EN DASH}", "-").casefold().split())


def doubtful_rules(servers: PairedServers) -> Iterator[DoubtfulRule]:
    """Yield the active server's rules with Microsoft's tag that may not be staging's.

    Not those whose tag another rule of the active server has: which is the clone is asked first.
    Where a connector has no pair, staging's rules of all connectors are looked at.
    """
    ours = [r for r in servers.active.rules if r.is_out_of_box]
    tags = Counter(_tag(rule) for rule in ours)
    theirs = [
        r for r in servers.staging.rules if r.is_out_of_box and not looks_custom(r.precedence)
    ]
    by_connector: dict[str, list[ServerRule]] = {}
    for rule in theirs:
        by_connector.setdefault(rule.connector, []).append(rule)
    for rule in (r for r in ours if tags[_tag(r)] == 1):
        connector = servers.connectors.get(rule.connector)
        among = theirs if connector is None else by_connector.get(connector, [])
        found = _doubt(servers, rule, among)
        if found is not None:
            yield found


def _tag(rule: ServerRule) -> tuple[str, str | None, str]:
    return rule.connector, rule.direction, rule.stem


def _doubt(
    servers: PairedServers, rule: ServerRule, theirs: Iterable[ServerRule]
) -> DoubtfulRule | None:
    alike = [
        r for r in theirs if r.direction == rule.direction or None in (r.direction, rule.direction)
    ]
    tagged = [r for r in alike if r.stem == rule.stem]
    named = [r for r in alike if same_name(r.name, rule.name)]
    is_microsofts = is_known_as_microsofts(rule.name, rule.stem)
    if tagged or named:
        is_the_same = is_microsofts or any(r in named for r in tagged)
        return None if is_the_same else DoubtfulRule(rule, (*tagged, *named)[0])
    if not servers.staging.is_complete_in(Facet.RULES) or (is_microsofts and rule.disabled):
        return None
    return DoubtfulRule(rule, None, is_microsofts)


def has_own(servers: PairedServers) -> Callable[[SyncRule], bool]:
    """Return what tells whether staging has its own rule for one with Microsoft's tag."""
    doubtful = {d.rule.identifier for d in doubtful_rules(servers)}
    certain = servers.rule_pairing.pairs.keys() - doubtful
    return lambda rule: rule.identifier in certain
