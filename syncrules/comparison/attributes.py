"""What each attribute is decided by: the rules that fill it, the strongest first."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import NamedTuple

from syncrules.pairing.order import RuleInBoth
from syncrules.rules.comparison import flows_told
from syncrules.rules.enumerations import OUTBOUND
from syncrules.rules.folding import folded, with_connectors
from syncrules.rules.model import AttributeFlowMapping, SyncRule
from syncrules.servers.model import Server, ServerRule

from .model import connector_marks

__all__ = [
    "AttributeChange",
    "DecidedAttribute",
    "Decider",
    "attribute_changes",
    "by_precedence",
    "decided",
    "mark_of",
]


class Decider(NamedTuple):
    """A rule that fills an attribute, with its flows to it in their order."""

    rule: ServerRule
    flows: tuple[AttributeFlowMapping, ...]


class DecidedAttribute(NamedTuple):
    """An attribute of a type of objects, with the enabled rules that fill it, strongest first.

    `connector` is the identifier of the connector that has it; `None` is the metaverse. Rules whose
    precedence is not known stand last.
    """

    connector: str | None
    object_type: str
    attribute: str
    deciders: tuple[Decider, ...]


class AttributeChange(NamedTuple):
    """An attribute that is not decided alike on two servers; `None` where no rule fills it."""

    a: DecidedAttribute | None
    b: DecidedAttribute | None


_Key = tuple[str | None, str, str]
"""A connector, a type of objects and an attribute; the last two in lower case."""


def decided(server: Server) -> tuple[DecidedAttribute, ...]:
    """Return what each attribute that a rule of a server fills is decided by, in order of name."""
    found = _decided(server)
    return tuple(found[key] for key in sorted(found, key=_in_order))


def _in_order(key: _Key) -> tuple[str, str, str]:
    return key[0] or "", key[1], key[2]


def _decided(server: Server) -> dict[_Key, DecidedAttribute]:
    found: dict[_Key, list[Decider]] = {}
    for rule in sorted(server.rules, key=by_precedence):
        own = rule.sync_rule
        if own is None or own.disabled:
            continue
        space = own.connector if own.direction == OUTBOUND else None
        for name, flows in _flows(own).items():
            key = (space, own.target_object_type.lower(), name)
            found.setdefault(key, []).append(Decider(rule, tuple(flows)))
    return {key: _named(key[0], tuple(deciders)) for key, deciders in found.items()}


def _named(space: str | None, deciders: tuple[Decider, ...]) -> DecidedAttribute:
    """Return an attribute in the words of the rule that decides it first."""
    first = deciders[0]
    assert first.rule.sync_rule is not None  # only whole rules are looked at
    object_type = first.rule.sync_rule.target_object_type
    return DecidedAttribute(space, object_type, first.flows[0].destination, deciders)


def by_precedence(rule: ServerRule) -> tuple[bool, int]:
    """Return where a rule stands; one whose precedence is not known stands last."""
    return rule.precedence is None, rule.precedence or 0


def _flows(rule: SyncRule) -> dict[str, list[AttributeFlowMapping]]:
    found: dict[str, list[AttributeFlowMapping]] = {}
    for flow in rule.attribute_flow_mappings:
        found.setdefault(flow.destination.lower(), []).append(flow)
    return found


# ---- On two servers ------------------------------------------------------------------------------


def attribute_changes(
    a: Server, b: Server, connectors: Mapping[str, str], rules: Iterable[RuleInBoth]
) -> Iterator[AttributeChange]:
    """Yield the attributes that are not decided alike: by other rules, flows, scopes or order.

    `connectors` are B's by A's, `rules` those that both servers have.
    """
    back = {new: old for old, new in connectors.items()}
    ones = _decided(a)
    others = {(back.get(key[0] or "", key[0]), *key[1:]): d for key, d in _decided(b).items()}
    pairs = tuple(rules)
    marks_a, marks_b = connector_marks(connectors)
    told_a = _Teller({mark_of(r.one): n for n, r in enumerate(pairs)}, "A", marks_a)
    told_b = _Teller({mark_of(r.other): n for n, r in enumerate(pairs)}, "B", marks_b)
    for key in sorted({**ones, **others}, key=_in_order):
        one, other = ones.get(key), others.get(key)
        if told_a.all_of(one) != told_b.all_of(other):
            yield AttributeChange(one, other)


def mark_of(rule: ServerRule) -> Hashable:
    """Return what tells a rule from others of its server."""
    return rule.identifier or (rule.name, rule.connector, rule.direction, rule.precedence)


class _Teller:
    """What is equal for two lists of rules of two servers if they decide the same."""

    def __init__(
        self, numbers: Mapping[Hashable, int], side: str, connectors: Mapping[str, str]
    ) -> None:
        self.numbers, self.side, self.connectors = numbers, side, connectors
        self.known: dict[Hashable, tuple[Mapping[str, Hashable], Hashable]] = {}

    def all_of(self, found: DecidedAttribute | None) -> list[Hashable]:
        if found is None:
            return []
        return [self._one(d, found.attribute.lower()) for d in found.deciders]

    def _one(self, decider: Decider, attribute: str) -> Hashable:
        mark = mark_of(decider.rule)
        if mark not in self.known:
            assert decider.rule.sync_rule is not None  # only whole rules decide
            plain = folded(with_connectors(decider.rule.sync_rule, self.connectors))
            scope = frozenset(frozenset(group) for group in plain.scope_filter)
            self.known[mark] = dict(flows_told(plain.attribute_flow_mappings)), scope
        flows, where = self.known[mark]
        which = self.numbers.get(mark, (self.side, mark))
        return which, flows[attribute], where
