"""Paths of the command line to what they hold."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from syncrules.diagnostics import Code, Place, Problem
from syncrules.files import MAX_FILE_BYTES, Bytes, Loaded, load, read_inputs
from syncrules.folders import Input, inputs_in, passed_over

from .ending import keep

__all__ = ["inputs_of", "passed_over_in", "read"]

_STDIN = "-"
_STDIN_PATH = Path("stdin")


def inputs_of(arguments: tuple[str, ...]) -> list[Input]:
    """Return the files that arguments name, folders opened, each once."""
    found: dict[Path | str, Input] = {}
    for argument in arguments:
        if argument == _STDIN:
            found[_STDIN] = Input(_STDIN_PATH)
            continue
        for one in inputs_in(Path(argument)):
            found.setdefault(one.path, one)
    return list(found.values())


def passed_over_in(
    arguments: tuple[str, ...], read: Iterable[Input], out: Path | None = None
) -> list[Input]:
    """Return the files in the folders among arguments that no argument has read.

    What lies in the folder `out` is a run's own.
    """
    read = tuple(read)
    found: dict[Path, Input] = {}
    for argument in arguments:
        for one in passed_over(Path(argument), read):
            if out is None or not one.path.absolute().is_relative_to(out.absolute()):
                found.setdefault(one.path, one)
    return list(found.values())


def read(
    inputs: list[Input],
    encoding: str | None,
    advance: Callable[[], None],
    *,
    keep_foreign: bool = False,
    to_move: bool = False,
    accept_elements: Collection[str] = (),
) -> Loaded:
    """Read files and standard input; `advance` is called after each."""

    def bytes_of(path: Path) -> Bytes:
        return _stdin() if path is _STDIN_PATH else load(path)

    loaded = read_inputs(
        inputs,
        encoding,
        keep_foreign=keep_foreign,
        to_move=to_move,
        accept_elements=accept_elements,
        load=bytes_of,
        advance=advance,
    )
    keep(loaded)
    return loaded


def _stdin() -> Bytes:
    if sys.stdin is None:  # closed by who started it
        return None, (_unreadable("it is closed").at(Place("stdin")),)
    try:
        data = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        return None, (_unreadable(error.strerror or str(error)).at(Place("stdin")),)
    if len(data) <= MAX_FILE_BYTES:
        return data, ()
    too_large = Problem(
        Code.SR108,
        "Standard input has more than 64 MiB; an export of a whole server has less than one.",
        "Give the exports of the rules only.",
    )
    return None, (too_large.at(Place("stdin")),)


def _unreadable(why: str) -> Problem:
    return Problem(
        Code.SR109,
        f"Standard input cannot be read: {why}.",
        "Pipe the export into the command, or name its file instead of -.",
    )
