"""Flows of rules that move whose type does not fit what they hold."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Diagnostic, Several
from syncrules.rules.flow_types import DO_NOT_FIT, misfit

from ..context import Context

__all__ = ["flow_types"]


def flow_types(context: Context) -> Iterator[Diagnostic]:
    """Yield the flows of rules that move whose type does not fit the rest."""
    for moving in context.moving:
        flows = zip(moving.rule.attribute_flow_mappings, moving.placed.flows, strict=True)
        for flow, command in flows:
            problem = misfit(flow)
            if problem is not None:
                row = (f"'{flow.destination}' in {context.named(moving.rule)}", flow.flow_type)
                several = Several(DO_NOT_FIT, problem.hint, row)
                yield problem._replace(several=several).at(moving.place(command))
