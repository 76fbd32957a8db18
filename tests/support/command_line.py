"""`syncrules remap` run on the files of a test's own folder, and what it printed and wrote."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import syncrules
from support.builders import A1, B1, Outcome, run
from support.configurations import ENTRA_FILE, ConnectorFile, configuration
from syncrules import SyncRule

CONFIRMED = ("--map", f"{A1}={B1}")
"""The pair of connectors of the fixture's files, said."""


def remap(*arguments: str | Path, out: str | None = "out", stdin: str | bytes = b"") -> Outcome:
    """Run remap on the files of the fixture `here`."""
    where = () if out is None else ("--out", out)
    return run("remap", "custom.ps1", "--staging", "staging.ps1", *where, *arguments, stdin=stdin)


def remap_several(out: str = "new", *arguments: str) -> Outcome:
    """Run remap on the files of the fixture `several`."""
    return run(
        *("remap", "active", "--staging", "staging.ps1", *CONFIRMED, "--out", out, *arguments)
    )


def configured(folder: Path, identifier: str, *rules: SyncRule, staging: bool = False) -> Path:
    """Write the configuration of a server of one forest."""
    return configuration(
        folder,
        connectors=[ConnectorFile(identifier, "contoso.com", forest="contoso.com"), ENTRA_FILE],
        rules=rules,
        staging_mode=staging,
        metaverse=("cloudFiltered",),
    )


def errors_in(done: Outcome) -> list[str]:
    """Return the codes of the errors on standard error, in order."""
    return re.findall(r"error\[(SR[0-9]+)\]", done.stderr)


def document_of(done: Outcome) -> dict[str, Any]:
    """Return the JSON document on standard output."""
    assert done.stdout.isascii()
    document = json.loads(done.stdout)
    assert isinstance(document, dict)
    return document


def rules_in(path: Path) -> tuple[SyncRule, ...]:
    """Return the rules of a file that was written."""
    return syncrules.parse(path.read_bytes(), name=path.name).rules
