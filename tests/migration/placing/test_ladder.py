"""The staging server's rules in the order of their precedence, before and after the move."""

from __future__ import annotations

from dataclasses import replace

import syncrules
from support.builders import ENTRA, errors, export, guid, out_of_box, rule, server
from syncrules.exports.layout import script_text


def test_rules_stand_in_the_order_that_the_server_shows_in_the_end() -> None:
    standard = (
        out_of_box("Out to AAD - One", 900, ENTRA),
        out_of_box("Out to AAD - Two", 901, ENTRA),
    )
    placed = replace(
        rule("Out to AAD - Placed", 1, ENTRA), precedence=0, precedence_before=guid(901)
    )
    first = replace(rule("Out to AAD - First", 2, ENTRA), precedence=3)
    planned = syncrules.plan([export(placed, first)], staging=server(export(*reversed(standard))))
    assert errors(planned.diagnostics) == []
    assert [(r.name, r.before, r.after) for r in planned.ladder] == [
        ("Out to AAD - First", None, 3),
        ("Out to AAD - One", 100, 100),
        ("Out to AAD - Placed", None, 101),
        ("Out to AAD - Two", 101, 102),
    ]


def test_rules_whose_number_is_not_known_stand_last() -> None:
    text = script_text([out_of_box("Out to AAD - Somewhere", 900, ENTRA)])
    there = syncrules.parse(text.replace("-Precedence 100 `\r\n", ""), "new.ps1")
    placed = replace(
        rule("Out to AAD - Placed", 1, ENTRA), precedence=0, precedence_before=guid(900)
    )
    known = replace(rule("Out to AAD - Known", 2, ENTRA), precedence=60)
    planned = syncrules.plan([export(placed, known)], staging=server(there))
    first, *others = ((r.name, r.after) for r in planned.ladder)
    assert first == ("Out to AAD - Known", 60)
    assert sorted(others) == [("Out to AAD - Placed", None), ("Out to AAD - Somewhere", None)]


def test_a_rung_tells_what_the_rule_is_and_whether_it_moves() -> None:
    standard = replace(out_of_box("Out to AAD - One", 900, ENTRA), direction="Outbound")
    custom = rule("Out to AAD - Custom", 1, ENTRA)
    planned = syncrules.plan([export(custom)], staging=server(export(standard)))
    assert [tuple(rung) for rung in planned.ladder] == [
        ("Out to AAD - Custom", ENTRA, "Inbound", None, 50, True, False),
        ("Out to AAD - One", ENTRA, "Outbound", 100, 100, False, True),
    ]


def test_a_rung_has_no_direction_where_no_file_shows_it() -> None:
    staging = server(export(out_of_box("Out to AAD - One", 900, ENTRA)))
    (known,) = staging.rules
    staging = replace(staging, rules=(replace(known, direction=None),))
    planned = syncrules.plan([export(rule("Out to AAD - Custom", 1, ENTRA))], staging=staging)
    assert [r.direction for r in planned.ladder] == ["Inbound", ""]
