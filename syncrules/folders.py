"""Paths to the files that they name: those that are read, and those that are ignored."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Place, Problem
from syncrules.migration.output_names import PROLOGUE_START
from syncrules.wording import first_of

__all__ = [
    "Input",
    "cannot_be_read",
    "has_rules",
    "inputs_in",
    "is_kit",
    "is_prose",
    "passed_over",
]

_SUFFIXES = (".ps1", ".txt", ".json", ".csv", ".xml")
_XML = ".xml"
_MAX_PASSED_OVER = 1000
_RULE = re.compile(
    rb"^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[ \t]*New-ADSyncRule[ \t]+[`-]",
    re.IGNORECASE | re.MULTILINE,
)


_A_KIT = Problem(
    Code.SR110,
    "This is a kit that syncrules wrote: its rules are mapped already, and it is not a file of a "
    "server.",
    "Give the server's own files. syncrules verify compares a kit with the staging server.",
)


class Input(NamedTuple):
    """A file to be read; XML files of one `folder` are one server's configuration.

    `refusal` says why there is nothing to read at its path. A file that is not `is_read` lies in
    the folder and is ignored: it is only looked at for rules that would be forgotten.
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
        if is_kit(path):
            return (Input(path, refusal=_A_KIT.at(Place(str(path)))),)
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
    return (Input(path, refusal=_nothing_to_read(path).at(Place(str(path)))),)


def _nothing_to_read(path: Path) -> Problem:
    """Return the problem of a folder without files to read: what is in it, and what to give."""
    inside = [*islice(_all_files(path), _MAX_PASSED_OVER)]
    below = {p.parent for p in inside if p.suffix.lower() in _SUFFIXES}
    if below:
        folders = first_of(sorted(map(str, below)))
        return Problem(
            Code.SR110,
            "The folder contains no .ps1, .txt, .json, .csv or .xml file itself; folders in it do.",
            f"Give the folder of the exports or of the configuration itself: {folders}.",
        )
    names = first_of([p.relative_to(path).as_posix() for p in inside])
    what = f"It contains: {names}." if inside else "It is empty."
    return Problem(
        Code.SR110,
        f"The folder contains no .ps1, .txt, .json, .csv or .xml file. {what}",
        "Give the folder that contains the exports or the configuration; unpack archives first."
        if inside
        else "Give the folder that contains the exports or the configuration.",
    )


def is_kit(folder: Path) -> bool:
    """Return whether a folder looks like a kit: it has a plan, and the script that checks it."""
    return all((folder / name).is_file() for name in ("manifest.json", "1-check.ps1"))


def passed_over(path: Path, read: Iterable[Input]) -> tuple[Input, ...]:
    """Return the files in a folder, and in folders below it, that are not among those `read`.

    Hidden folders, such as that of a version control, are not looked into. Of a thousand files
    on, the rest is not named. Of a path that is refused, or is not a folder, there are none.
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


def is_prose(path: Path, data: bytes) -> bool:
    """Return whether a file in a folder is a text that tells nothing of a server, as a licence.

    What is not plain text may be an export that something has damaged.
    """
    if path.suffix.lower() != ".txt" or b"adsync" in data.lower() or not data.strip():
        return False
    try:
        return all(c.isprintable() or c in "\t\r\n\f" for c in data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return False


def cannot_be_read(path: Path, why: str | OSError | ValueError) -> Diagnostic:
    """Return the diagnostic for a file that cannot be read."""
    if isinstance(why, FileNotFoundError):
        return _not_there(path).at(Place(str(path)))
    said = (why.strerror if isinstance(why, OSError) else None) or str(why)
    return Problem(
        Code.SR109,
        f"The file cannot be read: {said}.",
        "Check the path and the permissions.",
    ).at(Place(str(path)))


def _not_there(path: Path) -> Problem:
    """Return the problem of a path where nothing is, with the names that may be meant."""
    return Problem(Code.SR109, "There is no such file or folder.", _what_is_there(path))


def _what_is_there(path: Path) -> str:
    from difflib import get_close_matches  # most runs find what they are given

    folder = path.absolute().parent
    try:
        names = {p.name.lower(): p.name for p in _in_order(folder) if not p.name.startswith(".")}
    except OSError:
        return f"Check the path: the folder {folder} is not there, or may not be read."
    near = get_close_matches(path.name.lower(), names, cutoff=0.7)
    if near:
        meant = " or ".join(str(path.with_name(names[name])) for name in near)
        return f"Check the path. Did you mean {meant}?"
    return f"Check the path. The folder {folder} contains: {first_of(names.values()) or 'nothing'}."


def _in_order(folder: Path) -> list[Path]:
    return sorted(folder.iterdir(), key=lambda p: (p.name.lower(), p.name))


def _all_files(folder: Path) -> Iterator[Path]:
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(where, name) for name in sorted(files))
