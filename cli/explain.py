"""`syncrules explain`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import click

from syncrules.diagnostics import Code

from .code_values import a_code, codes_that_begin
from .finding_pages import page_of, plain_lines
from .help import Command

__all__ = ["explain"]

_WIDEST = 100
"""Longer lines are hard to read, whatever the terminal's width is."""


@click.command(cls=Command)
@click.argument(
    "codes", metavar="[CODE]...", nargs=-1, type=a_code, shell_complete=codes_that_begin
)
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
