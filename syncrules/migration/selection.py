"""Which connectors show on both servers what is selected: attributes, and object types.

Source: ma-data/attribute-inclusion and ma-partition-data in the sample configuration of
microsoft/AADConnectConfigDocumenter.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from syncrules.servers.model import Connector

from .context import Context

__all__ = ["Selections", "selections"]


class Selections(NamedTuple):
    """A connector of the rules that move, as the active server has it, and as staging does."""

    active: Connector
    staging: Connector

    @property
    def are_known(self) -> bool:
        """Whether files of both servers show what is selected."""
        return all(
            c.selected_attributes is not None and c.selected_object_types is not None for c in self
        )

    @property
    def attributes(self) -> frozenset[str]:
        """The attributes that are selected on the active server only."""
        active, staging = (c.selected_attributes for c in self)
        return frozenset() if active is None or staging is None else active - staging

    @property
    def object_types(self) -> frozenset[str]:
        """The object types that are, in a partition that is selected on both servers."""
        staging = dict(self.staging.selected_object_types or ())
        return frozenset[str]().union(
            *(
                own - staging[partition]
                for partition, own in self.active.selected_object_types or ()
                if partition in staging
            )
        )


def selections(context: Context) -> Iterator[Selections]:
    """Yield the connectors of the rules that move, each once, where both servers have them."""
    for identifier in dict.fromkeys(m.rule.connector for m in context.moving):
        active = context.active.connector(identifier)
        staging = context.staging.connector(context.connectors.get(identifier, ""))
        if active is not None and staging is not None:
            yield Selections(active, staging)
