"""Which connector of the active server is which of the staging server, and on what evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .diagnostics import Diagnostic, Severity, printable
from .rules import ENTRA_CONNECTOR
from .servers import ENTRA, Connector, Server

__all__ = ["Basis", "Needed", "Pair", "Pairing", "pair_connectors"]


_NAMES = "Get-ADSyncConnector | Select-Object Name, Identifier"


class Basis(StrEnum):
    """What a pair rests on, from the strongest to the weakest."""

    GIVEN = "given"
    ENTRA = "entra"
    MAPPED_BEFORE = "mapped-before"
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
    """The pairs of all needed connectors, unless there are errors among the diagnostics."""

    pairs: tuple[Pair, ...]
    diagnostics: tuple[Diagnostic, ...]


def pair_connectors(
    needed: Iterable[Needed], active: Server, staging: Server, given: Mapping[str, str]
) -> Pairing:
    """Pair each needed connector of the active server with one of the staging server's.

    In this order: what is `given` (by --map), the Entra connector's identifier, what this tool
    mapped before, and the only two left of their kind, which partial evidence only suggests.
    """
    needed = tuple(needed)
    found = [_pair(n, active, staging, given) for n in needed]
    pairs = tuple(p for p in found if isinstance(p, Pair))
    findings = [f for f in found if isinstance(f, Diagnostic)]
    findings += _given_in_vain(needed, active, given)
    findings += _shared_targets(needed, pairs)
    findings += [_assumed(n, p) for n in needed for p in pairs if _is_assumed(n, p)]
    return Pairing(pairs, tuple(findings))


def _pair(
    needed: Needed, active: Server, staging: Server, given: Mapping[str, str]
) -> Pair | Diagnostic:
    source = needed.identifier
    if source in given:
        return _given(needed, active, staging, given[source])
    if source == ENTRA_CONNECTOR:
        return Pair(
            source, source, Basis.ENTRA, "the Entra connector has this identifier on every server"
        )
    if staging.connector(source) is not None:
        if needed.mapped_before:
            return Pair(source, source, Basis.MAPPED_BEFORE, "this file was mapped before")
        return needed.find(
            "SR402",
            f"The connector {source} is on both sides, but only the Entra connector's identifier "
            "is the same on two servers: one of the files was exported on the wrong server.",
            f"Export again: EXPORT on the active server, --staging on the staging server. If it "
            f"is meant: --map {source}={source}",
            Severity.ERROR,
        )
    return _only_one_left(needed, active, staging, given)


def _given(needed: Needed, active: Server, staging: Server, target: str) -> Pair | Diagnostic:
    here = active.connector(needed.identifier) or Connector(needed.identifier)
    there = staging.connector(target) or Connector(target)
    if not _alike(here, there):
        return needed.find(
            "SR416",
            f"--map gives {_described(here)} a connector of another kind: {_described(there)}.",
            "Correct --map: the rules would run on another connected system.",
            Severity.ERROR,
        )
    if staging.connector(target) is None and not there.is_entra:
        return needed.find(
            "SR403",
            f"--map names {target} as a connector of the staging server, but nothing given with "
            "--staging shows it.",
            f"Correct it; staging's connectors: {_list(staging.connectors)}.",
            Severity.ERROR,
        )
    return Pair(needed.identifier, target, Basis.GIVEN, "given with --map")


def _only_one_left(
    needed: Needed, active: Server, staging: Server, given: Mapping[str, str]
) -> Pair | Diagnostic:
    source = active.connector(needed.identifier) or Connector(needed.identifier)
    taken = [target for old, target in given.items() if active.connector(old) is not None]
    there = _unpaired(staging.connectors, taken)
    candidates = [c for c in there if _alike(source, c)]
    if not candidates:
        return _no_candidate(needed, source, there)
    here = _unpaired(active.connectors, given)
    rivals = [c for c in here if c != source and _alike(c, candidates[0])]
    if len(candidates) > 1 or rivals:
        return _ambiguous(needed, source, candidates, rivals)
    target = candidates[0]
    kind = f" of kind {target.kind}" if source.kind == target.kind and target.kind else ""
    return Pair(
        source.identifier,
        target.identifier,
        Basis.ASSUMED,
        f"the only connector{kind} besides Entra's that either side's files show",
    )


def _unpaired(connectors: Iterable[Connector], given: Iterable[str]) -> list[Connector]:
    taken = set(given)
    return [c for c in connectors if not c.is_entra and c.identifier not in taken]


def _alike(one: Connector, other: Connector) -> bool:
    kinds = {c.kind or (ENTRA if c.is_entra else None) for c in (one, other)} - {None}
    return len(kinds) < 2


def _no_candidate(needed: Needed, source: Connector, there: list[Connector]) -> Diagnostic:
    if there:
        return needed.find(
            "SR405",
            f"The connector {source.identifier} is of kind {source.kind}, and the staging "
            f"server's files show only others: {_list(there)}.",
            "Export an out-of-box rule of the same connected system on the staging server and "
            "give it with --staging.",
            Severity.ERROR,
        )
    return needed.find(
        "SR404",
        f"Nothing given with --staging shows a connector that could stand for {source.identifier}.",
        "On the staging server, export an out-of-box rule of the same connected system in the "
        "Synchronization Rules Editor and give it with --staging. If the staging server has no "
        "such connector, its wizard must create it first.",
        Severity.ERROR,
    )


def _ambiguous(
    needed: Needed, source: Connector, candidates: list[Connector], rivals: list[Connector]
) -> Diagnostic:
    lines = "; ".join(_described(c) for c in candidates)
    also = f" The active server's {_list(rivals)} could be meant as well." if rivals else ""
    options = " or ".join(f"--map {source.identifier}={c.identifier}" for c in candidates)
    return needed.find(
        "SR406",
        f"Which connector of the staging server stands for {_described(source)}? {len(candidates)} "
        f"{'is' if len(candidates) == 1 else 'are'} left: {lines}.{also}",
        f"Compare the connectors' names (on each server: {_NAMES}), then add {options}",
        Severity.ERROR,
    )


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
    findings = []
    for index, pair in enumerate(pairs):
        other = next((p for p in pairs[:index] if p.target == pair.target), None)
        # A file that was mapped before may be given beside a new one of the same connector.
        if other is not None and Basis.MAPPED_BEFORE not in (pair.basis, other.basis):
            own = next(n for n in needed if n.identifier == pair.source)
            findings.append(
                own.find(
                    "SR407",
                    f"Both {other.source} and {pair.source} would become {pair.target}: rules of "
                    "two connected systems would run on one.",
                    "Correct --map: each connector of the active server has one of its own.",
                    Severity.ERROR,
                )
            )
    return findings


def _is_assumed(needed: Needed, pair: Pair) -> bool:
    return pair.basis is Basis.ASSUMED and pair.source == needed.identifier


def _assumed(needed: Needed, pair: Pair) -> Diagnostic:
    return needed.find(
        "SR410",
        f"That {pair.source} is the staging server's {pair.target} is assumed: it is "
        f"{pair.evidence}, but exports show only what was selected.",
        f"Compare the two connectors' names (on each server: {_NAMES}); to confirm: "
        f"--map {pair.source}={pair.target}",
        Severity.WARNING,
    )


def _list(connectors: Iterable[Connector]) -> str:
    return ", ".join(f"{c.identifier} ({c.kind or 'kind unknown'})" for c in connectors) or "none"


def _described(connector: Connector) -> str:
    """Say what tells a connector apart: its kind and the out-of-box rules that show it."""
    shown = connector.shown_by
    rules = ", ".join(f"'{printable(name)}' in {printable(source)}" for name, source in shown[:2])
    more = f" and {len(shown) - 2} more" if len(shown) > 2 else ""
    by = f", shown by {rules}{more}" if shown else ", shown by no out-of-box rule"
    return f"{connector.identifier} ({connector.kind or 'kind unknown'}{by})"
