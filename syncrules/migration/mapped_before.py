"""Which rules of the exports an earlier run mapped to this staging server.

Each file that a run writes begins in one way; whether it was written for this migration tell its
connectors. In the next migration the server that it was written for is the active one, and the file
is an export like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from syncrules.exports.export import Export
from syncrules.exports.placed_rule import PlacedRule
from syncrules.rules.model import ENTRA_CONNECTOR
from syncrules.servers.model import Facet, Server

from .output_names import begins_as_mapped

__all__ = ["mapped_before"]


def mapped_before(
    exports: Iterable[Export], active: Server, staging: Server, mapping: Mapping[str, str]
) -> frozenset[PlacedRule]:
    """Return the rules that have the staging server's connectors and references already.

    `active` is what other files than those of an earlier run show of that server; `mapping` is
    that of --map, whose targets are staging's connectors.
    """
    actives = {c.identifier for c in active.connectors}
    actives |= {old for old, new in mapping.items() if old != new}
    stagings = {c.identifier for c in staging.connectors} | set(mapping.values())
    only_staging = stagings - actives | {ENTRA_CONNECTOR}
    marked = [export for export in exports if begins_as_mapped(export)]
    return frozenset(
        placed for export in marked for placed in _mapped(export, only_staging, active, staging)
    )


def _mapped(
    export: Export, only_staging: set[str], active: Server, staging: Server
) -> Iterator[PlacedRule]:
    """Yield the rules of a file of an earlier run that it wrote for this staging server.

    The Entra connector is on both servers: its rules are as the rest of the file.
    """
    is_other = any(p.rule.connector not in only_staging for p in export.placed_rules)
    is_other = is_other or _names_rules_of_active(export, active, staging)
    for placed in export.placed_rules:
        connector = placed.rule.connector
        if connector in only_staging and not (is_other and connector == ENTRA_CONNECTOR):
            yield placed


def _names_rules_of_active(export: Export, active: Server, staging: Server) -> bool:
    """Return whether a rule is placed by an out-of-box rule that only the active server has."""
    if not staging.is_complete_in(Facet.RULES):
        return False
    only_active = {r.identifier for r in active.rules if r.is_out_of_box}
    only_active -= {r.identifier for r in staging.rules}
    return any(
        reference.identifier in only_active
        for rule in export.rules
        for reference in rule.references
    )
