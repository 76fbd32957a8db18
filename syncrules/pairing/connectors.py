"""Which connector of the active server is which of the staging server, and on what evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from syncrules.diagnostics import Diagnostic, Severity
from syncrules.rules.model import ENTRA_CONNECTOR
from syncrules.servers.model import Connector, Facet, Server

from .connector_text import COMMAND, described, listed
from .likeness import agreements, alike, disagreement, unlike_names

__all__ = ["Basis", "Needed", "Pair", "Pairing", "pair_connectors"]


class Basis(StrEnum):
    """What a pair rests on, from the strongest to the weakest."""

    GIVEN = "given"
    ENTRA = "entra"
    MAPPED_BEFORE = "mapped-before"
    FOREST = "forest"
    PARTITIONS = "partitions"
    NAME = "name"
    ONLY_ONE = "only-one"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Pair:
    """A connector of the active server and the staging server's that stands for it."""

    source: str
    target: str
    basis: Basis
    evidence: str
    """Why, in words."""


@dataclass(frozen=True, slots=True)
class Needed:
    """A connector that rules to be moved name.

    `find` makes a finding at the first place that names it: it takes code, message, hint and
    severity. `mapped_before` tells that every script that names it was made by this tool.
    """

    identifier: str
    find: Callable[[str, str, str, Severity], Diagnostic]
    mapped_before: bool = False


@dataclass(frozen=True, slots=True)
class Pairing:
    """The pairs: of all needed connectors, unless there are errors, and of others that are sure."""

    pairs: tuple[Pair, ...]
    diagnostics: tuple[Diagnostic, ...]


def pair_connectors(
    needed: Iterable[Needed], active: Server, staging: Server, given: Mapping[str, str]
) -> Pairing:
    """Pair each connector of the active server with one of the staging server's.

    In this order: what is `given` (by --map); the Entra connector's identifier; what this tool
    mapped before; forest, partitions or name; and the only two left of their kind, which is
    proof where both servers are known completely, and only an assumption elsewhere.
    """
    needed = tuple(needed)
    search = _Search(needed, active, staging, given)
    wanted = {n.identifier for n in needed}
    sources = dict.fromkeys((*(n.identifier for n in needed), *search.known))
    found = {source: search.result(source) for source in sources}
    pairs = tuple(
        p
        for source, p in found.items()
        if isinstance(p, Pair) and (source in wanted or p.basis is not Basis.ASSUMED)
    )
    said = (_finding(n, found[n.identifier], search) for n in needed)
    findings = [f for f in said if f is not None]
    findings += search.on_both_sides(wanted)
    findings += _given_in_vain(needed, active, given)
    findings += _shared_targets(needed, pairs)
    return Pairing(pairs, tuple(findings))


@dataclass(frozen=True, slots=True)
class _Problem:
    """Why a connector has no pair."""

    code: str
    message: str
    hint: str


class _Search:
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
        taken = {given[source] for source in self.known if source in given}
        self.there = [c for c in staging.connectors if not c.is_entra]
        self.free = [c for c in self.there if c.identifier not in taken]
        self.open = [c for c in self.known.values() if not c.is_entra and c.identifier not in given]
        self.shared = {
            (here.identifier, there.identifier): found
            for here in self.open
            for there in self.free
            if alike(here, there) and (found := agreements(here, there))
        }
        self.matched = {c.identifier: self._by_marks(c) for c in self.open}

    def result(self, source: str) -> Pair | _Problem:
        """Return the pair of a connector, or why it has none."""
        if source in self.given:
            return self._given(source)
        if source == ENTRA_CONNECTOR:
            why = "the Entra connector has this identifier on every server"
            return Pair(source, source, Basis.ENTRA, why)
        if self.staging.connector(source) is not None:
            if source in self.mapped:
                return Pair(source, source, Basis.MAPPED_BEFORE, "this file was mapped before")
            return _exported_on_the_wrong_server(source)
        return self.matched[source] or self._only_one_left(self.known[source])

    def on_both_sides(self, wanted: set[str]) -> list[Diagnostic]:
        """Find identifiers of both servers that no rule to be moved names."""
        spare = set(self.known) - wanted - set(self.given)
        return [
            Diagnostic(problem.code, Severity.ERROR, problem.message, problem.hint)
            for c in self.there
            if c.identifier in spare
            for problem in [_exported_on_the_wrong_server(c.identifier)]
        ]

    def is_unseen(self, there: Connector) -> bool:
        """Return whether no file shows a connector of the staging server."""
        return self.staging.connector(there.identifier) is None and not there.is_entra

    def contradicts(self, pair: Pair) -> str | None:
        """Return what says that a pair given with --map is of two systems, if anything does."""
        here, there = self._here(pair.source), self._there(pair.target)
        return disagreement(here, there)

    # ---- By --map ----

    def _given(self, source: str) -> Pair | _Problem:
        here, there = self._here(source), self._there(self.given[source])
        if not alike(here, there) or here.is_entra is not there.is_entra:
            return _Problem(
                "SR416",
                f"--map gives {described(here)} a connector of another kind: {described(there)}.",
                "Correct --map: the rules would run on another connected system.",
            )
        if self.is_unseen(there) and self.staging.is_complete_in(Facet.CONNECTORS):
            return _Problem(
                "SR403",
                f"--map names {there.identifier} as a connector of the staging server, which has "
                "none of that identifier.",
                f"Correct it; staging's connectors: {listed(self.staging.connectors)}.",
            )
        better = self._better(here, there)
        if better:
            return replace(
                _contradiction(source, f"--map says {described(there)}", better),
                hint=f"Find out which is right (on each server: {COMMAND}), and correct --map.",
            )
        return Pair(source, there.identifier, Basis.GIVEN, "given with --map")

    def _better(self, here: Connector, there: Connector) -> str | None:
        """Return which connector the evidence names where --map says otherwise."""
        if agreements(here, there):
            return None
        for other in self.there:
            found = agreements(here, other) if alike(here, other) else ()
            if found:
                return f"{found[0].words}: {described(other)}"
        for other in self.open:
            found = agreements(other, there) if alike(other, there) else ()
            if found:
                return f"{found[0].words}: {described(other)} of the active server"
        return None

    # ---- By what the connectors themselves tell ----

    def _by_marks(self, here: Connector) -> Pair | _Problem | None:
        """Pair a connector by forest, partitions or name; `None` where nothing agrees."""
        best = self._best_of(here)
        if not best:
            return None
        if len(best) > 1:
            return _ambiguous(here, best, [])
        there = best[0]
        agreement = self.shared[here.identifier, there.identifier][0]
        rivals = [c for c in self.open if c != here and self._best_of(c) == [there]]
        if rivals:
            return _ambiguous(here, best, rivals)
        against = disagreement(here, there) or self._elsewhere(here, there)
        if against:
            says = f"{agreement.words}: {described(there)}"
            return _contradiction(here.identifier, says, against)
        return Pair(here.identifier, there.identifier, Basis(agreement.mark), agreement.words)

    def _best_of(self, here: Connector) -> list[Connector]:
        """Return the connectors that share most with this one, and no more with another."""
        mine = {
            c.identifier: c
            for c in self.free
            if self._strength(here, c)
            and self._strength(here, c) == max(self._strength(o, c) for o in self.open)
        }
        most = max((self._strength(here, c) for c in mine.values()), default=())
        return [c for c in mine.values() if self._strength(here, c) == most]

    def _strength(self, here: Connector, there: Connector) -> tuple[int, ...]:
        found = self.shared.get((here.identifier, there.identifier), ())
        return tuple(a.strength for a in found)

    def _elsewhere(self, here: Connector, there: Connector) -> str | None:
        """Return what a connector shares with another than the one that it shares most with."""
        marks = {a.mark for a in self.shared[here.identifier, there.identifier]}
        for other in self.free:
            for agreement in self.shared.get((here.identifier, other.identifier), ()):
                if other != there and agreement.mark not in marks:
                    return f"{agreement.words}: {described(other)}"
        return None

    # ---- By being left ----

    def _only_one_left(self, here: Connector) -> Pair | _Problem:
        sure = {s: m.target for s, m in self.matched.items() if isinstance(m, Pair)}
        there = [c for c in self.free if c.identifier not in sure.values()]
        kin = [c for c in there if alike(here, c)]
        candidates = [c for c in kin if disagreement(here, c) is None]
        if not candidates:
            return _no_candidate(here, there, kin, self.complete)
        others = [c for c in self.open if c != here and c.identifier not in sure]
        rivals = [
            c for c in others if alike(c, candidates[0]) and not disagreement(c, candidates[0])
        ]
        if len(candidates) > 1 or rivals:
            return _ambiguous(here, candidates, rivals)
        target = candidates[0]
        if not (here.kind and target.kind) and unlike_names(here, target):
            return _ambiguous(here, candidates, [])
        kind = f" of kind {target.kind}" if here.kind == target.kind and target.kind else ""
        if self.complete and kind:
            why = f"the only connector{kind} besides Entra's that is left on either server"
            return Pair(here.identifier, target.identifier, Basis.ONLY_ONE, why)
        why = f"the only connector{kind} besides Entra's that either side's files show"
        return Pair(here.identifier, target.identifier, Basis.ASSUMED, why)

    def _here(self, identifier: str) -> Connector:
        return self.known.get(identifier) or Connector(identifier)

    def _there(self, identifier: str) -> Connector:
        return self.staging.connector(identifier) or Connector(identifier)


# ---- What is said where there is no pair ---------------------------------------------------------


def _exported_on_the_wrong_server(identifier: str) -> _Problem:
    return _Problem(
        "SR402",
        f"The connector {identifier} is on both sides, but only the Entra connector's identifier "
        "is the same on two servers: one of the files was exported on the wrong server.",
        "Export again: EXPORT and --active on the active server, --staging on the staging server. "
        f"If it is meant: --map {identifier}={identifier}",
    )


def _contradiction(source: str, one: str, other: str) -> _Problem:
    return _Problem(
        "SR417",
        f"The evidence contradicts itself about the connector {source}. On one side: {one}. "
        f"On the other: {other}.",
        f"Find out which is right (on each server: {COMMAND}), and give files of the right "
        f"servers, or say it with --map {source}=NEW.",
    )


def _no_candidate(
    here: Connector, there: list[Connector], kin: list[Connector], complete: bool
) -> _Problem:
    if kin:
        options = " or ".join(f"--map {here.identifier}={c.identifier}" for c in kin)
        return _Problem(
            "SR405",
            f"No connector of the staging server is of the same system as {described(here)}: "
            f"{disagreement(here, kin[0])}. Its connectors: {listed(there)}.",
            "Create the connector with the staging server's wizard and export again. If the "
            f"system itself has another name now: {options}",
        )
    if there:
        return _Problem(
            "SR405",
            f"The connector {here.identifier} is of kind {here.kind}, and the staging "
            f"server's files show only others: {listed(there)}.",
            "Export an out-of-box rule of the same connected system on the staging server and "
            "give it with --staging.",
        )
    lacks = (
        f"The staging server has no connector that could stand for {described(here)}."
        if complete
        else "Nothing given with --staging shows a connector that could stand for "
        f"{here.identifier}."
    )
    return _Problem(
        "SR404",
        lacks,
        "On the staging server, export an out-of-box rule of the same connected system in the "
        "Synchronization Rules Editor and give it with --staging. If the staging server has no "
        "such connector, its wizard must create it first.",
    )


def _ambiguous(here: Connector, candidates: list[Connector], rivals: list[Connector]) -> _Problem:
    lines = "; ".join(described(c) for c in candidates)
    also = f" The active server's {listed(rivals)} could be meant as well." if rivals else ""
    options = " or ".join(f"--map {here.identifier}={c.identifier}" for c in candidates)
    return _Problem(
        "SR406",
        f"Which connector of the staging server stands for {described(here)}? {len(candidates)} "
        f"{'is' if len(candidates) == 1 else 'are'} left: {lines}.{also}",
        f"Compare the connectors' names (on each server: {COMMAND}), then add {options}",
    )


def _finding(needed: Needed, found: Pair | _Problem, search: _Search) -> Diagnostic | None:
    """Return what is to be said of a connector that rules to be moved name."""
    if isinstance(found, _Problem):
        return needed.find(found.code, found.message, found.hint, Severity.ERROR)
    if found.basis is Basis.ASSUMED:
        return needed.find(
            "SR410",
            f"That {found.source} is the staging server's {found.target} is assumed: it is "
            f"{found.evidence}, but exports show only what was selected.",
            f"Compare the two connectors' names (on each server: {COMMAND}); to confirm: "
            f"--map {found.source}={found.target}",
            Severity.WARNING,
        )
    if found.basis is not Basis.GIVEN:
        return None
    if search.is_unseen(Connector(found.target)):
        return needed.find(
            "SR403",
            f"--map names {found.target} as a connector of the staging server; nothing given with "
            "--staging shows it, and exports show only what was selected.",
            f"Compare it letter by letter with what the staging server says: {COMMAND}",
            Severity.WARNING,
        )
    apart = search.contradicts(found)
    if apart:
        return needed.find(
            "SR418",
            f"--map pairs {found.source} with {found.target}, which differ: {apart}.",
            "Make sure that the rules should run on this other system.",
            Severity.WARNING,
        )
    return None


def _given_in_vain(
    needed: tuple[Needed, ...], active: Server, given: Mapping[str, str]
) -> list[Diagnostic]:
    known = {n.identifier for n in needed} | {c.identifier for c in active.connectors}
    # The command that made an output may be given again with that output.
    done = {n.identifier for n in needed if n.mapped_before}
    return [
        Diagnostic(
            "SR401",
            Severity.ERROR,
            f"--map names {source} as a connector of the active server, but no rule has it.",
            f"Correct it; the rules to be moved name {', '.join(n.identifier for n in needed)}.",
        )
        for source, target in given.items()
        if source not in known and target not in done
    ]


def _shared_targets(needed: tuple[Needed, ...], pairs: tuple[Pair, ...]) -> list[Diagnostic]:
    finders = {n.identifier: n.find for n in needed}
    findings = []
    for index, pair in enumerate(pairs):
        other = next((p for p in pairs[:index] if p.target == pair.target), None)
        # A file that was mapped before may be given beside a new one of the same connector.
        if other and Basis.MAPPED_BEFORE not in (pair.basis, other.basis):
            find = finders.get(pair.source) or finders.get(other.source) or _nowhere
            findings.append(
                find(
                    "SR407",
                    f"Both {other.source} and {pair.source} would become {pair.target}: rules of "
                    "two connected systems would run on one.",
                    "Correct --map: each connector of the active server has one of its own.",
                    Severity.ERROR,
                )
            )
    return findings


def _nowhere(code: str, message: str, hint: str, severity: Severity) -> Diagnostic:
    return Diagnostic(code, severity, message, hint)
