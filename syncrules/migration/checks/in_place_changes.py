"""Out-of-box rules that were changed in place on the active server: an upgrade resets them."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Diagnostic, Severity, printable
from syncrules.migration.context import Situation
from syncrules.pairing.out_of_box_rules import RulePair
from syncrules.rules.model import SyncRule

__all__ = ["changed_in_place", "differences", "stale_exports"]

_SHOWN = 5


def changed_in_place(situation: Situation) -> Iterator[Diagnostic]:
    """Yield the paired out-of-box rules that do not say the same on both servers.

    Identifiers, precedences, names, tag versions and the state are no change of a rule. Between
    two versions of a rule the change may be Microsoft's: that is a note only.
    """
    for pair in situation.rules.pairs.values():
        here, there = pair.source.whole, pair.target.whole
        if here is None or there is None:
            continue
        found = differences(here, there)
        if found:
            yield _finding(situation, pair, ", ".join(found))


def stale_exports(situation: Situation) -> Iterator[Diagnostic]:
    """Yield the rules that move and that another file of the active server shows otherwise."""
    for moving in situation.moving:
        known = situation.on_active.get(moving.rule.identifier or "")
        if moving.is_mapped or known is None or known.whole is None:
            continue
        found = (
            *differences(moving.rule, known.whole),
            *(("name",) if known.name != moving.rule.name else ()),
            *(("state",) if known.whole.disabled is not moving.rule.disabled else ()),
        )
        if found:
            yield moving.finding(
                "SR457",
                f"'{printable(moving.rule.name)}' is not the same in {printable(known.source)}: "
                f"{', '.join(found)}. One of the two files is older.",
                "Export the rule again on the active server, or write its configuration again.",
                Severity.WARNING,
            )


def _finding(situation: Situation, pair: RulePair, what: str) -> Diagnostic:
    name, whose = printable(pair.source.name), situation.whose(pair.source)
    ours, theirs = pair.source.immutable_tag or "", pair.target.immutable_tag or ""
    if ours.lower() == theirs.lower():
        return situation.finding(
            "SR452",
            pair.source,
            f"The out-of-box rule '{name}'{whose} is not the same on staging, though its tag is: "
            f"{what}. It was probably changed in place on one of the servers; an upgrade resets "
            "that.",
            "Compare the two in the Synchronization Rules Editor; put a change that is still "
            "needed into a custom rule.",
            Severity.WARNING,
        )
    return situation.finding(
        "SR453",
        pair.source,
        f"The out-of-box rule '{name}'{whose} differs from staging's version of it "
        f"({printable(ours)}, {printable(theirs)}): {what}. The new version may say so, or it was "
        "changed in place.",
        "Nothing to do if nobody edited the rule on the active server.",
        Severity.NOTE,
    )


def differences(one: SyncRule, other: SyncRule) -> tuple[str, ...]:
    """Return what two versions of an out-of-box rule do not agree in, in words.

    The order of flows and of scope groups does not count, that of join groups does; white space
    in expressions does not count.
    """
    return tuple(
        words
        for words, here, there in (
            ("link type", one.link_type, other.link_type),
            ("source object type", one.source_object_type, other.source_object_type),
            ("target object type", one.target_object_type, other.target_object_type),
            ("password sync", one.enable_password_sync, other.enable_password_sync),
            (_of_flows(one, other), _flows(one), _flows(other)),
            ("scope", _scope(one), _scope(other)),
            ("join", one.join_filter, other.join_filter),
        )
        if here != there
    )


def _of_flows(one: SyncRule, other: SyncRule) -> str:
    """Return which attributes are not filled alike, in words."""
    unlike = sorted({printable(destination) for destination, *_ in _flows(one) ^ _flows(other)})
    more = " and more" if len(unlike) > _SHOWN else ""
    return f"attribute flows to {', '.join(unlike[:_SHOWN])}{more}"


def _flows(rule: SyncRule) -> frozenset[tuple[str, ...]]:
    return frozenset(
        (
            f.destination,
            *(f.source or () if f.flow_type.lower() != "expression" else ()),
            f.flow_type.lower(),
            (f.value_merge_type or "Update").lower(),
            str(f.execute_once),
            "".join((f.expression or "").split()),
        )
        for f in rule.attribute_flow_mappings
    )


def _scope(rule: SyncRule) -> frozenset[object]:
    return frozenset(frozenset(group) for group in rule.scope_filter)
