"""What a connector's file says of what it reads and how it is run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import syncrules
from support.builders import A1, rule
from support.configurations import ENTRA_FILE, ConnectorFile, configuration, connector_xml
from syncrules import PartitionScope, RunProfile, RunStep
from syncrules.servers.connector_scope import password_hash_sync, run_profiles, scopes
from syncrules.servers.nesting import load_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def parsed(text: str) -> Element:
    return load_xml(text.encode())


ROOT = "DC=contoso,DC=com"
FOREST = ConnectorFile(
    A1,
    "contoso.com",
    partitions=(ROOT, f"DC=emea,{ROOT}"),
    object_types=("User", "group"),
    unselected_partitions=(f"DC=emea,{ROOT}",),
    included=(f"OU=In,{ROOT}",),
    excluded=(ROOT,),
    run_profiles={"Full Import": ("full-import",), "All": ("delta-import", "export")},
)


def test_what_is_read_of_each_partition() -> None:
    kinds = frozenset(("user", "group"))
    assert scopes(parsed(connector_xml(FOREST))) == (
        PartitionScope(ROOT, True, kinds, (f"OU=In,{ROOT}",), (ROOT,)),
        PartitionScope(f"DC=emea,{ROOT}", False, kinds, (), ()),
    )


def test_a_file_without_partitions_or_lists_does_not_tell() -> None:
    assert scopes(parsed("<ma-data/>")) is None
    (one,) = scopes(parsed(connector_xml(ENTRA_FILE))) or ()
    assert one == PartitionScope("default", True, None, (), ())


def test_a_step_names_its_partition_and_not_an_identifier() -> None:
    assert run_profiles(parsed(connector_xml(FOREST))) == (
        RunProfile("Full Import", (RunStep("full-import", ROOT),)),
        RunProfile("All", (RunStep("delta-import", ROOT), RunStep("export", ROOT))),
    )
    assert run_profiles(parsed("<ma-data/>")) is None


def test_what_a_step_does_is_all_of_its_type() -> None:
    """As in the sample of microsoft/AADConnectConfigDocumenter."""
    step = (
        '<step-type type="apply-rules"><apply-rules-subtype>apply-pending</apply-rules-subtype>'
        "</step-type><partition>{00000000-0000-0000-0000-000000000001}</partition>"
    )
    root = parsed(
        "<ma-data><ma-run-data><run-configuration><name>Delta Synchronization</name>"
        f"<configuration><step>{step}</step><step/></configuration></run-configuration>"
        "</ma-run-data></ma-data>"
    )
    (profile,) = run_profiles(root) or ()
    assert profile.steps == (RunStep("apply-rules apply-pending", ""), RunStep("", ""))


@pytest.mark.parametrize(("said", "expected"), [("0", False), ("1", True), ("", None)])
def test_password_hash_synchronization(said: str, expected: bool | None) -> None:
    root = parsed(
        "<ma-data><private-configuration><adma-configuration><password-hash-sync-config>"
        f"<enabled>{said}</enabled></password-hash-sync-config></adma-configuration>"
        "</private-configuration></ma-data>"
    )
    assert password_hash_sync(root) is expected


def test_other_files_of_the_server_do_not_hide_it(tmp_path: Path) -> None:
    folder = configuration(tmp_path / "server", connectors=[FOREST, ENTRA_FILE], rules=[rule()])
    listed = tmp_path / "connectors.csv"
    listed.write_text(f'"Name","Identifier","Type"\n"contoso.com","{A1}","AD"\n', "utf-8")
    for paths in ([folder, listed], [listed, folder]):
        server = syncrules.read_server(paths)
        found = server.connector(A1)
        assert found is not None
        assert found.scopes
        assert found.run_profiles
        assert server.parameters == syncrules.read_server(folder).parameters
