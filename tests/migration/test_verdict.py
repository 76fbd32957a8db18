"""The line that a report begins and ends with: it counts what its reader would count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

import syncrules
from support.builders import A1, B1, export, out_of_box, rule, server, staging_with
from support.known_servers import complete, forest
from support.pages import big_plan, sample_plan
from syncrules.migration.plan import Plan
from syncrules.migration.verdict import kit_verdict, verdict
from syncrules.pairing.connector_pairs import Basis
from syncrules.wording import counted

PLANS: dict[str, Callable[[], Plan]] = {
    "swing": lambda: sample_plan("swing"),
    "forests": lambda: sample_plan("forests"),
    "hostile": big_plan,
}


@pytest.mark.parametrize("name", PLANS)
def test_each_part_is_the_count_of_what_the_plan_has(name: str) -> None:
    plan = PLANS[name]()
    files = len(plan.files)
    assumed = sum(pair.basis == Basis.ASSUMED for pair in plan.pairs)
    severities = [found.severity.value for found in plan.diagnostics]

    due = [f"{counted(len(plan.rules), 'rule')} in {counted(files, 'file')}"]
    due += [f"{counted(assumed, 'connector pair')} assumed"] * bool(assumed)
    due += [
        counted(severities.count(s), s) if s in severities else "no warnings"
        for s in ("error", "warning", "note")
        if s in severities or s == "warning"
    ]
    due += [f"{counted(len(plan.not_checked), 'thing')} not checked"] * bool(plan.not_checked)
    assert list(verdict(plan)) == due


def test_an_assumed_pair_is_told_and_one_that_was_given_is_not() -> None:
    def of(mapping: dict[str, str]) -> tuple[str, ...]:
        exports = [export(rule("One", 1), name="a.ps1"), export(rule("Two", 2), name="b.ps1")]
        return verdict(syncrules.plan(exports, staging=staging_with(B1), mapping=mapping))

    assert of({})[:2] == ("2 rules in 2 files", "1 connector pair assumed")
    assert "assumed" not in " ".join(of({A1: B1}))


def test_that_nothing_warns_is_said_and_what_there_is_nothing_of_is_not() -> None:
    there, here = (
        complete(forest(c, "contoso.com"), rules=(replace(out_of_box(), connector=c),), name=n)
        for c, n in ((B1, "new"), (A1, "old"))
    )
    plan = syncrules.plan([export(rule())], staging=there, active=here)
    quiet = replace(plan, diagnostics=(), unchecked=())

    assert verdict(quiet) == ("1 rule in 1 file", "no warnings")
    assert kit_verdict(quiet, (), 9) == ("1 rule in a kit of 9 files", "no warnings")
    assert verdict(replace(quiet, rules=())) == ("No rule moves", "no warnings")


def test_findings_of_the_run_are_counted_where_they_are_given() -> None:
    refused = syncrules.plan([export(rule())], staging=server())

    assert "1 error" in verdict(refused, [d for d in refused.diagnostics if d.is_error][:1])
    assert "error" not in " ".join(verdict(refused, ()))
    assert "no warnings" in verdict(refused, ())
