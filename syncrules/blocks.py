"""A script in blocks of one rule each, so that a rule can be left out whole."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from .diagnostics import Span
from .export import Export
from .reading import ReadRule

__all__ = ["Block", "blocks"]


@dataclass(frozen=True, slots=True)
class Block:
    """A rule's part of the text.

    It runs from the rule's New-ADSyncRule, with the comment lines directly above it, to the next
    block or the end of the script.
    """

    read: ReadRule
    span: Span


def blocks(export: Export) -> tuple[Block, ...]:
    """Return the blocks of an export, in order; what stands before the first belongs to none."""
    starts = [_start(export, read.command.start) for read in export.read_rules]
    ends = [*starts[1:], len(export.source.text)]
    return tuple(
        Block(read, Span(start, end))
        for read, start, end in zip(export.read_rules, starts, ends, strict=True)
    )


def _start(export: Export, at: int) -> int:
    text, lines = export.source.text, export.source.line_starts
    line = bisect_right(lines, at) - 1
    if text[lines[line] : at].strip(" \t"):
        return at  # another command, or a comment, stands before it on its line
    while line > 0 and _is_comment_line(export, lines[line - 1]):
        line -= 1
    return lines[line]


def _is_comment_line(export: Export, start: int) -> bool:
    text, tokens = export.source.text, export.script.tokens
    first = start
    while text[first : first + 1] in (" ", "\t"):
        first += 1
    if text[first : first + 1] != "#":
        return False
    before = tokens[bisect_right(tokens, (first, first)) - 1] if tokens else Span(0, 0)
    return not before.start <= first < before.end  # a line of a text may begin with # too
