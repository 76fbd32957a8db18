"""The errors of the public functions."""

from __future__ import annotations

from .diagnostics import Diagnostic, printable

__all__ = ["EditRefused", "InputRefused", "NotAManifest", "PlanRefused", "SyncRulesError"]


class SyncRulesError(Exception):
    """The base of this library's errors; `str(error)` is safe to print."""

    def __str__(self) -> str:
        return printable(super().__str__())


class InputRefused(SyncRulesError):
    """Something given cannot be read. `diagnostics` has everything that was found in it."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "\n".join(map(str, self.diagnostics))


class PlanRefused(SyncRulesError):
    """A plan with errors has no output. `diagnostics` has everything that was found."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "\n".join(
            printable(f"{d.code}: {d.in_one_line}") for d in self.diagnostics if d.is_error
        )


class EditRefused(SyncRulesError):
    """Why a rule cannot be replaced in its script."""


class NotAManifest(SyncRulesError):
    """The files are not those of a kit of this format version."""
