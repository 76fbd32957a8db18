"""What two connectors have in common, and what sets them apart, told in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import A1, B1, ENTRA, guid
from support.known_servers import LDAP, forest
from syncrules.pairing.connector_text import MOST, described, listed
from syncrules.pairing.likeness import Others, agreements, alike, disagreement, marks, unlike_names
from syncrules.servers.model import AD, Connector

CONTOSO, COM = "contoso.com", ("DC=contoso,DC=com",)

TEXTS = st.sampled_from(["contoso.com", "CONTOSO.com", "fabrikam.com", "Corp"])
CONNECTORS = st.builds(
    Connector,
    st.just(A1),
    kind=st.sampled_from([AD, LDAP, None]),
    name=TEXTS | st.none(),
    forest=TEXTS | st.none(),
    partitions=st.lists(
        st.sampled_from(["DC=contoso,DC=com", "dc=contoso, dc=com", "o=x", "default"]), max_size=3
    ).map(tuple),
)

# ---- What they share -----------------------------------------------------------------------------


@given(CONNECTORS, CONNECTORS)
def test_connectors_agree_where_they_have_a_mark_in_common_and_nowhere_else(
    one: Connector, other: Connector
) -> None:
    assert bool(agreements(one, other)) == bool({*marks(one)} & {*marks(other)})
    assert [a.mark for a in agreements(one, other)] == [a.mark for a in agreements(other, one)]


@given(CONNECTORS, CONNECTORS)
def test_what_is_unknown_sets_nobody_apart_and_likeness_is_mutual(
    one: Connector, other: Connector
) -> None:
    assert alike(one, other) == alike(other, one)
    assert bool(disagreement(one, other)) == bool(disagreement(other, one))
    assert unlike_names(one, other) == unlike_names(other, one)
    assert disagreement(one, one) is None
    assert not unlike_names(one, one)
    assert alike(one, one)
    unknown = Connector(B1)
    assert alike(one, unknown)
    assert agreements(one, unknown) == ()
    assert disagreement(one, unknown) is None
    assert not unlike_names(one, unknown)


@given(CONNECTORS, st.lists(CONNECTORS, max_size=4))
def test_a_connector_could_be_one_of_others_that_nothing_sets_apart_from_it(
    one: Connector, others: list[Connector]
) -> None:
    known = any(alike(one, other) and not disagreement(one, other) for other in others)
    assert Others(others).could_be(one) is known


def test_two_kinds_are_two_systems() -> None:
    assert not alike(Connector(A1, AD), Connector(B1, LDAP))


def test_a_forest_is_its_connectors_name_however_that_is_called_now() -> None:
    renamed = Connector(A1, AD, "Corp", CONTOSO)
    (found,) = agreements(renamed, Connector(B1, AD, "Contoso.COM"))
    assert found.words == "both are named contoso.com"
    assert not unlike_names(renamed, Connector(B1, AD, "Contoso.COM"))
    assert unlike_names(renamed, Connector(B1, AD, "Other"))


def test_of_many_partitions_the_first_two_are_named() -> None:
    many = tuple(f"O={letter}" for letter in "hgfedcba")
    (found,) = agreements(Connector(A1, LDAP, partitions=many), Connector(B1, partitions=many))
    assert found.words == "both have the partition o=a, o=b"


# ---- What sets them apart ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("connector", "is_of_contoso"),
    [
        pytest.param(Connector(A1, AD, CONTOSO), True, id="by its name"),
        pytest.param(
            Connector(A1, AD, CONTOSO, partitions=COM), True, id="which a partition bears"
        ),
        pytest.param(Connector(A1, None, "Corp", CONTOSO), True, id="by its forest"),
        pytest.param(
            Connector(A1, AD, CONTOSO, partitions=("DC=litware,DC=com",)), False, id="a name given"
        ),
        pytest.param(Connector(A1, LDAP, CONTOSO), False, id="of another kind"),
        pytest.param(Connector(A1, None, CONTOSO), False, id="of a kind that is not known"),
    ],
)
def test_the_forest_is_told_by_the_name_unless_a_person_gave_it(
    connector: Connector, is_of_contoso: bool
) -> None:
    other = Connector(B1, AD, "Corp", "fabrikam.com")
    apart = "the forest contoso.com on the active server and fabrikam.com on staging"
    assert (disagreement(connector, other) == apart) is is_of_contoso


def test_of_many_partitions_that_differ_three_are_named() -> None:
    here, there = (tuple(f"o={side}{n}" for n in range(9, 0, -1)) for side in "ab")
    found = disagreement(Connector(A1, LDAP, partitions=here), Connector(B1, partitions=there))
    expected = (
        "the partitions o=a1, o=a2, o=a3 on the active server and o=b1, o=b2, o=b3 on staging"
    )
    assert found == expected


# ---- In words ------------------------------------------------------------------------------------


@given(st.integers(0, 3 * MOST))
def test_a_list_names_the_first_few_and_counts_all_others(number: int) -> None:
    connectors = [Connector(guid(n)) for n in range(number)]
    shown = ", ".join(f"{c.identifier} (type unknown)" for c in connectors[:MOST])
    more = f" and {number - MOST} more" if number > MOST else ""
    assert listed(connectors) == (shown or "none") + more


def test_a_connector_is_told_by_all_that_is_known_of_it() -> None:
    assert described(Connector(A1)) == f"{A1} (type unknown, shown by no out-of-box rule)"
    same, other = forest(A1, CONTOSO), Connector(A1, AD, "Corp", CONTOSO, ("o=a", "o=b", "o=c"))
    assert "forest" not in described(same)
    for part in (f"'Corp' ({A1}, ", f"forest {CONTOSO}", "partitions o=a, o=b and 1 more"):
        assert part in described(other)
    rules = tuple((f"Rule {n}", "a.ps1") for n in range(4))
    shown = described(Connector(ENTRA, shown_by=rules))
    assert "shown by 'Rule 0' in a.ps1, 'Rule 1' in a.ps1 and 2 more" in shown
