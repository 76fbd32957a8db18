"""The settings that the wizard writes: Applied-, Exported-, Migrated-SynchronizationPolicy JSON.

No full sample is public. The keys are those that public scripts read: `onpremisesDirectoryPolicy`
is a list, one policy for each directory, `azureDirectoryPolicy` one policy; either has the arrays
`customSynchronizationRules` and `standardSynchronizationRules`. `MigratedPolicy.json`, which
Microsoft's MigrateSettings.ps1 writes, has no rules, and the connectors' identifiers only.

The wizard alone keeps the file up to date, so it shows all connectors, but not all rules: what the
Editor or PowerShell did is in it only after an export on demand (Microsoft's import/export page).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from syncrules.rules.enumerations import DIRECTIONS, canonical
from syncrules.rules.guids import ZERO_GUID, parse_guid
from syncrules.rules.model import ENTRA_CONNECTOR, is_out_of_box

from .from_rules import direction_shown
from .model import (
    AD,
    ENTRA,
    Connector,
    Evidence,
    EvidenceKind,
    Facet,
    Fact,
    Server,
    ServerFact,
    ServerRule,
)

__all__ = ["is_settings", "server_of_settings"]

Json = Mapping[str, object]

_ON_PREMISES, _AZURE = "onpremisesdirectorypolicy", "azuredirectorypolicy"
_DEPLOYMENT, _POLICY = "deploymentmetadata", "policymetadata"
_FACTS = (
    (Fact.NAME, _DEPLOYMENT, "hostname"),
    (Fact.VERSION, _POLICY, "azureadconnectversion"),
    (Fact.EXPORTED, _POLICY, "timecreated"),
)


def is_settings(document: Json) -> bool:
    """Return whether a JSON document, its keys in lower case, is the wizard's settings."""
    return any(key in document for key in (_ON_PREMISES, _AZURE, _DEPLOYMENT))


def server_of_settings(path: str, document: Json) -> Server:
    """Return what settings, their keys in lower case, show of their server."""
    on_premises = _objects(document.get(_ON_PREMISES))
    connectors = [c for policy in on_premises if (c := _directory(policy, path)) is not None]
    azure = document.get(_AZURE)
    if isinstance(azure, dict):
        connectors.append(Connector(ENTRA_CONNECTOR, ENTRA, files=(path,)))
    listed = document.get(_ON_PREMISES)
    deployed = {*_deployed(document)} - {ENTRA_CONNECTOR}
    is_complete = (
        isinstance(azure, dict)
        and bool(listed)
        and len(connectors) == (len(listed) if isinstance(listed, list) else 1) + 1
        and deployed <= {c.identifier for c in connectors}
    )
    known = {c.identifier for c in connectors}
    connectors += [
        Connector(identifier, ENTRA if identifier == ENTRA_CONNECTOR else None, files=(path,))
        for identifier in dict.fromkeys(_deployed(document))
        if identifier not in known
    ]
    rules = [
        rule
        for policy, connector in zip(on_premises, map(_identifier, on_premises), strict=True)
        if connector is not None
        for rule in _rules(policy, connector, path)
    ]
    if isinstance(azure, dict):
        rules += _rules(azure, ENTRA_CONNECTOR, path)
    return Server(
        (Evidence(path, EvidenceKind.SETTINGS, (Facet.CONNECTORS,) if is_complete else ()),),
        tuple(_shown_by(connectors, rules)),
        tuple(rules),
        facts=tuple(_facts(document, path)),
    )


def _facts(document: Json, path: str) -> Iterator[ServerFact]:
    for what, part, key in _FACTS:
        metadata = document.get(part)
        value = _text(metadata, key).strip() if isinstance(metadata, dict) else ""
        if value:
            yield ServerFact(what, value, path)


def _objects(value: object) -> list[Json]:
    values = value if isinstance(value, list) else [value]
    return [v for v in values if isinstance(v, dict)]


def _identifier(policy: Json) -> str | None:
    found = parse_guid(_text(policy, "uniqueidentifier"))
    return None if found == ZERO_GUID else found


def _directory(policy: Json, path: str) -> Connector | None:
    identifier = _identifier(policy)
    if identifier is None:
        return None
    filters = _objects(policy.get("partitionfilters"))
    return Connector(
        identifier,
        AD,
        _text(policy, "friendlyname") or None,
        _text(policy, "fullyqualifieddomainname") or None,
        tuple(filter(None, (_text(f, "distinguishedname") for f in filters))),
        files=(path,),
    )


def _deployed(document: Json) -> Iterator[str]:
    metadata = document.get(_DEPLOYMENT)
    identifiers = metadata.get("connectorids") if isinstance(metadata, dict) else None
    for identifier in identifiers if isinstance(identifiers, list) else ():
        found = parse_guid(identifier) if isinstance(identifier, str) else None
        if found is not None and found != ZERO_GUID:
            yield found


def _rules(policy: Json, connector: str, path: str) -> Iterator[ServerRule]:
    for key in ("customsynchronizationrules", "standardsynchronizationrules"):
        for rule in _objects(policy.get(key)):
            tag = _text(rule, "immutabletag")
            # A standard rule whose tag is not shown is none that can be told from a custom one.
            if is_out_of_box(tag) or key.startswith("custom"):
                yield _rule(rule, tag, connector, path)


def _rule(rule: Json, tag: str, connector: str, path: str) -> ServerRule:
    name, precedence = _text(rule, "name"), rule.get("precedence")
    direction = _text(rule, "direction")
    return ServerRule(
        name,
        _identifier(rule),
        connector,
        path,
        canonical(direction, DIRECTIONS) or direction or direction_shown(name, tag),
        precedence if isinstance(precedence, int) and not isinstance(precedence, bool) else None,
        tag,
    )


def _shown_by(connectors: Iterable[Connector], rules: Iterable[ServerRule]) -> Iterator[Connector]:
    """Yield connectors with the out-of-box rules that show them."""
    own: dict[str, list[tuple[str, str]]] = {}
    for rule in rules:
        if rule.is_out_of_box:
            own.setdefault(rule.connector, []).append((rule.name, rule.file))
    for connector in connectors:
        yield replace(connector, shown_by=tuple(own.get(connector.identifier, ())))


def _text(values: Json, key: str) -> str:
    found = values.get(key)
    return found if isinstance(found, str) else ""
