"""The step of a run that writes: what was not written is undone, what was written is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from syncrules.diagnostics import Diagnostic

from .atomic_write import OneFile, write_all
from .ending import Run
from .interruption import held_back
from .targets import is_there

__all__ = ["write"]


def write(
    out: Path,
    files: Mapping[str, bytes],
    obsolete: Iterable[str] = (),
    beside: OneFile | None = None,
) -> tuple[Diagnostic, ...]:
    """Write all files into `out` and a page beside, or none; return why it failed.

    A signal undoes it. Files that are there already, equal byte for byte, are left alone.
    """
    run = click.get_current_context().ensure_object(Run)
    new = {name: data for name, data in files.items() if not is_there(out / name, data)}
    old = [name for name in obsolete if name not in files]
    if not (new or old or beside):
        run.written = out
        return ()
    with held_back() as end_if_asked:
        failed = write_all(out, new, old, end_if_asked, beside)
        if not failed:
            run.written = out
    return failed
