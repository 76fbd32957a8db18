"""Attributes and object types that the active server's connectors have selected, and staging's not.

A connector neither reads nor writes what is not selected. Builds since 1.4.18.0 select what a rule
uses when it is added in the Editor (version history); of rules added by a script nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Place, Problem
from syncrules.rules.enumerations import INBOUND

from ..context import Context
from ..moving_rules import MovingRule
from ..selection import Selections, selections
from .named_attributes import lines_of, named_attributes

__all__ = ["unselected"]

_Unselected = dict[str, list[Place]]
"""What is not selected, in words, with all places that name it."""


class _Lost(NamedTuple):
    """What only the active server's connector has selected, and the schema of staging's."""

    attributes: frozenset[str]
    object_types: frozenset[str]
    schema: frozenset[str] | None


def unselected(context: Context) -> Iterator[Diagnostic]:
    """Yield what rules that move name and staging's connector has not selected, as one finding."""
    for pair in selections(context):
        lost = _Lost(pair.attributes, pair.object_types, pair.staging.attributes)
        if not lost.attributes and not lost.object_types:
            continue
        own = [m for m in context.moving if m.rule.connector == pair.active.identifier]
        found: _Unselected = {}
        for moving in own:
            for what, place in _named(lost, moving):
                found.setdefault(what, []).append(place)
        if found:
            yield _problem(pair, found).at(next(iter(found.values()))[0])


def _named(lost: _Lost, moving: MovingRule) -> Iterator[tuple[str, Place]]:
    rule, schema = moving.rule, lost.schema
    kind = rule.source_object_type if rule.direction == INBOUND else rule.target_object_type
    if kind.lower() in lost.object_types:
        yield f"the object type '{kind}'", moving.place()
    for name, of_connector, span in dict.fromkeys(named_attributes(moving)):
        # Of one that its schema lacks, `schema` tells.
        is_known = schema is None or name.lower() in schema
        if of_connector and is_known and name.lower() in lost.attributes:
            yield f"the attribute '{name}'", moving.place(span)


def _problem(pair: Selections, found: _Unselected) -> Problem:
    name = pair.staging.name or pair.staging.identifier
    return Problem(
        Code.SR480,
        f"Staging's connector {name} does not have selected what the active server's has: "
        f"{_in_words(found)}. It neither reads nor writes that, so rules that name it do not work.",
        "Select it on the staging server in the connector's properties (Synchronization Service "
        "Manager), run a full import there, and export its configuration again.",
    )


def _in_words(found: _Unselected) -> str:
    """Return all with their places; the place of a single one is that of the finding."""
    is_one = sum(map(len, found.values())) == 1
    return ", ".join(what if is_one else f"{what} ({lines_of(own)})" for what, own in found.items())
