"""Custom rules that the active server has and that do not move."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, Severity
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
    return Problem(
        Code.SR454,
        f"The active server has the custom rule '{rule.name}'{context.whose(rule)} "
        f"({rule.identifier}), and no EXPORT holds it: {_what_then(context, rule)}",
        "It stays behind, as --partial allows."
        if allowed
        else "Export it too, or give the configuration folder as EXPORT. With --partial, all "
        f"such rules may stay behind. To leave this one behind: {context.leaving.option(rule)}",
        Severity.NOTE if allowed else None,
    )


def _what_then(context: Context, rule: ServerRule) -> str:
    found = context.counterparts.get(rule)
    if found is None:
        return "it would stay behind."
    return f"staging would keep the one that it has. {told_difference(context, rule, found)}"
