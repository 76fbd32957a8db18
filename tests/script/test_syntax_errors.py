"""Each way in which a script leaves the dialect, with its code and the place it is shown at.

The codes are those of the script layer, SR200 to SR299. What they say is in docs/diagnostics.md.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given

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
    ("SR200", 1, 9, "X-Y -A: -B 'x'"),
    # ---- what is not closed
    ("SR201", 1, 8, "X-Y -A 'abc"),
    ("SR201", 1, 8, 'X-Y -A "abc'),
    ("SR201", 1, 8, "X-Y -A 'a''b"),
    ("SR201", 1, 8, 'X-Y -A "a""b'),
    ("SR201", 1, 8, "X-Y -A @'\nabc"),
    ("SR201", 1, 8, "X-Y -A @'\nabc'@"),
    ("SR201", 1, 8, "X-Y -A @\"\nabc\n'@"),
    ("SR201", 1, 9, 'X-Y -A a"b'),
    ("SR201", 2, 4, "X-Y `\n-B 'y\n-C z"),
    # ---- commands cut in two
    ("SR202", 1, 5, "X-Y ` \n-A 'x'"),
    ("SR202", 1, 12, "X-Y -A 'x' `\t\r\n-B 'y'"),
    ("SR202", 2, 8, "X-Y `\r-A 'x' `\xa0\r-B 'y'"),
    ("SR203", 1, 5, "X-Y `\n\n-A 'x'"),
    ("SR203", 1, 5, "X-Y `\r\n  \r\n-A 'x'"),
    ("SR203", 1, 5, "X-Y `\n# c\n-A 'x'"),
    ("SR203", 1, 12, "X-Y -A 'x' # c `\n-B 'y'"),
    ("SR204", 1, 4, "X-Y\n-A 'x'"),
    ("SR204", 1, 13, "X-Y -A 'x'  \n-B 'y'"),
    ("SR204", 2, 11, "X-Y `\r\n    -A 'x'\r\n\r\n–B 'y'"),
    # ---- quotes turned by a word processor
    ("SR205", 1, 10, "X-Y -A 'O’Brien'"),
    ("SR205", 2, 6, "X-Y `\n-A 'O’Brien' `\n-B 'x'"),
    ("SR205", 1, 12, 'X-Y -A "say“x now"'),
    # ---- what is expanded
    ("SR206", 1, 8, 'X-Y -A "a $x"'),
    ("SR206", 1, 8, 'X-Y -A "$(x)"'),
    ("SR206", 1, 8, 'X-Y -A "${x}"'),
    ("SR206", 1, 8, 'X-Y -A @"\n$x\n"@'),
    # ---- programs
    ("SR207", 1, 1, "if ($x) { X-Y }"),
    ("SR207", 1, 1, "function f { }"),
    ("SR207", 2, 1, "X-Y\nForEach ($i in 1..2) { }"),
    ("SR207", 1, 6, "X-Y; return"),
    ("SR208", 1, 1, "Start-ADSyncSyncCycle -PolicyType Delta"),
    ("SR208", 2, 1, "# c\nNew-Object -TypeName 'System.Text.StringBuilder'"),
    ("SR208", 1, 1, "Import-Module 'Az'"),
    # ---- variables and what is computed
    ("SR209", 1, 8, "X-Y -A $env:x"),
    ("SR209", 1, 8, "X-Y -A $Script:x"),
    ("SR209", 1, 6, "$x = $y"),
    ("SR209", 1, 6, "$x = Get-Y"),
    ("SR209", 1, 10, "$x = 'a' + 'b'"),
    ("SR210", 1, 5, "X-Y > x.txt"),
    ("SR210", 1, 8, "X-Y -A <x"),
    ("SR211", 1, 8, "X-Y -A (Get-Y)"),
    ("SR211", 1, 8, "X-Y -A $x.y"),
    ("SR211", 1, 8, "X-Y -A $x[1].y"),
    ("SR211", 1, 8, "X-Y -A $x[$i]"),
    ("SR211", 1, 8, "X-Y -A $x[-1]"),
    ("SR211", 1, 8, "X-Y -A 'a'.Length"),
    ("SR211", 1, 8, "X-Y -A 'a'[0]"),
    ("SR211", 1, 8, "X-Y -A @{ a = 1 }"),
    ("SR211", 1, 5, "X-Y @parameters"),
    ("SR211", 1, 8, "X-Y -A { x }"),
    # ---- pipes and calls
    ("SR212", 1, 1, "X-Y && X-Y"),
    ("SR212", 1, 1, "X-Y || X-Y"),
    ("SR212", 1, 1, "$rule | Add-ADSyncRule"),
    ("SR212", 1, 1, "X-Y | Z-W"),
    ("SR212", 2, 1, "X-Y\nX-Y | Out-Null | Out-Null"),
    ("SR213", 1, 1, "& X-Y"),
    ("SR213", 1, 1, ". .\\x.ps1"),
    # ---- quotes and backticks inside words
    ("SR214", 1, 8, "X-Y -A Inbound`\n-B 'x'"),
    ("SR214", 1, 1, "X-Y`\n-A 'x'"),
    ("SR214", 1, 8, "X-Y -A a`b"),
    ("SR214", 1, 5, "X-Y -A'x'"),
    ("SR214", 1, 5, "X-Y `x"),
    # ---- brackets
    ("SR215", 1, 14, "X-Y -A @('a' 'b')"),
    ("SR215", 1, 10, "X-Y -A @(a)"),
    ("SR215", 1, 13, "X-Y -A @('a'"),
    ("SR215", 2, 1, "X-Y -A @('a',\nX-Y"),
    ("SR215", 1, 5, "X-Y )"),
    ("SR215", 1, 14, "X-Y -A @('a'))"),
    ("SR215", 1, 5, "X-Y }"),
    # ---- marks that PowerShell minds
    ("SR216", 1, 5, "X-Y --% x"),
    ("SR216", 1, 5, "X-Y '--%'"),
    ("SR216", 1, 9, "X-Y 'a',\"--%\""),
    ("SR217", 1, 5, "X-Y <# c"),
    ("SR217", 3, 1, "X-Y\n<##>\n<# #"),
    ("SR218", 1, 7, "X-Y @' x\n'@"),
    ("SR218", 3, 2, "X-Y @'\nx\n '@"),
    ("SR218", 3, 2, 'X-Y @"\nx\n\t"@'),
    ("SR219", 1, 8, "X-Y -P 0x10"),
    ("SR219", 1, 8, "X-Y -P -1"),
    ("SR219", 1, 8, "X-Y -P 50.5"),
    ("SR219", 1, 8, "X-Y -P 1kb"),
    ("SR219", 1, 8, "X-Y -P 9999999999"),
    ("SR219", 1, 8, "X-Y -P ٣"),
    ("SR219", 1, 8, "X-Y -P ²"),
    ("SR220", 1, 7, 'X-Y "a`e"'),
    ("SR220", 2, 2, 'X-Y @"\na`u{41}\n"@'),
    # ---- what is missing
    ("SR221", 1, 8, "X-Y -A:"),
    ("SR221", 1, 8, "X-Y -A:\nX-Y"),
    ("SR221", 1, 9, "X-Y 'a',"),
    ("SR221", 1, 9, "X-Y 'a',,'b'"),
    ("SR221", 1, 5, "X-Y ,'a'"),
    ("SR221", 1, 11, "X-Y @('a',)"),
    ("SR221", 1, 5, "$x ="),
    ("SR221", 1, 6, "$x = \nX-Y"),
    ("SR222", 1, 1, "$x\nX-Y"),
    ("SR222", 1, 1, "$x `\n\n\nX-Y"),
    ("SR221", 1, 6, "X-Y |"),
    ("SR221", 1, 1, "-A 'x' `\n-B 'y'"),
    # ---- other words
    ("SR222", 1, 1, "1 + 1"),
    ("SR222", 1, 1, "'x'"),
    ("SR222", 1, 1, "[guid]::NewGuid()"),
    ("SR222", 1, 1, ".\\x.ps1 -A 'x'"),
    ("SR223", 1, 8, "X-Y -A a/b"),
    ("SR223", 1, 8, "X-Y -A *"),
    ("SR223", 1, 5, "X-Y -Ünder 'x'"),
    ("SR224", 1, 5, "X-Y \0"),
    ("SR225", 1, 1, "#requires -Module ADSync"),
    ("SR225", 2, 5, "X-Y\nX-Y #Requires -Version 5"),
    ("SR228", 1, 1, "# SIG # Begin signature block\nX-Y"),
    ("SR228", 2, 5, "X-Y\nX-Y # the signature block\nX-Y"),  # it need not look quite like one
    ("SR225", 1, 1, "#requiresx"),  # which PowerShell refuses, as no valid #requires
    ("SR227", 1, 108, "X-Y -A " + "@(" * 3000 + ")" * 3000),
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
    assert used == {case[0] for case in CASES} | {"SR226"}  # a warning: see below


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
    assert len({(f.line, f.column) for f in findings(text)} - {(1, 1)}) == 2, findings(text)


def test_a_program_is_told_once() -> None:
    """Such a file was never an export: a list of its statements helps no one."""
    found = findings("if ($x) { X-Y }\n$y = $z\nforeach ($i in $y) { X-Y (1) }\nX-Y | Z-W\n")
    assert [f.code for f in found] == ["SR207"]


def test_what_is_not_closed_is_told_once() -> None:
    assert [f.code for f in findings("X-Y 'a\n" + "New-Object `\n-A (1)\n" * 3)] == ["SR201"]


def test_of_many_mistakes_only_some_are_told() -> None:
    assert len(findings("New-Object `\n-A (1)\n" * 1_000)) == 20


@given(fragments)
def test_every_finding_has_a_place_in_the_text(text: str) -> None:
    for finding in findings(text):
        assert finding.span is not None
        start, end = finding.span
        assert 0 <= start <= end <= len(text), visible(text)
        before = re.split("\r\n|\r|\n", text[:start])
        # An offset between CR and LF is of the line that they end together.
        if text[start - 1 : start + 1] != "\r\n":
            assert (finding.line, finding.column) == (len(before), len(before[-1]) + 1)
        assert finding.hint
        assert finding.message
