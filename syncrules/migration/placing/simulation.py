"""What the staging server will show once the scripts have run.

Source: "Advanced precedence" in Microsoft's change-the-configuration page. A rule with a
-PrecedenceBefore takes the named rule's precedence, and that rule and all behind it move up by
one; -PrecedenceAfter, its mirror image, is documented nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from syncrules.rules.model import AFTER
from syncrules.servers.model import ServerRule

from ..context import Collision, StandingRule
from ..plan import PlannedRule

__all__ = ["Simulation", "simulate"]


@dataclass(slots=True)
class _Server:
    """The precedences on a server while rules are added. Keys are places in `owners`."""

    owners: list[ServerRule | PlannedRule] = field(default_factory=list)
    precedences: list[int] = field(default_factory=list)
    by_identifier: dict[str, int] = field(default_factory=dict)
    taken: dict[int, int] = field(default_factory=dict)

    def add(self, owner: ServerRule | PlannedRule, precedence: int, identifier: str | None) -> None:
        self.taken.setdefault(precedence, len(self.precedences))
        if identifier:
            self.by_identifier[identifier] = len(self.precedences)
        self.owners.append(owner)
        self.precedences.append(precedence)

    def shift(self, start: int) -> None:
        """Move all from a precedence on up by one."""
        self.precedences = [p + 1 if p >= start else p for p in self.precedences]
        self.taken = {(p + 1 if p >= start else p): key for p, key in self.taken.items()}

    def place_for(self, rule: PlannedRule) -> int | None:
        """Return the precedence that a rule gets; `None` where that of its anchor is unknown."""
        reference = rule.after.reference
        if reference is None:
            return rule.after.precedence or 0
        at = self.by_identifier.get(reference.identifier)
        if at is None:
            return None
        return self.precedences[at] + (reference.parameter == AFTER)


class Simulation(NamedTuple):
    """The rules of a server once all have been added, and those that it would not take."""

    rules: tuple[PlannedRule, ...]
    standing: tuple[StandingRule, ...]
    collisions: tuple[Collision, ...]


def simulate(staging: Iterable[ServerRule], rules: Iterable[PlannedRule]) -> Simulation:
    """Add rules to a server as the scripts will, and return where all of them end."""
    staging = tuple(staging)
    server = _Server()
    for standing in staging:
        if standing.precedence is not None:
            server.add(standing, standing.precedence, standing.identifier)
    collisions: list[Collision] = []
    created: list[PlannedRule] = []
    for rule in rules:
        precedence = server.place_for(rule)
        created.append(replace(rule, created=precedence))
        if precedence is None:
            continue
        identifier = rule.after.identifier
        if rule.after.reference is not None:
            server.shift(precedence)
        elif precedence in server.taken and identifier not in server.by_identifier:
            collisions.append(Collision(rule, precedence, server.owners[server.taken[precedence]]))
        server.add(rule, precedence, identifier)
    final = iter(server.precedences)
    standing_rules = tuple(
        StandingRule(r, None if r.precedence is None else next(final)) for r in staging
    )
    placed = tuple(r if r.created is None else replace(r, final=next(final)) for r in created)
    return Simulation(placed, standing_rules, tuple(collisions))
