"""How a run ends, also where it is interrupted or its output is not taken: with an exit code."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

import click

from . import exits
from .interruption import Interrupted, interruptible
from .streams import forgiving_streams

if TYPE_CHECKING:  # --help needs no path
    from pathlib import Path

__all__ = ["Run", "end", "exit_code_of", "keep"]


class Run:
    """A run of the command line: its words, and `written`, the folder that it wrote into so far.

    `kept` is what `keep` keeps.
    """

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        self.arguments = tuple(arguments)
        self.written: Path | None = None
        self.kept: list[object] = []


def keep(large: object) -> None:
    """Keep what a command has read or made to the end of the process, which frees it: see `end`."""
    click.get_current_context().ensure_object(Run).kept.append(large)


def end(main: Callable[..., NoReturn]) -> None:
    """Run the command line, and end the process with its exit code, at once.

    By then all files are closed. Python would take a tenth of the whole run to free, one by one,
    the objects that the system frees all together.
    """
    try:
        main(prog_name="syncrules")
    except SystemExit as ended:
        if not (isinstance(ended.code, int) and _are_flushed()):
            raise
        os._exit(ended.code)


def _are_flushed() -> bool:
    """Flush what is printed; what cannot be is for Python's own end to tell."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return False
    return True


def exit_code_of(command: Callable[[], object], run: Run) -> int:
    """Run a click command that is not standalone, and return how the process is to exit."""
    with forgiving_streams() as why_not_printed:
        code = _code_of(command, run)
        error = why_not_printed()
        if error is None or code != exits.DONE:
            return code
        _tell_unprinted(error, run)
        return exits.UNPRINTED


def _code_of(command: Callable[[], object], run: Run) -> int:
    try:
        with interruptible():
            code = command()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt) as error:
        return _interrupted(error, run)
    return code if isinstance(code, int) else exits.DONE


def _interrupted(error: BaseException, run: Run) -> int:
    cause = error if isinstance(error, KeyboardInterrupt) else error.__cause__
    if run.written is not None:
        where = _shown(run.written)
        click.echo(f"Interrupted: the files are written to {where}, the report is cut.", err=True)
        return exits.UNPRINTED
    click.echo("Interrupted: nothing was written.", err=True)
    number = cause.number if isinstance(cause, Interrupted) else signal.SIGINT
    return exits.INTERRUPTED + number


def _shown(path: Path) -> str:
    from syncrules.diagnostics import printable

    return printable(str(path))


def _tell_unprinted(error: OSError, run: Run) -> None:
    why = error.strerror or error
    if run.written is not None:
        where = _shown(run.written)
        click.echo(
            f"The files are written to {where}, but the report could not be printed: {why}. To see "
            "it, run the same command with --check instead of --out.",
            err=True,
        )
    elif error.errno != errno.EPIPE:  # who closes a pipe has read enough
        click.echo(f"The output could not be printed: {why}.", err=True)
