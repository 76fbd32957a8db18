"""The attributes that two servers know and select.

What follows from other rules is told with these: an attribute that only rules of one server name is
not a difference of its own. One that no rule names matters where it is selected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from syncrules.rules.folding import named_attributes
from syncrules.servers.model import Connector, Server

from .model import (
    Detail,
    DifferenceKind,
    DifferenceLevel,
    NotCompared,
    ServerDifference,
    Subject,
    not_shown,
    subject_of_connector,
)

__all__ = ["attribute_differences", "attributes_not_compared"]

_METAVERSE = ""
_Named = Mapping[str, frozenset[str]]
"""The attributes that a server's rules name, of the metaverse and by A's connectors."""


def attribute_differences(
    a: Server, b: Server, connectors: Mapping[str, str]
) -> Iterator[ServerDifference]:
    """Yield the attributes that only one of two servers has; as notes, those that follow."""
    both = [
        (old, a_connector, b_connector)
        for old, new in connectors.items()
        if (a_connector := a.connector(old)) and (b_connector := b.connector(new))
    ]
    if a.metaverse == b.metaverse and all(_tell_alike(*pair) for _, *pair in both):
        return  # what rules name need not be known
    back = {new: old for old, new in connectors.items()}
    named = _named(a, {old: old for old in connectors}), _named(b, back)
    if a.metaverse is not None and b.metaverse is not None:
        subjects = Subject("metaverse"), Subject("metaverse")
        sides = _Sides(_METAVERSE, named, subjects, _spelled(a.metaverse_names, b.metaverse_names))
        yield from sides.schema(a.metaverse, b.metaverse)
    for old, one, other in both:
        subjects = subject_of_connector(one, a), subject_of_connector(other, b)
        spelled = _spelled(one.attribute_names, other.attribute_names)
        yield from _of_connector(_Sides(old, named, subjects, spelled), one, other)


def _spelled(one: frozenset[str] | None, other: frozenset[str] | None) -> Mapping[str, str]:
    """Return attributes as schemas write them, by their names in lower case."""
    names = sorted((one or frozenset()) | (other or frozenset()), reverse=True)
    return {name.lower(): name for name in names}


def _tell_alike(one: Connector, other: Connector) -> bool:
    told = ((c.attributes, c.selected_attributes) for c in (one, other))
    return len(set(told)) == 1


def _of_connector(sides: _Sides, one: Connector, other: Connector) -> Iterator[ServerDifference]:
    unknown = frozenset[str]()
    if one.attributes is not None and other.attributes is not None:
        yield from sides.schema(one.attributes, other.attributes)
        unknown = one.attributes ^ other.attributes
    if one.selected_attributes is not None and other.selected_attributes is not None:
        # What a schema lacks cannot be selected.
        yield from sides.selection(
            one.selected_attributes - unknown, other.selected_attributes - unknown
        )


class _Sides(NamedTuple):
    """The attributes that the rules of both servers name, of the metaverse or of one connector."""

    space: str
    named: tuple[_Named, _Named]
    subjects: tuple[Subject, Subject]
    spelled: Mapping[str, str]

    def schema(self, one: frozenset[str], other: frozenset[str]) -> Iterator[ServerDifference]:
        """Yield what only one schema has and a rule names."""
        on_a, on_b = (n.get(self.space, frozenset()) for n in self.named)
        unlike = {name for name in one ^ other if name in on_a or name in on_b}
        words = "in the schema", "not in the schema"
        yield from self._told(DifferenceKind.SCHEMA, unlike, one, words)

    def selection(self, one: frozenset[str], other: frozenset[str]) -> Iterator[ServerDifference]:
        """Yield what is selected on one server alone."""
        words = "selected", "not selected"
        yield from self._told(DifferenceKind.SELECTION, one ^ other, one, words)

    def _told(
        self,
        kind: DifferenceKind,
        unlike: set[str] | frozenset[str],
        one: frozenset[str],
        words: tuple[str, str],
    ) -> Iterator[ServerDifference]:
        groups: dict[DifferenceLevel, list[Detail]] = {}
        for name in sorted(unlike):
            told = words if name in one else words[::-1]
            level = (
                DifferenceLevel.NOTE
                if self._follows(name, on_a=name in one)
                else DifferenceLevel.DIFFERS
            )
            groups.setdefault(level, []).append(
                Detail("attribute", self.spelled.get(name, name), *told)
            )
        for level, details in groups.items():
            cause = _FOLLOWS if level is DifferenceLevel.NOTE else ""
            yield ServerDifference(
                kind, level, *self.subjects, tuple(details), cause, weight=len(details)
            )

    def _follows(self, name: str, *, on_a: bool) -> bool:
        """Return whether only rules of the server that has an attribute name it."""
        having, lacking = self.named if on_a else self.named[::-1]
        return name in having.get(self.space, ()) and name not in lacking.get(self.space, ())


_FOLLOWS = "only the rules of the server that has it name it"


def _named(server: Server, connectors: Mapping[str, str]) -> _Named:
    """Return the attributes that a server's rules name; `connectors` are A's, by this server's."""
    found: dict[str, set[str]] = {}
    for rule in server.sync_rules:
        own = connectors.get(rule.connector, rule.connector)
        for of_connector, name in named_attributes(rule):
            found.setdefault(own if of_connector else _METAVERSE, set()).add(name)
    return {space: frozenset(names) for space, names in found.items()}


def attributes_not_compared(
    a: Server, b: Server, connectors: Mapping[str, str]
) -> Iterator[NotCompared]:
    """Yield the schemas and selections that the files of one of the servers do not show."""
    shown = [_shows_attributes(server, connectors) for server in (a, b)]
    if not all(shown):
        what = "the schema and the selected attributes"
        yield not_shown(what, on_a=not shown[0], on_b=not shown[1])


def _shows_attributes(server: Server, connectors: Mapping[str, str]) -> bool:
    own = {*connectors, *connectors.values()}
    return server.metaverse is not None and all(
        c.attributes is not None and c.selected_attributes is not None
        for c in server.connectors
        if c.identifier in own
    )
