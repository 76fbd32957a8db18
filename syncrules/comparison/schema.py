"""The attributes that two servers know and select, and what values these have.

What follows from other rules is told with these: an attribute that only rules of one server name is
not a difference of its own. One that no rule names matters where it is selected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from syncrules.rules.folding import named_attributes
from syncrules.servers.model import AttributeType, Connector, Server

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
from .words import types_in_words

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
    if _metaverse_of(a) == _metaverse_of(b) and all(_tell_alike(*pair) for _, *pair in both):
        return  # what rules name need not be known
    back = {new: old for old, new in connectors.items()}
    named = _named(a, {old: old for old in connectors}), _named(b, back)
    schemas = _metaverse_of(a), _metaverse_of(b)
    if schemas[0] and schemas[1]:
        subjects = Subject("metaverse"), Subject("metaverse")
        sides = _Sides(_METAVERSE, named, subjects, _spelled(a.metaverse_names, b.metaverse_names))
        yield from sides.schema(schemas[0], schemas[1])
    for old, one, other in both:
        subjects = subject_of_connector(one, a), subject_of_connector(other, b)
        spelled = _spelled(one.attribute_names, other.attribute_names)
        yield from _of_connector(_Sides(old, named, subjects, spelled), one, other)


def _spelled(one: frozenset[str] | None, other: frozenset[str] | None) -> Mapping[str, str]:
    """Return attributes as schemas write them, by their names in lower case."""
    names = sorted((one or frozenset()) | (other or frozenset()), reverse=True)
    return {name.lower(): name for name in names}


def _tell_alike(one: Connector, other: Connector) -> bool:
    told = ((c.attributes, c.selected_attributes, c.attribute_types) for c in (one, other))
    return len(set(told)) == 1


def _of_connector(sides: _Sides, one: Connector, other: Connector) -> Iterator[ServerDifference]:
    unknown = frozenset[str]()
    schemas = _schema_of(one), _schema_of(other)
    if schemas[0] and schemas[1]:
        yield from sides.schema(schemas[0], schemas[1])
        unknown = schemas[0].names ^ schemas[1].names
    if one.selected_attributes is not None and other.selected_attributes is not None:
        # What a schema lacks cannot be selected.
        yield from sides.selection(
            one.selected_attributes - unknown, other.selected_attributes - unknown
        )


class _Schema(NamedTuple):
    """The attributes of the metaverse or of a connector, in lower case, and their types."""

    names: frozenset[str]
    types: frozenset[AttributeType] | None

    def values(self) -> dict[str, set[AttributeType]]:
        """Return what values each attribute has; more than one where two files disagree."""
        found: dict[str, set[AttributeType]] = {}
        for one in self.types or ():
            found.setdefault(one.name, set()).add(one)
        return found


def _metaverse_of(server: Server) -> _Schema | None:
    known = server.metaverse
    return None if known is None else _Schema(known, server.metaverse_types)


def _schema_of(connector: Connector) -> _Schema | None:
    known = connector.attributes
    return None if known is None else _Schema(known, connector.attribute_types)


_ALONE = "attributes that only one server has and no rule names"
_OTHERWISE = "attributes of another type that no rule names"


def _counted(what: str, on_a: Set[str], on_b: Set[str]) -> Iterator[Detail]:
    if on_a or on_b:
        yield Detail(what, "", str(len(on_a)), str(len(on_b)))


class _Sides(NamedTuple):
    """The attributes that the rules of both servers name, of the metaverse or of one connector."""

    space: str
    named: tuple[_Named, _Named]
    subjects: tuple[Subject, Subject]
    spelled: Mapping[str, str]

    def schema(self, one: _Schema, other: _Schema) -> Iterator[ServerDifference]:
        """Yield what one schema alone has, or of another type, and a rule names; count the rest."""
        named = self._named_on(0) | self._named_on(1)
        unlike = one.names ^ other.names
        words = "in the schema", "not in the schema"
        yield from self._told(DifferenceKind.SCHEMA, unlike & named, one.names, words)
        of_one, of_other = one.values(), other.values()
        changed = {n for n in of_one.keys() & of_other if of_one[n] != of_other[n]}
        details = tuple(
            Detail("type", self.spelled.get(name, name), *map(types_in_words, both))
            for name in sorted(changed & named)
            for both in ((of_one[name], of_other[name]),)
        )
        yield from self._of_schema(DifferenceLevel.DIFFERS, details)
        rest = (
            *_counted(_ALONE, one.names - other.names - named, other.names - one.names - named),
            *_counted(_OTHERWISE, changed - named, changed - named),
        )
        yield from self._of_schema(DifferenceLevel.NOTE, rest)

    def _of_schema(
        self, level: DifferenceLevel, details: tuple[Detail, ...]
    ) -> Iterator[ServerDifference]:
        if details:
            kind = DifferenceKind.SCHEMA
            yield ServerDifference(kind, level, *self.subjects, details, weight=len(details))

    def _named_on(self, side: int) -> frozenset[str]:
        return self.named[side].get(self.space, frozenset())

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
        having, lacking = (0, 1) if on_a else (1, 0)
        return name in self._named_on(having) and name not in self._named_on(lacking)


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
    elif lacking := _sides_that_lack_types(_schemas(a, b, connectors)):
        yield not_shown("the types of attributes", on_a="A" in lacking, on_b="B" in lacking)


def _sides_that_lack_types(schemas: Iterable[tuple[_Schema, _Schema]]) -> frozenset[str]:
    """Return the servers that do not show a type that the other shows of the same attribute."""
    found: set[str] = set()
    for one, other in schemas:
        ones, others = ({told.name for told in side.types or ()} for side in (one, other))
        found |= {"A"} if (others - ones) & one.names else set()
        found |= {"B"} if (ones - others) & other.names else set()
    return frozenset(found)


def _schemas(
    a: Server, b: Server, connectors: Mapping[str, str]
) -> Iterator[tuple[_Schema, _Schema]]:
    """Yield the schemas that both servers show: of the metaverse and of connectors."""
    known = [(_metaverse_of(a), _metaverse_of(b))]
    for old, new in connectors.items():
        one, other = a.connector(old), b.connector(new)
        if one and other:
            known.append((_schema_of(one), _schema_of(other)))
    yield from ((first, second) for first, second in known if first and second)


def _shows_attributes(server: Server, connectors: Mapping[str, str]) -> bool:
    own = {*connectors, *connectors.values()}
    return server.metaverse is not None and all(
        c.attributes is not None and c.selected_attributes is not None
        for c in server.connectors
        if c.identifier in own
    )
