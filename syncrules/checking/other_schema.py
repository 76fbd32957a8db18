"""The rules of one server, and the schema of another that they are to run on."""

from __future__ import annotations

from dataclasses import replace

from syncrules.pairing.connectors import pair_connectors
from syncrules.servers.model import Connector, Server

__all__ = ["with_schema_of"]


def with_schema_of(server: Server, other: Server) -> Server:
    """Return a server with the schema of another one in place of its own.

    A connector has the schema of the one of its identifier, else of the one that it is paired
    with. Where there is neither, its schema is not known.
    """
    pairs = pair_connectors((), server, other, {}).pairs
    paired = {p.active: p.staging for p in pairs}

    def with_schema(connector: Connector) -> Connector:
        own = connector.identifier
        twin = other.connector(own) or other.connector(paired.get(own, own))
        return replace(
            connector,
            attributes=None if twin is None else twin.attributes,
            attribute_names=None if twin is None else twin.attribute_names,
        )

    return replace(
        server,
        connectors=tuple(map(with_schema, server.connectors)),
        metaverse=other.metaverse,
        metaverse_names=other.metaverse_names,
    )
