"""A way out is a way out: who follows the hint of a finding to the letter gets further.

Each hint is followed on the example of its code in docs/findings/, as `support.ways_out` says
it: then the run succeeds, or the finding is gone and what comes instead is no step back.
"""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
import test_diagnostics as document

from support.builders import guid, run, write
from support.finding_pages import EXAMPLES, Example
from support.ways_out import SCRIPT, WAYS, Way
from syncrules import SyncRule
from syncrules.diagnostics import Code

A_PIECE = frozenset({"SR111", "SR303", "SR311", "SR312", "SR319"})
"""What is told of an example that shows a piece of a rule, once the piece is right."""

FOLLOWED = [
    pytest.param(code, way, id=f"{code}-{number}")
    for code, found in WAYS.items()
    if not isinstance(found, str)
    for number, way in enumerate(found)
]


def test_each_code_has_a_way_out_or_a_reason() -> None:
    assert list(WAYS) == list(Code)
    assert all(WAYS.values())


@pytest.mark.parametrize(("code", "way"), FOLLOWED)
def test_who_follows_the_hint_gets_further(
    code: Code, way: Way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if os.name != "posix" and code in document.OF_POSIX:
        pytest.skip("the system has its own words")
    example = [e for e in EXAMPLES if e.code == code][way.example]
    arguments = _laid_out(example, way)
    before = run(*arguments)
    assert code in before.codes
    _follow(way, example)
    after = run(*_followed(arguments, way))
    if after.code == 0 and before.code != 0:
        return
    assert code not in after.codes or code in way.leads_to, after.stderr
    allowed = {*before.codes, *way.leads_to, *(A_PIECE if example.form == "powershell" else ())}
    assert set(after.codes) <= allowed, after.stderr


def _laid_out(example: Example, way: Way) -> list[str]:
    return [*document._runs(example)][way.command]


def _follow(way: Way, example: Example) -> None:
    """Edit and add the files as a way says."""
    shown = example.shown
    for file, old, new in way.edits:
        if file == SCRIPT:
            assert old in shown
            shown = shown.replace(old, new, 1)
        else:
            path = Path(file)
            text = path.read_bytes().decode()
            path.write_bytes(_replaced(text, old, new).encode())
    if example.form == "powershell":
        encoder = document.ENCODERS[way.bytes_as or example.bytes_as]
        text = document._whole(shown).replace("\n", "\r\n") + "\r\n"
        Path(SCRIPT).write_bytes(encoder(text))
    for file, parts in way.files.items():
        data = b"".join(Path(part).read_bytes() for part in parts)
        Path(file).write_bytes(data)


def _replaced(text: str, old: str, new: str) -> str:
    """Return a text with its last place of a text changed: in an example, that of the last rule."""
    assert old in text
    before, _, after = text.rpartition(old)
    return before + new + after


def _followed(arguments: list[str], way: Way) -> list[str]:
    if way.arguments is not None:
        return shlex.split(way.arguments)
    return [*(a for a in arguments if a not in way.without), *way.options]


# ---- An edited export beside the configuration ---------------------------------------------------

CUSTOM = document.CUSTOM_ENTRA
CLONE = replace(
    document.USER_ACTIVE, name="Out to AAD - User Ours", identifier=guid(5), precedence=52
)


@pytest.mark.parametrize(
    ("shown", "edited"),
    [
        pytest.param(CLONE, replace(CLONE, immutable_tag=""), id="a clone's tag (SR413)"),
        pytest.param(
            replace(CLONE, immutable_tag="Microsoft.Ours.001"),
            replace(CLONE, immutable_tag=""),
            id="a tag of nobody's (SR458)",
        ),
        pytest.param(CUSTOM, replace(CUSTOM, name="Out to AAD - User New"), id="a name (SR431)"),
        pytest.param(CUSTOM, replace(CUSTOM, precedence=60), id="a precedence (SR440)"),
        pytest.param(CUSTOM, replace(CUSTOM, disabled=True), id="the state (SR456)"),
        pytest.param(CUSTOM, replace(CUSTOM, link_type="Provision"), id="what it does"),
    ],
)
def test_an_edited_export_counts_though_the_configuration_says_otherwise(
    shown: SyncRule, edited: SyncRule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who edits an export means it; the configuration is a witness for all the rest."""
    monkeypatch.chdir(tmp_path)
    document._lay_out()
    rules = (document.JOIN, document.USER_ACTIVE, document.CUSTOM)
    document._configured("known", document.CONTOSO, of_active=True, rules=(*rules, shown))
    write(Path("edited.ps1"), edited)
    options = ("--staging", "new", "--format", "json")
    beside = run("remap", "active.ps1", "edited.ps1", "--active", "known", *options, "--check")
    assert beside.code == 0, beside.stdout
    planned = {rule["name"]: rule for rule in json.loads(beside.stdout)["rules"]}
    assert planned.keys() == {document.CUSTOM.name, edited.name}
    assert planned[edited.name]["identifier"] == edited.identifier
    assert not [o for o in json.loads(beside.stdout)["left_out"] if o["name"] == edited.name]
    if edited.immutable_tag != shown.immutable_tag:  # it need not stand in the folder's own export
        with_folder = run("remap", "known", "edited.ps1", *options, "--check")
        assert with_folder.code == 0, with_folder.stdout


def test_an_edited_rule_beside_its_configuration_as_export_has_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    document._lay_out()
    write(Path("edited.ps1"), replace(CUSTOM, precedence=60))
    assert "SR411" in run("remap", "old", "edited.ps1", "--staging", "new", "--check").codes
    followed = ("active.ps1", "edited.ps1", "--active", "old")
    assert run("remap", *followed, "--staging", "new", "--check").code == 0
