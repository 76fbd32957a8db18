"""The first phase of a plan: what is known of both servers, and which part of one is which."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

from syncrules.exports.export import Export
from syncrules.exports.placed_rule import PlacedRule
from syncrules.pairing.connector_names import by_identifier
from syncrules.pairing.connectors import pair_connectors
from syncrules.pairing.out_of_box_rules import pair_rules
from syncrules.pairing.search import Needed
from syncrules.servers.exported_rules import server_of_export
from syncrules.servers.merging import merge
from syncrules.servers.model import Server, ServerRule

from .context import Choices, Custom, PairedServers
from .counterparts import counterparts, own_rule, unlike
from .leaving import Leaving, leaving
from .mapped_before import mapped_before
from .moving_rules import MovingRule, custom_rules, in_order
from .output_names import begins_as_mapped

__all__ = ["paired_servers"]


def paired_servers(
    given: tuple[Export, ...], active: Server, staging: Server, choices: Choices
) -> PairedServers:
    """Pair the servers; what an earlier run mapped says nothing of the active server."""
    beside = merge((active, *(server_of_export(e) for e in given if not begins_as_mapped(e))))
    mapping = by_identifier(choices.mapping, beside, staging)
    choices = choices._replace(mapping=mapping)
    mapped = mapped_before(given, beside, staging, choices.mapping)
    custom = custom_rules(given, mapped)
    shown = (active, *_exported(given, mapped))
    emptied = _emptied(custom, shown)
    known = merge(_as_moved(server, emptied) for server in shown)
    left = leaving(choices.leave, custom, known, staging)
    exports, moving = _ordered(given, (m for m in custom if not left.leaves(m.rule)))
    pairing = pair_connectors(_needed(moving, known, left), known, staging, choices.mapping)
    rules = pair_rules(known, staging, {p.active: p.staging for p in pairing.pairs})
    servers = PairedServers(
        given,
        exports,
        custom,
        moving,
        left,
        known,
        staging,
        pairing,
        rules,
        choices,
        emptied,
    )
    return _without_those_there(servers)


def _emptied(custom: Iterable[MovingRule], shown: Iterable[Server]) -> frozenset[str]:
    """Return the custom rules of exports that another file shows with Microsoft's tag.

    Nobody but the administrator empties a tag: it says that the rule is a custom one.
    """
    own = {m.rule.identifier for m in custom}
    tagged = (r.identifier for s in shown for r in s.rules if r.is_out_of_box)
    return frozenset(i for i in tagged if i and i in own)


def _as_moved(server: Server, emptied: frozenset[str]) -> Server:
    """Return what a file shows, with the tags of these rules emptied."""
    rules = (_untagged(r) if r.identifier in emptied else r for r in server.rules)
    return replace(server, rules=tuple(rules))


def _untagged(rule: ServerRule) -> ServerRule:
    own = rule.sync_rule and replace(rule.sync_rule, immutable_tag="")
    return replace(rule, immutable_tag="", sync_rule=own)


def _exported(given: Iterable[Export], mapped: Container[PlacedRule]) -> Iterable[Server]:
    """Yield what exports show of the active server."""
    for export in given:
        own = [p.rule for p in export.placed_rules if p not in mapped]
        if own or not export.placed_rules:
            yield server_of_export(export, own)


def _ordered(
    given: Iterable[Export], moving: Iterable[MovingRule]
) -> tuple[tuple[Export, ...], tuple[MovingRule, ...]]:
    """Return the exports, and the rules that move, in the order to run them."""
    moving = tuple(moving)
    exports = in_order(given, moving)
    by_export: dict[Export, list[MovingRule]] = {}
    for m in moving:
        by_export.setdefault(m.export, []).append(m)
    return exports, tuple(m for export in exports for m in by_export.get(export, ()))


def _without_those_there(servers: PairedServers) -> PairedServers:
    """Take out of the rules that move those that staging has already, the same in every field."""
    found = counterparts(servers)
    there: frozenset[Custom] = frozenset(
        custom
        for custom, rule in found.items()
        if not servers.leaving.leaves(own_rule(custom))
        and unlike(servers, own_rule(custom), rule) == ()
    )
    exports, moving = _ordered(servers.given, (m for m in servers.moving if m not in there))
    return servers._replace(exports=exports, moving=moving, counterparts=found, there=there)


def _needed(moving: Iterable[MovingRule], known: Server, left: Leaving) -> tuple[Needed, ...]:
    """Return the connectors of the rules to be moved, and of the rules that these refer to.

    In the order of their first mention.
    """
    named: dict[str, list[MovingRule]] = {}
    for m in moving:
        named.setdefault(m.rule.connector, []).append(m)
    # Of a connector all rules were mapped before, or none: Entra's alone may have both.
    needed = [
        Needed(connector, own[0].place(own[0].placed.connector), own[0].is_mapped)
        for connector, own in named.items()
    ]
    homes: dict[str | None, str] = {
        r.identifier: r.connector
        for r in known.rules
        if r.is_out_of_box and r.connector not in left.keys
    }
    for m in (m for m in moving if not m.is_mapped):
        for reference in m.references:
            home = homes.get(reference.to)
            if home is not None and home not in named:
                named[home] = []
                needed.append(Needed(home, m.place(reference.literal)))
    return tuple(needed)
