"""Scripts that no one has seen: PowerShell reads and runs them here and now, as this reader does.

check_fresh.py does the same with as many as one likes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from support.conformance import generate, replay
from support.conformance.recording import find_pwsh, recorded
from support.conformance.running import judged_and_run, ran_as_read
from support.powershell.session import Result, Session

SEED, COUNT = 20, 360


def test_the_same_seed_gives_the_same_scripts() -> None:
    assert list(generate.scripts(SEED, 50)) == list(generate.scripts(SEED, 50))


def test_fresh_scripts_are_read_as_powershell_reads_them() -> None:
    pwsh = find_pwsh()
    if pwsh is None:
        pytest.skip("no PowerShell")
    cases = list(recorded(pwsh, generate.scripts(SEED, COUNT)))
    assert len(cases) == COUNT
    with Session(Path(pwsh).absolute()) as session:
        judged = [(case, *judged_and_run(session, case)) for case in cases]
    wrong = [replay.shown(case, why) for case, verdict, why in judged if verdict == "wrong"]
    assert not wrong, "\n\n".join(wrong[:5])
    verdicts = Counter((case["id"].split("-")[0], verdict) for case, verdict, _ in judged)
    assert all(verdicts[kind, "read"] for kind in ("value", "rule", "rebound"))


CONNECTOR = "25f1025a-0e53-4ccd-9d62-92eccb94bcbf"
RULE = f"""New-ADSyncRule -Name 'x' -Direction 'Inbound' -SourceObjectType 'user' `
-TargetObjectType 'person' -Connector '{CONNECTOR}' -LinkType 'Join' -Precedence {{}} `
-OutVariable syncRule
Add-ADSyncRule -SynchronizationRule $syncRule[0]
"""


@pytest.mark.parametrize(
    ("mine", "run", "verdict"),
    [
        ("5", "5", "read"),
        ("5", "6", "wrong"),
        ("5", "x", "wrong"),
        ("5", "5 -ErrorVariable x", "read"),
        ("$x", "5", "refused"),
    ],
)
def test_a_script_that_leaves_other_rules_than_were_read_is_told(
    monkeypatch: pytest.MonkeyPatch, mine: str, run: str, verdict: str
) -> None:
    """The comparison can fail: PowerShell is given another script here than the reader."""
    pwsh = find_pwsh()
    if pwsh is None:
        pytest.skip("no PowerShell")
    with Session(Path(pwsh).absolute()) as session:
        monkeypatch.setattr(
            session, "run_script", partial(_run_other, session.run_script, RULE.format(run))
        )
        found, why = ran_as_read(session, {"id": "x", "text": RULE.format(mine)})
    assert (found, bool(why)) == (verdict, verdict == "wrong")


def _run_other(run_script: Callable[..., Result], other: str, _: str, known: set[str]) -> Result:
    return run_script(other, known)
