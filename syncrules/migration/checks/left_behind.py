"""Custom rules that the active server has and that do not move."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Option, Place, Problem, Several, Severity
from syncrules.servers.model import Facet, ServerRule

from ..context import Context
from ..counterparts import unexported
from .differing_values import told_difference

__all__ = ["left_behind"]


def left_behind(context: Context) -> Iterator[Diagnostic]:
    """Yield the custom rules that the active server has and no EXPORT holds.

    Not those that are left behind on purpose, nor those that staging has already.
    """
    if not context.active.is_complete_in(Facet.RULES):
        return
    for rule in unexported(context):
        if rule not in context.there and not context.leaving.leaves(rule):
            yield _stays(context, rule).at(Place(rule.file))


def _stays(context: Context, rule: ServerRule) -> Problem:
    allowed = context.choices.partial
    named, leave = context.named(rule), context.leaving.option(rule)
    what = f"The active server has the custom rule {named} ({rule.identifier})"
    found = context.counterparts.get(rule)
    if found is not None:
        difference = told_difference(context, rule, found)
        return Problem(
            Code.SR454,
            f"{what}, but it is in none of the exported files: staging would keep the one that it "
            f"has. {difference}",
            _hint(leave, allowed=allowed),
            Severity.NOTE if allowed else None,
            options=() if allowed else (leave, _PARTIAL),
        )
    return Problem(
        Code.SR454,
        f"{what}, but it is in none of the exported files, so it would not be moved.",
        _hint(leave, allowed=allowed),
        Severity.NOTE if allowed else None,
        options=() if allowed else (leave, _PARTIAL),
        several=Several(
            "custom rules of the active server are in none of the exported files, so they would "
            "not be moved.",
            "They stay behind, as --partial allows."
            if allowed
            else f"{_EXPORT.format('them')} To leave some of them behind, add --leave with the "
            "name of each.",
            (named, rule.identifier or ""),
        ),
    )


_PARTIAL = Option("--partial")


_EXPORT = (
    "Export {} too, or give the configuration folder as EXPORT. With --partial, all such rules may "
    "stay behind."
)


def _hint(leave: Option, *, allowed: bool) -> str:
    if allowed:
        return "It stays behind, as --partial allows."
    return f"{_EXPORT.format('it')} To leave this one behind: {leave}"
