"""What a path is that was given as a kit's folder and is none, with the way out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from syncrules.diagnostics import Code, Diagnostic, Place, Problem
from syncrules.files import load
from syncrules.folders import has_rules
from syncrules.kit.manifest import MANIFEST
from syncrules.migration.output_names import PROLOGUE_START, is_disable_script

__all__ = ["no_kit"]

_GIVE_THE_KIT = "Give the folder that syncrules kit wrote."
_CONFIGURATION = frozenset({"connectors", "synchronizationrules", "globalsettings"})


def no_kit(path: Path) -> Diagnostic | None:
    """Return why there is no kit at a path; `None` where a manifest is there to be read."""
    try:
        found = _no_kit(path)
    except (OSError, ValueError):  # the manifest cannot be read either, which says why
        return None
    return None if found is None else found.at(Place(str(path)))


def _no_kit(path: Path) -> Problem | None:
    if os.path.isfile(path / MANIFEST):
        return None
    if not os.path.lexists(path):
        return _problem("There is no such folder", _GIVE_THE_KIT)
    if not path.is_dir():
        return _of_a_file(path)
    if (path.absolute().parent / MANIFEST).is_file():
        return _problem("This is a folder in a kit", f"Give {path.parent}.")
    kits = [entry.name for entry in sorted(path.iterdir()) if (entry / MANIFEST).is_file()]
    if len(kits) == 1:
        return _problem("This folder contains a kit, and is none itself", f"Give {path / kits[0]}.")
    names = {name.lower() for name in os.listdir(path)}
    if not names:
        return _problem("This folder is empty", _GIVE_THE_KIT)
    if names & _CONFIGURATION:
        return _problem(
            "This is a server's configuration, not a kit",
            f"{_GIVE_THE_KIT} If this is the staging server's configuration, give it with "
            "--staging.",
        )
    return _of_scripts({*_kinds_of_scripts(path)})


def _of_a_file(path: Path) -> Problem:
    if path.name.lower() == MANIFEST:
        return _problem("This is the manifest of a kit, not its folder", f"Give {path.parent}.")
    return _problem(
        "This is a file; a kit is a folder", f"{_GIVE_THE_KIT} If the kit is packed, unpack it."
    )


def _of_scripts(kinds: set[str]) -> Problem:
    if "mapped" in kinds:
        return _problem(
            "These are files that syncrules remap wrote, not a kit: they contain no plan",
            "Make a kit from the same files with syncrules kit, and give its folder.",
        )
    if "rules" in kinds:
        return _problem(
            "These are exports, or mapped rules, not a kit",
            f"{_GIVE_THE_KIT} If these are the staging server's exports, give them with --staging.",
        )
    return _problem(f"This folder is not a kit: it contains no {MANIFEST}", _GIVE_THE_KIT)


def _kinds_of_scripts(path: Path) -> Iterator[str]:
    for file in path.glob("*.[pP][sS]1"):
        data = load(file)[0] or b""
        if PROLOGUE_START.encode() in data[:200] or is_disable_script(data):
            yield "mapped"
        elif has_rules(data):
            yield "rules"


def _problem(what: str, way_out: str) -> Problem:
    return Problem(Code.SR615, f"{what}.", way_out)
