"""A script of the kit that is stopped with Ctrl+C in the midst of a change."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.powershell.kits import Scene, make_scene
from support.powershell.session import Session, state

STOPPER = """
Add-Type -TypeDefinition '
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

public static class Stopper
{
    public static readonly ManualResetEventSlim Reached = new ManualResetEventSlim();

    public static void StopWhenReached(PowerShell shell)
    {
        Task.Run(() => { if (Reached.Wait(60000)) shell.Stop(); });
    }
}'
"""


@pytest.fixture
def scene(powershell: Session, tmp_path: Path) -> Scene:
    return make_scene(powershell, tmp_path)


@pytest.mark.parametrize(
    ("script", "cmdlet"), [("2-apply.ps1", "Add-ADSyncRule"), ("undo.ps1", "Remove-ADSyncRule")]
)
def test_the_scheduler_is_on_again_and_the_script_goes_on_later(
    powershell: Session, scene: Scene, tmp_path: Path, script: str, cmdlet: str
) -> None:
    pause = ("-Scheduler", "Pause")
    before = state(scene.store)["scheduler"]
    if script == "undo.ps1":
        powershell.run_file(scene.kit / "2-apply.ps1", *pause, store=scene.store)
    wrapper = tmp_path / "stopped.ps1"
    wrapper.write_text(
        f"Import-Module ADSync\n{STOPPER}\n"
        f"function global:{cmdlet} {{ process {{ [Stopper]::Reached.Set()\n"
        "    while ($true) { [Threading.Thread]::Sleep(20) } } }\n"
        "$shell = [powershell]::Create("
        "[System.Management.Automation.RunspaceMode]::CurrentRunspace)\n"
        f"$null = $shell.AddScript(\"& '{scene.kit / script}' -Scheduler Pause\")\n"
        "[Stopper]::StopWhenReached($shell)\n"
        'try { $shell.Invoke() } catch { "ended: $_" }\n'
        '"$($shell.InvocationStateInfo.State)"\n'
    )

    stopped = powershell.run_apart(wrapper, store=scene.store)

    assert "Stopped" in stopped.stdout, stopped.shown
    assert '"state":"paused"' in (scene.kit / "journal.jsonl").read_text()
    assert state(scene.store)["scheduler"] == before
    again = powershell.run_file(scene.kit / script, *pause, store=scene.store)
    assert again.exit_code == 0, again.shown
