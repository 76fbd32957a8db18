"""The report of a migration as text, and what -q leaves of it. Its looks: tests/test_reports.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.builders import A1, A2, B1, B2, out_of_box, rule, text_of, write
from support.command_line import remap


@pytest.mark.usefixtures("here")
def test_a_report_that_is_saved_is_complete() -> None:
    done = remap()
    assert done.stderr == ""
    for part in ("warning[SR410]", "hint:", "'In from AD - Custom'", A1, B1, "custom.ps1: line 11"):
        assert part in done.stdout
    assert done.stdout.count("warning[SR410]") == 1
    assert "Start-ADSyncSyncCycle" in done.stdout


def test_q_tells_only_what_forbids_to_write(here: Path) -> None:
    write(here / "staging.ps1", text_of(out_of_box(connector=B1), out_of_box("x", 901, B2)))
    write(here / "custom.ps1", text_of(rule("Ü"), rule("two", 2, A2)).encode())
    assert remap().codes == ["SR406", "SR102"]
    done = remap("-q")
    assert (done.codes, done.stdout) == (["SR406"], "")
    assert done.stderr.splitlines()[-1] == "1 error, 1 warning: nothing was written."
