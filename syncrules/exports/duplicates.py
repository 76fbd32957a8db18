"""Rules of one script that a server would not hold beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syncrules.diagnostics import Code, Diagnostic, Problem
from syncrules.rules.enumerations import OUTBOUND
from syncrules.rules.model import SyncRule
from syncrules.script.source import Source

from .placed_rule import PlacedRule

__all__ = ["duplicates"]


def duplicates(source: Source, rules: Iterable[PlacedRule]) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each rule with the identifier or the precedence of one before it."""
    identifiers: dict[str, PlacedRule] = {}
    precedences: dict[int, PlacedRule] = {}
    for placed in rules:
        rule = placed.rule
        if rule.identifier is not None:
            other = identifiers.setdefault(rule.identifier, placed)
            if other is not placed:
                yield Problem(
                    Code.SR330,
                    f"The rule at line {_line(source, other)} has the same Identifier: "
                    "Add-ADSyncRule would silently overwrite it.",
                    "Export the two rules again, or delete the one that is a copy.",
                ).at(source.place(placed.identifiers[0]))
        if rule.precedence is not None and not rule.references:
            other = precedences.setdefault(rule.precedence, placed)
            if other is not placed and not _may_share(other.rule, rule):
                yield Problem(
                    Code.SR332,
                    f"The rule at line {_line(source, other)} has the same precedence, "
                    f"{rule.precedence}: the server refuses the second of the two.",
                    "Give one of them a precedence of its own, below 100.",
                ).at(source.place(placed.command))


def _line(source: Source, placed: PlacedRule) -> int:
    return source.line_and_column(placed.command.start)[0]


def _may_share(one: SyncRule, other: SyncRule) -> bool:
    """Return whether two rules may have one precedence on an old server.

    Until release 2.0.3.0 outbound rules of two connectors could (release notes). Out-of-box
    rules are never moved, so they may still.
    """
    return (
        one.is_out_of_box
        and other.is_out_of_box
        and one.direction == other.direction == OUTBOUND
        and one.connector != other.connector
    )
