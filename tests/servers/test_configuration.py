"""A configuration folder: the whole of a server, or some of its files, or something hostile."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.builders import A1, A2, ENTRA, errors, guid, out_of_box, rule, the
from support.configurations import (
    ENTRA_FILE,
    STAGING_MODE,
    ConnectorFile,
    configuration,
    connector_xml,
    metaverse_xml,
    rule_xml,
)
from support.server_files import (
    FOREST_FILE,
    SAMPLE,
    parts_of,
    read_bytes,
    rule_lists_of_xml,
    with_mark,
)
from syncrules import Diagnostic, InputRefused, Severity, SyncRule
from syncrules.files import read_inputs
from syncrules.folders import inputs_in
from syncrules.servers.configuration import ConnectorPart, MetaversePart, RulePart, read_part
from syncrules.servers.model import AD, Facet, Fact, ServerFact
from syncrules.servers.model import ENTRA as ENTRA_KIND

WHOLE = (Facet.CONNECTORS, Facet.RULES, Facet.SCHEMA)


def refused(data: bytes, code: str) -> Diagnostic:
    part, (finding,) = read_part(data, "a.xml")
    assert part is None
    assert finding.code == code, finding
    assert finding.is_error
    assert finding.hint
    assert finding.file == "a.xml"
    return finding


# ---- The whole folder ----------------------------------------------------------------------------


@given(rule_lists_of_xml(), st.randoms(use_true_random=False))
def test_what_is_written_is_known_whatever_the_order_of_the_files(
    rules: tuple[SyncRule, ...], dice: Random
) -> None:
    files = list(parts_of(*rules).items())
    dice.shuffle(files)
    loaded = read_bytes(dict(files))
    assert loaded.diagnostics == ()
    assert loaded.exports == ()
    (evidence,) = loaded.server.evidence
    assert evidence.complete_in == WHOLE
    assert {r.sync_rule for r in loaded.server.rules} == set(rules)
    assert {c.identifier for c in loaded.server.connectors} == {
        A1,
        ENTRA,
        *(r.connector for r in rules),
    }
    assert loaded.server.disputes == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_folder_in_each_encoding_and_as_the_console_saves_it(
    encoding: str, wrapped: bool, tmp_path: Path
) -> None:
    munich = ConnectorFile(
        A1, "Zürich – 字", forest="münchen.example", partitions=("DC=münchen,DC=example", "DC=x")
    )
    own = replace(rule("In from AD – ü"), description="a\nb\r\n")
    configuration(
        tmp_path,
        connectors=[munich, ENTRA_FILE],
        rules=[own, out_of_box()],
        staging_mode=True,
        metaverse=["cn", "displayName"],
        settings={"Microsoft.SynchronizationOption.AnchorAttribute": "mS-DS-ConsistencyGuid"},
        encoding=encoding,
        wrapped=wrapped,
    )
    loaded = read_inputs(inputs_in(tmp_path))
    assert loaded.diagnostics == ()
    server = loaded.server
    forest = server.connector(A1)
    assert forest is not None
    assert (forest.kind, forest.name, forest.forest) == (AD, "Zürich – 字", "münchen.example")
    assert forest.partitions == ("DC=münchen,DC=example", "DC=x")
    assert forest.attributes is None
    assert {r.sync_rule for r in server.rules} == {own, out_of_box()}
    assert server.metaverse == frozenset({"cn", "displayname"})
    assert [staging for _, staging in server.staging_modes] == [True]
    assert server.settings == {
        "Microsoft.SynchronizationOption.AnchorAttribute": "mS-DS-ConsistencyGuid"
    }
    assert server.is_complete_in(Facet.SCHEMA)


@pytest.mark.parametrize("lacking", ["Connector_", "Rule_", "MV"])
def test_only_the_whole_folder_is_complete(lacking: str) -> None:
    files = {n: d for n, d in parts_of(rule()).items() if not n.startswith(lacking)}
    (evidence,) = read_bytes(files).server.evidence
    assert evidence.complete_in == ()
    assert not evidence.complete


def test_a_folder_of_one_connector_less_than_its_rules_is_not_complete_but_an_error() -> None:
    files = parts_of(rule(), rule("Out to LDAP", 2, A2))
    del files[f"Connector_{A2}.xml"]
    loaded = read_bytes(files)
    finding = the("SR116", loaded.diagnostics)
    assert finding.is_error
    assert A2 in finding.message
    assert "Out to LDAP" in finding.message
    assert finding.file == str(Path("server") / "Rule_1.xml")
    (evidence,) = loaded.server.evidence
    assert evidence.complete_in == ()


def test_rules_alone_lack_no_connector() -> None:
    loaded = read_bytes({"a.xml": rule_xml(rule()).encode()})
    assert loaded.diagnostics == ()
    assert [c.identifier for c in loaded.server.connectors] == [A1]


def test_a_sources_name_is_the_folder_it_stands_in() -> None:
    server = read_bytes(parts_of(out_of_box())).server
    (evidence,) = server.evidence
    assert evidence.path == "server"
    assert evidence.kind == "configuration"
    forest = server.connector(A1)
    assert forest is not None
    assert forest.files == ("server",)
    assert forest.shown_by == (("In from AD - User Join", "server"),)


# ---- Microsoft's own sample ----------------------------------------------------------------------


def test_the_samples_entra_connector() -> None:
    (path,) = SAMPLE.glob("Connectors/*.xml")
    part, _ = read_part(path.read_bytes(), "entra.xml")
    assert isinstance(part, ConnectorPart)
    connector = part.connector
    assert connector.is_entra
    assert connector.identifier == "b891884f-051e-4a83-95af-2544101c9083"
    assert connector.kind == ENTRA_KIND
    assert connector.name == "contoso.onmicrosoft.com - AAD"
    assert connector.forest is None
    assert connector.partitions == ("default",)
    assert connector.attributes is not None
    assert len(connector.attributes) == 185
    assert {"alias", "cloudanchor", "dlmemrejectperms"} <= connector.attributes


def test_the_samples_part_is_not_taken_for_a_whole_server() -> None:
    inputs = inputs_in(SAMPLE)
    assert len(inputs) == 5  # neither the licence nor the README
    loaded = read_inputs(inputs)
    # The connector of contoso.com is left out here, and three of the rules are its own.
    assert errors(loaded.diagnostics) == ["SR116"] * 3
    server = loaded.server
    assert not any(e.complete for e in server.evidence)
    assert len(server.rules) == 4
    assert all(r.is_out_of_box for r in server.rules)
    forest = server.connector("ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d")
    assert forest is not None
    assert forest.kind == AD  # as the rules' names tell


# ---- Connectors ----------------------------------------------------------------------------------


def connector_of(text: str) -> ConnectorPart:
    part, _ = read_part(text.encode(), "connector.xml")
    assert isinstance(part, ConnectorPart)
    return part


def test_a_connector_has_its_identifier_in_capitals_and_braces() -> None:
    text = connector_xml(FOREST_FILE)
    assert f"{{{A1.upper()}}}" in text
    assert connector_of(text).connector.identifier == A1


@pytest.mark.parametrize(
    ("category", "subtype", "kind"),
    [
        ("AD", "", AD),
        (" ad ", "", AD),
        ("Extensible2", "Windows Azure Active Directory (Microsoft)", ENTRA_KIND),
        ("Extensible2", "Microsoft Entra ID (Microsoft)", ENTRA_KIND),
        ("Extensible2", "Generic LDAP (Microsoft)", "Generic LDAP"),
        ("Extensible2", "Generic SQL", "Generic SQL"),
        ("Extensible2", "", None),
        ("", "", None),
    ],
)
def test_what_a_connector_connects_to(category: str, subtype: str, kind: str | None) -> None:
    text = connector_xml(ConnectorFile(A1, "x", category, subtype))
    assert connector_of(text).connector.kind == kind


def test_a_forest_without_its_element_is_told_by_its_parameter() -> None:
    parameter = '<parameter-values><parameter name="Forest.FQDN">{}</parameter></parameter-values>'
    bare = connector_xml(replace(FOREST_FILE, forest=None))
    text = bare.replace("</ma-data>", parameter.format("fabrikam.com") + "</ma-data>")
    assert connector_of(text).connector.forest == "fabrikam.com"
    text = text.replace("<ma-partition-data>", "<private-configuration/><ma-partition-data>")
    assert connector_of(text).connector.forest == "fabrikam.com"
    assert connector_of(bare).connector.forest is None


def test_an_encrypted_parameter_is_not_read() -> None:
    parameter = '<parameter name="Forest.FQDN" encrypted="1">secret</parameter>'
    text = connector_xml(replace(FOREST_FILE, forest=None)).replace(
        "</ma-data>", f"{parameter}</ma-data>"
    )
    assert connector_of(text).connector.forest is None


def test_a_schema_without_attributes_shows_none() -> None:
    bare = connector_xml(replace(FOREST_FILE, attributes=()))
    assert connector_of(bare).connector.attributes is None
    text = bare.replace("</ma-data>", "<schema><dsml/></schema></ma-data>")
    assert connector_of(text).connector.attributes is None
    shown = connector_of(connector_xml(FOREST_FILE)).connector.attributes
    assert shown == frozenset({"cn", "department", "employeeid"})


@pytest.mark.parametrize("identifier", ["", "x", "00000000-0000-0000-0000-000000000000", "{}"])
def test_a_connector_that_cannot_be_named_is_refused(identifier: str) -> None:
    refused(connector_xml(replace(FOREST_FILE, identifier=identifier)).encode(), "SR114")


def test_a_connector_without_identifier_is_refused() -> None:
    refused(b"<ma-data/>", "SR114")
    refused(b"<saved-ma-configuration><ma-data/></saved-ma-configuration>", "SR114")


# ---- The metaverse -------------------------------------------------------------------------------


def metaverse_of(text: str) -> MetaversePart:
    part, _ = read_part(text.encode(), "MV.xml")
    assert isinstance(part, MetaversePart)
    return part


@pytest.mark.parametrize(
    ("said", "meant"),
    [("True", True), ("true", True), ("False", False), ("", None), ("1", None)],
)
def test_staging_mode(said: str, meant: bool | None) -> None:
    assert metaverse_of(metaverse_xml(["cn"], {STAGING_MODE: said})).staging_mode is meant


def test_only_the_wizards_options_are_settings() -> None:
    options = {
        "Microsoft.SynchronizationOption.JoinCriteria": "ObjectSID",
        "Microsoft.OptionalFeature.GroupFiltering": "False",
    }
    others = {"Microsoft.Synchronize.SchedulerSuspended": "False", STAGING_MODE: "False"}
    assert metaverse_of(metaverse_xml(["cn"], others | options)).settings == options


def test_a_metaverse_without_schema_is_refused() -> None:
    refused(b"<saved-mv-configuration><mv-data/></saved-mv-configuration>", "SR114")
    refused(metaverse_xml([], {}).encode(), "SR114")


# ---- What is said of the server itself -----------------------------------------------------------


def test_its_name_version_and_date_are_told_by_the_metaverses_file() -> None:
    version = {"Microsoft.Synchronize.ServerConfigurationVersion": " 2.4.129.0 "}
    assert metaverse_of(metaverse_xml(["cn"], version)).facts == (
        ServerFact(Fact.NAME, "SYNC01", "MV.xml"),
        ServerFact(Fact.EXPORTED, "2026-01-02 03:04:05.678", "MV.xml"),
        ServerFact(Fact.VERSION, "2.4.129.0", "MV.xml"),
    )


def test_what_the_file_leaves_empty_is_not_told() -> None:
    text = metaverse_xml(["cn"], {}).replace("server='SYNC01'", "server=' '")
    text = text.replace(" export-date='2026-01-02 03:04:05.678'", "")
    assert metaverse_of(text).facts == ()


@pytest.mark.parametrize(
    ("file", "account", "tenant"),
    [
        (ENTRA_FILE, "Sync_SYNC01_568a8dc461e0@contoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
        (ENTRA_FILE, "no account", None),
        (FOREST_FILE, "CONTOSO\\sync@contoso.com", None),
    ],
)
def test_the_tenant_is_told_by_the_account_of_the_entra_connector(
    file: ConnectorFile, account: str, tenant: str | None
) -> None:
    parameter = f'<parameter-values><parameter name="UserName">{account}</parameter>'
    text = connector_xml(file).replace("</ma-data>", f"{parameter}</parameter-values></ma-data>")
    told = [ServerFact(Fact.TENANT, tenant, "connector.xml")] if tenant else []
    assert list(connector_of(text).facts) == told


def test_a_folder_tells_what_its_files_tell() -> None:
    server = read_bytes(parts_of(rule())).server
    assert server.said(Fact.NAME) == ("SYNC01",)
    assert server.said(Fact.TENANT) == ()


# ---- Hostile and damaged XML ---------------------------------------------------------------------


def laughs() -> str:
    names = "abcdefghij"
    entities = '<!ENTITY a "lol">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names)
    )
    return f"<!DOCTYPE x [{entities}]><synchronizationRule><name>&j;</name></synchronizationRule>"


HOSTILE = {
    "billion laughs": laughs(),
    "quadratic blow-up": f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]><x>{"&a;" * 50_000}</x>',
    "an external entity": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    "an entity that is not used": '<!DOCTYPE x [<!ENTITY a "b">]><x/>',
    "a parameter entity": '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/a.dtd"> %a;]><x/>',
    "an external DTD": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
    "a public DTD": '<!DOCTYPE x PUBLIC "-//X//Y" "http://127.0.0.1:9/x.dtd"><x/>',
    "an empty DTD": "<!DOCTYPE x><x/>",
    "a default attribute": '<!DOCTYPE x [<!ATTLIST x a CDATA "b">]><x/>',
    "a DTD behind a comment": "<!-- x --><!DOCTYPE x [<!ENTITY a 'b'>]><x/>",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"])
def test_document_types_and_entities_are_refused_quickly(name: str, encoding: str) -> None:
    data = with_mark(HOSTILE[name], encoding)
    start = time.process_time()
    finding = refused(data, "SR112")
    assert time.process_time() - start < 0.5
    assert "document type" in finding.message
    assert "Get-ADSyncServerConfiguration" in finding.hint


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"<x>", id="not closed"),
        pytest.param(b"<x></y>", id="closed otherwise"),
        pytest.param(b"<x/><x/>", id="two roots"),
        pytest.param(b"<x>&nbsp;</x>", id="an entity of web pages"),
        pytest.param(b"<x a='1' a='2'/>", id="an attribute twice"),
        pytest.param(b"<x>\x00</x>", id="a null character"),
        pytest.param(b"<x>&#0;</x>", id="a reference to one"),
        pytest.param(b"<x>\xff</x>", id="bytes of no UTF-8"),
        pytest.param(b"<?xml version='1.0' encoding='klingon'?><x/>", id="an unknown encoding"),
        pytest.param(b"<?xml version='1.0' encoding='utf-7'?><x/>", id="an encoding of old"),
        pytest.param(b"<?xml version='1.0' encoding='rot13'?><x/>", id="a codec of no bytes"),
        pytest.param(b"<?xml version='1.0' encoding='utf-16'?><x/>", id="it is not UTF-16"),
        pytest.param(b"<?xml version='2.5'?>\xff\xfe<x/>", id="a version to come"),
        pytest.param(b"\r\n<?xml version='1.0'?><x/>", id="a line before the declaration"),
        pytest.param(b"<x:a/>", id="a prefix without a namespace"),
        pytest.param("<x/>".encode("utf-16") + b"\0", id="half a character"),
        pytest.param(b"<?x", id="an instruction"),
        pytest.param(b"<!", id="two characters"),
        pytest.param(b"<\xc3\xa9", id="cut within the first name"),
    ],
)
def test_malformed_xml_is_refused(data: bytes) -> None:
    refused(data, "SR112")


RULE = rule_xml(rule())


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: "<a>" * 100_000 + "</a>" * 100_000, id="closed"),
        pytest.param(lambda: "<a>" * 100_000, id="not closed"),
        pytest.param(
            lambda: f"<ma-data><schema>{'<a>' * 100_000}{'</a>' * 100_000}</schema></ma-data>",
            id="in a schema",
        ),
        pytest.param(
            lambda: RULE.replace(
                "<attribute-mappings>",
                f"<attribute-mappings>{'<mapping>' * 100_000}{'</mapping>' * 100_000}",
            ),
            id="in a rule",
        ),
        pytest.param(
            lambda: (
                f"{'<saved-ma-configuration>' * 100_000}{'</saved-ma-configuration>' * 100_000}"
            ),
            id="of roots",
        ),
    ],
)
def test_deep_nesting_is_a_finding(make: Callable[[], str]) -> None:
    loaded = read_bytes({"deep.xml": make().encode()})
    assert len(errors(loaded.diagnostics)) == 1


def test_a_huge_attribute_is_a_finding() -> None:
    loaded = read_bytes({"a.xml": f"<x a='{'b' * 5_000_000}'/>".encode()})
    assert errors(loaded.diagnostics) == ["SR113"]


def test_a_huge_name_of_an_element_is_a_finding() -> None:
    loaded = read_bytes({"a.xml": f"<{'b' * 1_000_000}/>".encode()})
    assert errors(loaded.diagnostics) == ["SR113"]


def test_a_huge_value_of_a_rule_is_read() -> None:
    written = replace(rule(), description="x" * 5_000_000)
    part, _ = read_part(rule_xml(written).encode(), "a.xml")
    assert isinstance(part, RulePart)
    assert part.rule == written


# ---- Files that do not belong together -----------------------------------------------------------


def test_xml_of_another_root_alone_is_an_error_and_beside_others_a_note() -> None:
    stranger = {"PersistedState.xml": b"<PersistedState/>"}
    alone = the("SR113", read_bytes(stranger).diagnostics)
    assert alone.severity is Severity.ERROR
    assert "PersistedState" in alone.message
    assert "Get-ADSyncServerConfiguration" in alone.hint
    loaded = read_bytes(parts_of(rule()) | stranger)
    assert the("SR113", loaded.diagnostics).severity is Severity.NOTE
    assert loaded.server.is_complete_in(Facet.RULES)


def test_several_strangers_are_no_company_for_each_other() -> None:
    loaded = read_bytes({"a.xml": b"<a/>", "b.xml": b"<b/>"})
    assert errors(loaded.diagnostics) == ["SR113", "SR113"]


def test_a_consoles_root_without_data_is_a_stranger() -> None:
    assert errors(read_bytes({"a.xml": b"<saved-ma-configuration/>"}).diagnostics) == ["SR113"]


def test_the_name_of_a_rule_cannot_play_tricks_on_a_terminal() -> None:
    own = replace(rule("x\u2066\n\u202ey"), connector=A2)
    files = parts_of(own)
    del files[f"Connector_{A2}.xml"]
    finding = the("SR116", read_bytes(files).diagnostics)
    assert str(InputRefused((finding,))).isprintable()


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(rule_xml(rule()), id="the same rule again"),
        pytest.param(rule_xml(rule("Another rule")), id="another rule of that identifier"),
        pytest.param(connector_xml(FOREST_FILE), id="the same connector again"),
        pytest.param(connector_xml(replace(FOREST_FILE, name="x")), id="another connector"),
        pytest.param(
            rule_xml(replace(rule(), identifier=A1)), id="a rule with a connector's identifier"
        ),
    ],
)
def test_an_identifier_twice_is_two_configurations_in_one_folder(second: str) -> None:
    loaded = read_bytes(parts_of(rule()) | {"second.xml": second.encode()})
    finding = the("SR116", loaded.diagnostics)
    assert finding.is_error
    assert "too" in finding.message


def test_files_that_cannot_be_read_leave_the_others() -> None:
    loaded = read_bytes(parts_of(rule(), rule("b", 2)) | {"Rule_1.xml": b"<x>"})
    assert errors(loaded.diagnostics) == ["SR112"]
    assert [r.identifier for r in loaded.server.rules] == [guid(1)]


def test_what_stands_empty_in_a_connectors_file_is_not_known() -> None:
    """Not a connector of no name, of a forest without one, or with an attribute of none."""
    text = connector_xml(ConnectorFile(A1, "", forest="", attributes=("CN", "")))
    part, found = read_part(text.encode(), "a.xml")
    assert isinstance(part, ConnectorPart), found
    assert (part.connector.name, part.connector.forest) == (None, None)
    assert part.connector.attributes == frozenset(("cn",))
    assert part.connector.label == AD


def test_without_the_file_of_the_metaverse_its_attributes_are_not_known() -> None:
    files = {n: d for n, d in parts_of(rule("In", 1, A1)).items() if b"mv-data" not in d}
    assert read_bytes(files).server.metaverse is None
