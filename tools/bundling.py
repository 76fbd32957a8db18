"""What the page and the single file share: the wheel with its dependencies, as plain files."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["in_megabytes", "installed", "licences", "zipped"]

_BUNDLED = Path(__file__).with_name("bundled.txt")
_OF_ONE_MACHINE = (".so", ".pyd", ".c")
"""Compiled parts and their sources: what has them here goes without, too."""
_FOR_TYPES = (".pyi", "py.typed")
_INFO = ".dist-info"


def installed(wheel: Path) -> dict[str, bytes]:
    """Return the files of the wheel and of its dependencies, by their paths; no compiled ones.

    Of what else is told of a package, its licence stays.
    """
    with TemporaryDirectory() as folder:
        into = ["--quiet", "--no-compile", "--no-deps", "--target", folder]
        _pip("install", *into, "--only-binary", ":all:", "--require-hashes", "-r", str(_BUNDLED))
        _pip("install", *into, str(wheel))
        root = Path(folder)
        files = {p.relative_to(root).as_posix(): p for p in root.rglob("*") if p.is_file()}
        return {name: files[name].read_bytes() for name in sorted(files) if _is_wanted(name)}


def _pip(*arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments], check=True
    )


def _is_wanted(path: str) -> bool:
    top = path.split("/", maxsplit=1)[0]
    if top.endswith(_INFO):
        return _is_licence(path)
    return top != "bin" and not path.endswith((*_OF_ONE_MACHINE, *_FOR_TYPES))


def _is_licence(path: str) -> bool:
    return "license" in path.rsplit("/", maxsplit=1)[-1].lower()


def licences(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the licences among files by the packages' names."""
    return {
        path.split("-", maxsplit=1)[0]: data.decode("utf-8")
        for path, data in files.items()
        if _INFO in path and _is_licence(path)
    }


def zipped(files: Mapping[str, bytes], *, first: bytes = b"", compressed: bool = True) -> bytes:
    """Return a ZIP of files, behind `first`, that is always the same: in order, all of one day."""
    made = BytesIO()
    made.write(first)
    method = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with zipfile.ZipFile(made, "w", method) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # else it names the system that it is made on
            entry.external_attr = 0o644 << 16
            entry.compress_type = method
            archive.writestr(entry, files[path], compresslevel=9)
    return made.getvalue()


def in_megabytes(size: int) -> str:
    """Return a size as a person reads it."""
    return f"{size / 1e6:.2f} MB"
