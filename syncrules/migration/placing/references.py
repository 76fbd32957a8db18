"""References to rules: -PrecedenceBefore and -PrecedenceAfter name a rule by its identifier.

An out-of-box rule has another identifier on every server, so its reference is rewritten; a custom
rule that moves along keeps what it is named by, and must be there first.
"""

from __future__ import annotations

from collections.abc import Mapping

from syncrules.diagnostics import Code, Diagnostic, Problem
from syncrules.exports.export import Export
from syncrules.rules.guids import ZERO_GUID
from syncrules.servers.model import Facet, ServerRule

from ..context import PairedServers
from ..moving_rules import MovingRule, Reference
from ..plan import Resolution

__all__ = ["resolve"]

_Resolved = tuple[Resolution | None, tuple[Problem, ...]]


def resolve(
    servers: PairedServers,
) -> tuple[Mapping[MovingRule, Resolution], tuple[Diagnostic, ...]]:
    """Find what each reference names on the staging server, or say why that is not known."""
    ranks = {export: rank for rank, export in enumerate(servers.exports)}
    resolutions: dict[MovingRule, Resolution] = {}
    diagnostics: list[Diagnostic] = []
    for moving in servers.moving:
        references = moving.references
        if len(references) > 1:
            diagnostics.append(_BOTH.at(moving.place(references[1].literal)))
            continue
        for reference in references:
            resolution, problems = _resolve(servers, moving, reference, ranks)
            if resolution is not None:
                resolutions[moving] = resolution
            diagnostics += (p.at(moving.place(reference.literal)) for p in problems)
    return resolutions, tuple(diagnostics)


_BOTH = Problem(
    Code.SR424,
    "The rule has both a -PrecedenceBefore and a -PrecedenceAfter; which of them the server "
    "follows is not known.",
    f"Set one of the two to '{ZERO_GUID}'.",
)


def _resolve(
    servers: PairedServers, moving: MovingRule, reference: Reference, ranks: Mapping[Export, int]
) -> _Resolved:
    along = servers.by_identifier.get(reference.to)
    if along is not None:
        return _moving_along(servers, moving, reference, along, ranks)
    pair = servers.rule_pairing.pairs.get(reference.to)
    if pair is not None and not moving.is_mapped:
        assert pair.staging.identifier is not None  # or it would not be paired
        return Resolution(reference, pair.staging.identifier, pair.staging), ()
    staging = servers.on_staging.get(reference.to)
    # A custom rule that was moved before has its identifier on both servers.
    if staging is not None and not (staging.is_out_of_box and reference.to in servers.on_active):
        return Resolution(reference, reference.to, staging), ()
    return None, _unknown(servers, moving, reference)


# ---- Rules that move along -----------------------------------------------------------------------


def _moving_along(
    servers: PairedServers,
    moving: MovingRule,
    reference: Reference,
    along: MovingRule,
    ranks: Mapping[Export, int],
) -> _Resolved:
    first, then = ((ranks[m.export], m.placed.command.start) for m in (along, moving))
    if first < then:
        return Resolution(reference, reference.to, along), ()
    if moving.export is not along.export:
        return None, (_waiting(servers, moving, reference, along),)
    return None, (_further_down(moving, reference, along),)


def _waiting(
    servers: PairedServers, moving: MovingRule, reference: Reference, along: MovingRule
) -> Problem:
    return Problem(
        Code.SR425,
        f"-{reference.parameter} names '{along.rule.name}' in {along.export.name}, and a rule "
        "there names one of this file: neither file can be run first.",
        "These rules wait for each other: set one -PrecedenceBefore or -PrecedenceAfter to "
        f"'{ZERO_GUID}' and give a -Precedence."
        if _is_circle(servers, moving)
        else "Put the rules that name each other into one file, the named one first.",
    )


def _further_down(moving: MovingRule, reference: Reference, along: MovingRule) -> Problem:
    itself = moving.placed is along.placed
    which = "the rule itself" if itself else f"the rule at line {along.line}"
    return Problem(
        Code.SR420,
        f"-{reference.parameter} names {which}, which is not on the server yet when this rule is "
        "added: Add-ADSyncRule would fail.",
        "Name another rule."
        if itself
        else f"Move the rule '{along.rule.name}' (line {along.line}) above this one.",
    )


def _is_circle(servers: PairedServers, start: MovingRule) -> bool:
    """Return whether a rule's references lead back to it."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for reference in waiting.pop().references:
            if reference.to == start.rule.identifier:
                return True
            along = servers.by_identifier.get(reference.to)
            if along is not None and reference.to not in seen:
                seen.add(reference.to)
                waiting.append(along)
    return False


# ---- Rules that are not known on staging ---------------------------------------------------------


def _unknown(
    servers: PairedServers, moving: MovingRule, reference: Reference
) -> tuple[Problem, ...]:
    active = servers.on_active.get(reference.to)
    if active is None or moving.is_mapped:
        what = (
            "a rule that no file of either server shows; the staging server's rules have other "
            "identifiers than the active server's."
        )
        hint = (
            "Give the active server's configuration folder with --active, or export that rule "
            "there too"
        )
        return (_refused(reference, Code.SR412, what, hint),)
    if not active.is_out_of_box:
        what = (
            f"the custom rule '{active.name}' ({active.file}), which no EXPORT holds: it does not "
            "move along."
        )
        return (_refused(reference, Code.SR421, what, "Give its export too"),)
    candidates = servers.rule_pairing.candidates.get(reference.to)
    if candidates:
        several = ", ".join(f"{c.identifier} ('{c.name}')" for c in candidates)
        what = (
            f"the out-of-box rule '{active.name}'; several rules of the staging server could "
            f"stand for it: {several}."
        )
        hint = "Write the right one's identifier here by hand"
        return (_refused(reference, Code.SR422, what, hint),)
    return _absent(servers, reference, active)


def _absent(
    servers: PairedServers, reference: Reference, active: ServerRule
) -> tuple[Problem, ...]:
    """Say that staging is not seen to have the out-of-box rule that is named."""
    if active.connector not in servers.connectors:
        return ()  # that connector has a diagnostic of its own
    which = f"the out-of-box rule '{active.name}' ({active.immutable_tag or ''})"
    if servers.staging.is_complete_in(Facet.RULES):
        what = f"{which}; the staging server has no rule of that tag or name."
        hint = "Install the same version there, or choose another place for the rule"
    else:
        what = f"{which}; nothing given with --staging shows the same rule there."
        hint = "Export that rule on the staging server and give it with --staging"
    return (_refused(reference, Code.SR423, what, hint),)


def _refused(reference: Reference, code: Code, what: str, hint: str) -> Problem:
    return Problem(
        code,
        f"-{reference.parameter} names {what}",
        f"{hint}; or set it to '{ZERO_GUID}' and give a -Precedence.",
    )
