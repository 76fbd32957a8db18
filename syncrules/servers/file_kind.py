"""What a file is, detected from its content; names of files mislead."""

from __future__ import annotations

import re
from enum import StrEnum

from syncrules.script.source import BOMS

__all__ = ["TYPE_LINE", "FileKind", "file_kind_of"]


class FileKind(StrEnum):
    """The kinds of files that tell of a server."""

    SCRIPT = "script"
    XML = "xml"
    JSON = "json"
    CSV = "csv"
    CLIXML = "clixml"
    PRINTED = "printed"


_HEAD = 4096
"""So many bytes tell the kind."""

_EDITORS = "New-ADSyncRule "
"""How the Editor's exports begin, and nothing else does that is known here."""

# Patterns are compiled on first use: most files are the Editor's.
TYPE_LINE = r"\A#TYPE [^\r\n]*(?:\r\n|\r|\n)"
"""How Export-Csv of Windows PowerShell 5.1 begins."""
# A script may begin with a comment, <#; a saved web page is told apart where scripts are read.
_XML = r"(?i)<(?!!doctype\s+html|html)[a-z_?!]"
_CLIXML = r"(?i)(?:<\?xml[^>]*>\s*)?<Objs [^>]*powershell/2004/04"
_JSON = r'\{\s*["}]|\[\s*[\[{"\]]'  # or with an attribute: [CmdletBinding()]
_HEADER = r"""(?:"[^"\r\n]*"|[\w ]+)(?:[,;\t](?:"[^"\r\n]*"|[\w ]*))+[ \t]*(?=\r|\n|$)"""
_IDENTIFIER = r"(?i)(?:^|[\W_])identifier(?:\W|$)"


def file_kind_of(data: bytes) -> FileKind:
    """Return what a file's bytes are; everything that is not known otherwise is a script."""
    head = _text(data).lstrip()
    if head.startswith(_EDITORS):
        return FileKind.SCRIPT
    if re.match(_CLIXML, head):
        return FileKind.CLIXML
    if re.match(_XML, head):
        return FileKind.XML
    if re.match(_JSON, head):
        return FileKind.JSON
    typed = re.match(TYPE_LINE, head)
    header = re.compile(_HEADER).match(head, typed.end() if typed else 0)
    if header and re.search(_IDENTIFIER, header.group()):
        return FileKind.CSV
    from .printed import PRINTED  # most files are known by now

    return FileKind.PRINTED if PRINTED.match(head) else FileKind.SCRIPT


def _text(data: bytes) -> str:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return data[len(bom) : _HEAD].decode(encoding, "replace")
    return data[:_HEAD].decode("utf-8", "replace")
