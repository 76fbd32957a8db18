"""Standard output and standard error that may be full, or closed by who reads them."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = ["forgiving_streams"]


class _Forgiving(io.BufferedIOBase):
    """A stream that drops what its own cannot take; `error` says why it could not."""

    def __init__(self, own: BinaryIO) -> None:
        self.own = own
        self.error: OSError | None = None

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self.own.isatty()

    def fileno(self) -> int:
        return self.own.fileno()

    def write(self, data: ReadableBuffer, /) -> int:
        self._try(lambda: self.own.write(data))
        return memoryview(data).nbytes

    def flush(self) -> None:
        self._try(self.own.flush)

    def close(self) -> None:
        """Leave its own alone, which may be closed already when this one is thrown away."""

    def _try(self, act: Callable[[], object]) -> None:
        if self.error is None:
            try:
                act()
            except OSError as error:
                self.error = error


@contextmanager
def forgiving_streams() -> Iterator[Callable[[], OSError | None]]:
    """Let the run go on when its output is not taken; yields what returns why it was not.

    Text of another code page must not end the run either: what the console lacks is escaped.
    """
    with ExitStack() as stack:
        streams = [stack.enter_context(_forgiving(name)) for name in ("stdout", "stderr")]
        yield lambda: next((s.error for s in streams if s is not None and s.error), None)


@contextmanager
def _forgiving(name: str) -> Iterator[_Forgiving | None]:
    own = getattr(sys, name)
    if not hasattr(own, "buffer"):  # none at all, or another program's own
        yield None
        return
    own.flush()
    stream = _Forgiving(own.buffer)
    text = io.TextIOWrapper(
        cast(BinaryIO, stream),
        own.encoding,
        "backslashreplace",
        line_buffering=own.line_buffering,
    )
    setattr(sys, name, text)
    try:
        yield stream
    finally:
        text.flush()
        text.detach()  # else it would close what is not its own
        setattr(sys, name, own)
        if stream.error is not None:
            _discard(own)


def _discard(own: io.TextIOWrapper) -> None:
    """Send what a stream still holds to nowhere: Python would try, and fail, again at its end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, own.fileno())
        os.close(nowhere)
