"""Identifiers of the rules that move: kept, or fresh ones everywhere."""

from __future__ import annotations

from collections.abc import Mapping

from ..context import PairedServers

__all__ = ["Identifiers", "fresh_identifiers"]

Identifiers = Mapping[str | None, str]
"""New identifiers by the old ones; none for a rule that has none."""


def fresh_identifiers(servers: PairedServers) -> Identifiers:
    """Return a new identifier for each rule that has one, or nothing where they are kept.

    The same seed gives the same identifiers. Rules that were mapped before keep theirs.
    """
    seed = servers.choices.new_identifiers
    if seed is None:
        return {}
    from uuid import NAMESPACE_OID, uuid5  # most runs keep the identifiers

    space = uuid5(NAMESPACE_OID, f"syncrules:{seed}")
    return {
        m.rule.identifier: str(uuid5(space, m.rule.identifier))
        for m in servers.moving
        if m.rule.identifier is not None and not m.is_mapped
    }
