"""What is known of a server, and from where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from syncrules.rules.model import ENTRA_CONNECTOR, SyncRule, is_out_of_box, tag_stem

__all__ = [
    "AD",
    "ENTRA",
    "Connector",
    "Evidence",
    "Facet",
    "Server",
    "ServerRule",
    "direction_shown",
    "kind_of",
    "merge",
    "server_of_rules",
]

AD = "Active Directory"
ENTRA = "Microsoft Entra ID"

SETTINGS = "wizard's settings"
"""What evidence of the wizard's settings files is called."""

_KINDS = {"ad": AD, "aad": ENTRA}
_NAME = re.compile(r"(?:In from|Out to) (.+?) - ")
_TAG = re.compile(r"microsoft\.(?:infrom|outto)(aad|ad)")
_INWARD = re.compile(r"in from |microsoft\.infrom")
_OUTWARD = re.compile(r"out to |microsoft\.outto")
_MAKER = " (Microsoft)"
_ENTRA_SUBTYPES = ("windows azure active directory", "microsoft entra id")


class Facet(StrEnum):
    """What a source can show all of."""

    CONNECTORS = "connectors"
    RULES = "rules"
    SCHEMA = "schema"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A source of facts about a server.

    `complete_in` says of what it shows all there is; an export shows what somebody selected, so a
    thing that is absent from it may well be there.
    """

    name: str
    what: str
    complete_in: tuple[Facet, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether it shows all there is of anything."""
        return bool(self.complete_in)


@dataclass(frozen=True, slots=True)
class Connector:
    """A connector: `kind` is what it connects to, where that is known.

    `forest` is the DNS name of its Active Directory forest, `partitions` are distinguished names,
    `attributes` the names that its schema defines, in lower case, where a source shows it.
    `shown_by` names the out-of-box rules that show it, with the source of each; `sources` all
    sources that tell of it.
    """

    identifier: str
    kind: str | None = None
    name: str | None = None
    forest: str | None = None
    partitions: tuple[str, ...] = ()
    shown_by: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    attributes: frozenset[str] | None = field(default=None, repr=False)

    @property
    def is_entra(self) -> bool:
        """Whether this is the Entra connector, by its identifier."""
        return self.identifier == ENTRA_CONNECTOR


@dataclass(frozen=True, slots=True)
class ServerRule:
    """What a source tells of a rule on a server. What it does not tell is `None`.

    `whole` is the rule itself, where the source shows all of it.
    """

    name: str
    identifier: str | None
    connector: str
    source: str
    direction: str | None = None
    precedence: int | None = None
    immutable_tag: str | None = None
    disabled: bool | None = None
    whole: SyncRule | None = field(default=None, repr=False)

    @property
    def is_out_of_box(self) -> bool:
        """Whether Microsoft installed this rule, by its tag."""
        return is_out_of_box(self.immutable_tag)

    @property
    def stem(self) -> str:
        """The tag without its version, in lower case; empty for a custom rule."""
        return tag_stem(self.immutable_tag or "")


@dataclass(frozen=True, slots=True)
class Server:
    """All that is known of one server.

    `metaverse` holds the names of the metaverse's attributes in lower case, where a source shows
    them; `staging_modes` what each source that knows says of staging mode; `settings` the options
    of the wizard by the names of the server's parameters; `disputes` where two sources say
    different things of one connector or rule, in words.
    """

    evidence: tuple[Evidence, ...] = ()
    connectors: tuple[Connector, ...] = ()
    rules: tuple[ServerRule, ...] = field(default=(), repr=False)
    metaverse: frozenset[str] | None = field(default=None, repr=False)
    staging_modes: tuple[tuple[str, bool], ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)
    disputes: tuple[str, ...] = ()

    def connector(self, identifier: str) -> Connector | None:
        """Return the connector of this identifier, if it is known."""
        return next((c for c in self.connectors if c.identifier == identifier), None)

    def is_complete_in(self, facet: Facet) -> bool:
        """Whether any source shows all that there is of this."""
        return any(facet in e.complete_in for e in self.evidence)


def kind_of(category: str | None, subtype: str | None) -> str | None:
    """Return what a connector connects to, by its type and subtype.

    Source: microsoft/AADConnectConfigDocumenter; type AD has no subtype, all others are of type
    Extensible2 and their subtype tells.
    """
    plain = (subtype or "").strip().removesuffix(_MAKER).strip()
    if (category or "").strip().lower() == "ad":
        return AD
    if plain.lower() in _ENTRA_SUBTYPES:
        return ENTRA
    return plain or None


def direction_shown(name: str, tag: str) -> str | None:
    """Return the direction that an out-of-box rule's name, else its tag, tells.

    Source: all 62 names in microsoft/AADConnectConfigDocumenter's sample begin in one of four ways.
    """
    for text in (name.lower(), tag.lower()):
        for pattern, direction in ((_INWARD, "Inbound"), (_OUTWARD, "Outbound")):
            if pattern.match(text):
                return direction
    return None


def server_of_rules(evidence: Evidence, rules: Iterable[SyncRule]) -> Server:
    """Return what whole rules show of their server."""
    rules = tuple(rules)
    connectors: dict[str, list[SyncRule]] = {}
    for rule in rules:
        connectors.setdefault(rule.connector, []).append(rule)
    return Server(
        (evidence,),
        tuple(_connector(identifier, own, evidence.name) for identifier, own in connectors.items()),
        tuple(_server_rule(rule, evidence.name) for rule in rules),
    )


def _server_rule(rule: SyncRule, source: str) -> ServerRule:
    return ServerRule(
        rule.name,
        rule.identifier,
        rule.connector,
        source,
        rule.direction,
        rule.precedence,
        rule.immutable_tag or "",
        rule.disabled,
        rule,
    )


def _connector(identifier: str, rules: list[SyncRule], source: str) -> Connector:
    out_of_box = [r for r in rules if r.is_out_of_box]
    kinds = {kind for r in out_of_box if (kind := _kind_shown(r)) is not None}
    if identifier == ENTRA_CONNECTOR:
        kinds = {ENTRA}
    return Connector(
        identifier,
        kinds.pop() if len(kinds) == 1 else None,
        shown_by=tuple((r.name, source) for r in out_of_box),
        sources=(source,),
    )


def _kind_shown(rule: SyncRule) -> str | None:
    """Return what an out-of-box rule's name, else its tag, says of its connector."""
    named = _NAME.match(rule.name)
    if named:
        return _KINDS.get(named[1].lower(), named[1])
    tagged = _TAG.match((rule.immutable_tag or "").lower())
    return _KINDS[tagged[1]] if tagged else None


# ---- Several sources of one server ---------------------------------------------------------------


def merge(servers: Iterable[Server]) -> Server:
    """Return what several sources say of one server, in their order."""
    servers = tuple(servers)
    connectors: dict[str, list[Connector]] = {}
    for server in servers:
        for connector in server.connectors:
            connectors.setdefault(connector.identifier, []).append(connector)
    merged = [_merged(found) for found in connectors.values()]
    rules, rule_disputes = _merged_rules(r for s in servers for r in s.rules)
    schemas = [s.metaverse for s in servers if s.metaverse is not None]
    return Server(
        tuple(e for s in servers for e in s.evidence),
        tuple(connector for connector, _ in merged),
        rules,
        frozenset().union(*schemas) if schemas else None,
        tuple(mode for s in servers for mode in s.staging_modes),
        {name: value for s in servers for name, value in s.settings.items()},
        (
            *(d for s in servers for d in s.disputes),
            *(d for _, disputes in merged for d in disputes),
            *rule_disputes,
            *_beyond_all_connectors(servers),
            *_beyond_all_rules(servers),
        ),
    )


def _beyond_all_connectors(servers: tuple[Server, ...]) -> Iterator[str]:
    """Yield the connectors that a source lacks which shows all there are."""
    for whole in servers:
        if whole.is_complete_in(Facet.CONNECTORS):
            own = {c.identifier for c in whole.connectors}
            yield from (
                f"{', '.join(c.sources)} shows the connector {c.identifier}, and "
                f"{_names(whole, Facet.CONNECTORS)}, which shows all connectors, does not"
                for other in servers
                for c in other.connectors
                if c.identifier not in own
                and not (_are_settings(whole) and c.kind not in (AD, ENTRA))
            )


def _are_settings(server: Server) -> bool:
    """Return whether the wizard's settings alone show all connectors: it knows no other kinds."""
    whole = [e for e in server.evidence if Facet.CONNECTORS in e.complete_in]
    return all(e.what == SETTINGS for e in whole)


def _beyond_all_rules(servers: tuple[Server, ...]) -> Iterator[str]:
    """Yield the out-of-box rules that a source lacks which shows all rules there are.

    A custom rule may have been added since.
    """
    for whole in servers:
        if whole.is_complete_in(Facet.RULES):
            own = {r.identifier for r in whole.rules}
            yield from (
                f"{r.source} shows the out-of-box rule '{r.name}' as {r.identifier}, and "
                f"{_names(whole, Facet.RULES)}, which shows all rules, does not"
                for other in servers
                for r in other.rules
                if r.is_out_of_box and r.identifier and r.identifier not in own
            )


def _names(server: Server, facet: Facet) -> str:
    return ", ".join(e.name for e in server.evidence if facet in e.complete_in)


def _merged(found: list[Connector]) -> tuple[Connector, list[str]]:
    if len(found) == 1:
        return found[0], []
    disputes: list[str] = []
    schemas = [c.attributes for c in found if c.attributes is not None]
    partitions = {p.casefold(): p for c in found for p in c.partitions}
    connector = Connector(
        found[0].identifier,
        _agreed(found, "kind", disputes),
        _agreed(found, "name", disputes),
        _agreed(found, "forest", disputes),
        tuple(partitions.values()),
        tuple(dict.fromkeys(shown for c in found for shown in c.shown_by)),
        tuple(dict.fromkeys(source for c in found for source in c.sources)),
        frozenset().union(*schemas) if schemas else None,
    )
    return connector, disputes


def _agreed(found: list[Connector], field_name: str, disputes: list[str]) -> str | None:
    """Return what all sources say, in the words of the first; where they differ, note it."""
    said = [(getattr(c, field_name), c) for c in found if getattr(c, field_name) is not None]
    if not said:
        return None
    first, by = said[0]
    for value, other in said[1:]:
        if value.casefold() != first.casefold():
            disputes.append(
                f"connector {by.identifier} has the {field_name} '{first}' in "
                f"{', '.join(by.sources)}, and '{value}' in {', '.join(other.sources)}"
            )
            return None
    return str(first)


def _merged_rules(rules: Iterable[ServerRule]) -> tuple[tuple[ServerRule, ...], list[str]]:
    known: dict[str, ServerRule] = {}
    nameless: list[ServerRule] = []
    disputes: list[str] = []
    for rule in rules:
        if rule.identifier is None:
            nameless.append(rule)
            continue
        other = known.setdefault(rule.identifier, rule)
        if other is rule:
            continue
        disputes += _rule_disputes(other, rule)
        known[rule.identifier] = _fuller(other, rule)
    return (*known.values(), *nameless), disputes


def _rule_disputes(one: ServerRule, other: ServerRule) -> Iterator[str]:
    """Yield in what two sources contradict each other about a rule.

    A custom rule may have been edited between two exports; an out-of-box rule is not, but for its
    state, on which much depends.
    """
    which = f"rule {one.identifier} ('{one.name}')"
    if one.connector != other.connector:
        yield (
            f"{which} belongs to connector {one.connector} in {one.source}, and to "
            f"{other.connector} in {other.source}"
        )
    if one.direction and other.direction and one.direction.lower() != other.direction.lower():
        yield (
            f"{which} is {one.direction} in {one.source}, and {other.direction} in {other.source}"
        )
    if None in (one.immutable_tag, other.immutable_tag):
        return
    if one.is_out_of_box is not other.is_out_of_box:
        kinds = ("an out-of-box rule", "a custom one")
        first, second = kinds if one.is_out_of_box else kinds[::-1]
        yield f"{which} is {first} in {one.source}, and {second} in {other.source}"
    elif one.is_out_of_box and {one.disabled, other.disabled} == {True, False}:
        states = ("disabled", "enabled")
        first, second = states if one.disabled else states[::-1]
        yield f"{which} is {first} in {one.source}, and {second} in {other.source}"


def _fuller(one: ServerRule, other: ServerRule) -> ServerRule:
    """Return the rule as the source shows it that shows all of it, else with what both tell."""
    first, second = (one, other) if one.whole is not None or other.whole is None else (other, one)
    return replace(
        first,
        direction=first.direction or second.direction,
        precedence=second.precedence if first.precedence is None else first.precedence,
        immutable_tag=second.immutable_tag if first.immutable_tag is None else first.immutable_tag,
        disabled=second.disabled if first.disabled is None else first.disabled,
    )
