"""The changes of a script's text that make one of its rules another.

Where a value changes, it alone is written again; where a flow or a group of conditions comes or
goes, its commands do. Whether the outcome is the wanted one is for `Export.replace` to check, which
reads it again: a literal or a condition may serve another rule too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from syncrules.diagnostics import Span, Spanned
from syncrules.rules.model import JoinCondition, ScopeCondition, SyncRule
from syncrules.script.nodes import Array, Command, List, Parameter, Variable
from syncrules.script.source import Source

from .binder import bind, parameter_name
from .cmdlets import COMMANDS, Kind
from .layout import (
    AFTER_COMMAND,
    STOP_PARSING,
    Layout,
    Parameters,
    command_text,
    condition_arguments,
    flow_layout,
    group_layouts,
    parameter_text,
    rule_parameters,
)
from .placed_rule import PlacedRule

__all__ = ["Change", "changes"]

Change = tuple[Span, str]
"""A span of the script's text, and what stands there instead."""

_C = TypeVar("_C", bound=ScopeCondition | JoinCondition)
_T = TypeVar("_T")

_NEW_RULE = "New-ADSyncRule"
_BLANK_LINES = re.compile(r"[ \t]*(?:\r\n|\r|\n)*")


def changes(source: Source, placed: PlacedRule, new: SyncRule) -> Iterator[Change]:
    """Yield what to write where in `source`, so that the rule `placed` becomes `new`."""
    editor = _Editor(source, placed)
    old = placed.rule
    yield from editor.header(new)
    yield from editor.flows(new)
    yield from editor.groups(old.scope_filter, new.scope_filter, placed.scopes, placed.scope_groups)
    yield from editor.groups(old.join_filter, new.join_filter, placed.joins, placed.join_groups)


class _Editor:
    def __init__(self, source: Source, placed: PlacedRule) -> None:
        self.source = source
        self.placed = placed

    # ---- The rule itself ----

    def header(self, new: SyncRule) -> Iterator[Change]:
        """Yield the changes of the rule's own parameters, and of its literals elsewhere."""
        old_values, new_values = rule_parameters(self.placed.rule), rule_parameters(new)
        old_connector, connector = old_values.pop("Connector"), new_values.pop("Connector")
        if connector != old_connector:  # the literal may be a variable's
            yield _span(self.placed.connector), connector
        identifier = new_values.get("Identifier")
        if self.placed.identifiers and identifier is not None:  # Get-ADSyncRule names it too
            if identifier != old_values["Identifier"]:
                yield from ((_span(literal), identifier) for literal in self.placed.identifiers)
            del old_values["Identifier"], new_values["Identifier"]
        yield from self._parameters(self.placed.command, _NEW_RULE, old_values, new_values)

    def _parameters(
        self, command: Command, name: str, old: Parameters, new: Parameters
    ) -> Iterator[Change]:
        """Yield the changes of a command whose parameters become others."""
        values = bind(command, name, self.source).values
        for parameter in old | new:
            value, node = new.get(parameter), values.get(parameter)
            if value == old.get(parameter):
                continue
            written = _written(command, name, parameter)
            if value is None:
                assert written is not None  # it has a value now
                yield Span(_end_before(command, written), written.end), ""
            elif node is not None and value != STOP_PARSING:
                yield _span(node), value
            elif written is not None:  # or a switch that is turned off in words
                yield written, parameter_text(parameter, value)
            else:
                yield _after_name(command), f" {parameter_text(parameter, value)}"

    # ---- Flows ----

    def flows(self, new: SyncRule) -> Iterator[Change]:
        """Yield the changes of flows."""
        old, commands = self.placed.rule.attribute_flow_mappings, self.placed.flows
        for first, last, wanted in _replaced(old, new.attribute_flow_mappings):
            kept = min(last - first, len(wanted))
            for at, flow in enumerate(wanted[:kept], start=first):
                name, before = flow_layout(old[at], "")
                _, after = flow_layout(flow, "")
                yield from self._parameters(commands[at], name, before, after)
            yield from (self._without(command) for command in commands[first + kept : last])
            if wanted[kept:]:
                above = commands[last - 1] if last else self.placed.command
                variable = self._variable_after(above)
                layouts = [flow_layout(flow, variable) for flow in wanted[kept:]]
                below = Span(above.end, above.end)
                yield below, self._between(below, layouts)

    # ---- Groups of conditions ----

    def groups(
        self,
        old: Sequence[tuple[_C, ...]],
        new: Sequence[tuple[_C, ...]],
        conditions: Sequence[Sequence[Command]],
        commands: Sequence[Command],
    ) -> Iterator[Change]:
        """Yield the changes of a filter's groups; `commands` give their conditions to the rule."""
        for first, last, wanted in _replaced(old, new):
            kept = min(last - first, len(wanted))
            for at, group in enumerate(wanted[:kept], start=first):
                yield from self._group(conditions[at], commands[at], old[at], group)
            for at in range(first + kept, last):
                yield from (self._without(c) for c in (*conditions[at], commands[at]))
            if wanted[kept:]:
                place, variable = self._group_place(last, conditions, commands)
                layouts = [one for group in wanted[kept:] for one in group_layouts(group, variable)]
                yield place, self._between(place, layouts)

    def _group_place(
        self, at: int, conditions: Sequence[Sequence[Command]], commands: Sequence[Command]
    ) -> tuple[Span, str]:
        """Return where a group goes that is to be the one at `at`, and the rule's variable there.

        Behind the group before it, else before the first; where there is none, behind the rest.
        """
        if commands and not at:
            start = min(c.start for c in (*conditions[0], commands[0]))
            return Span(start, start), self._variable_in(commands[0])
        others = [c for c in self._commands() if c is not self.placed.added]
        above = commands[at - 1] if commands else others[-1]
        return Span(above.end, above.end), self._variable_after(above)

    def _group(
        self, conditions: Sequence[Command], command: Command, old: Sequence[_C], new: Sequence[_C]
    ) -> Iterator[Change]:
        """Yield the changes of a group; with more or fewer conditions, it is written anew."""
        if len(new) == len(old):
            yield from self._conditions(conditions, old, new)
        else:
            yield from (self._without(condition) for condition in conditions)
            yield _span(command), self._text(group_layouts(new, self._variable_in(command)))

    def _conditions(
        self, commands: Sequence[Command], old: Sequence[_C], new: Sequence[_C]
    ) -> Iterator[Change]:
        """Yield the changes of conditions whose values become others."""
        for command, before, after in zip(commands, old, new, strict=True):
            given = bind(command, "New-Object", self.source).values["ArgumentList"]
            assert isinstance(given, Array | List)  # a condition is made from three values
            was, becomes = condition_arguments(before), condition_arguments(after)
            if STOP_PARSING in becomes:
                yield _span(given), f"@({','.join(becomes)})"
                continue
            for node, old_value, value in zip(given.items, was, becomes, strict=True):
                if value != old_value:
                    yield _span(node), value

    # ---- Commands ----

    def _commands(self) -> list[Command]:
        """Return the commands that hold the rule's object, in their order."""
        placed = self.placed
        own = (placed.command, *placed.flows, *placed.scope_groups, *placed.join_groups)
        added = () if placed.added is None else (placed.added,)
        return sorted((*own, *added), key=lambda c: c.start)

    def _variable_after(self, command: Command) -> str:
        """Return the variable that holds the rule below a command."""
        return self._variable_in(next(c for c in self._commands() if c.start > command.start))

    def _variable_in(self, command: Command) -> str:
        name = next(full for full in COMMANDS if full.lower() == command.name.lower())
        rule = bind(command, name, self.source).values["SynchronizationRule"]
        assert isinstance(rule, Variable)  # or the rule would not have been read
        return rule.name

    def _between(self, place: Span, layouts: Iterable[Layout]) -> str:
        """Return commands that are put below a command, or before one."""
        blank, text = self.source.newline * AFTER_COMMAND, self._text(layouts)
        is_below = any(c.end == place.start for c in self._commands())
        return blank + text if is_below else text + blank

    def _text(self, layouts: Iterable[Layout]) -> str:
        newline = self.source.newline
        return (newline * AFTER_COMMAND).join(command_text(layout, newline) for layout in layouts)

    def _without(self, command: Command) -> Change:
        """Take a command out, with the empty lines below it."""
        blank = _BLANK_LINES.match(self.source.text, command.end)
        assert blank is not None  # it may be empty
        return Span(command.start, blank.end()), ""


def _span(node: Spanned) -> Span:
    return Span.of(node)


def _after_name(command: Command) -> Span:
    end = command.start + len(command.name)
    return Span(end, end)


def _end_before(command: Command, argument: Span) -> int:
    """Return where what stands before an argument ends."""
    ends = (a.end for a in command.arguments if a.end <= argument.start)
    return max(ends, default=_after_name(command).end)


def _written(command: Command, name: str, parameter: str) -> Span | None:
    """Return where a parameter stands in a command, its value included."""
    arguments = command.arguments
    for index, argument in enumerate(arguments):
        if isinstance(argument, Parameter) and parameter_name(argument, name) == parameter:
            is_switch = COMMANDS[name].parameters[parameter] is Kind.SWITCH
            alone = is_switch or argument.attached is not None
            return Span(argument.start, argument.end if alone else arguments[index + 1].end)
    return None


def _replaced(old: Sequence[_T], new: Sequence[_T]) -> Iterator[tuple[int, int, Sequence[_T]]]:
    """Yield which of the old things, from one place to another, give way to which new ones."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, begin, end in matcher.get_opcodes():
        if tag != "equal":
            yield first, last, new[begin:end]
