"""The functions of the kit's scripts keep to PowerShell's own rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from support.powershell.session import Session

HERE = Path(__file__).parent
ROWS = {"New-Row", "New-CheckedRow"}
NOT_NAMED_FOR_ROWS = {"Invoke-KitCheck", "Get-Server", *ROWS}
"""What returns rows among other things, and what makes them."""
SHOWN = {"Write-Host", "Write-Lines", "Write-Output"}
ONCE = (
    *("manifest.json", "journal.jsonl", "deferred-full-sync"),
    "b891884f-051e-4a83-95af-2544101c9083",
)


@dataclass(frozen=True)
class Function:
    """A function: what it calls, and which variables it reads that are not its own."""

    file: str
    name: str
    commands: frozenset[str]
    foreign: str


@pytest.fixture(scope="module")
def scripts() -> Iterator[Path]:
    with as_file(files("syncrules.kit").joinpath("scripts")) as folder:
        yield folder


@pytest.fixture(scope="module")
def functions(powershell: Session, scripts: Path) -> list[Function]:
    return functions_of(powershell, scripts)


def functions_of(powershell: Session, scripts: Path) -> list[Function]:
    found = powershell.run_script(f"& '{HERE / 'functions.ps1'}' -Folder '{scripts}'")
    assert (found.errors, found.fault) == ((), None), found.shown
    told = (line.split("|") for line in found.output)
    return [
        Function(file, name, frozenset(c.split(",")), foreign) for file, name, c, foreign in told
    ]


def test_none_reads_a_variable_of_its_caller(functions: list[Function]) -> None:
    assert [f for f in functions if f.foreign] == []
    assert len(functions) > 100


@pytest.mark.parametrize("name", ["Caller", "WhatIfPreference", "PSCmdlet", "journal"])
def test_a_variable_of_the_caller_is_seen(powershell: Session, tmp_path: Path, name: str) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "a.ps1").write_text(
        "function Get-X($A) { $b = $A; foreach ($c in $b) { & { param($d) $d; $script:E } } }\n"
        f"function Get-Y {{ ${name} }}\n"
    )

    found = functions_of(powershell, tmp_path)

    assert {f.name: f.foreign for f in found} == {"Get-X": "", "Get-Y": name}


def test_what_tests_makes_no_row_and_shows_nothing(functions: list[Function]) -> None:
    tests = [f for f in functions if f.name.startswith("Test-")]
    assert {"Test-Beside", "Test-Consent", "Test-AnyFailed"} < {f.name for f in tests}
    assert [f for f in tests if f.commands & (ROWS | SHOWN)] == []


def test_what_makes_a_row_says_so_by_its_name(functions: list[Function]) -> None:
    makers = {f.name for f in functions if f.commands & ROWS} - NOT_NAMED_FOR_ROWS
    assert {n for n in makers if not re.fullmatch(r"Get-\w+Rows?", n)} == set()
    assert len(makers) > 8


@pytest.mark.parametrize("literal", ONCE)
def test_a_name_stands_in_one_place(scripts: Path, literal: str) -> None:
    texts = (path.read_text("ascii") for path in sorted(scripts.rglob("*.ps1")))
    code = "".join(re.sub(r"<#.*?#>|#[^\n]*", "", text, flags=re.DOTALL) for text in texts)
    assert code.count(literal) == 1
