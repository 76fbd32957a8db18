"""Out-of-box rules that do not say the same on both servers.

One that was changed in place on the active server is reset by an upgrade.
"""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Problem, Several
from syncrules.pairing.out_of_box_rules import RulePair, same_name
from syncrules.rules.comparison import content_differences

from ..context import Context
from ..plan import ChangedRule, Contrast
from .both_values import unlike_values
from .content import differences_in_words

__all__ = ["changed_rules", "in_place_changes"]


def in_place_changes(context: Context) -> Iterator[Diagnostic]:
    """Yield the paired out-of-box rules that do not say the same on both servers.

    Between two versions of a rule the change may be Microsoft's: that is a note only.
    """
    for pair in _pairs(context):
        found = _differences(pair)
        if found:
            yield _changed(context, pair, found).at(context.place_of(pair.active))


def changed_rules(context: Context) -> Iterator[ChangedRule]:
    """Yield the same pairs, each with what differs and what either server has."""
    for pair in _pairs(context):
        if contrasts := tuple(_contrasts(pair)):
            yield ChangedRule(pair, contrasts)


def _pairs(context: Context) -> Iterator[RulePair]:
    """Yield the pairs whose rules are two versions of one."""
    told = {doubtful.rule.identifier for doubtful in context.placing.doubtful}
    for identifier, pair in context.rule_pairing.pairs.items():
        if identifier not in told or _has_same_tag(pair):
            yield pair


def _contrasts(pair: RulePair) -> Iterator[Contrast]:
    """Yield each field in which two rules differ; the name first, as `_differences` has it."""
    if not same_name(pair.active.name, pair.staging.name):
        yield Contrast("name", pair.active.name, pair.staging.name)
    active, staging = pair.active.sync_rule, pair.staging.sync_rule
    if active is not None and staging is not None:
        for name in content_differences(active, staging):
            yield from (Contrast(*one) for one in unlike_values(name, active, staging))


def _differences(pair: RulePair) -> tuple[str, ...]:
    """Return in what two rules differ; the name first, which tells whether one is Microsoft's."""
    active, staging = pair.active.sync_rule, pair.staging.sync_rule
    name = () if same_name(pair.active.name, pair.staging.name) else ("name",)
    if active is None or staging is None:
        return name
    return (*name, *differences_in_words(active, staging))


def _tags(pair: RulePair) -> tuple[str, str]:
    return pair.active.immutable_tag or "", pair.staging.immutable_tag or ""


def _has_same_tag(pair: RulePair) -> bool:
    active, staging = _tags(pair)
    return active.lower() == staging.lower()


def _changed(context: Context, pair: RulePair, found: tuple[str, ...]) -> Problem:
    rule = context.named(pair.active)
    which = f"The out-of-box rule {rule}"
    active, staging = _tags(pair)
    what = ", ".join(found)
    if not _has_same_tag(pair):
        return Problem(
            Code.SR453,
            f"{which} differs from the staging server's version of it ({active}, {staging}): "
            f"{what}. Either Microsoft changed it in the new version, or someone edited it.",
            "Nothing to do if no one edited the rule on the active server.",
            several=Several(
                "out-of-box rules differ from the staging server's versions of them. Either "
                "Microsoft changed them in the new version, or someone edited them.",
                "Nothing to do if no one edited the rules on the active server.",
                (rule, what),
            ),
        )
    differs = "differs on staging although it has the same version tag"
    if "name" in found:
        return Problem(
            Code.SR452,
            f"{which} {differs}: {what}. It is called '{pair.staging.name}' there: one of the two "
            "was renamed, or is a custom rule with Microsoft's tag.",
            _COMPARE,
        )
    return Problem(
        Code.SR452,
        f"{which} {differs}: {what}. Someone probably edited it on one of the servers; an upgrade "
        "resets that.",
        _COMPARE,
        several=Several(
            "out-of-box rules differ on staging although they have the same version tags. Someone "
            "probably edited them on one of the servers; an upgrade resets that.",
            _COMPARE,
            (rule, what),
        ),
    )


_COMPARE = (
    "Compare the rules in the Synchronization Rules Editor. Put a change that is still needed into "
    "a custom rule."
)
