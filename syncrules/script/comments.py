"""Comments that PowerShell obeys: `#requires`, and the beginning of a signature."""

from __future__ import annotations

import re
from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Problem, Span

from .source import Source

__all__ = ["COMMENT_PATTERN", "obeyed_comments"]

COMMENT_PATTERN = re.compile(r"<#[^#]*(?:#(?!>)[^#]*)*(?:#>|\Z)|#([^\r\n]*)")

_REQUIRES = Problem(
    Code.SR225,
    "PowerShell obeys this comment: it may refuse to run the script, or load a module.",
    "Delete it; the output needs no more than the ADSync module.",
)
_SIGNATURE = Problem(
    Code.SR228,
    "PowerShell treats this comment as the beginning of a signature (even if it does not quite "
    "look like one), and reads no command after it.",
    "Delete it; sign the output if your policy asks for it.",
)

# PowerShell takes a comment for the beginning of a signature when it is like this one, blanks and
# case aside, the first character of its line break included: fewer than ten characters to insert,
# delete or replace. So found over 1,400 comments.
_BEGINNING = "sig#beginsignatureblock\n"
_TOO_FAR = 10


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
                    yield _REQUIRES.at(source.place(Span(*comment.span())))
                elif comment.end() <= end and _begins_signature(comment[1], text[comment.end()]):
                    yield _SIGNATURE.at(source.place(Span(*comment.span())))
        before = token.end


def _begins_signature(comment: str, line_break: str) -> bool:
    words = "".join(comment.split()).lower() + line_break
    if abs(len(words) - len(_BEGINNING)) >= _TOO_FAR:
        return False
    return _distance(words, _BEGINNING) < _TOO_FAR


def _distance(one: str, other: str) -> int:
    """Return how many characters to insert, delete or replace make one text the other."""
    row = list(range(len(other) + 1))
    for number, character in enumerate(one, start=1):
        above, row = row, [number]
        for column, wanted in enumerate(other, start=1):
            replaced = above[column - 1] + (character != wanted)
            row.append(min(above[column] + 1, row[-1] + 1, replaced))
    return row[-1]
