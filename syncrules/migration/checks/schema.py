"""Attributes that the staging server's schema lacks.

A rule that names one is refused by the server, or is added and does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, Row, Severity
from syncrules.rules.model import SyncRule
from syncrules.wording import BY_COMMAND, first_of

from ..context import Context
from .named_attributes import named_attributes

__all__ = ["unknown_attributes"]

_BUILT_IN = frozenset(("dn", "objecttype", "sourceobjecttype"))


class _Schemas(NamedTuple):
    """A schema of the staging server, and the same one of the active server, where it is known."""

    called: str
    staging: frozenset[str] | None
    active: frozenset[str] | None


class _Name(NamedTuple):
    """An attribute, where it is named, and by which rule."""

    name: str
    place: Place
    rule: str


_Missing = list[_Name]
"""The attributes that a schema lacks, each as often as it is named."""


def unknown_attributes(context: Context) -> Iterator[Diagnostic]:
    """Yield what each schema lacks as one finding, and what the active server's lacks as a note."""
    lost: dict[str, _Missing] = {}
    never: _Missing = []
    for moving in context.moving:
        connector, metaverse = _schemas(context, moving.rule)
        if connector.staging is None and metaverse.staging is None:
            continue
        rule = context.named(moving.rule)
        for name, of_connector, span in dict.fromkeys(named_attributes(moving)):
            schema, low = connector if of_connector else metaverse, name.lower()
            if schema.staging is None or low in schema.staging or low in _BUILT_IN:
                continue
            is_new = schema.active is None or low in schema.active
            missing = lost.setdefault(schema.called, []) if is_new else never
            missing.append(_Name(name, moving.place(span), rule))
    for called, missing in lost.items():
        yield _unknown(called, missing).at(*(one.place for one in missing))
    if never:
        yield _never_known(never).at(*(one.place for one in never))


def _schemas(context: Context, rule: SyncRule) -> tuple[_Schemas, _Schemas]:
    """Return the schema of a rule's connector, and that of the metaverse."""
    here = context.active.connector(rule.connector)
    there = context.staging.connector(context.connectors.get(rule.connector, ""))
    connector = _Schemas(
        f"connector {context.staging.label(there.identifier)}" if there else "connector",
        there.attributes if there else None,
        here.attributes if here else None,
    )
    return connector, _Schemas("metaverse", context.staging.metaverse, context.active.metaverse)


def _unknown(called: str, missing: _Missing) -> Problem:
    named, are, rows = _in_words(missing)
    rules = len({one.rule for one in missing})
    them = "it" if len({one.name for one in missing}) == 1 else "them"
    which = "the rule that names" if rules == 1 else f"{rules} rules that name"
    return Problem(
        Code.SR460,
        f"{named} {are} not in the schema of the staging server's {called}: the server would "
        f"refuse {which} {them}, or the flow would do nothing.",
        " ".join(_hints(missing)),
        rows=rows,
    )


def _never_known(missing: _Missing) -> Problem:
    named, are, rows = _in_words(missing)
    return Problem(
        Code.SR460,
        f"{named} {are} not in the schema of either server, so the move changes nothing for "
        "the rules.",
        "Nothing to do for the move. If such a flow should work, correct the name on the active "
        "server.",
        Severity.NOTE,
        rows=rows,
    )


def _in_words(missing: _Missing) -> tuple[str, str, tuple[Row, ...]]:
    """Return the one attribute, or how many there are, and a row for each with its rules."""
    rules: dict[str, dict[str, None]] = {}
    for one in missing:
        rules.setdefault(one.name, {})[one.rule] = None
    if len(rules) == 1:
        (name,) = rules
        return f"The attribute '{name}' of {first_of(rules[name])}", "is", ()
    rows = tuple((name, first_of(own, _SHOWN)) for name, own in rules.items())
    return f"{len(rules)} attributes", "are", rows


_SHOWN = 1
"""So many rules are told of an attribute that is one of many."""


def _hints(missing: _Missing) -> Iterator[str]:
    names = {one.name for one in missing}
    extensions = [name for name in names if name.lower().startswith("extension_")]
    if extensions:
        which = "extension" if len(extensions) == 1 else "extensions"
        yield f"Select the directory {which} in the staging server's wizard first."
    if len(extensions) < len(names):
        yield (
            "Refresh the directory schema on the staging server (its wizard), or correct the "
            f"{'name' if len(names) == 1 else 'names'}; then export its configuration again "
            f"{BY_COMMAND}."
        )
