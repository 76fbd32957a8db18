"""All or nothing: the output files appear together, or the folder stays as it was.

So does a page that lies elsewhere: it is put in its place first, and taken back if the rest fails.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Place, Problem

__all__ = ["KEPT", "WORK_PREFIX", "OneFile", "cannot_write", "write_all"]

WORK_PREFIX = ".syncrules-"
"""How the work folder of a run is called; one that stays behind is left over from a crash."""

KEPT = "kept"
"""In the work folder: the earlier files, until all new ones are in their place."""

# os.path asks quietly: Path raises where a name is too long or holds a NUL.


class OneFile(NamedTuple):
    """A file that is written along with the folder, and lies outside it."""

    path: Path
    data: bytes


class _NotPutBackError(OSError):
    """The folder could not be made as it was; `work` has the only copy of its earlier files."""

    def __init__(self, work: Path, why: OSError) -> None:
        super().__init__(why.errno, why.strerror)
        self.work = work


def write_all(
    out: Path,
    files: Mapping[str, bytes],
    obsolete: Iterable[str] = (),
    end_if_asked: Callable[[], None] = lambda: None,
    beside: OneFile | None = None,
) -> tuple[Diagnostic, ...]:
    """Write all files into the folder `out`, and a page elsewhere, or none; return why it failed.

    Paths have forward slashes. A new folder is made beside its place and appears by one rename; in
    one that exists, files are replaced one by one, and `obsolete` ones taken away. All is put back
    if that fails, or if `end_if_asked`, called before each step, raises.
    """
    at = out
    try:
        with ExitStack() as stack:
            if beside is not None:
                at = beside.path
                stack.enter_context(_parents(beside.path))
                stack.enter_context(_placed(beside))
                at = out
            stack.enter_context(_parents(out))
            _write(out, files, obsolete, end_if_asked)
    except _NotPutBackError as error:
        return (_not_put_back(error),)
    except OSError as error:
        return (cannot_write(at, error),)
    return ()


def cannot_write(out: Path, error: OSError) -> Diagnostic:
    """Return why nothing was written into a folder, or to a file."""
    return Problem(
        Code.SR508,
        f"The output cannot be written: {error.strerror or error}. Nothing was changed.",
        "Check the path, the permissions and the free space.",
    ).at(Place(str(out)))


def _not_put_back(error: _NotPutBackError) -> Diagnostic:
    return Problem(
        Code.SR508,
        "The output cannot be written, and the folder could not be made as it was: "
        f"{error.strerror or error}. Earlier files that are missing in it are in "
        f"{error.work / KEPT}.",
        f"Check the disk and the permissions, move these files back, then delete {error.work}.",
    ).at(Place(str(error.work.parent)))


@contextmanager
def _parents(out: Path) -> Iterator[None]:
    """Make the folders above `out`, and take back those that were made if writing fails."""
    missing = [p for p in out.absolute().parents if not os.path.exists(p)]
    try:
        out.absolute().parent.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for path in missing:
            with suppress(OSError):  # it was not made, or someone has put something there
                path.rmdir()
        raise


@contextmanager
def _placed(page: OneFile) -> Iterator[None]:
    """Put a page in its place, and what was there back if what comes then fails."""
    with _beside(page.path.absolute().parent) as work:
        made, kept = work / "made", work / KEPT / page.path.name
        made.write_bytes(page.data)
        kept.parent.mkdir()
        is_replaced = os.path.lexists(page.path)
        if is_replaced:
            page.path.rename(kept)
        try:
            made.rename(page.path)
            yield
        except BaseException as cause:
            try:
                if is_replaced:
                    kept.replace(page.path)
                else:
                    page.path.unlink(missing_ok=True)
            except OSError as error:
                raise _NotPutBackError(work, error) from cause
            raise


def _write(
    out: Path,
    files: Mapping[str, bytes],
    obsolete: Iterable[str],
    end_if_asked: Callable[[], None],
) -> None:
    # Files are renamed into place, so they are made on the same file system.
    with _beside(out if os.path.exists(out) else out.absolute().parent) as work:
        made = work / "made"
        made.mkdir()
        for name, data in files.items():
            end_if_asked()
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_bytes(data)
        end_if_asked()
        if os.path.exists(out):
            _Replacing(out, work, made).run(files, obsolete, end_if_asked)
        else:
            made.rename(out)


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Make a folder of our own in another, and leave none of it behind."""
    work = folder / f"{WORK_PREFIX}{os.urandom(8).hex()}"
    work.mkdir(0o700)
    try:
        yield work
    except _NotPutBackError:
        raise  # what is in it is nowhere else
    except BaseException:
        _remove(work)
        raise
    _remove(work)


def _remove(work: Path) -> None:
    """Delete our own folder, as far as that goes; importing shutil would take far longer."""
    for below, folders, names in os.walk(work, topdown=False):
        for path in (*(Path(below) / n for n in names), *(Path(below) / n for n in folders)):
            with suppress(OSError):
                if path.is_dir() and not path.is_symlink():
                    path.rmdir()
                else:
                    path.unlink()
    with suppress(OSError):
        work.rmdir()


class _Replacing:
    """The files of a folder that stays what it is, replaced one by one, and put back on failure."""

    def __init__(self, out: Path, work: Path, made: Path) -> None:
        self.out = out
        self.work = work
        self.made = made
        self.kept = work / KEPT
        self.kept.mkdir()
        self.placed: list[str] = []
        self.folders: list[Path] = []

    def run(
        self,
        files: Collection[str],
        obsolete: Iterable[str],
        end_if_asked: Callable[[], None],
    ) -> None:
        old = [name for name in obsolete if name not in files]
        try:
            for name in old:
                end_if_asked()
                self._keep(name)
            for name in files:
                end_if_asked()
                self._keep(name)
                self._place(name)
            end_if_asked()
        except BaseException as error:
            self._put_back(error)
            raise
        self._drop_empty_folders(old)

    def _keep(self, name: str) -> None:
        if os.path.lexists(self.out / name):
            (self.kept / name).parent.mkdir(parents=True, exist_ok=True)
            (self.out / name).rename(self.kept / name)

    def _place(self, name: str) -> None:
        target = self.out / name
        for folder in reversed(target.relative_to(self.out).parents):
            if not os.path.lexists(self.out / folder):
                self.folders.append(self.out / folder)
                (self.out / folder).mkdir()
        self.placed.append(name)
        (self.made / name).rename(target)

    def _put_back(self, cause: BaseException) -> None:
        """Make the folder as it was, as far as that goes."""
        failed: OSError | None = None
        for step in self._steps_back():
            try:
                step()
            except OSError as error:
                failed = failed or error
        if failed is not None:
            raise _NotPutBackError(self.work, failed) from cause

    def _steps_back(self) -> Iterator[Callable[[], object]]:
        for name in self.placed:
            if not os.path.lexists(self.kept / name):
                yield partial((self.out / name).unlink, missing_ok=True)
        for below, _, names in os.walk(self.kept):
            for kept in (Path(below) / name for name in names):
                yield partial(kept.replace, self.out / kept.relative_to(self.kept))
        for folder in reversed(self.folders):
            yield folder.rmdir

    def _drop_empty_folders(self, names: Iterable[str]) -> None:
        for folder in {(self.out / name).parent for name in names} - {self.out}:
            with suppress(OSError):  # it is not empty
                folder.rmdir()
