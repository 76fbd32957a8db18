"""Paths of the command line to what they hold."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from syncrules.diagnostics import Diagnostic, Severity
from syncrules.files import MOST_BYTES, Input, Loaded, inputs_in, load, read_inputs

__all__ = ["inputs_of", "read"]

_STDIN = "-"
_STDIN_PATH = Path("stdin")


def inputs_of(arguments: tuple[str, ...]) -> list[Input | Diagnostic]:
    """Return the files that arguments name, folders opened, or why there are none."""
    found: dict[Path | Diagnostic | str, Input | Diagnostic] = {}
    for argument in arguments:
        if argument == _STDIN:
            found[_STDIN] = Input(_STDIN_PATH)
            continue
        inputs = inputs_in(Path(argument))
        for one in [inputs] if isinstance(inputs, Diagnostic) else inputs:
            found.setdefault(one if isinstance(one, Diagnostic) else one.path, one)
    return list(found.values())


def read(
    inputs: list[Input | Diagnostic],
    encoding: str | None,
    advance: Callable[[], None],
    *,
    keep_foreign: bool = False,
    to_move: bool = False,
) -> Loaded:
    """Read files and standard input; `advance` is called after each."""

    def bytes_of(path: Path) -> bytes | Diagnostic:
        return _stdin() if path is _STDIN_PATH else load(path)

    return read_inputs(
        inputs,
        encoding,
        keep_foreign=keep_foreign,
        to_move=to_move,
        load=bytes_of,
        advance=advance,
    )


def _stdin() -> bytes | Diagnostic:
    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(data) <= MOST_BYTES:
        return data
    return Diagnostic(
        "SR108",
        Severity.ERROR,
        "Standard input has more than 64 MiB; an export of a whole server has less than one.",
        "Give the exports of the rules only.",
        "stdin",
    )
