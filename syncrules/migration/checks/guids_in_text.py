"""Identifiers in texts: a GUID in an expression, a scope value or a name is not rewritten."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from syncrules.diagnostics import Diagnostic, Severity, Span, printable
from syncrules.exports.export import Export
from syncrules.exports.rule_blocks import blocks
from syncrules.migration.context import Situation
from syncrules.migration.moving_rules import Moving
from syncrules.rules.model import ENTRA_CONNECTOR

__all__ = ["identifiers_in_texts"]

_GUID = re.compile(r"(?<![0-9a-f-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f-])", re.I)


def identifiers_in_texts(situation: Situation) -> Iterator[Diagnostic]:
    """Yield each place in a text of a rule that moves where a known identifier stands."""
    known = _known(situation)
    by_export: dict[int, list[Moving]] = {}
    for moving in situation.moving:
        by_export.setdefault(id(moving.export), []).append(moving)
    for own in by_export.values():
        yield from _in_export(own[0].export, own, known)


@dataclass(frozen=True, slots=True)
class _Known:
    """What an identifier names, and what names the same on staging, if that is known."""

    what: str
    is_stagings: bool
    there: str | None = None


def _known(situation: Situation) -> Mapping[str, _Known]:
    """Return the identifiers of both servers; Entra's is on both."""
    found: dict[str, _Known] = {}
    pairs = {s: p.target.identifier for s, p in situation.rules.pairs.items()}
    for server, whose in ((situation.staging, "staging"), (situation.active, "active")):
        for rule in server.rules:
            if rule.identifier:
                what = f"the {whose} server's rule '{printable(rule.name)}'"
                there = pairs.get(rule.identifier)
                found[rule.identifier] = _Known(what, server is situation.staging, there)
        for connector in server.connectors:
            what = f"a connector of the {whose} server"
            there = situation.connectors.get(connector.identifier)
            found[connector.identifier] = _Known(what, server is situation.staging, there)
    found.pop(ENTRA_CONNECTOR, None)
    return found


def _advice(known: _Known) -> tuple[str, Severity]:
    """Return what to do about an identifier in a text, and how much it matters."""
    if known.is_stagings:
        return "Nothing to do if the text should name it on the staging server.", Severity.NOTE
    to = f" to {known.there}" if known.there else ""
    hint = f"If it should name the same thing on the staging server, change it by hand{to}."
    return hint, Severity.WARNING


def _in_export(
    export: Export, own: list[Moving], known: Mapping[str, _Known]
) -> Iterator[Diagnostic]:
    text, tokens = export.source.text, export.script.tokens
    literals = sorted(literal for m in own for literal in _literals(m))
    moving = {m.read.command.start: m for m in own}
    spans = [b for b in blocks(export) if b.read.command.start in moving]
    starts = [b.span.start for b in spans]
    for match in _GUID.finditer(text):
        identifier = match.group().lower()
        block = bisect_right(starts, match.start()) - 1
        if (
            identifier in known
            and block >= 0
            and _within(match.span(), [spans[block].span])
            and _within(match.span(), tokens)  # or it stands in a comment
            and not _within(match.span(), literals)
        ):
            yield moving[spans[block].read.command.start].finding(
                "SR461",
                f"Here stands {identifier}, which is {known[identifier].what}. Texts are not "
                "changed, so it stays.",
                *_advice(known[identifier]),
                Span(*match.span()),
            )


def _within(place: tuple[int, int], spans: Sequence[Span]) -> bool:
    """Return whether a place is inside one of some spans, which are sorted and apart."""
    at = bisect_right(spans, (place[0], sys.maxsize)) - 1
    return at >= 0 and place[1] <= spans[at].end


def _literals(moving: Moving) -> Iterator[Span]:
    read = moving.read
    places = (read.connector, read.precedence_before, read.precedence_after, *read.identifiers)
    yield from (literal.span for literal in places if literal is not None)
