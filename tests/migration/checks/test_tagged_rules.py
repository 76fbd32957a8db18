"""Rules with Microsoft's tag that are left out, and that the staging server does not have."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, strategies

import syncrules
from support.builders import (
    A1,
    A2,
    B1,
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
from support.configurations import ENTRA_FILE, ConnectorFile, configuration
from support.known_servers import complete, forest
from syncrules import Export, Plan, Server, Severity, SyncRule
from syncrules.migration.moving_rules import LeftOutReason
from syncrules.servers.merging import merge
from syncrules.servers.model import ServerRule

CUSTOM = rule("Custom", 1)
JOIN = out_of_box()
THERE = replace(JOIN, identifier=guid(800), connector=B1)
SPECIAL = replace(rule("In from AD - Contoso", 2), immutable_tag="Microsoft.ContosoSpecial.001")
CLONE = replace(JOIN, name="In from AD - User Join Contoso special", precedence=150)
GONE = out_of_box("In from AD - Group Join", 901)

HOME = forest(A1, "contoso.com")


def _staging(*rules: SyncRule) -> Server:
    return complete(forest(B1, "contoso.com"), rules=rules or (THERE,))


def _exported(*rules: SyncRule, staging: Server | None = None, partial: bool = False) -> Plan:
    """Return the plan of exports alone."""
    return syncrules.plan([export(CUSTOM, *rules)], staging=staging or _staging(), partial=partial)


def _configured(*rules: SyncRule, partial: bool = False) -> Plan:
    """Return the plan of an export beside the active server's configuration."""
    active = complete(HOME, rules=(CUSTOM, *rules))
    return syncrules.plan([export(CUSTOM)], staging=_staging(), active=active, partial=partial)


in_both_ways = pytest.mark.parametrize("planned", [_exported, _configured])


# ---- Custom rules --------------------------------------------------------------------------------


@in_both_ways
@pytest.mark.parametrize(
    ("made", "said"),
    [
        pytest.param(SPECIAL, "no rule with that tag or name", id="a tag of nobody's"),
        pytest.param(CLONE, "that tag is called 'In from AD - User Join'", id="a kept tag"),
        pytest.param(
            replace(CLONE, immutable_tag="Microsoft.InfromADUserJoin.001"),
            "that tag is called 'In from AD - User Join'",
            id="a kept tag of another version",
        ),
        pytest.param(
            replace(SPECIAL, name=JOIN.name),
            "that name has the tag Microsoft.InfromADUserJoin.004",
            id="a kept name",
        ),
        pytest.param(
            replace(
                SPECIAL,
                name="In from AD - Contoso Special",
                immutable_tag="Microsoft.InfromADContosoSpecial.001",
            ),
            "no rule with that tag or name",
            id="a tag made from its name",
        ),
        pytest.param(replace(SPECIAL, disabled=True), "no rule with that tag", id="disabled"),
        pytest.param(replace(SPECIAL, precedence=50), "no rule with that tag", id="below 100"),
        pytest.param(replace(SPECIAL, connector=A2), "no rule with that tag", id="unpaired"),
    ],
)
def test_sr458_a_custom_rule_with_microsofts_tag(
    planned: object, made: SyncRule, said: str
) -> None:
    assert callable(planned)
    if made.connector == A2 and planned is _configured:
        made = replace(made, connector=A1)
    found = planned(made).diagnostics
    finding = the("SR458", found)
    assert "SR458" in errors(found)
    assert f"'{made.name}'" in finding.message
    assert said in finding.message
    assert "SR453" not in codes(found)  # it is no other version of staging's rule
    assert "SR414" not in codes(found)
    allowed = the("SR458", planned(made, partial=True).diagnostics)
    assert allowed.severity is Severity.WARNING
    assert "--partial allows" in allowed.hint
    assert [o.flag for o in finding.options] == ["--leave", "--partial"]
    assert allowed.options == ()


ALIKE = replace(SPECIAL, identifier=guid(801), connector=B1, precedence=120)


@pytest.mark.parametrize(
    "there",
    [
        pytest.param(replace(ALIKE, connector=ENTRA), id="another connector"),
        pytest.param(replace(ALIKE, direction="Outbound"), id="another direction"),
        pytest.param(replace(ALIKE, precedence=50), id="a custom rule's precedence"),
        pytest.param(replace(ALIKE, immutable_tag=""), id="no tag of Microsoft's"),
    ],
)
def test_sr458_not_silenced_by_a_rule_of_staging_that_is_not_the_same(there: SyncRule) -> None:
    assert "SR458" not in codes(_exported(SPECIAL, staging=_staging(THERE, ALIKE)).diagnostics)
    found = _exported(SPECIAL, staging=_staging(THERE, there)).diagnostics
    assert "SR458" in errors(found)


def test_sr458_where_its_connector_has_no_pair_any_rule_of_staging_may_be_it() -> None:
    made = replace(SPECIAL, connector=A2)
    assert "SR458" not in codes(_exported(made, staging=_staging(THERE, ALIKE)).diagnostics)


def test_sr458_not_where_a_file_does_not_tell_the_direction() -> None:
    """The wizard's settings may leave it out; then no name and no tag is another one."""
    known = merge((_staging(THERE), Server(rules=(_without_direction(ALIKE),))))
    assert "SR458" not in codes(_exported(SPECIAL, staging=known).diagnostics)


def _without_direction(made: SyncRule) -> ServerRule:
    (shown,) = server(export(made)).rules
    return replace(shown, direction=None, sync_rule=None)


def test_sr458_stands_at_the_rule() -> None:
    finding = the("SR458", _exported(SPECIAL).diagnostics)
    assert finding.file == "custom.ps1"
    assert finding.line > 1
    assert the("SR458", _configured(SPECIAL).diagnostics).file == "configuration"


def test_sr458_for_a_rule_without_an_identifier() -> None:
    found = _exported(replace(SPECIAL, identifier=None)).diagnostics
    assert "SR458" in errors(found)


def test_sr458_a_configuration_as_export(tmp_path: Path) -> None:
    folders = [
        configuration(
            tmp_path / name,
            connectors=(ConnectorFile(c, "contoso.com", forest="contoso.com"), ENTRA_FILE),
            rules=rules,
        )
        for name, c, rules in (("old", A1, (CUSTOM, SPECIAL)), ("new", B1, (THERE,)))
    ]
    exports = syncrules.read_exports([folders[0]])
    planned = syncrules.plan(
        exports,
        staging=syncrules.read_server([folders[1]]),
        active=syncrules.read_server([folders[0]]),
    )
    assert errors(planned.diagnostics) == ["SR458"]


EMPTIED = replace(SPECIAL, immutable_tag="")


@in_both_ways
def test_sr458_its_hint_leads_on(planned: object) -> None:
    """An export with the emptied tag moves the rule, also beside what shows its tag."""
    assert callable(planned)
    hint = the("SR458", planned(SPECIAL).diagnostics).hint
    assert "-ImmutableTag ''" in hint
    assert ("export it in the Synchronization Rules Editor" in hint) is (planned is _configured)
    emptied = _with_emptied(SPECIAL)
    assert [r.before.name for r in emptied.rules] == ["Custom", SPECIAL.name]
    assert errors(emptied.diagnostics) == []
    assert "tag" in the("SR457", emptied.diagnostics).message
    assert "SR458" not in codes(emptied.diagnostics)


def _with_emptied(*shown: SyncRule, there: tuple[SyncRule, ...] = (THERE,)) -> Plan:
    """Return the plan of the last of some rules with its tag emptied, and what shows them all."""
    emptied = replace(shown[-1], immutable_tag="")
    return syncrules.plan(
        [export(CUSTOM), export(emptied, name="emptied.ps1")],
        staging=_staging(*there),
        active=complete(HOME, rules=(CUSTOM, *shown)),
    )


def test_an_emptied_tag_beside_an_export_of_the_same_rule_moves_it_once() -> None:
    exports = [export(CUSTOM, SPECIAL), export(EMPTIED, name="emptied.ps1")]
    planned = syncrules.plan(exports, staging=_staging())
    assert [r.before for r in planned.rules] == [CUSTOM, EMPTIED]
    assert errors(planned.diagnostics) == []
    assert planned.left_out == ()


def test_a_tag_that_was_filled_in_an_export_is_a_contradiction_still() -> None:
    active = complete(HOME, rules=(CUSTOM, EMPTIED))
    planned = syncrules.plan([export(CUSTOM, SPECIAL)], staging=_staging(), active=active)
    assert "SR417" in errors(planned.diagnostics)


# ---- Clones that kept Microsoft's tag ------------------------------------------------------------

TWIN = replace(JOIN, name="In from AD - Our User Join", identifier=guid(901), precedence=150)
ALTERED = replace(JOIN, identifier=guid(901), precedence=150, source_object_type="contact")
UNHEARD = out_of_box("In from AD - Unheard Of", 903)
UNHEARD_TWIN = replace(UNHEARD, name="In from AD - Unheard Of Too", identifier=guid(904))


@pytest.mark.parametrize(
    ("original", "clone"),
    [
        pytest.param(JOIN, TWIN, id="its name is not Microsoft's"),
        pytest.param(JOIN, replace(JOIN, identifier=guid(901), precedence=60), id="its precedence"),
        pytest.param(JOIN, ALTERED, id="its contents are not staging's"),
        pytest.param(UNHEARD, replace(UNHEARD_TWIN, precedence=60), id="of a later version"),
    ],
)
def test_sr413_names_the_clone_whichever_is_read_first(original: SyncRule, clone: SyncRule) -> None:
    for one, other in itertools.permutations((original, clone)):
        for exports in ([export(one, other, CUSTOM)], [*_files(one, other, CUSTOM)]):
            finding = the("SR413", syncrules.plan(exports, staging=_staging()).diagnostics)
            assert finding.is_error
            assert finding.message.startswith(f"'{clone.name}' looks custom")
            assert finding.message.count(f"'{original.name}'") >= 1
            assert finding.line > 0


def _files(*rules: SyncRule) -> Iterator[Export]:
    for made in rules:
        yield export(made, name=f"{made.identifier}.ps1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(UNHEARD, UNHEARD_TWIN, id="nothing tells"),
        pytest.param(TWIN, replace(JOIN, precedence=60), id="the marks contradict each other"),
    ],
)
def test_sr413_names_both_where_it_is_not_known_which_is_the_clone(
    one: SyncRule, other: SyncRule
) -> None:
    for first, second in itertools.permutations((one, other)):
        finding = the("SR413", _exported(first, second).diagnostics)
        assert f"'{one.name}' ({one.identifier})" in finding.message
        assert f"'{other.name}' ({other.identifier})" in finding.message
        assert "not known" in finding.message
        assert "staging" not in finding.message
        apart = syncrules.plan([export(CUSTOM), *_files(first, second)], staging=_staging())
        named = min((first, second), key=lambda r: r.name)
        assert the("SR413", apart.diagnostics).file == f"{named.identifier}.ps1"


def test_sr413_the_name_of_stagings_rule_tells_which_is_the_clone() -> None:
    there = replace(UNHEARD, identifier=guid(803), connector=B1)
    planned = _exported(UNHEARD, UNHEARD_TWIN, staging=_staging(there))
    message = the("SR413", planned.diagnostics).message
    assert message.startswith(f"'{UNHEARD_TWIN.name}' looks custom")


def test_sr413_where_a_file_does_not_show_the_whole_rule() -> None:
    shown = complete(HOME, rules=(CUSTOM, JOIN, TWIN))
    known = [replace(r, sync_rule=None) if r.is_out_of_box else r for r in shown.rules]
    planned = syncrules.plan(
        [export(CUSTOM)], staging=_staging(), active=replace(shown, rules=tuple(known))
    )
    assert f"'{TWIN.name}' looks custom" in the("SR413", planned.diagnostics).message


def test_sr413_not_for_a_rule_without_an_identifier_in_two_files() -> None:
    nameless = replace(JOIN, identifier=None)
    exports = [export(CUSTOM, nameless), export(nameless, name="two.ps1")]
    assert "SR413" not in codes(syncrules.plan(exports, staging=_staging()).diagnostics)


def test_sr413_its_hint_leads_on() -> None:
    assert "-ImmutableTag ''" in the("SR413", _exported(JOIN, TWIN).diagnostics).hint
    emptied = _with_emptied(JOIN, TWIN)
    assert not {"SR413", "SR414", "SR417", "SR454", "SR458"} & {*codes(emptied.diagnostics)}
    assert [r.before.name for r in emptied.rules] == ["Custom", TWIN.name]
    assert emptied.left_out == ()


def test_sr413_on_the_staging_server_names_both() -> None:
    there = replace(TWIN, connector=B1)
    finding = the("SR413", _exported(staging=_staging(THERE, there)).diagnostics)
    assert f"'{THERE.name}'" in finding.message
    assert f"'{there.name}'" in finding.message


def test_sr413_not_for_the_same_tag_on_two_connectors_or_the_same_rule_in_two_files() -> None:
    two = [JOIN, out_of_box(number=901, connector=A2)]
    exports = [export(*two, CUSTOM, name="one.ps1"), export(JOIN, name="two.ps1")]
    planned = syncrules.plan(exports, staging=_staging())
    assert "SR413" not in codes(planned.diagnostics)


def test_sr414_on_the_staging_server() -> None:
    there = replace(THERE, precedence=99)
    finding = the("SR414", _exported(JOIN, staging=_staging(there)).diagnostics)
    assert "It is not treated as staging's out-of-box rule" in finding.message
    assert "empty its tag on the staging server" in finding.hint


def test_sr414_microsofts_tag_at_a_custom_precedence() -> None:
    planned = _exported(replace(JOIN, precedence=99))
    finding = the("SR414", planned.diagnostics)
    assert not finding.is_error
    assert "99" in finding.message
    assert "-ImmutableTag ''" in finding.hint
    assert [r.before.name for r in planned.rules] == ["Custom"]
    assert "SR414" not in codes(_exported(replace(JOIN, precedence=100)).diagnostics)
    assert "SR414" not in codes(_with_emptied(replace(JOIN, precedence=99)).diagnostics)


@given(strategies.data())
def test_the_order_of_files_does_not_change_what_is_said(data: strategies.DataObject) -> None:
    """Rules with and without Microsoft's tag, each in a file of its own or twice."""
    rules = data.draw(strategies.lists(strategies.sampled_from(_VARIED), min_size=2, unique=True))
    exports = [export(r, name=f"{n}.ps1") for n, r in enumerate(rules)]
    active = data.draw(
        strategies.sampled_from([Server(), complete(HOME, rules=(CUSTOM, JOIN, TWIN, SPECIAL))])
    )
    said = _said(exports, active)
    again = data.draw(strategies.permutations(range(len(exports))))
    assert _said([exports[n] for n in again], active) ^ said == set()


_VARIED = (
    *(CUSTOM, JOIN, TWIN, ALTERED, UNHEARD, UNHEARD_TWIN, SPECIAL, EMPTIED, GONE),
    *(replace(r, precedence=60 + n) for n, r in enumerate((JOIN, TWIN, GONE))),
    replace(TWIN, immutable_tag=""),
)


def _said(exports: Sequence[Export], active: Server) -> set[tuple[object, ...]]:
    """Return all findings that are not about the order itself: the first place, the second file."""
    planned = syncrules.plan(exports, staging=_staging(), active=active)
    return {
        (d.code, frozenset(d.places), frozenset(d.rows), d.message, d.hint)
        for d in planned.diagnostics
        if d.code not in ("SR410", "SR411")
    }


# ---- Microsoft's own rules -----------------------------------------------------------------------


@in_both_ways
def test_sr458_a_rule_of_microsofts_that_staging_lacks_is_a_warning(planned: object) -> None:
    assert callable(planned)
    finding = the("SR458", planned(JOIN, GONE).diagnostics)
    assert finding.severity is Severity.WARNING
    assert "out-of-box rule 'In from AD - Group Join'" in finding.message
    assert "options" in finding.hint
    other = out_of_box("In from AD - User Lync", 902)
    rows = the("SR458", planned(JOIN, GONE, other).diagnostics).rows
    assert rows == tuple((f"'{r.name}'", r.immutable_tag) for r in (GONE, other))


@in_both_ways
@pytest.mark.parametrize("partial", [True, False])
def test_sr458_several_are_one_finding_with_a_list(planned: object, partial: bool) -> None:
    assert callable(planned)
    other = replace(SPECIAL, name="In from AD - Other", identifier=guid(3), precedence=60)
    other = replace(other, immutable_tag="Microsoft.Other.001")
    finding = the("SR458", planned(SPECIAL, other, partial=partial).diagnostics)
    assert [row[0] for row in finding.rows] == [f"'{r.name}'" for r in (SPECIAL, other)]
    assert ("as --partial allows" in finding.hint) is partial
    assert ("To move one, empty its -ImmutableTag" in finding.hint) is not partial


@pytest.mark.parametrize(
    ("made", "there"),
    [
        pytest.param(JOIN, THERE, id="the same rule"),
        pytest.param(
            JOIN, replace(THERE, immutable_tag="Microsoft.InfromADUserJoin.017"), id="newer"
        ),
        pytest.param(
            JOIN, replace(THERE, immutable_tag="Microsoft.InfromADUserJoinV2.001"), id="tag"
        ),
        pytest.param(JOIN, replace(THERE, name="In from AD - User Join (new)"), id="renamed"),
        pytest.param(
            replace(CLONE, name="in from AD \N{EN DASH} User  Join"), THERE, id="letter case"
        ),
        pytest.param(replace(GONE, disabled=True), THERE, id="disabled, and gone"),
    ],
)
def test_sr458_not_for_a_rule_of_microsofts_that_is_there_or_does_nothing(
    made: SyncRule, there: SyncRule
) -> None:
    assert "SR458" not in codes(_exported(made, staging=_staging(there)).diagnostics)


def test_sr458_not_where_not_all_rules_of_staging_are_known() -> None:
    known = server(export(THERE, name="new.ps1"))
    planned = _exported(SPECIAL, GONE, staging=known)
    assert "SR458" not in codes(planned.diagnostics)
    assert [o.reason for o in planned.left_out] == [LeftOutReason.NOT_SHOWN] * 2


def test_sr458_not_for_evidence_beside_the_exports() -> None:
    """As SR454: an export shows what was selected, and this one is not to be moved."""
    planned = syncrules.plan(
        [export(CUSTOM)], staging=_staging(), active=server(export(SPECIAL, name="more.ps1"))
    )
    assert "SR458" not in codes(planned.diagnostics)


def test_sr458_not_for_evidence_whose_clone_an_export_holds() -> None:
    clone = replace(CUSTOM, name=SPECIAL.name)
    planned = syncrules.plan(
        [export(clone)], staging=_staging(), active=server(export(SPECIAL, name="more.ps1"))
    )
    assert "SR458" not in codes(planned.diagnostics)


def test_sr458_a_custom_rule_of_staging_is_not_taken_for_the_one_that_is_missing() -> None:
    custom = replace(rule(SPECIAL.name, 820, B1), precedence=150)
    finding = the("SR458", _exported(SPECIAL, staging=_staging(THERE, custom)).diagnostics)
    assert "the staging server has no rule with that tag or name" in finding.message


def test_sr458_not_beside_sr413_which_asks_which_of_stagings_rules_it_is() -> None:
    special = replace(SPECIAL, precedence=150)
    there = [
        replace(special, name=f"In from AD - {n}", identifier=guid(820 + n), connector=B1)
        for n in range(2)
    ]
    assert errors(_exported(special, staging=_staging(*there)).diagnostics) == ["SR413"]


def test_sr458_not_where_one_of_several_rules_has_both_the_tag_and_the_name() -> None:
    same = replace(SPECIAL, identifier=guid(820), connector=B1, precedence=150)
    other = replace(same, identifier=guid(821), immutable_tag="Microsoft.Another.001")
    planned = _exported(SPECIAL, staging=_staging(same, other))
    assert "SR458" not in codes(planned.diagnostics)


def test_sr458_a_name_that_differs_needs_no_complete_evidence() -> None:
    planned = _exported(CLONE, staging=server(export(THERE, name="new.ps1")))
    assert "SR458" in errors(planned.diagnostics)


def test_sr458_not_beside_sr413_which_asks_which_of_two_is_the_clone() -> None:
    found = _exported(JOIN, replace(CLONE, identifier=guid(77))).diagnostics
    assert errors(found) == ["SR413"]


def test_what_is_left_out_says_whether_staging_has_it() -> None:
    planned = _exported(JOIN, SPECIAL)
    assert {o.rule.name: o.reason for o in planned.left_out} == {
        JOIN.name: LeftOutReason.OUT_OF_BOX,
        SPECIAL.name: LeftOutReason.NOT_SHOWN,
    }
    assert [o.reason for o in _exported(CLONE).left_out] == [LeftOutReason.NOT_SHOWN]
    low = replace(JOIN, precedence=20)  # a clone that kept its name and its tag has one
    assert [o.reason for o in _exported(low).left_out] == [LeftOutReason.NOT_SHOWN]


def test_sr458_is_not_hidden_by_what_is_told_elsewhere_or_not_at_all() -> None:
    """Two rules of one tag, one that is left behind, and one that is given as evidence only."""
    first, second = (
        replace(
            SPECIAL, name=f"In from AD - {n}", identifier=guid(n), immutable_tag="Microsoft.N.1"
        )
        for n in (920, 921)
    )
    left = replace(SPECIAL, name="In from AD - Left", identifier=guid(922))
    left = replace(left, immutable_tag="Microsoft.Left.001")
    shown = replace(SPECIAL, name="In from AD - Shown", identifier=guid(923))
    shown = replace(shown, immutable_tag="Microsoft.Shown.001")
    planned = syncrules.plan(
        [export(CUSTOM, left, first, second, SPECIAL)],
        staging=_staging(),
        active=server(export(shown, name="more.ps1")),
        leave=left.name,
    )
    assert f"'{SPECIAL.name}'" in the("SR458", planned.diagnostics).message
    assert {"SR413"} <= {*codes(planned.diagnostics)}


def test_sr413_is_told_alike_in_whatever_order_the_files_are_given() -> None:
    twin = replace(JOIN, identifier=guid(910), precedence=JOIN.precedence)
    found = [
        the("SR413", _exported(CUSTOM, *both).diagnostics).message
        for both in ((JOIN, twin), (twin, JOIN))
    ]
    assert found[0] == found[1]
