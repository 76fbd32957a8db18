"""What is known of a server, and from where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..rules import ENTRA_CONNECTOR, SyncRule

__all__ = ["AD", "ENTRA", "Connector", "Evidence", "Server", "merge", "server_of_rules"]

AD = "Active Directory"
ENTRA = "Microsoft Entra ID"

_KINDS = {"ad": AD, "aad": ENTRA}
_NAME = re.compile(r"(?:In from|Out to) (.+?) - ")
_TAG = re.compile(r"microsoft\.(?:infrom|outto)(aad|ad)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A source of facts about a server.

    `complete` says whether it shows all there is; an export shows what somebody selected, so a
    thing that is absent from it may well be there.
    """

    name: str
    what: str
    complete: bool


@dataclass(frozen=True, slots=True)
class Connector:
    """A connector: `kind` is what it connects to, where that is known.

    `shown_by` names the out-of-box rules that show it, with the source of each.
    """

    identifier: str
    kind: str | None = None
    shown_by: tuple[tuple[str, str], ...] = ()

    @property
    def is_entra(self) -> bool:
        """Whether this is the Entra connector, by its identifier."""
        return self.identifier == ENTRA_CONNECTOR


@dataclass(frozen=True, slots=True)
class Server:
    """All that is known of one server."""

    evidence: tuple[Evidence, ...] = ()
    connectors: tuple[Connector, ...] = ()
    rules: tuple[SyncRule, ...] = field(default=(), repr=False)

    def connector(self, identifier: str) -> Connector | None:
        """Return the connector of this identifier, if it is known."""
        return next((c for c in self.connectors if c.identifier == identifier), None)

    @property
    def is_complete(self) -> bool:
        """Whether any source shows all connectors there are."""
        return any(e.complete for e in self.evidence)


def server_of_rules(name: str, what: str, rules: Iterable[SyncRule]) -> Server:
    """Return the partial evidence that the rules of one export are."""
    rules = tuple(rules)
    connectors: dict[str, list[SyncRule]] = {}
    for rule in rules:
        connectors.setdefault(rule.connector, []).append(rule)
    return Server(
        (Evidence(name, what, complete=False),),
        tuple(_connector(identifier, own, name) for identifier, own in connectors.items()),
        rules,
    )


def merge(servers: Iterable[Server]) -> Server:
    """Return what several sources say of one server, in their order."""
    servers = tuple(servers)
    connectors: dict[str, list[Connector]] = {}
    for server in servers:
        for connector in server.connectors:
            connectors.setdefault(connector.identifier, []).append(connector)
    return Server(
        tuple(e for s in servers for e in s.evidence),
        tuple(_merged(found) for found in connectors.values()),
        tuple(r for s in servers for r in s.rules),
    )


def _connector(identifier: str, rules: list[SyncRule], source: str) -> Connector:
    out_of_box = [r for r in rules if r.is_out_of_box]
    kinds = {kind for r in out_of_box if (kind := _kind(r)) is not None}
    if identifier == ENTRA_CONNECTOR:
        kinds = {ENTRA}
    return Connector(
        identifier,
        kinds.pop() if len(kinds) == 1 else None,
        tuple((r.name, source) for r in out_of_box),
    )


def _kind(rule: SyncRule) -> str | None:
    """Return what an out-of-box rule's name, else its tag, says of its connector."""
    named = _NAME.match(rule.name)
    if named:
        return _KINDS.get(named[1].lower(), named[1])
    tagged = _TAG.match((rule.immutable_tag or "").lower())
    return _KINDS[tagged[1]] if tagged else None


def _merged(found: list[Connector]) -> Connector:
    kinds = {c.kind for c in found if c.kind is not None}
    return Connector(
        found[0].identifier,
        kinds.pop() if len(kinds) == 1 else None,
        tuple(shown for c in found for shown in c.shown_by),
    )
