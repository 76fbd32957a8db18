"""In what two rules are not the same, with the values of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from syncrules.rules.comparison import (
    Value,
    differing_destinations,
    fields_of,
)
from syncrules.rules.enumerations import EXPRESSION
from syncrules.rules.model import AttributeFlowMapping, SyncRule
from syncrules.wording import contrasted

from .content import WORDS

__all__ = ["Unlike", "unlike_values"]


class Unlike(NamedTuple):
    """A field with both values."""

    what: str
    one: str
    other: str

    @property
    def contrast(self) -> tuple[str, str]:
        """Both values; of long ones the parts around the place where they begin to differ."""
        return contrasted(self.one, self.other)


def unlike_values(name: str, one: SyncRule, other: SyncRule) -> Iterator[Unlike]:
    """Yield what two rules have in a field in which they differ; of flows, each attribute's."""
    first, second = (fields_of(rule).get(name, "") for rule in (one, other))
    if name == "AttributeFlowMappings":
        yield from _flows(one, other)
    elif name in ("ScopeFilter", "JoinFilter"):
        yield Unlike(WORDS[name], *_groups(name, first, second))
    else:
        yield Unlike(WORDS.get(name, name), str(first), str(second))


def _flows(one: SyncRule, other: SyncRule) -> Iterator[Unlike]:
    for name in differing_destinations(one, other):
        own = [
            [f for f in rule.attribute_flow_mappings if f.destination == name]
            for rule in (one, other)
        ]
        first, second = (" and ".join(map(_flow, flows)) or "none" for flows in own)
        yield Unlike(f"attribute flow to {name}", first, second)


def _flow(flow: AttributeFlowMapping) -> str:
    """Return what fills an attribute, without what is the usual."""
    sources = () if flow.flow_type == EXPRESSION else flow.source or ()
    what = ", ".join((*sources, *((flow.expression,) if flow.expression else ())))
    merge = "" if flow.value_merge_type == "Update" else f", {flow.value_merge_type}"
    return f"{flow.flow_type} {what}{merge}{', once' if flow.execute_once else ''}"


def _groups(name: str, one: Value, other: Value) -> tuple[str, str]:
    """Return groups of conditions; of scopes, whose order does not count, those of one alone."""
    first, second = ([tuple(sorted(group)) for group in groups] for groups in (one, other))
    if name == "ScopeFilter":
        both = Counter(first) & Counter(second)
        first, second = (list((Counter(groups) - both).elements()) for groups in (first, second))
    texts = (" or ".join(f"({' and '.join(g)})" for g in groups) for groups in (first, second))
    one_text, other_text = (text or "none" for text in texts)
    return one_text, other_text
