"""Servers that are known completely, without a file: what a configuration folder would show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import syncrules
from support.builders import ENTRA
from syncrules import Server
from syncrules.servers.from_rules import server_of_rules
from syncrules.servers.merging import merge
from syncrules.servers.model import AD, Connector, Evidence, EvidenceKind, Facet
from syncrules.servers.model import ENTRA as ENTRA_KIND

ENTRA_CONNECTOR = Connector(ENTRA, ENTRA_KIND, "contoso.onmicrosoft.com - AAD")
LDAP, SQL = "Generic LDAP", "Generic SQL"


def forest(identifier: str, name: str) -> Connector:
    """Return an Active Directory connector of a forest."""
    partition = ",".join(f"DC={part}" for part in name.split("."))
    return Connector(identifier, AD, name, name, (partition,))


def complete(
    *connectors: Connector,
    rules: tuple[syncrules.SyncRule, ...] = (),
    name: str = "configuration",
    metaverse: frozenset[str] | None = None,
    staging_mode: bool | None = None,
    settings: Mapping[str, str] | None = None,
) -> Server:
    """Return a server of which a configuration folder shows all there is, Entra's connector too."""
    evidence = Evidence(
        name, EvidenceKind.CONFIGURATION, (Facet.CONNECTORS, Facet.RULES, Facet.SCHEMA)
    )
    found = {c.identifier: replace(c, files=(name,)) for c in (*connectors, ENTRA_CONNECTOR)}
    shown = replace(server_of_rules(evidence, rules), evidence=())
    return replace(
        merge((Server(connectors=tuple(found.values())), shown)),
        evidence=(evidence,),
        metaverse=metaverse,
        staging_modes=() if staging_mode is None else ((name, staging_mode),),
        settings=settings or {},
    )


def only(*connectors: Connector, name: str = "connectors.json") -> Server:
    """Return a server of which a connector list shows these connectors, Entra's and no other."""
    evidence = Evidence(name, EvidenceKind.CONNECTOR_LIST, (Facet.CONNECTORS,))
    found = (*connectors, ENTRA_CONNECTOR)
    return Server((evidence,), tuple(replace(c, files=(name,)) for c in found))
