"""What has to come along with the rules: the state of the out-of-box rules, and rules left behind.

Editing an out-of-box rule in the Editor makes a copy and disables the original; an export of the
copy says nothing of it. Two enabled rules with join conditions in scope of one object are an
error (Microsoft's declarative provisioning page).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from syncrules.diagnostics import Diagnostic, Severity, printable
from syncrules.migration.context import Situation
from syncrules.migration.output.disable_script import DISABLING
from syncrules.pairing.out_of_box_rules import RulePair
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Facet, ServerRule

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
        pair = situation.rules.pairs.get(rule.identifier or "")
        whole = rule.whole
        place = _joins(whole, situation) if whole and whole.join_filter else None
        beside = tuple(joining.get(place, ())) if place else ()
        if rule.name.casefold() in kept:
            findings += _kept(situation, rule, beside)
        elif pair is None:
            findings += _unpaired(situation, rule)
        elif not pair.target.disabled:
            found.append(Disabling(pair, beside))
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
    name, whose = printable(there.name), situation.whose(rule)
    if disabling.beside:
        return situation.finding(
            "SR450",
            rule,
            f"First of all: '{name}'{whose} is disabled on the active server and enabled on "
            f"staging, and {_some(disabling.beside)} joins the same objects. Left enabled, both "
            "run and joins fail.",
            f"Before anything else, run {DISABLING} on the staging server; the 2-apply.ps1 of a "
            "kit does the same.",
            Severity.WARNING,
        )
    return situation.finding(
        "SR415",
        rule,
        f"The out-of-box rule '{name}'{whose} is disabled on the active server and not on staging. "
        "Left enabled, it runs beside the custom rule that stands for it.",
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
        f"The out-of-box rule '{printable(rule.name)}'{situation.whose(rule)} is disabled on the "
        "active server. Which rule it is on staging is not known, so no script disables it; left "
        "enabled, it runs beside the custom rule that stands for it, and where both join, joins "
        "fail.",
        "Export that rule on the staging server too and give it with --staging, or disable it "
        "there by hand before the first synchronization.",
        Severity.WARNING,
    )


def _kept(situation: Situation, rule: ServerRule, beside: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Yield what a rule that stays enabled stands in the way of."""
    if beside:
        yield situation.finding(
            "SR456",
            rule,
            f"--keep-enabled leaves '{printable(rule.name)}'{situation.whose(rule)} enabled, and "
            f"{_some(beside)} joins the same objects: both run, and joins fail.",
            "Leave the option out, or disable the rule that moves.",
            Severity.WARNING,
        )


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{printable(name)}'" for name in names[:3])


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
                f"The out-of-box rule '{printable(pair.target.name)}'"
                f"{situation.whose(pair.source)} is enabled on the active server and disabled on "
                "staging: what it does would end with the switch.",
                "Enable it on the staging server in the Synchronization Rules Editor, unless its "
                "end is meant.",
                pair.target.source,
            )


def left_behind(situation: Situation) -> Iterator[Diagnostic]:
    """Yield the custom rules that the active server has and no EXPORT holds."""
    if not situation.active.is_complete_in(Facet.RULES):
        return
    # A rule that was mapped before may have got another identifier.
    names = Counter(
        (m.rule.connector, m.rule.direction.lower(), m.rule.name)
        for m in situation.moving
        if m.is_mapped or m.rule.identifier is None
    )
    for rule in situation.active.rules:
        if rule.is_out_of_box or rule.immutable_tag is None:
            continue
        if rule.identifier in situation.by_identifier:
            continue
        connectors = (rule.connector, situation.connectors.get(rule.connector, ""))
        named = [(c, (rule.direction or "").lower(), rule.name) for c in connectors]
        same = next((name for name in named if names[name]), None)
        if same is not None:
            names[same] -= 1
            continue
        yield Diagnostic(
            "SR454",
            Severity.NOTE if situation.choices.partial else Severity.ERROR,
            f"The active server has the custom rule '{printable(rule.name)}'"
            f"{situation.whose(rule)} ({rule.identifier}), and no EXPORT holds it: it would stay "
            "behind.",
            "It stays behind, as --partial allows."
            if situation.choices.partial
            else "Export it too, or give the configuration folder as EXPORT; to leave it behind: "
            "--partial",
            rule.source,
        )
