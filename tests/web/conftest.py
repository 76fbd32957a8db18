"""The page, built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.handed_out import build, lacking, wheel


@pytest.fixture(scope="session")
def built_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def page_file(built_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page; where a folder is named DIST, the one in it, which was built there."""
    beside = built_wheel.with_name("syncrules.html")
    if beside.exists():
        return beside
    if reason := lacking():
        pytest.skip(reason)
    out = tmp_path_factory.mktemp("page") / "syncrules.html"
    build("build_page.py", built_wheel, out)
    return out
