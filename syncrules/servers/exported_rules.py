"""A server as its exported rules show it: partial evidence."""

from __future__ import annotations

from syncrules.exports.export import Export

from .from_rules import server_of_rules
from .model import Evidence, EvidenceKind, Server

__all__ = ["server_of_export"]


def server_of_export(export: Export) -> Server:
    """Return what an export of the Synchronization Rules Editor shows of its server."""
    return server_of_rules(Evidence(export.name, EvidenceKind.EXPORT), export.rules)
