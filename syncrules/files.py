"""Files to exports and servers: with `folders`, the only place that reads a disk.

Way in: `read_inputs`, from the files that `folders.inputs_in` finds. May import: every room
below the command line's.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, grouped, has_errors
from syncrules.errors import InputRefused
from syncrules.exports.export import Export, read_export
from syncrules.folders import Input, cannot_be_read, has_rules, inputs_in, is_prose, passed_over
from syncrules.migration.output_names import is_disable_script
from syncrules.script.foreign_files import is_closed
from syncrules.servers.exported_rules import server_of_export
from syncrules.servers.file_kind import FileKind, file_kind_of
from syncrules.servers.merging import merge
from syncrules.servers.model import EvidenceKind, Server
from syncrules.wording import BY_EDITOR, first_of

if TYPE_CHECKING:  # most runs see no XML
    from syncrules.servers.configuration import Part

__all__ = [
    "MAX_FILE_BYTES",
    "Bytes",
    "Loaded",
    "Paths",
    "load",
    "read_exports",
    "read_inputs",
    "read_server",
]

MAX_FILE_BYTES = 64 * 1024 * 1024
"""A larger file is refused by its size, before it is read."""

Bytes = tuple[bytes | None, tuple[Diagnostic, ...]]
"""A file's bytes; `None`, with the reason, where they cannot be had."""

Paths = str | Path | Iterable[str | Path]
"""One path, or several."""


class Loaded(NamedTuple):
    """What files hold: exports, what the others tell of their server, and all diagnostics.

    `beside_exports` are the diagnostics that no export holds itself.
    """

    exports: tuple[Export, ...]
    evidence: Server
    diagnostics: tuple[Diagnostic, ...]
    beside_exports: tuple[Diagnostic, ...]
    paths: tuple[Path, ...]

    @property
    def server(self) -> Server:
        """All that the files tell of their server, the exports included."""
        return merge((self.evidence, *map(server_of_export, self.exports)))


def load(path: Path) -> Bytes:
    """Return a file's bytes, or why they cannot be had."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # to open a pipe would wait for its writer
            return None, (cannot_be_read(path, "it is not an ordinary file"),)
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            if found.st_size > MAX_FILE_BYTES:
                return None, (_too_large(path, found.st_size),)
            return file.read(), ()
    except (OSError, ValueError) as error:
        return None, (cannot_be_read(path, error),)


def _too_large(path: Path, size: int) -> Diagnostic:
    return Problem(
        Code.SR108,
        f"The file has {size / 1024 / 1024:.0f} MiB; an export of a whole server has less than "
        "one.",
        "Give the exports of the rules only.",
    ).at(Place(str(path)))


# ---- Contents ------------------------------------------------------------------------------------


def read_inputs(
    inputs: Iterable[Input],
    encoding: str | None = None,
    *,
    keep_foreign: bool = False,
    to_move: bool = False,
    accept_elements: Collection[str] = (),
    load: Callable[[Path], Bytes] = load,
    advance: Callable[[], None] = lambda: None,
) -> Loaded:
    """Read files, each as what its content is; `advance` is called after each of them.

    With `to_move`, the custom rules of a configuration are exports too, as the Editor would have
    printed them, but for `accept_elements`, which need not be known.
    """
    loader = _Loader(encoding, keep_foreign, to_move)
    for given in inputs:
        if given.refusal is not None:
            loader.report(given.refusal)
            continue
        data, diagnostics = load(given.path)
        if given.is_read:
            loader.report(*diagnostics)
            if data is not None:
                loader.read(given, data)
        else:
            loader.pass_over(given, data or b"")
        advance()
    loader.settle_prose()
    loader.join_configurations()
    if to_move:
        loader.export_configurations(accept_elements)
    loader.tell_passed_over()
    if to_move:
        loader.tell_data_alone()
    return loader.loaded()


class _Loader:
    """How to read, and what was read so far."""

    def __init__(self, encoding: str | None, keep_foreign: bool, to_move: bool) -> None:
        self.encoding = encoding
        self.keep_foreign = keep_foreign
        self.to_move = to_move
        self.exports: list[Export] = []
        self.servers: list[Server] = []
        self.data: list[tuple[str, Server]] = []
        self.parts: dict[Path, list[Part]] = {}
        self.diagnostics: list[Diagnostic] = []
        self.beside_exports: list[Diagnostic] = []
        self.paths: list[Path] = []
        self.passed_over: dict[Path, list[str]] = {}
        self.prose: list[tuple[Input, bytes]] = []
        self.folders: set[Path | None] = set()
        self.closed: set[tuple[Path, str]] = set()

    def loaded(self) -> Loaded:
        return Loaded(
            tuple(self.exports),
            merge(self.servers),
            grouped(self.diagnostics),
            grouped(self.beside_exports),
            tuple(self.paths),
        )

    def report(self, *diagnostics: Diagnostic) -> None:
        self.diagnostics += diagnostics
        self.beside_exports += diagnostics

    def take(self, export: Export | None, diagnostics: tuple[Diagnostic, ...]) -> None:
        """Keep an export, which holds these diagnostics itself, or why there is none."""
        if export is None:
            self.report(*diagnostics)
        else:
            self.diagnostics += diagnostics
            self.exports.append(export)

    def read(self, given: Input, data: bytes) -> None:
        self.paths.append(given.path)
        path, kind = str(given.path), file_kind_of(data)
        if kind is FileKind.SCRIPT and given.folder is not None and is_prose(given.path, data):
            self.prose.append((given, data))
            return
        self.folders.add(given.folder)
        if kind is FileKind.XML:
            from syncrules.servers.configuration import read_part

            part, diagnostics = read_part(data, path, to_move=self.to_move)
            self.report(*diagnostics)
            if part is not None:
                self.parts.setdefault(given.folder or given.path, []).append(part)
        elif kind is FileKind.SCRIPT:
            self._read_script(data, path)
        else:
            from syncrules.servers.connector_list import read_evidence

            server, diagnostics = read_evidence(data, kind, path)
            self.report(*diagnostics)
            if server is not None:
                self.servers.append(server)
                self.data.append((path, server))

    def pass_over(self, given: Input, data: bytes) -> None:
        """Keep the name of a file that is not read; one with rules must not be forgotten."""
        if has_rules(data):
            self.report(_FORGOTTEN.at(Place(str(given.path))))
        else:
            folder = given.folder or given.path.parent
            name = given.path.relative_to(folder).as_posix()
            self.passed_over.setdefault(folder, []).append(name)
            if is_closed(data):
                self.closed.add((folder, name))

    def settle_prose(self) -> None:
        """Ignore the texts in a folder that holds more, such as a licence; else read them."""
        alone = {given.folder for given, _ in self.prose} - self.folders
        for given, data in self.prose:
            if given.folder in alone:
                self._read_script(data, str(given.path))
            else:
                self.pass_over(given, data)

    def tell_passed_over(self) -> None:
        for folder, names in self.passed_over.items():
            closed = [name for name in names if (folder, name) in self.closed]
            self.report(_not_read(names, closed).at(Place(str(folder))))

    def tell_data_alone(self) -> None:
        """Say of data where nothing else has a rule to move: it shows no whole rules."""
        custom = any(not r.is_out_of_box for export in self.exports for r in export.rules)
        if not custom and not has_errors(self.diagnostics):
            self.report(*(_no_export(server).at(Place(path)) for path, server in self.data))

    def _read_script(self, data: bytes, path: str) -> None:
        if is_disable_script(data):
            self.report(_EARLIER_RUN.at(Place(path)))
            return
        export, diagnostics = read_export(data, path, self.encoding, keep_foreign=self.keep_foreign)
        self.take(export, diagnostics)
        if export is not None and not export.rules and not has_errors(diagnostics):
            what = "holds no rule" if data.strip() else "is empty"
            nothing = Problem(
                Code.SR111, f"The file {what}.", f"Export the rules again {BY_EDITOR}."
            )
            self.report(nothing.at(Place(path)))

    def join_configurations(self) -> None:
        """Put the parts of each configuration together."""
        for folder, parts in self.parts.items():
            from syncrules.servers.configuration import server_of_parts

            server, diagnostics = server_of_parts(str(folder), parts)
            self.servers.append(server)
            self.report(*diagnostics)

    def export_configurations(self, accept_elements: Collection[str]) -> None:
        """Take the custom rules of each configuration as an export."""
        if self.parts or accept_elements:
            from syncrules.servers.configuration_export import export_of_parts, unused_names

            for folder, parts in self.parts.items():
                self.take(*export_of_parts(str(folder), parts, accept_elements))
            everything = (part for parts in self.parts.values() for part in parts)
            self.report(*unused_names(accept_elements, everything))


_FORGOTTEN = Problem(
    Code.SR119,
    "This file contains a rule and is not read: of a folder, only files named .ps1, .txt, .json, "
    ".csv and .xml are, and of folders in it only .xml.",
    "If the rule is to move, give this file, or its folder, as EXPORT too. If not, move the file "
    "to another place.",
)


def _not_read(names: list[str], closed: list[str]) -> Problem:
    """Return the problem of files in a folder; those `closed` may contain what nobody sees."""
    if closed:
        return Problem(
            Code.SR120,
            f"These files in the folder are not read: {first_of(names)}. What {first_of(closed)} "
            "contains is not known; if there are others, they contain no rule.",
            "Make sure that it contains no rule that should move. A rule in an archive: unpack it, "
            "and give the file.",
        )
    return Problem(
        Code.SR120,
        f"These files in the folder are not read: {first_of(names)}. None of them contains a rule.",
        "Nothing to do, unless one of them describes the server: then give it by its own name.",
    )


def _no_export(server: Server) -> Problem:
    """Return the problem of data that was given as an EXPORT and has no whole rule."""
    is_settings = server.evidence[0].kind is EvidenceKind.SETTINGS
    what = "the settings file of the wizard" if is_settings else "a list of connectors"
    custom = [f"'{rule.name}'" for rule in server.rules if not rule.is_out_of_box]
    rules = f"these rules: {first_of(custom)}" if custom else "the custom rules"
    shows = "connectors and parts of rules" if server.rules else "connectors"
    return Problem(
        Code.SR121,
        f"This is {what}: it shows {shows}, but no whole rule that could be moved.",
        f"On the active server, export {rules} in the Synchronization Rules Editor, and give that "
        "as EXPORT. Give this file with --active (with --staging if it is the staging server's).",
    )


_EARLIER_RUN = Problem(
    Code.SR118,
    "An earlier run wrote this script, which disables out-of-box rules. It contains no rule, so it "
    "is not read; and mapped files do not show which rules to disable, so this run writes it only "
    "if the active server's own files show that.",
    "If it was made for this staging server and was not run there yet, run it; or give the active "
    "server's files as EXPORT instead of the output of the earlier run.",
)


# ---- For other programs --------------------------------------------------------------------------


def read_exports(
    paths: Paths,
    encoding: str | None = None,
    *,
    keep_foreign: bool = False,
    accept_elements: str | Iterable[str] = (),
) -> tuple[Export, ...]:
    """Return the exports in files and folders, read as `syncrules remap` reads them.

    A configuration folder is an export too, as the Editor would have printed its custom rules.
    `encoding` and `keep_foreign` are those of `parse`; `accept_elements` names elements that every
    rule of a configuration has, with one value, and that are not known: they are not carried over,
    and stand in `not_carried` of the export.

    Raises InputRefused, with every error, where one of them cannot be read.
    """
    elements = (accept_elements,) if isinstance(accept_elements, str) else tuple(accept_elements)
    folders = _folders(paths)
    inputs = [one for folder in folders for one in inputs_in(folder)]
    inputs += [one for folder in folders for one in passed_over(folder, inputs)]
    return _without_errors(
        read_inputs(
            inputs, encoding, keep_foreign=keep_foreign, to_move=True, accept_elements=elements
        )
    ).exports


def read_server(paths: Paths, encoding: str | None = None) -> Server:
    """Return what files and folders say of one server.

    Raises InputRefused, with every error, where one of them cannot be read.
    """
    inputs = [one for folder in _folders(paths) for one in inputs_in(folder)]
    return _without_errors(read_inputs(inputs, encoding)).server


def _folders(paths: Paths) -> list[Path]:
    return [Path(paths)] if isinstance(paths, str | Path) else [Path(p) for p in paths]


def _without_errors(loaded: Loaded) -> Loaded:
    errors = tuple(d for d in loaded.diagnostics if d.is_error)
    if errors:
        raise InputRefused(errors)
    return loaded
