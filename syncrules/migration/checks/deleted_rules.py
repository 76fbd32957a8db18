"""Rules that move and that the active server does not have any more."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Problem, Several
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Facet
from syncrules.wording import BY_COMMAND

from ..context import Context

__all__ = ["deleted_rules"]


def deleted_rules(context: Context) -> Iterator[Diagnostic]:
    """Yield the rules that move and that the active server, known completely, does not have."""
    active = context.active
    if not active.is_complete_in(Facet.RULES):
        return
    listed = {
        (r.connector, r.direction, r.name)
        for r in active.rules
        if r.identifier and r.identifier not in active.unlisted and not r.is_out_of_box
    }
    for moving in context.moving:
        rule = moving.rule
        gone = (
            rule.identifier in active.unlisted
            if rule.identifier
            else (rule.connector, rule.direction, rule.name) not in listed
        )
        if gone and not moving.is_mapped:
            yield _gone(context, rule).at(moving.place())


def _gone(context: Context, rule: SyncRule) -> Problem:
    named = context.named(rule)
    files = ", ".join(e.path for e in context.active.evidence if Facet.RULES in e.complete_in)
    return Problem(
        Code.SR459,
        f"The active server does not have {named}: {files} shows all of its rules, and this one is "
        "not among them. If it was deleted since it was exported, the move brings it back.",
        "If it was deleted, leave it out of EXPORT. If it is newer than the configuration, export "
        f"the configuration again {BY_COMMAND}.",
        several=Several(
            f"rules are not on the active server: {files} shows all of its rules, and these are "
            "not among them. If they were deleted since they were exported, the move brings them "
            "back.",
            "Leave out of EXPORT what was deleted. If they are newer than the configuration, "
            f"export the configuration again {BY_COMMAND}.",
            (named,),
        ),
    )
