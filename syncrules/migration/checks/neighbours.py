"""Whether a rule stands between the same rules on both servers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from syncrules.diagnostics import Diagnostic, Severity, printable
from syncrules.migration.context import Situation, has_reference
from syncrules.migration.moving_rules import Moving
from syncrules.migration.placing.numbering import Numbers

__all__ = ["Changed", "Placed", "changed_neighbours", "other_neighbours"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule with its precedence on the active server and on the staging server."""

    name: str
    active: int
    staging: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A rule that another one overtakes: `ahead` says whether that one comes first on staging."""

    index: int
    other: str
    ahead: bool


def changed_neighbours(rules: Sequence[Placed], moving: Iterable[int]) -> Iterator[Changed]:
    """Yield the rules of `moving` (places in `rules`) that stand on another side of a rule.

    One other rule is named for each way in which the order changes.
    """
    by_active = sorted(range(len(rules)), key=lambda i: (rules[i].active, rules[i].staging))
    by_staging = sorted(range(len(rules)), key=lambda i: (rules[i].staging, rules[i].active))
    active_rank = {index: rank for rank, index in enumerate(by_active)}
    staging_rank = {index: rank for rank, index in enumerate(by_staging)}
    last_ahead = _running_maximum(by_active, staging_rank)
    last_there = _running_maximum(by_staging, active_rank)
    for index in moving:
        here, there = active_rank[index], staging_rank[index]
        falls_behind = last_ahead[here]
        if staging_rank[falls_behind] > there:
            yield Changed(index, rules[falls_behind].name, ahead=False)
        overtakes = last_there[there]
        if active_rank[overtakes] > here:
            yield Changed(index, rules[overtakes].name, ahead=True)


def _running_maximum(order: Sequence[int], ranks: dict[int, int]) -> list[int]:
    """Return for each place the rule up to there that stands last in the other order."""
    found: list[int] = []
    for index in order:
        last = found[-1] if found else index
        found.append(index if ranks[index] > ranks[last] else last)
    return found


# ---- Of a migration ------------------------------------------------------------------------------


def other_neighbours(situation: Situation, numbered: Numbers) -> Iterator[Diagnostic]:
    """Yield the rules that stand between others on staging than on the active server.

    Inbound rules and outbound ones flow to different places: their order does not matter.
    """
    yield from _of_direction(situation, numbered, "inbound")
    yield from _of_direction(situation, numbered, "outbound")


def _of_direction(situation: Situation, numbered: Numbers, direction: str) -> Iterator[Diagnostic]:
    numbers = {
        r.identifier: n
        for r, n in zip(situation.staging.rules, numbered.there, strict=True)
        if r.identifier
    }
    placed: list[Placed] = []
    for pair in situation.rules.pairs.values():
        number = numbers.get(pair.target.identifier or "")
        is_other = (pair.source.direction or "").lower() != direction
        if pair.source.precedence is not None and number is not None and not is_other:
            placed.append(Placed(pair.source.name, pair.source.precedence, number))
    first = len(placed)
    own: list[Moving] = []
    for moving, number in zip(situation.moving, numbered.shown, strict=True):
        active = _number_on_active(situation, moving)
        is_other = moving.rule.direction.lower() != direction
        if active is not None and number is not None and not is_other:
            placed.append(Placed(moving.rule.name, active, number))
            own.append(moving)
    for changed in changed_neighbours(placed, range(first, len(placed))):
        now, before = ("after", "before") if changed.ahead else ("before", "after")
        yield own[changed.index - first].finding(
            "SR445",
            f"'{printable(placed[changed.index].name)}' stood {before} '{printable(changed.other)}'"
            f" on the active server and will stand {now} it on staging: where both flow an "
            "attribute, the other of the two wins.",
            "Compare the order of the two rules; if it matters, let the -PrecedenceBefore name the "
            "rule that comes first on staging."
            if has_reference(own[changed.index - first].rule)
            else "Compare the order of the two rules; -PrecedenceBefore places a rule exactly.",
            Severity.WARNING,
        )


def _number_on_active(situation: Situation, moving: Moving) -> int | None:
    """Return the precedence that the active server shows; an export with a reference has none."""
    if moving.is_mapped:
        return None
    known = situation.on_active.get(moving.rule.identifier or "")
    number = known.precedence if known is not None else moving.rule.precedence
    return None if has_reference(moving.rule) and not number else number
