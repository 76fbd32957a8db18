"""In what the rules of two servers differ, and what of it means nothing."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cached_property
from typing import NamedTuple

from syncrules.pairing.order import RuleInBoth
from syncrules.pairing.same_rules import Candidates, SameRules
from syncrules.rules.canonical import CONTENT, canonical_lines
from syncrules.rules.comparison import content_differences, differing_destinations
from syncrules.rules.folding import folded, with_connectors
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Facet, Server, ServerRule

from .attributes import mark_of
from .details import FLOWS, field_detail, flow_detail, shown, state
from .model import (
    Detail,
    DifferenceKind,
    DifferenceLevel,
    Ignored,
    NotCompared,
    ServerDifference,
    Subject,
    connector_marks,
    subject_of_rule,
)
from .order import followed

__all__ = ["RuleComparison"]

_FIELDS = tuple(f.name for f in fields(SyncRule))
_CONTENT = {
    "LinkType": "link_type",
    "SourceObjectType": "source_object_type",
    "TargetObjectType": "target_object_type",
    "EnablePasswordSync": "enable_password_sync",
    "SoftDeleteExpiryInterval": "soft_delete_expiry_interval",
    "AttributeFlowMappings": FLOWS,
    "ScopeFilter": "scope_filter",
    "JoinFilter": "join_filter",
}
"""What a rule does: the names of the comparison of rules, and those of `SyncRule`."""


class RuleComparison:
    """The rules of two servers side by side."""

    def __init__(
        self, a: Server, b: Server, connectors: Mapping[str, str], rules: SameRules
    ) -> None:
        self.a, self.b = a, b
        self.rules = rules
        self.marks = connector_marks(connectors)
        self.found = [(same.rule, tuple(self._details(same.rule))) for same in rules.same]

    def differences(self) -> Iterator[ServerDifference]:
        """Yield differences and notes."""
        for same, details in self.found:
            yield from self._of_pair(same, details)
        for pair in self.rules.replaced:
            yield self._replaced(pair)
        for candidates in self.rules.candidates:
            yield self._ambiguous(candidates)
        if self.b.is_complete_in(Facet.RULES):
            yield from (self._only(r, self.a) for r in self.rules.only_one)
        if self.a.is_complete_in(Facet.RULES):
            yield from (self._only(r, self.b) for r in self.rules.only_other)

    def not_compared(self) -> Iterator[NotCompared]:
        """Yield the rules that may be on the other server too, and those that no file shows."""
        for name, other, rules in (
            ("A", self.b, self.rules.only_one),
            ("B", self.a, self.rules.only_other),
        ):
            if rules and not other.is_complete_in(Facet.RULES):
                other_name = "B" if name == "A" else "A"
                yield NotCompared(
                    f"rules that only {name}'s files show",
                    f"the files of {other_name} need not show all its rules",
                    tuple(sorted(r.name for r in rules)),
                )
        pairs = [found.rule for found in self.rules.same]
        unseen = [p.one.name for p in pairs if None in (p.one.sync_rule, p.other.sync_rule)]
        if unseen:
            why = "a file shows their names only"
            yield NotCompared("what rules do", why, tuple(sorted(unseen)))
        if unread := {*self.a.unread, *self.b.unread}:
            why = "this version of syncrules does not know it"
            yield NotCompared("what else rules have in the files", why, tuple(sorted(unread)))

    def ignored(self) -> Iterator[Ignored]:
        """Yield what is otherwise in the rules of both servers and means nothing."""
        for pair, details in self.found:
            one, other = pair.one.sync_rule, pair.other.sync_rule
            if one is None or other is None or one == other:
                continue
            a, b = self._subjects(pair)
            told = {found.field for found in details}
            for name in _FIELDS:
                if name not in told and getattr(one, name) != getattr(other, name):
                    yield Ignored(name, a, b, shown(one, name), shown(other, name))

    # ---- One rule on both servers ----

    def _details(self, pair: RuleInBoth) -> Iterator[_Found]:
        one, other = pair.one.sync_rule, pair.other.sync_rule
        if one is None or other is None:
            yield from _of_names(*pair)
        else:
            yield from self._of_rules(one, other)

    def _of_rules(self, one: SyncRule, other: SyncRule) -> Iterator[_Found]:
        """Yield what is not the same in two rules, small things as notes."""
        yield from self._content(one, other)
        if one.disabled is not other.disabled:
            yield _Found(field_detail("disabled", one, other))
        if one.name != other.name:
            yield _Found(field_detail("name", one, other))
        if (one.description or "") != (other.description or ""):
            texts = one.description or None, other.description or None
            yield _Found(Detail("description", "", *texts), is_note=True)
        yield from _tags(one, other)

    def _of_pair(self, pair: RuleInBoth, found: Iterable[_Found]) -> Iterator[ServerDifference]:
        one, other = pair
        a, b = self._subjects(pair)
        for kind, own in _by_kind(found, one, other):
            level = DifferenceLevel.NOTE if own[0].is_note else DifferenceLevel.DIFFERS
            details = tuple(f.detail for f in own)
            content = "" if kind in _OWN_KINDS.values() else _contrast(one, other)
            yield ServerDifference(
                kind, level, a, b, details, _CAUSES.get(kind, ""), content=content, rules=pair
            )

    def _content(self, one: SyncRule, other: SyncRule) -> Iterator[_Found]:
        here, there = (with_connectors(r, m) for r, m in zip((one, other), self.marks, strict=True))
        exactly = content_differences(here, there)
        unlike = {*exactly, *(content_differences(one, other) if here is not one else ())}
        differing: tuple[str, ...] = ()
        if exactly or _spells_otherwise(here):
            here, there = folded(here), folded(there)
            differing = content_differences(here, there)
            unlike |= {*differing}
        for name in (n for n in _CONTENT if n in unlike):
            is_note, field = name not in differing, _CONTENT[name]
            if field != FLOWS:
                yield _Found(field_detail(field, one, other), is_note=is_note)
                continue
            pair = (one, other) if is_note else (here, there)
            for attribute in dict.fromkeys(a.lower() for a in differing_destinations(*pair)):
                yield _Found(flow_detail(one, other, attribute), is_note=is_note)

    # ---- Rules of one server alone ----

    def _only(self, rule: ServerRule, server: Server) -> ServerDifference:
        subject, content = subject_of_rule(rule, server), self._alone(rule, server)
        level = DifferenceLevel.DIFFERS
        if server is self.a:
            return ServerDifference(
                DifferenceKind.ONLY_A, level, subject, None, content=content, rules=(rule, None)
            )
        return ServerDifference(
            DifferenceKind.ONLY_B, level, None, subject, content=content, rules=(None, rule)
        )

    def _replaced(self, pair: RuleInBoth) -> ServerDifference:
        a, b = self._subjects(pair)
        detail = Detail("immutable_tag", "", _kind(pair.one), _kind(pair.other))
        cause = "one is Microsoft's and the other was made by a person"
        return ServerDifference(
            DifferenceKind.CHANGED,
            DifferenceLevel.DIFFERS,
            a,
            b,
            (detail,),
            cause,
            content=repr((self._alone(pair.one, self.a), self._alone(pair.other, self.b))),
            rules=pair,
        )

    def _ambiguous(self, found: Candidates) -> ServerDifference:
        ones, others = (
            tuple(sorted((subject_of_rule(r, server) for r in rules), key=_by_name))
            for rules, server in ((found.one, self.a), (found.other, self.b))
        )
        named = [", ".join(f"'{s.name}'" for s in side) for side in (ones, others)]
        return ServerDifference(
            DifferenceKind.AMBIGUOUS,
            DifferenceLevel.DIFFERS,
            ones[0],
            others[0],
            (Detail("name", "", *named),),
            "several rules could be the same one",
            max(len(ones), len(others)),
            repr(
                [
                    sorted(self._alone(r, server) for r in rules)
                    for rules, server in ((found.one, self.a), (found.other, self.b))
                ]
            ),
        )

    def _alone(self, rule: ServerRule, server: Server) -> str:
        """Return what a rule does that has no partner, and where: no other difference tells it."""
        before = self._followed_on_a if server is self.a else self._followed_on_b
        return repr((_told(rule), before.get(mark_of(rule))))

    @cached_property
    def _followed_on_a(self) -> Mapping[Hashable, object]:
        return followed(self.a)

    @cached_property
    def _followed_on_b(self) -> Mapping[Hashable, object]:
        return followed(self.b)

    def _subjects(self, pair: RuleInBoth) -> tuple[Subject, Subject]:
        return subject_of_rule(pair.one, self.a), subject_of_rule(pair.other, self.b)


def _spells_otherwise(rule: SyncRule) -> bool:
    """Return whether flows to one attribute write its name in several ways: their order counts."""
    names = {flow.destination for flow in rule.attribute_flow_mappings}
    return len({name.lower() for name in names}) < len(names)


class _Found(NamedTuple):
    """A detail, and whether it is a note at most."""

    detail: Detail
    is_note: bool = False

    @property
    def field(self) -> str:
        return self.detail.field


_CAUSES = {
    DifferenceKind.VERSION: "in another version of Connect, changed by Microsoft or by hand",
    DifferenceKind.CHANGED_IN_PLACE: "in the same version, so probably changed by hand",
}


def _by_kind(
    details: Iterable[_Found], one: ServerRule, other: ServerRule
) -> Iterator[tuple[DifferenceKind, list[_Found]]]:
    """Yield what differs by its kind; notes stand alone where there is nothing more."""
    groups: dict[tuple[DifferenceKind, bool], list[_Found]] = {}
    for found in details:
        kind = _OWN_KINDS.get(found.field) or _content_kind(one, other)
        groups.setdefault((kind, found.is_note), []).append(found)
    for (kind, _), own in groups.items():
        yield kind, own


_OWN_KINDS = {"disabled": DifferenceKind.STATE, "name": DifferenceKind.RENAMED}


def _content_kind(one: ServerRule, other: ServerRule) -> DifferenceKind:
    if not (one.is_out_of_box and other.is_out_of_box):
        return DifferenceKind.CHANGED
    if (one.immutable_tag or "").lower() == (other.immutable_tag or "").lower():
        return DifferenceKind.CHANGED_IN_PLACE
    return DifferenceKind.VERSION


def _of_names(one: ServerRule, other: ServerRule) -> Iterator[_Found]:
    """Yield what differs in what files show of two rules that they do not show whole."""
    if None not in (one.disabled, other.disabled) and one.disabled is not other.disabled:
        states = state(bool(one.disabled)), state(bool(other.disabled))
        yield _Found(Detail("disabled", "", *states))
    if one.name != other.name:
        yield _Found(Detail("name", "", one.name, other.name))


def _tags(one: SyncRule, other: SyncRule) -> Iterator[_Found]:
    """Yield a tag that says more than the version of Connect."""
    tags = one.immutable_tag or "", other.immutable_tag or ""
    if one.is_out_of_box is not other.is_out_of_box:
        yield _Found(Detail("immutable_tag", "", tags[0] or None, tags[1] or None))
    elif tags[0] != tags[1] and not one.is_out_of_box:
        yield _Found(Detail("immutable_tag", "", tags[0] or None, tags[1] or None), is_note=True)


def _told(rule: ServerRule) -> str:
    """Return what a rule does and its state, in a form in which noise makes no difference."""
    lines = {} if rule.sync_rule is None else canonical_lines(rule.sync_rule)
    return repr((rule.disabled, lines))


def _contrast(one: ServerRule, other: ServerRule) -> str:
    """Return what either rule has in each field in which they differ, in the same form."""
    if one.sync_rule is None or other.sync_rule is None:
        return ""
    ones, others = canonical_lines(one.sync_rule), canonical_lines(other.sync_rule)
    unlike = {name: (ones.get(name, ()), others.get(name, ())) for name in CONTENT}
    return repr({name: lines for name, lines in unlike.items() if lines[0] != lines[1]})


def _kind(rule: ServerRule) -> str:
    return "out-of-box" if rule.is_out_of_box else "custom"


def _by_name(subject: Subject) -> tuple[str, int]:
    return subject.name, subject.precedence or 0
