"""A kit made from a world, with a stand-in staging server to run it on."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.builders import run
from support.powershell.bound import bound
from support.powershell.session import Connector, Session, state
from support.worlds import World, give, make_world, write_exports
from syncrules.rules.model import SyncRule

__all__ = ["PAUSE", "SEED", "Scene", "by_identifier", "make_scene", "without_numbers"]

SEED = 1571
"""A world of three custom rules: one placed before an out-of-box rule, one behind another of them,
and an original to be disabled."""

PAUSE = ("-Scheduler", "Pause")
"""What a kit's script is to do with the scheduler."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Scene:
    """A kit, the store of the server that it is for, and what is true of both."""

    world: World
    kit: Path
    store: Path

    @property
    def planned(self) -> dict[str, Json]:
        """The rules that the server should have once the kit was applied, by identifier."""
        order = [r.identifier or "" for r in self.world.custom]
        return by_identifier(bound(self.world.after(order).values()))

    @property
    def rules(self) -> dict[str, Json]:
        """The rules that the server has, by identifier."""
        return by_identifier(state(self.store)["rules"])

    def copy(self, folder: Path) -> Scene:
        """Return the same kit and server, apart."""
        folder.mkdir(parents=True)
        shutil.copytree(self.kit, folder / "kit")
        shutil.copy(self.store, folder / "server.json")
        return Scene(self.world, folder / "kit", folder / "server.json")


def by_identifier(records: list[Json]) -> dict[str, Json]:
    """Return rules by their identifier."""
    return {record["Identifier"]: record for record in records}


def without_numbers(rules: dict[str, Json]) -> dict[str, Json]:
    """Return rules without precedences, which a reference shifts."""
    return {key: {**record, "Precedence": None} for key, record in rules.items()}


def make_scene(
    powershell: Session, folder: Path, seed: int = SEED, custom: list[SyncRule] | None = None
) -> Scene:
    """Make a kit from complete files of both servers, and a server that has the staging rules."""
    world, dice = make_world(seed), random.Random(seed)
    if custom is not None:
        world.custom, world.files = custom, [list(range(len(custom)))]
    here = give(world, folder / "active", "configuration", dice, of_active=True)
    there = give(world, folder / "staging", "configuration", dice, of_active=False)
    exports = write_exports(world, folder / "custom", dice)
    options: list[str | Path] = [
        "--active",
        *here.paths,
        "--staging",
        *there.paths,
        "--out",
        folder / "kit",
    ]
    made = run("kit", *exports, *options, "--partial")
    assert made.code == 0, made.stderr
    store = folder / "server.json"
    connectors = [
        Connector(s.names[1], s.staging, "AD" if s.kind == "Active Directory" else "Extensible2")
        for s in world.systems
    ]
    powershell.prepare(store, connectors, world.staging_rules)
    return Scene(world, folder / "kit", store)
