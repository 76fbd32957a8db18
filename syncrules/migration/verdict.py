"""What a plan comes to, in a line: for whoever reads no further, or begins to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syncrules.diagnostics import Diagnostic, Severity
from syncrules.pairing.connector_pairs import Basis
from syncrules.wording import counted

from .plan import Plan

__all__ = ["verdict"]


def verdict(plan: Plan, diagnostics: Iterable[Diagnostic] | None = None) -> tuple[str, ...]:
    """Return the parts of the line, to be joined with ` · `.

    `diagnostics` are all that are told of the run, where these are more than the plan's own. What
    there is nothing of is no part, except that no warning is said.
    """
    return tuple(_parts(plan, plan.diagnostics if diagnostics is None else tuple(diagnostics)))


def _parts(plan: Plan, diagnostics: tuple[Diagnostic, ...]) -> Iterator[str]:
    files = {rule.origin.export.name for rule in plan.rules}
    rules = counted(len(plan.rules), "rule")
    yield f"{rules} in {counted(len(files), 'file')}" if files else rules
    if assumed := sum(pair.basis is Basis.ASSUMED for pair in plan.pairs):
        yield f"{counted(assumed, 'connector pair')} assumed"
    severities = [one.severity for one in diagnostics]
    if errors := severities.count(Severity.ERROR):
        yield counted(errors, "error")
    warnings = severities.count(Severity.WARNING)
    yield counted(warnings, "warning") if warnings else "no warnings"
    if plan.not_checked:
        yield f"{counted(len(plan.not_checked), 'thing')} not checked"
