"""Rules and conditions while the commands that make them are read."""

from __future__ import annotations

from syncrules.rules.enumerations import DIRECTIONS, LINK_TYPES
from syncrules.rules.model import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule
from syncrules.script.nodes import Command, Literal

from .conversion import ValueReader, Values
from .placed_rule import PlacedRule

__all__ = ["Condition", "Draft", "placed_rule"]


class Condition:
    """A condition object, and whether a group has taken it."""

    __slots__ = ("command", "used", "value")

    def __init__(self, command: Command, value: ScopeCondition | JoinCondition) -> None:
        self.command = command
        self.value = value
        self.used = False


class Draft:
    """A rule whose New-ADSyncRule was read; `values` are empty where it was refused."""

    def __init__(self, command: Command, values: Values, added: Command | None = None) -> None:
        self.command = command
        self.values = values
        self.added = added
        self.flows: list[tuple[AttributeFlowMapping, Command]] = []
        self.scopes: list[tuple[tuple[ScopeCondition, Command], ...]] = []
        self.joins: list[tuple[tuple[JoinCondition, Command], ...]] = []
        self.scope_groups: list[Command] = []
        self.join_groups: list[Command] = []
        self.identifiers: list[Literal] = []

    def add_scopes(
        self, group: tuple[tuple[ScopeCondition, Command], ...], command: Command
    ) -> None:
        """Add a scope group."""
        self.scopes.append(group)
        self.scope_groups.append(command)

    def add_joins(self, group: tuple[tuple[JoinCondition, Command], ...], command: Command) -> None:
        """Add a join group."""
        self.joins.append(group)
        self.join_groups.append(command)


def placed_rule(draft: Draft, values: Values, take: ValueReader) -> PlacedRule | None:
    """Return the rule of a draft, if its connector is known.

    `values` are those of its New-ADSyncRule, the variable of a connector followed.
    """
    connector_literal, connector = take.guid(values, "Connector")
    own, identifier = take.guid(values, "Identifier")
    after_literal, after = take.guid(values, "PrecedenceAfter")
    before_literal, before = take.guid(values, "PrecedenceBefore")
    rule = SyncRule(
        name=take.needed(values, "Name"),
        identifier=identifier,
        description=take.text(values, "Description"),
        direction=take.one_of(values, "Direction", DIRECTIONS) or "",
        precedence=take.precedence(values),
        precedence_after=after,
        precedence_before=before,
        source_object_type=take.needed(values, "SourceObjectType"),
        target_object_type=take.needed(values, "TargetObjectType"),
        connector=connector or "",
        link_type=take.one_of(values, "LinkType", LINK_TYPES),
        soft_delete_expiry_interval=take.interval(values),
        immutable_tag=take.text(values, "ImmutableTag"),
        enable_password_sync="EnablePasswordSync" in values,
        disabled="Disabled" in values,
        attribute_flow_mappings=tuple(flow for flow, _ in draft.flows),
        scope_filter=tuple(tuple(c for c, _ in group) for group in draft.scopes),
        join_filter=tuple(tuple(c for c, _ in group) for group in draft.joins),
    )
    if connector_literal is None or connector is None:
        return None
    return PlacedRule(
        rule,
        draft.command,
        connector_literal,
        identifiers=(*((own,) if own else ()), *draft.identifiers),
        precedence=values.get("Precedence"),
        precedence_before=before_literal,
        precedence_after=after_literal,
        flows=tuple(command for _, command in draft.flows),
        scopes=tuple(tuple(command for _, command in group) for group in draft.scopes),
        joins=tuple(tuple(command for _, command in group) for group in draft.joins),
        scope_groups=tuple(draft.scope_groups),
        join_groups=tuple(draft.join_groups),
        added=draft.added,
    )
