"""A fault at every single cmdlet call of the kit's scripts, in turn.

After it, undo leaves the server as it was, and running again leaves it exactly as planned.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Literal

import pytest

from support.powershell.kits import PAUSE, Scene, without_numbers
from support.powershell.session import Fault, Session, state

pytestmark = pytest.mark.slow

CHANGING = {"Add-ADSyncRule", "Remove-ADSyncRule", "Set-ADSyncScheduler"}
"""Only these leave something behind on the server: a fault after their effect is another one."""

Kind = Literal["Terminating", "NonTerminating", "Kill"]

KINDS = [
    pytest.param("Terminating", False, id="terminating"),
    pytest.param("NonTerminating", False, id="non-terminating"),
    pytest.param("Terminating", True, id="terminating-after-its-effect"),
    pytest.param("Kill", False, id="killed-before"),
    pytest.param("Kill", True, id="killed-after-its-effect"),
]


def calls_of(powershell: Session, scene: Scene, script: str, folder: Path) -> tuple[str, ...]:
    """Return the ADSync cmdlets that a script calls when all goes well."""
    own = scene.copy(folder / "counted")
    found = powershell.run_file(own.kit / script, *PAUSE, store=own.store)
    assert found.exit_code == 0, found.shown
    return found.calls


def faulty_runs(
    powershell: Session, start: Scene, script: str, fault: tuple[Kind, bool], folder: Path
) -> Iterator[tuple[int, Scene, int]]:
    """Yield each call's number with what the script left behind and its exit code."""
    kind, after = fault
    for at, name in enumerate(calls_of(powershell, start, script, folder), start=1):
        if after and name not in CHANGING:
            continue
        scene = start.copy(folder / f"{script}-{at}")
        one = Fault(at, kind, after)
        path = scene.kit / script
        if kind == "Kill":
            yield (
                at,
                scene,
                powershell.run_apart(path, *PAUSE, store=scene.store, fault=one).exit_code,
            )
        else:
            yield (
                at,
                scene,
                powershell.run_file(path, *PAUSE, store=scene.store, fault=one).exit_code,
            )


def run(powershell: Session, scene: Scene, script: str) -> str:
    """Run a script that must succeed, and return what it showed."""
    found = powershell.run_file(
        scene.kit / script, *PAUSE * (script != "3-verify.ps1"), store=scene.store
    )
    assert found.exit_code == 0, f"{script}: {found.shown}"
    return found.shown


def scheduler(scene: Scene) -> object:
    return state(scene.store)["scheduler"]


@pytest.mark.parametrize(("kind", "after"), KINDS)
def test_a_fault_in_apply_can_be_undone_and_gone_on_from(
    powershell: Session, prepared: Scene, tmp_path: Path, kind: Kind, after: bool
) -> None:
    before = prepared.rules
    runs = count()
    for at, scene, code in faulty_runs(
        powershell, prepared, "2-apply.ps1", (kind, after), tmp_path
    ):
        next(runs)
        again = scene.copy(tmp_path / f"again-{at}")
        if kind == "Kill":
            assert code not in (0, 1), at

        run(powershell, scene, "undo.ps1")
        assert without_numbers(scene.rules) == without_numbers(before), at
        assert scheduler(scene) == scheduler(prepared), at

        run(powershell, again, "2-apply.ps1")
        assert again.rules == prepared.planned, at
        assert scheduler(again) == scheduler(prepared), at
    run(powershell, again, "3-verify.ps1")
    assert next(runs) >= (6 if after else 30)


@pytest.mark.parametrize(("kind", "after"), KINDS)
def test_a_fault_in_undo_can_be_gone_on_from(
    powershell: Session, applied: Scene, prepared: Scene, tmp_path: Path, kind: Kind, after: bool
) -> None:
    runs = count()
    for at, scene, _ in faulty_runs(powershell, applied, "undo.ps1", (kind, after), tmp_path):
        next(runs)
        run(powershell, scene, "undo.ps1")
        assert without_numbers(scene.rules) == without_numbers(prepared.rules), at
        assert scheduler(scene) == scheduler(prepared), at
    assert next(runs) >= (6 if after else 15)
