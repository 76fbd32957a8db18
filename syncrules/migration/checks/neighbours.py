"""Whether a rule stands between the same rules on both servers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from syncrules.diagnostics import Code, Diagnostic, Problem, Several
from syncrules.pairing.ranks import overtakings
from syncrules.rules.enumerations import DIRECTIONS
from syncrules.rules.guids import ZERO_GUID
from syncrules.rules.model import AFTER, BEFORE, RuleReference
from syncrules.servers.model import ServerRule

from ..context import Context
from ..counterparts import own_rule
from ..moving_rules import MovingRule
from ..placing.swaps import RankedRule
from ..plan import PlannedRule
from .creation_order import swapped_by_creation

__all__ = ["changed_neighbours"]


def changed_neighbours(context: Context) -> Iterator[Diagnostic]:
    """Yield the rules that stand between others on staging than on the active server.

    Inbound rules and outbound ones flow to different places: their order does not matter. Rules
    that change places because of the order of their creation are told of as such.
    """
    told = {planned for swap in swapped_by_creation(context) for planned in swap}
    for direction in DIRECTIONS:
        moving = [*_moving(context, direction)]
        rules = [*_paired(context, direction), *moving]
        for overtaking in overtakings(rules, range(len(rules) - len(moving), len(rules))):
            own, other = rules[overtaking.at].planned, rules[overtaking.other].planned
            assert own is not None  # only moving rules are asked for
            if own not in told or other not in told:
                problem = _stands_otherwise(
                    context.named(own.before), own, rules[overtaking.other], ahead=overtaking.ahead
                )
                yield problem.at(own.origin.place())


def _moving(context: Context, direction: str) -> Iterator[RankedRule]:
    ranks = _ranks(context)
    for planned in context.placing.rules:
        active, final = ranks.get(planned.origin), planned.final
        if planned.before.direction == direction and active is not None and final is not None:
            named, identifier = context.named(planned.before), planned.before.identifier
            yield RankedRule(named, active, final, planned, identifier)


def _ranks(context: Context) -> Mapping[MovingRule, int | None]:
    """Return where rules stand on the active server: twice their precedences.

    Where no file shows that, a rule stands directly before or behind the one that places it; two
    that one rule places have the same rank then, since nothing tells which of them comes first.
    """
    ranks = {m: _twice(context.precedence_on_active(m)) for m in context.moving}
    # Beside a rule whose number is known, another that the same one places may be on either side.
    doubtful = {m.rule.reference for m, rank in ranks.items() if rank is not None}
    ranks = {m: rank for m, rank in ranks.items() if rank is not None}
    for moving in context.moving:
        placed: dict[MovingRule, RuleReference] = {}
        at: MovingRule | None = moving
        anchor: int | None = None
        # One whose number is known ends it too: its reference is among the doubtful ones.
        while at is not None and at not in placed:
            reference = at.rule.reference
            if reference is None or reference in doubtful:
                break
            placed[at] = reference
            known = context.on_active.get(reference.identifier)
            anchor = _twice(known.precedence) if known is not None else None
            at = context.by_identifier.get(reference.identifier)
        rank = anchor if at is None else ranks.get(at)
        if placed and rank is not None:
            rank += -1 if [*placed.values()][-1].parameter == BEFORE else 1
        ranks |= dict.fromkeys(placed, rank)
    return ranks


def _twice(precedence: int | None) -> int | None:
    return None if precedence is None else 2 * precedence


def _paired(context: Context, direction: str) -> Iterator[RankedRule]:
    """Yield the out-of-box rules of both servers, and the custom rules that both have already."""
    final: dict[str | None, int | None] = {
        s.rule.identifier: s.final for s in context.placing.standing if s.rule.identifier
    }
    for pair in context.rule_pairing.pairs.values():
        active, staging = pair.active.precedence, final.get(pair.staging.identifier)
        if pair.active.direction == direction and active is not None and staging is not None:
            named, identifier = context.named(pair.active), pair.active.identifier
            yield RankedRule(named, 2 * active, staging, identifier=identifier)
    moving = set(context.moving)
    for custom, there in context.counterparts.items():
        if custom in moving:
            continue
        own, staging = own_rule(custom), final.get(there.identifier)
        active = (
            custom.precedence
            if isinstance(custom, ServerRule)
            else context.precedence_on_active(custom)
        )
        if own.direction == direction and active is not None and staging is not None:
            yield RankedRule(context.named(own), 2 * active, staging, identifier=own.identifier)


def _stands_otherwise(
    named: str, planned: PlannedRule, other: RankedRule, *, ahead: bool
) -> Problem:
    now, before = ("after", "before") if ahead else ("before", "after")
    wins = other.name if ahead else named
    place = _place(planned, other, BEFORE if ahead else AFTER)
    return Problem(
        Code.SR445,
        f"{named} came {before} {other.name} on the active server but will come {now} it on "
        f"staging; if both set the same attribute, {wins} will now win.",
        f"Compare the two rules. If the first should come {before} the other again, {place}.",
        several=Several(
            "pairs of rules will come in another order on staging; if both of a pair set the same "
            "attribute, the one that comes first there will now win.",
            "Compare the rules of each pair. If the first should come on the same side of the "
            "other again, place it there as its line says.",
            (f"{named} {before} {other.name}", f"{now} it on staging; otherwise {place}"),
        ),
    )


def _place(planned: PlannedRule, other: RankedRule, parameter: str) -> str:
    """Return what to write into a rule's export, so that it stands beside another one."""
    if other.identifier is None:
        return f"place it in {planned.file} with a -{parameter}"
    had = planned.before.reference
    value = f"-{parameter} '{other.identifier}'"
    if had is None:
        value += " and -Precedence 0"
    elif had.parameter != parameter:
        value += f" and -{had.parameter} '{ZERO_GUID}'"
    return f"give it in {planned.file} {value}"
