"""A cmdlet that answers with nothing and tells no error: no script takes that for an answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.powershell.kits import Scene
from support.powershell.session import Run, Session, state

SCRIPTS = {
    "1-check.ps1": "",
    "2-apply.ps1": "-Scheduler Pause",
    "3-verify.ps1": "",
    "undo.ps1": "-Scheduler Pause",
    "defer-full-sync.ps1": "",
    "resume-full-sync.ps1": "-Scheduler Enable",
}
ANSWERS = {"nothing": "", "null": "$null"}
BUILDERS = (
    *("New-ADSyncRule", "Add-ADSyncAttributeFlowMapping"),
    *("Add-ADSyncScopeConditionGroup", "Add-ADSyncJoinConditionGroup"),
)
ASKED = ("Get-ADSyncConnector", "Get-ADSyncRule", "Get-ADSyncScheduler")

# A function goes before a cmdlet of its name, here and in the scripts that are run from here.
SILENT = """
Import-Module ADSync
$calls = @{{ Count = 0 }}
{functions}
& '{path}' {arguments}
exit $LASTEXITCODE
"""
FUNCTION = """
$of{at} = Get-Command {name} -CommandType Cmdlet
function {name} {{
    $calls.Count++
    if ({when}) {{ {answer} }} else {{ & $of{at} @args }}
}}
"""


def start_of(script: str, prepared: Scene, applied: Scene) -> Scene:
    """Return what a script has something to do with."""
    return prepared if script in ("1-check.ps1", "2-apply.ps1") else applied


def run_silent(
    powershell: Session,
    scene: Scene,
    script: str,
    *names: str,
    answer: str = "",
    when: str = "$true",
) -> Run:
    """Run a script where these cmdlets answer with nothing."""
    wrapper = scene.kit.parent / "silent.ps1"
    wrapper.write_text(
        SILENT.format(
            functions="".join(
                FUNCTION.format(at=at, name=name, when=when, answer=answer)
                for at, name in enumerate(names)
            ),
            path=scene.kit / script,
            arguments=SCRIPTS[script],
        )
    )
    return powershell.run_file(wrapper, store=scene.store)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_cmdlet_that_answers_with_nothing_is_named(
    powershell: Session,
    prepared: Scene,
    applied: Scene,
    tmp_path: Path,
    script: str,
    name: str,
    answer: str,
) -> None:
    scene = start_of(script, prepared, applied).copy(tmp_path / "scene")
    before = state(scene.store)

    found = run_silent(powershell, scene, script, name, answer=answer)

    assert (found.exit_code, found.errors, found.fault) == (1, (), None), found.shown
    assert f"{name} answered with nothing" in found.shown
    assert "Unexpected error" not in found.shown
    assert state(scene.store) == before


def test_the_check_tells_it_in_its_table(powershell: Session, prepared: Scene) -> None:
    found = run_silent(powershell, prepared, "1-check.ps1", *ASKED)

    (row,) = (line for line in found.shown.splitlines() if re.match("Server +FAILED", line))
    assert "Get-ADSyncConnector answered with nothing" in row
    assert [name for name in ASKED if f"{name} answered with nothing" in found.shown] == [*ASKED]


@pytest.mark.parametrize("script", ["2-apply.ps1", "undo.ps1", "defer-full-sync.ps1"])
def test_no_later_call_that_answers_with_nothing_is_unexpected(
    powershell: Session, prepared: Scene, applied: Scene, tmp_path: Path, script: str
) -> None:
    names = (*ASKED, "Get-ADSyncSchedulerConnectorOverride")
    start = start_of(script, prepared, applied)
    counted = run_silent(powershell, start.copy(tmp_path / "0"), script, *names, when="$false")
    assert counted.exit_code == 0, counted.shown
    calls = sum(name in names for name in counted.calls)
    assert calls > 6

    for at in range(1, calls + 1):
        scene = start.copy(tmp_path / f"{at}")
        found = run_silent(powershell, scene, script, *names, when=f"$calls.Count -eq {at}")

        assert (found.errors, found.fault) == ((), None), f"{at}: {found.shown}"
        assert "Unexpected error" not in found.shown, f"{at}: {found.shown}"


@pytest.mark.parametrize("name", BUILDERS)
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_a_rule_is_not_rebuilt_from_nothing(
    powershell: Session, name: str, answer: str, applied: Scene
) -> None:
    lib = applied.kit / "lib"
    flow = "@{ Source = $null; Destination = \"'sn'\"; FlowType = 'Constant'; ExecuteOnce = $false"
    flow += "; ValueMergeType = $null; Expression = $null }"
    text = (
        f"Import-Module ADSync\n. '{lib / 'changing.ps1'}'\nfunction {name} {{ {answer} }}\n"
        "function New-RawCondition { 'condition' }\n"
        + "".join(
            f"if ('{other}' -ne '{name}') {{ function {other} {{ 'rule' }} }}\n"
            for other in BUILDERS
        )
        + "function Get-RuleParameters { @{} }\n"
        f"$raw = @{{ AttributeFlowMappings = @({flow}); ScopeFilter = @(, @(, @(1, 2, 3)))\n"
        "    JoinFilter = @(, @(, @(1, 2, 3))) }\n"
        "try { New-RuleFromRaw $raw 1 } catch { Get-Message $_ }\n"
    )

    found = powershell.run_script(text)

    assert [line.split(" answered")[0] for line in found.output] == [name], found


def test_an_empty_record_of_what_was_deferred_is_damaged(
    powershell: Session, applied: Scene, tmp_path: Path
) -> None:
    scene = applied.copy(tmp_path / "scene")
    for text in ("", "null", "{}", '{"connectors": null}'):
        (scene.kit / "deferred-full-sync.json").write_text(text)
        for script in ("defer-full-sync.ps1", "resume-full-sync.ps1"):
            found = powershell.run_file(scene.kit / script, store=scene.store)
            assert (found.exit_code, "is damaged" in found.shown) == (1, True), found.shown


@pytest.mark.parametrize("text", ["", "null", "[]", "1"])
def test_a_manifest_that_says_nothing_is_refused(
    powershell: Session, prepared: Scene, tmp_path: Path, text: str
) -> None:
    scene = prepared.copy(tmp_path / "scene")
    (scene.kit / "manifest.json").write_text(text)
    for script in ("1-check.ps1", "2-apply.ps1", "3-verify.ps1"):
        found = powershell.run_file(scene.kit / script, store=scene.store)
        assert found.exit_code == 1
        assert "Unexpected error" not in found.shown, found.shown
        assert "manifest.json" in found.shown
