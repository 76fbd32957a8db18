"""A server as JSON, CSV or a printed table shows it: its connector list, or the wizard's settings.

Get-ADSyncConnector's properties are those that Microsoft's own scripts read (Name, Identifier,
Type, Subtype, ConnectorTypeName, Partitions). The settings files' keys are known from public
scripts only, and their case is not reliable.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, has_errors
from syncrules.rules.guids import ZERO_GUID, parse_guid
from syncrules.rules.model import ENTRA_CONNECTOR
from syncrules.script.source import UNDECLARED, decode

from .file_kind import TYPE_LINE, FileKind
from .from_rules import kind_of
from .model import ENTRA, Connector, Evidence, EvidenceKind, Facet, Server
from .nesting import load_json
from .printed import Unfit, printed_rows
from .wizard_settings import is_settings, server_of_settings

__all__ = ["read_evidence"]

_OF_RULES = {"direction", "precedence", "linktype", "sourceobjecttype"}
"""Properties of a rule that a connector does not have."""


class _OfRules(Exception):
    """The file lists rules, not connectors."""


def read_evidence(
    data: bytes, kind: FileKind, path: str
) -> tuple[Server | None, tuple[Diagnostic, ...]]:
    """Read data that tells of a server; without a server where it is refused."""
    source, diagnostics = decode(data, path)
    if has_errors(diagnostics):
        return None, diagnostics
    try:
        if source.encoding == UNDECLARED:
            raise Unfit("contains bytes outside ASCII and does not say in which code page")
        if kind is FileKind.CSV:
            return _server(path, _rows(source.text)), ()
        if kind is FileKind.PRINTED:
            return _server(path, printed_rows(source.text)), ()
        if kind is FileKind.CLIXML:
            _refuse_clixml(source.text)
        return _of_json(path, _parsed(source.text)), ()
    except _OfRules:
        return None, (_of_rules(kind).at(Place(path)),)
    except Unfit as unfit:
        return None, (_refused(path, kind, str(unfit)),)


_WRITTEN = {
    FileKind.JSON: "JSON file",
    FileKind.CSV: "CSV file",
    FileKind.CLIXML: "file of Export-Clixml",
    FileKind.PRINTED: "printed table or list",
}


def _of_rules(kind: FileKind) -> Problem:
    return Problem(
        Code.SR122,
        f"This {_WRITTEN[kind]} shows rules as Get-ADSyncRule returns them. Rules are read only "
        "from the Editor's exports and from a configuration folder.",
        "Export the rules in the Synchronization Rules Editor, or run "
        "Get-ADSyncServerConfiguration -Path FOLDER on that server, and give that instead.",
    )


def _refuse_clixml(text: str) -> None:
    if re.search(r'SynchronizationRule<|N="(?:SourceObjectType|LinkType)"', text):
        raise _OfRules
    raise Unfit("contains objects in a form that is not read")


def _refused(path: str, kind: FileKind, why: str) -> Diagnostic:
    return Problem(
        Code.SR115,
        f"The {_WRITTEN[kind]} {why}.",
        "Write it again on the server, for example with Get-ADSyncConnector | Select-Object Name, "
        "Identifier, Type, Subtype | Export-Csv connectors.csv -Encoding UTF8, or with "
        "Get-ADSyncConnector | ConvertTo-Json -Depth 4 | Out-File connectors.json.",
    ).at(Place(path))


# ---- JSON ----------------------------------------------------------------------------------------


def _parsed(text: str) -> object:
    import json

    try:
        document: object = load_json(text, _lower_keys)
        json.dumps(document, ensure_ascii=False).encode()  # half a character has no bytes
    except UnicodeEncodeError:
        raise Unfit("contains half a character (a lone surrogate)") from None
    except ValueError as error:
        raise Unfit(f"cannot be read: {error}") from None
    return document


def _lower_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if found.setdefault(key.lower(), value) is not value:
            raise Unfit(f"has the key '{key}' twice (case does not count)")
    return found


def _of_json(path: str, document: object) -> Server:
    if isinstance(document, dict) and is_settings(document):
        return server_of_settings(path, document)
    # ConvertTo-Json of 5.1 wraps some lists so.
    if isinstance(document, dict) and isinstance(document.get("value"), list):
        document = document["value"]
    entries = document if isinstance(document, list) else [document]
    rows = [entry for entry in entries if isinstance(entry, dict)]
    if not rows or len(rows) < len(entries):
        raise Unfit("is neither a list of connectors nor the wizard's settings")
    return _server(path, rows)


# ---- CSV -----------------------------------------------------------------------------------------


def _rows(text: str) -> list[Mapping[str, object]]:
    """Return the rows by column, in lower case. Export-Csv -UseCulture may write other marks."""
    text = re.sub(TYPE_LINE, "", text.lstrip(), count=1)
    header = text.splitlines()[0] if text.strip() else ""
    mark = max(",;\t", key=header.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        raise Unfit(f"cannot be read: {error}") from None
    if not rows:
        raise Unfit("lists no connector")
    columns = [column.strip().lower() for column in rows[0]]
    if len(set(columns)) < len(columns):
        raise Unfit("has two columns of one name")
    found: list[Mapping[str, object]] = []
    for number, row in enumerate((r for r in rows[1:] if r), start=1):
        if len(row) != len(columns):
            raise Unfit(f"has {len(row)} values in row {number} and {len(columns)} columns")
        found.append(dict(zip(columns, row, strict=True)))
    if not found:
        raise Unfit("lists no connector")
    return found


# ---- Connectors ----------------------------------------------------------------------------------


def _server(path: str, rows: Sequence[Mapping[str, object]]) -> Server:
    if any(_OF_RULES & row.keys() for row in rows):
        raise _OfRules
    connectors = tuple(_connector(row, path) for row in rows)
    if len({c.identifier for c in connectors}) < len(connectors):
        raise Unfit("lists a connector twice")
    evidence = Evidence(path, EvidenceKind.CONNECTOR_LIST, (Facet.CONNECTORS,))
    return Server((evidence,), connectors)


def _connector(row: Mapping[str, object], path: str) -> Connector:
    if "identifier" not in row:
        raise Unfit("contains something without an Identifier, which every connector has")
    identifier = parse_guid(_identifier(row["identifier"]))
    if identifier is None or identifier == ZERO_GUID:
        raise Unfit("lists a connector whose Identifier is not a GUID")
    # An enumeration may have become a number: then the other property tells.
    types = [t for t in (row.get("connectortypename"), row.get("type")) if isinstance(t, str)]
    category = next((t for t in types if t.strip() and not t.strip().isdigit()), None)
    entra = identifier == ENTRA_CONNECTOR
    return Connector(
        identifier,
        ENTRA if entra else kind_of(category, _text(row.get("subtype"))),
        _text(row.get("name")),
        partitions=tuple(_partitions(row.get("partitions"))),
        files=(path,),
    )


def _identifier(value: object) -> str:
    """Return a GUID's text; ConvertTo-Json of 5.1 may write an object of it."""
    if isinstance(value, dict):
        value = value.get("value", value.get("guid"))
    return value if isinstance(value, str) else ""


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _partitions(value: object) -> Iterator[str]:
    for partition in value if isinstance(value, list) else ():
        name = _text(partition.get("name")) if isinstance(partition, dict) else None
        if name is not None:
            yield name
