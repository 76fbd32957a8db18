"""No script of the kit says that all is well of another server than the plan's."""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from support.builders import A1, B1, B2, ENTRA, guid, out_of_box, rule, run, text_of, write
from support.configurations import ENTRA_FILE, ConnectorFile, configuration
from support.powershell.kits import PAUSE, Scene
from support.powershell.session import Connector, Run, Session, state
from syncrules import SyncRule

OUT = replace(rule("Out", 7, ENTRA), direction="Outbound")
OF_ACTIVE, OF_STAGING = (
    replace(out_of_box("Out to AAD - User Join", number, ENTRA), direction="Outbound")
    for number in (901, 801)
)
ENTRA_CONNECTOR = Connector("contoso.onmicrosoft.com - AAD", ENTRA, "Extensible2")

Do = Callable[..., Run]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a kit whose one rule looks the same on both servers."""
    configuration(tmp_path / "active", connectors=of_forest(A1), rules=[OUT, OF_ACTIVE])
    configuration(tmp_path / "staging", connectors=of_forest(B1), rules=[OF_STAGING])
    make(tmp_path, tmp_path / "active", tmp_path / "staging")
    return tmp_path


def of_forest(identifier: str) -> list[ConnectorFile]:
    return [ConnectorFile(identifier, "contoso.com", forest="contoso.com"), ENTRA_FILE]


def make(folder: Path, active: Path, staging: Path) -> None:
    made = run("kit", active, "--staging", staging, "--out", folder / "kit")
    assert made.code == 0, made.stderr


def on_server(powershell: Session, folder: Path, connector: str | None, *rules: SyncRule) -> Do:
    """Return a function that runs a script on a server with this AD connector and these rules."""
    here = [] if connector is None else [Connector("contoso.com", connector, "AD")]
    powershell.prepare(folder / "server.json", [*here, ENTRA_CONNECTOR], rules)

    def do(script: str, *arguments: str) -> Run:
        return powershell.run_file(
            folder / "kit" / script, *arguments, store=folder / "server.json"
        )

    return do


SCRIPTS = [
    ("1-check.ps1",),
    ("1-check.ps1", "-AllowActive"),
    ("2-apply.ps1", *PAUSE),
    ("2-apply.ps1", "-AllowActive", *PAUSE),
    ("3-verify.ps1",),
    ("3-verify.ps1", "-AllowActive"),
    ("defer-full-sync.ps1",),
    ("resume-full-sync.ps1", "-Scheduler", "Enable"),
]


@pytest.mark.parametrize("script", SCRIPTS, ids=" ".join)
@pytest.mark.parametrize(
    ("connector", "rules", "words"),
    [
        (A1, (OUT, OF_ACTIVE), "This is the active server of the plan"),
        (A1, (OUT,), "This is the active server of the plan"),
        (None, (OUT, OF_ACTIVE), "This is the active server of the plan"),
        (B2, (OUT,), "This is not the staging server of the plan"),
    ],
)
def test_another_server_is_refused_by_every_script(
    powershell: Session,
    folder: Path,
    script: tuple[str, ...],
    connector: str | None,
    rules: tuple[SyncRule, ...],
    words: str,
) -> None:
    do = on_server(powershell, folder, connector, *rules)
    before = state(folder / "server.json")

    found = do(*script)

    assert (found.exit_code, found.errors, found.fault) == (1, (), None), found.shown
    assert words in found.shown
    assert "as planned" not in found.shown
    assert "ready there" not in found.shown
    assert not re.search(r"(?m)^Rule \d", found.shown)
    if script[0][0].isdigit():
        assert re.search(r"(?m)^Rules +not checked +It is not certain", found.shown), found.shown
    assert state(folder / "server.json") == before


def test_the_plans_server_is_known_by_its_own_connector_or_out_of_box_rules(
    powershell: Session, folder: Path
) -> None:
    for connector, rules in ((B1, (OUT,)), (None, (OUT, OF_STAGING))):
        do = on_server(powershell, folder, connector, *rules)
        for script in SCRIPTS:
            found = do(*script)
            assert found.exit_code == 0, found.shown
            assert not {"FAILED", "not checked"} & set(found.shown.split("  "))


def test_a_kit_that_knows_neither_server_says_that_it_was_not_checked(
    powershell: Session, tmp_path: Path
) -> None:
    other = replace(OUT, name="Other", identifier=guid(17), precedence=3)
    active = write(tmp_path / "active.ps1", text_of(OUT))
    make(tmp_path, active, write(tmp_path / "staging.ps1", text_of(other)))
    do = on_server(powershell, tmp_path, None, OUT)

    for script in ("1-check.ps1", "3-verify.ps1"):
        found = do(script)
        assert found.exit_code == 0, found.shown
        assert re.search(r"(?m)^This server +not checked", found.shown)
        assert "Make sure yourself" in found.shown


def test_verify_takes_a_server_that_is_active_only_where_allowed(
    powershell: Session, folder: Path
) -> None:
    do = on_server(powershell, folder, B1, OUT, OF_STAGING)
    server = state(folder / "server.json")
    server["scheduler"]["StagingModeEnabled"] = False
    (folder / "server.json").write_text(json.dumps(server))

    refused = do("3-verify.ps1")

    assert (refused.exit_code, "-AllowActive" in refused.shown) == (1, True), refused.shown
    assert "All is as planned" not in refused.shown
    assert do("3-verify.ps1", "-AllowActive").exit_code == 0


@pytest.mark.parametrize("path", ["rules/001-Out.ps1", "lib/journal.ps1", "README.txt"])
def test_verify_does_not_say_that_a_changed_kit_is_as_planned(
    powershell: Session, folder: Path, path: str
) -> None:
    do = on_server(powershell, folder, B1, OUT, OF_STAGING)
    file = folder / "kit" / path
    file.write_bytes(file.read_bytes() + b"# more\r\n")

    found = do("3-verify.ps1")

    assert (found.exit_code, "All is as planned" in found.shown) == (1, False), found.shown
    assert f"{path} is not as it was" in found.shown


# ---- What a printout tells -----------------------------------------------------------------------


@pytest.fixture
def scene(prepared: Scene, tmp_path: Path) -> Scene:
    """Return a kit and a server of the test's own."""
    return prepared.copy(tmp_path / "scene")


def header(scene: Scene) -> re.Pattern[str]:
    manifest = (scene.kit / "manifest.json").read_bytes()
    digest, code = hashlib.sha256(manifest).hexdigest(), json.loads(manifest)["code"]
    return re.compile(
        rf"Server +{re.escape(platform.node())}\s*\n"
        r"Time +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d\s*\n"
        r"User +\S+\\\S+\s*\n"
        rf"Kit +{re.escape(str(scene.kit))}\s*\n"
        rf"Kit code +{code}\s*\n"
        rf"SHA-256 +{digest} \(manifest.json\)\s*\n"
    )


@pytest.mark.parametrize("script", [*SCRIPTS, ("undo.ps1",)], ids=" ".join)
def test_every_script_begins_with_server_time_person_and_plan(
    powershell: Session, scene: Scene, script: tuple[str, ...]
) -> None:
    found = powershell.run_file(scene.kit / script[0], *script[1:], store=scene.store)

    assert header(scene).match(found.shown), found.shown


def test_without_a_manifest_the_header_says_so(powershell: Session, scene: Scene) -> None:
    (scene.kit / "manifest.json").unlink()

    found = powershell.run_file(scene.kit / "1-check.ps1", store=scene.store)

    assert "SHA-256   not known" in found.shown
    assert "Kit code  not known" in found.shown
    assert found.exit_code == 1


@pytest.mark.parametrize(
    ("script", "name", "told"),
    [
        (("1-check.ps1",), "check", "Next: 2-apply.ps1"),
        (("2-apply.ps1", *PAUSE), "apply", "each one read back from the server"),
        (("undo.ps1", *PAUSE), "undo", "Nothing to undo"),
        (("defer-full-sync.ps1",), "defer", "Nothing to defer"),
        (("resume-full-sync.ps1",), "resume", "Nothing to resume"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_script_saves_what_it_shows(
    powershell: Session, scene: Scene, script: tuple[str, ...], name: str, told: str
) -> None:
    found = powershell.run_file(scene.kit / script[0], *script[1:], store=scene.store)

    check_saved(scene, found, name, told)


def check_saved(scene: Scene, found: Run, name: str, told: str) -> None:
    (path,) = scene.kit.glob(f"{name}-*.txt")
    assert re.fullmatch(rf"{name}-\d{{8}}-\d{{6}}\.txt", path.name)
    assert f"Saved to {path.name}" in found.shown
    saved = path.read_text("utf-8-sig")
    assert header(scene).match(saved), saved
    assert told in saved
    assert saved.replace("\r\n", "\n").rstrip() in found.shown.replace("\r\n", "\n")


def test_what_a_script_refuses_is_saved_too(powershell: Session, scene: Scene) -> None:
    (scene.kit / "manifest.json").write_text("{}")

    found = powershell.run_file(scene.kit / "2-apply.ps1", *PAUSE, store=scene.store)

    assert found.exit_code == 1
    (path,) = scene.kit.glob("apply-*.txt")
    assert "these scripts read 1" in path.read_text("utf-8-sig")


@pytest.mark.parametrize("script", ["1-check.ps1", "3-verify.ps1"])
def test_what_only_looks_says_so_where_it_ends_early(
    powershell: Session, scene: Scene, script: str
) -> None:
    (scene.kit / "manifest.json").write_text("{}")

    found = powershell.run_file(scene.kit / script, store=scene.store)

    assert (found.exit_code, "this script only looks" in found.shown) == (1, True), found.shown


def test_what_was_saved_is_never_overwritten(powershell: Session, scene: Scene) -> None:
    wrapper = scene.kit.parent / "wrapper.ps1"
    wrapper.write_text(
        "function Get-Date { param($Format) if ($Format -eq 'zzz') { '+00:00' } "
        "else { '2026-01-02T03:04:05' } }\n"
        f"foreach ($n in 1..3) {{ & '{scene.kit / '1-check.ps1'}' }}\nexit $LASTEXITCODE\n"
    )

    found = powershell.run_file(wrapper, store=scene.store)

    assert found.exit_code == 0, found.shown
    saved = {path.name: path.read_text("utf-8-sig") for path in scene.kit.glob("check-*.txt")}
    assert saved.keys() == {f"check-20260102-030405{n}.txt" for n in ("", "-2", "-3")}
    assert all(text.count("Kit code  ") == 1 for text in saved.values())


def test_verify_saves_what_it_shows(powershell: Session, scene: Scene) -> None:
    powershell.run_file(scene.kit / "2-apply.ps1", *PAUSE, store=scene.store)

    found = powershell.run_file(scene.kit / "3-verify.ps1", store=scene.store)

    check_saved(scene, found, "verify", "All is as planned.")
    again = powershell.run_file(scene.kit / "1-check.ps1", store=scene.store)
    assert again.exit_code == 0, again.shown


@pytest.mark.parametrize("script", ["1-check.ps1", "2-apply.ps1", "3-verify.ps1", "undo.ps1"])
def test_a_printout_that_cannot_be_saved_is_said_and_changes_no_result(
    powershell: Session, scene: Scene, script: str
) -> None:
    if script != "2-apply.ps1":
        powershell.run_file(scene.kit / "2-apply.ps1", *PAUSE, store=scene.store)
    wrapper = scene.kit.parent / "wrapper.ps1"
    words = " ".join(PAUSE) if script in ("2-apply.ps1", "undo.ps1") else ""
    wrapper.write_text(
        "function Set-Content { throw 'The disk is full.' }\n"
        f"& '{scene.kit / script}' {words}\nexit $LASTEXITCODE\n"
    )

    found = powershell.run_file(wrapper, store=scene.store)

    assert found.exit_code == 0, found.shown
    assert "could not be saved" in found.shown
    assert "The disk is full." in found.shown


def test_the_check_says_what_is_left_to_apply(powershell: Session, scene: Scene) -> None:
    def check() -> str:
        found = powershell.run_file(scene.kit / "1-check.ps1", store=scene.store)
        assert found.exit_code == 0, found.shown
        return found.shown

    assert "1 originals to disable, 3 rules to create" in check()
    assert "Next: 2-apply.ps1" in check()

    powershell.run_file(scene.kit / "2-apply.ps1", *PAUSE, store=scene.store)

    assert "nothing is left to apply" in check()
    assert "Next: 3-verify.ps1" in check()
    assert "Next: 2-apply.ps1" not in check()

    server = state(scene.store)
    (original,) = scene.world.to_disable()
    next(r for r in server["rules"] if r["Identifier"] == original)["Disabled"] = False
    scene.store.write_text(json.dumps(server))

    assert "1 originals to disable, 0 rules to create" in check()

    kept = [r for r in server["rules"] if r["Identifier"] != scene.world.custom[-1].identifier]
    next(r for r in kept if r["Identifier"] == original)["Disabled"] = True
    scene.store.write_text(json.dumps({**server, "rules": kept}))

    assert "0 originals to disable, 1 rules to create" in check()
