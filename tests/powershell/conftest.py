"""Where PowerShell is found: the variable PWSH, then pwsh on the PATH; else these tests skip."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.powershell.session import Session


@pytest.fixture(scope="session")
def powershell() -> Iterator[Session]:
    """Yield a PowerShell that is started once and shared; each script finds an empty server."""
    named = os.environ.get("PWSH")
    program = shutil.which(named or "pwsh")
    if program is None:
        # A name that leads nowhere is a mistake: skipping would hide it.
        assert not named, f"PWSH names no program: {named}"
        pytest.skip("no PowerShell")
    with Session(Path(program).absolute()) as session:
        yield session
