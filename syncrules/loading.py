"""Files to bytes: the one place of the library that reads a disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from .diagnostics import Diagnostic, Severity, SyntaxRefused, has_errors, printable
from .export import read_export
from .servers import Server, merge
from .servers.exports import server_of_export

__all__ = ["MOST_BYTES", "SUFFIXES", "load", "read_server", "scripts_in"]

MOST_BYTES = 64 * 1024 * 1024
"""A larger file is refused by its size, before it is read."""

SUFFIXES = (".ps1", ".txt")
"""What is taken from a folder."""


def load(path: Path) -> bytes | Diagnostic:
    """Return a file's bytes, or why it cannot be had."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # to open a pipe would wait for its writer
            return _cannot(path, "it is not an ordinary file")
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            if found.st_size > MOST_BYTES:
                return Diagnostic(
                    "SR108",
                    Severity.ERROR,
                    f"The file has {found.st_size / 1024 / 1024:.0f} MiB; an export of a whole "
                    "server has less than one.",
                    "Give the exports of the rules only.",
                    str(path),
                )
            return file.read()
    except OSError as error:
        return _cannot(path, error.strerror or str(error))


def _cannot(path: Path, why: str) -> Diagnostic:
    return Diagnostic(
        "SR109",
        Severity.ERROR,
        f"The file cannot be read: {printable(why)}.",
        "Check the path and the permissions.",
        str(path),
    )


def scripts_in(path: Path) -> list[Path] | Diagnostic:
    """Return the scripts that a path names: itself, or those directly in the folder, by name."""
    try:
        if not path.is_dir():
            return [path]
        found = sorted(
            (p for p in path.iterdir() if p.suffix.lower() in SUFFIXES and not p.is_dir()),
            key=lambda p: (p.name.lower(), p.name),
        )
    except OSError as error:
        return _cannot(path, error.strerror or str(error))
    if found:
        return found
    return Diagnostic(
        "SR110",
        Severity.ERROR,
        "The folder holds no .ps1 or .txt file.",
        "Name the folder of the exports itself; folders in it are not searched.",
        str(path),
    )


def read_server(paths: Iterable[str | Path], encoding: str | None = None) -> Server:
    """Return what files and folders say of one server.

    Raises SyntaxRefused, with every finding, where one of them cannot be read.
    """
    servers: list[Server] = []
    findings: list[Diagnostic] = []
    for path in paths:
        found = scripts_in(Path(path))
        for script in [] if isinstance(found, Diagnostic) else found:
            data = load(script)
            if isinstance(data, Diagnostic):
                findings.append(data)
                continue
            export, diagnostics = read_export(data, str(script), encoding)
            findings += [d for d in diagnostics if d.is_error]
            if export is not None:
                servers.append(server_of_export(export))
        if isinstance(found, Diagnostic):
            findings.append(found)
    if has_errors(tuple(findings)):
        raise SyntaxRefused(tuple(findings))
    return merge(servers)
