"""What a rule does, as lines that are the same exactly when it does the same.

Letter case of names and layout of expressions are gone, and so is every order that means nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from .comparison import fields_of, quoted
from .enumerations import CONSTANT, EXPRESSION
from .folding import folded
from .model import AttributeFlowMapping, SyncRule

__all__ = ["CONTENT", "canonical_lines"]

CONTENT = (
    *("link_type", "source_object_type", "target_object_type", "enable_password_sync"),
    *("soft_delete_expiry_interval", "scope_filter", "join_filter", "attribute_flow_mappings"),
)
"""The fields of `SyncRule` that say what a rule does."""

_LINE_END = re.compile(r"\r\n?")
_PLAIN = {
    "link_type": "LinkType",
    "source_object_type": "SourceObjectType",
    "target_object_type": "TargetObjectType",
    "enable_password_sync": "EnablePasswordSync",
    "soft_delete_expiry_interval": "SoftDeleteExpiryInterval",
}


def canonical_lines(rule: SyncRule) -> Mapping[str, tuple[str, ...]]:
    """Return the lines of each field of `CONTENT` that a rule does not leave to the server.

    Join groups keep their order, and so do the flows to one attribute.
    """
    plain = folded(rule)
    fields = fields_of(replace(plain, attribute_flow_mappings=()))
    found = {own: (str(fields[name]),) for own, name in _PLAIN.items() if name in fields}
    scopes, joins = (fields[name] for name in ("ScopeFilter", "JoinFilter"))
    flows = sorted(plain.attribute_flow_mappings, key=lambda flow: flow.destination)
    return {
        **found,
        "scope_filter": tuple(sorted(" and ".join(sorted(group)) for group in scopes)),
        "join_filter": tuple(" and ".join(sorted(group)) for group in joins),
        "attribute_flow_mappings": tuple(map(_flow, flows)),
    }


def _flow(flow: AttributeFlowMapping) -> str:
    """Return a flow, without the sources of an expression, which the server derives from it."""
    quote = quoted if flow.flow_type == CONSTANT else "[{}]".format
    value = ", ".join(map(quote, flow.source or ()))
    if flow.flow_type == EXPRESSION or flow.expression:
        value = f"{value}= {_LINE_END.sub(chr(10), flow.expression or '')}"
    merge = flow.value_merge_type or "Update"  # what the cmdlet takes where nothing is said
    said = (merge if merge != "Update" else "", "once" if flow.execute_once else "")
    return " ".join(filter(None, (f"{flow.destination} <- {value}", *said)))
