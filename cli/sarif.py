"""Findings as SARIF 2.1.0, which code hosts and editors read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from syncrules import __version__
from syncrules.diagnostics import Code, Diagnostic, Place, Severity, printable

from .finding_pages import page_of, plain_lines
from .regions import Sources, region_of

__all__ = ["sarif"]

Json = dict[str, Any]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_COLUMNS = 80


def sarif(diagnostics: Sequence[Diagnostic], sources: Sources) -> Json:
    """Return the log of one run: what was found, and the page of each code that was."""
    codes = sorted({d.code for d in diagnostics})
    driver = {"name": "syncrules", "version": __version__, "rules": [_rule(c) for c in codes]}
    results = [_result(d, codes.index(d.code), sources) for d in diagnostics]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: Code) -> Json:
    page = page_of(code)
    plain = click.unstyle("\n".join(plain_lines(page, _COLUMNS))).rstrip("\n")
    _, first, _ = plain.split("\n\n", 2)  # after the heading
    return {
        "id": code.value,
        "shortDescription": {"text": code.heading},
        "fullDescription": {"text": " ".join(first.split())},  # which GitHub asks for
        "help": {"text": plain, "markdown": page},
        "defaultConfiguration": {"level": code.severity.value},
        "properties": {"tags": [code.group.value]},
    }


def _result(diagnostic: Diagnostic, index: int, sources: Sources) -> Json:
    return {
        "ruleId": diagnostic.code.value,
        "ruleIndex": index,
        "level": Severity(diagnostic.severity).value,
        "message": {"text": printable(f"{diagnostic.in_one_line} {diagnostic.hint}")},
        "locations": [_location(place, sources) for place in diagnostic.places],
    }


def _location(place: Place, sources: Sources) -> Json:
    region = {"startLine": 1}
    if place.spot is not None:
        found = region_of(place.spot, sources.get(place.file))
        region = {
            "startLine": found.line,
            "startColumn": found.column,
            "endLine": found.end_line,
            "endColumn": found.end_column,
        }
    artifact = {"uri": _uri(place.file)}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _uri(file: str) -> str:
    """Return a path as a URI; one that is relative stays so, which is the place in a repository."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()))
