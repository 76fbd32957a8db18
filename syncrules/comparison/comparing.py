"""Two servers to all that they differ in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from syncrules.collector import paused_collector
from syncrules.diagnostics import Code, Diagnostic, Problem
from syncrules.errors import InputRefused
from syncrules.pairing.connector_names import ConnectorNames, by_identifier
from syncrules.pairing.likeness import Others
from syncrules.pairing.same_connectors import connectors_of_both
from syncrules.pairing.same_rules import rules_of_both
from syncrules.rules.guids import parse_guid
from syncrules.servers.model import Connector, Facet, Server

from .model import (
    Comparison,
    Detail,
    DifferenceKind,
    DifferenceLevel,
    NotCompared,
    ServerDifference,
    Subject,
    subject_of_connector,
)
from .options import option_differences, options_not_compared
from .order import order_differences, order_not_compared
from .rules import RuleComparison
from .schema import attribute_differences, attributes_not_compared
from .selection import connector_differences, connectors_not_compared

__all__ = ["compare"]


def compare(a: Server, b: Server, *, mapping: Mapping[str, str] | None = None) -> Comparison:
    """Return how two servers differ, or one server at two times.

    `mapping` gives connectors of B by those of A, for those that nothing else tells: each by its
    identifier, its name or the name of its forest.

    Raises InputRefused where `mapping` names a connector that its server does not have.
    """
    given = by_identifier(
        {_identifier(o): _identifier(n) for o, n in (mapping or {}).items()}, a, b
    )
    wrong = tuple(_wrong(a, b, given))
    if wrong:
        raise InputRefused(wrong)
    with paused_collector():
        return _compared(a, b, given)


def _compared(a: Server, b: Server, given: Mapping[str, str]) -> Comparison:
    connectors = connectors_of_both(a, b, given)
    alone_on_a, alone_on_b = _alone(connectors.only_one, connectors.only_other)
    pairs = connectors.pairs
    found = rules_of_both(a, b, pairs)
    rules = RuleComparison(a, b, pairs, found)
    in_both = tuple(same.rule for same in found.same)
    differences = (
        *_only(alone_on_a.missing_in(b), a, on_a=True),
        *_only(alone_on_b.missing_in(a), b, on_a=False),
        *rules.differences(),
        *order_differences(a, b, pairs, in_both),
        *connector_differences(a, b, pairs),
        *attribute_differences(a, b, pairs),
        *option_differences(a, b),
    )
    in_order = sorted(differences, key=_weight)
    return Comparison(
        a,
        b,
        pairs,
        tuple(sorted(connectors.assumed)),
        in_both,
        tuple(d for d in in_order if d.level is not DifferenceLevel.NOTE),
        tuple(d for d in in_order if d.level is DifferenceLevel.NOTE),
        tuple(rules.ignored()),
        (
            *_not_compared("A", a, alone_on_a, "B", b),
            *_not_compared("B", b, alone_on_b, "A", a),
            *rules.not_compared(),
            *order_not_compared(in_both),
            *connectors_not_compared(a, b, pairs),
            *attributes_not_compared(a, b, pairs),
            *options_not_compared(a, b),
        ),
    )


_KINDS = tuple(DifferenceKind)


def _weight(difference: ServerDifference) -> tuple[int, int, str, str, str]:
    subject = difference.subject
    kind = _KINDS.index(difference.kind)
    return kind, -difference.weight, subject.connector, subject.direction, subject.name


# ---- Connectors ----------------------------------------------------------------------------------


class _Alone(NamedTuple):
    """The connectors that one server has alone: `could_be` one of the other's, or are not."""

    could_be: list[Connector]
    are_not: list[Connector]

    def missing_in(self, other: Server) -> list[Connector]:
        """Return those that the other server does not have."""
        return self.are_not if other.is_complete_in(Facet.CONNECTORS) else []


def _alone(one: Sequence[Connector], other: Sequence[Connector]) -> tuple[_Alone, _Alone]:
    first, second = Others(one), Others(other)
    return _divided(one, second), _divided(other, first)


def _divided(connectors: Iterable[Connector], others: Others) -> _Alone:
    found = _Alone([], [])
    for connector in connectors:
        (found.could_be if others.could_be(connector) else found.are_not).append(connector)
    return found


def _only(
    connectors: Iterable[Connector], server: Server, *, on_a: bool
) -> Iterator[ServerDifference]:
    """Yield each connector that only one server has, with how many rules it has there."""
    rules = Counter(r.connector for r in server.rules)
    for connector in connectors:
        subject = subject_of_connector(connector, server)
        yield _only_one(subject, rules[connector.identifier], on_a=on_a)


def _only_one(subject: Subject, rules: int, *, on_a: bool) -> ServerDifference:
    return ServerDifference(
        DifferenceKind.CONNECTOR,
        DifferenceLevel.DIFFERS,
        subject if on_a else None,
        None if on_a else subject,
        (Detail("rules", "", *((str(rules), None) if on_a else (None, str(rules)))),),
        f"only one server has it, with {rules} {'rule' if rules == 1 else 'rules'}",
        1 + rules,
    )


def _not_compared(
    name: str, own: Server, alone: _Alone, other_name: str, other: Server
) -> Iterator[NotCompared]:
    if alone.could_be:
        yield NotCompared(
            f"connectors of {name}, and their rules",
            f"which connectors of {other_name} they are is not known: say it with --map",
            _names(alone.could_be, own),
        )
    if alone.are_not and not other.is_complete_in(Facet.CONNECTORS):
        yield NotCompared(
            f"connectors that only {name}'s files show, and their rules",
            f"the files of {other_name} need not show all its connectors",
            _names(alone.are_not, own),
        )


def _names(connectors: Iterable[Connector], server: Server) -> tuple[str, ...]:
    return tuple(sorted(server.label(c.identifier) for c in connectors))


def _identifier(text: str) -> str:
    return parse_guid(text) or text


def _wrong(a: Server, b: Server, given: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Yield what a mapping says that cannot be."""
    yield from _unknown("A", a, given, Code.SR401)
    yield from _unknown("B", b, given.values(), Code.SR403)
    for new, count in Counter(given.values()).items():
        if count > 1:
            yield Problem(
                Code.SR407,
                f"--map gives {new} to {count} connectors of A.",
                "Correct --map: each connector of A has one of its own on B.",
            ).at()


def _unknown(
    name: str, server: Server, identifiers: Iterable[str], code: Code
) -> Iterator[Diagnostic]:
    names = ConnectorNames(server.connectors)
    for identifier in identifiers:
        if server.connector(identifier) is None:
            meant = names.called(identifier)
            known = [names.typed(c.identifier) for c in meant or server.connectors]
            yield Problem(
                Code.SR481 if meant else code,
                f"--map names '{identifier}', which "
                + (
                    f"{len(meant)} connectors of {name} have as their name."
                    if meant
                    else f"is not a connector of {name}."
                ),
                f"Correct --map: {name} has {', '.join(known) or 'no connector'}.",
            ).at()
