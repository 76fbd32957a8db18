"""The JSON documents, in plain values. `FORMAT_VERSION` follows semantic versioning."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

from syncrules.diagnostics import Diagnostic, Place, has_errors, printable
from syncrules.exports.export import Export
from syncrules.migration.plan import Plan
from syncrules.pairing.out_of_box_rules import RulePair
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Connector, Server, ServerRule

__all__ = [
    "FORMAT_VERSION",
    "Json",
    "checked",
    "diagnostic_json",
    "dumps",
    "evidence_json",
    "inspection",
    "migration",
    "verification",
]

FORMAT_VERSION = "1.3"

_HALVES = re.compile("[\ud800-\udfff]")

Json = dict[str, Any]


def dumps(document: Json) -> str:
    """Return a document as ASCII text."""
    return json.dumps(document, indent=2)


def migration(plan: Plan | None, diagnostics: tuple[Diagnostic, ...], written: list[str]) -> Json:
    """Return what a run of remap did and found; without a plan where inputs were refused."""
    plan = plan or Plan(exports=(), pairs=(), rules=(), edits=(), left_out=(), diagnostics=())
    return {
        "format_version": FORMAT_VERSION,
        "files": [
            {"name": f.name, "made_from": None if f.origin is None else f.origin.name}
            for f in plan.files
        ],
        "rules": [
            {"file": r.file, "line": r.line} | _rule(r.after) | {"precedence_shown": r.final}
            for r in plan.rules
        ],
        "pairs": [
            {"from": p.active, "to": p.staging, "kind": p.basis, "evidence": p.evidence}
            for p in plan.pairs
        ],
        "rule_pairs": [_rule_pair(p) for p in plan.rule_pairs],
        "disabled": [_rule_pair(p) for p in plan.disabled],
        "evidence": {"active": evidence_json(plan.active), "staging": evidence_json(plan.staging)},
        "edits": [
            {"file": e.file, "line": e.line, "column": e.column, "old": e.old, "new": e.new}
            | {"what": e.what}
            for e in plan.edits
        ],
        "left_out": [
            {"file": o.file, "line": o.line or None, "name": o.rule.name}
            | {"immutable_tag": o.rule.immutable_tag, "identifier": o.rule.identifier}
            | {"disabled": o.rule.disabled, "why": o.reason}
            for o in plan.left_out
        ],
        "not_carried": [
            {"file": lost.file, "name": lost.name, "value": lost.value} for lost in plan.not_carried
        ],
        "not_checked": list(plan.not_checked),
        "to_do": [step.text for step in plan.to_do],
        "diagnostics": [diagnostic_json(d) for d in diagnostics],
        "written": written,
    }


def inspection(
    exports: tuple[Export, ...], server: Server, diagnostics: tuple[Diagnostic, ...]
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
            for r in e.placed_rules
        ],
        "connectors": [_connector(c) for c in server.connectors],
        "server_rules": [_server_rule(r) for r in server.rules],
        "evidence": evidence_json(server),
        "staging_mode": [
            {"source": file, "staging": staging} for file, staging in server.staging_modes
        ],
        "metaverse_attributes": None if server.metaverse is None else len(server.metaverse),
        "disputes": list(server.disputes),
        "diagnostics": [diagnostic_json(d) for d in diagnostics],
    }


def evidence_json(server: Server) -> list[Json]:
    """Return what files tell of a server, and of what each shows all."""
    return [
        {
            "name": e.path,
            "what": e.kind,
            "complete": e.complete,
            "complete_in": list(e.complete_in),
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
        "shown_by": [{"rule": rule, "source": file} for rule, file in connector.shown_by],
        "sources": list(connector.files),
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
        "source": rule.file,
    }


def _rule_pair(pair: RulePair) -> Json:
    return {
        "name": pair.staging.name,
        "immutable_tag": pair.staging.immutable_tag,
        "connector": pair.staging.connector,
        "from": pair.active.identifier,
        "to": pair.staging.identifier,
        "kind": pair.basis,
        "evidence": pair.evidence,
    }


def _rule(rule: SyncRule) -> Json:
    return asdict(rule)


def verification(kit: str, rules: int, diagnostics: tuple[Diagnostic, ...]) -> Json:
    """Return what a comparison of a kit of so many rules with the staging server found."""
    return {
        "format_version": FORMAT_VERSION,
        "kit": kit,
        "rules": rules,
        "as_planned": not has_errors(diagnostics),
        "diagnostics": [diagnostic_json(d) for d in diagnostics],
    }


def checked(
    files: tuple[str, ...],
    rules: int,
    not_checked: tuple[str, ...],
    diagnostics: tuple[Diagnostic, ...],
) -> Json:
    """Return what a check of so many rules by themselves found."""
    return {
        "format_version": FORMAT_VERSION,
        "files": list(files),
        "rules": rules,
        "not_checked": list(not_checked),
        "diagnostics": [diagnostic_json(d) for d in diagnostics],
    }


def diagnostic_json(diagnostic: Diagnostic) -> Json:
    """Return a diagnostic."""
    spot = diagnostic.spot
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": _unicode(diagnostic.message),
        "hint": _unicode(diagnostic.hint),
        "file": diagnostic.file or None,
        "line": spot.line if spot else None,
        "column": spot.column if spot else None,
        "places": [_place(place) for place in diagnostic.places],
        "rows": [[_unicode(cell) for cell in row] for row in diagnostic.rows],
        "columns": list(diagnostic.columns),
        "options": [{"flag": o.flag, "value": o.value} for o in diagnostic.options],
    }


def _place(place: Place) -> Json:
    spot = place.spot
    return {
        "file": place.file,
        "line": spot.line if spot else None,
        "column": spot.column if spot else None,
    }


def _unicode(text: str) -> str:
    """Return a text in which bytes of an unknown code page are escapes: JSON has Unicode only."""
    return _HALVES.sub(lambda half: printable(half.group()), text)
