"""The JSON documents: ASCII, whole, and the same in every case."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.builders import A1, B1, out_of_box, rule, run, text_of, write
from support.command_line import document_of, remap
from syncrules import SyncRule

RULE_KEYS = {
    *("name", "identifier", "description", "direction", "precedence", "precedence_after"),
    *("precedence_before", "source_object_type", "target_object_type", "connector", "link_type"),
    *("soft_delete_expiry_interval", "immutable_tag", "enable_password_sync", "disabled"),
    *("attribute_flow_mappings", "scope_filter", "join_filter"),
}


def test_json_is_one_ascii_document_with_all_that_was_done(here: Path) -> None:
    write(here / "custom.ps1", b"\xef\xbb\xbf" + text_of(rule("Ü 日"), out_of_box()).encode())
    done = remap("--format", "json")
    document = document_of(done)
    assert done.code == 0
    assert document.keys() >= {
        *("format_version", "files", "rules", "pairs", "edits", "left_out", "not_checked"),
        *("diagnostics", "written"),
    }
    assert re.fullmatch(r"\d+\.\d+(\.\d+)?", document["format_version"])
    (pair,) = document["pairs"]
    assert pair.keys() == {"from", "to", "kind", "evidence"}
    assert (pair["from"], pair["to"], pair["kind"]) == (A1, B1, "assumed")
    (edit,) = document["edits"]
    assert edit.items() >= {"file": "custom.ps1", "line": 11, "column": 12}.items()
    assert (edit["old"], edit["new"]) == (f"'{A1}'", f"'{B1}'")
    (left_out,) = document["left_out"]
    assert left_out["name"] == "In from AD - User Join"
    assert left_out["immutable_tag"] == "Microsoft.InfromADUserJoin.004"
    assert [Path(p) for p in document["written"]] == [Path("out", "custom.ps1")]
    assert document["not_checked"]


def test_json_shows_bytes_of_an_unknown_code_page_as_escapes(here: Path) -> None:
    write(here / "custom.ps1", b"Wr\xe9te-Host 'hello'\r\n")
    (finding,) = document_of(remap("--check", "--format", "json", out=None))["diagnostics"]
    assert finding["message"].startswith(r"Wr\xe9te-Host is ")


def test_json_of_a_rule_has_the_fields_of_the_cmdlets(here: Path) -> None:
    write(
        here / "custom.ps1",
        f"New-ADSyncRule -Name 'Ü' -Direction 'Inbound' -SourceObjectType 'user' "
        f"-TargetObjectType 'person' -Connector '{{{A1.upper()}}}' -OutVariable r\n"
        "Add-ADSyncAttributeFlowMapping -SynchronizationRule $r[0] -Destination 'a' "
        "-FlowType 'Expression' -Expression '\"x\"'\n"
        "New-Object Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition "
        "-ArgumentList 'b','1','EQUAL' -OutVariable c\n"
        "Add-ADSyncScopeConditionGroup -SynchronizationRule $r[0] -ScopeConditions @($c[0])\n"
        "New-Object Microsoft.IdentityManagement.PowerShell.ObjectModel.JoinCondition "
        "-ArgumentList 'd','e',$true -OutVariable c\n"
        "Add-ADSyncJoinConditionGroup -SynchronizationRule $r[0] -JoinConditions @($c[0])\n"
        "Add-ADSyncRule -SynchronizationRule $r[0]\n".encode("utf-8-sig").decode(),
    )
    (moved,) = document_of(remap("--check", "--format", "json", out=None))["rules"]
    (shown,) = document_of(run("inspect", "custom.ps1", "--format", "json"))["rules"]
    assert {k: moved[k] for k in RULE_KEYS} == {
        "name": "Ü",
        "identifier": None,
        "description": None,
        "direction": "Inbound",
        "precedence": None,
        "precedence_after": None,
        "precedence_before": None,
        "source_object_type": "user",
        "target_object_type": "person",
        "connector": B1,
        "link_type": None,
        "soft_delete_expiry_interval": None,
        "immutable_tag": None,
        "enable_password_sync": False,
        "disabled": False,
        "attribute_flow_mappings": [
            {
                "source": None,
                "destination": "a",
                "flow_type": "Expression",
                "value_merge_type": None,
                "execute_once": False,
                "expression": '"x"',
            }
        ],
        "scope_filter": [
            [{"attribute": "b", "comparison_value": "1", "comparison_operator": "EQUAL"}]
        ],
        "join_filter": [[{"cs_attribute": "d", "mv_attribute": "e", "case_sensitive": True}]],
    }
    assert {k: shown[k] for k in RULE_KEYS - {"connector"}} == {
        k: moved[k] for k in RULE_KEYS - {"connector"}
    }
    assert shown["connector"] == A1


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        pytest.param("staging.ps1", out_of_box(connector=A1), "SR402", id="a plan with errors"),
        pytest.param("custom.ps1", "Remove-ADSyncRule -Name 'x'", "SR208", id="an input refused"),
        pytest.param("custom.ps1", "", "SR111", id="an empty input"),
    ],
)
def test_json_of_a_refusal_is_a_document_too(
    here: Path, file: str, content: str | SyncRule, code: str
) -> None:
    write(here / file, content)
    done = remap("--format", "json")
    document = document_of(done)
    assert (done.code, done.codes) == (1, [code])
    assert document["written"] == []
    (finding,) = document["diagnostics"]
    assert finding.items() >= {"code": code, "severity": "error"}.items()
    assert finding["message"]
    assert finding["hint"]
    assert finding.keys() >= {"file", "line", "column"}


@pytest.mark.usefixtures("here")
def test_json_and_text_tell_the_same_findings() -> None:
    text = remap("--check")
    assert text.stderr == ""
    assert remap("--check", "--format", "json").stderr.strip() in text.stdout
