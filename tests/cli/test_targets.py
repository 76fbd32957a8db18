"""What stands against writing: inputs, files that are there, and names that are one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from support.builders import B1, listing, out_of_box, rule, run, write
from support.command_line import CONFIRMED, remap, remap_several
from support.marks import posix_only


def test_an_input_is_never_overwritten(several: Path) -> None:
    before = listing(several)
    for arguments in ((), ("--force",)):
        done = remap_several("active", *arguments)
        assert (done.code, done.codes) == (1, ["SR504"])
    assert listing(several) == before


@pytest.mark.parametrize("option", ["--staging", "--active"])
def test_neither_is_a_file_of_evidence(several: Path, option: str) -> None:
    write(several / "there" / "b.ps1", out_of_box("In from AD - x", connector=B1))
    before = listing(several)
    done = remap_several("there", "--force", option, "there")
    assert "SR504" in done.codes
    assert done.code == 1
    assert listing(several) == before


@posix_only
@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_neither_is_an_input_under_another_name(
    several: Path, link: Callable[[Path, Path], None]
) -> None:
    (several / "links").mkdir()
    link(several / "active" / "b.ps1", several / "links" / "b.ps1")
    before = listing(several)
    done = remap_several("links", "--force")
    assert (done.code, done.codes) == (1, ["SR504"])
    assert listing(several) == before


def test_other_scripts_in_dir_are_a_warning(several: Path) -> None:
    write(several / "other" / "Remove-Everything.PS1", "# not of this run")
    write(several / "other" / "notes.txt", "not a script")
    done = remap_several("other")
    assert (done.code, done.codes) == (0, ["SR506"])
    assert "Remove-Everything.PS1" in done.stdout
    assert remap_several("other", "--force", "--strict").code == 1


def test_names_equal_but_for_case_are_refused(here: Path) -> None:
    write(here / "north" / "rules.ps1", rule("North", 1))
    write(here / "south" / "Rules.txt", rule("South", 2))
    done = run("remap", "north", "south", "--staging", "staging.ps1", "--out", "out", *CONFIRMED)
    assert (done.code, done.codes) == (1, ["SR503"])
    assert "rules.ps1" in done.stderr
    assert not (here / "out").exists()


def test_a_file_that_is_there_in_another_case_is_not_overwritten_either(several: Path) -> None:
    """On Windows the two names are one file, so that without --force it would be overwritten."""
    write(several / "cased" / "A.PS1", "# mine")
    before = listing(several)
    done = remap_several("cased")
    assert done.codes != []
    assert done.code == 0 or listing(several) == before
    assert (several / "cased" / "A.PS1").read_text() == "# mine"


@pytest.mark.parametrize("name", ["staging.ps1", "custom.ps1"])
def test_dir_is_a_file(here: Path, name: str) -> None:
    before = listing(here)
    for arguments in ((), ("--force",)):
        done = remap(*arguments, out=name)
        assert (done.code, done.codes) == (1, ["SR507", "SR410"])
    assert listing(here) == before


def test_a_folder_has_the_name_of_an_output_file(here: Path) -> None:
    write(here / "out" / "custom.ps1" / "inside", "kept")
    before = listing(here)
    done = remap("--force", *CONFIRMED)
    assert (done.code, done.codes) == (1, ["SR507"])
    assert listing(here) == before


def test_an_empty_folder_may_be_written_into(here: Path) -> None:
    (here / "out").mkdir()
    assert remap(*CONFIRMED).code == 0
    assert listing(here / "out").keys() == {"custom.ps1"}


def test_an_output_may_be_remapped_and_stays_the_same(here: Path) -> None:
    remap()
    done = run("remap", "out", "--staging", "staging.ps1", "--out", "again")
    assert (done.code, done.stderr) == (0, "")
    assert listing(here / "again") == listing(here / "out")


# ---- Files that are there already, and the same --------------------------------------------------


def _times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_a_second_run_into_the_same_folder_needs_no_force_and_touches_nothing(
    several: Path,
) -> None:
    assert remap_several().code == 0
    before = listing(several), _times(several / "new")
    again = remap_several()
    assert (again.code, again.codes) == (0, [])
    assert (listing(several), _times(several / "new")) == before


@pytest.mark.parametrize("change", ["edited", "cut", "longer", "empty"])
def test_a_file_that_differs_needs_force_and_is_named_alone(several: Path, change: str) -> None:
    remap_several()
    one = several / "new" / "b.ps1"
    data = one.read_bytes()
    other = {
        "edited": data.replace(b"In", b"in", 1),
        "cut": data[:-1],
        "longer": data + b" ",
        "empty": b"",
    }
    one.write_bytes(other[change])
    before, times = listing(several), _times(several / "new")
    done = remap_several()
    assert (done.code, done.codes) == (1, ["SR505"])
    assert str(Path("new", "b.ps1")) in done.stderr
    assert listing(several) == before

    assert remap_several("new", "--force").code == 0
    assert one.read_bytes() == data
    now = _times(several / "new")
    assert {path for path in times if now[path] != times[path] and path.is_file()} == {one}


def test_what_lacks_is_written_beside_what_is_the_same(several: Path) -> None:
    remap_several()
    before = listing(several)
    (several / "new" / "b.ps1").unlink()
    assert remap_several().code == 0
    assert listing(several) == before
