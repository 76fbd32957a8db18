"""The precedences on a server while rules are added.

Source: "Advanced precedence" in Microsoft's change-the-configuration page. A rule with a
-PrecedenceBefore takes the named rule's precedence, and that rule and all behind it move up by
one; -PrecedenceAfter, its mirror image, is documented nowhere.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from .model import AFTER, SyncRule

__all__ = ["Precedences"]

_Owner = TypeVar("_Owner")


class Precedences(Generic[_Owner]):
    """What each rule shows now: `owners` and `shown` are in the order in which they were added."""

    def __init__(self) -> None:
        self.owners: list[_Owner] = []
        self.shown: list[int] = []
        self._by_identifier: dict[str, int] = {}
        self._taken: dict[int, list[int]] = {}

    def __contains__(self, identifier: str | None) -> bool:
        return identifier in self._by_identifier

    def add(self, owner: _Owner, precedence: int, identifier: str | None) -> None:
        """Add a rule at a precedence, whatever stands there."""
        self._taken.setdefault(precedence, []).append(len(self.shown))
        if identifier:
            self._by_identifier[identifier] = len(self.shown)
        self.owners.append(owner)
        self.shown.append(precedence)

    def shift(self, start: int) -> None:
        """Move all rules from a precedence on up by one."""
        self.shown = [p + 1 if p >= start else p for p in self.shown]
        self._taken = {(p + 1 if p >= start else p): keys for p, keys in self._taken.items()}

    def at(self, precedence: int) -> tuple[_Owner, ...]:
        """Return the rules that have a precedence."""
        return tuple(self.owners[key] for key in self._taken.get(precedence, ()))

    def place_for(self, rule: SyncRule) -> int | None:
        """Return the precedence that a rule gets; `None` where that of its anchor is unknown."""
        reference = rule.reference
        if reference is None:
            return rule.precedence or 0
        at = self._by_identifier.get(reference.identifier)
        if at is None:
            return None
        return self.shown[at] + (reference.parameter == AFTER)
