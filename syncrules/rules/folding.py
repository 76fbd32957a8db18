"""A rule without what means nothing: the layout of expressions, and the letter case of names.

Names of object types and of attributes, and the words of expressions, mean the same in any case;
texts in expressions and values of conditions do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from syncrules.expressions.scanner import attributes, significant, tokens

from .enumerations import CONSTANT, EXPRESSION, INBOUND
from .model import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule

__all__ = ["folded", "named_attributes", "on_one_line", "with_connectors"]


def folded(rule: SyncRule) -> SyncRule:
    """Return a rule in which all names are in lower case and expressions have single blanks."""
    return replace(
        rule,
        source_object_type=rule.source_object_type.lower(),
        target_object_type=rule.target_object_type.lower(),
        attribute_flow_mappings=tuple(_flow(f) for f in rule.attribute_flow_mappings),
        scope_filter=tuple(tuple(_scope(c) for c in group) for group in rule.scope_filter),
        join_filter=tuple(tuple(_join(c) for c in group) for group in rule.join_filter),
    )


def _flow(flow: AttributeFlowMapping) -> AttributeFlowMapping:
    source = flow.source
    if flow.flow_type == EXPRESSION:
        source = None  # the server derives it
    elif source is not None and flow.flow_type != CONSTANT:
        source = tuple(name.lower() for name in source)
    expression = flow.expression and _in_lower_case(flow.expression)
    return replace(flow, destination=flow.destination.lower(), source=source, expression=expression)


def _scope(condition: ScopeCondition) -> ScopeCondition:
    return replace(condition, attribute=condition.attribute.lower())


def _join(condition: JoinCondition) -> JoinCondition:
    return replace(
        condition,
        cs_attribute=condition.cs_attribute.lower(),
        mv_attribute=condition.mv_attribute.lower(),
    )


def _in_lower_case(expression: str) -> str:
    return _laid_out([t if t.startswith('"') else t.lower() for t in significant(expression)])


def _laid_out(words: Iterable[str]) -> str:
    """Return tokens in one layout, in which they are the same tokens again."""
    found = gap = ""
    for word in words:
        if _OPERATOR.fullmatch(word):
            found += f"{' ' if found else ''}{word}"
            gap = " "
        else:
            if _OF_WORD.match(found[-1:]) and _OF_WORD.match(word):
                gap = " "
            found += f"{gap}{word}"
            gap = " " if word == "," else ""
    return found


_OPERATOR = re.compile("&&?|[|]{1,2}|=|<[=>]?|>=?")
_OF_WORD = re.compile("[A-Za-z0-9_]")


_BLANKS = " \t\r\n"
"""Other kinds of blanks are not known to mean nothing."""


def on_one_line(expression: str) -> str:
    r"""Return an expression with single blanks between its tokens, where there are any.

    >>> on_one_line('IIF( IsPresent([mail]),\r\n  "a  b" & [cn],[mail])')
    'IIF( IsPresent([mail]), "a  b" & [cn],[mail])'
    """
    found = [t if t.strip(_BLANKS) else " " for t in tokens(expression)]
    return "".join(found[found[:1] == [" "] : len(found) - (found[-1:] == [" "])])


# ---- Other servers' identifiers ------------------------------------------------------------------

_GUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def with_connectors(rule: SyncRule, connectors: Mapping[str, str]) -> SyncRule:
    """Return a rule in whose texts connectors are renamed; as it is, if its texts name none."""
    if not connectors or not any(map(_GUID.search, _texts(rule))):
        return rule

    def renamed(text: str) -> str:
        return _GUID.sub(lambda g: connectors.get(g.group().lower(), g.group()), text)

    return replace(
        rule,
        attribute_flow_mappings=tuple(
            replace(
                flow,
                source=flow.source and tuple(map(renamed, flow.source)),
                expression=flow.expression and renamed(flow.expression),
            )
            for flow in rule.attribute_flow_mappings
        ),
        scope_filter=tuple(
            tuple(replace(c, comparison_value=renamed(c.comparison_value)) for c in group)
            for group in rule.scope_filter
        ),
    )


def _texts(rule: SyncRule) -> Iterator[str]:
    for flow in rule.attribute_flow_mappings:
        yield flow.expression or ""
        yield from flow.source or ()
    yield from (c.comparison_value for group in rule.scope_filter for c in group)


# ---- What a rule names ---------------------------------------------------------------------------


def named_attributes(rule: SyncRule) -> Iterator[tuple[bool, str]]:
    """Yield the attributes that a rule names, in lower case: whether the connector's, and which."""
    is_inbound = rule.direction == INBOUND
    for flow in rule.attribute_flow_mappings:
        yield not is_inbound, flow.destination.lower()
        yield from ((is_inbound, name.lower()) for name in _sources(flow))
    for group in rule.scope_filter:
        yield from ((is_inbound, c.attribute.lower()) for c in group)
    for joins in rule.join_filter:
        for condition in joins:
            yield True, condition.cs_attribute.lower()
            yield False, condition.mv_attribute.lower()


def _sources(flow: AttributeFlowMapping) -> tuple[str, ...]:
    if flow.flow_type == CONSTANT:
        return ()
    listed = () if flow.flow_type == EXPRESSION else flow.source or ()
    return (*listed, *attributes(flow.expression or ""))
