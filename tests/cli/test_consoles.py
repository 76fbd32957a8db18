"""Consoles of another code page, and readers that go away early."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from support.builders import rule, script, text_of, write
from support.marks import posix_only


@pytest.mark.parametrize("encoding", ["cp1252", "cp437"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_no_output_dies_on_a_console_of_another_code_page(
    here: Path, encoding: str, form: str
) -> None:
    write(here / "規則→.ps1", text_of(rule("Ü 日本 😀 →"), rule("x", 2)).encode("utf-8-sig"))
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    for arguments in (
        ("remap", "規則→.ps1", "--staging", "staging.ps1", "--check", "--format", form),
        ("inspect", "規則→.ps1", "--format", form),
        ("remap", "missing→.ps1", "--staging", "規則→.ps1", "--check", "--format", form),
    ):
        done = subprocess.run(
            [script(), *arguments], capture_output=True, env=environment, check=False
        )
        assert done.returncode == int("missing→.ps1" in arguments)
        assert b"Traceback" not in done.stderr
        done.stdout.decode(encoding)
        done.stderr.decode(encoding)
        if form == "json":
            assert json.loads(done.stdout)


def test_wrong_usage_does_not_die_on_such_a_console_either() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    for arguments in (["→"], ["remap", "→", "--staging", "→", "--check", "--map", "→"]):
        done = subprocess.run(
            [script(), *arguments], capture_output=True, env=environment, check=False
        )
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr


@posix_only
def test_a_reader_that_goes_away_early_is_no_traceback(here: Path) -> None:
    write(here / "custom.ps1", text_of(*(rule(f"Rule {n}", n + 1) for n in range(300))))
    process = subprocess.Popen(
        [script(), "inspect", "custom.ps1", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=here,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    process.wait(20)
