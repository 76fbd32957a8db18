"""What several files say of one server, and where they contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from .model import AD, ENTRA, Connector, EvidenceKind, Facet, Server, ServerRule

__all__ = ["merge"]

T = TypeVar("T")


def merge(servers: Iterable[Server]) -> Server:
    """Return what several files say of one server, in their order.

    Which of them is taken at its word about a rule does not depend on the order.
    """
    servers = tuple(servers)
    connectors: dict[str, list[Connector]] = {}
    for server in servers:
        for connector in server.connectors:
            connectors.setdefault(connector.identifier, []).append(connector)
    merged = [_merged(found) for found in connectors.values()]
    ranked = (r for s in sorted(servers, key=_rank) for r in s.rules)
    known, rule_disputes, unlike = _merged_rules(ranked)
    rules = (
        *(known[i] for i in dict.fromkeys(r.identifier for s in servers for r in s.rules) if i),
        *(r for s in servers for r in s.rules if r.identifier is None),
    )
    return Server(
        tuple(e for s in servers for e in s.evidence),
        tuple(connector for connector, _ in merged),
        rules,
        _united(s.metaverse for s in servers),
        tuple(mode for s in servers for mode in s.staging_modes),
        {name: value for s in servers for name, value in s.settings.items()},
        (
            *(d for s in servers for d in s.disputes),
            *(d for _, disputes in merged for d in disputes),
            *rule_disputes,
            *_beyond_all_connectors(servers),
            *_beyond_all_rules(servers),
        ),
        _unlisted(servers, rules),
        (*(pair for s in servers for pair in s.shown_otherwise), *unlike),
        tuple(fact for s in servers for fact in s.facts),
        _united(s.metaverse_names for s in servers),
        {name: value for s in servers for name, value in s.parameters.items()},
        _united(s.metaverse_types for s in servers),
        tuple(dict.fromkeys(name for s in servers for name in s.unread)),
    )


def _rank(server: Server) -> tuple[bool, list[str]]:
    """Return where a file stands when several show one thing: one that shows all rules first."""
    return not server.is_complete_in(Facet.RULES), [e.path for e in server.evidence]


def _unlisted(servers: Iterable[Server], rules: Iterable[ServerRule]) -> frozenset[str]:
    """Return the custom rules that a file lacks which shows all rules there are."""
    custom = {r.identifier for r in rules if r.identifier and not r.is_out_of_box}
    lists = (
        {r.identifier for r in server.rules} - server.unlisted
        for server in servers
        if server.is_complete_in(Facet.RULES)
    )
    return frozenset().union(*(custom - listed for listed in lists))


def _beyond_all_connectors(servers: tuple[Server, ...]) -> Iterator[str]:
    """Yield the connectors that a file lacks which shows all there are."""
    known = {c.identifier for s in servers for c in s.connectors}
    for complete in servers:
        own = {c.identifier for c in complete.connectors}
        if complete.is_complete_in(Facet.CONNECTORS) and own != known:
            yield from (
                f"{', '.join(c.files)} shows the connector {c.identifier}, and "
                f"{_names(complete, Facet.CONNECTORS)}, which shows all connectors, does not"
                for other in servers
                for c in other.connectors
                if c.identifier not in own
                and not (_are_settings(complete) and c.kind not in (AD, ENTRA))
            )


def _are_settings(server: Server) -> bool:
    """Return whether the wizard's settings alone show all connectors: it knows no other kinds."""
    complete = [e for e in server.evidence if Facet.CONNECTORS in e.complete_in]
    return all(e.kind is EvidenceKind.SETTINGS for e in complete)


def _beyond_all_rules(servers: tuple[Server, ...]) -> Iterator[str]:
    """Yield the out-of-box rules that a file lacks which shows all rules there are.

    A custom rule may have been added since.
    """
    known = {r.identifier for s in servers for r in s.rules}
    for complete in servers:
        own = {r.identifier for r in complete.rules}
        if complete.is_complete_in(Facet.RULES) and own != known:
            yield from (
                f"{r.file} shows the out-of-box rule '{r.name}' as {r.identifier}, and "
                f"{_names(complete, Facet.RULES)}, which shows all rules, does not"
                for other in servers
                for r in other.rules
                if r.is_out_of_box and r.identifier and r.identifier not in own
            )


def _names(server: Server, facet: Facet) -> str:
    return ", ".join(e.path for e in server.evidence if facet in e.complete_in)


def _merged(found: list[Connector]) -> tuple[Connector, tuple[str, ...]]:
    if len(found) == 1:
        return found[0], ()
    partitions = {p.casefold(): p for c in found for p in c.partitions}
    kind, kind_disputes = _agreed(found, "kind")
    name, name_disputes = _agreed(found, "name")
    forest, forest_disputes = _agreed(found, "forest")
    connector = Connector(
        found[0].identifier,
        kind,
        name,
        forest,
        tuple(partitions.values()),
        tuple(dict.fromkeys(shown for c in found for shown in c.shown_by)),
        tuple(dict.fromkeys(file for c in found for file in c.files)),
        _united(c.attributes for c in found),
        _united(c.selected_attributes for c in found),
        _united_types(found),
        _united(c.attribute_names for c in found),
        _first(c.scopes for c in found),
        _first(c.run_profiles for c in found),
        _first(c.password_hash_sync for c in found),
        _united(c.attribute_types for c in found),
    )
    return connector, (*kind_disputes, *name_disputes, *forest_disputes)


def _united(found: Iterable[frozenset[T] | None]) -> frozenset[T] | None:
    """Return what all files show together; `None` where none shows it."""
    known = [one for one in found if one is not None]
    return frozenset[T]().union(*known) if known else None


def _first(found: Iterable[T | None]) -> T | None:
    """Return what the first file shows that shows any."""
    return next((one for one in found if one is not None), None)


def _united_types(found: list[Connector]) -> tuple[tuple[str, frozenset[str]], ...] | None:
    types: dict[str, frozenset[str]] = {}
    for connector in found:
        for partition, own in connector.selected_object_types or ():
            types[partition] = types.get(partition, frozenset()) | own
    return tuple(types.items()) or None


def _agreed(found: list[Connector], field_name: str) -> tuple[str | None, tuple[str, ...]]:
    """Return what all files say, in the words of the first, and where they differ."""
    said = [(getattr(c, field_name), c) for c in found if getattr(c, field_name) is not None]
    if not said:
        return None, ()
    first, by = said[0]
    for value, other in said[1:]:
        if value.casefold() != first.casefold():
            return None, (
                f"connector {by.identifier} has the {field_name} '{first}' in "
                f"{', '.join(by.files)}, and '{value}' in {', '.join(other.files)}",
            )
    return str(first), ()


def _merged_rules(
    rules: Iterable[ServerRule],
) -> tuple[dict[str, ServerRule], list[str], list[tuple[ServerRule, ServerRule]]]:
    """Return the rules by their identifiers, and where two files do not show one alike."""
    known: dict[str, ServerRule] = {}
    disputes: list[str] = []
    unlike: list[tuple[ServerRule, ServerRule]] = []
    for rule in rules:
        if rule.identifier is None:
            continue
        other = known.setdefault(rule.identifier, rule)
        if other is rule:
            continue
        disputes += _rule_disputes(other, rule)
        is_custom = not other.is_out_of_box and not rule.is_out_of_box
        if is_custom and _are_unlike(other, rule):
            unlike.append((other, rule))
        known[rule.identifier] = _fuller(other, rule)
    return known, disputes, unlike


def _rule_disputes(one: ServerRule, other: ServerRule) -> Iterator[str]:
    """Yield in what two sources contradict each other about a rule.

    A custom rule may have been edited between two exports; an out-of-box rule is not, but for its
    state, on which much depends.
    """
    which = f"rule {one.identifier} ('{one.name}')"
    if one.connector != other.connector:
        yield (
            f"{which} belongs to connector {one.connector} in {one.file}, and to "
            f"{other.connector} in {other.file}"
        )
    if one.direction and other.direction and one.direction != other.direction:
        yield (f"{which} is {one.direction} in {one.file}, and {other.direction} in {other.file}")
    if None in (one.immutable_tag, other.immutable_tag):
        return
    if one.is_out_of_box is not other.is_out_of_box:
        kinds = ("an out-of-box rule", "a custom one")
        first, second = kinds if one.is_out_of_box else kinds[::-1]
        yield f"{which} is {first} in {one.file}, and {second} in {other.file}"
    elif one.is_out_of_box and {one.disabled, other.disabled} == {True, False}:
        states = ("disabled", "enabled")
        first, second = states if one.disabled else states[::-1]
        yield f"{which} is {first} in {one.file}, and {second} in {other.file}"


def _are_unlike(one: ServerRule, other: ServerRule) -> bool:
    """Return whether two sources tell the same thing of a rule and do not tell it alike."""
    told = ("name", "precedence", "immutable_tag", "disabled", "sync_rule")
    values = ((getattr(one, name), getattr(other, name)) for name in told)
    return any(None not in pair and pair[0] != pair[1] for pair in values)


def _fuller(one: ServerRule, other: ServerRule) -> ServerRule:
    """Return the rule as the file shows it that shows all of it, else with what both tell."""
    first, second = (
        (one, other) if one.sync_rule is not None or other.sync_rule is None else (other, one)
    )
    return replace(
        first,
        direction=first.direction or second.direction,
        precedence=_own_precedence(first, second),
        immutable_tag=second.immutable_tag if first.immutable_tag is None else first.immutable_tag,
        disabled=second.disabled if first.disabled is None else first.disabled,
    )


def _own_precedence(first: ServerRule, second: ServerRule) -> int | None:
    """Return the precedence that files show; a rule that another one places shows none of its own.

    An export has 0 for it then; a server, once it has the rule, its number.
    """
    known = [r.precedence for r in (first, second) if r.precedence is not None]
    is_placed = first.sync_rule is not None and first.sync_rule.reference is not None
    return next((p for p in known if p or not is_placed), known[0] if known else None)
