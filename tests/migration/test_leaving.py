"""What is left behind on purpose, with --leave: rules, and all rules of a connector."""

from __future__ import annotations

from collections import Counter
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
    STAGING,
    codes,
    errors,
    export,
    guid,
    out_of_box,
    rule,
    server,
    text_of,
    the,
)
from support.known_servers import ENTRA_CONNECTOR, complete, forest
from syncrules import LeftOutReason, Server, SyncRule
from syncrules.rules.guids import ZERO_GUID

FIRST, SECOND = rule("In from AD - First", 1), rule("In from AD - Second", 2)
FABRIKAM = rule("In from AD - Fabrikam", 3, A2)
CONTOSO_ONLY = complete(forest(B1, "contoso.com"))
ACTIVE = complete(
    forest(A1, "contoso.com"), forest(A2, "fabrikam.com"), rules=(FIRST, SECOND, FABRIKAM)
)


def _plan(
    *rules: SyncRule,
    leave: tuple[str, ...] = (),
    staging: Server = CONTOSO_ONLY,
    active: Server | None = None,
) -> syncrules.Plan:
    return syncrules.plan(export(*rules), leave=leave, staging=staging, active=active)


def _left(plan: syncrules.Plan) -> list[tuple[str, LeftOutReason]]:
    return [(left.rule.name, left.reason) for left in plan.left_out]


# ---- Rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [FIRST.name, FIRST.name.upper(), f" {FIRST.name} ", guid(1)])
def test_a_rule_is_left_behind_by_its_name_or_identifier(name: str) -> None:
    planned = _plan(FIRST, SECOND, leave=(name,), active=complete(forest(A1, "contoso.com")))
    assert errors(planned.diagnostics) == []
    assert _left(planned) == [(FIRST.name, LeftOutReason.ASKED_FOR)]
    (data,) = planned.output().values()
    assert [r.name for r in syncrules.parse(data).rules] == [SECOND.name]


def test_what_is_left_is_the_input_without_its_block() -> None:
    text = text_of(FIRST) + "# about the second\r\n" + text_of(SECOND)
    both = syncrules.parse(text, "custom.ps1")
    (data,) = syncrules.plan(both, staging=STAGING, leave=FIRST.name, bare=True).output().values()
    assert data.decode() == ("# about the second\r\n" + text_of(SECOND)).replace(A1, B1)


def test_a_file_whose_rules_are_all_left_is_not_written() -> None:
    planned = syncrules.plan(
        [export(FIRST), export(SECOND, name="disable-out-of-box.ps1")],
        staging=STAGING,
        leave=(SECOND.name,),
    )
    assert [*planned.output()] == ["custom.ps1"]


def test_a_rule_that_only_the_active_server_shows_is_left_by_name() -> None:
    forgotten = _plan(FIRST, SECOND, active=ACTIVE)
    hint = the("SR454", forgotten.diagnostics).hint
    assert f'--leave "{FABRIKAM.name}"' in hint
    planned = _plan(FIRST, SECOND, active=ACTIVE, leave=(FABRIKAM.name,))
    assert codes(planned.diagnostics) == []
    (left,) = planned.left_out
    assert (left.file, left.line, left.reason) == ("configuration", 0, LeftOutReason.ASKED_FOR)
    assert left.rule.identifier == FABRIKAM.identifier


def test_sr458_a_rule_with_microsofts_tag_is_left_by_name() -> None:
    tagged = replace(rule("In from AD - Special", 9), immutable_tag="Microsoft.ContosoSpecial.001")
    refused = _plan(FIRST, tagged)
    assert errors(refused.diagnostics) == ["SR458"]
    assert f'--leave "{tagged.name}"' in the("SR458", refused.diagnostics).hint
    planned = _plan(FIRST, tagged, leave=(tagged.name,))
    assert errors(planned.diagnostics) == []
    assert _left(planned) == [(tagged.name, LeftOutReason.ASKED_FOR)]


def test_a_custom_rule_with_the_name_of_an_out_of_box_rule_is_meant() -> None:
    clone = replace(FIRST, name=out_of_box().name)
    planned = _plan(clone, SECOND, out_of_box(), leave=(clone.name,))
    assert errors(planned.diagnostics) == []
    assert (clone.name, LeftOutReason.ASKED_FOR) in _left(planned)
    assert [r.before for r in planned.rules] == [SECOND]


def test_sr476_a_name_that_nothing_has() -> None:
    planned = _plan(FIRST, leave=("In from AD - Frist",))
    assert errors(planned.diagnostics) == ["SR476"]
    assert f"'{FIRST.name}'" in the("SR476", planned.diagnostics).hint
    assert f"'{FIRST.name}'" in the("SR476", _plan(FIRST, leave=("x",)).diagnostics).hint


@pytest.mark.parametrize("written", [f"{{{guid(1)}}}", guid(1).replace("-", ""), guid(1).upper()])
def test_an_identifier_may_be_written_in_any_way(written: str) -> None:
    planned = _plan(FIRST, SECOND, leave=(written,))
    assert _left(planned) == [(FIRST.name, LeftOutReason.ASKED_FOR)]


def test_of_rules_without_identifiers_one_is_left_by_its_name() -> None:
    planned = _plan(*(replace(r, identifier=None) for r in (FIRST, SECOND)), leave=(FIRST.name,))
    assert errors(planned.diagnostics) == []
    assert _left(planned) == [(FIRST.name, LeftOutReason.ASKED_FOR)]
    assert [r.before.name for r in planned.rules] == [SECOND.name]


def test_a_rule_that_was_exported_without_its_identifier_is_the_active_servers() -> None:
    active = complete(forest(A1, "contoso.com"), rules=(FIRST, SECOND))
    nameless = replace(FIRST, identifier=None)
    planned = _plan(nameless, SECOND, active=active, leave=(FIRST.name,))
    assert codes(planned.diagnostics) == []
    assert [r.before for r in planned.rules] == [SECOND]


def test_sr477_a_rule_that_moves_and_one_of_its_name_that_only_the_configuration_shows() -> None:
    twin = replace(FIRST, identifier=guid(5))
    active = complete(forest(A1, "contoso.com"), rules=(FIRST, twin, SECOND))
    planned = _plan(FIRST, SECOND, active=active, leave=(FIRST.name,))
    assert "SR477" in errors(planned.diagnostics)


def test_sr476_lists_what_can_be_left_and_no_rule_of_microsofts() -> None:
    hint = the("SR476", _plan(out_of_box(), FIRST, leave=("x",)).diagnostics).hint
    assert f"'{FIRST.name}'" in hint
    assert out_of_box().name not in hint


def test_sr476_a_name_that_only_staging_gives_a_connector() -> None:
    moving = replace(FIRST, connector=ENTRA)
    here = complete(rules=(moving,))
    renamed = replace(ENTRA_CONNECTOR, name="new.onmicrosoft.com - AAD")
    staging = replace(complete(), connectors=(renamed,))
    planned = _plan(moving, active=here, staging=staging, leave=("new.onmicrosoft.com - AAD",))
    assert errors(planned.diagnostics) == ["SR476"]


def test_the_option_for_a_rule_without_an_identifier_is_its_name() -> None:
    nameless = replace(rule("a%b", 5), identifier=None)
    there = replace(nameless, connector=B1, identifier=guid(77), description="another")
    staging = complete(forest(B1, "contoso.com"), rules=(there,))
    finding = the("SR431", _plan(nameless, staging=staging).diagnostics)
    assert f'--leave "{nameless.name}"' in finding.hint


def test_sr477_a_name_that_rules_of_two_forests_have() -> None:
    twin = replace(FABRIKAM, name=FIRST.name)
    planned = _plan(FIRST, twin, leave=(FIRST.name,))
    finding = the("SR477", planned.diagnostics)
    assert all(identifier in finding.message for identifier in (guid(1), guid(3)))
    assert finding.hint.endswith(f": --leave {guid(1)}")
    assert planned.left_out == ()
    active = complete(forest(A1, "contoso.com"), forest(A2, "fabrikam.com"), rules=(FIRST, twin))
    followed = _plan(FIRST, twin, active=active, leave=(guid(3),))
    assert errors(followed.diagnostics) == []
    assert [r.before for r in followed.rules] == [FIRST]


def test_sr477_a_name_that_a_rule_and_a_connector_have() -> None:
    named = replace(FIRST, name="fabrikam.com")
    planned = _plan(named, SECOND, FABRIKAM, active=ACTIVE, leave=("fabrikam.com",))
    assert "SR477" in codes(planned.diagnostics)


@pytest.mark.parametrize("name", ['a "b"', "a $b", "a `b", "a%b", "a!b", "a\\"])
def test_the_option_that_a_hint_offers_means_nothing_else_in_a_shell(name: str) -> None:
    active = complete(forest(A1, "contoso.com"), rules=(FIRST, rule(name, 5)))
    hint = the("SR454", _plan(FIRST, active=active).diagnostics).hint
    assert hint.endswith(f"--leave {guid(5)}")


def test_the_option_that_a_hint_offers_leaves_that_rule_and_no_other() -> None:
    one, other = (
        replace(rule("Twin", n), direction=d) for n, d in ((5, "Inbound"), (6, "Outbound"))
    )
    active = complete(forest(A1, "contoso.com"), rules=(FIRST, one, other))
    (finding,) = _plan(FIRST, active=active).diagnostics
    leave = [option.value for option in finding.options if option.flag == "--leave"]
    assert leave == [guid(5), guid(6)]


def test_a_rule_that_was_mapped_under_a_fresh_identifier_is_the_active_servers() -> None:
    once = syncrules.plan(export(FIRST, SECOND), staging=STAGING, new_identifiers="seed").output()
    again = syncrules.parse(once["custom.ps1"], "custom.ps1")
    active = complete(forest(A1, "contoso.com"), rules=(FIRST, SECOND))
    planned = syncrules.plan(
        again, active=active, staging=STAGING, mapping={A1: B1}, leave=FIRST.name
    )
    assert errors(planned.diagnostics) == []
    assert [r.before.name for r in planned.rules] == [SECOND.name]


def test_sr477_a_connector_and_a_rule_without_an_identifier() -> None:
    nameless = replace(FIRST, name="fabrikam.com", identifier=None)
    planned = _plan(nameless, SECOND, active=ACTIVE, leave=("fabrikam.com",))
    assert "SR477" in codes(planned.diagnostics)


def test_a_rule_in_two_files_is_no_matter_where_it_is_left() -> None:
    files = [export(FIRST, SECOND), export(FIRST, rule("Third", 4), name="b.ps1")]
    planned = syncrules.plan(files, staging=STAGING, leave=FIRST.name)
    assert errors(planned.diagnostics) == []
    assert [o.rule for o in planned.left_out] == [FIRST, FIRST]


# ---- References ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "after"), [(guid(1), ZERO_GUID), (ZERO_GUID, guid(1))])
def test_sr421_a_rule_that_names_one_that_is_left_behind(before: str, after: str) -> None:
    naming = replace(SECOND, precedence=0, precedence_before=before, precedence_after=after)
    planned = _plan(FIRST, naming, leave=(FIRST.name,))
    finding = the("SR421", planned.diagnostics)
    assert f"'{FIRST.name}'" in finding.message
    assert f'--leave "{SECOND.name}"' in finding.hint
    with pytest.raises(syncrules.PlanRefused):
        planned.output()
    both = _plan(FIRST, naming, rule("Third", 4), leave=(FIRST.name, SECOND.name))
    assert errors(both.diagnostics) == []


def test_a_reference_to_a_rule_that_is_left_and_on_staging_already_is_kept() -> None:
    naming = replace(SECOND, precedence=0, precedence_after=guid(1))
    changed = replace(FIRST, connector=B1, description="changed", identifier=guid(77))
    there = complete(forest(B1, "contoso.com"), rules=(changed,))
    planned = _plan(FIRST, naming, leave=(FIRST.name,), staging=there)
    assert errors(planned.diagnostics) == []
    assert [r.after.precedence_after for r in planned.rules] == [guid(77)]


def test_sr421_an_out_of_box_rule_of_a_connector_that_is_left() -> None:
    anchor = out_of_box("In from AD - User Common", 900, A2)
    naming = replace(FIRST, precedence=0, precedence_before=guid(900))
    active = complete(forest(A1, "contoso.com"), forest(A2, "fabrikam.com"), rules=(naming, anchor))
    assert errors(_plan(naming, active=active).diagnostics) == ["SR404"]
    left = _plan(naming, active=active, leave=("fabrikam.com",))
    assert errors(left.diagnostics) == ["SR421"]


# ---- Connectors ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["fabrikam.com", "FABRIKAM.com", A2])
def test_all_rules_of_a_connector_are_left_and_it_needs_no_pair(name: str) -> None:
    refused = _plan(FIRST, SECOND, FABRIKAM, active=ACTIVE)
    assert errors(refused.diagnostics) == ["SR404"]
    assert f"--leave {A2}" in the("SR404", refused.diagnostics).hint
    planned = _plan(FIRST, SECOND, FABRIKAM, active=ACTIVE, leave=(name,))
    assert codes(planned.diagnostics) == []
    assert _left(planned) == [(FABRIKAM.name, LeftOutReason.ASKED_FOR)]
    assert A2 not in {p.active for p in planned.pairs}


def test_a_clone_with_microsofts_tag_is_left_with_its_connector() -> None:
    """Staging has the original, and none of its own for the clone."""
    original = out_of_box("In from AD - User Join", 900)
    clone = replace(original, name="In from AD - User Join Contoso", identifier=guid(901))
    there = replace(original, identifier=guid(800), connector=B1)
    planned = _plan(
        clone,
        replace(FIRST, connector=ENTRA),
        leave=(A1,),
        staging=complete(forest(B1, "contoso.com"), rules=(there,)),
        active=complete(forest(A1, "contoso.com")),
    )
    assert _left(planned) == [(clone.name, LeftOutReason.ASKED_FOR)]


def test_sr405_offers_it_too() -> None:
    staging = complete(forest(B2, "tailspin.com"))
    refused = syncrules.plan(export(FABRIKAM), active=ACTIVE, staging=staging)
    assert f"--leave {A2} " in the("SR405", refused.diagnostics).hint


def test_what_is_disabled_on_a_connector_that_is_left_is_of_no_matter() -> None:
    original = replace(out_of_box("In from AD - User Join", 900, A2), disabled=True)
    active = complete(
        forest(A1, "contoso.com"), forest(A2, "fabrikam.com"), rules=(FIRST, FABRIKAM, original)
    )
    planned = _plan(FIRST, FABRIKAM, active=active, leave=("fabrikam.com",))
    assert codes(planned.diagnostics) == []


def test_sr415_says_that_the_clone_of_an_original_is_left_behind() -> None:
    join = ((syncrules.JoinCondition("objectGUID", "sourceAnchorBinary", False),),)
    original = replace(out_of_box(), disabled=True, join_filter=join)
    clone = replace(FIRST, join_filter=join)
    planned = syncrules.plan(export(clone, SECOND, original), staging=STAGING, leave=(clone.name,))
    assert f"'{clone.name}'" in the("SR415", planned.diagnostics).message


def test_a_connector_without_a_name_is_left_by_its_identifier() -> None:
    planned = syncrules.plan(export(FIRST, FABRIKAM), staging=STAGING, mapping={A1: B1}, leave=A2)
    assert errors(planned.diagnostics) == []
    assert [r.before for r in planned.rules] == [FIRST]


# ---- Rules that an earlier run mapped ------------------------------------------------------------


def _mapped(*rules: SyncRule, name: str = "mapped.ps1") -> syncrules.Export:
    staging = complete(forest(B1, "contoso.com"), forest(B2, "fabrikam.com"))
    active = complete(forest(A1, "contoso.com"), forest(A2, "fabrikam.com"), rules=rules)
    written = syncrules.plan(export(*rules, name=name), active=active, staging=staging).output()
    return syncrules.parse(written[name], name)


@pytest.mark.parametrize("name", ["contoso.com", B1])
def test_mapped_rules_are_left_by_the_connector_that_they_have_on_staging(name: str) -> None:
    other = export(replace(SECOND, connector=ENTRA))
    planned = syncrules.plan([_mapped(FIRST), other], staging=CONTOSO_ONLY, leave=name)
    assert errors(planned.diagnostics) == []
    assert _left(planned) == [(FIRST.name, LeftOutReason.ASKED_FOR)]


def test_a_name_that_a_connector_has_on_both_servers_leaves_the_rules_of_both() -> None:
    other = export(SECOND, rule("Third", 4, ENTRA))
    active = complete(forest(A1, "contoso.com"))
    planned = syncrules.plan(
        [_mapped(FIRST), other], active=active, staging=CONTOSO_ONLY, leave="contoso.com"
    )
    assert errors(planned.diagnostics) == []
    assert {name for name, _ in _left(planned)} == {FIRST.name, SECOND.name}


def test_sr477_two_mapped_rules_of_one_name() -> None:
    twin = replace(FABRIKAM, name=FIRST.name)
    staging = complete(forest(B1, "contoso.com"), forest(B2, "fabrikam.com"))
    planned = syncrules.plan(_mapped(FIRST, twin), staging=staging, leave=FIRST.name)
    assert errors(planned.diagnostics) == ["SR477"]


# ---- Everything given is accounted for -----------------------------------------------------------

_NUMBERS = st.integers(1, 8)


@st.composite
def _situations(
    draw: st.DrawFn,
) -> tuple[list[syncrules.Export], Server, Server, tuple[str, ...]]:
    """Draw exports of two forests and Entra, both servers, and what is to be left behind."""
    numbers = draw(st.lists(_NUMBERS, min_size=1, max_size=6, unique=True))
    own = [
        replace(
            rule(f"Rule {n}", n, draw(st.sampled_from((A1, A2, ENTRA)))),
            disabled=draw(st.booleans()),
        )
        for n in numbers
    ]
    for index in range(1, len(own)):
        if draw(st.integers(0, 3)) == 0:
            named = own[draw(st.integers(0, index - 1))].identifier
            own[index] = replace(own[index], precedence=0, precedence_after=named)
    standard = out_of_box("In from AD - User Common", 900, A1)
    cut = draw(st.integers(0, len(own)))
    exports = [export(*own[:cut], standard, name="a.ps1"), export(*own[cut:], name="b.ps1")]
    there = [
        replace(
            r,
            connector={A1: B1, A2: B2, ENTRA: ENTRA}[r.connector],
            identifier=draw(st.sampled_from((r.identifier, guid(500 + index)))),
            description=draw(st.sampled_from(("", "", "changed"))),
            precedence=40 + index if r.reference else r.precedence,
            precedence_after=ZERO_GUID,
        )
        for index, r in enumerate(own)
        if draw(st.booleans())
    ]
    forests = draw(st.sampled_from(((B1, B2), (B1,))))
    names = {B1: "contoso.com", B2: "fabrikam.com"}
    staging = complete(
        *(forest(b, names[b]) for b in forests),
        rules=(
            *(r for r in there if r.connector in (*forests, ENTRA)),
            replace(standard, identifier=guid(800), connector=B1),
        ),
    )
    active = complete(forest(A1, "contoso.com"), forest(A2, "fabrikam.com"), rules=(*own, standard))
    leave = draw(st.lists(st.sampled_from((*(r.name for r in own), "fabrikam.com")), max_size=3))
    return exports, active, staging, tuple(leave)


@given(_situations())
def test_each_rule_moves_or_is_left_out_for_a_true_reason_or_all_is_refused(
    situation: tuple[list[syncrules.Export], Server, Server, tuple[str, ...]],
) -> None:
    exports, active, staging, leave = situation
    plan = syncrules.plan(exports, active=active, staging=staging, leave=leave)
    moved = Counter(id(r.before) for r in plan.rules)
    left = Counter(id(o.rule) for o in plan.left_out)
    given_rules = [r for e in exports for r in e.rules]
    if errors(plan.diagnostics):
        assert not (moved.keys() & left.keys())
        return
    assert moved + left == Counter(map(id, given_rules))
    written = [r for data in plan.output().values() for r in syncrules.parse(data).rules]
    assert sorted(r.name for r in written) == sorted(r.before.name for r in plan.rules)
    on_staging = {(r.name, r.direction): r for r in staging.sync_rules}
    for out in plan.left_out:
        is_named = out.rule.name in leave or (out.rule.connector == A2 and "fabrikam.com" in leave)
        there = on_staging.get((out.rule.name, out.rule.direction or ""))
        match out.reason:
            case LeftOutReason.OUT_OF_BOX:
                assert out.rule.is_out_of_box
                assert there is not None
            case LeftOutReason.ASKED_FOR:
                assert is_named
            case LeftOutReason.THERE_ALREADY:
                assert not is_named
                assert there is not None
                assert (there.description, there.disabled) == ("", out.rule.disabled)
            case reason:
                pytest.fail(reason)
    for planned in plan.rules:
        assert planned.before.name not in leave
        assert (planned.before.name, planned.before.direction) not in on_staging


def test_one_name_is_as_good_as_a_list_of_one() -> None:
    assert [
        syncrules.plan(export(FIRST, SECOND), staging=STAGING, leave=given).output()
        for given in (FIRST.name, [FIRST.name])
    ] == [syncrules.plan(export(FIRST, SECOND), staging=STAGING, leave=guid(1)).output()] * 2


def test_the_active_servers_exports_beside_are_evidence_only() -> None:
    planned = syncrules.plan(
        export(FIRST), active=server(export(SECOND)), staging=STAGING, leave=SECOND.name
    )
    assert [(o.rule.name, o.file) for o in planned.left_out] == [(SECOND.name, "custom.ps1")]
