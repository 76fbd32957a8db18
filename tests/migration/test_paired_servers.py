"""What is known of the active server: from its files, and from the exports that are given."""

from __future__ import annotations

from dataclasses import replace

import pytest

import syncrules
from support.builders import (
    A1,
    A2,
    B1,
    B2,
    STAGING,
    codes,
    errors,
    export,
    guid,
    out_of_box,
    rule,
    the,
)
from support.known_servers import complete, forest
from syncrules import LeftOutReason, Server, SyncRule
from syncrules.servers.merging import merge

FIRST, SECOND = rule("In from AD - First", 1), rule("In from AD - Second", 2)
TAGGED = replace(rule("In from AD - Special", 9), immutable_tag="Microsoft.ContosoSpecial.001")
EMPTIED = replace(TAGGED, immutable_tag="")
ANCHOR = out_of_box("In from AD - User Common", 900)


def _active(*rules: SyncRule, name: str = "old") -> Server:
    forests = forest(A1, "contoso.com"), forest(A2, "fabrikam.com")
    return complete(*forests, rules=rules, name=name)


def _staging(*rules: SyncRule) -> Server:
    return complete(forest(B1, "contoso.com"), rules=rules, name="new")


def _mapped(*rules: SyncRule, active: Server, name: str = "mapped.ps1") -> syncrules.Export:
    """Return what an earlier run wrote."""
    written = syncrules.plan(export(*rules, name=name), active=active, staging=_staging()).output()
    return syncrules.parse(written[name], name)


# ---- A tag that was emptied ----------------------------------------------------------------------


def test_a_rule_whose_tag_was_emptied_moves_again_when_its_output_is_given() -> None:
    active = _active(TAGGED, SECOND)
    once = _mapped(EMPTIED, SECOND, active=active)
    again = syncrules.plan(once, active=active, staging=_staging())
    assert errors(again.diagnostics) == []
    assert again.output() == {"mapped.ps1": bytes(once)}


@pytest.mark.parametrize("leave", [(), EMPTIED.name])
def test_it_is_told_of_once_where_another_export_shows_the_tag(leave: str) -> None:
    tagged = export(TAGGED, name="whole.ps1")
    planned = syncrules.plan([export(EMPTIED, SECOND), tagged], staging=STAGING, leave=leave)
    assert errors(planned.diagnostics) == []
    told = [(o.file, o.reason) for o in planned.left_out]
    assert told == ([("custom.ps1", LeftOutReason.ASKED_FOR)] if leave else [])


def test_it_is_told_of_where_a_file_shows_the_tag_and_not_the_rule() -> None:
    shown = _active(SECOND)
    known = replace(_active(TAGGED).rules[0], sync_rule=None)
    active = replace(shown, rules=(*shown.rules, known))
    planned = syncrules.plan(export(EMPTIED, SECOND), active=active, staging=_staging())
    assert codes(planned.diagnostics) == ["SR457"]
    assert {r.before.name for r in planned.rules} == {EMPTIED.name, SECOND.name}


def test_what_the_plan_tells_of_the_active_server_has_it_as_a_custom_rule() -> None:
    planned = syncrules.plan(
        export(EMPTIED, SECOND), active=_active(TAGGED, SECOND), staging=_staging()
    )
    assert {r.immutable_tag for r in planned.active.sync_rules} == {""}


def test_a_rule_without_an_identifier_empties_no_tag() -> None:
    nameless, tagged = (replace(r, identifier=None) for r in (FIRST, TAGGED))
    planned = syncrules.plan([export(nameless), export(tagged, name="b.ps1")], staging=STAGING)
    assert [o.rule.name for o in planned.left_out] == [TAGGED.name]
    assert [r.before.name for r in planned.rules] == [FIRST.name]


# ---- What exports show ---------------------------------------------------------------------------


def test_a_mapped_file_is_no_evidence_of_the_active_server() -> None:
    once = _mapped(FIRST, active=_active(FIRST))
    planned = syncrules.plan([once, export(SECOND)], staging=_staging(), mapping={A1: B1})
    assert [e.path for e in planned.active.evidence] == ["custom.ps1"]


def test_where_several_exports_hold_a_rule_the_first_by_name_is_told() -> None:
    join = ((syncrules.JoinCondition("objectGUID", "sourceAnchorBinary", False),),)
    original = replace(out_of_box(), disabled=True, join_filter=join)
    files = [export(FIRST, original, name="b.ps1"), export(SECOND, original, name="a.ps1")]
    for given in (files, files[::-1]):
        planned = syncrules.plan(given, staging=STAGING)
        assert the("SR415", planned.diagnostics).file == "a.ps1"


def test_a_mapped_file_does_not_hold_what_two_files_of_the_active_server_show_otherwise() -> None:
    edited = replace(FIRST, link_type="Provision")
    active = merge((_active(FIRST, name="old"), _active(edited, name="older")))
    once = _mapped(FIRST, active=_active(FIRST))
    finding = the("SR457", syncrules.plan(once, active=active, staging=_staging()).diagnostics)
    assert finding.file in ("old", "older")


def test_sr458_a_rule_without_an_identifier_is_found_in_its_export() -> None:
    nameless = replace(TAGGED, identifier=None)
    planned = syncrules.plan(export(FIRST, nameless), staging=_staging(), mapping={A1: B1})
    finding = the("SR458", planned.diagnostics)
    assert finding.file == "custom.ps1"
    assert "empty its -ImmutableTag in the export" in finding.hint


def test_an_export_of_no_rules_is_evidence_too() -> None:
    nothing = syncrules.parse("# nothing here\r\n", "empty.ps1")
    planned = syncrules.plan([export(FIRST), nothing], staging=STAGING)
    assert [e.path for e in planned.active.evidence] == ["custom.ps1", "empty.ps1"]


def test_what_stays_behind_is_told_in_the_order_in_which_the_files_are_run() -> None:
    naming = replace(SECOND, precedence=0, precedence_after=guid(1))
    behind = [out_of_box(f"In from AD - {n}", 900 + n) for n in range(3)]
    files = [
        export(naming, behind[0], name="b.ps1"),
        export(FIRST, behind[1], name="a.ps1"),
        export(rule("Third", 4), behind[2], name="c.ps1"),
    ]
    planned = syncrules.plan(files, staging=STAGING)
    assert [o.file for o in planned.left_out] == ["a.ps1", "b.ps1", "c.ps1"]
    assert [*planned.output()] == ["a.ps1", "b.ps1", "c.ps1"]


def test_a_mapped_rule_is_named_with_the_connector_that_it_has_on_staging() -> None:
    staging = complete(forest(B1, "contoso.com"), forest(B2, "fabrikam.com"))
    late = replace(rule("Late", 5, A2), precedence=150)
    once = syncrules.plan(export(late), active=_active(late), staging=staging).output()
    again = syncrules.parse(once["custom.ps1"], "custom.ps1")
    planned = syncrules.plan(again, active=_active(late), staging=staging)
    assert "'Late' (fabrikam.com)" in the("SR442", planned.diagnostics).message


# ---- The connectors that are needed --------------------------------------------------------------


def test_sr421_the_connector_of_a_custom_rule_that_does_not_move_needs_no_pair() -> None:
    other = rule("In from AD - Fabrikam", 3, A2)
    naming = replace(FIRST, precedence=0, precedence_before=guid(3))
    planned = syncrules.plan(
        export(naming, SECOND),
        active=_active(naming, SECOND, other),
        staging=_staging(),
        partial=True,
    )
    assert errors(planned.diagnostics) == ["SR421"]


def test_sr412_the_connector_of_a_rule_that_a_mapped_file_names_needs_no_pair() -> None:
    anchor = replace(ANCHOR, connector=A2)
    here = replace(anchor, identifier=guid(800), connector=B2)
    naming = replace(FIRST, precedence=0, precedence_before=guid(900))
    staging = complete(forest(B1, "contoso.com"), forest(B2, "fabrikam.com"), rules=(here,))
    once = syncrules.plan(export(naming), active=_active(naming, anchor), staging=staging)
    text = once.output()["custom.ps1"].decode().replace(guid(800), guid(900))
    again = syncrules.plan(
        syncrules.parse(text, "custom.ps1"), active=_active(anchor), staging=_staging()
    )
    assert errors(again.diagnostics) == ["SR412"]


def test_sr402_a_file_that_no_run_wrote_beside_one_that_a_run_did() -> None:
    once = _mapped(FIRST, active=_active(FIRST))
    other = export(replace(SECOND, connector=B1))
    planned = syncrules.plan([once, other], active=_active(FIRST, SECOND), staging=_staging())
    assert "SR402" in errors(planned.diagnostics)


def test_a_connector_that_a_rule_and_the_one_it_names_have_is_needed_once() -> None:
    naming = replace(FIRST, precedence=0, precedence_before=guid(900))
    planned = syncrules.plan(export(naming, ANCHOR), staging=_staging(), active=_active(ANCHOR))
    assert errors(planned.diagnostics) == ["SR423"]
    assumed = syncrules.plan(export(naming, ANCHOR), staging=STAGING)
    assert len(the("SR410", assumed.diagnostics).places) == 1
