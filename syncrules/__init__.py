"""Move Microsoft Entra Connect's synchronization rules to a new server, offline and checked.

    exports = syncrules.read_exports("active/")
    staging = syncrules.read_server("staging/")
    plan = syncrules.plan(exports, staging=staging)
    for name, data in plan.output().items(): ...

    export = syncrules.parse(data, name="custom.ps1")
    bytes(export) == data
    export.replace(export.rules[0], changed)

Nothing here contacts a server, runs a script or writes a file. docs/reference/library.md says more.
"""

from __future__ import annotations

from importlib import import_module
from os import path as _path
from typing import Any

__version__ = "0.1.0"

_LAZY = {
    "comparison.comparing": ("compare",),
    "comparison.model": (
        *("Comparison", "Detail", "DifferenceKind", "DifferenceLevel", "Ignored"),
        *("NotCompared", "ServerDifference", "Subject"),
    ),
    "diagnostics": (
        *("Code", "Diagnostic", "Excerpt", "Group", "Option", "Place", "Several"),
        *("Severity", "Span", "Spot"),
    ),
    "checking.check": ("check",),
    "errors": ("EditRefused", "InputRefused", "NotAManifest", "PlanRefused", "SyncRulesError"),
    "exports.export": ("Export", "NotCarried", "parse"),
    "exports.placed_rule": ("PlacedRule",),
    "exports.writer": ("emit",),
    "expressions.reading": ("parse_expression",),
    "expressions.tree": ("Expression", "ExpressionNode", "NodeKind"),
    "files": ("read_exports", "read_server"),
    "kit.assembling": ("Kit", "make_kit"),
    "kit.rule_files": ("RuleFile",),
    "kit.verification": ("verify_kit",),
    "migration.moving_rules": ("LeftOut", "LeftOutReason", "MovingRule", "Reference"),
    "migration.plan": (
        *("ChangedRule", "Contrast", "Edit", "Output", "Plan", "PlannedRule", "Resolution"),
        *("Rung", "Step", "Unchecked"),
    ),
    "migration.planner": ("plan",),
    "pages.comparison_page": ("comparison_html",),
    "pairing.connector_pairs": ("Basis", "Pair"),
    "pairing.order": ("RuleInBoth",),
    "pairing.out_of_box_rules": ("RuleBasis", "RulePair"),
    "rules.comparison": ("Difference", "differences"),
    "rules.model": (
        *("AttributeFlowMapping", "JoinCondition", "RuleReference", "ScopeCondition", "SyncRule"),
    ),
    "script.nodes": ("Script",),
    "script.source": ("Source",),
    "servers.model": (
        *("AttributeType", "Connector", "Evidence", "EvidenceKind", "Facet", "Fact"),
        *("PartitionScope", "RunProfile", "RunStep", "Server", "ServerFact", "ServerRule"),
    ),
}
_ALIASES = {"SyntaxRefused": "InputRefused"}
"""Names of release 0.1.0, and what they are now."""
_MODULES = {name: module for module, names in _LAZY.items() for name in names}

__all__ = sorted((*_MODULES, *_ALIASES))

# In a checkout, grammar/, cli/ and docs/findings/ stand beside this folder; installed, in it.
if not _path.isdir(_path.join(__path__[0], "cli")):
    _root = _path.dirname(__path__[0])
    __path__ += [_root, _path.join(_root, "docs")]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that `syncrules --help` is quick."""
    now = _ALIASES.get(name, name)
    if now not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{_MODULES[now]}", __name__), now)
    return value


def __dir__() -> list[str]:
    """Return the public names, which `help` shows."""
    return [*__all__, "__version__"]
