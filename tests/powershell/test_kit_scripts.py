"""The kit's scripts as texts: what Windows PowerShell 5.1 takes, and no data in them."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from support.powershell.session import Session

HERE = Path(__file__).parent
SCRIPTS = {
    path.name: path.read_text("ascii")  # 5.1 reads a file without a mark in the ANSI code page
    for folder in ("kit/scripts", "kit/scripts/lib", "migration/output")
    for path in files("syncrules").joinpath(folder).iterdir()
    if path.name.endswith(".ps1")
}
OF_THE_KIT = [name for name in SCRIPTS if name != "disable-out-of-box.ps1"]
LATE = {
    "null-coalescing": "$a ?? 'b'",
    "null-coalescing-assignment": "$a ??= 'b'",
    "null-conditional": "${a}?.Length",
    "null-conditional-index": "${a}?[0]",
    "chain-and": "Get-Date && Get-Date",
    "chain-or": "Get-Date || Get-Date",
    "ternary": "$a ? 1 : 2",
    "as-hashtable": "ConvertFrom-Json '{}' -AsHashtable",
    "as-utc": "Get-Date -AsUTC",
    "parallel": "1 | ForEach-Object -Parallel { 1 }",
    "byte-stream": "Get-Content x -AsByteStream",
    "join-string": "1 | Join-String",
    "is-windows": "if ($IsWindows) { 1 }",
    "escape-e": '"`e[0m"',
    "escape-u": '"`u{41}"',
    "binary-number": "0b101",
    "clean-block": "function f { clean { } }",
}


def late(powershell: Session, folder: Path) -> dict[str, str]:
    """Return what 5.1 lacks in each script of a folder; nothing where all is well."""
    found = powershell.run_script(f"& '{HERE / 'syntax.ps1'}' -Folder '{folder}'")
    assert (found.errors, found.fault) == ((), None)
    return dict(line.split("|", 1) for line in found.output)


def test_the_scripts_are_all_there() -> None:
    assert {"1-check.ps1", "2-apply.ps1", "3-verify.ps1", "undo.ps1"} < SCRIPTS.keys()
    assert {"defer-full-sync.ps1", "resume-full-sync.ps1"} < SCRIPTS.keys()
    assert {
        "disable-out-of-box.ps1",
        "common.ps1",
        "comparison.ps1",
        "checks.ps1",
        "journal.ps1",
    } < SCRIPTS.keys()


def test_windows_powershell_5_1_takes_them(powershell: Session, tmp_path: Path) -> None:
    for name, text in SCRIPTS.items():
        (tmp_path / name).write_text(text)

    assert late(powershell, tmp_path) == dict.fromkeys(SCRIPTS, "")


@pytest.mark.parametrize("what", LATE)
def test_what_came_after_5_1_is_seen(powershell: Session, tmp_path: Path, what: str) -> None:
    (tmp_path / "late.ps1").write_text(f"$a = 'x'\n{LATE[what]}\n")

    assert late(powershell, tmp_path)["late.ps1"] != ""


@pytest.mark.parametrize("name", OF_THE_KIT)
def test_they_run_under_strict_mode_and_stop_at_errors(name: str) -> None:
    assert "Set-StrictMode -Version Latest" in SCRIPTS[name]
    assert "$ErrorActionPreference = 'Stop'" in SCRIPTS[name]


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_text_becomes_code(name: str) -> None:
    code = re.sub(r"<#.*?#>|#[^\n]*", "", SCRIPTS[name], flags=re.DOTALL)
    dangerous = r"Invoke-Expression|\biex\b|scriptblock\]::Create|ExpandString"
    assert not re.findall(dangerous, code, re.IGNORECASE), name


@pytest.mark.parametrize("name", OF_THE_KIT)
def test_each_has_help(name: str) -> None:
    assert SCRIPTS[name].startswith("<#\n.SYNOPSIS\n")
