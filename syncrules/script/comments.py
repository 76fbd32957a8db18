"""Comments that PowerShell obeys: `#requires`, and the beginning of a signature."""

from __future__ import annotations

import re
from collections.abc import Iterator

from syncrules.diagnostics import Diagnostic, Span

from .refusals import REQUIRES, SIGNATURE
from .source import Source

__all__ = ["COMMENT_PATTERN", "obeyed_comments"]

COMMENT_PATTERN = re.compile(r"<#[^#]*(?:#(?!>)[^#]*)*(?:#>|\Z)|#([^\r\n]*)")

# PowerShell takes a comment for the beginning of a signature when it is like this one, blanks and
# case aside, the first character of its line break included: fewer than ten characters to insert,
# delete or replace. So found over 1,400 comments.
_SIGNATURE = "sig#beginsignatureblock\n"
_SIGNATURE_DISTANCE = 10


def obeyed_comments(source: Source, tokens: tuple[Span, ...], end: int) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each comment in the gaps before `tokens` that is more than a comment.

    `end` is where the last statement ends: a signature after it does no harm.
    """
    text, before = source.text, 0
    if "#" not in text:
        return
    for token in tokens:
        if text.find("#", before, token.start) >= 0:
            for comment in COMMENT_PATTERN.finditer(text, before, token.start):
                if comment[1] is None:
                    continue
                if comment[1][:8].lower() == "requires":
                    yield REQUIRES.at(source.place(Span(*comment.span())))
                elif comment.end() <= end and _begins_signature(comment[1], text[comment.end()]):
                    yield SIGNATURE.at(source.place(Span(*comment.span())))
        before = token.end


def _begins_signature(comment: str, line_break: str) -> bool:
    words = "".join(comment.split()).lower() + line_break
    if abs(len(words) - len(_SIGNATURE)) >= _SIGNATURE_DISTANCE:
        return False
    return _distance(words, _SIGNATURE) < _SIGNATURE_DISTANCE


def _distance(one: str, other: str) -> int:
    """Return how many characters to insert, delete or replace make one text the other."""
    row = list(range(len(other) + 1))
    for number, character in enumerate(one, start=1):
        above, row = row, [number]
        for column, wanted in enumerate(other, start=1):
            replaced = above[column - 1] + (character != wanted)
            row.append(min(above[column] + 1, row[-1] + 1, replaced))
    return row[-1]
