"""README and docs/: each command runs as it is written, and prints what stands below it.

The pages of findings, and their index, are run by test_diagnostics.

`python tests/test_documents.py` puts what is printed now into the blocks that show all of it; read
the difference before you keep it.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.builders import run
from support.documents import DOCUMENTS, GAP, ROOT, Fence, Step, fences, missing, steps

DOCS = ROOT / "docs"
RUN_ELSEWHERE = (
    DOCS / "findings",
    DOCS / "reference" / "diagnostics.md",
    DOCS / "reference" / "command-line.md",  # made from the help, whose examples test_help runs
    DOCS / "testing.md",  # for contributors
)
PAGES = tuple(
    page
    for page in (ROOT / "README.md", *(p for p in DOCUMENTS if p.is_relative_to(DOCS)))
    if not any(page.is_relative_to(other) for other in RUN_ELSEWHERE)
    if [*steps(page.read_text("utf-8"))]
)
FORESTS = ROOT / "samples" / "forests"
BY_THEIR_PLAIN_NAMES = {
    "active": FORESTS / "active",
    "old": FORESTS / "active-configuration",
    "new": FORESTS / "staging-configuration",
}
"""Folders that pages name without a sample: of the two servers, what was exported and the rest."""
OF_AN_INSTALLATION = re.compile(
    r"(\S*/)?(python3?|pipx|pytest)\b|\S+/syncrules\b|\.ci/build|xdg-open|sha256sum|export "
)
"""Commands that install or build; tests/test_installing.py and .ci/run run them."""


PROGRAMS = tuple(
    page
    for page in DOCUMENTS
    if page.is_relative_to(DOCS) and page.name != "library.md"  # which test_library_page runs
    if any(fence.word == "python" for fence in fences(page.read_text("utf-8")))
)
"""Pages with examples in Python."""


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """Enter a folder that has what the pages name."""
    with tempfile.TemporaryDirectory() as made:
        shutil.copytree(ROOT / "samples", Path(made, "samples"))
        for called, source in BY_THEIR_PLAIN_NAMES.items():
            shutil.copytree(source, Path(made, called))
        with contextlib.chdir(made):
            yield Path(made)


def printed(step: Step) -> list[str]:
    """Run a command; return the lines that it prints."""
    program, *words = shlex.split(step.command)
    if program == "diff":
        text = subprocess.run(
            [program, *words], capture_output=True, encoding="utf-8", check=False
        ).stdout
    else:
        assert program == "syncrules", f"{step.command}: nothing runs it"
        done = run(*words)
        text = done.stderr + done.stdout
        failed = any(" error[" in f" {line}" for line in step.shown)
        told_by_code = words[0] in ("compare", "check")
        assert done.code == 1 if failed else done.code in ((0, 1) if told_by_code else (0,)), text
    return text.splitlines()


def run_here(page: Path) -> Iterator[Step]:
    for step in steps(page.read_text("utf-8")):
        if not OF_AN_INSTALLATION.match(step.command):
            yield step


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_each_command_prints_what_the_page_shows(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS")  # in the columns of a file
    with folder():
        for step in run_here(page):
            lines = printed(step)
            if step.shown:
                where = f"{name(page)}:{step.line}: $ {step.command}"
                assert missing(step.shown, lines) == [], f"{where}\n" + "\n".join(lines)


def outputs(page: Path) -> Iterator[tuple[Fence, Fence | None, str]]:
    """Run the examples of a page one after the other; yield each, what stands below, its output."""
    names: dict[str, object] = {}
    blocks = [*fences(page.read_text("utf-8")), None]
    for block, below in itertools.pairwise(blocks):
        if block is None or block.word != "python":
            continue
        code = "\n" * (block.start - 1) + "\n".join(
            block.lines
        )  # lines of tracebacks are the page's
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(code, str(page), "exec"), names)  # noqa: S102
        yield block, below if below and below.word == "text" else None, out.getvalue()


@pytest.mark.parametrize("page", PROGRAMS, ids=name)
def test_each_example_prints_what_the_page_shows(page: Path) -> None:
    with folder():
        for example, below, told in outputs(page):
            shown = below.lines if below else ()
            assert told.splitlines() == [*shown], f"{name(page)}:{example.start}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_console_block_has_commands_of_a_shell(page: Path) -> None:
    for fence in fences(page.read_text("utf-8")):
        if fence.word == "console":
            assert fence.lines[0].startswith(("$ ", "PS> ")), f"{name(page)}:{fence.start}"


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        pytest.param("a b c", "a b c", id="all"),
        pytest.param("a …", "a b c", id="the first"),
        pytest.param("… c", "a b c", id="the last"),
        pytest.param("… b …", "a b c", id="from within"),
        pytest.param("a … c", "a b b c", id="the ends"),
        pytest.param("… c", "c a c", id="the last of two"),
        pytest.param("…", "a b", id="nothing"),
    ],
)
def test_what_is_shown_of_what_is_printed(shown: str, told: str) -> None:
    assert missing(shown.split(), told.split()) == []


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        pytest.param("a b", "a b c", id="too few"),
        pytest.param("b …", "a b c", id="not the first"),
        pytest.param("… b", "a b c", id="not the last"),
        pytest.param("… b … a …", "a b c", id="in another order"),
        pytest.param("a b c", "a b", id="too many"),
        pytest.param("… b c", "a b", id="too many at the end"),
    ],
)
def test_what_is_not_printed_is_not_shown(shown: str, told: str) -> None:
    assert missing(shown.split(), told.split()) != []


# ---- The pages, with what is printed now --------------------------------------------------------


def _rewrite() -> None:
    os.environ.pop("COLUMNS", None)
    for page in PAGES:
        lines = page.read_text("utf-8").split("\n")
        with folder():
            told = [(step, printed(step)) for step in run_here(page)]
        for step, now in reversed(told):
            if step.shown and GAP not in step.shown and missing(step.shown, now):
                indent = re.match(" *", lines[step.line - 1])[0]  # type: ignore[index]
                lines[step.line : step.line + len(step.shown)] = [f"{indent}{x}" for x in now]
        page.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    for page in PROGRAMS:
        lines = page.read_text("utf-8").split("\n")
        with folder():
            examples = [*outputs(page)]
        for _, below, out in reversed(examples):
            if below:
                lines[below.start - 1 : below.start - 1 + len(below.lines)] = out.splitlines()
        page.write_text("\n".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _rewrite()
