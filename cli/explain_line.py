"""The line behind findings that says where there is more about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from syncrules.diagnostics import Diagnostic, Severity
from syncrules.wording import counted

from .page import Page, wrapped

__all__ = ["explain_line"]


def explain_line(diagnostics: Iterable[Diagnostic], paper: Page) -> Iterator[str]:
    """Yield the command that explains what was found, what matters most first; or nothing.

    It is one line, to be copied: codes that do not fit are counted. All are listed where there is
    no room for that either, or where all is to be listed.
    """
    weights = list(Severity)
    ordered = sorted(diagnostics, key=lambda d: weights.index(d.severity))
    codes = list(dict.fromkeys(d.code for d in ordered))
    short = (_line(codes, most) for most in range(len(codes), 0, -1))
    fits = None if paper.lists_all else next((s for s in short if len(s) <= paper.width), None)
    if fits is not None:
        yield fits
    elif codes:
        yield from wrapped(_line(codes, len(codes)), paper.width, rest="  ")


def _line(codes: Sequence[str], most: int) -> str:
    more = f" (and {counted(len(codes) - most, 'more code')})" if most < len(codes) else ""
    return f"For more: syncrules explain {' '.join(codes[:most])}{more}"
