"""What a run does to a disk, step by step, and a fault at any of the steps."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Steps", "watched"]

_CHANGES = frozenset({"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod"})
_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Steps:
    """Counts the changes of a disk; `fault` is called before each, with its number from 0.

    What it raises comes instead of the change.
    """

    def __init__(self, fault: Callable[[int], None] = lambda _: None) -> None:
        self.fault = fault
        self.count = 0

    def next(self) -> None:
        """Count a step."""
        self.count += 1
        self.fault(self.count - 1)


_watching: list[Steps] = []
_hooked: list[bool] = []


@contextmanager
def watched(fault: Callable[[int], None] = lambda _: None) -> Iterator[Steps]:
    """Watch what this process does to a disk."""
    if not _hooked:  # a hook stays for ever
        sys.addaudithook(_hook)
        _hooked.append(True)
    steps = Steps(fault)
    _watching.append(steps)
    try:
        yield steps
    finally:
        _watching.remove(steps)


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if not _watching:
        return
    if event in _CHANGES or (event == "open" and _writes(arguments)):
        _watching[-1].next()


def _writes(arguments: tuple[object, ...]) -> bool:
    path, _, flags = arguments
    return isinstance(path, str) and isinstance(flags, int) and bool(flags & _TO_WRITE)
