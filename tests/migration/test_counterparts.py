"""Custom rules that the staging server has already, as a half-done migration leaves them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

import syncrules
from support.builders import (
    A1,
    A2,
    B1,
    B2,
    codes,
    errors,
    export,
    guid,
    out_of_box,
    rule,
    server,
    the,
)
from support.known_servers import complete, forest
from syncrules import (
    AttributeFlowMapping,
    JoinCondition,
    LeftOutReason,
    ScopeCondition,
    Server,
    SyncRule,
)
from syncrules.rules.guids import ZERO_GUID
from syncrules.servers.model import ServerRule

C1, C2, C3 = (rule(f"In from AD - C{n}", n) for n in (1, 2, 3))
ANCHOR = out_of_box("In from AD - User Common", 900)
ANCHOR_THERE = replace(ANCHOR, connector=B1, identifier=guid(800))


def _active(*rules: SyncRule) -> Server:
    return complete(forest(A1, "contoso.com"), rules=(*rules, ANCHOR), name="old")


def _staging(*rules: SyncRule) -> Server:
    moved = (replace(r, connector=B1) for r in rules)
    return complete(forest(B1, "contoso.com"), rules=(*moved, ANCHOR_THERE), name="new")


def _plan(
    *rules: SyncRule,
    there: Iterable[SyncRule],
    leave: str | tuple[str, ...] = (),
    first_precedence: int | None = None,
    new_identifiers: str | None = None,
) -> syncrules.Plan:
    return syncrules.plan(
        export(*rules),
        active=_active(C1, C2, C3),
        staging=_staging(*there),
        leave=leave,
        first_precedence=first_precedence,
        new_identifiers=new_identifiers,
    )


def _moved(plan: syncrules.Plan) -> list[SyncRule]:
    return [r.before for r in plan.rules]


# ---- The same ------------------------------------------------------------------------------------


@pytest.mark.parametrize("identifier", [guid(1), guid(77)])
@pytest.mark.parametrize("exported", [True, False])
def test_sr478_what_is_there_already_and_the_same_is_passed_over(
    exported: bool, identifier: str
) -> None:
    """Whether an EXPORT holds it or only the configuration does, and whatever identifier it has."""
    moving = (C1, C2, C3) if exported else (C2, C3)
    planned = _plan(*moving, there=[replace(C1, identifier=identifier)])
    assert codes(planned.diagnostics) == ["SR478"]
    assert f"'{C1.name}'" in the("SR478", planned.diagnostics).message
    assert _moved(planned) == [C2, C3]
    (left,) = planned.left_out
    assert (left.rule.name, left.reason) == (C1.name, LeftOutReason.THERE_ALREADY)
    assert (left.file, left.line) == (("custom.ps1", 1) if exported else ("old", 0))
    (data,) = planned.output().values()
    assert [r.name for r in syncrules.parse(data).rules] == [C2.name, C3.name]


def test_all_that_is_there_already_is_one_note_a_file() -> None:
    planned = _plan(C1, C2, C3, there=[C1, C2, C3])
    assert codes(planned.diagnostics) == ["SR479", "SR478"]
    assert all(f"'{c.name}'" in planned.diagnostics[1].message for c in (C1, C2, C3))
    assert planned.output() == {}


def test_an_export_of_staging_shows_a_rule_whole_too() -> None:
    there = server(export(replace(C1, connector=B1), ANCHOR_THERE, name="staging.ps1"))
    planned = syncrules.plan(export(C1, C2), staging=there, mapping={A1: B1})
    assert codes(planned.diagnostics) == ["SR478"]


def test_what_an_export_leaves_to_the_server_is_no_difference() -> None:
    bare = replace(C1, description=None, soft_delete_expiry_interval=None, immutable_tag=None)
    text = export(bare, C2)
    planned = syncrules.plan(text, staging=_staging(C1), mapping={A1: B1})
    assert "SR478" in codes(planned.diagnostics)


def test_a_rule_that_names_one_that_is_there_gets_its_identifier_there() -> None:
    naming = replace(C2, precedence=0, precedence_after=guid(1))
    planned = syncrules.plan(
        export(C1, naming),
        active=_active(C1),
        staging=_staging(replace(C1, identifier=guid(77))),
        new_identifiers="seed",
    )
    assert errors(planned.diagnostics) == []
    assert [r.after.precedence_after for r in planned.rules] == [guid(77)]


def test_of_two_rules_of_one_name_the_same_one_is_there() -> None:
    twin = replace(C1, identifier=guid(5), description="the second", precedence=60)
    active = _active(C1, twin)
    there = _staging(replace(twin, identifier=guid(77)))
    planned = syncrules.plan(export(C1, twin), active=active, staging=there)
    assert codes(planned.diagnostics) == ["SR478"]
    assert _moved(planned) == [C1]


def test_a_second_rule_of_the_name_is_not_the_one_that_is_there() -> None:
    twin = replace(C1, identifier=guid(5), description="the second", precedence=60)
    planned = syncrules.plan(export(C1, twin), active=_active(C1, twin), staging=_staging(C1))
    assert codes(planned.diagnostics) == ["SR478"]
    assert _moved(planned) == [twin]


def test_which_of_two_rules_of_one_name_is_there_is_not_guessed() -> None:
    twin = replace(C1, identifier=guid(5), precedence=60)
    naming = replace(C2, precedence=0, precedence_after=guid(1))
    there = _staging(replace(C1, identifier=guid(77), description="edited"))
    planned = syncrules.plan(
        export(C1, twin, naming),
        active=_active(C1, twin, naming),
        staging=there,
        leave=(guid(1), guid(5)),
    )
    assert errors(planned.diagnostics) == ["SR421"]


@pytest.mark.parametrize(("number", "same"), [(800, True), (801, False)])
def test_a_script_of_staging_shows_by_which_rule_one_is_placed(number: int, same: bool) -> None:
    placed = replace(C1, precedence=0, precedence_before=guid(900))
    there = replace(placed, connector=B1, precedence_before=guid(number))
    staging = server(export(there, ANCHOR_THERE, name="staging.ps1"))
    planned = syncrules.plan(export(placed, C2, ANCHOR), staging=staging, mapping={A1: B1})
    assert ("SR478" in codes(planned.diagnostics)) is same
    assert ("SR430" in codes(planned.diagnostics)) is not same


def test_a_rule_without_an_identifier_is_the_active_servers_of_its_name() -> None:
    planned = _plan(replace(C1, identifier=None), C2, C3, there=[])
    assert errors(planned.diagnostics) == []


def _as_settings_show(
    rule: SyncRule, connector: str, tag: str | None, precedence: int | None = 50
) -> ServerRule:
    """Return what a file tells of a rule that does not show all of it."""
    shown = (rule.name, rule.identifier, connector, "settings", rule.direction, precedence, tag)
    return ServerRule(*shown, disabled=False)


def test_a_rule_whose_tag_no_file_shows_is_not_taken_for_a_custom_one() -> None:
    """Neither on the active server, where it would have to be exported, nor on staging."""
    active = _active(C2, C3)
    active = replace(active, rules=(*active.rules, _as_settings_show(C1, A1, None)))
    planned = syncrules.plan(export(C2, C3), active=active, staging=_staging())
    assert errors(planned.diagnostics) == []
    staging = _staging()
    known = _as_settings_show(replace(C1, identifier=guid(77)), B1, None, 70)
    staging = replace(staging, rules=(*staging.rules, known))
    planned = syncrules.plan(export(C1, C2), active=_active(C1, C2), staging=staging)
    assert errors(planned.diagnostics) == []


def test_rules_without_identifiers_are_known_by_their_names() -> None:
    one, two, other = (replace(c, identifier=None) for c in (C1, C2, C3))
    shown = (replace(r, connector=B1) for r in (one, other))
    staging = server(export(*shown, ANCHOR_THERE, name="staging.ps1"))
    planned = syncrules.plan(export(one, two), staging=staging, mapping={A1: B1})
    assert codes(planned.diagnostics) == ["SR478"]
    assert f"'{C1.name}'" in the("SR478", planned.diagnostics).message
    assert _moved(planned) == [two]


def test_a_rule_that_was_renamed_on_staging_is_known_by_its_identifier() -> None:
    renamed = replace(C2, name="In from AD - Renamed", precedence=1)
    planned = _plan(C1, C2, C3, there=[renamed], leave=C2.name)
    assert f"'{C2.name}'" in the("SR445", planned.diagnostics).message


def test_sr430_a_copy_beside_the_rule_that_has_the_identifier_does_not_stand_for_it() -> None:
    there = (replace(C1, description="edited"), replace(C1, identifier=guid(77), precedence=50))
    planned = _plan(C1, C2, C3, there=there)
    assert errors(planned.diagnostics) == ["SR430"]
    assert "'edited'" in the("SR430", planned.diagnostics).message


def test_sr454_whether_a_rule_is_the_same_is_not_known_of_one_that_no_file_shows_whole() -> None:
    active = _active(C2, C3)
    active = replace(active, rules=(*active.rules, _as_settings_show(C1, A1, "")))
    planned = syncrules.plan(export(C2, C3), active=active, staging=_staging(C1))
    assert "is not known" in the("SR454", planned.diagnostics).message


def test_sr454_whether_a_rule_of_a_connector_without_a_pair_is_the_same_is_not_known() -> None:
    elsewhere = replace(C1, connector=A2)
    active = complete(
        forest(A1, "contoso.com"), forest(A2, "fabrikam.com"), rules=(elsewhere, C2, ANCHOR)
    )
    planned = syncrules.plan(export(C2), active=active, staging=_staging(C1))
    message = the("SR454", planned.diagnostics).message
    assert "Whether the two are the same is not known." in message


def test_sr450_a_clone_that_is_there_stands_beside_its_original() -> None:
    join = ((JoinCondition("objectGUID", "sourceAnchorBinary", False),),)
    clone, original = replace(C1, join_filter=join), replace(ANCHOR, join_filter=join)
    active = complete(
        forest(A1, "contoso.com"), rules=(clone, C2, replace(original, disabled=True))
    )
    planned = syncrules.plan(export(clone, C2), active=active, staging=_staging(clone))
    assert "SR450" in codes(planned.diagnostics)


def test_sr464_a_clone_that_is_there_and_whose_original_no_file_shows() -> None:
    clone = replace(
        C1,
        name=f"{ANCHOR.name} - Cloned",
        join_filter=((JoinCondition("objectGUID", "sourceAnchorBinary", False),),),
    )
    planned = syncrules.plan(export(clone, C2), staging=_staging(clone), mapping={A1: B1})
    assert {"SR464", "SR478"} <= {*codes(planned.diagnostics)}


def test_sr457_a_rule_that_is_there_and_was_edited_on_the_active_server_since() -> None:
    edited = replace(C1, link_type="Provision")
    planned = syncrules.plan(export(C1, C2), active=_active(edited, C2), staging=_staging(C1))
    assert "SR457" in codes(planned.diagnostics)


# ---- Precedences ---------------------------------------------------------------------------------


@pytest.mark.parametrize("compact", [True, False])
def test_another_precedence_counts_unless_rules_are_renumbered(compact: bool) -> None:
    planned = _plan(
        C1, C2, C3, there=[replace(C1, precedence=1)], first_precedence=1 if compact else None
    )
    assert ("SR478" in codes(planned.diagnostics)) is compact
    assert ("SR430" in codes(planned.diagnostics)) is not compact


@pytest.mark.parametrize(("found", "same"), [(50, True), (51, True), (52, False), (49, False)])
def test_rules_that_were_placed_above_moved_it(found: int, same: bool) -> None:
    placed = replace(C2, precedence=0, precedence_before=guid(1))
    there = (replace(C1, precedence=found), replace(C2, precedence=found - 1))
    planned = syncrules.plan(export(C1, placed, C3), staging=_staging(*there))
    told = the("SR478" if same else "SR430", planned.diagnostics).message
    assert f"'{C1.name}'" in told
    assert f"'{C2.name}'" in the("SR478", planned.diagnostics).message


@pytest.mark.parametrize(
    ("there", "same"),
    [
        pytest.param(replace(C2, precedence=50, name="In from AD - Renamed"), True, id="renamed"),
        pytest.param(replace(C2, precedence=50, identifier=guid(77)), True, id="created anew"),
        pytest.param(replace(C2, precedence=51), False, id="beside it"),
        pytest.param(replace(C2, precedence=None), True, id="no file shows where it is"),
    ],
)
def test_a_rule_that_was_placed_above_is_known_by_its_identifier_or_name(
    there: SyncRule, same: bool
) -> None:
    placed = replace(C2, precedence=0, precedence_before=guid(1))
    staging = _staging(replace(C1, precedence=51), there)
    planned = syncrules.plan(export(C1, placed, C3), staging=staging)
    code = "SR478" if same else "SR430"
    assert any(f"'{C1.name}'" in d.message for d in planned.diagnostics if d.code == code)


@pytest.mark.parametrize(("found", "same"), [(51, True), (56, True), (53, False), (57, False)])
def test_it_was_moved_from_where_the_export_has_it_or_from_where_it_is_now(
    found: int, same: bool
) -> None:
    placed = replace(C2, precedence=0, precedence_before=guid(1))
    there = (replace(C1, precedence=found), replace(C2, precedence=found - 1))
    active = _active(replace(C1, precedence=55), C2)
    planned = syncrules.plan(export(C1, placed), active=active, staging=_staging(*there))
    told = the("SR478" if same else "SR430", planned.diagnostics).message
    assert f"'{C1.name}'" in told


@pytest.mark.parametrize(("found", "same"), [(50, True), (51, True), (52, False), (49, False)])
def test_a_rule_that_an_export_does_not_show_may_have_moved_it(found: int, same: bool) -> None:
    placed = replace(C2, precedence=0, precedence_before=guid(1))
    shown = export(replace(C1, precedence=found, connector=B1), ANCHOR_THERE, name="new.ps1")
    planned = syncrules.plan(
        export(C1, placed, ANCHOR), staging=server(shown), mapping={A1: B1}, first_precedence=None
    )
    assert ("SR478" in codes(planned.diagnostics)) is same
    assert ("SR430" in codes(planned.diagnostics)) is not same


def test_a_rule_that_a_configuration_does_not_show_has_not_moved_it() -> None:
    placed = replace(C2, precedence=0, precedence_before=guid(1))
    planned = syncrules.plan(export(C1, placed, C3), staging=_staging(replace(C1, precedence=51)))
    assert "SR430" in codes(planned.diagnostics)


def test_nothing_is_said_of_a_rule_that_is_there_while_its_connector_is_not_known() -> None:
    """To delete it on staging, as SR430 would say, is wrong if it proves to be the same."""
    other = out_of_box("In from AD - User Join", 801, B2)
    shown = export(replace(C1, connector=B1), ANCHOR_THERE, other, name="new.ps1")
    planned = syncrules.plan(export(C1), staging=server(shown))
    assert errors(planned.diagnostics) == ["SR406"]
    mapped = syncrules.plan(export(C1), staging=server(shown), mapping={A1: B1})
    assert errors(mapped.diagnostics) == []
    assert "SR478" in codes(mapped.diagnostics)


def test_rules_that_were_placed_below_did_not_move_it() -> None:
    placed = replace(C2, precedence=0, precedence_after=guid(1))
    there = (replace(C1, precedence=51), replace(C2, precedence=52))
    planned = syncrules.plan(export(C1, placed, C3), staging=_staging(*there))
    assert f"'{C1.name}'" in the("SR430", planned.diagnostics).message


def test_what_the_active_server_shows_now_counts_as_well_as_what_was_exported() -> None:
    active = _active(replace(C1, precedence=51), C2)
    planned = syncrules.plan(
        export(C1, C2), active=active, staging=_staging(replace(C1, precedence=51))
    )
    assert "SR478" in codes(planned.diagnostics)


@pytest.mark.parametrize(("number", "same"), [(199, True), (201, False)])
def test_a_rule_placed_before_another_stands_before_it(number: int, same: bool) -> None:
    placed = replace(C1, precedence=0, precedence_before=guid(900))
    there = replace(C1, precedence=number)
    anchor = replace(ANCHOR_THERE, precedence=200)
    staging = complete(
        forest(B1, "contoso.com"), rules=(replace(there, connector=B1), anchor), name="new"
    )
    planned = syncrules.plan(export(placed, C2, ANCHOR), staging=staging, mapping={A1: B1})
    assert ("SR478" in codes(planned.diagnostics)) is same
    assert ("SR430" in codes(planned.diagnostics)) is not same


PLACED = replace(C1, precedence=0, precedence_before=guid(900))
BEHIND = replace(C1, precedence=0, precedence_after=guid(900))


@pytest.mark.parametrize(
    ("ours", "theirs", "anchor", "same"),
    [
        pytest.param(PLACED, replace(C1, precedence=200), 200, False, id="as strong as the other"),
        pytest.param(BEHIND, replace(C1, precedence=201), 200, True, id="behind it"),
        pytest.param(BEHIND, replace(C1, precedence=200), 200, False, id="not behind it"),
        pytest.param(PLACED, replace(C1, precedence=None), 200, True, id="its number is not shown"),
        pytest.param(
            PLACED, replace(C1, precedence=201), None, True, id="that of the other is not"
        ),
        pytest.param(C1, replace(C1, precedence=None), 200, True, id="no number there"),
        pytest.param(replace(C1, precedence=None), C1, 200, True, id="no number here"),
        pytest.param(C1, PLACED, 200, False, id="placed there, and not here"),
    ],
)
def test_only_what_files_show_of_both_places_tells_them_apart(
    ours: SyncRule, theirs: SyncRule, anchor: int | None, same: bool
) -> None:
    own = replace(ANCHOR_THERE, precedence=anchor)
    there = server(export(replace(theirs, connector=B1), own, name="new.ps1"))
    planned = syncrules.plan(export(ours, C2, ANCHOR), staging=there, mapping={A1: B1})
    assert ("SR478" in codes(planned.diagnostics)) is same
    assert ("SR430" in codes(planned.diagnostics)) is not same


@pytest.mark.parametrize(("fresh", "found", "same"), [(True, 50, True), (True, 60, False)])
def test_of_a_rule_with_a_fresh_identifier_the_mapped_file_shows_the_place(
    fresh: bool, found: int, same: bool
) -> None:
    seed = "seed" if fresh else None
    once = syncrules.plan(
        export(C1, C2), staging=_staging(), mapping={A1: B1}, new_identifiers=seed
    )
    (data,) = once.output().values()
    again = syncrules.parse(data, "custom.ps1")
    there = (replace(again.rules[0], precedence=found),)
    planned = syncrules.plan(again, active=_active(C1, C2), staging=_staging(*there))
    assert ("SR478" in codes(planned.diagnostics)) is same


def test_sr445_a_rule_that_moves_past_one_that_is_there() -> None:
    planned = _plan(C1, C2, there=[replace(C2, precedence=1)], first_precedence=1)
    finding = the("SR445", planned.diagnostics)
    assert f"'{C1.name}' came before '{C2.name}'" in finding.message


def test_sr445_a_rule_that_moves_past_one_that_is_left_and_another_version_there() -> None:
    edited = replace(C2, precedence=1, description="edited")
    planned = _plan(C1, C2, C3, there=[edited], leave=C2.name)
    assert f"'{C2.name}'" in the("SR445", planned.diagnostics).message
    refused = _plan(C1, C2, C3, there=[edited])
    assert "SR430" in codes(refused.diagnostics)
    assert "SR445" not in codes(refused.diagnostics)


def test_the_sources_of_an_expression_are_the_servers_own() -> None:
    one, other = (
        replace(C1, attribute_flow_mappings=(replace(FLOW, source=source),))
        for source in (None, ("title",))
    )
    planned = syncrules.plan(export(one, C2), active=_active(one, C2), staging=_staging(other))
    assert codes(planned.diagnostics) == ["SR478"]


# ---- Not the same --------------------------------------------------------------------------------

FLOW = AttributeFlowMapping(None, "title", "Expression", "Update", False, 'Trim([title])&"x"')
OTHERS: dict[str, tuple[dict[str, Any], str, str]] = {
    "description": ({"description": "edited"}, "''", "'edited'"),
    "disabled": ({"disabled": True}, "Disabled is False", "True"),
    "link type": ({"link_type": "Provision"}, "Join", "Provision"),
    "source type": ({"source_object_type": "group"}, "'user'", "'group'"),
    "target type": ({"target_object_type": "group"}, "'person'", "'group'"),
    "password sync": ({"enable_password_sync": True}, "False", "True"),
    "precedence": ({"precedence": 70}, "50", "70"),
    "flows": ({"attribute_flow_mappings": (FLOW,)}, "Constant True", "Trim([title])"),
    "scope": (
        {"scope_filter": ((ScopeCondition("department", "x", "EQUAL"),),)},
        "scope is none",
        "('department' EQUAL 'x')",
    ),
    "join": (
        {"join_filter": ((JoinCondition("mail", "mail", False),),)},
        "join is none",
        "'mail' = 'mail'",
    ),
}


@pytest.mark.parametrize("by_name", [False, True])
@pytest.mark.parametrize(("change", "ours", "theirs"), OTHERS.values(), ids=OTHERS)
def test_what_differs_is_named_with_both_values(
    change: dict[str, Any], ours: str, theirs: str, by_name: bool
) -> None:
    identifier = guid(77) if by_name else guid(1)
    planned = _plan(C1, C2, C3, there=[replace(C1, identifier=identifier, **change)])
    code = "SR431" if by_name else "SR430"
    assert code in errors(planned.diagnostics)
    finding = the(code, planned.diagnostics)
    assert ours in finding.message
    assert theirs in finding.message
    assert f'--leave "{C1.name}"' in finding.hint
    assert "--identifiers new" not in finding.hint
    followed = _plan(
        C1, C2, C3, there=[replace(C1, identifier=identifier, **change)], leave=C1.name
    )
    assert errors(followed.diagnostics) == []


def test_of_many_differences_five_are_told() -> None:
    five = {k: v for name in [*OTHERS][:5] for k, v in OTHERS[name][0].items()}
    message = the("SR430", _plan(C1, C2, C3, there=[replace(C1, **five)]).diagnostics).message
    assert message.count(" on the active server and ") == 5
    assert "more" not in message
    six = replace(C1, **five, enable_password_sync=True)
    message = the("SR430", _plan(C1, C2, C3, there=[six]).diagnostics).message
    assert message.count(" on the active server and ") == 5
    assert "and 1 more." in message


def test_of_a_long_expression_the_part_that_differs_is_told() -> None:
    long = "&".join(f"[attribute{n}]" for n in range(100))
    one, other = (
        replace(C1, attribute_flow_mappings=(replace(FLOW, expression=f"{long}&[{end}]&{long}"),))
        for end in ("here", "there")
    )
    planned = syncrules.plan(export(one, C2), active=_active(one, C2), staging=_staging(other))
    message = the("SR430", planned.diagnostics).message
    assert "[here]" in message
    assert "[there]" in message
    assert len(message) < 1000


@pytest.mark.parametrize(("tag", "told"), [("", ["SR431", "SR431"]), (None, [])])
def test_sr431_two_rules_of_one_name_and_one_on_staging(tag: str | None, told: list[str]) -> None:
    """Which of the two it is, is not known; nor whether one of an unknown tag is a custom rule."""
    twin = replace(C1, identifier=guid(78), description="twin", precedence=90)
    known = ServerRule(C1.name, guid(77), B1, "settings", "Inbound", 70, tag, disabled=False)
    staging = _staging()
    staging = replace(staging, rules=(*staging.rules, known))
    ours = (C1, twin, C2, C3)
    planned = syncrules.plan(export(*ours), active=_active(*ours), staging=staging)
    assert [c for c in codes(planned.diagnostics) if c in ("SR430", "SR431")] == told


def test_sr430_each_rule_whose_identifier_is_taken_is_told() -> None:
    """Whatever rules of a connector without a pair come before it."""
    there = [replace(c, description="edited") for c in (C1, C2)]
    found = _plan(C1, C2, C3, there=there).diagnostics
    assert codes(found).count("SR430") == 2
    unpaired = replace(C3, name="Unpaired", identifier=guid(79), connector=A2, precedence=1)
    found = _plan(unpaired, C1, C2, C3, there=there).diagnostics
    assert codes(found).count("SR430") == 2


def test_sr430_another_rule_of_that_identifier_may_get_a_new_one() -> None:
    another = replace(C1, name="In from AD - Another", precedence=70)
    planned = _plan(C1, C2, C3, there=[another])
    finding = the("SR430", planned.diagnostics)
    assert "'In from AD - Another'" in finding.message
    assert finding.hint.endswith("--identifiers new")
    followed = _plan(C1, C2, C3, there=[another], new_identifiers="seed")
    assert errors(followed.diagnostics) == []


def test_sr431_a_copy_of_a_rule_whose_own_was_renamed_on_staging() -> None:
    """With a fresh identifier the rule could be added, and both would run."""
    there = [
        replace(C1, name="In from AD - Renamed", precedence=70),
        replace(C1, identifier=guid(77)),
    ]
    planned = _plan(C1, C2, C3, there=there, new_identifiers="seed", first_precedence=1)
    assert errors(planned.diagnostics) == ["SR431"]
    assert "same in every field" in the("SR431", planned.diagnostics).message


def test_sr454_says_what_differs_in_a_rule_that_no_export_holds() -> None:
    planned = _plan(C2, C3, there=[replace(C1, description="edited")])
    assert errors(planned.diagnostics) == ["SR454"]
    finding = the("SR454", planned.diagnostics)
    assert "'edited'" in finding.message
    assert [o.flag for o in finding.options] == ["--leave", "--partial"]
    allowed = syncrules.plan(
        export(C2, C3),
        active=_active(C1, C2, C3),
        staging=_staging(replace(C1, description="edited")),
        partial=True,
    )
    assert the("SR454", allowed.diagnostics).options == ()


@pytest.mark.parametrize("identifier", [guid(1), guid(77)])
def test_nothing_is_said_to_be_the_same_that_no_file_shows_whole(identifier: str) -> None:
    known = ServerRule(C1.name, identifier, B1, "settings", "Inbound", 50, "", disabled=False)
    staging = _staging()
    staging = replace(staging, rules=(*staging.rules, known))
    planned = syncrules.plan(export(C1, C2, C3), active=_active(C1, C2, C3), staging=staging)
    code = "SR430" if identifier == guid(1) else "SR431"
    assert errors(planned.diagnostics)[0] == code
    assert "is not known" in the(code, planned.diagnostics).message
    assert "SR478" not in codes(planned.diagnostics)


def test_a_rule_is_left_behind_though_staging_has_the_same() -> None:
    planned = _plan(C1, C2, C3, there=[C1], leave=C1.name)
    assert codes(planned.diagnostics) == []
    assert [o.reason for o in planned.left_out] == [LeftOutReason.ASKED_FOR]


def test_a_second_run_with_the_first_ones_output_finds_all_of_it_there() -> None:
    first = syncrules.plan(export(C1, C2, C3), active=_active(C1, C2, C3), staging=_staging())
    (data,) = first.output().values()
    there = [replace(r, precedence_after=ZERO_GUID) for r in syncrules.parse(data).rules]
    again = _plan(C1, C2, C3, there=there)
    assert codes(again.diagnostics) == ["SR479", "SR478"]
    mapped = syncrules.plan(
        syncrules.parse(data, "custom.ps1"),
        active=_active(C1, C2, C3),
        staging=_staging(*there),
    )
    assert codes(mapped.diagnostics) == ["SR479", "SR478"]
