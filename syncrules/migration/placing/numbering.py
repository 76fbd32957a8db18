"""Renumbering: new precedences for the rules that move, in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from syncrules.diagnostics import Code, Diagnostic, Problem, Several
from syncrules.rules.model import AFTER, MAX_CUSTOM_PRECEDENCE

from ..context import PairedServers
from ..moving_rules import MovingRule
from ..plan import Resolution

__all__ = ["renumbered"]

Precedences = Mapping[MovingRule, int]
Resolutions = Mapping[MovingRule, Resolution]


def renumbered(
    servers: PairedServers, created: Sequence[MovingRule], resolutions: Resolutions
) -> tuple[Precedences, tuple[Diagnostic, ...]]:
    """Return new precedences for the rules to move.

    `created` are all that move, in the order of their creation. Their order is kept; precedences
    that the staging server's rules have are left out. 0 is what a rule has that is placed by
    another, so counting begins at 1.
    """
    first = servers.choices.first_precedence
    if first is None:
        return {}, ()
    order = _final_order(created, resolutions)
    free = _free(servers, first, resolutions, len(order))
    if len(order) > len(free):
        return {}, (_too_many(len(order), len(free), first).at(),)
    final = dict(zip(order, free, strict=False))
    given = {moving: index for index, moving in enumerate(created)}
    # A rule that is created later and placed before this one moves it up by one.
    return {
        moving: final[moving]
        - sum(1 for other in order[:rank] if given[other] > given[moving] and other in resolutions)
        for rank, moving in enumerate(order)
        if moving not in resolutions
    }, tuple(_before_all(final))


def _final_order(created: Sequence[MovingRule], resolutions: Resolutions) -> list[MovingRule]:
    """Return the rules to be renumbered in the order that the server will show."""
    order = sorted(
        (m for m in created if not m.is_mapped and not m.rule.references),
        key=lambda m: m.rule.precedence or 0,
    )
    for moving in (m for m in created if m in resolutions):
        resolution = resolutions[moving]
        if isinstance(resolution.anchor, MovingRule) and resolution.anchor in order:
            after = resolution.reference.parameter == AFTER
            order.insert(order.index(resolution.anchor) + after, moving)
    return order


def _free(servers: PairedServers, first: int, resolutions: Resolutions, wanted: int) -> list[int]:
    taken = {r.precedence for r in servers.staging.rules}
    taken |= {m.rule.precedence for m in servers.moving if m.is_mapped}
    free = [n for n in range(max(first, 1), MAX_CUSTOM_PRECEDENCE + 1) if n not in taken]
    if not resolutions:
        return free
    # A rule that is placed moves others: no other rule may be among them.
    behind = max((n for n in taken if n is not None and n <= MAX_CUSTOM_PRECEDENCE), default=0)
    run = [n for n in free if n > behind + len(resolutions)]
    return run if len(run) >= wanted else free


def _too_many(wanted: int, free: int, first: int) -> Problem:
    return Problem(
        Code.SR444,
        f"{wanted} rules are to be numbered, and {free} precedences are free from {first} to "
        f"{MAX_CUSTOM_PRECEDENCE} on the staging server.",
        "Begin at a smaller precedence, move fewer rules, or combine some.",
    )


def _before_all(final: Precedences) -> Iterator[Diagnostic]:
    """Say which rules leave their place among the out-of-box ones."""
    for moving, precedence in final.items():
        before = moving.rule.precedence
        if before is not None and before > MAX_CUSTOM_PRECEDENCE:
            yield Problem(
                Code.SR446,
                f"'{moving.rule.name}' came among the out-of-box rules ({before}); renumbered to "
                f"{precedence}, it comes before all of them.",
                "If others should win, leave its precedence, or place it with a -PrecedenceBefore.",
                several=Several(
                    "rules came among the out-of-box rules; renumbered, they come before all of "
                    "them.",
                    "If others should win, leave the precedences, or place the rules with a "
                    "-PrecedenceBefore.",
                    (f"'{moving.rule.name}'", f"{before} → {precedence}"),
                ),
            ).at(moving.place(moving.placed.precedence))
