"""A side's files, which lie in the current folder: the arguments that name them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from syncrules.diagnostics import has_errors
from syncrules.files import load, read_inputs
from syncrules.folders import inputs_in
from syncrules.servers.file_kind import FileKind, file_kind_of

__all__ = ["arguments", "moved_and_known"]

_READ = (".ps1", ".txt", ".json", ".csv", ".xml")
_IN_A_CONFIGURATION = ("connectors", "globalsettings", "synchronizationrules")
"""The folders that Get-ADSyncServerConfiguration writes into the one that it is given."""


def arguments(side: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the arguments that name a side's files, and the files that none of them covers.

    Of a dropped folder, those folders in it are named that have files to be read: a configuration
    by the folder around its three. One that has none is named too, so that the run says so.
    """
    paths = [PurePosixPath(path) for path in side]
    found = dict.fromkeys(_argument(p) for p in paths if p.suffix.lower() in _READ)
    tops = {named.parts[0] for named in found}
    found |= dict.fromkeys(PurePosixPath(p.parts[0]) for p in paths if p.parts[0] not in tops)
    uncovered = [str(p) for p in paths if not any(p.is_relative_to(named) for named in found)]
    return list(map(_not_an_option, found)), uncovered


def _argument(path: PurePosixPath) -> PurePosixPath:
    if len(path.parts) == 1:
        return path
    folder = path.parent
    is_part = folder.name.lower() in _IN_A_CONFIGURATION and len(folder.parts) > 1
    return folder.parent if is_part else folder


def _not_an_option(path: PurePosixPath) -> str:
    return f"./{path}" if str(path).startswith("-") else str(path)


def moved_and_known(side: list[str]) -> tuple[list[str], list[str]]:
    """Return the active server's arguments: what is to move, and what is evidence only.

    Scripts are to move. A configuration is where they have no custom rule: then its rules move.
    """
    named, _ = arguments(side)
    kinds = {one: set(_kinds(one)) for one in named}
    moved = [one for one in named if FileKind.SCRIPT in kinds[one]]
    if not _has_custom_rules(moved):
        moved += [one for one in named if FileKind.XML in kinds[one] and one not in moved]
    moved = moved or named
    return moved, [one for one in named if one not in moved]


def _kinds(argument: str) -> Iterator[FileKind]:
    for one in inputs_in(Path(argument)):
        data, _ = load(one.path)
        if data is not None:
            yield file_kind_of(data)


def _has_custom_rules(moved: Iterable[str]) -> bool:
    """Return whether scripts have custom rules, or are refused, which the run will say."""
    found = read_inputs(one for argument in moved for one in inputs_in(Path(argument)))
    custom = any(not rule.is_out_of_box for export in found.exports for rule in export.rules)
    return custom or has_errors(found.diagnostics)
