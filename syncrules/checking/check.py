"""All checks of rules by themselves, one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from syncrules.collector import paused_collector
from syncrules.diagnostics import Diagnostic
from syncrules.exports.export import Export
from syncrules.servers.model import Server

from .attributes import attributes, letter_case
from .baked_in import anchors, identifiers
from .checked import Checked
from .expressions import expressions
from .flows import flow_types, once_beside_others, two_to_one
from .found import Found, told
from .joins import clones, unfilled_joins
from .precedences import precedences
from .scopes import unscoped_provisioning, unusable_values
from .subjects import subjects_of

__all__ = ["CHECKS", "Check", "check", "check_rules"]

Check = Callable[[Checked], Iterator[Found]]

CHECKS: tuple[Check, ...] = (
    expressions,
    attributes,
    letter_case,
    identifiers,
    anchors,
    flow_types,
    two_to_one,
    once_beside_others,
    unusable_values,
    unscoped_provisioning,
    unfilled_joins,
    clones,
    precedences,
)


def check(
    exports: Export | Iterable[Export] = (), *, server: Server | None = None
) -> tuple[Diagnostic, ...]:
    """Return what is wrong or doubtful in rules by themselves: warnings and notes, no errors.

    Looked at are the rules of `exports`, with their places, and those that `server` shows in full.
    What only the server knows (schema, all rules, options) is checked where `server` shows it.
    """
    given = (exports,) if isinstance(exports, Export) else tuple(exports)
    server = Server() if server is None else server
    with paused_collector():
        return check_rules(Checked.of(subjects_of(given, server), server))


def check_rules(checked: Checked) -> tuple[Diagnostic, ...]:
    """Return all that is found of some rules, in the order of its weight."""
    return told(found for one in CHECKS for found in one(checked))
