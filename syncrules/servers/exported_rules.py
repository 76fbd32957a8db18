"""A server as its exported rules show it: partial evidence."""

from __future__ import annotations

from syncrules.exports.export import Export

from .model import Evidence, Server, server_of_rules

__all__ = ["CUSTOM_RULES", "server_of_export"]

CUSTOM_RULES = "custom-rules.ps1"
"""What the export of a configuration is named; it stands in no file."""


def server_of_export(export: Export) -> Server:
    """Return what an export of the Synchronization Rules Editor shows of its server."""
    return server_of_rules(Evidence(export.name, "export"), export.rules)
