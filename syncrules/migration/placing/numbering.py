"""Precedences: what is free on the staging server, and what it will show in the end.

Source: "Advanced precedence" in Microsoft's change-the-configuration page. A rule with a
-PrecedenceBefore takes the named rule's number, and that rule and all behind it move up by one;
-PrecedenceAfter, its mirror image, is documented nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from syncrules.diagnostics import Diagnostic, Severity, printable
from syncrules.migration.context import Situation, has_reference
from syncrules.migration.moving_rules import Moving
from syncrules.rules.model import HIGHEST_CUSTOM, SyncRule
from syncrules.servers.model import ServerRule

from .references import Resolution

__all__ = ["Numbers", "Step", "doubtful", "numbered_anew", "simulate"]


@dataclass(frozen=True, slots=True)
class Step:
    """A rule to be created: `number` is what its script says, `before` and `after` whom it names.

    The two are identifiers on the staging server.
    """

    moving: Moving
    number: int
    before: str | None
    after: str | None
    identifier: str | None


# ---- Numbering anew ------------------------------------------------------------------------------


def numbered_anew(
    situation: Situation, resolutions: Mapping[int, Resolution]
) -> tuple[Mapping[int, int], list[Diagnostic]]:
    """Return new numbers for the rules to move, by their place in `situation.moving`.

    Their order is kept; numbers that the staging server's rules have are passed over. Number 0
    is what a rule has that is placed by another, so counting begins at 1.
    """
    first = situation.choices.first_precedence
    if first is None:
        return {}, []
    order = _final_order(situation.moving, resolutions)
    taken = {r.precedence for r in situation.staging.rules}
    taken |= {m.rule.precedence for m in situation.moving if m.is_mapped}
    free = [n for n in range(max(first, 1), HIGHEST_CUSTOM + 1) if n not in taken]
    if resolutions:  # a rule that is placed moves others: no other rule may be among them
        behind = max((n for n in taken if n is not None and n <= HIGHEST_CUSTOM), default=0)
        run = [n for n in free if n > behind + len(resolutions)]
        free = run if len(run) >= len(order) else free
    if len(order) > len(free):
        fit = f"{len(order)} rules are to be numbered, and {len(free)} numbers are free"
        return {}, [
            Diagnostic(
                "SR444",
                Severity.ERROR,
                f"{fit} from {first} to {HIGHEST_CUSTOM} on the staging server.",
                "Begin at a smaller number, move fewer rules, or combine some.",
            )
        ]
    final = dict(zip(order, free, strict=False))
    findings = [_before_all(situation.moving[i], n) for i, n in final.items()]
    return {
        index: final[index] - sum(1 for o in order[:rank] if o > index and o in resolutions)
        for rank, index in enumerate(order)
        if index not in resolutions
    }, [f for f in findings if f is not None]


def _before_all(moving: Moving, number: int) -> Diagnostic | None:
    """Say that a rule leaves its place among the out-of-box ones."""
    was = moving.rule.precedence or 0
    if was <= HIGHEST_CUSTOM:
        return None
    span = moving.read.precedence.span if moving.read.precedence else None
    return moving.finding(
        "SR446",
        f"'{printable(moving.rule.name)}' stood among or behind the out-of-box rules, at {was}; "
        f"numbered anew as {number}, it comes before all of them.",
        "If others should win, leave its number, or place it with a -PrecedenceBefore.",
        Severity.WARNING,
        span,
    )


def _final_order(moving: Sequence[Moving], resolutions: Mapping[int, Resolution]) -> list[int]:
    """Return the places of the rules to be numbered in the order that the server will show."""
    places = {id(m.read): index for index, m in enumerate(moving)}
    order = sorted(
        (i for i, m in enumerate(moving) if not m.is_mapped and not has_reference(m.rule)),
        key=lambda i: (moving[i].rule.precedence or 0, i),
    )
    for index, resolution in sorted(resolutions.items()):
        anchor = resolution.anchor
        at = places.get(id(anchor.read)) if isinstance(anchor, Moving) else None
        if at in order:
            after = resolution.reference.parameter == "PrecedenceAfter"
            order.insert(order.index(at) + after, index)
    return order


# ---- What the server will show -------------------------------------------------------------------


@dataclass(slots=True)
class _Numbers:
    """The numbers on a server while rules are added. Its keys are places in `names`."""

    owners: list[ServerRule | Moving] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    by_identifier: dict[str, int] = field(default_factory=dict)
    taken: dict[int, int] = field(default_factory=dict)

    def add(self, owner: ServerRule | Moving, number: int, identifier: str | None) -> None:
        self.taken.setdefault(number, len(self.numbers))
        if identifier:
            self.by_identifier[identifier] = len(self.numbers)
        self.owners.append(owner)
        self.numbers.append(number)

    def shift(self, start: int) -> None:
        """Move all from a number on up by one."""
        self.numbers = [n + 1 if n >= start else n for n in self.numbers]
        self.taken = {(n + 1 if n >= start else n): key for n, key in self.taken.items()}


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers that the server shows; `None` where one is not known.

    `created` are those of the steps right after their creation, `shown` in the end; `there` are
    those of staging's own rules in the end.
    """

    created: tuple[int | None, ...]
    shown: tuple[int | None, ...]
    there: tuple[int | None, ...]
    not_free: tuple[Diagnostic, ...]


def simulate(staging: Iterable[ServerRule], steps: Iterable[Step]) -> Numbers:
    """Add rules to a server as the scripts will."""
    staging = tuple(staging)
    numbers = _Numbers()
    for rule in staging:
        if rule.precedence is not None:
            numbers.add(rule, rule.precedence, rule.identifier)
    findings: list[Diagnostic] = []
    created: list[int | None] = []
    for step in steps:
        number = _number(step, numbers)
        created.append(number)
        if number is None:
            continue
        if step.before or step.after:
            numbers.shift(number)
        elif number in numbers.taken and step.identifier not in numbers.by_identifier:
            findings += _not_free(step, number, numbers.owners[numbers.taken[number]])
        numbers.add(step.moving, number, step.identifier)
    final = iter(numbers.numbers)
    there = tuple(None if rule.precedence is None else next(final) for rule in staging)
    shown = tuple(None if number is None else next(final) for number in created)
    return Numbers(tuple(created), shown, there, tuple(findings))


def _number(step: Step, numbers: _Numbers) -> int | None:
    """Return the number that a rule gets, or `None` where that of the rule it names is unknown."""
    if step.before:
        at = numbers.by_identifier.get(step.before)
        return None if at is None else numbers.numbers[at]
    if step.after:
        at = numbers.by_identifier.get(step.after)
        return None if at is None else numbers.numbers[at] + 1
    return step.number


def _not_free(step: Step, number: int, owner: ServerRule | Moving) -> Iterator[Diagnostic]:
    moving = step.moving
    if isinstance(owner, Moving):
        if owner.export is moving.export and _as_written(owner, number):
            return  # the export itself says so
        who = f"'{printable(owner.rule.name)}' of {printable(owner.export.name)} has it"
    else:
        who = f"'{printable(owner.name)}' has it on the staging server ({printable(owner.source)})"
    span = moving.read.precedence.span if moving.read.precedence else None
    yield moving.finding(
        "SR440",
        f"The precedence {number} of '{printable(moving.rule.name)}' is not free: {who}. The "
        "server refuses the second rule of a number.",
        "Give one of them another number below 100, or add --precedence after=N with a free N."
        if number <= HIGHEST_CUSTOM
        else "A rule among the out-of-box ones was placed by a reference: give the script that has "
        "its -PrecedenceBefore, or give it a number below 100 with --precedence compact.",
        span=span,
    )


def _as_written(owner: Moving, number: int) -> bool:
    rule: SyncRule = owner.rule
    return rule.precedence == number and not has_reference(rule)


def doubtful(steps: Iterable[Step]) -> Iterator[Diagnostic]:
    """Yield the rules whose own number is none that a custom rule should have."""
    for step in steps:
        moving = step.moving
        if step.before or step.after:
            continue
        span = moving.read.precedence.span if moving.read.precedence else None
        if step.number == 0:
            yield moving.finding(
                "SR443",
                f"'{printable(moving.rule.name)}' has "
                f"{'the precedence 0' if moving.read.precedence else 'no precedence'} and names no "
                "rule that places it: the reference may have been lost.",
                "Give it a number from 1 to 99, or the -PrecedenceBefore that it had.",
                Severity.WARNING,
                span,
            )
        elif step.number > HIGHEST_CUSTOM:
            yield moving.finding(
                "SR442",
                f"'{printable(moving.rule.name)}' has the precedence {step.number}; custom rules "
                f"have 0 to {HIGHEST_CUSTOM}, and others move when the server gets more out-of-box "
                "rules.",
                "Give it a number below 100, or add --precedence compact.",
                Severity.WARNING,
                span,
            )
