"""The README's example of the library runs; its commands are run by test_documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    found = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found, f"README.md has no {language} block"
    return found


def test_the_library_example_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    (example,) = (block for block in blocks("python") if "import syncrules" in block)

    exec(compile(example, "README.md", "exec"), {})  # noqa: S102

    printed = capsys.readouterr().out
    assert "b891884f-051e-4a83-95af-2544101c9083 entra" in printed
    assert "warning SR410" in printed
    assert "warning SR450 samples/swing/active/standard-inbound.ps1 1" in printed
    for path in (ROOT / "samples" / "swing" / "expected").iterdir():
        assert f"{path.name} {path.stat().st_size}" in printed
