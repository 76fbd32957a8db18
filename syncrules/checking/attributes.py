"""Attributes that their schema lacks; in expressions also those in another letter case.

The source of an inbound flow is the connector, that of an outbound flow the metaverse. That names
are case-sensitive says Microsoft's page on declarative provisioning expressions; all 391
expressions of its own rules write each name as the schema does. Outside expressions nothing is
said of letter case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from syncrules.diagnostics import Code, Place, Problem, Several, Span
from syncrules.expressions.tree import ExpressionNode, NodeKind
from syncrules.rules.enumerations import DIRECT, INBOUND
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Server
from syncrules.wording import BY_COMMAND

from .checked import Checked
from .found import Found, connector_in_words
from .subjects import Subject

__all__ = ["attributes", "letter_case"]

_BUILT_IN = frozenset(("dn", "objecttype", "sourceobjecttype"))
"""Names that no schema lists: Microsoft's own rules use [dn]."""


class _Schema(NamedTuple):
    """What defines attributes: how it is called, and its names as it writes them, and small."""

    called: str
    names: frozenset[str]
    small: frozenset[str]

    def lacks(self, name: str) -> bool:
        return name.lower() not in self.small and name.lower() not in _BUILT_IN

    def written(self, name: str) -> str | None:
        """Return how it writes a name that stands otherwise here."""
        if name in self.names or name.lower() not in self.small:
            return None
        return next((known for known in self.names if known.lower() == name.lower()), None)


def _schema(server: Server, rule: SyncRule, *, of_connector: bool) -> _Schema | None:
    """Return the schema of a rule's connector, or else that of the metaverse, if it is known."""
    if of_connector:
        connector = server.connector(rule.connector)
        called = connector_in_words(server, rule.connector)
        names = connector and connector.attribute_names
        small = connector and connector.attributes
    else:
        called, names, small = "the metaverse", server.metaverse_names, server.metaverse
    return None if not names or not small else _Schema(called, names, small)


def attributes(checked: Checked) -> Iterator[Found]:
    """Yield attributes that the schema does not have."""
    for node, schema, place, where in _in_expressions(checked):
        if schema.lacks(node.value):
            yield Found(_lacking(node.value, schema.called), place(), where)
    for subject in checked.subjects:
        for name, of_connector, place, where in _outside(subject):
            known = _schema(checked.server, subject.rule, of_connector=of_connector)
            if known is not None and known.lacks(name):
                yield Found(_lacking(name, known.called), place(), where)


def _lacking(name: str, called: str) -> Problem:
    export_again = (
        "refresh the directory schema in the wizard and export the configuration again "
        f"{BY_COMMAND}."
    )
    return Problem(
        Code.SR720,
        f"'{name}' is not an attribute in the schema of {called}. Where it is read, it is always "
        "absent; where it is written, nothing is.",
        f"Correct the name, or {export_again}",
        several=Several(
            f"attributes are not in the schema of {called}. Where they are read, they are always "
            "absent; where they are written, nothing is.",
            f"Correct the names, or {export_again}",
            (name,),
        ),
    )


def letter_case(checked: Checked) -> Iterator[Found]:
    """Yield attributes in expressions that the schema writes in another letter case."""
    for node, schema, place, where in _in_expressions(checked):
        known = schema.written(node.value)
        if known is not None:
            problem = _other_case(_written(node, node.value), _written(node, known), schema.called)
            yield Found(problem, place(), where)


def _other_case(written: str, known: str, called: str) -> Problem:
    return Problem(
        Code.SR721,
        f"{written} is written {known} in the schema of {called}: names in expressions are "
        "case-sensitive.",
        f"Write {known}.",
        several=Several(
            f"attributes are written otherwise in the schema of {called}: names in expressions "
            "are case-sensitive.",
            "Write them as the schema does.",
            (written, f"in the schema {known}"),
        ),
    )


def _written(node: ExpressionNode, name: str) -> str:
    return f'"{name}"' if node.kind is NodeKind.TEXT else f"[{name}]"


# ---- Where attributes are named ------------------------------------------------------------------


def _in_expressions(
    checked: Checked,
) -> Iterator[tuple[ExpressionNode, _Schema, Callable[[], Place], str]]:
    """Yield each attribute of an expression with its schema, where it is known, and its place."""
    for flow in checked.flows:
        expression, rule = checked.readings[flow.text].expression, flow.subject.rule
        if expression is None:
            continue
        schema = _schema(checked.server, rule, of_connector=rule.direction == INBOUND)
        if schema is None:
            continue
        for node in expression.attributes:
            place = partial(flow.subject.in_expression, flow.number, Span.of(node))
            yield node, schema, place, flow.where


_Named = tuple[str, bool, Callable[[], Place], str]
"""An attribute, whether it is the connector's, and where it is named."""


def _outside(subject: Subject) -> Iterator[_Named]:
    rule = subject.rule
    is_inbound = rule.direction == INBOUND
    for number, flow in enumerate(rule.attribute_flow_mappings):
        where = f"the flow to '{flow.destination}' of {subject.named}"
        yield flow.destination, not is_inbound, partial(subject.flow, number), where
        if flow.flow_type == DIRECT:
            for name in flow.source or ():
                yield name, is_inbound, partial(subject.flow, number), where
    for g, group in enumerate(rule.scope_filter):
        for c, condition in enumerate(group):
            where = f"the scope of {subject.named}"
            yield condition.attribute, is_inbound, partial(subject.scope, g, c), where
    for g, joins in enumerate(rule.join_filter):
        for c, join in enumerate(joins):
            where = f"a join of {subject.named}"
            yield join.cs_attribute, True, partial(subject.join, g, c), where
            yield join.mv_attribute, False, partial(subject.join, g, c), where
