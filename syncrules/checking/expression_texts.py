"""The expressions of rules: each distinct text is read once, and what it says has its places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from syncrules.expressions.checks import findings_in
from syncrules.expressions.finding import Finding
from syncrules.expressions.reading import read_expression
from syncrules.expressions.tree import Expression
from syncrules.rules.enumerations import EXPRESSION
from syncrules.rules.model import AttributeFlowMapping

from .subjects import Subject

__all__ = ["ExpressionFlow", "Reading", "expression_flows", "readings"]


class ExpressionFlow(NamedTuple):
    """A flow that has an expression, by its number in its rule."""

    subject: Subject
    number: int
    flow: AttributeFlowMapping
    text: str

    @property
    def where(self) -> str:
        """The flow in words."""
        return f"the flow to '{self.flow.destination}' of {self.subject.named}"


class Reading(NamedTuple):
    """An expression that was read, or `None`, and all that is said of it by itself."""

    expression: Expression | None
    findings: tuple[Finding, ...]


def expression_flows(subjects: Iterable[Subject]) -> Iterator[ExpressionFlow]:
    """Yield the flows with an expression that counts; one that is empty shows in its type."""
    for subject in subjects:
        for number, flow in enumerate(subject.rule.attribute_flow_mappings):
            text = flow.expression
            if flow.flow_type == EXPRESSION and text is not None and text.strip():
                yield ExpressionFlow(subject, number, flow, text)


def readings(flows: Iterable[ExpressionFlow]) -> Mapping[str, Reading]:
    """Return what each distinct text says."""
    return {text: _reading(text) for text in dict.fromkeys(flow.text for flow in flows)}


def _reading(text: str) -> Reading:
    expression, unread = read_expression(text)
    if expression is None:
        return Reading(None, (unread,) if unread is not None else ())
    return Reading(expression, findings_in(expression))
