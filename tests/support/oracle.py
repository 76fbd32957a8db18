"""What a run of the command said, held against what is true of its world.

Three questions: does it say anything that is not so (`wrong`), does it pass over anything in
silence (`unaccounted`), and is every refusal one that something in the world justifies (`verdict`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from support.due import due, may_be_of_this_migration, moves, passed_over, states_shown, unresolved
from support.migrations import Finding, Run
from support.worlds.known import (
    can_be_told,
    files_wait_for_each_other,
    have_siblings_apart,
    later_in_their_file,
)
from syncrules import SyncRule

__all__ = ["unaccounted", "verdict", "wrong"]

AMBIGUOUS = frozenset(("SR404", "SR405", "SR406"))
"""No connector to go to, none of the kind, or several: what files that show too little come to."""


def verdict(found: Run) -> tuple[str, list[str]]:
    """Return 'mapped', 'refused', 'wrong' or 'unaccounted', and what is not as it should be."""
    against = [f"{f.code} is refused without need: {f.text}" for f in _needless(found)]
    if not AMBIGUOUS & set(found.errors):  # what follows from an error is not told beside it
        against += [f"nothing says {d}" for d in due(found) if not d.is_met_by(found)]
    if found.outcome.code not in (0, 1):
        against.append(f"exit code {found.outcome.code}: {found.outcome.stderr}")
    if found.outcome.code == 0:
        against += [*wrong(found), *_changed_again(found)]
    if against:
        return "wrong", against
    if found.outcome.code == 0:
        lost = list(unaccounted(found))
        return ("unaccounted", lost) if lost else ("mapped", [])
    return "refused", []


# ---- Refusals ------------------------------------------------------------------------------------


def _needless(found: Run) -> Iterator[Finding]:
    """Yield the errors that nothing in the world justifies."""
    allowed = {code for d in due(found) if d.severity == "error" for code in d.codes}
    allowed |= set(_allowed(found))
    return (f for f in found.findings if f.severity == "error" and f.code not in allowed)


def _allowed(found: Run) -> Iterator[str]:
    world = found.world
    if not found.is_decided and not can_be_told(world, found.here, found.there):
        yield from AMBIGUOUS
    if any(may_be_of_this_migration(found, rule) for rule in world.to_move):
        yield "SR412"
    if unresolved(found):
        yield from ("SR412", "SR421", "SR423")
    homes = {r.identifier: r.connector for r in world.active_rules}
    if any(homes.get(anchor) in world.left_connectors for anchor in world.anchors()):
        yield "SR421"
    if files_wait_for_each_other(world, moves(found)):
        yield "SR425"
    if any(world.clashes(_order(found))) or _is_half_seen(found):
        yield "SR440"
    if world.tagged:
        yield "SR458"
    if any(_swapped(found)) or (AMBIGUOUS & set(found.errors) and have_siblings_apart(world)):
        yield "SR447"


def _order(found: Run) -> list[str]:
    """Return the order of creation; the plan's own, unless it leaves out what has no connector."""
    moved = list(found.moved)
    return moved if len(moved) == len(moves(found)) else moves(found)


def _is_half_seen(found: Run) -> bool:
    """Return whether staging has rules already, and files may show some of them only."""
    return bool(found.world.already) and not found.there.all_rules


# ---- What is said, and is not so -----------------------------------------------------------------


def wrong(found: Run) -> list[str]:
    """Return what the plan says that is not true."""
    world, document = found.world, found.document
    said = [
        f"connector {p['from']} -> {p['to']}"
        for p in document["pairs"]
        if world.true_connectors[p["from"]] != p["to"]
    ]
    said += [
        f"rule {p['from']} -> {p['to']}"
        for p in document["rule_pairs"]
        if world.true_rules.get(p["from"]) != p["to"]
    ]
    own = moves(found)
    expected = {i: r for i, r in world.expected().items() if i in own}
    if found.moved.keys() != expected.keys():
        said.append(f"moved {sorted(found.moved)} instead of {sorted(expected)}")
        return said
    for identifier, rule in found.moved.items():
        true = expected[identifier]
        for key in ("name", "connector", "precedence_before", "precedence_after"):
            if rule[key] != getattr(true, key):
                said.append(f"{key} of {identifier}: {rule[key]}, not {getattr(true, key)}")
    disabled = {p["to"] for p in document["disabled"]}
    due_there = {i for i in world.to_disable() if _is_shown(found, i)}
    if disabled != due_there:
        said.append(f"disables {sorted(disabled)} and should {sorted(due_there)}")
    said += _untrue_reasons(found)
    said += _untold_swaps(found)
    return [*said, *_wrong_numbers(found)]


def _wrong_numbers(found: Run) -> Iterator[str]:
    """Yield the precedences that the server will not show; they are known from all of its rules."""
    if found.there.all_rules:
        after = found.world.after(found.moved)
        for identifier, rule in found.moved.items():
            if rule["precedence_shown"] != after[identifier].precedence:
                yield f"{identifier} shows {after[identifier].precedence} in the end"


def _swapped(found: Run) -> Iterator[tuple[str, str]]:
    """Yield the rules of one direction that stand on staging in another order than on active."""
    world = found.world
    if unresolved(found) or _cannot_run(found):
        return
    order = _order(found)
    there, here = world.after(order), world.numbers()
    for one, other in combinations((i for i in order if i in here), 2):
        if there[one].direction == there[other].direction:
            before, after = here[one] < here[other], _number(there[one]) < _number(there[other])
            if before is not after:
                yield (one, other)


def _cannot_run(found: Run) -> bool:
    """Return whether a rule of the files would be created before the one that it is placed by."""
    world, own = found.world, moves(found)
    out_of_order = later_in_their_file(world, own) or files_wait_for_each_other(world, own)
    return found.command == "remap" and bool(out_of_order)


def _number(rule: SyncRule) -> int:
    return rule.precedence or 0


def _untold_swaps(found: Run) -> Iterator[str]:
    """Yield the rules that change places, and of which no warning says so."""
    names = {i: r.name for i, r in found.world.expected().items()}
    for pair in _swapped(found):
        if not any(
            f.code in ("SR445", "SR447", "SR485") and names[i] in f.text
            for i in pair
            for f in found.findings
        ):
            yield f"the order of {' and '.join(repr(names[i]) for i in pair)} is not active's"


def _is_shown(found: Run, target: str) -> bool:
    """Return whether the files show what is needed to disable a rule.

    The active server's its state, the staging server's the rule, and both which connector it is of.
    """
    (source,) = (s for s, t in found.world.true_rules.items() if t == target)
    (rule,) = (r for r in found.world.staging_rules if r.identifier == target)
    paired = {p["to"] for p in found.document["pairs"]}
    return (
        source in states_shown(found)
        and target in found.there.rules_shown
        and rule.connector in paired
    )


def _untrue_reasons(found: Run) -> Iterator[str]:
    """Yield the rules that are left out for a reason that is not so."""
    world = found.world
    paired = {p["from"] for p in found.document["pairs"]}
    homes = {r.identifier: r.connector for r in world.exported}
    for left in found.document["left_out"]:
        true = world.true_rules.get(left["identifier"])
        if "has its own" in left["why"] and true is None:
            yield f"'{left['name']}' is left out, and staging has none of its own"
        home = homes.get(left["identifier"])
        shown = true in found.there.rules_shown and home in paired
        if "not certain" in left["why"] and shown:
            yield f"'{left['name']}' is left out as if staging's were not known"
        asked_for = left["identifier"] in world.left or home in world.left_connectors
        if "on purpose" in left["why"] and not asked_for:
            yield f"'{left['name']}' is left out as if that was asked for"
        if "already" in left["why"] and left["identifier"] not in passed_over(found):
            yield f"'{left['name']}' is left out as if staging had it"


def _changed_again(found: Run) -> Iterator[str]:
    """Yield what the command made of its own outputs, if it is not the same again."""
    again = found.again
    if again is not None and (again.outcome.code != 0 or again.before != again.after):
        yield f"its outputs given again: exit code {again.outcome.code}: {again.outcome.stderr}"


# ---- What is passed over in silence --------------------------------------------------------------


def unaccounted(found: Run) -> Iterator[str]:
    """Yield the rules, files and connectors that were given and of which nothing is said."""
    world, document = found.world, found.document
    left = {o["identifier"] for o in document["left_out"]}
    told = "\n".join(f.text for f in found.findings)
    given = [*world.exported, *(world.forgotten if found.here.all_rules else ())]
    for rule in given:
        is_listed = rule.identifier in found.moved or rule.identifier in left
        if not is_listed and rule.name not in told:
            yield f"rule '{rule.name}'"
    for rule in world.tagged:
        if rule.name not in told and rule.identifier not in left:
            yield f"custom rule with a tag '{rule.name}'"
    used = {e["name"] for side in document["evidence"].values() for e in side}
    used |= {f["made_from"] for f in document["files"]} | {o["file"] for o in document["left_out"]}
    for path in (*found.exports.files, *found.here.paths, *found.there.paths):
        if str(path) not in used and str(path) not in told:
            yield f"file {path}"
    paired = {p["from"] for p in document["pairs"]}
    for connector in world.needed:
        if connector not in paired and connector not in told:
            yield f"connector {connector}"
