"""A rule of an export, with the places that it was read from."""

from __future__ import annotations

from dataclasses import dataclass

from syncrules.rules.model import SyncRule
from syncrules.script.nodes import Command, Literal, Value

__all__ = ["PlacedRule"]


@dataclass(frozen=True, slots=True, eq=False)
class PlacedRule:
    """A rule with the places that it was read from; two with the same content are still two.

    `command` is its New-ADSyncRule, `connector` the literal that holds the connector's identifier
    (a variable's, where one is used), `identifiers` the literals that hold the rule's own. `flows`,
    `scopes` and `joins` are the commands that made the rule's flows and conditions, in the rule's
    order; `scope_groups` and `join_groups` those that gave the conditions to it, and `added` its
    Add-ADSyncRule.
    """

    rule: SyncRule
    command: Command
    connector: Literal
    identifiers: tuple[Literal, ...] = ()
    precedence: Value | None = None
    precedence_before: Literal | None = None
    precedence_after: Literal | None = None
    flows: tuple[Command, ...] = ()
    scopes: tuple[tuple[Command, ...], ...] = ()
    joins: tuple[tuple[Command, ...], ...] = ()
    scope_groups: tuple[Command, ...] = ()
    join_groups: tuple[Command, ...] = ()
    added: Command | None = None
