"""Flows whose type does not fit what they hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

import syncrules
from support.builders import ENTRA, codes, export, rule, server, the
from syncrules import AttributeFlowMapping, Diagnostic, Severity


def _findings(
    kind: str, source: tuple[str, ...] | None, expression: str | None
) -> tuple[Diagnostic, ...]:
    fine = AttributeFlowMapping(("cn",), "cn", "Direct", "Update", False, None)
    flow = AttributeFlowMapping(source, "title", kind, "Update", False, expression)
    made = replace(rule("Custom", 1, ENTRA), attribute_flow_mappings=(fine, flow))
    return syncrules.plan([export(made)], staging=server()).diagnostics


@pytest.mark.parametrize(
    ("kind", "source", "expression", "said"),
    [
        ("Expression", None, None, "has no -Expression"),
        ("Expression", ("cn",), " ", "has no -Expression"),
        ("Direct", ("cn",), "[cn]", "has an -Expression"),
        ("Direct", ("cn", "sn"), None, "has 2 attributes in -Source"),
        ("Direct", None, None, "has no -Source"),
        ("Direct", ('IIF(IsPresent([a]),[a],"x")',), None, "not an attribute but an expression"),
        ("Direct", ("[cn]",), None, "not an attribute but an expression"),
        ("Direct", ('"x"',), None, "not an attribute but an expression"),
        ("Constant", None, None, "has no -Source"),
        ("Constant", ("a", "b"), None, "has 2 texts in -Source"),
        ("Constant", ("a",), "[cn]", "has an -Expression"),
    ],
)
def test_sr474_a_type_that_does_not_fit(
    kind: str, source: tuple[str, ...] | None, expression: str | None, said: str
) -> None:
    found = _findings(kind, source, expression)
    assert codes(found) == ["SR474"]
    finding = the("SR474", found)
    assert finding.severity is Severity.WARNING
    assert f"'title' is of the type {kind} and " in finding.message
    assert said in finding.message
    assert finding.excerpt.startswith("Add-ADSyncAttributeFlowMapping")
    assert finding.line > 20


@pytest.mark.parametrize(
    ("kind", "source", "expression"),
    [
        ("Expression", None, "[cn]"),
        ("Expression", ("cn", "sn"), "[cn]"),
        ("Direct", ("mS-DS-ConsistencyGuid",), None),
        ("Direct", ("Cost center (old)",), ""),
        ("Constant", ("IIF(True)",), None),
        ("Constant", ("a,b",), " "),
    ],
)
def test_sr474_not_for_the_shapes_that_the_editor_writes(
    kind: str, source: tuple[str, ...] | None, expression: str | None
) -> None:
    assert codes(_findings(kind, source, expression)) == []


def test_a_word_that_is_no_flow_type_was_refused_before_and_stops_nothing_here() -> None:
    assert codes(_findings("Directly", ("cn",), None)) == ["SR321"]
