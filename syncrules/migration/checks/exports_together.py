"""What does not hold together between the exports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from syncrules.diagnostics import Diagnostic, Severity, has_errors, printable
from syncrules.exports.export import Export
from syncrules.migration.context import Situation
from syncrules.migration.output.disable_script import DISABLING
from syncrules.rules.model import HIGHEST_CUSTOM
from syncrules.servers.exported_rules import CUSTOM_RULES
from syncrules.servers.model import Server, ServerRule

__all__ = ["between_exports", "output_name"]


def between_exports(situation: Situation) -> Iterator[Diagnostic]:
    """Yield what the exports say that cannot be true of one server, or not be written together."""
    yield from _whether_custom(situation.exports, situation.staging)
    yield from _in_two_files(situation.exports)
    yield from _tags(situation)
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
                    "Leave one of the two files out, or delete the rule from one."
                    if CUSTOM_RULES not in (PurePath(other.name).name, PurePath(export.name).name)
                    else "Give the configuration folder with --active instead of as EXPORT.",
                )


def _tags(situation: Situation) -> Iterator[Diagnostic]:
    """Yield the rules that carry Microsoft's tag and look as if a person had made them."""
    for server in (situation.active, situation.staging):
        first: dict[tuple[str, str, str], ServerRule] = {}
        for rule in (r for r in server.rules if r.is_out_of_box and r.identifier):
            key = (rule.connector, (rule.direction or "").lower(), rule.stem)
            other = first.setdefault(key, rule)
            if other is not rule:
                yield _tag_twice(situation, rule, other, of_active=server is situation.active)
            elif rule.precedence is not None and rule.precedence <= HIGHEST_CUSTOM:
                yield _low_number(situation, rule, of_active=server is situation.active)


def _tag_twice(
    situation: Situation, rule: ServerRule, other: ServerRule, *, of_active: bool
) -> Diagnostic:
    looks = (
        f"'{printable(rule.name)}' looks custom but carries Microsoft's tag: "
        f"'{printable(other.name)}' has the same one. "
    )
    if of_active:
        looks += "A clone whose tag was kept would be left behind."
        hint = "Empty the -ImmutableTag of the one that is the clone."
    else:
        looks += "Which of the two is staging's own is not known, or the files are of two servers."
        hint = "Give files of one staging server; empty the tag of a clone there."
    return situation.finding("SR413", rule, looks, hint, Severity.ERROR)


def _low_number(situation: Situation, rule: ServerRule, *, of_active: bool) -> Diagnostic:
    taken = "It is left out as an" if of_active else "It is not taken for staging's"
    return situation.finding(
        "SR414",
        rule,
        f"'{printable(rule.name)}' carries Microsoft's tag but a custom rule's precedence, "
        f"{rule.precedence}. {taken} out-of-box rule; old builds gave out-of-box rules such "
        "numbers too.",
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
