"""The attributes that a rule names: on which side, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from syncrules.diagnostics import Span
from syncrules.expressions.scanner import attributes
from syncrules.rules.enumerations import CONSTANT, INBOUND
from syncrules.rules.model import AttributeFlowMapping

from ..moving_rules import MovingRule

__all__ = ["NamedAttribute", "named_attributes"]


class NamedAttribute(NamedTuple):
    """An attribute of the connector, or else of the metaverse."""

    name: str
    of_connector: bool
    span: Span


def named_attributes(moving: MovingRule) -> Iterator[NamedAttribute]:
    """Yield the attributes that a rule names, each as often as it does."""
    rule, placed = moving.rule, moving.placed
    is_inbound = rule.direction == INBOUND
    for flow, command in zip(rule.attribute_flow_mappings, placed.flows, strict=True):
        span = Span.of(command)
        yield NamedAttribute(flow.destination, not is_inbound, span)
        yield from (NamedAttribute(name, is_inbound, span) for name in _sources(flow))
    for scope, commands in zip(rule.scope_filter, placed.scopes, strict=True):
        for condition, command in zip(scope, commands, strict=True):
            yield NamedAttribute(condition.attribute, is_inbound, Span.of(command))
    for join, commands in zip(rule.join_filter, placed.joins, strict=True):
        for criterion, command in zip(join, commands, strict=True):
            yield NamedAttribute(criterion.cs_attribute, True, Span.of(command))
            yield NamedAttribute(criterion.mv_attribute, False, Span.of(command))


def _sources(flow: AttributeFlowMapping) -> tuple[str, ...]:
    if flow.flow_type == CONSTANT:
        return ()
    return (*(flow.source or ()), *attributes(flow.expression or ""))
