"""One cause, one finding: with every place, in the order of their weight."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from support.builders import A1, A2, B1, B2, ENTRA, guid, out_of_box, rule
from support.known_servers import complete, forest
from syncrules import Diagnostic, Severity
from syncrules.diagnostics import (
    Code,
    Excerpt,
    Option,
    Place,
    Problem,
    Several,
    Span,
    Spot,
    grouped,
)
from syncrules.servers.model import Connector

CODES = (Code.SR450, Code.SR410, Code.SR473, Code.SR453, Code.SR301, Code.SR470)
SEVERITIES = tuple(Severity)


@st.composite
def _places(draw: st.DrawFn) -> Place | None:
    file = draw(st.sampled_from([None, "a.ps1", "b.ps1"]))
    line = draw(st.integers(0, 3))
    if file is None or not line:
        return None if file is None else Place(file)
    return Place(file, Spot(Span(line, line + 1), line, 1, Excerpt("x", 1, False)))


@st.composite
def _diagnostics(draw: st.DrawFn) -> Diagnostic:
    name, is_told_together = draw(st.sampled_from("xyz")), draw(st.booleans())
    problem = Problem(
        draw(st.sampled_from(CODES)),
        f"'{name}' is wrong.",
        f"Correct {name}.",
        options=(Option("--leave", name),),
        several=Several("are wrong.", "Correct them.", (name,)) if is_told_together else None,
    )
    return problem.at(draw(_places()))


FOUND = st.lists(_diagnostics(), max_size=12)


def _causes(found: list[Diagnostic]) -> set[object]:
    return {(d.code, d.several[:2] if d.several else d.message) for d in found}


@given(FOUND)
def test_there_is_one_for_each_cause_with_every_place_and_option(found: list[Diagnostic]) -> None:
    told = grouped(found)
    assert len(told) == len(_causes(found)) == len(_causes([*told]))
    for name in ("places", "options"):
        assert {x for d in told for x in getattr(d, name)} == {
            x for d in found for x in getattr(d, name)
        }
        assert all(max(Counter(getattr(d, name)).values(), default=1) == 1 for d in told)


@given(FOUND)
def test_of_several_things_each_is_in_the_list_and_counted(found: list[Diagnostic]) -> None:
    for one in grouped(found):
        own = [d for d in found if d.several and d.code is one.code and one.several]
        things = {(d.message, d.places) for d in own}
        if len(things) > 1:
            assert one.message == f"{len(things)} are wrong."
            assert (one.hint, len(one.rows)) == ("Correct them.", len(things))
        else:
            assert (one.rows, one.message[:1]) == ((), "'")


@given(FOUND)
def test_errors_come_first_and_what_is_urgent_before_the_rest_of_its_severity(
    found: list[Diagnostic],
) -> None:
    weights = [(SEVERITIES.index(d.severity), d.code.urgency) for d in grouped(found)]
    assert weights == sorted(weights)
    urgent = [d.code for d in grouped(Problem(c, "x.", "y.").at() for c in CODES)]
    assert urgent == [Code.SR470, Code.SR301, Code.SR450, Code.SR410, Code.SR473, Code.SR453]


@given(FOUND)
def test_within_a_weight_it_goes_file_by_file_and_down_each(found: list[Diagnostic]) -> None:
    told = [d for d in grouped(found) if d.code is Code.SR301]
    files = [d.file for d in told]
    assert files == sorted(files)
    for file in files:
        lines = [d.line for d in told if d.file == file]
        assert lines == sorted(lines)


@given(FOUND)
def test_what_is_grouped_stays_as_it_is(found: list[Diagnostic]) -> None:
    told = grouped(found)
    assert grouped(told) == told


# ---- Connectors and rules in words ---------------------------------------------------------------


def test_a_connector_is_called_by_its_name_and_by_its_identifier_where_that_does_not_tell() -> None:
    server = complete(
        forest(A1, "contoso.com"),
        Connector(guid(1), "Generic LDAP", "Staff"),
        Connector(guid(2), "Generic LDAP", "staff"),
        Connector(B1, "Generic SQL"),
        Connector(guid(9)),
    )
    assert server.label(A1) == "contoso.com"
    assert server.label(guid(1)) == "Staff (00000001)"
    assert server.label(guid(2)) == "staff (00000002)"
    assert server.label(B1) == f"Generic SQL ({B1[:8]})"
    assert server.label(guid(9)) == "connector 00000009"
    assert server.label(B2) == f"connector {B2}"


def test_identifiers_that_begin_alike_are_told_in_full() -> None:
    server = complete(Connector(A1), Connector(A2))
    assert {server.label(A1), server.label(A2)} == {f"connector {A1}", f"connector {A2}"}


def test_a_rule_has_its_connector_where_more_than_one_may_have_such_a_rule() -> None:
    of_entra = rule("Out to AAD - Custom", 1, ENTRA)
    one = complete(forest(A1, "contoso.com"))
    assert one.named(out_of_box()) == "'In from AD - User Join'"
    two = complete(forest(A1, "contoso.com"), forest(A2, "fabrikam.com"))
    assert two.named(out_of_box()) == "'In from AD - User Join' (contoso.com)"
    assert two.named(of_entra) == "'Out to AAD - Custom' (contoso.onmicrosoft.com - AAD)"
