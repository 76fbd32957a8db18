"""Which files an earlier run mapped to this staging server, and which to the one before it."""

from __future__ import annotations

from dataclasses import replace

import pytest

import syncrules
from support.builders import (
    A1,
    A2,
    B1,
    B2,
    ENTRA,
    STAGING,
    codes,
    errors,
    export,
    guid,
    out_of_box,
    rule,
    server,
    staging_with,
    text_of,
    the,
)
from support.known_servers import complete, forest
from syncrules import Server
from syncrules.migration.output_names import PROLOGUE_START
from syncrules.rules.guids import ZERO_GUID

C1 = "cccccccc-1111-4111-8111-111111111111"
CONTOSO = "contoso.com"
NAME = "In from AD - User Common"
CUSTOM = rule("In from AD - User Custom", 1)
PLACED = replace(CUSTOM, precedence=0, precedence_before=guid(900))


def _server(connector: str, number: int, *more: syncrules.SyncRule) -> Server:
    """Return a server that is known completely, with one out-of-box rule of its own identifier."""
    return complete(forest(connector, CONTOSO), rules=(out_of_box(NAME, number, connector), *more))


OLD, NOW, NEXT = _server(A1, 900), _server(B1, 800), _server(C1, 700)
"""The servers of two migrations: from the old one to the one of now, from that to the next."""


def _mapped(moving: syncrules.SyncRule = PLACED) -> syncrules.Export:
    """Return what the first migration wrote."""
    written = syncrules.plan(export(moving), active=OLD, staging=NOW).output()
    return syncrules.parse(written["custom.ps1"], "custom.ps1")


def _becomes(plan: syncrules.Plan) -> list[tuple[str, str | None]]:
    assert errors(plan.diagnostics) == []
    return [(r.after.connector, r.after.precedence_before) for r in plan.rules]


def test_with_the_same_servers_nothing_changes() -> None:
    again = syncrules.plan(_mapped(), active=OLD, staging=NOW)
    assert again.output() == {"custom.ps1": bytes(_mapped())}
    assert [r.origin.is_mapped for r in again.rules] == [True]


@pytest.mark.parametrize(
    ("active", "staging"),
    [
        pytest.param(NOW, NEXT, id="both known completely"),
        pytest.param(Server(), NEXT, id="staging lacks the connector"),
        pytest.param(NOW, staging_with(C1), id="active has it and staging does not show it"),
    ],
)
def test_in_the_next_migration_it_is_an_export_like_any_other(
    active: Server, staging: Server
) -> None:
    planned = syncrules.plan(_mapped(CUSTOM), active=active, staging=staging)
    assert _becomes(planned) == [(C1, ZERO_GUID)]
    assert [r.origin.is_mapped for r in planned.rules] == [False]
    (data,) = planned.output().values()
    assert data.count(PROLOGUE_START.encode()) == 1
    assert B1.encode() + b" -> " + C1.encode() in data
    assert A1.encode() not in data


def test_in_the_next_migration_its_references_are_mapped_too() -> None:
    planned = syncrules.plan(_mapped(), active=NOW, staging=NEXT)
    assert _becomes(planned) == [(C1, guid(700))]


def test_a_file_of_the_entra_connector_alone_is_known_by_the_rule_that_it_names() -> None:
    def known(number: int) -> Server:
        return complete(rules=(replace(out_of_box(NAME, number), connector=ENTRA),))

    moving = replace(PLACED, connector=ENTRA)
    once = syncrules.plan(export(moving), active=known(900), staging=known(800)).output()
    again = syncrules.parse(once["custom.ps1"], "custom.ps1")
    planned = syncrules.plan(again, active=known(800), staging=known(700))
    assert _becomes(planned) == [(ENTRA, guid(700))]
    assert planned.output()["custom.ps1"].count(PROLOGUE_START.encode()) == 1
    shown = export(replace(out_of_box(NAME, 800), connector=ENTRA), name="shown.ps1")
    assert _becomes(syncrules.plan([again, shown], staging=known(700))) == [(ENTRA, guid(700))]


def test_one_rule_that_names_the_active_servers_tells_it_of_all_in_the_file() -> None:
    first = replace(rule("In from AAD - First", 1, ENTRA))
    second = replace(PLACED, identifier=guid(2), connector=ENTRA)
    third = replace(second, identifier=guid(3), precedence_before=guid(1))
    theirs = replace(out_of_box(NAME, 900), connector=ENTRA)
    here, there, later = (
        complete(rules=(replace(theirs, identifier=guid(n)),)) for n in (900, 800, 700)
    )
    once = syncrules.plan(export(first, second, third), active=here, staging=there).output()
    again = syncrules.parse(once["custom.ps1"], "custom.ps1")
    planned = syncrules.plan(again, active=there, staging=later)
    assert [r.origin.is_mapped for r in planned.rules] == [False] * 3
    same = syncrules.plan(again, active=here, staging=there)
    assert [r.origin.is_mapped for r in same.rules] == [True] * 3


def test_a_custom_rule_that_moves_along_tells_nothing_of_a_file() -> None:
    one = rule("In from AAD - One", 1, ENTRA)
    naming = replace(one, name="In from AAD - Two", identifier=guid(2), precedence=0)
    naming = replace(naming, precedence_after=guid(1))
    active, staging = complete(rules=(one, naming)), complete()
    once = syncrules.plan(export(one, naming), active=active, staging=staging).output()
    again = syncrules.plan(
        syncrules.parse(once["custom.ps1"], "custom.ps1"), active=active, staging=staging
    )
    assert again.output() == once
    assert [r.origin.is_mapped for r in again.rules] == [True, True]


def test_entras_rules_are_as_the_others_of_their_file_where_one_is_of_another_server() -> None:
    entra = rule("In from AAD - Custom", 2, ENTRA)
    other = rule("In from AD - Other", 3, C1)
    text = _mapped(CUSTOM).source.text + text_of(entra, other)
    planned = syncrules.plan(
        syncrules.parse(text, "custom.ps1"), active=OLD, staging=NOW, leave=other.name
    )
    assert {r.before.name: r.origin.is_mapped for r in planned.rules} == {
        CUSTOM.name: True,
        entra.name: False,
    }


def test_sr412_says_how_to_go_on_where_it_is_not_known_which_server_is_meant() -> None:
    def known(number: int) -> Server:
        return server(export(replace(out_of_box(NAME, number), connector=ENTRA)))

    moving = replace(PLACED, connector=ENTRA)
    once = syncrules.plan(export(moving), active=known(900), staging=known(800)).output()
    again = syncrules.parse(once["custom.ps1"], "custom.ps1")
    refused = syncrules.plan(again, active=known(800), staging=known(700))
    finding = the("SR412", refused.diagnostics)
    assert NAME in finding.message
    assert "delete the lines above its first New-ADSyncRule" in finding.hint
    text = again.source.text
    followed = syncrules.parse(text[text.index("New-ADSyncRule") :], "custom.ps1")
    planned = syncrules.plan(followed, active=known(800), staging=known(700))
    assert _becomes(planned) == [(ENTRA, guid(700))]


def test_rules_of_both_servers_in_one_file_are_each_what_their_connector_says() -> None:
    other = replace(rule("In from AD - User Other", 2), connector=A1)
    mixed = syncrules.parse(_mapped(CUSTOM).source.text + text_of(other), "custom.ps1")
    planned = syncrules.plan(mixed, active=OLD, staging=NOW)
    assert _becomes(planned) == [(B1, ZERO_GUID), (B1, ZERO_GUID)]
    assert [r.origin.is_mapped for r in planned.rules] == [True, False]
    (data,) = planned.output().values()
    assert data.count(PROLOGUE_START.encode()) == 1
    assert data.count(f"# Connector {A1} -> {B1}".encode()) == 1
    again = syncrules.plan(syncrules.parse(data, "custom.ps1"), active=OLD, staging=NOW)
    assert again.output() == {"custom.ps1": data}


def test_the_prologue_of_such_a_file_names_the_connectors_that_were_mapped_now() -> None:
    other = rule("In from AD - User Other", 2, A2)
    old, new = (
        complete(forest(one, CONTOSO), forest(two, "fabrikam.com"))
        for one, two in ((A1, A2), (B1, B2))
    )
    mixed = syncrules.parse(_mapped(CUSTOM).source.text + text_of(other), "custom.ps1")
    (data,) = syncrules.plan(mixed, active=old, staging=new).output().values()
    assert f"# Connector {A2} -> {B2} (".encode() in data
    assert data.count(PROLOGUE_START.encode()) == 1


def test_sr402_a_connector_that_both_servers_show_is_of_the_wrong_server() -> None:
    planned = syncrules.plan(_mapped(CUSTOM), active=NOW, staging=NOW)
    assert errors(planned.diagnostics)[0] == "SR402"


def test_a_connector_that_only_map_names_is_stagings() -> None:
    moving = replace(CUSTOM, connector=A1)
    entra = staging_with(ENTRA, kind="AAD")
    once = syncrules.plan(export(moving), staging=entra, mapping={A1: B1}).output()
    again = syncrules.parse(once["custom.ps1"], "custom.ps1")
    planned = syncrules.plan(again, staging=entra, mapping={A1: B1})
    assert planned.output() == once


def test_a_connector_that_map_maps_is_the_active_servers() -> None:
    planned = syncrules.plan(_mapped(CUSTOM), staging=staging_with(B1, C1), mapping={B1: C1})
    assert _becomes(planned) == [(C1, ZERO_GUID)]
    assert [r.origin.is_mapped for r in planned.rules] == [False]


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param(lambda text: text, id="as it was written"),
        pytest.param(lambda text: text.replace("'Stop'\r\n\r\n", "'Stop'\r\n"), id="one line less"),
        pytest.param(
            lambda text: text.replace("$ErrorActionPreference = 'Stop'\r\n", ""),
            id="without the preference",
        ),
    ],
)
def test_no_prologue_stands_twice(edited: object) -> None:
    assert callable(edited)
    again = syncrules.parse(edited(_mapped(CUSTOM).source.text), "custom.ps1")
    (data,) = syncrules.plan(again, active=NOW, staging=NEXT).output().values()
    for once in ("# Mapped to", "# Run it there", "# Connector", "# It stops", "$ErrorActionPref"):
        assert data.count(once.encode()) == 1
    assert b"'Stop'\r\n\r\nNew-ADSyncRule" in data


def test_sr464_a_clone_in_a_mapped_file_is_told_where_no_file_shows_its_original() -> None:
    clone = replace(
        rule("In from AD - User Join - Cloned", 1),
        join_filter=((syncrules.JoinCondition("objectGUID", "sourceAnchorBinary", False),),),
    )
    here = replace(out_of_box(), disabled=True, join_filter=clone.join_filter)
    once = syncrules.plan([export(clone), export(here, name="b.ps1")], staging=STAGING)
    again = syncrules.parse(once.output()["custom.ps1"], "custom.ps1")
    assert "SR464" in codes(syncrules.plan(again, staging=STAGING).diagnostics)
    known = syncrules.plan(again, active=server(export(here)), staging=STAGING, mapping={A1: B1})
    assert "SR450" in codes(known.diagnostics)
