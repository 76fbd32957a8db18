"""Rows of the check, each with what must make it fail and what must not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.builders import guid
from support.powershell.kits import PAUSE, Scene, make_scene
from support.powershell.session import Run, Session, state

TWIN = "12345678-0000-4000-8000-000000000000"
HERE = "A custom rule of this name is here already"


@pytest.fixture(scope="module")
def prepared(powershell: Session, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Return a scene that tests copy and do not change."""
    return make_scene(powershell, tmp_path_factory.mktemp("scene"))


@pytest.fixture
def scene(prepared: Scene, tmp_path: Path) -> Scene:
    """Return a kit and a server of the test's own."""
    return prepared.copy(tmp_path / "scene")


# ---- A rule of the plan's name -------------------------------------------------------------------

Change = Callable[[dict[str, object]], None]


def check_beside(powershell: Session, scene: Scene, change: Change) -> Run:
    """Check where the server has the first rule of the plan under another identifier, changed."""
    own = scene.world.custom[0]
    twin: dict[str, object] = dict(scene.planned[own.identifier or ""])
    twin |= {"Identifier": TWIN, "Precedence": 97}
    change(twin)
    server = state(scene.store)
    server["rules"].append(twin)
    scene.store.write_text(json.dumps(server))
    return powershell.run_file(scene.kit / "1-check.ps1", store=scene.store)


def test_a_custom_rule_of_the_same_name_direction_and_connector_is_refused(
    powershell: Session, scene: Scene
) -> None:
    found = check_beside(powershell, scene, lambda _: None)

    assert (found.exit_code, found.shown.count(HERE)) == (1, 1), found.shown


@pytest.mark.parametrize(
    "changes",
    [
        {"Direction": ["Outbound", "Inbound"]},
        {"Connector": [guid(1), guid(2)]},
        {"Name": ["another"]},
        {"ImmutableTag": ["Microsoft.InfromADUserJoin.004"]},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_one_of_another_is_not(
    powershell: Session, scene: Scene, changes: dict[str, list[str]]
) -> None:
    def change(twin: dict[str, object]) -> None:
        for field, values in changes.items():
            twin[field] = next(value for value in values if value != twin[field])

    found = check_beside(powershell, scene, change)

    assert (found.exit_code, HERE in found.shown) == (0, False), found.shown


def test_one_that_the_plan_knows_to_be_another_is_not(powershell: Session, scene: Scene) -> None:
    """Two rules of the active server have one name, and staging has one of them already."""
    path = scene.kit / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["namesakes"].append(TWIN)
    path.write_text(json.dumps(manifest))

    found = check_beside(powershell, scene, lambda _: None)

    assert (found.exit_code, HERE in found.shown) == (0, False), found.shown


# ---- Files ---------------------------------------------------------------------------------------

WINDOWS = """
function Get-ExecutionPolicy { 'AllSigned' }
function Get-Item {
    param($LiteralPath, $Stream, $ErrorAction)
    if ($LiteralPath -match $marked) { 'mark' }
}
function Get-AuthenticodeSignature {
    param($LiteralPath)
    @{ Status = $(if ($LiteralPath -match $signed) { 'Valid' } else { 'NotSigned' }) }
}
"""
"""What Windows alone tells of a file: that it came from elsewhere, and its signature."""


def files_row(powershell: Session, scene: Scene, marked: str, signed: str) -> list[str]:
    """Return the row of the kit's files, on a Windows that tells this of some of them."""
    lib = scene.kit / "lib"
    text = (
        f"$marked = '{marked}'; $signed = '{signed}'\n{WINDOWS}\n"
        f". '{lib / 'common.ps1'}'\n. '{lib / 'checks.ps1'}'\n"
        f"$row = Get-KitFilesRow '{scene.kit}' (Read-Manifest '{scene.kit}')\n"
        "$row.Result\n$row.Details\n"
    )
    found = powershell.run_script(text)
    assert (found.errors, found.fault) == ((), None), found.shown
    return list(found.output)


@pytest.mark.parametrize("path", ["lib/journal.ps1", "rules/001-", "undo.ps1"])
def test_a_script_that_windows_would_not_run_is_refused(
    powershell: Session, scene: Scene, path: str
) -> None:
    assert files_row(powershell, scene, "nothing", "nothing")[0] == "ok"

    result, *details = files_row(powershell, scene, path, "nothing")

    assert result == "FAILED"
    assert details[0].startswith(path)
    assert "came from another computer and is not signed" in details[0]
    assert files_row(powershell, scene, path, path)[0] == "ok"


@pytest.mark.parametrize("path", ["lib/journal.ps1", "undo.ps1"])
def test_a_script_that_was_signed_is_taken_though_it_is_another_file(
    powershell: Session, scene: Scene, path: str
) -> None:
    file = scene.kit / path
    file.write_bytes(file.read_bytes() + b"# SIG # Begin signature block\r\n")

    assert "FAILED" in files_row(powershell, scene, "nothing", "nothing")
    result, *details = files_row(powershell, scene, "nothing", path)

    assert (result, details[0].endswith("; 1 with a valid signature added")) == ("ok", True)


# ---- The place of a rule -------------------------------------------------------------------------


def test_a_placed_rule_is_as_planned_beside_the_one_that_it_names_and_nowhere_else(
    powershell: Session, scene: Scene
) -> None:
    """What moved up for a rule does not move down when it is undone: it gets a higher number."""
    for script in ("2-apply.ps1", "undo.ps1", "2-apply.ps1"):
        done = powershell.run_file(scene.kit / script, *PAUSE, store=scene.store)
        assert done.exit_code == 0, done.shown
    assert "3-verify.ps1 compares the final precedences" in done.shown
    verified = powershell.run_file(scene.kit / "3-verify.ps1", store=scene.store)
    assert (verified.exit_code, "beside its rule" in verified.shown) == (0, True), verified.shown
    checked = powershell.run_file(scene.kit / "1-check.ps1", store=scene.store)
    assert checked.exit_code == 0, checked.shown

    server = state(scene.store)
    placed = next(r.identifier for r in scene.world.custom if not r.precedence)
    next(r for r in server["rules"] if r["Identifier"] == placed)["Precedence"] = 990
    scene.store.write_text(json.dumps(server))

    verified = powershell.run_file(scene.kit / "3-verify.ps1", store=scene.store)
    assert (verified.exit_code, "found 990" in verified.shown) == (1, True), verified.shown
    checked = powershell.run_file(scene.kit / "1-check.ps1", store=scene.store)
    assert (checked.exit_code, "the precedence 990" in checked.shown) == (1, True), checked.shown
