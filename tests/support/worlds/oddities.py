"""What makes a migration odd, put into a plain one; each kind is a `Feature`."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

from . import odd_rules, odd_servers
from .draft import Draft
from .making import numbered
from .model import Feature, World

__all__ = ["drawn", "with_oddities"]

_NOT_OF_A_CONFIGURATION = frozenset(
    (Feature.LATER, Feature.DELETED, Feature.FORGOTTEN, Feature.UNREAD_RULE)
) | {Feature.OTHER_FILES, Feature.OUT_OF_BOX, Feature.SECOND}
"""What cannot be where the active server's configuration is the EXPORT."""

_NOT_WITH = {
    Feature.SAVED: {Feature.LATER},
    # What the first migration does not move cannot be in its files.
    Feature.SECOND: {Feature.KEPT_TAG, Feature.MADE_TAG, Feature.LATER, Feature.SAVED}
    | {Feature.OUT_OF_BOX, Feature.UNREAD_RULE, Feature.OTHER_FILES},
    Feature.HALF_DONE: {Feature.HALF_DIFFERENT, Feature.HALF_DISABLED},
    Feature.HALF_DIFFERENT: {Feature.HALF_DISABLED},
}


def drawn(dice: random.Random, *, from_configuration: bool) -> set[Feature]:
    """Return the features of a world; every third has none."""
    possible = [f for f in Feature if not (from_configuration and f in _NOT_OF_A_CONFIGURATION)]
    number = dice.choice((0, 1, 1, 2, 3, 4))
    found: set[Feature] = set()
    for feature in dice.sample(possible, number):
        if not any(
            feature in _NOT_WITH.get(other, ()) or other in _NOT_WITH.get(feature, ())
            for other in found
        ):
            found.add(feature)
    if from_configuration and found:
        found.add(Feature.SAVED)
    return found


def with_oddities(world: World, wanted: Iterable[Feature], dice: random.Random) -> None:
    """Change a world, and note in it which of the features it really has."""
    wanted = set(wanted)
    standard = numbered(
        sorted((r for r in world.active_rules if r.is_out_of_box), key=lambda r: r.precedence or 0)
    )
    draft = Draft(world, dice, standard)
    for feature, change in _CHANGES.items():
        if feature in wanted and change(draft):
            world.features.add(feature)
        if feature is Feature.FORGOTTEN:  # the last that changes what the active server has
            draft.settle()
            draft.spread(len(world.custom), len(world.tagged))
    # These are done where files are written and the command is run.
    world.features |= wanted & {
        *(Feature.UNREAD_RULE, Feature.OTHER_FILES, Feature.SECOND, Feature.AGAIN),
    }


_CHANGES: dict[Feature, Callable[[Draft], bool]] = {
    Feature.SAME_NAMES: odd_servers.same_names,
    Feature.MISSING: odd_servers.missing,
    Feature.EXTRA: odd_servers.extra,
    Feature.OTHER_ORDER: odd_servers.other_order,
    Feature.ORIGINAL: odd_rules.original,
    Feature.ONE_ANCHOR: odd_rules.one_anchor,
    Feature.LATER: odd_rules.later,
    Feature.KEPT_TAG: odd_rules.kept_tag,
    Feature.MADE_TAG: odd_rules.made_tag,
    Feature.SAVED: odd_rules.saved,
    Feature.DELETED: odd_rules.deleted,
    Feature.FORGOTTEN: odd_rules.forgotten,
    Feature.LEFT_RULE: odd_rules.left_rule,
    Feature.LEFT_CONNECTOR: odd_rules.left_connector,
    Feature.HALF_DONE: odd_servers.half_done,
    Feature.HALF_DIFFERENT: odd_servers.half_different,
    Feature.HALF_DISABLED: odd_servers.half_disabled,
    Feature.OF_ITS_OWN: odd_servers.of_its_own,
    Feature.OUT_OF_BOX: odd_rules.out_of_box_beside,
}
"""In the order in which things happen."""
