"""What the page asks of the library, without a browser: the command line for what is dropped."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

import entry
import pytest
import runs
import sides
from hypothesis import given
from hypothesis import strategies as st

from support.builders import A1, B1, ENTRA, out_of_box, rule, run, text_of, write
from support.command_line import configured
from support.handed_out import but_report, unpacked

SAMPLES = Path(__file__).parents[2] / "samples"

NAMES = st.sampled_from(
    ["a.ps1", "b.TXT", "c.json", "x.xml", "notes.docx", "Connectors", "SynchronizationRules", "old"]
)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files_in(*names: str) -> list[str]:
    """Return all files in folders of the current one, and those that are named."""
    found: list[str] = []
    for name in names:
        below = sorted(p for p in Path(name).rglob("*") if p.is_file())
        found += [p.as_posix() for p in below] if below else [name]
    return found


def ask(
    what: str,
    active: Iterable[str],
    staging: Iterable[str],
    *options: tuple[str, str | None],
    rules_of: str = "both",
) -> Any:  # noqa: ANN401 (as JSON is)
    files = {"active": list(active), "staging": list(staging)}
    answer = entry.answer(
        json.dumps({"ask": what, "options": options, "rules_of": rules_of, **files})
    )
    return json.loads(answer) if isinstance(answer, str) else answer


@given(st.lists(PATHS, unique=True))
def test_every_file_is_named_by_an_argument_or_told(side: list[str]) -> None:
    arguments, uncovered = sides.arguments(side)

    named = [PurePosixPath(one) for one in arguments]
    covered = {p for p in side if any(PurePosixPath(p).is_relative_to(one) for one in named)}
    assert covered.isdisjoint(uncovered)
    assert covered | set(uncovered) == set(side)
    assert all(p in covered for p in side if p.lower().endswith(("ps1", "txt", "json", "xml")))


@pytest.mark.parametrize(
    ("side", "arguments", "uncovered"),
    [
        (["rules.ps1", "list.json"], ["rules.ps1", "list.json"], []),
        (["old/rules.ps1", "old/readme.md"], ["old"], []),
        (["t/new/Connectors/a.xml", "t/new/GlobalSettings/b.xml"], ["t/new"], []),
        (["Connectors/a.xml"], ["Connectors"], []),
        (["t/old/r.ps1", "t/new/Connectors/a.xml", "t/n.docx"], ["t/old", "t/new"], ["t/n.docx"]),
        (["t/n.docx"], ["t"], []),
        (["-r.ps1"], ["./-r.ps1"], []),
    ],
)
def test_the_folders_that_are_read_are_named(
    side: list[str], arguments: list[str], uncovered: list[str]
) -> None:
    assert sides.arguments(side) == (arguments, uncovered)


def test_a_script_moves_and_a_configuration_is_evidence(here: Path) -> None:
    write(here / "old.ps1", rule())
    configured(here / "server", rule().connector, rule())
    write(here / "new.ps1", out_of_box())

    plan = ask("move", files_in("old.ps1", "server"), ["new.ps1"])

    assert plan["command"] == "syncrules kit old.ps1 --active server --staging new.ps1 --out kit"


def test_a_configuration_moves_where_no_script_has_custom_rules(here: Path) -> None:
    write(here / "standard.ps1", out_of_box())
    configured(here / "server", rule().connector, rule())
    write(here / "new.ps1", out_of_box())

    plan = ask("move", files_in("standard.ps1", "server"), ["new.ps1"])

    assert plan["command"].startswith("syncrules kit standard.ps1 server --staging new.ps1")


def test_a_script_that_is_refused_is_not_taken_for_evidence(here: Path) -> None:
    write(here / "broken.ps1", "New-ADSyncRule -Name 'x")
    configured(here / "server", rule().connector, rule())
    write(here / "new.ps1", out_of_box())

    plan = ask("move", files_in("broken.ps1", "server"), ["new.ps1"])

    assert "kit broken.ps1 --active server" in plan["command"]
    assert plan["code"] == 1
    assert any(f["file"] == "broken.ps1" for f in json.loads(plan["document"])["diagnostics"])


def test_a_kit_is_that_of_its_command_line(here: Path) -> None:
    for side in ("active", "staging"):
        shutil.copytree(SAMPLES / "swing" / side, here / side)
    both = files_in("active"), files_in("staging")

    plan, kit = ask("move", *both), ask("kit", *both)

    shutil.rmtree("kit")
    assert plan["command"] == "syncrules kit active --staging staging --out kit"
    done = run(*plan["command"].split()[1:])
    assert done.code == 0
    own = {
        p.relative_to("kit").as_posix(): p.read_bytes()
        for p in Path("kit").rglob("*")
        if p.is_file()
    }
    assert but_report(unpacked(kit)) == but_report(own)
    assert "In from AD - User UPN suffix" in plan["report"]
    assert "SR410" in plan["said"]
    assert set(plan["pages"]) == {f["code"] for f in json.loads(plan["document"])["diagnostics"]}


def test_options_are_passed_on_and_what_is_wrong_with_them_is_said(here: Path) -> None:
    write(here / "old.ps1", rule())
    write(here / "new.ps1", out_of_box())

    plan = ask("move", ["old.ps1"], ["new.ps1"], ("--map", "nobody"), ("--strict", None))

    assert "--map nobody --strict" in plan["command"]
    assert (plan["code"], plan["document"], plan["report"]) == (2, "", None)
    assert "--map" in plan["said"]


def test_what_is_dropped_may_be_called_as_the_kit_is(here: Path) -> None:
    write(here / "kit" / "old.ps1", rule())
    write(here / "new.ps1", out_of_box(connector=B1))

    plan = ask("move", ["kit/old.ps1"], ["new.ps1"], ("--map", f"{A1}={B1}"))

    assert plan["command"].endswith("--out new-kit")
    assert plan["code"] == 0


def test_a_side_is_inspected_with_what_is_not_given_to_it(here: Path) -> None:
    write(here / "t" / "old" / "r.ps1", rule())
    write(here / "t" / "notes.docx", "x")

    found = ask("inspect", files_in("t"), [])

    assert found["staging"] is None
    assert found["active"]["uncovered"] == ["t/notes.docx"]
    assert [r["name"] for r in found["active"]["document"]["rules"]] == [rule().name]


def test_a_side_is_inspected_in_its_code_page(here: Path) -> None:
    (here / "r.ps1").write_bytes(text_of(rule("Büro")).encode("cp1252"))

    refused, wrong, read = (
        ask("inspect", ["r.ps1"], [], *options)["active"]["document"]
        for options in ([], [("--encoding", "none")], [("--encoding", "windows-1252")])
    )

    assert [d["code"] for d in refused["diagnostics"]] == ["SR103"]
    assert wrong == refused
    assert [r["name"] for r in read["rules"]] == ["Büro"]


# ---- Comparing and checking ----------------------------------------------------------------------


def test_servers_are_compared_as_on_the_command_line(here: Path) -> None:
    for side in ("before", "after"):
        shutil.copytree(SAMPLES / "upgrade" / side, here / side)
    write(here / "more" / "old.ps1", rule())

    found = ask("compare", files_in("before", "more"), files_in("after"), ("--attributes", None))

    assert found["command"] == (
        "syncrules compare before after --also-a more --attributes --html comparison.html"
    )
    made = Path("comparison.html").read_text("utf-8")
    done = run(*found["command"].split()[1:], "--force", "--format", "json")
    assert found["document"] == done.stdout
    assert found["code"] == done.code == 1
    assert found["report"] == made
    assert but_made(made) == but_made(Path("comparison.html").read_text("utf-8"))


def but_made(report: str) -> str:
    """Return a report without when it was made, and by which words."""
    return re.sub(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC|<code><span.*?</code>", "", report)


def test_what_cannot_be_compared_is_told(here: Path) -> None:
    write(here / "broken.ps1", "New-ADSyncRule -Name 'x")
    write(here / "new.ps1", out_of_box())

    found = ask("compare", ["broken.ps1"], ["new.ps1"])

    assert found["code"] == 2
    assert json.loads(found["document"])["a"] is None
    assert set(found["pages"]) == {d["code"] for d in json.loads(found["document"])["diagnostics"]}


@pytest.mark.parametrize(
    ("rules_of", "command"),
    [
        ("both", "check old.ps1 --staging new.ps1"),
        ("active", "check old.ps1"),
        ("staging", "check new.ps1"),
    ],
)
def test_rules_are_checked_as_on_the_command_line(here: Path, rules_of: str, command: str) -> None:
    write(here / "old.ps1", rule())
    write(here / "new.ps1", out_of_box())

    found = ask("check", ["old.ps1"], ["new.ps1"], rules_of=rules_of)
    sarif = ask("sarif", ["old.ps1"], ["new.ps1"], rules_of=rules_of)

    assert found["command"] == f"syncrules {command}"
    assert found["document"] == run(*command.split(), "--format", "json").stdout
    assert sarif.decode() == run(*command.split(), "--format", "sarif").stdout


def test_the_rules_of_one_server_are_checked_wherever_they_were_dropped(here: Path) -> None:
    write(here / "new.ps1", out_of_box())

    assert ask("check", [], ["new.ps1"])["command"] == "syncrules check new.ps1"
    assert ask("check", ["new.ps1"], [])["command"] == "syncrules check new.ps1"


def test_options_of_a_check_are_passed_on(here: Path) -> None:
    write(here / "old.ps1", rule())

    found = ask("check", ["old.ps1"], [], ("--ignore", "SR7"), ("--strict", None))

    assert found["command"] == "syncrules check old.ps1 --ignore SR7 --strict"
    assert found["pages"] == {}


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        (f"a={ENTRA}", f"a={ENTRA}"),
        ("C:\\Temp\\new", "C:\\Temp\\new"),
        ("In from AD - User", '"In from AD - User"'),
        ('say "$x"', "'say \"$x\"'"),
        ("it's $x", "'it''s $x'"),
        ("Büro", '"Büro"'),
        ("", "''"),
    ],
)
def test_words_are_in_quotes_where_they_must_be(word: str, typed: str) -> None:
    assert runs.command([word]) == typed


def test_its_folder_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "work" / "old.ps1", text_of(rule()))

    entry.begin(str(tmp_path / "work"))

    assert Path.cwd() == tmp_path / "work"
    assert list(Path.cwd().iterdir()) == []
