"""What is handed out beside the wheel: built from this checkout, or taken from the folder DIST."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import build_page

__all__ = ["ROOT", "build", "but_report", "lacking", "pyodide", "unpacked", "wheel"]

ROOT = Path(__file__).parents[2]
_PARTS = ("syncrules", "cli", "grammar", "docs", "pyproject.toml", "README.md", "LICENSE")


def lacking() -> str | None:
    """Return what a page cannot be built without, if it is not here."""
    return next((f"no {name}" for name in ("node", "npm") if shutil.which(name) is None), None)


def wheel(folder: Path) -> Path:
    """Return the wheel, which is built from a copy: building leaves files behind."""
    if named := os.environ.get("DIST"):
        return next(Path(named).glob("*.whl"))
    tree = folder / "tree"
    tree.mkdir()
    for part in _PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, tree / part)
    _python("-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(tree))
    return next(folder.glob("*.whl"))


def build(name: str, from_wheel: Path, out: Path) -> str:
    """Run one of the programs in tools/; return what it prints."""
    return _python(str(ROOT / "tools" / name), str(from_wheel), str(out))


def pyodide(folder: Path) -> Path:
    """Unpack the very Pyodide that is in the page into a folder; return where it is."""
    return build_page.pyodide(folder)


def _python(*words: str) -> str:
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return the files of a ZIP by their paths below its one folder."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {n.split("/", maxsplit=1)[1]: archive.read(n) for n in archive.namelist()}


def but_report(kit: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a kit's files but for its report, which names the time and the command."""
    assert "report.html" in kit
    return {name: data for name, data in kit.items() if name != "report.html"}
