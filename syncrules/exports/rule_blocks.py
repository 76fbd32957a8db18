"""A script in blocks of one rule each, so that a rule can be left out whole."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from syncrules.diagnostics import Span
from syncrules.script.comments import COMMENT_PATTERN

from .export import Export
from .placed_rule import PlacedRule

__all__ = ["Block", "blocks"]


class Block(NamedTuple):
    """A rule's part of the text.

    It runs from the rule's New-ADSyncRule, with the comment lines directly above it, to the next
    block or the end of the script.
    """

    placed: PlacedRule
    span: Span


def blocks(export: Export) -> tuple[Block, ...]:
    """Return the blocks of an export, in order; what stands before the first belongs to none."""
    starts = [_start(export, placed.command.start) for placed in export.placed_rules]
    ends = [*starts, len(export.source.text)][1:]
    return tuple(
        Block(placed, Span(start, end))
        for placed, start, end in zip(export.placed_rules, starts, ends, strict=True)
    )


def _start(export: Export, at: int) -> int:
    source = export.source
    start = source.line_start(at)
    if source.text[start:at].strip(" \t"):
        return at  # another command, or a comment, stands before it on its line
    while start and _is_comment_line(export, before := source.line_start(start - 1)):
        start = before
    return start


def _is_comment_line(export: Export, start: int) -> bool:
    text, tokens = export.source.text, export.script.tokens
    first = start
    while text[first : first + 1] in (" ", "\t"):
        first += 1
    if text[first : first + 1] != "#":
        return False
    index = bisect_right(tokens, (first, first))
    gap = tokens[index - 1].end if index else 0
    if first < gap:
        return False  # a line of a text that begins with #
    # Neither may it be a line of a block comment: that one would be cut in two.
    comment = COMMENT_PATTERN.search(text, gap)
    assert comment is not None  # that # begins one, or is in one
    return comment.start() == first
