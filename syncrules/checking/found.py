"""What is found of rules: the same thing at several places is one finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from syncrules.diagnostics import Diagnostic, Place, Problem
from syncrules.wording import first_of

__all__ = ["Found", "told"]


class Found(NamedTuple):
    """A problem at a place; `where` says in words in which rule, and in which part of it."""

    problem: Problem
    place: Place
    where: str


def told(found: Iterable[Found]) -> Iterator[Diagnostic]:
    """Yield what was found, in its order, each problem once with all its places."""
    by_problem: dict[Problem, list[Found]] = {}
    for one in found:
        by_problem.setdefault(one.problem, []).append(one)
    for problem, all_of_it in by_problem.items():
        where = first_of(dict.fromkeys(f.where for f in all_of_it), 3)
        places = dict.fromkeys(f.place for f in all_of_it)
        yield problem._replace(message=f"{problem.message} This is in {where}.").at(*places)
