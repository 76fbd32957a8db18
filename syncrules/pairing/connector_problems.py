"""Why a connector has no pair, in words, and what to do."""

from __future__ import annotations

from syncrules.diagnostics import Code, Problem
from syncrules.servers.model import Connector

from .connector_text import LIST_CONNECTORS, MOST, described, listed
from .likeness import disagreement

__all__ = ["ambiguous", "contradiction", "exported_on_the_wrong_server", "no_candidate"]


def exported_on_the_wrong_server(identifier: str) -> Problem:
    """Return the problem of an identifier that both servers' files show."""
    return Problem(
        Code.SR402,
        f"The connector {identifier} is on both sides, but only the Entra connector's identifier "
        "is the same on two servers: one of the files was exported on the wrong server.",
        "Export again: EXPORT and --active on the active server, --staging on the staging server. "
        f"If it is meant: --map {identifier}={identifier}",
    )


def contradiction(identifier: str, one: str, other: str) -> Problem:
    """Return the problem of a connector that two pieces of evidence pair otherwise."""
    return Problem(
        Code.SR417,
        f"The evidence contradicts itself about the connector {identifier}. On one side: {one}. "
        f"On the other: {other}.",
        f"Find out which is right (on each server: {LIST_CONNECTORS}), and give files of the right "
        f"servers, or say it with --map {identifier}=NEW.",
    )


def no_candidate(
    active: Connector, left: list[Connector], kin: list[Connector], complete: bool
) -> Problem:
    """Return the problem of a connector that none of those `left` on staging could stand for.

    `kin` are those of its kind; `complete` says that both servers' lists are.
    """
    if kin:
        options = _options(active, kin)
        return Problem(
            Code.SR405,
            f"No connector of the staging server is of the same system as {described(active)}: "
            f"{disagreement(active, kin[0])}. Its connectors: {listed(left)}.",
            "Create the connector with the staging server's wizard and export again. To leave all "
            f"rules of this connector behind, add --leave {active.identifier} or, if the system "
            f"itself has another name now, {options}",
        )
    if left:
        return Problem(
            Code.SR405,
            f"The connector {active.identifier} is of kind {active.kind}, and the staging "
            f"server's files show only others: {listed(left)}.",
            "Export an out-of-box rule of the same connected system on the staging server and "
            f"give it with --staging. {_leave(active)}",
        )
    lacks = (
        f"The staging server has no connector that could stand for {described(active)}."
        if complete
        else "Nothing given with --staging shows a connector that could stand for "
        f"{active.identifier}."
    )
    return Problem(
        Code.SR404,
        lacks,
        "On the staging server, export an out-of-box rule of the same connected system in the "
        "Synchronization Rules Editor and give it with --staging. If the staging server has no "
        f"such connector, its wizard must create it first. {_leave(active)}",
    )


def _leave(active: Connector) -> str:
    return f"To leave all rules of this connector behind: --leave {active.identifier}"


def ambiguous(active: Connector, candidates: list[Connector], suitors: list[Connector]) -> Problem:
    """Return the problem of a connector that several could stand for, or that has rivals.

    `suitors` are all connectors of the active server that the candidates could be, this one too.
    """
    lines = "; ".join(described(c) for c in candidates[:MOST])
    more = len(candidates) - MOST
    lines += f"; and {more} more" if more > 0 else ""
    rivals = listed(suitors, apart_from=active)
    also = f" The active server's {rivals} could be meant as well." if len(suitors) > 1 else ""
    options = _options(active, candidates)
    return Problem(
        Code.SR406,
        f"Which connector of the staging server stands for {described(active)}? {len(candidates)} "
        f"{'is' if len(candidates) == 1 else 'are'} left: {lines}.{also}",
        f"Compare the connectors' names (on each server: {LIST_CONNECTORS}), then add {options}",
    )


def _options(active: Connector, candidates: list[Connector]) -> str:
    return " or ".join(f"--map {active.identifier}={c.identifier}" for c in candidates[:MOST])
