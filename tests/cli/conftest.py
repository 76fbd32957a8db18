"""The folders that the command is run in."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.builders import B1, out_of_box, rule, write


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, with one custom rule and what shows one staging connector."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "custom.ps1", rule())
    write(tmp_path / "staging.ps1", out_of_box(connector=B1))
    return tmp_path


@pytest.fixture
def several(here: Path) -> Path:
    """Return the working folder with three exports in a folder, and a DIR with two files of one."""
    for number, name in enumerate(("a", "b", "c"), start=1):
        write(here / "active" / f"{name}.ps1", rule(name, number))
    write(here / "old" / "a.ps1", "# a, mine")
    write(here / "old" / "c.ps1", "# c, mine")
    write(here / "old" / "read.me", "kept")
    return here
