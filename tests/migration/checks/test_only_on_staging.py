"""Rules that the staging server has and the active server does not, both known completely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

import syncrules
from support.builders import (
    A1,
    A2,
    B1,
    B2,
    ENTRA,
    codes,
    export,
    guid,
    out_of_box,
    rule,
    server,
    the,
)
from support.known_servers import complete, forest
from syncrules import Plan, Server, Severity, SyncRule

CUSTOM = rule("Custom", 1, ENTRA)
ADDED = rule("Added", 700, B1)
JOIN = out_of_box()
THERE = replace(JOIN, identifier=guid(800), connector=B1)
NEW = out_of_box("In from AD - User Lync", 801, B1)

UNPAIRED = guid(99)
ACTIVE = (forest(A1, "contoso.com"), forest(A2, "fabrikam.com"))
STAGING = (forest(B1, "contoso.com"), forest(B2, "fabrikam.com"))


def _plan(
    *there: SyncRule,
    here: Iterable[SyncRule] = (JOIN,),
    moving: SyncRule = CUSTOM,
    staging: Server | None = None,
    active: Server | None = None,
) -> Plan:
    return syncrules.plan(
        [export(moving)],
        staging=staging or complete(*STAGING, rules=(THERE, *there), name="new"),
        active=active or complete(*ACTIVE, rules=(moving, *here)),
    )


# ---- Custom rules: SR462 -------------------------------------------------------------------------


def test_sr462_a_custom_rule_that_only_staging_has() -> None:
    planned = _plan(ADDED, rule("Other", 701, ENTRA))
    (finding,) = planned.diagnostics
    assert finding.code == "SR462"
    assert finding.severity is Severity.WARNING
    assert finding.file == "new"
    assert finding.rows == (
        ("'Added' (contoso.com)", guid(700)),
        ("'Other' (contoso.onmicrosoft.com - AAD)", guid(701)),
    )
    (step,) = (s for s in planned.to_do if "only it has" in s.text)
    assert "'Added' (contoso.com), 'Other' (" in step.text
    assert not step.done_by_kit


def test_sr462_a_disabled_one_is_a_note_and_nothing_to_do() -> None:
    planned = _plan(replace(ADDED, disabled=True))
    finding = the("SR462", planned.diagnostics)
    assert finding.severity is Severity.NOTE
    assert "disabled" in finding.message
    assert not [s for s in planned.to_do if "only it has" in s.text]


@pytest.mark.parametrize(
    "here",
    [
        pytest.param(replace(ADDED, name="Renamed", connector=A1), id="by identifier"),
        pytest.param(replace(ADDED, identifier=guid(7), connector=A1), id="by name"),
        pytest.param(
            replace(ADDED, identifier=guid(7), connector=UNPAIRED), id="a connector without a pair"
        ),
    ],
)
def test_sr462_not_for_a_rule_that_the_active_server_has(here: SyncRule) -> None:
    found = _plan(ADDED, here=(JOIN, here)).diagnostics
    assert "SR462" not in codes(found)  # SR454 says that it stays behind


@pytest.mark.parametrize(
    "here",
    [
        pytest.param(replace(ADDED, identifier=guid(7), connector=A2), id="another connector"),
        pytest.param(
            replace(ADDED, identifier=guid(7), connector=A1, direction="Outbound"),
            id="another direction",
        ),
    ],
)
def test_sr462_not_silenced_by_a_rule_that_only_has_the_name(here: SyncRule) -> None:
    assert "SR462" in codes(_plan(ADDED, here=(JOIN, here)).diagnostics)


def test_sr462_for_a_clone_that_has_the_name_of_an_out_of_box_rule() -> None:
    assert "SR462" in codes(_plan(rule(JOIN.name, 700, B1)).diagnostics)


def test_sr462_not_for_a_rule_whose_tag_no_file_shows() -> None:
    staging = complete(*STAGING, rules=(THERE,), name="new")
    unknown = replace(complete(*STAGING, rules=(ADDED,)).rules[0], immutable_tag=None)
    planned = _plan(staging=replace(staging, rules=(*staging.rules, unknown)))
    assert "SR462" not in codes(planned.diagnostics)


def test_sr462_after_a_rule_that_both_servers_have() -> None:
    finding = the("SR462", _plan(CUSTOM, ADDED).diagnostics)
    assert "'Added'" in finding.message
    assert CUSTOM.name not in finding.message


def test_sr462_not_for_a_rule_that_moves_there() -> None:
    same = replace(CUSTOM, identifier=guid(700), precedence=60)
    assert codes(_plan(same).diagnostics) == ["SR431"]
    assert codes(_plan(replace(CUSTOM, name="Renamed", precedence=60)).diagnostics) == ["SR430"]


def test_sr462_not_for_a_rule_that_was_moved_there_under_a_fresh_identifier() -> None:
    once = syncrules.plan([export(CUSTOM)], staging=complete(), new_identifiers="seed")
    (planned,) = once.rules
    renamed = replace(planned.after, name="Renamed")
    again = syncrules.plan(
        [export(CUSTOM)],
        staging=complete(*STAGING, rules=(THERE, renamed)),
        active=complete(*ACTIVE, rules=(CUSTOM, JOIN)),
        new_identifiers="seed",
    )
    assert codes(again.diagnostics) == ["SR430"]


# ---- Out-of-box rules: SR463 ---------------------------------------------------------------------


def test_sr463_out_of_box_rules_that_only_staging_has() -> None:
    planned = _plan(NEW)
    assert codes(planned.diagnostics) == ["SR463"]
    finding = the("SR463", planned.diagnostics)
    assert finding.severity is Severity.WARNING
    assert finding.file == "new"
    assert "'In from AD - User Lync'" in finding.message
    assert "of contoso.com that" in finding.message


def test_sr463_connectors_with_the_same_rules_are_one_finding() -> None:
    lync = replace(NEW, identifier=guid(802), connector=B2)
    finding = the(
        "SR463",
        _plan(
            NEW,
            lync,
            replace(THERE, connector=B2),
            here=(JOIN, replace(JOIN, identifier=guid(902), connector=A2)),
        ).diagnostics,
    )
    assert "contoso.com and fabrikam.com" in finding.message
    assert finding.message.count("'In from AD - User Lync'") == 1


def test_sr463_connectors_with_other_rules_are_findings_of_their_own() -> None:
    device = out_of_box("Out to AAD - Device Join", 803, ENTRA)
    assert codes(_plan(NEW, device).diagnostics) == ["SR463", "SR463"]


def test_sr463_names_not_all_of_many() -> None:
    many = [out_of_box(f"In from AD - New {n}", 810 + n, B1) for n in range(9)]
    message = the("SR463", _plan(*many).diagnostics).message
    assert "'In from AD - New 4' and 4 more" in message
    assert "New 5" not in message
    message = the("SR463", _plan(*many[:5]).diagnostics).message
    assert "more" not in message


@pytest.mark.parametrize(
    ("there", "here"),
    [
        pytest.param(replace(NEW, disabled=True), (JOIN,), id="disabled"),
        pytest.param(
            NEW,
            (JOIN, replace(NEW, identifier=guid(901), connector=A1, disabled=True)),
            id="disabled on the active server",
        ),
        pytest.param(
            replace(NEW, immutable_tag="Microsoft.InfromADUserLyncV2.001"),
            (JOIN, replace(NEW, identifier=guid(901), connector=A1)),
            id="another tag",
        ),
        pytest.param(
            replace(NEW, name="In from AD - User Teams"),
            (JOIN, replace(NEW, identifier=guid(901), connector=A1)),
            id="another name",
        ),
        pytest.param(
            NEW,
            (JOIN, replace(NEW, identifier=guid(901), connector=UNPAIRED)),
            id="a connector without a pair",
        ),
    ],
)
def test_sr463_not_for_what_the_active_server_has_or_what_does_nothing(
    there: SyncRule, here: tuple[SyncRule, ...]
) -> None:
    assert "SR463" not in codes(_plan(there, here=here).diagnostics)


def test_sr463_a_rule_of_another_connector_does_not_excuse_it() -> None:
    elsewhere = replace(NEW, identifier=guid(901), connector=A2)
    assert "SR463" in codes(_plan(NEW, here=(JOIN, elsewhere)).diagnostics)


def test_sr463_not_below_100_which_sr414_tells() -> None:
    found = _plan(replace(NEW, precedence=60)).diagnostics
    assert codes(found) == ["SR414"]


# ---- Evidence ------------------------------------------------------------------------------------


def test_nothing_is_absent_from_a_server_that_is_not_known_completely() -> None:
    more = (ADDED, NEW)
    selected = server(export(THERE, *more, name="new.ps1"))
    assert codes(_plan(staging=selected).diagnostics) == []
    partly = server(export(CUSTOM, JOIN))
    assert codes(_plan(*more, active=partly).diagnostics) == []


def test_sr463_for_a_rule_whose_clone_alone_the_active_server_has() -> None:
    clone = replace(NEW, identifier=guid(901), connector=A1, immutable_tag="")
    assert "SR463" in codes(_plan(NEW, here=(JOIN, clone)).diagnostics)
