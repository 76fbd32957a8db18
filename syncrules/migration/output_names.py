"""What the files of an output are called, and how those of an earlier run are known again."""

from __future__ import annotations

import codecs
from pathlib import PurePath

from syncrules.exports.export import Export

__all__ = ["DISABLE_SCRIPT", "PROLOGUE_START", "is_disable_script", "is_mapped", "output_name"]

DISABLE_SCRIPT = "disable-out-of-box.ps1"
"""The script that disables out-of-box rules on the staging server."""

PROLOGUE_START = "# Mapped to the staging server by syncrules"
"""How a mapped file begins."""

_DISABLE_SCRIPT_START = b"# Disables out-of-box rules on the staging server"


def output_name(export: Export) -> str:
    """Return the name of the file that an export becomes."""
    return f"{PurePath(export.name).stem}.ps1"


def is_mapped(export: Export) -> bool:
    """Return whether an earlier run made this file: its names are the staging server's."""
    return export.source.text.startswith(PROLOGUE_START)


def is_disable_script(data: bytes) -> bool:
    """Return whether an earlier run made this file to disable rules: it holds none to be moved."""
    return data.removeprefix(codecs.BOM_UTF8).startswith(_DISABLE_SCRIPT_START)
