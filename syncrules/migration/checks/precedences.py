"""Precedences that are taken on the staging server, and those that no custom rule should have."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import (
    Code,
    Diagnostic,
    Option,
    Problem,
    Several,
    Severity,
    Span,
    has_errors,
)
from syncrules.exports.export import Export
from syncrules.rules.model import MAX_CUSTOM_PRECEDENCE

from ..context import Collision, Context
from ..plan import PlannedRule
from .creation_order import creation_order, order_to_use

__all__ = ["doubtful_precedences", "taken_precedences"]


def taken_precedences(context: Context) -> Iterator[Diagnostic]:
    """Yield the rules whose precedence another rule has when they are created."""
    better = context.placing.one_by_one
    stay = {c.rule.origin for c in better.collisions} if better is not None else set()
    is_order_told = has_errors(creation_order(context))
    told = _told_by_exports(context)
    for collision in context.placing.collisions:
        moving = collision.rule.origin
        by_order = better is not None and moving not in stay
        is_told = (moving.export, Span.of(moving.placed.command)) in told
        if is_told or (by_order and is_order_told):
            continue
        order = order_to_use(context) if by_order else ""
        yield _taken(collision, order).at(moving.place(moving.placed.precedence))
        is_order_told |= by_order


def _told_by_exports(context: Context) -> set[tuple[Export, Span | None]]:
    """Return where reading the exports has told of the same precedence."""
    return {(e, d.span) for e in context.given for d in e.diagnostics if d.code is Code.SR332}


def _taken(collision: Collision, order: str) -> Problem:
    rule, precedence, owner, was_allowed = collision
    what = f"The precedence {precedence} of '{rule.before.name}' is not free"
    renumber = f"add {_COMPACT} to renumber the rules in their current order."
    if isinstance(owner, PlannedRule):
        has_it = f"'{owner.before.name}' of {owner.file} has it"
        if was_allowed:
            return Problem(
                Code.SR440,
                f"{what}: {has_it}. Servers before version 2.0.3.0 allow that for outbound rules "
                "of two connectors, and later ones refuse the second of the two.",
                f"Give one of them another precedence, or {renumber}",
                Severity.WARNING,
                options=(_COMPACT,),
            )
        if owner.after.precedence != precedence:
            has_it += " by then, since rules that are placed move others"
    else:
        has_it = f"'{owner.name}' has it on the staging server ({owner.file})"
    return Problem(
        Code.SR440,
        f"{what}: {has_it}. Two rules cannot have the same precedence.",
        order or _another_precedence(precedence, renumber),
        options=() if order else (_COMPACT,),
    )


def _another_precedence(precedence: int, renumber: str) -> str:
    if precedence <= MAX_CUSTOM_PRECEDENCE:
        return f"Give one of them another precedence of 0–{MAX_CUSTOM_PRECEDENCE}, or {renumber}"
    return (
        "If the rule belongs among the out-of-box rules, place it there with -PrecedenceBefore and "
        "the identifier of one of them. If it may come before all of them, give it a precedence "
        f"of 0–{MAX_CUSTOM_PRECEDENCE}, or {renumber}"
    )


def doubtful_precedences(context: Context) -> Iterator[Diagnostic]:
    """Yield the rules whose own precedence is none that a custom rule should have."""
    for rule in context.placing.rules:
        if rule.after.reference is not None:
            continue
        moving, precedence = rule.origin, rule.after.precedence or 0
        place = moving.place(moving.placed.precedence)
        if precedence == 0:
            yield _none(context, rule).at(place)
        elif precedence > MAX_CUSTOM_PRECEDENCE:
            yield _high(context, rule).at(place)


_COMPACT = Option("--precedence", "compact")
_SHOULD_BE = (
    f"custom rules should be 0–{MAX_CUSTOM_PRECEDENCE}; higher ones shift whenever out-of-box "
    "rules are added."
)


def _none(context: Context, rule: PlannedRule) -> Problem:
    named = context.named(rule.before)
    has = "the precedence 0" if rule.origin.placed.precedence else "no precedence"
    return Problem(
        Code.SR443,
        f"{named} has {has} and is not placed before or after another rule; that setting may have "
        "been lost.",
        f"Give it a precedence from 1 to {MAX_CUSTOM_PRECEDENCE}, or the -PrecedenceBefore that it "
        "had.",
        several=Several(
            f"rules have {has} and are not placed before or after another rule; that setting may "
            "have been lost.",
            f"Give each a precedence from 1 to {MAX_CUSTOM_PRECEDENCE}, or the -PrecedenceBefore "
            "that it had.",
            (named,),
        ),
    )


def _high(context: Context, rule: PlannedRule) -> Problem:
    named, precedence = context.named(rule.before), rule.after.precedence
    return Problem(
        Code.SR442,
        f"{named} has the precedence {precedence}; {_SHOULD_BE}",
        f"Give it a precedence of 0–{MAX_CUSTOM_PRECEDENCE}, or add {_COMPACT}.",
        options=(_COMPACT,),
        several=Several(
            f"custom rules have a precedence above {MAX_CUSTOM_PRECEDENCE}; {_SHOULD_BE}",
            f"Give them precedences of 0–{MAX_CUSTOM_PRECEDENCE}, or add {_COMPACT}.",
            (named, f"precedence {precedence}"),
        ),
    )
