"""What a run of the kit finds changed since an earlier one: by hand, by a kill, by a cycle."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from support.builders import guid
from support.powershell.kits import PAUSE, Scene, without_numbers
from support.powershell.session import Run, Session, state


@pytest.fixture
def scene(applied: Scene, tmp_path: Path) -> Scene:
    """Return a kit that was applied and its server, of the test's own."""
    return applied.copy(tmp_path / "scene")


@pytest.fixture
def do(powershell: Session, scene: Scene) -> Callable[..., Run]:
    """Return a function that runs a script of the kit, behind some PowerShell if that is given."""

    def run(script: str, *arguments: str, before: str = "") -> Run:
        wrapper = scene.kit.parent / "wrapper.ps1"
        path = f"'{scene.kit / script}' {' '.join(arguments)}"
        wrapper.write_text(f"Import-Module ADSync\n{before}\n& {path}\nexit $LASTEXITCODE\n")
        return powershell.run_file(wrapper, store=scene.store)

    return run


Do = Callable[..., Run]
Happens = Callable[[Scene], None]


def original(scene: Scene) -> str:
    (found,) = scene.world.to_disable()
    return found


def created(scene: Scene) -> str:
    return scene.world.custom[-1].identifier or ""


def change(scene: Scene, identifier: str, **values: object) -> None:
    """Change a rule on the server, as someone else would."""
    server = state(scene.store)
    next(r for r in server["rules"] if r["Identifier"] == identifier).update(values)
    scene.store.write_text(json.dumps(server))


def remove(scene: Scene, identifier: str) -> None:
    server = state(scene.store)
    server["rules"] = [r for r in server["rules"] if r["Identifier"] != identifier]
    scene.store.write_text(json.dumps(server))


def set_scheduler(scene: Scene, **values: bool) -> None:
    server = state(scene.store)
    server["scheduler"].update(values)
    scene.store.write_text(json.dumps(server))


def is_on(scene: Scene) -> object:
    return state(scene.store)["scheduler"]["SyncCycleEnabled"]


def entries(scene: Scene) -> list[dict[str, object]]:
    """Return what the journal holds."""
    return [json.loads(line) for line in (scene.kit / "journal.jsonl").read_text().splitlines()]


def write_journal(scene: Scene, found: list[dict[str, object]]) -> None:
    text = "".join(json.dumps(one) + "\n" for one in found)
    (scene.kit / "journal.jsonl").write_text(text)


def killed(scene: Scene, kind: str) -> None:
    """Take out of the journal that the last change of a kind was done, as after a kill."""
    found = entries(scene)
    steps = [one["step"] for one in found if one["entry"] == "intent" and one["kind"] == kind]
    kept = [one for one in found if (one["entry"], one.get("step")) != ("done", steps[-1])]
    assert len(kept) == len(found) - 1
    write_journal(scene, kept)


def paused(scene: Scene) -> None:
    """Leave the scheduler off, as a run that was killed does."""
    write_journal(scene, [*entries(scene), {"entry": "scheduler", "state": "paused"}])
    set_scheduler(scene, SyncCycleEnabled=False)


# ---- Applied again after a kill ------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["create", "disable"])
def test_what_a_killed_run_did_is_noted_by_the_next_once(scene: Scene, do: Do, kind: str) -> None:
    killed(scene, kind)
    for _ in range(2):
        found = do("2-apply.ps1", *PAUSE)
        assert (found.exit_code, "Nothing to do" in found.shown) == (0, True), found.shown

    done = [one["step"] for one in entries(scene) if one["entry"] == "done"]
    assert sorted(map(str, done)) == ["1", "2", "3", "4"]


def test_what_a_killed_run_did_not_do_is_done_by_the_next(scene: Scene, do: Do) -> None:
    killed(scene, "create")
    remove(scene, created(scene))

    assert do("2-apply.ps1", *PAUSE).exit_code == 0
    assert without_numbers(scene.rules) == without_numbers(scene.planned)


def test_what_someone_else_changed_after_a_kill_is_not_taken_for_the_kits(
    scene: Scene, do: Do
) -> None:
    killed(scene, "disable")
    change(scene, original(scene), Description="of someone else")

    found = do("2-apply.ps1", *PAUSE)

    assert found.exit_code == 0, found.shown
    assert sum(one["entry"] == "done" for one in entries(scene)) == 3
    undone = do("undo.ps1", *PAUSE)
    assert (undone.exit_code, "'of someone else'" in undone.shown) == (1, True), undone.shown


def test_what_was_done_again_is_taken_back_once(scene: Scene, do: Do) -> None:
    change(scene, original(scene), Disabled=False)
    do("2-apply.ps1", *PAUSE)

    found = do("undo.ps1", *PAUSE)

    assert (found.exit_code, found.shown.count(": enabled again")) == (0, 1), found.shown
    assert "was not in force any more" not in found.shown


# ---- Taken back ----------------------------------------------------------------------------------

FORCE = ("-Force",)
HAPPENED: dict[str, tuple[Happens, tuple[str, ...], str]] = {
    "a rule was removed": (lambda s: remove(s, created(s)), (), "was not in force any more"),
    "the original was enabled": (
        lambda s: change(s, original(s), Disabled=False),
        (),
        "was not in force any more",
    ),
    "the original was removed": (
        lambda s: remove(s, original(s)),
        (),
        "It is no longer on the server.",
    ),
    "the original was removed, and that is no matter": (
        lambda s: remove(s, original(s)),
        FORCE,
        "rebuilt",
    ),
    "the original was changed": (
        lambda s: change(s, original(s), Description="of someone else"),
        (),
        "left alone, it was changed since 2-apply.ps1",
    ),
    "the original was changed, and that is no matter": (
        lambda s: change(s, original(s), Description="of someone else"),
        FORCE,
        "rebuilt",
    ),
    "a rule was changed": (
        lambda s: change(s, created(s), Description="of someone else"),
        (),
        "left alone, it was changed since 2-apply.ps1",
    ),
    "a rule was changed, and that is no matter": (
        lambda s: change(s, created(s), Description="of someone else"),
        FORCE,
        "removed",
    ),
    "killed at a rule": (lambda s: killed(s, "create"), (), "removed"),
    "killed at the original": (lambda s: killed(s, "disable"), (), "enabled again"),
}


@pytest.mark.parametrize("what", HAPPENED)
def test_undo_takes_back_what_is_as_the_kit_left_it(
    prepared: Scene, scene: Scene, do: Do, what: str
) -> None:
    happens, force, words = HAPPENED[what]
    happens(scene)
    before = scene.rules

    found = do("undo.ps1", *PAUSE, *force)

    is_refused = words.endswith(("server.", "2-apply.ps1"))
    assert (found.exit_code, words in found.shown) == (int(is_refused), True), found.shown
    assert ("1 of 4 changes were not taken back" in found.shown) == is_refused
    if is_refused:
        left = created(scene) if what == "a rule was changed" else original(scene)
        assert scene.rules.get(left) == before.get(left)
    else:
        assert without_numbers(scene.rules) == without_numbers(prepared.rules)


def test_a_rule_that_is_gone_gets_the_next_number_where_its_own_is_taken(
    scene: Scene, do: Do
) -> None:
    own = scene.rules[original(scene)]["Precedence"]
    recorded = next(e for e in entries(scene) if e.get("kind") == "disable")["before"]
    assert isinstance(recorded, dict)
    was = recorded["precedence"]
    remove(scene, original(scene))
    assert was < own
    assert was in {r["Precedence"] for r in scene.rules.values()}

    found = do("undo.ps1", *PAUSE, "-Force")

    now = scene.rules[original(scene)]["Precedence"]
    assert was < now <= own
    assert f"Its precedence {was} is another rule's now: it got {now}." in found.shown


def test_a_rule_that_is_rebuilt_keeps_the_number_that_it_has_now(scene: Scene, do: Do) -> None:
    change(scene, original(scene), Description="of someone else", Precedence=990)

    assert do("undo.ps1", *PAUSE, "-Force").exit_code == 0
    assert scene.rules[original(scene)]["Precedence"] == 990


@pytest.mark.parametrize(
    ("cmdlet", "is_gone", "words"),
    [
        ("Remove-ADSyncRule", False, "was removed, but it is still there."),
        ("Add-ADSyncRule", False, "was saved, but it is not as it was:"),
        ("Add-ADSyncRule", True, "was saved, but it is not there."),
    ],
)
def test_what_had_no_effect_is_said(
    scene: Scene, do: Do, cmdlet: str, is_gone: bool, words: str
) -> None:
    if is_gone:
        remove(scene, original(scene))

    found = do("undo.ps1", *PAUSE, "-Force", before=f"function {cmdlet} {{ }}")

    assert (found.exit_code, words in found.shown) == (1, True), found.shown
    assert "NOT taken back" in found.shown
    undone = sum(one["entry"] == "undone" for one in entries(scene))
    assert undone == (3 if cmdlet.startswith("Add") else 1)


def test_the_newest_is_taken_back_first_and_the_scheduler_paused_once(scene: Scene, do: Do) -> None:
    found = do("undo.ps1", *PAUSE)

    steps = [one["step"] for one in entries(scene) if one["entry"] == "undone"]
    assert [*map(str, steps)] == ["4", "3", "2", "1"]
    assert found.calls.count("Set-ADSyncScheduler") == 2
    assert "The scheduler is on again" in found.shown


def test_undo_leaves_the_scheduler_alone_when_told(do: Do) -> None:
    found = do("undo.ps1", "-Scheduler", "Leave")

    assert (found.exit_code, "Set-ADSyncScheduler" in found.calls) == (0, False), found.shown


def test_undo_what_if_changes_nothing(scene: Scene, do: Do) -> None:
    change(scene, created(scene), Description="of someone else")
    before, saved = state(scene.store), {*scene.kit.iterdir()}

    found = do("undo.ps1", *PAUSE, "-WhatIf")

    assert (found.exit_code, found.shown.count("What if: ")) == (0, 3), found.shown
    assert "left alone, it was changed since 2-apply.ps1" in found.shown
    assert (state(scene.store), {*scene.kit.iterdir()}) == (before, saved)


# ---- The scheduler, and a cycle ------------------------------------------------------------------


def test_a_scheduler_that_was_left_off_is_on_again_though_nothing_is_to_undo(
    scene: Scene, do: Do
) -> None:
    do("undo.ps1", *PAUSE)
    paused(scene)

    found = do("undo.ps1", *PAUSE)

    assert (found.exit_code, is_on(scene)) == (0, True), found.shown


@pytest.mark.parametrize("script", ["2-apply.ps1", "undo.ps1"])
def test_by_the_journal_of_another_server_nothing_is_changed(
    scene: Scene, do: Do, script: str
) -> None:
    first, *others = entries(scene)
    write_journal(scene, [{**first, "connectors": [guid(9)]}, *others])
    paused(scene)
    before = state(scene.store)

    found = do(script, *PAUSE)

    assert found.exit_code == 1, found.shown
    assert re.search(r"(?m)^Journal +FAILED ", found.shown)
    assert "it is not certain that it may be turned on here" in found.shown
    assert state(scene.store) == before


@pytest.mark.parametrize(
    ("script", "asked", "changes"),
    [
        ("2-apply.ps1", 2, 1),
        ("undo.ps1", 2, 1),
        ("defer-full-sync.ps1", 1, 0),
        ("resume-full-sync.ps1", 1, 0),
    ],
)
def test_a_cycle_that_begins_meanwhile_stops_the_next_change(
    prepared: Scene, scene: Scene, do: Do, script: str, asked: int, changes: int
) -> None:
    if script == "2-apply.ps1":
        (scene.kit / "journal.jsonl").unlink()
        scene.store.write_bytes(prepared.store.read_bytes())
    if script == "resume-full-sync.ps1":
        assert do("defer-full-sync.ps1").exit_code == 0
    before = state(scene.store)
    cycle = f"""
$real, $calls = (Get-Command Get-ADSyncScheduler -CommandType Cmdlet), @{{ Count = 0 }}
function Get-ADSyncScheduler {{
    $calls.Count++
    $found = & $real
    if ($calls.Count -gt {asked}) {{ $found.SyncCycleInProgress = $true }}
    $found
}}"""
    leave = () if script == "defer-full-sync.ps1" else ("-Scheduler", "Leave")

    found = do(script, *leave, before=cycle)

    assert (found.exit_code, "A synchronization cycle has begun" in found.shown) == (1, True)
    after = state(scene.store)
    assert after["overrides"] == before["overrides"] or changes
    was = {r["Identifier"]: r["Disabled"] for r in before["rules"]}
    now = {r["Identifier"]: r["Disabled"] for r in after["rules"]}
    assert len(was.items() ^ now.items()) in ((1, 2) if changes else (0,))


# ---- Verified ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (lambda s: change(s, original(s), Disabled=False), "planned disabled, found enabled"),
        (lambda s: remove(s, original(s)), "not on this server"),
    ],
)
def test_verify_looks_at_each_original_too(
    scene: Scene, do: Do, happens: Happens, words: str
) -> None:
    happens(scene)

    found = do("3-verify.ps1")

    assert (found.exit_code, words in found.shown) == (1, True), found.shown
    assert re.search(r"(?m)^Original 1 +(?:DIFFERS|MISSING) ", found.shown)
    assert re.findall(r"(?m)^Rule (\d+) ", found.shown) == ["1", "2", "3"]


def test_a_rule_whose_number_is_not_known_may_have_any(
    prepared: Scene, scene: Scene, do: Do
) -> None:
    path = scene.kit / "manifest.json"
    manifest = json.loads(path.read_text())
    for one in manifest["rules"]:
        one["precedence"] = None
    path.write_text(json.dumps(manifest))
    (scene.kit / "journal.jsonl").unlink()
    scene.store.write_bytes(prepared.store.read_bytes())

    for script in ("2-apply.ps1", "3-verify.ps1"):
        found = do(script, *(PAUSE if script == "2-apply.ps1" else ()))
        assert (found.exit_code, "Planned: " in found.shown) == (0, False), found.shown
