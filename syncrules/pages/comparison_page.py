"""A comparison of two servers, to be read and printed: one HTML file that asks for no other.

Here a plain view is made from the comparison; comparison.html.jinja lays it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from syncrules.comparison.accepting import Accepted
from syncrules.comparison.attributes import AttributeChange, DecidedAttribute, attribute_changes
from syncrules.comparison.details import rest_of_rules
from syncrules.comparison.model import (
    Comparison,
    Detail,
    DifferenceKind,
    DifferenceLevel,
    NotCompared,
    ServerDifference,
    Subject,
)
from syncrules.comparison.telling import (
    KINDS_IN_WORDS,
    Verdict,
    assumptions,
    cause_of,
    facts_of,
    field_in_words,
    ignored_by_field,
    ignored_in_words,
    of_level,
    order_in_words,
    sections,
    space_in_words,
    value_in_words,
    verdict,
)
from syncrules.comparison.words import flows_in_words, scope_in_words
from syncrules.servers.model import Server

from .contrast import Piece, contrast
from .parts import TOOL, Made, Side, side_of
from .templating import html

__all__ = ["comparison_html", "comparison_page"]

_TEMPLATE = "comparison.html.jinja"


@dataclass(frozen=True, slots=True)
class _Row:
    """What A and B have in one field, in pieces; `None` is a server that does not have the rule."""

    what: str
    a: tuple[Piece, ...] | None
    b: tuple[Piece, ...] | None


@dataclass(frozen=True, slots=True)
class _Shown:
    """A difference. `lines` say what no table shows."""

    kind: DifferenceKind
    mark: str
    subject: Subject
    cause: str
    lines: tuple[str, ...]
    decides: tuple[str, ...]
    rows: tuple[_Row, ...]
    rest: tuple[_Row, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    title: str
    anchor: str
    differences: tuple[_Shown, ...]


@dataclass(frozen=True, slots=True)
class _Decider:
    rule: str
    connector: str
    precedence: str
    flows: str
    scope: str


@dataclass(frozen=True, slots=True)
class _Change:
    """An attribute that other rules decide, the strongest first."""

    attribute: str
    object_type: str
    space: str
    a: tuple[_Decider, ...]
    b: tuple[_Decider, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    tool: str
    made: Made
    verdict: Verdict
    names: tuple[tuple[str, ...], tuple[str, ...]]
    """What tells A, and B, from other servers."""
    kinds: tuple[tuple[DifferenceKind, str, int], ...]
    """The kinds that anything is of, with how many are."""
    all_kinds: tuple[DifferenceKind, ...]
    """All that there are: so each page has the same style, whose hash a policy can name."""
    sections: tuple[_Section, ...]
    gone: tuple[Accepted, ...]
    changes: tuple[_Change, ...] | None
    not_compared: tuple[NotCompared, ...]
    notes: tuple[_Shown, ...]
    ignored: str
    ignored_fields: tuple[tuple[str, list[tuple[Subject, str, str]]], ...]
    assumptions: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    sides: tuple[Side, Side]


def comparison_html(
    comparison: Comparison, *, attributes: bool = False, made_at: str = "", command: str = ""
) -> str:
    """Return a comparison as a page; with `attributes`, also which rules decide each attribute.

    `made_at` and `command` say when and by which command line it was made.
    """
    return comparison_page(comparison, Made(made_at, command), attributes=attributes)


def comparison_page(
    found: Comparison, made: Made, gone: Iterable[Accepted] = (), *, attributes: bool
) -> str:
    """Return a comparison as a page; `gone` was accepted and is no longer there."""
    shown = tuple(_sections(found))
    every = [one.kind for section in shown for one in section.differences]
    page = _Page(
        tool=TOOL,
        made=made,
        verdict=verdict(found),
        names=(tuple(facts_of(found.a)), tuple(facts_of(found.b))),
        kinds=tuple(
            (kind, KINDS_IN_WORDS[kind], every.count(kind))
            for kind in DifferenceKind
            if kind in every
        ),
        all_kinds=tuple(DifferenceKind),
        sections=shown,
        gone=tuple(gone),
        changes=tuple(_changes(found)) if attributes else None,
        not_compared=found.not_compared,
        notes=tuple(map(_shown, found.notes)),
        ignored=ignored_in_words(found),
        ignored_fields=tuple(ignored_by_field(found)),
        assumptions=tuple(assumptions(found)),
        pairs=tuple((found.a.label(a), found.b.label(b)) for a, b in found.connectors.items()),
        sides=(side_of("A", found.a), side_of("B", found.b)),
    )
    return html(_TEMPLATE, page=page)


# ---- Differences ---------------------------------------------------------------------------------


def _sections(found: Comparison) -> Iterator[_Section]:
    """Yield the differences that count, the heaviest first, then the others."""
    for section, own in sections(of_level(found, DifferenceLevel.DIFFERS)):
        yield _Section(section.title, section.kinds[0].value, tuple(map(_shown, own)))
    for title, level in (
        ("Expected", DifferenceLevel.EXPECTED),
        ("Accepted", DifferenceLevel.ACCEPTED),
    ):
        if own := of_level(found, level):
            yield _Section(title, level.value, tuple(map(_shown, own)))


def _shown(difference: ServerDifference) -> _Shown:
    is_order = difference.kind is DifferenceKind.ORDER
    lines, decides = order_in_words(difference) if is_order else ((), ())
    return _Shown(
        kind=difference.kind,
        mark=KINDS_IN_WORDS[difference.kind],
        subject=difference.subject,
        cause=_sentence(cause_of(difference)),
        lines=lines,
        decides=decides,
        rows=() if is_order else tuple(map(_contrasted, difference.details)),
        rest=tuple(_row(detail, difference) for detail in rest_of_rules(difference)),
    )


def _sentence(text: str) -> str:
    """Return a text that begins and ends as a sentence does."""
    end = "" if text.endswith((".", "!", "?")) else "."
    return f"{text[0].upper()}{text[1:]}{end}" if text else ""


def _contrasted(detail: Detail) -> _Row:
    one, other = (value_in_words(detail, text) for text in (detail.a, detail.b))
    if None in (detail.a, detail.b):
        return _Row(field_in_words(detail), (Piece(one),), (Piece(other),))
    return _Row(field_in_words(detail), *contrast(one, other))


def _row(detail: Detail, difference: ServerDifference) -> _Row:
    """Return what is beside a difference, unmarked: it means nothing, or is told elsewhere."""
    one, other = (
        None if rule is None else (Piece(value_in_words(detail, text)),)
        for rule, text in zip(difference.rules, (detail.a, detail.b), strict=True)
    )
    return _Row(field_in_words(detail), one, other)


# ---- What attributes are decided by --------------------------------------------------------------


def _changes(found: Comparison) -> Iterator[_Change]:
    for change in attribute_changes(found.a, found.b, found.connectors, found.rules):
        one, server = _named(change, found)
        yield _Change(
            one.attribute,
            one.object_type,
            space_in_words(one.connector, server),
            tuple(_deciders(change.a, found.a)),
            tuple(_deciders(change.b, found.b)),
        )


def _named(change: AttributeChange, found: Comparison) -> tuple[DecidedAttribute, Server]:
    """Return an attribute as A has it, else as B has it."""
    if change.a is not None:
        return change.a, found.a
    assert change.b is not None  # it is somewhere
    return change.b, found.b


def _deciders(one: DecidedAttribute | None, server: Server) -> Iterator[_Decider]:
    for rule, flows in one.deciders if one is not None else ():
        scope = scope_in_words(rule.sync_rule.scope_filter) if rule.sync_rule else None
        yield _Decider(
            rule.name,
            server.label(rule.connector),
            "not known" if rule.precedence is None else str(rule.precedence),
            flows_in_words(flows) or "",
            scope or "",
        )
