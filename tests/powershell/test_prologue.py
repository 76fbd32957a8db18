"""The lines before the rules: they stop the script at its first error, and no name is code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from support.builders import A1, B1, mapped, rule, text_of
from support.powershell.bound import bound
from support.powershell.session import Result, Session
from support.strategies import texts
from syncrules import AttributeFlowMapping

HOSTILE = [
    "a\nWrite-Host pwned\n",
    "a\r\nWrite-Host pwned\r\n",
    "a\rWrite-Host pwned\r",
    "a\u2028Write-Host pwned\u2028",
    "a\x85Write-Host pwned\x85",
    "a\x0bWrite-Host pwned\x0c",
    "#>Write-Host pwned<#",
    "'; Write-Host pwned; '",
    "’; Write-Host pwned; ‘",
    '"; Write-Host pwned; "',
    "$(Write-Host pwned)",
    "`nWrite-Host pwned",
    "a`",
    "\x1b[2K\x1b]0;pwned\x07",
    "\u202ereversed",
    "\0Write-Host pwned",
    "requires -Version 99\n#requires -Version 99",
    "\udcff\udc0aWrite-Host pwned",
    "--%",
]

CUSTOM = rule(connector=A1)
MOVED = rule(connector=B1)


def run(powershell: Session, script: bytes) -> Result:
    return powershell.run_script(script, connectors=[B1])


def nothing_but_the_rule_happened(powershell: Session, name: str) -> None:
    bare = run(powershell, mapped(text_of(CUSTOM), name=f"{name}.ps1", bare=True))

    result = run(powershell, mapped(text_of(CUSTOM), name=f"{name}.ps1", bare=False))

    assert list(result.rules) == bound([MOVED])
    assert result == bare
    assert (result.errors, result.fault, result.shown) == ((), None, "")


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_no_file_name_becomes_code(powershell: Session, name: str) -> None:
    nothing_but_the_rule_happened(powershell, name)


@given(texts)
def test_no_text_as_a_file_name_becomes_code(powershell: Session, name: str) -> None:
    nothing_but_the_rule_happened(powershell, name)


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_prologue_is_comments_and_one_assignment(powershell: Session, name: str) -> None:
    script = mapped(text_of(CUSTOM), name=f"{name}.ps1", bare=False).decode("utf-8-sig")
    prologue = script[: script.index("New-ADSyncRule")]
    assert "'@" not in prologue

    read = powershell.run_script(
        f"$ast = [scriptblock]::Create(@'\n{prologue}\n'@).Ast\n"
        "$ast.EndBlock.Statements.ForEach({ $_.Extent.Text })"
    )

    assert read.output == ("$ErrorActionPreference = 'Stop'",)


# ---- The first error -----------------------------------------------------------------------------
# A server that does not know a value that the rule holds: `New-ADSyncRule` does not bind, and
# `$syncRule[0]` is still the rule of before.

FIRST = rule("First", 1, A1)
SECOND = replace(
    rule("Second", 2, A1),
    precedence=51,
    link_type="JoinNoFlow",
    attribute_flow_mappings=(
        AttributeFlowMapping(("mail",), "userPrincipalName", "Direct", "Update", False, None),
    ),
)
THIRD = replace(rule("Third", 3, A1), precedence=52)


def on_an_older_server(powershell: Session, *, bare: bool) -> Result:
    script = mapped(text_of(FIRST, SECOND, THIRD), bare=bare)
    assert script.count(b"'JoinNoFlow'") == 1
    return run(powershell, script.replace(b"'JoinNoFlow'", b"'JoinUnknownHere'"))


def test_a_bare_export_goes_on_with_the_rule_of_before(powershell: Session) -> None:
    result = on_an_older_server(powershell, bare=True)

    assert result.errors == ("CannotConvertArgumentNoMessage,ADSyncStandIn.NewRule",)
    assert result.fault is None
    flows = (*FIRST.attribute_flow_mappings, *SECOND.attribute_flow_mappings)
    damaged = replace(FIRST, connector=B1, attribute_flow_mappings=flows)
    assert list(result.rules) == bound([damaged, replace(THIRD, connector=B1)])


def test_with_the_prologue_the_script_stops_at_the_first_error(powershell: Session) -> None:
    result = on_an_older_server(powershell, bare=False)

    assert result.fault == "CannotConvertArgumentNoMessage,ADSyncStandIn.NewRule"
    assert list(result.rules) == bound([replace(FIRST, connector=B1)])


def test_the_prologue_stays_behind_only_where_it_is_dot_sourced(
    powershell: Session, tmp_path: Path
) -> None:
    path = tmp_path / "custom.ps1"
    path.write_bytes(mapped(text_of(CUSTOM), bare=False))
    left_behind = f"'{path}'; \"$ErrorActionPreference $($syncRule.Count)\""

    run_as_told = run(powershell, f"& {left_behind}".encode())
    dot_sourced = run(powershell, f". {left_behind}".encode())

    assert run_as_told.output[-1] == "Continue 0"
    assert dot_sourced.output[-1] == "Stop 1"
