"""The documents followed by their letters, on a fresh copy: install it, and take the tutorial.

Lines for POSIX shells run here; those for PowerShell are parsed in tests/powershell.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import syncrules
from support.documents import ROOT, Step, missing, steps
from support.handed_out import build

TUTORIAL, INSTALL = (ROOT / "docs" / name for name in ("tutorial.md", "how-to/install.md"))
OF_THE_BUILD = re.compile(r"\.ci/build|python tools/")
"""What .ci/run builds."""
EXPECTED_TO_FAIL = ("diff ", "syncrules remap samples/swing/staging ")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="lines for POSIX shells"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of what a clone has, without what tests and tools leave behind."""
    folder = tmp_path / "clone"
    everywhere = shutil.ignore_patterns(".*", "*.egg-info", "__pycache__")
    written = {"build", "dist", "kit", "mapped"}

    def left(parent: str, names: list[str]) -> set[str]:
        return everywhere(parent, names) | (written if Path(parent) == ROOT else set())

    shutil.copytree(ROOT, folder, ignore=left)
    return folder


def follow(steps: Sequence[Step], folder: Path) -> None:
    """Run commands in one shell, and hold what each prints to what is shown."""
    script = "\n".join(f"{step.command}\necho @@@$?" for step in steps)
    here = Path(sys.base_prefix, "bin")  # where python3 is this Python
    env = {
        name: value for name, value in os.environ.items() if name not in ("COLUMNS", "PYTHONPATH")
    }
    env["PATH"] = f"{folder / 'stubs'}:{here}:{env['PATH']}"
    done = subprocess.run(
        [shutil.which("bash") or "bash"],
        input=script,
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    told = re.findall(r"(?s)(.*?)@@@(\d+)\n", done.stdout)
    assert len(told) == len(steps), done.stdout
    for step, (printed, code) in zip(steps, told, strict=True):
        failed = step.command.startswith(EXPECTED_TO_FAIL)
        assert code == "01"[failed], f"$ {step.command}\n{printed}"
        if step.shown:
            assert missing(step.shown, printed.splitlines()) == [], f"$ {step.command}\n{printed}"


def test_the_tutorial_runs_on_a_fresh_clone(copy: Path) -> None:
    follow([*steps(TUTORIAL.read_text("utf-8"))], copy)
    assert (copy / "kit" / "report.html").exists()
    assert not (copy / "swapped").exists()


def test_each_way_to_install_runs(built_wheel: Path, tmp_path: Path) -> None:
    shutil.copy(built_wheel, tmp_path)
    build("build_pyz.py", built_wheel, tmp_path / "syncrules.pyz")
    (tmp_path / "syncrules.html").write_text("the page, which others build", encoding="utf-8")
    for name in ("active", "staging"):
        shutil.copytree(ROOT / "samples" / "swing" / name, tmp_path / name)
    (tmp_path / "stubs").mkdir()
    for name in ("xdg-open", *(["pipx"] if shutil.which("pipx") is None else [])):
        stub = tmp_path / "stubs" / name
        stub.write_text('#!/bin/sh\nfor last; do :; done\ntest -e "$last"\n', encoding="utf-8")
        stub.chmod(0o755)

    commands: list[Step] = []
    for step in steps(INSTALL.read_text("utf-8")):
        command = step.command.replace("1.2.3", syncrules.__version__)
        if OF_THE_BUILD.match(command) or command.startswith("syncrules "):
            continue
        commands.append(Step(command, step.shown, step.line))
        if " pip download " in command:  # for this system, too: the other computer is this one
            own = re.sub(r" --platform \S+ --python-version \S+", "", command)
            commands.append(Step(own, (), step.line))
    assert len(commands) > 8
    follow(commands, tmp_path)
