"""A run of `syncrules` in this process: what it printed, and the line that is typed for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from typing import NamedTuple

from syncrules.cli import main

__all__ = ["Done", "command", "run"]

_PLAIN = re.compile(r"[\w./\\:=,{}-]+", re.ASCII)
_IN_QUOTES = re.compile(r"[^\"$`%!\\\x00-\x1f]+")
"""What means the same between double quotes in each shell."""


class Done(NamedTuple):
    """A run that has ended: its exit code, and what it printed."""

    code: int
    out: str
    err: str


def run(*words: str) -> Done:
    """Run `syncrules` with these words."""
    out, err = (TextIOWrapper(BytesIO(), "utf-8", newline="") for _ in range(2))
    code = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(list(words), prog_name="syncrules")
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    return Done(code, _text_in(out), _text_in(err))


def _text_in(stream: TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def command(words: Iterable[str]) -> str:
    """Return a command line as it can be typed: in quotes where that is needed."""
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    if _PLAIN.fullmatch(word):
        return word
    if _IN_QUOTES.fullmatch(word):
        return f'"{word}"'
    return "'{}'".format(word.replace("'", "''"))  # in PowerShell
