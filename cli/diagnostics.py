"""Diagnostics as text: place, code, message, the line with a caret, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from syncrules.diagnostics import Diagnostic, Place, Row, Severity, Spot, has_errors, printable
from syncrules.wording import counted, first_of

from .explain_line import explain_line
from .page import Page, page, width_of, with_whole_options, wrapped

__all__ = ["Told", "count", "render", "render_all", "tell_findings"]

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_ROWS, _TABLE = 3, 12
"""So many rows of a diagnostic are listed; more, where they have headings."""
_MOST_LINES = 100
"""Where a refusal has more lines, its last warnings are shown by their heads."""
_LINES, _FILES = 5, 2
"""So many lines of a file are told, and so many files."""
_LAST_CELL = 28
"""In fewer columns than this, the last cell under a heading is hard to read."""


class Told(NamedTuple):
    """How a run is to tell what it found."""

    form: Literal["text", "json"] = "text"
    verbose: bool = False
    quiet: bool = False


_PLAINLY = Told()


def tell_findings(
    diagnostics: Sequence[Diagnostic],
    how: Told = _PLAINLY,
    *,
    refused: bool,
    what: str = "nothing was written",
) -> None:
    """Write diagnostics to standard error, and behind those of a refusal what it comes to.

    With -q only those that stand against it.
    """
    paper = page(err=True, lists_all=how.verbose)
    grave = [d for d in diagnostics if d.is_error] or diagnostics if refused else ()
    shown = grave if how.quiet else diagnostics
    lines = [*render_all(shown, paper)]
    if len(lines) > _MOST_LINES and not how.verbose:
        lines = [*render_all(shown, paper, _MOST_LINES)]
    lines += explain_line(shown, paper)
    if refused:
        why = "" if has_errors(diagnostics) else ", treated as errors because of --strict"
        verdict = f"{count(diagnostics)}{why}: {what}."
        lines += (paper.painted(line, "red") for line in wrapped(verdict, paper.width))
    if lines:
        paper.print(lines, err=True)


def count(diagnostics: Iterable[Diagnostic]) -> str:
    """Return how many diagnostics of each severity there are, in words."""
    severities = [d.severity for d in diagnostics]
    parts = [
        f"{number} {severity}{'s' if number > 1 else ''}"
        for severity in Severity
        if (number := severities.count(severity))
    ]
    return ", ".join(parts) or "no findings"


# ---- One of them ---------------------------------------------------------------------------------


def render_all(
    diagnostics: Iterable[Diagnostic], paper: Page, most: int | None = None
) -> Iterator[str]:
    """Yield the lines of diagnostics.

    Where there is room for `most` lines only, warnings behind them stand without rows and hints,
    and notes are counted.
    """
    used, is_short = 0, False
    notes: dict[str, int] = {}
    for one in diagnostics:
        if most is not None and one.severity is Severity.NOTE:
            notes[one.code] = notes.get(one.code, 0) + 1
            continue
        is_short = most is not None and not one.is_error and used > most
        lines = [*(_head(one, paper) if is_short else render(one, paper))]
        used += len(lines)
        yield from lines
    if is_short:
        yield "-v shows what the last ones are about, and what to do."
    if notes:
        told = f"{counted(sum(notes.values()), 'note')}: {' '.join(notes)} (-v shows them)"
        yield from wrapped(told, paper.width, rest="  ")


def render(diagnostic: Diagnostic, paper: Page) -> Iterator[str]:
    """Yield the lines of a diagnostic."""
    yield from _head(diagnostic, paper)
    if diagnostic.spot is not None and (diagnostic.is_error or paper.lists_all):
        yield from _excerpt(diagnostic.spot, paper)
    yield from _rows(diagnostic, paper)
    others = [place for place in diagnostic.places if not _is_told(place, diagnostic)]
    if others and (paper.lists_all or not diagnostic.rows):
        also = _lines_of(others, paper)
        yield from wrapped(printable(also), paper.width, "  also at ", " " * 4)
    hint = with_whole_options(printable(diagnostic.hint), paper.width - 4)
    yield from wrapped(hint, paper.width, "  hint: ", " " * 4)


def _head(diagnostic: Diagnostic, paper: Page) -> Iterator[str]:
    place, spot = printable(diagnostic.file), diagnostic.spot
    if spot is not None:
        place += f":{spot.line}:{spot.column}"
    severity = f"{diagnostic.severity}[{diagnostic.code}]"
    text = f"{severity}: {printable(diagnostic.message)}"
    lines = wrapped(f"{place}: {text}" if place else text, paper.width, rest="  ")
    if not paper.is_coloured:
        yield from lines
        return
    painted = paper.painted(severity, _COLOURS[diagnostic.severity])
    is_painted = False
    for line in lines:  # what begins the message is one word, and stands in one of its first lines
        yield line if is_painted else line.replace(severity, painted, 1)
        is_painted |= severity in line


def _is_told(place: Place, diagnostic: Diagnostic) -> bool:
    """Return whether a place is in the line that the diagnostic begins with."""
    line = place.spot.line if place.spot is not None else 0
    return (place.file, line) == (diagnostic.file, diagnostic.line)


def _lines_of(places: Iterable[Place], paper: Page) -> str:
    """Return places as lines of their files, the first of many."""
    files: dict[str, dict[int, None]] = {}
    for place in places:
        lines = files.setdefault(place.file, {})
        if place.spot is not None:
            lines[place.spot.line] = None
    shown = [f"{file}{_some(lines, paper)}" for file, lines in files.items()]
    more = 0 if paper.lists_all else len(shown) - _FILES
    rest = f"; and in {more} more {'file' if more == 1 else 'files'}" if more > 0 else ""
    return "; ".join(shown[: len(shown) if paper.lists_all else _FILES]) + rest


def _some(lines: Iterable[int], paper: Page) -> str:
    every = [*map(str, lines)]
    shown = every if paper.lists_all else every[:_LINES]
    more = f" and {len(every) - len(shown)} more" if len(shown) < len(every) else ""
    return f":{', '.join(shown)}{more}" if shown else ""


def _rows(diagnostic: Diagnostic, paper: Page) -> Iterator[str]:
    """Yield the rows as a table where they fit, else cell behind cell."""
    rows = diagnostic.rows
    if not paper.lists_all and not diagnostic.columns and len(rows) > _ROWS:
        rows = _alike(rows)
    most = _TABLE if diagnostic.columns else _ROWS
    # To say that there is one more takes as much room as that one.
    limit = len(rows) if paper.lists_all or len(rows) <= most + 1 else most
    shown = [tuple(map(printable, row)) for row in rows[:limit]]
    table = [diagnostic.columns, *shown] if diagnostic.columns else shown
    widths = [max(map(width_of, cells)) for cells in zip(*table, strict=True)]
    lead = sum(width + 2 for width in widths[:-1])
    last = (_LAST_CELL if diagnostic.columns else widths[-1]) if widths else 0
    if lead + last + 4 <= paper.width:
        for row in table:
            yield from _row(row, widths, paper)
    else:
        for row in shown:
            yield from wrapped(": ".join(row), paper.width, " " * 4, " " * 6)
    if limit < len(rows):
        yield f"    and {len(rows) - limit} more (-v lists them)"


def _alike(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return rows with those as one that say the same of several things."""
    things: dict[Row, list[str]] = {}
    for first, *rest in rows:
        things.setdefault(tuple(rest), []).append(first)
    return tuple((first_of(names, 2), *rest) for rest, names in things.items())


def _row(row: Row, widths: Sequence[int], paper: Page) -> Iterator[str]:
    cells = (
        f"{cell}{' ' * (width - width_of(cell))}"
        for cell, width in zip(row[:-1], widths, strict=False)
    )
    lead = "".join(f"{cell}  " for cell in cells)
    yield from wrapped(row[-1], paper.width, f"    {lead}", " " * (4 + width_of(lead)))


# ---- The line with a caret -----------------------------------------------------------------------


def _excerpt(spot: Spot, paper: Page) -> Iterator[str]:
    excerpt, at = spot.excerpt, spot.column - spot.excerpt.column
    number = str(spot.line)
    cells = [printable(character) for character in excerpt.text]
    widths = [*map(width_of, cells)]
    room = paper.width - len(number) - 5 - 2 * len(paper.ellipsis)
    start, end = _window(widths, at, room)
    marked = sum(widths[at : max(at, min(end, at + spot.span.end - spot.span.start))])
    lead = paper.ellipsis if start or excerpt.column > 1 else ""
    tail = paper.ellipsis if end < len(cells) or excerpt.goes_on else ""
    indent = width_of(lead) + sum(widths[start:at])
    yield f"  {number} | {lead}{''.join(cells[start:end])}{tail}"
    yield f"  {' ' * len(number)} | {' ' * indent}{'^' * max(1, marked)}"


def _window(widths: Sequence[int], at: int, room: int) -> tuple[int, int]:
    """Return which characters of a line are shown: those around one, as many as there is room."""
    if sum(widths) <= room:
        return 0, len(widths)
    start, before = at, 0
    while start and before + widths[start - 1] <= room // 3:
        start -= 1
        before += widths[start]
    end, used = start, 0
    while end < len(widths) and used + widths[end] <= room:
        used += widths[end]
        end += 1
    return start, end
