"""What is wrong or doubtful in the rules that move by themselves, as `syncrules check` finds it.

They are looked at as the staging server will have them, beside the rules that it has. What the
other modules here find of a move is not said again: attributes that staging lacks, identifiers in
texts, types of flows, precedences, clones beside their originals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from syncrules.checking.attributes import letter_case
from syncrules.checking.baked_in import anchors
from syncrules.checking.checked import Checked
from syncrules.checking.expressions import expressions
from syncrules.checking.flows import once_beside_others, two_to_one
from syncrules.checking.found import Found, told
from syncrules.checking.joins import unfilled_joins
from syncrules.checking.scopes import unscoped_provisioning, unusable_values
from syncrules.checking.subjects import Subject, exported
from syncrules.diagnostics import Diagnostic

from ..context import Context
from ..plan import PlannedRule

__all__ = ["sound_rules"]

_CHECKS: tuple[Callable[[Checked], Iterator[Found]], ...] = (
    expressions,
    letter_case,
    anchors,
    two_to_one,
    once_beside_others,
    unusable_values,
    unscoped_provisioning,
    unfilled_joins,
)


def sound_rules(context: Context) -> tuple[Diagnostic, ...]:
    """Return what is wrong or doubtful in the rules that move."""
    moving = tuple(_moving(context, planned) for planned in context.placing.rules)
    checked = Checked.of(moving, context.staging, tuple(_standing(context)))
    return told(found for check in _CHECKS for found in check(checked))


def _moving(context: Context, planned: PlannedRule) -> Subject:
    origin = planned.origin
    subject = exported(origin.export, origin.placed, context.named(planned.before))
    return replace(subject, rule=planned.after)


def _standing(context: Context) -> Iterator[Subject]:
    """Yield the rules of the staging server, in the state that they will have."""
    disabled = {d.pair.staging.identifier for d in context.placing.disabling}
    for known in context.staging.rules:
        if known.sync_rule is not None:
            rule = known.sync_rule
            if known.identifier in disabled:
                rule = replace(rule, disabled=True)
            yield Subject(rule, known.file, context.staging.named(known))
