"""A world while it is made odd."""

from __future__ import annotations

import random
from typing import NamedTuple

from syncrules import SyncRule

from .making import custom_rule, numbered_with
from .model import World

__all__ = ["Draft"]


class Draft(NamedTuple):
    world: World
    dice: random.Random
    standard: list[SyncRule]
    """The active server's out-of-box rules."""

    def free_number(self) -> int | None:
        """Return a number that no custom rule has; numbers are apart, for what is placed."""
        w = self.world
        taken = {
            r.precedence
            for r in (*w.custom, *w.tagged, *w.forgotten, *w.of_its_own, *w.staging_rules)
        }
        free = [n for n in range(9, 99, 10) if n not in taken]
        return self.dice.choice(free) if free else None

    def new_rule(self) -> SyncRule | None:
        """Return a custom rule that the active server has not yet."""
        number = self.free_number()
        if number is None:
            return None
        return custom_rule(self.dice, self.dice.choice(self.world.systems), number)

    def add_custom(self, *rules: SyncRule) -> None:
        """Create custom rules on the active server, and export them into one file."""
        start = len(self.world.custom)
        self.world.custom += rules
        own = list(range(start, start + len(rules)))
        if self.dice.random() < 0.5:
            self.dice.choice(self.world.files).extend(own)
        else:
            self.world.files.append(own)

    def settle(self) -> None:
        """Create the active server's rules in their order, and see what numbers they have."""
        world = self.world
        kept = [r for r in world.custom if r.identifier not in world.deleted]
        world.active_rules = numbered_with(self.standard, (*kept, *world.tagged, *world.forgotten))

    def spread(self, start: int, number: int) -> None:
        """Put exported rules into files, anywhere."""
        for index in range(start, start + number):
            file = self.dice.choice(self.world.files)
            file.insert(self.dice.randint(0, len(file)), index)
