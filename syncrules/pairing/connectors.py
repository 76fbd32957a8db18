"""Which connector of the active server is which of the staging server, and on what evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Problem, Severity
from syncrules.rules.guids import parse_guid
from syncrules.servers.model import Connector, Server

from .connector_pairs import Basis, Pair
from .connector_problems import Candidates, ambiguous, several_called
from .connector_text import LIST_CONNECTORS, described, listed
from .search import Match, Needed, Search

__all__ = ["Pairing", "pair_connectors"]


class Pairing(NamedTuple):
    """The pairs: of all needed connectors, unless there are errors, and of others that are sure."""

    pairs: tuple[Pair, ...]
    diagnostics: tuple[Diagnostic, ...]


def pair_connectors(
    needed: Iterable[Needed], active: Server, staging: Server, given: Mapping[str, str]
) -> Pairing:
    """Pair each connector of the active server with one of the staging server's.

    In this order: what is `given` (by --map); the Entra connector's identifier; what this tool
    mapped before; forest, partitions or name; and the only two left of their kind, which is
    proof where both servers are known completely, and only an assumption elsewhere.
    """
    needed = tuple(needed)
    search = Search(needed, active, staging, given)
    wanted = {n.identifier for n in needed}
    identifiers = dict.fromkeys((*(n.identifier for n in needed), *search.known))
    found = {identifier: search.result(identifier) for identifier in identifiers}
    pairs = tuple(
        match.pair
        for identifier, match in found.items()
        if match.pair is not None
        and (identifier in wanted or match.pair.basis is not Basis.ASSUMED)
    )
    diagnostics = (
        *(p.at(n.place) for n in needed for p in _problems(found[n.identifier], search)),
        *_ambiguous(needed, found, search),
        *search.on_both_sides(wanted),
        *_given_in_vain(needed, search),
        *_shared_targets(needed, pairs, search),
    )
    return Pairing(pairs, diagnostics)


def _problems(found: Match, search: Search) -> Iterator[Problem]:
    """Yield what is to be said of a connector that rules to be moved name."""
    yield from found.problems
    if found.pair is None:
        return
    if found.pair.basis is Basis.ASSUMED:
        yield _assumed(found.pair, search)
    elif found.pair.basis is Basis.GIVEN:
        yield from _doubts(found.pair, search)


def _ambiguous(
    needed: Iterable[Needed], found: Mapping[str, Match], search: Search
) -> Iterator[Diagnostic]:
    """Yield the connectors that cannot be told apart, those with the same candidates as one."""
    alike: dict[frozenset[str], list[tuple[Needed, Candidates]]] = {}
    for one in needed:
        candidates = found[one.identifier].candidates
        if candidates is not None:
            alike.setdefault(candidates.identifiers, []).append((one, candidates))
    rules: dict[str, list[str]] = {}
    for rule in search.active.rules if alike else ():
        if not rule.is_out_of_box:
            rules.setdefault(rule.connector, []).append(rule.name)
    for own in alike.values():
        active = [search.known[one.identifier] for one, _ in own]
        label = search.active.label(active[0].identifier)
        yield ambiguous(active, own[0][1], search.names, rules, label).at(
            *(one.place for one, _ in own)
        )


def _assumed(pair: Pair, search: Search) -> Problem:
    option = search.names.map(pair.active, pair.staging)
    return Problem(
        Code.SR410,
        f"{search.active.label(pair.active)} is assumed to correspond to "
        f"{search.staging.label(pair.staging)} on the staging server: {pair.evidence}, but an "
        "export need not show them all.",
        f"Compare the two connectors' names (on each server: {LIST_CONNECTORS}); to confirm: "
        f"{option}",
        options=(option,),
    )


def _doubts(pair: Pair, search: Search) -> Iterator[Problem]:
    """Yield what speaks against a pair that was given with --map."""
    apart = search.contradicts(pair)
    if search.is_unseen(Connector(pair.staging)):
        yield Problem(
            Code.SR403,
            f"--map names {pair.staging} as a connector of the staging server; nothing given "
            "with --staging shows it, and an export need not show them all.",
            f"Compare it letter by letter with what the staging server says: {LIST_CONNECTORS}",
            Severity.WARNING,
        )
    elif apart:
        yield Problem(
            Code.SR418,
            f"--map pairs {search.active.label(pair.active)} with "
            f"{search.staging.label(pair.staging)}, which differ: {apart}.",
            "Make sure that the rules should run on this other system.",
        )


def _given_in_vain(needed: tuple[Needed, ...], search: Search) -> Iterator[Diagnostic]:
    known = {n.identifier for n in needed} | {c.identifier for c in search.active.connectors}
    # The command that made an output may be given again with that output.
    done = {n.identifier for n in needed if n.mapped_before}
    for old, new in search.given.items():
        if old not in known and new not in done:
            yield _in_vain(old, needed, search).at()


def _in_vain(old: str, needed: tuple[Needed, ...], search: Search) -> Problem:
    called = search.names.active.called(old)
    if len(called) > 1:
        return several_called(old, called, "active")
    if called:
        return Problem(
            Code.SR482,
            f"--map gives {described(called[0])} two connectors of the staging server.",
            "Leave one of the two out.",
        )
    shown = old if parse_guid(old) else f"'{old}'"
    connectors = [search.active.connector(n.identifier) or Connector(n.identifier) for n in needed]
    return Problem(
        Code.SR401,
        f"--map names {shown} as a connector of the active server, but no rule has it.",
        f"Correct it; the rules to be moved name {listed(connectors)}.",
    )


def _shared_targets(
    needed: tuple[Needed, ...], pairs: tuple[Pair, ...], search: Search
) -> Iterator[Diagnostic]:
    places = {n.identifier: n.place for n in needed}
    first: dict[str, Pair] = {}
    for pair in pairs:
        other = first.setdefault(pair.staging, pair)
        # A file that was mapped before may be given beside a new one of the same connector.
        if other is not pair and Basis.MAPPED_BEFORE not in (pair.basis, other.basis):
            one, two = (search.active.label(p.active) for p in (other, pair))
            yield Problem(
                Code.SR407,
                f"Both {one} and {two} would become {search.staging.label(pair.staging)}: rules of "
                "two connected systems would run on one.",
                "Correct --map: give each active connector a different staging connector.",
            ).at(places.get(pair.active) or places.get(other.active))
