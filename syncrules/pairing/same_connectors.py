"""Which connectors two servers both have, when neither is to become the other.

Unlike a move, a comparison may be of one server at two times: equal identifiers are one connector.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from syncrules.servers.model import Connector, Server

from .connector_pairs import Basis
from .search import Search

__all__ = ["SameConnectors", "connectors_of_both"]


@dataclass(frozen=True, slots=True)
class SameConnectors:
    """The connectors that two servers both have, and those that only one of them has.

    `pairs` are identifiers of the other server by those of one; `assumed` those of one that are
    paired because nothing else is left.
    """

    pairs: Mapping[str, str]
    assumed: frozenset[str]
    only_one: tuple[Connector, ...]
    only_other: tuple[Connector, ...]


def connectors_of_both(one: Server, other: Server, given: Mapping[str, str]) -> SameConnectors:
    """Pair the connectors of two servers: as `given`, by identifier, else by what they tell.

    What they tell is looked at from both sides, and must say the same.
    """
    taken = {*given, *given.values()}
    both = (c.identifier for c in one.connectors if other.connector(c.identifier))
    same = [identifier for identifier in both if identifier not in taken]
    here, there = (_without(server, same) for server in (one, other))
    forth = _found(here, there, given)
    back = _found(there, here, {new: old for old, new in given.items()})
    agreed = {old: new for old, (new, _) in forth.items() if back.get(new, ("",))[0] == old}
    pairs = {identifier: identifier for identifier in same} | agreed
    others = set(pairs.values())
    return SameConnectors(
        pairs,
        frozenset(old for old in agreed if forth[old][1] is Basis.ASSUMED),
        tuple(c for c in one.connectors if c.identifier not in pairs),
        tuple(c for c in other.connectors if c.identifier not in others),
    )


def _without(server: Server, same: list[str]) -> Server:
    """Return a server without connectors; Entra's shows that a list is of a whole server."""
    known = frozenset(same)
    left = (c for c in server.connectors if c.is_entra or c.identifier not in known)
    return replace(server, connectors=tuple(left))


def _found(one: Server, other: Server, given: Mapping[str, str]) -> dict[str, tuple[str, Basis]]:
    search = Search((), one, other, given)
    results = (search.result(c.identifier)[0] for c in one.connectors)
    return {
        pair.active: (pair.staging, pair.basis)
        for pair in results
        if pair is not None and other.connector(pair.staging) is not None
    }
