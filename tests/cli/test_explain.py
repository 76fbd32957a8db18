"""`syncrules explain`: the page of each code, for a terminal; and the line that leads there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from syncrules.cli.explain_line import explain_line
from syncrules.cli.finding_pages import page_of, plain_lines
from syncrules.cli.page import Page

from support.builders import run, run_apart
from support.command_line import remap
from support.finding_pages import EXAMPLES, FOLDER
from syncrules.diagnostics import Code, Diagnostic, Place, Problem, Severity

WIDTHS = (60, 80, 120, 200)
ANY_CODE = st.sampled_from([*Code])


def _explained(*codes: str, columns: int = 80) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        done = run("explain", *codes)
    assert (done.code, done.stderr) == (0, "")
    return done.stdout


def _plain(page: str, width: int) -> list[str]:
    return [click.unstyle(line) for line in plain_lines(page, width)]


def _letters(text: str) -> str:
    """Return a text without blanks, and without the marks of Markdown."""
    return re.sub(r"[`*#\s]", "", text)


@pytest.mark.parametrize("code", [*Code])
def test_every_code_is_explained_with_all_the_words_of_its_page(code: Code) -> None:
    page = (FOLDER / f"{code}.md").read_text(encoding="utf-8")
    without_marks = re.sub(r"(?m)^```\w*$|<!--.*?-->", "", page)
    without_marks = re.sub(r"\[(SR\d+)\]\(\1\.md\)", r"\1", without_marks)
    assert _letters(_explained(code)) == _letters(without_marks)


@pytest.mark.parametrize("width", WIDTHS)
def test_text_is_wrapped_at_the_width_and_blocks_stand_as_they_are(width: int) -> None:
    blocks = {line for e in EXAMPLES for line in f"{e.shown}\n{e.printed}".split("\n")}
    for code in Code:
        lines = _plain(page_of(code), width)
        too_wide = [line for line in lines if len(line) > width and line not in blocks]
        assert [line for line in too_wide if " " in line] == []


def test_the_width_is_the_terminals_up_to_what_can_be_read() -> None:
    paragraph = {n: _explained("SR460", columns=n).split("\n\n")[1] for n in (*WIDTHS, 500)}
    assert max(map(len, paragraph[60].split("\n"))) <= 60
    assert max(map(len, paragraph[80].split("\n"))) in range(61, 81)
    assert max(map(len, paragraph[120].split("\n"))) in range(81, 101)
    assert paragraph[120] == paragraph[200] == paragraph[500]


def test_a_page_is_shown_plainly() -> None:
    assert _plain(
        "# SR999 · a title\n\n**Error.** A `word`, `--option`, `@('list')` and\n`` `e `` *so*."
        "\n\n## What to do\n\n<!-- bytes: utf-8 -->\n```text\n# kept  `as` it is\n```\n",
        30,
    ) == [
        *("SR999 · a title", "", "Error. A word, --option,", "`@('list')` and `` `e `` so.", ""),
        *("What to do", "", "# kept  `as` it is", ""),
    ]


@pytest.mark.parametrize("written", ["sr450", "Sr450", "SR450", "[SR450]", "[sr450]", "450"])
def test_a_code_may_be_written_as_it_is_at_hand(written: str) -> None:
    assert _explained(written) == _explained("SR450")


def test_several_codes_are_explained_in_turn_and_each_once() -> None:
    told = _explained("SR450", "SR410", "sr450")
    assert told == f"{_explained('SR450')}\n\n{_explained('SR410')}"


def test_without_a_code_all_are_listed() -> None:
    lines = _explained().splitlines()
    assert [line.split(maxsplit=1) for line in lines if line.startswith("  SR")] == [
        [code, code.heading] for code in Code
    ]
    assert [line for line in lines if line in {c.group.value for c in Code}] == [
        *dict.fromkeys(c.group.value for c in Code)
    ]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("written", "near"),
    [(near, "SR450") for near in ("SR45", "45", "SR4500", "SR 450", "R450")],
)
def test_2_for_a_code_that_there_is_not_with_those_that_are_near(written: str, near: str) -> None:
    done = run("explain", "SR410", written)
    assert (done.code, done.stdout) == (2, "")
    assert f"'{written}' is not a code. The nearest are " in done.stderr
    assert near in done.stderr.partition("The nearest are ")[2].partition(".")[0]
    assert done.stderr.rstrip().endswith("To list all codes: syncrules explain")


def test_2_for_a_word_that_is_near_to_nothing() -> None:
    done = run("explain", "precedence\x1b")
    assert done.code == 2
    assert "'precedence\\x1b' is not a code. To list all codes" in done.stderr


def test_what_a_code_is_needs_no_network_and_no_reader_of_exports(tmp_path: Path) -> None:
    program = (
        "import sys, socket\n"
        "socket.socket = None\n"
        "from syncrules.cli import main\n"
        "try:\n"
        "    main(['explain', 'SR450'])\n"
        "except SystemExit as end:\n"
        "    assert not end.code\n"
        "print(*sorted({m.split('.')[0] for m in sys.modules} & {'lark', 'rich', 'jinja2'}))\n"
        "print('syncrules.exports' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-Pc", program], cwd=tmp_path, capture_output=True, encoding="utf-8",
        check=True,
    )  # fmt: skip
    assert done.stdout.startswith("SR450 · ")
    assert done.stdout.splitlines()[-2:] == ["", "False"]


def test_the_installed_command_has_the_pages() -> None:
    assert "SR450 · " in run_apart("explain", "SR450").stdout


def test_a_console_of_another_code_page_shows_every_page() -> None:
    environment = {"PYTHONIOENCODING": "cp1252", "PATH": str(shutil.which("true") or "")}
    for code in ("SR102", "SR205", "SR224"):
        done = subprocess.run(
            [sys.executable, "-m", "syncrules", "explain", code],
            env=environment, capture_output=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.startswith(code.encode())


# ---- The line behind findings --------------------------------------------------------------------


def _found(code: Code, severity: Severity) -> Diagnostic:
    return Problem(code, "Message.", "Hint.", severity).at(Place(""))


def _more(number: int) -> str:
    return f" (and {number} more code{'s' if number > 1 else ''})" if number else ""


@given(
    st.lists(st.tuples(ANY_CODE, st.sampled_from([*Severity])), max_size=20),
    st.sampled_from([40, 60, 80, 120, 200]),
)
def test_the_line_has_each_code_once_and_what_matters_most_first(
    found: list[tuple[Code, Severity]], width: int
) -> None:
    """It is one line that fits: codes that do not are counted."""
    lines = [*explain_line([_found(*one) for one in found], Page(width))]
    if not found:
        assert lines == []
        return
    assert max(map(len, lines)) <= width
    line = " ".join(line.strip() for line in lines)
    assert len(lines) == 1 or width < 60
    said, _, rest = line.removeprefix("For more: syncrules ").partition(" (and ")
    command, *codes = said.split()
    assert command == "explain"
    more = len({code for code, _ in found}) - len({*codes})
    assert rest == _more(more).removeprefix(" (and ")
    if more:
        assert len(lines) == 1
        assert len(f"For more: syncrules explain {' '.join(codes)} SR450{_more(more - 1)}") > width
    weights = [min([*Severity].index(s) for c, s in found if c == code) for code in codes]
    assert weights == sorted(weights)
    assert _explained(*codes)


@pytest.mark.usefixtures("here")
def test_the_line_follows_the_findings_and_its_command_runs() -> None:
    (line,) = (line for line in remap().stdout.splitlines() if line.startswith("For more: "))
    assert line == "For more: syncrules explain SR410"
    assert run(*line.partition("syncrules ")[2].split()).code == 0
    refused = run("inspect", "missing.ps1").stderr.splitlines()
    assert refused[-2:] == ["For more: syncrules explain SR109", "1 error"]


@pytest.mark.usefixtures("here")
def test_without_findings_there_is_no_such_line() -> None:
    assert "For more" not in run("inspect", "custom.ps1").stderr
