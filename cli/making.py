"""When a run is made, and by which command line: only a report tells it."""

from __future__ import annotations

import os
import time

import click

from syncrules.pages.parts import Made

from .ending import Run

__all__ = ["made"]

_EPOCH = "SOURCE_DATE_EPOCH"
"""What builds set that are to come out the same again: see reproducible-builds.org."""


def made() -> Made:
    """Return the time in UTC, which SOURCE_DATE_EPOCH may set, and the words of this run."""
    import shlex  # only few runs write a report

    given = click.get_current_context().ensure_object(Run).arguments
    at = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(_epoch()))
    return Made(at, shlex.join(("syncrules", *given)))


def _epoch() -> float:
    given = os.environ.get(_EPOCH)
    if given is None:
        return time.time()
    try:
        time.gmtime(int(given))
        return int(given)
    except (ValueError, OverflowError, OSError):
        raise click.UsageError(
            f"The environment variable {_EPOCH} is not a number of seconds. Correct or unset it."
        ) from None
