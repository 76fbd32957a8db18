"""Out-of-box rules that are disabled on one server only."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Place, Problem
from syncrules.servers.model import Facet, ServerRule

from ..context import Context, Disabling
from ..output_names import DISABLE_SCRIPT

__all__ = ["disabled_on_active", "disabled_on_staging"]


def disabled_on_active(context: Context) -> Iterator[Diagnostic]:
    """Yield the out-of-box rules that are disabled on the active server only."""
    for disabling in context.placing.disabling:
        rule = disabling.pair.active
        problem = _joins(context, disabling) if disabling.beside else _runs(context, disabling)
        yield problem.at(context.place_of(rule))
    for rule, beside, is_kept, _ in context.placing.disabled:
        if is_kept and beside:
            yield _kept(context, rule, beside).at(context.place_of(rule))
        if not is_kept and _is_elusive(context, rule):
            yield _not_known(context, rule).at(context.place_of(rule))
    known = {original.rule.name.casefold() for original in context.placing.disabled}
    for name in context.choices.keep_enabled:
        if name.casefold() not in known:
            yield _kept_in_vain(name).at()


def _joins(context: Context, disabling: Disabling) -> Problem:
    name, whose = disabling.pair.staging.name, context.whose(disabling.pair.active)
    return Problem(
        Code.SR450,
        f"First of all: '{name}'{whose} is disabled on the active server and enabled on staging, "
        f"and {_some(disabling.beside)} joins the same objects. Left enabled, both run and joins "
        "fail.",
        f"Before anything else, run {DISABLE_SCRIPT} on the staging server; the 2-apply.ps1 of a "
        "kit does the same.",
        script=DISABLE_SCRIPT,
    )


def _runs(context: Context, disabling: Disabling) -> Problem:
    active, staging = disabling.pair.active, disabling.pair.staging
    return Problem(
        Code.SR415,
        f"The out-of-box rule '{staging.name}'{context.whose(active)} is disabled on the active "
        "server and not on staging. "
        + (
            f"Disabled, it joins nothing there, nor does {_some(disabling.left)}, which --leave "
            "leaves behind: nothing may join these objects."
            if disabling.left
            else "Left enabled, it runs beside the custom rule that stands for it."
        ),
        f"Run {DISABLE_SCRIPT} on the staging server; to leave this rule enabled: "
        f'--keep-enabled "{active.name}"',
        script=DISABLE_SCRIPT,
    )


def _is_elusive(context: Context, rule: ServerRule) -> bool:
    """Return whether a rule may be on staging, and which one it is there is not known."""
    if rule.identifier in context.rule_pairing.pairs or context.leaving.leaves(rule):
        return False
    if rule.connector not in context.connectors:
        return True
    if not context.staging.is_complete_in(Facet.RULES):
        return True
    return bool(context.rule_pairing.candidates.get(rule.identifier or ""))


def _not_known(context: Context, rule: ServerRule) -> Problem:
    return Problem(
        Code.SR415,
        f"The out-of-box rule '{rule.name}'{context.whose(rule)} is disabled on the active server. "
        "Which rule it is on staging is not known, so no script disables it; left enabled, it runs "
        "beside the custom rule that stands for it, and where both join, joins fail.",
        "Export that rule on the staging server too and give it with --staging, or disable it "
        "there by hand before the first synchronization.",
    )


def _kept(context: Context, rule: ServerRule, beside: tuple[str, ...]) -> Problem:
    return Problem(
        Code.SR456,
        f"--keep-enabled leaves '{rule.name}'{context.whose(rule)} enabled, and {_some(beside)} "
        "joins the same objects: both run, and joins fail.",
        "Leave the option out, or disable the rule that moves.",
    )


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names[:3])


def _kept_in_vain(name: str) -> Problem:
    return Problem(
        Code.SR455,
        f"--keep-enabled names '{name}', and no file of the active server shows a disabled "
        "out-of-box rule of that name.",
        "Correct the name, or leave the option out.",
    )


def disabled_on_staging(context: Context) -> Iterator[Diagnostic]:
    """Yield the out-of-box rules that are disabled on the staging server only."""
    for pair in context.rule_pairing.pairs.values():
        if pair.staging.disabled and pair.active.disabled is False:
            yield Problem(
                Code.SR451,
                f"The out-of-box rule '{pair.staging.name}'{context.whose(pair.active)} is enabled "
                "on the active server and disabled on staging: what it does would end with the "
                "switch.",
                "Enable it on the staging server in the Synchronization Rules Editor, unless its "
                "end is meant.",
            ).at(Place(pair.staging.file))
