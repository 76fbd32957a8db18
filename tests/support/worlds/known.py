"""What could be known from files, whatever the tool makes of them."""

from __future__ import annotations

from collections.abc import Container

from syncrules.rules.model import ENTRA_CONNECTOR, RuleReference

from .evidence import Given
from .model import AD, System, World

__all__ = ["can_be_told", "files_wait_for_each_other", "have_siblings_apart", "later_in_their_file"]


def can_be_told(world: World, here: Given, there: Given) -> bool:
    """Return whether the files allow one mapping of the needed connectors only.

    What could be what is written down in full; it knows nothing of how the tool goes about it.
    """
    exported = {r.connector for r in world.exported}
    ours = (here.connectors_shown | world.needed | exported) - {ENTRA_CONNECTOR}
    theirs = there.connectors_shown - {ENTRA_CONNECTOR}
    may_be = {a: {s for s in theirs if _may_be(world, here, there, a, s)} for a in ours}
    if here.names_shown and there.names_shown:
        _eliminate(may_be)
    for active in world.needed - {ENTRA_CONNECTOR}:
        rivals = {a for a in ours if a != active and may_be[a] & may_be[active]}
        if len(may_be[active]) != 1 or rivals:
            return False
    return True


def _eliminate(may_be: dict[str, set[str]]) -> None:
    """Take what is sure of one connector from all the others, until nothing more follows."""
    for _ in may_be:
        for active, candidates in may_be.items():
            if len(candidates) == 1:
                for other in may_be:
                    if other != active and len(may_be[other]) > 1:
                        may_be[other] = may_be[other] - candidates


def _may_be(world: World, here: Given, there: Given, active: str, staging: str) -> bool:
    """Return whether what is shown of two connectors lets them be one system's."""
    one = next(s for s in world.systems if s.active == active)
    other = next(s for s in world.systems if s.staging == staging)
    kind_known = (
        here.names_shown or one.has_out_of_box,
        there.names_shown or other.has_out_of_box,
    )
    if all(kind_known) and one.kind != other.kind:
        return False
    if here.names_shown and there.names_shown and one.kind == AD:
        both = here.forests_shown and there.forests_shown
        return one == other if both else _have_one_name(one, other)
    return True


def _have_one_name(active: System, staging: System) -> bool:
    return active.names[0].casefold() == staging.names[1].casefold()


# ---- The order in which files can be run ---------------------------------------------------------


def later_in_their_file(world: World, moving: Container[str | None]) -> set[str]:
    """Return the rules that stand above the rule of their file that they are placed beside."""
    found: set[str] = set()
    for file in world.files:
        seen: set[str | None] = set()
        own = [r for i in file if (r := world.exported[i]).identifier in moving]
        for rule in own:
            reference = rule.reference
            below = {r.identifier for r in own} - seen
            if reference is not None and reference.identifier in below:
                found.add(rule.identifier or "")
            seen.add(rule.identifier)
    return found


def have_siblings_apart(world: World) -> bool:
    """Return whether rules of two files are placed by one: the order of the files may swap them."""
    homes: dict[RuleReference, set[int]] = {}
    for number, file in enumerate(world.files):
        for rule in (world.exported[i] for i in file):
            if rule.reference is not None:
                homes.setdefault(rule.reference, set()).add(number)
    return any(len(files) > 1 for files in homes.values())


def files_wait_for_each_other(world: World, moving: Container[str | None]) -> bool:
    """Return whether no order of the files puts each rule before those that name it."""
    files = [[r for i in f if (r := world.exported[i]).identifier in moving] for f in world.files]
    homes = {rule.identifier: n for n, file in enumerate(files) for rule in file}
    needs = {
        n: {
            homes[r.reference.identifier]
            for r in file
            if r.reference and r.reference.identifier in homes
        }
        - {n}
        for n, file in enumerate(files)
    }
    while needs:
        ready = {n for n, others in needs.items() if not others & needs.keys()}
        if not ready:
            return True
        needs = {n: others for n, others in needs.items() if n not in ready}
    return False
