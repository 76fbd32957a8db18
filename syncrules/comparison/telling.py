"""A comparison in words, which the report in text and the page have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from syncrules.servers.model import Fact, Server
from syncrules.wording import counted

from .model import Comparison, Detail, DifferenceKind, DifferenceLevel, ServerDifference, Subject

__all__ = [
    "KINDS_IN_WORDS",
    "Section",
    "Verdict",
    "assumptions",
    "cause_of",
    "facts_of",
    "field_in_words",
    "ignored_by_field",
    "ignored_in_words",
    "is_of_rule",
    "of_level",
    "order_in_words",
    "sections",
    "space_in_words",
    "subject_in_words",
    "value_in_words",
    "verdict",
]


class Section(NamedTuple):
    """Kinds of differences that are told together, and how the verdict counts one and several."""

    title: str
    one: str
    several: str
    kinds: tuple[DifferenceKind, ...]


_SECTIONS = (
    Section("Only on A", "rule only on A", "rules only on A", (DifferenceKind.ONLY_A,)),
    Section("Only on B", "rule only on B", "rules only on B", (DifferenceKind.ONLY_B,)),
    Section(
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
    Section(
        "Rules that cannot be told apart",
        "name of several rules",
        "names of several rules",
        (DifferenceKind.AMBIGUOUS,),
    ),
    Section("Order", "change of order", "changes of order", (DifferenceKind.ORDER,)),
    Section("Connectors", "connector", "connectors", (DifferenceKind.CONNECTOR,)),
    Section("What connectors read", "selection", "selections", (DifferenceKind.SELECTION,)),
    Section("Attributes in the schema", "schema", "schemas", (DifferenceKind.SCHEMA,)),
    Section(
        "Run profiles",
        "connector's run profiles",
        "connectors' run profiles",
        (DifferenceKind.RUN_PROFILE,),
    ),
    Section("Options", "option", "options", (DifferenceKind.OPTION,)),
)

KINDS_IN_WORDS = {
    DifferenceKind.ONLY_A: "only on A",
    DifferenceKind.ONLY_B: "only on B",
    DifferenceKind.CHANGED: "changed",
    DifferenceKind.CHANGED_IN_PLACE: "changed in place",
    DifferenceKind.VERSION: "another version",
    DifferenceKind.STATE: "state",
    DifferenceKind.RENAMED: "renamed",
    DifferenceKind.AMBIGUOUS: "cannot be told apart",
    DifferenceKind.ORDER: "order",
    DifferenceKind.CONNECTOR: "connector",
    DifferenceKind.SELECTION: "selection",
    DifferenceKind.SCHEMA: "schema",
    DifferenceKind.RUN_PROFILE: "run profiles",
    DifferenceKind.OPTION: "option",
}


# ---- The whole -----------------------------------------------------------------------------------


class Verdict(NamedTuple):
    """Whether anything differs, and the parts that say more."""

    headline: str
    parts: tuple[str, ...]


def verdict(found: Comparison) -> Verdict:
    """Return the verdict: what differs is counted by section."""
    if found.same:
        accepted = len(of_level(found, DifferenceLevel.ACCEPTED))
        but = f" but {accepted} that you accepted" if accepted else ""
        rest = () if found.complete else ("not everything could be compared",)
        return Verdict(f"No difference was found{but}", rest)
    counts = (
        (section, sum(found.counts.get(kind, 0) for kind in section.kinds)) for section in _SECTIONS
    )
    told = (f"{count} {s.one if count == 1 else s.several}" for s, count in counts if count)
    return Verdict("Different", tuple(told))


def of_level(found: Comparison, level: DifferenceLevel) -> list[ServerDifference]:
    """Return the differences of a level, in their order."""
    return [d for d in found.differences if d.level is level]


def sections(
    differences: Sequence[ServerDifference],
) -> Iterator[tuple[Section, list[ServerDifference]]]:
    """Yield the sections that have any differences, the heaviest first."""
    weights = Counter[DifferenceKind]()
    for difference in differences:
        weights[difference.kind] += difference.weight
    for section in sorted(_SECTIONS, key=lambda s: -sum(weights[k] for k in s.kinds)):
        own = [d for d in differences if d.kind in section.kinds]
        if own:
            yield section, own


def facts_of(server: Server) -> Iterator[str]:
    """Yield what tells a server from others, as its files have it."""
    known = {fact.what: fact.value for fact in reversed(server.facts)}
    for what, words in ((Fact.NAME, "{}"), (Fact.VERSION, "version {}")):
        if what in known:
            yield words.format(known[what])


def assumptions(found: Comparison) -> Iterator[str]:
    """Yield the connectors that are paired because no other is left."""
    for old in found.assumed:
        one, other = found.a.label(old), found.b.label(found.connectors[old])
        yield (
            f"A's connector {one} is assumed to be B's {other}: no other is left. "
            "If it is not, use --map."
        )


def space_in_words(connector: str | None, server: Server) -> str:
    """Return where an attribute is: in the metaverse, or in a connector."""
    return "the metaverse" if connector is None else server.label(connector)


def ignored_by_field(found: Comparison) -> Iterator[tuple[str, list[tuple[Subject, str, str]]]]:
    """Yield what means nothing, in words: each field with the rules, and what A and B have."""
    fields = sorted({one.field for one in found.ignored})
    for field in fields:
        own = [(i.a, i.was, i.now) for i in found.ignored if i.field == field]
        yield _WORDS.get(field, field), own


def ignored_in_words(found: Comparison) -> str:
    """Return how many differences were ignored; empty where there is none."""
    number = len(found.ignored)
    means, was = ("means", "was") if number == 1 else ("mean", "were")
    return f"{counted(number, 'difference')} that {means} nothing {was} ignored" if number else ""


# ---- One difference ------------------------------------------------------------------------------


def is_of_rule(subject: Subject) -> bool:
    """Return whether what differs is a rule."""
    return bool(subject.direction)


def subject_in_words(subject: Subject) -> str:
    """Return what differs: a rule with where it belongs, or a connector, or the server."""
    if not is_of_rule(subject):
        return subject.name
    kind = "out-of-box" if subject.immutable_tag else "custom"
    return f"'{subject.name}' ({subject.connector}, {subject.direction.lower()}, {kind})"


def cause_of(difference: ServerDifference) -> str:
    """Return why a rule differs, where that is known, with the tags that tell it."""
    a, b = difference.a, difference.b
    if difference.kind is DifferenceKind.VERSION and a and b and a.immutable_tag != b.immutable_tag:
        return f"{difference.cause} ({a.immutable_tag} on A, {b.immutable_tag} on B)"
    return difference.cause


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


def field_in_words(detail: Detail) -> str:
    """Return what a detail is about."""
    word = "" if detail.field in _OF_ITS_PART else _WORDS.get(detail.field, detail.field)
    return " ".join(filter(None, (word, detail.part)))


def value_in_words(detail: Detail, text: str | None) -> str:
    """Return what a server has there, or that it has nothing."""
    if text is None:
        return "no flow" if detail.field == "attribute_flow_mappings" else "none"
    return text or "empty"


def order_in_words(difference: ServerDifference) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what comes before what, a sentence each, and the names of what that decides."""
    *relations, decides = difference.details
    rules = counted(difference.weight, "rule")
    subject = subject_in_words(difference.subject)
    said = (
        f"{relation.a} on A, but {relation.b} on B ({rules})"
        if relation.field == "connectors"
        else f"{subject} comes {relation.a} on A, {relation.b} on B"
        for relation in relations
    )
    return tuple(said), tuple((decides.a or "").split(", "))
