"""The search for the staging server's connector of each one of the active server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Place, Problem
from syncrules.rules.guids import parse_guid
from syncrules.rules.model import ENTRA_CONNECTOR
from syncrules.servers.model import Connector, Facet, Server

from .connector_names import ConnectorNames, Names
from .connector_pairs import Basis, Pair
from .connector_problems import (
    Candidates,
    contradiction,
    exported_on_the_wrong_server,
    no_candidate,
    several_called,
)
from .connector_text import LIST_CONNECTORS, described, listed
from .likeness import Agreement, Others, agreements, alike, disagreement, marks, told, unlike_names

__all__ = ["Match", "Needed", "Search"]


class Match(NamedTuple):
    """A pair, or why there is none; neither, where nothing speaks for any."""

    pair: Pair | None = None
    problems: tuple[Problem, ...] = ()
    candidates: Candidates | None = None


class Needed(NamedTuple):
    """A connector that rules to be moved name, and the first place that names it.

    `mapped_before` tells that every script that names it was made by this tool.
    """

    identifier: str
    place: Place
    mapped_before: bool = False


class Search:
    """The connectors of both sides, and those that are spoken for."""

    def __init__(
        self,
        needed: tuple[Needed, ...],
        active: Server,
        staging: Server,
        given: Mapping[str, str],
    ) -> None:
        self.active, self.staging = active, staging
        self.given = given
        # A list without Entra's connector was filtered, or is of no server.
        self.complete = all(
            s.is_complete_in(Facet.CONNECTORS) and s.connector(ENTRA_CONNECTOR)
            for s in (active, staging)
        )
        self.mapped = {n.identifier for n in needed if n.mapped_before}
        self.known = {c.identifier: c for c in active.connectors}
        taken = {given[identifier] for identifier in self.known if identifier in given}
        self.staging_connectors = [c for c in staging.connectors if not c.is_entra]
        self.free = [c for c in self.staging_connectors if c.identifier not in taken]
        self.open = [c for c in self.known.values() if not c.is_entra and c.identifier not in given]
        self.shared = _shared(self.open, self.free)
        self.best = self._best()
        self.suitors: dict[str, list[Connector]] = {}
        for connector in self.open:
            if len(best := self.best[connector.identifier]) == 1:
                self.suitors.setdefault(best[0].identifier, []).append(connector)
        self._left_by_told: dict[object, tuple[list[Connector], Candidates]] = {}
        self._kin: dict[str | None, list[Connector]] = {}
        self.matched = {c.identifier: self._by_marks(c) for c in self.open}

    def result(self, identifier: str) -> Match:
        """Return the pair of a connector of the active server, or why it has none."""
        if identifier in self.given:
            return self._given(identifier)
        if identifier == ENTRA_CONNECTOR:
            why = "the Entra connector has this identifier on every server"
            return Match(Pair(identifier, identifier, Basis.ENTRA, why))
        if identifier in self.mapped:
            why = "an earlier run made this file for this staging server, so it is kept as it is"
            return Match(Pair(identifier, identifier, Basis.MAPPED_BEFORE, why))
        if self.staging.connector(identifier) is not None:
            return Match(problems=(exported_on_the_wrong_server(identifier),))
        match = self.matched[identifier]
        return self._only_one_left(self.known[identifier]) if match == Match() else match

    def on_both_sides(self, wanted: set[str]) -> list[Diagnostic]:
        """Find identifiers of both servers that no rule to be moved names."""
        spare = set(self.known) - wanted - set(self.given)
        return [
            exported_on_the_wrong_server(c.identifier).at()
            for c in self.staging_connectors
            if c.identifier in spare
        ]

    def is_unseen(self, staging: Connector) -> bool:
        """Return whether no file shows a connector of the staging server."""
        return self.staging.connector(staging.identifier) is None and not staging.is_entra

    def contradicts(self, pair: Pair) -> str | None:
        """Return what says that a pair given with --map is of two systems, if anything does."""
        return disagreement(
            self._active_connector(pair.active), self._staging_connector(pair.staging)
        )

    # ---- By --map ----

    @cached_property
    def names(self) -> Names:
        """How connectors are called in a command."""
        return Names(ConnectorNames(self.known.values()), ConnectorNames(self.staging.connectors))

    def _given(self, identifier: str) -> Match:
        new = self.given[identifier]
        if parse_guid(new) is None:
            return Match(problems=(self._no_one_called(new),))
        active = self._active_connector(identifier)
        staging = self._staging_connector(self.given[identifier])
        if not alike(active, staging) or active.is_entra is not staging.is_entra:
            another_kind = Problem(
                Code.SR416,
                f"--map gives {described(active)} a connector of another type: "
                f"{described(staging)}.",
                "Correct --map: the rules would run on another connected system.",
            )
            return Match(problems=(another_kind,))
        if self.is_unseen(staging) and self.staging.is_complete_in(Facet.CONNECTORS):
            unknown = Problem(
                Code.SR403,
                f"--map names {staging.identifier} as a connector of the staging server, which has "
                "none of that identifier.",
                f"Correct it; staging's connectors: {listed(self.staging.connectors)}.",
            )
            return Match(problems=(unknown,))
        better = self._better(active, staging)
        if better:
            otherwise = contradiction(identifier, f"--map says {described(staging)}", better)
            hint = (
                f"Find out which is right (on each server: {LIST_CONNECTORS}), and correct --map."
            )
            return Match(problems=(otherwise._replace(hint=hint),))
        return Match(Pair(identifier, staging.identifier, Basis.GIVEN, "given with --map"))

    def _no_one_called(self, name: str) -> Problem:
        called = self.names.staging.called(name)
        if called:
            return several_called(name, called, "staging")
        return Problem(
            Code.SR403,
            f"--map names '{name}' as a connector of the staging server; no file given with "
            "--staging shows a connector or a forest of that name.",
            f"Correct it, or give the connector's identifier; staging's connectors: "
            f"{listed(self.staging.connectors)}.",
        )

    def _better(self, active: Connector, staging: Connector) -> str | None:
        """Return which connector the evidence names where --map says otherwise."""
        if agreements(active, staging):
            return None
        for other in self.staging_connectors:
            found = agreements(active, other) if alike(active, other) else ()
            if found:
                return f"{found[0].words}: {described(other)}"
        for other in self.open:
            found = agreements(other, staging) if alike(other, staging) else ()
            if found:
                return f"{found[0].words}: {described(other)} of the active server"
        return None

    # ---- By what the connectors themselves tell ----

    def _by_marks(self, active: Connector) -> Match:
        """Pair a connector by forest, partitions or name; `None` where nothing agrees."""
        best = self.best[active.identifier]
        if not best:
            return Match()
        if len(best) > 1:
            return Match(candidates=Candidates.of(best, [active]))
        staging = best[0]
        agreement = self.shared[active.identifier][staging.identifier][0]
        suitors = self.suitors[staging.identifier]
        if len(suitors) > 1:
            return Match(candidates=Candidates.of(best, suitors))
        against = disagreement(active, staging) or self._elsewhere(active, staging)
        if against:
            says = f"{agreement.words}: {described(staging)}"
            return Match(problems=(contradiction(active.identifier, says, against),))
        basis = Basis(agreement.mark)
        return Match(Pair(active.identifier, staging.identifier, basis, agreement.words))

    def _best(self) -> dict[str, list[Connector]]:
        """Return the connectors that share most with each one, and no more with another."""
        most: dict[str, tuple[int, ...]] = {}
        for shared in self.shared.values():
            for identifier, found in shared.items():
                most[identifier] = max(most.get(identifier, ()), _strength(found))
        best: dict[str, list[Connector]] = {}
        for active in self.open:
            mine = {
                identifier: strength
                for identifier, found in self.shared[active.identifier].items()
                if (strength := _strength(found)) == most[identifier]
            }
            strongest = max(mine.values(), default=())
            best[active.identifier] = [
                self._staging_connector(i) for i, strength in mine.items() if strength == strongest
            ]
        return best

    def _elsewhere(self, active: Connector, staging: Connector) -> str | None:
        """Return what a connector shares with another than the one that it shares most with."""
        shared = self.shared[active.identifier]
        marks = {a.mark for a in shared[staging.identifier]}
        for identifier, found in shared.items():
            for agreement in found:
                if agreement.mark not in marks:
                    return f"{agreement.words}: {described(self._staging_connector(identifier))}"
        return None

    # ---- By being left ----

    def _only_one_left(self, active: Connector) -> Match:
        kin, candidates = self._left_for(active)
        if not candidates.connectors:
            none = no_candidate(active, self.left, kin, self.names, complete=self.complete)
            return Match(problems=(none,))
        if len(candidates.connectors) > 1 or len(candidates.suitors) > 1:
            return Match(candidates=candidates)
        target = candidates.connectors[0]
        if not (active.kind and target.kind) and unlike_names(active, target):
            return Match(candidates=candidates)
        kind = f" of type {target.kind}" if active.kind == target.kind and target.kind else ""
        if self.complete and kind:
            why = f"the only connector{kind} that is left on either server, Entra's aside"
            return Match(Pair(active.identifier, target.identifier, Basis.ONLY_ONE, why))
        which = " besides Entra's"
        why = f"each side's files show only one connector{kind or which}"
        return Match(Pair(active.identifier, target.identifier, Basis.ASSUMED, why))

    @cached_property
    def left(self) -> list[Connector]:
        """The connectors of the staging server that are not matched by what they tell."""
        sure = {m.pair.staging for m in self.matched.values() if m.pair is not None}
        return [c for c in self.free if c.identifier not in sure]

    @cached_property
    def unmatched(self) -> list[Connector]:
        """The connectors of the active server that are not matched by what they tell."""
        return [c for c in self.open if self.matched[c.identifier].pair is None]

    def _left_for(self, active: Connector) -> tuple[list[Connector], Candidates]:
        """Return those of the kind that are left, and those that fit.

        That depends on what a connector tells alone: many may tell the same, or nothing.
        """
        own = told(active)
        if own not in self._left_by_told:
            kin = self._kin_of(active)
            could_be = kin if self._others.could_be(active) else ()
            candidates = [c for c in could_be if disagreement(active, c) is None]
            first = candidates[:1]
            suitors = [
                c for c in self.unmatched for f in first if alike(c, f) and not disagreement(c, f)
            ]
            self._left_by_told[own] = kin, Candidates.of(candidates, suitors)
        return self._left_by_told[own]

    @cached_property
    def _others(self) -> Others:
        return Others(self.left)

    def _kin_of(self, active: Connector) -> list[Connector]:
        if active.kind not in self._kin:
            self._kin[active.kind] = [c for c in self.left if alike(active, c)]
        return self._kin[active.kind]

    def _active_connector(self, identifier: str) -> Connector:
        return self.known.get(identifier) or Connector(identifier)

    def _staging_connector(self, identifier: str) -> Connector:
        return self.staging.connector(identifier) or Connector(identifier)


_TOO_MANY = 50
"""A mark that more connectors of staging have tells none of them from the others."""

_Shared = dict[str, dict[str, tuple[Agreement, ...]]]
"""What connectors of the active server share with those of staging, by both identifiers."""


def _shared(active: Iterable[Connector], staging: Iterable[Connector]) -> _Shared:
    """Return what connectors of one kind share; only those are compared that share something."""
    staging = tuple(staging)
    places: dict[tuple[str, str], list[int]] = {}
    for place, connector in enumerate(staging):
        for mark in marks(connector):
            places.setdefault(mark, []).append(place)
    shared: _Shared = {}
    for one in active:
        telling = (few for mark in marks(one) if len(few := places.get(mark, [])) <= _TOO_MANY)
        others = (staging[place] for place in sorted({place for few in telling for place in few}))
        shared[one.identifier] = {
            other.identifier: found
            for other in others
            if alike(one, other) and (found := agreements(one, other))
        }
    return shared


def _strength(found: Iterable[Agreement]) -> tuple[int, ...]:
    return tuple(agreement.strength for agreement in found)
