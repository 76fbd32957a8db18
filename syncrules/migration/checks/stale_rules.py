"""Custom rules that two files of one server show otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, Several
from syncrules.rules.comparison import content_differences, quoted
from syncrules.rules.model import SyncRule
from syncrules.servers.model import ServerRule
from syncrules.wording import BY_COMMAND, BY_EDITOR

from ..context import Context
from .both_values import Unlike, unlike_values

__all__ = ["stale_rules"]


def stale_rules(context: Context) -> Iterator[Diagnostic]:
    """Yield the custom rules that two files of active, or of staging, show otherwise.

    Of an EXPORT and another file, the EXPORT is told last.
    """
    given = {export.name for export in context.given}
    for pair in context.active.shown_otherwise:
        one, other = sorted(pair, key=lambda rule: rule.file in given)
        found = _differences(one, other)
        if found:
            moves = other.identifier in context.by_identifier
            problem = _edited(one, other, found) if moves else _stale(one, other, found, "active")
            yield problem.at(context.place_of(other))
    for one, other in context.staging.shown_otherwise:
        found = _differences(one, other)
        if found:
            yield _stale(one, other, found, "staging").at(Place(other.file))
    yield from _emptied(context)


def _differences(one: ServerRule, other: ServerRule) -> tuple[str, ...]:
    """Return the fields that two files do not show alike, with what each of them shows.

    What only one of them shows is not compared. Connector and direction are disputes: see
    `merging`.
    """
    fields = [*_of_both(one, other)]
    if one.sync_rule is not None and other.sync_rule is not None:
        fields += _of_whole_rules(one.sync_rule, other.sync_rule)
    return tuple("{} ({} and {})".format(field.what, *field.contrast) for field in fields)


def _of_both(one: ServerRule, other: ServerRule) -> Iterator[Unlike]:
    yield from _unlike("name", quoted(one.name), quoted(other.name))
    yield from _unlike("state", _state(one), _state(other))
    yield from _unlike("precedence", _precedence(one), _precedence(other))
    yield from _unlike("tag", _tag(one), _tag(other))


def _unlike(what: str, one: str | None, other: str | None) -> Iterator[Unlike]:
    """Yield a field with both values, if both files show it, and not alike."""
    if one is not None and other is not None and one != other:
        yield Unlike(what, one, other)


def _state(rule: ServerRule) -> str | None:
    return None if rule.disabled is None else "disabled" if rule.disabled else "enabled"


def _precedence(rule: ServerRule) -> str | None:
    """Return the precedence, unless it does not count, since another rule places this one."""
    is_placed = rule.sync_rule is not None and rule.sync_rule.references
    return None if rule.precedence is None or is_placed else str(rule.precedence)


def _tag(rule: ServerRule) -> str | None:
    return None if rule.immutable_tag is None else quoted(rule.immutable_tag)


def _of_whole_rules(one: SyncRule, other: SyncRule) -> Iterator[Unlike]:
    yield from _unlike("description", quoted(one.description), quoted(other.description))
    yield from _unlike("place", _place(one), _place(other))
    for name in content_differences(one, other):
        yield from unlike_values(name, one, other)


def _place(rule: SyncRule) -> str | None:
    return " ".join(rule.reference) if rule.reference else None


def _stale(one: ServerRule, other: ServerRule, found: tuple[str, ...], server: str) -> Problem:
    return Problem(
        Code.SR457,
        f"{_told(one, other, found)} One of the two files is older.",
        _again("Export the rule again", server),
        several=Several(
            f"custom rules are not the same in two files of the {server} server. One of the two "
            "files is older.",
            _again("Export the rules again", server),
            (f"'{other.name}' in {one.file} and {other.file}", ", ".join(found)),
        ),
    )


def _edited(one: ServerRule, other: ServerRule, found: tuple[str, ...]) -> Problem:
    return Problem(
        Code.SR457,
        f"{_told(one, other, found)} One of the two files is older, or the export was edited. The "
        "rule moves as EXPORT has it.",
        "Nothing to do if you edited the export. "
        f"{_again('Otherwise export the rule again', 'active')}",
        several=Several(
            "custom rules are not the same in EXPORT and in another file. One of the two files is "
            "older, or the exports were edited. The rules move as EXPORT has them.",
            "Nothing to do if you edited the exports. "
            f"{_again('Otherwise export the rules again', 'active')}",
            (f"'{other.name}' in {one.file} and {other.file}", ", ".join(found)),
        ),
    )


def _again(what: str, server: str) -> str:
    return f"{what} on the {server} server {BY_EDITOR}, or its configuration {BY_COMMAND}."


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
                "Nothing to do if you emptied the tag. "
                f"{_again('Otherwise export the rule again', 'active')}",
            ).at(moving.place())
