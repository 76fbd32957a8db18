"""What does not hold together between the exports."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, has_errors
from syncrules.exports.export import Export

from ..context import Context
from ..output_names import DISABLE_SCRIPT, name_as_given, output_name

__all__ = ["exports_together"]


def exports_together(context: Context) -> Iterator[Diagnostic]:
    """Yield what the exports say that cannot be true of one server, or not be written together."""
    yield from _whether_custom(context)
    yield from _in_two_files(context)
    yield from _same_names(context)


def _has_custom(export: Export) -> bool:
    return any(not rule.is_out_of_box for rule in export.rules)


# ---- Whether there is anything to move -----------------------------------------------------------


def _whether_custom(context: Context) -> Iterator[Diagnostic]:
    if context.custom and not context.moving:
        yield _NONE_LEFT.at()
    if any(_has_custom(e) or has_errors(e.diagnostics) for e in context.given):
        return
    if any(not r.is_out_of_box for r in context.staging.rules):
        yield _SWAPPED.at()
    else:
        yield _NOTHING.at()


_NONE_LEFT = Problem(
    Code.SR479,
    "No rule moves: each custom rule of EXPORT is left behind on purpose, or is on the staging "
    "server already, the same in every field.",
    "Nothing to do, unless you expected rules to move. The report lists the reason for each.",
)
_SWAPPED = Problem(
    Code.SR408,
    "EXPORT holds out-of-box rules only, and --staging holds custom ones: the two are probably "
    "swapped.",
    "Give the active server's exports as EXPORT and the staging server's with --staging.",
)
_NOTHING = Problem(
    Code.SR409,
    "No EXPORT holds a custom rule: there is nothing to move.",
    "Export the custom rules on the active server (in the Synchronization Rules Editor: those "
    "with an empty tag).",
)


# ---- One rule in two files -----------------------------------------------------------------------


def _in_two_files(context: Context) -> Iterator[Diagnostic]:
    first: dict[str, Export] = {}
    moves = set(context.moving)
    for moving in (m for m in context.custom if m in moves):
        identifier = moving.rule.identifier
        if identifier is None:
            continue
        other = first.setdefault(identifier, moving.export)
        if other is not moving.export:
            yield _twice(moving.export, other).at(moving.place(moving.placed.identifiers[0]))


def _twice(export: Export, other: Export) -> Problem:
    return Problem(
        Code.SR411,
        f"The identifier of this rule is in {other.name} too: the later file would silently "
        "overwrite the rule of the earlier one.",
        "Leave the other file out; or give files with all of the custom rules as EXPORT, and the "
        "configuration folder with --active."
        if export.is_of_configuration or other.is_of_configuration
        else "Leave one of the two files out, or delete the rule from one.",
    )


# ---- Names of outputs ----------------------------------------------------------------------------


def _same_names(context: Context) -> Iterator[Diagnostic]:
    first: dict[str, Export] = {}
    written = {m.export for m in context.moving}
    for export in (e for e in context.given if e in written):
        name = output_name(export)
        if name != name_as_given(export):
            yield _renamed(export, name).at(Place(export.name))
        if name.lower() == DISABLE_SCRIPT:
            yield Problem(
                Code.SR503,
                f"{export.name} would be written as {DISABLE_SCRIPT}, which is the name of the "
                "script that disables out-of-box rules.",
                "Rename it.",
            ).at(Place(export.name))
        other = first.setdefault(name.lower(), export)
        if other is not export:
            yield Problem(
                Code.SR503,
                f"{other.name} and {export.name} would both be written as {name} (names that "
                "differ in case only are one name on Windows).",
                "Rename one of them.",
            ).at(Place(export.name))


def _renamed(export: Export, name: str) -> Problem:
    return Problem(
        Code.SR512,
        f"It is written as {name}: a file named {name_as_given(export)} cannot be copied to "
        "Windows.",
        "Nothing to do; to choose the name yourself, rename the export.",
    )
