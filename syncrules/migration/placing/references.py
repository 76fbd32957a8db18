"""References to rules: -PrecedenceBefore and -PrecedenceAfter name a rule by its identifier.

An out-of-box rule has another identifier on every server, so its reference is rewritten; a custom
rule that moves along keeps what it is named by, and must be there first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from syncrules.diagnostics import Diagnostic, printable
from syncrules.exports.export import Export
from syncrules.migration.context import Situation
from syncrules.migration.moving_rules import Moving
from syncrules.rules.dependency_order import needed_first
from syncrules.rules.guids import ZERO_GUID
from syncrules.script.nodes import Text, Word
from syncrules.servers.model import Facet, ServerRule

__all__ = ["Reference", "Resolution", "in_order", "references", "resolve"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference of a rule that moves. `literal` holds the identifier `to`."""

    moving: Moving
    parameter: str
    literal: Text | Word
    to: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a reference names on the staging server: `to` is that rule's identifier.

    A rule that moves along is named by the identifier that its export gives it.
    """

    reference: Reference
    to: str
    anchor: Moving | ServerRule
    why: str


def references(moving: Moving) -> Iterator[Reference]:
    """Yield the references of a rule."""
    rule, read = moving.rule, moving.read
    for parameter, literal, to in (
        ("PrecedenceBefore", read.precedence_before, rule.precedence_before),
        ("PrecedenceAfter", read.precedence_after, rule.precedence_after),
    ):
        if literal is not None and to is not None and to != ZERO_GUID:
            yield Reference(moving, parameter, literal, to)


def resolve(situation: Situation) -> tuple[dict[int, Resolution], list[Diagnostic]]:
    """Find what each reference names on the staging server, or say why that is not known.

    The resolutions are by the place of their rule in `situation.moving`.
    """
    ranks = {id(export): rank for rank, export in enumerate(situation.exports)}
    resolutions: dict[int, Resolution] = {}
    findings: list[Diagnostic] = []
    for index, moving in enumerate(situation.moving):
        own = tuple(references(moving))
        if len(own) > 1:
            findings.append(_both(moving, own[1]))
            continue
        for reference in own:
            found = _resolve(situation, reference, ranks)
            if isinstance(found, Resolution):
                resolutions[index] = found
            elif found is not None:
                findings.append(found)
    return resolutions, findings


def _resolve(
    situation: Situation, reference: Reference, ranks: dict[int, int]
) -> Resolution | Diagnostic | None:
    along = situation.by_identifier.get(reference.to)
    if along is not None:
        return _moving_along(situation, reference, along, ranks)
    pair = situation.rules.pairs.get(reference.to)
    if pair is not None and not reference.moving.is_mapped:
        assert pair.target.identifier is not None  # or it would not be paired
        return Resolution(reference, pair.target.identifier, pair.target, pair.evidence)
    there = situation.on_staging.get(reference.to)
    # A custom rule that was moved before has its identifier on both servers.
    if there is not None and not (there.is_out_of_box and reference.to in situation.on_active):
        return Resolution(reference, reference.to, there, "the staging server's rule already")
    return _unknown(situation, reference)


def _is_circle(situation: Situation, start: Moving) -> bool:
    """Return whether a rule's references lead back to it."""
    seen: set[str | None] = set()
    waiting = [start]
    while waiting:
        for reference in references(waiting.pop()):
            if reference.to == start.rule.identifier:
                return True
            along = situation.by_identifier.get(reference.to)
            if along is not None and reference.to not in seen:
                seen.add(reference.to)
                waiting.append(along)
    return False


def _moving_along(
    situation: Situation, reference: Reference, along: Moving, ranks: dict[int, int]
) -> Resolution | Diagnostic:
    here, there = reference.moving, along
    before = (ranks[id(there.export)], there.read.command.start)
    if before < (ranks[id(here.export)], here.read.command.start):
        return Resolution(reference, reference.to, along, "a custom rule that moves along")
    if here.export is not there.export:
        return here.finding(
            "SR425",
            f"-{reference.parameter} names '{printable(along.rule.name)}' in "
            f"{printable(along.export.name)}, and a rule there names one of this file: neither "
            "file can be run first.",
            "These rules wait for each other: set one -PrecedenceBefore or -PrecedenceAfter to "
            f"'{ZERO_GUID}' and give a -Precedence."
            if _is_circle(situation, here)
            else "Put the rules that name each other into one file, the named one first.",
            span=reference.literal.span,
        )
    where = "the rule itself" if here.read is there.read else f"the rule at line {there.line}"
    return here.finding(
        "SR420",
        f"-{reference.parameter} names {where}, which is not on the server yet when this rule is "
        "added: Add-ADSyncRule would fail.",
        f"Move the rule '{printable(along.rule.name)}' (line {there.line}) above this one."
        if here.read is not there.read
        else "Name another rule.",
        span=reference.literal.span,
    )


def _both(moving: Moving, reference: Reference) -> Diagnostic:
    return moving.finding(
        "SR424",
        "The rule has both a -PrecedenceBefore and a -PrecedenceAfter; which of them the server "
        "follows is not known.",
        f"Set one of the two to '{ZERO_GUID}'.",
        span=reference.literal.span,
    )


def _unknown(situation: Situation, reference: Reference) -> Diagnostic | None:
    here = situation.on_active.get(reference.to)
    if here is None or reference.moving.is_mapped:
        return _refused(
            reference,
            "SR412",
            "a rule that no file of either server shows; the staging server's rules have other "
            "identifiers than the active server's.",
            "Give the active server's configuration folder with --active, or export that rule "
            "there too",
        )
    name = f"'{printable(here.name)}'"
    if not here.is_out_of_box:
        return _refused(
            reference,
            "SR421",
            f"the custom rule {name} ({printable(here.source)}), which no EXPORT holds: it does "
            "not move along.",
            "Give its export too",
        )
    candidates = situation.rules.candidates.get(reference.to)
    if candidates:
        several = ", ".join(f"{c.identifier} ('{printable(c.name)}')" for c in candidates)
        return _refused(
            reference,
            "SR422",
            f"the out-of-box rule {name}; several rules of the staging server could stand for "
            f"it: {several}.",
            "Write the right one's identifier here by hand",
        )
    return _absent(situation, reference, here)


def _absent(situation: Situation, reference: Reference, here: ServerRule) -> Diagnostic | None:
    """Say that staging is not seen to have the out-of-box rule that is named."""
    name = f"'{printable(here.name)}' ({printable(here.immutable_tag or '')})"
    if here.connector not in situation.connectors:
        return None  # that connector has a finding of its own
    if situation.staging.is_complete_in(Facet.RULES):
        return _refused(
            reference,
            "SR423",
            f"the out-of-box rule {name}; the staging server has no rule of that tag or name.",
            "Install the same version there, or choose another place for the rule",
        )
    return _refused(
        reference,
        "SR423",
        f"the out-of-box rule {name}; nothing given with --staging shows the same rule there.",
        "Export that rule on the staging server and give it with --staging",
    )


def _refused(reference: Reference, code: str, what: str, hint: str) -> Diagnostic:
    return reference.moving.finding(
        code,
        f"-{reference.parameter} names {what}",
        f"{hint}; or set it to '{ZERO_GUID}' and give a -Precedence.",
        span=reference.literal.span,
    )


def in_order(exports: Iterable[Export], moving: Iterable[Moving]) -> tuple[Export, ...]:
    """Return exports in the order to run them: a rule that is named before those that name it.

    Where none names another, and where they name each other in a circle, they stay as given.
    """
    given = {id(e): e for e in exports}
    homes = {m.rule.identifier: id(m.export) for m in moving if m.rule.identifier}
    needs: dict[int, dict[int, None]] = {key: {} for key in given}
    for m in moving:
        for reference in references(m):
            home = homes.get(reference.to, id(m.export))
            if home != id(m.export):
                needs[id(m.export)][home] = None
    return tuple(given[key] for key in needed_first(given, needs))
