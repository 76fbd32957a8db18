"""The staging server's rules in the order of their precedence, before and after the move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from syncrules.migration.context import Situation
from syncrules.rules.model import SyncRule

from .numbering import Numbers

__all__ = ["Rung", "ladder"]


@dataclass(frozen=True, slots=True)
class Rung:
    """A rule with its precedence on the staging server; `None` where it is not there, or unknown.

    `moves` says whether it is one of the rules that move there.
    """

    name: str
    connector: str
    direction: str
    before: int | None
    after: int | None
    moves: bool
    is_out_of_box: bool


def ladder(
    situation: Situation, becomes: Sequence[SyncRule], numbered: Numbers
) -> tuple[Rung, ...]:
    """Return all rules that are known, in their order in the end."""
    rungs = [*_there(situation, numbered), *_moved(becomes, numbered)]
    return tuple(sorted(rungs, key=lambda r: (r.after is None, r.after or 0)))


def _there(situation: Situation, numbered: Numbers) -> Iterator[Rung]:
    for rule, after in zip(situation.staging.rules, numbered.there, strict=True):
        direction = rule.direction or ""
        yield Rung(
            *(rule.name, rule.connector, direction, rule.precedence, after),
            moves=False,
            is_out_of_box=rule.is_out_of_box,
        )


def _moved(becomes: Sequence[SyncRule], numbered: Numbers) -> Iterator[Rung]:
    for rule, after in zip(becomes, numbered.shown, strict=True):
        yield Rung(
            *(rule.name, rule.connector, rule.direction, None, after),
            moves=True,
            is_out_of_box=False,
        )
