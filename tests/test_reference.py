"""docs/reference/: what is made from the code is as the code is now.

`python tests/test_reference.py` makes it; read the difference before you keep it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from syncrules.cli.help import SECTIONS

import syncrules
from support.documents import ROOT, anchors
from support.pages import sample_plan
from support.reference_pages import PAGES, SCHEMAS, made

COMMAND_LINE, JSON = PAGES
KIT = ROOT / "docs" / "reference" / "kit.md"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_as_the_code_is(page: Path) -> None:
    text = page.read_text("utf-8")
    assert made(page, text) == text, "python tests/test_reference.py makes it"


def test_every_option_of_every_command_is_there() -> None:
    """Those of no group would be left out: test_help holds that there are none."""
    text = COMMAND_LINE.read_text("utf-8")
    for option in ("--staging PATH", "--map OLD=NEW", "-v, --verbose", "--select CODE"):
        assert f"- `{option}`: " in text
    assert [title for title in SECTIONS if f"**{title}**" not in text] == []


def test_every_schema_is_there_by_its_name() -> None:
    text = JSON.read_text("utf-8")
    names = [json.loads(path.read_text("utf-8"))["$id"] for path in SCHEMAS.glob("*.json")]
    assert names
    assert [name for name in names if f"`{name}`" not in text] == []


def test_a_command_is_found_by_its_name() -> None:
    assert {"syncrules-remap", "syncrules-explain"} <= {*anchors(COMMAND_LINE.read_text("utf-8"))}


# ---- The files of a kit --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kit() -> Mapping[str, bytes]:
    return syncrules.make_kit(sample_plan("forests")).files


def rows(title: str) -> dict[str, str]:
    """Return the first cells of a part's table, each with the second; the head is left out."""
    part = f"\n{KIT.read_text('utf-8')}".split(f"\n{title}\n")[1].split("\n## ")[0]
    lines = [line for line in part.split("\n") if line.startswith("|")]
    return dict(re.split(r" *(?<!\\)\| *", line)[1:3] for line in lines[2:])


def test_each_file_of_a_kit_is_there(kit: Mapping[str, bytes]) -> None:
    named = {name for row in rows("# The files of a kit") for name in re.findall(r"`(.+?)`", row)}
    assert named == {path.partition("/")[0] + "\\" * ("/" in path) for path in kit}


def test_each_parameter_of_a_script_is_there(kit: Mapping[str, bytes]) -> None:
    told = rows("## What the scripts take")
    assert {*told} == {f"`{path}`" for path in kit if re.fullmatch(r"[\w-]+\.ps1", path)}
    for script, cell in told.items():
        text = kit[script.strip("`")].decode("ascii")
        head = re.search(r"(?ms)^(\[CmdletBinding.*?\)\]\s*)?param\((.*?)\)\s*$", text)
        assert head, script
        own = {f"-{name}" for name in re.findall(r"\$(\w+)", head[2])}
        common = {"-WhatIf", "-Confirm"} if "SupportsShouldProcess" in (head[1] or "") else set()
        assert {*re.findall(r"-\w+", cell)} == own | common, script
        for values in re.findall(r"ValidateSet\((.*?)\)", head[2]):
            assert "\\|".join(re.findall(r"'(\w+)'", values)) in cell, script


if __name__ == "__main__":
    for path in PAGES:
        whole = made(path, path.read_text("utf-8"))
        path.write_text(whole, encoding="utf-8", newline="\n")
