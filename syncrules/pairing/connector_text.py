"""Connectors in words: what tells one from another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from syncrules.servers.model import Connector
from syncrules.wording import and_more, first_of

__all__ = ["CONNECTOR_LIST", "LIST_CONNECTORS", "MOST", "described", "listed", "what_is_known"]

LIST_CONNECTORS = "Get-ADSyncConnector | Select-Object Name, Identifier"
"""What an administrator runs on a server to see its connectors."""

CONNECTOR_LIST = "Get-ADSyncConnector | ConvertTo-Json -Depth 4"
"""What an administrator runs on a server to write its connector list."""

MOST = 5
"""So many connectors are named in one message."""
_SHOWN = 2


def listed(connectors: Sequence[Connector]) -> str:
    """Return connectors on one line, or 'none'.

    There may be thousands, and each of them may be asked for.
    """
    shown = ", ".join(_told(c, [*_short(c)]) for c in connectors[:MOST])
    return and_more(shown, len(connectors) - MOST) or "none"


def described(connector: Connector) -> str:
    """Return all that tells a connector apart, the name first."""
    return _told(connector, [*_known(connector)])


def what_is_known(connector: Connector, rules: Sequence[str]) -> str:
    """Return what a person knows a connector by; `rules` are its custom rules, by their names."""
    known = [connector.name] if connector.name else []
    known += _short(connector)
    if connector.partitions:
        known.append(f"partitions {first_of(connector.partitions, _SHOWN)}")
    elif not connector.name:
        named = (f"'{name}'" for name in (*(rule for rule, _ in connector.shown_by), *rules))
        known.append(f"has {first_of(named, _SHOWN) or 'no rule'}")
    return ", ".join(known)


def _told(connector: Connector, known: Sequence[str]) -> str:
    if connector.name:
        return f"'{connector.name}' ({', '.join((connector.identifier, *known))})"
    return f"{connector.identifier} ({', '.join(known)})"


def _known(connector: Connector) -> Iterator[str]:
    yield from _short(connector)
    if connector.partitions:
        yield f"partitions {first_of(connector.partitions, _SHOWN)}"
    shown = [f"'{rule}' in {file}" for rule, file in connector.shown_by]
    yield f"shown by {first_of(shown, _SHOWN)}" if shown else "shown by no out-of-box rule"


def _short(connector: Connector) -> Iterator[str]:
    yield connector.kind or "type unknown"
    if connector.forest and connector.forest != connector.name:
        yield f"forest {connector.forest}"
