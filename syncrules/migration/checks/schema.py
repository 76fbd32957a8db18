"""Attributes that the staging server's schema lacks.

A rule that names one is refused by the server, or is added and does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, Severity, Span
from syncrules.expressions.scanner import attributes
from syncrules.rules.enumerations import CONSTANT, INBOUND
from syncrules.rules.model import AttributeFlowMapping, SyncRule
from syncrules.script.nodes import Command

from ..context import Context
from ..moving_rules import MovingRule

__all__ = ["unknown_attributes"]

_BUILT_IN = frozenset(("dn", "objecttype", "sourceobjecttype"))


class _Schemas(NamedTuple):
    """A schema of the staging server, and the same one of the active server, where it is known."""

    called: str
    staging: frozenset[str] | None
    active: frozenset[str] | None


_Missing = dict[str, list[Place]]
"""The attributes that a schema lacks, with all places that name them."""


def unknown_attributes(context: Context) -> Iterator[Diagnostic]:
    """Yield what each schema lacks as one finding, and what the active server's lacks as a note."""
    lost: dict[str, _Missing] = {}
    never: _Missing = {}
    for moving in context.moving:
        schemas = _schemas(context, moving.rule)
        for side, name, span in dict.fromkeys(_named(moving)):
            schema, low = schemas[side], name.lower()
            if schema.staging is None or low in schema.staging or low in _BUILT_IN:
                continue
            is_new = schema.active is None or low in schema.active
            missing = lost.setdefault(schema.called, {}) if is_new else never
            missing.setdefault(name, []).append(moving.place(span))
    for called, missing in lost.items():
        yield _unknown(called, missing).at(_first(missing))
    if never:
        yield _never_known(never).at(_first(never))


def _schemas(context: Context, rule: SyncRule) -> dict[str, _Schemas]:
    """Return the schemas of each side of a rule."""
    here = context.active.connector(rule.connector)
    there = context.staging.connector(context.connectors.get(rule.connector, ""))
    connector = _Schemas(
        f"connector {there.name or there.identifier}" if there else "connector",
        there.attributes if there else None,
        here.attributes if here else None,
    )
    metaverse = _Schemas("metaverse", context.staging.metaverse, context.active.metaverse)
    is_inbound = rule.direction == INBOUND
    return {
        "source": connector if is_inbound else metaverse,
        "destination": metaverse if is_inbound else connector,
        "connector": connector,
        "metaverse": metaverse,
    }


_Named = tuple[str, str, Span]


def _named(moving: MovingRule) -> Iterator[_Named]:
    """Yield the attributes that a rule names: on which side, and where."""
    rule, placed = moving.rule, moving.placed
    for flow, command in zip(rule.attribute_flow_mappings, placed.flows, strict=True):
        yield "destination", flow.destination, _span(command)
        yield from (("source", name, _span(command)) for name in _sources(flow))
    for scope, commands in zip(rule.scope_filter, placed.scopes, strict=True):
        for condition, command in zip(scope, commands, strict=True):
            yield "source", condition.attribute, _span(command)
    for join, commands in zip(rule.join_filter, placed.joins, strict=True):
        for criterion, command in zip(join, commands, strict=True):
            yield "connector", criterion.cs_attribute, _span(command)
            yield "metaverse", criterion.mv_attribute, _span(command)


def _span(command: Command) -> Span:
    return Span.of(command)


def _sources(flow: AttributeFlowMapping) -> tuple[str, ...]:
    if flow.flow_type == CONSTANT:
        return ()
    return (*(flow.source or ()), *attributes(flow.expression or ""))


def _first(missing: _Missing) -> Place:
    return next(iter(missing.values()))[0]


def _unknown(called: str, missing: _Missing) -> Problem:
    named, are, rules = _in_words(missing)
    return Problem(
        Code.SR460,
        f"{named} {are} not in the schema of staging's {called}: {rules} would be refused, or "
        "not work.",
        " ".join(_hints(missing)),
    )


def _never_known(missing: _Missing) -> Problem:
    named, are, _ = _in_words(missing)
    return Problem(
        Code.SR460,
        f"{named} {are} not in the schema of either server, so the move changes nothing for "
        "the rules.",
        "Nothing to do for the move. If such a flow should work, correct the name on the active "
        "server.",
        Severity.NOTE,
    )


def _in_words(missing: _Missing) -> tuple[str, str, str]:
    """Return the attributes with their places, and the words that follow from their number.

    The place of a single one is that of the finding.
    """
    places = [place for found in missing.values() for place in found]
    told = ", ".join(
        f"'{name}'{f' ({_lines(found)})' if len(places) > 1 else ''}"
        for name, found in missing.items()
    )
    if len(missing) == 1:
        return f"The attribute {told}", "is", "a rule that names it"
    return f"The attributes {told}", "are", "rules that name them"


def _lines(places: Iterable[Place]) -> str:
    """Return places as lines of their files."""
    lines: dict[str, dict[int, None]] = {}
    for place in places:
        if place.spot is not None:
            lines.setdefault(place.file, {})[place.spot.line] = None
    return "; ".join(f"{file}:{', '.join(map(str, own))}" for file, own in lines.items())


def _hints(missing: _Missing) -> Iterator[str]:
    extensions = [name for name in missing if name.lower().startswith("extension_")]
    if extensions:
        which = "extension" if len(extensions) == 1 else "extensions"
        yield f"Select the directory {which} in the staging server's wizard first."
    if len(extensions) < len(missing):
        yield (
            "Refresh the directory schema on the staging server (its wizard), or correct the "
            f"{'name' if len(missing) == 1 else 'names'}; then export its configuration again."
        )
