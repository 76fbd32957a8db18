"""The page of each code, which the package holds as Markdown, as plain text for a terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from importlib.resources import files

import click

from syncrules.diagnostics import Code

__all__ = ["page_of", "plain_lines"]

_BLOCK = re.compile(r"(?ms)^```\w*\n(.*?)^```\n")
_SPAN = re.compile(r"(`+) ?(.+?) ?\1|\*\*(.+?)\*\*|\*(.+?)\*")
_WORD = re.compile(r"[\w$.-]*\w")
"""Code that differs from the words around it without its marks."""


_LINK = re.compile(r"\[([^\[\]]+)\]\([^()]+\)")


def page_of(code: Code) -> str:
    """Return the page of a code, in Markdown; what links to other pages there is their code."""
    page = files("syncrules.findings").joinpath(f"{code}.md").read_text(encoding="utf-8")
    return _LINK.sub(r"\1", page)


def plain_lines(page: str, width: int) -> Iterator[str]:
    """Yield a page as lines for a terminal: paragraphs wrapped, blocks as they stand."""
    ended = 0
    for block in _BLOCK.finditer(page):
        yield from _text(page[ended : block.start()], width)
        yield from (*block[1].splitlines(), "")
        ended = block.end()
    yield from _text(page[ended:], width)


def _text(markdown: str, width: int) -> Iterator[str]:
    """Yield paragraphs and headings, each with an empty line behind it."""
    for part in re.sub(r"<!--.*?-->\n?", "", markdown).split("\n\n"):
        words = " ".join(part.split())
        if words.startswith("#"):
            yield from (
                click.style(line, bold=True) for line in _wrapped(words.lstrip("# "), width)
            )
            yield ""
        elif words:
            yield from (*_wrapped(_SPAN.sub(_unmarked, words), width), "")


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _unmarked(span: re.Match[str]) -> str:
    """Return a span of text without its marks; of code, where it is a word."""
    code = span[2]
    if code is None:
        return span[3] or span[4]
    return code if _WORD.match(code) else span[0]
