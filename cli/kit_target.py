"""What stands against writing a kit into a folder: only a kit that was never used is replaced."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from syncrules.diagnostics import Code, Diagnostic, Place, Problem
from syncrules.errors import NotAManifest
from syncrules.files import load
from syncrules.kit.assembling import WRITTEN_IN_USE
from syncrules.kit.manifest import MANIFEST, read_manifest
from syncrules.kit.report import REPORT

from .atomic_write import WORK_PREFIX, cannot_write
from .targets import is_no_folder, is_there, leftovers, shown_names

__all__ = ["check_kit_target", "is_same_kit"]

_NAME_SURROGATE = 0x20000000
"""The bit of a reparse tag that tells a link on Windows, such as a junction, from a plain folder.

https://learn.microsoft.com/windows/win32/fileio/reparse-point-tags
"""


def check_kit_target(
    out: Path, files: Mapping[str, bytes], inputs: Iterable[Path], *, force: bool
) -> tuple[tuple[str, ...], tuple[Diagnostic, ...]]:
    """Return the paths of the kit in `out`, if one is there, and what stands against replacing it.

    A folder that is new or empty may be written into; of another, every file must be a kit's. A
    kit of the same `files` is not replaced, so nothing stands against it.
    """
    try:
        if no_folder := is_no_folder(out):
            return (), (no_folder,)
        kit, against = _kit_in(out, tuple(inputs))
        if kit and not (force or against is not None or is_same_kit(out, files)):
            against = _UNFORCED
        problems = () if against is None else (against.at(Place(str(out))),)
        return kit, (*problems, *leftovers(out))
    except OSError as error:
        return (), (cannot_write(out, error),)


def is_same_kit(out: Path, files: Mapping[str, bytes]) -> bool:
    """Return whether all files are there, equal; the manifest among them lists no others.

    The report is not looked at: it tells when it was made.
    """
    return all(is_there(out / path, data) for path, data in files.items() if path != REPORT)


def _kit_in(out: Path, inputs: tuple[Path, ...]) -> tuple[tuple[str, ...], Problem | None]:
    names = [p.name for p in out.iterdir() if not _is_work(p.name)] if out.exists() else []
    if not names:
        return (), None
    if any(out.resolve() in p.resolve().parents for p in inputs if p.exists()):
        return (), _HOLDS_AN_INPUT
    kit = _files_of_kit(out)
    if kit is None:
        return (), _NO_KIT
    if used := [n for n in names if any(fnmatchcase(n.lower(), p) for p in WRITTEN_IN_USE)]:
        return (), _used(used)
    if strange := list(_strangers(out, frozenset(kit))):
        return (), _not_of_the_kit(strange)
    return kit, None


def _is_work(name: str) -> bool:
    return name.startswith(WORK_PREFIX)


def _files_of_kit(out: Path) -> tuple[str, ...] | None:
    """Return the paths of a kit's files, by its manifest; `None` where there is none."""
    data, _ = load(out / MANIFEST)
    if data is None:
        return None
    try:
        return (*read_manifest(data).files, MANIFEST, REPORT)
    except NotAManifest:
        return None


def _strangers(out: Path, kit: frozenset[str], folder: str = "") -> Iterator[str]:
    """Yield what is in a folder and not of the kit; of a folder that has none of it, its name."""
    folders = {str(parent) for path in kit for parent in PurePosixPath(path).parents}
    for entry in sorted(os.scandir(out / folder), key=lambda e: e.name):
        path = f"{folder}{entry.name}"
        if _is_plain_folder(entry) and path in folders:
            yield from _strangers(out, kit, f"{path}/")
        elif not (_is_work(path) or (path in kit and entry.is_file(follow_symlinks=False))):
            yield path


def _is_plain_folder(entry: os.DirEntry[str]) -> bool:
    found = entry.stat(follow_symlinks=False)
    tag = getattr(found, "st_reparse_tag", 0)
    return stat.S_ISDIR(found.st_mode) and not tag & _NAME_SURROGATE


_HOLDS_AN_INPUT = Problem(
    Code.SR504,
    "An input is in this folder: it would be lost.",
    "Give another folder with --out.",
)
_NO_KIT = Problem(
    Code.SR505,
    "The folder is there already, and what it contains is not a kit.",
    "Give another folder with --out; it may be new.",
)
_UNFORCED = Problem(
    Code.SR505,
    "Another kit is in this folder already.",
    "Give another folder with --out, or add --force to replace the kit in it.",
)


def _used(names: list[str]) -> Problem:
    verb = "is" if len(names) == 1 else "are"
    return Problem(
        Code.SR509,
        f"This kit has been used: {shown_names(names)}, which its scripts wrote, {verb} needed to "
        "undo or to finish what they did on the server.",
        "Give another folder with --out, and keep this one.",
    )


def _not_of_the_kit(paths: list[str]) -> Problem:
    verb = "is" if len(paths) == 1 else "are"
    return Problem(
        Code.SR510,
        f"{shown_names(paths)} {verb} not of the kit in this folder. --force replaces only files "
        "of a kit; others would stay beside a new kit that they do not belong to.",
        "Move what is not of the kit to another place, or give another folder with --out.",
    )
