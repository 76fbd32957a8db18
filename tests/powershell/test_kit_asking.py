"""What the kit's scripts ask before they change anything, and what they do with the answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.builders import guid
from support.powershell.kits import PAUSE, Scene
from support.powershell.session import Run, Session, state

# An alias goes before a function of the script that is run from here, a function before a cmdlet.
ASKED = """
function Test-Answer($Caller, $Target, $Action) {{
    if ('{no}' -and "$Action $Target".Contains('{no}')) {{ return $false }}
    $Caller.ShouldProcess($Target, $Action)
}}
$null = $ExecutionContext.InvokeProvider.Item.Set('alias:Test-Consent', 'Test-Answer')
function Read-Host {{ '{word}' }}
& '{path}' {arguments}
exit $LASTEXITCODE
"""


@pytest.fixture(scope="module")
def deferred(
    powershell: Session, applied: Scene, tmp_path_factory: pytest.TempPathFactory
) -> Scene:
    """Return the scene after its full synchronizations were deferred, too."""
    scene = applied.copy(tmp_path_factory.mktemp("deferred") / "scene")
    done = powershell.run_file(scene.kit / "defer-full-sync.ps1", store=scene.store)
    assert done.exit_code == 0, done.shown
    return scene


Ask = Callable[..., Run]


@pytest.fixture
def ask(powershell: Session, tmp_path: Path) -> Ask:
    """Return a function that runs a script whose questions are answered.

    `word` is what is typed; `no` is part of what is declined, all else is accepted.
    """

    def run(scene: Scene, script: str, *arguments: str, word: str = "", no: str = "") -> Run:
        wrapper = tmp_path / "asked.ps1"
        path, words = scene.kit / script, " ".join(arguments)
        wrapper.write_text(ASKED.format(path=path, arguments=words, word=word, no=no))
        return powershell.run_file(wrapper, store=scene.store)

    return run


def set_scheduler(powershell: Session, scene: Scene, *, is_on: bool) -> None:
    path = scene.kit.parent / "scheduler.ps1"
    path.write_text(f"Set-ADSyncStandInScheduler -SyncCycleEnabled ${is_on}\n")
    powershell.run_file(path, store=scene.store)


def is_on(scene: Scene) -> object:
    return state(scene.store)["scheduler"]["SyncCycleEnabled"]


def change(scene: Scene, identifier: str, **values: object) -> None:
    """Change a rule on the server, as someone else would."""
    server = state(scene.store)
    next(r for r in server["rules"] if r["Identifier"] == identifier).update(values)
    scene.store.write_text(json.dumps(server))


def printouts(scene: Scene) -> list[str]:
    return [p.name for p in scene.kit.glob("*.txt") if p.name != "README.txt"]


# ---- 2-apply.ps1 ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheduler", "on", "is_done", "is_told"),
    [
        ("Ask", True, False, True),
        ("Pause", True, False, True),
        ("Leave", True, False, False),
        ("Ask", False, False, False),
        ("Ask", True, True, False),
    ],
)
def test_what_if_tells_of_the_scheduler_where_it_would_be_asked_about(
    powershell: Session,
    prepared: Scene,
    applied: Scene,
    tmp_path: Path,
    scheduler: str,
    on: bool,
    is_done: bool,
    is_told: bool,
) -> None:
    scene = (applied if is_done else prepared).copy(tmp_path / "scene")
    set_scheduler(powershell, scene, is_on=on)
    before, saved = state(scene.store), printouts(scene)

    found = powershell.run_file(
        scene.kit / "2-apply.ps1", "-WhatIf", "-Scheduler", scheduler, store=scene.store
    )

    assert (found.exit_code, "the scheduler is on; it would" in found.shown) == (0, is_told)
    assert f"To be done: {0 if is_done else 4} changes." in found.shown
    assert "Done: " not in found.shown
    assert (state(scene.store), printouts(scene)) == (before, saved)


@pytest.mark.parametrize(("no", "done"), [("create", 1), ("disable", 0)])
def test_what_is_declined_ends_the_run_there(
    prepared: Scene, tmp_path: Path, ask: Ask, no: str, done: int
) -> None:
    """The original is disabled first; until the rules are there, that is half of it."""
    scene = prepared.copy(tmp_path / "scene")
    before = scene.rules

    found = ask(scene, "2-apply.ps1", *PAUSE, no=no)

    assert (found.exit_code, f"Not done: {4 - done} of 4 changes." in found.shown) == (1, True)
    assert sum(scene.rules[key] != rule for key, rule in before.items()) == done
    assert ("Originals are disabled" in found.shown) == (done == 1)
    assert ("Ways out: " in found.shown) == (done == 1)
    assert ("No rule of this server was changed by this kit" in found.shown) == (done == 0)
    assert "Done: " not in found.shown
    assert len([*scene.kit.glob("backup-*")]) == done
    assert is_on(scene) is True


def test_rules_alone_leave_nothing_half_done(prepared: Scene, tmp_path: Path, ask: Ask) -> None:
    """The original was disabled already, not by this kit."""
    scene = prepared.copy(tmp_path / "scene")
    (original,) = scene.world.to_disable()
    change(scene, original, Disabled=True)
    last = scene.world.custom[-1].name.replace("'", "''")

    found = ask(scene, "2-apply.ps1", *PAUSE, no=f"create ''{last}''")

    assert (found.exit_code, "Not done: 1 of 3 changes." in found.shown) == (1, True), found.shown
    assert "Originals are disabled" not in found.shown


def test_a_run_that_has_nothing_to_do_does_not_say_that_it_did_something(
    powershell: Session, applied: Scene, tmp_path: Path
) -> None:
    scene = applied.copy(tmp_path / "scene")

    found = powershell.run_file(scene.kit / "2-apply.ps1", *PAUSE, store=scene.store)

    assert ("Nothing to do" in found.shown, "Done: " in found.shown) == (True, False)


def test_two_backups_of_one_second_are_two(prepared: Scene, tmp_path: Path, ask: Ask) -> None:
    scene = prepared.copy(tmp_path / "scene")
    (scene.kit / "backup-20260102-030405").mkdir()
    clock = scene.kit.parent / "clock.ps1"
    clock.write_text(
        "$clock = @{ Second = 4 }\nfunction Start-Sleep { }\n"
        "function Get-Date { param($Format) if ($Format -notlike 'yyyy*') { return '2026' }\n"
        '    $clock.Second++; "20260102-03040$($clock.Second)" }\n'
        f"& '{scene.kit / '2-apply.ps1'}' -Scheduler Pause\nexit $LASTEXITCODE\n"
    )
    found = ask(Scene(scene.world, clock.parent, scene.store), "clock.ps1")

    assert found.exit_code == 0, found.shown
    assert [*(scene.kit / "backup-20260102-030405").iterdir()] == []
    assert len([*(scene.kit / "backup-20260102-030406").iterdir()]) == 4


# ---- Full synchronization ------------------------------------------------------------------------

RECORD = "deferred-full-sync.json"


def flags(scene: Scene) -> object:
    return state(scene.store)["overrides"]


def test_what_if_defers_and_resumes_nothing(
    powershell: Session, applied: Scene, tmp_path: Path
) -> None:
    scene = applied.copy(tmp_path / "scene")
    asking, saved = flags(scene), printouts(scene)

    def run(script: str, *arguments: str) -> Run:
        return powershell.run_file(scene.kit / script, *arguments, store=scene.store)

    found = run("defer-full-sync.ps1", "-WhatIf")
    assert (found.exit_code, "Not deferred" in found.shown) == (0, False), found.shown
    assert (flags(scene), (scene.kit / RECORD).exists()) == (asking, False)
    assert run("defer-full-sync.ps1").exit_code == 0
    saved, cleared = printouts(scene), flags(scene)
    set_scheduler(powershell, scene, is_on=False)

    found = run("resume-full-sync.ps1", "-WhatIf")
    assert (found.exit_code, "Not resumed" in found.shown) == (0, False), found.shown
    assert "To turn it on: " not in found.shown
    assert (flags(scene), printouts(scene), (scene.kit / RECORD).exists()) == (cleared, saved, True)


@pytest.mark.parametrize("order", [(True, False), (False, True)], ids=["import", "synchronization"])
def test_what_a_connector_asks_for_later_comes_to_what_was_recorded(
    powershell: Session, applied: Scene, tmp_path: Path, order: tuple[bool, bool]
) -> None:
    """First one of full import and full synchronization, then the other: both are resumed."""
    scene = applied.copy(tmp_path / "scene")
    for full_import in order:
        server = state(scene.store)
        server["overrides"] = [
            {**one, "FullImportRequired": full_import, "FullSyncRequired": not full_import}
            for one in server["overrides"]
        ]
        scene.store.write_text(json.dumps(server))
        found = powershell.run_file(scene.kit / "defer-full-sync.ps1", store=scene.store)
        what = "full import" if full_import else "full synchronization"
        assert found.shown.count(f": {what} deferred") == len(server["overrides"]), found.shown

    done = powershell.run_file(scene.kit / "resume-full-sync.ps1", store=scene.store)

    assert done.exit_code == 0, done.shown
    asked = state(scene.store)["overrides"]
    assert [(o["FullImportRequired"], o["FullSyncRequired"]) for o in asked] == [(True, True)] * 3


def test_a_connector_that_is_declined_stays_as_it_is(
    powershell: Session, applied: Scene, tmp_path: Path, ask: Ask
) -> None:
    scene = applied.copy(tmp_path / "scene")
    asking = flags(scene)

    found = ask(scene, "defer-full-sync.ps1", no="defer")
    assert (found.exit_code, "Not deferred: " in found.shown) == (1, True), found.shown
    assert (flags(scene), (scene.kit / RECORD).exists()) == (asking, False)

    ask(scene, "defer-full-sync.ps1")
    cleared = flags(scene)
    set_scheduler(powershell, scene, is_on=False)
    found = ask(scene, "resume-full-sync.ps1", "-Scheduler", "Enable", no="ask for")

    assert (found.exit_code, "the record is kept" in found.shown) == (1, True), found.shown
    assert (flags(scene), (scene.kit / RECORD).exists()) == (cleared, True)
    assert is_on(scene) is False


@pytest.mark.parametrize(
    ("arguments", "word", "no", "code", "is_resumed", "on"),
    [
        ("", "enable", "", 0, True, True),
        ("", "leave", "", 0, True, False),
        ("", "cancel", "", 1, False, False),
        ("-Scheduler Leave", "enable", "", 0, True, False),
        ("-Scheduler Enable", "cancel", "", 0, True, True),
        ("-Scheduler Enable", "", "turn on", 0, True, False),
    ],
)
def test_the_scheduler_is_turned_on_where_that_is_wanted_and_all_is_set(
    powershell: Session,
    deferred: Scene,
    tmp_path: Path,
    ask: Ask,
    arguments: str,
    word: str,
    no: str,
    code: int,
    is_resumed: bool,
    on: bool,
) -> None:
    scene = deferred.copy(tmp_path / "scene")
    set_scheduler(powershell, scene, is_on=False)

    found = ask(scene, "resume-full-sync.ps1", arguments, word=word, no=no)

    assert found.exit_code == code, found.shown
    assert (flags(scene) != flags(deferred), is_on(scene)) == (is_resumed, on)
    assert ("To turn it on: " in found.shown) == (is_resumed and not on)
    assert (scene.kit / RECORD).exists() != is_resumed
    assert "Saved to resume-" in found.shown


def test_nobody_is_asked_about_a_scheduler_that_is_on_or_with_nothing_to_resume(
    powershell: Session, applied: Scene, deferred: Scene, tmp_path: Path, ask: Ask
) -> None:
    for number, start in enumerate((deferred, applied)):
        scene = start.copy(tmp_path / f"scene{number}")
        set_scheduler(powershell, scene, is_on=start is deferred)

        found = ask(scene, "resume-full-sync.ps1", word="cancel")

        assert (found.exit_code, is_on(scene)) == (0, start is deferred), found.shown
        assert ("Nothing to resume" in found.shown) == (start is applied)
        assert ("To turn it on: " in found.shown) == (start is applied)


def test_a_scheduler_that_stays_off_is_said(
    powershell: Session, deferred: Scene, tmp_path: Path
) -> None:
    scene = deferred.copy(tmp_path / "scene")
    set_scheduler(powershell, scene, is_on=False)
    wrapper = tmp_path / "off.ps1"
    wrapper.write_text(
        f"function Set-ADSyncScheduler {{ }}\n& '{scene.kit / 'resume-full-sync.ps1'}' "
        "-Scheduler Enable\nexit $LASTEXITCODE\n"
    )

    found = powershell.run_file(wrapper, store=scene.store)

    assert (found.exit_code, "was not turned on: it is still off" in found.shown) == (1, True)


@pytest.mark.parametrize("script", ["defer-full-sync.ps1", "resume-full-sync.ps1"])
def test_by_the_record_of_another_server_nothing_is_changed(
    powershell: Session, deferred: Scene, tmp_path: Path, script: str
) -> None:
    scene = deferred.copy(tmp_path / "scene")
    record = json.loads((scene.kit / RECORD).read_text("utf-8-sig"))
    record["connectors"][0]["identifier"] = guid(9)
    (scene.kit / RECORD).write_text(json.dumps(record))
    before = state(scene.store)

    found = powershell.run_file(scene.kit / script, store=scene.store)

    assert (found.exit_code, f"({guid(9)})" in found.shown) == (1, True), found.shown
    assert state(scene.store) == before


def test_there_may_be_nothing_to_defer(
    powershell: Session, deferred: Scene, tmp_path: Path
) -> None:
    scene = deferred.copy(tmp_path / "scene")
    record = (scene.kit / RECORD).read_bytes()

    found = powershell.run_file(scene.kit / "defer-full-sync.ps1", store=scene.store)

    assert (found.exit_code, "Nothing to defer" in found.shown) == (0, True), found.shown
    assert "Next: resume-full-sync.ps1" not in found.shown
    assert (scene.kit / RECORD).read_bytes() == record
