"""The sample migrations: their output, byte for byte, and what is said of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from builders import Outcome, run_apart

import syncrules
from syncrules.rules import ENTRA_CONNECTOR

SAMPLES = Path(__file__).parent.parent / "samples"
SWING = SAMPLES / "swing"
ACTIVE_AD = "ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d"
STAGING_AD = "d30f1c62-8a4b-4f0e-9c57-61b8a2e94f13"

PARTS = ("active", "staging", "expected")
NO_SCRIPTS = ("README.md", "swing/LICENSE-contoso.txt")


def migrations() -> list[Path]:
    found = sorted(p for p in SAMPLES.iterdir() if p.is_dir())
    assert found, f"{SAMPLES} holds no migration"
    return found


def scripts(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.ps1"))
    assert found, f"{folder} holds no script"
    return found


def read(folder: Path) -> list[syncrules.Export]:
    return [syncrules.parse(path.read_bytes(), name=path.name) for path in scripts(folder)]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in scripts(folder)}


def remap(migration: Path, *arguments: str | Path) -> Outcome:
    """Run the installed command on a migration."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    inputs = (migration / "active", "--staging", migration / "staging")
    return run_apart("remap", *inputs, *arguments, environment=environment)


def is_left_out_whole(export: syncrules.Export) -> bool:
    return all(rule.is_out_of_box for rule in export.rules)


def out_of_box(migration: Path) -> Iterator[tuple[str, syncrules.SyncRule]]:
    for export in read(migration / "active"):
        yield from ((export.name, rule) for rule in export.rules if rule.is_out_of_box)


@pytest.fixture(params=migrations(), ids=lambda path: path.name)
def migration(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_every_file_is_a_part_of_a_migration() -> None:
    parts = [path for folder in migrations() for part in PARTS for path in scripts(folder / part)]

    found = {path for path in SAMPLES.rglob("*") if path.is_file()}

    assert found == {*parts, *(SAMPLES / name for name in NO_SCRIPTS)}


def test_every_script_of_custom_rules_has_its_output(migration: Path) -> None:
    moving = {e.name for e in read(migration / "active") if not is_left_out_whole(e)}

    assert moving == set(contents(migration / "expected"))


def test_the_library_gives_the_expected_output(migration: Path) -> None:
    staging = syncrules.read_server([migration / "staging"])

    plan = syncrules.plan(read(migration / "active"), staging=staging)

    assert plan.output() == contents(migration / "expected")


def test_the_command_writes_the_expected_files(migration: Path, tmp_path: Path) -> None:
    done = remap(migration, "--out", tmp_path / "mapped")

    assert done.code == 0, done.stderr
    written = {path.name: path.read_bytes() for path in (tmp_path / "mapped").iterdir()}
    assert written == contents(migration / "expected")


def test_mapping_the_output_again_changes_nothing(migration: Path) -> None:
    staging = syncrules.read_server([migration / "staging"])

    again = syncrules.plan(read(migration / "expected"), staging=staging)

    assert again.output() == contents(migration / "expected")
    assert again.edits == ()


def test_the_report_names_every_rule_that_is_left_out(migration: Path) -> None:
    left_out = list(out_of_box(migration))
    assert left_out

    report = remap(migration, "--check").stdout.splitlines()

    for file, rule in left_out:
        shown = f"'{rule.name}' ({rule.immutable_tag}"
        assert any(shown in line and file in line for line in report), shown


def test_the_document_holds_every_rule_that_is_left_out_and_no_other(migration: Path) -> None:
    document = json.loads(remap(migration, "--check", "--format", "json").stdout)

    found = [(Path(o["file"]).name, o["name"], o["immutable_tag"]) for o in document["left_out"]]

    assert found == [(file, rule.name, rule.immutable_tag) for file, rule in out_of_box(migration)]


# ---- The swing migration -------------------------------------------------------------------------


def test_its_custom_rules_move_with_nothing_but_their_connector_changed() -> None:
    targets = {ACTIVE_AD: STAGING_AD, ENTRA_CONNECTOR: ENTRA_CONNECTOR}
    custom = [r for e in read(SWING / "active") for r in e.rules if not r.is_out_of_box]

    moved = [rule for export in read(SWING / "expected") for rule in export.rules]

    assert moved == [replace(rule, connector=targets[rule.connector]) for rule in custom]


def test_its_scripts_without_out_of_box_rules_keep_every_other_byte() -> None:
    staging = syncrules.read_server([SWING / "staging"])
    exports = [e for e in read(SWING / "active") if not any(r.is_out_of_box for r in e.rules)]

    bare = syncrules.plan(exports, staging=staging, bare=True).output()

    assert len(bare) == 3
    for export in exports:
        active = bytes(export)
        assert STAGING_AD.encode() not in active
        assert bare[export.name] == active.replace(ACTIVE_AD.encode(), STAGING_AD.encode())


def test_it_shows_what_custom_rules_can_hold() -> None:
    rules = [r for e in read(SWING / "active") for r in e.rules if not r.is_out_of_box]
    flows = [flow for rule in rules for flow in rule.attribute_flow_mappings]
    expressions = [flow.expression for flow in flows if flow.expression]

    assert {r.direction for r in rules} == {"Inbound", "Outbound"}
    assert {r.connector for r in rules} == {ACTIVE_AD, ENTRA_CONNECTOR}
    assert {flow.flow_type for flow in flows} == {"Direct", "Constant", "Expression"}
    assert any(len(rule.scope_filter) > 1 for rule in rules)
    assert any(len(group) > 1 for rule in rules for group in rule.join_filter)
    assert any("\r\n" in expression for expression in expressions)
    assert any("'" in expression for expression in expressions)
    assert any("'" in rule.name for rule in rules)
    assert any(not rule.name.isascii() for rule in rules)
    assert any(rule.disabled for rule in rules)
    assert any(rule.enable_password_sync for rule in rules)
    assert any(flow.execute_once for flow in flows)
    assert any(not rule.attribute_flow_mappings for rule in rules)
    assert all(rule.precedence is not None and rule.precedence < 100 for rule in rules)


def test_its_out_of_box_rules_are_of_two_servers() -> None:
    there = {r.immutable_tag: r for e in read(SWING / "staging") for r in e.rules}
    here = {rule.immutable_tag: rule for _, rule in out_of_box(SWING)}
    same = [(here[tag], there[tag]) for tag in here if tag in there]

    assert any(one.precedence != other.precedence for one, other in same)
    assert not {r.identifier for r in here.values()} & {r.identifier for r in there.values()}
    assert {r.connector for r in here.values()} == {ACTIVE_AD, ENTRA_CONNECTOR}
    assert {r.connector for r in there.values()} == {STAGING_AD, ENTRA_CONNECTOR}
    assert set(here) != set(there)
