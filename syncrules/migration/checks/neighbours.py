"""Whether a rule stands between the same rules on both servers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Problem
from syncrules.rules.enumerations import DIRECTIONS
from syncrules.rules.model import RuleReference

from ..context import Context
from ..plan import PlannedRule

__all__ = ["Overtaking", "RankedRule", "changed_neighbours", "overtakings"]


class RankedRule(NamedTuple):
    """A rule with its precedence on the active server and on the staging server."""

    name: str
    active: int
    staging: int
    planned: PlannedRule | None = None
    """The rule itself, if it is one that moves."""


class Overtaking(NamedTuple):
    """Two rules that change places: `ahead` says whether the other comes first on staging."""

    at: int
    other: int
    ahead: bool


def overtakings(rules: Sequence[RankedRule], moving: Iterable[int]) -> Iterator[Overtaking]:
    """Yield the rules of `moving` (places in `rules`) that stand on another side of a rule.

    One other rule is named for each way in which the order changes.
    """
    by_active = sorted(range(len(rules)), key=lambda i: (rules[i].active, rules[i].staging))
    by_staging = sorted(range(len(rules)), key=lambda i: (rules[i].staging, rules[i].active))
    active_rank = {index: rank for rank, index in enumerate(by_active)}
    staging_rank = {index: rank for rank, index in enumerate(by_staging)}
    last_on_staging = _running_maximum(by_active, staging_rank)
    last_on_active = _running_maximum(by_staging, active_rank)
    for index in moving:
        active, staging = active_rank[index], staging_rank[index]
        falls_behind = last_on_staging[active]
        if staging_rank[falls_behind] > staging:
            yield Overtaking(index, falls_behind, ahead=False)
        overtakes = last_on_active[staging]
        if active_rank[overtakes] > active:
            yield Overtaking(index, overtakes, ahead=True)


def _running_maximum(order: Sequence[int], ranks: dict[int, int]) -> list[int]:
    """Return for each place the rule up to there that stands last in the other order."""
    found: list[int] = []
    for index in order:
        last = found[-1] if found else index
        found.append(index if ranks[index] > ranks[last] else last)
    return found


# ---- Of a migration ------------------------------------------------------------------------------


def changed_neighbours(context: Context) -> Iterator[Diagnostic]:
    """Yield the rules that stand between others on staging than on the active server.

    Inbound rules and outbound ones flow to different places: their order does not matter.
    """
    for direction in DIRECTIONS:
        moving = [*_moving(context, direction)]
        ranked = [*_paired(context, direction), *moving]
        swapped = [*_swapped(moving)]
        for first, second in swapped:
            yield _swaps(first, second).at(first.origin.place())
        told = {planned for pair in swapped for planned in pair}
        for overtaking in overtakings(ranked, range(len(ranked) - len(moving), len(ranked))):
            own, other = ranked[overtaking.at].planned, ranked[overtaking.other].planned
            assert own is not None  # only moving rules are asked for
            if own not in told or other not in told:
                name = ranked[overtaking.other].name
                yield _stands_otherwise(own, name, ahead=overtaking.ahead).at(own.origin.place())


def _swapped(moving: Iterable[RankedRule]) -> Iterator[tuple[PlannedRule, PlannedRule]]:
    """Yield the rules that are placed by one rule and change places among themselves.

    The first of the two comes first on the active server, and second on staging.
    """
    placed: dict[RuleReference, list[RankedRule]] = {}
    for ranked in moving:
        if ranked.planned is not None and ranked.planned.before.reference is not None:
            placed.setdefault(ranked.planned.before.reference, []).append(ranked)
    for rules in placed.values():
        for overtaking in overtakings(rules, range(len(rules))):
            one, other = rules[overtaking.at].planned, rules[overtaking.other].planned
            assert one is not None
            assert other is not None
            if overtaking.ahead:
                yield one, other


def _paired(context: Context, direction: str) -> Iterator[RankedRule]:
    """Yield the out-of-box rules of both servers."""
    final = {s.rule.identifier: s.final for s in context.placing.standing if s.rule.identifier}
    for pair in context.rule_pairing.pairs.values():
        active, staging = pair.active.precedence, final.get(pair.staging.identifier or "")
        if pair.active.direction == direction and active is not None and staging is not None:
            yield RankedRule(pair.active.name, active, staging)


def _moving(context: Context, direction: str) -> Iterator[RankedRule]:
    for planned in context.placing.rules:
        active, final = _precedence_on_active(context, planned), planned.final
        if planned.before.direction == direction and active is not None and final is not None:
            yield RankedRule(planned.before.name, active, final, planned)


def _precedence_on_active(context: Context, planned: PlannedRule) -> int | None:
    """Return what the active server shows; an export with a reference does not tell it."""
    if planned.origin.is_mapped:
        return None
    known = context.on_active.get(planned.before.identifier or "")
    precedence = known.precedence if known is not None else planned.before.precedence
    return None if planned.before.references and not precedence else precedence


def _swaps(first: PlannedRule, second: PlannedRule) -> Problem:
    return Problem(
        Code.SR447,
        f"'{first.before.name}' comes before '{second.before.name}' on the active server, and "
        "would come after it on staging: both name the same rule, and are created in an order that "
        "swaps them. If both set the same attribute, the wrong one would win.",
        "Create them in the other order: put one above the other in the file, or give its file "
        f"first. Or let '{second.before.name}' name '{first.before.name}' with -PrecedenceAfter, "
        "below it.",
    )


def _stands_otherwise(planned: PlannedRule, other: str, *, ahead: bool) -> Problem:
    now, before = ("after", "before") if ahead else ("before", "after")
    return Problem(
        Code.SR445,
        f"'{planned.before.name}' stood {before} '{other}' on the active server and "
        f"will stand {now} it on staging: where both flow an attribute, the other of the two wins.",
        "Compare the order of the two rules; if it matters, let the -PrecedenceBefore name the "
        "rule that comes first on staging."
        if planned.before.references
        else "Compare the order of the two rules; -PrecedenceBefore places a rule exactly.",
    )
