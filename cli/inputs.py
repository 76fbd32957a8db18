"""Paths of the command line to exports."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from syncrules.diagnostics import Diagnostic, Severity, has_errors
from syncrules.export import Export, read_export
from syncrules.loading import MOST_BYTES, load, scripts_in

__all__ = ["STDIN", "Inputs", "paths_of", "read_inputs"]

STDIN = "-"


@dataclass(frozen=True)
class Inputs:
    """What was read, what was found, and the files that it came from."""

    exports: tuple[Export, ...]
    findings: tuple[Diagnostic, ...]
    files: tuple[Path, ...]


def paths_of(arguments: tuple[str, ...]) -> list[str | Diagnostic]:
    """Return the files that arguments name, folders opened, or why there are none."""
    found: list[str | Diagnostic] = []
    for argument in arguments:
        if argument == STDIN:
            found.append(STDIN)
            continue
        scripts = scripts_in(Path(argument))
        found += [scripts] if isinstance(scripts, Diagnostic) else map(str, scripts)
    return list(dict.fromkeys(found))


def read_inputs(
    paths: list[str | Diagnostic],
    encoding: str | None,
    advance: Callable[[], None],
    *,
    keep_foreign: bool = False,
) -> Inputs:
    """Read exports; `advance` is called after each file."""
    exports: list[Export] = []
    findings: list[Diagnostic] = []
    files: list[Path] = []
    for path in paths:
        if isinstance(path, Diagnostic):
            findings.append(path)
            continue
        export, found = _read(path, encoding, keep_foreign)
        findings += found
        if export is not None:
            exports.append(export)
        if path != STDIN:
            files.append(Path(path))
        advance()
    return Inputs(tuple(exports), tuple(findings), tuple(files))


def _read(
    path: str, encoding: str | None, keep_foreign: bool
) -> tuple[Export | None, tuple[Diagnostic, ...]]:
    data = _stdin() if path == STDIN else load(Path(path))
    name = "stdin" if path == STDIN else path
    if isinstance(data, Diagnostic):
        return None, (data,)
    export, findings = read_export(data, name, encoding, keep_foreign=keep_foreign)
    if export is not None and not export.rules and not has_errors(findings):
        findings = (*findings, _without_rules(name, data))
    return export, findings


def _without_rules(name: str, data: bytes) -> Diagnostic:
    what = "holds no rule" if data.strip() else "is empty"
    return Diagnostic("SR111", Severity.ERROR, f"The file {what}.", "Export the rules again.", name)


def _stdin() -> bytes | Diagnostic:
    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(data) <= MOST_BYTES:
        return data
    return Diagnostic(
        "SR108",
        Severity.ERROR,
        "Standard input has more than 64 MiB; an export of a whole server has less than one.",
        "Give the exports of the rules only.",
        "stdin",
    )
