"""What the exports say together, and what they cannot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

import syncrules
from support.builders import (
    A2,
    B1,
    STAGING,
    codes,
    errors,
    export,
    guid,
    out_of_box,
    rule,
    server,
    the,
)


def _findings(
    exports: Iterable[syncrules.Export], staging: syncrules.Server = STAGING
) -> tuple[syncrules.Diagnostic, ...]:
    return syncrules.plan(exports, staging=staging).diagnostics


def test_sr408_the_two_servers_are_swapped() -> None:
    found = _findings([export(out_of_box(connector=B1))], server(export(rule())))
    assert errors(found) == ["SR408"]
    assert "swapped" in the("SR408", found).message
    both = server(export(rule(), out_of_box(connector=B1)))
    assert "SR408" in errors(_findings([export(out_of_box(connector=B1))], both))


def test_sr409_nothing_to_move() -> None:
    assert errors(_findings([export(out_of_box())])) == ["SR409"]
    assert codes(_findings([syncrules.parse("# nothing at all")])) == ["SR409"]
    assert codes(_findings([])) == ["SR409"]


def test_sr409_not_where_what_an_export_holds_could_not_be_read() -> None:
    refused = syncrules.parse("New-ADSyncRule -Unknown 1 -OutVariable syncRule")
    assert errors(refused.diagnostics)
    assert not {"SR408", "SR409"} & {*codes(_findings([refused]))}


def test_sr411_one_rule_in_two_files() -> None:
    found = _findings([export(rule(), name="one.ps1"), export(rule("Other"), name="two.ps1")])
    finding = the("SR411", found)
    assert finding.file == "two.ps1"
    assert "one.ps1" in finding.message
    assert finding.excerpt == f"-Identifier '{guid(1)}' `"
    assert finding.column == len("-Identifier ") + 1


def test_sr411_whatever_rules_have_no_identifier() -> None:
    nameless = replace(rule("Nameless", 2), identifier=None)
    both = [export(nameless, rule(), name="one.ps1"), export(rule("Other"), name="two.ps1")]
    assert "SR411" in errors(_findings(both))


def test_sr411_is_of_no_matter_for_rules_that_are_left_out() -> None:
    both = [
        export(out_of_box(), rule(), name="one.ps1"),
        export(out_of_box(), rule("Other", 2), name="two.ps1"),
    ]
    assert errors(_findings(both)) == []


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("rules.ps1", "Rules.ps1"),
        ("rules.ps1", "rules.txt"),
        ("north/rules.ps1", "south/rules.ps1"),
        ("stdin", "STDIN.ps1"),
    ],
)
def test_sr503_two_files_of_one_name(one: str, two: str) -> None:
    found = _findings([export(rule(), name=one), export(rule("Other", 2), name=two)])
    finding = the("SR503", found)
    assert one in finding.message
    assert two in finding.message


def test_sr503_not_for_a_file_that_is_not_written() -> None:
    both = [export(rule(), name="rules.ps1"), export(out_of_box(), name="Rules.ps1")]
    assert errors(_findings(both)) == []


def test_all_refusals_are_told_at_once() -> None:
    one = export(replace(rule(), precedence_before=guid(77)), name="one.ps1")
    two = export(rule("Other", connector=A2), name="ONE.ps1")
    assert set(errors(_findings([one, two]))) >= {"SR411", "SR412", "SR503"}
