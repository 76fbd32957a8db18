"""The two-forest sample, in which all goes wrong by hand, and the walk through it in docs/."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

import syncrules
from support.builders import Outcome, run, run_apart, the
from support.configurations import ConnectorFile, configuration
from support.documents import steps
from syncrules.migration.output_names import DISABLE_SCRIPT
from syncrules.rules.guids import ZERO_GUID
from syncrules.rules.model import ENTRA_CONNECTOR
from syncrules.servers.model import Server, ServerRule

ROOT = Path(__file__).parent.parent
FORESTS = ROOT / "samples" / "forests"
ACTIVE, STAGING = FORESTS / "active-configuration", FORESTS / "staging-configuration"
EXPORTS, EXPECTED = FORESTS / "active", FORESTS / "expected"

IN_ORDER = [
    DISABLE_SCRIPT,
    *("contoso.ps1", "fabrikam.ps1", "contractors.ps1", "entra.ps1", "leavers.ps1"),
]
"""What is to be run, in the order to run it: contractors.ps1 names a rule of fabrikam.ps1."""
JOIN = "In from AD - User Join"
CLONE = "In from AD - User Join - Cloned - 2021-03-09"
SIGN_IN = "In from AD - User Sign-in name"
CONTRACTORS = "In from AD - User Contractors"
LEAVERS = "In from AD - User Leavers"
ENABLED = "In from AD - User AccountEnabled"
GROUP = "In from AD - Group Common"


def scripts(folder: Path) -> dict[str, bytes]:
    found = {path.name: path.read_bytes() for path in sorted(folder.glob("*.ps1"))}
    assert found, folder
    return found


def exports(*names: str) -> list[syncrules.Export]:
    """Read exports of the active server, all of them unless some are named."""
    found = scripts(EXPORTS)
    return [syncrules.parse(found[name], name=name) for name in names or found]


@cache
def planned(*names: str) -> syncrules.Plan:
    staging, active = (syncrules.read_server([folder]) for folder in (STAGING, ACTIVE))
    return syncrules.plan(exports(*names), staging=staging, active=active)


def remap(
    *arguments: str | Path,
    moving: Path = EXPORTS,
    active: Path = ACTIVE,
    staging: Path = STAGING,
) -> Outcome:
    return run("remap", moving, "--active", active, "--staging", staging, *arguments)


def custom(name: str) -> list[syncrules.SyncRule]:
    return [rule for export in exports() for rule in export.rules if rule.name == name]


def out_of_box(server: Server, name: str, forest: str) -> ServerRule:
    """Return the rule of this name for a forest: each has one."""
    homes = [c.identifier for c in server.connectors if (c.forest or "").lower() == forest]
    (found,) = (r for r in server.rules if r.name == name and r.connector in homes)
    return found


@pytest.fixture(scope="module")
def active() -> Server:
    return syncrules.read_server([ACTIVE])


@pytest.fixture(scope="module")
def staging() -> Server:
    return syncrules.read_server([STAGING])


# ---- What is written -----------------------------------------------------------------------------


def test_the_library_gives_the_expected_output() -> None:
    assert planned().output() == scripts(EXPECTED)


def test_the_command_writes_the_expected_files(tmp_path: Path) -> None:
    done = run_apart(
        *("remap", EXPORTS, "--active", ACTIVE, "--staging", STAGING),
        *("--out", tmp_path / "mapped"),
    )

    assert done.code == 0, done.stderr
    assert scripts(tmp_path / "mapped") == scripts(EXPECTED)
    assert len(list((tmp_path / "mapped").iterdir())) == len(IN_ORDER)


def test_the_files_are_in_the_order_to_run_them() -> None:
    assert sorted(IN_ORDER) != IN_ORDER
    assert list(planned().output()) == IN_ORDER

    done = remap("--check")

    numbered = re.findall(r"^  (\d+)\. (\S+\.ps1),? ", done.stdout, re.MULTILINE)
    assert numbered == [(str(n), name) for n, name in enumerate(IN_ORDER, start=1)]


def test_the_order_is_that_of_the_references_however_the_files_are_given() -> None:
    backwards = planned(*reversed(list(scripts(EXPORTS))))
    order = list(backwards.output())

    assert order.index("fabrikam.ps1") < order.index("contractors.ps1")
    assert order[0] == DISABLE_SCRIPT


def test_nothing_but_connectors_and_references_of_the_rules_changes() -> None:
    assert {edit.what for edit in planned().edits} == {"connector", "precedence before"}


def test_a_reference_to_an_out_of_box_rule_becomes_stagings_identifier(
    active: Server, staging: Server
) -> None:
    here, there = (out_of_box(s, ENABLED, "contoso.com") for s in (active, staging))
    (leavers,) = custom(LEAVERS)
    (moved,) = (m for m in planned().rules if m.before.name == LEAVERS)

    assert leavers.precedence_before == here.identifier != there.identifier
    assert moved.after.precedence_before == there.identifier
    assert moved.after.connector == there.connector
    assert there.precedence is not None
    # Another rule is placed before a custom one, so all out-of-box rules move by one.
    assert moved.final == there.precedence + 1


def test_a_reference_to_a_custom_rule_of_another_file_is_kept() -> None:
    (moved,) = (m for m in planned().rules if m.before.name == CONTRACTORS)
    (named,) = (m for m in planned().rules if m.before.identifier == moved.before.precedence_before)

    assert named.file != moved.file
    assert named.before.name == SIGN_IN
    assert moved.after.precedence_before == named.after.identifier
    assert moved.final is not None
    assert named.final == moved.final + 1


def test_the_original_of_the_clone_is_disabled_and_no_other(staging: Server) -> None:
    original = out_of_box(staging, JOIN, "contoso.com")
    namesake = out_of_box(staging, JOIN, "fabrikam.com")
    text = (EXPECTED / DISABLE_SCRIPT).read_text("utf-8")

    assert re.findall("Identifier = '([^']+)'", text) == [original.identifier]
    assert f"Name = '{JOIN}'; Connector = '{original.connector}'" in text
    assert str(namesake.identifier) not in text
    assert namesake.connector not in text


def section(report: str, title: str) -> str:
    """Return what stands below a title, up to the next empty line."""
    return report.split(f"\n{title}\n")[1].split("\n\n")[0]


def test_the_report_says_what_is_to_be_done() -> None:
    report = remap("--check").stdout

    assert f"1. disable-out-of-box.ps1 disables '{JOIN}'" in report
    assert "1. First: run .\\disable-out-of-box.ps1 on the staging server" in report
    for forest in ("contoso.com", "fabrikam.com"):
        assert f": both are of the forest {forest}" in report
    unchecked = re.findall(r"^  - (.*)$", section(report, "Not checked"), re.MULTILINE)
    assert len(unchecked) == 1, "the sample's files show all that files can show"
    assert unchecked[0].startswith("domain and OU filtering, ")


def test_each_of_the_sample_s_warnings_has_its_place(active: Server) -> None:
    findings = planned().diagnostics
    fabrikam = out_of_box(active, GROUP, "fabrikam.com").connector

    assert not any(f.is_error for f in findings)
    assert f"'{CLONE}'" in the("SR450", findings).message
    assert f"'{LEAVERS}'" in the("SR445", findings).message
    assert f"'{GROUP}'" in the("SR452", findings).message
    assert "'Out to AAD - User Join'" in the("SR453", findings).message
    assert "PasswordWriteback" in the("SR473", findings).message
    assert the("SR461", findings).file == "entra.ps1"
    assert fabrikam in the("SR461", findings).message
    assert (the("SR460", findings).file, the("SR460", findings).line) == ("fabrikam.ps1", 115)
    assert (
        "'fabrikamBadgeNumber' of 'In from AD - User Badge' (fabrikam.com)"
        in the("SR460", findings).message
    )
    assert f"'{CLONE}'" in the("SR732", findings).message
    known = {"SR445", "SR448", "SR450", "SR452", "SR453", "SR460", "SR461", "SR473", "SR732"}
    assert {f.code for f in findings} == known


def test_a_rule_that_names_the_first_forests_rule_stands_before_both(
    active: Server, staging: Server
) -> None:
    """What docs/how-to/migration.md says of SR445."""
    contoso, fabrikam = (out_of_box(active, ENABLED, f) for f in ("contoso.com", "fabrikam.com"))
    assert contoso.identifier
    assert fabrikam.identifier
    text = (EXPORTS / "leavers.ps1").read_text("utf-8")
    other = text.replace(contoso.identifier, fabrikam.identifier)
    given = [e for e in exports() if e.name != "leavers.ps1"]
    given.append(syncrules.parse(other, name="leavers.ps1"))

    plan = syncrules.plan(given, staging=staging, active=active)

    assert "SR445" not in {f.code for f in plan.diagnostics}


# ---- What is refused -----------------------------------------------------------------------------


def test_servers_that_are_swapped_are_refused_with_the_way_out() -> None:
    done = remap("--check", active=STAGING, staging=ACTIVE)

    assert done.code == 1
    assert done.codes == ["SR408"]
    hint = (
        "hint: Give the active server's files as EXPORT or with --active and the staging server's "
        "with --staging."
    )
    assert done.stderr.count(hint) == 1


def test_an_export_that_is_forgotten_is_named_with_what_it_holds() -> None:
    names = [name for name in scripts(EXPORTS) if name != "entra.ps1"]

    (forgotten,) = (f for f in planned(*names).diagnostics if f.is_error)

    assert forgotten.code == "SR454"
    rules = [r.name for e in exports("entra.ps1") for r in e.rules]
    assert len(forgotten.rows) == len(rules) == 2
    assert all(any(f"'{name}'" in row[0] for row in forgotten.rows) for name in rules)


def test_a_rule_whose_place_is_another_rule_does_not_move_without_it() -> None:
    names = [name for name in scripts(EXPORTS) if name != "fabrikam.ps1"]

    found = the("SR421", planned(*names).diagnostics)

    assert found.file == "contractors.ps1"
    assert f"'{SIGN_IN}'" in found.message


def planned_without_active() -> tuple[syncrules.Diagnostic, ...]:
    return syncrules.plan(exports(), staging=syncrules.read_server(STAGING)).diagnostics


def test_without_the_active_configuration_the_forests_are_not_told_apart() -> None:
    done = run("remap", EXPORTS, "--staging", STAGING, "--check")

    assert done.code == 1
    assert {"SR406", "SR412"} <= set(done.codes)
    (finding,) = (d for d in planned_without_active() if d.code == "SR406")
    assert [option.flag for option in finding.options] == ["--map"] * 4


def test_a_staging_server_that_lacks_a_forest_is_refused(tmp_path: Path, staging: Server) -> None:
    gone = out_of_box(staging, JOIN, "fabrikam.com").connector
    copy = shutil.copytree(STAGING, tmp_path / "staging-configuration")
    for path in copy.rglob("*.xml"):
        text = path.read_text("utf-8").lower()
        if f"<id>{{{gone}}}</id>" in text or f"<connector>{{{gone}}}</connector>" in text:
            path.unlink()

    done = remap("--check", staging=copy)

    assert done.code == 1
    assert done.codes[0] == "SR404"
    assert "'fabrikam.com' (" in done.stderr.splitlines()[0]


def test_connector_lists_instead_of_configurations_leave_the_reference_open(
    tmp_path: Path, active: Server, staging: Server
) -> None:
    lists = []
    for name, server in (("old.csv", active), ("new.csv", staging)):
        rows = [f"{c.name},{c.identifier},{_type(c.identifier)}" for c in server.connectors]
        path = tmp_path / name
        path.write_text("\n".join(("Name,Identifier,Type,Subtype", *rows, "")), "utf-8")
        lists.append(path)

    done = remap("--check", active=lists[0], staging=lists[1])

    # No list shows whether the original of the clone is disabled.
    assert [code for code in done.codes if code != "SR461"] == ["SR412", "SR464"]
    assert "leavers.ps1:9:19" in done.stderr


def _type(identifier: str) -> str:
    if identifier == ENTRA_CONNECTOR:
        return "Extensible2,Windows Azure Active Directory (Microsoft)"
    return "AD,"


# ---- What the sample shows -----------------------------------------------------------------------


def test_every_file_belongs_to_the_sample() -> None:
    part = re.compile(
        r"LICENSE-contoso\.txt|(active|expected)/[a-z-]+\.ps1"
        r"|(active|staging)-configuration/(GlobalSettings/MV"
        r"|(Connectors/Connector|SynchronizationRules/SynchronizationRule)_\{[0-9a-f-]{36}\})\.xml"
    )

    found = [p.relative_to(FORESTS).as_posix() for p in FORESTS.rglob("*") if p.is_file()]

    assert [name for name in found if not part.fullmatch(name)] == []


def test_the_servers_have_nothing_in_common_but_the_entra_connector(
    active: Server, staging: Server
) -> None:
    def identifiers(server: Server) -> set[str | None]:
        return {c.identifier for c in server.connectors} | {r.identifier for r in server.rules}

    assert identifiers(active) & identifiers(staging) == {ENTRA_CONNECTOR}
    here, there = ({c.forest for c in s.connectors if c.forest} for s in (active, staging))
    assert not here & there
    assert {f.lower() for f in here} == {f.lower() for f in there}
    assert [mode for _, mode in active.staging_modes] == [False]
    assert [mode for _, mode in staging.staging_modes] == [True]


def test_out_of_box_rules_differ_in_tag_version_and_order(active: Server, staging: Server) -> None:
    here, there = (out_of_box(s, JOIN, "contoso.com") for s in (active, staging))

    assert here.stem == there.stem
    assert here.immutable_tag != there.immutable_tag
    assert (here.disabled, there.disabled) == (True, False)
    numbers = [
        [out_of_box(s, ENABLED, forest).precedence or 0 for forest in forests]
        for s, forests in ((active, ("contoso.com", "fabrikam.com")),
                           (staging, ("fabrikam.com", "contoso.com")))
    ]  # fmt: skip
    assert all(first < second for first, second in numbers)
    assert all(len([r for r in s.rules if r.is_out_of_box]) == 36 for s in (active, staging))


def test_the_active_configuration_has_the_rules_that_were_exported(active: Server) -> None:
    exported = {r.identifier: r for e in exports() for r in e.rules if not r.is_out_of_box}
    there = {r.identifier: r for r in active.rules if not r.is_out_of_box}

    assert exported.keys() == there.keys()
    for identifier, rule in exported.items():
        shown = there[identifier]
        assert (rule.name, rule.connector) == (shown.name, shown.connector)
        if rule.precedence_before == ZERO_GUID:  # else its place has become a number
            assert rule.precedence == shown.precedence
        else:
            assert rule.precedence == 0 < (shown.precedence or 0)
    numbers = sorted(r.precedence or 0 for r in active.rules)
    assert all(one < other for one, other in pairwise(numbers))


def test_both_forests_have_a_rule_of_one_name() -> None:
    one, other = custom(SIGN_IN)

    assert one.connector != other.connector
    assert one.attribute_flow_mappings != other.attribute_flow_mappings


def test_its_texts_are_awkward() -> None:
    rules = [r for e in exports() for r in e.rules]
    descriptions = " ".join(r.description or "" for r in rules)

    assert any("–" in r.name and not r.name.isascii() for r in rules)
    assert all(mark in descriptions for mark in ("'", "\u2019", "„", "\r\n"))
    assert scripts(EXPORTS)["fabrikam.ps1"].startswith(b"\xef\xbb\xbf")


# ---- The walk-through ----------------------------------------------------------------------------

GUIDE = ROOT / "docs" / "how-to" / "migration.md"


def words(command: str) -> list[str]:
    """Return the words of the guide's command that writes a folder."""
    given = [step.command.split()[1:] for step in steps(GUIDE.read_text("utf-8"))]
    (found,) = (words for words in given if words[0] == command and "--out" in words)
    return found


def test_sr445_is_gone_where_its_hint_was_followed(copy: Path) -> None:
    export = copy / "samples" / "forests" / "active" / "leavers.ps1"
    given = (*words("remap")[: words("remap").index("--out")], "--check")
    found = run(*given).stdout
    (file, new) = re.findall(r"give it in\s+(\S+)\s+-PrecedenceBefore\s+'([0-9a-f-]+)'", found)[0]
    assert Path(file).name == export.name
    text = export.read_text("utf-8-sig")
    (old,) = re.findall(r"-PrecedenceBefore '([0-9a-f-]+)'", text)
    export.write_text(text.replace(old, new), "utf-8-sig", newline="")
    assert "SR445" in found
    assert "SR445" not in run(*given).stdout


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_guide_s_commands_write_the_expected_files(copy: Path) -> None:
    assert run(*words("remap")).code == 0

    assert scripts(copy / "mapped") == scripts(EXPECTED)


def ticked(text: str) -> list[str]:
    """Return what stands in backticks."""
    return re.findall(r"`([^`\n]+)`", text)


def part(title: str) -> str:
    """Return the guide's part of this title."""
    return GUIDE.read_text("utf-8").split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_the_guide_has_the_files_run_in_the_report_s_order() -> None:
    text = part("The other way: the files alone")

    assert re.findall(r"^ *\.\\(\S+\.ps1)$", text, re.MULTILINE) == IN_ORDER


@pytest.fixture
def kit(copy: Path) -> Path:
    """Return the kit that the guide makes."""
    assert run(*words("kit")).code == 0
    return copy / "kit"


def test_the_guide_names_what_is_in_the_kit(kit: Path) -> None:
    rows = re.findall(r"^\| (`.+?) \|", part("6. Make the kit, and sign the list"), re.MULTILINE)
    named = {name.rstrip("\\") for row in rows for name in ticked(row)}
    there = {path.name for path in kit.iterdir()}

    assert named <= there
    for name in there - named:  # the guide says that these are not run
        assert name.endswith(".ps1")
        assert "exit $exitCode" not in (kit / name).read_text("utf-8-sig"), name


def test_the_guide_runs_the_kit_s_scripts_with_what_they_take(kit: Path) -> None:
    text = part("7. Run the kit") + part("8. Full import and full synchronization")
    scripts = {path.name: path.read_text("utf-8-sig") for path in kit.glob("*.ps1")}
    runs = re.findall(r"^\.\\(\S+\.ps1)( -WhatIf)?$", text, re.MULTILINE)
    common = {"-WhatIf", "-Confirm"}
    parameters = [t.split() for t in ticked(text) if t.startswith("-") and t not in common]

    numbered = [name for name, _ in runs if name[0].isdigit()]
    assert list(dict.fromkeys(numbered)) == ["1-check.ps1", "2-apply.ps1", "3-verify.ps1"]
    assert len({name for name, _ in runs}) == 6
    for name, tried in runs:
        assert not tried or "SupportsShouldProcess" in scripts[name], name
    assert len(parameters) == 7
    for parameter, *values in parameters:
        having = [s for s in scripts.values() if f"] ${parameter[1:]}" in s]
        assert having, parameter
        assert all(any(f"'{value}'" in s for s in having) for value in values), values


def test_what_the_guide_quotes_stands_in_the_kit_s_scripts(kit: Path) -> None:
    scripts = "".join(path.read_text("utf-8-sig") for path in kit.rglob("*.ps1"))
    (quoted,) = re.findall(r"```text\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)

    assert [line for line in quoted.splitlines() if f"'{line}'" not in scripts] == []


def test_a_staging_server_as_planned_is_told_in_the_guide_s_words(
    kit: Path, staging: Server
) -> None:
    originals = {pair.staging.identifier for pair in planned().disabled}
    applied = []
    for there in staging.rules:
        assert there.sync_rule
        disabled = there.sync_rule.disabled or there.identifier in originals
        applied.append(replace(there.sync_rule, disabled=disabled))
    applied += [replace(m.after, precedence=m.final or 0) for m in planned().rules]
    connectors = [ConnectorFile(c.identifier, c.name or "") for c in staging.connectors]
    fresh = configuration(kit.parent / "fresh", connectors=connectors, rules=applied)

    done = run("verify", kit, "--staging", fresh)

    assert done.code == 0, done.stderr
    told, of_the_plan = done.stdout.splitlines()
    assert f"*{told}*" in GUIDE.read_text("utf-8")
    assert "SHA-256" in of_the_plan


def test_the_guide_speaks_of_every_finding_of_the_sample_and_of_known_ones_only() -> None:
    guide = GUIDE.read_text("utf-8")
    table = guide.split("## What you see, what it means, what to do")[1]
    codes = set(re.findall(r"SR\d{3}", guide))
    described = {path.stem for path in (ROOT / "docs" / "findings").iterdir()}

    assert {f.code for f in planned().diagnostics} <= set(re.findall(r"SR\d{3}", table))
    assert codes <= described


def test_every_link_of_the_guide_leads_somewhere() -> None:
    guide = GUIDE.read_text("utf-8")
    links = re.findall(r"\]\(([^)]+)\)", guide)
    titles = re.findall(r"^#+ (.+)$", guide, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", t.lower()).replace(" ", "-") for t in titles}

    assert links
    for link in links:
        if link.startswith("#"):
            assert link[1:] in anchors, link
        elif not link.startswith("https://learn.microsoft.com/"):
            assert (GUIDE.parent / link).exists(), link
