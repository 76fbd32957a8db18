"""The wizard's options, which must be the same on both servers.

Source: Microsoft's upgrade page (optional features must match) and its design page (so must the
source anchor). Out-of-box rules and their clones are written for the options chosen.
"""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Diagnostic, Severity, printable
from syncrules.migration.context import Situation

__all__ = ["different_options"]

_OWN_AFFAIR = (
    "Microsoft.OptionalFeature.AutoUpgrade",
    "Microsoft.OptionalFeature.ExportDeletionThreshold",
)
"""Beginnings of options that no rule relies on; each server may have its own."""
_ANCHOR = "Microsoft.SynchronizationOption.AnchorAttribute"


def different_options(situation: Situation) -> Iterator[Diagnostic]:
    """Yield the options that both servers' configurations show, and that differ."""
    here, there = situation.active.settings, situation.staging.settings
    for name in sorted(here.keys() & there.keys()):
        if _value(here[name]) != _value(there[name]) and not name.startswith(_OWN_AFFAIR):
            yield _finding(name, here[name], there[name])


def _value(text: str) -> frozenset[str]:
    """Return an option's value; of a list, the order does not count."""
    return frozenset(part.strip().casefold() for part in text.split(","))


def _finding(name: str, here: str, there: str) -> Diagnostic:
    weight = (
        "rules that name the anchor, and clones of the join rules do, would join and create other "
        "objects"
        if name == _ANCHOR
        else "rules that rely on it would do something else after the switch"
    )
    return Diagnostic(
        "SR473",
        Severity.WARNING,
        f"The option {printable(name)} is '{printable(here)}' on the active server and "
        f"'{printable(there)}' on staging: {weight}.",
        "Choose the same in the staging server's wizard, then export its configuration again.",
    )
