"""A comparison of two servers as text: the verdict, then the heaviest differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from syncrules.comparison.accepting import Accepted
from syncrules.comparison.attributes import AttributeChange, DecidedAttribute, attribute_changes
from syncrules.comparison.model import (
    Comparison,
    Detail,
    DifferenceKind,
    DifferenceLevel,
    ServerDifference,
)
from syncrules.comparison.words import flows_in_words, scope_in_words
from syncrules.servers.model import Fact, Server
from syncrules.wording import contrasted, counted, first_of

from .page import Page, wrapped

__all__ = ["comparison_lines", "decided_lines", "fitted", "gone_lines"]

_EXAMPLES = 5
Lines = Iterator[str]


class _Section(NamedTuple):
    """Kinds of differences that are told together, and how the verdict counts one and several."""

    title: str
    one: str
    several: str
    kinds: tuple[DifferenceKind, ...]


_SECTIONS = (
    _Section("Only on A", "rule only on A", "rules only on A", (DifferenceKind.ONLY_A,)),
    _Section("Only on B", "rule only on B", "rules only on B", (DifferenceKind.ONLY_B,)),
    _Section(
        "Rules that differ",
        "rule changed",
        "rules changed",
        (
            DifferenceKind.CHANGED,
            DifferenceKind.CHANGED_IN_PLACE,
            DifferenceKind.VERSION,
            DifferenceKind.STATE,
            DifferenceKind.RENAMED,
        ),
    ),
    _Section(
        "Rules that cannot be told apart",
        "name of several rules",
        "names of several rules",
        (DifferenceKind.AMBIGUOUS,),
    ),
    _Section("Order", "change of order", "changes of order", (DifferenceKind.ORDER,)),
    _Section("Connectors", "connector", "connectors", (DifferenceKind.CONNECTOR,)),
    _Section("What connectors read", "selection", "selections", (DifferenceKind.SELECTION,)),
    _Section("Attributes in the schema", "schema", "schemas", (DifferenceKind.SCHEMA,)),
    _Section(
        "Run profiles",
        "connector's run profiles",
        "connectors' run profiles",
        (DifferenceKind.RUN_PROFILE,),
    ),
    _Section("Options", "option", "options", (DifferenceKind.OPTION,)),
)


def comparison_lines(
    found: Comparison, paths: tuple[str, str], *, everything: bool, attributes: bool
) -> Lines:
    """Yield the lines of a comparison; with `everything`, all of what a section tells."""
    yield _verdict(found)
    for name, path, server in zip("AB", paths, (found.a, found.b), strict=True):
        facts = ", ".join(_facts(server))
        yield f"  {name}: {path}{f' ({facts})' if facts else ''}"
    yield from (f"  {line}" for line in _assumed(found))
    real = [d for d in found.differences if d.level is DifferenceLevel.DIFFERS]
    yield from _sections(real, everything=everything)
    for title, level in (
        ("Expected", DifferenceLevel.EXPECTED),
        ("Accepted", DifferenceLevel.ACCEPTED),
    ):
        own = [d for d in found.differences if d.level is level]
        yield from _titled(title, _differences(own, everything=everything))
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
    if found.same:
        accepted = [d for d in found.differences if d.level is DifferenceLevel.ACCEPTED]
        but = f" but {len(accepted)} that you accepted" if accepted else ""
        rest = "" if found.complete else "; not everything could be compared"
        return f"No difference was found{but}{rest}."
    counts = (
        (section, sum(found.counts.get(kind, 0) for kind in section.kinds)) for section in _SECTIONS
    )
    told = (f"{count} {s.one if count == 1 else s.several}" for s, count in counts if count)
    return f"Different: {', '.join(told)}"


def _facts(server: Server) -> Iterator[str]:
    """Yield what tells a server from others, as its files have it."""
    known = {fact.what: fact.value for fact in reversed(server.facts)}
    for what, words in ((Fact.NAME, "{}"), (Fact.VERSION, "version {}")):
        if what in known:
            yield words.format(known[what])


def _assumed(found: Comparison) -> Lines:
    for old in found.assumed:
        one, other = found.a.label(old), found.b.label(found.connectors[old])
        yield (
            f"A's connector {one} is assumed to be B's {other}: no other is left. "
            "If it is not, use --map."
        )


# ---- Differences ---------------------------------------------------------------------------------


def _sections(differences: Sequence[ServerDifference], *, everything: bool) -> Lines:
    """Yield the sections, the heaviest first."""
    weights = Counter[DifferenceKind]()
    for difference in differences:
        weights[difference.kind] += difference.weight
    for section in sorted(_SECTIONS, key=lambda s: -sum(weights[k] for k in s.kinds)):
        own = [d for d in differences if d.kind in section.kinds]
        title = f"{section.title} ({len(own)})"
        yield from _titled(title, _differences(own, everything=everything))


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
    cause = _cause(difference)
    yield f"{_subject(difference)}{f': {cause}' if cause else ''}"
    if difference.kind is DifferenceKind.AMBIGUOUS or len(difference.details) == 1:
        details = difference.details
    else:
        details = difference.details if everything else difference.details[:_EXAMPLES]
    for detail in details:
        yield from (f"  {line}" for line in _detail(detail, everything=everything))
    if len(details) < len(difference.details):
        yield f"  and {len(difference.details) - len(details)} more: --all"


def _cause(difference: ServerDifference) -> str:
    a, b = difference.a, difference.b
    if difference.kind is DifferenceKind.VERSION and a and b and a.immutable_tag != b.immutable_tag:
        return f"{difference.cause} ({a.immutable_tag} on A, {b.immutable_tag} on B)"
    return difference.cause


def _subject(difference: ServerDifference) -> str:
    subject = difference.subject
    if not subject.direction:
        return subject.name
    kind = "out-of-box" if subject.immutable_tag else "custom"
    return f"'{subject.name}' ({subject.connector}, {subject.direction.lower()}, {kind})"


_WORDS = {
    "disabled": "state",
    "enable_password_sync": "password synchronization",
    "immutable_tag": "tag",
    "join_filter": "joins",
    "link_type": "link type",
    "scope_filter": "scope",
    "soft_delete_expiry_interval": "soft delete expiry",
    "source_object_type": "source object type",
    "target_object_type": "target object type",
}
_OF_ITS_PART = ("attribute_flow_mappings", "option")


def _detail(detail: Detail, *, everything: bool) -> Lines:
    """Yield what A and B have: short texts on one line, long ones one above the other."""
    word = "" if detail.field in _OF_ITS_PART else _WORDS.get(detail.field, detail.field)
    what = " ".join(filter(None, (word, detail.part)))
    one, other = (_value(detail, text) for text in (detail.a, detail.b))
    if not everything:
        one, other = contrasted(one, other)
    if len(what) + len(one) + len(other) < 60:
        yield f"{what}: {one} on A, {other} on B"
    else:
        yield f"{what}:"
        yield f"  A: {one}"
        yield f"  B: {other}"


def _value(detail: Detail, text: str | None) -> str:
    if text is None:
        return "no flow" if detail.field == "attribute_flow_mappings" else "none"
    return text or "empty"


def _order(difference: ServerDifference, *, everything: bool) -> Lines:
    """Yield what comes before what, and what that decides."""
    *relations, decides = difference.details
    for relation in relations:
        if relation.field == "connectors":
            rules = counted(difference.weight, "rule")
            yield f"{relation.a} on A, but {relation.b} on B ({rules})"
        else:
            yield f"{_subject(difference)} comes {relation.a} on A, {relation.b} on B"
    names = (decides.a or "").split(", ")
    told = ", ".join(names) if everything else first_of(names)
    yield f"  decides {told}"


# ---- The rest ------------------------------------------------------------------------------------


def _left_out(found: Comparison) -> str:
    number = len(found.ignored)
    ignored = (
        f"{counted(number, 'difference')} that {'means' if number == 1 else 'mean'} nothing "
        f"{'was' if number == 1 else 'were'} ignored"
        if number
        else ""
    )
    notes = f"{counted(len(found.notes), 'note')}" if found.notes else ""
    return f"{', '.join(filter(None, (ignored, notes)))}: --all"


def _ignored(found: Comparison) -> Lines:
    for field, count in sorted(Counter(i.field for i in found.ignored).items()):
        yield f"{_WORDS.get(field, field)} ({count})"
        for one in (i for i in found.ignored if i.field == field):
            yield f"  '{one.a.name}' ({one.a.connector}): {one.was} on A, {one.now} on B"


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
    yield from _titled(f"Attributes that are decided otherwise ({len(changes)})", lines)


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
    return f"{one.attribute} of {one.object_type} in {_space(one.connector, server)}"


def _space(connector: str | None, server: Server) -> str:
    return "the metaverse" if connector is None else server.label(connector)


def _deciders(one: DecidedAttribute, server: Server) -> Lines:
    for number, (rule, flows) in enumerate(one.deciders, start=1):
        precedence = "not known" if rule.precedence is None else rule.precedence
        where = _space(rule.connector, server)
        yield f"{number}. '{rule.name}' ({where}, precedence {precedence})"
        yield f"   {flows_in_words(flows)}"
        scope = scope_in_words(rule.sync_rule.scope_filter) if rule.sync_rule else None
        if scope:
            yield f"   where {scope}"


# ---- On a page -----------------------------------------------------------------------------------


def fitted(lines: Iterable[str], paper: Page) -> Lines:
    """Yield lines that fit the page; what goes on is indented by four more."""
    for line in lines:
        text = line.lstrip()
        indent = line[: len(line) - len(text)]
        yield from wrapped(text, paper.width, indent, f"{indent}    ")
