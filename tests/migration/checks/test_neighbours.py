"""Whether a rule stands between the same rules on both servers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import A1, B1, ENTRA, codes, export, guid, out_of_box, rule, server, the
from syncrules import Server, Severity, SyncRule
from syncrules.migration.placing.swaps import RankedRule
from syncrules.pairing.ranks import overtakings
from syncrules.rules.guids import ZERO_GUID
from syncrules.servers.merging import merge


def _standard(name: str, number: int, precedence: int) -> SyncRule:
    return replace(out_of_box(f"Out to AAD - {name}", number, ENTRA), precedence=precedence)


def _server(number: int, **precedences: int) -> Server:
    rules = [_standard(n, number + i, p) for i, (n, p) in enumerate(sorted(precedences.items()))]
    return server(export(*rules, name=f"{number}.ps1"))


PLACED = replace(rule("Out to AAD - Custom", 1, ENTRA), precedence=101, precedence_before=guid(901))
"""Between Group and User on the active server."""
ACTIVE = _server(900, Group=100, User=102)


def test_sr445_a_rule_that_stood_behind_will_stand_ahead() -> None:
    planned = syncrules.plan(
        [export(PLACED)], staging=_server(800, Group=101, User=100), active=ACTIVE
    )
    assert codes(planned.diagnostics) == ["SR445", "SR448"]
    finding = the("SR445", planned.diagnostics)
    assert finding.severity is Severity.WARNING
    assert "came after 'Out to AAD - Group' on the active server" in finding.message
    assert "will come before it on staging" in finding.message
    assert f"'{PLACED.name}' will now win" in finding.message
    assert finding.hint.endswith(
        f"should come after the other again, give it in custom.ps1 -PrecedenceAfter '{guid(900)}' "
        f"and -PrecedenceBefore '{ZERO_GUID}'."
    )
    behind = replace(PLACED, precedence_before=ZERO_GUID, precedence_after=guid(900))
    planned = syncrules.plan(
        [export(behind)], staging=_server(800, Group=101, User=100), active=ACTIVE
    )
    finding = the("SR445", planned.diagnostics)
    assert "'Out to AAD - User' will now win" in finding.message
    assert f"before the other again, give it in custom.ps1 -PrecedenceBefore '{guid(901)}'" in (
        finding.hint
    )


def test_sr445_a_rule_that_passes_two_is_one_finding_with_a_list() -> None:
    """Ahead of one, and behind another."""
    active = _server(900, Group=100, User=102, Device=104)
    last = replace(rule("Out to AAD - Last", 2, ENTRA), precedence=105, precedence_after=guid(900))
    planned = syncrules.plan(
        [export(PLACED, last)],
        staging=_server(800, Group=110, User=100, Device=105),
        active=active,
    )
    rows = [(pair, now[:6]) for pair, now in the("SR445", planned.diagnostics).rows]
    assert {now for _, now in rows} == {"before", "after "}
    assert all((" after " in pair) is (now == "before") for pair, now in rows)


def test_sr445_its_hint_names_what_puts_a_numbered_rule_back() -> None:
    own = replace(PLACED, precedence_before=ZERO_GUID)
    staging = _server(800, Group=105, User=107)
    hint = the("SR445", syncrules.plan([export(own)], staging=staging, active=ACTIVE).diagnostics)
    value = f"give it in custom.ps1 -PrecedenceAfter '{guid(900)}' and -Precedence 0."
    assert hint.hint.endswith(value)
    followed = replace(own, precedence=0, precedence_after=guid(900))
    planned = syncrules.plan([export(followed)], staging=staging, active=ACTIVE)
    assert "SR445" not in codes(planned.diagnostics)


def test_sr445_its_hint_names_what_takes_the_place_of_a_reference() -> None:
    planned = syncrules.plan(
        [export(PLACED)], staging=_server(800, Group=101, User=100), active=ACTIVE
    )
    hint = the("SR445", planned.diagnostics).hint
    assert f"-PrecedenceAfter '{guid(900)}' and -PrecedenceBefore '{ZERO_GUID}'." in hint


def test_sr445_not_where_only_the_numbers_change() -> None:
    planned = syncrules.plan(
        [export(PLACED)], staging=_server(800, Group=117, User=140), active=ACTIVE
    )
    assert codes(planned.diagnostics) == []


def test_sr445_not_for_rules_without_identifiers_that_stay_where_they_are() -> None:
    """What one of them has for a number says nothing of the other."""
    first, last = (
        replace(rule(f"Nameless {n}", 1, ENTRA), identifier=None, precedence=n) for n in (110, 90)
    )
    active, staging = _server(900, Group=100, User=101), _server(800, Group=103, User=105)
    planned = syncrules.plan([export(first, last)], staging=staging, active=active)
    assert "SR445" not in codes(planned.diagnostics)


def test_sr445_not_beside_rules_of_staging_whose_identifiers_no_file_shows() -> None:
    """Where one of them stands says nothing of the other."""
    one, other, moving = (rule(f"Custom {n}", n, ENTRA) for n in (1, 2, 3))
    there = [replace(other, identifier=None), replace(one, identifier=None, precedence=90)]
    planned = syncrules.plan(
        [export(other, moving)], staging=server(export(*there, name="800.ps1")), leave=other.name
    )
    assert codes(planned.diagnostics) == []


def test_sr445_beside_a_rule_that_is_left_whatever_comes_before_it() -> None:
    taken, left, moving = (rule(f"Custom {n}", n, ENTRA) for n in (1, 2, 3))
    there = [replace(r, description="edited", precedence=p) for r, p in ((taken, 70), (left, 60))]
    planned = syncrules.plan(
        [export(taken, left, moving)],
        staging=server(export(*there, name="800.ps1")),
        leave=left.name,
    )
    assert codes(planned.diagnostics) == ["SR430", "SR445"]
    assert "'Custom 3' came after 'Custom 2'" in the("SR445", planned.diagnostics).message


@pytest.mark.parametrize(("precedence", "is_told"), [(0, True), (None, False)])
def test_sr445_a_rule_of_precedence_0_came_before_all_others(
    precedence: int | None, is_told: bool
) -> None:
    """Where none is given, no file shows its place."""
    none, there = rule("Custom 0", 1, ENTRA), rule("Custom 1", 2, ENTRA)
    none = replace(none, precedence=precedence)
    staging = server(export(there, name="800.ps1"))
    planned = syncrules.plan([export(none, there)], staging=staging, first_precedence=60)
    assert ("SR445" in codes(planned.diagnostics)) is is_told


def test_sr445_not_for_a_rule_that_was_mapped_before_whose_number_is_stagings() -> None:
    """What an earlier run renumbered does not show its place on the active server."""
    one, other = rule("Custom 1", 1, ENTRA), rule("Custom 2", 2, ENTRA)
    staging = _server(800, Group=103, User=105)
    once = syncrules.plan([export(one, name="a.ps1")], staging=staging, first_precedence=70)
    mapped = syncrules.parse(once.output()["a.ps1"], "a.ps1")
    again = syncrules.plan([mapped, export(other)], staging=staging, first_precedence=80)
    assert [(r.origin.is_mapped, r.after.precedence) for r in again.rules] == [
        (True, 70),
        (False, 80),
    ]
    assert codes(again.diagnostics) == []


BY_REFERENCE = replace(PLACED, precedence=0)
"""No file shows its number on the active server; it stands directly before User there."""


def test_sr445_a_rule_whose_number_is_not_known_stands_beside_the_one_that_places_it() -> None:
    planned = syncrules.plan(
        [export(BY_REFERENCE)], staging=_server(800, Group=101, User=100), active=ACTIVE
    )
    assert codes(planned.diagnostics) == ["SR445", "SR448"]
    same = syncrules.plan(
        [export(BY_REFERENCE)], staging=_server(800, Group=100, User=101), active=ACTIVE
    )
    assert codes(same.diagnostics) == []


def test_sr445_a_rule_before_another_stands_behind_the_one_before_that() -> None:
    """Though there is no number between the two."""
    planned = syncrules.plan(
        [export(BY_REFERENCE)],
        staging=_server(800, Group=101, User=100),
        active=_server(900, Group=100, User=101),
    )
    message = the("SR445", planned.diagnostics).message
    assert "came after 'Out to AAD - Group' on the active server" in message


def test_sr445_a_rule_behind_another_stands_before_the_next() -> None:
    behind = replace(BY_REFERENCE, precedence_before=ZERO_GUID, precedence_after=guid(900))
    planned = syncrules.plan(
        [export(behind)], staging=_server(800, Group=101, User=100), active=ACTIVE
    )
    message = the("SR445", planned.diagnostics).message
    assert "came before 'Out to AAD - User' on the active server" in message


def test_sr445_a_rule_whose_number_is_known_stands_there_and_not_where_it_was_placed() -> None:
    """Another came between the two since."""
    known = replace(PLACED, precedence_before=ZERO_GUID, precedence_after=guid(900))
    planned = syncrules.plan(
        [export(replace(known, precedence=105))],
        staging=_server(800, Group=100, User=102),
        active=ACTIVE,
    )
    message = the("SR445", planned.diagnostics).message
    assert "came after 'Out to AAD - User' on the active server" in message


def test_sr445_not_beside_a_rule_of_the_same_place_whose_number_is_known() -> None:
    """A rule whose number no file shows may stand on either side of it."""
    known = replace(PLACED, precedence_before=ZERO_GUID, precedence_after=guid(900))
    unknown = replace(known, name="Unknown", identifier=guid(2), precedence=0)
    for rules in ((known, unknown), (unknown, known)):
        planned = syncrules.plan(
            [export(*rules)], staging=_server(800, Group=100, User=102), active=ACTIVE
        )
        assert codes(planned.diagnostics) == []


def test_sr445_a_rule_that_a_moving_one_places_stands_where_that_one_does() -> None:
    before = replace(rule("Before", 2, ENTRA), precedence=0, precedence_before=guid(1))
    planned = syncrules.plan(
        [export(BY_REFERENCE, before)], staging=_server(800, Group=101, User=100), active=ACTIVE
    )
    assert codes(planned.diagnostics) == ["SR445", "SR448"]
    lines = [p.spot.line for p in the("SR445", planned.diagnostics).places if p.spot]
    assert lines == [r.line for r in planned.rules]


def test_sr445_not_for_rules_that_place_one_another_beside_one() -> None:
    """However many there are, none of them comes past the next out-of-box rule."""
    chain = [
        replace(rule(f"C{n}", n, ENTRA), precedence=0, precedence_before=guid(before))
        for n, before in ((1, 901), (2, 1), (3, 2), (4, 3))
    ]
    planned = syncrules.plan(
        [export(*chain)],
        staging=_server(800, Group=100, User=101),
        active=_server(900, Group=100, User=101),
    )
    assert codes(planned.diagnostics) == []


def test_sr445_a_rule_stands_between_its_anchor_and_the_next() -> None:
    behind = replace(BY_REFERENCE, precedence_before=ZERO_GUID, precedence_after=guid(900))
    planned = syncrules.plan(
        [export(behind)],
        staging=_server(800, Group=101, User=100),
        active=_server(900, Group=100, User=101),
    )
    assert "before 'Out to AAD - User'" in the("SR445", planned.diagnostics).message


def test_sr445_a_rule_stands_before_all_of_the_precedence_of_its_anchor() -> None:
    planned = syncrules.plan(
        [export(BY_REFERENCE)],
        staging=_server(800, Group=100, User=101),
        active=_server(900, Group=101, User=101),
    )
    assert "before 'Out to AAD - Group'" in the("SR445", planned.diagnostics).message


HERE = replace(out_of_box("Other way", 905), direction="Outbound", precedence=100)
THERE = replace(HERE, identifier=guid(805), connector=B1, precedence=150)


def test_sr445_not_between_inbound_and_outbound_rules() -> None:
    here = merge((ACTIVE, server(export(HERE, name="more.ps1"))))
    there = merge((_server(800, Group=117, User=140), server(export(THERE, name="new.ps1"))))
    for moving in (PLACED,), (PLACED, replace(rule("New", 2), direction="Outbound")):
        planned = syncrules.plan([export(*moving)], staging=there, active=here, mapping={A1: B1})
        assert codes(planned.diagnostics) == []


NEW = replace(rule("Out to AAD - New", 6, ENTRA), precedence=60)
EARLIER = replace(rule("Out to AAD - Earlier", 5, ENTRA), precedence=50)
"""A custom rule that both servers have already."""


def _beside(earlier: SyncRule, precedence: int | None) -> list[str]:
    """Return what is said of NEW where staging has the other at a precedence of its own."""
    there = server(export(earlier, name="new.ps1"))
    rules = tuple(replace(r, precedence=precedence) for r in there.rules)
    planned = syncrules.plan(
        [export(NEW)],
        staging=replace(there, rules=rules),
        active=server(export(earlier, NEW, name="old.ps1")),
    )
    return [c for c in codes(planned.diagnostics) if c == "SR445"]


def test_sr445_beside_a_custom_rule_that_both_servers_have() -> None:
    assert _beside(EARLIER, 50) == []
    assert _beside(EARLIER, 70) == ["SR445"]
    assert _beside(EARLIER, None) == []
    assert _beside(replace(EARLIER, direction="Outbound"), 70) == []


def test_sr445_not_where_no_file_shows_where_the_rule_stands() -> None:
    unnumbered = replace(ACTIVE, rules=tuple(replace(r, precedence=None) for r in ACTIVE.rules))
    planned = syncrules.plan(
        [export(BY_REFERENCE)], staging=_server(800, Group=101, User=100), active=unnumbered
    )
    assert "SR445" not in codes(planned.diagnostics)
    there = _server(800, Group=101, User=100)
    first, *rest = there.rules
    for rules in (
        (replace(first, precedence=None), *rest),
        (first, replace(rest[0], precedence=None)),
    ):
        planned = syncrules.plan(
            [export(PLACED)], staging=replace(there, rules=rules), active=ACTIVE
        )
        assert "SR445" not in codes(planned.diagnostics)


orders = st.integers(1, 7).flatmap(
    lambda n: st.tuples(st.permutations(range(n)), st.permutations(range(n)))
)


@given(orders, st.data())
def test_a_change_is_told_exactly_where_some_other_rule_changes_sides(
    orders: tuple[list[int], list[int]], data: st.DataObject
) -> None:
    rules = [RankedRule(str(i), a, s) for i, (a, s) in enumerate(zip(*orders, strict=True))]
    moving = data.draw(st.sets(st.sampled_from(range(len(rules)))))
    told = [*overtakings(rules, sorted(moving))]
    for index in range(len(rules)):
        own = [c for c in told if c.at == index]
        ways = {
            rules[index].staging > other.staging
            for other in rules
            if (rules[index].active < other.active) != (rules[index].staging < other.staging)
            and other is not rules[index]
        }
        assert {c.ahead for c in own} == (ways if index in moving else set())
        assert len(own) == len({c.ahead for c in own})
        for change in own:
            other, mine = rules[change.other], rules[index]
            assert (mine.active < other.active) == change.ahead
            assert (mine.staging > other.staging) == change.ahead
