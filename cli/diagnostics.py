"""Diagnostics as text: place, code, message, the line with a caret, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from syncrules.diagnostics import Diagnostic, Severity, Spot, has_errors, printable

from .explain_line import explain_line

__all__ = ["count", "echo_diagnostics", "echo_refusal", "render"]

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def echo_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Write diagnostics to standard error."""
    diagnostics = tuple(diagnostics)
    for diagnostic in diagnostics:
        click.echo("\n".join(render(diagnostic)), err=True)
    for line in explain_line(diagnostics):
        click.echo(line, err=True)


def render(diagnostic: Diagnostic) -> Iterator[str]:
    """Yield the lines of a diagnostic."""
    place, spot = printable(diagnostic.file), diagnostic.spot
    if spot is not None:
        place += f":{spot.line}:{spot.column}"
    severity = click.style(
        f"{diagnostic.severity}[{diagnostic.code}]", fg=_COLOURS[diagnostic.severity], bold=True
    )
    message = printable(diagnostic.message)
    yield f"{place}: {severity}: {message}" if place else f"{severity}: {message}"
    if spot is not None:
        yield from _excerpt(spot)
    yield f"  hint: {printable(diagnostic.hint)}"


def _excerpt(spot: Spot) -> Iterator[str]:
    excerpt, at = spot.excerpt, spot.column - spot.excerpt.column
    before = excerpt.text[:at]
    marked = excerpt.text[at : at + spot.span.end - spot.span.start]
    lead = "…" if excerpt.column > 1 else ""
    tail = "…" if excerpt.goes_on else ""
    indent = _width(lead + printable(before))
    number = str(spot.line)
    yield f"  {number} | {lead}{printable(excerpt.text)}{tail}"
    yield f"  {' ' * len(number)} | {' ' * indent}{'^' * max(1, _width(printable(marked)))}"


def _width(text: str) -> int:
    """Return how many columns a terminal takes for a text."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # here, since most lines need no table of wide characters

    return cell_len(text)


def echo_refusal(diagnostics: tuple[Diagnostic, ...], what: str) -> None:
    """Say at the end how much stands against it, and what that means."""
    why = "" if has_errors(diagnostics) else ", taken for errors by --strict"
    click.echo(f"{count(diagnostics)}{why}: {what}.", err=True)


def count(diagnostics: Iterable[Diagnostic]) -> str:
    """Return how many diagnostics of each severity there are, in words."""
    severities = [d.severity for d in diagnostics]
    parts = [
        f"{number} {severity}{'s' if number > 1 else ''}"
        for severity in Severity
        if (number := severities.count(severity))
    ]
    return ", ".join(parts) or "no findings"
