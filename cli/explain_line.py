"""The line behind findings that says where there is more about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syncrules.diagnostics import Diagnostic, Severity

__all__ = ["explain_line"]

_MOST = 5
"""So many codes fit on the narrowest terminal; who needs more of them knows the command by then."""


def explain_line(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    """Yield the command that explains what was found, what matters most first; or nothing."""
    weights = list(Severity)
    ordered = sorted(diagnostics, key=lambda d: weights.index(d.severity))
    codes = list(dict.fromkeys(d.code for d in ordered))
    if codes:
        yield f"For more: syncrules explain {' '.join(codes[:_MOST])}"
