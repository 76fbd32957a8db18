"""What connectors read: of a container, the entry nearest to it decides."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from support.builders import A1
from support.known_servers import complete, forest
from syncrules import Comparison, Connector, Detail, RunProfile, RunStep, Server, compare
from syncrules.comparison.selection import containers_read
from syncrules.servers.model import PartitionScope

ROOT = "DC=contoso,DC=com"


def scope(
    included: tuple[str, ...] = (ROOT,), excluded: tuple[str, ...] = (), **changes: object
) -> PartitionScope:
    found = PartitionScope(ROOT, True, frozenset({"user"}), included, excluded)
    return found._replace(**changes)  # type: ignore[arg-type]


def compared(one: object, other: object, field: str = "scopes") -> Comparison:
    a, b = (_server({field: value}) for value in (one, other))
    return compare(a, b)


def _server(changes: dict[str, object]) -> Server:
    return complete(replace(forest(A1, "contoso.com"), **changes))  # type: ignore[arg-type]


def details(one: PartitionScope, other: PartitionScope) -> list[Detail]:
    return [d for one in compared((one,), (other,)).differences for d in one.details]


def test_the_outermost_of_what_changes_is_told() -> None:
    inner = f"OU=B,OU=A,{ROOT}"
    before = scope((ROOT, inner))
    after = scope((ROOT,), (f"OU=A,{ROOT}", inner))
    assert details(before, after) == [
        Detail("container", f"OU=A,{ROOT}", "included", "excluded"),
    ]
    kept = scope((ROOT, inner), (f"OU=A,{ROOT}",))
    assert details(after, kept) == [Detail("container", inner, "excluded", "included")]


def test_how_it_is_written_means_nothing() -> None:
    plain = scope((ROOT,), (f"OU=A,{ROOT}",))
    for other in (
        scope((ROOT.lower(),), (f"ou=a, {ROOT}",)),
        scope((ROOT, f"OU=B,{ROOT}"), (f"OU=A,{ROOT}", f"OU=C,OU=A,{ROOT}")),
    ):
        assert compared((plain,), (other,)).same
        assert [*containers_read(plain)] == [*containers_read(other)]


def test_a_comma_in_a_name_is_no_end_of_it() -> None:
    assert details(scope(), scope(excluded=(rf"OU=A\, B,{ROOT}",))) == [
        Detail("container", rf"OU=A\, B,{ROOT}", "included", "excluded")
    ]
    escaped, plain = (
        scope(excluded=(rf"OU=A\,OU=B,{ROOT}",)),
        scope(excluded=(f"OU=A,OU=B,{ROOT}",)),
    )
    assert len(details(escaped, plain)) == 2


def test_a_container_with_a_comma_in_its_name_lies_in_no_other_for_that() -> None:
    one = scope(excluded=(f"OU=B,{ROOT}",))
    other = scope((ROOT, rf"OU=A\,OU=B,{ROOT}"), (f"OU=B,{ROOT}",))
    assert details(one, other) == []


NAMES = [",".join((*parts, ROOT)) for parts in ((), ("OU=A",), ("OU=B", "OU=A"), ("OU=C", "OU=A"))]
entries = st.lists(st.tuples(st.sampled_from(NAMES), st.booleans()), unique_by=lambda e: e[0])


def decided(found: PartitionScope, name: str) -> bool:
    """Return whether a container is read, by looking at all entries."""
    around = [n for n in (*found.included, *found.excluded) if name.endswith(n)]
    return bool(around) and max(around, key=len) in found.included


@given(entries, entries)
def test_scopes_differ_exactly_where_a_container_is_read_on_one_side_alone(
    one: list[tuple[str, bool]], other: list[tuple[str, bool]]
) -> None:
    sides = [
        scope(
            tuple(n for n, is_read in side if is_read),
            tuple(n for n, is_read in side if not is_read),
        )
        for side in (one, other)
    ]
    first, second = sides
    unlike = {n for n in NAMES if decided(first, n) is not decided(second, n)}
    told = {d.part for d in details(first, second)}
    assert bool(told) is bool(unlike)
    assert told <= unlike
    for name in unlike:  # itself, or what it lies in
        assert any(name.endswith(part) for part in told)
    assert ([*containers_read(first)] == [*containers_read(second)]) is not bool(unlike)


def test_a_partition_that_only_one_server_has_or_selects() -> None:
    other = scope(name=f"DC=emea,{ROOT}")
    found = compared((scope(), other), (scope(),)).differences
    assert [d.details for d in found] == [
        (Detail("partition", other.name, "selected", "not selected"),)
    ]
    unselected = other._replace(is_selected=False)
    assert compared((scope(), unselected), (scope(),)).same
    assert not compared((scope(), unselected), (scope(), other)).same


def test_object_types_are_told_with_their_partition_where_there_are_several() -> None:
    emea = scope(name=f"DC=emea,{ROOT}")
    group = emea._replace(object_types=frozenset({"user", "group"}))
    (found,) = compared((scope(), emea), (scope(), group)).differences
    assert found.details == (
        Detail("object type", f"group in {emea.name}", "not selected", "selected"),
    )


def test_run_profiles_by_name_with_their_steps_in_order() -> None:
    steps = (RunStep("full-import", ROOT), RunStep("export", ROOT))
    one = (RunProfile("All", steps),)
    assert compared(one, (RunProfile("ALL", steps),), "run_profiles").same
    lower = tuple(step._replace(partition=ROOT.lower()) for step in steps)
    assert compared(one, (RunProfile("All", lower),), "run_profiles").same
    (found,) = compared(one, (RunProfile("All", steps[::-1]),), "run_profiles").differences
    assert found.kind == "run-profile"
    assert found.details == (
        Detail(
            *("run profile", "All"),
            f"full-import of {ROOT}, export of {ROOT}",
            f"export of {ROOT}, full-import of {ROOT}",
        ),
    )


def test_password_hash_synchronization_is_an_option() -> None:
    (found,) = compared(True, False, "password_hash_sync").differences
    assert (found.kind, found.details[0][2:]) == ("option", ("on", "off"))
    for one, other in product((True, False, None), repeat=2):
        there = compared(one, other, "password_hash_sync")
        whats = [n.what for n in there.not_compared]
        known = (one is None) is (other is None)
        assert ("password hash synchronization" in whats) is not known
        assert there.same is (one is other or not known)


def test_a_connector_that_tells_nothing_is_not_compared() -> None:
    found = compared((scope(),), None)
    assert found.same
    assert not found.complete
    what = "partitions, object types and containers"
    assert [n.why for n in found.not_compared if n.what == what and "contoso.com" in n.names] == [
        "no file of B shows all of it"
    ]
    assert isinstance(found.a.connectors[0], Connector)
