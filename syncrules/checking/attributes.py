"""Attributes that their schema lacks; in expressions also those in another letter case.

The source of an inbound flow is the connector, that of an outbound flow the metaverse. That names
are case-sensitive says Microsoft's page on declarative provisioning expressions; all 391
expressions of its own rules write each name as the schema does. Outside expressions nothing is
said of letter case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import NamedTuple

from syncrules.diagnostics import Code, Place, Problem, Span
from syncrules.expressions.tree import ExpressionNode, NodeKind
from syncrules.rules.enumerations import DIRECT, INBOUND
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Server

from .checked import Checked
from .found import Found
from .subjects import Subject

__all__ = ["attributes"]

_BUILT_IN = frozenset(("dn", "objecttype", "sourceobjecttype"))
"""Names that no schema lists: Microsoft's own rules use [dn]."""


class _Schema(NamedTuple):
    """What defines attributes: how it is called, and its names by what they are in lower case."""

    called: str
    names: Mapping[str, str]

    def lacks(self, name: str) -> bool:
        return name.lower() not in self.names and name.lower() not in _BUILT_IN


_SchemaOf = Callable[[SyncRule, bool], _Schema | None]
"""What gives the schema of a rule's connector, or else that of the metaverse, if it is known."""


def attributes(checked: Checked) -> Iterator[Found]:
    """Yield attributes that the schema does not have so."""
    schema_of = _schemas(checked.server)
    yield from _in_expressions(checked, schema_of)
    for subject in checked.subjects:
        for name, of_connector, place, where in _outside(subject):
            schema = schema_of(subject.rule, of_connector)
            if schema is not None and schema.lacks(name):
                yield Found(_lacking(f"'{name}'", schema.called), place(), where)


def _schemas(server: Server) -> _SchemaOf:
    """Return what gives the schemas of a server, each made once."""

    @cache
    def of_connector(identifier: str) -> _Schema | None:
        connector = server.connector(identifier)
        if connector is None or connector.attribute_names is None:
            return None
        called = f"the connector {connector.label or connector.identifier}"
        return _Schema(called, _by_lower_case(connector.attribute_names))

    metaverse = server.metaverse_names
    of_metaverse = metaverse and _Schema("the metaverse", _by_lower_case(metaverse))
    return lambda rule, is_connector: (
        of_connector(rule.connector) if is_connector else of_metaverse or None
    )


def _by_lower_case(names: frozenset[str]) -> Mapping[str, str]:
    return {name.lower(): name for name in names}


def _lacking(name: str, called: str) -> Problem:
    return Problem(
        Code.SR720,
        f"{name} is not an attribute in the schema of {called}. Where it is read, it is always "
        "absent; where it is written, nothing is.",
        "Correct the name, or refresh the directory schema in the wizard and export the "
        "configuration again.",
    )


# ---- In expressions ------------------------------------------------------------------------------


def _in_expressions(checked: Checked, schema_of: _SchemaOf) -> Iterator[Found]:
    for flow in checked.flows:
        expression, rule = checked.readings[flow.text].expression, flow.subject.rule
        schema = schema_of(rule, rule.direction == INBOUND)
        if expression is None or schema is None:
            continue
        for node in expression.attributes:
            problem = _problem(node, schema)
            if problem is not None:
                place = flow.subject.in_expression(flow.number, Span.of(node))
                yield Found(problem, place, flow.where)


def _problem(node: ExpressionNode, schema: _Schema) -> Problem | None:
    written = _written(node, node.value)
    if schema.lacks(node.value):
        return _lacking(written, schema.called)
    known = schema.names.get(node.value.lower(), node.value)
    if known == node.value:
        return None
    return Problem(
        Code.SR721,
        f"{written} is written {_written(node, known)} in the schema of {schema.called}: names in "
        "expressions are case-sensitive.",
        f"Write {_written(node, known)}.",
    )


def _written(node: ExpressionNode, name: str) -> str:
    return f'"{name}"' if node.kind is NodeKind.TEXT else f"[{name}]"


# ---- Outside expressions -------------------------------------------------------------------------

_Named = tuple[str, bool, Callable[[], Place], str]
"""An attribute, whether it is the connector's, and where it is named."""


def _outside(subject: Subject) -> Iterator[_Named]:
    rule = subject.rule
    is_inbound = rule.direction == INBOUND
    for number, flow in enumerate(rule.attribute_flow_mappings):
        where = f"the flow to '{flow.destination}' of '{rule.name}'"
        yield flow.destination, not is_inbound, partial(subject.flow, number), where
        if flow.flow_type == DIRECT:
            for name in flow.source or ():
                yield name, is_inbound, partial(subject.flow, number), where
    for g, group in enumerate(rule.scope_filter):
        for c, condition in enumerate(group):
            where = f"the scope of '{rule.name}'"
            yield condition.attribute, is_inbound, partial(subject.scope, g, c), where
    for g, joins in enumerate(rule.join_filter):
        for c, join in enumerate(joins):
            where = f"a join of '{rule.name}'"
            yield join.cs_attribute, True, partial(subject.join, g, c), where
            yield join.mv_attribute, False, partial(subject.join, g, c), where
