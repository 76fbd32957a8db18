"""The wizard's settings: no full sample is public, so what is known is read and nothing breaks."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from support.builders import A1, A2, ENTRA, guid
from support.server_files import with_mark
from syncrules import Server
from syncrules.rules.guids import ZERO_GUID
from syncrules.servers.connector_list import read_evidence
from syncrules.servers.file_kind import FileKind, file_kind_of
from syncrules.servers.model import AD, Facet, Fact
from syncrules.servers.model import ENTRA as ENTRA_KIND

Json = Any

STANDARD = {
    "Name": "In from AD - User Join",
    "uniqueIdentifier": guid(900),
    "immutableTag": "Microsoft.InfromADUserJoin.004",
    "precedence": 100,
}
CUSTOM = {
    "name": "Contractors",
    "description": "",
    "internalIdentifier": guid(1),
    "uniqueIdentifier": guid(1).upper(),
    "direction": "Inbound",
    "source": "user",
    "target": "person",
    "linkType": "Join",
    "precedence": 50,
    "scopeFilters": [{"attribute": "department", "condition": "EQUAL", "value": "Sales"}],
    "attributeMappings": [{"destination": "title", "source": ["title"]}],
}
FOREST = {
    "uniqueIdentifier": A1,
    "friendlyName": "contoso",
    "fullyQualifiedDomainName": "contoso.com",
    "partitionFilters": [
        {"distinguishedName": "DC=contoso,DC=com", "containerinclusions": []},
        {"distinguishedName": "DC=emea,DC=contoso,DC=com"},
    ],
    "customSynchronizationRules": [CUSTOM],
    "standardSynchronizationRules": [STANDARD],
}
OTHER = {"uniqueIdentifier": A2, "friendlyName": "fabrikam"}
AZURE = {
    "standardSynchronizationRules": [
        {
            "Name": "Out to AAD - User Join",
            "uniqueIdentifier": guid(901),
            "immutableTag": "Microsoft.OuttoAADUserJoin.004",
            "precedence": 101,
        }
    ]
}
DOCUMENT = {
    "policyMetadata": {"type": "exported"},
    "onpremisesDirectoryPolicy": [FOREST, OTHER],
    "azureDirectoryPolicy": AZURE,
}
MIGRATED = {
    "policyMetadata": {"type": "migration", "azureADConnectVersion": "1.1.130.0"},
    "deploymentMetadata": {"hostName": "SYNC01", "connectorIds": [A1, ENTRA]},
}


def read(document: Json) -> Server:
    data = with_mark(json.dumps(document), "utf-16-le")  # as Out-File of 5.1 writes
    assert file_kind_of(data) is FileKind.JSON
    server, findings = read_evidence(data, FileKind.JSON, "policy")
    assert findings == ()
    assert server is not None
    (evidence,) = server.evidence
    assert evidence.kind == "wizard's settings"
    return server


def kinds(server: Server) -> dict[str, str | None]:
    return {c.identifier: c.kind for c in server.connectors}


# ---- Whatever stands in it -----------------------------------------------------------------------


def places(node: Json, at: tuple[Json, ...] = ()) -> Iterator[tuple[Json, ...]]:
    """Yield the way to each value of a document."""
    yield at
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(value, (*at, key))


def put(document: Json, at: tuple[Json, ...], value: Json) -> Json:
    """Return a copy with another value in a place."""
    if not at:
        return value
    changed = copy.deepcopy(document)
    node = changed
    for key in at[:-1]:
        node = node[key]
    node[at[-1]] = value
    return changed


BOTH = {**DOCUMENT, **MIGRATED}
PLACES = [*places(BOTH)]

json_values = st.recursive(
    st.sampled_from(
        [None, True, False, 0, -1, 10**30, 1.5, float("nan"), "", A1, ZERO_GUID, "x\0\ud800", "AD"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "Guid", "name", "uniqueIdentifier", "immutableTag", ""]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@given(st.sampled_from(PLACES), json_values)
@example(("onpremisesDirectoryPolicy",), {"uniqueIdentifier": {"value": A1}})
@example(("azureDirectoryPolicy",), [AZURE])
@example(("deploymentMetadata", "connectorIds"), [None, 1, {}, [A1]])
@example((), {"azureDirectoryPolicy": None})
def test_garbage_in_any_place_is_read_or_refused(at: tuple[Json, ...], value: Json) -> None:
    data = json.dumps(put(BOTH, at, value)).encode()
    server, findings = read_evidence(data, FileKind.JSON, "policy")
    assert (server is None) == bool(findings)
    for connector in server.connectors if server else ():
        assert connector.identifier
        assert connector.kind in (AD, ENTRA_KIND, None)
    for rule in server.rules if server else ():
        assert isinstance(rule.name, str)
        assert rule.precedence is None or type(rule.precedence) is int
        assert not rule.is_out_of_box or rule.immutable_tag


@given(st.sampled_from([p for p in PLACES if p and isinstance(p[-1], str)]), st.randoms())
def test_the_case_of_keys_does_not_matter(at: tuple[Json, ...], dice: Random) -> None:
    *way, key = at
    changed = copy.deepcopy(BOTH)
    node: Json = changed
    for step in way:
        node = node[step]
    node["".join(dice.choice((c.upper(), c.lower())) for c in key)] = node.pop(key)
    assert read(changed) == read(BOTH)


# ---- Connectors ----------------------------------------------------------------------------------


def test_each_directory_is_a_forest_and_the_cloud_is_entra() -> None:
    server = read(DOCUMENT)
    assert kinds(server) == {A1: AD, A2: AD, ENTRA: ENTRA_KIND}
    forest = server.connector(A1)
    assert forest is not None
    assert forest.name == "contoso"
    assert forest.forest == "contoso.com"
    assert forest.partitions == ("DC=contoso,DC=com", "DC=emea,DC=contoso,DC=com")
    assert forest.shown_by == (("In from AD - User Join", "policy"),)
    assert forest.files == ("policy",)
    other = server.connector(A2)
    assert other is not None
    assert other.forest is None
    assert other.partitions == ()


def test_it_shows_all_connectors_but_not_all_rules() -> None:
    (evidence,) = read(DOCUMENT).evidence
    assert evidence.complete_in == (Facet.CONNECTORS,)


def test_a_single_directory_is_no_list() -> None:
    alone = read({**DOCUMENT, "onpremisesDirectoryPolicy": FOREST})
    assert alone == read({**DOCUMENT, "onpremisesDirectoryPolicy": [FOREST]})
    assert kinds(alone) == {A1: AD, ENTRA: ENTRA_KIND}
    assert alone.is_complete_in(Facet.CONNECTORS)


@pytest.mark.parametrize("identifier", [None, "", "contoso", ZERO_GUID, 1, {"value": A2}])
def test_a_directory_that_cannot_be_named_makes_it_partial(identifier: Json) -> None:
    nameless = {**FOREST, "uniqueIdentifier": identifier}
    server = read({**DOCUMENT, "onpremisesDirectoryPolicy": [OTHER, nameless]})
    assert kinds(server) == {A2: AD, ENTRA: ENTRA_KIND}
    assert not server.is_complete_in(Facet.CONNECTORS)
    assert [r.name for r in server.rules] == ["Out to AAD - User Join"]


@pytest.mark.parametrize(
    "document",
    [
        {"azureDirectoryPolicy": {}},
        {"azureDirectoryPolicy": {}, "onpremisesDirectoryPolicy": None},
        {"azureDirectoryPolicy": {}, "onpremisesDirectoryPolicy": []},
        {
            "azureDirectoryPolicy": {},
            "onpremisesDirectoryPolicy": [{"uniqueIdentifier": A1}, "garbage"],
        },
        {
            "azureDirectoryPolicy": {},
            "onpremisesDirectoryPolicy": [{"uniqueIdentifier": A1}],
            "deploymentMetadata": {"connectorIds": [A2]},
        },
    ],
)
def test_what_may_lack_a_connector_is_partial(document: Json) -> None:
    assert not read(document).is_complete_in(Facet.CONNECTORS)


def test_the_zero_identifier_is_no_connector_and_no_rule() -> None:
    zero = "0" * 32
    found = read(
        {
            "deploymentMetadata": {"connectorIds": [zero]},
            "azureDirectoryPolicy": {
                "customSynchronizationRules": [{"name": "x", "uniqueIdentifier": zero}]
            },
        }
    )
    assert zero not in {c.identifier.replace("-", "") for c in found.connectors}
    assert [r.identifier for r in found.rules] == [None]


def test_without_the_cloud_it_is_partial() -> None:
    server = read({"onpremisesDirectoryPolicy": [FOREST]})
    assert kinds(server) == {A1: AD}
    assert not server.is_complete_in(Facet.CONNECTORS)


def test_the_migrated_policy_has_identifiers_only() -> None:
    server = read(MIGRATED)
    assert kinds(server) == {A1: None, ENTRA: ENTRA_KIND}
    assert server.rules == ()
    assert not server.is_complete_in(Facet.CONNECTORS)


def test_the_server_and_its_version_are_told_where_the_file_has_them() -> None:
    shown = read(MIGRATED)
    assert [shown.said(fact) for fact in Fact] == [("SYNC01",), (), ("1.1.130.0",), ()]
    assert {fact.file for fact in shown.facts} == {"policy"}
    assert read(DOCUMENT).facts == ()


def test_its_identifiers_add_to_what_policies_tell_and_take_nothing_away() -> None:
    third = "aaaaaaaa-3333-4333-8333-333333333333"
    deployed = {"connectorIds": [A1.upper(), f"{{{third}}}", "x", None]}
    server = read({**DOCUMENT, "deploymentMetadata": deployed})
    assert kinds(server) == {A1: AD, A2: AD, ENTRA: ENTRA_KIND, third: None}


# ---- Rules ---------------------------------------------------------------------------------------


def test_custom_and_standard_rules() -> None:
    server = read(DOCUMENT)
    shown = [
        (r.name, r.identifier, r.connector, r.direction, r.precedence, r.is_out_of_box)
        for r in server.rules
    ]
    assert shown == [
        ("Contractors", guid(1), A1, "Inbound", 50, False),
        ("In from AD - User Join", guid(900), A1, "Inbound", 100, True),
        ("Out to AAD - User Join", guid(901), ENTRA, "Outbound", 101, True),
    ]
    for rule in server.rules:
        assert rule.file == "policy"
        assert rule.disabled is None  # no sample tells where that stands
        assert rule.sync_rule is None


def test_one_rule_is_no_list() -> None:
    one = {**FOREST, "customSynchronizationRules": CUSTOM, "standardSynchronizationRules": STANDARD}
    alone = read({**DOCUMENT, "onpremisesDirectoryPolicy": [one, OTHER]})
    assert alone == read(DOCUMENT)


@pytest.mark.parametrize("tag", [None, "", "Contoso.Own.001", 4])
def test_a_standard_rule_without_microsofts_tag_is_left_out(tag: Json) -> None:
    standard = [STANDARD, {**STANDARD, "immutableTag": tag, "uniqueIdentifier": guid(5)}]
    own = {"uniqueIdentifier": A1, "standardSynchronizationRules": standard}
    server = read({"onpremisesDirectoryPolicy": own})
    assert [r.identifier for r in server.rules] == [guid(900)]


@pytest.mark.parametrize(
    ("rule", "direction"),
    [
        ({"name": "Out to AD - x", "immutableTag": "Microsoft.InfromADx.001"}, "Outbound"),
        ({"name": "Renamed", "immutableTag": "Microsoft.InfromADx.001"}, "Inbound"),
        ({"name": "Renamed", "immutableTag": "MICROSOFT.OUTTOADx"}, "Outbound"),
        ({"name": "Renamed", "immutableTag": "Microsoft.x"}, None),
        (
            {"name": "In from AD - x", "immutableTag": "Microsoft.x", "direction": "Outbound"},
            "Outbound",
        ),
    ],
)
def test_the_direction_is_told_by_the_rule_then_its_name_then_its_tag(
    rule: Json, direction: str | None
) -> None:
    own = {"uniqueIdentifier": A1, "standardSynchronizationRules": [rule]}
    (shown,) = read({"onpremisesDirectoryPolicy": own}).rules
    assert shown.direction == direction


@pytest.mark.parametrize("precedence", ["50", None, True, 1.5, [50]])
def test_a_precedence_that_is_no_number_is_not_known(precedence: Json) -> None:
    own = {"uniqueIdentifier": A1, "customSynchronizationRules": {"precedence": precedence}}
    (shown,) = read({"onpremisesDirectoryPolicy": own}).rules
    assert shown.precedence is None
