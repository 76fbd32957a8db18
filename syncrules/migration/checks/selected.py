"""Attributes and object types that the active server's connectors have selected, and staging's not.

A connector neither reads nor writes what is not selected. Builds since 1.4.18.0 select what a rule
uses when it is added in the Editor (version history); of rules added by a script nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Place, Problem
from syncrules.rules.enumerations import INBOUND
from syncrules.wording import BY_COMMAND, first_of

from ..context import Context
from ..moving_rules import MovingRule
from ..selection import selections
from .named_attributes import named_attributes

__all__ = ["unselected"]


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
        found = [(what, moving, place) for moving in own for what, place in _named(lost, moving)]
        if found:
            rules: dict[str, dict[str, None]] = {}
            for what, moving, _ in found:
                rules.setdefault(what, {})[context.named(moving.rule)] = None
            label = context.staging.label(pair.staging.identifier)
            yield _problem(label, rules).at(*(place for _, _, place in found))


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


def _problem(label: str, rules: Mapping[str, Iterable[str]]) -> Problem:
    """Return the problem of what is not selected, each with the rules that name it."""
    select = (
        "on the staging server in the connector's properties (Synchronization Service Manager), "
        f"run a full import there, and export its configuration again {BY_COMMAND}."
    )
    if len(rules) == 1:
        ((what, own),) = rules.items()
        return Problem(
            Code.SR480,
            f"The staging server's connector {label} does not have {what} selected, and the active "
            f"server's has. It neither reads nor writes it, so {first_of(own)} will not work.",
            f"Select it {select}",
        )
    return Problem(
        Code.SR480,
        f"{len(rules)} attributes or object types are selected in the active server's connector "
        f"and not in the staging server's {label}. It neither reads nor writes them, so rules that "
        "name them will not work.",
        f"Select them {select}",
        rows=tuple((what, first_of(own, _SHOWN)) for what, own in rules.items()),
    )


_SHOWN = 1
"""So many rules are told of each."""
