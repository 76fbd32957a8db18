"""Paths that are not what a command needs: each says what is there, and what to give instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.builders import listing, run, text_of, write, zipped
from support.builders import rule as made_rule
from support.command_line import CONFIRMED, remap

# ---- Nothing there -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("custm.ps1", "Did you mean custom.ps1?"),
        ("CUSTOM.PS", "Did you mean custom.ps1?"),
        ("zzz", "contains: custom.ps1, staging.ps1."),
        (str(Path("none", "custom.ps1")), "is not there, or may not be read."),
    ],
)
@pytest.mark.parametrize("option", ["EXPORT", "--staging", "--active", "inspect"])
@pytest.mark.usefixtures("here")
def test_a_path_where_nothing_is(given: str, hint: str, option: str) -> None:
    done = run(
        *{
            "EXPORT": ("remap", given, "--staging", "staging.ps1", "--check"),
            "--staging": ("remap", "custom.ps1", "--staging", given, "--check"),
            "--active": (
                *("remap", "custom.ps1", "--staging", "staging.ps1", "--active", given, "--check"),
            ),
            "inspect": ("inspect", given),
        }[option]
    )
    assert (done.code, done.codes) == (1, ["SR109"])
    assert f"{given}: error[SR109]: There is no such file or folder." in done.stderr
    assert hint in done.stderr


# ---- Folders -------------------------------------------------------------------------------------


def _of_folder(*arguments: str) -> str:
    done = run("inspect", *arguments)
    assert (done.code, done.codes) == (1, ["SR110"])
    return done.stderr


def test_an_empty_folder(here: Path) -> None:
    (here / "empty").mkdir()
    assert "It is empty." in _of_folder("empty")


def test_a_folder_without_exports_names_what_it_contains(here: Path) -> None:
    write(here / "mine" / "rules.zip", zipped("custom.ps1"))
    write(here / "mine" / "notes.docx", zipped("word/document.xml"))
    said = _of_folder("mine")
    assert "It contains: notes.docx, rules.zip." in said
    assert "unpack archives first" in said


def test_a_folder_whose_folders_contain_exports_names_these(here: Path) -> None:
    write(here / "mine" / "contoso" / "a.ps1", made_rule())
    write(here / "mine" / "deep" / "fabrikam" / "b.ps1", made_rule())
    said = _of_folder("mine")
    for folder in (("mine", "contoso"), ("mine", "deep", "fabrikam")):
        assert str(Path(*folder)) in said.partition("itself: ")[2]


# ---- Kits, given and not given -------------------------------------------------------------------


@pytest.fixture
def kit(here: Path) -> Path:
    """Return the folder of a kit."""
    made = run("kit", "custom.ps1", "--staging", "staging.ps1", *CONFIRMED, "--out", "kit")
    assert made.code == 0
    return here / "kit"


@pytest.mark.usefixtures("kit")
@pytest.mark.parametrize(
    "arguments",
    [
        ("remap", "kit", "--staging", "staging.ps1", "--check"),
        ("remap", "custom.ps1", "--staging", "kit", "--check"),
        ("kit", "kit", "--staging", "staging.ps1", "--check"),
        ("verify", "kit", "--staging", "kit"),
        ("inspect", "kit"),
    ],
)
def test_a_kit_is_not_what_describes_a_server(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.code, done.codes) == (1, ["SR110"])
    assert "This is a kit that syncrules wrote" in done.stderr


@pytest.mark.parametrize("force", [(), ("--force",)])
def test_nothing_is_mapped_into_a_kit(kit: Path, force: tuple[str, ...]) -> None:
    before = listing(kit)
    done = remap(*CONFIRMED, *force, out="kit")
    assert (done.code, done.codes) == (1, ["SR513"])
    assert listing(kit) == before


def _lay_out(here: Path) -> None:
    write(here / "exports" / "a.ps1", made_rule())
    write(here / "mapped" / "a.ps1", "# Mapped to the staging server by syncrules\n")
    write(here / "configured" / "Connectors" / "Connector_{1}.xml", "<ma-data/>")
    write(here / "notes" / "read.me", "notes")
    write(here / "kit.zip", zipped("manifest.json"))
    (here / "empty").mkdir()


@pytest.mark.parametrize(
    ("given", "what", "way_out"),
    [
        ("none", "There is no such folder.", "Give the folder that syncrules kit wrote."),
        ("empty", "This folder is empty.", "Give the folder that syncrules kit wrote."),
        ("notes", "it contains no manifest.json.", "Give the folder that syncrules kit wrote."),
        ("kit.zip", "This is a file; a kit is a folder.", "If the kit is packed, unpack it."),
        ("custom.ps1", "This is a file; a kit is a folder.", "Give the folder"),
        ("kit/manifest.json", "This is the manifest of a kit, not its folder.", "Give kit."),
        ("kit/rules", "This is a folder in a kit.", "Give kit."),
        (".", "This folder contains a kit, and is none itself.", "Give kit."),
        ("mapped", "These are files that syncrules remap wrote, not a kit", "Make a kit"),
        ("exports", "These are exports, or mapped rules, not a kit.", "give them with --staging"),
        ("configured", "This is a server's configuration, not a kit.", "give it with --staging"),
    ],
)
@pytest.mark.usefixtures("kit")
def test_verify_says_what_is_there_in_place_of_a_kit(
    here: Path, given: str, what: str, way_out: str
) -> None:
    _lay_out(here)
    done = run("verify", str(Path(given)), "--staging", "staging.ps1")
    assert (done.code, done.codes) == (1, ["SR615"])
    assert what in done.stderr
    assert way_out in done.stderr
    assert "nothing was compared" in done.stderr


def test_a_kit_of_two_is_not_chosen(here: Path, kit: Path) -> None:
    kit.rename(here / "one")
    for name in ("all/one", "all/two"):
        write(here / name / "manifest.json", (here / "one" / "manifest.json").read_bytes())
    done = run("verify", "all", "--staging", "staging.ps1")
    assert done.codes == ["SR615"]
    assert "it contains no manifest.json" in done.stderr


# ---- Paths that are missing ----------------------------------------------------------------------


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("remap", "custom.ps1", "--out", "x"), "What describes the staging server"),
        (("remap", "--staging", "x", "--out", "x"), "the active server's exported rules"),
        (("inspect",), "files or folders of a server"),
        (("verify", "--staging", "x"), "the folder that syncrules kit wrote"),
        (("verify", "kit"), "What the staging server has now"),
    ],
)
def test_2_for_a_path_that_is_missing_with_what_to_give(
    arguments: tuple[str, ...], told: str
) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert told in done.stderr


def test_a_closed_file_in_a_folder_is_not_said_to_be_without_rules(here: Path) -> None:
    write(here / "mine" / "a.ps1", text_of(made_rule()))
    write(here / "mine" / "more.zip", zipped("b.ps1"))
    write(here / "mine" / "picture.png", b"\x89PNG\r\n\x1a\n")
    said = run("inspect", "mine").stdout
    assert "not read: more.zip, picture.png." in said
    assert "What more.zip contains is not known" in said
