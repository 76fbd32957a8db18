"""Rules of one script that a server would not hold beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syncrules.diagnostics import Diagnostic
from syncrules.rules.guids import ZERO_GUID
from syncrules.rules.model import SyncRule
from syncrules.script.source import Source

from .interpreter import ReadRule

__all__ = ["conflicts"]


def conflicts(source: Source, rules: Iterable[ReadRule]) -> Iterator[Diagnostic]:
    """Yield a finding for each rule with the identifier or the precedence of one before it."""
    identifiers: dict[str, ReadRule] = {}
    precedences: dict[int, ReadRule] = {}
    for read in rules:
        rule = read.rule
        if rule.identifier is not None:
            other = identifiers.setdefault(rule.identifier, read)
            if other is not read:
                yield source.finding(
                    "SR330",
                    read.identifiers[0].span,
                    f"The rule at line {_line(source, other)} has the same Identifier: "
                    "Add-ADSyncRule would silently overwrite it.",
                    "Export the two rules again, or delete the one that is a copy.",
                )
        if rule.precedence is not None and not _has_reference(rule):
            other = precedences.setdefault(rule.precedence, read)
            if other is not read and not _may_share(other.rule, rule):
                yield source.finding(
                    "SR332",
                    read.command.span,
                    f"The rule at line {_line(source, other)} has the same precedence, "
                    f"{rule.precedence}: the server refuses the second of the two.",
                    "Give one of them a precedence of its own, below 100.",
                )


def _line(source: Source, read: ReadRule) -> int:
    return source.line_and_column(read.command.start)[0]


def _has_reference(rule: SyncRule) -> bool:
    return any(r not in (None, ZERO_GUID) for r in (rule.precedence_before, rule.precedence_after))


def _may_share(one: SyncRule, other: SyncRule) -> bool:
    """Return whether two rules may have one precedence on an old server.

    Until release 2.0.3.0 outbound rules of two connectors could (release notes). Out-of-box
    rules are never moved, so they may still.
    """
    return (
        one.is_out_of_box
        and other.is_out_of_box
        and one.direction.lower() == other.direction.lower() == "outbound"
        and one.connector != other.connector
    )
