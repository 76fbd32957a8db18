"""What the staging server will show once the scripts have run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from syncrules.exports.duplicates import may_share
from syncrules.rules.precedences import Precedences
from syncrules.servers.model import ServerRule

from ..context import Collision, StandingRule
from ..plan import PlannedRule

__all__ = ["Simulation", "simulate"]


class Simulation(NamedTuple):
    """The rules of a server once all have been added, and those that it would not take."""

    rules: tuple[PlannedRule, ...]
    standing: tuple[StandingRule, ...]
    collisions: tuple[Collision, ...]


def simulate(staging: Iterable[ServerRule], rules: Iterable[PlannedRule]) -> Simulation:
    """Add rules to a server as the scripts will, and return where all of them end."""
    staging = tuple(staging)
    server: Precedences[ServerRule | PlannedRule] = Precedences()
    for standing in staging:
        if standing.precedence is not None:
            server.add(standing, standing.precedence, standing.identifier)
    collisions: list[Collision] = []
    created: list[PlannedRule] = []
    for rule in rules:
        precedence = server.place_for(rule.after)
        created.append(replace(rule, created=precedence))
        if precedence is None:
            continue
        identifier = rule.after.identifier
        if rule.after.reference is not None:
            server.shift(precedence)
        elif identifier not in server:
            found = (_collision(rule, precedence, owner) for owner in server.at(precedence))
            collisions += _gravest(found)
        server.add(rule, precedence, identifier)
    final = iter(server.shown)
    standing_rules = tuple(
        StandingRule(r, None if r.precedence is None else next(final)) for r in staging
    )
    placed = tuple(r if r.created is None else replace(r, final=next(final)) for r in created)
    return Simulation(placed, standing_rules, tuple(collisions))


def _gravest(collisions: Iterable[Collision]) -> tuple[Collision, ...]:
    """Return the first one that no server allows, else the first."""
    allowed: tuple[Collision, ...] = ()
    for collision in collisions:  # one is enough: many rules may share a precedence
        if not collision.was_allowed:
            return (collision,)
        allowed = allowed or (collision,)
    return allowed


def _collision(rule: PlannedRule, precedence: int, owner: ServerRule | PlannedRule) -> Collision:
    was_allowed = (
        isinstance(owner, PlannedRule)
        and owner.after.precedence == precedence
        and may_share(owner.before, rule.before)
    )
    return Collision(rule, precedence, owner, was_allowed)
