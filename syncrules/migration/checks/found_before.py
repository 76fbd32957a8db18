"""What the phases before the checks found, in its place among them."""

from __future__ import annotations

from syncrules.diagnostics import Diagnostic

from ..context import Context

__all__ = ["unknown_to_leave", "unnumbered", "unpaired_connectors", "unresolved_references"]


def unpaired_connectors(context: Context) -> tuple[Diagnostic, ...]:
    """Return what pairing found: connectors without a pair, or with a doubtful one."""
    return context.pairing.diagnostics


def unknown_to_leave(context: Context) -> tuple[Diagnostic, ...]:
    """Return the names given with --leave that name nothing, or more than one thing."""
    return context.leaving.diagnostics


def unresolved_references(context: Context) -> tuple[Diagnostic, ...]:
    """Return the references whose rule is not known on the staging server."""
    return context.placing.unresolved


def unnumbered(context: Context) -> tuple[Diagnostic, ...]:
    """Return what renumbering found."""
    return context.placing.unnumbered
