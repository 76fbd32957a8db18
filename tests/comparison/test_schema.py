"""Attributes of two schemas: what a rule names is told, what no rule names is counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.builders import A1, B1, rule
from support.known_servers import complete, forest
from syncrules import AttributeFlowMapping, AttributeType, Comparison, Server, compare
from syncrules.comparison.model import Detail

TEXT, INTEGER = (f"1.3.6.1.4.1.1466.115.121.1.{n}" for n in (15, 27))
MAIL = AttributeType("mail", TEXT, is_single=True)
ALL = frozenset({"mail", "othermail", "room"})


def server(connector: str, *types: AttributeType, names: frozenset[str] = ALL) -> Server:
    """Return a server with a rule that fills `mail` from `room`, of which no type is known."""
    flow = AttributeFlowMapping(("room",), "mail", "Direct", "Update", False, None)
    own = replace(rule(connector=connector), attribute_flow_mappings=(flow,))
    made = complete(forest(connector, "contoso.com"), rules=(own,))
    spelled = frozenset({"Mail", "room"})
    return replace(
        made,
        metaverse=names,
        metaverse_names=spelled,
        metaverse_types=frozenset(types) or None,
    )


def compared(one: AttributeType, other: AttributeType) -> Comparison:
    return compare(server(A1, one), server(B1, other))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"syntax": INTEGER}, f"integer ({INTEGER}), one value"),
        ({"is_single": False}, f"text ({TEXT}), several values"),
        ({"syntax": "1.2.3"}, "1.2.3, one value"),
    ],
)
def test_another_type_of_an_attribute_that_a_rule_names(
    change: dict[str, object], told: str
) -> None:
    (found,) = compared(MAIL, MAIL._replace(**change)).differences  # type: ignore[arg-type]
    assert (found.kind, found.level, found.subject.name) == ("schema", "differs", "metaverse")
    assert found.details == (Detail("type", "Mail", f"text ({TEXT}), one value", told),)


def test_the_same_types_are_no_difference() -> None:
    found = compared(MAIL, MAIL)
    assert found.same
    assert found.notes == ()


def test_what_no_rule_names_is_counted_in_a_note() -> None:
    unnamed = AttributeType("othermail", TEXT, is_single=True)
    alone = ALL | {"a1", "a2"}
    found = compare(
        server(A1, MAIL, unnamed, names=alone),
        server(B1, MAIL, unnamed._replace(syntax=INTEGER), names=ALL | {"b1"}),
    )
    assert found.same
    (note,) = found.notes
    assert note.details == (
        Detail("attributes that only one server has and no rule names", "", "2", "1"),
        Detail("attributes of another type that no rule names", "", "1", "1"),
    )


def test_what_a_rule_names_is_not_counted() -> None:
    unnamed = AttributeType("othermail", TEXT, is_single=True)
    several = [one._replace(is_single=False) for one in (MAIL, unnamed)]
    found = compare(server(A1, MAIL, unnamed), server(B1, *several))
    assert [d.details[0].part for d in found.differences] == ["Mail"]
    assert [n.details[0].a for n in found.notes] == ["1"]


def test_the_types_of_a_connectors_attributes() -> None:
    sides = []
    for identifier, syntax in ((A1, TEXT), (B1, INTEGER)):
        made = server(identifier)
        typed = replace(
            made.connectors[0],
            attributes=ALL,
            attribute_types=frozenset({AttributeType("room", syntax, is_single=True)}),
        )
        sides.append(replace(made, connectors=(typed, *made.connectors[1:])))
    (found,) = compare(*sides).differences
    assert (found.subject.name, found.details[0].part) == ("contoso.com", "room")


@pytest.mark.parametrize("side", ["A", "B"])
def test_types_that_one_server_does_not_show_are_not_compared(side: str) -> None:
    both = [server(A1, MAIL), server(B1, MAIL)]
    assert "the types of attributes" not in [n.what for n in whole(*both).not_compared]
    both["AB".index(side)] = server((A1, B1)["AB".index(side)])
    found = whole(*both)
    assert found.same
    (missing,) = (n for n in found.not_compared if n.what == "the types of attributes")
    assert missing.why == f"no file of {side} shows all of it"


@pytest.mark.parametrize("is_turned", [True, False])
def test_a_type_of_what_only_one_schema_has_is_not_missing(is_turned: bool) -> None:
    room = AttributeType("room", TEXT, is_single=True)
    both = [server(A1, MAIL, room), server(B1, room, names=ALL - {"mail"})]
    found = whole(*(both[::-1] if is_turned else both))
    assert "the types of attributes" not in [n.what for n in found.not_compared]
    assert [d.details[0].part for d in found.differences] == ["Mail"]


def whole(*sides: Server) -> Comparison:
    """Compare servers whose connectors show their schemas too."""
    return compare(
        *(
            replace(
                side,
                connectors=tuple(
                    replace(c, attributes=ALL, selected_attributes=ALL) for c in side.connectors
                ),
            )
            for side in sides
        )
    )
