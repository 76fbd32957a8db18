"""Identifiers of the rules that move: kept or fresh, and none that the staging server has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from syncrules.diagnostics import Diagnostic, printable
from syncrules.migration.context import Situation
from syncrules.migration.moving_rules import Moving
from syncrules.servers.model import ServerRule

__all__ = ["clashes", "fresh_identifiers"]


def fresh_identifiers(moving: Iterable[Moving], seed: str | None) -> Mapping[str, str]:
    """Return a new identifier for each rule that has one, or nothing where `seed` is `None`.

    The same seed gives the same identifiers. Rules that were mapped before keep theirs.
    """
    if seed is None:
        return {}
    from uuid import NAMESPACE_OID, uuid5  # most runs keep the identifiers

    space = uuid5(NAMESPACE_OID, f"syncrules:{seed}")
    return {
        m.rule.identifier: str(uuid5(space, m.rule.identifier))
        for m in moving
        if m.rule.identifier is not None and not m.is_mapped
    }


def clashes(situation: Situation, fresh: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Yield the rules that the staging server has already, by identifier or by name."""
    customs: dict[tuple[str, str, str], ServerRule] = {
        (r.connector, (r.direction or "").lower(), r.name): r
        for r in situation.staging.rules
        if r.immutable_tag is not None and not r.is_out_of_box
    }
    for moving in situation.moving:
        rule = moving.rule
        identifier = fresh.get(rule.identifier or "", rule.identifier)
        there = situation.on_staging.get(identifier or "")
        if there is not None:
            yield _taken(moving, there)
            continue
        connector = situation.connectors.get(rule.connector, "")
        same = customs.get((connector, rule.direction.lower(), rule.name))
        if same is not None:
            yield moving.finding(
                "SR431",
                f"The staging server has a custom rule '{printable(rule.name)}' of the same "
                f"connector and direction already ({printable(same.source)}): both would run.",
                "Delete it there, rename this one, or leave this one out.",
            )


def _taken(moving: Moving, there: ServerRule) -> Diagnostic:
    span = moving.read.identifiers[0].span if moving.read.identifiers else None
    return moving.finding(
        "SR430",
        f"The staging server has a rule of this Identifier: '{printable(there.name)}' "
        f"({printable(there.source)}). Add-ADSyncRule would silently overwrite it.",
        "If the rule was moved there before, leave it out; else add --identifiers new.",
        span=span,
    )
