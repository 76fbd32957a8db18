"""A connector list as PowerShell writes it: JSON or CSV, of Windows PowerShell 5.1 or of 7."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import A1, A2, ENTRA
from support.server_files import BOMS, with_mark
from syncrules import Server
from syncrules.rules.guids import ZERO_GUID
from syncrules.servers.connector_list import read_evidence
from syncrules.servers.file_kind import FileKind, file_kind_of
from syncrules.servers.model import AD, Connector, Facet
from syncrules.servers.model import ENTRA as ENTRA_KIND

ENCODINGS = ["utf-8", *BOMS]
AAD = "Windows Azure Active Directory (Microsoft)"
ENTRA_ROW = {
    "Name": "contoso.onmicrosoft.com - AAD",
    "Identifier": ENTRA,
    "Type": "Extensible2",
    "Subtype": AAD,
}
FOREST_ROW = {
    "Name": "contoso.com",
    "Identifier": A1,
    "Type": "AD",
    "ConnectorTypeName": "AD",
    "Subtype": "",
}


def read(data: str | bytes, name: str = "connectors") -> Server:
    """Return what a list shows; its kind is told from its content."""
    data = data.encode() if isinstance(data, str) else data
    content = file_kind_of(data)
    assert content in (FileKind.JSON, FileKind.CSV), content
    server, findings = read_evidence(data, content, name)
    assert findings == ()
    assert server is not None
    return server


def refused(data: str | bytes, content: FileKind, says: str = "") -> None:
    data = data.encode() if isinstance(data, str) else data
    server, findings = read_evidence(data, content, "a")
    assert server is None
    (finding,) = findings
    assert finding.code == "SR115"
    assert finding.is_error
    assert finding.file == "a"
    assert finding.message.isprintable()
    assert says in finding.message
    assert "Get-ADSyncConnector" in finding.hint


def of_json(document: object) -> Server:
    return read(json.dumps(document))


def the_one(document: object) -> Connector:
    (connector,) = of_json(document).connectors
    return connector


# ---- Properties ----------------------------------------------------------------------------------

# Names of connectors are for people: anything, but for lone surrogates and what ends a line.
names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
identifiers = st.uuids().map(str).filter(lambda i: i not in (ZERO_GUID, ENTRA))
lists = st.lists(
    st.tuples(names.filter(str.strip), identifiers),
    min_size=1,
    max_size=4,
    unique_by=lambda r: r[1],
)
spellings = st.sampled_from([str, str.upper, lambda i: f"{{{i}}}", lambda i: f"{{{i.upper()}}}"])


def shown(server: Server) -> list[tuple[str | None, str]]:
    return [(c.name, c.identifier) for c in server.connectors]


@given(lists, st.sampled_from(ENCODINGS), spellings, st.sampled_from([str, str.upper, str.lower]))
def test_a_list_as_json_shows_its_connectors(
    rows: list[tuple[str, str]],
    encoding: str,
    spelt: Callable[[str], str],
    cased: Callable[[str], str],
) -> None:
    document = [{cased("Name"): name, cased("Identifier"): spelt(i)} for name, i in rows]
    text = json.dumps(document, ensure_ascii=False)
    assert shown(read(with_mark(text, encoding))) == rows


@given(
    lists,
    st.sampled_from(ENCODINGS),
    st.sampled_from(",;\t"),
    st.sampled_from(["", "#TYPE Selected.Microsoft.IdentityManagement.Connector\r\n"]),
    st.sampled_from([str, str.upper, str.lower]),
)
def test_a_list_as_csv_shows_its_connectors(
    rows: list[tuple[str, str]],
    encoding: str,
    mark: str,
    first: str,
    cased: Callable[[str], str],
) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=mark, quoting=csv.QUOTE_ALL)
    writer.writerow([cased("Name"), cased("Identifier"), cased("Type")])
    writer.writerows([name, identifier, "AD"] for name, identifier in rows)
    server = read(with_mark(first + file.getvalue(), encoding))
    assert shown(server) == rows
    assert {c.kind for c in server.connectors} == {AD}


@given(lists)
def test_both_forms_tell_the_same(rows: list[tuple[str, str]]) -> None:
    document = [{"Name": n, "Identifier": i, "Subtype": AAD} for n, i in rows]
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, document[0])
    writer.writeheader()
    writer.writerows(document)
    assert read(file.getvalue()) == of_json(document)


# ---- What every list tells -----------------------------------------------------------------------


def test_a_type_line_may_end_in_a_lone_carriage_return() -> None:
    refused('#TYPE X\r"Name","Identifier"\n', FileKind.CSV)
    found = read(f'#TYPE X\r"Name","Identifier"\r"a","{A1}"\r')
    assert [c.identifier for c in found.connectors] == [A1]


def test_a_list_shows_all_connectors_and_nothing_else() -> None:
    server = of_json([FOREST_ROW, ENTRA_ROW])
    (evidence,) = server.evidence
    assert evidence.path == "connectors"
    assert evidence.kind == "connector list"
    assert evidence.complete_in == (Facet.CONNECTORS,)
    assert server.rules == ()
    assert server.metaverse is None
    assert server.connectors == (
        Connector(A1, AD, "contoso.com", files=("connectors",)),
        Connector(ENTRA, ENTRA_KIND, "contoso.onmicrosoft.com - AAD", files=("connectors",)),
    )


def test_partitions_are_those_with_names() -> None:
    partitions = [{"Name": "DC=contoso,DC=com"}, {"Name": ""}, {}, None, "x", {"Name": 1}]
    connector = the_one({**FOREST_ROW, "Partitions": partitions})
    assert connector.partitions == ("DC=contoso,DC=com",)
    # As ConvertTo-Json writes what is deeper than its -Depth.
    assert the_one({**FOREST_ROW, "Partitions": "System.Object[]"}).partitions == ()


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        pytest.param({"Type": "AD"}, AD, id="Type"),
        pytest.param({"Type": "ad"}, AD, id="in small letters"),
        pytest.param({"ConnectorTypeName": "AD"}, AD, id="ConnectorTypeName"),
        pytest.param({"Type": 0, "ConnectorTypeName": "AD"}, AD, id="an enumeration as a number"),
        pytest.param({"Type": "0", "ConnectorTypeName": "AD"}, AD, id="as a number in quotes"),
        pytest.param({"Type": "AD", "ConnectorTypeName": "1"}, AD, id="the other one as a number"),
        pytest.param({"Type": 0}, None, id="a number alone"),
        pytest.param({"Type": "Extensible2", "Subtype": AAD}, ENTRA_KIND, id="Entra"),
        pytest.param(
            {"Type": "Extensible2", "Subtype": "Generic SQL (Microsoft)"}, "Generic SQL", id="SQL"
        ),
        pytest.param({"Subtype": "PowerShell (Microsoft)"}, "PowerShell", id="a subtype alone"),
        pytest.param({"Type": "Extensible2", "Subtype": ""}, None, id="without a subtype"),
        pytest.param({"Type": "Extensible2", "Subtype": None}, None, id="a subtype of null"),
        pytest.param({"Type": None}, None, id="a type of null"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_what_a_connector_connects_to(row: dict[str, object], kind: str | None) -> None:
    assert the_one({"Name": "x", "Identifier": A1, **row}).kind == kind


def test_the_entra_connector_is_known_whatever_the_list_says_of_it() -> None:
    assert the_one({"Identifier": ENTRA.upper(), "Type": 3}).kind == ENTRA_KIND


@pytest.mark.parametrize("name", ["", "  ", None, 3, ["x"]])
def test_a_name_that_is_none(name: object) -> None:
    assert the_one({"Identifier": A1, "Name": name}).name is None


# ---- JSON ----------------------------------------------------------------------------------------


def test_a_single_connector_is_an_object_without_a_list() -> None:
    assert the_one(FOREST_ROW) == the_one([FOREST_ROW])


def test_the_wrapper_of_5_1() -> None:
    rows = [FOREST_ROW, ENTRA_ROW]
    assert of_json({"value": rows, "Count": 2}) == of_json(rows)
    assert of_json({"Value": rows}) == of_json(rows)


@pytest.mark.parametrize(
    "identifier",
    [
        A1,
        A1.upper(),
        f"{{{A1.upper()}}}",
        f" {A1}\r\n",
        UUID(A1).hex,
        {"Guid": A1},
        {"value": A1.upper(), "Guid": A1},
        {"VALUE": A1},
    ],
)
def test_an_identifier_as_text_or_as_an_object(identifier: object) -> None:
    assert the_one({"Identifier": identifier}).identifier == A1


@pytest.mark.parametrize(
    "identifier",
    [None, "", "contoso.com", 1, True, [A1], {}, {"Guid": None}, {"id": A1}, ZERO_GUID, f"{{{A1}"],
)
def test_an_identifier_that_is_none_is_refused(identifier: object) -> None:
    refused(json.dumps([ENTRA_ROW, {"Identifier": identifier}]), FileKind.JSON, "not a GUID")


def test_a_connector_without_identifier_is_refused() -> None:
    refused(json.dumps([{"Name": "contoso.com"}]), FileKind.JSON, "without an Identifier")


def test_a_connector_twice_is_refused() -> None:
    rows = [FOREST_ROW, {**FOREST_ROW, "Identifier": f"{{{A1.upper()}}}", "Name": "other"}]
    refused(json.dumps(rows), FileKind.JSON, "twice")


@pytest.mark.parametrize(
    "text",
    [
        f'{{"Identifier": "{A1}", "Identifier": "{A2}"}}',
        f'{{"Identifier": "{A1}", "identifier": "{A2}"}}',
        f'[{{"Identifier": "{A1}", "Partitions": [{{"Name": "x", "NAME": "y"}}]}}]',
    ],
)
def test_a_key_twice_in_any_case_is_refused(text: str) -> None:
    refused(text, FileKind.JSON, "twice")


@pytest.mark.parametrize(
    "text",
    [
        *("[]", "{}", "null", "1", '"x"', "[1]", "[[]]", '["a"]', "[null]"),
        *('{"value": []}', '{"value": 1}', '{"value": [1]}', '{"Count": 0}'),
        json.dumps([FOREST_ROW, None]),
        json.dumps([FOREST_ROW, [ENTRA_ROW]]),
    ],
)
def test_json_of_something_else_is_refused(text: str) -> None:
    refused(text, FileKind.JSON)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 100_000, id="lists, not closed"),
        pytest.param("[" * 100_000 + "]" * 100_000, id="lists"),
        pytest.param('{"a":' * 100_000 + "1" + "}" * 100_000, id="objects"),
        pytest.param(
            f'[{{"Identifier": "{A1}", "Partitions": {"[" * 100_000}{"]" * 100_000}}}]',
            id="in a place that is looked at",
        ),
    ],
)
def test_deep_nesting_is_refused(text: str) -> None:
    refused(text, FileKind.JSON, "JSON")


@pytest.mark.parametrize(
    "text",
    [
        '[{"a": 1}',
        '{"a" 1}',
        "{'a': 1}",
        '{"a": 1,}',
        '{"a": ' + "9" * 5_000 + "}",
        '[{"a": "\n"}]',
        '[{"a": 1}] x',
        "",
        "\ufeff[]",
    ],
)
def test_damaged_json_is_refused(text: str) -> None:
    refused(text.encode("utf-8-sig"), FileKind.JSON, "cannot be read")


# ---- CSV -----------------------------------------------------------------------------------------

HEADER = '"Name","Identifier","Type","Subtype"\r\n'
ROW = f'"contoso.com","{A1}","AD",""\r\n'


def test_quotes_and_marks_in_a_name() -> None:
    (connector,) = read(HEADER + f'"a ""b"", c\r\nd",{A1},AD,\r\n').connectors
    assert connector.name == 'a "b", c\r\nd'


def test_empty_lines_mean_nothing() -> None:
    assert read(f"\r\n{HEADER}\r\n{ROW}\r\n\r\n") == read(HEADER + ROW)


def test_all_columns_of_the_server_may_be_there() -> None:
    text = (
        "#TYPE Microsoft.IdentityManagement.PowerShell.ObjectModel.Connector\r\n"
        '"Identifier","Name","Description","Partitions","Type","Version","ConnectorTypeName"\r\n'
        f'"{A1}","contoso.com",,"System.Collections.Generic.List`1[Partition]","AD","682","AD"\r\n'
    )
    (connector,) = read(text).connectors
    assert (connector.identifier, connector.kind, connector.partitions) == (A1, AD, ())


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_other_marks_within_quotes_do_not_mislead(mark: str) -> None:
    text = f'"Name"{mark}"Identifier"\r\n"a,b;c\td,;;\t"{mark}"{A1}"\r\n'
    (connector,) = read(text).connectors
    assert connector.name == "a,b;c\td,;;\t"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(HEADER, "no connector", id="no rows"),
        pytest.param(HEADER.rstrip(), "no connector", id="no end of line"),
        pytest.param("#TYPE X\r\n" + HEADER, "no connector", id="no rows, of 5.1"),
        pytest.param(HEADER + '"x"\r\n', "row 1", id="too few values"),
        pytest.param(HEADER + ROW + f'"x","{A2}","AD","","y"\r\n', "row 2", id="too many values"),
        pytest.param(HEADER + ROW + ROW, "twice", id="a connector twice"),
        pytest.param(HEADER + ROW + ROW.upper(), "twice", id="twice in another case"),
        pytest.param(HEADER + '"x","","AD",""\r\n', "not a GUID", id="an empty identifier"),
        pytest.param(HEADER + '"x","y","AD",""\r\n', "not a GUID", id="an identifier of words"),
        pytest.param(HEADER + f'"x","{ZERO_GUID}","AD",""\r\n', "not a GUID", id="of zeros"),
        pytest.param('"Name","Identifier","NAME"\r\n"a","b","c"\r\n', "two columns", id="columns"),
        pytest.param(HEADER + '"x', "cannot be read", id="a quote that is not closed"),
        pytest.param(HEADER + f'"x"y,"{A1}","",""\r\n', "cannot be read", id="text behind a quote"),
        pytest.param(
            HEADER + f'"{"x" * 200_000}","{A1}","",""\r\n', "cannot be read", id="a huge value"
        ),
    ],
)
def test_damaged_csv_is_refused(text: str, says: str) -> None:
    assert file_kind_of(text.encode()) is FileKind.CSV
    refused(text, FileKind.CSV, says)


# ---- Encodings -----------------------------------------------------------------------------------


def test_bytes_of_an_unknown_code_page_are_refused() -> None:
    data = (HEADER + ROW.replace("contoso", "Zürich")).encode("cp1252")
    refused(data, FileKind.CSV, "code page")
    refused(json.dumps([{"Name": "ü"}], ensure_ascii=False).encode("cp1252"), FileKind.JSON, "page")


def test_utf_8_without_a_mark_is_read_as_powershell_7_writes_it() -> None:
    (connector,) = read((HEADER + ROW.replace("contoso", "Zürich")).encode()).connectors
    assert connector.name == "Zürich.com"


def test_half_a_character_is_a_finding() -> None:
    for content in (FileKind.CSV, FileKind.JSON):
        server, findings = read_evidence(BOMS["utf-16-le"] + b"[\0{", content, "a")
        assert server is None
        assert [f.is_error for f in findings] == [True]
