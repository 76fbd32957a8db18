"""Findings that there must be: what files justify, and nobody should miss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from support.migrations import Run
from support.worlds import Feature
from support.worlds.known import later_in_their_file
from syncrules import SyncRule
from syncrules.rules.model import ENTRA_CONNECTOR

__all__ = [
    "Due",
    "due",
    "may_be_of_this_migration",
    "moves",
    "passed_over",
    "states_shown",
    "unresolved",
]


class Due(NamedTuple):
    """A finding that there must be: one of the codes, which names what it is about."""

    codes: frozenset[str]
    names: tuple[str, ...]
    severity: str | None
    """`None` where either an error or a warning says enough."""

    def is_met_by(self, found: Run) -> bool:
        """Return whether the command printed it."""
        return any(
            f.code in self.codes
            and self.severity in (f.severity, None)
            and all(name in f.text for name in self.names)
            for f in found.findings
        )


def due(found: Run) -> list[Due]:
    """Return the findings that files justify and that nobody should miss."""
    if found.exports.unread:  # what cannot be read is refused before a plan is made
        return [_error(str(path), "SR119") for path in found.exports.unread]
    return [*_beside_the_rules(found), *(d for one in _OF_A_PLAN for d in one(found))]


def _error(name: str, *codes: str) -> Due:
    return Due(frozenset(codes), (name,), "error")


def _warning(name: str, *codes: str) -> Due:
    return Due(frozenset(codes), (name,), "warning")


def _beside_the_rules(found: Run) -> Iterator[Due]:
    (folder, *_) = found.exports.arguments
    for path in found.exports.others:
        yield Due(frozenset(("SR120",)), (path.relative_to(folder).as_posix(),), "note")


def _only_on_staging(found: Run) -> Iterator[Due]:
    if found.here.all_rules and found.there.all_rules:
        for rule in found.world.of_its_own:
            yield Due(frozenset(("SR462",)), (rule.name,), "note" if rule.disabled else "warning")
        true = set(found.world.true_rules.values())
        for rule in found.world.staging_rules:
            if rule.is_out_of_box and rule.identifier not in true:
                yield _warning(rule.name, "SR463")


def _on_staging_already(found: Run) -> Iterator[Due]:
    """Yield a note on what is the same, and an error for what is not, or not known to be."""
    there = passed_over(found)
    if there:
        yield Due(frozenset(("SR478",)), (), "note")
    for identifier, already in found.world.already.items():
        seen = identifier in found.there.rules_shown and identifier not in found.world.left
        if seen and identifier not in there:
            field = already.differs if identifier in found.there.states_shown else ""
            yield Due(frozenset(("SR430",)), (already.rule.name, field or ""), "error")


def passed_over(found: Run) -> set[str]:
    """Return the rules that staging has already, where a file shows that they are the same."""
    world = found.world
    same = {i for i, already in world.already.items() if already.differs is None}
    return (same & found.there.states_shown) - world.left


def _tagged(found: Run) -> Iterator[Due]:
    shown = _shown_of_active(found)
    for rule in found.world.tagged:
        same = [r for r in found.world.active_rules if r.immutable_tag == rule.immutable_tag]
        if sum(r.connector == rule.connector and r.identifier in shown for r in same) > 1:
            yield _error(rule.name, "SR413")
        elif (rule.precedence or 0) < 100:
            yield Due(frozenset(("SR414", "SR458")), (rule.name,), None)


def _not_on_active(found: Run) -> Iterator[Due]:
    if found.here.all_rules:
        for rule in found.world.to_move:
            if rule.identifier in found.world.deleted and not may_be_of_this_migration(found, rule):
                yield _warning(rule.name, "SR459")
        for rule in found.world.forgotten:
            if rule.connector in found.world.left_connectors:
                continue
            yield Due(frozenset(("SR454",)), (rule.name,), "note" if found.partial else "error")


def _references(found: Run) -> Iterator[Due]:
    for rule in found.world.to_move:
        # A kit creates the rules one by one, in an order of its own.
        in_files = found.command == "remap"
        if in_files and rule.identifier in later_in_their_file(found.world, moves(found)):
            yield _error("", "SR420")
        if rule.identifier in unresolved(found):
            yield _error("", "SR412", "SR421", "SR423")


def _clones(found: Run) -> Iterator[Due]:
    """Yield what must be said of enabled rules that join as an out-of-box rule does."""
    world = found.world
    for rule in world.to_move:
        original = _original(found, rule)
        if original is None or rule.disabled or not rule.join_filter:
            continue
        if original.identifier not in states_shown(found):
            yield _warning(rule.name, "SR464")
        elif original.disabled and original.identifier in world.true_rules:
            yield _warning(original.name, "SR450", "SR415")


def _original(found: Run, rule: SyncRule) -> SyncRule | None:
    name = rule.name.split(" - Cloned")[0]
    tagged = {r.identifier for r in found.world.tagged}
    return next(
        (
            r
            for r in found.world.active_rules
            if r.is_out_of_box
            and r.identifier not in tagged
            and (r.connector, r.direction, r.name) == (rule.connector, rule.direction, name)
        ),
        None,
    )


def _lost(found: Run) -> Iterator[Due]:
    """Yield what must be said of enabled out-of-box rules that staging lacks."""
    world = found.world
    tagged = {r.identifier for r in world.tagged}
    tags = {(r.connector, r.immutable_tag) for r in world.tagged}
    known = {r.identifier for r in (world.active_rules if found.here.all_rules else world.beside)}
    for rule in world.active_rules:
        if not rule.is_out_of_box or rule.disabled or rule.identifier in tagged:
            continue
        if rule.connector in world.left_connectors:
            continue
        if rule.identifier in world.true_rules or rule.identifier not in known:
            continue
        if found.there.all_rules and (rule.connector, rule.immutable_tag) not in tags:
            yield _warning(rule.name, "SR458")


def _numbers(found: Run) -> Iterator[Due]:
    clashes = set(found.world.clashes(found.moved))
    for identifier, rule in found.moved.items():
        if identifier in clashes and found.there.all_rules:
            yield _error(rule["name"], "SR440")
        own = next(r for r in found.world.custom if r.identifier == identifier)
        if own.reference is None and (own.precedence or 0) > 99:
            yield _warning(rule["name"], "SR442")


_OF_A_PLAN = (
    *(_only_on_staging, _on_staging_already, _tagged, _not_on_active, _references, _clones),
    *(_lost, _numbers),
)


def _shown_of_active(found: Run) -> set[str]:
    return found.here.rules_shown | {r.identifier or "" for r in found.world.exported}


def states_shown(found: Run) -> set[str]:
    return found.here.states_shown | {r.identifier or "" for r in found.world.beside}


# ---- What is to be done --------------------------------------------------------------------------


def may_be_of_this_migration(found: Run, rule: SyncRule) -> bool:
    """Return whether a file of the first migration could be one of this: connectors tell which.

    Both servers have the Entra connector; that rules are the active server's tell all of staging's.
    """
    is_second = Feature.SECOND in found.world.features and not found.there.all_rules
    return is_second and rule.connector == ENTRA_CONNECTOR


def moves(found: Run) -> list[str]:
    """Return the rules that should move, in the order of their creation on the active server."""
    there = passed_over(found)
    own = [r.identifier or "" for r in found.world.to_move]
    return [i for i in own if i not in there]


def unresolved(found: Run) -> set[str]:
    """Return the rules to be moved that are placed by a rule that staging has not."""
    world, moving = found.world, moves(found)
    own = {r.identifier for r in world.to_move} | (world.already.keys() & found.there.rules_shown)
    return {
        r.identifier or ""
        for r in world.to_move
        if r.identifier in moving
        and r.reference is not None
        and r.reference.identifier not in own
        and r.reference.identifier not in world.true_rules
    }
