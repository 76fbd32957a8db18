"""The table or list of connectors that PowerShell prints, as a server's file and as an EXPORT."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import A1, ENTRA, rule, text_of
from support.server_files import BOMS, read_bytes, with_mark
from syncrules.diagnostics import Diagnostic
from syncrules.rules.guids import ZERO_GUID
from syncrules.servers.connector_list import read_evidence
from syncrules.servers.file_kind import FileKind, file_kind_of

NAME = "contoso.onmicrosoft.com - AAD"
ROWS = [("contoso.com", A1), (NAME, ENTRA)]
PROMPT = "PS C:\\> Get-ADSyncConnector | Select-Object Name, Identifier\r\n"


def table(rows: list[tuple[str, str]]) -> str:
    width = max(4, *(len(name) for name, _ in rows))
    lines = [("Name", "Identifier"), ("----", "----------"), *rows]
    return "\r\n" + "".join(f"{n:<{width}} {i:<36}\r\n" for n, i in lines) + "\r\n\r\n"


def listed(rows: list[tuple[str, str]]) -> str:
    return (
        "\r\n\r\n"
        + "\r\n".join(f"Name       : {n}\r\nIdentifier : {i}\r\n" for n, i in rows)
        + "\r\n"
    )


def shown(data: bytes) -> list[tuple[str | None, str]]:
    kind = file_kind_of(data)
    assert kind is FileKind.PRINTED
    server, found = read_evidence(data, kind, "connectors.txt")
    assert found == ()
    assert server is not None
    return [(c.name, c.identifier) for c in server.connectors]


def refused(text: str) -> Diagnostic:
    server, (found,) = read_evidence(text.encode(), file_kind_of(text.encode()), "connectors.txt")
    assert server is None
    return found


words = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)
rows = st.lists(
    st.tuples(names, st.uuids().map(str).filter(lambda i: i != ZERO_GUID)),
    min_size=1,
    max_size=4,
    unique_by=lambda row: row[1],
)


@pytest.mark.parametrize("printed", [table, listed])
@given(rows=rows, encoding=st.sampled_from(["utf-8", *BOMS]), prompt=st.sampled_from(["", PROMPT]))
def test_what_is_printed_shows_its_connectors(
    printed: Callable[[list[tuple[str, str]]], str],
    rows: list[tuple[str, str]],
    encoding: str,
    prompt: str,
) -> None:
    assert shown(with_mark(prompt + printed(rows) + prompt[:8], encoding)) == rows


def test_wide_characters_and_columns_that_nobody_asked_for() -> None:
    """A console takes two columns for a wide character; what is written to a file may take one."""
    rows = [("日本.example", A1), (NAME, ENTRA)]
    name, guid, kind = "Name".ljust(29), "Identifier".ljust(36), "Type"
    head = f"{name} {guid} {kind}\n{'----'.ljust(29)} {'----------'.ljust(36)} ----\n"
    for wide in (0, 2):
        text = head + f"{rows[0][0].ljust(29 - wide)} {A1} AD\n{NAME} {ENTRA} Extensible2\n"
        assert shown(text.encode()) == rows


@pytest.mark.parametrize("cut", ["…", "..."])
def test_a_cut_value_is_refused_with_what_to_type(cut: str) -> None:
    for text in (
        table([(NAME[:-4] + cut, A1)]),
        table([("a", A1[:30] + cut)]),
        listed([(NAME + cut, A1)]),
    ):
        found = refused(text)
        assert found.code == "SR115"
        assert "did not fit" in found.message
        assert "Get-ADSyncConnector | Select-Object" in found.hint


@pytest.mark.parametrize(
    "text",
    [
        "Name        Type\n----        ----\ncontoso.com AD\n",
        table(ROWS) + table(ROWS),
        table([("a", A1)]).replace(f"a    {A1}", f"abcdefg {A1}"),
        listed([("a", A1)]).replace("Name       : a", "Name       : a\r\n             b"),
        listed([("a", A1)]) + "Done.\r\n",
        listed([("a", A1)]).replace("Identifier", "Name"),
        listed([("a", "System.Guid")]),
    ],
)
def test_what_is_not_plainly_a_list_of_connectors_is_refused(text: str) -> None:
    data = text.encode()
    if file_kind_of(data) is FileKind.PRINTED:
        assert refused(text).code == "SR115"


RULES = {
    "JSON": json.dumps([{"Name": "x", "Identifier": A1, "Direction": 0, "Precedence": 5}]),
    "CSV": '"Name","Identifier","Direction"\r\n"x","y","Inbound"\r\n',
    "a table": "Name Direction Precedence\n---- --------- ----------\nx    Inbound           50\n",
    "a list": f"Identifier : {A1}\nName : x\nDirection : Inbound\nDescription : a\n  b\n",
    "Clixml": (
        '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">\n'
        '<Obj RefId="0">'
        "<TN><T>Microsoft.IdentityManagement.PowerShell.ObjectModel.SynchronizationRule</T></TN>"
        "</Obj></Objs>"
    ),
}


@pytest.mark.parametrize("form", RULES)
@pytest.mark.parametrize("to_move", [True, False])
def test_rules_in_another_form_are_told_by_what_they_are(form: str, to_move: bool) -> None:
    (found,) = read_bytes({"x.txt": RULES[form].encode()}, to_move=to_move).diagnostics
    assert found.code == "SR122"
    assert "Synchronization Rules Editor" in found.hint
    assert "Get-ADSyncServerConfiguration" in found.hint


def test_other_objects_of_clixml_are_refused() -> None:
    text = RULES["Clixml"].replace("SynchronizationRule", "Connector")
    assert refused(text).code == "SR115"


# ---- As an EXPORT --------------------------------------------------------------------------------

SETTINGS = json.dumps(
    {
        "onpremisesDirectoryPolicy": [
            {
                "uniqueIdentifier": A1,
                "friendlyName": "contoso.com",
                "customSynchronizationRules": [{"name": "In from AD - Custom", "precedence": 50}],
            }
        ],
        "azureDirectoryPolicy": {},
    }
)
LISTS = {
    "table.txt": table(ROWS),
    "list.txt": listed(ROWS),
    "list.csv": f'"Name","Identifier"\r\n"contoso.com","{A1}"\r\n',
    "list.json": json.dumps([{"Name": "contoso.com", "Identifier": A1}]),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_connectors_as_the_only_export_says_what_it_is(name: str) -> None:
    (found,) = read_bytes({name: LISTS[name].encode()}, to_move=True).diagnostics
    assert (found.code, found.is_error) == ("SR121", True)
    assert "a list of connectors" in found.message
    assert "export the custom rules" in found.hint
    assert read_bytes({name: LISTS[name].encode()}).diagnostics == ()


def test_the_settings_as_the_only_export_name_the_rules_to_export() -> None:
    (found,) = read_bytes({"settings.json": SETTINGS.encode()}, to_move=True).diagnostics
    assert found.code == "SR121"
    assert "the settings file of the wizard" in found.message
    assert "'In from AD - Custom'" in found.hint


def test_beside_an_export_of_custom_rules_they_are_evidence() -> None:
    files = {"a.ps1": text_of(rule()).encode(), "s.json": SETTINGS.encode()}
    assert read_bytes(files, to_move=True).diagnostics == ()
