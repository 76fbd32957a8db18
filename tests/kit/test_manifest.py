"""What a kit's manifest tells its scripts of the servers and their rules."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

import syncrules
from support.builders import A1, B1, B2, ENTRA, export, guid, out_of_box, rule, server
from syncrules.kit import assembling
from syncrules.kit.assembling import make_kit
from syncrules.kit.manifest import MANIFEST, read_manifest, sha256
from syncrules.kit.report import REPORT

NAME = "In from AD - Custom"
FIRST, SECOND = rule(NAME, 1), replace(rule(NAME, 2), description="Another of the same name")
THERE = replace(FIRST, connector=B1)
OUT_OF_BOX = replace(out_of_box(NAME, 800), connector=B1)


def test_the_connectors_of_originals_are_among_those_that_the_kit_concerns() -> None:
    original = replace(out_of_box(), disabled=True)
    there = replace(original, identifier=guid(800), connector=B1, disabled=False)
    plan = syncrules.plan(
        [export(rule("moving", 1, ENTRA)), export(original, name="original.ps1")],
        staging=server(export(there)),
        mapping={A1: B1},
    )
    assert [p.staging.connector for p in plan.disabled] == [B1]
    manifest = json.loads(make_kit(plan).files[MANIFEST])
    assert {c["identifier"] for c in manifest["connectors"]} == {ENTRA, B1}


def _namesakes(*there: syncrules.SyncRule) -> object:
    planned = syncrules.plan(
        export(FIRST, SECOND),
        staging=server(export(*there, out_of_box("In from AD - User Join", 801, B1))),
        mapping={A1: B1},
        one_by_one=True,
    )
    return json.loads(make_kit(planned).files[MANIFEST])["namesakes"]


def test_it_names_staging_s_rules_that_have_the_name_of_one_that_moves() -> None:
    others = (
        replace(THERE, identifier=guid(3), name="Other"),
        replace(THERE, identifier=guid(4), direction="Outbound"),
        replace(THERE, identifier=guid(5), connector=B2),
        OUT_OF_BOX,
    )
    numbered = (replace(r, precedence=60 + n) for n, r in enumerate(others))
    assert _namesakes(THERE, *numbered) == [FIRST.identifier]
    assert _namesakes() == []


# ---- The code of a kit ---------------------------------------------------------------------------


def _plan(*rules: syncrules.SyncRule) -> syncrules.Plan:
    staging = server(export(out_of_box("In from AD - User Join", 801, B1)))
    return syncrules.plan(export(*rules), staging=staging, mapping={A1: B1})


def test_the_code_is_of_the_plan_the_rules_and_the_scripts() -> None:
    kit = make_kit(_plan(FIRST))

    assert re.fullmatch("[0-9a-f]{12}", kit.code)
    assert make_kit(_plan(FIRST)).code == kit.code
    others = [
        _plan(SECOND),
        _plan(FIRST, replace(SECOND, name="Two")),
        _plan(replace(FIRST, description="other")),
    ]
    codes = {kit.code, *(make_kit(other).code for other in others)}
    assert len(codes) == len(others) + 1


def test_the_code_changes_with_a_script(monkeypatch: pytest.MonkeyPatch) -> None:
    before = make_kit(_plan(FIRST)).code
    own = assembling._scripts()
    monkeypatch.setattr(assembling, "_scripts", lambda: own | {"1-check.ps1": b"# other"})

    assert make_kit(_plan(FIRST)).code != before


def test_the_manifest_has_the_code_and_every_file_but_the_report_which_has_its_hash() -> None:
    kit = make_kit(_plan(FIRST))
    manifest = read_manifest(kit.files[MANIFEST])

    assert manifest.code == kit.code
    assert manifest.files.keys() == kit.files.keys() - {MANIFEST, REPORT}
    assert sha256(kit.files[MANIFEST]).encode() in kit.files[REPORT]


def test_a_manifest_of_an_earlier_format_has_no_code() -> None:
    document = json.loads(make_kit(_plan(FIRST)).files[MANIFEST])
    del document["code"]

    assert read_manifest(json.dumps(document).encode()).code == ""
