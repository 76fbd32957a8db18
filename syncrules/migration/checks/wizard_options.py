"""The wizard's options, which must be the same on both servers.

Source: Microsoft's upgrade page (optional features must match) and its design page (so must the
source anchor, which is set at the installation, and which the wizard does not change later).
Out-of-box rules and their clones are written for the options chosen.
"""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Problem, Several
from syncrules.wording import BY_COMMAND

from ..context import Context

__all__ = ["different_options"]

_PER_SERVER = (
    "Microsoft.OptionalFeature.AutoUpgrade",
    "Microsoft.OptionalFeature.ExportDeletionThreshold",
)
"""Beginnings of options that no rule relies on; each server may have its own."""
_CHOOSE = (
    "Choose the same in the staging server's wizard, then export its configuration again "
    f"{BY_COMMAND}."
)
_REINSTALL = (
    "The source anchor is set at the installation: install the staging server again with '{}', "
    f"then export its configuration again {BY_COMMAND}."
)
_ANCHOR = "Microsoft.SynchronizationOption.AnchorAttribute"


def different_options(context: Context) -> Iterator[Diagnostic]:
    """Yield the options that both servers' configurations show, and that differ."""
    active, staging = context.active.settings, context.staging.settings
    for name in sorted(active.keys() & staging.keys()):
        if _value(active[name]) != _value(staging[name]) and not name.startswith(_PER_SERVER):
            yield _differs(name, active[name], staging[name]).at()


def _value(text: str) -> frozenset[str]:
    """Return an option's value; of a list, the order does not count."""
    return frozenset(part.strip().casefold() for part in text.split(","))


def _differs(name: str, active: str, staging: str) -> Problem:
    weight = (
        "rules that name the anchor, and clones of the join rules do, would join and create other "
        "objects"
        if name == _ANCHOR
        else "rules that rely on it would do something else after the switch"
    )
    return Problem(
        Code.SR473,
        f"The option {name} is '{active}' on the active server and '{staging}' on staging: "
        f"{weight}.",
        _REINSTALL.format(active) if name == _ANCHOR else _CHOOSE,
        several=None
        if name == _ANCHOR
        else Several(
            "options of the wizard differ between the servers: rules that rely on them would do "
            "something else after the switch.",
            _CHOOSE,
            (name, f"'{active}' on the active server, '{staging}' on staging"),
        ),
    )
