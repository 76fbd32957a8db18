"""Rules of several files that one rule places, where no file shows which of them comes first.

Of the rules before one rule the first is created first, and of those behind one rule the last. The
order of the rules in a file is read as that of their creation; files may be given in any order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from syncrules.diagnostics import Code, Diagnostic, Problem
from syncrules.rules.model import AFTER, BEFORE
from syncrules.wording import first_of

from ..context import Context
from ..moving_rules import MovingRule
from ..plan import PlannedRule

__all__ = ["unknown_order"]


def unknown_order(context: Context) -> Iterator[Diagnostic]:
    """Yield the rules that one rule places and that come from several files, each rule once."""
    for rules in _siblings(context):
        exports = {planned.origin.export for planned in rules}
        if len(exports) > 1 and any(_is_unknown(context, planned) for planned in rules):
            yield _unknown(rules).at(rules[0].origin.place())


def _siblings(context: Context) -> Iterator[Sequence[PlannedRule]]:
    """Yield the rules of one direction that one rule places, in the order of their creation."""
    found: dict[tuple[str, str, str], list[PlannedRule]] = {}
    for planned in context.placing.rules:
        resolution = planned.resolution
        if resolution is not None and not planned.origin.is_mapped:
            place = resolution.reference.parameter, resolution.to, planned.before.direction
            found.setdefault(place, []).append(planned)
    yield from found.values()


def _is_unknown(context: Context, planned: PlannedRule) -> bool:
    return context.precedence_on_active(planned.origin) is None


def _unknown(rules: Sequence[PlannedRule]) -> Problem:
    resolution = rules[0].resolution
    assert resolution is not None  # all of these have one
    anchor, parameter = resolution.anchor, resolution.reference.parameter
    name = anchor.rule.name if isinstance(anchor, MovingRule) else anchor.name
    in_order = rules if parameter == BEFORE else rules[::-1]
    shown = first_of(f"'{r.before.name}' ({r.file})" for r in in_order)
    where = "behind" if parameter == AFTER else "before"
    return Problem(
        Code.SR485,
        f"No file shows which of these rules comes first on the active server; all are placed "
        f"{where} '{name}': {shown}. On staging they will come in this order. If two set the same "
        "attribute, the first of them wins.",
        "Give the active server's configuration folder with --active, which shows the order; or "
        "give the files in the order in which they were run there.",
    )
