"""Custom rules that the active server has and that do not move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, Severity
from syncrules.servers.model import Facet, ServerRule

from ..context import Context

__all__ = ["left_behind"]


def left_behind(context: Context) -> Iterator[Diagnostic]:
    """Yield the custom rules that the active server has and no EXPORT holds."""
    if not context.active.is_complete_in(Facet.RULES):
        return
    # A rule that was mapped before may have got another identifier.
    names: Counter[tuple[str, str | None, str]] = Counter(
        (m.rule.connector, m.rule.direction, m.rule.name)
        for m in context.moving
        if m.is_mapped or m.rule.identifier is None
    )
    for rule in context.active.rules:
        if rule.is_out_of_box or rule.immutable_tag is None:
            continue
        if rule.identifier in context.by_identifier:
            continue
        connectors = (rule.connector, context.connectors.get(rule.connector, ""))
        named = [(c, rule.direction, rule.name) for c in connectors]
        same = next((name for name in named if names[name]), None)
        if same is not None:
            names[same] -= 1
            continue
        yield _stays(context, rule).at(Place(rule.file))


def _stays(context: Context, rule: ServerRule) -> Problem:
    message = (
        f"The active server has the custom rule '{rule.name}'{context.whose(rule)} "
        f"({rule.identifier}), and no EXPORT holds it: it would stay behind."
    )
    if context.choices.partial:
        hint = "It stays behind, as --partial allows."
        return Problem(Code.SR454, message, hint, Severity.NOTE)
    return Problem(
        Code.SR454,
        message,
        "Export it too, or give the configuration folder as EXPORT; to leave it behind: --partial",
    )
