"""How much work something is, without a clock: the calls that it makes."""

from __future__ import annotations

import sys
from collections.abc import Callable

__all__ = ["calls"]


def calls(work: Callable[[], object]) -> int:
    """Return how many functions are called."""
    count = 0

    def seen(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count
