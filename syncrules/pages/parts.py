"""What several pages show: when they were made, and the servers that they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from syncrules import __version__
from syncrules.servers.model import Connector, Evidence, Fact, Server, ServerFact

__all__ = ["TOOL", "UNTOLD", "Made", "Side", "side_of"]

TOOL = f"syncrules {__version__}"
"""What makes a page."""


class Made(NamedTuple):
    """When a page was made and by which command line; empty where that is not told."""

    at: str = ""
    command: str = ""


UNTOLD = Made()


@dataclass(frozen=True, slots=True)
class Side:
    """A server, what it says of itself, and on what evidence it is known."""

    title: str
    facts: tuple[tuple[Fact, tuple[ServerFact, ...]], ...]
    evidence: tuple[Evidence, ...]
    connectors: tuple[Connector, ...]
    rules: int


def side_of(title: str, server: Server) -> Side:
    """Return a server as a page shows it."""
    facts = tuple(
        (what, found)
        for what in Fact
        if (found := tuple({f.value: f for f in server.facts if f.what is what}.values()))
    )
    return Side(title, facts, server.evidence, server.connectors, len(server.rules))
