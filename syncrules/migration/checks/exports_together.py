"""What does not hold together between the exports."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, has_errors
from syncrules.exports.export import Export
from syncrules.rules.model import MAX_CUSTOM_PRECEDENCE
from syncrules.servers.model import ServerRule

from ..context import Context
from ..output_names import DISABLE_SCRIPT, name_as_given, output_name

__all__ = ["exports_together"]


def exports_together(context: Context) -> Iterator[Diagnostic]:
    """Yield what the exports say that cannot be true of one server, or not be written together."""
    yield from _whether_custom(context)
    yield from _in_two_files(context.given)
    yield from _tags(context)
    yield from _same_names(context.given)


def _has_custom(export: Export) -> bool:
    return any(not rule.is_out_of_box for rule in export.rules)


# ---- Whether there is anything to move -----------------------------------------------------------


def _whether_custom(context: Context) -> Iterator[Diagnostic]:
    if any(_has_custom(e) or has_errors(e.diagnostics) for e in context.given):
        return
    if any(not r.is_out_of_box for r in context.staging.rules):
        yield _SWAPPED.at()
    else:
        yield _NOTHING.at()


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


def _in_two_files(exports: tuple[Export, ...]) -> Iterator[Diagnostic]:
    first: dict[str, Export] = {}
    for export in exports:
        for placed in export.placed_rules:
            identifier = placed.rule.identifier
            if identifier is None or placed.rule.is_out_of_box:
                continue
            other = first.setdefault(identifier, export)
            if other is not export:
                problem = _twice(export, other)
                yield problem.at(export.source.place(placed.identifiers[0]))


def _twice(export: Export, other: Export) -> Problem:
    return Problem(
        Code.SR411,
        f"A rule with this Identifier is in {other.name} too: the later file would silently "
        "overwrite the rule of the earlier.",
        "Give the configuration folder with --active instead of as EXPORT."
        if export.is_of_configuration or other.is_of_configuration
        else "Leave one of the two files out, or delete the rule from one.",
    )


# ---- Clones that kept Microsoft's tag ------------------------------------------------------------


def _tags(context: Context) -> Iterator[Diagnostic]:
    """Yield the rules that carry Microsoft's tag and look as if a person had made them."""
    told = {doubtful.rule.identifier for doubtful in context.placing.doubtful}
    for server in (context.active, context.staging):
        of_active = server is context.active
        first: dict[tuple[str, str | None, str], ServerRule] = {}
        for rule in (r for r in server.rules if r.is_out_of_box and r.identifier):
            other = first.setdefault((rule.connector, rule.direction, rule.stem), rule)
            if other is not rule:
                problem = _tag_twice(rule, other, of_active=of_active)
                yield problem.at(context.place_of(rule))
            elif of_active and rule.identifier in told:
                continue
            elif rule.precedence is not None and rule.precedence <= MAX_CUSTOM_PRECEDENCE:
                yield _low_precedence(rule, of_active=of_active).at(context.place_of(rule))


def _tag_twice(rule: ServerRule, other: ServerRule, *, of_active: bool) -> Problem:
    looks = (
        f"'{rule.name}' looks custom but carries Microsoft's tag: '{other.name}' has the same one. "
    )
    if of_active:
        return Problem(
            Code.SR413,
            looks + "A clone whose tag was kept would be left behind.",
            "Empty the -ImmutableTag of the one that is the clone.",
        )
    return Problem(
        Code.SR413,
        looks + "Which of the two is staging's own is not known, or the files are of two servers.",
        "Give files of one staging server; empty the tag of a clone there.",
    )


def _low_precedence(rule: ServerRule, *, of_active: bool) -> Problem:
    taken = "It is left out as an" if of_active else "It is not taken for staging's"
    return Problem(
        Code.SR414,
        f"'{rule.name}' carries Microsoft's tag but a custom rule's precedence, {rule.precedence}. "
        f"{taken} out-of-box rule; old builds gave out-of-box rules such numbers too.",
        "If it is a clone whose tag was kept, empty its -ImmutableTag.",
    )


# ---- Names of outputs ----------------------------------------------------------------------------


def _same_names(exports: tuple[Export, ...]) -> Iterator[Diagnostic]:
    first: dict[str, Export] = {}
    for export in (e for e in exports if _has_custom(e)):
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
