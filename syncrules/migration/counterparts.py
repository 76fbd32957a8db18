"""Custom rules that the staging server has already, as a half-done migration leaves them.

A rule is known again by its identifier, else by connector, direction and name: it may have got
another identifier there. Whether it is the same is said only where a file shows all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from syncrules.rules.comparison import differences_as_planned
from syncrules.rules.model import BEFORE, RuleReference, SyncRule
from syncrules.servers.model import Facet, ServerRule

from .context import Custom, PairedServers

__all__ = ["PRECEDENCE", "as_planned", "counterparts", "own_rule", "unexported", "unlike"]

PRECEDENCE = "Precedence"
"""What `unlike` calls a rule's place among the others."""

_Name = tuple[str | None, str | None, str]


def unexported(servers: PairedServers) -> Iterator[ServerRule]:
    """Yield the custom rules of the active server that no EXPORT holds."""
    identifiers = {m.rule.identifier for m in servers.custom}
    # A rule that was mapped before may have got another identifier.
    names: Counter[_Name] = Counter(
        (m.rule.connector, m.rule.direction, m.rule.name)
        for m in servers.custom
        if m.is_mapped or m.rule.identifier is None
    )
    for rule in servers.active.rules:
        if rule.is_out_of_box or rule.immutable_tag is None or rule.identifier in identifiers:
            continue
        connectors = (rule.connector, servers.connectors.get(rule.connector))
        named = [(c, rule.direction, rule.name) for c in connectors]
        same = next((name for name in named if names[name]), None)
        if same is not None:
            names[same] -= 1
        else:
            yield rule


def counterparts(servers: PairedServers) -> Mapping[Custom, ServerRule]:
    """Return staging's rule for each custom rule of the exports or of the active server."""
    customs = [r for r in servers.staging.rules if not r.is_out_of_box]
    by_identifier = {r.identifier: r for r in customs if r.identifier}
    all_ours: tuple[Custom, ...] = (*servers.custom, *unexported(servers))
    ours = {own: own_rule(own) for own in all_ours}
    found: dict[Custom, ServerRule] = {
        own: by_identifier[rule.identifier]
        for own, rule in ours.items()
        if rule.identifier in by_identifier
    }
    claimed = {r.identifier for r in found.values()}
    free: dict[_Name, list[ServerRule]] = {}
    for there in customs:
        if there.immutable_tag is not None and there.identifier not in claimed:
            free.setdefault((there.connector, there.direction, there.name), []).append(there)
    open_: dict[_Name, list[Custom]] = {}
    for own, rule in ours.items():
        if own not in found:
            name = (servers.connectors.get(rule.connector), rule.direction, rule.name)
            open_.setdefault(name, []).append(own)
    for name, candidates in open_.items():
        found |= _matched(servers, candidates, free.get(name, []))
    return found


def _matched(
    servers: PairedServers, ours: list[Custom], theirs: list[ServerRule]
) -> Mapping[Custom, ServerRule]:
    """Pair rules of one connector, direction and name: those that are the same, then the last."""
    found: dict[Custom, ServerRule] = {}
    rest = list(theirs)
    for own in ours:
        same = next((r for r in rest if unlike(servers, own_rule(own), r) == ()), None)
        if same is not None:
            rest.remove(same)
            found[own] = same
    left = [own for own in ours if own not in found]
    return found | {left[0]: rest[0]} if len(left) == len(rest) == 1 else found


def own_rule(custom: Custom) -> SyncRule | ServerRule:
    """Return the rule itself."""
    return custom if isinstance(custom, ServerRule) else custom.rule


# ---- Whether it is the same ----------------------------------------------------------------------


def unlike(
    servers: PairedServers, rule: SyncRule | ServerRule, found: ServerRule
) -> tuple[str, ...] | None:
    """Return the fields in which staging's rule is not as a rule would get there.

    `None` where not all of the two is known. Identifiers are not compared.
    """
    planned = as_planned(servers, rule)
    if planned is None or found.sync_rule is None:
        return None
    fields = differences_as_planned(planned, found.sync_rule)
    return fields if _stands_as_planned(servers, planned, found) else (*fields, PRECEDENCE)


def as_planned(servers: PairedServers, rule: SyncRule | ServerRule) -> SyncRule | None:
    """Return a rule with staging's connector, if it and that are known."""
    own = rule.sync_rule if isinstance(rule, ServerRule) else rule
    connector = servers.connectors.get(rule.connector)
    return replace(own, connector=connector) if own is not None and connector else None


def _stands_as_planned(servers: PairedServers, planned: SyncRule, found: ServerRule) -> bool:
    """Return whether nothing that is known says that staging's rule has another place.

    A server that saved a rule shows its number, and no longer the rule that it was placed by; and
    it moved the numbers behind each rule that was placed.
    """
    reference = planned.reference
    theirs = found.sync_rule.reference if found.sync_rule is not None else None
    if theirs is not None:
        return reference is not None and _is_the_same(servers, reference, theirs)
    number = found.precedence
    if reference is not None:
        anchor = _on_staging(servers, reference.identifier)
        if number is None or anchor is None or anchor.precedence is None:
            return True
        is_before = reference.parameter == BEFORE
        return number < anchor.precedence if is_before else number > anchor.precedence
    if servers.choices.first_precedence is not None:
        return True
    known = servers.on_active.get(planned.identifier)
    own = {planned.precedence, known.precedence if known else None} - {None}
    if number is None or not own or number in own:
        return True
    moved = _placed_above(servers, number)
    return any(number in range(n, n + moved + 1) for n in own if n is not None)


def _placed_above(servers: PairedServers, number: int) -> int:
    """Return how many rules may have been placed above a number, and moved what stands there.

    What files do not show of staging may be there, unless they show all of its rules.
    """
    is_complete = servers.staging.is_complete_in(Facet.RULES)
    named = (c.rule for c in servers.custom if c.rule.reference is not None)
    found = (_same_identity(servers, rule) for rule in named)
    return sum(
        not is_complete if there is None else there.precedence is None or there.precedence < number
        for there in found
    )


def _same_identity(servers: PairedServers, rule: SyncRule) -> ServerRule | None:
    connector = servers.connectors.get(rule.connector)
    return servers.on_staging.get(rule.identifier) or next(
        (
            r
            for r in servers.staging.rules
            if (r.connector, r.direction, r.name) == (connector, rule.direction, rule.name)
        ),
        None,
    )


def _on_staging(servers: PairedServers, identifier: str) -> ServerRule | None:
    """Return staging's rule for one that is named by the active server's identifier, or its own."""
    pair = servers.rule_pairing.pairs.get(identifier)
    return pair.staging if pair is not None else servers.on_staging.get(identifier)


def _is_the_same(servers: PairedServers, own: RuleReference, theirs: RuleReference) -> bool:
    anchor = _on_staging(servers, own.identifier)
    named = own.identifier if anchor is None else anchor.identifier
    return (own.parameter, named) == (theirs.parameter, theirs.identifier)
