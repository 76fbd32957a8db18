"""Paths to the files that they name: those that are read, and those that are passed over."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Place, Problem
from syncrules.migration.output_names import PROLOGUE_START

__all__ = ["Input", "cannot_be_read", "has_rules", "inputs_in", "passed_over"]

_SUFFIXES = (".ps1", ".txt", ".json", ".csv", ".xml")
_XML = ".xml"
_MAX_PASSED_OVER = 1000
_RULE = re.compile(
    rb"^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[ \t]*New-ADSyncRule[ \t]+[`-]",
    re.IGNORECASE | re.MULTILINE,
)


class Input(NamedTuple):
    """A file to be read; XML files of one `folder` are one server's configuration.

    `refusal` says why there is nothing to read at its path. A file that is not `is_read` lies in
    the folder and is passed over: it is only looked at for rules that would be forgotten.
    """

    path: Path
    folder: Path | None = None
    refusal: Diagnostic | None = None
    is_read: bool = True


def inputs_in(path: Path) -> tuple[Input, ...]:
    """Return the files that a path names: itself, or those in the folder, by name.

    Of folders in it, only XML is taken: a server's configuration stands in three of them.
    """
    try:
        if not path.is_dir():
            return (Input(path),)
        own = [p for p in _in_order(path) if p.suffix.lower() in _SUFFIXES and not p.is_dir()]
        below = [
            p
            for folder in _in_order(path)
            if folder.is_dir()
            for p in _in_order(folder)
            if p.suffix.lower() == _XML and not p.is_dir()
        ]
    except (OSError, ValueError) as error:
        return (Input(path, refusal=cannot_be_read(path, error)),)
    if own or below:
        return tuple(Input(p, path) for p in (*own, *below))
    nothing = Problem(
        Code.SR110,
        "The folder holds no .ps1, .txt, .json, .csv or .xml file.",
        "Name the folder of the exports or of the configuration itself; other folders in it are "
        "not searched.",
    )
    return (Input(path, refusal=nothing.at(Place(str(path)))),)


def passed_over(path: Path, read: Iterable[Input]) -> tuple[Input, ...]:
    """Return the files in a folder, and in folders below it, that are not among those `read`.

    Hidden folders, such as that of a version control, are not looked into. Of a thousand files
    on, the rest is not named. Of a path that is refused, or is no folder, there are none.
    """
    read = tuple(read)
    if any(one.refusal is not None and one.path == path for one in read):
        return ()
    plain = {one.path for one in read}
    left = (file for file in _all_files(path) if file not in plain)
    first = next(left, None)
    if first is None:
        return ()
    known = {_resolved(one.path) for one in read}  # it may have been read by another name
    over = (file for file in chain((first,), left) if _resolved(file) not in known)
    return tuple(Input(file, path, is_read=False) for file in islice(over, _MAX_PASSED_OVER))


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, ValueError):  # of a file that cannot be read either
        return path


def has_rules(data: bytes) -> bool:
    """Return whether a file has a rule that no earlier run mapped, in UTF-8, UTF-16 or near it."""
    plain = data.replace(b"\0", b"")
    return _RULE.search(plain) is not None and PROLOGUE_START.encode() not in plain[:200]


def cannot_be_read(path: Path, why: str | OSError | ValueError) -> Diagnostic:
    """Return the diagnostic for a file that cannot be read."""
    said = (why.strerror if isinstance(why, OSError) else None) or str(why)
    return Problem(
        Code.SR109,
        f"The file cannot be read: {said}.",
        "Check the path and the permissions.",
    ).at(Place(str(path)))


def _in_order(folder: Path) -> list[Path]:
    return sorted(folder.iterdir(), key=lambda p: (p.name.lower(), p.name))


def _all_files(folder: Path) -> Iterator[Path]:
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(where, name) for name in sorted(files))
