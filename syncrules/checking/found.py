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
        message = f"{problem.message} {_where(all_of_it)}"
        yield problem._replace(message=message).at(all_of_it[0].place)


def _where(found: list[Found]) -> str:
    where = first_of(dict.fromkeys(f.where for f in found), 3)
    lines = _lines(found[0].place, [f.place for f in found[1:]])
    return f"This is in {where}{f' (also {lines})' if lines else ''}."


def _lines(first: Place, others: Iterable[Place]) -> str:
    """Return the lines of other places than the first, file by file."""
    shown = first.file, first.spot and first.spot.line
    lines: dict[str, dict[int, None]] = {}
    for file, spot in others:
        if spot is not None and (file, spot.line) != shown:
            lines.setdefault(file, {})[spot.line] = None
    return "; ".join(f"{file}:{first_of(map(str, own))}" for file, own in lines.items())
