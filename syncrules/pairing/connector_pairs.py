"""Which connector is which, as a value."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

__all__ = ["Basis", "Pair"]


class Basis(StrEnum):
    """What a pair rests on, from the strongest to the weakest."""

    GIVEN = "given"
    ENTRA = "entra"
    MAPPED_BEFORE = "mapped-before"
    FOREST = "forest"
    PARTITIONS = "partitions"
    NAME = "name"
    ONLY_ONE = "only-one"
    ASSUMED = "assumed"


class Pair(NamedTuple):
    """A connector of the active server and the staging server's that corresponds to it.

    Both by their identifiers.
    """

    active: str
    staging: str
    basis: Basis
    evidence: str
    """Why, in words."""
