"""How a run ends, also where it is interrupted or its output is not taken: with an exit code."""

from __future__ import annotations

import errno
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from syncrules.diagnostics import printable

from . import exits
from .interruption import Interrupted, interruptible
from .streams import forgiving_streams

__all__ = ["Run", "exit_code_of"]


@dataclass
class Run:
    """What a run has done so far: `written` is the folder that it wrote into."""

    written: Path | None = None


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
        where = printable(str(run.written))
        click.echo(f"Interrupted: the files are written to {where}, the report is cut.", err=True)
        return exits.UNPRINTED
    click.echo("Interrupted: nothing was written.", err=True)
    number = cause.number if isinstance(cause, Interrupted) else signal.SIGINT
    return exits.INTERRUPTED + number


def _tell_unprinted(error: OSError, run: Run) -> None:
    why = error.strerror or error
    if run.written is not None:
        where = printable(str(run.written))
        click.echo(
            f"The files are written to {where}, but the report could not be printed: {why}. To see "
            "it, run the same command with --check instead of --out.",
            err=True,
        )
    elif error.errno != errno.EPIPE:  # who closes a pipe has read enough
        click.echo(f"The output could not be printed: {why}.", err=True)
