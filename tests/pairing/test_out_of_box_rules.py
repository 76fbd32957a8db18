"""Which out-of-box rule is which: seen by what a reference becomes, and by what is disabled."""

from __future__ import annotations

from dataclasses import replace

import pytest

import syncrules
from support.builders import A1, ENTRA, errors, export, guid, out_of_box, rule, server, the
from syncrules import SyncRule
from syncrules.rules.guids import ZERO_GUID

HERE = replace(out_of_box("Out to AAD - User Join", 900, ENTRA), disabled=True)
THERE = replace(HERE, identifier=guid(800), disabled=False)
TWIN = replace(
    HERE, identifier=guid(901), immutable_tag="Microsoft.OuttoAADPersonJoin.001", precedence=101
)
CUSTOM = rule("Out to AAD - Custom", 1, ENTRA)


def _plan(*moving: SyncRule, active: tuple[SyncRule, ...], staging: SyncRule) -> syncrules.Plan:
    return syncrules.plan(
        [export(*moving)],
        staging=server(export(staging, name="new.ps1")),
        active=server(export(*active, name="old.ps1")),
    )


def _before(identifier: str) -> SyncRule:
    return replace(CUSTOM, precedence=0, precedence_before=identifier)


# ---- One of staging's is of one of the active server's only --------------------------------------


def test_the_tag_tells_which_of_two_rules_of_one_name_is_staging_s() -> None:
    planned = _plan(CUSTOM, active=(HERE, TWIN), staging=THERE)
    assert [p.active.identifier for p in planned.disabled] == [guid(900)]


def test_a_rule_of_staging_that_two_could_be_is_neither_and_is_not_disabled_for_both() -> None:
    renewed = replace(THERE, immutable_tag="Microsoft.OuttoAADAnybodyJoin.001")
    planned = _plan(CUSTOM, active=(HERE, TWIN), staging=renewed)
    assert planned.disabled == ()
    (finding,) = planned.diagnostics
    assert finding.code == "SR415"
    assert "is not known" in finding.message
    assert finding.rows == tuple((f"'{rule.name}'", rule.immutable_tag) for rule in (HERE, TWIN))


def test_sr422_nor_does_a_reference_go_there() -> None:
    renewed = replace(THERE, immutable_tag="Microsoft.OuttoAADAnybodyJoin.001")
    elsewhere = replace(HERE, identifier=guid(902), connector=A1)
    planned = _plan(_before(guid(900)), active=(HERE, TWIN, elsewhere), staging=renewed)
    assert errors(planned.diagnostics) == ["SR422"]
    finding = the("SR422", planned.diagnostics)
    for part in (HERE.immutable_tag, TWIN.immutable_tag, renewed.immutable_tag):
        assert part is not None
        assert part in finding.message
    assert guid(800) in finding.hint


def test_a_disabled_clone_with_the_tag_disables_nothing() -> None:
    """Its name, or its precedence, shows that it may not be staging's rule."""
    low = replace(HERE, precedence=20)
    planned = _plan(CUSTOM, low, active=(), staging=THERE)
    assert planned.disabled == ()
    assert "no script does" in the("SR414", planned.diagnostics).hint
    assert (
        "no script"
        not in the(
            "SR414",
            _plan(CUSTOM, replace(low, disabled=False), active=(), staging=THERE).diagnostics,
        ).hint
    )
    named = replace(HERE, name="Out to AAD - User Join Contoso")
    planned = _plan(CUSTOM, named, active=(), staging=THERE)
    assert errors(planned.diagnostics) == ["SR458"]
    assert planned.disabled == ()


def test_sr421_nor_does_a_reference_to_one_go_to_staging_s() -> None:
    low = replace(HERE, precedence=20)
    planned = _plan(_before(guid(900)), low, active=(), staging=THERE)
    assert errors(planned.diagnostics) == ["SR421"]
    assert "20" in the("SR421", planned.diagnostics).message


@pytest.mark.parametrize(
    ("here", "there"),
    [(HERE, replace(THERE, identifier=None)), (replace(HERE, identifier=None), THERE)],
)
def test_a_rule_that_nothing_identifies_is_none_that_is_sure(
    here: SyncRule, there: SyncRule
) -> None:
    planned = _plan(CUSTOM, active=(here,), staging=there)
    assert planned.disabled == ()
    planned = _plan(_before(guid(900)), active=(here,), staging=there)
    assert errors(planned.diagnostics) in (["SR412"], ["SR423"])


# ---- Rules that look custom ----------------------------------------------------------------------


@pytest.mark.parametrize("precedence", [99, 100])
def test_the_first_out_of_box_rule_may_show_99(precedence: int) -> None:
    """Source: Microsoft's version history."""
    there = replace(THERE, precedence=precedence)
    planned = _plan(_before(guid(900)), active=(HERE,), staging=there)
    assert errors(planned.diagnostics) == []
    assert [m.after.precedence_before for m in planned.rules] == [guid(800)]
    assert [p.staging.identifier for p in planned.disabled] == [guid(800)]


def test_a_rule_at_98_is_none_that_microsoft_put_there() -> None:
    there = replace(THERE, precedence=98)
    planned = _plan(_before(guid(900)), active=(HERE,), staging=there)
    assert errors(planned.diagnostics) == ["SR423"]
    assert planned.disabled == ()
    assert {m.after.precedence_before for m in planned.rules} <= {guid(900), ZERO_GUID}
