"""The cases that the scripts of a kit run too: Python's side of the twin comparison."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from support.builders import rule
from syncrules import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule
from syncrules.kit.manifest import read_manifest
from syncrules.kit.verification import verify
from syncrules.rules.comparison import differing_fields, fields_of
from syncrules.rules.enumerations import OPERATORS, canonical
from syncrules.rules.guids import parse_guid
from syncrules.servers.from_rules import server_of_rules
from syncrules.servers.model import Evidence, EvidenceKind

Json = dict[str, Any]

CASES: dict[str, list[Json]] = json.loads(
    (Path(__file__).parents[1] / "data" / "comparison-cases.json").read_text("utf-8")
)


def cases(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", CASES[kind], ids=[c["name"] for c in CASES[kind]])


def _operator(condition: Json) -> str:
    operator = canonical(condition["ComparisonOperator"], OPERATORS)
    assert operator is not None
    return operator


def rule_of(record: Json) -> SyncRule:
    """Return a rule of the server as an export of it would tell it."""
    return SyncRule(
        name=record["Name"],
        identifier=None,
        description=record["Description"],
        direction=record["Direction"],
        precedence=None,
        precedence_after=None,
        precedence_before=None,
        source_object_type=record["SourceObjectType"],
        target_object_type=record["TargetObjectType"],
        connector=parse_guid(record["Connector"]) or "",
        link_type=record["LinkType"],
        soft_delete_expiry_interval=record["SoftDeleteExpiryInterval"],
        immutable_tag=record["ImmutableTag"],
        enable_password_sync=record["EnablePasswordSync"],
        disabled=record["Disabled"],
        attribute_flow_mappings=tuple(
            AttributeFlowMapping(
                source=None if f["Source"] is None else tuple(f["Source"]),
                destination=f["Destination"],
                flow_type=f["FlowType"],
                value_merge_type=f["ValueMergeType"],
                execute_once=f["ExecuteOnce"],
                expression=f["Expression"],
            )
            for f in record["AttributeFlowMappings"]
        ),
        scope_filter=tuple(
            tuple(
                ScopeCondition(c["Attribute"], c["ComparisonValue"] or "", _operator(c))
                for c in group["ScopeConditionList"]
            )
            for group in record["ScopeFilter"]
        ),
        join_filter=tuple(
            tuple(
                JoinCondition(c["CSAttribute"], c["MVAttribute"], c["CaseSensitive"])
                for c in group["JoinConditionList"]
            )
            for group in record["JoinFilter"]
        ),
    )


@cases("fields")
def test_the_fields_of_a_rule(case: Json) -> None:
    assert fields_of(rule_of(case["rule"])) == case["fields"]


@cases("differences")
def test_what_differs(case: Json) -> None:
    assert [*differing_fields(case["planned"], case["found"])] == case["differ"]


@cases("places")
def test_another_precedence_passes_only_beside_the_rule_that_is_named(case: Json) -> None:
    there = [
        replace(rule(identifier), identifier=identifier, precedence=number)
        for identifier, number in case["precedences"].items()
    ]
    planned = [
        {
            "identifier": identifier,
            "fields": {"Name": f"'{identifier}'"},
            "precedence": {"created": 7777, "final": 7777},
            "placed": case["placed"] if identifier == case["rule"] else None,
        }
        for identifier in case["planned"]
    ]
    document = {"format_version": "1.0", "files": [], "disable": [], "rules": planned}

    found = verify(
        read_manifest(json.dumps(document).encode()),
        server_of_rules(Evidence("staging", EvidenceKind.EXPORT), there),
    )

    of_the_rule = [d.message for d in found if case["rule"] in d.message]
    assert ["Precedence is" in message for message in of_the_rule] == [True] * (not case["beside"])
