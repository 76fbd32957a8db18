"""`syncrules remap`: its options, and the files that it takes and gives."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from support.builders import (
    A1,
    A2,
    B1,
    B2,
    ENTRA,
    PREFERENCE,
    guid,
    listing,
    out_of_box,
    rule,
    run,
    run_apart,
    text_of,
    write,
)
from support.command_line import CONFIRMED, configured, document_of, remap, rules_in

# ---- Options -------------------------------------------------------------------------------------
from support.marks import posix_only


def test_check_does_all_but_write(here: Path) -> None:
    before = listing(here)
    done = remap("--check", out=None)
    assert (done.code, done.codes) == (0, ["SR410"])
    assert "nothing was written" in done.stdout
    assert f"{A1} → {B1}" in done.stdout
    assert listing(here) == before


def test_check_finds_what_stands_against_writing(here: Path) -> None:
    write(here / "out" / "custom.ps1", "# mine")
    before = listing(here)
    done = remap("--check")
    assert (done.code, done.codes) == (1, ["SR505", "SR410"])
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
    assert [r.precedence for r in rules_in(here / "out" / "custom.ps1")] == numbers


def test_precedence_lists_each_change(here: Path) -> None:
    write(here / "custom.ps1", text_of(rule("One", 1), rule("Two", 2)))
    done = remap(*CONFIRMED, "--precedence", "compact", "--check")
    assert "'One', precedence 50 → 1" in done.stdout
    assert "precedence 50 → 1\n    custom.ps1: line 6" in done.stdout


def test_identifiers_new_gives_others_each_time_and_with_a_seed_the_same(here: Path) -> None:
    identifiers = []
    for options in ((), (), ("--seed", "a"), ("--seed", "a"), ("--seed", "b")):
        done = remap(*CONFIRMED, "--force", "--identifiers", "new", *options)
        assert done.code == 0
        (moved,) = rules_in(here / "out" / "custom.ps1")
        identifiers.append(moved.identifier)
    assert identifiers[2] == identifiers[3]
    assert len({*identifiers, guid(1)}) == 5


def test_keep_enabled_leaves_a_rule_alone(here: Path) -> None:
    write(here / "active.ps1", replace(out_of_box(), disabled=True))
    arguments = (*CONFIRMED, "--active", "active.ps1", "--check", "--format", "json")
    (disabled,) = document_of(remap(*arguments))["disabled"]
    assert disabled["name"] == "In from AD - User Join"
    assert document_of(remap(*arguments, "--keep-enabled", disabled["name"]))["disabled"] == []


def test_partial_lets_custom_rules_stay_behind(here: Path) -> None:
    old = configured(here / "old", A1, rule(), rule("Behind", 2))
    assert remap(*CONFIRMED, "--active", old).codes == ["SR454"]
    done = remap(*CONFIRMED, "--active", old, "--partial")
    assert (done.code, done.codes) == (0, ["SR454"])
    assert "note[SR454]" in done.stdout


# ---- Configuration folders, connector lists ------------------------------------------------------


def test_two_configurations_prove_all_and_leave_nothing_unchecked(here: Path) -> None:
    old = configured(here / "old", A1, rule(), out_of_box())
    new = configured(here / "new", B1, out_of_box(number=800, connector=B1), staging=True)
    done = run("remap", "custom.ps1", "--active", old, "--staging", new, "--out", "out")
    assert (done.code, done.stderr) == (0, "")
    assert "both are of the forest contoso.com" in done.stdout
    unchecked = done.stdout.partition("Not checked\n")[2].partition("\n\n")[0].splitlines()
    assert [line for line in unchecked if line.startswith("  - ")] == unchecked[-1:]
    assert "no file is compared" in unchecked[-1]
    assert (here / "out" / "custom.ps1").read_bytes().endswith(text_of(rule(connector=B1)).encode())


def test_a_configuration_may_be_the_export(here: Path) -> None:
    old = configured(here / "old", A1, rule("Second", 2), rule("First", 1), out_of_box())
    new = configured(here / "new", B1, out_of_box(number=800, connector=B1), staging=True)
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
    assert f"{A1} → {B2}" in done.stdout


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
    done = run("remap", "active", "--staging", "staging.ps1", "--out", "out")
    assert (done.code, done.codes) == (0, ["SR410", "SR120"])
    assert listing(here / "out").keys() == {"A.ps1", "b.ps1"}
    assert done.stdout.index("A.ps1") < done.stdout.index("b.ps1")


def test_a_rule_in_a_folder_below_is_not_forgotten(here: Path) -> None:
    write(here / "active" / "a.ps1", rule("A", 1))
    write(here / "active" / "below" / "b.ps1", rule("B", 2))
    refused = run("remap", "active", "--staging", "staging.ps1", "--out", "out")
    assert (refused.code, refused.codes) == (1, ["SR119"])
    # The way out that the hint tells.
    both = run("remap", "active", "active/below", "--staging", "staging.ps1", "--out", "out")
    assert both.code == 0
    assert listing(here / "out").keys() == {"a.ps1", "b.ps1"}


def test_what_other_arguments_name_inside_a_folder_is_accounted_for(here: Path) -> None:
    write(here / "all" / "a.ps1", rule("A", 1))
    write(here / "all" / "new" / "staging.ps1", (here / "staging.ps1").read_bytes())
    migration = ("remap", "all", "--staging", "all/new", "--out", "all/out")
    assert (run(*migration).code, run(*migration, "--force").codes) == (0, ["SR410"])


def test_a_file_without_custom_rules_is_not_written(here: Path) -> None:
    write(here / "standard.ps1", out_of_box())
    assert remap("standard.ps1").code == 0
    assert listing(here / "out").keys() == {"custom.ps1"}


def test_out_of_box_rules_left_out_are_listed_by_name_and_tag(here: Path) -> None:
    write(here / "custom.ps1", text_of(rule(), out_of_box()))
    done = remap("-v")
    assert "'In from AD - User Join' (Microsoft.InfromADUserJoin.004" in done.stdout
    assert b"Microsoft.InfromAD" not in (here / "out" / "custom.ps1").read_bytes()


def test_leave_leaves_rules_and_connectors_behind_and_lists_them(here: Path) -> None:
    rules = [rule(name, n, c) for name, n, c in (("One", 1, A1), ("Two", 2, A1), ("Three", 3, A2))]
    write(here / "custom.ps1", text_of(*rules))
    done = remap("--leave", "one", "--leave", A2, "--map", f"{A1}={B1}")
    assert (done.code, done.codes) == (0, [])
    assert "2 rules: left behind because of --leave" in done.stdout
    assert re.search(rf"'One' \(.+\) \({guid(1)}\), custom.ps1:1", done.stdout)
    assert re.search(rf"'Three' \(.+\) \({guid(3)}\), custom.ps1:", done.stdout)
    assert [r.name for r in rules_in(here / "out" / "custom.ps1")] == ["Two"]
    refused = remap("--leave", "none", "--check", out=None)
    assert (refused.code, "SR476" in refused.codes) == (1, True)


def test_what_staging_has_already_is_listed_with_the_reason(here: Path) -> None:
    write(here / "custom.ps1", text_of(rule("One", 1), rule("Two", 2)))
    write(here / "staging.ps1", text_of(out_of_box(connector=B1), rule("One", 1, B1)))
    done = remap("--map", f"{A1}={B1}")
    assert (done.code, done.codes) == (0, ["SR478"])
    assert "1 rule: on the staging server already, the same in every field" in done.stdout
    assert [r.name for r in rules_in(here / "out" / "custom.ps1")] == ["Two"]


@pytest.mark.usefixtures("here")
def test_the_report_says_which_files_an_earlier_run_mapped() -> None:
    remap()
    done = run("remap", "out", "--staging", "staging.ps1", "--check")
    assert "custom.ps1 (mapped by an earlier run: its connectors and references are kept)" in (
        done.stdout.replace(str(Path("out", "custom.ps1")), "custom.ps1")
    )
    assert "mapped by an earlier run" not in remap("--check", out=None).stdout


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
        assert listing(here / form).keys() == {"a-31m-b.ps1"}  # Windows takes no such name


def test_what_a_rule_is_called_cannot_act_on_a_terminal(here: Path) -> None:
    write(here / "custom.ps1", text_of(rule("\x1b]0;x\x07\u202e\x9b", connector=A1)))
    write(here / "standard.ps1", text_of(out_of_box("\x1b[2J\u2066", connector=A1)))
    for done in (remap("standard.ps1"), run("inspect", "custom.ps1", "standard.ps1")):
        assert done.code == 0
        assert not set(done.stdout + done.stderr) & set("\x1b\x07\u202e\x9b\u2066")
        assert "\\x1b" in done.stdout


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
