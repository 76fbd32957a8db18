"""Precedences: which are free, which are doubtful, and what the server shows in the end."""

from __future__ import annotations

from collections.abc import Iterable
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
    codes,
    errors,
    export,
    guid,
    out_of_box,
    rule,
    server,
    staging_with,
    the,
)
from syncrules import Export, Server, Severity, SyncRule
from syncrules.exports.layout import script_text
from syncrules.rules.guids import ZERO_GUID

NOTHING = server()


def _rule(number: int, precedence: int | None, **changes: str) -> SyncRule:
    made = rule(f"Out to AAD - Custom {number}", number, ENTRA)
    return replace(replace(made, precedence=precedence), **changes)  # type: ignore[arg-type]


def _standard(number: int, precedence: int) -> SyncRule:
    return replace(out_of_box(f"Out to AAD - {number}", number, ENTRA), precedence=precedence)


def _plan(*exports: Export, staging: Server = NOTHING, first: int | None = None) -> syncrules.Plan:
    return syncrules.plan(exports, staging=staging, first_precedence=first, bare=True)


def _numbers(planned: syncrules.Plan) -> list[int | None]:
    return [m.after.precedence for m in planned.rules]


# ---- Free: SR440 ---------------------------------------------------------------------------------


def test_sr440_a_rule_of_staging_has_the_number() -> None:
    there = server(export(_rule(70, 50), name="new.ps1"))
    planned = _plan(export(_rule(1, 50)), staging=there)
    assert errors(planned.diagnostics) == ["SR440"]
    finding = the("SR440", planned.diagnostics)
    assert "'Out to AAD - Custom 70' has it on the staging server (new.ps1)" in finding.message
    assert finding.excerpt == "-Precedence 50 `"
    assert finding.column == len("-Precedence ") + 1
    assert [str(option) for option in finding.options] == ["--precedence compact"]


@pytest.mark.parametrize(("number", "is_custom"), [(99, True), (100, False)])
def test_sr440_tells_a_custom_precedence_from_one_among_the_out_of_box_rules(
    number: int, is_custom: bool
) -> None:
    there = server(export(_rule(70, number), name="new.ps1"))
    hint = the("SR440", _plan(export(_rule(1, number)), staging=there).diagnostics).hint
    assert hint.startswith("Give one of them another precedence of 0–99") is is_custom


def test_sr440_a_rule_of_another_file_has_the_number() -> None:
    planned = _plan(export(_rule(1, 50), name="a.ps1"), export(_rule(2, 50), name="b.ps1"))
    assert errors(planned.diagnostics) == ["SR440"]
    assert the("SR440", planned.diagnostics).file == "b.ps1"
    assert "of a.ps1" in the("SR440", planned.diagnostics).message


def test_sr440_rules_without_an_identifier_are_not_one_rule() -> None:
    there = server(export(_rule(70, 50), name="new.ps1"))
    first, second = (replace(_rule(n, p), identifier=None) for n, p in ((1, 60), (2, 50)))
    assert errors(_plan(export(first, second), staging=there).diagnostics) == ["SR440"]


def test_sr440_not_within_a_file_which_has_its_own_finding() -> None:
    planned = _plan(export(_rule(1, 50), _rule(2, 50)))
    assert errors(planned.diagnostics) == ["SR332"]


def test_sr440_not_for_a_rule_that_another_places() -> None:
    there = server(export(_standard(800, 100)))
    placed = _rule(1, 100, precedence_before=guid(800))
    assert codes(_plan(export(placed), staging=there).diagnostics) == []


@pytest.mark.parametrize("first", [1, 60])
def test_sr440_is_settled_by_numbering_anew(first: int) -> None:
    planned = _plan(export(_rule(1, 50)), staging=server(export(_rule(70, 50))), first=first)
    assert codes(planned.diagnostics) == []
    assert _numbers(planned) == [first]


def test_sr440_states_no_cause_that_is_not_known() -> None:
    there = server(export(_standard(800, 100)))
    finding = the("SR440", _plan(export(_rule(1, 100)), staging=there).diagnostics)
    assert "was placed" not in finding.hint
    assert "-PrecedenceBefore" in finding.hint
    assert "--precedence compact" in finding.hint
    placed = _rule(1, 100, precedence_before=guid(800))
    assert errors(_plan(export(placed), staging=there).diagnostics) == []
    assert errors(_plan(export(_rule(1, 100)), staging=there, first=1).diagnostics) == []


# ---- One precedence on an old server: SR332, SR440 -----------------------------------------------


def _shared(*connectors: str, direction: str = "Outbound") -> list[SyncRule]:
    return [
        replace(_rule(n, 50), connector=c, direction=direction)
        for n, c in enumerate(connectors, start=1)
    ]


FORESTS = staging_with(B1, B2)
MAPPING = {A1: B1, A2: B2}


def _shared_plan(*exports: Export, first: int | None = None) -> syncrules.Plan:
    return syncrules.plan(exports, staging=FORESTS, mapping=MAPPING, first_precedence=first)


def test_sr332_outbound_rules_of_several_connectors_are_warned_of_and_renumbered() -> None:
    own = export(*_shared(A1, A2, ENTRA))
    found = [d for d in _shared_plan(own).diagnostics if d.code == "SR332"]
    assert [(d.severity, len(d.places)) for d in found] == [(Severity.WARNING, 2)]
    assert all("--precedence compact" in d.hint for d in found)
    mended = _shared_plan(own, first=1)
    assert codes(mended.diagnostics) == []
    assert _numbers(mended) == [1, 2, 3]


def test_sr332_is_told_of_a_file_that_an_earlier_run_mapped_which_is_not_renumbered() -> None:
    once = _shared_plan(export(*_shared(A1, A2))).output()["custom.ps1"].decode()
    unmapped = [_rule(9, 70, connector=A1), _rule(8, 60, connector=A2)]
    both = syncrules.parse(once + script_text(unmapped, "\r\n"), "custom.ps1")
    files = both, export(_rule(7, 80), name="other.ps1")
    planned = _shared_plan(*files, first=1)
    assert codes(planned.diagnostics) == ["SR332"]
    assert {r.origin.is_mapped for r in planned.rules if r.file == "custom.ps1"} == {True, False}


def test_renumbering_takes_away_no_other_warning() -> None:
    text = script_text([_rule(1, 50, description="für alle")], "\n")
    own = syncrules.parse(text.encode(), "custom.ps1")
    assert codes(_plan(own).diagnostics) == codes(_plan(own, first=1).diagnostics) == ["SR102"]


def test_sr332_not_for_an_out_of_box_rule_which_is_never_moved() -> None:
    own, other = _shared(A1, A2)
    standard = replace(other, immutable_tag="Microsoft.OuttoADUserJoin.004")
    assert export(own, standard).diagnostics == export(standard, own).diagnostics == ()


def test_sr440_warns_where_they_stand_in_two_files() -> None:
    one, other = _shared(A1, A2)
    files = export(one, name="a.ps1"), export(other, name="b.ps1")
    planned = _shared_plan(*files)
    assert codes(planned.diagnostics) == ["SR440"]
    assert the("SR440", planned.diagnostics).severity is Severity.WARNING
    assert codes(_shared_plan(*files, first=1).diagnostics) == []


def test_sr440_names_the_first_of_several_rules_that_have_the_precedence() -> None:
    files = [export(r, name=f"{n}.ps1") for n, r in enumerate(_shared(A1, A2, ENTRA), start=1)]
    told = [d.message for d in _shared_plan(*files).diagnostics if d.code == "SR440"]
    assert ["of 1.ps1 has it" in message for message in told] == [True, True]


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(_shared(A1, A2, direction="Inbound"), id="inbound"),
        pytest.param(_shared(A1, A1), id="one connector"),
        pytest.param(_shared(A1, A2, A2), id="the second and third of one connector"),
    ],
)
def test_sr332_is_an_error_where_no_server_ever_allowed_it(rules: list[SyncRule]) -> None:
    assert "SR332" in errors(_shared_plan(export(*rules)).diagnostics)
    assert "SR332" in errors(_shared_plan(export(*rules), first=1).diagnostics)
    files = [export(r, name=f"{n}.ps1") for n, r in enumerate(rules)]
    assert "SR440" in errors(_shared_plan(*files).diagnostics)


def test_sr440_is_an_error_where_staging_has_the_precedence() -> None:
    there = server(export(replace(_rule(70, 50), connector=B2, direction="Outbound"), name="n.ps1"))
    (own,) = _shared(ENTRA)
    assert errors(_plan(export(own), staging=there).diagnostics) == ["SR440"]


# ---- Doubtful: SR442, SR443 ----------------------------------------------------------------------


@pytest.mark.parametrize("number", [100, 101, 4711])
def test_sr442_a_number_among_those_of_out_of_box_rules(number: int) -> None:
    finding = the("SR442", _plan(export(_rule(1, number))).diagnostics)
    assert finding.severity is Severity.WARNING
    assert finding.excerpt == f"-Precedence {number} `"


def test_sr442_not_for_99_or_for_a_rule_that_another_places() -> None:
    placed = _rule(2, 104, precedence_before=guid(800))
    planned = _plan(export(_rule(1, 99), placed), staging=server(export(_standard(800, 104))))
    assert codes(planned.diagnostics) == []


def test_sr443_zero_without_a_rule_that_places_it() -> None:
    planned = _plan(export(_rule(1, 0)))
    assert codes(planned.diagnostics) == ["SR443"]
    assert the("SR443", planned.diagnostics).severity is Severity.WARNING


def test_sr443_not_for_a_rule_that_another_places() -> None:
    placed = _rule(1, 0, precedence_before=guid(800))
    planned = _plan(export(placed), staging=server(export(_standard(800, 100))))
    assert codes(planned.diagnostics) == []


# ---- Numbering anew: SR444 -----------------------------------------------------------------------


def test_numbers_are_kept_by_default() -> None:
    assert _numbers(_plan(export(_rule(1, 7), _rule(2, 3)))) == [7, 3]


def test_numbering_anew_keeps_the_order_and_passes_over_what_is_taken() -> None:
    there = server(export(_rule(70, 2), _rule(71, 4), name="new.ps1"))
    planned = _plan(
        export(_rule(1, 90), _rule(2, 10), name="a.ps1"),
        export(_rule(3, 50), name="b.ps1"),
        staging=there,
        first=1,
    )
    assert errors(planned.diagnostics) == []
    assert {m.before.precedence: m.after.precedence for m in planned.rules} == {10: 1, 50: 3, 90: 5}
    assert {(e.old, e.new) for e in planned.edits} == {("90", "5"), ("10", "1"), ("50", "3")}


def test_numbering_anew_passes_over_the_rules_of_a_file_that_was_mapped_before() -> None:
    once = syncrules.plan([export(_rule(1, 2))], staging=NOTHING).output()["custom.ps1"]
    planned = _plan(
        syncrules.parse(once, "before.ps1"), export(_rule(2, 50), _rule(3, 60)), first=1
    )
    assert errors(planned.diagnostics) == []
    assert _numbers(planned) == [2, 1, 3]


def test_a_rule_without_a_number_gets_one() -> None:
    text = script_text([_rule(1, 50)]).replace("-Precedence 50 `\r\n", "")
    planned = _plan(syncrules.parse(text, "custom.ps1"), first=5)
    (data,) = planned.output().values()
    assert [r.precedence for r in syncrules.parse(data).rules] == [5]


def test_sr444_more_rules_than_numbers() -> None:
    planned = _plan(export(*(_rule(n, n) for n in (1, 2, 3))), first=98)
    assert errors(planned.diagnostics) == ["SR444"]
    finding = the("SR444", planned.diagnostics)
    assert "3 rules" in finding.message
    assert "2 precedences are free from 98 to 99" in finding.message


def test_sr444_not_where_they_just_fit() -> None:
    planned = _plan(export(*(_rule(n, n) for n in (1, 2))), first=98)
    assert codes(planned.diagnostics) == []
    assert _numbers(planned) == [98, 99]


@given(
    st.lists(st.integers(0, 99), min_size=1, max_size=6, unique=True),
    st.lists(st.integers(0, 99), max_size=6, unique=True),
    st.integers(1, 60),
)
def test_numbers_anew_are_free_unique_in_order_and_below_100(
    here: list[int], there: list[int], first: int
) -> None:
    taken = server(export(*(_rule(70 + i, n) for i, n in enumerate(there)), name="new.ps1"))
    planned = _plan(
        export(*(_rule(i, n) for i, n in enumerate(here, start=1))), staging=taken, first=first
    )
    assert errors(planned.diagnostics) == []
    numbers = [n for n in _numbers(planned) if n is not None]
    assert len(numbers) == len(set(numbers)) == len(here)
    assert not set(numbers) & set(there)
    assert first <= min(numbers) <= max(numbers) <= 99
    assert sorted(range(len(here)), key=here.__getitem__) == sorted(
        range(len(here)), key=numbers.__getitem__
    )


# ---- What the server shows in the end ------------------------------------------------------------


def test_a_rule_takes_the_number_of_the_one_that_it_is_placed_before() -> None:
    there = server(export(_standard(800, 100), _standard(801, 101)))
    planned = _plan(
        export(
            _rule(1, 0, precedence_before=guid(800)),
            _rule(2, 0, precedence_before=guid(800)),
            _rule(3, 0, precedence_after=guid(801)),
        ),
        staging=there,
    )
    assert errors(planned.diagnostics) == []
    # 1, 2, then 800 at 102, 801 at 103, and 3 behind it.
    assert [m.final for m in planned.rules] == [100, 101, 104]


def test_it_is_not_known_where_the_number_of_the_named_rule_is_not() -> None:
    text = script_text([_standard(800, 100)]).replace("-Precedence 100 `\r\n", "")
    planned = _plan(
        export(_rule(1, 0, precedence_before=guid(800)), _rule(2, 60)),
        staging=server(syncrules.parse(text, "new.ps1")),
    )
    assert [m.final for m in planned.rules] == [None, 60]


@given(st.data())
def test_the_numbers_are_those_of_a_server_that_shifts(data: st.DataObject) -> None:
    standard = {guid(800 + n): 100 + n for n in range(data.draw(st.integers(1, 4)))}
    rules, known = [], list(standard)
    for number in range(1, data.draw(st.integers(1, 5)) + 1):
        how = data.draw(st.sampled_from(["number", "precedence_before", "precedence_after"]))
        if how == "number":
            rules.append(_rule(number, 10 + number))
        else:
            rules.append(_rule(number, 0, **{how: data.draw(st.sampled_from(known))}))
        known.append(guid(number))
    there = server(
        export(*(_standard(800 + n, p) for n, p in enumerate(standard.values())), name="new.ps1")
    )
    planned = _plan(export(*rules), staging=there)
    assert errors(planned.diagnostics) == []
    after = _server_after(standard, rules)
    assert [m.final for m in planned.rules] == [after[r.identifier or ""] for r in rules]


def _server_after(numbers: dict[str, int], rules: Iterable[SyncRule]) -> dict[str, int]:
    """Add rules one by one as Microsoft's page on advanced precedence has it."""
    shown = dict(numbers)
    for added in rules:
        number = added.precedence or 0
        for named, offset in ((added.precedence_before, 0), (added.precedence_after, 1)):
            if named != ZERO_GUID:
                number = shown[named or ""] + offset
                shown = {k: n + 1 if n >= number else n for k, n in shown.items()}
        shown[added.identifier or ""] = number
    return shown


def test_sr442_whatever_is_placed_before_it() -> None:
    placed = _rule(1, 0, precedence_before=guid(900))
    there = server(export(_standard(900, 100), name="new.ps1"))
    assert "SR442" in codes(_plan(export(placed, _rule(2, 150)), staging=there).diagnostics)


def test_sr440_what_reading_has_told_of_does_not_hide_the_next() -> None:
    there = server(export(_rule(70, 60), name="new.ps1"))
    twice = export(_rule(1, 50), _rule(2, 50), _rule(3, 60))
    found = _plan(twice, staging=there).diagnostics
    assert "Custom 3" in the("SR440", found).message


# ---- Renumbered beside rules that are placed ----------------------------------------------------


@pytest.mark.parametrize("parameter", ["precedence_before", "precedence_after"])
def test_sr446_tells_the_number_that_the_server_shows_in_the_end(parameter: str) -> None:
    moved = _rule(1, 150)
    placed = _rule(2, 0, **{parameter: guid(1)})
    planned = _plan(export(moved, placed), first=1)
    final = {m.before.name: m.final for m in planned.rules}
    assert final[moved.name] == (3 if parameter == "precedence_before" else 2)
    assert f" {final[moved.name]}, it comes" in the("SR446", planned.diagnostics).message


def test_sr446_not_for_the_last_of_the_custom_precedences() -> None:
    assert codes(_plan(export(_rule(1, 99)), first=1).diagnostics) == []
    assert codes(_plan(export(_rule(1, 100)), first=1).diagnostics) == ["SR446"]


def test_beside_a_rule_that_is_placed_numbers_begin_behind_all_of_staging_s() -> None:
    """What is placed moves others up: none of those that are numbered may be among them."""
    unknown = replace(_standard(903, 0), precedence=None)
    there = server(export(_rule(70, 10), _rule(71, 50), unknown, name="new.ps1"))
    planned = _plan(
        export(_rule(1, 5), _rule(2, 0, precedence_before=guid(70))), staging=there, first=1
    )
    assert _numbers(planned)[0] == 52


def test_they_begin_there_where_as_many_are_free_and_else_anywhere() -> None:
    placed = _rule(2, 0, precedence_before=guid(70))
    for last, expected in (97, 99), (98, 1), (99, 1):
        there = server(export(_rule(70, last), name="new.ps1"))
        assert _numbers(_plan(export(_rule(1, 5), placed), staging=there, first=1))[0] == expected


def test_rules_without_a_number_are_numbered_first() -> None:
    planned = _plan(export(_rule(1, 1), _rule(2, None), _rule(3, None)), first=1)
    assert {m.before.name[-1]: m.after.precedence for m in planned.rules} == {
        "1": 3,
        "2": 1,
        "3": 2,
    }
