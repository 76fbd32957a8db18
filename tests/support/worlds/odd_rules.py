"""What is odd about the active server's custom rules and their exports."""

from __future__ import annotations

from dataclasses import replace

from syncrules.rules.guids import ZERO_GUID

from .draft import Draft
from .making import custom_rule, like
from .model import placed

__all__ = [
    "deleted",
    "forgotten",
    "kept_tag",
    "later",
    "left_connector",
    "left_rule",
    "made_tag",
    "one_anchor",
    "original",
    "out_of_box_beside",
    "saved",
]


def original(draft: Draft) -> bool:
    """Edit an out-of-box rule as the Editor does: a clone, and the original disabled."""
    originals = [r for r in draft.standard if r.join_filter]
    rule = draft.new_rule()
    if rule is None:
        return False
    original = draft.dice.choice(originals)
    at = draft.standard.index(original)
    draft.standard[at] = replace(original, disabled=True)
    clone = replace(like(rule, original), disabled=False)
    suffix = draft.dice.choice(("", " - Cloned - 1/2/2026 3:04:05 PM"))
    draft.add_custom(replace(clone, name=original.name + suffix))
    return True


def one_anchor(draft: Draft) -> bool:
    world, dice = draft.world, draft.dice
    anchors = sorted(world.true_rules)
    anchors += [r.identifier or "" for r in world.custom]
    anchor, first = dice.choice(anchors), dice.random() < 0.5
    mixed = dice.random() < 0.3
    rules = [
        placed(
            custom_rule(dice, dice.choice(world.systems), n),
            anchor,
            before=dice.random() < 0.5 if mixed else first,
        )
        for n in range(200, 202 + dice.randint(0, 1))
    ]
    if dice.random() < 0.5:
        draft.add_custom(*rules)
    else:
        for rule in rules:
            draft.add_custom(rule)
    return True


def later(draft: Draft) -> bool:
    """Place a rule beside another one, and export it above that one."""
    world, dice = draft.world, draft.dice
    index, anchor = dice.choice(list(enumerate(world.custom)))
    rule = placed(
        custom_rule(dice, dice.choice(world.systems), 300),
        anchor.identifier or "",
        before=dice.random() < 0.5,
    )
    world.custom.append(rule)
    file = next(f for f in world.files if index in f)
    file.insert(file.index(index), len(world.custom) - 1)
    return True


def kept_tag(draft: Draft) -> bool:
    """Clone an out-of-box rule together with its tag."""
    original = draft.dice.choice(draft.standard)
    rule = draft.new_rule()
    if rule is None:
        return False
    clone = replace(like(rule, original), immutable_tag=original.immutable_tag)
    if draft.dice.random() < 0.7:
        clone = replace(clone, name=f"{original.name} Contoso special")
        if draft.dice.random() < 0.3:
            clone = replace(clone, precedence=450)
    draft.world.tagged.append(clone)
    return True


def made_tag(draft: Draft) -> bool:
    """Give a custom rule a tag like Microsoft's."""
    rule = draft.new_rule()
    if rule is None:
        return False
    draft.world.tagged.append(replace(rule, immutable_tag="Microsoft.ContosoSpecial.001"))
    return True


def saved(draft: Draft) -> bool:
    """Export the rules with the numbers that the active server gave them: no reference shows."""
    world = draft.world
    draft.settle()
    numbers = world.numbers()
    own = {r.identifier for r in draft.standard}
    draft.standard[:] = [r for r in world.active_rules if r.identifier in own]  # moved by then
    world.custom = [
        replace(
            r,
            precedence=numbers.get(r.identifier or "", r.precedence),
            precedence_before=ZERO_GUID,
            precedence_after=ZERO_GUID,
        )
        for r in world.custom
    ]
    return True


def deleted(draft: Draft) -> bool:
    """Delete a rule that places no other since it was exported."""
    world = draft.world
    anchors = world.anchors()
    possible = [r.identifier or "" for r in world.custom if r.identifier not in anchors]
    world.deleted.add(draft.dice.choice(possible))
    return True


def forgotten(draft: Draft) -> bool:
    """Give the active server a custom rule that is not exported."""
    rule = draft.new_rule()
    if rule is None:
        return False
    draft.world.forgotten.append(rule)
    return True


def left_rule(draft: Draft) -> bool:
    """Leave one of several rules behind, by its name or its identifier."""
    world, dice = draft.world, draft.dice
    if len(world.to_move) < 2:
        return False
    rule = dice.choice(world.to_move)
    names = [r.name for r in (*world.exported, *world.forgotten)]
    unique = names.count(rule.name) == 1
    world.left.add(rule.identifier or "")
    world.leave.append(rule.name if unique and dice.random() < 0.7 else rule.identifier or "")
    return True


def left_connector(draft: Draft) -> bool:
    """Leave all rules of one of several connectors behind."""
    world, dice = draft.world, draft.dice
    homes = sorted({r.connector for r in world.to_move})
    if len(homes) < 2:
        return False
    connector = dice.choice(homes)
    world.left |= {r.identifier or "" for r in world.custom if r.connector == connector}
    world.left_connectors.add(connector)
    world.leave.append(connector)
    return True


def out_of_box_beside(draft: Draft) -> bool:
    """Export out-of-box rules together with custom ones."""
    world, dice = draft.world, draft.dice
    own = [
        r
        for r in world.active_rules
        if r.is_out_of_box and r.identifier not in {t.identifier for t in world.tagged}
    ]
    world.beside = dice.sample(own, dice.randint(1, 3))
    draft.spread(len(world.custom) + len(world.tagged), len(world.beside))
    return True
