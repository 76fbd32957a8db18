"""A progress bar for runs of more than a second, on a terminal only."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

__all__ = ["progress"]

_QUIET_SECONDS = 1.0


@contextmanager
def progress(total: int) -> Iterator[Callable[[], None]]:
    """Show how many of `total` files are done; yields the function to call after each."""
    done = 0
    show: Callable[[int], None] | None = None

    def advance() -> None:
        nonlocal done
        done += 1
        if show is not None:
            show(done)

    if sys.stderr is None or not sys.stderr.isatty():
        yield advance
        return
    with ExitStack() as stack:

        def begin() -> None:
            nonlocal show
            show = _bar(stack, total, done)

        timer = threading.Timer(_QUIET_SECONDS, begin)
        timer.daemon = True
        timer.start()
        try:
            yield advance
        finally:
            timer.cancel()
            timer.join()


def _bar(stack: ExitStack, total: int, done: int) -> Callable[[int], None]:
    from click import progressbar  # a quick run has none

    bar = stack.enter_context(progressbar(length=total, label="Reading", file=sys.stderr))
    bar.update(done)
    return lambda completed: bar.update(completed - bar.pos)
