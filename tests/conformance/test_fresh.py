"""Scripts that no one has seen: PowerShell reads them here and now, and so does this reader.

check_fresh.py does the same with as many as one likes.
"""

from __future__ import annotations

import pytest

from support.conformance import generate, replay
from support.conformance.recording import find_pwsh, recorded

SEED, COUNT = 20, 300


def test_the_same_seed_gives_the_same_scripts() -> None:
    assert list(generate.scripts(SEED, 50)) == list(generate.scripts(SEED, 50))


def test_fresh_scripts_are_read_as_powershell_reads_them() -> None:
    pwsh = find_pwsh()
    if pwsh is None:
        pytest.skip("no PowerShell")
    cases = list(recorded(pwsh, generate.scripts(SEED, COUNT)))
    assert len(cases) == COUNT
    judged = [(case, *replay.judged(case)) for case in cases]
    wrong = [replay.shown(case, why) for case, verdict, why in judged if verdict == "wrong"]
    assert not wrong, "\n\n".join(wrong[:5])
