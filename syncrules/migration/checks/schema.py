"""Attributes that the staging server's schema lacks.

A rule that names one is refused by the server, or is added and does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, Severity
from syncrules.rules.model import SyncRule

from ..context import Context
from .named_attributes import lines_of, named_attributes

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
        connector, metaverse = _schemas(context, moving.rule)
        if connector.staging is None and metaverse.staging is None:
            continue
        for name, of_connector, span in dict.fromkeys(named_attributes(moving)):
            schema, low = connector if of_connector else metaverse, name.lower()
            if schema.staging is None or low in schema.staging or low in _BUILT_IN:
                continue
            is_new = schema.active is None or low in schema.active
            missing = lost.setdefault(schema.called, {}) if is_new else never
            missing.setdefault(name, []).append(moving.place(span))
    for called, missing in lost.items():
        yield _unknown(called, missing).at(_first(missing))
    if never:
        yield _never_known(never).at(_first(never))


def _schemas(context: Context, rule: SyncRule) -> tuple[_Schemas, _Schemas]:
    """Return the schema of a rule's connector, and that of the metaverse."""
    here = context.active.connector(rule.connector)
    there = context.staging.connector(context.connectors.get(rule.connector, ""))
    connector = _Schemas(
        f"connector {there.name or there.identifier}" if there else "connector",
        there.attributes if there else None,
        here.attributes if here else None,
    )
    return connector, _Schemas("metaverse", context.staging.metaverse, context.active.metaverse)


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
        f"'{name}'{f' ({lines_of(found)})' if len(places) > 1 else ''}"
        for name, found in missing.items()
    )
    if len(missing) == 1:
        return f"The attribute {told}", "is", "a rule that names it"
    return f"The attributes {told}", "are", "rules that name them"


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
