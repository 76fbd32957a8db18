"""Findings as text: place, code, message, the line with a caret, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from syncrules.diagnostics import Diagnostic, Severity, has_errors, printable

__all__ = ["count", "echo_findings", "echo_refusal", "render"]

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def echo_findings(findings: Iterable[Diagnostic]) -> None:
    """Write findings to standard error."""
    for finding in findings:
        click.echo("\n".join(render(finding)), err=True)


def render(finding: Diagnostic) -> Iterator[str]:
    """Yield the lines of a finding."""
    place = printable(finding.file)
    if finding.line:
        place += f":{finding.line}:{finding.column}"
    severity = click.style(
        f"{finding.severity}[{finding.code}]", fg=_COLOURS[finding.severity], bold=True
    )
    message = printable(finding.message)
    yield f"{place}: {severity}: {message}" if place else f"{severity}: {message}"
    if finding.line:
        yield from _excerpt(finding)
    yield f"  hint: {printable(finding.hint)}"


def _excerpt(finding: Diagnostic) -> Iterator[str]:
    at = finding.column - finding.excerpt_column
    length = finding.span.end - finding.span.start if finding.span else 1
    before, marked = finding.excerpt[:at], finding.excerpt[at : at + length]
    lead = "…" if finding.excerpt_column > 1 else ""
    tail = "…" if finding.excerpt_goes_on else ""
    indent = _width(lead + printable(before))
    number = str(finding.line)
    yield f"  {number} | {lead}{printable(finding.excerpt)}{tail}"
    yield f"  {' ' * len(number)} | {' ' * indent}{'^' * max(1, _width(printable(marked)))}"


def _width(text: str) -> int:
    """Return how many columns a terminal takes for a text."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # here, since most lines need no table of wide characters

    return cell_len(text)


def echo_refusal(findings: tuple[Diagnostic, ...], what: str) -> None:
    """Say at the end how much stands against it, and what that means."""
    why = "" if has_errors(findings) else ", taken for errors by --strict"
    click.echo(f"{count(findings)}{why}: {what}.", err=True)


def count(findings: Iterable[Diagnostic]) -> str:
    """Return how many findings of each severity there are, in words."""
    severities = [f.severity for f in findings]
    parts = [
        f"{number} {severity}{'s' if number > 1 else ''}"
        for severity in Severity
        if (number := severities.count(severity))
    ]
    return ", ".join(parts) or "no findings"
