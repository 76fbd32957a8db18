"""Output that is not taken: a full disk, a closed pipe, no stream at all."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.builders import listing, script, write
from support.command_line import CONFIRMED
from support.marks import posix_only

FULL = Path("/dev/full")

needs_dev_full = pytest.mark.skipif(not FULL.exists(), reason="only Linux has /dev/full")

REMAP = ("remap", "custom.ps1", "--staging", "staging.ps1")
WRITES = (*REMAP, *CONFIRMED, "--out", "out")
REFUSED = ("remap", "missing.ps1", "--staging", "staging.ps1", "--out", "out")


class _Done:
    def __init__(self, code: int, stdout: str, stderr: str) -> None:
        self.code = code
        self.stdout = stdout
        self.stderr = stderr


def _run(
    *arguments: str, stdout: int | None = None, stderr: int | None = None, environment: str = ""
) -> _Done:
    """Run the command; streams that are not given are read."""
    named = dict([environment.split("=")]) if environment else {}
    process = subprocess.run(
        [script(), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if stdout is None else stdout,
        stderr=subprocess.PIPE if stderr is None else stderr,
        env=os.environ | named,
        timeout=30,
        check=False,
    )
    return _Done(
        process.returncode, (process.stdout or b"").decode(), (process.stderr or b"").decode()
    )


@pytest.fixture
def full() -> Iterator[int]:
    stream = os.open(FULL, os.O_WRONLY)
    yield stream
    os.close(stream)


@pytest.fixture
def closed() -> Iterator[int]:
    """Yield the writing end of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


# ---- Standard output -----------------------------------------------------------------------------


@needs_dev_full
@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    "environment", ["", "PYTHONIOENCODING=ascii", "PYTHONUNBUFFERED=1", "PYTHONDEVMODE=1"]
)
def test_3_the_files_are_written_but_the_report_is_not_printed(
    here: Path, full: int, form: str, environment: str
) -> None:
    done = _run(*WRITES, "--format", form, stdout=full, environment=environment)
    assert done.code == 3
    assert done.stderr == (
        "The files are written to out, but the report could not be printed: No space left on "
        "device. To see it, run the same command with --check instead of --out.\n"
    )
    assert (here / "out" / "custom.ps1").exists()
    assert _run(*REMAP, *CONFIRMED, "--check").code == 0


@needs_dev_full
def test_3_for_a_kit(here: Path, full: int) -> None:
    done = _run("kit", *WRITES[1:], stdout=full)
    assert done.code == 3
    assert "Traceback" not in done.stderr
    assert (here / "out" / "manifest.json").exists()


@posix_only
def test_3_where_nobody_reads_the_report(here: Path, closed: int) -> None:
    done = _run(*WRITES, stdout=closed)
    assert done.code == 3
    assert "The files are written to out, but" in done.stderr
    assert (here / "out" / "custom.ps1").exists()


@needs_dev_full
@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "arguments",
    [
        ("inspect", "custom.ps1"),
        ("inspect", "custom.ps1", "--format", "json"),
        (*REMAP, *CONFIRMED, "--check"),
        ("--help",),
        ("--version",),
        ("kit", "--help"),
    ],
    ids=" ".join,
)
def test_3_where_there_is_nothing_to_write_but_the_report(
    arguments: tuple[str, ...], full: int
) -> None:
    done = _run(*arguments, stdout=full)
    assert (done.code, done.stderr) == (
        3,
        "The output could not be printed: No space left on device.\n",
    )


@posix_only
@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("arguments", [("inspect", "custom.ps1"), ("--help",)], ids=" ".join)
def test_who_closes_the_pipe_has_read_enough(arguments: tuple[str, ...], closed: int) -> None:
    done = _run(*arguments, stdout=closed)
    assert (done.code, done.stderr) == (3, "")


@needs_dev_full
def test_1_stays_1_and_the_findings_are_printed(here: Path, full: int) -> None:
    before = listing(here)
    for form in ("text", "json"):
        done = _run(*REFUSED, "--format", form, stdout=full)
        assert done.code == 1
        assert "error[SR109]" in done.stderr
        assert "nothing was written" in done.stderr
        assert "Traceback" not in done.stderr
    assert listing(here) == before


# ---- Standard error ------------------------------------------------------------------------------


@needs_dev_full
def test_findings_that_cannot_be_printed(here: Path, full: int) -> None:
    done = _run(*REMAP, "--out", "out", "--format", "json", stderr=full)  # with a warning
    assert done.code == 3
    assert "SR410" in done.stdout
    assert (here / "out" / "custom.ps1").exists()


@needs_dev_full
@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "code"), [(REFUSED, 1), (("remap", "--wrong"), 2), (("wrong",), 2), ((), 2)]
)
def test_the_code_says_what_standard_error_could_not(
    arguments: tuple[str, ...], code: int, full: int
) -> None:
    assert _run(*arguments, stderr=full).code == code
    assert _run(*arguments, stderr=full, stdout=full).code == code


@needs_dev_full
def test_what_is_not_printed_to_does_not_matter(here: Path, full: int) -> None:
    assert _run(*WRITES, stderr=full).code == 0
    assert (here / "out").exists()


# ---- No stream at all ----------------------------------------------------------------------------


@posix_only
@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("closing", "code"), [(">&-", 0), ("2>&-", 0), ("<&-", 0), (">&- 2>&- <&-", 0)]
)
def test_streams_that_were_closed_before(closing: str, code: int) -> None:
    words = " ".join(f"'{word}'" for word in (str(script()), *REMAP, *CONFIRMED, "--check"))
    done = subprocess.run(
        ["/bin/sh", "-c", f"{words} {closing}"], capture_output=True, check=False, timeout=30
    )
    assert (done.returncode, done.stderr) == (code, b"")


@posix_only
@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("redirected", "why"), [("<&-", "it is closed"), ("0>written", "Bad file descriptor")]
)
def test_sr109_standard_input_that_cannot_be_read(redirected: str, why: str) -> None:
    words = f"'{script()}' remap - --staging staging.ps1 --check {redirected}"
    done = subprocess.run(
        ["/bin/sh", "-c", words], capture_output=True, check=False, timeout=30, text=True
    )
    assert done.returncode == 1
    assert "stdin: error[SR109]: Standard input cannot be read: " in done.stderr
    assert why in done.stderr
    assert "Traceback" not in done.stderr


def test_a_console_that_lacks_a_character(here: Path) -> None:
    write(here / "kyū.ps1", "")
    done = _run("inspect", "kyū.ps1", environment="PYTHONIOENCODING=cp1252")
    assert (done.code, "ky\\u016b.ps1" in done.stderr) == (1, True)
