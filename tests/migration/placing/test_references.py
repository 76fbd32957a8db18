"""References to rules: rewritten, kept, or refused with what would settle them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import (
    A1,
    A2,
    B1,
    B2,
    ENTRA,
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
from support.rule_orders import moved_as_told
from syncrules import Export, Server, SyncRule
from syncrules.rules.guids import ZERO_GUID

HERE = out_of_box("Out to AAD - User Join", 910, ENTRA)
THERE = replace(HERE, identifier=guid(810), immutable_tag="Microsoft.OuttoAADUserJoin.012")
ACTIVE, STAGING = server(export(HERE, name="old.ps1")), server(export(THERE, name="new.ps1"))


def _custom(number: int = 1, before: str = ZERO_GUID, after: str = ZERO_GUID) -> SyncRule:
    """Return a rule of Entra's connector, so that nothing is to be said of connectors."""
    made = rule(f"Out to AAD - Custom {number}", number, ENTRA)
    own = made.precedence if before == after == ZERO_GUID else 0
    return replace(made, precedence=own, precedence_before=before, precedence_after=after)


def _plan(*exports: Export, active: Server = ACTIVE, staging: Server = STAGING) -> syncrules.Plan:
    return syncrules.plan(exports, staging=staging, active=active, bare=True)


def _becomes(planned: syncrules.Plan) -> list[tuple[str | None, str | None]]:
    assert errors(planned.diagnostics) == []
    return [(m.after.precedence_before, m.after.precedence_after) for m in planned.rules]


# ---- Rewritten -----------------------------------------------------------------------------------


def test_a_reference_goes_to_the_rule_of_the_same_tag_whatever_its_version() -> None:
    planned = _plan(export(_custom(before=guid(910))))
    assert _becomes(planned) == [(guid(810), ZERO_GUID)]
    assert [(e.old, e.new, e.what) for e in planned.edits] == [
        (f"'{guid(910)}'", f"'{guid(810)}'", "precedence before")
    ]
    (pair,) = planned.rule_pairs
    assert (pair.active.identifier, pair.staging.identifier) == (guid(910), guid(810))
    assert "microsoft.outtoaaduserjoin" in pair.evidence


def test_an_after_is_rewritten_like_a_before() -> None:
    assert _becomes(_plan(export(_custom(after=guid(910))))) == [(ZERO_GUID, guid(810))]


def test_a_reference_goes_by_name_where_staging_has_no_rule_of_the_tag() -> None:
    other = replace(THERE, immutable_tag="Microsoft.OuttoAADPersonJoin.001")
    planned = _plan(export(_custom(before=guid(910))), staging=server(export(other)))
    assert _becomes(planned) == [(guid(810), ZERO_GUID)]
    assert "name" in planned.rule_pairs[0].evidence


@given(st.sampled_from([str.upper, "{{{}}}".format, lambda g: g.replace("-", "")]))
def test_a_reference_is_rewritten_in_the_form_that_it_was_written_in(
    form: Callable[[str], str],
) -> None:
    text = text_of(_custom(before=guid(910)))
    planned = _plan(syncrules.parse(text.replace(guid(910), form(guid(910))), "custom.ps1"))
    (data,) = planned.output().values()
    expected = guid(810) if form is str.upper else form(guid(810))
    assert data.decode() == text.replace(guid(910), expected)


def test_the_connector_of_a_rule_that_is_named_is_paired_though_no_rule_moves_there() -> None:
    here, there = out_of_box(connector=A1), out_of_box(number=800, connector=B1)
    planned = _plan(
        export(_custom(before=here.identifier or "")),
        active=complete(forest(A1, "contoso.com"), rules=(here,)),
        staging=complete(forest(B1, "contoso.com"), rules=(there,)),
    )
    assert "SR454" not in codes(planned.diagnostics)
    assert _becomes(planned) == [(guid(800), ZERO_GUID)]


def test_the_connector_of_a_rule_that_is_named_is_asked_for_at_the_reference() -> None:
    here = out_of_box(connector=A1)
    planned = _plan(
        export(_custom(before=here.identifier or "")),
        active=server(export(here)),
        staging=staging_with(B1, B2),
    )
    assert errors(planned.diagnostics) == ["SR406"]
    assert "-PrecedenceBefore" in the("SR406", planned.diagnostics).excerpt


# ---- Kept ----------------------------------------------------------------------------------------


def test_a_custom_rule_that_moves_along_keeps_what_it_is_named_by() -> None:
    planned = _plan(export(_custom(1), _custom(2, before=guid(1)), _custom(3, after=guid(2))))
    assert _becomes(planned) == [(ZERO_GUID, ZERO_GUID), (guid(1), ZERO_GUID), (ZERO_GUID, guid(2))]
    assert planned.edits == ()


def test_a_rule_of_staging_that_is_named_already_is_kept() -> None:
    assert _becomes(_plan(export(_custom(before=guid(810))))) == [(guid(810), ZERO_GUID)]


def test_a_custom_rule_that_was_moved_before_is_named_as_it_is_on_both_servers() -> None:
    moved = export(_custom(2), name="moved.ps1")
    planned = _plan(export(_custom(1, before=guid(2))), active=server(moved), staging=server(moved))
    assert _becomes(planned) == [(guid(2), ZERO_GUID)]
    assert planned.edits == ()


def test_zero_in_any_form_is_no_reference() -> None:
    text = text_of(_custom()).replace(f"'{ZERO_GUID}'", f"'{{{ZERO_GUID}}}'")
    left_out = replace(HERE, precedence_before=guid(77))
    planned = _plan(syncrules.parse(text, "one.ps1"), export(left_out, name="two.ps1"))
    assert errors(planned.diagnostics) == []
    assert planned.edits == ()


# ---- The order to run files in -------------------------------------------------------------------


def test_files_come_in_the_order_in_which_their_rules_need_each_other() -> None:
    planned = _plan(
        export(_custom(1, before=guid(2)), name="a.ps1"),
        export(_custom(2, after=guid(3)), name="b.ps1"),
        export(_custom(3), name="c.ps1"),
        export(_custom(40), name="d.ps1"),
    )
    assert errors(planned.diagnostics) == []
    assert list(planned.output()) == ["c.ps1", "b.ps1", "a.ps1", "d.ps1"]


def test_sr425_two_files_that_name_each_other() -> None:
    planned = _plan(
        export(_custom(1, before=guid(2)), name="a.ps1"),
        export(_custom(2, before=guid(1)), name="b.ps1"),
    )
    assert errors(planned.diagnostics) == ["SR425"]
    finding = the("SR425", planned.diagnostics)
    assert {finding.file} | {"a.ps1", "b.ps1"} == {"a.ps1", "b.ps1"}
    assert "Custom" in finding.message
    assert "-PrecedenceBefore" in finding.excerpt


def test_sr425_a_circle_is_not_mended_by_one_file() -> None:
    exports = [
        export(_custom(1, before=guid(2)), name="a.ps1"),
        export(_custom(2, before=guid(1)), name="b.ps1"),
    ]
    assert ZERO_GUID in the("SR425", _plan(*exports).diagnostics).hint
    crossed = [
        export(_custom(1, before=guid(4)), _custom(2), name="a.ps1"),
        export(_custom(3, before=guid(2)), _custom(4), name="b.ps1"),
    ]
    assert "into one file" in the("SR425", _plan(*crossed).diagnostics).hint


def test_sr425_not_where_one_file_names_the_other_only() -> None:
    planned = _plan(
        export(_custom(1, before=guid(2)), name="a.ps1"), export(_custom(2), name="b.ps1")
    )
    assert codes(planned.diagnostics) == []


def test_sr420_a_rule_further_down() -> None:
    planned = _plan(export(_custom(1, before=guid(2)), _custom(2)))
    assert errors(planned.diagnostics) == ["SR420"]
    finding = the("SR420", planned.diagnostics)
    line = text_of(_custom(1)).count("\n") + 1
    assert f"line {line}" in finding.message
    assert finding.excerpt == f"-PrecedenceBefore '{guid(2)}' `"


def test_sr420_is_one_finding_a_file_that_tells_the_order_to_use() -> None:
    rules = (_custom(1, before=guid(3)), _custom(2, before=guid(1)), _custom(3))
    finding = the("SR420", _plan(export(*rules)).diagnostics)
    assert finding.hint.count("Move the rule") == 1
    assert codes(_plan(export(*moved_as_told(rules, finding.hint))).diagnostics) == []
    backwards = (rules[1], rules[0], rules[2])
    finding = the("SR420", _plan(export(*backwards)).diagnostics)
    assert "1 more of this file" in finding.message
    assert codes(_plan(export(*moved_as_told(backwards, finding.hint))).diagnostics) == []


def test_sr420_a_circle_is_not_mended_by_another_order() -> None:
    finding = the(
        "SR420", _plan(export(_custom(1, before=guid(2)), _custom(2, before=guid(1)))).diagnostics
    )
    assert "'Out to AAD - Custom 2' (line " in finding.message
    assert "wait for each other" in finding.hint
    assert "Move" not in finding.hint


def test_sr420_before_a_circle_of_others() -> None:
    """It waits for them, and is in no circle itself."""
    rules = [_custom(n, before=guid(to)) for n, to in ((1, 2), (2, 3), (3, 2))]
    found = [d for d in _plan(export(*rules)).diagnostics if d.code == "SR420"]
    assert [("wait for each other" in d.hint) for d in found].count(True) == 1


def test_sr420_itself() -> None:
    planned = _plan(export(_custom(1, before=guid(1))))
    assert errors(planned.diagnostics) == ["SR420"]
    assert "itself" in the("SR420", planned.diagnostics).message


def test_sr420_not_for_a_rule_above() -> None:
    assert codes(_plan(export(_custom(1), _custom(2, before=guid(1)))).diagnostics) == []


# ---- Refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameter", "referring"),
    [
        ("-PrecedenceBefore", _custom(before=guid(77))),
        ("-PrecedenceAfter", _custom(after=guid(77))),
    ],
)
def test_sr412_a_rule_that_no_file_shows(parameter: str, referring: SyncRule) -> None:
    finding = the("SR412", _plan(export(referring)).diagnostics)
    assert finding.excerpt == f"{parameter} '{guid(77)}' `"
    assert finding.column == len(parameter) + 2
    assert finding.message.startswith(parameter)
    assert "--active" in finding.hint


def test_sr421_a_custom_rule_that_no_export_holds() -> None:
    behind = export(_custom(2), name="old.ps1")
    planned = _plan(export(_custom(1, before=guid(2))), active=server(behind))
    assert errors(planned.diagnostics) == ["SR421"]
    assert "'Out to AAD - Custom 2' (old.ps1)" in the("SR421", planned.diagnostics).message


def test_sr421_a_rule_that_is_left_and_whose_identifier_on_staging_no_file_shows() -> None:
    nameless = replace(_custom(2), identifier=None)
    planned = syncrules.plan(
        [export(_custom(1, before=guid(2)), _custom(2))],
        staging=server(export(THERE, nameless, name="new.ps1")),
        leave=_custom(2).name,
    )
    assert errors(planned.diagnostics) == ["SR421"]


def test_sr412_a_mapped_file_that_names_a_rule_which_was_created_anew_on_staging() -> None:
    """Its references are not mapped again, not even those to custom rules."""
    known = _custom(5)
    active = server(export(HERE, known, name="old.ps1"))
    naming = export(_custom(1, before=guid(5)))
    once = syncrules.plan([naming], staging=server(export(known)), active=active)
    mapped = syncrules.parse(once.output()["custom.ps1"], "custom.ps1")
    anew = replace(known, identifier=guid(77))
    again = syncrules.plan([mapped], staging=server(export(THERE, anew)), active=active)
    assert errors(again.diagnostics) == ["SR412"]


def test_sr421_not_where_an_export_holds_it() -> None:
    behind = export(_custom(2), name="old.ps1")
    planned = _plan(
        export(_custom(1, before=guid(2)), name="a.ps1"),
        export(_custom(2), name="b.ps1"),
        active=server(behind),
    )
    assert codes(planned.diagnostics) == []


def test_sr422_several_rules_of_staging_carry_the_tag() -> None:
    copy = replace(THERE, name="Out to AAD - Copy", identifier=guid(811))
    planned = _plan(export(_custom(before=guid(910))), staging=server(export(THERE, copy)))
    assert errors(planned.diagnostics) == ["SR413", "SR422"]
    for part in (guid(810), guid(811), "Out to AAD - Copy", "Out to AAD - User Join"):
        assert part in the("SR422", planned.diagnostics).message


def test_sr413_asks_alone_which_of_two_rules_of_one_tag_a_reference_names() -> None:
    """The clone kept its tag: staging has one rule of it, and the active server two."""
    clone = replace(out_of_box("Out to AAD - User Join", 911), connector=ENTRA)
    clone = replace(clone, name="Out to AAD - User Join Contoso", direction=HERE.direction)
    planned = _plan(export(_custom(before=guid(910)), clone, name="a.ps1"))
    assert errors(planned.diagnostics) == ["SR413"]


def test_sr413_asks_alone_though_a_third_rule_has_the_name_that_the_two_have() -> None:
    """Staging has one rule of that name, with another tag."""
    two = [replace(HERE, identifier=guid(910 + n)) for n in range(2)]
    third = replace(HERE, identifier=guid(912), immutable_tag="Microsoft.Third.001")
    there = replace(THERE, immutable_tag="Microsoft.Another.001")
    planned = _plan(
        export(_custom(before=guid(910))),
        active=server(export(*two, third, name="old.ps1")),
        staging=server(export(there, name="new.ps1")),
    )
    assert errors(planned.diagnostics) == ["SR413"]


def test_sr422_not_for_the_same_tag_on_another_connector_or_in_the_other_direction() -> None:
    others = (
        replace(THERE, identifier=guid(811), connector=B1),
        replace(THERE, identifier=guid(812), direction="Outbound"),
    )
    planned = _plan(export(_custom(before=guid(910))), staging=server(export(THERE, *others)))
    assert _becomes(planned) == [(guid(810), ZERO_GUID)]


@pytest.mark.parametrize(
    ("staging", "says"),
    [
        pytest.param(staging_with(B1), "nothing given with --staging shows", id="partial"),
        pytest.param(complete(), "the staging server has no rule of that tag", id="complete"),
    ],
)
def test_sr423_staging_does_not_have_the_rule(staging: Server, says: str) -> None:
    planned = _plan(export(_custom(before=guid(910))), staging=staging)
    assert errors(planned.diagnostics) == ["SR423"]
    assert says in the("SR423", planned.diagnostics).message
    assert "'Out to AAD - User Join'" in the("SR423", planned.diagnostics).message


def test_sr423_not_where_its_connector_has_a_finding_already() -> None:
    here = out_of_box(connector=A2)
    planned = _plan(
        export(_custom(before=here.identifier or "")), active=server(export(here)), staging=STAGING
    )
    assert errors(planned.diagnostics) == ["SR404"]


def test_sr423_staging_has_another_out_of_box_rule_of_that_identifier() -> None:
    other = out_of_box("Out to AAD - Group Join", 910, ENTRA)
    planned = _plan(export(_custom(before=guid(910))), staging=server(export(other)))
    assert errors(planned.diagnostics) == ["SR423"]
    assert "'Out to AAD - User Join'" in the("SR423", planned.diagnostics).message


def test_sr412_a_file_that_was_mapped_before_names_no_rule_of_the_active_server() -> None:
    """Its references are the staging server's already: to rewrite one again would lose it."""
    planned = syncrules.plan(
        [export(_custom(before=guid(910)))], staging=STAGING, active=ACTIVE, bare=False
    )
    text = planned.output()["custom.ps1"].decode()
    assert _becomes(_plan(syncrules.parse(text, "custom.ps1"))) == [(guid(810), ZERO_GUID)]
    stray = syncrules.parse(text.replace(guid(810), guid(910)), "custom.ps1")
    assert errors(_plan(stray).diagnostics) == ["SR412"]


def test_sr424_both_a_before_and_an_after() -> None:
    planned = _plan(export(_custom(before=guid(910), after=guid(910))))
    assert errors(planned.diagnostics) == ["SR424"]
    assert "SR424" not in codes(_plan(export(_custom(after=guid(910)))).diagnostics)


def test_a_reference_of_a_rule_that_is_left_out_is_of_no_matter() -> None:
    left_out = replace(HERE, precedence_before=guid(77))
    assert codes(_plan(export(left_out, _custom())).diagnostics) == []


# ---- Several at once -----------------------------------------------------------------------------


def test_what_is_wrong_with_one_reference_does_not_hide_the_next() -> None:
    both = replace(_custom(1, before=guid(910)), precedence_after=guid(910))
    found = _plan(export(both, _custom(2, before=guid(77)))).diagnostics
    assert sorted(errors(found)) == ["SR412", "SR424"]


def test_what_was_mapped_before_may_name_a_custom_rule_that_both_servers_have() -> None:
    known = _custom(5)
    active = server(export(HERE, known, name="old.ps1"))
    staging = server(export(THERE, known, name="new.ps1"))
    once = syncrules.plan(
        [export(_custom(1, before=guid(5)))], staging=staging, active=active
    ).output()["custom.ps1"]
    again = syncrules.plan([syncrules.parse(once, "custom.ps1")], staging=staging, active=active)
    assert _becomes(again) == [(guid(5), ZERO_GUID)]


def test_sr412_what_was_mapped_before_names_a_rule_that_no_file_shows() -> None:
    once = syncrules.plan([export(_custom(1, before=guid(910)))], staging=STAGING, active=ACTIVE)
    text = once.output()["custom.ps1"].replace(guid(810).encode(), guid(77).encode())
    found = _plan(syncrules.parse(text, "custom.ps1")).diagnostics
    assert "no file of either server shows" in the("SR412", found).message
