"""From a script to its rules: a small interpreter of the export's commands.

It follows the variables as PowerShell does (`-OutVariable syncRule`, `$syncRule[0]`,
`$condition0[0]` made anew for each group) and takes values as .NET takes them. What does not hold
together is a finding at its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeVar

from syncrules.diagnostics import Diagnostic, Span
from syncrules.rules.enumerations import DIRECTIONS, FLOW_TYPES, LINK_TYPES, VALUE_MERGE_TYPES
from syncrules.rules.guids import parse_guid
from syncrules.rules.model import (
    AttributeFlowMapping,
    JoinCondition,
    ScopeCondition,
    SyncRule,
    is_out_of_box,
)
from syncrules.script.nodes import (
    Argument,
    Array,
    Assignment,
    Command,
    List,
    Number,
    Parameter,
    Script,
    Text,
    Value,
    Variable,
    Word,
)

from .binder import bind
from .cmdlets import AUTOMATIC_VARIABLE, COMMANDS, JOIN_CONDITION, SCOPE_CONDITION, SIMPLE_COMMAND
from .conversion import ValueReader, Values, as_literal, plain

__all__ = ["ReadRule", "Reading", "read_rules"]

_C = TypeVar("_C", ScopeCondition, JoinCondition)
_COMMAND_NAMES = {name.lower(): name for name in COMMANDS}
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class ReadRule:
    """A rule with the places it was read from.

    `command` is its New-ADSyncRule, `connector` the literal that holds the connector's identifier
    (a variable's, where one is used), `identifiers` the literals that hold the rule's own. `flows`,
    `scopes` and `joins` are the commands that made the rule's flows and conditions, in the rule's
    order.
    """

    rule: SyncRule
    command: Command
    connector: Text | Word
    identifiers: tuple[Text | Word, ...] = ()
    precedence: Value | None = None
    precedence_before: Text | Word | None = None
    precedence_after: Text | Word | None = None
    flows: tuple[Command, ...] = ()
    scopes: tuple[tuple[Command, ...], ...] = ()
    joins: tuple[tuple[Command, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """The rules of a script, in the order in which they begin, and what was found."""

    rules: tuple[ReadRule, ...]
    diagnostics: tuple[Diagnostic, ...]


def read_rules(script: Script, *, keep_foreign: bool = False) -> Reading:
    """Read the rules of a script.

    With `keep_foreign`, a simple command that no export holds is a warning where it stands
    outside the rules, and an error only elsewhere.
    """
    return _Interpreter(script, keep_foreign).run()


@dataclass(slots=True)
class _Draft:
    """A rule while its commands are read."""

    command: Command
    values: Values
    flows: list[tuple[AttributeFlowMapping, Command]] = field(default_factory=list)
    scopes: list[tuple[tuple[ScopeCondition, Command], ...]] = field(default_factory=list)
    joins: list[tuple[tuple[JoinCondition, Command], ...]] = field(default_factory=list)
    identifiers: list[Text | Word] = field(default_factory=list)
    added: bool = False


@dataclass(slots=True)
class _Condition:
    """A condition object, and whether a group has taken it."""

    command: Command
    value: ScopeCondition | JoinCondition
    used: bool = False


class _Interpreter:
    def __init__(self, script: Script, keep_foreign: bool) -> None:
        self.keep_foreign = keep_foreign
        self.source = script.source
        self.statements = script.statements
        self.take = ValueReader(script.source)
        self.variables: dict[str, _Draft | _Condition] = {}
        self.literals: dict[str, Assignment] = {}
        self.drafts: list[_Draft] = []
        self.by_identifier: dict[str, _Draft] = {}
        self.conditions: list[_Condition] = []

    def run(self) -> Reading:
        for statement in self.statements:
            if isinstance(statement, Assignment):
                self._assign(statement)
            else:
                self._command(statement)
        for draft in self.drafts:
            if not draft.added:
                self.take.refuse(
                    "SR311",
                    draft.command,
                    "This rule is made, but no Add-ADSyncRule adds it: the server would not get "
                    "it.",
                    "Export the rule again, or add its Add-ADSyncRule.",
                )
        for condition in self.conditions:
            if not condition.used:
                self.take.refuse(
                    "SR312",
                    condition.command,
                    "This condition is made, but no group uses it: the rule would apply to more "
                    "objects than it says.",
                    "Add it to its group, or delete the command.",
                )
        rules = tuple(r for d in self.drafts if (r := self._rule(d)) is not None)
        findings = sorted(self.take.findings, key=lambda f: f.span or Span(0, 0))
        return Reading(rules, tuple(findings))

    def _assign(self, statement: Assignment) -> None:
        name = statement.name.lower()
        if _is_stop(statement):
            return
        if AUTOMATIC_VARIABLE.fullmatch(name):
            self.take.refuse(
                "SR331",
                statement,
                f"${statement.name} means something to PowerShell: this changes how the script "
                "runs.",
                "Delete it.",
            )
        elif name in self.literals or name in self.variables:
            self.take.refuse(
                "SR313",
                statement,
                f"${statement.name} is given a value a second time, so what it holds depends on "
                "the order.",
                "Use another name, or write the value itself where it is used.",
            )
        self.literals[name] = statement

    def _command(self, command: Command) -> None:
        name = _COMMAND_NAMES.get(command.name.lower())
        if name is None:
            self._foreign(command, f"{command.name} is no command of an export")
            return
        bound = bind(command, name, self.source)
        self.take.findings += bound.findings
        if bound.findings and any(f.is_error for f in bound.findings):
            if name == "New-ADSyncRule":  # so that what follows is not blamed for it
                self._keep(bound.values, _Draft(command, {}, added=True))
            return
        preference = bound.values.get("ErrorAction")
        if preference is not None and plain(preference).lower() != "stop":
            self.take.refuse(
                "SR314",
                preference,
                "After an error the script would go on with the rule of before.",
                "Delete -ErrorAction; the output stops at the first error.",
            )
        getattr(self, _HANDLERS[name])(command, bound.values)

    def _foreign(self, command: Command, what: str) -> None:
        if self.keep_foreign and self._may_be_kept(command):
            self.take.warn(
                "SR226",
                command,
                f"{what}; it is kept as it is. What it does on the server is not known here.",
                "Make sure that it should run on the staging server.",
            )
            return
        self.take.refuse(
            "SR208",
            command,
            f"{what}: what it does on the server is not known here.",
            "Take it out of the file, and run it by itself if it is needed.",
        )

    def _may_be_kept(self, command: Command) -> bool:
        """Return whether a foreign command leaves the rules alone, as far as can be seen."""
        before = self.drafts[-1] if self.drafts else None
        return (
            (before is None or (before.added and not is_out_of_box(_tag(before))))
            and SIMPLE_COMMAND.fullmatch(command.name) is not None
            and all(_is_constant(argument) for argument in command.arguments)
        )

    def _import_module(self, command: Command, values: Values) -> None:
        if plain(values["Name"]).lower() != "adsync":
            self._foreign(command, "Import-Module loads another module than ADSync")

    def _new_rule(self, command: Command, values: Values) -> None:
        draft = _Draft(command, values)
        self.drafts.append(draft)
        own = as_literal(values.get("Identifier"))
        if own is not None:
            self.by_identifier[parse_guid(own.text) or ""] = draft
        self._keep(values, draft)

    def _add_flow(self, command: Command, values: Values) -> None:
        draft = self._draft(values)
        source = values.get("Source")
        flow = AttributeFlowMapping(
            self.take.texts(source) if source is not None else None,
            self.take.needed(values, "Destination"),
            self.take.one_of(values, "FlowType", FLOW_TYPES) or "",
            self.take.one_of(values, "ValueMergeType", VALUE_MERGE_TYPES),
            "ExecuteOnce" in values,
            self.take.text(values, "Expression"),
        )
        if draft is not None:
            draft.flows.append((flow, command))
            self._keep(values, draft)

    def _new_object(self, command: Command, values: Values) -> None:
        type_name = (self.take.text(values, "TypeName") or "").lower()
        made: ScopeCondition | JoinCondition | None
        if type_name == SCOPE_CONDITION.lower():
            made = self.take.scope_condition(command, values.get("ArgumentList"))
        elif type_name == JOIN_CONDITION.lower():
            made = self.take.join_condition(command, values.get("ArgumentList"))
        else:
            self._foreign(command, "New-Object makes something other than a condition")
            return
        if made is not None:
            condition = _Condition(command, made)
            self.conditions.append(condition)
            self._keep(values, condition)

    def _add_scope_group(self, command: Command, values: Values) -> None:
        draft = self._draft(values)
        group = self._group(values["ScopeConditions"], ScopeCondition)
        if draft is not None and group is not None:
            draft.scopes.append(group)
            self._keep(values, draft)

    def _add_join_group(self, command: Command, values: Values) -> None:
        draft = self._draft(values)
        group = self._group(values["JoinConditions"], JoinCondition)
        if draft is not None and group is not None:
            draft.joins.append(group)
            self._keep(values, draft)

    def _add_rule(self, command: Command, values: Values) -> None:
        draft = self._draft(values)
        if draft is not None:
            draft.added = True
            self._keep(values, draft)

    def _get_rule(self, command: Command, values: Values) -> None:
        if values.get("Identifier") is None:
            return
        literal, identifier = self.take.guid(values, "Identifier")
        if literal is None:
            return
        draft = self.by_identifier.get(identifier or "")
        if draft is not None:
            draft.identifiers.append(literal)
            return
        self.take.warn(
            "SR315",
            literal,
            "This asks for a rule that is not in the file.",
            "Nothing to do if the rule was meant to be left out.",
        )

    def _keep(self, values: Values, made: _Draft | _Condition) -> None:
        name = values.get("OutVariable")
        if name is None:
            return
        text = plain(name)
        if not _VARIABLE_NAME.fullmatch(text) or self._is_taken(text.lower()):
            self.take.refuse(
                "SR316",
                name,
                "This is no name for a variable of an export.",
                "Write a name of letters and digits, such as syncRule.",
            )
        self.variables[text.lower()] = made

    def _is_taken(self, name: str) -> bool:
        return name in self.literals or AUTOMATIC_VARIABLE.fullmatch(name) is not None

    def _draft(self, values: Values) -> _Draft | None:
        value = values["SynchronizationRule"]
        assert value is not None  # no switch
        made = self._object(value)
        if made is None:
            return None
        if not isinstance(made, _Draft):
            self.take.refuse(
                "SR317",
                value,
                "This variable holds a condition, not a rule.",
                "Name the variable of the rule's New-ADSyncRule.",
            )
            return None
        if made.added and made.values:
            self.take.refuse(
                "SR318",
                value,
                "This rule was added to the server before: what follows its Add-ADSyncRule would "
                "be lost.",
                "Move the command above the rule's Add-ADSyncRule; delete a second Add-ADSyncRule.",
            )
            return None
        return made

    def _object(self, value: Value) -> _Draft | _Condition | None:
        if not isinstance(value, Variable) or value.element != 0:
            self.take.refuse(
                "SR317",
                value,
                "An export passes the first element of a variable here: $syncRule[0].",
                "Write $name[0], with the name after -OutVariable.",
            )
            return None
        made = self.variables.get(value.name.lower())
        if made is None:
            self.take.refuse(
                "SR319",
                value,
                f"${value.name} was never made: no command before has -OutVariable {value.name}.",
                "Export the rule again; its first commands are missing.",
            )
        return made

    def _group(self, value: Value | None, kind: type[_C]) -> tuple[tuple[_C, Command], ...] | None:
        items = value.items if isinstance(value, Array | List) else (value,)
        made = [self._object(item) for item in items if item is not None]
        group: list[tuple[_C, Command]] = []
        for item, condition in zip(items, made, strict=True):
            if condition is None:
                continue
            if not isinstance(condition, _Condition) or not isinstance(condition.value, kind):
                assert item is not None  # it is the item that condition was made from
                self.take.refuse(
                    "SR317",
                    item,
                    f"This variable does not hold a {kind.__name__}.",
                    "Name the variable of a condition of this group.",
                )
                continue
            condition.used = True
            group.append((condition.value, condition.command))
        if len(group) < len(items):
            return None
        if not group:
            assert value is not None  # no switch
            self.take.refuse(
                "SR317",
                value,
                "This group has no condition.",
                "Delete the command, or name its conditions.",
            )
            return None
        return tuple(group)

    def _rule(self, draft: _Draft) -> ReadRule | None:
        values = draft.values
        if not values:
            return None
        connector_literal, connector = self._connector(values)
        own, identifier = self.take.guid(values, "Identifier")
        after_literal, after = self.take.guid(values, "PrecedenceAfter")
        before_literal, before = self.take.guid(values, "PrecedenceBefore")
        rule = SyncRule(
            name=self.take.needed(values, "Name"),
            identifier=identifier,
            description=self.take.text(values, "Description"),
            direction=self.take.one_of(values, "Direction", DIRECTIONS) or "",
            precedence=self.take.precedence(values),
            precedence_after=after,
            precedence_before=before,
            source_object_type=self.take.needed(values, "SourceObjectType"),
            target_object_type=self.take.needed(values, "TargetObjectType"),
            connector=connector or "",
            link_type=self.take.one_of(values, "LinkType", LINK_TYPES),
            soft_delete_expiry_interval=self.take.interval(values),
            immutable_tag=self.take.text(values, "ImmutableTag"),
            enable_password_sync="EnablePasswordSync" in values,
            disabled="Disabled" in values,
            attribute_flow_mappings=tuple(flow for flow, _ in draft.flows),
            scope_filter=tuple(tuple(c for c, _ in group) for group in draft.scopes),
            join_filter=tuple(tuple(c for c, _ in group) for group in draft.joins),
        )
        if connector_literal is None or connector is None:
            return None
        identifiers = (*((own,) if own else ()), *draft.identifiers)
        return ReadRule(
            rule,
            draft.command,
            connector_literal,
            identifiers,
            values.get("Precedence"),
            before_literal,
            after_literal,
            tuple(command for _, command in draft.flows),
            tuple(tuple(command for _, command in group) for group in draft.scopes),
            tuple(tuple(command for _, command in group) for group in draft.joins),
        )

    def _connector(self, values: Values) -> tuple[Text | Word | None, str | None]:
        value = values["Connector"]
        if isinstance(value, Variable) and value.element is None:
            assignment = self.literals.get(value.name.lower())
            if assignment is None or assignment.start > value.start:
                self.take.refuse(
                    "SR319",
                    value,
                    f"${value.name} is not given a value before it is used.",
                    "Write the connector's GUID itself, in single quotes.",
                )
                return None, None
            if isinstance(assignment.value, Text):
                values = {"Connector": assignment.value}
        return self.take.guid(values, "Connector")


_HANDLERS = {
    "New-ADSyncRule": "_new_rule",
    "Add-ADSyncAttributeFlowMapping": "_add_flow",
    "New-Object": "_new_object",
    "Add-ADSyncScopeConditionGroup": "_add_scope_group",
    "Add-ADSyncJoinConditionGroup": "_add_join_group",
    "Add-ADSyncRule": "_add_rule",
    "Get-ADSyncRule": "_get_rule",
    "Import-Module": "_import_module",
}


def _is_constant(argument: Argument) -> bool:
    if isinstance(argument, Variable):
        return argument.element is None and argument.name.lower() in ("true", "false", "null")
    if isinstance(argument, Parameter):
        return argument.attached is None or _is_constant(argument.attached)
    return isinstance(argument, Text | Word | Number)


def _tag(draft: _Draft) -> str:
    return plain(draft.values.get("ImmutableTag"))


def _is_stop(statement: Assignment) -> bool:
    """Return whether this is `$ErrorActionPreference = 'Stop'`, which every script should have."""
    return (
        statement.name.lower() == "erroractionpreference"
        and isinstance(statement.value, Text)
        and statement.value.text.lower() == "stop"
    )
