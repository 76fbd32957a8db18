"""The command line as it is installed: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import stat
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from builders import (
    A1,
    A2,
    B1,
    B2,
    ENTRA,
    PREFERENCE,
    Outcome,
    command,
    guid,
    listing,
    out_of_box,
    rule,
    run,
    run_apart,
    script,
    text_of,
    write,
)
from configurations import ENTRA_FILE, ConnectorFile, configuration
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from syncrules import SyncRule

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX's modes, pipes and signals")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, with one custom rule and what shows one staging connector."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "custom.ps1", rule())
    write(tmp_path / "staging.ps1", out_of_box(connector=B1))
    return tmp_path


def remap(*arguments: str | Path, out: str | None = "out", stdin: str | bytes = b"") -> Outcome:
    """Run remap on the fixture's files."""
    where = () if out is None else ("--out", out)
    return run("remap", "custom.ps1", "--staging", "staging.ps1", *where, *arguments, stdin=stdin)


def errors_in(done: Outcome) -> list[str]:
    """Return the codes of the errors on standard error, in order."""
    return re.findall(r"error\[(SR[0-9]+)\]", done.stderr)


CONFIRMED = ("--map", f"{A1}={B1}")


# ---- Exit codes ----------------------------------------------------------------------------------


def test_0_with_a_warning(here: Path) -> None:
    done = remap()
    assert (done.code, done.codes) == (0, ["SR410"])
    assert "custom.ps1:11: warning[SR410]" in done.stdout  # what is signed says what needs a look
    assert sorted(p.name for p in (here / "out").iterdir()) == ["custom.ps1"]


def test_0_without_a_finding_leaves_standard_error_empty(here: Path) -> None:
    done = remap(*CONFIRMED)
    assert (done.code, done.stderr) == (0, "")
    assert f"{A1} -> {B1}" in done.stdout
    assert str(Path("out") / "custom.ps1") in done.stdout
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
            ["remap", "custom.ps1", "--staging", "staging.ps1", "--check", "--map", f"{A1}=AD"],
            "OLD=NEW",
            id="--map with a name",
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


# ---- Options -------------------------------------------------------------------------------------


def test_check_does_all_but_write(here: Path) -> None:
    before = listing(here)
    done = remap("--check", out=None)
    assert (done.code, done.codes) == (0, ["SR410"])
    assert "nothing was written" in done.stdout
    assert f"{A1} -> {B1}" in done.stdout
    assert listing(here) == before


def test_check_finds_what_stands_against_writing(here: Path) -> None:
    write(here / "out" / "custom.ps1", "# mine")
    before = listing(here)
    done = remap("--check")
    assert (done.code, done.codes) == (1, ["SR410", "SR505"])
    assert listing(here) == before


def test_check_gives_the_exit_code_and_the_findings_that_writing_would(here: Path) -> None:
    write(here / "staging.ps1", text_of(out_of_box(connector=B1), out_of_box("x", 901, B2)))
    assert remap("--check", out=None) == remap()


def test_strict_takes_warnings_for_errors(here: Path) -> None:
    before = listing(here)
    done = remap("--strict")
    assert (done.code, done.codes) == (1, ["SR410"])
    assert "nothing was written" in done.stderr
    assert listing(here) == before
    assert remap("--strict", *CONFIRMED).code == 0


def test_bare_writes_no_prologue(here: Path) -> None:
    remap("--bare")
    written = (here / "out" / "custom.ps1").read_bytes()
    assert written == (here / "custom.ps1").read_bytes().replace(A1.encode(), B1.encode())


def test_the_prologue_stops_the_script_at_the_first_error(here: Path) -> None:
    remap()
    lines = (here / "out" / "custom.ps1").read_text(encoding="ascii").splitlines()
    assert lines[0].startswith("#")
    assert PREFERENCE in lines[: lines.index("New-ADSyncRule  `")]


def test_encoding_names_the_code_page_of_the_files(here: Path) -> None:
    data = text_of(rule("In from AD - Übung")).encode("cp1252")
    write(here / "custom.ps1", data)
    assert remap().codes == ["SR103"]
    assert remap("--encoding", "WINDOWS-1252", "--bare").code == 0
    written = (here / "out" / "custom.ps1").read_bytes()
    assert written.decode("utf-8-sig") == data.decode("cp1252").replace(A1, B1)
    assert written.startswith(b"\xef\xbb\xbf")


def test_active_is_evidence_and_is_not_moved(here: Path) -> None:
    write(here / "staging.ps1", out_of_box("In from LDAP - User", connector=B1))
    write(here / "active.ps1", text_of(out_of_box(), rule("Not moved", 7)))
    assert remap().codes == ["SR410"]
    assert remap("--active", "active.ps1", "--force").codes == ["SR405"]
    assert "Not moved" not in (here / "out" / "custom.ps1").read_text(encoding="ascii")


def test_a_foreign_command_is_carried_only_when_told_to(here: Path) -> None:
    write(here / "custom.ps1", f"{text_of(rule())}Write-Host 'done'\r\n")
    assert remap(*CONFIRMED).codes == ["SR208"]
    done = remap(*CONFIRMED, "--keep-foreign", "--bare")
    assert (done.code, done.codes) == (0, ["SR226"])
    assert (here / "out" / "custom.ps1").read_bytes().endswith(b"Write-Host 'done'\r\n")


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        pytest.param("keep", [50, 51], id="keep"),
        pytest.param("compact", [1, 2], id="compact"),
        pytest.param("after=0", [1, 2], id="after the first"),
        pytest.param("after=70", [71, 72], id="after another"),
        pytest.param("after=97", [98, 99], id="the last ones"),
    ],
)
def test_precedence_numbers_the_rules_anew(here: Path, value: str, numbers: list[int]) -> None:
    write(here / "custom.ps1", text_of(rule("One", 1), rule("Two", 2)))
    assert remap(*CONFIRMED, "--precedence", value).code == 0
    assert [r.precedence for r in _written(here / "out" / "custom.ps1")] == numbers


def test_precedence_lists_each_change(here: Path) -> None:
    write(here / "custom.ps1", text_of(rule("One", 1), rule("Two", 2)))
    done = remap(*CONFIRMED, "--precedence", "compact", "--check")
    assert "precedence 50 -> 1" in done.stdout
    assert "custom.ps1:6:13: precedence 50 -> 1" in done.stdout


def test_identifiers_new_gives_others_each_time_and_with_a_seed_the_same(here: Path) -> None:
    identifiers = []
    for options in ((), (), ("--seed", "a"), ("--seed", "a"), ("--seed", "b")):
        done = remap(*CONFIRMED, "--force", "--identifiers", "new", *options)
        assert done.code == 0
        (moved,) = _written(here / "out" / "custom.ps1")
        identifiers.append(moved.identifier)
    assert identifiers[2] == identifiers[3]
    assert len({*identifiers, guid(1)}) == 5


def test_keep_enabled_leaves_a_rule_alone(here: Path) -> None:
    write(here / "active.ps1", replace(out_of_box(), disabled=True))
    arguments = (*CONFIRMED, "--active", "active.ps1", "--check", "--format", "json")
    (disabled,) = _document(remap(*arguments))["disabled"]
    assert disabled["name"] == "In from AD - User Join"
    assert _document(remap(*arguments, "--keep-enabled", disabled["name"]))["disabled"] == []


def test_partial_lets_custom_rules_stay_behind(here: Path) -> None:
    old = _configured(here / "old", A1, rule(), rule("Behind", 2))
    assert remap(*CONFIRMED, "--active", old).codes == ["SR454"]
    done = remap(*CONFIRMED, "--active", old, "--partial")
    assert (done.code, done.codes) == (0, ["SR454"])
    assert "note[SR454]" in done.stderr


# ---- Configuration folders, connector lists ------------------------------------------------------


def _written(path: Path) -> tuple[SyncRule, ...]:
    return syncrules.parse(path.read_bytes(), name=path.name).rules


def _configured(folder: Path, identifier: str, *rules: SyncRule, staging: bool = False) -> Path:
    """Write the configuration of a server of one forest."""
    return configuration(
        folder,
        connectors=[ConnectorFile(identifier, "contoso.com", forest="contoso.com"), ENTRA_FILE],
        rules=rules,
        staging_mode=staging,
        metaverse=("cloudFiltered",),
    )


def test_two_configurations_prove_all_and_leave_nothing_unchecked(here: Path) -> None:
    old = _configured(here / "old", A1, rule(), out_of_box())
    new = _configured(here / "new", B1, out_of_box(number=800, connector=B1), staging=True)
    done = run("remap", "custom.ps1", "--active", old, "--staging", new, "--out", "out")
    assert (done.code, done.stderr) == (0, "")
    assert "both are of the forest contoso.com" in done.stdout
    unchecked = done.stdout.partition("Not checked\n")[2].partition("\n\n")[0].splitlines()
    assert [line for line in unchecked if "no file is compared" not in line] == []
    assert (here / "out" / "custom.ps1").read_bytes().endswith(text_of(rule(connector=B1)).encode())


def test_a_configuration_may_be_the_export(here: Path) -> None:
    old = _configured(here / "old", A1, rule("Second", 2), rule("First", 1), out_of_box())
    new = _configured(here / "new", B1, out_of_box(number=800, connector=B1), staging=True)
    done = run("remap", old, "--staging", new, "--out", "out", "--bare")
    assert (done.code, done.stderr) == (0, "")
    assert (here / "out" / "custom-rules.ps1").read_bytes() == text_of(
        rule("First", 1, B1), rule("Second", 2, B1)
    ).encode()
    assert listing(here / "out").keys() == {"custom-rules.ps1"}


def test_a_connector_list_is_enough_to_tell_two_forests_apart(here: Path) -> None:
    for name, pairs in (("old", ((A1, "a"), (A2, "b"))), ("new", ((B1, "b"), (B2, "a")))):
        rows = "".join(f'"{forest}.example","{i}","AD",""\r\n' for i, forest in pairs)
        entra = f'"Entra","{ENTRA}","Extensible2","Windows Azure Active Directory (Microsoft)"\r\n'
        header = '#TYPE Selected.Connector\r\n"Name","Identifier","Type","Subtype"\r\n'
        write(here / f"{name}.csv", header + rows + entra)
    done = run(
        *("remap", "custom.ps1", "--active", "old.csv", "--staging", "new.csv"), "--out", "out"
    )
    assert (done.code, done.stderr) == (0, "")
    assert f"{A1} -> {B2}" in done.stdout


def test_inspect_tells_what_a_configuration_shows_and_from_where(here: Path) -> None:
    new = _configured(here / "new", B1, out_of_box(connector=B1), staging=True)
    done = run("inspect", new)
    assert (done.code, done.stderr) == (0, "")
    for part in (
        "shows all connectors, rules, schema",
        "is in staging mode",
        "contoso.com",
        f"from {new}",
    ):
        assert part in done.stdout
    document = _document(run("inspect", new, "--format", "json"))
    assert [e["complete"] for e in document["evidence"]] == [True]
    assert [m["staging"] for m in document["staging_mode"]] == [True]
    assert [r["name"] for r in document["server_rules"]] == ["In from AD - User Join"]
    assert {c["forest"] for c in document["connectors"]} == {"contoso.com", None}


# ---- The script that disables out-of-box rules ---------------------------------------------------


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
    document = _document(remap(*CONFIRMED, "--active", "active.ps1", "--format", "json"))
    assert [f["name"] for f in document["files"]] == ["disable-out-of-box.ps1", "custom.ps1"]
    assert [Path(p).name for p in document["written"]] == [f["name"] for f in document["files"]]
    (disabled,) = document["disabled"]
    assert (disabled["connector"], disabled["kind"]) == (B1, "tag")
    assert document["rule_pairs"] == [disabled]


def test_disable_out_of_box_is_neither_overwritten_nor_left_behind(here: Path) -> None:
    _with_a_disabled_original(here)
    assert remap(*CONFIRMED, "--active", "active.ps1").code == 0
    done = remap(*CONFIRMED, "--active", "active.ps1")
    assert (done.code, errors_in(done)) == (1, ["SR505", "SR505"])
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


# ---- EXPORT and PATH -----------------------------------------------------------------------------


def test_standard_input_becomes_stdin_ps1(here: Path) -> None:
    done = run(
        "remap", "-", "--staging", "staging.ps1", "--out", "out", "--bare", stdin=text_of(rule())
    )
    assert done.code == 0
    assert listing(here / "out").keys() == {"stdin.ps1"}
    written = (here / "out" / "stdin.ps1").read_bytes()
    assert written == text_of(rule()).replace(A1, B1).encode()


def test_findings_about_standard_input_name_it() -> None:
    assert run("inspect", "-", stdin="Remove-ADSyncRule\n").stderr.startswith("stdin:1:1: error[")
    assert run("inspect", "-").stderr.startswith("stdin: error[SR111]")


def test_a_folder_stands_for_its_scripts_and_not_for_those_in_folders_below(here: Path) -> None:
    write(here / "active" / "b.ps1", rule("B", 2))
    write(here / "active" / "A.TXT", rule("A", 1))
    write(here / "active" / "notes.md", "not a script")
    write(here / "active" / "below" / "c.ps1", rule("C", 3))
    done = run("remap", "active", "--staging", "staging.ps1", "--out", "out")
    assert done.code == 0
    assert listing(here / "out").keys() == {"A.ps1", "b.ps1"}
    assert done.stdout.index("A.ps1") < done.stdout.index("b.ps1")


def test_a_file_without_custom_rules_is_not_written(here: Path) -> None:
    write(here / "standard.ps1", out_of_box())
    assert remap("standard.ps1").code == 0
    assert listing(here / "out").keys() == {"custom.ps1"}


def test_out_of_box_rules_left_out_are_listed_by_name_and_tag(here: Path) -> None:
    write(here / "custom.ps1", text_of(rule(), out_of_box()))
    done = remap()
    assert "'In from AD - User Join' (Microsoft.InfromADUserJoin.004" in done.stdout
    assert b"Microsoft.InfromAD" not in (here / "out" / "custom.ps1").read_bytes()


def test_a_name_with_blanks_umlauts_and_brackets_is_a_name(here: Path) -> None:
    name = "Regeln [alt] (für Übung) #1 'x' & $y"
    write(here / f"{name}.txt", rule())
    done = run("remap", f"{name}.txt", "--staging", "staging.ps1", "--out", "o ü t")
    assert done.code == 0
    assert listing(here / "o ü t").keys() == {f"{name}.ps1"}


@posix_only
def test_a_file_name_that_would_act_on_a_terminal_is_escaped(here: Path) -> None:
    name = "a\x1b[31m\n\u202eb"
    write(here / f"{name}.ps1", rule())
    for form in ("text", "json"):
        done = run(
            *("remap", f"{name}.ps1", "--staging", "staging.ps1", "--out", form, "--format", form)
        )
        assert done.code == 0
        for text in (done.stdout, done.stderr):
            assert not set(text) & {"\x1b", "\u202e"}
        assert listing(here / form).keys() == {f"{name}.ps1"}


def test_what_a_rule_is_called_cannot_act_on_a_terminal(here: Path) -> None:
    write(here / "custom.ps1", text_of(rule("\x1b]0;x\x07\u202e\x9b", connector=A1)))
    write(here / "standard.ps1", text_of(out_of_box("\x1b[2J\u2066", connector=A1)))
    for done in (remap("standard.ps1"), run("inspect", "custom.ps1", "standard.ps1")):
        assert done.code == 0
        assert not set(done.stdout + done.stderr) & set("\x1b\x07\u202e\x9b\u2066")
        assert "\\x1b" in done.stdout


# ---- Findings ------------------------------------------------------------------------------------

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
    head, _ = _first(remap())
    assert head["rest"].startswith("warning[SR410]: ")
    head, _ = _first(run("remap", "custom.ps1", "--staging", "custom.ps1", "--check"))
    assert head["rest"].startswith("error[SR402]: ")


def test_findings_without_a_place_have_no_excerpt(here: Path) -> None:
    done = run("inspect", here / "missing.ps1")
    head, hint, count = done.stderr.splitlines()
    assert head.startswith(f"{here / 'missing.ps1'}: error[SR109]: ")
    assert hint.startswith("  hint: ")
    assert count == "1 error"


def test_the_number_of_findings_is_told_last(here: Path) -> None:
    write(here / "staging.ps1", text_of(out_of_box(connector=B1), out_of_box("x", 901, B2)))
    write(here / "custom.ps1", text_of(rule("Ü"), rule("two", 2, A2)).encode())
    assert remap().stderr.splitlines()[-1] == "2 errors, 1 warning: nothing was written."


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


# ---- JSON ----------------------------------------------------------------------------------------


def _document(done: Outcome) -> dict[str, Any]:
    assert done.stdout.isascii()
    document = json.loads(done.stdout)
    assert isinstance(document, dict)
    return document


RULE_KEYS = {
    *("name", "identifier", "description", "direction", "precedence", "precedence_after"),
    *("precedence_before", "source_object_type", "target_object_type", "connector", "link_type"),
    *("soft_delete_expiry_interval", "immutable_tag", "enable_password_sync", "disabled"),
    *("attribute_flow_mappings", "scope_filter", "join_filter"),
}


def test_json_is_one_ascii_document_with_all_that_was_done(here: Path) -> None:
    write(here / "custom.ps1", b"\xef\xbb\xbf" + text_of(rule("Ü 日"), out_of_box()).encode())
    done = remap("--format", "json")
    document = _document(done)
    assert done.code == 0
    assert document.keys() >= {
        *("format_version", "files", "rules", "pairs", "edits", "left_out", "not_checked"),
        *("diagnostics", "written"),
    }
    assert re.fullmatch(r"\d+\.\d+(\.\d+)?", document["format_version"])
    (pair,) = document["pairs"]
    assert pair.keys() == {"from", "to", "kind", "evidence"}
    assert (pair["from"], pair["to"], pair["kind"]) == (A1, B1, "assumed")
    (edit,) = document["edits"]
    assert edit.items() >= {"file": "custom.ps1", "line": 11, "column": 12}.items()
    assert (edit["old"], edit["new"]) == (f"'{A1}'", f"'{B1}'")
    (left_out,) = document["left_out"]
    assert left_out["name"] == "In from AD - User Join"
    assert left_out["immutable_tag"] == "Microsoft.InfromADUserJoin.004"
    assert [Path(p) for p in document["written"]] == [Path("out", "custom.ps1")]
    assert document["not_checked"]


def test_json_of_a_rule_has_the_fields_of_the_cmdlets(here: Path) -> None:
    write(
        here / "custom.ps1",
        f"New-ADSyncRule -Name 'Ü' -Direction 'Inbound' -SourceObjectType 'user' "
        f"-TargetObjectType 'person' -Connector '{{{A1.upper()}}}' -OutVariable r\n"
        "Add-ADSyncAttributeFlowMapping -SynchronizationRule $r[0] -Destination 'a' "
        "-FlowType 'Expression' -Expression '\"x\"'\n"
        "New-Object Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition "
        "-ArgumentList 'b','1','EQUAL' -OutVariable c\n"
        "Add-ADSyncScopeConditionGroup -SynchronizationRule $r[0] -ScopeConditions @($c[0])\n"
        "New-Object Microsoft.IdentityManagement.PowerShell.ObjectModel.JoinCondition "
        "-ArgumentList 'd','e',$true -OutVariable c\n"
        "Add-ADSyncJoinConditionGroup -SynchronizationRule $r[0] -JoinConditions @($c[0])\n"
        "Add-ADSyncRule -SynchronizationRule $r[0]\n".encode("utf-8-sig").decode(),
    )
    (moved,) = _document(remap("--check", "--format", "json", out=None))["rules"]
    (shown,) = _document(run("inspect", "custom.ps1", "--format", "json"))["rules"]
    assert {k: moved[k] for k in RULE_KEYS} == {
        "name": "Ü",
        "identifier": None,
        "description": None,
        "direction": "Inbound",
        "precedence": None,
        "precedence_after": None,
        "precedence_before": None,
        "source_object_type": "user",
        "target_object_type": "person",
        "connector": B1,
        "link_type": None,
        "soft_delete_expiry_interval": None,
        "immutable_tag": None,
        "enable_password_sync": False,
        "disabled": False,
        "attribute_flow_mappings": [
            {
                "source": None,
                "destination": "a",
                "flow_type": "Expression",
                "value_merge_type": None,
                "execute_once": False,
                "expression": '"x"',
            }
        ],
        "scope_filter": [
            [{"attribute": "b", "comparison_value": "1", "comparison_operator": "EQUAL"}]
        ],
        "join_filter": [[{"cs_attribute": "d", "mv_attribute": "e", "case_sensitive": True}]],
    }
    assert {k: shown[k] for k in RULE_KEYS - {"connector"}} == {
        k: moved[k] for k in RULE_KEYS - {"connector"}
    }
    assert shown["connector"] == A1


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        pytest.param("staging.ps1", out_of_box(connector=A1), "SR402", id="a plan with errors"),
        pytest.param("custom.ps1", "Remove-ADSyncRule -Name 'x'", "SR208", id="an input refused"),
        pytest.param("custom.ps1", "", "SR111", id="an empty input"),
    ],
)
def test_json_of_a_refusal_is_a_document_too(
    here: Path, file: str, content: str | SyncRule, code: str
) -> None:
    write(here / file, content)
    done = remap("--format", "json")
    document = _document(done)
    assert (done.code, done.codes) == (1, [code])
    assert document["written"] == []
    (finding,) = document["diagnostics"]
    assert finding.items() >= {"code": code, "severity": "error"}.items()
    assert finding["message"]
    assert finding["hint"]
    assert finding.keys() >= {"file", "line", "column"}


@pytest.mark.usefixtures("here")
def test_json_and_text_say_the_same_on_standard_error() -> None:
    assert remap("--check", "--format", "json").stderr == remap("--check").stderr


@pytest.mark.usefixtures("here")
def test_json_of_inspect() -> None:
    document = _document(run("inspect", "custom.ps1", "staging.ps1", "--format", "json"))
    assert document.keys() >= {"format_version", "files", "rules", "connectors", "diagnostics"}
    assert [r["name"] for r in document["rules"]] == [rule().name, out_of_box().name]
    assert [(c["identifier"], c["kind"]) for c in document["connectors"]] == [
        (A1, None),
        (B1, "Active Directory"),
    ]


# ---- Text ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
def test_inspect_shows_rules_and_connectors() -> None:
    done = run("inspect", "custom.ps1", "staging.ps1")
    assert (done.code, done.stderr) == (0, "")
    for part in ("In from AD - Custom", "In from AD - User Join", A1, B1, "Active Directory"):
        assert part in done.stdout


def test_the_report_names_every_change_and_what_is_left_to_do(here: Path) -> None:
    write(here / "custom.ps1", text_of(rule(), rule("Out to AAD - Custom", 2, ENTRA)))
    report = remap().stdout
    for part in (
        "In from AD - Custom",
        "Out to AAD - Custom",
        f"{A1} -> {B1}",
        f"{ENTRA} -> {ENTRA}",
        f"custom.ps1:11:12: connector '{A1}' -> '{B1}'",
        "Not checked",
        "Start-ADSyncSyncCycle",
    ):
        assert part in report


# ---- Help ----------------------------------------------------------------------------------------


def _commands() -> Iterator[tuple[str, click.Command]]:
    group = command()
    assert isinstance(group, click.Group)
    context = click.Context(group)
    yield "", group
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield name, found


def _examples(name: str) -> list[list[str]]:
    done = run(*filter(None, [name]), "--help")
    assert (done.code, done.stderr) == (0, "")
    lines = (line.strip() for line in done.stdout.splitlines())
    return [shlex.split(line)[1:] for line in lines if line.startswith("syncrules ")]


@pytest.mark.parametrize("name", [name for name, _ in _commands()])
def test_the_examples_of_every_help_run_as_they_are_written(here: Path, name: str) -> None:
    write(here / "active" / "custom.ps1", rule())
    write(here / "staging" / "standard.ps1", out_of_box(connector=B1))
    write(here / "rules.ps1", rule())
    write(here / "old" / "standard.ps1", out_of_box(connector=A1))
    write(here / "new" / "standard.ps1", out_of_box(connector=B1))
    if name == "verify":
        assert run("kit", "active/", "--staging", "staging/", "--out", "kit").code == 0
        after = text_of(rule(connector=B1), out_of_box(connector=B1))
        write(here / "exported-again" / "all.ps1", after)
    examples = _examples(name)
    assert examples
    for example in examples:
        assert run(*example).code == 0, example


@pytest.mark.parametrize("name", [name for name, _ in _commands()])
def test_every_help_explains_every_option_and_fits_a_terminal(name: str) -> None:
    done = run(*filter(None, [name]), "--help")
    found = dict(_commands())[name]
    assert found.help or found.__doc__
    for parameter in found.params:
        if isinstance(parameter, click.Option):
            assert parameter.opts[-1] in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert done.stdout == run(*filter(None, [name]), "-h").stdout


def test_help_tells_the_exit_codes_and_every_command() -> None:
    help_text = run("--help").stdout
    assert "Exit codes" in help_text
    for name, _ in _commands():
        assert name in help_text


def test_version() -> None:
    from importlib.metadata import version

    done = run("--version")
    assert done.code == 0
    assert version("syncrules") in done.stdout


def test_help_loads_neither_the_parser_nor_the_terminal_library() -> None:
    program = (
        "import sys\n"
        "from importlib.metadata import entry_points\n"
        "(entry,) = entry_points(group='console_scripts', name='syncrules')\n"
        "try:\n"
        "    entry.load()(['--help'])\n"
        "except SystemExit as end:\n"
        "    assert not end.code\n"
        "print(*sorted({m.split('.')[0] for m in sys.modules} & {'lark', 'rich'}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-Pc", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[0].startswith("Usage: ")
    assert done.stdout.splitlines()[-1] == ""


# ---- Consoles ------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["cp1252", "cp437"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_no_output_dies_on_a_console_of_another_code_page(
    here: Path, encoding: str, form: str
) -> None:
    write(here / "規則→.ps1", text_of(rule("Ü 日本 😀 →"), rule("x", 2)).encode("utf-8-sig"))
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    for arguments in (
        ("remap", "規則→.ps1", "--staging", "staging.ps1", "--check", "--format", form),
        ("inspect", "規則→.ps1", "--format", form),
        ("remap", "missing→.ps1", "--staging", "規則→.ps1", "--check", "--format", form),
    ):
        done = subprocess.run(
            [script(), *arguments], capture_output=True, env=environment, check=False
        )
        assert done.returncode == int("missing→.ps1" in arguments)
        assert b"Traceback" not in done.stderr
        done.stdout.decode(encoding)
        done.stderr.decode(encoding)
        if form == "json":
            assert json.loads(done.stdout)


def test_wrong_usage_does_not_die_on_such_a_console_either() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    for arguments in (["→"], ["remap", "→", "--staging", "→", "--check", "--map", "→=→"]):
        done = subprocess.run(
            [script(), *arguments], capture_output=True, env=environment, check=False
        )
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr


@posix_only
def test_a_reader_that_goes_away_early_is_no_traceback(here: Path) -> None:
    write(here / "custom.ps1", text_of(*(rule(f"Rule {n}", n + 1) for n in range(300))))
    process = subprocess.Popen(
        [script(), "inspect", "custom.ps1", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=here,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    process.wait(20)


# ---- Ctrl-C --------------------------------------------------------------------------------------


@posix_only
def test_ctrl_c_while_it_reads_leaves_nothing_behind_and_no_traceback(here: Path) -> None:
    before = listing(here)
    process = subprocess.Popen(
        [script(), "remap", "-", "--staging", "staging.ps1", "--out", "out"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=here,
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


# ---- All or nothing ------------------------------------------------------------------------------


@pytest.fixture
def several(here: Path) -> Path:
    """Return the working folder with three exports in a folder, and a DIR with two files of one."""
    for number, name in enumerate(("a", "b", "c"), start=1):
        write(here / "active" / f"{name}.ps1", rule(name, number))
    write(here / "old" / "a.ps1", "# a, mine")
    write(here / "old" / "c.ps1", "# c, mine")
    write(here / "old" / "read.me", "kept")
    return here


def _remap_several(out: str = "new", *arguments: str) -> Outcome:
    return run(
        *("remap", "active", "--staging", "staging.ps1", *CONFIRMED, "--out", out, *arguments)
    )


class _Moves:
    """What is renamed, in order; `fails` says at which move to raise what."""

    def __init__(self, at: int | None = None, error: BaseException | None = None) -> None:
        self.seen: list[tuple[Path, Path, list[str]]] = []
        self.at = at
        self.error = error
        self.failed = False

    def around(self, move: Callable[..., None]) -> Callable[..., None]:
        def moving(source: str | Path, target: str | Path) -> None:
            # Putting back must not fail too: that the disk is gone is another story.
            if self.error is not None and len(self.seen) == self.at and not self.failed:
                self.failed = True
                raise self.error
            held = sorted(p.name for p in Path(source).iterdir()) if Path(source).is_dir() else []
            self.seen.append((Path(source), Path(target), held))
            move(source, target)

        return moving


@contextmanager
def _watched(moves: _Moves) -> Iterator[_Moves]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "rename", moves.around(os.rename))
        patch.setattr(os, "replace", moves.around(os.replace))
        yield moves


def test_a_new_folder_appears_by_one_rename_with_all_its_files(several: Path) -> None:
    with _watched(_Moves()) as moves:
        assert _remap_several("new").code == 0
    ((source, target, held),) = moves.seen
    assert target.absolute() == several / "new"
    assert source.absolute().parent == several  # beside it, so that the rename is one step
    assert held == ["a.ps1", "b.ps1", "c.ps1"]
    assert listing(several / "new").keys() == {"a.ps1", "b.ps1", "c.ps1"}


def test_a_new_folder_in_new_folders(several: Path) -> None:
    assert _remap_several("one/two/three").code == 0
    assert listing(several / "one" / "two" / "three").keys() == {"a.ps1", "b.ps1", "c.ps1"}


def test_a_file_that_exists_is_not_overwritten_without_force(several: Path) -> None:
    before = listing(several)
    done = _remap_several("old")
    assert (done.code, done.codes) == (1, ["SR505", "SR505"])
    assert "--force" in done.stderr
    assert listing(several) == before


def test_force_replaces_files_of_the_same_name_and_touches_no_other(several: Path) -> None:
    _remap_several("new")
    done = _remap_several("old", "--force")
    assert (done.code, done.codes) == (0, [])
    after = listing(several / "old")
    assert after.pop("read.me")[1] == b"kept"
    assert after == listing(several / "new")


def test_the_same_run_twice_gives_the_same_bytes(several: Path) -> None:
    _remap_several("one")
    _remap_several("two")
    assert listing(several / "one") == listing(several / "two")


@pytest.mark.parametrize("out", ["new", "old", "one/two/three"])
@pytest.mark.parametrize(
    ("error", "codes"),
    [
        pytest.param(OSError(28, "No space left on device"), ["SR508"], id="a full disk"),
        pytest.param(KeyboardInterrupt(), [], id="Ctrl-C"),
    ],
)
def test_a_failure_in_the_middle_leaves_all_as_it_was(
    several: Path, out: str, error: BaseException, codes: list[str]
) -> None:
    before = listing(several)
    with _watched(_Moves()) as moves:
        _remap_several("count" if out == "new" else out, "--force")
    steps = len(moves.seen)
    _restore(several, before)
    assert steps == (5 if out == "old" else 1)
    for at in range(steps):
        with _watched(_Moves(at, error)) as moves:
            done = _remap_several(out, "--force")
        assert moves.failed
        assert (done.code, done.codes) == (1, codes)
        assert listing(several) == before


def _restore(folder: Path, before: dict[str, tuple[int, bytes]]) -> None:
    for name in sorted(listing(folder), reverse=True):
        path = folder / name
        if name not in before:
            path.rmdir() if path.is_dir() else path.unlink()
        elif path.is_file():
            path.write_bytes(before[name][1])
    assert listing(folder) == before


def test_a_failure_while_the_files_are_made_leaves_all_as_it_was(
    several: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = listing(several)
    made: list[Path] = []

    def fails(path: Path, data: bytes) -> int:
        made.append(path)
        if len(made) == 2:
            raise OSError(28, "No space left on device")
        with path.open("wb") as file:
            return file.write(data)

    monkeypatch.setattr(Path, "write_bytes", fails)
    for out in ("new", "one/two/three", "old"):
        made.clear()
        done = _remap_several(out, "--force")
        assert (done.code, done.codes) == (1, ["SR508"])
        assert "No space left on device" in done.stderr
        assert listing(several) == before
    assert not any(path.parent.name in ("new", "old", "three") for path in made)


def test_a_path_that_cannot_be_made_leaves_no_part_of_it_behind(several: Path) -> None:
    before = listing(several)
    for out in (f"one/{'x' * 300}/two", f"one/{'x' * 300}", "x" * 300, "active/a.ps1/out"):
        done = _remap_several(out)
        assert done.code == 1, out
        assert done.codes, out
        assert listing(several) == before, out


@posix_only
@pytest.mark.parametrize(("mask", "file", "folder"), [(0o027, 0o640, 0o750), (0, 0o666, 0o777)])
def test_modes_follow_the_umask(several: Path, mask: int, file: int, folder: int) -> None:
    before = os.umask(mask)
    try:
        _remap_several("one/new")
        _remap_several("old", "--force")
        assert os.umask(mask) == mask  # it is as it was
    finally:
        os.umask(before)
    assert stat.S_IMODE((several / "one" / "new").stat().st_mode) == folder
    for path in (several / "one" / "new" / "a.ps1", several / "old" / "a.ps1"):
        assert stat.S_IMODE(path.stat().st_mode) == file


# ---- What stands against writing -----------------------------------------------------------------


def test_an_input_is_never_overwritten(several: Path) -> None:
    before = listing(several)
    for arguments in ((), ("--force",)):
        done = _remap_several("active", *arguments)
        assert (done.code, done.codes) == (1, ["SR504"] * 3)
    assert listing(several) == before


@pytest.mark.parametrize("option", ["--staging", "--active"])
def test_neither_is_a_file_of_evidence(several: Path, option: str) -> None:
    write(several / "there" / "b.ps1", out_of_box("In from AD - x", connector=B1))
    before = listing(several)
    done = _remap_several("there", "--force", option, "there")
    assert "SR504" in done.codes
    assert done.code == 1
    assert listing(several) == before


@posix_only
@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_neither_is_an_input_under_another_name(
    several: Path, link: Callable[[Path, Path], None]
) -> None:
    (several / "links").mkdir()
    link(several / "active" / "b.ps1", several / "links" / "b.ps1")
    before = listing(several)
    done = _remap_several("links", "--force")
    assert (done.code, done.codes) == (1, ["SR504"])
    assert listing(several) == before


def test_other_scripts_in_dir_are_a_warning(several: Path) -> None:
    write(several / "other" / "Remove-Everything.PS1", "# not of this run")
    write(several / "other" / "notes.txt", "not a script")
    done = _remap_several("other")
    assert (done.code, done.codes) == (0, ["SR506"])
    assert "Remove-Everything.PS1" in done.stderr
    assert _remap_several("other", "--force", "--strict").code == 1


def test_names_equal_but_for_case_are_refused(here: Path) -> None:
    write(here / "north" / "rules.ps1", rule("North", 1))
    write(here / "south" / "Rules.txt", rule("South", 2))
    done = run("remap", "north", "south", "--staging", "staging.ps1", "--out", "out", *CONFIRMED)
    assert (done.code, done.codes) == (1, ["SR503"])
    assert "rules.ps1" in done.stderr
    assert not (here / "out").exists()


def test_a_file_that_is_there_in_another_case_is_not_overwritten_either(several: Path) -> None:
    """On Windows the two names are one file, so that without --force it would be overwritten."""
    write(several / "cased" / "A.PS1", "# mine")
    before = listing(several)
    done = _remap_several("cased")
    assert done.codes != []
    assert done.code == 0 or listing(several) == before
    assert (several / "cased" / "A.PS1").read_text() == "# mine"


@pytest.mark.parametrize("name", ["staging.ps1", "custom.ps1"])
def test_dir_is_a_file(here: Path, name: str) -> None:
    before = listing(here)
    for arguments in ((), ("--force",)):
        done = remap(*arguments, out=name)
        assert (done.code, done.codes) == (1, ["SR410", "SR507"])
    assert listing(here) == before


def test_a_folder_has_the_name_of_an_output_file(here: Path) -> None:
    write(here / "out" / "custom.ps1" / "inside", "kept")
    before = listing(here)
    done = remap("--force", *CONFIRMED)
    assert (done.code, done.codes) == (1, ["SR507"])
    assert listing(here) == before


def test_an_empty_folder_may_be_written_into(here: Path) -> None:
    (here / "out").mkdir()
    assert remap(*CONFIRMED).code == 0
    assert listing(here / "out").keys() == {"custom.ps1"}


def test_an_output_may_be_remapped_and_stays_the_same(here: Path) -> None:
    remap()
    done = run("remap", "out", "--staging", "staging.ps1", "--out", "again")
    assert (done.code, done.stderr) == (0, "")
    assert listing(here / "again") == listing(here / "out")


# ---- The way out that a hint names ---------------------------------------------------------------


def test_the_line_that_a_hint_names_can_be_pasted(here: Path) -> None:
    write(here / "staging.ps1", text_of(out_of_box(connector=B1), out_of_box("x", 901, B2)))
    refused = remap()
    assert refused.codes == ["SR406"]
    options = re.findall(r"--map \S+", refused.stderr)
    assert len(options) == 2
    for number, option in enumerate(options):
        done = remap(*shlex.split(option), out=f"out{number}")
        assert (done.code, done.stderr) == (0, "")


def test_the_installed_script_is_the_same_command(here: Path) -> None:
    arguments = ("remap", here / "custom.ps1", "--staging", here / "staging.ps1", "--check")
    assert run_apart(*arguments) == run(*arguments)
    assert guid(1) in run_apart("inspect", here / "custom.ps1", "--format", "json").stdout
