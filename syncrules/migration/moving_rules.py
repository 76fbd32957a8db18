"""The rules that are to move, with the places that they stand at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from syncrules.diagnostics import Diagnostic, Severity, Span
from syncrules.exports.export import Export
from syncrules.exports.interpreter import ReadRule
from syncrules.rules.model import SyncRule

__all__ = ["MARK", "Moving", "is_mapped", "moving_rules"]

MARK = "# Mapped to the staging server by syncrules"
"""How the prologue begins; an input that begins so was made by this tool."""


@dataclass(frozen=True, slots=True)
class Moving:
    """A custom rule of an export."""

    export: Export
    read: ReadRule

    @property
    def rule(self) -> SyncRule:
        """The rule as the export has it."""
        return self.read.rule

    @property
    def is_mapped(self) -> bool:
        """Whether an earlier run made the file that it stands in."""
        return is_mapped(self.export)

    @property
    def line(self) -> int:
        """The line of its New-ADSyncRule, from 1."""
        return self.export.source.line_and_column(self.read.command.start)[0]

    def finding(
        self,
        code: str,
        message: str,
        hint: str,
        severity: Severity = Severity.ERROR,
        span: Span | None = None,
    ) -> Diagnostic:
        """Return a finding at a place of the rule; without `span`, at its New-ADSyncRule."""
        at = self.read.command.span if span is None else span
        return self.export.source.finding(code, at, message, hint, severity)


def is_mapped(export: Export) -> bool:
    """Return whether an earlier run made this file: its names are the staging server's."""
    return export.source.text.startswith(MARK)


def moving_rules(exports: Iterable[Export]) -> tuple[Moving, ...]:
    """Return the custom rules of exports, in their order."""
    return tuple(Moving(e, r) for e in exports for r in e.read_rules if not r.rule.is_out_of_box)
