"""What is odd about the two servers: their connectors, out-of-box rules, and what staging has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from syncrules import ScopeCondition, SyncRule

from .draft import Draft
from .making import custom_rule, fresh_guid, numbered, out_of_box, tag_of
from .model import AD, Already, add

__all__ = [
    "extra",
    "half_different",
    "half_disabled",
    "half_done",
    "missing",
    "of_its_own",
    "other_order",
    "same_names",
]


def same_names(draft: Draft) -> bool:
    """Give two forests one name, on both servers."""
    world = draft.world
    forests = [s for s in world.systems if s.kind == AD]
    if len(forests) < 2:
        return False
    renamed = draft.dice.sample(forests, 2)
    world.systems = [
        replace(s, names=("corp", "corp")) if s in renamed else s for s in world.systems
    ]
    return True


def missing(draft: Draft) -> bool:
    """Take an out-of-box rule off staging, even one that places others."""
    world = draft.world
    active = draft.dice.choice(sorted(world.true_rules))
    staging = world.true_rules.pop(active)
    world.staging_rules = numbered(r for r in world.staging_rules if r.identifier != staging)
    return True


def extra(draft: Draft) -> bool:
    """Give staging an out-of-box rule that the active server has not."""
    world, dice = draft.world, draft.dice
    system = dice.choice([s for s in world.systems if s.has_out_of_box])
    name = "In from AD - Something Else"
    rule = out_of_box(name, fresh_guid(dice), system.staging, f"{tag_of(name)}.001")
    at = dice.randint(0, len(world.staging_rules))
    world.staging_rules = numbered([*world.staging_rules[:at], rule, *world.staging_rules[at:]])
    return True


def other_order(draft: Draft) -> bool:
    """Give staging's out-of-box rules the numbers of another order."""
    rules = draft.world.staging_rules
    draft.world.staging_rules = numbered(draft.dice.sample(rules, len(rules)))
    return True


# ---- What staging has already --------------------------------------------------------------------


def half_done(draft: Draft) -> bool:
    """Create the first rules on staging, equal to the exported ones."""
    world = draft.world
    there = [r for r in world.custom if r.identifier not in world.deleted]
    if not there:
        return False
    expected = world.expected()
    rules = {r.identifier or "": r for r in world.staging_rules}
    for original in there[: draft.dice.randint(1, len(there))]:
        identifier = original.identifier or ""
        rule = expected[identifier]
        taken = rule.precedence in {r.precedence for r in rules.values()}
        if taken if rule.reference is None else rule.reference.identifier not in rules:
            break
        add(rules, rule)
        world.already[identifier] = Already(expected[identifier])
    world.staging_rules = list(rules.values())
    return bool(world.already)


def _changed_there(draft: Draft, change: Callable[[SyncRule], tuple[str, SyncRule]]) -> bool:
    """Create the first rules on staging, and change one of them."""
    world = draft.world
    if not half_done(draft):
        return False
    identifier = draft.dice.choice(sorted(world.already))
    index = next(i for i, r in enumerate(world.staging_rules) if r.identifier == identifier)
    field, rule = change(world.staging_rules[index])
    world.staging_rules[index] = rule
    world.already[identifier] = Already(rule, field)
    return True


def half_different(draft: Draft) -> bool:
    """Create the first rules on staging, and one of them otherwise."""
    return _changed_there(draft, lambda rule: draft.dice.choice(_differences(rule)))


def _differences(rule: SyncRule) -> list[tuple[str, SyncRule]]:
    """Return a rule with one field changed, for each field that counts."""
    scope = ((ScopeCondition("department", "other", "EQUAL"),),)
    sync = not rule.enable_password_sync
    return [
        (
            "attribute flow to",
            replace(rule, attribute_flow_mappings=rule.attribute_flow_mappings[:1]),
        ),
        ("description is", replace(rule, description="edited there")),
        ("scope is", replace(rule, scope_filter=scope)),
        ("join is", replace(rule, join_filter=() if rule.join_filter else _JOIN)),
        ("link type is", replace(rule, link_type="Provision")),
        ("password sync is", replace(rule, enable_password_sync=sync)),
        ("soft delete interval is", replace(rule, soft_delete_expiry_interval="1.00:00:00")),
    ]


_JOIN = out_of_box("Join", "", "", "").join_filter


def half_disabled(draft: Draft) -> bool:
    """Create the first rules on staging, and disable one of them."""
    world = draft.world
    if not half_done(draft):
        return False
    enabled = [k for k, a in world.already.items() if not a.rule.disabled]
    if not enabled:
        return False
    identifier = draft.dice.choice(sorted(enabled))
    index = next(i for i, r in enumerate(world.staging_rules) if r.identifier == identifier)
    rule = replace(world.staging_rules[index], disabled=True)
    world.staging_rules[index] = rule
    world.already[identifier] = Already(rule, "Disabled")
    return True


def of_its_own(draft: Draft) -> bool:
    """Give staging rules that only it has; some have a number that a rule to be moved has."""
    world, dice = draft.world, draft.dice
    for _ in range(dice.randint(1, 2)):
        system, number = dice.choice(world.systems), draft.free_number()
        taken = {r.precedence for r in world.staging_rules}
        wanted = [r.precedence for r in world.custom if r.reference is None]
        if dice.random() < 0.25 and (clashing := [n for n in wanted if n not in taken]):
            number = dice.choice(clashing)
        if number is None:
            continue
        rule = replace(custom_rule(dice, system, number), connector=system.staging)
        world.staging_rules.append(replace(rule, name=f"Own {rule.name}"))
    return bool(world.of_its_own)
