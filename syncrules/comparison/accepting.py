"""Differences that someone has accepted, by keys that the same difference has again.

A key tells the kind, what differs, and by a digest what it is on both servers: what changes further
has another key, so it is new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from .model import Comparison, DifferenceLevel, ServerDifference

__all__ = ["Accepted", "accepting", "key_of"]


class Accepted(NamedTuple):
    """An accepted difference, and why it is accepted."""

    key: str
    reason: str


def key_of(difference: ServerDifference) -> str:
    """Return the key of a difference: kind, connector, direction, name and a digest."""
    subject = difference.subject
    told = difference.content or "\n".join(map(repr, sorted(difference.details, key=repr)))
    digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    parts = (difference.kind, subject.connector.lower(), subject.direction, subject.name, digest)
    return "|".join(parts)


def accepting(
    found: Comparison, accepted: Iterable[Accepted]
) -> tuple[Comparison, tuple[Accepted, ...]]:
    """Return a comparison in which differences are accepted, and what is no longer there.

    One acceptance is for one difference.
    """
    waiting: dict[str, list[Accepted]] = {}
    for one in accepted:
        waiting.setdefault(one.key, []).append(one)
    differences = tuple(_accepted(d, waiting) for d in found.differences)
    rest = tuple(one for own in waiting.values() for one in own)
    return replace(found, differences=differences), rest


def _accepted(
    difference: ServerDifference, waiting: Mapping[str, list[Accepted]]
) -> ServerDifference:
    own = waiting.get(key_of(difference))
    if not own:
        return difference
    reason = own.pop(0).reason
    return replace(difference, level=DifferenceLevel.ACCEPTED, cause=reason or difference.cause)
