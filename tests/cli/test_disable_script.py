"""The script that disables out-of-box rules, as `syncrules remap` writes it beside the output."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from support.builders import B1, guid, listing, out_of_box, rule, run, write
from support.command_line import CONFIRMED, document_of, errors_in, remap


def _with_a_disabled_original(here: Path) -> None:
    write(here / "active.ps1", replace(out_of_box(), disabled=True))


def test_disable_out_of_box_is_written_beside_the_output_and_comes_first(here: Path) -> None:
    _with_a_disabled_original(here)
    done = remap(*CONFIRMED, "--active", "active.ps1")
    assert (done.code, done.codes) == (0, ["SR415"])
    assert listing(here / "out").keys() == {"custom.ps1", "disable-out-of-box.ps1"}
    assert done.stdout.index("1. disable-out-of-box.ps1") < done.stdout.index("2. custom.ps1")
    text = (here / "out" / "disable-out-of-box.ps1").read_text("ascii")
    assert text.count("@{ Identifier = ") == 1
    assert f"Identifier = '{guid(900)}'" in text


def test_disable_out_of_box_is_listed_in_the_document(here: Path) -> None:
    _with_a_disabled_original(here)
    document = document_of(remap(*CONFIRMED, "--active", "active.ps1", "--format", "json"))
    assert [f["name"] for f in document["files"]] == ["disable-out-of-box.ps1", "custom.ps1"]
    assert [Path(p).name for p in document["written"]] == [f["name"] for f in document["files"]]
    (disabled,) = document["disabled"]
    assert (disabled["connector"], disabled["kind"]) == (B1, "tag")
    assert document["rule_pairs"] == [disabled]


def test_disable_out_of_box_is_neither_overwritten_nor_left_behind(here: Path) -> None:
    _with_a_disabled_original(here)
    assert remap(*CONFIRMED, "--active", "active.ps1").code == 0
    for path in (here / "out").iterdir():
        path.write_bytes(path.read_bytes() + b"# mine\r\n")
    done = remap(*CONFIRMED, "--active", "active.ps1")
    assert (done.code, errors_in(done)) == (1, ["SR505"])
    # One that an earlier run needed and this one does not is a stranger.
    done = remap(*CONFIRMED, "--force")
    assert (done.code, done.codes) == (0, ["SR506"])


def test_an_export_of_the_scripts_name_is_refused(here: Path) -> None:
    _with_a_disabled_original(here)
    write(here / "Disable-Out-Of-Box.ps1", rule())
    before = listing(here)
    done = run(
        *("remap", "Disable-Out-Of-Box.ps1", "--active", "active.ps1", *CONFIRMED),
        *("--staging", "staging.ps1", "--out", "out"),
    )
    assert done.code == 1
    assert "SR503" in done.codes
    assert listing(here) == before


def test_the_report_numbers_the_files_in_the_order_to_run_them(here: Path) -> None:
    write(here / "custom.ps1", replace(rule("One", 1), precedence=0, precedence_before=guid(2)))
    write(here / "later.ps1", rule("Two", 2))
    done = remap("later.ps1", *CONFIRMED)
    assert done.code == 0
    assert done.stdout.index("1. later.ps1") < done.stdout.index("2. custom.ps1")
