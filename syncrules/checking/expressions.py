"""What is said of each expression by itself; syncrules/expressions says it."""

from __future__ import annotations

from collections.abc import Iterator

from .checked import Checked
from .found import Found

__all__ = ["expressions"]


def expressions(checked: Checked) -> Iterator[Found]:
    """Yield what is wrong or doubtful in expressions, in the order of the rules."""
    for flow in checked.flows:
        for span, problem in checked.readings[flow.text].findings:
            place = flow.subject.in_expression(flow.number, span)
            yield Found(problem, place, flow.where)
