"""Files to exports and servers: the one place of the library that reads a disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from syncrules.diagnostics import Diagnostic, Severity, SyntaxRefused, has_errors, printable
from syncrules.exports.export import Export, read_export
from syncrules.migration.output.disable_script import is_disabling_script
from syncrules.servers.exported_rules import server_of_export
from syncrules.servers.file_kind import Content, content_of
from syncrules.servers.model import Server, merge

if TYPE_CHECKING:  # most runs see no XML
    from syncrules.servers.configuration import Part

__all__ = ["MOST_BYTES", "Input", "Loaded", "inputs_in", "load", "read_inputs", "read_server"]

MOST_BYTES = 64 * 1024 * 1024
"""A larger file is refused by its size, before it is read."""

_SUFFIXES = (".ps1", ".txt", ".json", ".csv", ".xml")
_XML = ".xml"


@dataclass(frozen=True, slots=True)
class Input:
    """A file to be read; XML files of one `folder` are one server's configuration."""

    path: Path
    folder: Path | None = None


@dataclass(frozen=True)
class Loaded:
    """What files hold: exports, what the others tell of their server, and all findings."""

    exports: tuple[Export, ...]
    evidence: Server
    findings: tuple[Diagnostic, ...]
    files: tuple[Path, ...]

    @property
    def server(self) -> Server:
        """All that the files tell of their server, the exports included."""
        return merge((self.evidence, *map(server_of_export, self.exports)))


def inputs_in(path: Path) -> list[Input] | Diagnostic:
    """Return the files that a path names: itself, or those in the folder, by name.

    Of folders in it, only XML is taken: a server's configuration stands in three of them.
    """
    try:
        if not path.is_dir():
            return [Input(path)]
        own = [p for p in _in_order(path) if p.suffix.lower() in _SUFFIXES and not p.is_dir()]
        below = [
            p
            for folder in _in_order(path)
            if folder.is_dir()
            for p in _in_order(folder)
            if p.suffix.lower() == _XML and not p.is_dir()
        ]
    except (OSError, ValueError) as error:
        return _cannot(path, error)
    if own or below:
        return [Input(p, path) for p in (*own, *below)]
    return Diagnostic(
        "SR110",
        Severity.ERROR,
        "The folder holds no .ps1, .txt, .json, .csv or .xml file.",
        "Name the folder of the exports or of the configuration itself; other folders in it are "
        "not searched.",
        str(path),
    )


def _in_order(folder: Path) -> list[Path]:
    return sorted(folder.iterdir(), key=lambda p: (p.name.lower(), p.name))


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
    except (OSError, ValueError) as error:
        return _cannot(path, error)


def _cannot(path: Path, why: str | OSError | ValueError) -> Diagnostic:
    said = (why.strerror if isinstance(why, OSError) else None) or str(why)
    return Diagnostic(
        "SR109",
        Severity.ERROR,
        f"The file cannot be read: {printable(said)}.",
        "Check the path and the permissions.",
        str(path),
    )


@dataclass(slots=True)
class _Reading:
    """What was read so far."""

    exports: list[Export] = field(default_factory=list)
    servers: list[Server] = field(default_factory=list)
    parts: dict[Path, list[Part]] = field(default_factory=dict)
    findings: list[Diagnostic] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)


def read_inputs(
    inputs: Iterable[Input | Diagnostic],
    encoding: str | None = None,
    *,
    keep_foreign: bool = False,
    to_move: bool = False,
    load: Callable[[Path], bytes | Diagnostic] = load,
    advance: Callable[[], None] = lambda: None,
) -> Loaded:
    """Read files, each as what its content is; `advance` is called after each of them.

    With `to_move`, the custom rules of a configuration are exports too, as the Editor would have
    printed them.
    """
    reading = _Reading()
    for given in inputs:
        if isinstance(given, Diagnostic):
            reading.findings.append(given)
            continue
        data = load(given.path)
        if isinstance(data, Diagnostic):
            reading.findings.append(data)
        else:
            reading.files.append(given.path)
            _read(reading, given, data, encoding, keep_foreign)
        advance()
    _configurations(reading, to_move=to_move)
    return Loaded(
        tuple(reading.exports),
        merge(reading.servers),
        tuple(reading.findings),
        tuple(reading.files),
    )


def _read(
    reading: _Reading, given: Input, data: bytes, encoding: str | None, keep_foreign: bool
) -> None:
    name, content = str(given.path), content_of(data)
    if content is Content.XML:
        from syncrules.servers.configuration import read_part

        part = read_part(data, name)
        if isinstance(part, Diagnostic):
            reading.findings.append(part)
        else:
            reading.parts.setdefault(given.folder or given.path, []).append(part)
    elif content is Content.SCRIPT:
        _read_script(reading, name, data, encoding, keep_foreign)
    else:
        from syncrules.servers.connector_list import read_evidence

        server, findings = read_evidence(data, content, name)
        reading.findings += findings
        reading.servers += [server] if server is not None else []


def _read_script(
    reading: _Reading, name: str, data: bytes, encoding: str | None, keep_foreign: bool
) -> None:
    if is_disabling_script(data):
        reading.findings.append(
            Diagnostic(
                "SR118",
                Severity.NOTE,
                "An earlier run wrote this script; it holds no rule, and is passed over.",
                "Nothing to do.",
                name,
            )
        )
        return
    export, findings = read_export(data, name, encoding, keep_foreign=keep_foreign)
    reading.findings += findings
    if export is None:
        return
    if not export.rules and not has_errors(findings):
        what = "holds no rule" if data.strip() else "is empty"
        reading.findings.append(
            Diagnostic(
                "SR111", Severity.ERROR, f"The file {what}.", "Export the rules again.", name
            )
        )
    reading.exports.append(export)


def _configurations(reading: _Reading, *, to_move: bool) -> None:
    """Put the parts of each configuration together."""
    for name, parts in reading.parts.items():
        from syncrules.servers.configuration import server_of_parts
        from syncrules.servers.configuration_export import export_of_parts

        server, findings = server_of_parts(str(name), parts)
        reading.servers.append(server)
        reading.findings += findings
        if to_move:
            export, findings = export_of_parts(str(name), parts)
            reading.findings += findings
            reading.exports += [export] if export is not None else []


def read_server(paths: Iterable[str | Path], encoding: str | None = None) -> Server:
    """Return what files and folders say of one server.

    Raises SyntaxRefused, with every finding, where one of them cannot be read.
    """
    inputs: list[Input | Diagnostic] = []
    for path in paths:
        found = inputs_in(Path(path))
        inputs += [found] if isinstance(found, Diagnostic) else found
    loaded = read_inputs(inputs, encoding)
    errors = tuple(d for d in loaded.findings if d.is_error)
    if errors:
        raise SyntaxRefused(errors)
    return loaded.server
