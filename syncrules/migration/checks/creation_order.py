"""Rules that are not created in an order that leaves them as they are on the active server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from syncrules.diagnostics import Code, Diagnostic, Problem
from syncrules.exports.export import Export
from syncrules.pairing.ranks import longest_common
from syncrules.rules.guids import ZERO_GUID

from ..context import Context, Waiting
from ..moving_rules import MovingRule
from ..placing.swaps import Swap, swaps

__all__ = ["creation_order", "order_to_use", "swapped_by_creation"]


def creation_order(context: Context) -> Iterator[Diagnostic]:
    """Yield the rules that are created too early, and those that another order would not swap."""
    in_files: dict[Export | None, list[Waiting]] = {}
    for waiting in context.placing.waiting:
        if waiting.in_circle:
            yield _at(waiting, _in_circle(waiting))
        else:
            same_file = waiting.rule.export is waiting.named.export
            in_files.setdefault(waiting.rule.export if same_file else None, []).append(waiting)
    for export, found in in_files.items():
        problem = _other_file if export is None else _further_down
        yield _at(found[0], problem(context, found[0], len(found) - 1))
    swapped = swapped_by_creation(context)
    if swapped and not in_files:  # the order to use is told
        yield _swaps(context, swapped).at(swapped[0].first.origin.place())


def _at(waiting: Waiting, problem: Problem) -> Diagnostic:
    return problem.at(waiting.rule.place(waiting.reference.literal))


def swapped_by_creation(context: Context) -> tuple[Swap, ...]:
    """Return the rules that change places, and that another order of creation would leave."""
    better = context.placing.one_by_one
    if better is None:
        return ()
    found = swaps(context, context.placing.rules)
    forced = {_origins(swap) for swap in swaps(context, better.rules)}
    return tuple(swap for swap in found if _origins(swap) not in forced)


def _origins(swap: Swap) -> tuple[MovingRule, MovingRule]:
    return swap.first.origin, swap.second.origin


# ---- What is said --------------------------------------------------------------------------------


def _in_circle(waiting: Waiting) -> Problem:
    reference = waiting.reference
    same_file = waiting.rule.export is waiting.named.export
    code = Code.SR420 if same_file else Code.SR425
    if waiting.rule is waiting.named:
        return Problem(
            code,
            f"-{reference.parameter} names the rule itself, which is not on the server yet when "
            "it is added: Add-ADSyncRule would fail.",
            f"Name another rule; or set it to '{ZERO_GUID}' and give a -Precedence.",
        )
    where = f"line {waiting.named.line}" if same_file else waiting.named.export.name
    return Problem(
        code,
        f"-{reference.parameter} names '{waiting.named.rule.name}' ({where}), and the references "
        "lead from there back to this rule: none of them can be created first.",
        "These rules wait for each other: set one -PrecedenceBefore or -PrecedenceAfter to "
        f"'{ZERO_GUID}' and give a -Precedence.",
    )


def _further_down(context: Context, waiting: Waiting, more: int) -> Problem:
    return Problem(
        Code.SR420,
        f"-{waiting.reference.parameter} names the rule at line {waiting.named.line}, which is not "
        "on the server yet when this rule is added: Add-ADSyncRule would fail."
        + (f" {more} more of this file name a rule further down." if more else ""),
        order_to_use(context),
    )


def _other_file(context: Context, waiting: Waiting, more: int) -> Problem:
    return Problem(
        Code.SR425,
        f"-{waiting.reference.parameter} names '{waiting.named.rule.name}' in "
        f"{waiting.named.export.name}, and that file needs one that is run after it: neither can "
        "be run first." + (f" {more} more name a rule of another file." if more else ""),
        order_to_use(context),
    )


def _swaps(context: Context, swapped: Sequence[Swap]) -> Problem:
    first, second = swapped[0]
    more = len(swapped) - 1
    return Problem(
        Code.SR447,
        f"'{first.before.name}' comes before '{second.before.name}' on the active server, and "
        "would come after it on staging: they are created in an order that swaps them. If both set "
        "the same attribute, the wrong one would win."
        + (f" {more} more pairs would be swapped." if more else ""),
        order_to_use(context),
    )


# ---- The order to use ----------------------------------------------------------------------------


def order_to_use(context: Context) -> str:
    """Return how to bring the rules into a better order, in words; empty where there is none."""
    better = context.placing.one_by_one
    if better is None:
        return ""
    target = [planned.origin for planned in better.rules]
    exports = dict.fromkeys(rule.export for rule in target)
    if any(export.is_of_configuration for export in exports):
        return "Use syncrules kit: it creates the rules one by one, in the right order."
    if len(exports) == 1:
        how = " ".join(_moves(target))
    else:
        names = ", ".join(f"'{rule.rule.name}' ({rule.export.name})" for rule in target)
        how = f"Put the rules into one file, in this order: {names}."
    return f"{how} Or use syncrules kit: it creates the rules one by one, in the right order."


def _moves(target: Sequence[MovingRule]) -> Iterator[str]:
    """Yield the fewest moves that bring the rules of a file into an order, to be done in turn."""
    kept = longest_common([rule.placed.command.start for rule in target])
    for index in reversed(range(len(target))):
        if index not in kept:
            behind = target[index + 1 :]
            where = f"above {_told(behind[0])}" if behind else "to the end of the file"
            yield f"Move the rule {_told(target[index])} {where}."


def _told(rule: MovingRule) -> str:
    return f"'{rule.rule.name}' (line {rule.line})"
