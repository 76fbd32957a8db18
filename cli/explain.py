"""`syncrules explain`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import click
from click.shell_completion import CompletionItem

from syncrules.diagnostics import Code, printable

from .finding_pages import page_of, plain_lines
from .help import Command
from .options import a_name

__all__ = ["explain"]

_WIDEST = 100
"""Longer lines are hard to read, whatever the terminal's width is."""


def _a_code(value: str) -> Code:
    """Return the code that a text names, in either case and with or without its brackets."""
    word = a_name(value).strip().strip("[]").upper()
    for code in Code:
        if code == word:
            return code
    raise click.BadParameter(_unknown(value, word))


def _beginning(_c: click.Context, _p: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the codes that begin so, for a shell to complete."""
    codes = (code for code in Code if code.startswith(incomplete.upper()))
    return [CompletionItem(code.value, help=code.heading) for code in codes]


def _unknown(text: str, word: str) -> str:
    from difflib import SequenceMatcher

    shown = printable(text)
    alike = {code: SequenceMatcher(None, word, code).ratio() for code in Code}
    near = [code for code in Code if alike[code] > 0.5]
    near = sorted(near, key=lambda code: (code.startswith(word), alike[code]), reverse=True)[:3]
    meant = f" The nearest are {', '.join(near)}." if near else ""
    return f"'{shown}' is not a code.{meant} To list all codes: syncrules explain"


@click.command(cls=Command)
@click.argument("codes", metavar="[CODE]...", nargs=-1, type=_a_code, shell_complete=_beginning)
def explain(codes: tuple[Code, ...]) -> None:
    """Explain the codes of findings: what each means, why it matters, what to do.

    CODE is what a finding has in square brackets, such as SR450. Without one, all codes are
    listed. The pages are part of syncrules: nothing is looked up in a network.

    \b
    Examples:
      syncrules explain SR450 SR410
      syncrules explain
    """
    lines = _pages(codes) if codes else _list()
    click.echo("\n".join(lines).rstrip("\n"))


def _pages(codes: tuple[Code, ...]) -> Iterator[str]:
    from shutil import get_terminal_size

    width = min(get_terminal_size().columns, _WIDEST)
    for number, code in enumerate(dict.fromkeys(codes)):
        if number:
            yield ""
        yield from plain_lines(page_of(code), width)


def _list() -> Iterator[str]:
    for group, codes in groupby(Code, key=lambda code: code.group):
        yield click.style(group.value, bold=True)
        yield from (f"  {code}  {code.heading}" for code in codes)
        yield ""
    yield "To read the page of a code: syncrules explain SR450"
