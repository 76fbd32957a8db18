"""Each way in which a script leaves the dialect, with its code and the place it is shown at.

The codes are those of the script layer, SR200 to SR299. What they say is in docs/findings/.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.strategies import fragments
from support.visible import visible
from syncrules import Diagnostic, SyntaxRefused
from syncrules.diagnostics import Code, Group


def findings(text: str) -> tuple[Diagnostic, ...]:
    """Return the errors of a script, whether it was read or refused."""
    try:
        found = syncrules.parse(text).diagnostics
    except SyntaxRefused as refused:
        found = refused.diagnostics
    return tuple(f for f in found if f.is_error)


CASES = [
    # ---- what an export has no form for
    ("SR200", 1, 16, "New-Object -A: -B 'x'"),
    # ---- what is not closed
    ("SR201", 1, 15, "New-Object -A 'abc"),
    ("SR201", 1, 15, 'New-Object -A "abc'),
    ("SR201", 1, 15, "New-Object -A 'a''b"),
    ("SR201", 1, 15, 'New-Object -A "a""b'),
    ("SR201", 1, 15, "New-Object -A @'\nabc"),
    ("SR201", 1, 15, "New-Object -A @'\nabc'@"),
    ("SR201", 1, 15, "New-Object -A @\"\nabc\n'@"),
    ("SR201", 1, 16, 'New-Object -A a"b'),
    ("SR201", 2, 4, "New-Object `\n-B 'y\n-C z"),
    # ---- commands cut in two
    ("SR202", 1, 12, "New-Object ` \n-A 'x'"),
    ("SR202", 1, 19, "New-Object -A 'x' `\t\r\n-B 'y'"),
    ("SR202", 2, 8, "New-Object `\r-A 'x' `\xa0\r-B 'y'"),
    ("SR203", 1, 12, "New-Object `\n\n-A 'x'"),
    ("SR203", 1, 12, "New-Object `\r\n  \r\n-A 'x'"),
    ("SR203", 1, 12, "New-Object `\n# c\n-A 'x'"),
    ("SR203", 1, 19, "New-Object -A 'x' # c `\n-B 'y'"),
    ("SR204", 1, 11, "New-Object\n-A 'x'"),
    ("SR204", 1, 20, "New-Object -A 'x'  \n-B 'y'"),
    ("SR204", 2, 11, "New-Object `\r\n    -A 'x'\r\n\r\n–B 'y'"),
    # ---- quotes turned by a word processor
    ("SR205", 1, 17, "New-Object -A 'O’Brien'"),
    ("SR205", 2, 6, "New-Object `\n-A 'O’Brien' `\n-B 'x'"),
    ("SR205", 1, 19, 'New-Object -A "say“x now"'),
    ("SR209", 3, 4, "New-Object -A @(@”\n+“>\n“@,=,'a’,„50')"),  # the quote stands behind the place
    # ---- what is expanded
    ("SR206", 1, 15, 'New-Object -A "a $x"'),
    ("SR206", 1, 15, 'New-Object -A "$(x)"'),
    ("SR206", 1, 15, 'New-Object -A "${x}"'),
    ("SR206", 1, 15, 'New-Object -A @"\n$x\n"@'),
    # ---- programs
    ("SR207", 1, 1, "if ($x) { New-Object }"),
    ("SR207", 1, 1, "function f { }"),
    ("SR207", 2, 1, "New-Object\nForEach ($i in 1..2) { }"),
    ("SR207", 1, 13, "New-Object; return"),
    ("SR208", 1, 1, "Start-ADSyncSyncCycle -PolicyType Delta"),
    ("SR208", 2, 1, "# c\nNew-Object -TypeName 'System.Text.StringBuilder'"),
    ("SR208", 1, 1, "Import-Module 'Az'"),
    # ---- variables and what is computed
    ("SR209", 1, 15, "New-Object -A $env:x"),
    ("SR209", 1, 15, "New-Object -A $Script:x"),
    ("SR209", 1, 6, "$x = $y"),
    ("SR209", 1, 6, "$x = Get-Y"),
    ("SR209", 1, 10, "$x = 'a' + 'b'"),
    ("SR210", 1, 12, "New-Object > x.txt"),
    ("SR210", 1, 15, "New-Object -A <x"),
    ("SR211", 1, 15, "New-Object -A (Get-Y)"),
    ("SR211", 1, 15, "New-Object -A $x.y"),
    ("SR211", 1, 15, "New-Object -A $x[1].y"),
    ("SR211", 1, 15, "New-Object -A $x[$i]"),
    ("SR211", 1, 15, "New-Object -A $x[-1]"),
    ("SR211", 1, 15, "New-Object -A 'a'.Length"),
    ("SR211", 1, 15, "New-Object -A 'a'[0]"),
    ("SR211", 1, 15, "New-Object -A @{ a = 1 }"),
    ("SR211", 1, 12, "New-Object @parameters"),
    ("SR211", 1, 15, "New-Object -A { x }"),
    # ---- pipes and calls
    ("SR212", 1, 1, "New-Object && New-Object"),
    ("SR212", 1, 1, "New-Object || New-Object"),
    ("SR212", 1, 1, "$rule | Add-ADSyncRule"),
    ("SR212", 1, 1, "New-Object | Z-W"),
    ("SR212", 2, 1, "New-Object\nNew-Object | Out-Null | Out-Null"),
    ("SR212", 1, 1, "$x = 'a' | Out-Null\nRemove-ADSyncRule 'x'"),
    ("SR212", 1, 1, "New-Object & New-Object\nRemove-ADSyncRule 'x'"),
    ("SR208", 2, 1, "New-Object |\nRemove-ADSyncRule 'x'"),
    ("SR208", 1, 14, "New-Object | Remove-ADSyncRule 'x'"),
    ("SR213", 1, 1, "& New-Object"),
    ("SR213", 1, 1, ". .\\x.ps1"),
    # ---- quotes and backticks inside words
    ("SR214", 1, 15, "New-Object -A Inbound`\n-B 'x'"),
    ("SR214", 1, 1, "New-Object`\n-A 'x'"),
    ("SR214", 1, 15, "New-Object -A a`b"),
    ("SR214", 1, 12, "New-Object -A'x'"),
    ("SR214", 1, 12, "New-Object `x"),
    # ---- brackets
    ("SR215", 1, 21, "New-Object -A @('a' 'b')"),
    ("SR215", 1, 17, "New-Object -A @(a)"),
    ("SR215", 1, 20, "New-Object -A @('a'"),
    ("SR215", 2, 1, "New-Object -A @('a',\nNew-Object"),
    ("SR215", 1, 12, "New-Object )"),
    ("SR215", 1, 21, "New-Object -A @('a'))"),
    ("SR215", 1, 12, "New-Object }"),
    # ---- marks that PowerShell minds
    ("SR216", 1, 12, "New-Object --% x"),
    ("SR216", 1, 12, "New-Object '--%'"),
    ("SR216", 1, 16, "New-Object 'a',\"--%\""),
    ("SR217", 1, 12, "New-Object <# c"),
    ("SR217", 3, 1, "New-Object\n<##>\n<# #"),
    ("SR218", 1, 14, "New-Object @' x\n'@"),
    ("SR218", 3, 2, "New-Object @'\nx\n '@"),
    ("SR218", 3, 2, 'New-Object @"\nx\n\t"@'),
    ("SR219", 1, 15, "New-Object -P 0x10"),
    ("SR219", 1, 15, "New-Object -P -1"),
    ("SR219", 1, 15, "New-Object -P 50.5"),
    ("SR219", 1, 15, "New-Object -P 1kb"),
    ("SR219", 1, 15, "New-Object -P 9999999999"),
    ("SR219", 1, 15, "New-Object -P ٣"),
    ("SR219", 1, 15, "New-Object -P ²"),
    ("SR220", 1, 14, 'New-Object "a`e"'),
    ("SR220", 2, 2, 'New-Object @"\na`u{41}\n"@'),
    # ---- what is missing
    ("SR221", 1, 15, "New-Object -A:"),
    ("SR221", 1, 15, "New-Object -A:\nNew-Object"),
    ("SR221", 1, 16, "New-Object 'a',"),
    ("SR221", 1, 16, "New-Object 'a',,'b'"),
    ("SR221", 1, 12, "New-Object ,'a'"),
    ("SR221", 1, 18, "New-Object @('a',)"),
    ("SR221", 1, 5, "$x ="),
    ("SR221", 1, 6, "$x = \nNew-Object"),
    ("SR222", 1, 1, "$x\nNew-Object"),
    ("SR222", 1, 1, "$x `\n\n\nNew-Object"),
    ("SR221", 1, 13, "New-Object |"),
    ("SR221", 1, 1, "-A 'x' `\n-B 'y'"),
    # ---- other words
    ("SR222", 1, 1, "1 + 1"),
    ("SR222", 1, 1, "'x'"),
    ("SR222", 1, 1, "[guid]::NewGuid()"),
    ("SR222", 1, 1, ".\\x.ps1 -A 'x'"),
    ("SR223", 1, 15, "New-Object -A a/b"),
    ("SR223", 1, 15, "New-Object -A *"),
    ("SR223", 1, 12, "New-Object -Ünder 'x'"),
    ("SR224", 1, 12, "New-Object \0"),
    ("SR225", 1, 1, "#requires -Module ADSync"),
    ("SR225", 2, 12, "New-Object\nNew-Object #Requires -Version 5"),
    ("SR228", 1, 1, "# SIG # Begin signature block\nNew-Object"),
    (
        "SR228",
        2,
        12,
        "New-Object\nNew-Object # the signature block\nNew-Object",
    ),  # it need not look quite like one
    ("SR225", 1, 1, "#requiresx"),  # which PowerShell refuses, as no valid #requires
    ("SR227", 1, 115, "New-Object -A " + "@(" * 3000 + ")" * 3000),
]


@pytest.mark.parametrize(
    ("code", "line", "column", "text"), CASES, ids=[f"{c[0]} {visible(c[3][:40])}" for c in CASES]
)
def test_the_reason_stands_at_its_place(code: str, line: int, column: int, text: str) -> None:
    found = findings(text)
    shown = [(f.code, f.line, f.column) for f in found]
    assert (code, line, column) in shown, visible(text)
    for finding in found:
        assert finding.message, finding
        assert finding.hint, finding
        spot = finding.spot
        assert spot is not None
        whole = re.split("\r\n|\r|\n", text)[finding.line - 1]
        assert whole[spot.excerpt.column - 1 :].startswith(finding.excerpt), visible(text)


def test_every_code_of_the_script_layer_has_a_case() -> None:
    used = {code for code in Code if code.group is Group.SCRIPT}
    assert used
    of_the_whole = {"SR229", "SR230", "SR231", "SR232"}  # see tests/exports/test_whole_damage.py
    assert used == {case[0] for case in CASES} | {"SR226"} | of_the_whole  # SR226: see below


def test_a_foreign_command_may_be_kept_with_a_warning() -> None:
    text = "# c\nWrite-Host 'done' -NoNewline\n"
    assert [f.code for f in findings(text)] == ["SR208"]
    (finding,) = syncrules.parse(text, keep_foreign=True).diagnostics
    assert (finding.code, finding.line, finding.column) == ("SR226", 2, 1)
    assert not finding.is_error
    assert finding.hint


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "New-ADSyncRule `\n-Name (x)\n\nAdd-ADSyncRule `\n-SynchronizationRule (y)", id="2"
        ),
        pytest.param("New-Object `\n-TypeName $x.y `\n-ArgumentList $y.z\n", id="in one command"),
        pytest.param(
            "New-Object `\n-A 'x' ` \n-B 'y'\n\n\nNew-Object `\n-A 'x'\n-B 'y'", id="cuts"
        ),
    ],
)
def test_each_of_two_mistakes_is_told(text: str) -> None:
    told = {(p.spot.line, p.spot.column) for f in findings(text) for p in f.places if p.spot}
    assert len(told - {(1, 1)}) == 2, findings(text)


def test_a_program_is_told_once() -> None:
    """Such a file was never an export: a list of its statements helps no one."""
    found = findings("if ($x) { X-Y }\n$y = $z\nforeach ($i in $y) { X-Y (1) }\nX-Y | Z-W\n")
    assert [f.code for f in found] == ["SR207"]


def test_what_is_not_closed_is_told_once() -> None:
    assert [f.code for f in findings("X-Y 'a\n" + "New-Object `\n-A (1)\n" * 3)] == ["SR201"]


def test_of_many_mistakes_only_some_are_told() -> None:
    (told,) = findings("New-Object `\n-A (1)\n" * 1_000)
    assert len(told.places) == 20


@given(fragments)
def test_every_finding_has_a_place_in_the_text(text: str) -> None:
    for finding in findings(text):
        if finding.code == "SR105":  # a file of which a third is NUL is told as a whole
            assert text.count("\0") > len(text) // 3
            continue
        assert finding.span is not None
        start, end = finding.span
        assert 0 <= start <= end <= len(text), visible(text)
        before = re.split("\r\n|\r|\n", text[:start])
        # An offset between CR and LF is of the line that they end together.
        if text[start - 1 : start + 1] != "\r\n":
            assert (finding.line, finding.column) == (len(before), len(before[-1]) + 1)
        assert finding.hint
        assert finding.message


# ---- What follows a place that was skipped -------------------------------------------------------

RULE = "New-ADSyncRule `\n-Name 'x'\n\n"
WRAPPED = [
    "function F {\n§}\n",
    "if ($true) {\n§} else {\n§}\n",
    "foreach ($a in @(1, 2)) {\n§}\n",
    "param(\n[string] $a = (1)\n)\n§",
    "try {\n§}\ncatch { throw }\nfinally { }\n",
    "class A {\n[int] $b\n§}\n",
    "& {\n§}\n",
    "$b = $(\n§)\n",
    "Invoke-X -ScriptBlock {\n§}\n",
    "$d = @'\n§'@ + 'x'\n",
    '$d = @"\n§"@ + "it\'s"\n',
    "<#\n§#>\n",
    "# it's {\n§",
]


@given(st.lists(st.sampled_from(WRAPPED), min_size=1, max_size=4))
def test_behind_a_skipped_place_nothing_is_said_of_brackets_and_quotes(pieces: list[str]) -> None:
    text = "$x = Get-X\n" + "".join(p.replace("§", RULE) for p in pieces)
    codes = {f.code for f in findings(text)}
    assert "SR209" in codes
    assert codes <= {"SR207", "SR208", "SR209", "SR213"}, text


def test_a_bracket_too_many_in_front_of_all_is_told() -> None:
    assert [f.code for f in findings(f"{RULE}}}\n{RULE}")] == ["SR215"]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("$x | Select-Object", "SR212"),
        ("$a = Get-X", "SR209"),
        ("& b", "SR213"),
        ("$x", "SR222"),
        ("if ($a) { b }", "SR207"),
    ],
)
def test_what_is_told_once_says_where_there_is_more_of_it(statement: str, code: str) -> None:
    (once,) = findings(f"{statement}\n")
    assert once.code == code
    assert "more" not in once.message
    (twice,) = findings(f"{statement}\n\n{statement}\n")
    assert "(and 1 more, line 3)" in twice.message
    (often,) = findings(f"{statement}\n" * 9)
    assert "(and 8 more, lines 2, 3, 4, 5, 6 and 3 more)" in often.message


# ---- Commands that no export has -----------------------------------------------------------------

ARGUMENTS = [
    *(
        "-RequiredVersion 2.0.16",
        "C:\\Temp",
        "C:\\x -Append",
        "-P 0x1F",
        "$x.y",
        "(Get-Y)",
        "@{ a = 1 }",
    ),
    *("-A 'x' `\n\n-B 'y'", "-A 'x' ` \n-B 'y'", "-A 'x'\n-B 'y'", "*.txt", "--% x", '"$x"', "a,"),
    *("> out.txt", "-A:$x.y", "{ x }", "@parameters", "..\\x 2>&1", '"a`e"', "-A a`b"),
]


@pytest.mark.parametrize(
    "name", ["Install-Module", "cd", "Start-Transcript", "Write-Host", "x.exe"]
)
@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_a_foreign_command_is_named_and_its_arguments_are_not_judged(
    name: str, arguments: str
) -> None:
    found = findings(f"{name} {arguments}\n")
    assert [(f.code, f.line, f.column) for f in found] == [("SR208", 1, 1)]
    assert found[0].message.startswith(f"{name} is not a command found in exported rules")


@pytest.mark.parametrize(
    "text",
    [
        "Remove-ADSyncRule -Identifier (x)",
        "Get-ADSyncRule | Remove-ADSyncRule",
        "ADSync\\Remove-ADSyncRule -Identifier 'x'",
    ],
)
def test_a_command_of_the_module_is_named_with_what_it_does(text: str) -> None:
    (found,) = findings(f"{text}\n")
    assert found.code == "SR208"
    assert found.message.startswith("Remove-ADSyncRule deletes a rule")
    assert "Synchronization Rules Editor" in found.hint


def test_an_attribute_or_a_type_is_named() -> None:
    for text in ("[CmdletBinding()]\n", "[int] $p = 88\n", "[guid]::NewGuid()\n"):
        (found,) = findings(text)
        assert found.code == "SR222"
        assert found.message.startswith(text[:4])
        assert "digits" not in found.hint


@pytest.mark.slow
def test_where_to_go_on_is_found_in_linear_time() -> None:
    for piece in ("'", "''", "@'\n", '"`', "<#", "{\n", "(", "$a = b\n", "@'\n'"):
        assert findings("$x = Get-X\n" + piece * 50_000)  # a square of it would take hours
