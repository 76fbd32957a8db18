"""Move Microsoft Entra Connect's synchronization rules to another server, offline and provably.

    export = syncrules.parse(data, name="custom.ps1")
    staging = syncrules.read_server(["staging/"])
    plan = syncrules.plan([export], staging=staging)
    for name, data in plan.output().items(): ...

Nothing here contacts a server, runs a script or writes a file.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from syncrules.diagnostics import Diagnostic, Severity, Span, SyntaxRefused
    from syncrules.exports.export import Export, parse
    from syncrules.exports.writer import emit
    from syncrules.files import read_server
    from syncrules.migration.plan import Plan, PlanRefused, plan
    from syncrules.rules.model import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule
    from syncrules.servers.model import Server

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

_LAZY = {
    "diagnostics": ("Diagnostic", "Severity", "Span", "SyntaxRefused"),
    "exports.writer": ("emit",),
    "exports.export": ("Export", "parse"),
    "files": ("read_server",),
    "migration.plan": ("Plan", "PlanRefused", "plan"),
    "rules.model": ("AttributeFlowMapping", "JoinCondition", "ScopeCondition", "SyncRule"),
    "servers.model": ("Server",),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that `syncrules --help` is quick."""
    for room, names in _LAZY.items():
        if name in names:
            value = globals()[name] = getattr(import_module(f".{room}", __name__), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
