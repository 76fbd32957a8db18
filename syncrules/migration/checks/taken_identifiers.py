"""Rules that the staging server has already, by identifier or by name."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Problem
from syncrules.servers.model import ServerRule

from ..context import Context

__all__ = ["rules_on_staging"]


def rules_on_staging(context: Context) -> Iterator[Diagnostic]:
    """Yield the rules that move and that the staging server has already."""
    customs: dict[tuple[str, str | None, str], ServerRule] = {
        (r.connector, r.direction, r.name): r
        for r in context.staging.rules
        if r.immutable_tag is not None and not r.is_out_of_box
    }
    for planned in context.placing.rules:
        moving, rule = planned.origin, planned.before
        taken = context.on_staging.get(planned.after.identifier or "")
        if taken is not None:
            literals = moving.placed.identifiers
            yield _taken(taken).at(moving.place(literals[0] if literals else None))
            continue
        connector = context.connectors.get(rule.connector, "")
        same = customs.get((connector, rule.direction, rule.name))
        if same is not None:
            yield _same(same).at(moving.place())


def _taken(taken: ServerRule) -> Problem:
    return Problem(
        Code.SR430,
        f"The staging server has a rule of this Identifier: '{taken.name}' ({taken.file}). "
        "Add-ADSyncRule would silently overwrite it.",
        "If the rule was moved there before, leave it out; else add --identifiers new.",
    )


def _same(same: ServerRule) -> Problem:
    return Problem(
        Code.SR431,
        f"The staging server has a custom rule '{same.name}' of the same connector and direction "
        f"already ({same.file}): both would run.",
        "Delete it there, rename this one, or leave this one out.",
    )
