"""In what staging's rule is not as planned, with the values of both."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.rules.model import SyncRule
from syncrules.servers.model import ServerRule

from ..context import Context
from ..counterparts import PRECEDENCE, as_planned, unlike
from .both_values import Unlike, unlike_values

__all__ = ["told_difference"]

_SHOWN = 5
"""So many differences are told of one rule."""


def told_difference(context: Context, rule: SyncRule | ServerRule, found: ServerRule) -> str:
    """Return a sentence that says in what staging's rule differs from one of the active server."""
    planned = as_planned(context, rule)
    if planned is None:
        return "Whether the two are the same is not known."
    if found.sync_rule is None:
        return (
            "Whether the two are the same is not known: no file shows all of the rule on the "
            "staging server."
        )
    fields = unlike(context, rule, found)
    if not fields:
        return "The two are the same in every field."
    told = [
        part
        for field in fields
        for part in _told(field, planned, found.sync_rule, found.precedence)
    ]
    more = [f"and {len(told) - _SHOWN} more"] if len(told) > _SHOWN else []
    return f"The two differ: {'; '.join((*told[:_SHOWN], *more))}."


def _told(field: str, planned: SyncRule, found: SyncRule, precedence: int | None) -> Iterator[str]:
    unlike_ones = (
        (Unlike("precedence", _place(planned, planned.precedence), _place(found, precedence)),)
        if field == PRECEDENCE
        else unlike_values(field, planned, found)
    )
    for one in unlike_ones:
        yield "{} is {} on the active server and {} on staging".format(one.what, *one.contrast)


def _place(rule: SyncRule, precedence: int | None) -> str:
    reference = rule.reference
    if reference is not None:
        return f"given by -{reference.parameter} {reference.identifier}"
    return "not given" if precedence is None else str(precedence)
