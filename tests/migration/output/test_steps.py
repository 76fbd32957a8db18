"""What is told to be unchecked, and what is left to a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

import syncrules
from support.builders import A1, B1, ENTRA, export, guid, out_of_box, rule, server, staging_with
from support.known_servers import complete, forest
from syncrules import JoinCondition, SyncRule

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
    beside = syncrules.plan([export(rule(), CUSTOM)], staging=staging_with(B1))
    assert {str(p.basis) for p in beside.pairs} == {"assumed", "entra"}
    assert any("assumed connectors" in one for one in beside.not_checked)


def test_what_is_left_of_a_kit_is_to_copy_it_and_to_run_its_scripts() -> None:
    of_files, of_kit = (
        syncrules.plan([export(CUSTOM)], staging=staging_with(ENTRA), one_by_one=one_by_one).to_do
        for one_by_one in (False, True)
    )
    (run,) = (s for s in of_files if s not in of_kit)
    (copy,) = (s for s in of_kit if s not in of_files)
    assert (run.done_by_kit, copy.done_by_kit) == (True, False)
    assert ".\\name.ps1" in run.text
    assert "1-check.ps1, 2-apply.ps1, 3-verify.ps1" in copy.text


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


def test_the_state_of_a_custom_rule_says_nothing_of_the_out_of_box_rules() -> None:
    active = complete(rules=(CUSTOM, rule("Out to AAD - Other", 2, ENTRA)))
    first, second = active.rules
    active = replace(active, rules=(first, replace(second, disabled=None)))
    planned = syncrules.plan([export(CUSTOM)], staging=complete(), active=active, partial=True)
    assert not [s for s in planned.to_do if "every other out-of-box rule" in s.text]


# ---- The whole list ------------------------------------------------------------------------------

JOIN = ((JoinCondition("objectGUID", "sourceAnchorBinary", False),),)
ORIGINAL = replace(out_of_box(connector=ENTRA), join_filter=JOIN, disabled=True)
THERE = replace(ORIGINAL, identifier=guid(800), disabled=False)
CLONE = replace(CUSTOM, join_filter=JOIN)
ADDED = replace(rule("Only there", 70, ENTRA), precedence=70)

SAME, REFRESH, DELETE = "Make sure both", "Refresh", "Delete or disable"
QUIET, DISABLE, LOOK = "Make sure no", "Run .\\disable", "Disable there every other"
RUN, FULL, VERIFY, SWITCH = "Run the files", "Run a full", "Verify before", "Put the active"


@pytest.mark.parametrize(
    ("moving", "original", "added", "is_complete", "expected"),
    [
        pytest.param(
            *(CUSTOM, None, (), True),
            [SAME, REFRESH, QUIET, RUN, FULL, VERIFY, SWITCH],
            id="nothing out of the ordinary",
        ),
        pytest.param(
            *(CLONE, ORIGINAL, (), True),
            ["First: run", SAME, REFRESH, QUIET, RUN, FULL, VERIFY, SWITCH],
            id="what joins twice",
        ),
        pytest.param(
            *(CUSTOM, ORIGINAL, (), True),
            [SAME, REFRESH, QUIET, DISABLE, RUN, FULL, VERIFY, SWITCH],
            id="an original that joins nothing twice",
        ),
        pytest.param(
            *(
                CUSTOM,
                None,
                (ADDED, replace(ADDED, name="Idle", identifier=guid(71), disabled=True)),
                True,
            ),
            [SAME, REFRESH, DELETE, QUIET, RUN, FULL, VERIFY, SWITCH],
            id="a rule that only staging has",
        ),
        pytest.param(
            *(CUSTOM, None, (), False),
            [SAME, REFRESH, QUIET, LOOK, RUN, FULL, VERIFY, SWITCH],
            id="states that no file shows",
        ),
    ],
)
def test_each_step_stands_in_its_place(
    moving: SyncRule,
    original: SyncRule | None,
    added: tuple[SyncRule, ...],
    is_complete: bool,
    expected: list[str],
) -> None:
    """A kit does what the scripts do; all else is left to a person."""
    own = (moving,) if original is None else (moving, original)
    planned = syncrules.plan(
        [export(moving)],
        staging=complete(rules=(THERE, *added)),
        active=complete(rules=own) if is_complete else server(export(*own, name="old.ps1")),
    )
    steps = planned.to_do
    assert [step.text.startswith(head) for step, head in zip(steps, expected, strict=True)] == [
        True
    ] * len(expected)
    by_kit = [step for step in steps if step.done_by_kit]
    assert all(step.text.startswith(("First", DISABLE, RUN)) for step in by_kit)
    assert len(by_kit) == sum(head in ("First: run", DISABLE, RUN) for head in expected)
    assert "Idle" not in " ".join(step.text for step in steps)


def test_the_state_of_an_out_of_box_rule_that_a_whole_server_does_not_show() -> None:
    """A custom rule's state moves with it."""
    whole = complete(rules=(CUSTOM, replace(THERE, identifier=guid(900))))
    for unknown, expected in ("In from AD - User Join", 1), (CUSTOM.name, 0):
        rules = tuple(replace(r, disabled=None) if r.name == unknown else r for r in whole.rules)
        planned = syncrules.plan(
            [export(CUSTOM)],
            staging=complete(rules=(THERE,)),
            active=replace(whole, rules=rules),
        )
        assert sum(step.text.startswith(LOOK) for step in planned.to_do) == expected
        told = [text for text in planned.not_checked if "disabled out-of-box rules" in text]
        assert len(told) == expected
