"""Custom rules that two files of one server show otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Place, Problem
from syncrules.servers.model import ServerRule

from ..context import Context
from .both_values import differences_with_values

__all__ = ["stale_rules"]


def stale_rules(context: Context) -> Iterator[Diagnostic]:
    """Yield the custom rules that two files of active, or of staging, show otherwise.

    Of an EXPORT and another file, the EXPORT is told last.
    """
    given = {export.name for export in context.given}
    for pair in context.active.shown_otherwise:
        one, other = sorted(pair, key=lambda rule: rule.file in given)
        found = differences_with_values(one, other)
        if found:
            moves = other.identifier in context.by_identifier
            problem = _edited(one, other, found) if moves else _stale(one, other, found, "active")
            yield problem.at(context.place_of(other))
    for one, other in context.staging.shown_otherwise:
        found = differences_with_values(one, other)
        if found:
            yield _stale(one, other, found, "staging").at(Place(other.file))
    yield from _emptied(context)


def _stale(one: ServerRule, other: ServerRule, found: tuple[str, ...], server: str) -> Problem:
    return Problem(
        Code.SR457,
        f"{_told(one, other, found)} One of the two files is older.",
        f"Export the rule again on the {server} server, or write its configuration again.",
    )


def _edited(one: ServerRule, other: ServerRule, found: tuple[str, ...]) -> Problem:
    return Problem(
        Code.SR457,
        f"{_told(one, other, found)} One of the two files is older, or the export was edited. The "
        "rule moves as EXPORT has it.",
        "Nothing to do if you edited the export. Otherwise export the rule again on the active "
        "server, or write its configuration again.",
    )


def _told(one: ServerRule, other: ServerRule, found: tuple[str, ...]) -> str:
    return f"'{other.name}' is not the same in {one.file} and in {other.file}: {', '.join(found)}."


def _emptied(context: Context) -> Iterator[Diagnostic]:
    """Yield the rules whose tag was emptied in the EXPORT alone."""
    for moving in context.moving:
        if moving.rule.identifier in context.emptied:
            yield Problem(
                Code.SR457,
                f"The tag of '{moving.rule.name}' is empty here, and Microsoft's in another file "
                "of the active server: the export was edited, or that file is older. The rule "
                "moves as a custom one.",
                "Nothing to do if you emptied the tag. Otherwise export the rule again on the "
                "active server, or write its configuration again.",
            ).at(moving.place())
