"""Servers whose rules stand in some order, and exports of the custom ones in another."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

import syncrules
from support.builders import ENTRA, export, guid, out_of_box, rule
from support.known_servers import complete
from syncrules import Export, Server, SyncRule
from syncrules.rules.guids import ZERO_GUID

__all__ = ["Ordered", "moved_as_told", "ordered_rules", "shown"]

OUT_OF_BOX = 900


@dataclass(frozen=True)
class Ordered:
    """Custom rules as their exports have them, with what the active server shows of all rules.

    `files` are the rules of each export; `on_active` are precedences by identifier.
    """

    files: tuple[tuple[SyncRule, ...], ...]
    standard: tuple[SyncRule, ...]
    on_active: Mapping[str, int]

    @property
    def exports(self) -> tuple[Export, ...]:
        """The exports, read."""
        return tuple(export(*own, name=f"{n}.ps1") for n, own in enumerate(self.files))

    @property
    def active(self) -> Server:
        """The active server, known completely; a rule that is saved names none any more."""
        rules = (r for own in (*self.files, self.standard) for r in own)
        return complete(rules=tuple(_saved(r, self.on_active) for r in rules))

    @property
    def staging(self) -> Server:
        """The staging server: the out-of-box rules in the same order, under other numbers."""
        return complete(
            rules=tuple(
                replace(r, identifier=guid(800 + n), precedence=100 + n)
                for n, r in enumerate(self.standard)
            ),
            name="staging",
        )

    def order(self) -> list[str]:
        """Return the names of the custom rules in the active server's order."""
        rules = [r for own in self.files for r in own]
        return [r.name for r in sorted(rules, key=lambda r: self.on_active[r.identifier or ""])]


def _saved(own: SyncRule, on_active: Mapping[str, int]) -> SyncRule:
    return replace(
        own,
        precedence=on_active[own.identifier or ""],
        precedence_before=ZERO_GUID,
        precedence_after=ZERO_GUID,
    )


def shown(plan: syncrules.Plan) -> list[str]:
    """Return the names of the rules that move, in the order that staging shows."""
    return [rung.name for rung in plan.ladder if rung.moves]


@st.composite
def ordered_rules(draw: st.DrawFn, *, most_files: int = 3) -> Ordered:
    """Draw custom rules that were created on the active server one by one.

    They are exported in any order, in any number of files.
    """
    dice = random.Random(draw(st.integers(0, 2**32)))
    standard = [
        replace(out_of_box(f"Out to AAD - {n}", OUT_OF_BOX + n, ENTRA), precedence=100 + n)
        for n in range(dice.randint(1, 4))
    ]
    numbers = {r.identifier or "": r.precedence or 0 for r in standard}
    custom: list[SyncRule] = []
    for number in range(1, draw(st.integers(1, 7)) + 1):
        made = _created(dice, number, list(numbers), numbers)
        custom.append(made)
        _add(numbers, made)
    # A rule of its own number is exported with the one that it shows now.
    custom = [
        r if r.references else replace(r, precedence=numbers[r.identifier or ""]) for r in custom
    ]
    dice.shuffle(custom)
    files: list[list[SyncRule]] = [[] for _ in range(draw(st.integers(1, most_files)))]
    for made in custom:
        dice.choice(files).append(made)
    return Ordered(tuple(tuple(f) for f in files if f), tuple(standard), numbers)


def _created(
    dice: random.Random, number: int, known: Sequence[str], numbers: Mapping[str, int]
) -> SyncRule:
    made = replace(rule(f"Out to AAD - Custom {number}", number, ENTRA), precedence=0)
    way = dice.choice(["number", "precedence_before", "precedence_after"])
    if way != "number":
        return replace(made, **{way: dice.choice(known)})  # type: ignore[arg-type]
    free = [n for n in range(1, dice.choice((8, 60))) if n not in numbers.values()]
    return replace(made, precedence=dice.choice(free or [70 + number]))


def _add(numbers: dict[str, int], made: SyncRule) -> None:
    at = made.precedence or 0
    for named, offset in ((made.precedence_before, 0), (made.precedence_after, 1)):
        if named != ZERO_GUID:
            at = numbers[named or ""] + offset
            for key in numbers:
                numbers[key] += numbers[key] >= at
    numbers[made.identifier or ""] = at


_MOVE = re.compile(r"Move the rule '([^']+)' \(line \d+\) (?:above '([^']+)' |to the end)")


def moved_as_told(rules: Iterable[SyncRule], hint: str) -> tuple[SyncRule, ...]:
    """Return a file's rules after a person has done what a hint says."""
    ordered = list(rules)
    moves = _MOVE.findall(hint)
    assert moves, hint
    for name, before in moves:
        own = next(r for r in ordered if r.name == name)
        ordered.remove(own)
        names = [r.name for r in ordered]
        ordered.insert(names.index(before) if before else len(ordered), own)
    return tuple(ordered)
