"""docs/comparing.md and docs/checking.md: each block shows what its command prints.

`python tests/test_comparing_page.py` puts what is printed now into the pages; read the difference
before you keep it.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import syncrules
from support.builders import run

ROOT = Path(__file__).resolve().parents[1]
PAGES = {ROOT / "docs" / "comparing.md": 6, ROOT / "docs" / "checking.md": 4}
"""The pages, and how many commands each has."""
UPGRADE = ROOT / "samples" / "upgrade"
_BLOCK = re.compile(r"```console\n(\$ syncrules ([^\n]+)\n)(.*?)```", re.DOTALL)
MOST = 70
"""A longer output is cut."""


def printed(page: Path) -> Iterator[str]:
    """Run the commands of a page one after the other, on a copy of the samples."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "samples", Path(folder, "samples"))
        with contextlib.chdir(folder):
            for _, command, _ in _BLOCK.findall(page.read_text("utf-8")):
                done = run(*command.split())
                assert done.stderr == "", done.stderr
                lines = done.stdout.splitlines()
                yield "\n".join([*lines[:MOST], "…"] if len(lines) > MOST else lines) + "\n"


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_each_command_prints_what_the_page_shows(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = [block for _, _, block in _BLOCK.findall(page.read_text("utf-8"))]
    assert [*printed(page)] == shown
    assert len(shown) == PAGES[page]


def test_an_upgrade_changes_no_custom_rule() -> None:
    """The sample is made so; its README says which of its texts are invented."""
    found = syncrules.compare(*(syncrules.read_server(UPGRADE / s) for s in ("before", "after")))
    assert all(pair.one.identifier == pair.other.identifier for pair in found.rules)
    custom = [d for d in found.differences if not d.subject.immutable_tag]
    assert custom == []
    assert dict(found.counts) == {"only-b": 1, "version": 2, "state": 1}


def _rewrite() -> None:
    os.environ["COLUMNS"] = "80"
    for page in PAGES:
        outputs = iter([*printed(page)])
        text = _BLOCK.sub(
            lambda block: f"```console\n{block[1]}{next(outputs)}```",  # noqa: B023
            page.read_text("utf-8"),
        )
        page.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _rewrite()
