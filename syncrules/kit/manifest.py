"""The manifest of a kit: everything that its scripts know, and that `verify` compares with.

The scripts read it with ConvertFrom-Json. Every text of a rule in it is quoted as
`comparison.quoted` does it: PowerShell 7 would take a bare text that looks like a date for one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field

from syncrules.errors import NotAManifest
from syncrules.migration.plan import Plan, PlannedRule
from syncrules.rules.comparison import Fields, fields_of, quoted
from syncrules.rules.model import ENTRA_CONNECTOR
from syncrules.servers.model import AD, Connector, Server, ServerRule
from syncrules.servers.nesting import load_json

from .rule_files import RuleFile
from .server_marks import own_marks

__all__ = [
    "FORMAT_VERSION",
    "MANIFEST",
    "Manifest",
    "ManifestRule",
    "code_of",
    "manifest_of",
    "plan_of",
    "read_manifest",
    "sha256",
]

MANIFEST = "manifest.json"
"""It has the SHA-256 of every other file but report.html, which has that of the manifest.

So what is signed vouches for the manifest, and the manifest for the rest. The report alone tells a
date.
"""
FORMAT_VERSION = "1.2"
_CODE_LENGTH = 12

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class ManifestRule:
    """A rule of a kit. `final` is its precedence once all are there; `None` where not known.

    `anchor` is the identifier of the rule that it is placed by, if it is, and `behind` whether it
    comes after that one.
    """

    identifier: str
    fields: Fields
    final: int | None
    anchor: str | None = None
    behind: bool = False

    @property
    def name(self) -> str:
        """The rule's name, quoted."""
        return str(self.fields.get("Name", "''"))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `verify` needs of a manifest. `disabled` has identifiers and quoted names.

    `connectors` are those that the plan concerns, with their quoted names where known;
    `active_only` and `staging_only` are the identifiers by which the two servers are told apart.
    """

    files: Mapping[str, str]
    """SHA-256 by path."""
    rules: tuple[ManifestRule, ...]
    disabled: Mapping[str, str]
    connectors: Mapping[str, str | None] = field(default_factory=dict)
    active_only: tuple[str, ...] = ()
    staging_only: tuple[str, ...] = ()
    code: str = ""
    """The short code of the kit; a kit of an earlier format has none."""


def sha256(data: bytes) -> str:
    """Return a digest in lower case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


# ---- Writing -------------------------------------------------------------------------------------


def plan_of(plan: Plan, rules: Iterable[RuleFile], tool: str) -> Json:
    """Return the plan as a manifest has it."""
    concerned = {r.after.connector for r in plan.rules} | {
        p.staging.connector for p in plan.disabled
    }
    connectors = [c for c in plan.staging.connectors if c.identifier in concerned]
    unseen = concerned - {c.identifier for c in connectors}
    active_only, staging_only = own_marks(plan)
    return {
        "tool": tool,
        "servers": {
            "active": _fingerprint(plan.active) | {"only": active_only},
            "staging": _fingerprint(plan.staging) | {"only": staging_only},
        },
        "connectors": [
            *(_connector(c) for c in connectors),
            *(_connector(Connector(identifier)) for identifier in sorted(unseen)),
        ],
        "entra_connector": ENTRA_CONNECTOR,
        "anchors": [_out_of_box(rule) for rule in plan.anchors],
        "disable": [_out_of_box(pair.staging) for pair in plan.disabled],
        "namesakes": _namesakes(plan),
        "rules": [_rule(file.path, file.planned) for file in rules],
    }


def code_of(plan: Json, scripts: Mapping[str, bytes]) -> str:
    """Return the short code by which a person knows a kit again: of its plan and its scripts.

    It tells one kit from another. That a kit is unchanged, only the SHA-256 of its manifest proves.
    """
    told = json.dumps({**plan, "files": [*_hashes(scripts)]}, sort_keys=True)
    return sha256(told.encode("ascii"))[:_CODE_LENGTH]


def manifest_of(plan: Json, code: str, files: Mapping[str, bytes]) -> bytes:
    """Return the manifest of a kit with these files."""
    document = {
        "format_version": FORMAT_VERSION,
        "code": code,
        "files": [*_hashes(files)],
        **plan,
    }
    return (json.dumps(document, indent=1) + "\n").encode("ascii")


def _hashes(files: Mapping[str, bytes]) -> Iterator[Json]:
    for path, data in sorted(files.items()):
        yield {"path": path, "sha256": sha256(data)}


def _fingerprint(server: Server) -> Json:
    """Return what a server was known by: its sources, and a digest of all that they told."""
    told = {
        "connectors": sorted(
            [c.identifier, c.kind or "", c.name or "", c.forest or ""] for c in server.connectors
        ),
        "rules": sorted(_told(rule) for rule in server.rules),
    }
    text = json.dumps(told, sort_keys=True)
    return {
        "sources": [{"name": e.path, "what": e.kind} for e in server.evidence],
        "sha256": sha256(text.encode("ascii")),
    }


def _told(rule: ServerRule) -> list[str]:
    known = rule.sync_rule
    fields = "" if known is None else json.dumps(asdict(known), sort_keys=True)
    precedence = "" if rule.precedence is None else str(rule.precedence)
    return [rule.identifier or "", rule.name, rule.connector, precedence, fields]


def _connector(connector: Connector) -> Json:
    kind = connector.kind
    return {
        "identifier": connector.identifier,
        # All connectors but those to Active Directory are of this type: see `kind_of`.
        "type": None if kind is None else "AD" if kind == AD else "Extensible2",
        "name": None if connector.name is None else quoted(connector.name),
    }


def _out_of_box(rule: ServerRule) -> Json:
    return {
        "identifier": rule.identifier,
        "name": quoted(rule.name),
        "connector": rule.connector,
        "direction": rule.direction,
        "stem": quoted(rule.stem),
    }


def _namesakes(plan: Plan) -> list[str]:
    """Return the custom rules of staging that are known and have the name of a rule that moves.

    Each is another rule of the active server's, or the plan would have been refused.
    """
    moved = {(r.after.connector, r.after.direction, r.after.name) for r in plan.rules}
    own = {r.after.identifier for r in plan.rules}
    return [
        rule.identifier
        for rule in plan.staging.rules
        if rule.identifier and rule.identifier not in own and not rule.is_out_of_box
        if (rule.connector, rule.direction, rule.name) in moved
    ]


def _rule(path: str, planned: PlannedRule) -> Json:
    rule = planned.after
    reference = rule.reference
    return {
        "file": path,
        "identifier": rule.identifier,
        "fields": fields_of(rule),
        "placed": reference and reference._asdict(),
        "precedence": None
        if planned.created is None or planned.final is None
        else {"created": planned.created, "final": planned.final},
    }


# ---- Reading -------------------------------------------------------------------------------------


def read_manifest(data: bytes) -> Manifest:
    """Read a manifest. Raises NotAManifest, with the reason, where it is none of this version."""
    try:
        document = load_json(data.decode(json.detect_encoding(data)))
        version = document["format_version"]
        if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
            raise NotAManifest(f"it has the format {version}, and this version reads 1")
        return Manifest(
            {str(f["path"]): str(f["sha256"]) for f in document["files"]},
            tuple(_read_rule(rule) for rule in document["rules"]),
            {str(rule["identifier"]): str(rule["name"]) for rule in document["disable"]},
            {
                str(c["identifier"]): c["name"] and str(c["name"])
                for c in document.get("connectors", ())
            },
            _only(document, "active"),
            _only(document, "staging"),
            str(document.get("code", "")),
        )
    except ValueError as error:
        raise NotAManifest(f"it is not JSON: {error}") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise NotAManifest(f"it lacks or misuses {error}") from None


def _only(document: dict[str, dict[str, dict[str, list[str]]]], server: str) -> tuple[str, ...]:
    """Return what only this server has; a kit of 0.1.0 does not tell it."""
    return tuple(map(str, document.get("servers", {}).get(server, {}).get("only", ())))


def _read_rule(rule: dict[str, dict[str, object]]) -> ManifestRule:
    fields = {str(k): _value(v) for k, v in rule["fields"].items()}
    final = rule["precedence"]["final"] if rule["precedence"] else None
    if final is not None and not isinstance(final, int):
        raise TypeError("a precedence")
    placed = rule["placed"] or {}
    return ManifestRule(
        str(rule["identifier"]),
        fields,
        final,
        str(placed["identifier"]) if placed else None,
        bool(placed) and placed["parameter"] == "PrecedenceAfter",
    )


def _value(value: object) -> str | list[str] | list[list[str]]:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return [str(v) for v in value]
    if isinstance(value, list) and all(isinstance(v, list) for v in value):
        return [[str(text) for text in group] for group in value]
    raise TypeError("a field")
