"""The plan of a kit against what the staging server shows afterwards."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from support.builders import B1, Outcome, out_of_box, rule, run, text_of, write
from support.configurations import ENTRA_FILE, ConnectorFile, configuration
from syncrules import SyncRule
from syncrules.errors import NotAManifest
from syncrules.kit.manifest import read_manifest

JOIN = out_of_box("In from AD - User Join", 900)
THERE = out_of_box("In from AD - User Join", 800, B1)
CUSTOM = rule("Custom", 1)
MOVED = replace(CUSTOM, connector=B1)
DISABLED = replace(THERE, disabled=True)


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """Return a kit of one rule that disables one original."""
    active = write(tmp_path / "active.ps1", text_of(CUSTOM, replace(JOIN, disabled=True)))
    staging = write(tmp_path / "staging.ps1", THERE)
    made = run("kit", active, "--staging", staging, "--out", tmp_path / "kit")
    assert made.code == 0, made.stderr
    return tmp_path / "kit"


def verify(kit: Path, *rules: SyncRule, whole: bool = True) -> Outcome:
    if whole:
        connectors = [ConnectorFile(B1, "contoso.com", forest="contoso.com"), ENTRA_FILE]
        there = configuration(kit.parent / "now", connectors=connectors, rules=rules)
    else:
        there = write(kit.parent / "now.ps1", text_of(*rules))
    return run("verify", kit, "--staging", there)


@pytest.mark.parametrize("whole", [True, False])
def test_all_is_as_planned(kit: Path, whole: bool) -> None:
    found = verify(kit, MOVED, DISABLED, whole=whole)
    assert (found.code, found.stderr) == (0, "")
    assert "On the staging server as planned: 1 rule." in found.stdout


def test_sr610_a_file_of_the_kit_was_changed_or_is_gone(kit: Path) -> None:
    (kit / "1-check.ps1").write_bytes(b"exit 0")
    (kit / "undo.ps1").unlink()
    assert verify(kit, MOVED, DISABLED).codes == ["SR610", "SR610"]


def test_sr611_a_rule_is_missing_from_a_whole_server(kit: Path) -> None:
    assert verify(kit, DISABLED).codes == ["SR611"]


def test_sr614_exports_do_not_show_a_rule(kit: Path) -> None:
    assert verify(kit, DISABLED, whole=False).codes == ["SR614"]


def test_sr612_a_rule_is_not_as_planned(kit: Path) -> None:
    found = verify(kit, replace(MOVED, description="x", precedence=7), DISABLED)
    assert found.codes == ["SR612", "SR612"]
    assert "Description is 'x', planned ''" in found.stderr
    assert "Precedence is 7, planned 50" in found.stderr


@pytest.mark.parametrize("interval", ["P30D", "²", "soon"])
def test_sr612_an_interval_that_net_does_not_read_is_compared_as_it_is_written(
    kit: Path, interval: str
) -> None:
    found = verify(kit, replace(MOVED, soft_delete_expiry_interval=interval), DISABLED)
    assert found.codes == ["SR612"]
    assert f"SoftDeleteExpiryInterval is {interval}, planned 00:00:00" in found.stderr


def test_sr613_an_original_is_enabled(kit: Path) -> None:
    assert verify(kit, MOVED, THERE).codes == ["SR613"]


def test_sr615_a_folder_that_is_no_kit(tmp_path: Path) -> None:
    write(tmp_path / "kit" / "manifest.json", "{}")
    there = write(tmp_path / "now.ps1", MOVED)
    assert run("verify", tmp_path / "kit", "--staging", there).codes == ["SR615"]
    assert run("verify", tmp_path, "--staging", there).codes == ["SR109"]


def test_sr615_json_escapes_what_the_manifest_says_once(tmp_path: Path) -> None:
    version = "9\x1b\u202e"
    write(tmp_path / "kit" / "manifest.json", json.dumps({"format_version": version}))
    there = write(tmp_path / "now.ps1", MOVED)
    told = run("verify", tmp_path / "kit", "--staging", there, "--format", "json").stdout
    (finding,) = json.loads(told)["diagnostics"]
    assert f"it has the format {version}," in finding["message"]


def test_json_tells_the_same(kit: Path) -> None:
    there = write(kit.parent / "now.ps1", text_of(THERE))
    found = json.loads(run("verify", kit, "--staging", there, "--format", "json").stdout)
    assert (found["rules"], found["as_planned"]) == (1, False)
    assert {d["code"] for d in found["diagnostics"]} == {"SR613", "SR614"}


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "1", "null", '{"format_version": 1}', '{"format_version": "2.0"}'),
        '{"format_version": "1.0", "files": [], "disable": [], "rules": [1]}',
        '{"format_version": "1.0", "files": {}, "disable": [], "rules": [{"fields": 1}]}',
        "[" * 100_000,
        "\udcff",
    ],
    ids=lambda text: ascii(text[:40]),
)
def test_what_is_no_manifest_says_why(text: str) -> None:
    with pytest.raises(NotAManifest):
        read_manifest(text.encode("utf-8", "surrogateescape"))


def test_a_manifest_that_points_out_of_the_kit_reads_nothing_there(kit: Path) -> None:
    path = kit / "manifest.json"
    document = json.loads(path.read_text())
    document["files"].append({"path": "../active.ps1", "sha256": "0" * 64})
    path.write_text(json.dumps(document))
    found = verify(kit, MOVED, DISABLED)
    assert found.codes == ["SR610"]
    assert "is missing" in found.stderr
