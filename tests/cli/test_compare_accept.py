"""`syncrules compare --accept`: a weekly run is quiet until something new differs."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import guid, rule, run, write
from support.command_line import document_of
from support.comparable import CHANGES, MADE, Shown, noisy, shown_server
from syncrules import DifferenceKind, DifferenceLevel
from syncrules.comparison.accepting import Accepted, accepting, key_of
from syncrules.comparison.comparing import compare
from syncrules.comparison.model import Subject, subject_of_connector, subject_of_rule
from syncrules.servers.model import Connector, Server, ServerRule

Made = tuple[int, int]
seeds = st.integers(0, 2**32)
changed = st.lists(
    st.tuples(st.sampled_from([*CHANGES]), seeds),
    min_size=1,
    max_size=4,
    unique_by=lambda change: change[0],
)


def after(shown: Shown, changes: list[tuple[str, int]]) -> Shown:
    for name, seed in changes:
        change = CHANGES[name](random.Random(seed), shown)
        shown = change.shown if change else shown
    return shown


@given(MADE, changed)
def test_what_is_accepted_is_accepted_again(made: Made, changes: list[tuple[str, int]]) -> None:
    before = shown_server(*made)
    found = compare(before.read(), after(before, changes).read())
    accepted, gone = accepting(found, [Accepted(key_of(d), "") for d in found.differences])
    assert accepted.same
    assert gone == ()
    assert {d.level for d in accepted.differences} <= {DifferenceLevel.ACCEPTED}


@given(MADE, st.sampled_from([*CHANGES]), seeds)
def test_noise_makes_no_difference_to_what_is_accepted(made: Made, name: str, seed: int) -> None:
    before = shown_server(*made)
    then = after(before, [(name, seed)])
    first = compare(before.read(), then.read())
    now = compare(before.read(), noisy(then, seed).read())
    found, _ = accepting(now, [Accepted(key_of(d), "") for d in first.differences])
    new = {d.kind for d in found.differences if d.level is DifferenceLevel.DIFFERS}
    # A version of a tag is noise as well: it says that a rule was not changed by hand.
    assert new <= {DifferenceKind.VERSION, DifferenceKind.CHANGED_IN_PLACE}


@given(MADE, changed, st.sampled_from([*CHANGES]), seeds)
def test_one_change_more_is_told_and_nothing_else(
    made: Made, changes: list[tuple[str, int]], name: str, seed: int
) -> None:
    before = shown_server(*made)
    a, then = before.read(), after(before, changes)
    change = CHANGES[name](random.Random(seed), then)
    if change is None or name in dict(changes) or compare(then.read(), change.shown.read()).same:
        return
    first = compare(a, then.read())
    now = compare(a, change.shown.read())
    found, gone = accepting(now, [Accepted(key_of(d), "") for d in first.differences])
    new = [d for d in found.differences if d.level is DifferenceLevel.DIFFERS]
    # It may undo a change, or be one of what had changed already.
    assert new or gone
    assert {key_of(d) for d in new} == {key_of(d) for d in now.differences} - {
        key_of(d) for d in first.differences
    }


def alone_on_b(*precedences: int) -> list[str]:
    """Return the keys of rules that B alone has, beside the rules that both have."""
    server = shown_server(0, 0)
    clone = replace(server.rules[0], immutable_tag="")
    named = zip(("Own", "Another"), precedences, strict=False)
    more = [
        replace(clone, name=name, identifier=guid(500 + at), precedence=p)
        for at, (name, p) in enumerate(named)
    ]
    found = compare(server.read(), replace(server, rules=(*server.rules, *more)).read())
    return sorted(key_of(d) for d in found.differences)


def test_a_rule_that_one_server_has_is_told_again_when_it_moves() -> None:
    """No order of rules that both servers have tells it."""
    first = min(r.precedence or 0 for r in shown_server(0, 0).rules)
    assert alone_on_b(first - 2) == alone_on_b(first - 1)  # before all others
    assert alone_on_b(first - 2) != alone_on_b(900)  # behind them
    assert alone_on_b(900, 901) == alone_on_b(901, 902)
    assert alone_on_b(900, 901) != alone_on_b(901, 900)


def test_an_acceptance_is_for_one_difference_only() -> None:
    twins = [replace(rule("Twin", number), disabled=True) for number in (501, 502)]
    server = shown_server(0, 0)
    both = replace(server, rules=(*server.rules, *twins)).read()
    found = compare(server.read(), both)
    keys = [key_of(d) for d in found.differences]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    one, gone = accepting(found, [Accepted(keys[0], "")])
    assert not one.same
    assert gone == ()


# ---- The file ------------------------------------------------------------------------------------


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write exports of a rule before and after it was disabled, and change to their folder."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.ps1", rule())
    write(tmp_path / "b.ps1", replace(rule(), disabled=True))
    return tmp_path


def test_the_file_that_is_written_accepts_everything(servers: Path) -> None:
    done = run("compare", "a.ps1", "b.ps1", "--write-accepted", "known.json")
    assert done.code == 1
    assert done.stdout.endswith("\nWritten: known.json\n")
    done = run("compare", "a.ps1", "b.ps1", "--accept", "known.json")
    assert done.code == 0
    assert done.stdout.startswith("No difference was found but 1 that you accepted;")
    write(servers / "b.ps1", replace(rule(), disabled=True, enable_password_sync=True))
    done = run("compare", "a.ps1", "b.ps1", "--accept", "known.json", "--format", "json")
    assert done.code == 1
    assert [d["class"] for d in document_of(done)["differences"] if d["level"] == "differs"] == [
        "changed"
    ]


def test_reasons_are_shown_and_kept(servers: Path) -> None:
    run("compare", "a.ps1", "b.ps1", "--write-accepted", "known.json")
    document = json.loads(Path("known.json").read_text("utf-8"))
    document["accepted"][0]["reason"] = "A clone runs instead"
    write(servers / "known.json", json.dumps(document))
    done = run("compare", "a.ps1", "b.ps1", "--accept", "known.json")
    assert "custom): A clone runs instead" in done.stdout.replace("\n      ", " ")
    again = ("--accept", "known.json", "--write-accepted", "known.json")
    assert run("compare", "a.ps1", "b.ps1", *again).code == 0
    assert json.loads(Path("known.json").read_text("utf-8")) == document


@pytest.mark.usefixtures("servers")
def test_what_is_no_longer_there_is_told() -> None:
    run("compare", "a.ps1", "b.ps1", "--write-accepted", "known.json")
    done = run("compare", "a.ps1", "a.ps1", "--accept", "known.json")
    assert done.code == 0
    assert "Accepted, and no longer there\n  state|" in done.stdout
    done = run("compare", "a.ps1", "a.ps1", "--accept", "known.json", "--format", "json")
    assert len(document_of(done)["accepted_and_gone"]) == 1


def test_a_file_that_exists_is_not_overwritten(servers: Path) -> None:
    write(servers / "mine.txt", "mine")
    done = run("compare", "a.ps1", "b.ps1", "--write-accepted", "mine.txt")
    assert done.code == 2
    assert "mine.txt exists" in done.stderr
    assert Path("mine.txt").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", "[" * 100_000, "\xff"),
        '{"format_version": "2.0", "accepted": []}',
        '{"format_version": "1.0", "accepted": [{"key": 1, "reason": ""}]}',
    ],
)
def test_what_is_no_such_file_is_wrong_usage(text: str, servers: Path) -> None:
    write(servers / "known.json", text)
    done = run("compare", "a.ps1", "b.ps1", "--accept", "known.json")
    assert done.code == 2
    assert "is not a file of accepted differences" in done.stderr
    assert guid(1) not in done.stdout


@pytest.mark.usefixtures("servers")
def test_a_file_that_is_not_there_is_wrong_usage() -> None:
    done = run("compare", "a.ps1", "b.ps1", "--accept", "none.json")
    assert done.code == 2
    assert "none.json" in done.stderr


def _subjects(connectors: list[Connector]) -> list[Subject]:
    server = Server(connectors=tuple(connectors))
    rules = (ServerRule("Own", None, c.identifier, "x.ps1") for c in connectors)
    return [subject_of_rule(r, server) for r in rules] + [
        subject_of_connector(c, server) for c in connectors
    ]


def test_connectors_without_names_have_keys_of_their_own() -> None:
    one, other, *connectors = _subjects([Connector(guid(1), "AD"), Connector(f"2{guid(2)[1:]}")])
    assert one.connector != other.connector
    assert [c.name for c in connectors] == [one.connector, other.connector]


def test_a_key_of_a_connector_with_a_name_has_no_identifier() -> None:
    known = [Connector(guid(1), name="contoso.com"), Connector(guid(2), forest="fabrikam.com")]
    told = {subject.connector for subject in _subjects(known)}
    assert told == {"contoso.com", "fabrikam.com"}
