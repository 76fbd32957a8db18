"""What stands against writing into a folder: nothing of ours, or anybody's, may be lost."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from syncrules.diagnostics import Code, Diagnostic, Place, Problem
from syncrules.wording import first_of

from .atomic_write import KEPT, WORK_PREFIX, cannot_write

__all__ = ["check_target", "is_no_folder", "leftovers", "shown_names"]

# os.path asks quietly: Path raises where a name is too long or holds a NUL.


def check_target(
    out: Path, names: Iterable[str], inputs: Iterable[Path], *, force: bool
) -> tuple[Diagnostic, ...]:
    """Return what stands against writing files of these names into the folder `out`."""
    try:
        if no_folder := is_no_folder(out):
            return (no_folder,)
        return (*_against(out, tuple(names), tuple(inputs), force=force), *leftovers(out))
    except OSError as error:
        return (cannot_write(out, error),)


def is_no_folder(out: Path) -> Diagnostic | None:
    """Return why `out`, which may be new, is no place to write into."""
    if os.path.isdir(out) or not os.path.lexists(out):
        return None
    what = "a file" if os.path.exists(out) else "a link that leads nowhere"
    return Problem(Code.SR507, f"--out is {what}.", "Name a folder; it may be new.").at(
        Place(str(out))
    )


def _against(
    out: Path, names: tuple[str, ...], inputs: tuple[Path, ...], *, force: bool
) -> Iterator[Diagnostic]:
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


def leftovers(out: Path) -> Iterator[Diagnostic]:
    """Yield the work folders of runs that could not clean up: they were killed, or still run."""
    for folder in (out, out.absolute().parent):
        if os.path.isdir(folder):
            for path in sorted(folder.glob(f"{WORK_PREFIX}*")):
                yield _leftover(path, out).at(Place(str(path)))


def _leftover(work: Path, out: Path) -> Problem:
    if kept := [p.relative_to(work / KEPT) for p in work.glob(f"{KEPT}/**/*") if not p.is_dir()]:
        return Problem(
            Code.SR511,
            f"A run was killed while it replaced files in {out}, or is still at work: some there "
            f"may be new, some old, some missing. The earlier {shown_names(kept)} "
            f"{'is' if len(kept) == 1 else 'are'} in {work / KEPT}.",
            "Make sure that no other run is at work. Move back the files that you need, then "
            "delete this folder.",
        )
    return Problem(
        Code.SR511,
        "A run was killed while it wrote, or is still at work: this is its work folder. It holds "
        "only what that run was about to write.",
        "Make sure that no other run is at work, then delete this folder.",
    )


def shown_names(names: Iterable[object]) -> str:
    """Return names for a message: the first few, and how many more there are."""
    return first_of(sorted(map(str, names)))
