"""The out-of-box rules that staging must disable, as their originals are on the active server.

Editing an out-of-box rule in the Editor makes a copy and disables the original; an export of the
copy says nothing of it. Two enabled rules with join conditions in scope of one object are an
error (Microsoft's declarative provisioning page).
"""

from __future__ import annotations

from collections.abc import Iterable

from syncrules.pairing.out_of_box_rules import RulePair
from syncrules.rules.model import SyncRule

from ..context import DisabledOriginal, Disabling, DoubtfulRule, PairedServers
from ..moving_rules import MovingRule

__all__ = ["disabled_originals", "to_disable"]


def disabled_originals(servers: PairedServers) -> tuple[DisabledOriginal, ...]:
    """Return the out-of-box rules that are disabled on the active server."""
    kept = {name.casefold() for name in servers.choices.keep_enabled}
    joining = _joining(servers, servers.arriving)
    left = _joining(servers, (m for m in servers.custom if servers.leaving.leaves(m.rule)))
    found: list[DisabledOriginal] = []
    for rule in servers.active.rules:
        if rule.is_out_of_box and rule.disabled:
            own = rule.sync_rule
            joined = _joined(own, servers) if own is not None and own.join_filter else None
            beside, behind = (tuple(names.get(joined, ())) for names in (joining, left))
            found.append(DisabledOriginal(rule, beside, rule.name.casefold() in kept, behind))
    return tuple(found)


def to_disable(
    servers: PairedServers,
    disabled: Iterable[DisabledOriginal],
    doubtful: Iterable[DoubtfulRule],
) -> tuple[Disabling, ...]:
    """Return those of the originals that are to be disabled on staging, the most urgent first.

    A disabled clone that kept its tag says nothing of staging's rule of that tag.
    """
    doubted = {d.rule.identifier for d in doubtful}
    pairs: dict[str | None, RulePair] = {
        i: pair for i, pair in servers.rule_pairing.pairs.items() if i not in doubted
    }
    found = (
        Disabling(pair, original.beside, original.left)
        for original in disabled
        if not original.is_kept
        and (pair := pairs.get(original.rule.identifier)) is not None
        and not pair.staging.disabled
    )
    return tuple(sorted(found, key=lambda d: not d.beside))


_Joined = tuple[str, str, str, str]


def _joining(
    servers: PairedServers, rules: Iterable[MovingRule]
) -> dict[_Joined | None, list[str]]:
    """Return the names of the enabled rules that join, by what they join."""
    found: dict[_Joined | None, list[str]] = {}
    for moving in rules:
        rule = moving.rule
        if rule.join_filter and not rule.disabled:
            found.setdefault(_joined(rule, servers), []).append(rule.name)
    return found


def _joined(rule: SyncRule, servers: PairedServers) -> _Joined:
    return (
        servers.connectors.get(rule.connector, rule.connector),
        rule.direction,
        rule.source_object_type.lower(),
        rule.target_object_type.lower(),
    )
