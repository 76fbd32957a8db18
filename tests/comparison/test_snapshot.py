"""A snapshot and a comparison agree: a file differs exactly where a difference is told."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import A1, B1, guid, rule
from support.comparable import CHANGES, MADE, noisy, shown_server
from support.known_servers import complete, forest
from syncrules import AttributeFlowMapping, DifferenceKind, SyncRule, compare
from syncrules.comparison.snapshot import FIRST_LINE, snapshot

Made = tuple[int, int]
Kind = DifferenceKind
seeds = st.integers(0, 2**32)
COUNTED: Counter[str] = Counter()

ORDER = {"order-inbound.txt", "order-outbound.txt"}
OF_A_RULE = {
    *(Kind.ONLY_A, Kind.ONLY_B, Kind.CHANGED, Kind.CHANGED_IN_PLACE, Kind.VERSION),
    *(Kind.STATE, Kind.RENAMED, Kind.AMBIGUOUS),
}
NOT_WRITTEN = {Kind.SCHEMA}


@pytest.fixture(scope="module", autouse=True)
def _counted() -> Iterator[None]:
    yield
    print(COUNTED)


def compared(files: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what counts of the files: all but notes."""
    return {
        path: [line for line in text.splitlines() if not line.startswith("#")]
        for path, text in files.items()
    }


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> set[str]:
    first, second = compared(one), compared(other)
    return {path for path in first | second if first.get(path) != second.get(path)}


@given(MADE, seeds)
def test_noise_changes_no_line_that_counts(made: Made, seed: int) -> None:
    shown = shown_server(*made)
    one, other = snapshot(shown.read()), snapshot(noisy(shown, seed).read())
    COUNTED["noise"] += 1
    assert differing(one.files, other.files) == set()
    assert one.files.keys() == other.files.keys()


@pytest.mark.parametrize("name", CHANGES)
@given(made=MADE, seed=seeds)
def test_the_files_of_what_differs_differ(name: str, made: Made, seed: int) -> None:
    shown = shown_server(*made)
    change = CHANGES[name](random.Random(seed), shown)
    if change is None:
        return
    a, b = shown.read(), noisy(change.shown, seed).read()
    differences = compare(a, b).differences
    files = differing(snapshot(a).files, snapshot(b).files)
    COUNTED[change.kind] += 1
    (difference,) = differences
    kind, subject = difference.kind, difference.subject
    if kind in OF_A_RULE:
        # Without it, others contest an attribute no more, or in another way.
        own = {path for path in files if path not in ORDER}
        assert own
        assert all(path.startswith(f"{subject.connector.lower()}/") for path in own)
        assert {p.rpartition("/")[2].split("~")[0].removesuffix(".txt") for p in own} <= {
            subject.name,
            *([difference.b.name] if difference.b else []),
        }
    elif kind is Kind.ORDER:
        assert files
        assert files <= ORDER
    elif kind is Kind.OPTION:
        assert files == {"options.txt"}
    elif kind in (Kind.SELECTION, Kind.RUN_PROFILE):
        assert files == {f"{subject.connector.lower()}/connector.txt"}
    else:
        assert kind in NOT_WRITTEN
        assert files == set()


def test_a_file_begins_with_what_it_is_for_and_has_no_identifier() -> None:
    server = shown_server(1, 4).read()
    for text in snapshot(server).files.values():
        assert text.startswith(f"{FIRST_LINE}\n")
        for identifier in (*(c.identifier for c in server.connectors), guid(1), guid(2)):
            assert identifier not in text


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a"], ["a.txt"]),
        (["a/b"], ["a_b~c14cddc0.txt"]),
        (["CON"], ["CON~"]),
        (["a."], ["a_~"]),
        (["a", "A"], ["A~", "a~"]),
        (["x" * 300], ["x" * 100 + "~"]),
    ],
)
def test_names_that_files_cannot_have(names: list[str], expected: list[str]) -> None:
    rules = tuple(rule(name, number) for number, name in enumerate(names, start=1))
    found = snapshot(complete(forest(A1, "contoso.com"), rules=rules)).files
    own = sorted(p.rpartition("/")[2] for p in found if "/custom/" in p)
    assert len(own) == len(names)
    for path, start in zip(own, expected, strict=True):
        assert path.startswith(start)


def merging(number: int, precedence: int, merge: str = "Merge") -> SyncRule:
    flow = AttributeFlowMapping(("x",), "mail", "Direct", merge, False, None)
    made = rule(f"Rule {number}", number)
    return replace(made, precedence=precedence, attribute_flow_mappings=(flow,))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((1, 2, 3), (2, 1, 3), False),  # all values that rules merge are kept
        ((1, 3, 2), (3, 1, 2), True),
        ((1, 2, 3), (3, 2, 1), True),
    ],
)
def test_the_order_of_rules_that_merge_means_nothing(
    one: tuple[int, ...], other: tuple[int, ...], expected: bool
) -> None:
    """Rules 1 and 2 merge, rule 3 does not."""
    servers = [
        complete(
            forest(A1, "contoso.com"),
            rules=tuple(
                merging(number, place, "Update" if number == 3 else "Merge")
                for place, number in enumerate(order, start=1)
            ),
        )
        for order in (one, other)
    ]
    files = differing(*(snapshot(s).files for s in servers))
    assert bool(files) is expected
    assert compare(*servers).same is not expected


def test_a_connector_in_a_text_is_told_by_its_name() -> None:
    files = []
    for identifier in (A1, B1):
        text = f'IIF([x]="{identifier.upper()}",1,2)'
        flow = AttributeFlowMapping(None, "cn", "Expression", "Update", False, text)
        own = replace(rule(connector=identifier), attribute_flow_mappings=(flow,))
        server = complete(forest(identifier, "contoso.com"), rules=(own,))
        files.append(snapshot(server).files)
    assert files[0] == files[1]
    assert any('"contoso.com"' in text for text in files[0].values())


def test_a_line_end_in_a_text_is_no_line_end_in_a_file() -> None:
    texts = ('"a\nb"', '"a\\x0ab"')
    found = []
    for text in texts:
        flow = AttributeFlowMapping(None, "cn", "Expression", "Update", False, text)
        own = replace(rule(), attribute_flow_mappings=(flow,))
        files = snapshot(complete(forest(A1, "contoso.com"), rules=(own,))).files
        (lines,) = (t for p, t in files.items() if "/custom/" in p)
        found.append(lines)
        assert len(lines.splitlines()) == 9
    assert found[0] != found[1]
