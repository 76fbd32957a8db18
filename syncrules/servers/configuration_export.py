"""The custom rules of a configuration as an export: as the Editor would have printed them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePath

from syncrules.diagnostics import Code, Diagnostic, Place, Problem
from syncrules.exports.export import Export, read_export
from syncrules.exports.layout import script_text
from syncrules.rules.dependency_order import needed_first
from syncrules.rules.model import AFTER, SyncRule

from .configuration import Part, RulePart

__all__ = ["CONFIGURATION_EXPORT", "export_of_parts"]

CONFIGURATION_EXPORT = "custom-rules.ps1"
"""What the export of a configuration is named; it stands in no file."""


def export_of_parts(
    folder: str, parts: Iterable[Part]
) -> tuple[Export | None, tuple[Diagnostic, ...]]:
    """Return the custom rules of a configuration as one export, if it has any.

    They stand in the order of their precedences, but each behind the rule that it names.
    """
    own = [p for p in parts if isinstance(p, RulePart) and not p.rule.is_out_of_box]
    unknown = tuple(_unknown(folder, p) for p in own if p.unknown)
    if unknown or not own:
        return None, unknown
    text = script_text(_in_order([p.rule for p in own]))
    # With a mark, so that no code page is asked for.
    data = text.encode("ascii" if text.isascii() else "utf-8-sig")
    export, diagnostics = read_export(data, str(PurePath(folder) / CONFIGURATION_EXPORT))
    if export is not None:
        export = replace(export, is_of_configuration=True)
    return export, diagnostics


def _in_order(rules: list[SyncRule]) -> tuple[SyncRule, ...]:
    ordered = _created(sorted(enumerate(rules), key=lambda r: (r[1].precedence or 0, r[0])))
    places = {rule.identifier: index for index, rule in ordered}
    needs = {
        index: [
            places[to]
            for to in (rule.precedence_before, rule.precedence_after)
            if to is not None and to in places
        ]
        for index, rule in ordered
    }
    return tuple(rules[index] for index in needed_first((i for i, _ in ordered), needs))


def _created(rules: list[tuple[int, SyncRule]]) -> list[tuple[int, SyncRule]]:
    """Return rules in the order to create them in: of those behind one rule, the last one first.

    Each takes the place directly behind that rule.
    """
    places: dict[str, list[int]] = {}
    for place, (_, rule) in enumerate(rules):
        if rule.reference is not None and rule.reference.parameter == AFTER:
            places.setdefault(rule.reference.identifier, []).append(place)
    created = list(rules)
    for own in places.values():
        for place, other in zip(own, reversed(own), strict=True):
            created[place] = rules[other]
    return created


def _unknown(folder: str, part: RulePart) -> Diagnostic:
    return Problem(
        Code.SR117,
        f"The rule '{part.rule.name}' holds what is not known here ({', '.join(part.unknown)}): "
        "it would be lost.",
        "Export the rule in the Synchronization Rules Editor and give that file instead.",
    ).at(Place(folder))
