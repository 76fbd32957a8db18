"""What rules tell of their server: their connectors, and by their names what these connect to."""

from __future__ import annotations

import re
from collections.abc import Iterable

from syncrules.rules.enumerations import INBOUND, OUTBOUND
from syncrules.rules.model import ENTRA_CONNECTOR, SyncRule

from .model import AD, ENTRA, Connector, Evidence, Server, ServerRule

__all__ = ["direction_shown", "kind_of", "server_of_rules"]

_KINDS = {"ad": AD, "aad": ENTRA}
_NAME = re.compile(r"(?:In from|Out to) (.+?) - ")
_TAG = re.compile(r"microsoft\.(?:infrom|outto)(aad|ad)")
_INWARD = re.compile(r"in from |microsoft\.infrom")
_OUTWARD = re.compile(r"out to |microsoft\.outto")
_MAKER = " (Microsoft)"
_ENTRA_SUBTYPES = ("windows azure active directory", "microsoft entra id")


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
        for pattern, direction in ((_INWARD, INBOUND), (_OUTWARD, OUTBOUND)):
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
        tuple(_connector(identifier, own, evidence.path) for identifier, own in connectors.items()),
        tuple(_server_rule(rule, evidence.path) for rule in rules),
    )


def _server_rule(rule: SyncRule, file: str) -> ServerRule:
    return ServerRule(
        rule.name,
        rule.identifier,
        rule.connector,
        file,
        rule.direction,
        rule.precedence,
        rule.immutable_tag or "",
        rule.disabled,
        rule,
    )


def _connector(identifier: str, rules: list[SyncRule], file: str) -> Connector:
    out_of_box = [r for r in rules if r.is_out_of_box]
    kinds = {kind for r in out_of_box if (kind := _kind_shown(r)) is not None}
    if identifier == ENTRA_CONNECTOR:
        kinds = {ENTRA}
    return Connector(
        identifier,
        kinds.pop() if len(kinds) == 1 else None,
        shown_by=tuple((r.name, file) for r in out_of_box),
        files=(file,),
    )


def _kind_shown(rule: SyncRule) -> str | None:
    """Return what an out-of-box rule's name, else its tag, says of its connector."""
    named = _NAME.match(rule.name)
    if named:
        return _KINDS.get(named[1].lower(), named[1])
    tagged = _TAG.match((rule.immutable_tag or "").lower())
    return _KINDS[tagged[1]] if tagged else None
