"""Worlds migrated by the command."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from support.builders import Outcome, run
from support.worlds import (
    KINDS,
    Exports,
    Feature,
    Given,
    World,
    drawn,
    exports_of,
    give,
    make_world,
    with_oddities,
)
from syncrules.rules.model import ENTRA_CONNECTOR

__all__ = ["Again", "Finding", "Json", "Run", "migrate"]

Json = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """A finding that the command printed; `text` is all that it says."""

    code: str
    severity: str
    text: str


@dataclass(frozen=True)
class Again:
    """What the command made of its own outputs, beside what they were."""

    outcome: Outcome
    before: dict[str, bytes]
    after: dict[str, bytes]


@dataclass(frozen=True)
class Run:
    """A world, what was given of it, and what the command made of that."""

    world: World
    here: Given
    there: Given
    exports: Exports
    outcome: Outcome
    given: dict[str, str]
    """What --map said."""
    partial: bool
    command: Literal["remap", "kit"]
    again: Again | None = None

    @cached_property
    def document(self) -> Json:
        """The JSON that the command printed."""
        found: Json = json.loads(self.outcome.stdout)
        return found

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings."""
        return tuple(
            Finding(d["code"], d["severity"], " ".join(_said(d)))
            for d in self.document["diagnostics"]
        )

    @property
    def errors(self) -> list[str]:
        """The codes of the errors."""
        return [f.code for f in self.findings if f.severity == "error"]

    @property
    def moved(self) -> dict[str, Json]:
        """The rules that move by identifier, in the order of their creation."""
        return {r["identifier"]: r for r in self.document["rules"]}

    @property
    def is_decided(self) -> bool:
        """Whether there is no doubt at all: both servers are whole, or --map says it.

        Forests of one name are told apart where both sides show the forests.
        """
        sides = (self.here, self.there)
        alike = Feature.SAME_NAMES in self.world.features
        whole = all(s.complete and (s.forests_shown or not alike) for s in sides)
        return whole or self.world.needed - {ENTRA_CONNECTOR} <= self.given.keys()


def _said(found: Json) -> Iterator[str]:
    """Yield all that a finding says: one cause may be of several places and things."""
    yield from (found["message"], found["hint"])
    yield from (place["file"] for place in found["places"])
    yield from (cell for row in found["rows"] for cell in row)


def migrate(seed: int, folder: Path, command: Literal["remap", "kit"] = "remap") -> Run:
    """Make a world and what is known of it, and run the command."""
    dice = random.Random(seed)
    kinds = KINDS[seed % len(KINDS)], KINDS[seed // len(KINDS) % len(KINDS)]
    # A rule that is saved shows its number, and no longer the rule that it was placed by.
    from_configuration = kinds[0] == "configuration" and dice.random() < 0.5
    world = make_world(seed, with_references=not from_configuration)
    # Apart, or what is new would get the identifiers of what is there.
    odd = random.Random(f"oddities of {seed}")
    features = drawn(odd, from_configuration=from_configuration)
    if features:
        with_oddities(world, features, odd)
    here = give(world, folder / "active", kinds[0], dice, of_active=True)
    there = give(world, folder / "staging", kinds[1], dice, of_active=False)
    exports = (
        Exports(here.paths, here.paths)
        if from_configuration
        else exports_of(world, folder / "custom", odd)
    )
    given = {}
    if dice.random() < 0.3:
        given = {a: s for a, s in world.true_connectors.items() if a in world.needed}
        given.pop(ENTRA_CONNECTOR, None)
    partial = Feature.FORGOTTEN in world.features and odd.random() < 0.5
    options: list[str | Path] = ["--format", "json", *(["--partial"] if partial else [])]
    for path in here.paths:
        options += ["--active", path]
    for path in there.paths:
        options += ["--staging", path]
    for old, new in given.items():
        options += ["--map", f"{old}={new}"]
    leave = [word for name in world.leave for word in ("--leave", name)]
    mapped = folder / "mapped"
    outcome = run(command, *exports.arguments, *options, *leave, "--out", mapped)
    found = Run(world, here, there, exports, outcome, given, partial, command)
    if Feature.AGAIN in world.features and command == "remap" and outcome.code == 0:
        names = [f["name"] for f in found.document["files"] if f["made_from"] is not None]
        outputs = [mapped / name for name in names]
        if world.left <= here.rules_shown:  # else no file holds what was left behind
            options += leave
        if outputs and not world.already:  # of what staging has, outputs hold nothing
            found = replace(found, again=_again(outputs, options, folder / "again", odd))
    return found


def _again(
    outputs: list[Path], options: list[str | Path], folder: Path, dice: random.Random
) -> Again:
    """Give outputs as EXPORT, one by one or with all that lies beside them."""
    given = outputs if dice.random() < 0.5 else [outputs[0].parent]
    outcome = run("remap", *given, *options, "--out", folder)
    before = {path.name: path.read_bytes() for path in outputs}
    after = {
        name: (folder / name).read_bytes() if (folder / name).exists() else b"" for name in before
    }
    return Again(outcome, before, after)
