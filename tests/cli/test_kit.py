"""`syncrules kit`: what it writes, and what it leaves alone."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from support.builders import B1, ENTRA, guid, listing, out_of_box, rule, run, text_of, write

FILES = {
    *("1-check.ps1", "2-apply.ps1", "3-verify.ps1", "undo.ps1", "defer-full-sync.ps1"),
    *("resume-full-sync.ps1", "README.txt", "report.html", "manifest.json"),
}


@pytest.fixture
def given(tmp_path: Path) -> list[str | Path]:
    """Return the words that name two servers' files."""
    active = write(tmp_path / "active.ps1", text_of(rule("One", 1), rule("Two", 2)))
    return [active, "--staging", write(tmp_path / "staging.ps1", out_of_box(connector=B1))]


def test_it_writes_scripts_rules_and_what_is_to_be_read(
    given: list[str | Path], tmp_path: Path
) -> None:
    made = run("kit", *given, "--out", tmp_path / "kit")

    assert made.code == 0
    names = {p.name for p in (tmp_path / "kit").iterdir()}
    assert names >= FILES | {"rules"}
    assert sorted(p.name for p in (tmp_path / "kit/rules").iterdir()) == [
        *("001-One.ps1", "002-Two.ps1")
    ]


def test_the_manifest_has_every_file_with_its_sha_256(
    given: list[str | Path], tmp_path: Path
) -> None:
    kit = tmp_path / "kit"
    made = run("kit", *given, "--out", kit)

    manifest = (kit / "manifest.json").read_bytes()
    listed = {f["path"]: f["sha256"] for f in json.loads(manifest)["files"]}
    there = {
        str(p.relative_to(kit).as_posix()): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in kit.rglob("*")
        if p.is_file() and p.name != "manifest.json"
    }
    assert listed == there
    assert hashlib.sha256(manifest).hexdigest() in made.stdout


def test_the_manifest_has_the_connectors_of_the_rules_and_of_the_originals_to_be_disabled(
    tmp_path: Path,
) -> None:
    original = replace(out_of_box("Out to AAD - User Join", 901, ENTRA), disabled=True)
    there = replace(original, identifier=guid(801), disabled=False)
    active = write(tmp_path / "active.ps1", text_of(rule(), original))
    staging = write(tmp_path / "staging.ps1", text_of(out_of_box(connector=B1), there))
    run("kit", active, "--staging", staging, "--out", tmp_path / "kit")

    manifest = json.loads((tmp_path / "kit" / "manifest.json").read_bytes())
    assert [d["identifier"] for d in manifest["disable"]] == [guid(801)]
    assert {c["identifier"] for c in manifest["connectors"]} == {B1, ENTRA}


def test_the_same_input_gives_the_same_bytes(given: list[str | Path], tmp_path: Path) -> None:
    for out in ("a", "b"):
        run("kit", *given, "--out", tmp_path / out)
    assert listing(tmp_path / "a") == listing(tmp_path / "b")


def test_check_writes_nothing(given: list[str | Path], tmp_path: Path) -> None:
    before = listing(tmp_path)
    made = run("kit", *given, "--check")
    assert (made.code, "nothing was written" in made.stdout) == (0, True)
    assert listing(tmp_path) == before


def test_a_plan_with_errors_writes_nothing(given: list[str | Path], tmp_path: Path) -> None:
    before = listing(tmp_path)
    wrong = "--map", f"{B1}={B1}"
    assert run("kit", *given, *wrong, "--out", tmp_path / "kit").code == 1
    assert run("kit", *given, "--strict", "--out", tmp_path / "kit").code == 1
    assert listing(tmp_path) == before


def test_a_kit_is_replaced_whole_and_only_with_force(
    given: list[str | Path], tmp_path: Path
) -> None:
    kit = tmp_path / "kit"
    run("kit", *given, "--out", kit)
    write(kit / "rules" / "099-old.ps1", "'old'")
    before = listing(kit)

    assert run("kit", *given, "--out", kit).codes[-1] == "SR505"
    assert listing(kit) == before
    assert run("kit", *given, "--out", kit, "--force").code == 0
    assert not (kit / "rules" / "099-old.ps1").exists()


def test_sr509_a_kit_that_was_used_is_kept(given: list[str | Path], tmp_path: Path) -> None:
    kit = tmp_path / "kit"
    run("kit", *given, "--out", kit)
    write(kit / "journal.jsonl", "{}\n")
    before = listing(kit)

    assert run("kit", *given, "--out", kit, "--force").codes[-1] == "SR509"
    assert listing(kit) == before


def test_a_folder_of_something_else_is_never_replaced(
    given: list[str | Path], tmp_path: Path
) -> None:
    write(tmp_path / "mine" / "diary.txt", "dear")
    assert run("kit", *given, "--out", tmp_path / "mine", "--force").codes[-1] == "SR505"
    assert run("kit", *given, "--out", tmp_path, "--force").codes[-1] == "SR504"
    assert (tmp_path / "mine" / "diary.txt").read_text() == "dear"


def test_an_empty_folder_is_taken(given: list[str | Path], tmp_path: Path) -> None:
    (tmp_path / "kit").mkdir()
    assert run("kit", *given, "--out", tmp_path / "kit").code == 0


def test_json_lists_what_was_written(given: list[str | Path], tmp_path: Path) -> None:
    made = json.loads(run("kit", *given, "--out", tmp_path / "kit", "--format", "json").stdout)
    assert {Path(p).name for p in made["written"]} >= FILES


def test_every_script_has_the_line_ends_of_windows(given: list[str | Path], tmp_path: Path) -> None:
    for number, path in enumerate(p for p in given if isinstance(p, Path)):
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
        assert number < 2
    kit = tmp_path / "kit"
    run("kit", *given, "--out", kit)

    scripts = [p for p in kit.rglob("*") if p.suffix in (".ps1", ".txt")]

    assert len(scripts) > 15
    for path in scripts:
        data = path.read_bytes()
        assert b"\r\n" in data
        assert b"\n" not in data.replace(b"\r\n", b""), path.name
