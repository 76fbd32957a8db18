"""What stands against writing into a folder: nothing of ours, or anybody's, may be lost."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from syncrules.diagnostics import Code, Diagnostic, Place, Problem

__all__ = ["check_folder", "check_target"]

# os.path asks quietly: Path raises where a name is too long or holds a NUL.


def check_target(
    out: Path, names: Iterable[str], inputs: Iterable[Path], *, force: bool
) -> Iterator[Diagnostic]:
    """Yield what stands against writing files of these names into the folder `out`."""
    names = tuple(names)
    if os.path.exists(out) and not os.path.isdir(out):
        yield Problem(Code.SR507, "--out is a file.", "Name a folder; it may be new.").at(
            Place(str(out))
        )
        return
    inputs = tuple(inputs)
    present = {p.name.lower(): p for p in out.iterdir()} if os.path.isdir(out) else {}
    for name in names:
        target = present.get(name.lower())  # names that differ in case only are one on Windows
        if target is not None:
            yield from _in_the_way(target, out / name, inputs, force=force)
    yield from _strangers(present, names)


def _in_the_way(
    target: Path, name: Path, inputs: tuple[Path, ...], *, force: bool
) -> Iterator[Diagnostic]:
    """Yield why a file or folder that is there may not be replaced by the output `name`."""
    if _is_any(target, inputs):
        yield Problem(
            Code.SR504,
            "This is an input: it would be overwritten.",
            "Name another folder with --out.",
        ).at(Place(str(target)))
    elif target.is_dir():
        yield Problem(Code.SR507, "A folder has this name.", "Name another --out.").at(
            Place(str(target))
        )
    elif not force or target.name != name.name:
        yield Problem(
            Code.SR505,
            "The file is there already.",
            "Name another folder with --out, or add --force to replace it."
            if target.name == name.name
            else f"Name another folder with --out: on Windows, {name.name} is the same file.",
        ).at(Place(str(target)))


def _is_any(target: Path, inputs: Iterable[Path]) -> bool:
    return any(p.exists() and target.exists() and p.samefile(target) for p in inputs)


def _strangers(present: dict[str, Path], names: tuple[str, ...]) -> Iterator[Diagnostic]:
    own = {n.lower() for n in names}
    for name, path in sorted(present.items()):
        if path.suffix.lower() == ".ps1" and name not in own:
            yield Problem(
                Code.SR506,
                "Another script lies in the output folder; it is not part of this run.",
                "Do not run it along with the output, or name an empty folder with --out.",
            ).at(Place(str(path)))


def check_folder(
    out: Path, mark: str, used: str, inputs: Iterable[Path], *, force: bool
) -> Iterator[Diagnostic]:
    """Yield what stands against writing a whole folder `out`.

    One that exists may be replaced with --force if it holds the file `mark`, which tells that it
    is of this tool, and not the file `used`, which tells that it has been put to use.
    """
    if not os.path.lexists(out) or (os.path.isdir(out) and not os.listdir(out)):
        return
    if not os.path.isdir(out):
        yield Problem(Code.SR507, "--out is a file.", "Name a folder; it may be new.").at(
            Place(str(out))
        )
    elif any(out.resolve() in p.resolve().parents for p in inputs if p.exists()):
        yield Problem(
            Code.SR504,
            "An input lies in this folder: it would be lost.",
            "Name another folder with --out.",
        ).at(Place(str(out)))
    elif os.path.exists(out / used):
        yield Problem(
            Code.SR509,
            f"This folder has been used: its {used} is what an undo needs.",
            "Name another folder with --out, and keep this one.",
        ).at(Place(str(out)))
    elif not (force and os.path.isfile(out / mark)):
        yield Problem(
            Code.SR505,
            "The folder is there already.",
            "Name another folder with --out, or add --force to replace it whole."
            if os.path.isfile(out / mark)
            else "Name another folder with --out: this one is not of syncrules.",
        ).at(Place(str(out)))
