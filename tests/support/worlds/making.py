"""Plain migrations from a seed: what every administrator may meet."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from syncrules import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule
from syncrules.rules.guids import ZERO_GUID
from syncrules.rules.model import ENTRA_CONNECTOR

from .model import AD, ECMA, ENTRA, LDAP, SQL, System, World, add, placed

__all__ = [
    "custom_rule",
    "fresh_guid",
    "like",
    "make_world",
    "numbered",
    "numbered_with",
    "out_of_box",
    "tag_of",
]

FORESTS = ("contoso.com", "fabrikam.example", "emea.tailspin.example", "xn--mnchen-3ya.example")
PURPOSES = {
    AD: (
        *("In from AD - User Join", "In from AD - User Common", "In from AD - Group Join"),
        *("Out to AD - Group Join", "In from AD - Device Common"),
    ),
    ENTRA: (
        "In from AAD - User Join",
        "Out to AAD - User Join",
        "Out to AAD - Device Join SOAInAD",
    ),
}
AWKWARD = (
    *("Sales", "O'Brien", "‘turned’ „quotes“", "$(Get-Date)", "`n back`tick", "a\nb", "–—", "%"),
    *("Zürich 字 😀", "x\u200ey", "[0]", "--%", "2024-01-01T00:00:00Z", "#>", "'; exit; '"),
)


def make_world(seed: int, *, with_references: bool = True) -> World:
    """Return the world of a seed."""
    dice = random.Random(seed)
    systems = _systems(dice)
    active, pairs = _out_of_box_here(dice, systems)
    staging, true_rules = _out_of_box_there(dice, systems, pairs)
    anchors = active if with_references else []
    custom = _custom(dice, systems, active, anchors, true_rules)
    active = numbered_with(active, custom)
    return World(seed, systems, active, staging, custom, true_rules, _files(dice, custom))


def fresh_guid(dice: random.Random) -> str:
    """Return a GUID that nothing has."""
    return str(UUID(int=dice.getrandbits(128), version=4))


def _systems(dice: random.Random) -> list[System]:
    systems = [
        System(AD, fresh_guid(dice), fresh_guid(dice), (f, dice.choice((f, f.upper()))), f)
        for f in dice.sample(FORESTS, dice.choice((1, 1, 2, 2, 3, 4)))
    ]
    for kind in (LDAP, SQL, ECMA, ENTRA):
        if dice.random() < 0.25:
            several = dice.random() < 0.3
            for number in range(1 + several):
                name = f"{kind} {number}"
                there = name if several or kind == ENTRA else dice.choice((name, f"new {kind}"))
                systems.append(System(kind, fresh_guid(dice), fresh_guid(dice), (name, there)))
    entra = "contoso.onmicrosoft.com - AAD"
    systems.append(System(ENTRA, ENTRA_CONNECTOR, ENTRA_CONNECTOR, (entra, entra)))
    dice.shuffle(systems)
    return systems


def out_of_box(name: str, identifier: str, connector: str, tag: str) -> SyncRule:
    """Return a rule of Microsoft's; its name tells its direction and object types."""
    inbound = name.startswith("In ")
    kind = "group" if "Group" in name else "user"
    other = {"user": "person", "group": "group"}[kind]
    return SyncRule(
        name=name,
        identifier=identifier,
        description="",
        direction="Inbound" if inbound else "Outbound",
        precedence=0,
        precedence_after=ZERO_GUID,
        precedence_before=ZERO_GUID,
        source_object_type=kind if inbound else other,
        target_object_type=other if inbound else kind,
        connector=connector,
        link_type="Join",
        soft_delete_expiry_interval="0",
        immutable_tag=tag,
        enable_password_sync=False,
        disabled=False,
        attribute_flow_mappings=(
            AttributeFlowMapping(("cn",), "cn", "Direct", "Update", False, None),
        ),
        join_filter=((JoinCondition("cn", "cn", False),),) if "Join" in name else (),
    )


def tag_of(name: str) -> str:
    """Return the tag, without its version, that a name of Microsoft's goes with."""
    return f"Microsoft.{name.replace(' - ', '').replace(' ', '')}"


def numbered(rules: Iterable[SyncRule]) -> list[SyncRule]:
    """Return out-of-box rules with the numbers of their order."""
    return [replace(rule, precedence=100 + n) for n, rule in enumerate(rules)]


def _out_of_box_here(
    dice: random.Random, systems: Sequence[System]
) -> tuple[list[SyncRule], list[tuple[System, SyncRule]]]:
    pairs: list[tuple[System, SyncRule]] = []
    for system in systems:
        for name in PURPOSES[system.kind] if system.has_out_of_box else ():
            tag = f"{tag_of(name)}.00{dice.randint(1, 4)}"
            rule = out_of_box(name, fresh_guid(dice), system.active, tag)
            pairs.append((system, replace(rule, disabled=dice.random() < 0.15)))
    return numbered(r for _, r in pairs), pairs


def _out_of_box_there(
    dice: random.Random, systems: Sequence[System], pairs: Sequence[tuple[System, SyncRule]]
) -> tuple[list[SyncRule], dict[str, str]]:
    """Return staging's out-of-box rules: another order, newer tags, some renamed, lost or new."""
    order = list(systems)
    dice.shuffle(order)
    rules: list[SyncRule] = []
    true: dict[str, str] = {}
    for system in order:
        for own, rule in pairs:
            if own != system:
                continue
            fate = dice.random()
            if fate < 0.08:
                continue  # this version has it no more
            name, tag = rule.name, f"{tag_of(rule.name)}.0{dice.randint(5, 40):02}"
            if fate < 0.16:
                name = f"{name} (new)"
            elif fate < 0.22:
                tag = f"{tag_of(rule.name)}V2.001"
            there = out_of_box(rule.name, fresh_guid(dice), system.staging, tag)
            rules.append(replace(there, name=name))
            true[rule.identifier or ""] = there.identifier or ""
        if system.has_out_of_box and dice.random() < 0.4:
            name = f"{'In from' if dice.random() < 0.5 else 'Out to'} AD - Something New"
            rules.append(out_of_box(name, fresh_guid(dice), system.staging, f"{tag_of(name)}.001"))
    return numbered(rules), true


def _custom(
    dice: random.Random,
    systems: Sequence[System],
    standard: Sequence[SyncRule],
    named: Sequence[SyncRule],
    true_rules: dict[str, str],
) -> list[SyncRule]:
    # Apart, so that rules placed between them do not run into the next.
    numbers = dice.sample(range(9, 99, 10), 6)
    rules: list[SyncRule] = []
    for number in numbers[: dice.randint(1, 6)]:
        system = dice.choice(systems)
        rule = custom_rule(dice, system, number)
        originals = [r for r in standard if r.connector == system.active]
        if originals and dice.random() < 0.3:
            original = dice.choice(originals)
            rule = like(rule, original)
        anchors = [r.identifier or "" for r in named if r.identifier in true_rules]
        anchors += [r.identifier or "" for r in rules if named]
        if anchors and dice.random() < 0.35:
            anchor, before = dice.choice(anchors), dice.random() < 0.5
            rule = placed(rule, anchor, before=before)
        rules.append(rule)
    return rules


def like(rule: SyncRule, original: SyncRule) -> SyncRule:
    """Return a rule that has the name of an out-of-box one and joins what it joins."""
    return replace(
        rule,
        name=original.name,
        connector=original.connector,
        direction=original.direction,
        source_object_type=original.source_object_type,
        target_object_type=original.target_object_type,
        join_filter=original.join_filter,
    )


def custom_rule(dice: random.Random, system: System, number: int) -> SyncRule:
    """Return a custom rule of a system, with words that are hard to carry over."""
    name = f"Custom {number} {dice.choice(AWKWARD)}"
    rule = out_of_box(name, fresh_guid(dice), system.active, "")
    rule = replace(rule, direction=dice.choice(("Inbound", "Outbound")))
    return replace(
        rule,
        description=dice.choice(("", *AWKWARD)),
        precedence=number,
        disabled=dice.random() < 0.2,
        enable_password_sync=dice.random() < 0.2,
        attribute_flow_mappings=(
            *rule.attribute_flow_mappings,
            AttributeFlowMapping(
                None, "displayName", "Expression", "Update", False, f'"{dice.choice(AWKWARD)}"'
            ),
            AttributeFlowMapping(("True",), "cloudFiltered", "Constant", "Update", True, None),
        ),
        scope_filter=((ScopeCondition("department", dice.choice(AWKWARD), "EQUAL"),),),
    )


def numbered_with(standard: Iterable[SyncRule], custom: Iterable[SyncRule]) -> list[SyncRule]:
    """Return the active server's rules, whose own custom ones stand where they were put."""
    rules = {r.identifier or "": r for r in standard}
    for rule in custom:
        add(rules, rule)
    return list(rules.values())


def _files(dice: random.Random, custom: Sequence[SyncRule]) -> list[list[int]]:
    """Part the custom rules into files: a rule that is named stands before those that name it."""
    cuts = sorted(dice.sample(range(1, len(custom)), min(len(custom) - 1, dice.randint(0, 2))))
    starts, ends = [0, *cuts], [*cuts, len(custom)]
    return [list(range(start, end)) for start, end in zip(starts, ends, strict=True)]
