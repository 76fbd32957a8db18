"""The search for the staging server's connector of each one of the active server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Place, Problem
from syncrules.rules.model import ENTRA_CONNECTOR
from syncrules.servers.model import Connector, Facet, Server

from .connector_pairs import Basis, Pair
from .connector_problems import (
    ambiguous,
    contradiction,
    exported_on_the_wrong_server,
    no_candidate,
)
from .connector_text import LIST_CONNECTORS, described, listed
from .likeness import agreements, alike, disagreement, unlike_names

__all__ = ["Match", "Needed", "Search"]

Match = tuple[Pair | None, tuple[Problem, ...]]
"""A pair, or why there is none; neither, where nothing speaks for any."""


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
        self.staging = staging
        self.given = given
        # A list without Entra's connector was filtered, or is of no server.
        self.complete = all(
            s.is_complete_in(Facet.CONNECTORS) and s.connector(ENTRA_CONNECTOR)
            for s in (active, staging)
        )
        self.mapped = {n.identifier for n in needed if n.mapped_before}
        self.known = {c.identifier: c for c in active.connectors}
        for n in needed:
            if n.identifier not in self.mapped or staging.connector(n.identifier) is None:
                self.known.setdefault(n.identifier, Connector(n.identifier))
        taken = {given[identifier] for identifier in self.known if identifier in given}
        self.staging_connectors = [c for c in staging.connectors if not c.is_entra]
        self.free = [c for c in self.staging_connectors if c.identifier not in taken]
        self.open = [c for c in self.known.values() if not c.is_entra and c.identifier not in given]
        self.shared = {
            (active.identifier, staging.identifier): found
            for active in self.open
            for staging in self.free
            if alike(active, staging) and (found := agreements(active, staging))
        }
        self.matched = {c.identifier: self._by_marks(c) for c in self.open}

    def result(self, identifier: str) -> Match:
        """Return the pair of a connector of the active server, or why it has none."""
        if identifier in self.given:
            return self._given(identifier)
        if identifier == ENTRA_CONNECTOR:
            why = "the Entra connector has this identifier on every server"
            return Pair(identifier, identifier, Basis.ENTRA, why), ()
        if self.staging.connector(identifier) is not None:
            if identifier in self.mapped:
                why = "this file was mapped before"
                return Pair(identifier, identifier, Basis.MAPPED_BEFORE, why), ()
            return None, (exported_on_the_wrong_server(identifier),)
        pair, problems = self.matched[identifier]
        if pair is None and not problems:
            return self._only_one_left(self.known[identifier])
        return pair, problems

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

    def _given(self, identifier: str) -> Match:
        active = self._active_connector(identifier)
        staging = self._staging_connector(self.given[identifier])
        if not alike(active, staging) or active.is_entra is not staging.is_entra:
            another_kind = Problem(
                Code.SR416,
                f"--map gives {described(active)} a connector of another kind: "
                f"{described(staging)}.",
                "Correct --map: the rules would run on another connected system.",
            )
            return None, (another_kind,)
        if self.is_unseen(staging) and self.staging.is_complete_in(Facet.CONNECTORS):
            unknown = Problem(
                Code.SR403,
                f"--map names {staging.identifier} as a connector of the staging server, which has "
                "none of that identifier.",
                f"Correct it; staging's connectors: {listed(self.staging.connectors)}.",
            )
            return None, (unknown,)
        better = self._better(active, staging)
        if better:
            otherwise = contradiction(identifier, f"--map says {described(staging)}", better)
            hint = (
                f"Find out which is right (on each server: {LIST_CONNECTORS}), and correct --map."
            )
            return None, (otherwise._replace(hint=hint),)
        return Pair(identifier, staging.identifier, Basis.GIVEN, "given with --map"), ()

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
        best = self._best_of(active)
        if not best:
            return None, ()
        if len(best) > 1:
            return None, (ambiguous(active, best, []),)
        staging = best[0]
        agreement = self.shared[active.identifier, staging.identifier][0]
        rivals = [c for c in self.open if c != active and self._best_of(c) == [staging]]
        if rivals:
            return None, (ambiguous(active, best, rivals),)
        against = disagreement(active, staging) or self._elsewhere(active, staging)
        if against:
            says = f"{agreement.words}: {described(staging)}"
            return None, (contradiction(active.identifier, says, against),)
        basis = Basis(agreement.mark)
        return Pair(active.identifier, staging.identifier, basis, agreement.words), ()

    def _best_of(self, active: Connector) -> list[Connector]:
        """Return the connectors that share most with this one, and no more with another."""
        mine = {
            c.identifier: c
            for c in self.free
            if self._strength(active, c)
            and self._strength(active, c) == max(self._strength(o, c) for o in self.open)
        }
        most = max((self._strength(active, c) for c in mine.values()), default=())
        return [c for c in mine.values() if self._strength(active, c) == most]

    def _strength(self, active: Connector, staging: Connector) -> tuple[int, ...]:
        found = self.shared.get((active.identifier, staging.identifier), ())
        return tuple(a.strength for a in found)

    def _elsewhere(self, active: Connector, staging: Connector) -> str | None:
        """Return what a connector shares with another than the one that it shares most with."""
        marks = {a.mark for a in self.shared[active.identifier, staging.identifier]}
        for other in self.free:
            for agreement in self.shared.get((active.identifier, other.identifier), ()):
                if other != staging and agreement.mark not in marks:
                    return f"{agreement.words}: {described(other)}"
        return None

    # ---- By being left ----

    def _only_one_left(self, active: Connector) -> Match:
        sure = {a: pair.staging for a, (pair, _) in self.matched.items() if pair is not None}
        left = [c for c in self.free if c.identifier not in sure.values()]
        kin = [c for c in left if alike(active, c)]
        candidates = [c for c in kin if disagreement(active, c) is None]
        if not candidates:
            return None, (no_candidate(active, left, kin, self.complete),)
        others = [c for c in self.open if c != active and c.identifier not in sure]
        rivals = [
            c for c in others if alike(c, candidates[0]) and not disagreement(c, candidates[0])
        ]
        if len(candidates) > 1 or rivals:
            return None, (ambiguous(active, candidates, rivals),)
        target = candidates[0]
        if not (active.kind and target.kind) and unlike_names(active, target):
            return None, (ambiguous(active, candidates, []),)
        kind = f" of kind {target.kind}" if active.kind == target.kind and target.kind else ""
        if self.complete and kind:
            why = f"the only connector{kind} besides Entra's that is left on either server"
            return Pair(active.identifier, target.identifier, Basis.ONLY_ONE, why), ()
        why = f"the only connector{kind} besides Entra's that either side's files show"
        return Pair(active.identifier, target.identifier, Basis.ASSUMED, why), ()

    def _active_connector(self, identifier: str) -> Connector:
        return self.known.get(identifier) or Connector(identifier)

    def _staging_connector(self, identifier: str) -> Connector:
        return self.staging.connector(identifier) or Connector(identifier)
