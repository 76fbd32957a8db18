"""References to rules: -PrecedenceBefore and -PrecedenceAfter name a rule by its identifier.

An out-of-box rule has another identifier on every server, so its reference is rewritten; a custom
rule that moves along keeps what it is named by, and must be there first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Problem
from syncrules.pairing.out_of_box_rules import looks_custom
from syncrules.rules.guids import ZERO_GUID
from syncrules.servers.model import Facet, ServerRule

from ..context import PairedServers, Waiting
from ..moving_rules import MovingRule, Reference
from ..plan import Resolution

__all__ = ["References", "resolve"]


class References(NamedTuple):
    """What the references of rules name on staging, and what stands against it.

    `waiting` are the rules that name one which is created later.
    """

    resolutions: Mapping[MovingRule, Resolution]
    waiting: tuple[Waiting, ...]
    unresolved: tuple[Diagnostic, ...]


def resolve(servers: PairedServers, order: Iterable[MovingRule]) -> References:
    """Find what each reference names on the staging server, where rules are created in an order."""
    ranks = {moving: rank for rank, moving in enumerate(order)}
    resolutions: dict[MovingRule, Resolution] = {}
    waiting: list[Waiting] = []
    diagnostics: list[Diagnostic] = []
    for moving in ranks:
        references = moving.references
        if len(references) > 1:
            diagnostics.append(_BOTH.at(moving.place(references[1].literal)))
            continue
        for reference in references:
            named = servers.by_identifier.get(reference.to)
            if named is not None and ranks[named] >= ranks[moving]:
                in_circle = _is_circle(servers, moving)
                waiting.append(Waiting(moving, reference, named, in_circle))
            else:
                resolution, problems = _resolve(servers, moving, reference, named)
                if resolution is not None:
                    resolutions[moving] = resolution
                diagnostics += (p.at(moving.place(reference.literal)) for p in problems)
    return References(resolutions, tuple(waiting), tuple(diagnostics))


_BOTH = Problem(
    Code.SR424,
    "The rule has both a -PrecedenceBefore and a -PrecedenceAfter; which of them the server "
    "follows is not known.",
    f"Set one of the two to '{ZERO_GUID}'.",
)


def _resolve(
    servers: PairedServers, moving: MovingRule, reference: Reference, along: MovingRule | None
) -> tuple[Resolution | None, tuple[Problem, ...]]:
    if along is not None:
        return Resolution(reference, reference.to, along), ()
    pair = servers.rule_pairing.pairs.get(reference.to)
    if pair is not None and not moving.is_mapped:
        assert pair.staging.identifier is not None  # or it would not be paired
        return Resolution(reference, pair.staging.identifier, pair.staging), ()
    there = servers.counterparts_by_identifier.get(reference.to)
    if there is not None and there.identifier is not None and not moving.is_mapped:
        return Resolution(reference, there.identifier, there), ()
    staging = servers.on_staging.get(reference.to)
    # A custom rule that was moved before has its identifier on both servers.
    if staging is not None and not (staging.is_out_of_box and reference.to in servers.on_active):
        return Resolution(reference, reference.to, staging), ()
    return None, _unknown(servers, moving, reference)


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
    if active is not None and moving.is_mapped:
        return (_of_active_only(reference, active),)
    if active is None:
        what = (
            "a rule that no file of either server shows; the staging server's rules have other "
            "identifiers than the active server's."
        )
        hint = (
            "Give the active server's configuration folder with --active, or export that rule "
            "there too"
        )
        return (_refused(reference, Code.SR412, what, hint),)
    if servers.leaving.leaves(active):
        return (_left(servers, moving, reference, active),)
    if not active.is_out_of_box:
        what = (
            f"the custom rule '{active.name}' ({active.file}), which no EXPORT holds: it does not "
            "move along."
        )
        return (_refused(reference, Code.SR421, what, "Give its export too"),)
    if looks_custom(active.precedence):
        what = (
            f"'{active.name}', which has a tag of Microsoft's but a custom rule's precedence, "
            f"{active.precedence}: it is left out, and may be a clone of staging's rule of that "
            "tag."
        )
        hint = "If it is a clone, empty its -ImmutableTag, so that it moves too"
        return (_refused(reference, Code.SR421, what, hint),)
    candidates = servers.rule_pairing.candidates.get(reference.to)
    if candidates and len(candidates) == 1:
        return _one_for_several(servers, reference, active, candidates[0])
    if candidates:
        several = ", ".join(f"{c.identifier} ('{c.name}')" for c in candidates)
        what = (
            f"the out-of-box rule '{active.name}'; several rules of the staging server could "
            f"correspond to it: {several}."
        )
        hint = "Write the right one's identifier here by hand"
        return (_refused(reference, Code.SR422, what, hint),)
    return _absent(servers, reference, active)


def _one_for_several(
    servers: PairedServers, reference: Reference, active: ServerRule, staging: ServerRule
) -> tuple[Problem, ...]:
    """Say that another rule of the active server may be the one that staging has."""
    candidates = servers.rule_pairing.candidates
    others = [
        r
        for r in servers.active.rules
        if r.identifier != active.identifier and staging in candidates.get(r.identifier, ())
    ]
    if any(other.stem == active.stem for other in others):
        return ()  # which of the two is a clone that kept its tag is asked already
    what = (
        f"the out-of-box rule '{active.name}' ({active.immutable_tag}); staging's "
        f"'{staging.name}' ({staging.immutable_tag}) may correspond to it, or to "
        f"{', '.join(f'{other.name!r} ({other.immutable_tag})' for other in others)}."
    )
    here = f"its identifier here by hand ({staging.identifier})"
    hint = f"If it corresponds to this rule, write {here}"
    return (_refused(reference, Code.SR422, what, hint),)


def _of_active_only(reference: Reference, active: ServerRule) -> Problem:
    """Say that a file of an earlier run names a rule that only the active server shows."""
    what = (
        f"'{active.name}', which the files show on the active server only. The file begins as one "
        "that an earlier run mapped to the staging server, so its references are not mapped again."
    )
    hint = (
        "If it was mapped to the server that is active now, delete the lines above its first "
        "New-ADSyncRule and run again. If not, give the export that it was made from"
    )
    return _refused(reference, Code.SR412, what, hint)


def _left(
    servers: PairedServers, moving: MovingRule, reference: Reference, active: ServerRule
) -> Problem:
    """Say that the rule that is named stays behind on purpose."""
    what = (
        f"{servers.named(active)}, which --leave leaves behind: it would not be on "
        "the staging server when this rule is added."
    )
    hint = f"Leave this rule behind too ({servers.leaving.option(moving.rule)}), or move that one"
    return _refused(reference, Code.SR421, what, hint)


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
