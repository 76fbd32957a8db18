"""The cases that Python runs too: PowerShell's side of the twin comparison."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from support.powershell.session import Session

HERE = Path(__file__).parent
TABLE = HERE.parent / "data" / "comparison-cases.json"
CASES: dict[str, list[dict[str, Any]]] = json.loads(TABLE.read_text("utf-8"))
EXPECTED = {"fields": "fields", "differences": "differ", "places": "beside"}
"""What each kind of case asserts."""


@pytest.mark.parametrize("kind", EXPECTED)
def test_the_scripts_compare_as_the_tool_does(powershell: Session, kind: str) -> None:
    lib = files("syncrules.kit").joinpath("scripts", "lib")
    script = f"& '{HERE / 'comparison.ps1'}' -Cases '{TABLE}' -Lib '{lib}' -Kind {kind}"

    found = powershell.run_script(script)

    assert (found.errors, found.fault) == ((), None), found.shown
    names = [case["name"] for case in CASES[kind]]
    told = dict(zip(names, map(json.loads, found.output), strict=True))
    assert told == {case["name"]: case[EXPECTED[kind]] for case in CASES[kind]}


def test_the_cases_have_names_of_their_own() -> None:
    for kind in EXPECTED:
        assert len({case["name"] for case in CASES[kind]}) == len(CASES[kind])
