"""Rules to the bytes of a file that creates them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from syncrules.diagnostics import Code, Problem, has_errors
from syncrules.errors import InputRefused
from syncrules.rules.model import SyncRule

from .export import read_export
from .layout import script_text

__all__ = ["emit"]


def emit(rules: Iterable[SyncRule]) -> bytes:
    """Return the file that creates `rules`, in their order, as the Editor would print them.

    Lines end in CRLF. It is ASCII where that is enough, else UTF-8 with a byte order mark, which
    Windows PowerShell 5.1 needs. Fields that are `None` are left out. `parse(emit(rules)).rules ==
    rules`, and PowerShell binds the same values.

    Raises InputRefused, with the reasons, for rules that `parse` would refuse or read otherwise.
    """
    rules = tuple(rules)
    text = script_text(rules)
    export, diagnostics = read_export(text)
    if export is None or has_errors(diagnostics):
        raise InputRefused(diagnostics)
    otherwise = tuple(
        _read_otherwise(rule, read).at()
        for rule, read in zip(rules, export.rules, strict=True)
        if rule != read
    )
    if otherwise:
        raise InputRefused(otherwise)
    return text.encode("ascii" if text.isascii() else "utf-8-sig")


def _read_otherwise(rule: SyncRule, read: SyncRule) -> Problem:
    unlike = ", ".join(
        f"{f.name} {getattr(rule, f.name)!r} is read as {getattr(read, f.name)!r}"
        for f in fields(rule)
        if getattr(rule, f.name) != getattr(read, f.name)
    )
    return Problem(
        Code.SR501,
        f"The rule '{rule.name}' is not written: read again, it is another one ({unlike}).",
        "Give each field in the form in which syncrules.parse gives it.",
    )
