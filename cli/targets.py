"""What stands against writing into a folder: nothing of ours, or anybody's, may be lost."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from syncrules.diagnostics import Code, Diagnostic, Place, Problem
from syncrules.folders import is_kit
from syncrules.wording import first_of

from .atomic_write import KEPT, WORK_PREFIX, cannot_write

__all__ = ["check_page", "check_target", "is_no_folder", "is_there", "leftovers", "shown_names"]

# os.path asks quietly: Path raises where a name is too long or holds a NUL.


_A_KIT = Problem(
    Code.SR513,
    "A kit is in this folder: with other scripts beside its own, it would refuse to run.",
    "Give another folder with --out.",
)


def check_target(
    out: Path, files: Mapping[str, bytes | None], inputs: Iterable[Path], *, force: bool
) -> tuple[Diagnostic, ...]:
    """Return what stands against writing files into the folder `out`.

    What they will contain is `None` where it is not known; an equal file is in nobody's way.
    """
    try:
        if no_folder := is_no_folder(out):
            return (no_folder,)
        if is_kit(out):
            return (_A_KIT.at(Place(str(out))), *leftovers(out))
        return (*_against(out, files, tuple(inputs), force=force), *leftovers(out))
    except OSError as error:
        return (cannot_write(out, error),)


def check_page(
    page: Path, out: Path | None, inputs: Iterable[Path], given: Iterable[Path], *, force: bool
) -> tuple[Diagnostic, ...]:
    """Return what stands against writing the change list there.

    `inputs` are the files that were read, `given` the files and folders that were named: a page
    among them would be found there by the next run. What lies in `out` is a run's own.
    """
    at = Place(str(page))
    try:
        if os.path.isdir(page):
            return (Problem(Code.SR507, "--html is a folder.", "Name a file.").at(at),)
        if _is_any(page, inputs):
            return (_OVER_AN_INPUT.at(at),)
        is_own = out is not None and page.resolve().is_relative_to(out.resolve())
        if not is_own and any(_holds(folder, page) for folder in given):
            return (_AMONG_THE_INPUTS.at(at),)
        if os.path.lexists(page) and not force:
            return (_PAGE_IS_THERE.at(at),)
        known = () if out is None else (out.absolute(), out.absolute().parent)
        return () if page.absolute().parent in known else tuple(leftovers(page))
    except OSError as error:
        return (cannot_write(page, error),)


def _holds(folder: Path, page: Path) -> bool:
    return os.path.isdir(folder) and page.resolve().is_relative_to(folder.resolve())


_OVER_AN_INPUT = Problem(
    Code.SR504, "This is an input: it would be overwritten.", "Name another file with --html."
)
_AMONG_THE_INPUTS = Problem(
    Code.SR517,
    "--html names a file in a folder that was given as input. It would be among the files of that "
    "server, and the next run would find it there.",
    "Name a file outside that folder with --html.",
)
_PAGE_IS_THERE = Problem(
    Code.SR505,
    "The file exists already.",
    "Name another file with --html, or add --force to replace it.",
)


def is_no_folder(out: Path) -> Diagnostic | None:
    """Return why `out`, which may be new, is not a place to write to."""
    if os.path.isdir(out) or not os.path.lexists(out):
        return None
    what = "a file" if os.path.exists(out) else "a link that leads nowhere"
    return Problem(Code.SR507, f"--out is {what}.", "Give a folder; it may be new.").at(
        Place(str(out))
    )


def is_there(path: Path, data: bytes | None) -> bool:
    """Return whether a file is there that has these bytes already."""
    try:
        return (
            data is not None
            and os.path.isfile(path)
            and path.stat().st_size == len(data)
            and path.read_bytes() == data
        )
    except OSError:
        return False


def _against(
    out: Path, files: Mapping[str, bytes | None], inputs: tuple[Path, ...], *, force: bool
) -> Iterator[Diagnostic]:
    present = {p.name.lower(): p for p in out.iterdir()} if os.path.isdir(out) else {}
    for name, data in files.items():
        target = present.get(name.lower())  # names that differ in case only are one on Windows
        if target is not None:
            may = force or is_there(target, data)
            yield from _in_the_way(target, out / name, inputs, may_replace=may)
    yield from _strangers(present, files)


def _in_the_way(
    target: Path, name: Path, inputs: tuple[Path, ...], *, may_replace: bool
) -> Iterator[Diagnostic]:
    """Yield why a file or folder that is there may not be replaced by the output `name`."""
    if _is_any(target, inputs):
        yield Problem(
            Code.SR504,
            "This is an input: it would be overwritten.",
            "Give another folder with --out.",
        ).at(Place(str(target)))
    elif target.is_dir():
        yield Problem(
            Code.SR507,
            "A folder has the name of a file that is to be written.",
            "Give another folder with --out.",
        ).at(Place(str(target)))
    elif not may_replace or target.name != name.name:
        yield Problem(
            Code.SR505,
            "Another file of this name is there already, with other contents.",
            "Give another folder with --out, or add --force to replace the file."
            if target.name == name.name
            else f"Give another folder with --out: on Windows, {name.name} is the same file.",
        ).at(Place(str(target)))


def _is_any(target: Path, inputs: Iterable[Path]) -> bool:
    return any(p.exists() and target.exists() and p.samefile(target) for p in inputs)


def _strangers(present: dict[str, Path], names: Iterable[str]) -> Iterator[Diagnostic]:
    own = {n.lower() for n in names}
    for name, path in sorted(present.items()):
        if path.suffix.lower() == ".ps1" and name not in own:
            yield Problem(
                Code.SR506,
                "Another script is in the output folder; it is not part of this run.",
                "Do not run it along with the output, or give an empty folder with --out.",
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
        "A run was killed while it wrote, or is still at work: this is its work folder. It "
        "contains only what that run was about to write.",
        "Make sure that no other run is at work, then delete this folder.",
    )


def shown_names(names: Iterable[object]) -> str:
    """Return names for a message: the first few, and how many more there are."""
    return first_of(sorted(map(str, names)))
