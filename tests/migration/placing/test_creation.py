"""The order of creation: what the server shows in the end is the active server's order."""

from __future__ import annotations

from dataclasses import replace

import pytest
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
    staging_with,
    the,
)
from support.rule_orders import Ordered, moved_as_told, ordered_rules, shown
from syncrules import Server, SyncRule
from syncrules.kit.assembling import make_kit
from syncrules.rules.guids import ZERO_GUID
from syncrules.servers.merging import merge

ORDER = {"SR420", "SR425", "SR440", "SR447"}
"""What stands against an order of creation."""
numbering = st.sampled_from([None, 1, 20])


def _plan(found: Ordered, first: int | None = None, *, one_by_one: bool = False) -> syncrules.Plan:
    return syncrules.plan(
        found.exports,
        active=found.active,
        staging=found.staging,
        first_precedence=first,
        one_by_one=one_by_one,
    )


@given(ordered_rules(), numbering)
def test_rules_created_one_by_one_are_never_refused_and_end_as_they_are(
    found: Ordered, first: int | None
) -> None:
    plan = _plan(found, first, one_by_one=True)
    assert errors(plan.diagnostics) == []
    if "SR446" not in codes(plan.diagnostics):
        assert shown(plan) == found.order()


@given(ordered_rules(), numbering)
def test_files_leave_the_rules_as_they_are_or_are_refused_with_the_order_to_use(
    found: Ordered, first: int | None
) -> None:
    plan = _plan(found, first)
    assert set(errors(plan.diagnostics)) <= ORDER
    if not errors(plan.diagnostics) and "SR446" not in codes(plan.diagnostics):
        assert shown(plan) == found.order()
    for finding in plan.diagnostics:
        if finding.is_error:
            assert "syncrules kit" in finding.hint


@given(ordered_rules(most_files=1), numbering)
def test_who_moves_the_rules_of_a_file_as_told_gets_further(
    found: Ordered, first: int | None
) -> None:
    refused = [d for d in _plan(found, first).diagnostics if d.is_error]
    if refused:
        (own,) = found.files
        again = replace(found, files=(moved_as_told(own, refused[0].hint),))
        plan = _plan(again, first)
        assert errors(plan.diagnostics) == []
        if "SR446" not in codes(plan.diagnostics):
            assert shown(plan) == found.order()


@given(ordered_rules())
def test_a_kit_has_the_rules_in_the_order_in_which_they_are_created(found: Ordered) -> None:
    plan = _plan(found, one_by_one=True)
    made = make_kit(plan).rules
    assert [file.planned for file in made] == [*plan.rules]
    for file in made:
        (alone,) = syncrules.parse(file.data).rules
        assert alone == file.planned.after


# ---- Rules behind one rule: SR447 ----------------------------------------------------------------


def _standard(name: str, number: int, precedence: int) -> SyncRule:
    return replace(out_of_box(f"Out to AAD - {name}", number, ENTRA), precedence=precedence)


def _server(number: int, **precedences: int) -> Server:
    rules = [_standard(n, number + i, p) for i, (n, p) in enumerate(sorted(precedences.items()))]
    return server(export(*rules, name=f"{number}.ps1"))


ANCHOR = guid(900)


def _placed(name: str, number: int, precedence: int, **reference: str) -> SyncRule:
    made = rule(f"Out to AAD - {name}", number, ENTRA)
    return replace(made, precedence=precedence, **(reference or {"precedence_after": ANCHOR}))  # type: ignore[arg-type]


FIRST, SECOND = _placed("First", 1, 101), _placed("Second", 2, 102)
ANCHORED = _server(900, Group=100, User=110)
STAGED = _server(800, Group=100, User=101)


def _here(*exports: syncrules.Export, one_by_one: bool = False) -> syncrules.Plan:
    return syncrules.plan(exports, staging=STAGED, active=ANCHORED, one_by_one=one_by_one)


def test_sr447_rules_behind_one_rule_in_the_order_that_swaps_them() -> None:
    plan = _here(export(FIRST, SECOND))
    assert codes(plan.diagnostics) == ["SR447"]
    finding = the("SR447", plan.diagnostics)
    assert "'Out to AAD - First' comes before 'Out to AAD - Second'" in finding.message
    assert shown(plan) == [SECOND.name, FIRST.name]
    again = moved_as_told((FIRST, SECOND), finding.hint)
    assert again == (SECOND, FIRST)
    assert codes(_here(export(*again)).diagnostics) == []


def test_sr447_of_two_before_one_rule_the_first_on_the_active_server_is_named_first() -> None:
    before = {"precedence_before": guid(901)}
    late, early = _placed("Late", 1, 109, **before), _placed("Early", 2, 108, **before)
    finding = the("SR447", _here(export(late, early)).diagnostics)
    assert "'Out to AAD - Early' comes before 'Out to AAD - Late'" in finding.message
    assert "more pair" not in finding.message


def test_sr447_not_for_an_inbound_rule_and_an_outbound_one() -> None:
    """They flow to different places: their order does not matter."""
    assert codes(_here(export(FIRST, replace(SECOND, direction="Outbound"))).diagnostics) == []


def test_sr447_is_one_finding_however_many_change_places() -> None:
    rules = [_placed(str(n), n, 100 + n) for n in range(1, 6)]
    finding = the("SR447", _here(export(*rules)).diagnostics)
    assert "9 more pairs" in finding.message
    assert codes(_here(export(*moved_as_told(rules, finding.hint))).diagnostics) == []


def test_sr447_tells_only_of_what_another_order_would_mend() -> None:
    """The two out-of-box rules that are named stand the other way round on staging."""
    forced = _placed("Forced", 3, 104, precedence_before=guid(901))
    plan = syncrules.plan(
        [export(FIRST, SECOND, forced)],
        staging=_server(800, Group=101, User=100),
        active=_server(900, Group=100, User=105),
    )
    finding = the("SR447", plan.diagnostics)
    assert "more pair" not in finding.message
    assert "Forced" not in finding.message
    assert len(the("SR445", plan.diagnostics).places) == 3


def test_one_order_to_use_is_one_finding() -> None:
    """A rule that is named further down, two that change places, and precedences not free."""
    early = _own(5, before=guid(6))
    plan = _here(export(FIRST, SECOND, early, _own(6)))
    assert errors(plan.diagnostics) == ["SR420"]
    shifted = [
        replace(_own(1), precedence=40),
        _own(2, before=guid(1)),
        _own(3, before=guid(1)),
        replace(_own(4), precedence=41),
        replace(_own(5), precedence=42),
    ]
    assert errors(_here(export(*shifted)).diagnostics) == ["SR447"]
    told = the("SR447", _here(export(*shifted)).diagnostics).message
    apart = _here(export(_placed("Apart", 7, 101), *shifted)).diagnostics
    assert the("SR447", apart).message == told
    renamed = [replace(r, name=f"Out to AAD - Custom {9 - n}") for n, r in enumerate(shifted)]
    assert "Custom 9' comes before" in the("SR447", _here(export(*renamed)).diagnostics).message
    twice = [
        replace(_own(1), precedence=40),
        _own(2, before=guid(1)),
        replace(_own(3), precedence=41),
        replace(_own(4), precedence=60),
        _own(5, before=guid(4)),
        replace(_own(6), precedence=61),
    ]
    assert errors(_here(export(*twice)).diagnostics) == ["SR440"]


def test_sr440_names_no_order_where_staging_has_the_precedence() -> None:
    """Though another order would mend something else."""
    taken = export(replace(rule("Out to AAD - There", 70, ENTRA), precedence=50), name="there.ps1")
    plan = syncrules.plan(
        [export(FIRST, SECOND, replace(_own(5), precedence=50))],
        staging=merge((STAGED, server(taken))),
        active=ANCHORED,
    )
    assert sorted(errors(plan.diagnostics)) == ["SR440", "SR447"]
    assert "Move the rule" not in the("SR440", plan.diagnostics).hint


def test_sr447_not_where_the_second_names_the_first() -> None:
    plan = _here(export(FIRST, replace(SECOND, precedence_after=FIRST.identifier)))
    assert codes(plan.diagnostics) == []
    assert shown(plan) == [FIRST.name, SECOND.name]


def test_files_are_run_in_the_order_that_leaves_their_rules_as_they_are() -> None:
    files = [export(FIRST, name="1.ps1"), export(SECOND, name="2.ps1")]
    for exports in (files, files[::-1]):
        plan = _here(*exports)
        assert codes(plan.diagnostics) == []
        assert list(plan.output()) == ["2.ps1", "1.ps1"]
        assert shown(plan) == [FIRST.name, SECOND.name]


def test_files_are_run_in_an_order_in_which_each_precedence_is_free() -> None:
    first = export(replace(_own(1), precedence=40), _own(2, before=guid(1)), name="1.ps1")
    second = export(replace(_own(3), precedence=41), _own(4, before=guid(3)), name="2.ps1")
    for exports in ((first, second), (second, first)):
        plan = _here(*exports)
        assert errors(plan.diagnostics) == []
        assert list(plan.output()) == ["2.ps1", "1.ps1"]


@pytest.mark.parametrize(
    ("placing", "other"),
    [
        pytest.param((40, 60), (41, 45), id="before those of a lower precedence"),
        pytest.param((50,), (30, 51), id="before those that place a rule"),
    ],
)
def test_of_two_files_the_one_that_moves_less_is_run_first(
    placing: tuple[int, ...], other: tuple[int, ...]
) -> None:
    one, two = (
        [replace(_own(start + n), precedence=p) for n, p in enumerate(precedences)]
        for start, precedences in ((1, placing), (5, other))
    )
    one.insert(1, _own(3, before=guid(1)))
    if len(placing) > 1:
        two.insert(1, _own(7, before=guid(5)))
    plan = _here(export(*one, name="1.ps1"), export(*two, name="2.ps1"))
    assert errors(plan.diagnostics) == []
    assert list(plan.output()) == ["2.ps1", "1.ps1"]


def test_files_are_run_in_the_order_of_their_names_where_no_order_is_right() -> None:
    """What is told is the swap, not a reference that could be met."""
    plan = _here(
        export(FIRST, _own(5), name="1.ps1"), export(SECOND, _own(6, before=guid(5)), name="2.ps1")
    )
    assert errors(plan.diagnostics) == ["SR447"]
    assert "Put the rules into one file" in the("SR447", plan.diagnostics).hint


def test_sr447_where_the_precedence_of_the_named_rule_is_not_known() -> None:
    text = syncrules.emit([_standard("Group", 800, 100)]).decode().replace("-Precedence 100", "")
    staging = server(syncrules.parse(text.replace(" `\r\n `", " `"), "new.ps1"))
    assert staging.rules[0].precedence is None
    plan = syncrules.plan([export(FIRST, SECOND)], staging=staging, active=ANCHORED)
    assert errors(plan.diagnostics) == ["SR447"]


def test_sr447_not_for_rules_before_one_rule() -> None:
    before = {"precedence_before": guid(901)}
    plan = _here(export(_placed("First", 1, 101, **before), _placed("Second", 2, 102, **before)))
    assert codes(plan.diagnostics) == []


def test_sr447_for_rules_before_one_rule_in_the_reverse_order() -> None:
    before = {"precedence_before": guid(901)}
    first, second = _placed("First", 1, 101, **before), _placed("Second", 2, 102, **before)
    assert codes(_here(export(second, first)).diagnostics) == ["SR447"]


def test_sr447_not_where_the_active_server_s_order_is_not_known() -> None:
    rules = [replace(r, precedence=0) for r in (FIRST, SECOND)]
    assert codes(_here(export(*rules)).diagnostics) == []


def test_sr447_not_where_no_order_of_creation_would_help() -> None:
    """The rules that they name stand the other way round on staging."""
    one = _placed("One", 1, 100, precedence_before=ANCHOR)
    other = _placed("Other", 2, 102, precedence_before=guid(901))
    plan = syncrules.plan(
        [export(one, other)],
        staging=_server(800, Group=101, User=100),
        active=_server(900, Group=101, User=103),
    )
    assert errors(plan.diagnostics) == []
    assert "SR445" in codes(plan.diagnostics)


# ---- One by one ----------------------------------------------------------------------------------


def test_a_plan_for_a_kit_orders_what_files_cannot() -> None:
    crossed = [
        export(_own(1, before=guid(4)), _own(2), name="a.ps1"),
        export(_own(3, before=guid(2)), _own(4), name="b.ps1"),
    ]
    assert errors(_here(*crossed).diagnostics) == ["SR425"]
    plan = _here(*crossed, one_by_one=True)
    assert errors(plan.diagnostics) == []
    order = [r.after.identifier for r in plan.rules]
    assert order.index(guid(4)) < order.index(guid(1))
    assert order.index(guid(2)) < order.index(guid(3))


def test_a_plan_for_a_kit_keeps_an_order_that_is_right() -> None:
    plan = _here(export(_own(2), _own(3, before=guid(2)), _own(1)), one_by_one=True)
    assert [r.after.identifier for r in plan.rules] == [guid(n) for n in (2, 3, 1)]


def test_rules_that_wait_for_each_other_are_refused_in_a_kit_too() -> None:
    plan = _here(export(_own(1, before=guid(2)), _own(2, before=guid(1))), one_by_one=True)
    assert errors(plan.diagnostics) == ["SR420"]
    hint = the("SR420", plan.diagnostics).hint
    assert "wait for each other" in hint
    assert ZERO_GUID in hint
    assert "kit" not in hint


def test_a_plan_for_a_kit_is_no_output_of_files() -> None:
    plan = _here(export(_own(1)), one_by_one=True)
    try:
        plan.output()
    except ValueError as error:
        assert "make_kit" in str(error)
    else:
        raise AssertionError("files that are not in the right order were handed out")


def _own(number: int, before: str = ZERO_GUID, after: str = ZERO_GUID) -> SyncRule:
    made = rule(f"Out to AAD - Custom {number}", number, ENTRA)
    precedence = made.precedence if before == after == ZERO_GUID else 0
    return replace(made, precedence=precedence, precedence_before=before, precedence_after=after)


# ---- Renumbered, and moved meanwhile -------------------------------------------------------------


def test_renumbering_counts_what_moves_a_rule_that_was_created_before() -> None:
    """Two rules are written with one precedence, and never have it together."""
    rules = [
        replace(_own(1), precedence=7),
        replace(_own(2), precedence=1),
        _own(3, before=guid(2)),
        replace(_own(4), precedence=6),
    ]
    plan = syncrules.plan([export(*rules)], staging=STAGED, first_precedence=1)
    assert errors(plan.diagnostics) == []
    assert [(r.after.precedence, r.final) for r in plan.rules] == [(4, 5), (2, 3), (0, 2), (4, 4)]
    (data,) = plan.output().values()
    assert syncrules.parse(data).diagnostics == ()


def test_renumbering_for_a_kit_counts_the_order_in_which_the_rules_are_created() -> None:
    """In that of the file, two of them would have one precedence."""
    rules = [
        replace(_own(5), precedence=48),
        _own(6, after=guid(3)),
        _own(2, after=guid(1)),
        replace(_own(1), precedence=5),
        replace(_own(4), precedence=10),
        replace(_own(3), precedence=39),
    ]
    plan = syncrules.plan([export(*rules)], staging=STAGED, first_precedence=1, one_by_one=True)
    assert errors(plan.diagnostics) == []
    assert shown(plan) == [f"Out to AAD - Custom {n}" for n in (1, 2, 4, 3, 6, 5)]
    assert len(make_kit(plan).rules) == len(rules)


def test_sr440_names_the_order_in_which_a_precedence_is_free() -> None:
    rules = (
        replace(_own(1), precedence=40),
        _own(2, before=guid(1)),
        replace(_own(3), precedence=41),
    )
    plan = _here(export(*rules))
    assert errors(plan.diagnostics) == ["SR440"]
    finding = the("SR440", plan.diagnostics)
    assert "by then" in finding.message
    assert finding.options == ()
    again = _here(export(*moved_as_told(rules, finding.hint)))
    assert errors(again.diagnostics) == []


def test_sr440_is_an_error_where_no_server_had_the_two_at_one_precedence() -> None:
    """Outbound rules of two connectors: one of them only comes there."""
    own = replace(_own(1), precedence=40, direction="Outbound")
    other = replace(_own(3), precedence=41, direction="Outbound", connector=A1)
    plan = syncrules.plan(
        [export(own, _own(2, before=guid(1)), other)],
        staging=staging_with(B1),
        mapping={A1: B1},
    )
    assert the("SR440", plan.diagnostics).is_error


def test_a_precedence_that_another_rule_may_have_left_is_for_the_plan_to_judge() -> None:
    """Who reads the file alone does not know how far the named rule moves others."""
    rules = (
        replace(_own(1), precedence=50),
        _own(2, before=ANCHOR),
        replace(_own(3), precedence=50),
    )
    assert export(*rules).diagnostics == ()
    assert errors(_here(export(*rules)).diagnostics) == ["SR440"]
