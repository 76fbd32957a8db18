"""The rules that were given and do not move, each with the reason."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.exports.placed_rule import PlacedRule

from .context import Context
from .counterparts import unexported
from .moving_rules import LeftOut, LeftOutReason

__all__ = ["left_out"]


def left_out(context: Context) -> Iterator[LeftOut]:
    """Yield the rules of exports that stay behind, in their order.

    Then those of the active server that no export holds, where it is said why they do. A rule that
    another export holds with its tag emptied is told of as that one.
    """
    moving = {m.placed for m in context.moving}
    there = {m.placed for m in context.custom if m in context.there}
    for export in context.exports:
        for placed in export.placed_rules:
            is_emptied = placed.rule.is_out_of_box and placed.rule.identifier in context.emptied
            if placed not in moving and not is_emptied:
                line, _ = export.source.line_and_column(placed.command.start)
                reason = _reason(context, placed, is_there=placed in there)
                yield LeftOut(export.name, line, placed.rule, reason)
    for rule in unexported(context):
        if context.leaving.leaves(rule):
            yield LeftOut(rule.file, 0, rule, LeftOutReason.ASKED_FOR)
        elif rule in context.there:
            yield LeftOut(rule.file, 0, rule, LeftOutReason.THERE_ALREADY)


def _reason(context: Context, placed: PlacedRule, *, is_there: bool) -> LeftOutReason:
    rule = placed.rule
    if is_there:
        return LeftOutReason.THERE_ALREADY
    if context.leaving.leaves(rule):
        return LeftOutReason.ASKED_FOR
    return LeftOutReason.OUT_OF_BOX if context.has_own(rule) else LeftOutReason.NOT_SHOWN
