"""What stands against the move, or should be known before it: a module for each question.

Way in: `CHECKS`, in the order in which they are told. A new check is a module and a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from syncrules.diagnostics import Diagnostic
from syncrules.servers.model import Connector

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
from .out_of_box_states import disabled_on_active, disabled_on_staging
from .precedences import doubtful_precedences, taken_precedences
from .right_server import wrong_servers
from .sound_rules import sound_rules
from .stale_rules import stale_rules
from .tagged_rules import kept_tags, tagged_rules
from .there_already import there_already
from .unknown_order import unknown_order
from .wizard_options import different_options

__all__ = ["CHECKS", "Check"]

Check = Callable[[Context], Iterable[Diagnostic]]


def _out_of_box_order(context: Context) -> Iterable[Diagnostic]:
    """Return why out-of-box rules win where others did."""
    if len(context.rule_pairing.pairs) < 2:
        return ()  # so it is with a few exports
    from .out_of_box_order import out_of_box_order

    return out_of_box_order(context)


def _schema_checks(context: Context) -> Iterator[Diagnostic]:
    """Yield what the staging server's schema lacks, and what its connectors have not selected."""
    server = context.staging
    if server.metaverse is None and not any(map(_has_schema, server.connectors)):
        return  # so it is with exports
    from .schema import unknown_attributes
    from .selected import unselected

    yield from unknown_attributes(context)
    yield from unselected(context)


def _has_schema(connector: Connector) -> bool:
    shown = connector.attributes, connector.selected_attributes, connector.selected_object_types
    return any(part is not None for part in shown)


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
    _out_of_box_order,
    left_behind,
    deleted_rules,
    only_on_staging,
    tagged_rules,
    stale_rules,
    in_place_changes,
    _schema_checks,
    flow_types,
    guids_in_text,
    sound_rules,
)
