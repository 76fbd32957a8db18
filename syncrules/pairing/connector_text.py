"""Connectors in words: what tells one from another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syncrules.servers.model import Connector
from syncrules.wording import first_of

__all__ = ["LIST_CONNECTORS", "described", "listed"]

LIST_CONNECTORS = "Get-ADSyncConnector | Select-Object Name, Identifier"
"""What an administrator runs on a server to see its connectors."""

_SHOWN = 2


def listed(connectors: Iterable[Connector]) -> str:
    """Return connectors on one line, or 'none'."""
    return ", ".join(f"{c.identifier} ({', '.join(_short(c))})" for c in connectors) or "none"


def described(connector: Connector) -> str:
    """Return all that tells a connector apart."""
    parts = [*_short(connector)]
    if connector.partitions:
        parts.append(f"partitions {first_of(connector.partitions, _SHOWN)}")
    shown = [f"'{rule}' in {file}" for rule, file in connector.shown_by]
    parts.append(f"shown by {first_of(shown, _SHOWN)}" if shown else "shown by no out-of-box rule")
    return f"{connector.identifier} ({', '.join(parts)})"


def _short(connector: Connector) -> Iterator[str]:
    yield connector.kind or "kind unknown"
    if connector.name:
        yield f"named '{connector.name}'"
    if connector.forest and connector.forest != connector.name:
        yield f"forest {connector.forest}"
