"""The sample program: what it writes, what it finds, and that it needs public names only."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

import syncrules
from support.builders import A1, B1, ENTRA, Outcome, listing, out_of_box, rule, write
from support.configurations import ENTRA_FILE, ConnectorFile, configuration

PROGRAM = Path(__file__).parents[1] / "samples" / "tooling" / "migrate.py"
SWING = PROGRAM.parents[1] / "swing"
ACTIVE, STAGING = str(SWING / "active"), str(SWING / "staging")
STAGING_AD = "d30f1c62-8a4b-4f0e-9c57-61b8a2e94f13"
ACTS = "\x1b[31m\u202e\n"
"""What must not act on a reader's terminal."""


@pytest.fixture
def program() -> ModuleType:
    """Return the program, loaded afresh: a test may change what it drops and renames."""
    spec = spec_from_file_location("migrate", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def kit(program: ModuleType, tmp_path: Path) -> Path:
    """Return the kit of the sample."""
    assert program.main(ACTIVE, STAGING, str(tmp_path / "kit")) == ""
    return tmp_path / "kit"


def run(*arguments: str | Path) -> Outcome:
    """Run the program in a process of its own."""
    done = subprocess.run(
        [sys.executable, PROGRAM, *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
        timeout=60,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def rules_of(kit: Path) -> tuple[syncrules.SyncRule, ...]:
    """Return the rules that a kit creates, in their order."""
    return tuple(r for e in syncrules.read_exports(kit / "rules") for r in e.rules)


def standing(kit: Path) -> list[syncrules.SyncRule]:
    """Return the rules of the staging server once the kit was applied."""
    disabled = ("In from AD - User Join", "In from AD - User AccountEnabled")
    own = syncrules.read_server(STAGING).sync_rules
    return [*rules_of(kit), *(replace(r, disabled=True) if r.name in disabled else r for r in own)]


def exported_again(folder: Path, rules: list[syncrules.SyncRule]) -> Path:
    """Write the configuration folder of a staging server with these rules."""
    forest = ConnectorFile(STAGING_AD, "contoso.com", forest="contoso.com")
    return configuration(folder, connectors=[forest, ENTRA_FILE], rules=rules, staging_mode=True)


# ---- The kit -------------------------------------------------------------------------------------


def test_a_rule_is_dropped_another_is_renamed_and_all_are_renumbered(kit: Path) -> None:
    custom = [r for e in syncrules.read_exports(ACTIVE) for r in e.rules if not r.is_out_of_box]
    assert "In from AD - Group Partner forest" in [r.name for r in custom]
    new_names = {"In from AD - User UPN suffix": "In from AD - User UPN"}
    kept = [r for r in custom if r.name != "In from AD - Group Partner forest"]

    made = rules_of(kit)

    assert [r.name for r in made] == [new_names.get(r.name, r.name) for r in kept]
    assert [r.precedence for r in made] == list(range(10, 21))
    for before, after in zip(kept, made, strict=True):
        unlike = {d.field for d in syncrules.differences(before, after)}
        renamed = {"name"} if before.name in new_names else set()
        moved = set() if before.connector == ENTRA else {"connector"}
        assert unlike == {"precedence", *renamed, *moved}
    assert "In from AD - User UPN" in (kit / "report.html").read_text("utf-8")
    assert "Partner forest" not in (kit / "manifest.json").read_text("utf-8")


def test_the_program_writes_the_same_as_a_command(kit: Path, tmp_path: Path) -> None:
    done = run(ACTIVE, STAGING, tmp_path / "other")
    assert (done.code, done.stdout) == (0, "")
    assert done.codes == ["SR450", "SR410", "SR415", "SR457"]
    assert listing(tmp_path / "other") == listing(kit)
    assert {p.name for p in tmp_path.iterdir()} == {"kit", "other"}


def test_configuration_folders_are_taken_too(program: ModuleType, tmp_path: Path) -> None:
    sides = {}
    for name, connector in (("active", A1), ("staging", B1)):
        forest = ConnectorFile(connector, "contoso.com", forest="contoso.com")
        custom = [rule("One", 1), rule("Two", 2), rule("Three", 3)] if name == "active" else []
        sides[name] = configuration(
            tmp_path / name,
            connectors=[forest, ENTRA_FILE],
            rules=[*custom, out_of_box(number=900 + len(custom), connector=connector)],
            staging_mode=name == "staging",
            metaverse=("cloudFiltered",),
        )
    vars(program).update(DROP=re.compile("^Two$"), OLD="Three", NEW="Drei")

    assert program.main(*map(str, sides.values()), str(tmp_path / "kit")) == ""

    made = rules_of(tmp_path / "kit")
    assert [(r.name, r.precedence, r.connector) for r in made] == [
        ("One", 10, B1),
        ("Drei", 11, B1),
    ]


# ---- Verifying -----------------------------------------------------------------------------------


def test_a_server_as_planned_is_found_to_be_so(kit: Path, tmp_path: Path) -> None:
    before = listing(kit)
    now = exported_again(tmp_path / "now", standing(kit))
    done = run(ACTIVE, STAGING, kit, now)
    assert (done.code, done.stdout, done.stderr) == (0, "", "")
    assert listing(kit) == before


def test_a_kit_may_be_made_and_verified_in_one_go(
    program: ModuleType, kit: Path, tmp_path: Path
) -> None:
    now = exported_again(tmp_path / "now", standing(kit))
    assert program.main(ACTIVE, STAGING, str(tmp_path / "new"), str(now)) == ""
    assert listing(tmp_path / "new") == listing(kit)
    told = program.main(ACTIVE, STAGING, str(tmp_path / "newer"), STAGING)
    assert set(re.findall(r"error\[(SR[0-9]+)\]", told)) == {"SR614", "SR613"}


def test_a_server_that_is_not_as_planned_is_told_escaped(kit: Path, tmp_path: Path) -> None:
    changed = [
        replace(r, description=ACTS) if r.name == "In from AD - User UPN" else r
        for r in standing(kit)
    ]
    now = write(tmp_path / "now.ps1", syncrules.emit(changed))
    done = run(ACTIVE, STAGING, kit, now)
    assert (done.code, done.stdout, done.codes) == (1, "", ["SR612"])
    assert "'In from AD - User UPN'" in done.stderr
    assert r"\x1b[31m\u202e\x0a" in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stderr.rstrip("\n").isprintable()


def test_a_file_of_the_kit_that_was_changed_is_found(
    program: ModuleType, kit: Path, tmp_path: Path
) -> None:
    now = exported_again(tmp_path / "now", standing(kit))
    with (kit / "lib" / "common.ps1").open("a") as file:
        file.write("# changed\n")
    told = program.main(ACTIVE, STAGING, str(kit), str(now))
    assert told.startswith("lib/common.ps1: error[SR610]")


# ---- What is refused -----------------------------------------------------------------------------


def test_a_plan_with_errors_writes_nothing(
    program: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vars(program).update(FIRST=95)
    assert program.main(ACTIVE, STAGING, str(tmp_path / "kit")).startswith("SR444: ")
    assert "error[SR444]" in capsys.readouterr().err
    assert listing(tmp_path) == {}


def test_a_name_that_no_rule_has_is_told(program: ModuleType, tmp_path: Path) -> None:
    vars(program).update(OLD=f"no{ACTS}", NEW="new")
    told = program.main(ACTIVE, STAGING, str(tmp_path / "kit"))
    assert told == r"No custom rule has the name 'no\x1b[31m\u202e\n'."
    assert listing(tmp_path) == {}


def test_out_of_box_rules_stay_as_evidence(program: ModuleType) -> None:
    """Neither dropped nor renamed: an export without anything to edit keeps every byte."""
    export = syncrules.parse(syncrules.emit([out_of_box(), rule()]), name="x.ps1")
    vars(program).update(DROP=re.compile("User Join"), OLD=out_of_box().name)
    assert program.edited(export) is export
    vars(program).update(DROP=re.compile(""), OLD=rule().name)
    assert program.edited(export).rules == (out_of_box(),)


def test_a_folder_that_is_there_is_left_alone(program: ModuleType, kit: Path) -> None:
    before = listing(kit.parent)
    assert program.main(ACTIVE, STAGING, str(kit))
    assert listing(kit.parent) == before


def test_what_fails_midway_leaves_nothing(
    program: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Path.write_bytes

    def write_bytes(path: Path, data: bytes) -> int:
        if path.name == "undo.ps1":
            raise OSError("the disk is full")
        return whole(path, data)

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    assert program.main(ACTIVE, STAGING, str(tmp_path / "kit")) == "the disk is full"
    assert listing(tmp_path) == {}


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    done = run(tmp_path / "none", STAGING, tmp_path / "kit")
    assert (done.code, done.stdout, done.codes) == (1, "", ["SR109"])
    done = run(ACTIVE, STAGING, tmp_path, STAGING)
    assert (done.code, done.stderr) == (1, "the kit has no manifest.json\n")


@pytest.mark.parametrize("arguments", [(), ("a", "b"), ("a", "b", "c", "d", "e")])
def test_it_says_how_to_call_it(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.code, done.stdout) == (1, "")
    assert "migrate.py ACTIVE STAGING KIT [WHAT-STAGING-HAS-NOW]" in done.stderr


# ---- The program itself --------------------------------------------------------------------------


def test_it_is_short() -> None:
    assert len(PROGRAM.read_text("utf-8").splitlines()) <= 60


def test_it_uses_public_names_only() -> None:
    tree = ast.parse(PROGRAM.read_text("utf-8"))
    imported = {
        alias.name if isinstance(node, ast.Import) else node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "syncrules"
    }
    assert {name for name in imported if name not in sys.stdlib_module_names} == {"syncrules"}
    assert {"Export", "Kit", "SyncRulesError", "plan"} <= used <= {*syncrules.__all__}
