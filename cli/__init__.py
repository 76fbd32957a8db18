"""The command line: one module a command. Nothing else in the project knows click.

Way in: `main`. May import: every room.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from typing import NamedTuple, NoReturn

import click

from syncrules import __version__

from .ending import Run, exit_code_of

__all__ = ["main"]


class _Command(NamedTuple):
    """A command, in the module where it is found, with its line in the list of commands."""

    module: str
    function: str
    summary: str


_COMMANDS = {
    "check": _Command("check", "check_command", "Check whether rules are sound by themselves."),
    "compare": _Command("compare", "compare_command", "Show how two servers differ."),
    "explain": _Command("explain", "explain", "Explain the codes of findings, such as SR450."),
    "inspect": _Command("inspect", "inspect", "Show the rules and connectors that files contain."),
    "kit": _Command(
        "kit", "kit", "Write a folder that moves the rules safely on the staging server."
    ),
    "remap": _Command(
        "remap", "remap", "Map an active server's custom rules to the staging server."
    ),
    "snapshot": _Command(
        "snapshot", "snapshot_command", "Write what a server does as text, for version control."
    ),
    "verify": _Command(
        "verify", "verify_command", "Compare a kit's plan with what the staging server has now."
    ),
}


class _Commands(click.Group):
    """A group whose commands are imported when they are called, so that --help is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        found = _COMMANDS[cmd_name]
        module = import_module(f".{found.module}", __name__)
        command: click.Command = getattr(module, found.function)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; for an unknown one, say which could be meant."""
        name = args[0]
        if name in _COMMANDS or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        from .unknown_command import unknown_command

        raise unknown_command(name, _COMMANDS, ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, c.summary) for name, c in _COMMANDS.items()])

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **_: object
    ) -> NoReturn:
        """Run a command and exit, with no traceback where the run is cut or cannot print."""
        run = Run(sys.argv[1:] if args is None else args)
        command = partial(super().main, args, prog_name, obj=run, standalone_mode=False)
        sys.exit(exit_code_of(command, run))


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, or no difference; 1 an error was found, and nothing was written, "
    "or compare found a difference; 2 wrong usage, or compare could not read a file; 3 done, but "
    "the report could not be printed; 130 interrupted, nothing was written.",
)
@click.version_option(__version__, prog_name="syncrules")
def main() -> None:
    """Move Microsoft Entra Connect's synchronization rules to a new server.

    It works on files that the Synchronization Rules Editor exported, contacts no server, and
    refuses what it is not sure of.

    \b
    Example:
      syncrules remap active/ --staging staging/ --out mapped/
    """
