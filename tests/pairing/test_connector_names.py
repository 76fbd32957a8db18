"""--map by name: what a person calls a connector, on the command line and in the library."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import A1, A2, B1, B2, codes, errors, export, rule, the
from support.known_servers import LDAP, complete, forest
from syncrules import Server
from syncrules.pairing.connector_names import ConnectorNames
from syncrules.servers.model import Connector

RULES = (rule("One", 1, A1), rule("Two", 2, A2))
ACTIVE = complete(Connector(A1, LDAP, "Staff"), Connector(A2, LDAP, "Guests"), rules=RULES)
STAGING = complete(Connector(B1, LDAP, "People"), Connector(B2, LDAP, "Visitors"))


def _plan(mapping: dict[str, str], staging: Server = STAGING) -> syncrules.Plan:
    return syncrules.plan([export(*RULES)], staging=staging, active=ACTIVE, mapping=mapping)


@pytest.mark.parametrize(
    "mapping",
    [
        {"Staff": "People", "Guests": "Visitors"},
        {" staff ": "PEOPLE", "GUESTS": "visitors"},
        {A1: "People", "Guests": B2},
        {A1: B1, f"{{{A2.upper()}}}": f"{{{B2.upper()}}}"},
    ],
)
def test_a_name_in_any_case_is_as_good_as_the_identifier(mapping: dict[str, str]) -> None:
    plan = _plan(mapping)
    assert errors(plan.diagnostics) == []
    assert {(p.active, p.staging) for p in plan.pairs} >= {(A1, B1), (A2, B2)}


def test_a_forest_s_name_is_one_too() -> None:
    here = complete(forest(A1, "contoso.com"), rules=RULES[:1])
    there = complete(forest(B1, "contoso.example"))
    plan = syncrules.plan(
        [export(RULES[0])],
        staging=there,
        active=here,
        mapping={"contoso.com": "contoso.example"},
    )
    assert codes(plan.diagnostics) == ["SR418"]  # they are of two forests, and it was said


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"Stuff": "People", "Guests": "Visitors"}, "SR401"),
        ({"Staff": "Persons", "Guests": "Visitors"}, "SR403"),
        ({"Staff": "People", A1: "Visitors", "Guests": "People"}, "SR482"),
        ({A1: "People", "Staff": "Visitors", "Guests": "People"}, "SR482"),
    ],
)
def test_a_name_that_is_none_is_an_error_with_what_there_is(
    mapping: dict[str, str], code: str
) -> None:
    found = the(code, _plan(mapping).diagnostics)
    assert found.is_error
    if code != "SR482":
        assert ("'Staff'" in found.hint) is (code == "SR401")
        assert ("'Visitors'" in found.hint) is (code == "SR403")


def test_sr481_a_name_of_two_connectors_is_not_guessed() -> None:
    there = complete(Connector(B1, LDAP, "People"), Connector(B2, LDAP, "people"))
    found = the("SR481", _plan({"Staff": "People", "Guests": B2}, there).diagnostics)
    assert B1 in found.message
    assert B2 in found.message


def test_a_hint_proposes_names_where_they_tell_and_identifiers_elsewhere() -> None:
    there = complete(Connector(B1, LDAP, "People"), Connector(B2, LDAP, "people"))
    found = the("SR406", _plan({}, there).diagnostics)
    assert [str(option) for option in found.options] == [
        f"--map {old}={new}" for old in ("Staff", "Guests") for new in (B1, B2)
    ]


@given(st.lists(st.text("ab =\"'$`\\\n", max_size=3), min_size=1, max_size=4))
def test_what_is_typed_for_a_connector_names_it_and_no_other(names: list[str]) -> None:
    connectors = [
        Connector(f"{n:08x}-0000-4000-8000-000000000000", LDAP, name)
        for n, name in enumerate(names)
    ]
    known = ConnectorNames(connectors)
    for connector in connectors:
        typed = known.typed(connector.identifier)
        assert typed == connector.identifier or known.called(typed) == (connector,)
        assert not set(typed) & set('="$`\\\n')
