"""Servers to compare: all that a configuration shows of one, noise, and single real changes.

What is drawn is written as the files of a configuration and read again, so that noise in files is
noise in files.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TypeVar

from hypothesis import strategies as st

from support.builders import A1, A2, ENTRA, guid, rule
from support.configurations import (
    ENTRA_FILE,
    ConnectorFile,
    connector_xml,
    metaverse_xml,
    rule_xml,
)
from support.server_files import read_bytes, with_mark
from syncrules import AttributeFlowMapping, JoinCondition, ScopeCondition, Server, SyncRule
from syncrules.comparison.model import DifferenceKind as Kind
from syncrules.expressions.scanner import significant
from syncrules.pairing.order import contested

__all__ = ["CHANGES", "MADE", "Change", "Shown", "noisy", "shown_server"]

T = TypeVar("T")

ATTRIBUTES = ("cn", "department", "displayName", "employeeID", "info", "mail", "title")
_TEXT = "1.3.6.1.4.1.1466.115.121.1.15"
_TYPED = f"info|{_TEXT}"
"""An attribute that every rule names, with what values it has."""
METAVERSE = tuple(_TYPED if name == "info" else name for name in ATTRIBUTES)
LITERALS = ('"a b"', '"Fabrikam - "', '"x"', '"True"')
_EXTENSIONS = "Microsoft.OptionalFeature.DirectoryExtensionAttributes"
OPTIONS = {
    "Microsoft.OptionalFeature.PasswordWriteback": "True",
    _EXTENSIONS: "a.user.String.True,b.user.String,c.user.String",
    "Microsoft.SynchronizationOption.AnchorAttribute": "objectGUID",
    "Microsoft.Synchronize.NextStartTime": "Sat, 17 Jan 2026 00:52:16 GMT",
}  # fmt: skip
PROFILES = {"Full Import": ("full-import",), "Delta Import": ("delta-import",)}


@dataclass(frozen=True)
class Shown:
    """What the configuration of a server shows, and how its files are written."""

    connectors: tuple[ConnectorFile, ...]
    rules: tuple[SyncRule, ...]
    parameters: Mapping[str, str] = field(default_factory=lambda: dict(OPTIONS))
    metaverse: tuple[str, ...] = METAVERSE
    encoding: str = "utf-8"
    newline: str = "\n"
    prefix: str = ""

    def read(self) -> Server:
        """Return the server that the files show."""
        texts = {
            **{f"Connector_{n}.xml": connector_xml(c) for n, c in enumerate(self.connectors)},
            **{f"Rule_{n}.xml": rule_xml(r) for n, r in enumerate(self.rules)},
            "MV.xml": metaverse_xml(self.metaverse, self.parameters),
        }
        files = {
            self.prefix + name: with_mark(text.replace("\n", self.newline), self.encoding)
            for name, text in texts.items()
        }
        loaded = read_bytes(files)
        assert not loaded.diagnostics, loaded.diagnostics
        return loaded.server

    def changed(self, old: SyncRule, new: SyncRule) -> Shown:
        """Return the same with another rule in the place of one."""
        return replace(self, rules=tuple(new if r is old else r for r in self.rules))

    def with_connector(self, old: ConnectorFile, **changes: object) -> Shown:
        """Return the same with one connector otherwise."""
        new = replace(old, **changes)  # type: ignore[arg-type]
        return replace(self, connectors=tuple(new if c is old else c for c in self.connectors))


# ---- Any server ----------------------------------------------------------------------------------


def shown_server(seed: int, custom: int) -> Shown:
    """Return a server of two forests: rules of Microsoft's in both, and custom ones."""
    dice = random.Random(seed)
    connectors = (_forest(A1, "contoso.com"), _forest(A2, "fabrikam.com"), _entra())
    rules = [*_out_of_box(dice), *_custom(dice, custom)]
    numbers = {True: iter(range(100, 200)), False: iter(range(100))}
    dice.shuffle(rules)
    return Shown(
        connectors,
        tuple(
            replace(r, precedence=next(numbers[r.is_out_of_box]), identifier=guid(n))
            for n, r in enumerate(rules, start=1)
        ),
    )


MADE = st.tuples(st.integers(0, 2**32), st.integers(0, 6))
"""What `shown_server` makes a server of."""


def _forest(identifier: str, name: str) -> ConnectorFile:
    root = ",".join(f"DC={part}" for part in name.split("."))
    emea = f"DC=emea,{root}"
    return ConnectorFile(
        identifier,
        name,
        forest=name,
        partitions=(root, emea),
        attributes=(*ATTRIBUTES, "extra"),
        selected=(*ATTRIBUTES, "extra"),
        object_types=("group", "user"),
        included=(root, emea, f"OU=VIP,OU=Gone,{root}"),
        excluded=(f"OU=Gone,{root}",),
        run_profiles=PROFILES,
    )


def _entra() -> ConnectorFile:
    return replace(
        ENTRA_FILE,
        attributes=ATTRIBUTES,
        selected=ATTRIBUTES,
        object_types=("user",),
        run_profiles=PROFILES,
    )


def _out_of_box(dice: random.Random) -> Iterator[SyncRule]:
    for connector in (A1, A2):
        for name in ("User Join", "User Common", "Group Common"):
            tag = f"Microsoft.InfromAD{name.replace(' ', '')}.004"
            made = _rule(dice, f"In from AD - {name}", connector, "Inbound")
            yield replace(made, immutable_tag=tag)
    made = _rule(dice, "Out to AAD - User Join", ENTRA, "Outbound")
    yield replace(made, immutable_tag="Microsoft.OuttoAADUserJoin.006")


def _custom(dice: random.Random, number: int) -> Iterator[SyncRule]:
    for count in range(number):
        connector = dice.choice((A1, A2, ENTRA))
        direction = "Outbound" if connector == ENTRA else "Inbound"
        # Two rules of a connector may have one name.
        yield _rule(dice, f"Custom {dice.randrange(number)}", connector, direction, mark=count)


def _rule(
    dice: random.Random, name: str, connector: str, direction: str, mark: int = -1
) -> SyncRule:
    flows = [_flow(dice, a) for a in dice.sample(ATTRIBUTES, dice.randint(1, 4))]
    if dice.random() < 0.5:  # a second one to the same attribute
        flows.insert(dice.randint(0, len(flows)), _flow(dice, flows[0].destination))
    # No two rules say the same.
    own = AttributeFlowMapping((f"{name} {mark}",), "info", "Constant", "Update", False, None)
    scopes = tuple(
        tuple(ScopeCondition(a, f"Value {n} {a}", "EQUAL") for a in dice.sample(ATTRIBUTES, 2))
        for n in range(dice.randint(0, 2))
    )
    joins = tuple(
        (JoinCondition(a, f"{a}", dice.random() < 0.3),)
        for a in dice.sample(ATTRIBUTES, dice.randint(0, 3))
    )
    return replace(
        rule(name, 1, connector),
        direction=direction,
        link_type=dice.choice(("Join", "Provision")),
        target_object_type=dice.choice(("person", "group")),
        disabled=dice.random() < 0.1,
        attribute_flow_mappings=(*flows, own),
        scope_filter=scopes,
        join_filter=joins,
    )


def _flow(dice: random.Random, destination: str) -> AttributeFlowMapping:
    merge = dice.choice(("Update", "Update", "Merge"))
    if dice.random() < 0.4:
        return AttributeFlowMapping(
            (dice.choice(ATTRIBUTES),), destination, "Direct", merge, False, None
        )
    source = dice.choice(ATTRIBUTES)
    expression = f"IIF(IsPresent([{source}]),{dice.choice(LITERALS)} & [{source}],[cn])"
    return AttributeFlowMapping((source,), destination, "Expression", merge, False, expression)


# ---- What means nothing --------------------------------------------------------------------------


def noisy(shown: Shown, seed: int) -> Shown:
    """Return a server that does the same: another one, or the same one, written otherwise."""
    dice = random.Random(seed)
    connectors = {c.identifier: guid(7000 + n) for n, c in enumerate(shown.connectors)}
    connectors[ENTRA] = ENTRA
    rules = [_noisy_rule(dice, r, connectors) for r in _renumbered(dice, shown.rules)]
    dice.shuffle(rules)
    files = [
        replace(
            c,
            identifier=connectors[c.identifier],
            selected=_upper(dice, c.selected),
            object_types=_shuffled(dice, c.object_types or ()),
            included=_shuffled(dice, c.included),
            excluded=_shuffled(dice, c.excluded),
        )
        for c in shown.connectors
    ]
    dice.shuffle(files)
    parameters = {
        **shown.parameters,
        _EXTENSIONS: ",".join(_shuffled(dice, tuple(shown.parameters[_EXTENSIONS].split(",")))),
        "Microsoft.Synchronize.NextStartTime": str(dice.random()),
        "Microsoft.Synchronize.ServerConfigurationVersion": "2.4.129.0",
    }
    return replace(
        shown,
        connectors=tuple(files),
        rules=tuple(rules),
        parameters=parameters,
        encoding=dice.choice(("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be")),
        newline=dice.choice(("\n", "\r\n")),
        prefix=dice.choice(("", "copy of ")),
    )


def _renumbered(dice: random.Random, rules: Sequence[SyncRule]) -> list[SyncRule]:
    """Return rules with other numbers and identifiers, in the same order."""
    ordered = sorted(rules, key=lambda r: r.precedence or 0)
    custom = iter(sorted(dice.sample(range(99), sum(1 for r in rules if not r.is_out_of_box))))
    start = dice.randint(100, 150)
    return [
        replace(
            r,
            identifier=guid(9000 + n),
            precedence=start + n if r.is_out_of_box else next(custom),
        )
        for n, r in enumerate(ordered)
    ]


def _noisy_rule(dice: random.Random, own: SyncRule, connectors: Mapping[str, str]) -> SyncRule:
    tag = own.immutable_tag or ""
    return replace(
        own,
        connector=connectors[own.connector],
        immutable_tag=tag and tag.rpartition(".")[0] + f".{dice.randint(1, 20):03}",
        attribute_flow_mappings=_interleaved(dice, own.attribute_flow_mappings),
        scope_filter=_shuffled(dice, tuple(_shuffled(dice, g) for g in own.scope_filter)),
        join_filter=tuple(_shuffled(dice, g) for g in own.join_filter),
        soft_delete_expiry_interval="00:00:00"
        if own.soft_delete_expiry_interval == "0"
        else own.soft_delete_expiry_interval,
    )


def _interleaved(
    dice: random.Random, flows: Iterable[AttributeFlowMapping]
) -> tuple[AttributeFlowMapping, ...]:
    """Return flows in another order, but those to one attribute in theirs."""
    waiting: dict[str, list[AttributeFlowMapping]] = {}
    for flow in flows:
        waiting.setdefault(flow.destination, []).append(_noisy_flow(dice, flow))
    turns = [name for name, own in waiting.items() for _ in own]
    dice.shuffle(turns)
    return tuple(waiting[name].pop(0) for name in turns)


def _noisy_flow(dice: random.Random, flow: AttributeFlowMapping) -> AttributeFlowMapping:
    if flow.expression is None:
        return flow
    gap = dice.choice((" ", "\n  ", "\t", " \n"))
    source = dice.choice((flow.source, None))
    return replace(flow, expression=gap.join(significant(flow.expression)), source=source)


def _shuffled(dice: random.Random, items: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dice.sample(items, len(items)))


def _upper(dice: random.Random, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return names and tuple(dice.choice((n, n.upper())) for n in dice.sample(names, len(names)))


# ---- What means something ------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A server with one real change, and how that is to be told."""

    shown: Shown
    kind: Kind


Make = Callable[[random.Random, Shown], Change | None]


def _one(dice: random.Random, items: Iterable[SyncRule]) -> SyncRule | None:
    found = [*items]
    return dice.choice(found) if found else None


def _in_rule(
    does: Callable[[random.Random, SyncRule], SyncRule | None], kind: Kind | None = None
) -> Make:
    """Return a change of one rule; `kind` is what it is if not a change of what the rule does."""

    def change(dice: random.Random, shown: Shown) -> Change | None:
        for old in dice.sample(shown.rules, len(shown.rules)):
            new = does(dice, old)
            if new is not None:
                content = Kind.CHANGED_IN_PLACE if old.is_out_of_box else Kind.CHANGED
                return Change(shown.changed(old, new), kind or content)
        return None

    return change


def _join_groups(_: random.Random, own: SyncRule) -> SyncRule | None:
    if len(own.join_filter) < 2:
        return None
    return replace(own, join_filter=own.join_filter[::-1])


def _join_case(_: random.Random, own: SyncRule) -> SyncRule | None:
    if not own.join_filter:
        return None
    (first, *rest), *groups = own.join_filter
    turned = replace(first, case_sensitive=not first.case_sensitive)
    return replace(own, join_filter=((turned, *rest), *groups))


def _in_literal(old: str, new: str) -> Callable[[random.Random, SyncRule], SyncRule | None]:
    def change(_: random.Random, own: SyncRule) -> SyncRule | None:
        flows = [*own.attribute_flow_mappings]
        for number, flow in enumerate(flows):
            if old in (flow.expression or ""):
                text = (flow.expression or "").replace(old, new)
                flows[number] = replace(flow, expression=text)
                return replace(own, attribute_flow_mappings=tuple(flows))
        return None

    return change


def _swapped_flows(_: random.Random, own: SyncRule) -> SyncRule | None:
    flows = [*own.attribute_flow_mappings]
    for name, count in Counter(f.destination for f in flows).items():
        places = [n for n, f in enumerate(flows) if f.destination == name]
        first, last = places[0], places[-1]
        if count > 1 and _said(flows[first]) != _said(flows[last]):
            flows[first], flows[last] = flows[last], flows[first]
            return replace(own, attribute_flow_mappings=tuple(flows))
    return None


def _said(flow: AttributeFlowMapping) -> AttributeFlowMapping:
    return replace(flow, source=None) if flow.flow_type == "Expression" else flow


def _scope_case(_: random.Random, own: SyncRule) -> SyncRule | None:
    if not own.scope_filter:
        return None
    (first, *rest), *groups = own.scope_filter
    other = replace(first, comparison_value=first.comparison_value.upper())
    return replace(own, scope_filter=((other, *rest), *groups))


def _contesting_swapped(dice: random.Random, shown: Shown) -> Change | None:
    """Swap two rules that contest something, with none between that contests with either."""
    ordered = sorted(shown.rules, key=lambda r: r.precedence or 0)
    pairs = [*pairwise(ordered)]
    for one, other in dice.sample(pairs, len(pairs)):
        if one.is_out_of_box is other.is_out_of_box and contested(one, other):
            if _are_one_of_two_forests(one, other):
                continue
            first = replace(one, precedence=other.precedence)
            second = replace(other, precedence=one.precedence)
            return Change(shown.changed(one, first).changed(other, second), Kind.ORDER)
    return None


def _are_one_of_two_forests(one: SyncRule, other: SyncRule) -> bool:
    return one.name == other.name and one.connector != other.connector


def _removed(dice: random.Random, shown: Shown) -> Change | None:
    gone = dice.choice(shown.rules)
    return Change(replace(shown, rules=tuple(r for r in shown.rules if r is not gone)), Kind.ONLY_A)


def _added(dice: random.Random, shown: Shown) -> Change | None:
    made = _rule(dice, "Added", dice.choice((A1, A2)), "Inbound", mark=99)
    new = replace(made, identifier=guid(500), precedence=99)
    return Change(replace(shown, rules=(*shown.rules, new)), Kind.ONLY_B)


def _in_connector(kind: Kind, change: Callable[[ConnectorFile], Mapping[str, object]]) -> Make:
    def make(dice: random.Random, shown: Shown) -> Change | None:
        own = dice.choice([c for c in shown.connectors if c.identifier != ENTRA])
        return Change(shown.with_connector(own, **change(own)), kind)

    return make


def _option(_: random.Random, shown: Shown) -> Change | None:
    name = "Microsoft.OptionalFeature.PasswordWriteback"
    return Change(replace(shown, parameters={**shown.parameters, name: "False"}), Kind.OPTION)


def _schema(_: random.Random, shown: Shown) -> Change | None:
    left = tuple(a for a in shown.metaverse if a != _TYPED)
    return Change(replace(shown, metaverse=left), Kind.SCHEMA)


def _type(syntax: str) -> Make:
    def make(_: random.Random, shown: Shown) -> Change | None:
        changed = tuple(f"info|{syntax}" if a == _TYPED else a for a in shown.metaverse)
        return Change(replace(shown, metaverse=changed), Kind.SCHEMA)

    return make


CHANGES: Mapping[str, Make] = {
    "join groups swapped": _in_rule(_join_groups),
    "a join's case": _in_rule(_join_case),
    "a blank in a literal": _in_rule(_in_literal('"a b"', '"a  b"')),
    "a blank gone from a literal": _in_rule(_in_literal('"Fabrikam - "', '"Fabrikam-"')),
    "letter case in a literal": _in_rule(_in_literal('"x"', '"X"')),
    "an attribute in an expression": _in_rule(_in_literal("[cn])", "[title])")),
    "flows to one attribute swapped": _in_rule(_swapped_flows),
    "letter case in a scope's value": _in_rule(_scope_case),
    "a flow gone": _in_rule(
        lambda _, own: replace(own, attribute_flow_mappings=own.attribute_flow_mappings[1:])
    ),
    "password synchronization": _in_rule(
        lambda _, own: replace(own, enable_password_sync=not own.enable_password_sync)
    ),
    "an expiry": _in_rule(lambda _, own: replace(own, soft_delete_expiry_interval="1.00:00:00")),
    "link type": _in_rule(lambda _, own: replace(own, link_type="StickyJoin")),
    "a type of objects": _in_rule(lambda _, own: replace(own, source_object_type="contact")),
    "disabled": _in_rule(lambda _, own: replace(own, disabled=not own.disabled), Kind.STATE),
    "renamed": _in_rule(
        lambda _, own: None if own.is_out_of_box else replace(own, name=f"{own.name} new"),
        Kind.RENAMED,
    ),
    "contesting rules swapped": _contesting_swapped,
    "a rule gone": _removed,
    "a rule more": _added,
    "a container excluded": _in_connector(
        Kind.SELECTION, lambda c: {"excluded": (*c.excluded, f"OU=New,{c.partitions[0]}")}
    ),
    "a container no longer excluded": _in_connector(Kind.SELECTION, lambda _: {"excluded": ()}),
    "an attribute unselected": _in_connector(
        Kind.SELECTION, lambda c: {"selected": (c.selected or ())[1:]}
    ),
    "an attribute unselected that no rule names": _in_connector(
        Kind.SELECTION, lambda c: {"selected": (c.selected or ())[:-1]}
    ),
    "an object type unselected": _in_connector(
        Kind.SELECTION, lambda _: {"object_types": ("user",)}
    ),
    "a partition unselected": _in_connector(
        Kind.SELECTION, lambda c: {"unselected_partitions": c.partitions[1:]}
    ),
    "a run profile gone": _in_connector(
        Kind.RUN_PROFILE, lambda _: {"run_profiles": {"Full Import": ("full-import",)}}
    ),
    "a run profile's step": _in_connector(
        Kind.RUN_PROFILE, lambda _: {"run_profiles": {**PROFILES, "Full Import": ("export",)}}
    ),
    "an option": _option,
    "an attribute gone from the metaverse": _schema,
    "an attribute's type": _type("1.3.6.1.4.1.1466.115.121.1.27"),
    "an attribute's number of values": _type(f"{_TEXT}|several"),
}
"""Single real changes, each by what it is; a change that a server has no place for is none."""
