"""The report of a migration as text."""

from __future__ import annotations

from pathlib import Path

from support.builders import A1, B1, ENTRA, rule, text_of, write
from support.command_line import remap


def test_the_report_names_every_change_and_what_is_left_to_do(here: Path) -> None:
    write(here / "custom.ps1", text_of(rule(), rule("Out to AAD - Custom", 2, ENTRA)))
    report = remap().stdout
    for part in (
        "In from AD - Custom",
        "Out to AAD - Custom",
        f"{A1} -> {B1}",
        f"{ENTRA} -> {ENTRA}",
        f"custom.ps1:11:12: connector '{A1}' -> '{B1}'",
        "Not checked",
        "Start-ADSyncSyncCycle",
    ):
        assert part in report
