"""Rules that the staging server has already: the same, another version, or another rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syncrules.diagnostics import Code, Diagnostic, Place, Problem
from syncrules.servers.model import ServerRule
from syncrules.wording import BY_COMMAND, first_of

from ..context import Context
from ..counterparts import unexported
from ..moving_rules import MovingRule
from .differing_values import told_difference

__all__ = ["there_already"]


def there_already(context: Context) -> Iterator[Diagnostic]:
    """Yield the rules that staging has: those that are the same in one note a file."""
    yield from _the_same(context)
    claimed = {r.identifier for r in context.counterparts.values()}
    customs = {
        _name(r): r
        for r in context.staging.rules
        if r.immutable_tag is not None and not r.is_out_of_box and r.identifier not in claimed
    }
    for planned in context.placing.rules:
        moving, rule = planned.origin, planned.before
        if rule.connector not in context.connectors:
            continue  # that has an error of its own; whether the rule is the same is not known yet
        taken = context.on_staging.get(planned.after.identifier)
        if taken is not None:
            place = moving.place(moving.placed.identifiers[0])
            yield _taken(context, moving, taken).at(place)
            continue
        name = (context.connectors.get(rule.connector, ""), rule.direction, rule.name)
        found = context.counterparts.get(moving)
        same = found if found is not None and name == _name(found) else customs.get(name)
        if same is not None:
            yield _same_name(context, moving, same).at(moving.place())


def _name(rule: ServerRule) -> tuple[str, str | None, str]:
    return rule.connector, rule.direction, rule.name


def _the_same(context: Context) -> Iterator[Diagnostic]:
    by_file: dict[str, list[tuple[str, Place]]] = {}
    for moving in context.custom:
        if moving in context.there:
            found = (moving.rule.name, moving.place())
            by_file.setdefault(moving.export.name, []).append(found)
    for rule in unexported(context):
        if rule in context.there:
            by_file.setdefault(rule.file, []).append((rule.name, Place(rule.file)))
    for rules in by_file.values():
        yield _passed_over([name for name, _ in rules]).at(rules[0][1])


def _passed_over(names: Iterable[str]) -> Problem:
    shown = [f"'{name}'" for name in names]
    are, they, them = ("is", "it is", "it") if len(shown) == 1 else ("are", "they are", "them")
    return Problem(
        Code.SR478,
        f"{first_of(shown)} {are} on the staging server already, the same in every field: {they} "
        "left out.",
        f"Nothing to do. To create {them} again, delete {them} on the staging server and export "
        f"its configuration again {BY_COMMAND}.",
    )


def _taken(context: Context, moving: MovingRule, taken: ServerRule) -> Problem:
    rule, option = moving.rule, context.leaving.option(moving.rule)
    name = (context.connectors.get(rule.connector), rule.direction, rule.name)
    is_another = name != _name(taken)
    return Problem(
        Code.SR430,
        f"The staging server has a rule of this Identifier: '{taken.name}' ({taken.file}). "
        f"{told_difference(context, rule, taken)} Add-ADSyncRule would silently overwrite it.",
        f"{_REPLACE} To keep it instead of this one, add {option} to the command. If the two are "
        "different rules that should both run: --identifiers new"
        if is_another
        else f"{_REPLACE} To keep it, leave this one behind: {option}",
    )


def _same_name(context: Context, moving: MovingRule, same: ServerRule) -> Problem:
    return Problem(
        Code.SR431,
        f"The staging server has a custom rule '{same.name}' of the same connector and direction "
        f"already ({same.file}): both would run. {told_difference(context, moving.rule, same)}",
        f"{_REPLACE} To keep it, leave this one behind: {context.leaving.option(moving.rule)}",
    )


_REPLACE = (
    "To replace the one that is there, delete it on the staging server and export its "
    f"configuration again {BY_COMMAND}."
)
