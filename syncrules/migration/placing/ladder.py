"""The staging server's rules in the order of their precedence, before and after the move."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from ..context import Context
from ..plan import Rung

__all__ = ["ladder"]


def ladder(context: Context) -> tuple[Rung, ...]:
    """Return all rules that are known, in their final order."""
    return tuple(sorted(_rungs(context), key=lambda r: inf if r.after is None else r.after))


def _rungs(context: Context) -> Iterator[Rung]:
    for standing in context.placing.standing:
        rule = standing.rule
        yield Rung(
            name=rule.name,
            connector=rule.connector,
            direction=rule.direction or "",
            before=rule.precedence,
            after=standing.final,
            moves=False,
            is_out_of_box=rule.is_out_of_box,
        )
    for planned in context.placing.rules:
        yield Rung(
            name=planned.after.name,
            connector=planned.after.connector,
            direction=planned.after.direction,
            before=None,
            after=planned.final,
            moves=True,
            is_out_of_box=False,
        )
