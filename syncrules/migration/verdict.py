"""What a plan comes to, in a line: for whoever reads no further, or begins to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syncrules.diagnostics import Diagnostic, Severity
from syncrules.pairing.connector_pairs import Basis
from syncrules.wording import counted

from .plan import Plan

__all__ = ["kit_verdict", "verdict"]


def verdict(plan: Plan, diagnostics: Iterable[Diagnostic] | None = None) -> tuple[str, ...]:
    """Return the parts of the line for a plan's own files, to be joined with a dot.

    `diagnostics` are all that are told of the run, where these are more than the plan's own. What
    there is nothing of is left out, except that no warning is said.
    """
    told = plan.diagnostics if diagnostics is None else diagnostics
    return tuple(_parts(plan, told, counted(len(plan.files), "file")))


def kit_verdict(plan: Plan, diagnostics: Iterable[Diagnostic], files: int) -> tuple[str, ...]:
    """Return the same for a kit of so many files."""
    return tuple(_parts(plan, diagnostics, f"a kit of {counted(files, 'file')}"))


def _parts(plan: Plan, diagnostics: Iterable[Diagnostic], container: str) -> Iterator[str]:
    yield f"{counted(len(plan.rules), 'rule')} in {container}" if plan.rules else "No rule moves"
    if assumed := sum(pair.basis is Basis.ASSUMED for pair in plan.pairs):
        yield f"{counted(assumed, 'connector pair')} assumed"
    severities = [one.severity for one in diagnostics]
    for severity in Severity:
        if number := severities.count(severity):
            yield counted(number, severity.value)
        elif severity is Severity.WARNING:
            yield "no warnings"
    if plan.not_checked:
        yield f"{counted(len(plan.not_checked), 'thing')} not checked"
