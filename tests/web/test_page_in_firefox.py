"""The page in Firefox, from its file: it makes the command line's kit there too."""

from __future__ import annotations

import shlex
import shutil
import time
from pathlib import Path

import pytest

from support.builders import run
from support.chromium import proxy
from support.firefox import firefox, started
from support.handed_out import ROOT, but_report, unpacked

PROGRAM = firefox()

pytestmark = [pytest.mark.slow, pytest.mark.skipif(PROGRAM is None, reason="no Firefox")]

SWING = ROOT / "samples" / "swing"


def test_a_kit_is_made(page_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PROGRAM is not None
    come = tmp_path / "kit.zip"
    with proxy() as nobody, started(PROGRAM, tmp_path, nobody.port) as browser:
        browser.ask("WebDriver:Navigate", url=page_file.as_uri())
        browser.settle("Ready")
        browser.choose("#active .files", *sorted((SWING / "active").iterdir()))
        browser.settle("Now give")
        browser.choose("#staging .files", *sorted((SWING / "staging").iterdir()))
        assert browser.settle("Planned", "Refused", "stopped while").startswith("Planned")
        command = browser.text("#move .command")
        browser.click("#move button[data-ask=kit]")
        until = time.monotonic() + 30
        while not (come.exists() and come.stat().st_size) and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(0.5)

    # Files of both sides have one name: so each side has a folder in the page.
    for side in ("active", "staging"):
        shutil.copytree(SWING / side, tmp_path / side)
    monkeypatch.chdir(tmp_path)
    done = run(*shlex.split(command)[1:])
    assert done.code == 0, done.stderr
    kit = tmp_path / "kit"
    own = {p.relative_to(kit).as_posix(): p.read_bytes() for p in kit.rglob("*") if p.is_file()}
    assert but_report(unpacked(come.read_bytes())) == but_report(own)
