"""What is wrong or doubtful in an expression, with its place in the expression's text."""

from __future__ import annotations

from typing import NamedTuple

from syncrules.diagnostics import Problem, Span

__all__ = ["Finding"]


class Finding(NamedTuple):
    """A problem, and the part of the expression that it is about."""

    span: Span
    problem: Problem
