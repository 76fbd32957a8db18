"""Findings as text: a place, a code, the line with a caret, and what to do."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import A2, B1, B2, Outcome, out_of_box, rule, run, run_apart, text_of, write
from support.command_line import remap

PLACE = re.compile(r"(?P<file>.+):(?P<line>\d+):(?P<column>\d+): (?P<rest>.*)")


def _first(done: Outcome) -> tuple[re.Match[str], list[str]]:
    """Return the head of the first finding, and its other lines."""
    head, *more = done.stderr.splitlines()
    found = PLACE.fullmatch(head)
    assert found, head
    return found, more


def test_a_finding_has_a_place_a_code_its_line_a_caret_and_a_hint(here: Path) -> None:
    write(here / "custom.ps1", text_of(rule()).replace("-Name", "-Nmae"))
    head, (line, caret, hint, *_) = _first(run("inspect", "custom.ps1"))
    assert (head["file"], head["line"], head["column"]) == ("custom.ps1", "2", "1")
    assert re.fullmatch(r"error\[SR301\]: .*-Nmae.*", head["rest"])
    assert line == "  2 | -Nmae 'In from AD - Custom' `"
    assert caret == "    | ^^^^^"
    assert hint.startswith("  hint: ")


@pytest.mark.usefixtures("here")
def test_a_warning_and_an_error_say_so() -> None:
    head, _ = _first(remap("--format", "json"))
    assert head["rest"].startswith("warning[SR410]: ")
    head, _ = _first(run("remap", "custom.ps1", "--staging", "custom.ps1", "--check"))
    assert head["rest"].startswith("error[SR402]: ")


def test_findings_without_a_place_have_no_excerpt(here: Path) -> None:
    done = run("inspect", here / "missing.ps1")
    head, hint, _, count = done.stderr.splitlines()
    assert head.startswith(f"{here / 'missing.ps1'}: error[SR109]: ")
    assert hint.startswith("  hint: ")
    assert count == "1 error"


def test_the_number_of_findings_is_told_last(here: Path) -> None:
    write(here / "staging.ps1", text_of(out_of_box(connector=B1), out_of_box("x", 901, B2)))
    write(here / "custom.ps1", text_of(rule("Ü"), rule("two", 2, A2)).encode())
    assert remap().stderr.splitlines()[-1] == "1 error, 1 warning: nothing was written."


def _width(text: str) -> int:
    """Return how many columns a text takes, by Unicode's own tables."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


@given(st.text("ab日本ｱＡé\u0301\x1b\u202e\x85\t’", max_size=80), st.integers(0, 9), st.booleans())
def test_the_caret_stands_under_its_place_whatever_comes_before(
    description: str, blanks: int, more: bool
) -> None:
    described = replace(rule(), description=description)  # it stands right before -Direction
    text = text_of(described).replace(" `\r\n", " ").replace("-Direction", "-Dirction")
    line, _, _ = text.partition("\r\n")
    line = line.replace("-Dirction", " " * blanks + "-Dirction")
    if not more:
        line = line[: line.index("-Dirction") + len("-Dirction")] + " 'Inbound'"
    done = run("inspect", "-", stdin=line.encode("utf-8-sig"))
    head, (excerpt, caret, *_) = _first(done)
    assert head["rest"].startswith("error[SR301]")
    assert int(head["column"]) == line.index("-Dirction") + 1
    indent = len(caret) - len(caret.lstrip(" |"))
    shown = next(n for n in range(len(excerpt) + 1) if _width(excerpt[:n]) == indent)
    while unicodedata.combining(excerpt[shown : shown + 1] or "x"):
        shown += 1
    assert excerpt[shown:].startswith("-Dirction")
    assert caret[indent:] == "^" * len("-Dirction")


def test_a_line_of_any_length_is_shown_around_its_place(here: Path) -> None:
    text = text_of(rule("x" * 5_000)).replace(" `\r\n", " ").replace("-Direction", "-Dirction")
    write(here / "custom.ps1", text)
    _, (excerpt, caret, *_) = _first(run("inspect", "custom.ps1"))
    assert len(excerpt) < 120
    assert excerpt.startswith("  1 | …")
    assert excerpt.endswith("…")
    assert excerpt.index("-Dirction") == caret.index("^")


def test_no_colour_codes_when_the_output_is_no_terminal(here: Path) -> None:
    done = run_apart("remap", here / "custom.ps1", "--staging", here / "staging.ps1", "--check")
    assert (done.code, done.codes) == (0, ["SR410"])
    assert "\x1b" not in done.stdout + done.stderr
