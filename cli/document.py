"""The JSON documents, in plain values. `FORMAT_VERSION` follows semantic versioning."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from syncrules.diagnostics import Diagnostic
from syncrules.export import Export
from syncrules.remap import Plan
from syncrules.rules import SyncRule
from syncrules.servers import Server

__all__ = ["FORMAT_VERSION", "dumps", "inspection", "migration"]

FORMAT_VERSION = "1.0"

Json = dict[str, Any]


def dumps(document: Json) -> str:
    """Return a document as ASCII text."""
    return json.dumps(document, indent=2)


def migration(plan: Plan | None, findings: tuple[Diagnostic, ...], written: list[str]) -> Json:
    """Return what a run of remap did and found; without a plan where inputs were refused."""
    document: Json = {"format_version": FORMAT_VERSION}
    document["files"] = [
        {"name": f.name, "made_from": f.made_from} for f in (plan.files if plan else ())
    ]
    document["rules"] = [
        {"file": m.file, "line": m.line} | _rule(m.becomes) for m in (plan.moved if plan else ())
    ]
    document["pairs"] = [
        {"from": p.source, "to": p.target, "kind": str(p.basis), "evidence": p.evidence}
        for p in (plan.pairs if plan else ())
    ]
    document["edits"] = [
        {"file": e.file, "line": e.line, "column": e.column, "old": e.old, "new": e.new}
        | {"what": e.what}
        for e in (plan.edits if plan else ())
    ]
    document["left_out"] = [
        {"file": o.file, "line": o.line, "name": o.rule.name}
        | {"immutable_tag": o.rule.immutable_tag, "identifier": o.rule.identifier}
        | {"disabled": o.rule.disabled, "why": o.why}
        for o in (plan.left_out if plan else ())
    ]
    document["not_checked"] = list(plan.not_checked if plan else ())
    document["to_do"] = list(plan.to_do if plan else ())
    document["diagnostics"] = [_finding(f) for f in findings]
    document["written"] = written
    return document


def inspection(
    exports: tuple[Export, ...], server: Server, findings: tuple[Diagnostic, ...]
) -> Json:
    """Return what files hold, and what they show of their server."""
    return {
        "format_version": FORMAT_VERSION,
        "files": [
            {"name": e.name, "encoding": e.source.encoding, "byte_order_mark": bool(e.source.bom)}
            for e in exports
        ],
        "rules": [
            {"file": e.name, "line": e.source.line_and_column(r.command.start)[0]} | _rule(r.rule)
            for e in exports
            for r in e.read_rules
        ],
        "connectors": [
            {
                "identifier": c.identifier,
                "kind": c.kind,
                "shown_by": [{"rule": rule, "source": source} for rule, source in c.shown_by],
            }
            for c in server.connectors
        ],
        "evidence": [
            {"name": e.name, "what": e.what, "complete": e.complete} for e in server.evidence
        ],
        "diagnostics": [_finding(f) for f in findings],
    }


def _rule(rule: SyncRule) -> Json:
    return asdict(rule)


def _finding(finding: Diagnostic) -> Json:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": finding.message,
        "hint": finding.hint,
        "file": finding.file or None,
        "line": finding.line or None,
        "column": finding.column or None,
    }
