"""The sample migrations from exports: their output, byte for byte, and what is said of it.

The one from configuration folders has its tests in test_forests.py.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import syncrules
from support.builders import Outcome, run_apart
from syncrules.migration.output_names import DISABLE_SCRIPT
from syncrules.rules.model import ENTRA_CONNECTOR
from syncrules.servers.model import Server

SAMPLES = Path(__file__).parent.parent / "samples"
SWING, FORESTS = SAMPLES / "swing", SAMPLES / "forests"
ACTIVE_AD = "ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d"
STAGING_AD = "d30f1c62-8a4b-4f0e-9c57-61b8a2e94f13"

PARTS = ("active", "staging", "expected")
NO_SCRIPTS = ("swing/LICENSE-contoso.txt",)
CONFIGURATIONS = ("active-configuration", "staging-configuration")
"""A migration may have these instead of exports of the staging server."""


def migrations() -> list[Path]:
    found = sorted(p.parent for p in SAMPLES.glob("*/staging"))
    assert found, f"{SAMPLES} holds no migration"
    return found


def scripts(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.ps1"))
    assert found, f"{folder} holds no script"
    return found


def read(folder: Path) -> list[syncrules.Export]:
    """Read the exports of a folder; what disables rules is no export."""
    paths = (path for path in scripts(folder) if path.name != DISABLE_SCRIPT)
    return [syncrules.parse(path.read_bytes(), name=path.name) for path in paths]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in scripts(folder)}


def evidence(migration: Path) -> dict[str, Path]:
    """Return what tells of the servers besides the exports that are moved, by option."""
    active, staging = (migration / name for name in CONFIGURATIONS)
    if staging.is_dir():
        return {"--active": active, "--staging": staging}
    return {"--staging": migration / "staging"}


def staging_of(migration: Path) -> Server:
    return syncrules.read_server([evidence(migration)["--staging"]])


def active_of(migration: Path) -> Server:
    return syncrules.read_server([p for o, p in evidence(migration).items() if o == "--active"])


def remap(migration: Path, *arguments: str | Path) -> Outcome:
    """Run the installed command on a migration."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    given = (part for pair in evidence(migration).items() for part in pair)
    return run_apart("remap", migration / "active", *given, *arguments, environment=environment)


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
    parts = [path for part in PARTS for path in scripts(SWING / part)]

    found = {path for folder in migrations() for path in folder.rglob("*") if path.is_file()}
    found -= {path for path in found if FORESTS in path.parents}  # test_forests.py looks at those

    assert found == {*parts, *(SAMPLES / name for name in NO_SCRIPTS)}


def test_every_script_of_custom_rules_has_its_output(migration: Path) -> None:
    moving = {e.name for e in read(migration / "active") if not is_left_out_whole(e)}

    assert moving == contents(migration / "expected").keys() - {DISABLE_SCRIPT}


def test_the_library_gives_the_expected_output(migration: Path) -> None:
    plan = syncrules.plan(
        read(migration / "active"), staging=staging_of(migration), active=active_of(migration)
    )

    assert plan.output() == contents(migration / "expected")


def test_the_command_writes_the_expected_files(migration: Path, tmp_path: Path) -> None:
    done = remap(migration, "--out", tmp_path / "mapped")

    assert done.code == 0, done.stderr
    written = {path.name: path.read_bytes() for path in (tmp_path / "mapped").iterdir()}
    assert written == contents(migration / "expected")


def test_mapping_the_output_again_changes_nothing(migration: Path) -> None:
    again = syncrules.plan(read(migration / "expected"), staging=staging_of(migration))

    before = contents(migration / "expected")
    before.pop(DISABLE_SCRIPT, None)
    assert again.output() == before
    assert again.edits == ()


def test_mapping_the_output_again_passes_over_the_script_that_disables_rules(
    migration: Path,
) -> None:
    staging = evidence(migration)["--staging"]

    again = run_apart("remap", migration / "expected", "--staging", staging, "--check")

    assert again.code == 0, again.stderr
    assert [line for line in again.stderr.splitlines() if "error" in line] == []
    assert (DISABLE_SCRIPT in contents(migration / "expected")) == (
        "warning[SR118]" in again.stdout
    )


def test_the_report_names_every_rule_that_is_left_out(migration: Path) -> None:
    left_out = list(out_of_box(migration))
    assert left_out

    report = remap(migration, "--check", "-v").stdout.splitlines()

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


def test_its_originals_of_clones_are_disabled_the_join_rules_first() -> None:
    text = (SWING / "expected" / DISABLE_SCRIPT).read_text("utf-8")
    there = {r.identifier: r for e in read(SWING / "staging") for r in e.rules}
    disabled = {rule.name for _, rule in out_of_box(SWING) if rule.disabled}

    named = [there[i] for i in re.findall("Identifier = '([^']+)'", text)]

    assert {rule.name for rule in named} == disabled
    assert [rule.name for rule in named if rule.join_filter] == [named[0].name]
    assert all(f"Name = '{r.name}'; Connector = '{r.connector}'" in text for r in named)
    assert all(f"ImmutableTag = '{r.immutable_tag}'" in text for r in named)


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


def test_an_upgrade_changes_no_custom_rule() -> None:
    """The sample is made so; its README says which of its texts are invented."""
    found = syncrules.compare(
        *(syncrules.read_server(SAMPLES / "upgrade" / when) for when in ("before", "after"))
    )
    assert all(pair.one.identifier == pair.other.identifier for pair in found.rules)
    custom = [d for d in found.differences if not d.subject.immutable_tag]
    assert custom == []
    assert dict(found.counts) == {"only-b": 1, "version": 2, "state": 1}
