"""What has to come along with the rules: the state of the out-of-box rules, and rules left behind.

Editing an out-of-box rule in the Editor makes a copy and disables the original; an export of the
copy says nothing of it. Two enabled rules with join conditions in scope of one object are an
error (Microsoft's declarative provisioning page).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..diagnostics import Diagnostic, Severity, printable
from ..rules import SyncRule
from ..servers import Facet, ServerRule
from .disabling import DISABLING
from .out_of_box import RulePair
from .situation import Situation

__all__ = ["Disabling", "left_behind", "reverse", "to_disable"]


@dataclass(frozen=True, slots=True)
class Disabling:
    """An out-of-box rule to be disabled on staging, as its original is on the active server.

    `beside` names the rules that move and would join the same objects.
    """

    pair: RulePair
    beside: tuple[str, ...]


def to_disable(situation: Situation) -> tuple[list[Disabling], list[Diagnostic]]:
    """Return the rules that are to be disabled on staging, the most urgent first."""
    kept = {name.casefold() for name in situation.choices.keep_enabled}
    known: set[str] = set()
    found: list[Disabling] = []
    findings: list[Diagnostic] = []
    joining = _joining(situation)
    for rule in situation.active.rules:
        if not (rule.is_out_of_box and rule.disabled):
            continue
        known.add(rule.name.casefold())
        if rule.name.casefold() in kept:
            continue
        pair = situation.rules.pairs.get(rule.identifier or "")
        if pair is None:
            findings += _unpaired(situation, rule)
        elif not pair.target.disabled:
            whole = rule.whole
            place = _joins(whole, situation) if whole and whole.join_filter else None
            beside = joining.get(place, []) if place else []
            found.append(Disabling(pair, tuple(beside)))
    found.sort(key=lambda d: not d.beside)
    findings = [*(_finding(situation, d) for d in found), *findings]
    findings += (
        _kept_in_vain(name)
        for name in situation.choices.keep_enabled
        if name.casefold() not in known
    )
    return found, findings


_Place = tuple[str, str, str, str]


def _joining(situation: Situation) -> dict[_Place, list[str]]:
    """Return the enabled rules that move and join, by what they join."""
    found: dict[_Place, list[str]] = {}
    for moving in situation.moving:
        rule = moving.rule
        if rule.join_filter and not rule.disabled:
            found.setdefault(_joins(rule, situation), []).append(rule.name)
    return found


def _joins(rule: SyncRule, situation: Situation) -> _Place:
    return (
        situation.connectors.get(rule.connector, rule.connector),
        rule.direction.lower(),
        rule.source_object_type.lower(),
        rule.target_object_type.lower(),
    )


def _finding(situation: Situation, disabling: Disabling) -> Diagnostic:
    rule, there = disabling.pair.source, disabling.pair.target
    name = printable(there.name)
    if disabling.beside:
        beside = ", ".join(f"'{printable(n)}'" for n in disabling.beside[:3])
        return situation.finding(
            "SR450",
            rule,
            f"First of all: '{name}' is disabled on the active server and enabled on staging, and "
            f"{beside} joins the same objects. Left enabled, both run and joins fail.",
            f"Run {DISABLING} on the staging server before anything else.",
            Severity.WARNING,
        )
    return situation.finding(
        "SR415",
        rule,
        f"The out-of-box rule '{name}' is disabled on the active server and not on staging. Left "
        "enabled, it runs beside the custom rule that stands for it.",
        f"Run {DISABLING} on the staging server; to leave this rule enabled: "
        f'--keep-enabled "{printable(rule.name)}"',
        Severity.WARNING,
    )


def _unpaired(situation: Situation, rule: ServerRule) -> Iterator[Diagnostic]:
    connector = situation.connectors.get(rule.connector)
    if connector is not None and situation.staging.is_complete_in(Facet.RULES):
        several = situation.rules.candidates.get(rule.identifier or "")
        if not several:
            return  # there is nothing to disable
    yield situation.finding(
        "SR415",
        rule,
        f"The out-of-box rule '{printable(rule.name)}' is disabled on the active server. Which "
        "rule it is on staging is not known, so no script disables it; left enabled, it runs "
        "beside the custom rule that stands for it, and where both join, joins fail.",
        "Export that rule on the staging server too and give it with --staging, or disable it "
        "there by hand before the first synchronization.",
        Severity.WARNING,
    )


def _kept_in_vain(name: str) -> Diagnostic:
    return Diagnostic(
        "SR455",
        Severity.ERROR,
        f"--keep-enabled names '{printable(name)}', and no file of the active server shows a "
        "disabled out-of-box rule of that name.",
        "Correct the name, or leave the option out.",
    )


def reverse(situation: Situation) -> Iterator[Diagnostic]:
    """Yield the out-of-box rules that are disabled on staging only."""
    for pair in situation.rules.pairs.values():
        if pair.target.disabled and pair.source.disabled is False:
            yield Diagnostic(
                "SR451",
                Severity.WARNING,
                f"The out-of-box rule '{printable(pair.target.name)}' is enabled on the active "
                "server and disabled on staging: what it does would end with the switch.",
                "Enable it on the staging server in the Synchronization Rules Editor, unless its "
                "end is meant.",
                pair.target.source,
            )


def left_behind(situation: Situation) -> Iterator[Diagnostic]:
    """Yield the custom rules that the active server has and no EXPORT holds."""
    if not situation.active.is_complete_in(Facet.RULES):
        return
    names = {(m.rule.connector, m.rule.direction.lower(), m.rule.name) for m in situation.moving}
    for rule in situation.active.rules:
        if rule.is_out_of_box or rule.immutable_tag is None:
            continue
        own = (rule.connector, situation.connectors.get(rule.connector))  # or mapped before
        named = any((c, (rule.direction or "").lower(), rule.name) in names for c in own)
        if named or rule.identifier in situation.by_identifier:
            continue
        yield Diagnostic(
            "SR454",
            Severity.NOTE if situation.choices.partial else Severity.ERROR,
            f"The active server has the custom rule '{printable(rule.name)}', and no EXPORT "
            "holds it: it would stay behind.",
            "It stays behind, as --partial allows."
            if situation.choices.partial
            else "Export it too, or give the configuration folder as EXPORT; to leave it behind: "
            "--partial",
            rule.source,
        )
