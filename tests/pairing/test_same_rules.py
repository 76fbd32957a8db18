"""Which rules two servers both have: the first mark that two rules alone have, and no guess."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from support.builders import A1, A2, B1, B2, ENTRA, guid, out_of_box, rule
from support.known_servers import complete, forest, only
from syncrules import AttributeFlowMapping, SyncRule
from syncrules.pairing.same_connectors import connectors_of_both
from syncrules.pairing.same_rules import SameBasis, SameRules, rules_of_both
from syncrules.servers.model import Connector


def filled(name: str, number: int, value: str = "x", connector: str = A1) -> SyncRule:
    flow = AttributeFlowMapping((value,), "info", "Constant", "Update", False, None)
    made = rule(name, number, connector)
    return replace(made, attribute_flow_mappings=(flow,), precedence=number % 90)


def paired(ones: Iterable[SyncRule], others: Iterable[SyncRule]) -> SameRules:
    a = complete(forest(A1, "contoso.com"), rules=tuple(ones))
    b = complete(forest(B1, "contoso.com"), rules=tuple(others))
    return rules_of_both(a, b, {A1: B1, ENTRA: ENTRA})


def bases(found: SameRules) -> list[tuple[str, str, SameBasis]]:
    return [(s.rule.one.name, s.rule.other.name, s.basis) for s in found.same]


@pytest.mark.parametrize(
    ("one", "other", "basis"),
    [
        (filled("A", 1), filled("B", 1, "y", B1), SameBasis.IDENTIFIER),
        (
            out_of_box(),
            replace(
                out_of_box("In from AD - User Join new", 950, B1),
                immutable_tag="Microsoft.InfromADUserJoin.099",
            ),
            SameBasis.TAG,
        ),
        (filled("A", 1), filled("A", 2, "y", B1), SameBasis.NAME),
        (filled("A - b", 1), filled("a  \N{EN DASH} B", 2, "y", B1), SameBasis.NAME),
        (filled("A", 1), filled("B", 2, connector=B1), SameBasis.CONTENT),
    ],
)
def test_two_rules_are_one(one: SyncRule, other: SyncRule, basis: SameBasis) -> None:
    found = paired([one], [other])
    assert bases(found) == [(one.name, other.name, basis)]
    assert found[1:] == ((), (), (), ())


@pytest.mark.parametrize(
    "other",
    [
        filled("Other", 2, "y", B1),
        replace(filled("A", 1, connector=B1), direction="Outbound"),
        filled("A", 1, connector=ENTRA),
        replace(filled("Other", 2, connector=B1), attribute_flow_mappings=()),
    ],
    ids=["nothing", "direction", "connector", "no flow"],
)
def test_two_rules_are_two(other: SyncRule) -> None:
    found = paired([filled("A", 1)], [other])
    assert found.same == ()
    assert [r.name for r in found.only_one] == ["A"]
    assert [r.name for r in found.only_other] == [other.name]


def test_rules_without_flows_and_joins_are_not_paired_by_what_they_do_not_do() -> None:
    nothing = replace(filled("A", 1), attribute_flow_mappings=())
    found = paired([nothing], [replace(nothing, name="B", identifier=guid(2), connector=B1)])
    assert found.same == ()


def test_rules_of_one_name_are_told_by_what_they_do() -> None:
    ones = [filled("A", 1, "x"), filled("A", 2, "y"), filled("A", 3, "z")]
    others = [filled("A", 11, "y", B1), filled("A", 12, "new", B1), filled("A", 13, "z", B1)]
    found = paired(ones, others)
    told = {(s.rule.one.identifier, s.rule.other.identifier) for s in found.same}
    assert told == {(guid(2), guid(11)), (guid(3), guid(13)), (guid(1), guid(12))}


def test_what_is_left_of_one_name_is_listed_and_not_guessed() -> None:
    ones = [filled("A", 1, "x"), filled("A", 2, "y")]
    others = [filled("A", 11, "u", B1), filled("A", 12, "v", B1)]
    found = paired(ones, others)
    assert found.same == ()
    (candidates,) = found.candidates
    assert [len(side) for side in candidates] == [2, 2]
    assert (found.only_one, found.only_other) == ((), ())


def test_rules_that_are_alike_in_all_are_paired_in_their_order() -> None:
    ones = [filled("A", number) for number in (3, 1, 2)]
    others = [filled("A", number, connector=B1) for number in (12, 13)]
    found = paired(ones, others)
    told = [(s.rule.one.identifier, s.rule.other.identifier) for s in found.same]
    assert told == [(guid(1), guid(12)), (guid(2), guid(13))]
    assert [r.identifier for r in found.only_one] == [guid(3)]


def test_what_rules_do_may_name_their_connectors() -> None:
    found = paired([filled("A", 1, A1)], [filled("B", 2, B1, B1)])
    assert bases(found) == [("A", "B", SameBasis.CONTENT)]


def test_a_clone_that_kept_its_tag_is_not_the_original() -> None:
    clone = replace(out_of_box("In from AD - User Join", 1), precedence=10)
    found = paired([out_of_box(), clone], [out_of_box(number=901, connector=B1)])
    assert bases(found) == [("In from AD - User Join",) * 2 + (SameBasis.TAG,)]
    assert [r.precedence for r in found.only_one] == [10]


def test_a_rule_that_replaced_one_of_microsofts_is_told_as_such() -> None:
    custom = filled("In from AD - User Join", 1, "y", B1)
    found = paired([out_of_box()], [custom])
    assert found.same == ()
    ((one, other),) = found.replaced
    assert (one.is_out_of_box, other.is_out_of_box) == (True, False)


# ---- Connectors ----------------------------------------------------------------------------------


def test_a_connector_is_the_same_by_its_identifier() -> None:
    one = only(forest(A1, "contoso.com"), forest(A2, "fabrikam.com"))
    found = connectors_of_both(one, one, {})
    assert found.pairs == {A1: A1, A2: A2, ENTRA: ENTRA}


def test_else_by_what_it_tells_from_either_side() -> None:
    one = only(forest(A1, "contoso.com"), forest(A2, "fabrikam.com"))
    other = only(forest(B1, "FABRIKAM.com"), forest(B2, "contoso.COM"))
    found = connectors_of_both(one, other, {})
    assert found.pairs == {A1: B2, A2: B1, ENTRA: ENTRA}
    assert found.assumed == frozenset()


def test_what_is_given_goes_before_the_identifier() -> None:
    one = only(forest(A1, "contoso.com"), forest(A2, "contoso.com"))
    found = connectors_of_both(one, one, {A1: A2, A2: A1})
    assert found.pairs == {A1: A2, A2: A1, ENTRA: ENTRA}


def test_two_that_could_be_either_are_not_paired() -> None:
    one = only(forest(A1, "contoso.com"))
    other = only(forest(B1, "contoso.com"), forest(B2, "contoso.com"))
    for a, b in ((one, other), (other, one)):
        found = connectors_of_both(a, b, {})
        assert found.pairs == {ENTRA: ENTRA}


def test_what_contradicts_itself_from_one_side_is_not_paired_from_the_other() -> None:
    mixed = Connector(A1, "Generic LDAP", "Corp", partitions=("DC=a",))
    plain = Connector(B1, "Generic LDAP", partitions=("DC=a",))
    other = Connector(B2, "Generic LDAP", "Corp")
    one, two = only(mixed), only(plain, other)
    assert connectors_of_both(one, two, {}).pairs == {ENTRA: ENTRA}
    assert connectors_of_both(two, one, {}).pairs == {ENTRA: ENTRA}


def test_the_only_ones_left_are_sure_where_all_are_known() -> None:
    """Though connectors of one identifier are paired before."""
    names = ("Directory of old", "Directory of new")
    one, two = (
        only(
            forest(A1, "contoso.com"),
            replace(forest(identifier, name), kind="Generic LDAP", forest=None, partitions=()),
        )
        for identifier, name in zip((A2, B2), names, strict=True)
    )
    found = connectors_of_both(one, two, {})
    assert found.pairs == {A1: A1, A2: B2, ENTRA: ENTRA}
    assert found.assumed == frozenset()
