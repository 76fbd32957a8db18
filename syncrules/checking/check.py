"""All checks of rules by themselves, one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from syncrules.collector import paused_collector
from syncrules.diagnostics import Diagnostic
from syncrules.exports.export import Export
from syncrules.servers.model import Server

from .attributes import attributes
from .baked_in import anchors, identifiers
from .checked import Checked
from .expression_texts import expression_flows, readings
from .expressions import expressions
from .flows import flow_types, once_beside_others, two_to_one
from .found import Found, told
from .joins import clones, unfilled_joins
from .precedences import precedences
from .scopes import unscoped_provisioning, unusable_values
from .subjects import subjects_of

__all__ = ["CHECKS", "Check", "check"]

Check = Callable[[Checked], Iterator[Found]]

CHECKS: tuple[Check, ...] = (
    expressions,
    attributes,
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
    with paused_collector():
        checked = _checked(given, Server() if server is None else server)
        return tuple(told(found for one in CHECKS for found in one(checked)))


def _checked(exports: tuple[Export, ...], server: Server) -> Checked:
    subjects = subjects_of(exports, server)
    flows = tuple(expression_flows(subjects))
    return Checked(subjects, server, flows, readings(flows))
