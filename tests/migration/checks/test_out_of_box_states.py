"""What has to come along: the state of out-of-box rules, and the rules that no EXPORT holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

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
    the,
)
from support.configurations import settings_file
from support.known_servers import complete, forest
from syncrules import Export, JoinCondition, Server, Severity, SyncRule
from syncrules.migration.output_names import DISABLE_SCRIPT

JOIN_ON = ((JoinCondition("objectGUID", "sourceAnchorBinary", False),),)
JOIN = replace(out_of_box(connector=ENTRA), join_filter=JOIN_ON, disabled=True)
THERE = replace(JOIN, identifier=guid(800), disabled=False)
CLONE = replace(rule("Clone", 1, ENTRA), join_filter=JOIN_ON)
CUSTOM = rule("Custom", 1, ENTRA)


def _plan(
    *exports: Export,
    active: Server | None = None,
    staging: SyncRule | Server = THERE,
    keep_enabled: tuple[str, ...] = (),
    partial: bool = False,
    mapping: dict[str, str] | None = None,
) -> syncrules.Plan:
    there = staging if isinstance(staging, Server) else server(export(staging, name="new.ps1"))
    return syncrules.plan(
        exports,
        staging=there,
        active=active,
        keep_enabled=keep_enabled,
        partial=partial,
        mapping=mapping,
    )


# ---- Disabled on the active server: SR415, SR450 -------------------------------------------------


def test_sr415_an_original_is_disabled_by_a_script_beside_the_output() -> None:
    planned = _plan(export(CUSTOM, JOIN))
    assert codes(planned.diagnostics) == ["SR415"]
    finding = the("SR415", planned.diagnostics)
    assert finding.severity is Severity.WARNING
    assert finding.excerpt == "New-ADSyncRule  `"
    assert finding.line > 1
    assert DISABLE_SCRIPT in finding.hint
    assert "it will run in addition to your custom rule" in finding.message
    assert [p.staging.identifier for p in planned.disabled] == [guid(800)]
    assert planned.rule_pairs == planned.disabled
    assert list(planned.output()) == [DISABLE_SCRIPT, "custom.ps1"]
    assert guid(800).encode() in planned.output()[DISABLE_SCRIPT]


def test_sr415_where_the_rule_on_staging_is_not_known_no_script_can_disable_it() -> None:
    planned = _plan(export(CUSTOM, JOIN), staging=server())
    assert codes(planned.diagnostics) == ["SR415"]
    assert "not known" in the("SR415", planned.diagnostics).message
    assert list(planned.output()) == ["custom.ps1"]
    other = replace(JOIN, name="Out to AAD - Other", identifier=guid(902))
    other = replace(other, immutable_tag="Microsoft.OuttoAADOther.002")
    both = _plan(export(CUSTOM, JOIN, other), staging=server())
    assert the("SR415", both.diagnostics).rows == (
        (f"'{JOIN.name}'", JOIN.immutable_tag),
        (f"'{other.name}'", other.immutable_tag),
    )


def test_sr415_not_where_staging_is_known_to_lack_the_rule() -> None:
    planned = _plan(export(CUSTOM, JOIN), staging=complete())
    assert "SR415" not in codes(planned.diagnostics)


def test_sr415_where_a_file_shows_the_state_and_not_the_whole_rule() -> None:
    here = server(export(JOIN, name="old.ps1"))
    (known,) = here.rules
    here = replace(here, rules=(replace(known, sync_rule=None),))
    planned = _plan(export(CLONE), active=here)
    assert "SR415" in codes(planned.diagnostics)
    assert len(planned.disabled) == 1


def test_sr415_where_the_connector_has_no_pair() -> None:
    here = replace(JOIN, connector=A1)
    found = _plan(export(CUSTOM, here), staging=complete()).diagnostics
    assert "not known" in the("SR415", found).message


def test_sr415_where_two_of_staging_could_be_the_rule() -> None:
    twin = replace(THERE, identifier=guid(801), precedence=170)
    found = _plan(export(CUSTOM, JOIN), staging=complete(rules=(THERE, twin))).diagnostics
    assert "not known" in the("SR415", found).message
    kept = _plan(
        export(CUSTOM, JOIN), staging=complete(rules=(THERE, twin)), keep_enabled=(JOIN.name,)
    )
    assert "SR415" not in codes(kept.diagnostics)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        pytest.param(JOIN, replace(THERE, disabled=True), id="disabled on both"),
        pytest.param(replace(JOIN, disabled=False), THERE, id="enabled on both"),
    ],
)
def test_sr415_not_where_the_states_agree(here: SyncRule, there: SyncRule) -> None:
    planned = _plan(export(CUSTOM, here), staging=there)
    assert codes(planned.diagnostics) == []
    assert list(planned.output()) == ["custom.ps1"]


def test_sr415_not_for_a_disabled_custom_rule_which_stays_disabled() -> None:
    planned = _plan(export(replace(CUSTOM, disabled=True)))
    assert codes(planned.diagnostics) == []
    assert [m.after.disabled for m in planned.rules] == [True]


def test_sr450_a_clone_joins_the_same_objects() -> None:
    other = replace(out_of_box("Out to AAD - Other", 901, ENTRA), disabled=True, precedence=120)
    there = replace(other, identifier=guid(801), disabled=False)
    planned = _plan(
        export(CLONE, other, JOIN), staging=server(export(THERE, there, name="new.ps1"))
    )
    assert codes(planned.diagnostics) == ["SR450", "SR415"]
    assert "'Clone' joins the same objects" in the("SR450", planned.diagnostics).message
    # The most urgent first, wherever the files have it.
    assert [p.staging.identifier for p in planned.disabled] == [guid(800), guid(801)]
    assert planned.to_do[0].text.startswith(f"First: run .\\{DISABLE_SCRIPT}")


@pytest.mark.parametrize(
    ("clone", "original"),
    [
        pytest.param(replace(CLONE, disabled=True), JOIN, id="the clone is disabled"),
        pytest.param(replace(CLONE, join_filter=()), JOIN, id="the clone joins nothing"),
        pytest.param(CLONE, replace(JOIN, join_filter=()), id="the original joins nothing"),
        pytest.param(replace(CLONE, source_object_type="group"), JOIN, id="another source"),
        pytest.param(replace(CLONE, target_object_type="group"), JOIN, id="another target"),
        pytest.param(replace(CLONE, direction="Outbound"), JOIN, id="another direction"),
    ],
)
def test_sr450_not_where_no_object_is_joined_twice(clone: SyncRule, original: SyncRule) -> None:
    there = replace(THERE, join_filter=original.join_filter)
    assert codes(_plan(export(clone, original), staging=there).diagnostics) == ["SR415"]


def test_sr450_names_three_of_many_rules_that_join() -> None:
    clones = [replace(CLONE, name=f"Clone {n}", identifier=guid(n)) for n in range(1, 5)]
    clones = [replace(c, precedence=50 + n) for n, c in enumerate(clones)]
    message = the("SR450", _plan(export(*clones, JOIN)).diagnostics).message
    assert "'Clone 1', 'Clone 2', 'Clone 3' joins" in message


def test_sr450_not_for_a_clone_of_another_connector() -> None:
    clone = replace(CLONE, connector=A1)
    planned = _plan(
        export(clone, JOIN),
        staging=complete(forest(B1, "contoso.com"), rules=(THERE,)),
        active=complete(forest(A1, "contoso.com"), rules=(JOIN, clone)),
    )
    assert codes(planned.diagnostics) == ["SR415"]


def test_originals_of_two_forests_are_not_crossed() -> None:
    here = [replace(JOIN, identifier=guid(n), connector=c) for n, c in ((900, A1), (901, A2))]
    here[1] = replace(here[1], disabled=False, precedence=101)
    there = [
        replace(THERE, identifier=guid(n), connector=c, precedence=n)
        for n, c in ((801, B2), (800, B1))
    ]
    planned = _plan(
        export(CUSTOM),
        active=complete(
            *(forest(A1, "contoso.com"), forest(A2, "fabrikam.com")), rules=(*here, CUSTOM)
        ),
        staging=complete(
            *(forest(B2, "fabrikam.com"), forest(B1, "contoso.com")), rules=tuple(there)
        ),
    )
    assert [(p.active.identifier, p.staging.identifier) for p in planned.disabled] == [
        (guid(900), guid(800))
    ]
    # Both forests have a rule of this name.
    assert "'In from AD - User Join' (contoso.com)" in the("SR415", planned.diagnostics).message


# ---- Left enabled: SR455 -------------------------------------------------------------------------


@pytest.mark.parametrize("name", [JOIN.name, JOIN.name.upper()])
def test_a_rule_may_be_left_enabled_by_its_name_in_any_case(name: str) -> None:
    planned = _plan(export(CUSTOM, JOIN), keep_enabled=(name,))
    assert codes(planned.diagnostics) == []
    assert planned.disabled == ()


@pytest.mark.parametrize(
    "name", [pytest.param("In from AD - User Jion", id="a slip"), pytest.param("", id="no name")]
)
def test_sr455_a_name_that_no_disabled_rule_has(name: str) -> None:
    planned = _plan(export(CUSTOM, JOIN), keep_enabled=(name,))
    assert errors(planned.diagnostics) == ["SR455"]
    assert f"'{name}'" in the("SR455", planned.diagnostics).message


def test_sr455_an_enabled_rule_is_not_to_be_kept_enabled() -> None:
    planned = _plan(export(CUSTOM, replace(JOIN, disabled=False)), keep_enabled=(JOIN.name,))
    assert errors(planned.diagnostics) == ["SR455"]


def test_sr456_what_is_kept_enabled_joins_the_same_objects_as_a_clone() -> None:
    planned = _plan(export(CLONE, JOIN), keep_enabled=(JOIN.name,))
    assert codes(planned.diagnostics) == ["SR456"]
    finding = the("SR456", planned.diagnostics)
    assert finding.severity is Severity.WARNING
    assert "'Clone' joins the same objects" in finding.message


def test_sr456_not_where_nothing_joins_twice() -> None:
    assert codes(_plan(export(CUSTOM, JOIN), keep_enabled=(JOIN.name,)).diagnostics) == []


# ---- Disabled on staging only: SR451 -------------------------------------------------------------


def test_sr451_a_rule_that_is_enabled_on_the_active_server_only() -> None:
    planned = _plan(
        export(CUSTOM, replace(JOIN, disabled=False)), staging=replace(THERE, disabled=True)
    )
    assert codes(planned.diagnostics) == ["SR451"]
    finding = the("SR451", planned.diagnostics)
    assert finding.severity is Severity.WARNING
    assert finding.file == "new.ps1"


def test_sr451_not_where_the_active_servers_files_do_not_tell_the_state(tmp_path: Path) -> None:
    """The wizard's settings name the out-of-box rules, and not which of them are disabled."""
    active = syncrules.read_server([settings_file(tmp_path / "policy.json", JOIN)])
    planned = _plan(export(CUSTOM), active=active, staging=replace(THERE, disabled=True))
    assert [r.name for r in active.rules] == [JOIN.name]
    assert codes(planned.diagnostics) == []


def test_sr451_not_where_the_active_servers_rule_is_not_known() -> None:
    assert codes(_plan(export(CUSTOM), staging=replace(THERE, disabled=True)).diagnostics) == []


# ---- Left behind: SR454 --------------------------------------------------------------------------

BEHIND = rule("Behind", 2, ENTRA)


def test_sr454_a_custom_rule_that_no_export_holds() -> None:
    planned = _plan(export(CUSTOM), active=complete(rules=(CUSTOM, BEHIND), name="old"))
    assert errors(planned.diagnostics) == ["SR454"]
    finding = the("SR454", planned.diagnostics)
    assert "'Behind'" in finding.message
    assert finding.file == "old"


def test_sr454_is_a_note_with_partial() -> None:
    planned = _plan(export(CUSTOM), active=complete(rules=(CUSTOM, BEHIND)), partial=True)
    assert codes(planned.diagnostics) == ["SR454"]
    assert the("SR454", planned.diagnostics).severity is Severity.NOTE
    assert the("SR454", planned.diagnostics).hint == "It stays behind, as --partial allows."
    assert planned.output()


@pytest.mark.parametrize("partial", [True, False])
def test_sr454_several_are_one_finding_with_a_list(partial: bool) -> None:
    more = rule("More", 3, ENTRA)
    active = complete(rules=(CUSTOM, BEHIND, more))
    finding = the("SR454", _plan(export(CUSTOM), active=active, partial=partial).diagnostics)
    assert finding.rows == (("'Behind'", guid(2)), ("'More'", guid(3)))
    assert [o.flag for o in finding.options] == (
        [] if partial else ["--leave", "--partial", "--leave"]
    )
    assert ("They stay behind, as --partial allows." in finding.hint) is partial
    assert ("--leave" in finding.hint) is not partial


def test_sr454_not_from_a_source_that_shows_only_what_was_selected() -> None:
    planned = _plan(export(CUSTOM), active=server(export(CUSTOM, BEHIND)))
    assert codes(planned.diagnostics) == []


def test_sr454_not_for_rules_that_move_under_another_name_nor_for_out_of_box_ones() -> None:
    renamed = replace(BEHIND, name="Renamed")
    standard = out_of_box("Out to AAD - Standard", 900, ENTRA)
    planned = _plan(export(CUSTOM, renamed), active=complete(rules=(CUSTOM, BEHIND, standard)))
    assert "SR454" not in codes(planned.diagnostics)


def test_sr454_a_rule_is_not_excused_by_another_of_its_name() -> None:
    twin = replace(CUSTOM, identifier=guid(77), precedence=70)
    planned = _plan(export(CUSTOM), active=complete(rules=(CUSTOM, twin)))
    assert errors(planned.diagnostics) == ["SR454"]
    assert guid(77) in the("SR454", planned.diagnostics).message


def test_sr454_a_file_that_was_mapped_before_excuses_one_rule_of_a_name_and_no_second() -> None:
    once = syncrules.plan([export(CUSTOM)], staging=server(), new_identifiers="seed").output()
    again = syncrules.parse(once["custom.ps1"], "custom.ps1")
    twin = replace(CUSTOM, identifier=guid(77), precedence=70)
    planned = _plan(again, active=complete(rules=(CUSTOM, twin)))
    assert errors(planned.diagnostics) == ["SR454"]
    assert guid(77) in the("SR454", planned.diagnostics).message


def test_sr454_not_for_a_rule_that_was_mapped_before_under_a_fresh_identifier() -> None:
    once = syncrules.plan([export(CUSTOM)], staging=server(), new_identifiers="seed").output()
    again = syncrules.parse(once["custom.ps1"], "custom.ps1")
    active = complete(rules=(CUSTOM, BEHIND))
    assert errors(_plan(again, active=active).diagnostics) == ["SR454"]
    assert "'Behind'" in the("SR454", _plan(again, active=active).diagnostics).message
