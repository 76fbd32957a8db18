"""The rules that are to move, with the places that they stand at and the rules that they name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from syncrules.diagnostics import Place, Spanned
from syncrules.exports.export import Export
from syncrules.exports.placed_rule import PlacedRule
from syncrules.rules.model import SyncRule
from syncrules.script.nodes import Literal

from .output_names import is_mapped

__all__ = ["MovingRule", "Reference", "moving_rules"]


class Reference(NamedTuple):
    """A rule that another one names. `literal` holds its identifier, `to`."""

    parameter: str
    to: str
    literal: Literal


@dataclass(frozen=True, slots=True, eq=False)
class MovingRule:
    """A custom rule of an export; two that say the same are still two."""

    export: Export
    placed: PlacedRule

    @property
    def rule(self) -> SyncRule:
        """The rule as the export has it."""
        return self.placed.rule

    @property
    def is_mapped(self) -> bool:
        """Whether an earlier run made the file that it stands in."""
        return is_mapped(self.export)

    @property
    def line(self) -> int:
        """The line of its New-ADSyncRule, from 1."""
        return self.export.source.line_and_column(self.placed.command.start)[0]

    @property
    def references(self) -> tuple[Reference, ...]:
        """The rules that place this one, with the literals that name them."""
        literals = {
            "PrecedenceBefore": self.placed.precedence_before,
            "PrecedenceAfter": self.placed.precedence_after,
        }
        return tuple(
            Reference(r.parameter, r.identifier, literal)
            for r in self.rule.references
            if (literal := literals[r.parameter]) is not None
        )

    def place(self, at: Spanned | None = None) -> Place:
        """Return a place in its export; without `at`, that of its New-ADSyncRule."""
        return self.export.source.place(at or self.placed.command)


def moving_rules(exports: Iterable[Export]) -> tuple[MovingRule, ...]:
    """Return the custom rules of exports, in their order."""
    return tuple(
        MovingRule(export, placed)
        for export in exports
        for placed in export.placed_rules
        if not placed.rule.is_out_of_box
    )
