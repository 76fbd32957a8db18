"""What two connectors have in common, and what sets them apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from syncrules.servers.model import AD, Connector

__all__ = [
    "FOREST",
    "NAME",
    "PARTITIONS",
    "Agreement",
    "Others",
    "agreements",
    "alike",
    "disagreement",
    "marks",
    "told",
    "unlike_names",
]

FOREST, PARTITIONS, NAME = "forest", "partitions", "name"
_STRENGTH = {FOREST: 3, PARTITIONS: 2, NAME: 1}


class Agreement(NamedTuple):
    """Something that two connectors share: `mark` is one of FOREST, PARTITIONS, NAME."""

    mark: str
    words: str

    @property
    def strength(self) -> int:
        """How much it says, as a number to compare with."""
        return _STRENGTH[self.mark]


def alike(one: Connector, other: Connector) -> bool:
    """Return whether two connectors may be of one kind: an unknown kind may be any."""
    return one.kind == other.kind or None in (one.kind, other.kind)


def marks(connector: Connector) -> Iterator[tuple[str, str]]:
    """Yield what a connector may share with another: they agree in one of these, or in nothing."""
    # Of one forest, they have the partition that bears its name.
    yield from ((PARTITIONS, partition) for partition in _partitions(connector))
    yield from ((NAME, name) for name in _names(connector))


def agreements(one: Connector, other: Connector) -> tuple[Agreement, ...]:
    """Return what two connectors of a kind share, the strongest first. Case does not count."""
    return tuple(_agreements(one, other))


def _agreements(one: Connector, other: Connector) -> Iterator[Agreement]:
    if one.forest and other.forest and one.forest.casefold() == other.forest.casefold():
        yield Agreement(FOREST, f"both are of the forest {one.forest}")
    shared = _partitions(one) & _partitions(other)
    if shared:
        names = ", ".join(sorted(shared)[:2])
        yield Agreement(PARTITIONS, f"both have the partition {names}")
    names_shared = _names(one) & _names(other)
    if names_shared:
        yield Agreement(NAME, f"both are named {min(names_shared)}")


def disagreement(one: Connector, other: Connector) -> str | None:
    """Return what says that two connectors are of different systems, in words.

    The name is a connector's own affair, but for Active Directory, where it is the forest's.
    """
    for word, first, second in (
        ("the forest", _forest(one), _forest(other)),
        ("the partitions", _own_partitions(one), _own_partitions(other)),
    ):
        if first and second and not first & second:
            return f"{word} {_joined(first)} on the active server and {_joined(second)} on staging"
    return None


_ANY, _NONE = object(), object()
"""Whatever is told, and that nothing is told."""


class Others:
    """Connectors by what could set them apart from one of another server."""

    def __init__(self, connectors: Iterable[Connector]) -> None:
        self._known = {
            key
            for one in connectors
            for key in product(*((*(part or (_NONE,)), _ANY) for part in told(one)))
        }

    def could_be(self, connector: Connector) -> bool:
        """Return whether nothing says that a connector is none of these.

        It is alike one of them, and there is no disagreement with that one.
        """
        asked = ((*part, _NONE) if part else (_ANY,) for part in told(connector))
        return any(key in self._known for key in product(*asked))


def told(connector: Connector) -> tuple[frozenset[str], ...]:
    """Return what could set a connector apart: two that nothing does share some of each."""
    kind = frozenset((connector.kind,) if connector.kind else ())
    return kind, _forest(connector), _own_partitions(connector)


def _forest(connector: Connector) -> frozenset[str]:
    """Return the forest, by its name where nothing else tells it.

    A name that none of the partitions bears was given by a person, and says nothing.
    """
    if connector.forest:
        return frozenset((connector.forest.casefold(),))
    names, own = _names(connector), _own_partitions(connector)
    is_forest = connector.kind == AD and (not own or own & set(map(_as_partition, names)))
    return names if is_forest else frozenset()


def unlike_names(one: Connector, other: Connector) -> bool:
    """Return whether two connectors are known to be named differently."""
    names, others = _names(one), _names(other)
    return bool(names and others and not names & others)


def _own_partitions(connector: Connector) -> frozenset[str]:
    # One that is no distinguished name, such as "default", tells nothing of a system.
    return frozenset(_distinguished(p) for p in connector.partitions if "=" in p)


def _partitions(connector: Connector) -> frozenset[str]:
    """Return the partitions, and the one that bears a forest's name."""
    root = _as_partition(connector.forest) if connector.forest else None
    return _own_partitions(connector) | ({root} if root else frozenset())


def _as_partition(domain: str) -> str:
    return ",".join(f"dc={part}" for part in domain.casefold().split("."))


def _distinguished(partition: str) -> str:
    return ",".join(part.strip() for part in partition.casefold().split(","))


def _names(connector: Connector) -> frozenset[str]:
    """Return the name, and the forest's: an Active Directory connector is named after it."""
    names = (connector.name, connector.forest)
    return frozenset(name.casefold() for name in names if name)


def _joined(texts: frozenset[str]) -> str:
    return ", ".join(sorted(texts)[:3])
