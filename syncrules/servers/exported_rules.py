"""A server as its exported rules show it: partial evidence."""

from __future__ import annotations

from collections.abc import Iterable

from syncrules.exports.export import Export
from syncrules.rules.model import SyncRule

from .from_rules import server_of_rules
from .model import Evidence, EvidenceKind, Server

__all__ = ["server_of_export"]


def server_of_export(export: Export, rules: Iterable[SyncRule] | None = None) -> Server:
    """Return what an export of the Synchronization Rules Editor shows of its server.

    With `rules`, only these of its rules count: others are another server's.
    """
    own = export.rules if rules is None else rules
    return server_of_rules(Evidence(export.name, EvidenceKind.EXPORT), own)
