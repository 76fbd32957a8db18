"""Where a finding begins and ends in its file, in lines and columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from syncrules.diagnostics import Spot
from syncrules.script.source import Source

__all__ = ["Region", "Sources", "region_of"]

Sources = Mapping[str, Source]
"""The texts that places are in, by the names of their files."""


class Region(NamedTuple):
    """A part of a file: lines and columns from 1, columns in code points; the end lies behind."""

    line: int
    column: int
    end_line: int
    end_column: int


def region_of(spot: Spot, source: Source | None) -> Region:
    """Return the region of a spot; without its source, it ends in the line that it begins in."""
    if source is not None:
        return Region(spot.line, spot.column, *source.line_and_column(spot.span.end))
    shown = spot.excerpt.column + len(spot.excerpt.text)
    length = spot.span.end - spot.span.start
    return Region(
        spot.line, spot.column, spot.line, max(spot.column, min(spot.column + length, shown))
    )
