"""What is found of rules: the same thing at several places is one finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from syncrules.diagnostics import Diagnostic, Place, Problem, grouped
from syncrules.servers.model import Server
from syncrules.wording import first_of

__all__ = ["Found", "connector_in_words", "told"]


class Found(NamedTuple):
    """A problem at a place; `where` says in words in which rule, and in which part of it.

    Where the problem says how it is told with others of its cause, `where` is the last cell.
    """

    problem: Problem
    place: Place
    where: str


def connector_in_words(server: Server, identifier: str) -> str:
    """Return a connector as a message tells it; one without a name has its identifier."""
    label = server.label(identifier)
    return f"the {label}" if label.startswith("connector ") else f"the connector {label}"


def told(found: Iterable[Found]) -> tuple[Diagnostic, ...]:
    """Return what was found: each problem once with all its places, those of one cause as one."""
    by_problem: dict[Problem, list[Found]] = {}
    for one in found:
        by_problem.setdefault(one.problem, []).append(one)
    return grouped(_told(problem, all_of_it) for problem, all_of_it in by_problem.items())


def _told(problem: Problem, found: Sequence[Found]) -> Diagnostic:
    wheres = dict.fromkeys(f.where for f in found)
    message = f"{problem.message} This is in {first_of(wheres, 3)}."
    several = problem.several
    if several is not None:
        several = several._replace(row=(*several.row, first_of(wheres, 1)))
    places = dict.fromkeys(f.place for f in found)
    return problem._replace(message=message, several=several).at(*places)
