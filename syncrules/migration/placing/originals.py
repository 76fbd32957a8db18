"""The out-of-box rules that staging must disable, as their originals are on the active server.

Editing an out-of-box rule in the Editor makes a copy and disables the original; an export of the
copy says nothing of it. Two enabled rules with join conditions in scope of one object are an
error (Microsoft's declarative provisioning page).
"""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.rules.model import SyncRule
from syncrules.servers.model import ServerRule

from ..context import Context, Disabling

__all__ = ["disabled_originals", "originals_to_disable"]


def originals_to_disable(context: Context) -> tuple[Disabling, ...]:
    """Return the rules that are to be disabled on staging, the most urgent first."""
    kept = {name.casefold() for name in context.choices.keep_enabled}
    found: list[Disabling] = []
    for rule, beside in disabled_originals(context):
        pair = context.rules.pairs.get(rule.identifier or "")
        if rule.name.casefold() not in kept and pair is not None and not pair.staging.disabled:
            found.append(Disabling(pair, beside))
    return tuple(sorted(found, key=lambda d: not d.beside))


def disabled_originals(context: Context) -> Iterator[tuple[ServerRule, tuple[str, ...]]]:
    """Yield the out-of-box rules that are disabled on the active server.

    Each with the names of the rules that move and would join the same objects.
    """
    joining = _joining(context)
    for rule in context.active.rules:
        if rule.is_out_of_box and rule.disabled:
            own = rule.sync_rule
            joined = _joined(own, context) if own is not None and own.join_filter else None
            yield rule, tuple(joining.get(joined, ())) if joined else ()


_Joined = tuple[str, str, str, str]


def _joining(context: Context) -> dict[_Joined, list[str]]:
    """Return the enabled rules that move and join, by what they join."""
    found: dict[_Joined, list[str]] = {}
    for moving in context.moving:
        rule = moving.rule
        if rule.join_filter and not rule.disabled:
            found.setdefault(_joined(rule, context), []).append(rule.name)
    return found


def _joined(rule: SyncRule, context: Context) -> _Joined:
    return (
        context.connectors.get(rule.connector, rule.connector),
        rule.direction,
        rule.source_object_type.lower(),
        rule.target_object_type.lower(),
    )
