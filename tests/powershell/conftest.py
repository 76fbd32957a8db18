"""PowerShell (PWSH, or else pwsh on the PATH; without it these tests skip), and kits to run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.powershell.kits import PAUSE, Scene, make_scene
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


@pytest.fixture(scope="module")
def prepared(powershell: Session, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Return a scene that tests copy and do not change."""
    return make_scene(powershell, tmp_path_factory.mktemp("scene"))


@pytest.fixture(scope="module")
def applied(
    powershell: Session, prepared: Scene, tmp_path_factory: pytest.TempPathFactory
) -> Scene:
    """Return the scene after its kit was applied."""
    scene = prepared.copy(tmp_path_factory.mktemp("applied") / "scene")
    assert powershell.run_file(scene.kit / "2-apply.ps1", *PAUSE, store=scene.store).exit_code == 0
    return scene
