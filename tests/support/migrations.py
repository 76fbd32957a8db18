"""Worlds migrated by the command, and what it made of them held against what is true."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.builders import Outcome, run
from support.worlds import KINDS, Given, World, can_be_told, give, make_world, write_exports
from syncrules.rules.model import ENTRA_CONNECTOR

__all__ = ["Run", "migrate", "verdict", "wrong"]

AMBIGUOUS = {"SR404", "SR405", "SR406"}
"""No connector to go to, none of the kind, or several: what files that show too little come to."""


@dataclass(frozen=True)
class Run:
    """A world, what was given of it, and what the command made of that."""

    world: World
    here: Given
    there: Given
    outcome: Outcome
    given: dict[str, str]
    """What --map said."""

    @property
    def document(self) -> dict[str, Any]:
        """The JSON that the command printed."""
        found: dict[str, Any] = json.loads(self.outcome.stdout)
        return found

    @property
    def errors(self) -> list[str]:
        """The codes of the errors."""
        return [d["code"] for d in self.document["diagnostics"] if d["severity"] == "error"]

    @property
    def is_decided(self) -> bool:
        """Whether there is no doubt at all: both servers are whole, or --map says it."""
        whole = self.here.complete and self.there.complete
        return whole or self.world.needed - {ENTRA_CONNECTOR} <= self.given.keys()


def migrate(seed: int, folder: Path) -> Run:
    """Make a world and what is known of it, and run the command."""
    dice = random.Random(seed)
    kinds = KINDS[seed % len(KINDS)], KINDS[seed // len(KINDS) % len(KINDS)]
    # A rule that is saved shows its number, and no longer the rule that it was placed by.
    from_configuration = kinds[0] == "configuration" and dice.random() < 0.5
    world = make_world(seed, with_references=not from_configuration)
    here = give(world, folder / "active", kinds[0], dice, of_active=True)
    there = give(world, folder / "staging", kinds[1], dice, of_active=False)
    exports = here.paths if from_configuration else write_exports(world, folder / "custom", dice)
    given = {}
    if dice.random() < 0.3:
        given = {a: s for a, s in world.true_connectors.items() if a in world.needed}
        given.pop(ENTRA_CONNECTOR, None)
    options: list[str | Path] = ["--format", "json", "--out", folder / "mapped"]
    for path in here.paths:
        options += ["--active", path]
    for path in there.paths:
        options += ["--staging", path]
    for old, new in given.items():
        options += ["--map", f"{old}={new}"]
    return Run(world, here, there, run("remap", *exports, *options), given)


def verdict(found: Run) -> str:
    """Return 'mapped', 'refused' or 'wrong'; what may not be refused is wrong too."""
    if found.outcome.code == 0:
        return "mapped" if not wrong(found) else "wrong"
    right = not found.is_decided and set(found.errors) <= AMBIGUOUS
    told = can_be_told(found.world, found.here, found.there)
    return "refused" if right and not told else "wrong"


def wrong(found: Run) -> list[str]:
    """Return what the plan says that is not true."""
    world, document = found.world, found.document
    said = [
        f"connector {p['from']} -> {p['to']}"
        for p in document["pairs"]
        if world.true_connectors[p["from"]] != p["to"]
    ]
    said += [
        f"rule {p['from']} -> {p['to']}"
        for p in document["rule_pairs"]
        if world.true_rules[p["from"]] != p["to"]
    ]
    expected = world.expected()
    moved = {r["identifier"]: r for r in document["rules"]}
    if moved.keys() != expected.keys():
        said.append(f"moved {sorted(moved)} instead of {sorted(expected)}")
    for identifier, rule in moved.items():
        true = expected[identifier]
        for key in ("name", "connector", "precedence_before", "precedence_after"):
            if rule[key] != getattr(true, key):
                said.append(f"{key} of {identifier}: {rule[key]}, not {getattr(true, key)}")
    disabled = {p["to"] for p in document["disabled"]}
    due = {i for i in world.to_disable() if _is_shown(found, i)}
    if disabled != due:
        said.append(f"disables {sorted(disabled)} and should {sorted(due)}")
    return [*said, *_wrong_numbers(found, moved)]


def _wrong_numbers(found: Run, moved: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield the precedences that the server will not show; they are known from all of its rules."""
    if "configuration" in (p.name for p in found.there.paths):
        after = found.world.after(moved)
        for identifier, rule in moved.items():
            if rule["precedence_shown"] != after[identifier].precedence:
                yield f"{identifier} shows {after[identifier].precedence} in the end"


def _is_shown(found: Run, target: str) -> bool:
    """Return whether the files show what is needed to disable a rule.

    The active server's its state, the staging server's the rule, and both which connector it is of.
    """
    (source,) = (s for s, t in found.world.true_rules.items() if t == target)
    (rule,) = (r for r in found.world.staging_rules if r.identifier == target)
    paired = {p["to"] for p in found.document["pairs"]}
    return (
        source in found.here.states_shown
        and target in found.there.rules_shown
        and rule.connector in paired
    )
