"""Out-of-box rules that are disabled on one server only."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Option, Place, Problem, Several
from syncrules.pairing.out_of_box_rules import RulePair
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
    rule, beside = context.named(disabling.pair.active), _some(disabling.beside)
    hint = f"Run {DISABLE_SCRIPT} on the staging server before anything else."
    return Problem(
        Code.SR450,
        f"Do this first: {rule} is disabled on the active server and enabled on staging, and "
        f"{beside} joins the same objects. If both are enabled, objects will fail to join.",
        hint,
        script=DISABLE_SCRIPT,
        several=Several(
            "out-of-box rules are disabled on the active server and enabled on staging, and rules "
            "of yours join the same objects. Do this first: if both are enabled, objects will fail "
            "to join.",
            hint,
            (rule, f"joined by {beside}"),
        ),
    )


def _runs(context: Context, disabling: Disabling) -> Problem:
    rule = context.named(disabling.pair.active)
    keep = Option("--keep-enabled", disabling.pair.active.name)
    run = f"Run {DISABLE_SCRIPT} on the staging server"
    what = f"The out-of-box rule {rule} is disabled on the active server but enabled on staging."
    if disabling.left:
        return Problem(
            Code.SR415,
            f"{what} Disabled, it joins nothing there, nor does {_some(disabling.left)}, which "
            "--leave leaves behind: nothing may join these objects.",
            f"{run}; to leave this rule enabled: {keep}",
            script=DISABLE_SCRIPT,
            options=(keep,),
        )
    return Problem(
        Code.SR415,
        f"{what} If it stays enabled, it will run in addition to your custom rule.",
        f"{run}; to leave this rule enabled: {keep}",
        script=DISABLE_SCRIPT,
        options=(keep,),
        several=Several(
            "out-of-box rules are disabled on the active server but enabled on staging. If they "
            "stay enabled, they will run in addition to your custom rules.",
            f"{run}; to leave one of them enabled, add --keep-enabled with its name.",
            (rule,),
        ),
    )


def _is_elusive(context: Context, rule: ServerRule) -> bool:
    """Return whether a rule may be on staging, and which one it is there is not known."""
    if rule.identifier in context.rule_pairing.pairs or context.leaving.leaves(rule):
        return False
    if rule.connector not in context.connectors:
        return True
    if not context.staging.is_complete_in(Facet.RULES):
        return True
    return bool(context.rule_pairing.candidates.get(rule.identifier))


def _not_known(context: Context, rule: ServerRule) -> Problem:
    named = context.named(rule)
    return Problem(
        Code.SR415,
        f"The out-of-box rule {named} is disabled on the active server. Which rule it is on "
        "staging is not known, so no script disables it. If it stays enabled, it will run in "
        "addition to your custom rule; if both join, objects will fail to join.",
        "Export that rule on the staging server too and give it with --staging, or disable it "
        "there by hand before the first synchronization.",
        several=Several(
            "out-of-box rules are disabled on the active server. Which rules they are on staging "
            "is not known, so no script disables them. If they stay enabled, they will run in "
            "addition to your custom rules; if both join, objects will fail to join.",
            "Export those rules on the staging server too and give them with --staging, or disable "
            "them there by hand before the first synchronization.",
            (named, rule.immutable_tag or ""),
        ),
    )


def _kept(context: Context, rule: ServerRule, beside: tuple[str, ...]) -> Problem:
    return Problem(
        Code.SR456,
        f"--keep-enabled leaves {context.named(rule)} enabled, and {_some(beside)} joins the same "
        "objects: both will run, and objects will fail to join.",
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
            yield _ends(context, pair).at(Place(pair.staging.file))


def _ends(context: Context, pair: RulePair) -> Problem:
    rule = context.named(pair.active)
    return Problem(
        Code.SR451,
        f"The out-of-box rule {rule} is enabled on the active server but disabled on staging: it "
        "will stop working after the switch.",
        "Enable it on the staging server in the Synchronization Rules Editor, unless that is "
        "intended.",
        several=Several(
            "out-of-box rules are enabled on the active server but disabled on staging: they will "
            "stop working after the switch.",
            "Enable them on the staging server in the Synchronization Rules Editor, unless that "
            "is intended.",
            (rule,),
        ),
    )
