"""Precedences that are taken on the staging server, and those that no custom rule should have."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Problem
from syncrules.rules.model import MAX_CUSTOM_PRECEDENCE

from ..context import Collision, Context
from ..plan import PlannedRule

__all__ = ["doubtful_precedences", "taken_precedences"]


def taken_precedences(context: Context) -> Iterator[Diagnostic]:
    """Yield the rules whose precedence another rule has when they are created."""
    for collision in context.placing.collisions:
        if not _is_told_by_the_export(collision):
            moving = collision.rule.origin
            yield _taken(collision).at(moving.place(moving.placed.precedence))


def _is_told_by_the_export(collision: Collision) -> bool:
    owner = collision.owner
    return (
        isinstance(owner, PlannedRule)
        and owner.origin.export is collision.rule.origin.export
        and owner.before.precedence == collision.precedence
        and not owner.before.references
    )


def _taken(collision: Collision) -> Problem:
    owner, precedence = collision.owner, collision.precedence
    who = (
        f"'{owner.before.name}' of {owner.file} has it"
        if isinstance(owner, PlannedRule)
        else f"'{owner.name}' has it on the staging server ({owner.file})"
    )
    return Problem(
        Code.SR440,
        f"The precedence {precedence} of '{collision.rule.before.name}' is not free: {who}. The "
        "server refuses the second rule of a number.",
        "Give one of them another number below 100, or add --precedence after=N with a free N."
        if precedence <= MAX_CUSTOM_PRECEDENCE
        else "A rule among the out-of-box ones was placed by a reference: give the script that has "
        "its -PrecedenceBefore, or give it a number below 100 with --precedence compact.",
    )


def doubtful_precedences(context: Context) -> Iterator[Diagnostic]:
    """Yield the rules whose own precedence is none that a custom rule should have."""
    for rule in context.placing.rules:
        if rule.after.reference is not None:
            continue
        moving, precedence = rule.origin, rule.after.precedence or 0
        place = moving.place(moving.placed.precedence)
        if precedence == 0:
            yield _none(rule).at(place)
        elif precedence > MAX_CUSTOM_PRECEDENCE:
            yield _high(rule).at(place)


def _none(rule: PlannedRule) -> Problem:
    has = "the precedence 0" if rule.origin.placed.precedence else "no precedence"
    return Problem(
        Code.SR443,
        f"'{rule.before.name}' has {has} and names no rule that places it: the reference may have "
        "been lost.",
        "Give it a number from 1 to 99, or the -PrecedenceBefore that it had.",
    )


def _high(rule: PlannedRule) -> Problem:
    return Problem(
        Code.SR442,
        f"'{rule.before.name}' has the precedence {rule.after.precedence}; custom rules have 0 to "
        f"{MAX_CUSTOM_PRECEDENCE}, and others move when the server gets more out-of-box rules.",
        "Give it a number below 100, or add --precedence compact.",
    )
