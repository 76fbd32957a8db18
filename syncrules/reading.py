"""From a script to its rules: a small interpreter of the export's commands.

It follows the variables as PowerShell does (`-OutVariable syncRule`, `$syncRule[0]`,
`$condition0[0]` made anew for each group) and takes values as .NET takes them. What does not hold
together is a finding at its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from .binding import bind
from .diagnostics import Diagnostic, Severity, Span, printable
from .dialect import (
    COMMANDS,
    DIRECTIONS,
    FLOW_TYPES,
    JOIN_CONDITION,
    LINK_TYPES,
    MISSPELT_OPERATORS,
    OPERATORS,
    SCOPE_CONDITION,
    VALUE_MERGE_TYPES,
)
from .rules import (
    AttributeFlowMapping,
    JoinCondition,
    ScopeCondition,
    SyncRule,
    parse_guid,
)
from .script import (
    Array,
    Assignment,
    Command,
    List,
    Node,
    Number,
    Script,
    Text,
    Value,
    Variable,
    Word,
)

__all__ = ["ReadRule", "Reading", "read_rules"]

_C = TypeVar("_C", ScopeCondition, JoinCondition)
_COMMAND_NAMES = {name.lower(): name for name in COMMANDS}
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TIMESPAN = re.compile(
    r"-?(?:[0-9]{1,8}|(?:[0-9]{1,8}\.)?[0-9]{1,2}:[0-9]{1,2}(?::[0-9]{1,2}(?:\.[0-9]{1,7})?)?)"
)
_ZERO_INTERVALS = ("0", "00:00:00")


@dataclass(frozen=True, slots=True)
class ReadRule:
    """A rule with the places it was read from.

    `command` is its New-ADSyncRule, `connector` the literal that holds the connector's identifier
    (a variable's, where one is used), `identifiers` the literals that hold the rule's own.
    """

    rule: SyncRule
    command: Command
    connector: Text | Word
    identifiers: tuple[Text | Word, ...] = ()
    precedence_before: Text | Word | None = None
    precedence_after: Text | Word | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The rules of a script, in the order in which they begin, and what was found."""

    rules: tuple[ReadRule, ...]
    diagnostics: tuple[Diagnostic, ...]


def read_rules(script: Script) -> Reading:
    """Read the rules of a script."""
    return _Interpreter(script).run()


@dataclass(slots=True)
class _Draft:
    """A rule while its commands are read."""

    command: Command
    values: dict[str, Value | None]
    flows: list[AttributeFlowMapping] = field(default_factory=list)
    scopes: list[tuple[ScopeCondition, ...]] = field(default_factory=list)
    joins: list[tuple[JoinCondition, ...]] = field(default_factory=list)
    identifiers: list[Text | Word] = field(default_factory=list)
    added: bool = False


@dataclass(slots=True)
class _Condition:
    """A condition object, and whether a group has taken it."""

    command: Command
    value: ScopeCondition | JoinCondition
    used: bool = False


class _Interpreter:
    def __init__(self, script: Script) -> None:
        self.source = script.source
        self.statements = script.statements
        self.findings: list[Diagnostic] = []
        self.variables: dict[str, _Draft | _Condition] = {}
        self.literals: dict[str, Assignment] = {}
        self.drafts: list[_Draft] = []
        self.conditions: list[_Condition] = []

    def run(self) -> Reading:
        for statement in self.statements:
            if isinstance(statement, Assignment):
                self._assign(statement)
            else:
                self._command(statement)
        for draft in self.drafts:
            if not draft.added:
                self._refuse(
                    "SR311",
                    draft.command,
                    "This rule is made, but no Add-ADSyncRule adds it: the server would not get "
                    "it.",
                    "Export the rule again, or add its Add-ADSyncRule.",
                )
        for condition in self.conditions:
            if not condition.used:
                self._refuse(
                    "SR312",
                    condition.command,
                    "This condition is made, but no group uses it: the rule would apply to more "
                    "objects than it says.",
                    "Add it to its group, or delete the command.",
                )
        rules = tuple(r for d in self.drafts if (r := self._rule(d)) is not None)
        self._check_twice(rules)
        findings = sorted(self.findings, key=lambda f: f.span or Span(0, 0))
        return Reading(rules, tuple(findings))

    def _refuse(self, code: str, node: Node, message: str, hint: str) -> None:
        self.findings.append(self.source.finding(code, node.span, message, hint))

    def _warn(self, code: str, node: Node, message: str, hint: str) -> None:
        self.findings.append(self.source.finding(code, node.span, message, hint, Severity.WARNING))

    # ---- Statements ------------------------------------------------------------------------------

    def _assign(self, statement: Assignment) -> None:
        name = statement.name.lower()
        if _is_stop(statement):
            return
        if _AUTOMATIC.fullmatch(name):
            self._refuse(
                "SR331",
                statement,
                f"${statement.name} means something to PowerShell: this changes how the script "
                "runs.",
                "Delete it.",
            )
        elif name in self.literals or name in self.variables:
            self._refuse(
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
        self.findings += bound.findings
        if bound.findings and any(f.is_error for f in bound.findings):
            if name == "New-ADSyncRule":  # so that what follows is not blamed for it
                self._keep(bound.values, _Draft(command, {}, added=True))
            return
        preference = bound.values.get("ErrorAction")
        if preference is not None and _plain(preference).lower() != "stop":
            self._refuse(
                "SR314",
                preference,
                "After an error the script would go on with the rule of before.",
                "Delete -ErrorAction; the output stops at the first error.",
            )
        getattr(self, _HANDLERS[name])(command, bound.values)

    def _foreign(self, command: Command, what: str) -> None:
        self._refuse(
            "SR208",
            command,
            f"{what}: what it does on the server is not known here.",
            "Take it out of the file, and run it by itself if it is needed.",
        )

    def _import_module(self, command: Command, values: dict[str, Value | None]) -> None:
        if _plain(values["Name"]).lower() != "adsync":
            self._foreign(command, "Import-Module loads another module than ADSync")

    def _new_rule(self, command: Command, values: dict[str, Value | None]) -> None:
        draft = _Draft(command, values)
        self.drafts.append(draft)
        self._keep(values, draft)

    def _add_flow(self, command: Command, values: dict[str, Value | None]) -> None:
        draft = self._draft(values)
        source = values.get("Source")
        flow = AttributeFlowMapping(
            self._texts(source) if source is not None else None,
            self._text(values, "Destination") or "",
            self._one_of(values, "FlowType", FLOW_TYPES) or "",
            self._one_of(values, "ValueMergeType", VALUE_MERGE_TYPES),
            "ExecuteOnce" in values,
            self._text(values, "Expression"),
        )
        if draft is not None:
            draft.flows.append(flow)
            self._keep(values, draft)

    def _new_object(self, command: Command, values: dict[str, Value | None]) -> None:
        type_name = (self._text(values, "TypeName") or "").lower()
        made: ScopeCondition | JoinCondition | None
        if type_name == SCOPE_CONDITION.lower():
            made = self._scope_condition(command, values.get("ArgumentList"))
        elif type_name == JOIN_CONDITION.lower():
            made = self._join_condition(command, values.get("ArgumentList"))
        else:
            self._foreign(command, "New-Object makes something other than a condition")
            return
        if made is not None:
            condition = _Condition(command, made)
            self.conditions.append(condition)
            self._keep(values, condition)

    def _add_scope_group(self, command: Command, values: dict[str, Value | None]) -> None:
        draft = self._draft(values)
        group = self._group(values["ScopeConditions"], ScopeCondition)
        if draft is not None and group is not None:
            draft.scopes.append(group)
            self._keep(values, draft)

    def _add_join_group(self, command: Command, values: dict[str, Value | None]) -> None:
        draft = self._draft(values)
        group = self._group(values["JoinConditions"], JoinCondition)
        if draft is not None and group is not None:
            draft.joins.append(group)
            self._keep(values, draft)

    def _add_rule(self, command: Command, values: dict[str, Value | None]) -> None:
        draft = self._draft(values)
        if draft is not None:
            draft.added = True
            self._keep(values, draft)

    def _get_rule(self, command: Command, values: dict[str, Value | None]) -> None:
        if values.get("Identifier") is None:
            return
        literal, identifier = self._guid(values, "Identifier")
        if literal is None:
            return
        for draft in self.drafts:
            own = _literal(draft.values.get("Identifier"))
            if own is not None and parse_guid(own.text) == identifier:
                draft.identifiers.append(literal)
                return
        self._warn(
            "SR315",
            literal,
            "This asks for a rule that is not in the file.",
            "Nothing to do if the rule was meant to be left out.",
        )

    # ---- Variables -------------------------------------------------------------------------------

    def _keep(self, values: dict[str, Value | None], made: _Draft | _Condition) -> None:
        name = values.get("OutVariable")
        if name is None:
            return
        text = _plain(name)
        if not _VARIABLE_NAME.fullmatch(text) or self._is_taken(text.lower()):
            self._refuse(
                "SR316",
                name,
                "This is no name for a variable of an export.",
                "Write a name of letters and digits, such as syncRule.",
            )
            return
        self.variables[text.lower()] = made

    def _is_taken(self, name: str) -> bool:
        return name in self.literals or _AUTOMATIC.fullmatch(name) is not None

    def _draft(self, values: dict[str, Value | None]) -> _Draft | None:
        value = values["SynchronizationRule"]
        assert value is not None  # no switch
        made = self._object(value)
        if made is None:
            return None
        if not isinstance(made, _Draft):
            self._refuse(
                "SR317",
                value,
                "This variable holds a condition, not a rule.",
                "Name the variable of the rule's New-ADSyncRule.",
            )
            return None
        if made.added and made.values:
            self._refuse(
                "SR318",
                value,
                "This rule was added to the server before: what follows its Add-ADSyncRule would "
                "be lost.",
                "Move the command above the rule's Add-ADSyncRule.",
            )
            return None
        return made

    def _object(self, value: Value) -> _Draft | _Condition | None:
        if not isinstance(value, Variable) or value.element != 0:
            self._refuse(
                "SR317",
                value,
                "An export passes the first element of a variable here: $syncRule[0].",
                "Write $name[0], with the name after -OutVariable.",
            )
            return None
        made = self.variables.get(value.name.lower())
        if made is None:
            self._refuse(
                "SR319",
                value,
                f"${value.name} was never made: no command before has -OutVariable {value.name}.",
                "Export the rule again; its first commands are missing.",
            )
        return made

    def _group(self, value: Value | None, kind: type[_C]) -> tuple[_C, ...] | None:
        items = value.items if isinstance(value, Array | List) else (value,)
        made = [self._object(item) for item in items if item is not None]
        group: list[_C] = []
        for item, condition in zip(items, made, strict=True):
            if condition is None:
                continue
            if not isinstance(condition, _Condition) or not isinstance(condition.value, kind):
                assert item is not None  # it is the item that condition was made from
                self._refuse(
                    "SR317",
                    item,
                    f"This variable does not hold a {kind.__name__}.",
                    "Name the variable of a condition of this group.",
                )
                continue
            condition.used = True
            group.append(condition.value)
        if len(group) < len(items):
            return None
        if not group:
            assert value is not None  # no switch
            self._refuse(
                "SR317",
                value,
                "This group has no condition.",
                "Delete the command, or name its conditions.",
            )
            return None
        return tuple(group)

    # ---- Values ----------------------------------------------------------------------------------

    def _text(self, values: dict[str, Value | None], name: str) -> str | None:
        value = values.get(name)
        if value is None:
            return None
        if isinstance(value, Text | Word):
            return value.text
        self._not_a_literal(value, f"-{name}")
        return None

    def _not_a_literal(self, value: Value, what: str) -> None:
        if isinstance(value, Variable):
            self._refuse(
                "SR320",
                value,
                f"{what} is a variable here; only -Connector may be one, and only one that is "
                "given a literal once, before.",
                "Write the value itself in single quotes.",
            )
        else:
            self._refuse(
                "SR320",
                value,
                f"{what} is not one text.",
                "Write the value in single quotes.",
            )

    def _texts(self, value: Value) -> tuple[str, ...] | None:
        items = value.items if isinstance(value, Array | List) else (value,)
        texts = [i.text for i in items if isinstance(i, Text | Word)]
        if len(texts) < len(items):
            self._not_a_literal(next(i for i in items if not isinstance(i, Text | Word)), "-Source")
            return None
        return tuple(texts)

    def _one_of(
        self, values: dict[str, Value | None], name: str, allowed: tuple[str, ...]
    ) -> str | None:
        text = self._text(values, name)
        value = values.get(name)
        if text is not None and value is not None and not _among(text, allowed):
            self._outside(value, f"-{name}", text, allowed)
        return text

    def _outside(self, value: Node, what: str, text: str, allowed: Iterable[str]) -> None:
        self._refuse(
            "SR321",
            value,
            f"{what} cannot be '{printable(text[:60])}'.",
            f"One of: {', '.join(allowed)}.",
        )

    def _guid(
        self, values: dict[str, Value | None], name: str
    ) -> tuple[Text | Word | None, str | None]:
        value = values.get(name)
        if value is None:
            return None, None
        literal = _literal(value)
        if literal is None:
            self._not_a_literal(value, f"-{name}")
            return None, None
        guid = parse_guid(literal.text)
        if guid is None:
            self._bad_guid(value, name, literal.text)
        return literal, guid

    def _bad_guid(self, value: Node, name: str, text: str) -> None:
        if _REDACTED.search(text):
            self._refuse(
                "SR323",
                value,
                f"-{name} is redacted or a placeholder: '{printable(text[:60])}' is no GUID.",
                "Put the real GUID back, or export the rule again.",
            )
            return
        self._refuse(
            "SR322",
            value,
            f"-{name} is no GUID that .NET reads: '{printable(text[:60])}'.",
            "Write it as 00000000-0000-0000-0000-000000000000, in single quotes.",
        )

    def _precedence(self, values: dict[str, Value | None]) -> int | None:
        value = values.get("Precedence")
        if value is None:
            return None
        if isinstance(value, Number):
            return value.value
        if isinstance(value, Text | Word) and re.fullmatch("[0-9]{1,9}", value.text):
            return int(value.text)
        self._refuse(
            "SR324",
            value,
            "-Precedence is not a whole number.",
            "Write it in digits, without quotes.",
        )
        return None

    def _interval(self, values: dict[str, Value | None]) -> str | None:
        value = values.get("SoftDeleteExpiryInterval")
        if value is None:
            return None
        if isinstance(value, Number):
            written = str(value.value)
        elif isinstance(value, Text | Word) and _TIMESPAN.fullmatch(value.text):
            digits = value.text.isdigit() and value.text.strip("0")
            written = f"{int(value.text)}.00:00:00" if digits else value.text  # .NET: days
        else:
            self._refuse(
                "SR325",
                value,
                "-SoftDeleteExpiryInterval is no time span that .NET reads.",
                "Write 0, or a time such as '00:00:30' in single quotes.",
            )
            return None
        if written not in _ZERO_INTERVALS:
            ticks = " A bare number counts units of 100 nanoseconds." if written.isdigit() else ""
            self._warn(
                "SR326",
                value,
                f"-SoftDeleteExpiryInterval is neither 0 nor '00:00:00', as in every rule known."
                f"{ticks}",
                "Check it in the Editor on the active server.",
            )
        return written

    # ---- Conditions and rules --------------------------------------------------------------------

    def _three(self, command: Command, value: Value | None) -> tuple[Value, ...] | None:
        if isinstance(value, Array | List) and len(value.items) == 3:
            return value.items
        self._refuse(
            "SR327",
            value or command,
            "A condition is made from three values.",
            "Scope: attribute, value, operator. Join: connector space attribute, metaverse "
            "attribute, $true or $false.",
        )
        return None

    def _scope_condition(self, command: Command, value: Value | None) -> ScopeCondition | None:
        items = self._three(command, value)
        if items is None:
            return None
        texts = [_condition_text(item) for item in items]
        for item, text in zip(items, texts, strict=True):
            if text is None:
                self._not_a_literal(item, "A condition's value")
                return None
        attribute, comparison, operator = (text or "" for text in texts)
        if not _among(operator, OPERATORS):
            right = MISSPELT_OPERATORS.get(operator.upper())
            self._outside(items[2], "The operator", operator, (right,) if right else OPERATORS)
        return ScopeCondition(attribute, comparison, operator)

    def _join_condition(self, command: Command, value: Value | None) -> JoinCondition | None:
        items = self._three(command, value)
        if items is None:
            return None
        cs, mv, flag = items
        for item in (cs, mv):
            if not isinstance(item, Text | Word):
                self._not_a_literal(item, "A condition's attribute")
                return None
        name = flag.name.lower() if isinstance(flag, Variable) and flag.element is None else ""
        if name not in ("true", "false"):
            self._refuse(
                "SR328",
                flag,
                "Whether the join is case-sensitive is $true or $false; a text here, even "
                "'False', would be true.",
                "Write $false or $true, without quotes.",
            )
            return None
        assert isinstance(cs, Text | Word)
        assert isinstance(mv, Text | Word)
        return JoinCondition(cs.text, mv.text, name == "true")

    def _rule(self, draft: _Draft) -> ReadRule | None:
        values = draft.values
        if not values:
            return None
        connector_literal, connector = self._connector(values)
        own, identifier = self._guid(values, "Identifier")
        after_literal, after = self._guid(values, "PrecedenceAfter")
        before_literal, before = self._guid(values, "PrecedenceBefore")
        rule = SyncRule(
            name=self._needed(values, "Name"),
            identifier=identifier,
            description=self._text(values, "Description"),
            direction=self._one_of(values, "Direction", DIRECTIONS) or "",
            precedence=self._precedence(values),
            precedence_after=after,
            precedence_before=before,
            source_object_type=self._needed(values, "SourceObjectType"),
            target_object_type=self._needed(values, "TargetObjectType"),
            connector=connector or "",
            link_type=self._one_of(values, "LinkType", LINK_TYPES),
            soft_delete_expiry_interval=self._interval(values),
            immutable_tag=self._text(values, "ImmutableTag"),
            enable_password_sync="EnablePasswordSync" in values,
            disabled="Disabled" in values,
            attribute_flow_mappings=tuple(draft.flows),
            scope_filter=tuple(draft.scopes),
            join_filter=tuple(draft.joins),
        )
        if connector_literal is None or connector is None:
            return None
        identifiers = (*((own,) if own else ()), *draft.identifiers)
        return ReadRule(
            rule, draft.command, connector_literal, identifiers, before_literal, after_literal
        )

    def _needed(self, values: dict[str, Value | None], name: str) -> str:
        text, value = self._text(values, name), values[name]
        if text == "" and value is not None:
            self._refuse(
                "SR329",
                value,
                f"-{name} is empty; PowerShell refuses an empty text here.",
                "Give the value; export the rule again if in doubt.",
            )
        return text or ""

    def _connector(self, values: dict[str, Value | None]) -> tuple[Text | Word | None, str | None]:
        value = values["Connector"]
        if isinstance(value, Variable) and value.element is None:
            assignment = self.literals.get(value.name.lower())
            if assignment is None or assignment.start > value.start:
                self._refuse(
                    "SR319",
                    value,
                    f"${value.name} is not given a value before it is used.",
                    "Write the connector's GUID itself, in single quotes.",
                )
                return None, None
            if isinstance(assignment.value, Text):
                values = {"Connector": assignment.value}
        return self._guid(values, "Connector")

    def _check_twice(self, rules: tuple[ReadRule, ...]) -> None:
        seen: dict[str, ReadRule] = {}
        for read in rules:
            identifier = read.rule.identifier
            if identifier is None:
                continue
            if identifier in seen:
                line = self.source.line_and_column(seen[identifier].command.start)[0]
                self._refuse(
                    "SR330",
                    read.identifiers[0],
                    f"The rule at line {line} has the same Identifier: Add-ADSyncRule would "
                    "silently overwrite it.",
                    "Export the two rules again, or delete the one that is a copy.",
                )
            seen[identifier] = read


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
_AUTOMATIC = re.compile(
    r"true|false|null|_|args|input|error|ofs|home|pid|pwd|host|profile|matches|this|switch|foreach"
    r"|executioncontext|shellid|stacktrace|myinvocation|.*preference|ps.*|is.*|maximum.*"
)
"""Variables that mean something to PowerShell (about_Automatic_Variables and
about_Preference_Variables), in lower case."""
_REDACTED = re.compile(r"[xX]{3}|\*\*|\.\.\.|…|<|>|your|guid", re.IGNORECASE)


def _is_stop(statement: Assignment) -> bool:
    """Return whether this is `$ErrorActionPreference = 'Stop'`, which every script should have."""
    return (
        statement.name.lower() == "erroractionpreference"
        and isinstance(statement.value, Text)
        and statement.value.text.lower() == "stop"
    )


def _plain(value: Value | None) -> str:
    return value.text if isinstance(value, Text | Word) else ""


def _literal(value: Value | None) -> Text | Word | None:
    return value if isinstance(value, Text | Word) else None


def _condition_text(value: Value) -> str | None:
    if isinstance(value, Number):
        return str(value.value)
    return value.text if isinstance(value, Text | Word) else None


def _among(text: str, allowed: tuple[str, ...]) -> bool:
    return text in allowed or text.lower() in (a.lower() for a in allowed)
