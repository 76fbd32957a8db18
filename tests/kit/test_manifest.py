"""What a kit's manifest tells its scripts of the servers."""

from __future__ import annotations

import json
from dataclasses import replace

import syncrules
from support.builders import A1, B1, ENTRA, export, guid, out_of_box, rule, server
from syncrules.kit.assembling import make_kit
from syncrules.kit.manifest import MANIFEST


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
