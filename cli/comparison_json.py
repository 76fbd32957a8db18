"""A comparison of two servers as a JSON document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from syncrules.comparison.accepting import Accepted, key_of
from syncrules.comparison.attributes import DecidedAttribute, Decider, attribute_changes
from syncrules.comparison.model import Comparison, ServerDifference, Subject
from syncrules.comparison.words import flows_in_words, scope_in_words
from syncrules.diagnostics import Diagnostic
from syncrules.servers.model import Server

from .json_documents import FORMAT_VERSION, Json, diagnostic_json, evidence_json

__all__ = ["comparison_document", "decided_json"]


def comparison_document(
    found: Comparison | None,
    diagnostics: tuple[Diagnostic, ...],
    gone: Iterable[Accepted],
    *,
    attributes: bool,
) -> Json:
    """Return what a comparison found; without one, why the input was refused.

    `diagnostics` are why, or what is wrong or doubtful in the rules that differ; `gone` was
    accepted and is no longer there.
    """
    return {
        "format_version": FORMAT_VERSION,
        "a": _server(found.a) if found else None,
        "b": _server(found.b) if found else None,
        "same": found.same if found else None,
        "complete": found.complete if found else False,
        "counts": dict(found.counts) if found else {},
        "connectors": _connectors(found) if found else [],
        "differences": [_difference(d) for d in found.differences] if found else [],
        "notes": [_difference(d) for d in found.notes] if found else [],
        "ignored": _ignored(found) if found else {},
        "not_compared": [n._asdict() for n in found.not_compared] if found else [],
        "accepted_and_gone": [one._asdict() for one in gone],
        "attributes": _attributes(found) if found and attributes else None,
        "diagnostics": [diagnostic_json(d) for d in diagnostics],
    }


def _server(server: Server) -> Json:
    return {"evidence": evidence_json(server), "facts": [f._asdict() for f in server.facts]}


def _connectors(found: Comparison) -> list[Json]:
    return [
        {"a": old, "b": new, "assumed": old in found.assumed}
        for old, new in found.connectors.items()
    ]


def _difference(difference: ServerDifference) -> Json:
    return {
        "key": key_of(difference),
        "class": difference.kind,
        "level": difference.level,
        "a": _subject(difference.a),
        "b": _subject(difference.b),
        "details": [d._asdict() for d in difference.details],
        "cause": difference.cause,
        "weight": difference.weight,
    }


def _subject(subject: Subject | None) -> Json | None:
    return None if subject is None else subject._asdict()


def _ignored(found: Comparison) -> dict[str, int]:
    return dict(sorted(Counter(i.field for i in found.ignored).items()))


def _attributes(found: Comparison) -> list[Json]:
    changes = attribute_changes(found.a, found.b, found.connectors, found.rules)
    return [
        {"a": decided_json(c.a) if c.a else None, "b": decided_json(c.b) if c.b else None}
        for c in changes
    ]


def decided_json(one: DecidedAttribute) -> Json:
    """Return an attribute with the rules that decide it, the strongest first."""
    return {
        "connector": one.connector,
        "object_type": one.object_type,
        "attribute": one.attribute,
        "rules": [_decider(d) for d in one.deciders],
    }


def _decider(decider: Decider) -> Json:
    rule = decider.rule
    scope = rule.sync_rule.scope_filter if rule.sync_rule else ()
    return {
        "name": rule.name,
        "connector": rule.connector,
        "precedence": rule.precedence,
        "flow": flows_in_words(decider.flows),
        "scope": scope_in_words(scope),
    }
