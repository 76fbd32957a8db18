"""Worlds, run: what is written leaves on a staging server exactly the rules that it should."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from support.migrations import Run, migrate
from support.oracle import verdict
from support.powershell.bound import bound
from support.powershell.session import Connector, Session, state
from support.worlds import AD, World
from syncrules import SyncRule

WORLDS = int(os.environ.get("WORLDS", "350"))
SEEDS = range(3, 3 + 7 * (WORLDS // 7), 7)
KITS = [
    pytest.param(seed, marks=pytest.mark.slow if seed >= 12 else ()) for seed in range(WORLDS // 10)
]

Json = dict[str, Any]


def staging_server(powershell: Session, world: World, store: Path) -> None:
    """Make a server that has what the world's staging server has, whatever files show of it."""
    powershell.prepare(
        store,
        [
            Connector(s.names[1], s.staging, "AD" if s.kind == AD else "Extensible2")
            for s in world.systems
        ],
        world.staging_rules,
    )


def run_outputs(powershell: Session, found: Run, folder: Path, store: Path) -> list[str]:
    """Run the output files in the order that the report tells; return what they complained of."""
    complaints: list[str] = []
    for file in found.document["files"]:
        done = powershell.run_file(folder / "mapped" / file["name"], store=store)
        complaints += [*done.errors, *([done.fault] if done.fault else [])]
    return complaints


@pytest.mark.parametrize("seed", SEEDS)
def test_a_world_arrives_as_it_should(powershell: Session, seed: int, tmp_path: Path) -> None:
    found = migrate(seed, tmp_path)
    if found.outcome.code != 0:
        assert verdict(found)[0] == "refused"
        return
    if any(hidden(found)) or any(placed_again(found)):
        return  # such files are no kit, and look at nothing before they run
    store = tmp_path / "server.json"
    staging_server(powershell, found.world, store)

    complaints = run_outputs(powershell, found, tmp_path, store)

    assert complaints == []
    assert by_name(state(store)["rules"]) == by_name(bound(expected(found)))


@pytest.mark.parametrize("seed", KITS)
def test_a_kit_makes_of_a_world_what_it_should_or_changes_nothing(
    powershell: Session, seed: int, tmp_path: Path
) -> None:
    """Scripts of a kit look before they change, so they see what no file showed."""
    found = migrate(seed, tmp_path, "kit")
    if found.outcome.code != 0:
        assert verdict(found)[0] == "refused"
        return
    kit, store = tmp_path / "mapped", tmp_path / "server.json"
    staging_server(powershell, found.world, store)
    before = state(store)

    codes = {
        script: powershell.run_file(kit / script, *options, store=store)
        for script, options in (
            ("1-check.ps1", ()),
            ("2-apply.ps1", ("-Scheduler", "Pause")),
            ("3-verify.ps1", ()),
        )
    }

    if any(hidden(found)):
        assert [done.exit_code for done in codes.values()] == [1, 1, 1]
        assert state(store)["rules"] == before["rules"]
        return
    for script, done in codes.items():
        assert (script, done.exit_code, done.errors, done.fault) == (script, 0, (), None), (
            done.shown
        )
    rules = state(store)["rules"]
    assert by_name(rules) == by_name(bound(expected(found)))
    assert sorted(swapped(found, rules)) == []


def hidden(found: Run) -> Iterator[str]:
    """Yield what stands against the plan on the server, and no file shows."""
    world = found.world
    yield from world.clashes(found.moved)
    yield from (i for i, already in world.already.items() if already.differs)


def placed_again(found: Run) -> Iterator[str]:
    """Yield what is there already, which no file shows, and is written with the rule it names.

    A file that is run looks at nothing: added once more, such a rule moves all that are behind it.
    """
    expected = found.world.expected()
    moved = (i for i in found.world.already if i in found.moved)
    yield from (i for i in moved if expected[i].reference is not None)


def swapped(found: Run, rules: list[Json]) -> Iterator[tuple[str, str]]:
    """Yield the moved rules of one direction that stand otherwise than on the active server.

    But for those of which a warning says so.
    """
    here = found.world.numbers()
    there = {r["Identifier"]: r for r in rules if r["Identifier"] in found.moved}
    told = "\n".join(f.text for f in found.findings if f.code == "SR445")
    for one, other in combinations([i for i in there if i in here], 2):
        first, second = there[one], there[other]
        stands = here[one] < here[other], first["Precedence"] < second["Precedence"]
        named = first["Name"] in told or second["Name"] in told
        if first["Direction"] == second["Direction"] and stands[0] is not stands[1] and not named:
            yield first["Name"], second["Name"]


def expected(found: Run) -> list[SyncRule]:
    """Return the rules that should be there; only what files show to be disabled is disabled."""
    order = [r["identifier"] for r in found.document["rules"]]
    disabled = {p["to"] for p in found.document["disabled"]}
    rules = found.world.after(order)
    for identifier in found.world.to_disable() - disabled:
        rules[identifier] = replace(rules[identifier], disabled=False)
    return list(rules.values())


def by_name(records: list[Json]) -> list[Json]:
    """Return records in an order of their own: that of a server's answer means nothing."""
    return sorted(records, key=lambda r: str(r["Identifier"]))


def test_an_output_that_is_not_run_is_seen(powershell: Session, tmp_path: Path) -> None:
    """The comparison can fail."""
    seeds = (migrate(seed, tmp_path / str(seed)) for seed in range(3, 700, 7))
    found = next(
        run
        for run in seeds
        if run.document["disabled"] and run.outcome.code == 0 and not any(hidden(run))
    )
    folder, store = tmp_path / str(found.world.seed), tmp_path / "server.json"
    staging_server(powershell, found.world, store)
    (folder / "mapped" / "disable-out-of-box.ps1").write_text("")

    run_outputs(powershell, found, folder, store)

    assert by_name(state(store)["rules"]) != by_name(bound(expected(found)))
