"""The sample migration, run on a server that has the staging server's out-of-box rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import syncrules
from support.powershell.bound import bound
from support.powershell.session import Session
from syncrules import SyncRule

SWING = Path(__file__).parents[2] / "samples" / "swing"


def scripts(folder: str) -> list[Path]:
    found = sorted((SWING / folder).glob("*.ps1"))
    assert found, folder
    return found


def rules(folder: str) -> list[SyncRule]:
    return [r for path in scripts(folder) for r in syncrules.parse(path.read_bytes()).rules]


STAGING = rules("staging")
CONNECTORS = {rule.connector for rule in STAGING}


def planned() -> list[SyncRule]:
    """Return what staging should have: its own rules, originals disabled, and those that move."""
    exports = [syncrules.parse(p.read_bytes(), name=p.name) for p in scripts("active")]
    plan = syncrules.plan(exports, staging=syncrules.read_server(scripts("staging")))
    disabled = {pair.staging.identifier for pair in plan.disabled}
    assert len(disabled) == 2
    own = [replace(r, disabled=r.disabled or r.identifier in disabled) for r in STAGING]
    return [*own, *(moved.after for moved in plan.rules)]


def test_the_outputs_add_the_planned_rules_and_touch_no_other(powershell: Session) -> None:
    staging, outputs = scripts("staging"), scripts("expected")

    for number, output in enumerate(outputs):
        result = powershell.run_script(output, CONNECTORS, before=[*staging, *outputs[:number]])
        assert (result.errors, result.fault, result.shown) == ((), None, "")

    assert list(result.rules) == bound(planned())


def test_running_an_output_a_second_time_changes_nothing(powershell: Session) -> None:
    staging, outputs = scripts("staging"), scripts("expected")

    result = powershell.run_script(outputs[0], CONNECTORS, before=[*staging, *outputs])

    assert list(result.rules) == bound(planned())


def test_the_active_servers_export_itself_is_refused_there(powershell: Session) -> None:
    result = powershell.run_script(
        SWING / "active" / "inbound-custom.ps1", CONNECTORS, before=scripts("staging")
    )

    assert set(result.errors) == {"ConnectorNotFound,ADSyncStandIn.AddRule"}
    assert list(result.rules) == bound(STAGING)
