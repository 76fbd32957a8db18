"""Findings as annotations, in the workflow commands of GitHub Actions."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Diagnostic, Place, Severity, printable

from .regions import Sources, region_of

__all__ = ["annotation"]

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def annotation(diagnostic: Diagnostic, sources: Sources) -> str:
    """Return the command that shows a finding at its first place, in one line."""
    title = f"{diagnostic.code} {diagnostic.code.heading}"
    properties = [("title", title)]
    if diagnostic.place is not None:
        properties = [*_at(diagnostic.place, sources), *properties]
    told = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties)
    also = [_shown(place) for place in diagnostic.places[1:]]
    lines = (
        diagnostic.in_one_line,
        *([f"Also at {'; '.join(also)}"] if also else []),
        f"What to do: {diagnostic.hint}",
    )
    message = "\n".join(map(printable, lines))
    return f"::{_COMMANDS[diagnostic.severity]} {told}::{_escaped(message)}"


def _at(place: Place, sources: Sources) -> Iterator[tuple[str, str]]:
    yield "file", printable(place.file)
    if place.spot is None:
        yield "line", "1"
        return
    found = region_of(place.spot, sources.get(place.file))
    yield "line", f"{found.line}"
    yield "endLine", f"{found.end_line}"
    if found.line == found.end_line:  # GitHub takes columns of one line only
        yield "col", f"{found.column}"
        yield "endColumn", f"{found.end_column}"


def _shown(place: Place) -> str:
    return place.file if place.spot is None else f"{place.file}:{place.spot.line}"


def _escaped(text: str, more: str = "") -> str:
    for character in f"%\r\n{more}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text
