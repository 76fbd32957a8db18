"""Connectors in words: what tells one from another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from syncrules.servers.model import Connector
from syncrules.wording import first_of

__all__ = ["LIST_CONNECTORS", "MOST", "described", "listed"]

LIST_CONNECTORS = "Get-ADSyncConnector | Select-Object Name, Identifier"
"""What an administrator runs on a server to see its connectors."""

MOST = 5
"""So many connectors are named in one message."""
_SHOWN = 2


def listed(connectors: Sequence[Connector], *, apart_from: Connector | None = None) -> str:
    """Return connectors on one line, or 'none'; `apart_from` is one of them that is not named.

    There may be thousands, and each of them may be asked for.
    """
    shown = [*islice((c for c in connectors if c != apart_from), MOST)]
    more = len(connectors) - len(shown) - (apart_from is not None)
    told = ", ".join(f"{c.identifier} ({', '.join(_short(c))})" for c in shown) or "none"
    return f"{told} and {more} more" if more else told


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
