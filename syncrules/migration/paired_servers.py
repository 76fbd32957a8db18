"""The first phase of a plan: what is known of both servers, and which part of one is which."""

from __future__ import annotations

from collections.abc import Iterable

from syncrules.exports.export import Export
from syncrules.pairing.connectors import pair_connectors
from syncrules.pairing.out_of_box_rules import pair_rules
from syncrules.pairing.search import Needed
from syncrules.servers.exported_rules import server_of_export
from syncrules.servers.merging import merge
from syncrules.servers.model import Server

from .context import Choices, PairedServers
from .moving_rules import MovingRule, in_order, moving_rules
from .output_names import is_mapped

__all__ = ["paired_servers"]


def paired_servers(
    given: tuple[Export, ...], active: Server, staging: Server, choices: Choices
) -> PairedServers:
    """Pair the servers; what an earlier run mapped says nothing of the active server."""
    known = merge((active, *(server_of_export(e) for e in given if not is_mapped(e))))
    exports = in_order(given, moving_rules(given))
    moving = moving_rules(exports)
    pairing = pair_connectors(_needed(moving, known), known, staging, choices.mapping)
    connectors = {p.active: p.staging for p in pairing.pairs}
    rules = pair_rules(known, staging, connectors)
    return PairedServers(given, exports, moving, known, staging, pairing, rules, choices)


def _needed(moving: Iterable[MovingRule], known: Server) -> tuple[Needed, ...]:
    """Return the connectors of the rules to be moved, and of the rules that these refer to.

    In the order of their first mention.
    """
    named: dict[str, list[MovingRule]] = {}
    for m in moving:
        named.setdefault(m.rule.connector, []).append(m)
    needed = [
        Needed(connector, own[0].place(own[0].placed.connector), all(m.is_mapped for m in own))
        for connector, own in named.items()
    ]
    homes = {r.identifier: r.connector for r in known.rules if r.is_out_of_box and r.identifier}
    for m in (m for m in moving if not m.is_mapped):
        for reference in m.references:
            home = homes.get(reference.to)
            if home is not None and home not in named:
                named[home] = []
                needed.append(Needed(home, m.place(reference.literal)))
    return tuple(needed)
