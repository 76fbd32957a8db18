"""All or nothing: the output files appear together, or the folder stays as it was."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from syncrules.cli import atomic_write

from support.builders import listing
from support.command_line import remap_several
from support.marks import posix_only


class _Moves:
    """What is renamed, in order; and an `error` raised once, instead of the move `at`."""

    def __init__(self, at: int | None = None, error: BaseException | None = None) -> None:
        self.seen: list[tuple[Path, Path, list[str]]] = []
        self.at = at
        self.error = error
        self.failed = False

    def around(self, move: Callable[..., None]) -> Callable[..., None]:
        def moving(source: str | Path, target: str | Path) -> None:
            # Putting back must not fail too: that the disk is gone is another story.
            if self.error is not None and len(self.seen) == self.at and not self.failed:
                self.failed = True
                raise self.error
            held = sorted(p.name for p in Path(source).iterdir()) if Path(source).is_dir() else []
            self.seen.append((Path(source), Path(target), held))
            move(source, target)

        return moving


@contextmanager
def _watched(moves: _Moves) -> Iterator[_Moves]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "rename", moves.around(os.rename))
        patch.setattr(os, "replace", moves.around(os.replace))
        yield moves


def test_a_new_folder_appears_by_one_rename_with_all_its_files(several: Path) -> None:
    with _watched(_Moves()) as moves:
        assert remap_several("new").code == 0
    ((source, target, held),) = moves.seen
    assert target.absolute() == several / "new"
    assert source.absolute().parent.parent == several  # beside it: the rename is one step
    assert held == ["a.ps1", "b.ps1", "c.ps1"]
    assert listing(several / "new").keys() == {"a.ps1", "b.ps1", "c.ps1"}


def test_a_new_folder_in_new_folders(several: Path) -> None:
    assert remap_several("one/two/three").code == 0
    assert listing(several / "one" / "two" / "three").keys() == {"a.ps1", "b.ps1", "c.ps1"}


def test_a_file_that_exists_is_not_overwritten_without_force(several: Path) -> None:
    before = listing(several)
    done = remap_several("old")
    assert (done.code, done.codes) == (1, ["SR505"])  # one finding, at both files
    assert "--force" in done.stderr
    assert listing(several) == before


def test_force_replaces_files_of_the_same_name_and_touches_no_other(several: Path) -> None:
    remap_several("new")
    done = remap_several("old", "--force")
    assert (done.code, done.codes) == (0, [])
    after = listing(several / "old")
    assert after.pop("read.me")[1] == b"kept"
    assert after == listing(several / "new")


def test_the_same_run_twice_gives_the_same_bytes(several: Path) -> None:
    remap_several("one")
    remap_several("two")
    assert listing(several / "one") == listing(several / "two")


@pytest.mark.parametrize("out", ["new", "old", "one/two/three"])
@pytest.mark.parametrize(
    ("error", "code", "codes"),
    [
        pytest.param(OSError(28, "No space left on device"), 1, ["SR508"], id="a full disk"),
        pytest.param(KeyboardInterrupt(), 130, [], id="Ctrl-C"),
    ],
)
def test_a_failure_in_the_middle_leaves_all_as_it_was(
    several: Path, out: str, error: BaseException, code: int, codes: list[str]
) -> None:
    before = listing(several)
    with _watched(_Moves()) as moves:
        remap_several("count" if out == "new" else out, "--force")
    steps = len(moves.seen)
    _restore(several, before)
    assert steps == (5 if out == "old" else 1)
    for at in range(steps):
        with _watched(_Moves(at, error)) as moves:
            done = remap_several(out, "--force")
        assert moves.failed
        assert (done.code, done.codes) == (code, codes)
        assert listing(several) == before


def _restore(folder: Path, before: dict[str, tuple[int, bytes]]) -> None:
    for name in sorted(listing(folder), reverse=True):
        path = folder / name
        if name not in before:
            path.rmdir() if path.is_dir() else path.unlink()
        elif path.is_file():
            path.write_bytes(before[name][1])
    assert listing(folder) == before


def test_a_failure_while_the_files_are_made_leaves_all_as_it_was(
    several: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = listing(several)
    made: list[Path] = []

    def fails(path: Path, data: bytes) -> int:
        made.append(path)
        if len(made) == 2:
            raise OSError(28, "No space left on device")
        with path.open("wb") as file:
            return file.write(data)

    monkeypatch.setattr(Path, "write_bytes", fails)
    for out in ("new", "one/two/three", "old"):
        made.clear()
        done = remap_several(out, "--force")
        assert (done.code, done.codes) == (1, ["SR508"])
        assert "No space left on device" in done.stderr
        assert listing(several) == before
    assert not any(path.parent.name in ("new", "old", "three") for path in made)


def test_a_path_that_cannot_be_made_leaves_no_part_of_it_behind(several: Path) -> None:
    before = listing(several)
    for out in (f"one/{'x' * 300}/two", f"one/{'x' * 300}", "x" * 300, "active/a.ps1/out"):
        done = remap_several(out)
        assert done.code == 1, out
        assert done.codes, out
        assert listing(several) == before, out


@posix_only
@pytest.mark.parametrize(("mask", "file", "folder"), [(0o027, 0o640, 0o750), (0, 0o666, 0o777)])
def test_modes_follow_the_umask(several: Path, mask: int, file: int, folder: int) -> None:
    before = os.umask(mask)
    try:
        remap_several("one/new")
        remap_several("old", "--force")
        assert os.umask(mask) == mask  # it is as it was
    finally:
        os.umask(before)
    assert stat.S_IMODE((several / "one" / "new").stat().st_mode) == folder
    for path in (several / "one" / "new" / "a.ps1", several / "old" / "a.ps1"):
        assert stat.S_IMODE(path.stat().st_mode) == file


def test_folders_go_with_their_last_file_and_come_back_on_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    assert atomic_write.write_all(out, {"one/a": b"1", "b": b"2"}) == ()
    before = listing(out)
    move = os.rename

    def fails_at_the_last(source: Path, target: Path) -> None:
        if Path(target).name == "last":
            raise OSError(28, "No space left on device")
        move(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", fails_at_the_last)
        failed = atomic_write.write_all(out, {"two/three/a": b"3", "last": b"4"}, ["one/a", "b"])
    assert [d.code for d in failed] == ["SR508"]
    assert listing(out) == before

    assert atomic_write.write_all(out, {"two/three/a": b"3", "last": b"4"}, ["one/a", "b"]) == ()
    assert listing(out).keys() == {"two", "two/three", "two/three/a", "last"}


def test_earlier_files_that_cannot_be_put_back_are_kept_and_named(
    several: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_source: Path, _target: Path) -> None:
        raise OSError(5, "Input/output error")

    move, moved = os.rename, list[Path]()

    def fails_from_the_third_on(source: Path, target: Path) -> None:
        moved.append(target)
        (move if len(moved) < 3 else fails)(source, target)

    monkeypatch.setattr(os, "rename", fails_from_the_third_on)
    monkeypatch.setattr(os, "replace", fails)
    done = remap_several("old", "--force")
    assert (done.code, done.codes) == (1, ["SR508"])
    (kept,) = (several / "old").glob(".syncrules-*/kept")
    assert (kept / "a.ps1").read_text() == "# a, mine"
    assert f"old/{kept.parent.name}/kept" in done.stderr.replace(os.sep, "/")
    assert "Nothing was changed" not in done.stderr


# ---- A page elsewhere ----------------------------------------------------------------------------


@pytest.mark.parametrize("is_there", [False, True])
@pytest.mark.parametrize("out", ["new", "old", "one/two/three"])
@pytest.mark.parametrize(
    ("error", "code", "codes"),
    [
        pytest.param(OSError(28, "No space left on device"), 1, ["SR508"], id="a full disk"),
        pytest.param(KeyboardInterrupt(), 130, [], id="Ctrl-C"),
    ],
)
def test_a_failure_in_the_middle_leaves_the_page_as_it_was_too(
    several: Path, out: str, error: BaseException, code: int, codes: list[str], is_there: bool
) -> None:
    page = several / "pages" / "deep" / "changes.html"
    if is_there:
        page.parent.mkdir(parents=True)
        page.write_text("mine")
    before = listing(several)
    words = out, "--force", "--html", str(page)
    with _watched(_Moves()) as moves:
        remap_several("count" if out == "new" else out, *words[1:])
    steps = len(moves.seen)
    _restore(several, before)
    assert steps == (5 if out == "old" else 1) + (2 if is_there else 1)
    for at in range(steps):
        with _watched(_Moves(at, error)) as moves:
            done = remap_several(*words)
        assert moves.failed
        assert (done.code, done.codes) == (code, codes)
        assert listing(several) == before


def test_a_page_that_cannot_be_put_back_is_kept_and_named(
    several: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = several / "pages" / "changes.html"
    page.parent.mkdir()
    page.write_text("mine")

    def fails(_source: Path, _target: Path) -> None:
        raise OSError(5, "Input/output error")

    move, moved = os.rename, list[Path]()

    def fails_from_the_third_on(source: Path, target: Path) -> None:
        moved.append(target)
        (move if len(moved) < 3 else fails)(source, target)

    monkeypatch.setattr(os, "rename", fails_from_the_third_on)
    monkeypatch.setattr(os, "replace", fails)
    done = remap_several("new", "--force", "--html", str(page))
    assert (done.code, done.codes) == (1, ["SR508"])
    (kept,) = page.parent.glob(".syncrules-*/kept")
    assert (kept / page.name).read_text() == "mine"
    assert str(kept) in done.stderr
    assert "Nothing was changed" not in done.stderr
