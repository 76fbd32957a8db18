"""The published schemas hold for every document that the command prints."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from support.builders import B1, out_of_box, rule, run, write

SAMPLES = Path(__file__).parents[2] / "samples"
SWING = ("remap", SAMPLES / "swing/active", "--staging", SAMPLES / "swing/staging", "--check")


def published(command: str) -> dict[str, Any]:
    text = files("syncrules.cli").joinpath(f"schemas/{command}.schema.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def schema(command: str) -> Draft202012Validator:
    found = published(command)
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


def document(*arguments: str | Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*arguments, "--format", "json").stdout)
    return found


def test_a_rule_that_is_left_behind_and_stands_in_no_export_has_no_line(here: Path) -> None:
    forests = SAMPLES / "forests"
    found = document(
        *("remap", forests / "active", "--active", forests / "active-configuration", "--check"),
        *("--staging", forests / "staging-configuration", "--leave", "fabrikam.com"),
    )
    schema("remap").validate(found)
    custom = write(here / "custom.ps1", rule("Custom", 1))
    active = write(here / "active.ps1", rule("Other", 2))
    found = document(
        *("remap", custom, "--active", active, "--staging", here / "staging.ps1", "--check"),
        *("--leave", "Other"),
    )
    schema("remap").validate(found)
    (left,) = found["left_out"]
    assert (left["file"], left["line"], left["name"]) == (str(active), None, "Other")


@pytest.mark.parametrize("command", ["check", "compare", "inspect", "remap", "verify"])
def test_a_schema_has_a_name_of_its_own_and_no_address(command: str) -> None:
    assert published(command)["$id"] == f"urn:syncrules:schema:{command}"


@pytest.mark.parametrize("extra", [(), ("--attributes",)])
def test_a_comparison(extra: tuple[str, ...]) -> None:
    forests = SAMPLES / "forests"
    configurations = (forests / "active-configuration", forests / "staging-configuration")
    for paths in (configurations, (SAMPLES / "swing/active", SAMPLES / "swing/staging"), "xy"):
        schema("compare").validate(document("compare", *paths, *extra))
    schema("inspect").validate(document("inspect", forests / "staging-configuration", *extra))


def test_a_migration() -> None:
    schema("remap").validate(document(*SWING))


def test_a_migration_that_is_refused() -> None:
    found = document(*SWING, "--strict", "--map", f"{B1}={B1}")
    assert any(d["severity"] == "error" for d in found["diagnostics"])
    schema("remap").validate(found)


def test_inputs_that_are_refused(tmp_path: Path) -> None:
    bad = write(tmp_path / "bad.ps1", "Remove-ADSyncRule")
    found = document("remap", bad, "--staging", bad, "--check")
    assert found["rules"] == []
    schema("remap").validate(found)


def test_a_check(tmp_path: Path) -> None:
    bad = write(tmp_path / "bad.ps1", "Remove-ADSyncRule")
    for paths in ((SAMPLES / "forests/active",), (bad,)):
        found = document("check", *paths)
        schema("check").validate(found)
        assert found["diagnostics"]


def test_an_inspection(tmp_path: Path) -> None:
    write(tmp_path / "a.ps1", rule())
    write(tmp_path / "b.ps1", out_of_box(connector=B1))
    schema("inspect").validate(document("inspect", tmp_path))


def test_a_kit_and_its_verification(tmp_path: Path) -> None:
    staging = SAMPLES / "swing/staging"
    made = document("kit", *SWING[1:-1], "--out", tmp_path / "kit")
    schema("remap").validate(made)
    assert made["written"]
    schema("verify").validate(document("verify", tmp_path / "kit", "--staging", staging))
    schema("verify").validate(document("verify", tmp_path, "--staging", staging))


@pytest.mark.parametrize("command", ["remap", "inspect"])
def test_a_key_too_many_or_too_few_is_seen(command: str) -> None:
    arguments = SWING if command == "remap" else ("inspect", SAMPLES / "swing/active")
    found = document(*arguments)
    for broken in ({**found, "more": 1}, {k: v for k, v in found.items() if k != "rules"}):
        with pytest.raises(ValidationError):
            schema(command).validate(broken)
