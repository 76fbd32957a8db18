"""Identifiers of the rules that move: kept or fresh, and none that staging has already."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import (
    A1,
    B1,
    ENTRA,
    codes,
    errors,
    export,
    guid,
    out_of_box,
    rule,
    server,
    text_of,
    the,
)
from syncrules import Server, SyncRule
from syncrules.rules.guids import ZERO_GUID

NOTHING = server()
CUSTOM = rule("Out to AAD - Custom", 1, ENTRA)


def _plan(
    *rules: SyncRule, staging: Server = NOTHING, new_identifiers: str | None = None
) -> syncrules.Plan:
    return syncrules.plan(
        [export(*rules)], staging=staging, new_identifiers=new_identifiers, bare=True
    )


# ---- Taken: SR430, SR431 -------------------------------------------------------------------------


def test_sr430_staging_has_a_rule_of_this_identifier() -> None:
    there = server(export(replace(CUSTOM, name="Other", precedence=60), name="new.ps1"))
    planned = _plan(CUSTOM, staging=there)
    assert errors(planned.diagnostics) == ["SR430"]
    finding = the("SR430", planned.diagnostics)
    assert "'Other' (new.ps1)" in finding.message
    assert "--identifiers new" in finding.hint
    assert finding.excerpt == f"-Identifier '{guid(1)}' `"


def test_sr430_is_settled_by_its_own_hint() -> None:
    there = server(export(replace(CUSTOM, name="Other", precedence=60)))
    assert codes(_plan(CUSTOM, staging=there, new_identifiers="x").diagnostics) == []


def test_sr430_not_for_the_identifier_of_a_rule_that_is_left_out() -> None:
    standard = out_of_box("Out to AAD - User Join", 900, ENTRA)
    assert codes(_plan(CUSTOM, standard, staging=server(export(standard))).diagnostics) == []


def test_sr431_staging_has_a_custom_rule_of_the_same_name_connector_and_direction() -> None:
    there = server(export(replace(CUSTOM, identifier=guid(2), precedence=60), name="new.ps1"))
    planned = _plan(CUSTOM, staging=there)
    assert errors(planned.diagnostics) == ["SR431"]
    assert "(new.ps1)" in the("SR431", planned.diagnostics).message


def test_sr431_looks_at_the_connector_that_the_rule_goes_to() -> None:
    there = export(replace(rule(), identifier=guid(2), precedence=60, connector=B1))
    planned = syncrules.plan([export(rule())], staging=server(there), mapping={A1: B1})
    assert errors(planned.diagnostics) == ["SR431"]


def test_sr431_not_for_another_direction_or_connector_nor_for_an_out_of_box_rule() -> None:
    others = (
        replace(CUSTOM, identifier=guid(2), precedence=60, direction="Outbound"),
        replace(CUSTOM, identifier=guid(3), precedence=61, connector=B1),
        replace(out_of_box(CUSTOM.name, 900, ENTRA), precedence=100),
    )
    assert codes(_plan(CUSTOM, staging=server(export(*others))).diagnostics) == []


# ---- Fresh ---------------------------------------------------------------------------------------


def test_rules_keep_their_identifiers() -> None:
    planned = _plan(CUSTOM)
    assert [m.after.identifier for m in planned.rules] == [guid(1)]
    assert planned.edits == ()


def test_a_fresh_identifier_stands_wherever_the_old_one_stood() -> None:
    named = rule("Out to AAD - Second", 2, ENTRA)
    planned = _plan(
        CUSTOM,
        replace(named, precedence_before=guid(1)),
        replace(rule("Out to AAD - Third", 3, ENTRA), precedence_after=guid(2)),
        new_identifiers="seed",
    )
    assert errors(planned.diagnostics) == []
    first, second, third = (m.after for m in planned.rules)
    assert (second.precedence_before, third.precedence_after) == (
        first.identifier,
        second.identifier,
    )
    (data,) = planned.output().values()
    for number in (1, 2, 3):
        assert guid(number) not in data.decode()
    # -Identifier, and Get-ADSyncRule behind the rule.
    assert data.decode().count(f"-Identifier '{first.identifier}'") == 2


@given(st.text(max_size=5), st.text(max_size=5))
def test_the_same_seed_gives_the_same_identifiers_and_another_gives_others(
    one: str, other: str
) -> None:
    rules = CUSTOM, rule("Out to AAD - Second", 2, ENTRA)
    first, second = (
        [m.after.identifier for m in _plan(*rules, new_identifiers=seed).rules]
        for seed in (one, other)
    )
    assert (first == second) == (one == other)
    assert len({*first, guid(1), guid(2)}) == 4
    assert all(UUID(identifier) for identifier in first)


def test_a_rule_without_an_identifier_gets_none() -> None:
    text = text_of(CUSTOM).replace(f"-Identifier '{guid(1)}' `\r\n", "")
    text = "\r\n".join(line for line in text.splitlines() if "Get-ADSyncRule" not in line)
    text = text.replace(f"-Identifier '{guid(1)}'", "").rstrip() + "\r\n"
    planned = syncrules.plan(
        [syncrules.parse(text)], staging=NOTHING, new_identifiers="seed", bare=True
    )
    assert [m.after.identifier for m in planned.rules] == [None]


def test_a_rule_that_was_mapped_before_keeps_its_identifier() -> None:
    once = syncrules.plan([export(CUSTOM)], staging=NOTHING, new_identifiers="seed").output()
    again = syncrules.plan(
        [syncrules.parse(once["custom.ps1"], "custom.ps1")],
        staging=NOTHING,
        new_identifiers="other",
    )
    assert again.output() == once


def test_a_reference_to_an_out_of_box_rule_is_not_made_fresh() -> None:
    here = out_of_box("Out to AAD - User Join", 900, ENTRA)
    planned = _plan(
        here,
        replace(CUSTOM, precedence_before=guid(900), precedence_after=ZERO_GUID),
        staging=server(export(replace(here, identifier=guid(800)))),
        new_identifiers="seed",
    )
    assert [m.after.precedence_before for m in planned.rules] == [guid(800)]
