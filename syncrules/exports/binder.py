"""One command's arguments bound to its parameters, as PowerShell binds them.

Names match in any case; an abbreviation that fits one parameter alone, and an alias of a common
parameter, are read with a warning. What PowerShell would refuse, or what is not known of the
ADSync cmdlets (values by position), is a diagnostic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Problem, has_errors
from syncrules.script.editor_layout import EditorCommand
from syncrules.script.nodes import Argument, Command, Node, Parameter, Value, Variable
from syncrules.script.source import Source
from syncrules.wording import BY_EDITOR

from .cmdlets import COMMANDS, COMMON, Kind

__all__ = ["Bound", "bind", "parameter_name"]

_LOWER_NAMES = {
    command: {n.lower(): n for n in (*form.parameters, *COMMON)}
    for command, form in COMMANDS.items()
}
_EXACT_KINDS: dict[str, dict[str, Kind | None]] = {
    command: {**{n: kind for n, (kind, _) in COMMON.items()}, **form.parameters}
    for command, form in COMMANDS.items()
}
_ALIASES = {alias: name for name, (_, alias) in COMMON.items()}


class Bound(NamedTuple):
    """A command's values by parameter name; a switch that is on has the value `None`."""

    values: dict[str, Value | None]
    diagnostics: tuple[Diagnostic, ...]


def bind(command: Command, name: str, source: Source) -> Bound:
    """Bind the arguments of `command`, which is the export command `name`."""
    if isinstance(command, EditorCommand):
        if command.values is not None:
            return Bound(command.values, ())
        values = _as_the_editor_writes(command, _EXACT_KINDS[name])
        if values is not None and all(n in values for n in COMMANDS[name].needed):
            return Bound(values, ())
    binder = _Binder(command, name, source)
    values = dict(binder.bound())
    missing = [n for n in COMMANDS[name].needed if n not in values]
    if missing and not has_errors(binder.diagnostics):
        binder.report(
            command,
            Problem(
                Code.SR303,
                f"{name} lacks -{' and -'.join(missing)}: PowerShell would stop and ask.",
                f"Export the rule again {BY_EDITOR}, or add what is missing.",
            ),
        )
    return Bound(values, tuple(binder.diagnostics))


def parameter_name(parameter: Parameter, command: str) -> str | None:
    """Return the whole name of a parameter of the export command `command`, if it has it."""
    fits = _fitting(parameter.name, _LOWER_NAMES[command])
    return fits[0] if len(fits) == 1 else None


def _fitting(written: str, names: Mapping[str, str]) -> list[str]:
    """Return the parameters that a name, an alias or an abbreviation may be."""
    lower = written.lower()
    name = names.get(lower) or _ALIASES.get(lower)
    return [name] if name else [full for known, full in names.items() if known.startswith(lower)]


def _as_the_editor_writes(
    command: EditorCommand, kinds: Mapping[str, Kind | None]
) -> dict[str, Value | None] | None:
    """Bind parameters that are written out, each once and with its value; else return `None`.

    The rules of _Binder give the same.
    """
    values: dict[str, Value | None] = {}
    switch = Kind.SWITCH  # Python takes its time to look a member up
    for _start, name, value in command.settings():
        kind = kinds.get(name)
        if kind is None or name in values or (value is None) is not (kind is switch):
            return None
        values[name] = value
    return values


class _Binder:
    def __init__(self, command: Command, name: str, source: Source) -> None:
        self.command = command
        self.command_name = name
        self.form = COMMANDS[name]
        self.names = _LOWER_NAMES[name]
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    def report(self, at: Node, problem: Problem) -> None:
        self.diagnostics.append(problem.at(self.source.place(at)))

    def bound(self) -> Iterator[tuple[str, Value | None]]:
        """Yield each parameter with its value, once."""
        taken: set[str] = set()
        for parameter, name, value in self._pairs():
            if name in taken:
                self.report(
                    parameter,
                    Problem(
                        Code.SR302,
                        f"-{name} is given twice; PowerShell refuses the command.",
                        "Delete one of the two.",
                    ),
                )
            taken.add(name)
            if value is None or self._kind(name) is not Kind.SWITCH:  # a switch that is off is out
                yield name, value

    def _pairs(self) -> Iterator[tuple[Argument, str, Value | None]]:
        arguments = iter(self.command.arguments)
        positions = iter(self.form.positional)
        waiting: tuple[Parameter, str] | None = None
        for argument in arguments:
            if not isinstance(argument, Parameter):
                if waiting is not None:
                    if waiting[1]:  # else it belongs to a parameter that is not known
                        yield *waiting, argument
                    waiting = None
                else:
                    yield from self._by_position(argument, next(positions, None))
                continue
            if waiting is not None:
                self._without_value(*waiting)
            waiting = None
            name = self._name(argument)
            if name is None:
                # Its value, if any, must not be taken for one by position.
                waiting = (argument, "") if argument.attached is None else None
            elif self._kind(name) is Kind.SWITCH:
                yield argument, name, None if self._is_on(argument) else argument.attached
            elif argument.attached is not None:
                yield argument, name, argument.attached
            else:
                waiting = argument, name
        if waiting is not None:
            self._without_value(*waiting)

    def _kind(self, name: str) -> Kind | None:
        return self.form.parameters[name] if name in self.form.parameters else COMMON[name][0]

    def _by_position(
        self, argument: Value, name: str | None
    ) -> Iterator[tuple[Argument, str, Value | None]]:
        if name is not None:
            yield argument, name, argument
            return
        self.report(
            argument,
            Problem(
                Code.SR304,
                "This value has no parameter name: often a quote inside the text "
                "before it ended that text early. Whether the cmdlet takes a value by position is "
                "not known.",
                "Write a quote inside a text twice, or the parameter's name before the value.",
            ),
        )

    def _without_value(self, parameter: Parameter, name: str) -> None:
        if name:
            self.report(
                parameter,
                Problem(
                    Code.SR305,
                    f"-{name} has no value: PowerShell refuses the command.",
                    "Give the value; for an empty one write ''.",
                ),
            )

    def _is_on(self, parameter: Parameter) -> bool:
        value = parameter.attached
        word = ""
        if isinstance(value, Variable) and value.element is None:
            word = value.name.lower()
        if value is not None and word not in ("true", "false"):
            self.report(
                parameter,
                Problem(
                    Code.SR306,
                    f"-{parameter.name} is a switch; this is neither $true nor $false.",
                    "Write the switch alone, or leave it out.",
                ),
            )
        return word != "false"

    def _name(self, parameter: Parameter) -> str | None:
        fits = _fitting(parameter.name, self.names)
        name = fits[0] if len(fits) == 1 else None
        if name is None:
            from .likely_meaning import meant_parameter  # nearly all names are right

            known = meant_parameter(parameter.name, self.command_name)
            if known is not None:
                self.report(parameter, known)
                return None
            several = f": it fits {', '.join(f'-{n}' for n in fits)}" if fits else ""
            self.report(
                parameter,
                Problem(
                    Code.SR301,
                    f"{self.command.name} has no parameter -{parameter.name}{several}.",
                    f"Write the whole name; export the rule again {BY_EDITOR} if in doubt.",
                ),
            )
            return None
        if self._kind(name) is None:
            self.report(
                parameter,
                Problem(
                    Code.SR307,
                    f"-{name} changes how the script runs, not what the rule is.",
                    "Delete it.",
                ),
            )
        elif parameter.name.lower() not in self.names:
            self.report(
                parameter,
                Problem(
                    Code.SR308,
                    f"-{parameter.name} is read as -{name}, as PowerShell reads it here; the "
                    "server's cmdlet may have another parameter that begins so.",
                    f"Write -{name}.",
                ),
            )
        return name
