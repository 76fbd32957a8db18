"""What does not hold together between the exports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from ..diagnostics import Diagnostic, Severity, has_errors, printable
from ..export import Export
from ..rules import SyncRule, tag_stem
from ..servers import Server
from .disabling import DISABLING
from .situation import Situation

__all__ = ["between_exports", "output_name"]


def between_exports(situation: Situation) -> Iterator[Diagnostic]:
    """Yield what the exports say that cannot be true of one server, or not be written together."""
    yield from _whether_custom(situation.exports, situation.staging)
    yield from _in_two_files(situation.exports)
    yield from _tags(situation.exports)
    yield from _same_names(situation.exports)


def _whether_custom(exports: tuple[Export, ...], staging: Server) -> Iterator[Diagnostic]:
    if any(_has_custom(e) for e in exports) or any(has_errors(e.diagnostics) for e in exports):
        return
    if any(not r.is_out_of_box for r in staging.rules):
        yield Diagnostic(
            "SR408",
            Severity.ERROR,
            "EXPORT holds out-of-box rules only, and --staging holds custom ones: the two are "
            "probably swapped.",
            "Give the active server's exports as EXPORT and the staging server's with --staging.",
        )
        return
    yield Diagnostic(
        "SR409",
        Severity.ERROR,
        "No EXPORT holds a custom rule: there is nothing to move.",
        "Export the custom rules on the active server (in the Synchronization Rules Editor: "
        "those with an empty tag).",
    )


def _in_two_files(exports: tuple[Export, ...]) -> Iterator[Diagnostic]:
    first: dict[str, Export] = {}
    for export in exports:
        for read in (r for r in export.read_rules if not r.rule.is_out_of_box):
            other = first.setdefault(read.rule.identifier or "", export)
            if read.rule.identifier and other is not export:
                yield export.source.finding(
                    "SR411",
                    read.identifiers[0].span,
                    f"A rule with this Identifier is in {printable(other.name)} too: the later "
                    "file would silently overwrite the rule of the earlier.",
                    "Leave one of the two files out, or delete the rule from one.",
                )


def _tags(exports: tuple[Export, ...]) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str, str], SyncRule] = {}
    for export in exports:
        for read in export.read_rules:
            rule = read.rule
            if not rule.is_out_of_box:
                continue
            key = (rule.connector, rule.direction.lower(), tag_stem(rule.immutable_tag or ""))
            other = first.setdefault(key, rule)
            if other.identifier != rule.identifier:
                yield export.source.finding(
                    "SR413",
                    read.command.span,
                    f"'{printable(rule.name)}' looks custom but carries Microsoft's tag: "
                    f"'{printable(other.name)}' has the same one. A clone whose tag was kept "
                    "would be left behind.",
                    "Empty the -ImmutableTag of the one that is the clone.",
                )
            elif rule.precedence is not None and rule.precedence < 100 and other is rule:
                yield export.source.finding(
                    "SR414",
                    read.command.span,
                    f"'{printable(rule.name)}' carries Microsoft's tag but a custom rule's "
                    f"precedence, {rule.precedence}. It is left out as an out-of-box rule; old "
                    "builds gave out-of-box rules such numbers too.",
                    "If it is a clone whose tag was kept, empty its -ImmutableTag.",
                    Severity.WARNING,
                )


def _same_names(exports: tuple[Export, ...]) -> Iterator[Diagnostic]:
    first: dict[str, Export] = {}
    for export in exports:
        if not _has_custom(export):
            continue
        name = output_name(export)
        if name.lower() == DISABLING:
            yield Diagnostic(
                "SR503",
                Severity.ERROR,
                f"{printable(export.name)} would be written as {DISABLING}, which is the name of "
                "the script that disables out-of-box rules.",
                "Rename it.",
                export.name,
            )
        other = first.setdefault(name.lower(), export)
        if other is not export:
            yield Diagnostic(
                "SR503",
                Severity.ERROR,
                f"{printable(other.name)} and {printable(export.name)} would both be written as "
                f"{printable(name)} (names that differ in case only are one name on Windows).",
                "Rename one of them.",
                export.name,
            )


def output_name(export: Export) -> str:
    """Return the name of the file that an export becomes."""
    return f"{PurePath(export.name).stem}.ps1"


def _has_custom(export: Export) -> bool:
    return any(not r.rule.is_out_of_box for r in export.read_rules)
