"""A comparison of two servers as text: the verdict, then the heaviest differences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from syncrules.comparison.accepting import Accepted
from syncrules.comparison.attributes import AttributeChange, DecidedAttribute, attribute_changes
from syncrules.comparison.model import (
    Comparison,
    Detail,
    DifferenceKind,
    DifferenceLevel,
    ServerDifference,
)
from syncrules.comparison.telling import (
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
    subject_in_words,
    value_in_words,
    verdict,
)
from syncrules.comparison.words import flows_in_words, scope_in_words
from syncrules.servers.model import Server
from syncrules.wording import contrasted, counted, first_of

__all__ = ["comparison_lines", "decided_lines", "gone_lines"]

_EXAMPLES = 5
Lines = Iterator[str]


def comparison_lines(
    found: Comparison, paths: tuple[str, str], *, everything: bool, attributes: bool
) -> Lines:
    """Yield the lines of a comparison; with `everything`, all of what a section tells."""
    yield _verdict(found)
    for name, path, server in zip("AB", paths, (found.a, found.b), strict=True):
        facts = ", ".join(facts_of(server))
        yield f"  {name}: {path}{f' ({facts})' if facts else ''}"
    yield from (f"  {line}" for line in assumptions(found))
    for section, own in sections(of_level(found, DifferenceLevel.DIFFERS)):
        title = f"{section.title} ({len(own)})"
        yield from _titled(title, _differences(own, everything=everything))
    for title, level in (
        ("Expected", DifferenceLevel.EXPECTED),
        ("Accepted", DifferenceLevel.ACCEPTED),
    ):
        yield from _titled(title, _differences(of_level(found, level), everything=everything))
    if attributes:
        yield from _changes(found)
    if everything:
        yield from _titled("Notes", _differences(found.notes, everything=True))
        yield from _titled("Ignored: these mean nothing", _ignored(found))
    elif found.notes or found.ignored:
        yield ""
        yield _left_out(found)
    yield from _titled("Not compared", _not_compared(found, everything=everything))


def _verdict(found: Comparison) -> str:
    headline, parts = verdict(found)
    return f"{'; '.join((headline, *parts))}." if found.same else f"{headline}: {', '.join(parts)}"


# ---- Differences ---------------------------------------------------------------------------------


def _titled(title: str, lines: Iterable[str]) -> Lines:
    found = list(lines)
    if found:
        yield ""
        yield title
        yield from (f"  {line}" for line in found)


def _differences(differences: Sequence[ServerDifference], *, everything: bool) -> Lines:
    shown = differences if everything else differences[:_EXAMPLES]
    for difference in shown:
        yield from _difference(difference, everything=everything)
    if len(shown) < len(differences):
        yield f"and {len(differences) - len(shown)} more: --all"


def _difference(difference: ServerDifference, *, everything: bool) -> Lines:
    if difference.kind is DifferenceKind.ORDER:
        yield from _order(difference, everything=everything)
        return
    cause = cause_of(difference)
    yield f"{subject_in_words(difference.subject)}{f': {cause}' if cause else ''}"
    if difference.kind is DifferenceKind.AMBIGUOUS or len(difference.details) == 1:
        details = difference.details
    else:
        details = difference.details if everything else difference.details[:_EXAMPLES]
    for detail in details:
        yield from (f"  {line}" for line in _detail(detail, everything=everything))
    if len(details) < len(difference.details):
        yield f"  and {len(difference.details) - len(details)} more: --all"


def _detail(detail: Detail, *, everything: bool) -> Lines:
    """Yield what A and B have: short texts on one line, long ones one above the other."""
    what = field_in_words(detail)
    one, other = (value_in_words(detail, text) for text in (detail.a, detail.b))
    if not everything:
        one, other = contrasted(one, other)
    if len(what) + len(one) + len(other) < 60:
        yield f"{what}: {one} on A, {other} on B"
    else:
        yield f"{what}:"
        yield f"  A: {one}"
        yield f"  B: {other}"


def _order(difference: ServerDifference, *, everything: bool) -> Lines:
    """Yield what comes before what, and what that decides."""
    said, names = order_in_words(difference)
    yield from said
    told = ", ".join(names) if everything else first_of(names)
    yield f"  decides {told}"


# ---- The rest ------------------------------------------------------------------------------------


def _left_out(found: Comparison) -> str:
    notes = f"{counted(len(found.notes), 'note')}" if found.notes else ""
    return f"{', '.join(filter(None, (ignored_in_words(found), notes)))}: --all"


def _ignored(found: Comparison) -> Lines:
    for field, own in ignored_by_field(found):
        yield f"{field} ({len(own)})"
        for subject, was, now in own:
            yield f"  '{subject.name}' ({subject.connector}): {was} on A, {now} on B"


def _not_compared(found: Comparison, *, everything: bool) -> Lines:
    for one in found.not_compared:
        names = ", ".join(one.names) if everything else first_of(one.names)
        yield f"{one.what}: {one.why}{f' ({names})' if names else ''}"


def gone_lines(gone: Iterable[Accepted]) -> Lines:
    """Yield the accepted differences that are no longer there."""
    told = (f"{a.key}{f': {a.reason}' if a.reason else ''}" for a in gone)
    yield from _titled("Accepted, and no longer there", told)


# ---- What attributes are decided by --------------------------------------------------------------


def _changes(found: Comparison) -> Lines:
    changes = [*attribute_changes(found.a, found.b, found.connectors, found.rules)]
    lines = (line for change in changes for line in _change(change, found))
    yield from _titled(f"Attributes that other rules decide ({len(changes)})", lines)


def _change(change: AttributeChange, found: Comparison) -> Lines:
    if change.a is not None:
        yield _heading(change.a, found.a)
    elif change.b is not None:
        yield _heading(change.b, found.b)
    for name, side, server in (("A", change.a, found.a), ("B", change.b, found.b)):
        if side is None:
            yield f"  {name}: no rule"
        else:
            yield f"  {name}:"
            yield from (f"    {line}" for line in _deciders(side, server))


def decided_lines(server: Server, attributes: Iterable[DecidedAttribute]) -> Lines:
    """Yield each attribute of a server with the rules that decide it."""
    for one in attributes:
        yield _heading(one, server)
        yield from (f"  {line}" for line in _deciders(one, server))


def _heading(one: DecidedAttribute, server: Server) -> str:
    return f"{one.attribute} of {one.object_type} in {space_in_words(one.connector, server)}"


def _deciders(one: DecidedAttribute, server: Server) -> Lines:
    for number, (rule, flows) in enumerate(one.deciders, start=1):
        precedence = "not known" if rule.precedence is None else rule.precedence
        where = space_in_words(rule.connector, server)
        yield f"{number}. '{rule.name}' ({where}, precedence {precedence})"
        yield f"   {flows_in_words(flows)}"
        scope = scope_in_words(rule.sync_rule.scope_filter) if rule.sync_rule else None
        if scope:
            yield f"   where {scope}"


# ---- On a page -----------------------------------------------------------------------------------
