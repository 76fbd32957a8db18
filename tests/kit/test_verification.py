"""The plan of a kit against what the staging server shows afterwards."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from support.builders import A1, B1, B2, ENTRA, Outcome, guid, out_of_box, rule, run, text_of, write
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


def verify(kit: Path, *rules: SyncRule, whole: bool = True, how: tuple[str, ...] = ()) -> Outcome:
    if whole:
        connectors = [ConnectorFile(B1, "contoso.com", forest="contoso.com"), ENTRA_FILE]
        there = configuration(kit.parent / "now", connectors=connectors, rules=rules)
    else:
        there = write(kit.parent / "now.ps1", text_of(*rules))
    return run("verify", kit, "--staging", there, *how)


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
    assert run("verify", tmp_path, "--staging", there).codes == ["SR615"]
    (tmp_path / "kit" / "manifest.json").unlink()
    assert run("verify", tmp_path / "kit", "--staging", there).codes == ["SR615"]


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


# ---- Whose files they are ------------------------------------------------------------------------
# Custom rules on the Entra connector have one connector and one identifier on both servers.

OUT = replace(rule("Out", 7, ENTRA), direction="Outbound")
OF_ACTIVE, OF_STAGING = (
    replace(out_of_box("Out to AAD - User Join", n, ENTRA), direction="Outbound")
    for n in (901, 801)
)
HERE = [ConnectorFile(B1, "contoso.com", forest="contoso.com"), ENTRA_FILE]
ON_ACTIVE = [ConnectorFile(A1, "contoso.com", forest="contoso.com"), ENTRA_FILE]
ELSEWHERE = [ConnectorFile(B2, "contoso.com", forest="contoso.com"), ENTRA_FILE]


def entra_kit(folder: Path, *staging: SyncRule) -> Path:
    """Return a kit of one rule, which looks the same on both servers."""
    active = configuration(folder / "active", connectors=ON_ACTIVE, rules=[OUT, OF_ACTIVE])
    there = (
        write(folder / "staging.ps1", text_of(*staging))
        if staging
        else configuration(folder / "staging", connectors=HERE, rules=[OF_STAGING])
    )
    made = run("kit", active, "--staging", there, "--out", folder / "kit")
    assert made.code == 0, made.stderr
    return folder / "kit"


@pytest.mark.parametrize(
    ("connectors", "rules", "mode", "codes"),
    [
        (HERE, [OUT, OF_STAGING], True, []),
        (HERE, [OUT, OF_STAGING], None, []),
        (HERE, [OUT], True, []),
        (HERE, [OUT, OF_STAGING], False, ["SR616"]),
        (HERE, [OF_STAGING], False, ["SR616", "SR611"]),
        (ON_ACTIVE, [OUT, OF_ACTIVE], False, ["SR617"]),
        (ON_ACTIVE, [OUT], True, ["SR617"]),
        ([ENTRA_FILE], [OUT, OF_ACTIVE], True, ["SR617"]),
        ([ENTRA_FILE], [OUT, OF_STAGING], True, []),
        (ELSEWHERE, [OUT], True, ["SR617"]),
    ],
)
def test_a_configuration_must_be_of_the_plans_server(
    tmp_path: Path,
    connectors: list[ConnectorFile],
    rules: list[SyncRule],
    mode: bool | None,
    codes: list[str],
) -> None:
    kit = entra_kit(tmp_path)
    now = configuration(tmp_path / "now", connectors=connectors, rules=rules, staging_mode=mode)
    found = run("verify", kit, "--staging", now)
    assert (found.codes, found.code) == (codes, 1 if codes else 0), found.stderr
    assert ("On the staging server as planned" in found.stdout) is (not codes)


def test_sr617_a_connector_that_the_plan_concerns_is_missing(kit: Path) -> None:
    rules = [replace(DISABLED, connector=ENTRA), replace(MOVED, connector=ENTRA)]
    now = configuration(kit.parent / "now", connectors=[ENTRA_FILE], rules=rules)
    found = run("verify", kit, "--staging", now)
    assert found.codes == ["SR617"]
    assert B1 in found.stderr


@pytest.mark.parametrize(
    ("rules", "codes"),
    [
        ([OUT, OF_STAGING], []),
        ([OUT, OF_ACTIVE], ["SR617"]),
        ([OUT, THERE], ["SR618"]),
        ([OUT], ["SR618"]),
        ([OUT, MOVED], []),
        ([OUT, CUSTOM], ["SR617"]),
    ],
)
def test_exports_must_show_that_they_are_of_the_plans_server(
    tmp_path: Path, rules: list[SyncRule], codes: list[str]
) -> None:
    kit = entra_kit(tmp_path)
    on_entra = [replace(r, connector=ENTRA) if r is THERE else r for r in rules]
    now = write(tmp_path / "now.ps1", text_of(*on_entra))
    assert run("verify", kit, "--staging", now).codes == codes


def test_sr618_a_list_of_all_connectors_does_not_show_that_rules_are_missing(
    tmp_path: Path,
) -> None:
    kit = entra_kit(tmp_path, OF_STAGING)  # it knows no connector of the staging server's own
    text = '"Name","Identifier","Type","Subtype"\r\n'
    text += "".join(f'"{c.name}","{c.identifier}","{c.category}",""\r\n' for c in HERE)
    listing = write(tmp_path / "connectors.csv", text)
    found = run("verify", kit, "--staging", listing, "--staging", write(tmp_path / "now.ps1", OUT))
    assert found.codes == ["SR618"]
    assert "error[SR618]" in found.stderr


def test_after_the_switch_the_active_server_is_allowed_when_it_is_the_plans(tmp_path: Path) -> None:
    kit = entra_kit(tmp_path)
    for name, connectors, codes in (("now", HERE, []), ("other", ON_ACTIVE, ["SR617"])):
        now = configuration(tmp_path / name, connectors=connectors, rules=[OUT], staging_mode=False)
        found = run("verify", kit, "--staging", now, "--allow-active")
        assert (found.codes, found.code) == (codes, len(codes)), found.stderr


def test_sr618_a_kit_that_knows_neither_server_says_so_and_does_not_call_it_the_staging_server(
    tmp_path: Path,
) -> None:
    active = write(tmp_path / "active.ps1", OUT)
    other = replace(OUT, name="Other", identifier=guid(17), precedence=3)
    there = write(tmp_path / "staging.ps1", other)
    made = run("kit", active, "--staging", there, "--out", tmp_path / "kit")
    assert made.code == 0, made.stderr
    found = run("verify", tmp_path / "kit", "--staging", write(tmp_path / "now.ps1", OUT))
    assert (found.code, found.codes) == (0, ["SR618"])
    assert "warning[SR618]" in found.stdout
    assert "On the staging server" not in found.stdout


def test_a_kit_of_0_1_0_is_read_and_said_not_to_tell(kit: Path) -> None:
    path = kit / "manifest.json"
    document = json.loads(path.read_text())
    for server in document["servers"].values():
        del server["only"]
    path.write_text(json.dumps(document | {"format_version": "1.0"}))
    found = verify(kit, MOVED, DISABLED)
    assert (found.code, found.codes) == (0, ["SR618"])


# ---- How much is told ----------------------------------------------------------------------------


def test_q_leaves_the_verdict_and_what_stands_against_it(kit: Path) -> None:
    good = verify(kit, MOVED, DISABLED, how=("-q",))
    assert (good.code, good.stdout) == (0, "On the staging server as planned: 1 rule.\n")
    bad = verify(kit, THERE, how=("-q",))
    assert (bad.code, bad.stdout, bad.codes) == (1, "", ["SR613"])
    assert bad.stderr.endswith("1 error: the staging server is not as planned.\n")


def test_v_lists_what_is_shortened_without(tmp_path: Path) -> None:
    rules = [replace(CUSTOM, name=f"R{n}", identifier=guid(30 + n), precedence=n) for n in range(9)]
    active = write(tmp_path / "active.ps1", text_of(*rules, JOIN))
    staging = write(tmp_path / "staging.ps1", THERE)
    assert run("kit", active, "--staging", staging, "--out", tmp_path / "kit").code == 0
    short, long = (verify(tmp_path / "kit", THERE, how=how).stderr for how in ((), ("-v",)))
    assert "and 6 more (-v lists them)" in short
    assert [guid(30 + n) in short for n in range(9)] == [True] * 3 + [False] * 6
    assert all(guid(30 + n) in long for n in range(9))


@pytest.mark.parametrize("quiet", [(), ("-q",)])
def test_strict_makes_a_warning_an_error(kit: Path, quiet: tuple[str, ...]) -> None:
    path = kit / "manifest.json"
    document = json.loads(path.read_text())
    for server in document["servers"].values():
        del server["only"]
    path.write_text(json.dumps(document | {"format_version": "1.0"}))
    found = verify(kit, MOVED, DISABLED, how=("--strict", *quiet))
    assert (found.code, found.stdout, found.codes) == (1, "", ["SR618"])
    last = "1 warning, treated as errors because of --strict: not all could be checked.\n"
    assert found.stderr.endswith(last)


# ---- Whether it is still the plan ----------------------------------------------------------------


@pytest.mark.parametrize("path", ["more.ps1", "lib/more.ps1", "rules/999-more.PS1"])
def test_sr610_a_script_that_does_not_belong_to_the_kit(kit: Path, path: str) -> None:
    write(kit / path, "'more'")
    found = verify(kit, MOVED, DISABLED)
    assert found.codes == ["SR610"]
    assert f"{path}: error" in found.stderr


def test_what_is_no_script_may_lie_beside_the_kits_files(kit: Path) -> None:
    for path in ("journal.jsonl", "verify-20260102-030405.txt", "backup-1/rules.json"):
        write(kit / path, "{}")
    assert verify(kit, MOVED, DISABLED).codes == []


def test_it_shows_the_hash_of_the_plan_to_be_compared(kit: Path) -> None:
    digest = hashlib.sha256((kit / "manifest.json").read_bytes()).hexdigest()
    assert digest in verify(kit, MOVED, DISABLED).stdout


# ---- The place of a rule -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "anchor", "codes"),
    [(100, 101, []), (104, 105, []), (104, 106, ["SR612"]), (106, 105, ["SR612"])],
)
def test_a_placed_rule_is_as_planned_beside_the_one_that_it_names(
    tmp_path: Path, own: int, anchor: int, codes: list[str]
) -> None:
    there = replace(THERE, precedence=100)
    placed = replace(CUSTOM, precedence=0, precedence_before=JOIN.identifier)
    active = write(tmp_path / "active.ps1", text_of(placed, JOIN))
    staging = write(tmp_path / "staging.ps1", there)
    made = run("kit", active, "--staging", staging, "--out", tmp_path / "kit")
    assert made.code == 0, made.stderr

    now = text_of(replace(MOVED, precedence=own), replace(there, precedence=anchor))
    found = run("verify", tmp_path / "kit", "--staging", write(tmp_path / "now.ps1", now))

    assert found.codes == codes, found.stderr
