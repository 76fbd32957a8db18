"""Connectors by what a person calls them: a name, or the name of its forest, as --map takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from syncrules.diagnostics import Option, can_be_typed
from syncrules.rules.guids import parse_guid
from syncrules.servers.model import Connector, Server

__all__ = ["ConnectorNames", "Names", "by_identifier"]


class ConnectorNames:
    """The connectors of one server by their names. Case does not count, nor blanks around them."""

    def __init__(self, connectors: Iterable[Connector]) -> None:
        self._named: dict[str, dict[str, Connector]] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        for connector in connectors:
            names = tuple(name for name in (connector.name, connector.forest) if name)
            self._names[connector.identifier] = names
            for name in names:
                self._named.setdefault(_plain(name), {})[connector.identifier] = connector

    def called(self, text: str) -> tuple[Connector, ...]:
        """Return the connectors that have this name, or whose forest has."""
        return tuple(self._named.get(_plain(text), {}).values())

    def typed(self, identifier: str) -> str:
        """Return what names a connector in a command: a name that is its own, or its identifier."""
        return next(
            (
                name
                for name in self._names.get(identifier, ())
                if len(self.called(name)) == 1 and can_be_typed(name) and "=" not in name
            ),
            identifier,
        )


def _plain(name: str) -> str:
    return name.strip().casefold()


class Names(NamedTuple):
    """How the connectors of both servers are called in a command."""

    active: ConnectorNames
    staging: ConnectorNames

    def map(self, active: str, staging: str) -> Option:
        """Return the option that pairs two connectors."""
        return Option("--map", f"{self.active.typed(active)}={self.staging.typed(staging)}")


def by_identifier(given: Mapping[str, str], active: Server, staging: Server) -> Mapping[str, str]:
    """Return what --map gives, by identifiers; a name that is not one connector's stays a name.

    So does a second name of a connector that is given two targets.
    """
    if all(parse_guid(text) for pair in given.items() for text in pair):
        return given
    old_names, new_names = ConnectorNames(active.connectors), ConnectorNames(staging.connectors)
    found: dict[str, str] = {}
    first: dict[str, str] = {}
    for old, new in given.items():
        by, to = _identifier(old, old_names), _identifier(new, new_names)
        if found.get(by, to) == to:
            found[by] = to
            first.setdefault(by, old)
        else:
            found[old if old != by else first[by]] = to
    return found


def _identifier(text: str, names: ConnectorNames) -> str:
    guid = parse_guid(text)
    if guid is not None:
        return guid
    called = names.called(text)
    return called[0].identifier if len(called) == 1 else text
