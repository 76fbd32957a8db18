"""Worlds, run: the output leaves on a staging server exactly the rules that it should."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from support.migrations import Run, migrate, verdict
from support.powershell.bound import bound
from support.powershell.session import Connector, Session, state
from support.worlds import World
from syncrules import SyncRule

WORLDS = int(os.environ.get("WORLDS", "350")) // 7


def staging_server(powershell: Session, world: World, store: Path) -> None:
    """Make a server that has what the world's staging server has, whatever files show of it."""
    powershell.prepare(
        store,
        [Connector(s.names[1], s.staging) for s in world.systems],
        world.staging_rules,
    )


def run_outputs(powershell: Session, found: Run, folder: Path, store: Path) -> list[str]:
    """Run the output files in the order that the report tells; return what they complained of."""
    complaints: list[str] = []
    for file in found.document["files"]:
        done = powershell.run_file(folder / "mapped" / file["name"], store=store)
        complaints += [*done.errors, *([done.fault] if done.fault else [])]
    return complaints


@pytest.mark.parametrize("seed", range(3, 3 + 7 * WORLDS, 7))
def test_a_world_arrives_as_it_should(powershell: Session, seed: int, tmp_path: Path) -> None:
    found = migrate(seed, tmp_path)
    if found.outcome.code != 0:
        assert verdict(found) == "refused"
        return
    store = tmp_path / "server.json"
    staging_server(powershell, found.world, store)

    complaints = run_outputs(powershell, found, tmp_path, store)

    assert complaints == []
    assert by_name(state(store)["rules"]) == by_name(bound(expected(found)))


def expected(found: Run) -> list[SyncRule]:
    """Return the rules that should be there; only what files show to be disabled is disabled."""
    order = [r["identifier"] for r in found.document["rules"]]
    disabled = {p["to"] for p in found.document["disabled"]}
    rules = found.world.after(order)
    for identifier in found.world.to_disable() - disabled:
        rules[identifier] = replace(rules[identifier], disabled=False)
    return list(rules.values())


def by_name(records: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return records in an order of their own: that of a server's answer means nothing."""
    return sorted(records, key=lambda r: str(r["Identifier"]))


def test_an_output_that_is_not_run_is_seen(powershell: Session, tmp_path: Path) -> None:
    """The comparison can fail."""
    seeds = (migrate(seed, tmp_path / str(seed)) for seed in range(3, 700, 7))
    found = next(run for run in seeds if run.document["disabled"] and run.outcome.code == 0)
    folder, store = tmp_path / str(found.world.seed), tmp_path / "server.json"
    staging_server(powershell, found.world, store)
    (folder / "mapped" / "disable-out-of-box.ps1").write_text("")

    run_outputs(powershell, found, folder, store)

    assert by_name(state(store)["rules"]) != by_name(bound(expected(found)))
