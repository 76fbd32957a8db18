"""Flows whose type does not fit what they hold.

Source: the declarative provisioning page, for what the types do; and 666 flows of public exports,
which have a source and an expression, a source only, or an expression only.
"""

from __future__ import annotations

import re

from syncrules.diagnostics import Code, Problem

from .enumerations import CONSTANT, DIRECT, EXPRESSION
from .model import AttributeFlowMapping

__all__ = ["DO_NOT_FIT", "misfit"]

DO_NOT_FIT = (
    "flows do not fit their types. The server may refuse them, or write something else than you "
    "expect."
)
"""What is said of several, after their number."""

_EXPRESSION = re.compile(r'\s*(?:\w+\s*\(|\[|")')
"""How an expression begins: with a function, an attribute in brackets, or a text."""


def misfit(flow: AttributeFlowMapping) -> Problem | None:
    """Return what of a flow does not fit its type, if anything."""
    check = _WRONG.get(flow.flow_type)  # another word was refused when it was read
    wrong = check(flow) if check is not None else None
    return None if wrong is None else _misfit(flow, *wrong)


_Wrong = tuple[str, str] | None
"""What does not fit, and what to do."""

_CHANGE_TO_EXPRESSION = "If the expression is meant, change the type to Expression"


def _direct(flow: AttributeFlowMapping) -> _Wrong:
    sources = flow.source or ()
    if _has_expression(flow):
        return (
            "has an -Expression, but a Direct flow copies an attribute",
            f"{_CHANGE_TO_EXPRESSION}; otherwise delete it.",
        )
    if len(sources) != 1:
        many = "no -Source" if not sources else f"{len(sources)} attributes in -Source"
        return (
            f"has {many}, but a Direct flow copies one attribute",
            "Give it the one attribute to copy, or make it an Expression flow.",
        )
    if _EXPRESSION.match(sources[0]):
        return (
            f"has the -Source '{sources[0]}', which is not an attribute but an expression",
            f"{_CHANGE_TO_EXPRESSION} and write it as -Expression.",
        )
    return None


def _constant(flow: AttributeFlowMapping) -> _Wrong:
    sources = flow.source or ()
    if _has_expression(flow):
        return (
            "has an -Expression, but a Constant flow writes the text in its -Source",
            f"{_CHANGE_TO_EXPRESSION}; otherwise delete it.",
        )
    if len(sources) != 1:
        many = "no -Source" if not sources else f"{len(sources)} texts in -Source"
        return (
            f"has {many}, but a Constant flow writes the one text in its -Source",
            "Give it the one text to write as -Source.",
        )
    return None


def _expression(flow: AttributeFlowMapping) -> _Wrong:
    if _has_expression(flow):
        return None
    return (
        "has no -Expression, so nothing says what it writes",
        "Give it its -Expression, or change the type to Direct or Constant if -Source is meant.",
    )


def _has_expression(flow: AttributeFlowMapping) -> bool:
    return bool((flow.expression or "").strip())


_WRONG = {DIRECT: _direct, CONSTANT: _constant, EXPRESSION: _expression}


def _misfit(flow: AttributeFlowMapping, what: str, hint: str) -> Problem:
    return Problem(
        Code.SR474,
        f"The flow to '{flow.destination}' is of the type {flow.flow_type} and {what}. The server "
        "may refuse it, or write something else than you expect.",
        hint,
    )
