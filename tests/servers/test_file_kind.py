"""What a file is, is told from its bytes; its name tells nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import A1, ENTRA, rule, text_of
from support.configurations import connector_xml, metaverse_xml, rule_xml
from support.server_files import BOMS, FOREST_FILE, read_bytes, with_mark
from support.strategies import Generated, rule_lists, scripts
from syncrules.exports.layout import script_text
from syncrules.files import read_inputs
from syncrules.folders import Input
from syncrules.servers.file_kind import FileKind, file_kind_of

LIST = f'"Name","Identifier","Type"\r\n"contoso.com","{A1}","AD"\r\n'
JSON = json.dumps([{"Name": "contoso.com", "Identifier": A1}], indent=4)
ENCODINGS = ["utf-8", *BOMS]


# ---- Properties ----------------------------------------------------------------------------------


@given(rule_lists, st.sampled_from(["\r\n", "\n"]), st.sampled_from(ENCODINGS))
def test_what_the_editor_prints_is_a_script_whatever_text_it_holds(
    rules: tuple[syncrules.SyncRule, ...], newline: str, encoding: str
) -> None:
    assert file_kind_of(with_mark(script_text(rules, newline), encoding)) is FileKind.SCRIPT


@given(scripts())
def test_what_a_person_made_of_it_is_a_script_still(generated: Generated) -> None:
    assert file_kind_of(generated.data) is FileKind.SCRIPT


@given(st.binary(max_size=300))
def test_any_bytes_are_something(data: bytes) -> None:
    assert file_kind_of(data) in FileKind


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("before", ["", "\r\n", " \t\n\n"], ids=["", "a line", "blanks"])
@pytest.mark.parametrize(
    ("text", "content"),
    [
        (rule_xml(rule()), FileKind.XML),
        (connector_xml(FOREST_FILE), FileKind.XML),
        (metaverse_xml(["cn"], {}), FileKind.XML),
        (JSON, FileKind.JSON),
        (LIST, FileKind.CSV),
        (text_of(rule()), FileKind.SCRIPT),
    ],
    ids=["rule", "connector", "metaverse", "JSON", "CSV", "export"],
)
def test_neither_mark_nor_blank_lines_change_the_kind(
    encoding: str, before: str, text: str, content: FileKind
) -> None:
    assert file_kind_of(with_mark(before + text, encoding)) is content


@pytest.mark.parametrize("name", ["server.ps1", "server.txt", "server.xml", "server.json", "x.csv"])
def test_the_name_does_not_matter(name: str) -> None:
    def what(data: bytes) -> list[str]:
        loaded = read_inputs([Input(Path(name))], load=lambda _: (data, ()))
        assert loaded.diagnostics == ()
        return [e.kind for e in loaded.server.evidence]

    assert what(text_of(rule()).encode()) == ["export"]
    assert what(rule_xml(rule()).encode()) == ["configuration"]
    assert what(JSON.encode()) == ["connector list"]
    assert what(LIST.encode()) == ["connector list"]
    assert what(b'{"deploymentMetadata": {}}') == ["wizard's settings"]


# ---- Scripts that look like something else -------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<# Custom rules of contoso #>\n", id="a comment"),
        pytest.param("<#\n.SYNOPSIS\n<xml/>\n#>\n", id="a comment that holds XML"),
        pytest.param("[CmdletBinding()]\nparam()\n", id="an attribute"),
        pytest.param("[string]$x = 'a'\n", id="a type"),
        pytest.param("#TYPE of the rules: custom\r\n", id="a comment like a line of Export-Csv"),
        pytest.param("#TYPE Microsoft.X\r\n# Name,Identifier\r\n", id="and another comment"),
        pytest.param("# Name, Identifier\n", id="a comment like a header"),
        pytest.param("{ New-ADSyncRule }\n", id="a block"),
        pytest.param("@{ 'a' = 1 }\n", id="a hash table"),
        pytest.param("", id="nothing"),
        pytest.param("\ufeff", id="nothing but a second mark"),
        pytest.param("New-ADSyncRule -Name 'x', 'Identifier'\n", id="a command with a list"),
        pytest.param("$syncRule, $identifier = 1\n", id="an assignment"),
        pytest.param("Name,Type,Subtype\ncontoso.com,AD,\n", id="a table without identifiers"),
        pytest.param("Name,SomeIdentifiers,Type\na,b,c\n", id="a column of another name"),
        pytest.param("Identifier\nx\n", id="a column alone"),
    ],
)
def test_a_script(text: str) -> None:
    assert file_kind_of(text.encode()) is FileKind.SCRIPT


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html>\n<html><body>Sign in</body></html>",
        "<!doctype HTML><title>x</title>",
        "<html lang='en'>",
        "\r\n<HTML>",
    ],
)
def test_a_saved_web_page_is_told_where_scripts_are_read(text: str) -> None:
    assert file_kind_of(text.encode()) is FileKind.SCRIPT
    assert [f.code for f in read_bytes({"page.ps1": text.encode()}).diagnostics] == ["SR107"]


# ---- Data ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<ma-data/>", id="without a declaration"),
        pytest.param("<?xml version='1.0'?><ma-data/>", id="with one"),
        pytest.param('<?xml version="1.0" encoding="utf-16"?>\n<ma-data/>', id="of UTF-16"),
        pytest.param("<!-- exported -->\n<ma-data/>", id="a comment first"),
        pytest.param("<!DOCTYPE x [<!ENTITY y 'z'>]><x/>", id="a document type"),
        pytest.param("<_x/>", id="a name with an underscore"),
        pytest.param("<a:b xmlns:a='urn:a'/>", id="a prefix"),
    ],
)
def test_xml(text: str) -> None:
    assert file_kind_of(text.encode()) is FileKind.XML


@pytest.mark.parametrize(
    "text",
    [
        '{"Name": 1}',
        '{\r\n    "value":  [\r\n',
        "{}",
        "{\n}",
        "[]",
        '[\n  {"Name": 1}\n]',
        "[[1]]",
        '["a"]',
    ],
)
def test_json(text: str) -> None:
    assert file_kind_of(text.encode()) is FileKind.JSON


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(LIST, id="quoted"),
        pytest.param("Name,Identifier,Type\na,b,c\n", id="not quoted, as PowerShell 7 may write"),
        pytest.param('"Name";"Identifier"\n', id="semicolons, of -UseCulture"),
        pytest.param("Name\tIdentifier\na\tb\n", id="tabs"),
        pytest.param(f"#TYPE Selected.Connector\r\n{LIST}", id="5.1's first line"),
        pytest.param(f"#TYPE X\n{LIST}", id="that line with LF"),
        pytest.param("Identifier,Name\n", id="the identifier first"),
        pytest.param('"Name","IDENTIFIER"', id="in capitals, and without an end of line"),
        pytest.param('"Name","Identifier" \r\n', id="a blank behind"),
        pytest.param('"Password Hash","Identifier"\n', id="a column of two words"),
    ],
)
def test_csv(text: str) -> None:
    assert file_kind_of(text.encode()) is FileKind.CSV


def test_the_entra_connector_alone_is_a_table_too() -> None:
    text = f"Identifier,Name\n{ENTRA},contoso.onmicrosoft.com - AAD\n"
    (connector,) = read_bytes({"x": text.encode()}).server.connectors
    assert connector.is_entra


def test_a_header_longer_than_what_is_looked_at_is_no_table() -> None:
    columns = ",".join(f"column{n}" for n in range(1_000))
    assert file_kind_of(f"{columns},Identifier\n".encode()) is FileKind.SCRIPT
    assert file_kind_of(f"Identifier,{columns}\n".encode()) is FileKind.CSV
