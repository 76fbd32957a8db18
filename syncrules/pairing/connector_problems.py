"""Why a connector has no pair, in words, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from syncrules.diagnostics import Code, Option, Problem, Row
from syncrules.servers.model import Connector
from syncrules.wording import BY_COMMAND, BY_EDITOR

from .connector_names import Names
from .connector_text import (
    CONNECTOR_LIST,
    LIST_CONNECTORS,
    MOST,
    described,
    listed,
    what_is_known,
)
from .likeness import disagreement

__all__ = [
    "Candidates",
    "ambiguous",
    "contradiction",
    "exported_on_the_wrong_server",
    "no_candidate",
    "several_called",
]


class Candidates(NamedTuple):
    """Connectors of the staging server that are not told apart; `identifiers` are theirs.

    `suitors` are all connectors of the active server that they could be.
    """

    connectors: Sequence[Connector]
    identifiers: frozenset[str]
    suitors: Sequence[Connector]

    @classmethod
    def of(cls, connectors: Sequence[Connector], suitors: Sequence[Connector]) -> Candidates:
        """Return connectors as candidates."""
        return cls(connectors, frozenset(c.identifier for c in connectors), suitors)


def exported_on_the_wrong_server(identifier: str) -> Problem:
    """Return the problem of an identifier that both servers' files show."""
    return Problem(
        Code.SR402,
        f"The connector {identifier} is on both sides, but only the Entra connector's identifier "
        "is the same on two servers: one of the files was exported on the wrong server.",
        f"Export again {BY_EDITOR}: EXPORT and --active on the active server, --staging on the "
        "staging server. "
        f"If this is intended: --map {identifier}={identifier}",
        options=(Option("--map", f"{identifier}={identifier}"),),
    )


def contradiction(identifier: str, one: str, other: str) -> Problem:
    """Return the problem of a connector that two pieces of evidence pair otherwise."""
    return Problem(
        Code.SR417,
        f"The files disagree about connector {identifier}. On one side: {one}. "
        f"On the other: {other}.",
        f"Find out which is right (on each server: {LIST_CONNECTORS}), and give files of the right "
        f"servers, or use --map {identifier}=NEW.",
    )


def no_candidate(
    active: Connector,
    left: list[Connector],
    kin: list[Connector],
    names: Names,
    *,
    complete: bool,
) -> Problem:
    """Return the problem of a connector that none of those `left` on staging could correspond to.

    `kin` are those of its kind; `complete` says that both servers' lists are.
    """
    leave = Option("--leave", active.identifier)
    if kin:
        options = tuple(names.map(active.identifier, c.identifier) for c in kin[:MOST])
        return Problem(
            Code.SR405,
            f"No connector of the staging server is of the same system as {described(active)}: "
            f"{disagreement(active, kin[0])}. Its connectors: {listed(left)}.",
            "Create the connector with the staging server's wizard and export its configuration "
            f"again {BY_COMMAND}. To leave all rules of this connector behind, add {leave} or, if "
            f"the system itself has another name now, {_either(options)}",
            options=(leave, *options),
        )
    if left:
        return Problem(
            Code.SR405,
            f"The connector {described(active)} is not of the type of any connector in the "
            f"staging server's files: {listed(left)}.",
            "Export an out-of-box rule of the same connected system on the staging server and "
            f"give it with --staging. To leave all rules of this connector behind: {leave}",
            options=(leave,),
        )
    lacks = (
        f"The staging server has no connector that could correspond to {described(active)}."
        if complete
        else "Nothing given with --staging shows a connector that could correspond to "
        f"{described(active)}."
    )
    return Problem(
        Code.SR404,
        lacks,
        "On the staging server, export an out-of-box rule of the same connected system in the "
        "Synchronization Rules Editor and give it with --staging. If the staging server has no "
        "such connector, its wizard must create it first. To leave all rules of this connector "
        f"behind: {leave}",
        options=(leave,),
    )


def ambiguous(
    active: Sequence[Connector],
    candidates: Candidates,
    names: Names,
    rules: Mapping[str, Sequence[str]],
    label: str,
) -> Problem:
    """Return the problem of connectors of which each could be several, or that are rivals.

    `rules` are the names of the custom rules of the active server's connectors, `label` is what the
    first of the `active` ones is called.
    """
    named = {c.identifier for c in active}
    rivals = [c for c in candidates.suitors if c.identifier not in named]
    options = tuple(
        names.map(one.identifier, candidate.identifier)
        for one in active[:MOST]
        for candidate in candidates.connectors[:MOST]
    )
    if len(active) == 1:
        add, which = _either(options), ""
    else:
        olds = (names.active.typed(c.identifier) for c in active[:MOST])
        each = " and ".join(f"--map {old}=NEW" for old in olds)
        add, which = each, ", with the staging server's connector as NEW"
    return Problem(
        Code.SR406,
        _which(label, len(active), len(rivals), len(candidates.connectors)),
        f"Give the connector list of both servers with --active and --staging (on each server: "
        f"{CONNECTOR_LIST}). Or compare the connectors' names ({LIST_CONNECTORS}) and "
        f"add{which}: {add}",
        options=options,
        rows=tuple(_rows((*active, *rivals), candidates, rules)),
        columns=("server", "connector", "what is known"),
    )


def _which(label: str, ours: int, rivals: int, theirs: int) -> str:
    which = label if ours == 1 else f"{ours} connectors"
    could = "could be" if ours == 1 else "could each be"
    if theirs > 1:
        either = "either of 2" if theirs == 2 else f"any of {theirs}"
        what = f"{either} connectors on the staging server, and no file tells which"
    elif ours + rivals > 1:
        what = "the same one of the staging server"
    else:
        what = "a connector of the staging server, and nothing confirms it"
    also = f" So could {rivals} more of the active server." if rivals else ""
    return f"{which} of the active server {could} {what}.{also}"


def _rows(
    active: Sequence[Connector], candidates: Candidates, rules: Mapping[str, Sequence[str]]
) -> Iterator[Row]:
    for c in active:
        yield "active", c.identifier, what_is_known(c, rules.get(c.identifier, ()))
    yield from (("staging", c.identifier, what_is_known(c, ())) for c in candidates.connectors)


def several_called(name: str, called: Sequence[Connector], server: str) -> Problem:
    """Return the problem of a name in --map that several connectors of a server have."""
    return Problem(
        Code.SR481,
        f"--map names '{name}', which is the name of {len(called)} connectors of the {server} "
        f"server: {listed(called)}.",
        "Give the identifier of the one that you mean.",
    )


def _either(options: Sequence[Option]) -> str:
    return " or ".join(map(str, options))
