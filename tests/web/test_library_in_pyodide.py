"""The tests of the library inside the very Python that the page has: Pyodide, here in Node."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.handed_out import ROOT, lacking, pyodide

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(lacking() is not None, reason=lacking() or ""),
]

HERE = Path(__file__).parent
TESTS = ROOT / "tests"
OTHER_ROOMS = {
    "conformance": "compares with PowerShell",
    "data": "has no tests",
    "fuzz": "is compiled",
    "powershell": "runs PowerShell",
    "support": "has no tests",
    "web": "is about this page",
}
"""Which folders of `tests/` have nothing to run there, and why."""

ROOMS = sorted(
    path.name
    for path in TESTS.iterdir()
    if path.is_dir() and path.name not in {*OTHER_ROOMS, "__pycache__"}
)
FILES = ("test_files.py", "test_grouping.py", "test_library.py", "test_ways_out.py")
"""What at the top of `tests/` is about the library; the rest is about the checkout."""

LEFT_OUT = {
    "kit/test_report_in_browser.py": "starts a browser",
    "test_files.py::test_a_pipe_is_not_waited_for": "its file system has no pipes",
    "cli/test_atomic_write.py::test_a_path_that_cannot_be_made_leaves_no_part_of_it_behind": (
        "its file system takes names of any length"
    ),
    "cli/test_atomic_write.py::test_modes_follow_the_umask": "its file system has no umask",
    "cli/test_bad_input.py": "asks for users and links, which its file system does not have",
    "cli/test_check.py": "jsonschema needs a compiled package",
    "cli/test_consoles.py": "consoles are of processes",
    "cli/test_inspect.py": "jsonschema needs a compiled package",
    "cli/test_interruption.py": "signals are sent to processes",
    "cli/test_schemas.py": "jsonschema needs a compiled package",
    "cli/test_startup.py": "measures processes",
    "cli/test_streams.py": "closes the streams of processes",
    "cli/test_targets.py": "asks for links, which its file system does not have",
}
"""What does not run there, and why. A test that starts a process is skipped by itself."""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pyodide(tmp_path_factory.mktemp("pyodide"))


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    for needed in (ROOT / "tools" / "bundled.txt", HERE / "in_pyodide.txt"):
        into = ("--quiet", "--no-compile", "--no-deps", "--target", str(folder))
        words = [sys.executable, "-m", "pip", "install", *into, "-r", str(needed)]
        subprocess.run(words, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("room", [*ROOMS, *FILES])
def test_a_room_passes(room: str, package: Path, packages: Path) -> None:
    node = shutil.which("node")
    assert node is not None
    ignored = (
        f"--{'deselect' if '::' in left else 'ignore'}=tests/{left}"
        for left in LEFT_OUT
        if left.startswith(room)
    )
    told = ("-q", "-p", "no:cacheprovider", "--tb=short", "-m", "not slow", *ignored)
    words: list[str | Path] = [
        node,
        HERE / "run_tests.mjs",
        package,
        ROOT,
        packages,
        *told,
        f"tests/{room}",
    ]

    done = subprocess.run(words, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    passed, skipped = (
        sum(map(int, re.findall(rf"(\d+) {what}", done.stdout.splitlines()[-1])))
        for what in ("passed", "skipped")
    )
    print(f"{room}: {passed} passed, {skipped} start a process")
    assert passed > 20 * skipped


def test_what_is_left_out_is_there() -> None:
    for left in LEFT_OUT:
        path, _, name = left.partition("::")
        assert f"def {name}" in (TESTS / path).read_text("utf-8"), left
