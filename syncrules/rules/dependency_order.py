"""Things in an order in which what is needed comes first."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

__all__ = ["needed_first"]

_K = TypeVar("_K", bound=Hashable)


def needed_first(keys: Iterable[_K], needs: Mapping[_K, Iterable[_K]]) -> tuple[_K, ...]:
    """Return `keys` in their order, but each behind those that it needs.

    Keys that need each other in a circle stay as they are given.

    >>> needed_first("abc", {"a": "c"})
    ('c', 'a', 'b')
    """
    ordered: dict[_K, None] = {}
    entered: set[_K] = set()
    for key in keys:
        waiting = [] if key in entered else [key]
        entered.add(key)
        while waiting:
            missing = next((n for n in needs.get(waiting[-1], ()) if n not in entered), None)
            if missing is None:
                ordered[waiting.pop()] = None
            else:
                entered.add(missing)
                waiting.append(missing)
    return tuple(ordered)
