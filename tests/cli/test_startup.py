"""What a run imports: each module costs every run its time, so a new one is added here on purpose.

No clock is looked at. What click and Python's own start import is not ours to choose.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import lark
import pytest
from syncrules.cli.ending import Run
from syncrules.cli.remap import remap

from support.builders import A1, B1, out_of_box, rule, write
from syncrules import Plan, grammar
from syncrules.files import Loaded

READING = {"binascii", "bisect", "copy", "dataclasses", "gc", "math", "pathlib"}
"""What every command imports that reads an export."""

BUDGET = {
    "--help": set[str](),
    "remap": READING,
    "inspect": READING,
    "check": READING,
    "compare": READING | {"hashlib", "json", "unicodedata"},
    "kit": READING
    | {"base64", "importlib.readers", "importlib.resources", "shlex", "unicodedata", "zipfile"},
}
"""What a command imports of others, besides what click, pathlib and jinja2 do: packages."""

OWN_FOR_HELP = {
    *("syncrules", "syncrules.cli", "syncrules.cli.ending", "syncrules.cli.exits"),
    *("syncrules.cli.interruption", "syncrules.cli.streams"),
}

FOR_OTHERS = {
    *("migration.checks.out_of_box_order", "migration.checks.schema", "migration.checks.selected"),
    *("pairing.order", "script.bare_words", "script.builder", "script.parser", "script.refusals"),
    *("script.stops", "script.syntax_errors"),
}
"""What a remap needs only for scripts that are not the Editor's, or for more than exports."""

_PROGRAM = """
import sys
import click, click._textwrap, shutil, signal, locale, textwrap  # which click imports in its time
if sys.argv[1] != "--help":
    import pathlib
if sys.argv[1] == "kit":
    import jinja2, jinja2.runtime
before = {*sys.modules}
sys.argv = ["syncrules", *sys.argv[1:]]
from syncrules.cli import main
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
print("\\n", *sorted({*sys.modules} - before))
"""


@pytest.fixture
def exports(tmp_path: Path) -> tuple[Path, Path]:
    """Return exports of both servers as the Editor writes them."""
    return (
        write(tmp_path / "active.ps1", rule(connector=A1)),
        write(tmp_path / "staging.ps1", out_of_box(connector=B1)),
    )


def imported(*arguments: str | Path) -> set[str]:
    """Return what a run imports beyond click."""
    command = [sys.executable, "-Pc", _PROGRAM, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def of_others(modules: set[str]) -> set[str]:
    """Return the modules of others: packages once, and nothing that is private or an encoding."""
    names = {m if m.startswith("importlib.") else m.partition(".")[0] for m in modules}
    return {
        ".".join(name.split(".")[:2])
        for name in names
        if name != "syncrules" and not name.startswith(("_", "encodings"))
    }


def test_help_imports_click_and_little_of_our_own() -> None:
    found = imported("--help")
    assert of_others(found) == BUDGET["--help"]
    assert {m for m in found if m.startswith("syncrules")} == OWN_FOR_HELP


def test_remap_of_an_editors_export(exports: tuple[Path, Path], tmp_path: Path) -> None:
    active, staging = exports
    found = imported("remap", active, "--staging", staging, "--out", tmp_path / "out")
    assert of_others(found) <= BUDGET["remap"]
    assert "syncrules.script.reader" in found
    assert not found & {f"syncrules.{module}" for module in FOR_OTHERS}


def test_what_is_large_is_kept_to_the_end(exports: tuple[Path, Path]) -> None:
    """The end of the process frees it at once; Python would do so piece by piece."""
    active, staging = map(str, exports)
    run = Run()
    remap.main([active, "--staging", staging, "--check"], obj=run, standalone_mode=False)
    assert [type(kept) for kept in run.kept] == [Loaded, Loaded, Loaded, Plan]


def test_inspect(exports: tuple[Path, Path]) -> None:
    assert of_others(imported("inspect", *exports)) <= BUDGET["inspect"]


def test_check(exports: tuple[Path, Path]) -> None:
    assert of_others(imported("check", *exports)) <= BUDGET["check"]


def test_compare(exports: tuple[Path, Path]) -> None:
    one, _ = exports
    assert of_others(imported("compare", one, one)) <= BUDGET["compare"]


def test_kit(exports: tuple[Path, Path], tmp_path: Path) -> None:
    active, staging = exports
    found = imported("kit", active, "--staging", staging, "--out", tmp_path / "out")
    assert of_others(found) <= BUDGET["kit"]


def test_a_change_list_needs_no_more_than_a_kit(exports: tuple[Path, Path], tmp_path: Path) -> None:
    active, staging = exports
    words = "--out", tmp_path / "out", "--html", tmp_path / "changes.html"
    found = imported("remap", active, "--staging", staging, *words)
    kit = imported("kit", active, "--staging", staging, "--out", tmp_path / "kit")
    jinja = {"jinja2", "markupsafe"}  # a run of kit is measured with these imported
    assert "syncrules.kit.report" in found
    assert {m for m in found if m.startswith("syncrules")} - kit <= {"syncrules.cli.remap"}
    assert jinja <= of_others(found)
    assert not of_others(found) & {"lark", "xml", "csv"}


def test_what_is_not_an_editors_needs_lark_and_no_more(exports: tuple[Path, Path]) -> None:
    active, _ = exports
    active.write_bytes(b"Import-Module ADSync\n" + active.read_bytes())
    found = imported("inspect", active)
    assert "lark" in found
    if lark.__version__ != grammar.stored.LARK:
        pytest.skip(f"stored by Lark {grammar.stored.LARK}")
    assert "syncrules.grammar.stored_tables" in found  # and nothing builds them
