"""Identifiers in texts: a GUID in an expression, a scope value or a name is not rewritten."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Problem, Severity, Span
from syncrules.exports.export import Export
from syncrules.exports.placed_rule import PlacedRule
from syncrules.exports.rule_blocks import blocks
from syncrules.rules.guids import HYPHENATED
from syncrules.rules.model import ENTRA_CONNECTOR

from ..context import Context
from ..moving_rules import MovingRule

__all__ = ["guids_in_text"]

_GUID = re.compile(rf"(?<![0-9a-f-]){HYPHENATED}(?![0-9a-f-])", re.IGNORECASE)
_HYPHENS = re.compile("-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-")
"""What is inside each GUID, and found faster: it begins with one certain character."""


def guids_in_text(context: Context) -> Iterator[Diagnostic]:
    """Yield each place in a text of a rule that moves where a known identifier stands."""
    known = _known(context)
    by_export: dict[Export, list[MovingRule]] = {}
    for moving in context.moving:
        by_export.setdefault(moving.export, []).append(moving)
    for export, own in by_export.items():
        yield from _in_export(context, export, own, known)


class _Known(NamedTuple):
    """What an identifier names, and what names the same on staging, if that is known."""

    what: str
    is_stagings: bool
    on_staging: str | None = None


def _known(context: Context) -> Mapping[str | None, _Known]:
    """Return the identifiers of both servers; Entra's is on both."""
    found: dict[str | None, _Known] = {}
    pairs: dict[str | None, str | None] = {
        a: p.staging.identifier for a, p in context.rule_pairing.pairs.items()
    }
    for server, whose in ((context.staging, "staging"), (context.active, "active")):
        is_stagings = server is context.staging
        for rule in server.rules:
            what = f"the {whose} server's rule '{rule.name}'"
            found[rule.identifier] = _Known(what, is_stagings, pairs.get(rule.identifier))
        for connector in server.connectors:
            what = f"a connector of the {whose} server"
            on_staging = context.connectors.get(connector.identifier)
            found[connector.identifier] = _Known(what, is_stagings, on_staging)
    found.pop(ENTRA_CONNECTOR, None)
    return found


def _in_export(
    context: Context, export: Export, own: list[MovingRule], known: Mapping[str | None, _Known]
) -> Iterator[Diagnostic]:
    text, tokens = export.source.text, export.script.tokens
    literals = sorted(literal for moving in own for literal in _literals(moving))
    moving = {m.placed for m in own}
    own_blocks = [b for b in blocks(export) if b.placed in moving]
    spans = [b.span for b in own_blocks]
    for match in _guids(text):
        identifier, block = match.group().lower(), _around(match.span(), spans)
        if (
            identifier in known
            and block is not None
            and _around(match.span(), tokens) is not None  # or it stands in a comment
            and _around(match.span(), literals) is None
        ):
            placed = own_blocks[block].placed
            text_of = f"{_part(placed, match.start())} of {context.named(placed.rule)}"
            place = export.source.place(Span(*match.span()))
            yield _names(text_of, identifier, known[identifier]).at(place)


def _guids(text: str) -> Iterator[re.Match[str]]:
    for hyphens in _HYPHENS.finditer(text):
        found = _GUID.match(text, hyphens.start() - 8)
        if found is not None:
            yield found


def _part(placed: PlacedRule, at: int) -> str:
    """Return what of a rule stands at a place."""
    rule = placed.rule
    for flow, command in zip(rule.attribute_flow_mappings, placed.flows, strict=True):
        if command.start <= at < command.end:
            return f"The flow to '{flow.destination}'"
    for group, commands in zip(rule.scope_filter, placed.scopes, strict=True):
        for condition, command in zip(group, commands, strict=True):
            if command.start <= at < command.end:
                return f"The scope condition on '{condition.attribute}'"
    return "A text"


def _names(text: str, identifier: str, known: _Known) -> Problem:
    contains = f"{text} contains {identifier}, {known.what}."
    if known.is_stagings:
        hint = "Nothing to do if the text should name it on the staging server."
        return Problem(
            Code.SR461,
            f"{contains} syncrules does not change text.",
            hint,
            Severity.NOTE,
        )
    to = f" to {known.on_staging}" if known.on_staging else ""
    return Problem(
        Code.SR461,
        f"{contains} syncrules does not change text, so it still points to the old server.",
        f"If it should name the same thing on the staging server, change it by hand{to}.",
    )


def _around(place: tuple[int, int], spans: Sequence[Span]) -> int | None:
    """Return which of some spans, sorted and apart, a place is inside of."""
    at = bisect_right(spans, (place[0], sys.maxsize)) - 1
    return at if at >= 0 and place[1] <= spans[at].end else None


def _literals(moving: MovingRule) -> Iterator[Span]:
    placed = moving.placed
    places = (
        placed.connector,
        placed.precedence_before,
        placed.precedence_after,
        *placed.identifiers,
    )
    yield from (Span.of(literal) for literal in places if literal is not None)
