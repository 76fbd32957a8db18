"""`syncrules kit`: what it writes, and what it leaves alone."""

from __future__ import annotations

import calendar
import hashlib
import json
import re
import shlex
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from syncrules.cli import kit_target

from support.builders import B1, ENTRA, guid, listing, out_of_box, rule, run, text_of, write
from support.marks import posix_only
from support.pages import parsed

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
        if p.is_file() and p.name not in ("manifest.json", "report.html")
    }
    assert listed == there
    digest = hashlib.sha256(manifest).hexdigest()
    assert digest in made.stdout
    assert digest in (kit / "report.html").read_text("utf-8")


def test_the_code_of_the_kit_is_printed_and_in_its_pages_and_its_manifest(
    given: list[str | Path], tmp_path: Path
) -> None:
    kit = tmp_path / "kit"
    made = run("kit", *given, "--out", kit)

    code = json.loads((kit / "manifest.json").read_bytes())["code"]
    assert f"The kit has the code {code}" in made.stdout
    for page in ("README.txt", "report.html"):
        assert code in (kit / page).read_text("utf-8-sig")


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
    assert to_run(tmp_path / "a") == to_run(tmp_path / "b")


def to_run(kit: Path) -> dict[str, Any]:
    """Return the files of a kit but the report, which tells when and how it was made."""
    return {path: data for path, data in listing(kit).items() if path != "report.html"}


def report(kit: Path) -> str:
    return (kit / "report.html").read_text("utf-8")


def test_the_report_tells_the_time_and_the_command_line(
    given: list[str | Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    run("kit", *given, "--out", tmp_path / "a kit", "--bare")

    assert "2026-01-01 00:00:00 UTC" in report(tmp_path / "a kit")
    page = parsed((tmp_path / "a kit" / "report.html").read_bytes())
    words = shlex.join(["syncrules", "kit", *map(str, given), "--out", str(tmp_path / "a kit")])
    assert f"{words} --bare" in page.of("code")


def test_without_a_set_time_it_is_that_of_the_run(
    given: list[str | Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    before = int(time.time())
    run("kit", *given, "--out", tmp_path / "kit")

    found = re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", report(tmp_path / "kit"))
    (told,) = set(found)
    at = calendar.timegm(time.strptime(told, "%Y-%m-%d %H:%M:%S UTC"))
    assert before <= at <= time.time()


@pytest.mark.parametrize("epoch", ["", "soon", "1e9", "9" * 30])
def test_a_set_time_that_is_none_is_wrong_usage(
    given: list[str | Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    before = listing(tmp_path)
    done = run("kit", *given, "--out", tmp_path / "kit")

    assert done.code == 2
    assert "SOURCE_DATE_EPOCH" in done.stderr
    assert listing(tmp_path) == before


def test_hints_are_those_of_a_kit(tmp_path: Path) -> None:
    original = replace(out_of_box("Out to AAD - User Join", 901, ENTRA), disabled=True)
    there = replace(original, identifier=guid(801), disabled=False)
    active = write(tmp_path / "active.ps1", text_of(rule(), original))
    staging = write(tmp_path / "staging.ps1", text_of(out_of_box(connector=B1), there))

    def told(command: str) -> str:
        done = run(command, active, "--staging", staging, "--check")
        return " ".join((done.stdout + done.stderr).split())

    assert "run disable-out-of-box.ps1" in told("remap").replace("Run", "run")
    kit = told("kit")
    assert "disable-out-of-box.ps1" not in kit
    assert "2-apply.ps1 disables it first" in kit
    assert 'make the kit again with --keep-enabled "Out to AAD - User Join"' in kit


def test_hints_are_those_of_a_kit_where_an_error_forbids_to_make_one(tmp_path: Path) -> None:
    original = replace(out_of_box("Out to AAD - User Join", 901, ENTRA), disabled=True)
    there = replace(original, identifier=guid(801), disabled=False)
    taken = replace(rule(), name="Out to AAD - taken", connector=ENTRA, direction="Outbound")
    active = write(tmp_path / "active.ps1", text_of(rule(), original))
    staging = write(tmp_path / "staging.ps1", text_of(out_of_box(connector=B1), there, taken))
    done = run("kit", active, "--staging", staging, "--check")
    assert done.code == 1
    told = " ".join(done.stderr.split())
    assert "disable-out-of-box.ps1" not in told
    assert "2-apply.ps1 disables it first" in told


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


@pytest.fixture
def earlier(given: list[str | Path], tmp_path: Path) -> Path:
    """Return a folder with the kit of another plan."""
    other = write(tmp_path / "other.ps1", text_of(rule("Three", 3), rule("Two", 2)))
    assert run("kit", other, *given[1:], "--out", tmp_path / "kit").code == 0
    return tmp_path / "kit"


def test_a_kit_is_replaced_whole_and_only_with_force(
    given: list[str | Path], tmp_path: Path, earlier: Path
) -> None:
    before = listing(earlier)
    done = run("kit", *given, "--out", earlier)
    assert (done.codes[0], listing(earlier)) == ("SR505", before)
    assert "add --force to replace the kit in it" in done.stderr

    assert run("kit", *given, "--out", earlier, "--force").code == 0
    run("kit", *given, "--out", tmp_path / "new")
    assert to_run(earlier) == to_run(tmp_path / "new")


def _times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


@pytest.fixture
def same(given: list[str | Path], tmp_path: Path) -> Path:
    """Return a folder with the kit that a run makes again."""
    assert run("kit", *given, "--out", tmp_path / "same").code == 0
    return tmp_path / "same"


def test_the_same_kit_is_there_already_and_nothing_is_touched(
    given: list[str | Path], same: Path
) -> None:
    before = listing(same), _times(same)
    for force in ((), ("--force",)):
        assert run("kit", *given, "--out", same, *force).code == 0
    assert (listing(same), _times(same)) == before


def test_the_same_kit_keeps_the_time_at_which_it_was_made(
    given: list[str | Path], same: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (same / "report.html").read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    for force in ((), ("--force",)):
        done = run("kit", *given, "--out", same, *force)
        assert (done.code, done.stderr) == (0, "")
    assert b"1970-01-02" not in before
    assert (same / "report.html").read_bytes() == before


def test_of_the_same_kit_without_its_report_the_report_alone_is_written(
    given: list[str | Path], same: Path
) -> None:
    before = _times(same)
    (same / "report.html").unlink()
    assert run("kit", *given, "--out", same).code == 0
    after = _times(same)
    assert after.keys() == before.keys()
    assert {path for path in after if after[path] != before[path]} <= {same / "report.html"}


@pytest.mark.parametrize("change", ["missing", "more"])
def test_a_kit_that_lacks_a_file_or_has_one_more_is_not_the_same(
    given: list[str | Path], same: Path, change: str
) -> None:
    if change == "missing":
        (same / "README.txt").unlink()
    else:
        write(same / "notes.txt", "mine")
    before = listing(same)
    done = run("kit", *given, "--out", same)
    assert done.codes[0] == {"missing": "SR505", "more": "SR510"}[change]
    assert listing(same) == before


def test_the_same_kit_that_was_used_is_not_made_again(given: list[str | Path], same: Path) -> None:
    write(same / "journal.jsonl", "{}\n")
    assert run("kit", *given, "--out", same).codes[0] == "SR509"


@pytest.mark.parametrize(
    "name",
    [
        "journal.jsonl",
        "deferred-full-sync.json",
        "deferred-full-sync-20261128.json",
        "backup-20261128-120000/rules.json",
    ],
)
def test_sr509_a_kit_that_was_used_is_kept(
    given: list[str | Path], earlier: Path, name: str
) -> None:
    write(earlier / name, "{}\n")
    before = listing(earlier)

    done = run("kit", *given, "--out", earlier, "--force")
    assert (done.code, done.codes[0]) == (1, "SR509")
    assert name.partition("/")[0] in done.stderr
    assert listing(earlier) == before


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("signed list.pdf", "signed list.pdf"),
        ("rules/099-mine.ps1", "rules/099-mine.ps1"),
        ("lib/notes/mine.txt", "lib/notes"),
        ("mine/notes.txt", "mine"),
        ("MANIFEST.JSON.bak", "MANIFEST.JSON.bak"),
    ],
)
@pytest.mark.parametrize("force", [(), ("--force",)], ids=["", "--force"])
def test_sr510_anybody_elses_files_are_named_and_kept(
    given: list[str | Path], earlier: Path, name: str, told: str, force: tuple[str, ...]
) -> None:
    write(earlier / name, "mine")
    before = listing(earlier)
    done = run("kit", *given, "--out", earlier, *force)
    assert (done.code, done.codes[0]) == (1, "SR510")
    assert f"{told} is not of the kit" in done.stderr
    assert listing(earlier) == before


def test_sr510_names_the_first_files_and_how_many_more_there_are(
    given: list[str | Path], earlier: Path
) -> None:
    for number in range(8):
        write(earlier / f"{number}.txt", "mine")
    said = run("kit", *given, "--out", earlier, "--force").stderr
    assert "0.txt, 1.txt, 2.txt, 3.txt, 4.txt and 3 more are not of the kit" in said


@pytest.mark.parametrize("manifest", ["", "{}", '{"format_version": "9.0"}', None])
def test_a_folder_whose_manifest_is_not_a_kits_is_not_replaced(
    given: list[str | Path], earlier: Path, manifest: str | None
) -> None:
    if manifest is None:
        (earlier / "manifest.json").unlink()
    else:
        write(earlier / "manifest.json", manifest)
    before = listing(earlier)
    done = run("kit", *given, "--out", earlier, "--force")
    assert (done.code, done.codes[0]) == (1, "SR505")
    assert "what it contains is not a kit" in done.stderr
    assert listing(earlier) == before


@posix_only
def test_a_link_to_a_folder_stays_a_link(
    given: list[str | Path], tmp_path: Path, earlier: Path
) -> None:
    (tmp_path / "link").symlink_to(earlier, target_is_directory=True)
    inode = earlier.stat().st_ino
    assert run("kit", *given, "--out", tmp_path / "link", "--force").code == 0
    assert (tmp_path / "link").is_symlink()
    assert earlier.stat().st_ino == inode  # so it keeps its owner and its access rights
    assert (earlier / "rules" / "001-One.ps1").exists()


@posix_only
def test_a_link_in_a_kit_is_named_and_kept(
    given: list[str | Path], tmp_path: Path, earlier: Path
) -> None:
    shutil.move(earlier / "rules", tmp_path / "elsewhere")
    (earlier / "rules").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    before = listing(tmp_path)
    done = run("kit", *given, "--out", earlier, "--force")
    assert (done.code, done.codes[0]) == (1, "SR510")
    assert "rules is not of the kit" in done.stderr
    assert listing(tmp_path) == before
    assert (earlier / "rules").is_symlink()


@posix_only
def test_a_link_in_the_place_of_a_kits_file_is_named_and_kept(
    given: list[str | Path], tmp_path: Path, earlier: Path
) -> None:
    shutil.move(earlier / "README.txt", tmp_path / "mine.txt")
    (earlier / "README.txt").symlink_to(tmp_path / "mine.txt")
    done = run("kit", *given, "--out", earlier, "--force")
    assert (done.code, done.codes[0]) == (1, "SR510")
    assert (earlier / "README.txt").is_symlink()


@pytest.mark.parametrize(
    ("mode", "tag", "plain"),
    [
        pytest.param(0o040755, 0, True, id="a folder"),
        pytest.param(0o040755, 0x9000001A, True, id="a folder of OneDrive"),
        pytest.param(0o040755, 0xA0000003, False, id="a junction"),
        pytest.param(0o120777, 0xA000000C, False, id="a link"),
        pytest.param(0o100644, 0, False, id="a file"),
    ],
)
def test_a_junction_is_told_from_a_folder(mode: int, tag: int, plain: bool) -> None:
    """By what Windows says of them: a folder has no tag, or one that is not of a link."""
    found = SimpleNamespace(st_mode=mode, st_reparse_tag=tag)
    entry: Any = SimpleNamespace(stat=lambda **_: found)
    assert kit_target._is_plain_folder(entry) is plain


@pytest.mark.parametrize("command", ["kit", "remap"])
@posix_only
def test_a_link_that_leads_nowhere_is_refused(
    given: list[str | Path], tmp_path: Path, command: str
) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    before = listing(tmp_path)
    done = run(command, *given, "--out", tmp_path / "link", "--force")
    assert (done.code, done.codes[0]) == (1, "SR507")
    assert listing(tmp_path) == before


@pytest.mark.parametrize("command", ["kit", "remap"])
def test_a_file_stays_a_file(given: list[str | Path], tmp_path: Path, command: str) -> None:
    write(tmp_path / "file", "mine")
    done = run(command, *given, "--out", tmp_path / "file", "--force")
    assert (done.code, done.codes[0]) == (1, "SR507")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("command", ["kit", "remap"])
def test_a_folder_that_may_not_be_looked_into(
    given: list[str | Path], tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()

    look = Path.iterdir

    def refuses(path: Path) -> Iterator[Path]:
        if path == tmp_path / "closed":
            raise PermissionError(13, "Permission denied")
        return look(path)

    monkeypatch.setattr(Path, "iterdir", refuses)
    done = run(command, *given, "--out", tmp_path / "closed", "--force")
    assert (done.code, done.codes[0]) == (1, "SR508")


def test_a_folder_of_something_else_is_never_replaced(
    given: list[str | Path], tmp_path: Path
) -> None:
    write(tmp_path / "mine" / "diary.txt", "dear")
    assert run("kit", *given, "--out", tmp_path / "mine", "--force").codes[0] == "SR505"
    assert run("kit", *given, "--out", tmp_path, "--force").codes[0] == "SR504"
    assert (tmp_path / "mine" / "diary.txt").read_text() == "dear"


def test_an_empty_folder_is_taken_and_stays_the_same_folder(
    given: list[str | Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kit").mkdir()
    inode = (tmp_path / "kit").stat().st_ino
    monkeypatch.chdir(tmp_path / "kit")
    assert run("kit", *given, "--out", ".").code == 0
    assert (tmp_path / "kit").stat().st_ino == inode
    assert (tmp_path / "kit" / "manifest.json").exists()


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


def test_rules_in_any_order_and_in_files_that_name_each_other_are_put_in_order(
    tmp_path: Path,
) -> None:
    """The files of remap are refused, and the hint names the kit."""
    own = [replace(rule(f"Custom {n}", n, ENTRA), precedence=49 + n) for n in range(1, 5)]
    own[0] = replace(own[0], precedence=0, precedence_before=own[3].identifier)
    own[2] = replace(own[2], precedence=0, precedence_before=own[1].identifier)
    staging = write(tmp_path / "staging.ps1", out_of_box("In from AAD - User Join", 800, ENTRA))
    one, other = (
        write(tmp_path / name, text_of(*rules))
        for name, rules in (("a.ps1", own[:2]), ("b.ps1", own[2:]))
    )
    refused = run("remap", one, other, "--staging", staging, "--out", tmp_path / "mapped")
    assert (refused.code, refused.codes) == (1, ["SR425"])
    assert "Or use syncrules kit" in refused.stderr

    done = run("kit", one, other, "--staging", staging, "--out", tmp_path / "kit")

    assert done.code == 0
    names = [p.name[4:-4] for p in sorted((tmp_path / "kit" / "rules").iterdir())]
    assert names.index("Custom-4") < names.index("Custom-1")
    assert names.index("Custom-2") < names.index("Custom-3")
