"""Out-of-box rules that were changed in place on the active server: an upgrade resets them."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Problem
from syncrules.pairing.out_of_box_rules import RulePair

from ..context import Context
from .content import differences_in_words

__all__ = ["in_place_changes"]


def in_place_changes(context: Context) -> Iterator[Diagnostic]:
    """Yield the paired out-of-box rules that do not say the same on both servers.

    Between two versions of a rule the change may be Microsoft's: that is a note only.
    """
    for pair in context.rule_pairing.pairs.values():
        active, staging = pair.active.sync_rule, pair.staging.sync_rule
        if active is None or staging is None:
            continue
        found = differences_in_words(active, staging)
        if found:
            yield _changed(context, pair, ", ".join(found)).at(context.place_of(pair.active))


def _changed(context: Context, pair: RulePair, what: str) -> Problem:
    which = f"The out-of-box rule '{pair.active.name}'{context.whose(pair.active)}"
    active, staging = pair.active.immutable_tag or "", pair.staging.immutable_tag or ""
    if active.lower() == staging.lower():
        return Problem(
            Code.SR452,
            f"{which} is not the same on staging, though its tag is: {what}. It was probably "
            "changed in place on one of the servers; an upgrade resets that.",
            "Compare the two in the Synchronization Rules Editor; put a change that is still "
            "needed into a custom rule.",
        )
    return Problem(
        Code.SR453,
        f"{which} differs from staging's version of it ({active}, {staging}): {what}. The new "
        "version may say so, or it was changed in place.",
        "Nothing to do if nobody edited the rule on the active server.",
    )
