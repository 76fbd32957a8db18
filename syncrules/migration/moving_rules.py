"""The rules of the exports: those that are to move, the order to run them in, and those left out.

Each with the place that it stands at and the rules that it names.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from syncrules.diagnostics import Place, Spanned
from syncrules.exports.export import Export
from syncrules.exports.placed_rule import PlacedRule
from syncrules.rules.dependency_order import needed_first
from syncrules.rules.model import AFTER, BEFORE, SyncRule
from syncrules.script.nodes import Literal
from syncrules.servers.model import ServerRule

__all__ = [
    "LeftOut",
    "LeftOutReason",
    "MovingRule",
    "Reference",
    "custom_rules",
    "in_order",
]


class Reference(NamedTuple):
    """A rule that another one names. `literal` holds its identifier, `to`."""

    parameter: str
    to: str
    literal: Literal


@dataclass(frozen=True, slots=True, eq=False)
class MovingRule:
    """A custom rule of an export; two with the same content are still two.

    `is_mapped` says whether an earlier run mapped it to this staging server.
    """

    export: Export
    placed: PlacedRule
    is_mapped: bool = False

    @property
    def rule(self) -> SyncRule:
        """The rule as the export has it."""
        return self.placed.rule

    @property
    def line(self) -> int:
        """The line of its New-ADSyncRule, from 1."""
        return self.export.source.line_and_column(self.placed.command.start)[0]

    @property
    def references(self) -> tuple[Reference, ...]:
        """The rules that place this one, with the literals that name them."""
        literals = {
            BEFORE: self.placed.precedence_before,
            AFTER: self.placed.precedence_after,
        }
        return tuple(
            Reference(r.parameter, r.identifier, literal)
            for r in self.rule.references
            if (literal := literals[r.parameter]) is not None
        )

    def place(self, at: Spanned | None = None) -> Place:
        """Return a place in its export; without `at`, that of its New-ADSyncRule."""
        return self.export.source.place(at or self.placed.command)


class LeftOutReason(StrEnum):
    """Why a rule stays behind."""

    OUT_OF_BOX = "an out-of-box rule: the staging server has its own"
    NOT_SHOWN = "a rule with an out-of-box tag; it is not certain that the staging server has it"
    ASKED_FOR = "left behind on purpose: asked for with --leave"
    THERE_ALREADY = "on the staging server already, the same in every field"


class LeftOut(NamedTuple):
    """A rule that stays behind, and why.

    `line` is 0 for a rule of the active server that no export holds; `file` then shows it.
    """

    file: str
    line: int
    rule: SyncRule | ServerRule
    reason: LeftOutReason


def custom_rules(
    exports: Iterable[Export], mapped: Container[PlacedRule]
) -> tuple[MovingRule, ...]:
    """Return the custom rules of exports, in their order; those in `mapped` were mapped before."""
    return tuple(
        MovingRule(export, placed, placed in mapped)
        for export in exports
        for placed in export.placed_rules
        if not placed.rule.is_out_of_box
    )


def in_order(exports: Iterable[Export], moving: Iterable[MovingRule]) -> tuple[Export, ...]:
    """Return exports in the order to run them: a rule that is named before those that name it.

    Where none names another, and where they name each other in a circle, they stay as given.
    """
    moving = tuple(moving)
    homes: dict[str | None, Export] = {m.rule.identifier: m.export for m in moving}
    needs: dict[Export, dict[Export, None]] = {}
    for m in moving:
        for reference in m.references:
            home = homes.get(reference.to, m.export)
            if home is not m.export:
                needs.setdefault(m.export, {})[home] = None
    return needed_first(exports, needs)
