"""Ctrl-C while the command reads."""

from __future__ import annotations

import signal
import subprocess
import time
from functools import partial
from pathlib import Path

from support.builders import listing, script
from support.marks import posix_only


@posix_only
def test_ctrl_c_while_it_reads_leaves_nothing_behind_and_no_traceback(here: Path) -> None:
    before = listing(here)
    process = subprocess.Popen(
        [script(), "remap", "-", "--staging", "staging.ps1", "--out", "out"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=here,
        # A suite that was started in the background ignores the signal, and so would its children.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    try:
        assert process.stdin is not None
        process.stdin.write(b"# begun\n")
        process.stdin.flush()
        _wait_until_read(process.stdin.fileno())
        process.send_signal(signal.SIGINT)
        # The pipe is left open: the end must not come from an empty input.
        code = process.wait(20)
        assert process.stdout is not None
        assert process.stderr is not None
        stdout, stderr = process.stdout.read(), process.stderr.read()
    finally:
        process.kill()
        process.communicate()
    assert code == 1
    assert stdout == b""
    assert b"Traceback" not in stderr
    assert b"Aborted" in stderr  # and no finding: what was cut off is not judged
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
