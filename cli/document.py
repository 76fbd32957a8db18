"""The JSON documents, in plain values. `FORMAT_VERSION` follows semantic versioning."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from syncrules.diagnostics import Diagnostic
from syncrules.exports.export import Export
from syncrules.migration.plan import Plan
from syncrules.pairing.out_of_box_rules import RulePair
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Connector, Server, ServerRule

__all__ = ["FORMAT_VERSION", "dumps", "finding_json", "inspection", "migration"]

FORMAT_VERSION = "1.1"

Json = dict[str, Any]


def dumps(document: Json) -> str:
    """Return a document as ASCII text."""
    return json.dumps(document, indent=2)


def migration(plan: Plan | None, findings: tuple[Diagnostic, ...], written: list[str]) -> Json:
    """Return what a run of remap did and found; without a plan where inputs were refused."""
    document: Json = {"format_version": FORMAT_VERSION}
    document["files"] = [
        {"name": f.name, "made_from": f.made_from or None} for f in (plan.files if plan else ())
    ]
    document["rules"] = [
        {"file": m.file, "line": m.line} | _rule(m.becomes) | {"precedence_shown": m.shown}
        for m in (plan.moved if plan else ())
    ]
    document["pairs"] = [
        {"from": p.source, "to": p.target, "kind": str(p.basis), "evidence": p.evidence}
        for p in (plan.pairs if plan else ())
    ]
    document["rule_pairs"] = [_rule_pair(p) for p in (plan.rule_pairs if plan else ())]
    document["disabled"] = [_rule_pair(p) for p in (plan.disabled if plan else ())]
    document["evidence"] = {
        "active": _evidence(plan.active if plan else Server()),
        "staging": _evidence(plan.staging if plan else Server()),
    }
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
    document["diagnostics"] = [finding_json(f) for f in findings]
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
        "connectors": [_connector(c) for c in server.connectors],
        "server_rules": [_server_rule(r) for r in server.rules],
        "evidence": _evidence(server),
        "staging_mode": [
            {"source": source, "staging": staging} for source, staging in server.staging_modes
        ],
        "metaverse_attributes": None if server.metaverse is None else len(server.metaverse),
        "disputes": list(server.disputes),
        "diagnostics": [finding_json(f) for f in findings],
    }


def _evidence(server: Server) -> list[Json]:
    return [
        {
            "name": e.name,
            "what": e.what,
            "complete": e.complete,
            "complete_in": [str(facet) for facet in e.complete_in],
        }
        for e in server.evidence
    ]


def _connector(connector: Connector) -> Json:
    return {
        "identifier": connector.identifier,
        "kind": connector.kind,
        "name": connector.name,
        "forest": connector.forest,
        "partitions": list(connector.partitions),
        "attributes": None if connector.attributes is None else len(connector.attributes),
        "shown_by": [{"rule": rule, "source": source} for rule, source in connector.shown_by],
        "sources": list(connector.sources),
    }


def _server_rule(rule: ServerRule) -> Json:
    return {
        "name": rule.name,
        "identifier": rule.identifier,
        "connector": rule.connector,
        "direction": rule.direction,
        "precedence": rule.precedence,
        "immutable_tag": rule.immutable_tag,
        "disabled": rule.disabled,
        "source": rule.source,
    }


def _rule_pair(pair: RulePair) -> Json:
    return {
        "name": pair.target.name,
        "immutable_tag": pair.target.immutable_tag,
        "connector": pair.target.connector,
        "from": pair.source.identifier,
        "to": pair.target.identifier,
        "kind": str(pair.basis),
        "evidence": pair.evidence,
    }


def _rule(rule: SyncRule) -> Json:
    return asdict(rule)


def finding_json(finding: Diagnostic) -> Json:
    """Return a finding."""
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": finding.message,
        "hint": finding.hint,
        "file": finding.file or None,
        "line": finding.line or None,
        "column": finding.column or None,
    }
