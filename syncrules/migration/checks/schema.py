"""Attributes that the staging server's schema lacks.

A rule that names one is refused by the server, or is added and does nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from syncrules.diagnostics import Diagnostic, Severity, Span, printable
from syncrules.migration.context import Situation
from syncrules.migration.moving_rules import Moving
from syncrules.rules.model import AttributeFlowMapping, SyncRule

__all__ = ["attributes_in", "unknown_attributes"]

_EXPRESSION = re.compile(r'"(?:\\.|[^"\\])*"|\[([^\[\]"]+)\]', re.DOTALL)
_ALWAYS = frozenset(("dn", "objecttype", "sourceobjecttype"))


def attributes_in(expression: str) -> tuple[str, ...]:
    """Return the attributes that an expression names in brackets; texts in quotes are passed over.

    >>> attributes_in('IIF(IsPresent([mail]),"[no]",[cn])')
    ('mail', 'cn')
    """
    return tuple(m[1] for m in _EXPRESSION.finditer(expression) if m[1])


def unknown_attributes(situation: Situation) -> Iterator[Diagnostic]:
    """Yield each attribute, once a place, that the schema of its side does not define."""
    connectors = {c.identifier: c for c in situation.staging.connectors}
    metaverse = situation.staging.metaverse
    for moving in situation.moving:
        there = connectors.get(situation.connectors.get(moving.rule.connector, ""))
        connector = there.attributes if there is not None else None
        called = f"connector {printable(there.name)}" if there and there.name else "connector"
        inbound = moving.rule.direction.lower() == "inbound"
        schemas = {
            "source": connector if inbound else metaverse,
            "destination": metaverse if inbound else connector,
            "connector": connector,
            "metaverse": metaverse,
        }
        for side, name, span in dict.fromkeys(_named(moving)):
            known = schemas[side]
            if known is not None and name.lower() not in known and name.lower() not in _ALWAYS:
                where = called if known is connector else "metaverse"
                yield _finding(moving, name, where, span)


_Named = tuple[str, str, Span]


def _named(moving: Moving) -> Iterator[_Named]:
    """Yield the attributes that a rule names: on which side, and where."""
    rule: SyncRule = moving.rule
    for flow, command in zip(rule.attribute_flow_mappings, moving.read.flows, strict=True):
        yield "destination", flow.destination, command.span
        yield from (("source", name, command.span) for name in _sources(flow))
    for scope, commands in zip(rule.scope_filter, moving.read.scopes, strict=True):
        for condition, command in zip(scope, commands, strict=True):
            yield "source", condition.attribute, command.span
    for join, commands in zip(rule.join_filter, moving.read.joins, strict=True):
        for criterion, command in zip(join, commands, strict=True):
            yield "connector", criterion.cs_attribute, command.span
            yield "metaverse", criterion.mv_attribute, command.span


def _sources(flow: AttributeFlowMapping) -> tuple[str, ...]:
    if flow.flow_type.lower() == "constant":
        return ()
    return (*(flow.source or ()), *attributes_in(flow.expression or ""))


def _finding(moving: Moving, name: str, where: str, span: Span) -> Diagnostic:
    extension = name.lower().startswith("extension_")
    return moving.finding(
        "SR460",
        f"The attribute '{printable(name)}' is not in the schema of staging's {where}: the rule "
        "would be refused, or not work.",
        "Select the directory extension in the staging server's wizard first."
        if extension
        else "Refresh the directory schema on the staging server (its wizard), or correct the "
        "name; then export its configuration again.",
        Severity.WARNING,
        span,
    )
