"""Rules of the active server with Microsoft's tag: those that the staging server has not alike.

They are left out, because the staging server has its own. It has not where a custom rule kept or
was given such a tag, or where the rule came with an option or a version that staging has not.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator

from syncrules.pairing.microsoft_rules import is_known_as_microsofts
from syncrules.pairing.out_of_box_rules import AlikeRules, looks_custom, same_name
from syncrules.servers.model import Facet, ServerRule

from ..context import DoubtfulRule, PairedServers

__all__ = ["doubtful_rules"]


def doubtful_rules(servers: PairedServers) -> Iterator[DoubtfulRule]:
    """Yield the active server's rules with Microsoft's tag that may not be staging's.

    Not those that are left behind on purpose. Nor those that share a tag, or a rule of staging that
    they could be: those are asked about. Nor those that only an export beside EXPORT shows: it was
    given as evidence. Where a connector has no pair, staging's rules of all connectors are looked
    at.
    """
    ours = [r for r in servers.active.rules if r.is_out_of_box]
    tags = Counter(_tag(rule) for rule in ours)
    theirs = [
        r for r in servers.staging.rules if r.is_out_of_box and not looks_custom(r.precedence)
    ]
    known = AlikeRules((c, r) for r in theirs for c in (r.connector, None))
    asked = servers.rule_pairing.candidates
    left_out = {(r.connector, r.name) for e in servers.given for r in e.rules if r.is_out_of_box}
    is_complete = servers.active.is_complete_in(Facet.RULES)
    for rule in ours:
        if servers.leaving.leaves(rule):
            continue
        if tags[_tag(rule)] > 1 or rule.identifier in asked:
            continue
        if not is_complete and (rule.connector, rule.name) not in left_out:
            continue
        found = _doubt(servers, rule, known)
        if found is not None:
            yield found


def _tag(rule: ServerRule) -> tuple[str, str | None, str]:
    return rule.connector, rule.direction, rule.stem


def _doubt(servers: PairedServers, rule: ServerRule, known: AlikeRules) -> DoubtfulRule | None:
    alike = known.of(rule, servers.connectors.get(rule.connector))
    is_microsofts = is_known_as_microsofts(rule.name, rule.stem)
    first = next(alike, None)
    if first is not None:
        is_the_same = is_microsofts or any(
            _has_tag_and_name(r, rule) for r in itertools.chain((first,), alike)
        )
        return None if is_the_same else DoubtfulRule(rule, first)
    if not servers.staging.is_complete_in(Facet.RULES) or (is_microsofts and rule.disabled):
        return None
    return DoubtfulRule(rule, None, is_microsofts)


def _has_tag_and_name(one: ServerRule, other: ServerRule) -> bool:
    return one.stem == other.stem and same_name(one.name, other.name)
