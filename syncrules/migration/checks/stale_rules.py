"""Rules that move and that another file of the active server shows otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Problem

from ..context import Context
from .content import differences_in_words

__all__ = ["stale_rules"]


def stale_rules(context: Context) -> Iterator[Diagnostic]:
    """Yield the rules that move and that another file of the active server shows otherwise."""
    for moving in context.moving:
        known = context.on_active.get(moving.rule.identifier or "")
        if moving.is_mapped or known is None or known.sync_rule is None:
            continue
        found = (
            *differences_in_words(moving.rule, known.sync_rule),
            *(("name",) if known.name != moving.rule.name else ()),
            *(("state",) if known.sync_rule.disabled is not moving.rule.disabled else ()),
        )
        if found:
            yield Problem(
                Code.SR457,
                f"'{moving.rule.name}' is not the same in {known.file}: {', '.join(found)}. One of "
                "the two files is older.",
                "Export the rule again on the active server, or write its configuration again.",
            ).at(moving.place())
