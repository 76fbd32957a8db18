"""Which connector is which, on what evidence, and what is asked where the evidence does not say."""

from __future__ import annotations

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
    mapped,
    out_of_box,
    rule,
    server,
    staging_with,
    text_of,
    the,
)
from support.known_servers import LDAP, SQL, complete, forest, only
from syncrules import PlanRefused, Server, Severity, SyncRule
from syncrules.exports.layout import script_text
from syncrules.servers.model import AD, Connector, Facet

NOTHING = server()


def _plan(
    *connectors: str,
    staging: Server,
    active: Server = NOTHING,
    mapping: dict[str, str] | None = None,
) -> syncrules.Plan:
    """Plan the move of one custom rule for each connector; the active server has these rules."""
    rules = [rule(f"Custom {n}", n + 1, connector) for n, connector in enumerate(connectors)]
    if active.is_complete_in(Facet.RULES):
        active = replace(active, rules=(*active.rules, *server(export(*rules)).rules))
    return syncrules.plan([export(*rules)], staging=staging, active=active, mapping=mapping)


def _pairs(planned: syncrules.Plan) -> dict[str, tuple[str, str]]:
    return {p.active: (p.staging, str(p.basis)) for p in planned.pairs}


def _of_kind(kind: str, *connectors: str) -> Server:
    """Return a server that shows connectors of one kind: AD, AAD, or the name of another."""
    return staging_with(*connectors, kind=kind)


def _of_no_kind(*connectors: str) -> Server:
    """Return a server whose custom rules name connectors; they do not tell what these are."""
    return server(export(*(rule(f"R{n}", 700 + n, c) for n, c in enumerate(connectors))))


def _hinted(finding: syncrules.Diagnostic) -> list[tuple[str, str]]:
    """Return what a finding says to give with --map, word for word."""
    given = [option.value or "" for option in finding.options if option.flag == "--map"]
    assert given, finding
    return [(value.split("=")[0], value.split("=")[1]) for value in given]


# ---- Properties ----------------------------------------------------------------------------------


@st.composite
def _two_servers(draw: st.DrawFn) -> tuple[list[str], Server, Server]:
    """Draw connectors that rules name, what shows them, and as many on staging, or more."""
    number = draw(st.integers(1, 4))
    more = draw(st.integers(0, 2))
    kind = draw(st.sampled_from(["AD", "AAD", "LDAP", None]))
    here = [guid(0xA0 + n) for n in range(number)]
    there = [guid(0xB0 + n) for n in range(number + more)]
    shows = _of_no_kind if kind is None else lambda *c: _of_kind(str(kind), *c)
    return here, draw(st.sampled_from([NOTHING, shows(*here)])), shows(*there)


@given(_two_servers(), st.data())
def test_whoever_follows_the_hints_gets_there(
    servers: tuple[list[str], Server, Server], data: st.DataObject
) -> None:
    here, active, staging = servers
    mapping: dict[str, str] = {}
    for _ in here:
        planned = _plan(*here, staging=staging, active=active, mapping=mapping)
        asked = [d for d in planned.diagnostics if d.code == "SR406"]
        if not asked:
            break
        old, new = data.draw(st.sampled_from(_hinted(asked[0])))
        assert old not in mapping
        mapping[old] = new
    planned = _plan(*here, staging=staging, active=active, mapping=mapping)
    assert errors(planned.diagnostics) == []
    assert {p.active: p.staging for p in planned.pairs}.items() >= mapping.items()
    assert planned.output()


@st.composite
def _only_ones(draw: st.DrawFn) -> tuple[list[str], Server, Server]:
    """Draw connectors that are the only ones of their kind in the files of either server.

    A kind that no file shows is that of a connector which is the only one of all; where kinds are
    what tells them apart, the active server's files show them too.
    """
    kinds = draw(st.lists(st.sampled_from(["AD", "LDAP", "SQL", None]), min_size=1, unique=True))
    if None in kinds:
        kinds = [None]
    here = [guid(0xA0 + n) for n in range(len(kinds))]
    there = [guid(0xB0 + n) for n in range(len(kinds))]

    def shown(connectors: list[str], number: int) -> Server:
        rules = [
            rule(f"R{number}", number, connector)
            if kind is None
            else out_of_box(f"In from {kind} - User Join", number + n, connector)
            for n, (kind, connector) in enumerate(zip(kinds, connectors, strict=True))
        ]
        if draw(st.booleans()):
            rules.append(out_of_box("Out to AAD - User Join", number + 10, ENTRA))
        return server(export(*draw(st.permutations(rules)), name=f"{number}.ps1"))

    active = NOTHING if len(kinds) == 1 and draw(st.booleans()) else shown(here, 700)
    return draw(st.permutations(here)), active, shown(there, 800)


@given(_only_ones())
def test_confirming_an_assumption_ends_the_warning_and_changes_no_pair(
    servers: tuple[list[str], Server, Server],
) -> None:
    here, active, staging = servers
    before = _plan(*here, staging=staging, active=active)
    assert codes(before.diagnostics) == ["SR410"] * len(here)
    confirmed = dict(pair for finding in before.diagnostics for pair in _hinted(finding))
    after = _plan(*here, staging=staging, active=active, mapping=confirmed)
    assert codes(after.diagnostics) == []
    assert {str(p.basis) for p in after.pairs if p.active in here} == {"given"}
    assert {(p.active, p.staging) for p in after.pairs} == {
        (p.active, p.staging) for p in before.pairs
    }


@given(st.sampled_from([str.upper, str.lower, lambda g: f"{{{g}}}", lambda g: g.replace("-", "")]))
def test_a_mapping_may_be_given_in_every_form_of_a_guid(form: object) -> None:
    assert callable(form)
    planned = _plan(A1, staging=_of_kind("AD", B1, B2), mapping={form(A1): form(B2)})
    assert _pairs(planned) == {A1: (B2, "given")}


# ---- Assumed: SR410 ------------------------------------------------------------------------------


def test_sr410_one_connector_on_each_side_is_assumed_with_a_warning() -> None:
    planned = _plan(A1, staging=_of_kind("AD", B1))
    assert _pairs(planned) == {A1: (B1, "assumed")}
    assert errors(planned.diagnostics) == []
    finding = the("SR410", planned.diagnostics)
    assert finding.severity is Severity.WARNING
    assert "an export need not show them all" in finding.message
    assert _hinted(finding) == [(A1, B1)]
    assert finding.excerpt == f"-Connector '{A1}' `"


def test_sr410_the_evidence_names_the_kind_where_both_sides_know_it() -> None:
    planned = _plan(A1, staging=_of_kind("AD", B1), active=_of_kind("AD", A1))
    (pair,) = planned.pairs
    assert "Active Directory" in pair.evidence
    (unknown,) = _plan(A1, staging=_of_kind("AD", B1)).pairs
    assert "Active Directory" not in unknown.evidence


def test_entras_connector_leaves_one_ad_connector_on_each_side() -> None:
    staging = server(
        export(out_of_box(connector=B1), out_of_box("Out to AAD - User Join", 901, ENTRA))
    )
    planned = _plan(A1, ENTRA, staging=staging)
    assert _pairs(planned) == {A1: (B1, "assumed"), ENTRA: (ENTRA, "entra")}


def test_two_kinds_one_of_each_pair_by_kind() -> None:
    here = server(export(out_of_box()), export(out_of_box("In from LDAP - User", 901, A2)))
    there = server(
        export(out_of_box(connector=B1)), export(out_of_box("In from LDAP - User", 901, B2))
    )
    planned = _plan(A1, A2, staging=there, active=here)
    assert _pairs(planned) == {A1: (B1, "assumed"), A2: (B2, "assumed")}
    assert codes(planned.diagnostics) == ["SR410", "SR410"]


def test_what_no_rule_to_be_moved_needs_is_not_assumed() -> None:
    here, there = (
        server(export(out_of_box(connector=ad), out_of_box("In from LDAP - User", 901, ldap)))
        for ad, ldap in ((A1, A2), (B1, B2))
    )
    planned = _plan(A1, staging=there, active=here)
    assert _pairs(planned) == {A1: (B1, "assumed")}
    assert codes(planned.diagnostics) == ["SR410"]


# ---- Entra ---------------------------------------------------------------------------------------


def test_entra_is_entra_on_every_server_without_evidence_or_a_warning() -> None:
    planned = _plan(ENTRA, staging=NOTHING)
    assert _pairs(planned) == {ENTRA: (ENTRA, "entra")}
    assert codes(planned.diagnostics) == []
    assert planned.edits == ()


def test_entra_may_be_named_with_map_too() -> None:
    planned = _plan(ENTRA, staging=NOTHING, mapping={ENTRA: ENTRA})
    assert codes(planned.diagnostics) == []


# ---- Mapped before -------------------------------------------------------------------------------


def test_what_this_tool_mapped_before_is_known_by_its_prologue() -> None:
    once = mapped(text_of(rule()), staging=_of_kind("AD", B1), bare=False)
    planned = syncrules.plan([syncrules.parse(once)], staging=_of_kind("AD", B1, B2))
    assert _pairs(planned) == {B1: (B1, "mapped-before")}
    assert codes(planned.diagnostics) == []


def test_map_is_obeyed_for_what_was_mapped_before_too() -> None:
    once = mapped(text_of(rule()), staging=_of_kind("AD", B1), bare=False)
    planned = syncrules.plan(
        [syncrules.parse(once)], staging=_of_kind("AD", B1, B2), mapping={B1: B2}
    )
    assert _pairs(planned) == {B1: (B2, "given")}
    again = syncrules.plan([syncrules.parse(once)], staging=STAGING, mapping={B1: B1})
    assert _pairs(again) == {B1: (B1, "given")}
    assert codes(again.diagnostics) == []


# ---- Refused -------------------------------------------------------------------------------------


def test_sr401_map_names_a_connector_that_no_rule_has() -> None:
    planned = _plan(A1, staging=_of_kind("AD", B1), mapping={A2: B1})
    finding = the("SR401", planned.diagnostics)
    assert A2 in finding.message
    assert A1 in finding.hint


def test_sr401_map_the_wrong_way_round() -> None:
    planned = _plan(A1, staging=_of_kind("AD", B1), mapping={B1: A1})
    assert "SR401" in errors(planned.diagnostics)


def test_sr401_not_for_a_connector_that_the_active_servers_files_show() -> None:
    planned = _plan(
        A1, staging=_of_kind("AD", B1, B2), active=_of_kind("AD", A2), mapping={A1: B1, A2: B2}
    )
    assert codes(planned.diagnostics) == []
    assert _pairs(planned) == {A1: (B1, "given"), A2: (B2, "given")}


def test_sr402_the_same_ad_connector_on_both_sides() -> None:
    planned = _plan(A1, staging=_of_kind("AD", A1, B1))
    assert errors(planned.diagnostics) == ["SR402"]
    finding = the("SR402", planned.diagnostics)
    assert "wrong server" in finding.message
    assert _hinted(finding) == [(A1, A1)]
    assert finding.excerpt == f"-Connector '{A1}' `"


def test_sr402_may_be_overruled_by_its_own_hint() -> None:
    planned = _plan(A1, staging=_of_kind("AD", A1, B1), mapping={A1: A1})
    assert _pairs(planned) == {A1: (A1, "given")}
    assert errors(planned.diagnostics) == []
    assert planned.edits == ()


def test_sr403_map_names_a_target_that_a_complete_staging_server_does_not_have() -> None:
    there = complete(forest(B1, "contoso.com"))
    planned = _plan(A1, staging=there, mapping={A1: B2})
    assert errors(planned.diagnostics) == ["SR403"]
    finding = the("SR403", planned.diagnostics)
    assert B2 in finding.message
    assert B1 in finding.hint
    assert codes(_plan(A1, staging=there, mapping={A1: B1}).diagnostics) == []


def test_sr403_is_a_warning_where_staging_may_have_more_than_its_files_show() -> None:
    planned = _plan(A1, staging=_of_kind("AD", B1), mapping={A1: B2})
    assert _pairs(planned) == {A1: (B2, "given")}
    assert codes(planned.diagnostics) == ["SR403"]
    assert the("SR403", planned.diagnostics).severity is Severity.WARNING
    assert "Get-ADSyncConnector" in the("SR403", planned.diagnostics).hint


@pytest.mark.parametrize(
    ("source", "target"),
    [
        pytest.param(A1, ENTRA, id="an AD connector onto Entra's"),
        pytest.param(ENTRA, B1, id="Entra's onto an AD connector"),
        pytest.param(A1, B2, id="an AD connector onto an LDAP one"),
    ],
)
def test_sr416_map_names_a_connector_of_another_kind(source: str, target: str) -> None:
    there = server(
        export(out_of_box(connector=B1), out_of_box("Out to AAD - User", 901, ENTRA)),
        export(out_of_box("In from LDAP - User", 902, B2)),
    )
    planned = _plan(source, staging=there, active=_of_kind("AD", A1), mapping={source: target})
    assert errors(planned.diagnostics) == ["SR416"]
    assert source in the("SR416", planned.diagnostics).message
    assert target in the("SR416", planned.diagnostics).message


def test_sr416_not_where_a_kind_is_unknown() -> None:
    planned = _plan(A1, staging=_of_no_kind(B1), active=_of_kind("AD", A1), mapping={A1: B1})
    assert codes(planned.diagnostics) == []


@pytest.mark.parametrize(
    "staging",
    [
        pytest.param(NOTHING, id="nothing shown"),
        pytest.param(_of_kind("AAD", ENTRA), id="only Entra shown"),
    ],
)
def test_sr404_staging_shows_no_connector_that_could_be_meant(staging: Server) -> None:
    planned = _plan(A1, staging=staging)
    assert errors(planned.diagnostics) == ["SR404"]
    finding = the("SR404", planned.diagnostics)
    assert A1 in finding.message
    assert "out-of-box rule of the same connected system" in finding.hint


def test_sr404_when_the_only_connector_is_given_to_another() -> None:
    planned = _plan(A1, A2, staging=_of_kind("AD", B1), mapping={A1: B1})
    assert errors(planned.diagnostics) == ["SR404"]
    assert A2 in the("SR404", planned.diagnostics).message


def test_sr405_the_kinds_contradict() -> None:
    planned = _plan(A1, staging=_of_kind("LDAP", B1), active=_of_kind("AD", A1))
    assert errors(planned.diagnostics) == ["SR405"]
    finding = the("SR405", planned.diagnostics)
    assert "Active Directory" in finding.message
    assert f"{B1} (LDAP)" in finding.message


def test_the_kind_is_read_from_the_tag_where_the_name_does_not_tell() -> None:
    renamed = script_text([out_of_box("In from AD - User Join")]).replace(
        "'In from AD - User Join'", "'Umbenannt'"
    )
    planned = syncrules.plan(
        [syncrules.parse(renamed + text_of(rule()))], staging=_of_kind("LDAP", B1)
    )
    assert errors(planned.diagnostics) == ["SR405"]


def test_sr406_two_candidates_are_named_with_what_tells_them_apart_and_what_to_add() -> None:
    staging = server(
        export(out_of_box("In from AD - User Join", 901, B1), name="north.ps1"),
        export(out_of_box("In from AD - Group Join", 902, B2), name="south.ps1"),
    )
    planned = _plan(A1, staging=staging)
    assert errors(planned.diagnostics) == ["SR406"]
    finding = the("SR406", planned.diagnostics)
    assert finding.rows == (
        ("active", A1, "type unknown, has 'Custom 0'"),
        ("staging", B1, "Active Directory, has 'In from AD - User Join'"),
        ("staging", B2, "Active Directory, has 'In from AD - Group Join'"),
    )
    assert _hinted(finding) == [(A1, B1), (A1, B2)]
    assert "as well" not in finding.message
    assert finding.excerpt == f"-Connector '{A1}' `"


@pytest.mark.parametrize("chosen", [B1, B2])
def test_sr406_is_settled_by_the_very_line_of_its_hint(chosen: str) -> None:
    planned = _plan(A1, staging=_of_kind("AD", B1, B2), mapping={A1: chosen})
    assert codes(planned.diagnostics) == []
    assert _pairs(planned) == {A1: (chosen, "given")}


def test_sr406_two_forests_on_each_side_are_never_guessed() -> None:
    planned = _plan(A1, A2, staging=_of_kind("AD", B1, B2))
    assert errors(planned.diagnostics) == ["SR406"]
    finding = the("SR406", planned.diagnostics)
    assert [row[:2] for row in finding.rows] == [
        ("active", A1),
        ("active", A2),
        ("staging", B1),
        ("staging", B2),
    ]
    assert [place.spot and place.spot.excerpt.text for place in finding.places] == [
        f"-Connector '{connector}' `" for connector in (A1, A2)
    ]
    assert "connector list" in finding.hint
    assert _hinted(finding) == [(old, new) for old in (A1, A2) for new in (B1, B2)]
    assert planned.pairs == ()


def test_sr406_one_candidate_and_two_that_could_become_it() -> None:
    planned = _plan(A1, staging=_of_kind("AD", B1), active=_of_kind("AD", A1, A2))
    assert errors(planned.diagnostics) == ["SR406"]
    finding = the("SR406", planned.diagnostics)
    assert A2 in {row[1] for row in finding.rows}
    assert _hinted(finding) == [(A1, B1)]


def test_sr406_the_first_answer_leaves_one_for_the_second_with_a_warning() -> None:
    planned = _plan(A1, A2, staging=_of_kind("AD", B1, B2), mapping={A1: B2})
    assert _pairs(planned) == {A1: (B2, "given"), A2: (B1, "assumed")}
    assert codes(planned.diagnostics) == ["SR410"]


def test_sr406_names_that_would_act_on_a_terminal_are_escaped() -> None:
    staging = server(
        export(out_of_box("In from AD - \x1b[31m\u202e", 901, B1), name="a\x1b.ps1"),
        export(out_of_box(connector=B2)),
    )
    shown = str(PlanRefused((the("SR406", _plan(A1, staging=staging).diagnostics),)))
    assert shown.isprintable()
    assert "\\x1b[31m\\u202e" in shown


def test_sr407_two_connectors_on_one() -> None:
    planned = _plan(A1, A2, staging=_of_kind("AD", B1, B2), mapping={A1: B1, A2: B1})
    assert errors(planned.diagnostics) == ["SR407"]
    finding = the("SR407", planned.diagnostics)
    for part in (A1, A2, B1):
        assert part in finding.message
    assert finding.excerpt == f"-Connector '{A2}' `"
    with pytest.raises(syncrules.PlanRefused):
        planned.output()


def test_sr407_two_connectors_on_one_though_no_rule_that_moves_names_the_second() -> None:
    planned = _plan(
        A1, staging=_of_kind("AD", B1), active=_of_kind("AD", A2), mapping={A1: B1, A2: B1}
    )
    assert errors(planned.diagnostics) == ["SR407"]
    assert the("SR407", planned.diagnostics).excerpt == f"-Connector '{A1}' `"


def test_each_connector_is_asked_about_once_at_its_first_place() -> None:
    rules = [rule("One", 1), rule("Two", 2), rule("Three", 3)]
    planned = syncrules.plan([export(*rules)], staging=NOTHING)
    assert errors(planned.diagnostics) == ["SR404"]
    lines = text_of(*rules).splitlines()
    assert the("SR404", planned.diagnostics).line == lines.index(f"-Connector '{A1}' `") + 1


# ---- What connectors tell of themselves ----------------------------------------------------------

CONTOSO, FABRIKAM = forest(A1, "contoso.com"), forest(A2, "fabrikam.com")
NEW_CONTOSO, NEW_FABRIKAM = forest(B1, "CONTOSO.com"), forest(B2, "Fabrikam.COM")


@pytest.mark.parametrize("there", [(NEW_CONTOSO, NEW_FABRIKAM), (NEW_FABRIKAM, NEW_CONTOSO)])
def test_two_forests_pair_by_their_names_in_any_case_and_order(
    there: tuple[Connector, ...],
) -> None:
    planned = _plan(A1, A2, staging=complete(*there), active=complete(CONTOSO, FABRIKAM))
    assert _pairs(planned) == {
        A1: (B1, "forest"),
        A2: (B2, "forest"),
        ENTRA: (ENTRA, "entra"),
    }
    assert codes(planned.diagnostics) == []
    assert {"both are of the forest contoso.com"} <= {p.evidence for p in planned.pairs}


def test_a_partition_is_enough_where_a_list_shows_no_more_and_the_names_differ() -> None:
    here = only(*(Connector(c, LDAP, c[-3:], None, (f"O=n{c[0]}",)) for c in (A1, guid(1))))
    there = only(*(Connector(c, LDAP, c[:3], None, (o,)) for c, o in ((B2, "o=na"), (B1, "o=n0"))))
    planned = _plan(A1, guid(1), staging=there, active=here)
    assert _pairs(planned).items() >= {A1: (B2, "partitions"), guid(1): (B1, "partitions")}.items()
    assert codes(planned.diagnostics) == []


def test_other_connectors_pair_by_their_names_and_kinds() -> None:
    here = complete(Connector(A1, LDAP, "Staff"), Connector(A2, SQL, "staff"))
    there = complete(Connector(B2, LDAP, "STAFF"), Connector(B1, SQL, "Staff"))
    planned = _plan(A1, A2, staging=there, active=here)
    assert _pairs(planned).items() >= {A1: (B2, "name"), A2: (B1, "name")}.items()
    assert codes(planned.diagnostics) == []


def test_the_only_ones_of_a_kind_are_proof_where_both_servers_are_complete() -> None:
    here = complete(CONTOSO, Connector(A2, LDAP, "Staff"))
    there = complete(NEW_CONTOSO, Connector(B2, LDAP, "People"))
    planned = _plan(A2, staging=there, active=here)
    assert _pairs(planned)[A2] == (B2, "only-one")
    assert codes(planned.diagnostics) == []


def test_they_are_only_assumed_where_one_server_is_not() -> None:
    there = complete(NEW_CONTOSO, Connector(B2, LDAP, "People"))
    exported = out_of_box("In from Generic LDAP - User", 901, A2)
    for shown in (exported,), (exported, out_of_box("Out to AAD - User Join", 902, ENTRA)):
        planned = _plan(A2, staging=there, active=server(export(*shown)))
        assert _pairs(planned)[A2] == (B2, "assumed")
        assert codes(planned.diagnostics) == ["SR410"]


def test_of_two_of_one_name_it_is_the_one_that_shares_more() -> None:
    here = complete(Connector(A1, LDAP, "Staff", partitions=("o=staff",)))
    alike = Connector(B1, LDAP, "Staff", partitions=("o=staff",)), Connector(B2, LDAP, "Staff")
    for there in (alike, alike[::-1]):
        planned = _plan(A1, staging=complete(*there), active=here)
        assert _pairs(planned)[A1] == (B1, "partitions")
        assert codes(planned.diagnostics) == []


@pytest.mark.parametrize(
    ("here", "there"),
    [
        pytest.param(None, LDAP, id="active's kind is not known"),
        pytest.param(LDAP, None, id="staging's kind is not known"),
        pytest.param(None, None, id="neither kind is known"),
    ],
)
def test_sr406_the_only_ones_left_whose_names_differ_and_whose_kinds_may(
    here: str | None, there: str | None
) -> None:
    planned = _plan(
        A1,
        staging=complete(Connector(B1, there, "People")),
        active=complete(Connector(A1, here, "Staff")),
    )
    assert errors(planned.diagnostics) == ["SR406"]


def test_one_to_another_system_is_no_rival_for_the_only_one_left() -> None:
    here = complete(Connector(A1, LDAP), Connector(A2, LDAP, partitions=("o=other",)))
    there = complete(Connector(B1, LDAP, partitions=("o=staff",)))
    planned = _plan(A1, staging=there, active=here)
    assert _pairs(planned)[A1] == (B1, "only-one")
    assert codes(planned.diagnostics) == []


def test_a_list_without_entras_connector_is_not_all_of_a_server() -> None:
    here, there = only(Connector(A1, LDAP, "Staff")), only(Connector(B1, LDAP, "People"))
    assert _pairs(_plan(A1, staging=there, active=here))[A1] == (B1, "only-one")
    for filtered in (True, False), (False, True):
        servers = [
            replace(s, connectors=tuple(c for c in s.connectors if not c.is_entra or not is_less))
            for s, is_less in zip((here, there), filtered, strict=True)
        ]
        planned = _plan(A1, staging=servers[1], active=servers[0])
        assert _pairs(planned)[A1] == (B1, "assumed")


def test_sr406_two_connectors_of_one_name_are_not_told_apart_by_it() -> None:
    here = complete(Connector(A1, LDAP, "Staff"))
    there = complete(Connector(B1, LDAP, "Staff"), Connector(B2, LDAP, "Staff"))
    planned = _plan(A1, staging=there, active=here)
    assert errors(planned.diagnostics) == ["SR406"]
    assert _hinted(the("SR406", planned.diagnostics)) == [("Staff", B1), ("Staff", B2)]


def test_sr406_names_them_in_the_order_of_staging() -> None:
    partitions = tuple(f"o={letter}" for letter in "abcde")
    fitting = [Connector(guid(n), LDAP, None, None, (p,)) for n, p in enumerate(partitions)]
    others = [Connector(guid(100 + n), SQL) for n in range(31)]
    there = [*others[:5], fitting[0], *others[5:], *fitting[1:]]
    for order in (there, there[::-1]):
        planned = _plan(
            A1,
            staging=complete(*order),
            active=complete(Connector(A1, LDAP, partitions=partitions)),
        )
        expected = [(A1, c.identifier) for c in order if c in fitting]
        assert _hinted(the("SR406", planned.diagnostics)) == expected


def test_sr406_two_connectors_that_share_as_much_with_the_same_one() -> None:
    here = complete(Connector(A1, LDAP, "Staff"), Connector(A2, LDAP, "staff"))
    there = complete(Connector(B1, LDAP, "Staff"), Connector(B2, LDAP, "Other"))
    planned = _plan(A1, staging=there, active=here)
    assert errors(planned.diagnostics) == ["SR406"]
    finding = the("SR406", planned.diagnostics)
    assert A2 in {row[1] for row in finding.rows}
    assert _hinted(finding) == [(A1, "Staff")]


def test_sr404_a_complete_staging_server_has_none() -> None:
    planned = _plan(A1, staging=complete(), active=complete(CONTOSO))
    assert errors(planned.diagnostics) == ["SR404"]
    assert "The staging server has no connector" in the("SR404", planned.diagnostics).message


def test_sr405_a_connector_to_another_forest_is_none_to_go_to() -> None:
    planned = _plan(A1, staging=complete(NEW_FABRIKAM), active=complete(CONTOSO))
    assert errors(planned.diagnostics) == ["SR405"]
    finding = the("SR405", planned.diagnostics)
    assert "contoso.com on the active server and fabrikam.com on staging" in finding.message
    assert _hinted(finding) == [("contoso.com", "Fabrikam.COM")]


def test_sr402_also_where_no_rule_that_moves_names_the_connector() -> None:
    here, there = complete(CONTOSO, FABRIKAM), complete(NEW_CONTOSO, FABRIKAM)
    planned = _plan(A1, staging=there, active=here)
    assert errors(planned.diagnostics) == ["SR402"]
    assert A2 in the("SR402", planned.diagnostics).message


# ---- Evidence that contradicts itself: SR417, SR418 ----------------------------------------------


def test_sr417_map_says_one_forest_and_the_names_say_the_other() -> None:
    here, there = complete(CONTOSO, FABRIKAM), complete(NEW_CONTOSO, NEW_FABRIKAM)
    planned = _plan(A1, staging=there, active=here, mapping={A1: B2})
    assert errors(planned.diagnostics) == ["SR417"]
    finding = the("SR417", planned.diagnostics)
    for part in (A1, B1, B2, "--map", "both are of the forest contoso.com"):
        assert part in finding.message
    assert finding.excerpt == f"-Connector '{A1}' `"


def test_sr417_map_gives_to_one_what_is_anothers() -> None:
    here, there = complete(Connector(A1, AD), FABRIKAM), complete(Connector(B1, AD), NEW_FABRIKAM)
    planned = _plan(A1, staging=there, active=here, mapping={A1: B2})
    assert errors(planned.diagnostics) == ["SR417"]
    for part in ("both are of the forest fabrikam.com", A2):
        assert part in the("SR417", planned.diagnostics).message


def test_sr417_not_where_only_one_of_another_kind_shares_the_name() -> None:
    here = complete(Connector(A1, LDAP, "Staff"), Connector(A2, SQL, "People"))
    there = complete(Connector(B1, LDAP, "People"), Connector(B2, SQL, "Staff"))
    planned = _plan(A1, staging=there, active=here, mapping={A1: B1})
    assert _pairs(planned)[A1] == (B1, "given")
    assert codes(planned.diagnostics) == []


def test_sr417_the_forest_says_one_and_the_name_another() -> None:
    here = complete(Connector(A1, LDAP, "Staff", partitions=("O=staff",)))
    there = complete(
        Connector(B1, LDAP, "Old", partitions=("o=staff",)), Connector(B2, LDAP, "staff")
    )
    planned = _plan(A1, staging=there, active=here)
    assert errors(planned.diagnostics) == ["SR417"]
    for part in ("both have the partition o=staff", "both are named staff", B1, B2):
        assert part in the("SR417", planned.diagnostics).message


@pytest.mark.parametrize(
    ("here", "there", "apart"),
    [
        pytest.param(
            Connector(A1, AD, "Corp", "contoso.com"),
            Connector(B1, AD, "corp", "fabrikam.com"),
            "the forest contoso.com on the active server and fabrikam.com on staging",
            id="forests",
        ),
        pytest.param(
            Connector(A1, LDAP, "Staff", partitions=("o=contoso",)),
            Connector(B1, LDAP, "staff", partitions=("o=fabrikam",)),
            "the partitions o=contoso on the active server and o=fabrikam on staging",
            id="partitions",
        ),
    ],
)
def test_sr417_connectors_of_one_name_that_connect_to_two_systems(
    here: Connector, there: Connector, apart: str
) -> None:
    planned = _plan(A1, staging=complete(there), active=complete(here))
    assert errors(planned.diagnostics) == ["SR417"]
    assert A1 not in _pairs(planned)
    for part in ("both are named", apart):
        assert part in the("SR417", planned.diagnostics).message


def test_a_name_that_no_partition_bears_is_no_forest() -> None:
    """Someone renamed the connector: its partitions tell the forest, and agree with it."""
    here = complete(
        Connector(A1, AD, "corp", partitions=("DC=contoso,DC=com",)),
        Connector(A2, AD, "corp", partitions=("DC=fabrikam,DC=com",)),
    )
    there = complete(
        Connector(B2, AD, "corp", "fabrikam.com"), Connector(B1, AD, "corp", "contoso.com")
    )
    for planned in (
        _plan(A1, A2, staging=there, active=here),
        _plan(A1, A2, staging=there, active=here, mapping={A1: B1, A2: B2}),
    ):
        assert errors(planned.diagnostics) == []
        assert {a: s for a, (s, _) in _pairs(planned).items()}.items() >= {A1: B1, A2: B2}.items()


def test_sr417_not_where_map_agrees_with_the_forests() -> None:
    here, there = complete(CONTOSO, FABRIKAM), complete(NEW_CONTOSO, NEW_FABRIKAM)
    planned = _plan(A1, A2, staging=there, active=here, mapping={A1: B1, A2: B2})
    assert codes(planned.diagnostics) == []
    assert _pairs(planned).items() >= {A1: (B1, "given"), A2: (B2, "given")}.items()


def test_sr418_map_to_another_forest_where_nothing_fits_better_is_a_warning() -> None:
    here, there = complete(CONTOSO), complete(forest(B1, "litware.com"))
    planned = _plan(A1, staging=there, active=here, mapping={A1: B1})
    assert codes(planned.diagnostics) == ["SR418"]
    finding = the("SR418", planned.diagnostics)
    assert finding.severity is Severity.WARNING
    assert "contoso.com" in finding.message
    assert "litware.com" in finding.message
    assert _pairs(planned)[A1] == (B1, "given")


def test_sr418_not_for_connectors_of_which_nothing_differs() -> None:
    here, there = complete(CONTOSO), complete(Connector(B1, AD))
    planned = _plan(A1, staging=there, active=here, mapping={A1: B1})
    assert codes(planned.diagnostics) == []


@given(st.permutations(range(4)), st.permutations(range(4)), st.data())
def test_forests_pair_by_name_whatever_their_order_and_are_never_crossed(
    here: list[int], there: list[int], data: st.DataObject
) -> None:
    case = st.sampled_from([str.upper, str.lower, str.title])
    active = [forest(guid(0xA0 + n), data.draw(case)(f"forest{n}.example")) for n in here]
    staging = [forest(guid(0xB0 + n), data.draw(case)(f"forest{n}.example")) for n in there]
    moving = here[: data.draw(st.integers(1, 4))]
    planned = _plan(
        *(guid(0xA0 + n) for n in moving), staging=complete(*staging), active=complete(*active)
    )
    assert codes(planned.diagnostics) == []
    pairs = {p.active: p.staging for p in planned.pairs}
    assert pairs.items() >= {guid(0xA0 + n): guid(0xB0 + n) for n in moving}.items()


# ---- Equation 7: one connector for each, or nothing ----------------------------------------------

ACTIVE = [guid(n) for n in range(0xA1, 0xA4)]
THERE = [guid(n) for n in range(0xB1, 0xB4)]
CONNECTORS = st.sampled_from([*ACTIVE, ENTRA])


@st.composite
def _servers(draw: st.DrawFn, connectors: list[str], tag: str) -> list[SyncRule]:
    """Draw rules that show some connectors, of several kinds or of none."""
    shown = draw(st.lists(st.sampled_from(connectors), max_size=3, unique=True))
    kinds = st.sampled_from(draw(st.sampled_from([["AD"], ["AD", "LDAP"]])))
    return [
        draw(st.sampled_from([rule, out_of_box]))(
            f"In from {draw(kinds)} - {tag} {n}", 500 + n, connector
        )
        for n, connector in enumerate(shown)
    ]


@st.composite
def _mappings(draw: st.DrawFn, moving: list[str], there: list[SyncRule]) -> dict[str, str]:
    """Draw what --map may say: each moved connector one of its own, or anything."""
    shown = [r.connector for r in there]
    if draw(st.booleans()):
        named = [c for c in dict.fromkeys(moving) if c != ENTRA]
        return dict(zip(named, draw(st.permutations(shown)), strict=False))
    anything = st.sampled_from([*ACTIVE, *THERE, ENTRA])
    return draw(st.dictionaries(st.sampled_from(moving) | anything, anything, max_size=3))


@given(
    moving=st.lists(CONNECTORS, min_size=1, max_size=3),
    active=_servers(ACTIVE, "active"),
    there=_servers([*THERE, ACTIVE[0]], "staging"),
    draws=st.data(),
)
def test_the_mapping_is_injective_and_complete_or_there_is_no_output(
    moving: list[str], active: list[SyncRule], there: list[SyncRule], draws: st.DataObject
) -> None:
    mapping = draws.draw(_mappings(moving, there), label="mapping")
    rules = [rule(f"C{n}", n + 1, connector) for n, connector in enumerate(moving)]
    planned = syncrules.plan(
        [export(*rules)],
        staging=server(export(*there, name="staging.ps1")),
        active=server(export(*active, name="active.ps1")),
        mapping=mapping,
    )
    targets = {p.active: p.staging for p in planned.pairs if p.active in moving}
    if errors(planned.diagnostics):
        with pytest.raises(PlanRefused):
            planned.output()
        return
    assert targets.keys() == set(moving)
    assert len(set(targets.values())) == len(targets)
    (data,) = planned.output().values()
    assert [r.connector for r in syncrules.parse(data).rules] == [targets[c] for c in moving]
    assert targets.items() >= {c: mapping[c] for c in set(moving) & set(mapping)}.items()


def test_the_command_that_made_an_output_may_be_given_again_with_it() -> None:
    once = mapped(text_of(rule()), bare=False)
    again = syncrules.plan([syncrules.parse(once, "custom.ps1")], staging=STAGING, mapping={A1: B1})
    assert errors(again.diagnostics) == []
    assert again.output() == {"custom.ps1": once}


def test_a_file_that_was_mapped_before_goes_beside_a_new_one_of_the_same_connector() -> None:
    before = syncrules.parse(mapped(text_of(rule()), bare=False), "before.ps1")
    new = syncrules.parse(text_of(rule("In from AD - New", 7, A1)), "new.ps1")
    planned = syncrules.plan([before, new], staging=STAGING, mapping={A1: B1})
    assert errors(planned.diagnostics) == []
    assert {m.after.connector for m in planned.rules} == {B1}
