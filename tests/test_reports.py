"""The report of a migration as text: what stands in it, in which order, and how it fits a page.

`python tests/test_reports.py` writes tests/data/reports anew; read them before you keep
them, as the one who has to act on them at night.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.builders import run
from support.command_line import document_of
from support.forests import write_forests

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"
REPORTS = ROOT / "tests" / "data" / "reports"

SWING = ("remap", "swing/active", "--staging", "swing/staging", "--check")
FORESTS = ("--active", "forests/active-configuration")
STAGING = ("--staging", "forests/staging-configuration", "--check")
KINDS: dict[str, tuple[str, ...]] = {
    "planned": SWING,
    "planned-verbose": (*SWING, "-v"),
    "planned-quiet": (*SWING, "-q"),
    "planned-forests": ("remap", "forests/active", *FORESTS, *STAGING),
    "kit": ("kit", "forests/active", *FORESTS, *STAGING),
    "refused": ("remap", "forests/active/contoso.ps1", *FORESTS, *STAGING),
    "refused-quiet": ("remap", "forests/active/contoso.ps1", *FORESTS, *STAGING, "-q"),
    "ambiguous-forests": ("remap", "forests/active", *STAGING),
    "swapped": (
        *("remap", "forests/active", "--active", "forests/staging-configuration"),
        *("--staging", "forests/active-configuration", "--check"),
    ),
}
GIVEN = ("active", "--active", "old", "--staging", "new")
"""The servers that are generated."""
WIDTHS = (60, 80, 120, 200)
EACH_WIDTH = pytest.mark.parametrize("width", WIDTHS)


def _printed(*arguments: str) -> str:
    done = run(*arguments)
    assert not (done.stdout and done.stderr), "a report stands on one stream"
    return done.stdout + done.stderr


@pytest.fixture
def samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SAMPLES)


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print as into a file, where nothing says how wide it is."""
    monkeypatch.delenv("COLUMNS")


@pytest.fixture(params=[1, 2, 3, 4])
def forests(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, ...]:
    write_forests(tmp_path, request.param, missing=300)
    monkeypatch.chdir(tmp_path)
    return (*GIVEN, "--check")


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


# ---- The whole -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("samples", "saved")
@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_as_it_was_read(kind: str) -> None:
    assert _printed(*KINDS[kind]) == (REPORTS / f"{kind}.txt").read_text("utf-8")


def test_no_report_is_forgotten() -> None:
    assert {path.stem for path in REPORTS.iterdir()} == KINDS.keys()


@pytest.mark.usefixtures("samples", "saved")
def test_the_samples_report_fits_ninety_lines() -> None:
    assert len(_printed(*SWING).splitlines()) <= 90


@pytest.mark.parametrize("command", ["remap", "kit"])
@pytest.mark.usefixtures("saved")
def test_a_report_fits_however_many_forests_and_attributes(
    command: str, forests: tuple[str, ...]
) -> None:
    printed = _printed(command, *forests)
    assert len(printed.splitlines()) <= 120
    assert _heads_once(printed)


@settings(max_examples=settings().max_examples // 10)
@given(
    st.tuples(st.integers(1, 4), st.integers(0, 400), st.integers(1, 20), st.integers(1, 9)),
    st.sampled_from(["remap", "kit"]),
    st.sampled_from(WIDTHS),
    st.booleans(),
)
def test_a_report_of_any_servers_fits(
    servers: tuple[int, int, int, int], command: str, width: int, writes: bool
) -> None:
    number, missing, customs, files = servers
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        write_forests(Path(folder), number, missing, customs=customs, files=min(files, customs))
        patched.chdir(folder)
        patched.setenv("COLUMNS", str(width))
        printed = _printed(command, *GIVEN, *(("--out", "out") if writes else ("--check",)))
    lines = printed.splitlines()
    assert len(lines) <= 120 or width < 80
    for line in lines:
        assert _width(line) <= width or len(line.split()) == 1, line
    assert _heads_once(printed)


def _heads_once(printed: str) -> bool:
    """Return whether findings are told, and none of them twice."""
    heads = re.findall(r"^(?:\S+: )?(?:error|warning|note)\[.*(?:\n  .*)*", printed, re.MULTILINE)
    return len(heads) == len(set(heads)) > 0


@pytest.mark.parametrize("command", ["remap", "kit"])
@pytest.mark.usefixtures("saved", "forests")
def test_a_run_that_writes_shows_what_it_showed_with_check(command: str) -> None:
    checked, written = (
        _printed(command, *GIVEN, *how).partition("\n\n")[2].rpartition("\n\n")[0]
        for how in (("--check",), ("--out", "out"))
    )
    assert written.partition("\n\nWritten\n")[0] == checked


def test_the_document_has_every_place_and_row(forests: tuple[str, ...]) -> None:
    document = document_of(run("remap", *forests, "--format", "json"))
    lacking = [d for d in document["diagnostics"] if d["code"] == "SR460"]
    files = {path.name for path in Path("active").iterdir()}
    assert len(lacking) == len(files) + 1  # each connector's schema, and the metaverse's
    for finding in lacking:
        assert len(finding["rows"]) == 300
        own = files if "metaverse" in finding["message"] else {Path(finding["file"]).name}
        assert {Path(place["file"]).name for place in finding["places"]} == own
        assert len(finding["places"]) == 300 * len(own)
    texts = [json.dumps((d["code"], d["message"], d["rows"])) for d in document["diagnostics"]]
    assert len(texts) == len(set(texts))


# ---- The page ------------------------------------------------------------------------------------


@EACH_WIDTH
@pytest.mark.usefixtures("samples")
@pytest.mark.parametrize("kind", KINDS)
def test_no_line_is_wider_than_the_page_unless_one_word_is(
    kind: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for line in _printed(*KINDS[kind]).splitlines():
        assert _width(line) <= width or len(line.split()) == 1, line


@EACH_WIDTH
@pytest.mark.usefixtures("samples")
@pytest.mark.parametrize("kind", ["planned", "planned-verbose", "kit"])
def test_no_word_is_broken(kind: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but blanks is lost or added where a line ends; a file's own line is cut."""
    whole = _words(_printed(*KINDS[kind], "-v"))
    monkeypatch.setenv("COLUMNS", str(width))
    assert _words(_printed(*KINDS[kind], "-v")) == whole


def _words(printed: str) -> list[str]:
    return re.sub(r"(?m)^ +[0-9]* \| .*$", "", printed).split()


@pytest.mark.usefixtures("samples")
@pytest.mark.parametrize(("given", "columns"), [("", 80), ("x", 80), ("0", 80), ("10", 40)])
def test_a_width_that_is_none_is_not_taken(
    given: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    wanted = _printed(*SWING)
    monkeypatch.setenv("COLUMNS", given)
    assert _printed(*SWING) == wanted


@pytest.mark.usefixtures("samples")
@pytest.mark.parametrize(
    ("variables", "is_coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
    ],
)
def test_colours_are_those_that_were_asked_for(
    variables: dict[str, str], is_coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = _printed(*SWING)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    printed = _printed(*SWING)
    assert ("\x1b[" in printed) is is_coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", printed) == plain


# ---- The verdict ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("samples")
def test_the_verdict_stands_first_and_last_and_alone_with_q() -> None:
    lines = _printed(*SWING).splitlines()
    assert lines[0].replace("\xa0", " ") == (
        "12 rules in 5 files · 1 connector pair assumed · 3 warnings · 7 things not checked · "
        "nothing was written (--check)"
    )
    assert lines[-1] == lines[0]
    assert _printed(*SWING, "-q") == f"{lines[0]}\n"


def test_rules_of_several_forests_are_told_with_their_connectors(
    forests: tuple[str, ...],
) -> None:
    printed = _printed("remap", *forests)
    several = len([*Path("active").iterdir()]) > 1
    assert ("'In from AD - User Custom 1' (contoso.com)" in printed) is several


# ---- The reports, written anew -------------------------------------------------------------------


def _rewrite() -> None:
    os.environ.pop("COLUMNS", None)
    os.chdir(SAMPLES)
    REPORTS.mkdir(exist_ok=True)
    for kind, arguments in KINDS.items():
        (REPORTS / f"{kind}.txt").write_text(_printed(*arguments), "utf-8", newline="\n")


if __name__ == "__main__":
    _rewrite()
