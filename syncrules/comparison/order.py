"""What another order of the same rules decides: as few causes as there can be.

Which rule of two that change places has moved does not depend on which server is called A.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from syncrules.pairing.order import (
    ConnectorOrder,
    MovedRule,
    RuleInBoth,
    filled,
    reordered,
)
from syncrules.pairing.ranks import longest_common
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Server, ServerRule

from .attributes import mark_of
from .model import (
    Detail,
    DifferenceKind,
    DifferenceLevel,
    NotCompared,
    ServerDifference,
    Subject,
    subject_of_connector,
    subject_of_rule,
)

__all__ = ["followed", "joined_by", "order_differences", "order_not_compared"]


def order_differences(
    a: Server, b: Server, connectors: Mapping[str, str], rules: Iterable[RuleInBoth]
) -> Iterator[ServerDifference]:
    """Yield why rules that contest an attribute come in another order on B.

    Contesting it on one server is enough: a rule that is disabled on the other, or fills less
    there, is a difference of its own, which may be accepted while the order goes on to change.
    """
    back = {new: old for old, new in connectors.items()}
    for cause in _causes([r for r in rules if all(map(_is_placed, r))], back):
        if isinstance(cause, ConnectorOrder):
            yield _of_connectors(a, b, connectors, cause)
        else:
            yield _of_rule(a, b, cause)


def order_not_compared(rules: Iterable[RuleInBoth]) -> Iterator[NotCompared]:
    """Yield the rules whose precedence a file does not show, or leaves to a reference."""
    names = [r.one.name for r in rules if not all(map(_is_placed, r))]
    if names:
        why = "not every file shows their precedence"
        yield NotCompared("the order of rules", why, tuple(sorted(names)))


def followed(server: Server) -> Mapping[Hashable, tuple[tuple[str, str, int], ...]]:
    """Return which rules come next before each rule of one server, for what both fill or join.

    By `mark_of`; each by its name, its connector, and how many of these have come up to it. With
    the order of the rules that both servers have, it tells where all others stand, and precedences
    that change mean nothing.
    """
    last: dict[Hashable, tuple[str, str, int]] = {}
    found: dict[Hashable, tuple[tuple[str, str, int], ...]] = {}
    alike: Counter[tuple[str, str]] = Counter()
    placed = (r for r in server.rules if _is_placed(r))
    for rule in sorted(placed, key=_in_order):
        keys = {*filled(rule), *_joined(rule)}
        found[mark_of(rule)] = tuple(sorted({last[key] for key in keys if key in last}))
        subject = subject_of_rule(rule, server)
        named = subject.name, subject.connector.lower()
        alike[named] += 1
        last |= dict.fromkeys(keys, (*named, alike[named]))
    return found


def _in_order(rule: ServerRule) -> tuple[int, str, str, str]:
    """Return a rule's precedence, and what tells it from one that shares it."""
    return rule.precedence or 0, rule.name, rule.connector, rule.identifier or ""


def _is_placed(rule: ServerRule) -> bool:
    """Return whether a precedence is known; one that a reference places shows 0 in an export."""
    referred = rule.sync_rule is not None and rule.sync_rule.reference is not None
    return bool(rule.precedence) if referred else rule.precedence is not None


# ---- The same causes from either side ------------------------------------------------------------


def _causes(
    rules: Sequence[RuleInBoth], back: Mapping[str, str]
) -> Iterator[ConnectorOrder | MovedRule]:
    """Yield the causes; where to begin depends on the rules, not on which server is called A."""
    ones = sorted(rules, key=lambda r: r.one.precedence or 0)
    others = sorted(rules, key=lambda r: r.other.precedence or 0)
    if [*map(_key, ones)] <= [*map(_key, others)]:
        yield from _all_causes(rules)
    else:
        turned = _all_causes([*map(_turned, rules)])
        yield from (_turned_cause(cause, back) for cause in turned)


def _all_causes(rules: Sequence[RuleInBoth]) -> Iterator[ConnectorOrder | MovedRule]:
    causes = reordered(rules, on=any)
    yield from causes
    told = {mark_of(rule.one) for cause in causes for rule in _rules_of(cause)}
    yield from _joining_otherwise(r for r in rules if mark_of(r.one) not in told)


def _rules_of(cause: ConnectorOrder | MovedRule) -> Iterator[RuleInBoth]:
    if isinstance(cause, ConnectorOrder):
        yield from cause.rules
    else:
        yield cause.rule


def _key(rule: RuleInBoth) -> tuple[str, ...]:
    """Return what a rule is told by, the same from either side, and no other rule by the same."""
    told = ((side.name, side.identifier or "", side.connector) for side in rule)
    alike = (text for pair in zip(*told, strict=True) for text in sorted(pair))
    return (*alike, rule.one.direction or "")


def _turned(rule: RuleInBoth) -> RuleInBoth:
    return RuleInBoth(rule.other, rule.one)


def _turned_cause(
    cause: ConnectorOrder | MovedRule, back: Mapping[str, str]
) -> ConnectorOrder | MovedRule:
    if isinstance(cause, ConnectorOrder):
        rules = tuple(map(_turned, cause.rules))
        return ConnectorOrder(back[cause.second], back[cause.first], rules, cause.attributes)
    before, after = (tuple(map(_turned, r)) for r in (cause.was_before, cause.was_after))
    return MovedRule(_turned(cause.rule), after, before, cause.attributes)


# ---- Who joins first -----------------------------------------------------------------------------


def _joining_otherwise(rules: Iterable[RuleInBoth]) -> Iterator[MovedRule]:
    """Yield the fewest rules that must have moved for objects to be joined in another order.

    Of rules for one kind of objects of a connector, the first that finds or makes one wins.
    """
    groups: dict[Hashable, list[RuleInBoth]] = {}
    for rule in rules:
        for side in (0, 1):  # who wins on one of the servers
            for kind in _joined(rule[side]):
                groups.setdefault((side, kind), []).append(rule)
    found: dict[Hashable, MovedRule] = {}
    for group in groups.values():
        for moved in _moved_in(group):
            mark = mark_of(moved.rule.one)
            found[mark] = _both(found[mark], moved) if mark in found else moved
    yield from found.values()


def _moved_in(group: list[RuleInBoth]) -> Iterator[MovedRule]:
    group.sort(key=lambda r: r.one.precedence or 0)
    kept = longest_common([r.other.precedence or 0 for r in group])
    for index in sorted({*range(len(group))} - kept):
        rule = group[index]
        after = tuple(r for r in group[:index] if _comes_after(r, rule))
        before = tuple(r for r in group[index:] if _comes_after(rule, r))
        if before or after:  # the rest share a precedence with another
            yield MovedRule(rule, before, after, ())


def _both(one: MovedRule, other: MovedRule) -> MovedRule:
    before, after = (
        tuple({mark_of(r.one): r for r in (*first, *second)}.values())
        for first, second in (
            (one.was_before, other.was_before),
            (one.was_after, other.was_after),
        )
    )
    return MovedRule(one.rule, before, after, ())


def _joined(rule: ServerRule) -> Iterator[tuple[str, str, str]]:
    kind = joined_by(rule.sync_rule)
    if kind is not None:
        yield rule.connector, *kind


def _comes_after(one: RuleInBoth, other: RuleInBoth) -> bool:
    return (one.other.precedence or 0) > (other.other.precedence or 0)


def joined_by(rule: SyncRule | None) -> tuple[str, str] | None:
    """Return of which objects an enabled rule decides what they are joined to.

    By the direction and the type of objects; those of one connector.
    """
    if rule is None or rule.disabled or not (rule.join_filter or rule.link_type == "Provision"):
        return None
    return rule.direction, rule.source_object_type.lower()


# ---- As differences ------------------------------------------------------------------------------


def _of_connectors(
    a: Server, b: Server, connectors: Mapping[str, str], cause: ConnectorOrder
) -> ServerDifference:
    """Return what another order of two connectors is: its place is the one that comes first."""
    on_a, on_b = (
        [subject_of_connector(c, server) for i in order if (c := server.connector(i)) is not None]
        for server, order in (
            (a, (cause.first, cause.second)),
            (b, (connectors[cause.second], connectors[cause.first])),
        )
    )
    return ServerDifference(
        DifferenceKind.ORDER,
        DifferenceLevel.DIFFERS,
        on_a[0],
        on_b[0],
        (
            Detail("connectors", "", _then(on_a), _then(on_b)),
            _decided(cause.attributes),
        ),
        "the connectors are in another order",
        len(cause.rules),
    )


def _of_rule(a: Server, b: Server, cause: MovedRule) -> ServerDifference:
    passed = (*cause.was_before, *cause.was_after)
    details = (
        *_relation("before", "after", cause.was_before),
        *_relation("after", "before", cause.was_after),
        _decided(cause.attributes),
    )
    return ServerDifference(
        DifferenceKind.ORDER,
        DifferenceLevel.DIFFERS,
        subject_of_rule(cause.rule.one, a),
        subject_of_rule(cause.rule.other, b),
        details,
        "",
        len(passed),
    )


def _relation(on_a: str, on_b: str, rules: Sequence[RuleInBoth]) -> Iterator[Detail]:
    """Yield on which side of others a rule stands, each server with its names of these."""
    if rules:
        ones, others = (", ".join(sorted(f"'{r[side].name}'" for r in rules)) for side in (0, 1))
        yield Detail("precedence", "", f"{on_a} {ones}", f"{on_b} {others}")


def _then(connectors: Iterable[Subject]) -> str:
    return " before ".join(c.name for c in connectors)


def _decided(attributes: Iterable[str]) -> Detail:
    """Return the attributes that the order decides, in a field that is the same on both servers."""
    named = ", ".join(sorted(attributes, key=str.lower)) or "what objects are joined to"
    return Detail("decides", "", named, named)
