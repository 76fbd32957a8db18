"""From a script to its rules: a small interpreter of the export's commands.

It follows the variables as PowerShell does (`-OutVariable syncRule`, `$syncRule[0]`,
`$condition0[0]` made again for each group) and takes values as .NET takes them. What does not hold
together is a diagnostic at its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import ClassVar, NamedTuple, TypeVar

from syncrules.diagnostics import Diagnostic, Span, has_errors
from syncrules.rules.enumerations import FLOW_TYPES, VALUE_MERGE_TYPES
from syncrules.rules.guids import parse_guid
from syncrules.rules.model import (
    AttributeFlowMapping,
    JoinCondition,
    ScopeCondition,
    is_out_of_box,
)
from syncrules.script.editor_layout import EditorCommand
from syncrules.script.nodes import (
    Argument,
    Array,
    Assignment,
    Command,
    List,
    Literal,
    Number,
    Parameter,
    Script,
    Text,
    Value,
    Variable,
)

from .binder import bind
from .cmdlets import (
    ADD_FLOW,
    ADD_JOIN_GROUP,
    ADD_RULE,
    ADD_SCOPE_GROUP,
    ADSYNC_MODULE,
    COMMANDS,
    GET_RULE,
    JOIN_CONDITION,
    NEW_OBJECT,
    NEW_RULE,
    SCOPE_CONDITION,
    is_automatic,
)
from .conversion import ValueReader, Values, as_literal, plain
from .drafts import Condition, Draft, placed_rule
from .editor_forms import PlainGroup, PlainReading
from .interpreter_problems import (
    ADDED_BEFORE,
    ELSEWHERE,
    EMPTY_GROUP,
    GOES_ON,
    NOT_A_NAME,
    NOT_A_RULE,
    NOT_ADDED,
    NOT_AN_ELEMENT,
    UNUSED_CONDITION,
    automatic_variable,
    foreign,
    kept,
    never_made,
    not_a,
    not_kept,
    of_the_server,
    second_value,
    without_value,
)
from .placed_rule import PlacedRule

__all__ = ["Reading", "read_rules"]

_C = TypeVar("_C", ScopeCondition, JoinCondition)
_COMMAND_NAMES = {name.lower(): name for name in COMMANDS}
_CONDITIONS = (ScopeCondition, JoinCondition)
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Reading(NamedTuple):
    """What a script does: its rules, in the order in which they begin.

    `foreign_commands` are those that no export holds and that were kept as they are.
    """

    rules: tuple[PlacedRule, ...]
    foreign_commands: tuple[Command, ...]


def read_rules(
    script: Script, *, keep_foreign: bool = False
) -> tuple[Reading, tuple[Diagnostic, ...]]:
    """Read the rules of a script.

    With `keep_foreign`, a simple command that no export holds is a warning where it stands
    outside the rules, and an error only elsewhere.
    """
    return _Interpreter(script, keep_foreign).run()


class _Interpreter:
    def __init__(self, script: Script, keep_foreign: bool) -> None:
        self.keep_foreign = keep_foreign
        self.source = script.source
        self.statements = script.statements
        self.take = ValueReader(script.source)
        self.variables: dict[str, Draft | Condition | None] = {}  # None: what the server has
        self.literals: dict[str, Assignment] = {}
        self.drafts: list[Draft] = []
        self.by_identifier: dict[str | None, Draft] = {}  # None: what is not a GUID
        self.conditions: list[Condition] = []
        self.foreign_commands: list[Command] = []

    def run(self) -> tuple[Reading, tuple[Diagnostic, ...]]:
        for statement in self.statements:
            if isinstance(statement, EditorCommand) and self._is_plain(statement):
                continue  # as most are
            if isinstance(statement, Assignment):
                self._assign(statement)
            else:
                self._command(statement)
        for draft in self.drafts:
            if draft.added is None:
                self.take.report(draft.command, NOT_ADDED)
        for condition in self.conditions:
            if not condition.used:
                self.take.report(condition.command, UNUSED_CONDITION)
        rules = tuple(r for d in self.drafts if (r := self._placed_rule(d)) is not None)
        diagnostics = sorted(self.take.diagnostics, key=lambda d: d.span or Span(0, 0))
        return Reading(rules, tuple(self.foreign_commands)), tuple(diagnostics)

    def _assign(self, statement: Assignment) -> None:
        name = statement.name.lower()
        if _is_stop(statement):
            return
        if is_automatic(name):
            self.take.report(statement, automatic_variable(statement.name))
        elif name in self.literals or name in self.variables:
            self.take.report(statement, second_value(statement.name))
        self.literals[name] = statement

    def _command(self, command: Command) -> None:
        name = _COMMAND_NAMES.get(command.name.lower())
        if name is None:
            self._foreign(command, f"{command.name} is not a command found in exported rules")
            return
        bound = bind(command, name, self.source)
        self.take.diagnostics += bound.diagnostics
        if has_errors(bound.diagnostics):
            if name == NEW_RULE:  # so that what follows is not blamed for it
                self._keep(bound.values, Draft(command, {}, added=command))
            return
        preference = bound.values.get("ErrorAction")
        if preference is not None and plain(preference).lower() != "stop":
            self.take.report(preference, GOES_ON)
        self._HANDLERS[name](self, command, bound.values)

    def _is_plain(self, command: EditorCommand) -> bool:
        """Do what a command says with which nothing is wrong; return whether it was one."""
        reading: PlainReading | None = command.reading
        if reading is None:
            return False
        made, variable = reading
        if isinstance(made, _CONDITIONS):
            return self._is_plain_condition(made, variable, command)
        draft = self.variables.get(variable)
        if not isinstance(draft, Draft) or draft.added is not None:
            return False
        if isinstance(made, AttributeFlowMapping):
            draft.flows.append((made, command))
        elif made is None:
            draft.added = command
        else:
            return self._is_plain_group(made, draft, command)
        return True

    def _is_plain_condition(
        self, made: ScopeCondition | JoinCondition, variable: str, command: Command
    ) -> bool:
        if self._is_taken(variable):
            return False
        condition = self.variables[variable] = Condition(command, made)
        self.conditions.append(condition)
        return True

    def _is_plain_group(self, made: PlainGroup, draft: Draft, command: Command) -> bool:
        if made.kind is ScopeCondition:
            scopes = self._plain_group(made, ScopeCondition)
            if scopes is not None:
                draft.add_scopes(scopes, command)
            return scopes is not None
        joins = self._plain_group(made, JoinCondition)
        if joins is not None:
            draft.add_joins(joins, command)
        return joins is not None

    def _plain_group(
        self, group: PlainGroup, kind: type[_C]
    ) -> tuple[tuple[_C, Command], ...] | None:
        """Take the conditions of a group, if all of them are there."""
        found: list[tuple[_C, Command]] = []
        for name in group.variables:
            condition = self.variables.get(name)
            if not isinstance(condition, Condition) or not isinstance(condition.value, kind):
                return None
            condition.used = True
            found.append((condition.value, condition.command))
        return tuple(found)

    def _foreign(self, command: Command, what: str) -> None:
        if self.keep_foreign and self._may_be_kept(command):
            self.foreign_commands.append(command)
            self.take.report(command, kept(what))
            return
        from syncrules.script.foreign_commands import adsync_command  # most exports have none

        own = adsync_command(command.name)
        self.take.report(command, own or (not_kept if self.keep_foreign else foreign)(what))

    def _may_be_kept(self, command: Command) -> bool:
        """Return whether a foreign command leaves the rules alone, as far as can be seen."""
        before = self.drafts[-1] if self.drafts else None
        return (
            before is None or (before.added is not None and not is_out_of_box(_tag(before)))
        ) and _is_harmless(command)

    def _import_module(self, command: Command, values: Values) -> None:
        if not re.fullmatch(ADSYNC_MODULE, plain(values["Name"])):
            self._foreign(command, "Import-Module loads another module than ADSync")
        self._keep(values, None)

    def _new_rule(self, command: Command, values: Values) -> None:
        draft = Draft(command, values)
        self.drafts.append(draft)
        own = as_literal(values.get("Identifier"))
        if own is not None:
            self.by_identifier[parse_guid(own.text)] = draft
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
            condition = Condition(command, made)
            self.conditions.append(condition)
            self._keep(values, condition)

    def _add_scope_group(self, command: Command, values: Values) -> None:
        draft = self._draft(values)
        group = self._group(values["ScopeConditions"], ScopeCondition)
        if draft is not None and group is not None:
            draft.add_scopes(group, command)
            self._keep(values, draft)

    def _add_join_group(self, command: Command, values: Values) -> None:
        draft = self._draft(values)
        group = self._group(values["JoinConditions"], JoinCondition)
        if draft is not None and group is not None:
            draft.add_joins(group, command)
            self._keep(values, draft)

    def _add_rule(self, command: Command, values: Values) -> None:
        draft = self._draft(values)
        if draft is not None:
            draft.added = command
            self._keep(values, draft)

    def _get_rule(self, command: Command, values: Values) -> None:
        self._keep(values, None)
        if values.get("Identifier") is None:
            return
        literal, identifier = self.take.guid(values, "Identifier")
        if literal is None:
            return
        draft = self.by_identifier.get(identifier)
        if draft is not None:
            draft.identifiers.append(literal)
            return
        self.take.report(literal, ELSEWHERE)

    def _keep(self, values: Values, made: Draft | Condition | None) -> None:
        """Bind what a command returns to the variable of its -OutVariable, if it has one."""
        name = values.get("OutVariable")
        if name is None:
            return
        text = plain(name)
        variable = text.lower()
        is_known = made is not None and self.variables.get(variable) is made
        if not is_known and (not _VARIABLE_NAME.fullmatch(text) or self._is_taken(variable)):
            self.take.report(name, NOT_A_NAME)
        self.variables[variable] = made

    def _is_taken(self, name: str) -> bool:
        return name in self.literals or is_automatic(name)

    def _draft(self, values: Values) -> Draft | None:
        value = values["SynchronizationRule"]
        assert value is not None  # no switch
        made = self._object(value)
        if made is None:
            return None
        if not isinstance(made, Draft):
            self.take.report(value, NOT_A_RULE)
            return None
        if made.added is not None and made.values:
            self.take.report(value, ADDED_BEFORE)
            return None
        return made

    def _object(self, value: Value) -> Draft | Condition | None:
        if not isinstance(value, Variable) or value.element != 0:
            self.take.report(value, NOT_AN_ELEMENT)
            return None
        name = value.name.lower()
        made = self.variables.get(name)
        if made is None:
            unknown = of_the_server if name in self.variables else never_made
            self.take.report(value, unknown(value.name))
        return made

    def _group(self, value: Value | None, kind: type[_C]) -> tuple[tuple[_C, Command], ...] | None:
        items = value.items if isinstance(value, Array | List) else (value,)
        made = [self._object(item) for item in items if item is not None]
        group: list[tuple[_C, Command]] = []
        for item, condition in zip(items, made, strict=True):
            if condition is None:
                continue
            if not isinstance(condition, Condition) or not isinstance(condition.value, kind):
                assert item is not None  # it is the item that condition was made from
                self.take.report(item, not_a(kind.__name__))
                continue
            condition.used = True
            group.append((condition.value, condition.command))
        if len(group) < len(items):
            return None
        if not group:
            assert value is not None  # no switch
            self.take.report(value, EMPTY_GROUP)
            return None
        return tuple(group)

    def _placed_rule(self, draft: Draft) -> PlacedRule | None:
        connector = draft.values["Connector"]
        if not isinstance(connector, Variable) or connector.element is not None:
            return placed_rule(draft, draft.values, self.take)
        assignment = self.literals.get(connector.name.lower())
        if assignment is None or assignment.start > connector.start:
            self.take.report(connector, without_value(connector.name))
            return placed_rule(draft, draft.values | {"Connector": None}, self.take)
        value = assignment.value if isinstance(assignment.value, Text) else connector
        return placed_rule(draft, draft.values | {"Connector": value}, self.take)

    _HANDLERS: ClassVar[Mapping[str, Callable[[_Interpreter, Command, Values], None]]] = {
        NEW_RULE: _new_rule,
        ADD_FLOW: _add_flow,
        NEW_OBJECT: _new_object,
        ADD_SCOPE_GROUP: _add_scope_group,
        ADD_JOIN_GROUP: _add_join_group,
        ADD_RULE: _add_rule,
        GET_RULE: _get_rule,
        "Import-Module": _import_module,
    }


def _is_harmless(command: Command) -> bool:
    from syncrules.script.foreign_commands import harmless_parameters

    known = harmless_parameters(command.name)
    return known is not None and all(
        _is_constant(argument)
        and (not isinstance(argument, Parameter) or argument.name.lower() in known)
        for argument in command.arguments
    )


def _is_constant(argument: Argument) -> bool:
    if isinstance(argument, Variable):
        return argument.element is None and argument.name.lower() in ("true", "false", "null")
    if isinstance(argument, Parameter):
        return argument.attached is None or _is_constant(argument.attached)
    return isinstance(argument, Literal | Number)


def _tag(draft: Draft) -> str:
    return plain(draft.values.get("ImmutableTag"))


def _is_stop(statement: Assignment) -> bool:
    """Return whether this is `$ErrorActionPreference = 'Stop'`, which every script should have."""
    return (
        statement.name.lower() == "erroractionpreference"
        and isinstance(statement.value, Text)
        and statement.value.text.lower() == "stop"
    )
