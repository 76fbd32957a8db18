"""Codes as the command line takes them: read from a text, and completed by a shell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from syncrules.diagnostics import Code, printable

from .options import a_name

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["a_code", "codes_that_begin", "some_codes"]

_BEGINNING = re.compile("SR[1-9][0-9]?")


def a_code(value: str) -> Code:
    """Return the code that a text names, in either case, with or without its brackets or SR."""
    word = _word(value)
    for code in Code:
        if code == word:
            return code
    raise click.BadParameter(f"{_unknown(value, word)} To list all codes: syncrules explain")


def some_codes(value: str) -> frozenset[Code]:
    """Return the code that a text names, or all that begin with it."""
    word = _word(value)
    found = frozenset(code for code in Code if code.startswith(word))
    if found and (word in found or _BEGINNING.fullmatch(word)):
        return found
    raise click.BadParameter(
        f"{_unknown(value, word)} Give a code, or how codes begin, such as SR7. "
        "To list all codes: syncrules explain"
    )


def codes_that_begin(
    _c: click.Context, _p: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the codes that begin so, for a shell to complete."""
    from click.shell_completion import CompletionItem  # for a shell only

    codes = (code for code in Code if code.startswith(incomplete.upper()))
    return [CompletionItem(code.value, help=code.heading) for code in codes]


def _word(value: str) -> str:
    word = a_name(value).strip().strip("[]").upper()
    return f"SR{word}" if word.isdecimal() else word


def _unknown(text: str, word: str) -> str:
    from difflib import SequenceMatcher

    shown = printable(text)
    alike = {code: SequenceMatcher(None, word, code).ratio() for code in Code}
    near = [code for code in Code if alike[code] > 0.5]
    near = sorted(near, key=lambda code: (code.startswith(word), alike[code]), reverse=True)[:3]
    meant = f" The nearest are {', '.join(near)}." if near else ""
    return f"'{shown}' is not a code.{meant}"
