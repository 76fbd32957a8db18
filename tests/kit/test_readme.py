"""README.txt is what an administrator follows at night: it is plain, and true of the kit."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import STAGING, export, rule
from support.pages import HOSTILE, big_plan, sample_plan
from support.strategies import texts
from syncrules.diagnostics import printable
from syncrules.kit.assembling import kit_of, make_kit
from syncrules.kit.hints import for_kit
from syncrules.kit.manifest import MANIFEST
from syncrules.kit.readme import README
from syncrules.kit.report import REPORT
from syncrules.migration.plan import Plan
from syncrules.migration.verdict import kit_verdict

PLANS: dict[str, Callable[[], Plan]] = {
    "swing": lambda: sample_plan("swing"),
    "forests": lambda: sample_plan("forests"),
    "hostile": big_plan,
    "one rule": lambda: planned("In from AD - Custom"),
}


def planned(name: str, description: str = "") -> Plan:
    own = replace(rule(name), description=description)
    return syncrules.plan([export(own)], staging=STAGING)


def files_of(plan: Plan) -> Mapping[str, bytes]:
    kit, found = kit_of(plan)
    assert kit is not None, found
    return kit.files


@pytest.fixture(scope="module", params=PLANS)
def plan(request: pytest.FixtureRequest) -> Plan:
    return PLANS[request.param]()


@pytest.fixture(scope="module")
def kit(plan: Plan) -> Mapping[str, bytes]:
    return files_of(plan)


def lines_of(kit: Mapping[str, bytes]) -> list[str]:
    """Return the lines of the readme, which must be what any editor on any Windows shows."""
    assert kit[README].startswith(codecs.BOM_UTF8)
    text = kit[README].decode("utf-8-sig")
    assert text.endswith("\r\n")
    lines = text.split("\r\n")[:-1]
    assert [line for line in lines if len(line) > 78 or line != printable(line)] == []
    return lines


def flat(lines: list[str]) -> str:
    """Return the text on one line, so that it does not matter where lines were broken."""
    return "".join(line.strip() for line in lines).replace(" ", "")


def test_it_has_narrow_lines(kit: Mapping[str, bytes]) -> None:
    lines = lines_of(kit)

    assert not any(line != line.rstrip() for line in lines)
    assert "\n\n\n\n" not in "\n".join(lines)


@given(st.lists(texts.filter(bool) | st.sampled_from(HOSTILE), min_size=1, max_size=3))
def test_no_name_breaks_its_lines(names: list[str]) -> None:
    lines_of(files_of(planned("".join(names))))


def test_it_tells_of_this_kit(plan: Plan, kit: Mapping[str, bytes]) -> None:
    text = flat(lines_of(kit))

    def is_told(words: str) -> bool:
        return printable(words).replace(" ", "") in text

    count = len(plan.rules)
    assert is_told(f"creates {count} custom rule{'' if count == 1 else 's'} on the STAGING")
    for moved in plan.rules:
        label = plan.staging.label(moved.after.connector)
        assert is_told(f"'{moved.after.name}' ({label}), final precedence {moved.final}")
    for pair in plan.disabled:
        label = plan.staging.label(pair.staging.connector)
        assert is_told(f"'{pair.staging.name}' ({label}), {pair.staging.immutable_tag}")
    assert is_told(" · ".join(kit_verdict(plan, plan.diagnostics, len(kit))))
    used = {m.before.connector for m in plan.rules}
    for connectors in (p for p in plan.pairs if p.active in used):
        assert is_told(connectors.active)
        assert is_told(connectors.staging)
    for finding in for_kit(plan.diagnostics):
        box = "[ ] " if finding.severity == "warning" else "- "
        rows = "".join(f"- {': '.join(row)}" for row in finding.rows)
        at = f" ({finding.file}, line {finding.line})" if finding.line else ""
        told = f"{finding.code}{at}: {finding.message}{rows}What to do: {finding.hint}"
        assert is_told(box + told)
    for unknown in plan.not_checked:
        assert is_told(unknown)


def test_every_file_of_the_kit_is_explained(kit: Mapping[str, bytes]) -> None:
    text = "\n".join(lines_of(kit))
    _, _, part = text.partition("What is in this kit\n")
    part, _, _ = part.partition("This kit's facts\n")

    for path in kit:
        folder, slash, name = path.rpartition("/")
        assert f"  {folder}\\" in part if slash else f"  {name}" in part
    assert {README, REPORT, MANIFEST} <= kit.keys()


def test_every_script_and_parameter_that_it_names_is_there(kit: Mapping[str, bytes]) -> None:
    lines = lines_of(kit)
    commands = [line for line in lines if re.match(r" +\.\\[a-z0-9-]+\.ps1", line)]

    named = {m for line in lines for m in re.findall(r"\.\\([a-z0-9-]+\.ps1)", line)}
    assert named == {
        *("1-check.ps1", "2-apply.ps1", "3-verify.ps1", "undo.ps1"),
        *("defer-full-sync.ps1", "resume-full-sync.ps1"),
    }
    assert commands
    for line in commands:
        script, rest = re.findall(r"\.\\(\S+)(.*)", line)[0]
        text = kit[script].decode()
        for parameter, value in re.findall(r" -(\w+)(?: ([A-Z]\w+))?", rest):
            if parameter in ("WhatIf", "Confirm"):
                assert "SupportsShouldProcess" in text
            else:
                assert f"${parameter}" in text
                sets = " ".join(re.findall(r"ValidateSet\(([^)]*)\)", text))
                assert not value or f"'{value}'" in sets


def test_a_command_can_be_pasted_as_its_line_stands(kit: Mapping[str, bytes]) -> None:
    commands = [line for line in lines_of(kit) if re.match(r" +\.\\", line)]

    assert "    .\\2-apply.ps1" in commands
    for line in commands:
        assert re.fullmatch(r" +\.\\[a-z0-9-]+\.ps1( -[A-Z]\w+( [A-Z]\w+)?)*( +# .*)?", line), line


def test_the_counts_of_files_add_up(kit: Mapping[str, bytes]) -> None:
    text = " ".join(line.strip() for line in lines_of(kit))
    listed = len(json.loads(kit[MANIFEST])["files"])
    folders = Counter(path.rpartition("/")[0] for path in kit)

    assert f"the files that manifest.json lists: {listed}." in text
    assert f"the kit has {listed + 2} files." in text
    assert listed + 2 == len(kit) == 3 + 6 + folders["rules"] + folders["lib"]
    rules = f"{folders['rules']} file{'' if folders['rules'] == 1 else 's'} in rules"
    assert f"6 scripts; {rules} and {folders['lib']} in lib." in text


def test_the_switch_is_told_server_by_server_and_verified_after(kit: Mapping[str, bytes]) -> None:
    text = "\n".join(lines_of(kit))
    places = [
        text.index(words)
        for words in (
            "FIRST on the ACTIVE server: start its wizard",
            'TICK "Enable staging mode"',
            "StagingModeEnabled is True",
            "THEN on this server: start its wizard",
            '"Enable staging mode". Then',
            ".\\3-verify.ps1 -AllowActive",
        )
    ]
    assert places == sorted(places)


def test_the_steps_come_in_their_order(kit: Mapping[str, bytes]) -> None:
    text = "\n".join(lines_of(kit))
    steps = re.findall(r"^\[ \] (\d)\. (.+?)(?:   .*)?\n-+$", text, re.MULTILINE)

    assert [int(number) for number, _ in steps] == list(range(1, 9))
    after_summary = text[text.index("1. Before you begin") :]
    places = [
        after_summary.index(word)
        for word in (
            *("$signed = ", "| Unblock-File", "4. Check", "5. Apply"),
            *("6. Verify", ".\\defer-full-sync.ps1", ".\\resume-full-sync.ps1"),
            *("-PolicyType Initial", "csexport ", "CSExportAnalyzer ", "FIRST"),
            *("If something went wrong", "What is in this kit", "This kit's facts"),
        )
    ]
    assert places == sorted(places)
    for word in ("RemoteSigned", "Constrained Language Mode", "5.1", "SHARED BY BOTH SERVERS"):
        assert word in text


def test_no_lines_to_be_pasted_skip_the_comparison_of_hashes(kit: Mapping[str, bytes]) -> None:
    blocks = re.findall(
        r"(?:^ {4,}\S.*\n|^ *\n(?= {4,}\S))+", "\n".join(lines_of(kit)), re.MULTILINE
    )
    letting = [block for block in blocks if "Unblock-File" in block or "-check.ps1" in block]

    assert any("Unblock-File" in block for block in letting)
    for block in letting:
        assert len(re.findall(r"\S.*\n", block)) == 1, block  # nothing else is done with it
    text = "\n".join(lines_of(kit))
    assert text.index("STOP. Do not run the kit") < text.index("Unblock-File")


def test_it_has_the_code_of_the_kit(plan: Plan, kit: Mapping[str, bytes]) -> None:
    assert f"The code of this kit is {make_kit(plan).code}." in "\n".join(lines_of(kit))


def test_the_same_plan_gives_the_same_bytes(plan: Plan, kit: Mapping[str, bytes]) -> None:
    assert files_of(plan) == kit


def test_a_name_stands_as_it_is_written() -> None:
    text = "\n".join(lines_of(files_of(planned("In from AD - Büro 字 \u202e"))))

    assert "'In from AD - Büro 字 \\u202e'" in text
    assert "b\\xfc" not in text.lower()
