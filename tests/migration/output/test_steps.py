"""What is told to be unchecked, and what is left to a person."""

from __future__ import annotations

from dataclasses import replace

import syncrules
from support.builders import A1, B1, ENTRA, export, guid, out_of_box, rule, server, staging_with
from support.known_servers import complete, forest
from syncrules import JoinCondition

CUSTOM = rule("Out to AAD - Custom", 1, ENTRA)


def test_only_what_no_file_is_compared_for_is_unchecked_where_both_servers_are_complete() -> None:
    planned = syncrules.plan(
        [export(CUSTOM)],
        staging=complete(metaverse=frozenset(("cloudfiltered",)), staging_mode=True),
        active=complete(rules=(CUSTOM,)),
    )
    (never,) = planned.not_checked
    assert "no file is compared" in never


def test_exports_alone_leave_a_list_with_what_would_tell() -> None:
    planned = syncrules.plan([export(rule())], staging=staging_with(B1))
    assert len(planned.not_checked) == 7
    assert all(f". To check, {one.to_check}." in str(one) for one in planned.unchecked)
    assert planned.not_checked == tuple(map(str, planned.unchecked))


def test_an_assumption_is_unchecked_and_a_confirmed_one_is_not() -> None:
    assumed = syncrules.plan([export(rule())], staging=staging_with(B1))
    confirmed = syncrules.plan([export(rule())], staging=staging_with(B1), mapping={A1: B1})
    assert len(assumed.not_checked) == len(confirmed.not_checked) + 1


def test_what_joins_twice_is_the_first_thing_to_do() -> None:
    join = ((JoinCondition("objectGUID", "sourceAnchorBinary", False),),)
    clone = replace(CUSTOM, join_filter=join)
    original = replace(out_of_box(connector=ENTRA), join_filter=join, disabled=True)
    there = replace(original, identifier=guid(800), disabled=False)
    planned = syncrules.plan([export(clone, original)], staging=server(export(there)))
    assert planned.to_do[0].text.startswith("First: run .\\disable-out-of-box.ps1")


def test_out_of_box_rules_that_no_file_shows_are_left_to_a_person() -> None:
    unknown = syncrules.plan([export(CUSTOM)], staging=staging_with(B1))
    known = syncrules.plan(
        [export(CUSTOM)],
        staging=complete(forest(B1, "contoso.com")),
        active=complete(rules=(CUSTOM,)),
    )
    assert len(unknown.to_do) == len(known.to_do) + 1
