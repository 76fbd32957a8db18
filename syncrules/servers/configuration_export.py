"""The custom rules of a configuration as an export: as the Editor would have printed them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath

from syncrules.diagnostics import Code, Diagnostic, Option, Place, Problem
from syncrules.exports.export import Export, NotCarried, read_export
from syncrules.exports.layout import script_text
from syncrules.rules.creation_order import creation_order
from syncrules.rules.model import SyncRule
from syncrules.wording import shortened

from .configuration import Part, RulePart
from .rule_elements import Unread

__all__ = ["CONFIGURATION_EXPORT", "export_of_parts", "unused_names"]

CONFIGURATION_EXPORT = "custom-rules.ps1"
"""What the export of a configuration is named; it stands in no file."""


def export_of_parts(
    folder: str, parts: Iterable[Part], accepted: Collection[str] = ()
) -> tuple[Export | None, tuple[Diagnostic, ...]]:
    """Return the custom rules of a configuration as one export, if it has any.

    They stand in the order to create them in, so that they end as they are: by their precedences
    as far as that allows it, and each behind the rule that it names. `accepted` are the paths of
    elements that need not be known where every rule has them alike.
    """
    rules = [p for p in parts if isinstance(p, RulePart)]
    own = [p for p in rules if not p.rule.is_out_of_box]
    newer = _newer_format(rules, own)
    left = {one: value for one, value in newer.items() if one.path not in accepted}
    unknown = (*_newer(folder, left), *_unknown(folder, own, newer, accepted))
    if unknown or not own:
        return None, unknown
    standing = (p.rule for p in rules if p.rule.is_out_of_box)
    text = script_text(_in_order((p.rule for p in own), standing))
    # With a mark, so that no code page is asked for.
    data = text.encode("ascii" if text.isascii() else "utf-8-sig")
    export, diagnostics = read_export(data, str(PurePath(folder) / CONFIGURATION_EXPORT))
    if export is not None:
        lost = tuple(NotCarried(folder, one.path, value) for one, value in newer.items())
        export = replace(export, is_of_configuration=True, not_carried=lost)
    return export, diagnostics


def _in_order(rules: Iterable[SyncRule], standing: Iterable[SyncRule]) -> tuple[SyncRule, ...]:
    by_precedence = sorted(rules, key=lambda rule: rule.precedence or 0)
    return creation_order(by_precedence, standing)


# ---- What is not known ---------------------------------------------------------------------------


def _newer_format(rules: list[RulePart], own: list[RulePart]) -> dict[Unread, str]:
    """Return what custom rules hold that all rules do, out-of-box ones too, with one value.

    That is of the format. What only some rules have, or with values of their own, may be what
    such a rule does.
    """
    newer = {}
    for one in dict.fromkeys(one for part in own for one in part.unread):
        could = [part for part in rules if one.holder in part.elements]
        first, *others = {value for part in could for value in part.unread.get(one, (None,))}
        if first is not None and not others and any(p.rule.is_out_of_box for p in could):
            newer[one] = first
    return newer


def _newer(folder: str, left: Mapping[Unread, str]) -> Iterator[Diagnostic]:
    if left:
        told = ", ".join(f"{one.path} ('{shortened(value)}')" for one, value in left.items())
        options = " ".join(f'{_ACCEPT} "{one.path}"' for one in left)
        yield Problem(
            Code.SR127,
            "The format of this configuration is newer than known here: every rule, the "
            f"out-of-box ones too, contains the same {told}. What that means is not known, so it "
            "would not be moved.",
            f"{_BY_EDITOR} Or, if the rules do the same without it, accept that: {options}",
            options=tuple(Option(_ACCEPT, one.path) for one in left),
        ).at(Place(folder))


def _unknown(
    folder: str, own: list[RulePart], newer: Mapping[Unread, str], accepted: Collection[str]
) -> Iterator[Diagnostic]:
    for part in own:
        unread = [one for one in part.unread if one not in newer]
        words = (*map(str, unread), *part.odd)
        if words:
            in_vain = any(one.path in accepted for one in unread)
            yield Problem(
                Code.SR117,
                f"The rule '{part.rule.name}' contains what is not known here "
                f"({', '.join(words)}): it would be lost.{_IN_VAIN if in_vain else ''}",
                _BY_EDITOR,
            ).at(Place(folder))


_ACCEPT = "--accept-element"
_IN_VAIN = f" {_ACCEPT} is only for what every rule has, with the same value."
_BY_EDITOR = (
    "Export the custom rules in the Synchronization Rules Editor, give that file as EXPORT, and "
    "this folder with --active."
)


def unused_names(accepted: Iterable[str], parts: Iterable[Part]) -> Iterator[Diagnostic]:
    """Yield the accepted elements that no rule of these configurations has."""
    found = {one.path for part in parts if isinstance(part, RulePart) for one in part.unread}
    for name in dict.fromkeys(accepted):
        if name not in found:
            yield Problem(
                Code.SR128,
                f"{_ACCEPT} names '{name}', but no EXPORT is a configuration that contains an "
                "unknown element of this name.",
                "Give the name as SR127 shows it, or leave the option out.",
            ).at()
