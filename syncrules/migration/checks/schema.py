"""Attributes that the staging server's schema lacks.

A rule that names one is refused by the server, or is added and does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Problem, Span
from syncrules.expressions.scanner import attributes
from syncrules.rules.enumerations import CONSTANT, INBOUND
from syncrules.rules.model import AttributeFlowMapping
from syncrules.script.nodes import Command

from ..context import Context
from ..moving_rules import MovingRule

__all__ = ["unknown_attributes"]

_BUILT_IN = frozenset(("dn", "objecttype", "sourceobjecttype"))


def unknown_attributes(context: Context) -> Iterator[Diagnostic]:
    """Yield each attribute, once a place, that the schema of its side does not define."""
    connectors = {c.identifier: c for c in context.staging.connectors}
    metaverse = context.staging.metaverse
    for moving in context.moving:
        staging = connectors.get(context.connectors.get(moving.rule.connector, ""))
        connector = staging.attributes if staging is not None else None
        called = f"connector {staging.name}" if staging and staging.name else "connector"
        inbound = moving.rule.direction == INBOUND
        schemas = {
            "source": connector if inbound else metaverse,
            "destination": metaverse if inbound else connector,
            "connector": connector,
            "metaverse": metaverse,
        }
        for side, name, span in dict.fromkeys(_named(moving)):
            known = schemas[side]
            if known is not None and name.lower() not in known and name.lower() not in _BUILT_IN:
                where = called if known is connector else "metaverse"
                yield _unknown(name, where).at(moving.place(span))


_Named = tuple[str, str, Span]


def _named(moving: MovingRule) -> Iterator[_Named]:
    """Yield the attributes that a rule names: on which side, and where."""
    rule, placed = moving.rule, moving.placed
    for flow, command in zip(rule.attribute_flow_mappings, placed.flows, strict=True):
        yield "destination", flow.destination, _span(command)
        yield from (("source", name, _span(command)) for name in _sources(flow))
    for scope, commands in zip(rule.scope_filter, placed.scopes, strict=True):
        for condition, command in zip(scope, commands, strict=True):
            yield "source", condition.attribute, _span(command)
    for join, commands in zip(rule.join_filter, placed.joins, strict=True):
        for criterion, command in zip(join, commands, strict=True):
            yield "connector", criterion.cs_attribute, _span(command)
            yield "metaverse", criterion.mv_attribute, _span(command)


def _span(command: Command) -> Span:
    return Span.of(command)


def _sources(flow: AttributeFlowMapping) -> tuple[str, ...]:
    if flow.flow_type == CONSTANT:
        return ()
    return (*(flow.source or ()), *attributes(flow.expression or ""))


def _unknown(name: str, where: str) -> Problem:
    return Problem(
        Code.SR460,
        f"The attribute '{name}' is not in the schema of staging's {where}: the rule would be "
        "refused, or not work.",
        "Select the directory extension in the staging server's wizard first."
        if name.lower().startswith("extension_")
        else "Refresh the directory schema on the staging server (its wizard), or correct the "
        "name; then export its configuration again.",
    )
