"""The comparison that README.txt gives to be pasted: it uses no file of the kit but its list."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from support.powershell.kits import Scene
from support.powershell.session import Session

SEES_A_CHANGE = "elseif (-not $hash.Equals($File.sha256)) {"


@pytest.fixture
def kit(prepared: Scene, tmp_path: Path) -> Path:
    """Return a kit of the test's own."""
    return prepared.copy(tmp_path / "scene").kit


@pytest.fixture
def paste(powershell: Session, kit: Path) -> Callable[[], list[str]]:
    """Return a function that pastes the lines, with the hash that was printed for this kit."""
    printed = sha256(kit / "manifest.json").upper()
    (block,) = re.findall(r"(?m)^ +\$signed = .*\n(?:^ +.*\n)+", readme(kit))

    def run() -> list[str]:
        text = block.replace("THE SIGNED SHA-256 OF manifest.json", printed)
        found = powershell.run_script(f"Set-Location '{kit}'\n{text}")
        assert (found.errors, found.fault) == ((), None), found.shown
        return list(found.output)

    return run


def readme(kit: Path) -> str:
    return (kit / "README.txt").read_text("utf-8-sig")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def only(kit: Path, start: str) -> Path:
    """Return the one file of a kit whose path begins so."""
    (path,) = (p for p in kit.rglob("*") if p.relative_to(kit).as_posix().startswith(start))
    return path


Paste = Callable[[], list[str]]


def test_an_unchanged_kit_is_said_to_be_so(kit: Path, paste: Paste) -> None:
    count = len([p for p in kit.rglob("*") if p.is_file()]) - 2  # the manifest, and what is signed

    assert paste() == [f"The kit is unchanged: {count} files and manifest.json."]


def test_what_the_scripts_wrote_is_no_change(kit: Path, paste: Paste) -> None:
    for path in ("journal.jsonl", "verify-20260102-030405.txt"):
        (kit / path).write_text("{}")

    assert "STOP" not in paste()[0]


@pytest.mark.parametrize("path", ["rules/001", "lib/checks.ps1", "1-check.ps1", "README.txt"])
def test_a_changed_file_is_seen(kit: Path, paste: Paste, path: str) -> None:
    file = only(kit, path)
    file.write_bytes(file.read_bytes() + b"# more\r\n")

    first, *named = paste()

    assert first.startswith("STOP")
    assert named == [f"{file.relative_to(kit).as_posix()}: changed or missing"]


def test_a_missing_file_is_seen(kit: Path, paste: Paste) -> None:
    only(kit, "undo.ps1").unlink()

    assert paste()[1:] == ["undo.ps1: changed or missing"]


@pytest.mark.parametrize("path", ["more.ps1", "lib/more.ps1", "rules/999-more.ps1"])
def test_a_script_that_does_not_belong_to_the_kit_is_seen(
    kit: Path, paste: Paste, path: str
) -> None:
    (kit / path).write_text("'more'")

    assert paste()[1:] == [f"{path}: not of this kit"]


def test_a_changed_manifest_is_seen(kit: Path, paste: Paste) -> None:
    path = kit / "manifest.json"
    path.write_bytes(path.read_bytes() + b"\n")

    assert paste()[1:] == [f"manifest.json: it has {sha256(path).upper()}"]


def test_it_sees_a_kit_whose_own_check_was_made_blind(
    powershell: Session, prepared: Scene, kit: Path, paste: Paste
) -> None:
    checks, rule = kit / "lib" / "checks.ps1", only(kit, "rules/001")
    text = checks.read_text("ascii")
    assert SEES_A_CHANGE in text
    checks.write_text(text.replace(SEES_A_CHANGE, "elseif ($false) {"))
    rule.write_bytes(rule.read_bytes() + b"# more\r\n")

    own = powershell.run_file(kit / "1-check.ps1", store=prepared.store)
    assert own.exit_code == 0, own.shown

    assert set(paste()[1:]) == {
        "lib/checks.ps1: changed or missing",
        f"rules/{rule.name}: changed or missing",
    }


def test_it_runs_no_file_of_the_kit(kit: Path) -> None:
    (block,) = re.findall(r"(?m)^ +\$signed = .*\n(?:^ +.*\n)+", readme(kit))

    assert not re.search(r"&|\.\\\S+\.ps1|Import-Module|^ *\. ", block)
