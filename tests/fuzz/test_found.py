"""Inputs that broke the reader once, and a few that come near."""

from __future__ import annotations

from pathlib import Path

import pytest

import syncrules

FOUND = sorted((Path(__file__).parent / "found").glob("*.ps1"))


def test_there_are_cases() -> None:
    assert FOUND


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_what_a_fuzzer_found_is_read_or_refused(path: Path) -> None:
    data = path.read_bytes()

    try:
        export = syncrules.parse(data, path.name)
    except syncrules.SyntaxRefused as refused:
        assert refused.diagnostics
        assert all(d.code and d.hint for d in refused.diagnostics)
    else:
        assert bytes(export) == data
