"""What the page asks of the library, without a browser: the command line for what is dropped."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

import entry
import pytest
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
    what: str, active: Iterable[str], staging: Iterable[str], *options: tuple[str, str | None]
) -> Any:  # noqa: ANN401 (as JSON is)
    answer = entry.answer(
        json.dumps(
            {"ask": what, "active": list(active), "staging": list(staging), "options": options}
        )
    )
    return json.loads(answer) if isinstance(answer, str) else answer


@given(st.lists(PATHS, unique=True))
def test_every_file_is_named_by_an_argument_or_told(side: list[str]) -> None:
    arguments, uncovered = entry.arguments(side)

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
    assert entry.arguments(side) == (arguments, uncovered)


def test_a_script_moves_and_a_configuration_is_evidence(here: Path) -> None:
    write(here / "old.ps1", rule())
    configured(here / "server", rule().connector, rule())
    write(here / "new.ps1", out_of_box())

    plan = ask("plan", files_in("old.ps1", "server"), ["new.ps1"])

    assert plan["command"] == "syncrules kit old.ps1 --active server --staging new.ps1 --out kit"


def test_a_configuration_moves_where_no_script_has_custom_rules(here: Path) -> None:
    write(here / "standard.ps1", out_of_box())
    configured(here / "server", rule().connector, rule())
    write(here / "new.ps1", out_of_box())

    plan = ask("plan", files_in("standard.ps1", "server"), ["new.ps1"])

    assert plan["command"].startswith("syncrules kit standard.ps1 server --staging new.ps1")


def test_a_script_that_is_refused_is_not_taken_for_evidence(here: Path) -> None:
    write(here / "broken.ps1", "New-ADSyncRule -Name 'x")
    configured(here / "server", rule().connector, rule())
    write(here / "new.ps1", out_of_box())

    plan = ask("plan", files_in("broken.ps1", "server"), ["new.ps1"])

    assert "kit broken.ps1 --active server" in plan["command"]
    assert plan["refused"]
    assert any(f["file"] == "broken.ps1" for f in json.loads(plan["text"])["diagnostics"])


def test_a_kit_is_that_of_its_command_line(here: Path) -> None:
    for side in ("active", "staging"):
        shutil.copytree(SAMPLES / "swing" / side, here / side)
    sides = files_in("active"), files_in("staging")

    plan, kit = ask("plan", *sides), ask("kit", *sides)

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
    assert set(plan["pages"]) == {f["code"] for f in json.loads(plan["text"])["diagnostics"]}


def test_options_are_passed_on_and_what_is_wrong_with_them_is_said(here: Path) -> None:
    write(here / "old.ps1", rule())
    write(here / "new.ps1", out_of_box())

    plan = ask("plan", ["old.ps1"], ["new.ps1"], ("--map", "nobody"), ("--strict", None))

    assert "--map nobody --strict" in plan["command"]
    assert (plan["refused"], plan["text"], plan["report"]) == (True, "", None)
    assert "--map" in plan["said"]


def test_what_is_dropped_may_be_called_as_the_kit_is(here: Path) -> None:
    write(here / "kit" / "old.ps1", rule())
    write(here / "new.ps1", out_of_box(connector=B1))

    plan = ask("plan", ["kit/old.ps1"], ["new.ps1"], ("--map", f"{A1}={B1}"))

    assert plan["command"].endswith("--out new-kit")
    assert not plan["refused"]


def test_a_side_is_inspected_with_what_is_not_given_to_it(here: Path) -> None:
    write(here / "t" / "old" / "r.ps1", rule())
    write(here / "t" / "notes.docx", "x")

    sides = ask("inspect", files_in("t"), [])

    assert sides["staging"] is None
    assert sides["active"]["uncovered"] == ["t/notes.docx"]
    assert [r["name"] for r in sides["active"]["document"]["rules"]] == [rule().name]


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
    assert entry.command([word]) == typed


def test_its_folder_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "work" / "old.ps1", text_of(rule()))

    entry.begin(str(tmp_path / "work"))

    assert Path.cwd() == tmp_path / "work"
    assert list(Path.cwd().iterdir()) == []
