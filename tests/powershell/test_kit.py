"""The kit on a staging server: check, apply, verify, undo; and all that must stop it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from support.powershell.kits import PAUSE, Scene, by_identifier, make_scene, without_numbers
from support.powershell.session import Fault, Run, Session, state


@pytest.fixture(scope="module")
def prepared(powershell: Session, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Return a scene that tests copy and do not change."""
    return make_scene(powershell, tmp_path_factory.mktemp("scene"))


@pytest.fixture
def scene(prepared: Scene, tmp_path: Path) -> Scene:
    """Return a kit and a server of the test's own."""
    return prepared.copy(tmp_path / "scene")


@pytest.fixture
def do(powershell: Session, scene: Scene) -> Callable[..., Run]:
    """Return a function that runs a script of the kit."""

    def run(script: str, *arguments: str) -> Run:
        return powershell.run_file(scene.kit / script, *arguments, store=scene.store)

    return run


Do = Callable[..., Run]


def snapshot(scene: Scene) -> tuple[object, dict[str, bytes]]:
    """Return all there is: the server, and the files of the kit but for what it has printed."""
    paths = [p for p in scene.kit.rglob("*") if p.is_file()]
    files = {str(p): p.read_bytes() for p in paths if p.suffix != ".txt" or p.name == "README.txt"}
    return state(scene.store), files


def changed_manifest(scene: Scene, change: Callable[[dict[str, object]], None]) -> None:
    path = scene.kit / "manifest.json"
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def take_printout(scene: Scene) -> str:
    """Return what 3-verify.ps1 saved, and take it away."""
    (path,) = scene.kit.glob("verify-*.txt")
    text = path.read_text("utf-8-sig")
    path.unlink()
    return text


# ---- All is well ---------------------------------------------------------------------------------


def test_check_changes_nothing_and_says_that_all_is_well(scene: Scene, do: Do) -> None:
    before = snapshot(scene)

    found = do("1-check.ps1")

    assert (found.exit_code, found.errors, found.fault) == (0, (), None), found.shown
    assert "FAILED" not in found.shown
    manifest = (scene.kit / "manifest.json").read_bytes()
    assert hashlib.sha256(manifest).hexdigest() in found.shown
    assert snapshot(scene) == before


def test_apply_then_verify(scene: Scene, do: Do) -> None:
    applied = do("2-apply.ps1", *PAUSE)

    assert (applied.exit_code, "Planned: " in applied.shown) == (0, False), applied.shown
    assert scene.rules == scene.planned
    verified = do("3-verify.ps1")
    assert verified.exit_code == 0, verified.shown


def test_applying_twice_equals_once(scene: Scene, do: Do) -> None:
    do("2-apply.ps1", *PAUSE)
    once = snapshot(scene)

    again = do("2-apply.ps1", *PAUSE)

    assert again.exit_code == 0, again.shown
    assert "Nothing to do" in again.shown
    assert snapshot(scene) == once


def test_check_passes_after_apply_since_the_rules_are_the_plans_own(do: Do) -> None:
    do("2-apply.ps1", *PAUSE)

    assert do("1-check.ps1").exit_code == 0


def test_the_scheduler_is_paused_for_the_changes_and_on_again(scene: Scene, do: Do) -> None:
    found = do("2-apply.ps1", *PAUSE)

    assert found.calls.count("Set-ADSyncScheduler") == 2
    assert state(scene.store)["scheduler"]["SyncCycleEnabled"] is True


def test_the_scheduler_is_left_alone_when_told(do: Do) -> None:
    found = do("2-apply.ps1", "-Scheduler", "Leave")

    assert found.exit_code == 0, found.shown
    assert "Set-ADSyncScheduler" not in found.calls


def test_apply_asks_about_the_shared_scheduler_and_stops_where_nobody_answers(
    scene: Scene, do: Do
) -> None:
    before = state(scene.store)

    found = do("2-apply.ps1")

    assert found.exit_code == 1
    assert "shared by both" in found.shown
    assert "-Scheduler Pause" in found.shown
    assert state(scene.store) == before


def test_the_backup_holds_all_rules_and_the_scheduler(scene: Scene, do: Do) -> None:
    do("2-apply.ps1", *PAUSE)

    (backup,) = scene.kit.glob("backup-*")
    assert {p.name for p in backup.iterdir()} == {
        *("rules.clixml", "rules.json", "scheduler.clixml", "scheduler.json")
    }
    assert b"MVAttribute" in (backup / "rules.clixml").read_bytes().replace(b"\0", b"")
    kept = json.loads((backup / "rules.json").read_text("utf-8-sig"))
    assert len(kept) == len(scene.world.staging_rules)


def test_what_if_changes_nothing_and_writes_no_file(scene: Scene, do: Do) -> None:
    before = snapshot(scene)

    found = do("2-apply.ps1", "-WhatIf", *PAUSE)

    assert [*scene.kit.glob("apply-*")] == []
    assert found.exit_code == 0, found.shown
    assert "What if" in found.shown
    assert snapshot(scene) == before


def test_a_rule_file_runs_alone(scene: Scene, do: Do) -> None:
    (first, *_) = sorted(p.name for p in (scene.kit / "rules").iterdir())

    found = do(f"rules/{first}")

    assert (found.errors, found.fault) == ((), None)
    assert len(scene.rules) == len(scene.world.staging_rules) + 1


# ---- Undo ----------------------------------------------------------------------------------------


def test_undo_takes_back_all_but_the_numbers_that_a_reference_shifted(scene: Scene, do: Do) -> None:
    before = scene.rules
    do("2-apply.ps1", *PAUSE)

    undone = do("undo.ps1", *PAUSE)

    assert undone.exit_code == 0, undone.shown
    assert without_numbers(scene.rules) == without_numbers(before)
    assert "precedences of out-of-box rules" in undone.shown
    assert "full synchronization" in undone.shown


def test_undo_twice_equals_once_and_apply_works_again(scene: Scene, do: Do) -> None:
    do("2-apply.ps1", *PAUSE)
    do("undo.ps1", *PAUSE)
    once = snapshot(scene)

    assert do("undo.ps1", *PAUSE).exit_code == 0
    assert snapshot(scene) == once
    assert do("2-apply.ps1", *PAUSE).exit_code == 0
    assert without_numbers(scene.rules) == without_numbers(scene.planned)


def test_undo_without_a_journal_has_nothing_to_do(scene: Scene, do: Do) -> None:
    before = snapshot(scene)

    found = do("undo.ps1")

    assert (found.exit_code, "Nothing to undo" in found.shown) == (0, True)
    assert snapshot(scene) == before


def test_undo_leaves_a_rule_that_was_changed_since_unless_told(
    powershell: Session, scene: Scene, do: Do, tmp_path: Path
) -> None:
    before = scene.rules
    do("2-apply.ps1", *PAUSE)
    own = scene.world.custom[0].identifier or ""
    change(powershell, scene, own, "$rule.Description = 'changed since'", tmp_path)

    refused = do("undo.ps1", *PAUSE)

    assert refused.exit_code == 1
    assert "changed since" in refused.shown
    assert own in scene.rules
    assert len(scene.rules) == len(before) + 1

    forced = do("undo.ps1", "-Force", *PAUSE)

    assert forced.exit_code == 0, forced.shown
    assert without_numbers(scene.rules) == without_numbers(before)


def test_a_run_that_stops_halfway_says_so_last(powershell: Session, scene: Scene, do: Do) -> None:
    calls = do("1-check.ps1").calls
    at = len(calls) + 25  # in the midst of the first rule
    found = powershell.run_file(
        scene.kit / "2-apply.ps1", *PAUSE, store=scene.store, fault=Fault(at, "Terminating")
    )

    assert found.exit_code == 1
    assert re.search(r"create '.*' \(rules/00\d-.*\.ps1\) failed:", found.shown)
    assert "Originals are disabled" in found.shown
    assert found.shown.index("The scheduler is on again") < found.shown.index("Originals are")


def test_what_was_changed_by_earlier_runs_is_not_denied(scene: Scene, do: Do) -> None:
    do("2-apply.ps1", *PAUSE)
    journal = scene.kit / "journal.jsonl"
    journal.write_bytes(b"x\n" + journal.read_bytes())

    found = do("2-apply.ps1", *PAUSE)

    assert found.exit_code == 1
    assert "keep it" in found.shown
    assert "No rule of this server was changed by this kit" not in found.shown


def test_a_damaged_file_beside_a_journal_is_not_mended_in_a_new_folder(
    scene: Scene, do: Do
) -> None:
    do("2-apply.ps1", *PAUSE)
    shared = scene.kit / "lib" / "common.ps1"
    shared.write_bytes(shared.read_bytes() + b"\n")

    shown = do("1-check.ps1").shown

    assert "keep journal.jsonl" in shown
    assert "new folder" not in shown


def test_a_scheduler_that_someone_turned_on_meanwhile_is_not_paused_unasked(
    powershell: Session, scene: Scene, do: Do, tmp_path: Path
) -> None:
    pause = powershell.run_file(scene.kit / "2-apply.ps1", *PAUSE, store=scene.store).calls
    assert "Set-ADSyncScheduler" in pause
    lines = (scene.kit / "journal.jsonl").read_text().splitlines()
    kept = [line for line in lines if '"restored"' not in line]
    (scene.kit / "journal.jsonl").write_text("\n".join(kept) + "\n")
    set_scheduler(powershell, scene, tmp_path, "-SyncCycleEnabled $true")

    found = do("undo.ps1", "-Scheduler", "Leave")

    assert found.exit_code == 0, found.shown
    assert "still off" not in found.shown
    assert "Set-ADSyncScheduler" not in found.calls


def test_undo_force_gives_an_original_every_field_back(
    powershell: Session, scene: Scene, do: Do, tmp_path: Path
) -> None:
    before = scene.rules
    do("2-apply.ps1", *PAUSE)
    (original,) = scene.world.to_disable()
    touch = (
        "$rule.Description = 'x'; $rule.LinkType = 'Provision'; $rule.AttributeFlowMappings.Clear()"
    )
    change(powershell, scene, original, touch, tmp_path)

    assert do("undo.ps1", *PAUSE).exit_code == 1
    forced = do("undo.ps1", "-Force", *PAUSE)

    assert forced.exit_code == 0, forced.shown
    assert without_numbers(scene.rules) == without_numbers(before)


def change(
    powershell: Session, scene: Scene, identifier: str, statement: str, folder: Path
) -> None:
    """Change a rule on the server, as someone else would."""
    path = folder / "change.ps1"
    path.write_text(
        f"Import-Module ADSync\n$rule = Get-ADSyncRule -Identifier '{identifier}'\n"
        f"{statement}\n$null = $rule | Add-ADSyncRule\n"
    )
    done = powershell.run_file(path, store=scene.store)
    assert (done.errors, done.fault) == ((), None)


# ---- Refused, and nothing changed ----------------------------------------------------------------


def set_scheduler(powershell: Session, scene: Scene, folder: Path, words: str) -> None:
    path = folder / "scheduler.ps1"
    path.write_text(f"Set-ADSyncStandInScheduler {words}\n")
    powershell.run_file(path, store=scene.store)


def refused(scene: Scene, do: Do, *, script: str = "2-apply.ps1") -> str:
    """Run a script that must refuse and change nothing; return what it showed."""
    before = snapshot(scene)
    found = do(script, *(PAUSE if script != "1-check.ps1" else ()))
    assert found.exit_code == 1, found.shown
    assert snapshot(scene) == before
    return found.shown


def test_an_active_server_is_refused_unless_allowed(
    powershell: Session, scene: Scene, do: Do, tmp_path: Path
) -> None:
    set_scheduler(powershell, scene, tmp_path, "-StagingModeEnabled $false")

    for script in ("1-check.ps1", "2-apply.ps1"):
        assert "-AllowActive" in refused(scene, do, script=script)
    assert do("2-apply.ps1", "-AllowActive", *PAUSE).exit_code == 0


def test_a_running_cycle_is_refused(
    powershell: Session, scene: Scene, do: Do, tmp_path: Path
) -> None:
    set_scheduler(powershell, scene, tmp_path, "-SyncCycleInProgress $true")

    for script in ("1-check.ps1", "2-apply.ps1"):
        assert "cycle is running" in refused(scene, do, script=script)


@pytest.mark.parametrize("path", ["rules/001", "lib/common.ps1", "2-apply.ps1", "README.txt"])
def test_a_tampered_file_is_refused(scene: Scene, do: Do, path: str) -> None:
    (file,) = (p for p in scene.kit.rglob("*") if f"{p.relative_to(scene.kit)}".startswith(path))
    file.write_bytes(file.read_bytes() + b"# more\r\n")

    assert "not as it was" in refused(scene, do, script="1-check.ps1")
    assert "not as it was" in refused(scene, do)


@pytest.mark.parametrize("path", ["rules/001", "lib/journal.ps1", "undo.ps1"])
def test_a_missing_file_is_refused(scene: Scene, do: Do, path: str) -> None:
    (file,) = (p for p in scene.kit.rglob("*") if f"{p.relative_to(scene.kit)}".startswith(path))
    file.unlink()

    assert f"{file.relative_to(scene.kit)} is missing" in refused(scene, do, script="1-check.ps1")


@pytest.mark.parametrize("path", ["rules/999-more.ps1", "lib/more.ps1", "functions.ps1"])
def test_a_script_that_does_not_belong_to_the_kit_is_refused(
    scene: Scene, do: Do, path: str
) -> None:
    (scene.kit / path).write_text("'more'")

    assert f"{path} does not belong" in refused(scene, do)


def test_a_damaged_manifest_is_refused(scene: Scene, do: Do) -> None:
    path = scene.kit / "manifest.json"
    path.write_bytes(path.read_bytes()[:-200])

    assert "manifest.json" in refused(scene, do)


def test_another_server_is_refused(powershell: Session, scene: Scene, do: Do) -> None:
    powershell.prepare(scene.store, [], [])

    shown = refused(scene, do)
    assert "is not on this server" in shown
    assert "b891884f-051e-4a83-95af-2544101c9083" in shown


def test_a_connector_of_another_name_is_refused(scene: Scene, do: Do) -> None:
    server = state(scene.store)
    for connector in server["connectors"]:
        connector["Name"] = "other.example"
    scene.store.write_text(json.dumps(server))

    assert "is named 'other.example' here" in refused(scene, do)


def test_an_original_with_another_tag_is_refused(
    powershell: Session, scene: Scene, do: Do, tmp_path: Path
) -> None:
    (original,) = scene.world.to_disable()
    change(powershell, scene, original, "$rule.ImmutableTag = 'Microsoft.Other.001'", tmp_path)

    assert "another tag" in refused(scene, do)


def test_a_number_that_is_taken_is_refused(
    powershell: Session, scene: Scene, do: Do, tmp_path: Path
) -> None:
    placed = next(r for r in scene.world.custom if r.precedence)
    other = next(
        r for r in scene.world.staging_rules if r.identifier not in scene.world.to_disable()
    )
    change(
        powershell,
        scene,
        other.identifier or "",
        f"$rule.Precedence = {placed.precedence}",
        tmp_path,
    )

    assert f"{placed.precedence} is taken" in refused(scene, do)


def test_an_identifier_that_another_rule_has_is_refused(
    powershell: Session, scene: Scene, do: Do, tmp_path: Path
) -> None:
    own = scene.world.custom[0]
    connector = scene.world.true_connectors[own.connector]
    path = tmp_path / "other.ps1"
    path.write_text(
        "$rule = New-ADSyncRule -Name 'another' -Direction Inbound -SourceObjectType user "
        f"-TargetObjectType person -Connector {connector} -Identifier {own.identifier} "
        "-Precedence 98\n$null = $rule | Add-ADSyncRule\n"
    )
    powershell.run_file(path, store=scene.store)
    assert scene.rules[own.identifier or ""]["Name"] == "another"

    assert "taken by a rule that differs" in refused(scene, do)


def test_verify_names_every_difference(
    powershell: Session, scene: Scene, do: Do, tmp_path: Path
) -> None:
    do("2-apply.ps1", *PAUSE)
    one, other, gone = (r.identifier or "" for r in scene.world.custom)
    change(
        powershell,
        scene,
        one,
        "$rule.Description = 'x'; $rule.Disabled = -not $rule.Disabled",
        tmp_path,
    )
    change(powershell, scene, other, "$rule.AttributeFlowMappings[0].Destination = 'sn'", tmp_path)
    path = tmp_path / "remove.ps1"
    path.write_text(f"Remove-ADSyncRule -Identifier {gone}\n")
    powershell.run_file(path, store=scene.store)
    before = snapshot(scene)

    found = do("3-verify.ps1")
    take_printout(scene)

    assert found.exit_code == 1
    for part in ("Description", "Disabled", "AttributeFlowMappings", "Destination 'sn'"):
        assert part in found.shown
    assert snapshot(scene) == before


# ---- Language modes ------------------------------------------------------------------------------


def constrained(powershell: Session, scene: Scene, folder: Path, script: str) -> tuple[int, str]:
    wrapper = folder / "constrained.ps1"
    wrapper.write_text(
        "Import-Module ADSync\n"
        "$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'\n"
        f"& '{scene.kit / script}'\nexit $LASTEXITCODE\n"
    )
    done = powershell.run_apart(wrapper, store=scene.store)
    return done.exit_code, done.shown


def test_check_and_verify_keep_to_constrained_language(
    powershell: Session, scene: Scene, do: Do, tmp_path: Path
) -> None:
    code, shown = constrained(powershell, scene, tmp_path, "1-check.ps1")
    assert (code, "FAILED" in shown) == (0, False), shown
    assert [path.name[:6] for path in scene.kit.glob("*-*.txt")] == ["check-"], shown
    do("2-apply.ps1", *PAUSE)

    code, shown = constrained(powershell, scene, tmp_path, "3-verify.ps1")
    assert code == 0, shown
    assert "All is as planned." in take_printout(scene)


@pytest.mark.parametrize(
    "script", ["2-apply.ps1", "undo.ps1", "defer-full-sync.ps1", "resume-full-sync.ps1"]
)
def test_what_changes_rules_stops_in_constrained_language_and_says_why(
    powershell: Session, scene: Scene, tmp_path: Path, script: str
) -> None:
    before = snapshot(scene)

    code, shown = constrained(powershell, scene, tmp_path, script)

    assert code == 1
    assert "ConstrainedLanguage" in shown
    assert "sign" in shown
    assert snapshot(scene) == before


def test_what_that_mode_may_not_let_them_read_they_do_not_read_in_it(
    powershell: Session, scene: Scene, tmp_path: Path
) -> None:
    for name in ("checks.ps1", "journal.ps1", "scheduler.ps1"):
        (scene.kit / "lib" / name).write_text("throw 'this was read'\n")

    code, shown = constrained(powershell, scene, tmp_path, "undo.ps1")

    assert (code, "was read" in shown, "sign" in shown) == (1, False, True), shown


# ---- Deferring the full synchronization ----------------------------------------------------------


def flags(scene: Scene) -> object:
    return state(scene.store)["overrides"]


def test_defer_clears_what_resume_sets_again(scene: Scene, do: Do) -> None:
    do("2-apply.ps1", *PAUSE)
    marked = flags(scene)

    assert do("defer-full-sync.ps1").exit_code == 0
    cleared = flags(scene)
    assert cleared != marked
    assert "true" not in json.dumps(cleared).lower()
    found = do("resume-full-sync.ps1", "-Scheduler", "Enable")

    assert found.exit_code == 0, found.shown
    assert flags(scene) == marked


def test_deferring_on_an_active_server_is_refused_unless_allowed(
    powershell: Session, scene: Scene, do: Do, tmp_path: Path
) -> None:
    do("2-apply.ps1", *PAUSE)
    set_scheduler(powershell, scene, tmp_path, "-StagingModeEnabled $false")
    marked = flags(scene)

    refused = do("defer-full-sync.ps1")

    assert (refused.exit_code, "-AllowActive" in refused.shown) == (1, True), refused.shown
    assert flags(scene) == marked
    assert do("defer-full-sync.ps1", "-AllowActive").exit_code == 0
    assert flags(scene) != marked


def test_deferring_twice_loses_nothing(scene: Scene, do: Do) -> None:
    do("2-apply.ps1", *PAUSE)
    marked = flags(scene)
    do("defer-full-sync.ps1")

    assert do("defer-full-sync.ps1").exit_code == 0
    do("resume-full-sync.ps1", "-Scheduler", "Enable")

    assert flags(scene) == marked


def test_every_rule_of_the_server_but_the_plans_stays_as_it_was(scene: Scene, do: Do) -> None:
    do("2-apply.ps1", *PAUSE)

    touched = {r.identifier for r in scene.world.custom} | scene.world.to_disable()
    others = by_identifier([r for k, r in scene.rules.items() if k not in touched])
    original = {k: r for k, r in scene.planned.items() if k not in touched}
    assert others == original
