"""Signals that end a run: while it reads, at every step of its writing, and while it prints."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.builders import listing, run, run_apart, script, write
from support.command_line import CONFIRMED, remap_several
from support.marks import posix_only
from support.steps import watched

pytestmark = pytest.mark.slow

SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
each_signal = pytest.mark.parametrize("number", SIGNALS, ids=lambda n: n.name)


def _as_from_a_terminal() -> None:
    """Take signals as they come: one that the suite was started without is ignored by children."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def _at_one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each run make the same report.html, which tells when it was made."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")


@pytest.fixture
def _attended() -> Iterator[None]:
    before = [(number, signal.getsignal(number)) for number in SIGNALS]
    _as_from_a_terminal()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before:
        signal.signal(number, handler)


def _remap(out: str) -> tuple[str, ...]:
    return ("remap", "active", "--staging", "staging.ps1", *CONFIRMED, "--out", out, "--force")


def _kit(out: str) -> tuple[str, ...]:
    return ("kit", *_remap(out)[1:])


@pytest.fixture
def laid_out(several: Path) -> Path:
    """Return the working folder, with a kit that another plan's replaces."""
    whole = (several / "active" / "c.ps1").read_bytes()
    write(several / "active" / "c.ps1", whole.replace(b"-Name 'c'", b"-Name 'Earlier'"))
    assert run(*_kit("kit")).code == 0
    write(several / "active" / "c.ps1", whole)
    return several


TARGETS = [_remap("old"), _remap("new"), _remap("one/two/three"), _kit("kit"), _kit("new")]
"""Files in a folder that is there, in a new one, in new ones; a kit over a kit, and a new one."""
each_target = pytest.mark.parametrize(
    "arguments", TARGETS, ids=lambda words: f"{words[0]} {words[-2]}"
)


def _at(step: int, act: Callable[[], None]) -> Callable[[int], None]:
    def fault(number: int) -> None:
        if number == step:
            act()

    return fault


Listing = dict[str, tuple[int, bytes]]


def _steps_of(arguments: tuple[str, ...], folder: Path) -> tuple[int, Listing]:
    """Return how many changes a run makes, and what is there after it; the folder is as before."""
    before = listing(folder)
    with watched() as steps:
        assert run(*arguments).code == 0
    after = listing(folder)
    _lay_out(folder, before)
    return steps.count, after


def _lay_out(folder: Path, before: Listing) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name, (mode, data) in before.items():
        if mode & 0o100:
            (folder / name).mkdir()
        else:
            write(folder / name, data)
    assert listing(folder) == before


def _some(count: int) -> range:
    """Return steps from first to last: all of a few, every other or third of many."""
    return range(0, count, max(1, count // 40))


def _contents(found: Listing) -> set[bytes]:
    return {data for _, data in found.values()}


def _without_work(found: Listing) -> Listing:
    return {name: seen for name, seen in found.items() if ".syncrules-" not in name}


# ---- While it writes -----------------------------------------------------------------------------


@posix_only
@pytest.mark.parametrize(
    ("arguments", "number"),
    [
        *((_remap("old"), number) for number in SIGNALS),
        *((arguments, signal.SIGTERM) for arguments in TARGETS[1:]),
    ],
)
@pytest.mark.usefixtures("_attended")
def test_a_signal_at_any_step_of_writing_undoes_all_of_it(
    laid_out: Path, arguments: tuple[str, ...], number: signal.Signals
) -> None:
    before = listing(laid_out)
    count, after = _steps_of(arguments, laid_out)
    codes = []
    for step in range(count):
        with watched(_at(step, lambda: os.kill(os.getpid(), number))):
            done = run(*arguments)
        codes.append(done.code)
        assert listing(laid_out) == (before if done.code else after), step
        if done.code:
            assert done.code == 128 + number
            assert done.stdout == ""
            assert "Interrupted: nothing was written." in done.stderr
        else:
            _lay_out(laid_out, before)
    undone = codes.index(0)
    assert undone > len(codes) // 3
    assert not any(codes[undone:])  # it came when all was in its place


@posix_only
@pytest.mark.usefixtures("_attended")
def test_more_signals_do_not_disturb_the_undoing(laid_out: Path) -> None:
    before = listing(laid_out)
    arguments = _remap("old")
    count, _ = _steps_of(arguments, laid_out)
    for begin in range(count):

        def impatient(step: int, begin: int = begin) -> None:
            if step >= begin:
                os.kill(os.getpid(), signal.SIGTERM)

        with watched(impatient):
            code = run(*arguments).code
        if code == 0:
            return
        assert listing(laid_out) == before, begin
    raise AssertionError("it never came to its end")


@each_target
def test_a_failure_at_any_step_of_writing_undoes_all_of_it(
    laid_out: Path, arguments: tuple[str, ...]
) -> None:
    before = listing(laid_out)
    count, after = _steps_of(arguments, laid_out)

    def fail() -> None:
        raise OSError(28, "No space left on device")

    failed = 0
    for step in _some(count):
        with watched(_at(step, fail)):
            done = run(*arguments)
        if done.code:
            failed += 1
            assert done.codes[-1] == "SR508"
            assert listing(laid_out) == before, step
        else:  # only the cleaning up failed
            assert _without_work(listing(laid_out)) == after, step
            _lay_out(laid_out, before)
    assert failed > len(_some(count)) // 3


@pytest.mark.parametrize("arguments", [_remap("old"), _kit("kit")], ids=["remap", "kit"])
def test_earlier_files_are_never_lost_where_the_disk_fails_for_good(
    laid_out: Path, arguments: tuple[str, ...]
) -> None:
    before = listing(laid_out)
    count, _ = _steps_of(arguments, laid_out)
    not_put_back = 0
    for begin in _some(count):

        def fail(step: int, begin: int = begin) -> None:
            if step >= begin:
                raise OSError(5, "Input/output error")

        with watched(fail):
            done = run(*arguments)
        if done.code:
            assert _contents(listing(laid_out)) >= _contents(before), begin
            kept = [*laid_out.glob("*/.syncrules-*/kept")]
            if not all(listing(laid_out).get(name) == seen for name, seen in before.items()):
                not_put_back += 1
                assert str(kept[0].relative_to(laid_out)) in done.stderr
                assert "Nothing was changed" not in done.stderr
        _lay_out(laid_out, before)
    assert not_put_back


# ---- A crash -------------------------------------------------------------------------------------


class _KilledError(BaseException):
    """As good as SIGKILL: from here on, the process does nothing more to the disk."""


@each_target
def test_what_a_crash_leaves_behind_is_named_by_the_next_run(
    laid_out: Path, arguments: tuple[str, ...]
) -> None:
    before = listing(laid_out)
    count, after = _steps_of(arguments, laid_out)
    named = 0
    for begin in _some(count):

        def die(step: int, begin: int = begin) -> None:
            if step >= begin:
                raise _KilledError

        with watched(die), pytest.raises(_KilledError):
            run(*arguments)
        there = listing(laid_out)
        assert _contents(there) >= _contents(before) or _without_work(there) == after
        left = [*laid_out.rglob(".syncrules-*")]
        done = run(*arguments, "--check")
        assert done.codes.count("SR511") == len(left), begin
        for path in left:
            named += 1
            told = done.stderr + done.stdout
            assert str(path.relative_to(laid_out)) in told
            assert ("Move back" in told) == any(p.is_file() for p in path.rglob("kept/**/*"))
        _lay_out(laid_out, before)
    assert named > len(_some(count)) // 3


@posix_only
def test_sigkill_leaves_a_folder_that_the_next_run_names(several: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; move = os.rename\n"
        "def rename(a, b):\n"
        "    if str(b).endswith('c.ps1'): os.kill(os.getpid(), signal.SIGKILL)\n"
        "    move(a, b)\n"
        "os.rename = rename\n"
        "from syncrules.cli import main; main()"
    )
    killed = subprocess.run([sys.executable, "-c", program, *_remap("old")], check=False)
    assert killed.returncode == -signal.SIGKILL
    (left,) = (several / "old").glob(".syncrules-*")
    done = run(*_remap("old"))
    assert (done.code, done.codes) == (0, ["SR511"])
    assert f"old/{left.name}" in done.stdout
    assert "a.ps1" in done.stdout
    assert "delete this folder" in done.stdout
    assert [*(several / "old").glob(".syncrules-*")] == [left]  # it is not ours to delete


def test_a_folder_without_leftovers_is_not_warned_of(several: Path) -> None:
    write(several / "old" / "syncrules-notes.txt", "mine")
    assert remap_several("old", "--force").codes == []


# ---- While it reads and prints -------------------------------------------------------------------


def _started(
    *arguments: str, folder: Path, stdout: int = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [script(), *arguments],
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=subprocess.PIPE,
        cwd=folder,
        preexec_fn=_as_from_a_terminal,
    )


@posix_only
@each_signal
def test_a_signal_while_it_reads_leaves_nothing_behind_and_no_traceback(
    here: Path, number: signal.Signals
) -> None:
    before = listing(here)
    process = _started("remap", "-", "--staging", "staging.ps1", "--out", "out", folder=here)
    try:
        assert process.stdin is not None
        process.stdin.write(b"# begun\n")
        process.stdin.flush()
        _wait_until_read(process.stdin.fileno())
        process.send_signal(number)
        # The pipe is left open: the end must not come from an empty input.
        code = process.wait(20)
        assert process.stdout is not None
        assert process.stderr is not None
        stdout, stderr = process.stdout.read(), process.stderr.read()
    finally:
        process.kill()
        process.communicate()
    assert code == 128 + number
    assert stdout == b""
    # and no finding: what was cut off is not judged
    assert stderr.split() == b"Interrupted: nothing was written.".split()
    assert listing(here) == before


def _wait_until_read(pipe: int) -> None:
    import array
    import fcntl
    import termios

    waiting = array.array("i", [1])
    for _ in range(400):
        fcntl.ioctl(pipe, termios.FIONREAD, waiting)
        if not waiting[0]:
            return
        time.sleep(0.05)
    raise AssertionError("it does not read")


@posix_only
@each_signal
def test_a_signal_while_it_prints_is_told_apart_3(here: Path, number: signal.Signals) -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    try:
        while os.write(writing, b"." * 4096):
            pass
    except BlockingIOError:
        os.set_blocking(writing, True)  # it is full: whoever prints waits
    process = _started(
        *("remap", "custom.ps1", "--staging", "staging.ps1", *CONFIRMED, "--out", "out"),
        folder=here,
        stdout=writing,
    )
    try:
        for _ in range(400):
            if (here / "out").exists():
                break
            time.sleep(0.05)
        time.sleep(0.3)
        process.send_signal(number)
        _, stderr = process.communicate(timeout=20)
    finally:
        process.kill()
        os.close(reading)
        os.close(writing)
    assert process.returncode == 3
    assert b"the files are written to out" in stderr
    assert (here / "out" / "custom.ps1").exists()


@posix_only
def test_a_signal_that_is_ignored_stays_ignored(here: Path) -> None:
    process = subprocess.Popen(
        [script(), "remap", "-", "--staging", "staging.ps1", "--out", "out", *CONFIRMED],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=here,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )
    assert process.stdin is not None
    process.stdin.write(b"# begun\n")
    process.stdin.flush()
    _wait_until_read(process.stdin.fileno())
    process.send_signal(signal.SIGHUP)
    process.stdin.write((here / "custom.ps1").read_bytes())
    process.stdin.close()
    assert process.wait(20) == 0
    assert (here / "out" / "stdin.ps1").exists()


def test_without_a_signal_nothing_is_said(here: Path) -> None:
    done = run_apart("remap", here / "custom.ps1", "--staging", here / "staging.ps1", "--check")
    assert (done.code, "Interrupted" in done.stderr) == (0, False)
