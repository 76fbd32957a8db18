"""In a checkout's root, the library works as it does installed: there README has put the reader."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import syncrules

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def python(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run Python in the root; unlike in the tests, the root itself is on the path then."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


def test_the_checkout_is_what_is_imported_there() -> None:
    told = python("-c", "import syncrules; print(syncrules.__file__)").stdout.strip()
    assert Path(told) == ROOT / "syncrules" / "__init__.py"


def test_the_example_of_the_readme_can_be_pasted_there() -> None:
    (example,) = re.findall(r"```python\n([^`]*import syncrules.*?)```", README, re.DOTALL)
    done = python("-i", "-q", stdin=example + "\n")  # the empty line ends the last loop
    assert "Error" not in done.stderr, done.stderr
    assert "b891884f-051e-4a83-95af-2544101c9083 entra" in done.stdout
    assert "warning SR450 samples/swing/active/standard-inbound.ps1 1" in done.stdout


def test_a_script_is_read_there_with_the_grammar() -> None:
    done = python("-c", "import syncrules; print(syncrules.parse('', name='x'))")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout == "Export('x', 0 rules, 0 errors)\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("--version",), syncrules.__version__), (("remap", "--help"), "EXPORT...")],
)
def test_the_command_is_run_there_as_a_module(arguments: tuple[str, ...], told: str) -> None:
    done = python("-m", "syncrules", *arguments)
    assert done.returncode == 0, done.stderr
    assert told in done.stdout


def test_as_a_module_it_calls_itself_by_its_name() -> None:
    done = python("-m", "syncrules", "remap")
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: syncrules remap ")


def test_the_tests_are_run_there_by_python_too() -> None:
    done = python("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/rules/test_timespan.py")
    assert done.returncode == 0, done.stdout + done.stderr


def test_help_shows_every_public_name() -> None:
    shown = python("-c", "import syncrules; help(syncrules)").stdout
    assert [name for name in syncrules.__all__ if not re.search(rf"\b{name}\b", shown)] == []
    assert syncrules.__version__ in shown


def test_the_version_is_that_of_the_package() -> None:
    from importlib.metadata import version

    assert version("syncrules") == syncrules.__version__
