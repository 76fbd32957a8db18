"""What moves, as a part of the text report: files or rules in order, and why precedences change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from syncrules.migration.making_room import made_room_for
from syncrules.migration.moving_rules import MovingRule
from syncrules.migration.plan import Plan, PlannedRule
from syncrules.rules.model import BEFORE, SyncRule
from syncrules.servers.model import ServerRule
from syncrules.wording import first_of

from .page import Page

__all__ = ["SHORTER", "Part", "files_that_move", "first_lines", "rules_that_move", "some_of"]


class Part(NamedTuple):
    """A line, and rules listed below it."""

    head: str
    rules: Sequence[str] = ()
    lead: str = "   - "


SHORTER = (*((rules, None) for rules in (12, 8, 6, 5, 4, 3, 2, 1)), (1, 12), (1, 6), (1, 3))
"""How many rules of each part, and how many parts, are listed where there is little room."""


def some_of(parts: Sequence[Part], rules: int | None, most: int | None) -> Iterator[str]:
    """Yield parts with so many of their rules each; `None` leaves nothing out."""
    for part in parts[:most]:
        if part.head:
            yield part.head
        yield from first_lines(part.rules, rules, part.lead)
    if most is not None and len(parts) > most:
        yield f"and {len(parts) - most} more (-v lists them)"


def first_lines(lines: Sequence[str], most: int | None, lead: str = "") -> Iterator[str]:
    """Yield the first of many lines, and how many more there are."""
    # One more takes as much room as to say so.
    limit = len(lines) if most is None or len(lines) <= most + 1 else most
    yield from (f"{lead}{line}" for line in lines[:limit])
    if limit < len(lines):
        yield f"{lead}and {len(lines) - limit} more (-v lists them)"


def files_that_move(plan: Plan, paper: Page) -> Iterator[Part]:
    """Yield the files in the order to run them, with the rules of each."""
    for number, file in enumerate(plan.files, start=1):
        if file.origin is None:
            yield Part(f"{number}. {file.name} disables {_disabled(plan, paper)}")
            continue
        own = [r for r in plan.rules if r.origin.export is file.origin]
        is_mapped = all(rule.origin.is_mapped for rule in own)
        kept = " (mapped by an earlier run: its connectors and references are kept)"
        head = f"{number}. {file.name}, from {file.origin.name}{kept if is_mapped else ''}"
        yield Part(head, [_described(plan, rule, paper) for rule in own])
    yield from _reasons(plan)


def rules_that_move(
    plan: Plan, paths: Iterable[tuple[PlannedRule, str]], paper: Page
) -> Iterator[Part]:
    """Yield the originals that 2-apply.ps1 disables, and the rules with their files in the kit."""
    if plan.disabled:
        yield Part(f"2-apply.ps1 first disables {_disabled(plan, paper)}")
    rules = [
        f"{number}. {_described(plan, rule, paper)}{f', {path}' if paper.lists_all else ''}"
        for number, (rule, path) in enumerate(paths, start=1)
    ]
    yield Part("", rules, "")
    yield from _reasons(plan)


def _disabled(plan: Plan, paper: Page) -> str:
    names = [plan.staging.named(pair.staging) for pair in plan.disabled]
    return first_of(names, len(names) if paper.lists_all else 2)


def _described(plan: Plan, planned: PlannedRule, paper: Page) -> str:
    """Return a rule that moves on one line."""
    state = ", disabled" if planned.after.disabled else ""
    name = _named(plan, planned.before)
    return f"{name}, {_precedence(plan, planned, paper)}{state}"


def _named(plan: Plan, rule: SyncRule | ServerRule) -> str:
    is_active = plan.active.connector(rule.connector) is not None
    return (plan.active if is_active else plan.staging).named(rule)


# ---- Precedences ---------------------------------------------------------------------------------


def _precedence(plan: Plan, planned: PlannedRule, paper: Page) -> str:
    before, after, final = planned.before.precedence, planned.after.precedence, planned.final
    if planned.after.references:
        end = "" if final is None else f", final precedence {final}"
        return f"placed {_where(plan, planned)}{end}"
    if after is None:
        return "no precedence given"
    given = (
        f"precedence {after}" if before == after else f"precedence {before} {paper.arrow} {after}"
    )
    if final is None or final == after:
        return given
    return f"{given} (becomes {final})"


def _where(plan: Plan, planned: PlannedRule) -> str:
    resolution = planned.resolution
    if resolution is None:
        return "by a reference"
    anchor = resolution.anchor
    name = _named(plan, anchor.rule if isinstance(anchor, MovingRule) else anchor)
    where = "before" if resolution.reference.parameter == BEFORE else "after"
    return f"{where} {name}"


def _reasons(plan: Plan) -> Iterator[Part]:
    """Yield why precedences become others."""
    reasons = dict.fromkeys(one for all_ in made_room_for(plan.rules).values() for one in all_)
    if reasons:
        names = first_of([_named(plan, one.before) for one in reasons], 2)
        yield Part(f"becomes: the server moves rules down to make room for {names}.")
