"""What is printed on: how wide it is, in which colours, with which signs, and lines that fit it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple, TextIO

import click

__all__ = ["KEPT", "Page", "fitted", "page", "width_of", "with_whole_options", "wrapped"]

_COLUMNS = 80
_FEWEST = 40
"""A terminal that is narrower breaks the lines itself."""

KEPT = "\xa0"
"""Replaces a blank at which no line is broken."""

_SIGNS = "→·…"
"""What a page has that is not ASCII; each takes one column."""
_WIDER = "\u0300"
"""The first character that takes no column; those that take two come later."""

_OPTION = re.compile(r'--[a-z-]+ (?:"[^"]*"|\S*=\S*|[0-9a-f-]{36})')
"""An option with its value, as hints have it."""


class Page(NamedTuple):
    """A terminal, or a file, that lines are written to.

    `is_plain` tells that it has ASCII only, and none of the signs; `lists_all`, that nothing is
    left out for being long.
    """

    width: int = _COLUMNS
    is_coloured: bool = False
    is_plain: bool = False
    lists_all: bool = False

    @property
    def arrow(self) -> str:
        """What stands between old and new."""
        return "->" if self.is_plain else "→"

    @property
    def dot(self) -> str:
        """What stands between the parts of the verdict."""
        return "|" if self.is_plain else "·"

    @property
    def ellipsis(self) -> str:
        """What stands where a line is cut."""
        return "..." if self.is_plain else "…"

    def painted(self, text: str, colour: str | None = None, *, bold: bool = True) -> str:
        """Return a text in a colour, if the page has any."""
        return click.style(text, fg=colour, bold=bold) if self.is_coloured else text

    def print(self, lines: Iterable[str], *, err: bool = False) -> None:
        """Write lines to standard output, or to standard error."""
        click.echo("\n".join(lines), err=err, color=self.is_coloured)


def page(*, err: bool = False, lists_all: bool = False) -> Page:
    """Return the page that standard output is, or standard error.

    COLUMNS says how wide it is; without it, a terminal is as wide as it is, and a file has 80
    columns. NO_COLOR takes the colours away, and FORCE_COLOR gives them to a file too.
    """
    stream = sys.stderr if err else sys.stdout
    return Page(_width(stream), _is_coloured(stream), _is_plain(stream), lists_all)


def _width(stream: TextIO | None) -> int:
    given = os.environ.get("COLUMNS", "")
    if given.isascii() and given.isdigit() and int(given[:9]):
        return max(int(given[:9]), _FEWEST)
    try:
        found = os.get_terminal_size(stream.fileno()).columns if stream is not None else 0
    except (OSError, ValueError):  # no terminal
        found = 0
    return max(found, _FEWEST) if found else _COLUMNS


def _is_coloured(stream: TextIO | None) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def _is_plain(stream: TextIO | None) -> bool:
    encoding = getattr(stream, "encoding", None) or "ascii"
    try:
        _SIGNS.encode(encoding)
    except (UnicodeError, LookupError):
        return True
    return False


# ---- Lines that fit ------------------------------------------------------------------------------


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> Iterator[str]:
    """Yield a text as lines of at most `width` columns, broken at blanks only.

    The first line begins with `first`, the others with `rest`. A word that is longer than a line,
    such as two identifiers in one option, stands alone on its own.
    """
    if width_of(first) + width_of(text) <= width:
        yield (first + text).replace(KEPT, " ")
        return
    line, used, is_begun = first, width_of(first), bool(first.strip())
    for number, word in enumerate(text.split(" ")):
        own, blank = width_of(word), int(number > 0 and line != rest)
        if is_begun and used + blank + own > width:
            yield line.replace(KEPT, " ").rstrip()
            line = rest[: max(width - own, 0)]
            used, blank = width_of(line), 0
        line, used, is_begun = f"{line}{' ' * blank}{word}", used + blank + own, True
    yield line.replace(KEPT, " ").rstrip()


def fitted(lines: Iterable[str], paper: Page) -> Iterator[str]:
    """Yield lines that fit the page; what goes on is indented by four more."""
    for line in lines:
        text = line.lstrip()
        indent = line[: len(line) - len(text)]
        yield from wrapped(text, paper.width, indent, f"{indent}    ")


def with_whole_options(text: str, width: int) -> str:
    """Return a text in which options stay together with their values, where a line holds both."""

    def kept(option: re.Match[str]) -> str:
        whole = option.group()
        return whole.replace(" ", KEPT) if width_of(whole) <= width else whole

    return _OPTION.sub(kept, text)


def width_of(text: str) -> int:
    """Return how many columns a text has in a terminal."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@cache
def _columns(character: str) -> int:
    if character < _WIDER or character in _SIGNS:
        return 1
    from unicodedata import category, east_asian_width  # most lines are in Latin letters

    if category(character) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
