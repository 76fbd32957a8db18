"""The signals that end a run: Ctrl-C, SIGTERM, SIGHUP; on Windows Ctrl-Break, a closed window."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Interrupted", "held_back", "interruptible"]

_ENDING = tuple(
    signal.Signals[name]
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if name in signal.Signals.__members__
)


class Interrupted(KeyboardInterrupt):
    """A signal asks the run to end; `number` is the signal's."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def interruptible() -> Iterator[None]:
    """Let each of the signals raise `Interrupted`, where the system would end the process."""

    def interrupt(number: int, _frame: FrameType | None) -> None:
        raise Interrupted(number)

    with _handled_by(interrupt):
        yield


@contextmanager
def held_back() -> Iterator[Callable[[], None]]:
    """Hold the signals back; yields what raises `Interrupted` if one has come meanwhile.

    So the run ends only where all can be undone, and no second signal disturbs the undoing. One
    that comes after the last of these moments comes too late, and is dropped.
    """
    come: list[int] = []

    def end_if_asked() -> None:
        if come:
            raise Interrupted(come[0])

    with _handled_by(lambda number, _frame: come.append(number)):
        yield end_if_asked


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    before = {}
    if threading.current_thread() is threading.main_thread():  # no other may set handlers
        for number in _ENDING:
            # What is ignored stays so: a run under nohup is to outlive its terminal.
            if signal.getsignal(number) not in (signal.SIG_IGN, None):
                before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
