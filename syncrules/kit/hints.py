"""What findings say is to be done, where a kit is at hand: its scripts do a part of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from syncrules.diagnostics import Code, Diagnostic, Severity
from syncrules.migration.output_names import DISABLE_SCRIPT

__all__ = ["for_kit"]


_AS_IT_IS = (
    "The kit creates such a rule as it is: if the server refuses it, 2-apply.ps1 stops there and "
    "goes on when it is run again."
)


def for_kit(diagnostics: Iterable[Diagnostic], *, is_made: bool = True) -> tuple[Diagnostic, ...]:
    """Return findings with hints that can be followed with a kit, which an error may forbid yet."""
    return tuple(_for_kit(one, is_made) for one in diagnostics)


def _for_kit(found: Diagnostic, is_made: bool) -> Diagnostic:
    if found.script == DISABLE_SCRIPT:
        return replace(found, hint=_disabled_by_kit(found, is_made), script=None)
    if found.code is Code.SR460 and found.severity is Severity.WARNING:
        return replace(found, hint=f"{found.hint} {_AS_IT_IS}")
    if found.options and is_made:
        return replace(found, hint=f"{found.hint} Make the kit again with such an option.")
    return found


def _disabled_by_kit(found: Diagnostic, is_made: bool) -> str:
    several = len(found.rows) > 1
    rules, one = ("them", "one of them") if several else ("it", "it")
    hint = f"Do nothing by hand: 2-apply.ps1 disables {rules} first, before it creates a rule."
    if not found.options:
        return hint
    first = found.options[0]
    option = f"{first.flag} and its name." if several else str(first)
    make = "make the kit again" if is_made else "make the kit"
    return f"{hint} To leave {one} enabled, {make} with {option}"
