"""What stands against the move, or should be known before it: a module for each question.

Way in: `CHECKS`, in the order in which they are told. A new check is a module and a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from syncrules.diagnostics import Diagnostic

from ..context import Context
from .clones import clones
from .creation_order import creation_order
from .deleted_rules import deleted_rules
from .exports_together import exports_together
from .flow_types import flow_types
from .found_before import (
    unknown_to_leave,
    unnumbered,
    unpaired_connectors,
    unresolved_references,
)
from .guids_in_text import guids_in_text
from .in_place_changes import in_place_changes
from .left_behind import left_behind
from .neighbours import changed_neighbours
from .only_on_staging import only_on_staging
from .out_of_box_order import out_of_box_order
from .out_of_box_states import disabled_on_active, disabled_on_staging
from .precedences import doubtful_precedences, taken_precedences
from .right_server import wrong_servers
from .schema import unknown_attributes
from .selected import unselected
from .sound_rules import sound_rules
from .stale_rules import stale_rules
from .tagged_rules import kept_tags, tagged_rules
from .there_already import there_already
from .unknown_order import unknown_order
from .wizard_options import different_options

__all__ = ["CHECKS", "Check"]

Check = Callable[[Context], Iterable[Diagnostic]]

CHECKS: tuple[Check, ...] = (
    exports_together,
    kept_tags,
    wrong_servers,
    unknown_to_leave,
    unpaired_connectors,
    disabled_on_active,
    clones,
    there_already,
    unresolved_references,
    creation_order,
    unnumbered,
    taken_precedences,
    doubtful_precedences,
    changed_neighbours,
    unknown_order,
    different_options,
    disabled_on_staging,
    out_of_box_order,
    left_behind,
    deleted_rules,
    only_on_staging,
    tagged_rules,
    stale_rules,
    in_place_changes,
    unknown_attributes,
    unselected,
    flow_types,
    guids_in_text,
    sound_rules,
)
