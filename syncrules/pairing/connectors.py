"""Which connector of the active server is which of the staging server, and on what evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Problem, Severity
from syncrules.servers.model import Connector, Server

from .connector_pairs import Basis, Pair
from .connector_text import LIST_CONNECTORS
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
        p
        for identifier, (p, _) in found.items()
        if p is not None and (identifier in wanted or p.basis is not Basis.ASSUMED)
    )
    diagnostics = (
        *(p.at(n.place) for n in needed for p in _problems(found[n.identifier], search)),
        *search.on_both_sides(wanted),
        *_given_in_vain(needed, active, given),
        *_shared_targets(needed, pairs),
    )
    return Pairing(pairs, diagnostics)


def _problems(found: Match, search: Search) -> Iterator[Problem]:
    """Yield what is to be said of a connector that rules to be moved name."""
    pair, problems = found
    yield from problems
    if pair is None:
        return
    if pair.basis is Basis.ASSUMED:
        yield _assumed(pair)
    elif pair.basis is Basis.GIVEN:
        yield from _doubts(pair, search)


def _assumed(pair: Pair) -> Problem:
    return Problem(
        Code.SR410,
        f"That {pair.active} is the staging server's {pair.staging} is assumed: it is "
        f"{pair.evidence}, but exports show only what was selected.",
        f"Compare the two connectors' names (on each server: {LIST_CONNECTORS}); to confirm: "
        f"--map {pair.active}={pair.staging}",
    )


def _doubts(pair: Pair, search: Search) -> Iterator[Problem]:
    """Yield what speaks against a pair that was given with --map."""
    apart = search.contradicts(pair)
    if search.is_unseen(Connector(pair.staging)):
        yield Problem(
            Code.SR403,
            f"--map names {pair.staging} as a connector of the staging server; nothing given "
            "with --staging shows it, and exports show only what was selected.",
            f"Compare it letter by letter with what the staging server says: {LIST_CONNECTORS}",
            Severity.WARNING,
        )
    elif apart:
        yield Problem(
            Code.SR418,
            f"--map pairs {pair.active} with {pair.staging}, which differ: {apart}.",
            "Make sure that the rules should run on this other system.",
        )


def _given_in_vain(
    needed: tuple[Needed, ...], active: Server, given: Mapping[str, str]
) -> Iterator[Diagnostic]:
    known = {n.identifier for n in needed} | {c.identifier for c in active.connectors}
    # The command that made an output may be given again with that output.
    done = {n.identifier for n in needed if n.mapped_before}
    for old, new in given.items():
        if old not in known and new not in done:
            yield Problem(
                Code.SR401,
                f"--map names {old} as a connector of the active server, but no rule has it.",
                "Correct it; the rules to be moved name "
                f"{', '.join(n.identifier for n in needed)}.",
            ).at()


def _shared_targets(needed: tuple[Needed, ...], pairs: tuple[Pair, ...]) -> Iterator[Diagnostic]:
    places = {n.identifier: n.place for n in needed}
    first: dict[str, Pair] = {}
    for pair in pairs:
        other = first.setdefault(pair.staging, pair)
        # A file that was mapped before may be given beside a new one of the same connector.
        if other is not pair and Basis.MAPPED_BEFORE not in (pair.basis, other.basis):
            yield Problem(
                Code.SR407,
                f"Both {other.active} and {pair.active} would become {pair.staging}: rules of two "
                "connected systems would run on one.",
                "Correct --map: each connector of the active server has one of its own.",
            ).at(places.get(pair.active) or places.get(other.active))
