"""Move Microsoft Entra Connect's synchronization rules to another server, offline and provably.

    script = syncrules.parse(data, name="custom.ps1")
    staging = syncrules.read_server(["staging/"])
    plan = syncrules.plan([script], staging=staging)
    for name, data in plan.output().items(): ...

Nothing here contacts a server, runs a script or writes a file.
"""

from __future__ import annotations

from .diagnostics import Diagnostic, Severity, Span, SyntaxRefused
from .emitting import emit
from .export import Export, parse
from .loading import read_server
from .remap import Plan, PlanRefused, plan
from .rules import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule
from .servers import Server

__all__ = [
    "AttributeFlowMapping",
    "Diagnostic",
    "Export",
    "JoinCondition",
    "Plan",
    "PlanRefused",
    "ScopeCondition",
    "Server",
    "Severity",
    "Span",
    "SyncRule",
    "SyntaxRefused",
    "emit",
    "parse",
    "plan",
    "read_server",
]
