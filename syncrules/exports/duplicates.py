"""Rules of one script that a server would not hold beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syncrules.diagnostics import Code, Diagnostic, Problem, Severity
from syncrules.rules.enumerations import OUTBOUND
from syncrules.rules.model import SyncRule
from syncrules.rules.precedences import Precedences
from syncrules.script.source import Source
from syncrules.wording import BY_EDITOR

from .placed_rule import PlacedRule

__all__ = ["duplicates", "may_share"]


def duplicates(source: Source, rules: Iterable[PlacedRule]) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each rule with the identifier or the precedence of one before it."""
    rules = tuple(rules)
    for placed, other in _with_one_identifier(rules):
        problem = _one_identifier(_line(source, other))
        yield problem.at(source.place(placed.identifiers[0]))
    for placed, precedence, others in _with_one_precedence(rules):
        clash = _clash(others, placed.rule)
        if clash is not None:
            other, severity = clash
            problem = _one_precedence(_line(source, other), precedence, severity)
            yield problem.at(source.place(placed.command))


def _with_one_identifier(rules: Iterable[PlacedRule]) -> Iterator[tuple[PlacedRule, PlacedRule]]:
    first: dict[str, PlacedRule] = {}
    for placed in rules:
        if placed.rule.identifier is not None:
            other = first.setdefault(placed.rule.identifier, placed)
            if other is not placed:
                yield placed, other


def _with_one_precedence(
    rules: Iterable[PlacedRule],
) -> Iterator[tuple[PlacedRule, int, tuple[PlacedRule, ...]]]:
    """Yield each rule with its precedence and the rules that have it too, as it is created.

    A rule that another one places moves others up, of those that the script creates: two may be
    written with one precedence, and never have it together. What only comes to a precedence by
    that is the plan's to tell. Where the script does not show how many move, nothing is known of
    the rules above any more.
    """
    there: Precedences[PlacedRule] = Precedences()
    made: Precedences[PlacedRule] = Precedences()
    for placed in rules:
        rule = placed.rule
        if not rule.references:
            if rule.precedence is not None:
                same = (*there.at(rule.precedence), *made.at(rule.precedence))
                written = tuple(o for o in same if o.rule.precedence == rule.precedence)
                yield placed, rule.precedence, written
                own = there if rule.is_out_of_box else made
                own.add(placed, rule.precedence, rule.identifier)
        elif not rule.is_out_of_box:
            precedence = made.place_for(rule)
            if precedence is None:
                made = Precedences()
            else:
                made.shift(precedence)
                made.add(placed, precedence, rule.identifier)


def _clash(
    others: Iterable[PlacedRule], rule: SyncRule
) -> tuple[PlacedRule, Severity | None] | None:
    """Return a rule that forbids a precedence to another, and how grave that is."""
    doubtful = None
    for other in others:
        if not may_share(other.rule, rule):
            return other, None
        if not (other.rule.is_out_of_box or rule.is_out_of_box):  # those are never moved
            doubtful = doubtful or (other, Severity.WARNING)
    return doubtful


def may_share(one: SyncRule, other: SyncRule) -> bool:
    """Return whether two rules may have one precedence on an old server.

    Until release 2.0.3.0 outbound rules of two connectors could (Microsoft's version history).
    """
    return one.direction == other.direction == OUTBOUND and one.connector != other.connector


def _line(source: Source, placed: PlacedRule) -> int:
    return source.line_and_column(placed.command.start)[0]


def _one_identifier(line: int) -> Problem:
    return Problem(
        Code.SR330,
        f"The rule at line {line} has the same Identifier: Add-ADSyncRule would silently "
        "overwrite it.",
        f"Export the two rules again {BY_EDITOR}, or delete the one that is a copy.",
    )


def _one_precedence(line: int, precedence: int, severity: Severity | None) -> Problem:
    message = f"The rule at line {line} has the same precedence, {precedence}: "
    if severity is None:
        return Problem(
            Code.SR332,
            message + "the server refuses the second of the two.",
            "Give one of them another precedence, 0–99.",
        )
    return Problem(
        Code.SR332,
        message + "servers before version 2.0.3.0 allow that for outbound rules of two connectors, "
        "and later ones refuse the second of the two.",
        "Add --precedence compact to renumber the rules in their order, or give one of them "
        "another precedence.",
        severity,
    )
