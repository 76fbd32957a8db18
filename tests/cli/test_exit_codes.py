"""How the command ends: 0, 1 and 2, and what is left of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.builders import A1, B1, B2, listing, out_of_box, run, write
from support.command_line import CONFIRMED, remap


def test_0_with_a_warning(here: Path) -> None:
    done = remap()
    assert (done.code, done.codes) == (0, ["SR410"])
    assert "custom.ps1:11:12: warning[SR410]" in done.stdout  # what is signed says what to review
    assert sorted(p.name for p in (here / "out").iterdir()) == ["custom.ps1"]


def test_0_without_a_finding_leaves_standard_error_empty(here: Path) -> None:
    done = remap(*CONFIRMED)
    assert (done.code, done.stderr) == (0, "")
    assert f"{A1} → {B1}" in done.stdout
    assert "out: 1 file" in done.stdout
    assert (here / "out" / "custom.ps1").exists()


def test_1_with_an_error_and_nothing_is_written(here: Path) -> None:
    write(here / "staging.ps1", out_of_box(connector=A1))
    before = listing(here)
    done = remap()
    assert (done.code, done.codes, done.stdout) == (1, ["SR402"], "")
    assert "nothing was written" in done.stderr
    assert listing(here) == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param([], "Usage:", id="no command"),
        pytest.param(["remap"], "EXPORT", id="no EXPORT"),
        pytest.param(["remap", "custom.ps1", "--out", "out"], "--staging", id="no --staging"),
        pytest.param(["remap", "custom.ps1", "--staging", "staging.ps1"], "--out", id="no --out"),
        pytest.param(
            ["remap", "custom.ps1", "--staging", "staging.ps1", "--check", "--map", A1],
            "OLD=NEW",
            id="--map without =",
        ),
        pytest.param(
            ["remap", "custom.ps1", "--staging", "staging.ps1", "--check", "--map", f"{A1}="],
            "OLD=NEW",
            id="--map with one side",
        ),
        pytest.param(
            [
                *("remap", "custom.ps1", "--staging", "staging.ps1", "--check"),
                *("--map", f"{A1}={B1}", "--map", f"{{{A1.upper()}}}={B2}"),
            ],
            "two targets",
            id="--map twice",
        ),
        pytest.param(
            ["remap", "custom.ps1", "--staging", "staging.ps1", "--check", "--encoding", "latin"],
            "windows-1252",
            id="an encoding that there is not",
        ),
        pytest.param(
            ["remap", "-", "--staging", "x", "--check", "--format", "xml"], "json", id="x"
        ),
        pytest.param(
            ["remap", "-", "--staging", "x", "--check", "--seed", "x"],
            "--identifiers new",
            id="--seed alone",
        ),
        pytest.param(
            ["remap", "-", "--staging", "x", "--check", "--identifiers", "other"],
            "keep",
            id="--identifiers of another kind",
        ),
        *(
            pytest.param(
                ["remap", "-", "--staging", "x", "--check", "--precedence", value],
                "after=N",
                id=f"--precedence {value}",
            )
            for value in ("", "5", "after", "after=", "after=x", "after=99", "after=-1", "after=²")
        ),
        pytest.param(["rename"], "rename", id="another command"),
        pytest.param(["inspect"], "PATH", id="inspect without PATH"),
        pytest.param(["inspect", "custom.ps1", "--force"], "--force", id="another's option"),
    ],
)
def test_2_for_wrong_usage_which_says_what_is_wrong(
    here: Path, arguments: list[str], says: str
) -> None:
    before = listing(here)
    done = run(*arguments)
    assert done.code == 2
    assert says in done.stderr
    assert done.stdout == ""
    assert listing(here) == before


def test_map_may_be_given_twice_with_the_same_target(here: Path) -> None:
    assert remap(*CONFIRMED, "--map", f"{{{A1.upper()}}}={B1}").code == 0
    assert (here / "out").exists()
