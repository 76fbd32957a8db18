"""A word that stands where a command should."""

from __future__ import annotations

import os.path
from collections.abc import Iterable
from difflib import get_close_matches

import click

from syncrules.diagnostics import printable

__all__ = ["unknown_command"]


def unknown_command(name: str, commands: Iterable[str], ctx: click.Context) -> click.UsageError:
    """Return the error for a word that is not a command, with the commands that may be meant."""
    known = list(commands)
    near = get_close_matches(name.lower(), known, cutoff=0.5)
    if near:
        way_out = f"Did you mean {' or '.join(near)}?"
    elif os.path.exists(name):
        way_out = (
            f"It is a file or folder: a command comes first, such as syncrules inspect "
            f"{printable(name)}"
        )
    else:
        way_out = f"The commands are {', '.join(known)}."
    return click.UsageError(f"'{printable(name)}' is not a command. {way_out}", ctx)
