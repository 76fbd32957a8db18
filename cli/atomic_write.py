"""All or nothing: the output files appear together, or the folder stays as it was."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from syncrules.diagnostics import Code, Diagnostic, Place, Problem

__all__ = ["write_all", "write_folder"]

# os.path asks quietly: Path raises where a name is too long or holds a NUL.


def write_all(out: Path, files: Mapping[str, bytes]) -> tuple[Diagnostic, ...]:
    """Write all files into the folder `out`, or none; return why it failed, if it did.

    A new folder is made beside its place and appears by one rename; in one that exists, files are
    replaced one by one, and put back if that fails or is interrupted.
    """
    return _attempt(_write, out, files)


def write_folder(out: Path, files: Mapping[str, bytes]) -> tuple[Diagnostic, ...]:
    """Write a whole folder, or none of it; one that is there is replaced.

    Paths in `files` have forward slashes. Return why it failed, if it did.
    """
    return _attempt(_write_whole, out, files)


def _attempt(
    write: Callable[[Path, Mapping[str, bytes]], None], out: Path, files: Mapping[str, bytes]
) -> tuple[Diagnostic, ...]:
    try:
        with _parents(out):
            write(out, files)
    except OSError as error:
        return (
            Problem(
                Code.SR508,
                f"The output cannot be written: {error.strerror or error}. Nothing was changed.",
                "Check the path, the permissions and the free space.",
            ).at(Place(str(out))),
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


def _write(out: Path, files: Mapping[str, bytes]) -> None:
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


def _write_whole(out: Path, files: Mapping[str, bytes]) -> None:
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
