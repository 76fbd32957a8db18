"""All or nothing: the output files appear together, or the folder stays as it was."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from syncrules.diagnostics import Diagnostic, Severity

__all__ = ["check_folder", "check_target", "write_all", "write_folder"]

# os.path asks quietly: Path raises where a name is too long or holds a NUL.


def check_target(
    out: Path, names: Iterable[str], inputs: Iterable[Path], *, force: bool
) -> Iterator[Diagnostic]:
    """Yield what stands against writing files of these names into the folder `out`."""
    names = tuple(names)
    if os.path.exists(out) and not os.path.isdir(out):
        yield Diagnostic(
            "SR507", Severity.ERROR, "--out is a file.", "Name a folder; it may be new.", str(out)
        )
        return
    inputs = tuple(inputs)
    there = {p.name.lower(): p for p in out.iterdir()} if os.path.isdir(out) else {}
    for name in names:
        target = there.get(name.lower())  # names that differ in case only are one on Windows
        if target is not None:
            yield from _in_the_way(target, out / name, inputs, force=force)
    yield from _strangers(there, names)


def _in_the_way(
    target: Path, name: Path, inputs: tuple[Path, ...], *, force: bool
) -> Iterator[Diagnostic]:
    """Yield why a file or folder that is there may not be replaced by the output `name`."""
    if _is_any(target, inputs):
        yield Diagnostic(
            "SR504",
            Severity.ERROR,
            "This is an input: it would be overwritten.",
            "Name another folder with --out.",
            str(target),
        )
    elif target.is_dir():
        yield Diagnostic(
            "SR507", Severity.ERROR, "A folder has this name.", "Name another --out.", str(target)
        )
    elif not force or target.name != name.name:
        yield Diagnostic(
            "SR505",
            Severity.ERROR,
            "The file is there already.",
            "Name another folder with --out, or add --force to replace it."
            if target.name == name.name
            else f"Name another folder with --out: on Windows, {name.name} is the same file.",
            str(target),
        )


def _is_any(target: Path, inputs: Iterable[Path]) -> bool:
    return any(p.exists() and target.exists() and p.samefile(target) for p in inputs)


def _strangers(there: dict[str, Path], names: tuple[str, ...]) -> Iterator[Diagnostic]:
    own = {n.lower() for n in names}
    for name, path in sorted(there.items()):
        if path.suffix.lower() == ".ps1" and name not in own:
            yield Diagnostic(
                "SR506",
                Severity.WARNING,
                "Another script lies in the output folder; it is not part of this run.",
                "Do not run it along with the output, or name an empty folder with --out.",
                str(path),
            )


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
        yield Diagnostic(
            "SR507", Severity.ERROR, "--out is a file.", "Name a folder; it may be new.", str(out)
        )
    elif any(out.resolve() in p.resolve().parents for p in inputs if p.exists()):
        yield Diagnostic(
            "SR504",
            Severity.ERROR,
            "An input lies in this folder: it would be lost.",
            "Name another folder with --out.",
            str(out),
        )
    elif os.path.exists(out / used):
        yield Diagnostic(
            "SR509",
            Severity.ERROR,
            f"This folder has been used: its {used} is what an undo needs.",
            "Name another folder with --out, and keep this one.",
            str(out),
        )
    elif not (force and os.path.isfile(out / mark)):
        yield Diagnostic(
            "SR505",
            Severity.ERROR,
            "The folder is there already.",
            "Name another folder with --out, or add --force to replace it whole."
            if os.path.isfile(out / mark)
            else "Name another folder with --out: this one is not of syncrules.",
            str(out),
        )


def write_all(out: Path, files: dict[str, bytes]) -> tuple[Diagnostic, ...]:
    """Write all files into the folder `out`, or none; return why it failed, if it did.

    A new folder is made beside its place and appears by one rename; in one that exists, files are
    replaced one by one, and put back if that fails or is interrupted.
    """
    return _attempt(_write, out, files)


def write_folder(out: Path, files: dict[str, bytes]) -> tuple[Diagnostic, ...]:
    """Write a whole folder, or none of it; one that is there is replaced.

    Paths in `files` have forward slashes. Return why it failed, if it did.
    """
    return _attempt(_write_whole, out, files)


def _attempt(
    write: Callable[[Path, dict[str, bytes]], None], out: Path, files: dict[str, bytes]
) -> tuple[Diagnostic, ...]:
    try:
        with _parents(out):
            write(out, files)
    except OSError as error:
        return (
            Diagnostic(
                "SR508",
                Severity.ERROR,
                f"The output cannot be written: {error.strerror or error}. Nothing was changed.",
                "Check the path, the permissions and the free space.",
                str(out),
            ),
        )
    return ()


@contextmanager
def _parents(out: Path) -> Iterator[None]:
    """Make the folders above `out`, and take back those that were made if writing fails."""
    missing = [p for p in out.absolute().parents if not os.path.exists(p)]
    try:
        out.absolute().parent.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for path in missing:
            if os.path.exists(path):
                path.rmdir()
        raise


def _write(out: Path, files: dict[str, bytes]) -> None:
    # Files are renamed into place, so they are made on the same file system.
    with _beside(out if os.path.exists(out) else out.absolute().parent) as new:
        for name, data in files.items():
            (new / name).write_bytes(data)
        if os.path.exists(out):
            _replace_each(out, new, files)
        else:
            new.chmod(0o777 & ~_umask())
            new.rename(out)


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Make a folder of our own in another, and leave none of it behind."""
    new = Path(tempfile.mkdtemp(prefix=".syncrules-", dir=folder))
    try:
        yield new
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _write_whole(out: Path, files: dict[str, bytes]) -> None:
    with _beside(out.absolute().parent) as folder:
        new, old = folder / "new", folder / "old"
        for name, data in files.items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_bytes(data)
        if os.path.exists(out):
            out.rename(old)
        try:
            new.rename(out)
        except BaseException:
            if os.path.exists(old):
                old.rename(out)
            raise


def _replace_each(out: Path, new: Path, names: Iterable[str]) -> None:
    kept = new / "kept"
    kept.mkdir()
    placed: list[str] = []
    try:
        for name in names:
            if os.path.lexists(out / name):
                (out / name).rename(kept / name)
            placed.append(name)
            (new / name).rename(out / name)
    except BaseException:
        for name in placed:
            (out / name).unlink(missing_ok=True)
        for path in kept.iterdir():
            path.rename(out / path.name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
