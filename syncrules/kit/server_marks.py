"""Identifiers that only one of the plan's two servers has: by them a kit knows its server.

Each installation gives its connectors and its out-of-box rules identifiers of its own; only the
Entra connector has the same everywhere. A custom rule tells nothing: it keeps its identifier when
it is moved.
"""

from __future__ import annotations

from syncrules.migration.plan import Plan
from syncrules.servers.model import Server

__all__ = ["marks_of", "named", "own_marks"]


def marks_of(server: Server) -> dict[str, str]:
    """Return the identifiers that a server has of its own, with what a person calls each."""
    connectors = {
        c.identifier: f"the connector {named(c.label)}{c.identifier}"
        for c in server.connectors
        if not c.is_entra
    }
    rules = {
        r.identifier: f"the out-of-box rule {named(r.name)}{r.identifier}"
        for r in server.rules
        if r.is_out_of_box and r.identifier
    }
    return rules | connectors


def own_marks(plan: Plan) -> tuple[list[str], list[str]]:
    """Return the identifiers that only the active server has, and those that only staging has."""
    active = set(marks_of(plan.active)) | {p.active for p in plan.pairs}
    staging = set(marks_of(plan.staging)) | {p.staging for p in plan.pairs}
    return sorted(active - staging), sorted(staging - active)


def named(name: str) -> str:
    """Return a name in quotes, with a blank behind it, or nothing."""
    return f"'{name}' " if name else ""
