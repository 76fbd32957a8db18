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
    from .diagnostics import Code, Diagnostic, Place, Severity, Span
    from .errors import EditRefused, InputRefused, PlanRefused, SyncRulesError
    from .exports.export import Export, parse
    from .exports.writer import emit
    from .files import read_server
    from .migration.plan import Plan
    from .migration.planner import plan
    from .rules.model import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule
    from .servers.model import Server

    SyntaxRefused = InputRefused

__all__ = [
    "AttributeFlowMapping",
    "Code",
    "Diagnostic",
    "EditRefused",
    "Export",
    "InputRefused",
    "JoinCondition",
    "Place",
    "Plan",
    "PlanRefused",
    "ScopeCondition",
    "Server",
    "Severity",
    "Span",
    "SyncRule",
    "SyncRulesError",
    "SyntaxRefused",
    "emit",
    "parse",
    "plan",
    "read_server",
]

_LAZY = {
    "diagnostics": ("Code", "Diagnostic", "Place", "Severity", "Span"),
    "errors": ("EditRefused", "InputRefused", "PlanRefused", "SyncRulesError"),
    "exports.export": ("Export", "parse"),
    "exports.writer": ("emit",),
    "files": ("read_server",),
    "migration.plan": ("Plan",),
    "migration.planner": ("plan",),
    "rules.model": ("AttributeFlowMapping", "JoinCondition", "ScopeCondition", "SyncRule"),
    "servers.model": ("Server",),
}
_ALIASES = {"SyntaxRefused": "InputRefused"}
"""Names of release 0.1.0, and what they are now."""


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that `syncrules --help` is quick."""
    now = _ALIASES.get(name, name)
    for module, names in _LAZY.items():
        if now in names:
            value = globals()[name] = getattr(import_module(f".{module}", __name__), now)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
