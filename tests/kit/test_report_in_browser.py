"""The pages in a real browser: no error, no request, and there is something to see.

The pictures are kept where SCREENSHOTS names a folder, for a person to look at.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.chromium import Picture, chromium, proxy, read_png, start
from support.pages import (
    big_plan,
    hostile_comparison,
    report_bytes,
    sample_comparison,
    sample_plan,
)
from syncrules.pages.comparison_page import comparison_html

PROGRAM = chromium()

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium")


def compared() -> bytes:
    """Return the page of the comparison of a sample's servers."""
    sides = "active-configuration", "staging-configuration"
    return comparison_html(sample_comparison("forests", *sides), attributes=True).encode()


PAGES: dict[str, Callable[[], bytes]] = {
    "forests": lambda: report_bytes(sample_plan("forests")),
    "hostile": lambda: report_bytes(big_plan()),
    "compared": compared,
    "hostile-compared": lambda: comparison_html(hostile_comparison()).encode(),
}
LIGHT, DARK = "--blink-settings=preferredColorScheme=1", "--blink-settings=preferredColorScheme=0"
VIEWS = {
    "light": (LIGHT, 1280, 3000),
    "dark": (DARK, 1280, 3000),
    "phone": (LIGHT, 390, 2400),
    "phone-dark": (DARK, 390, 2400),
}


@dataclass(frozen=True)
class Seen:
    """What came of looking at a page: the browser's log, who was asked, and the picture."""

    log: str
    asked: list[str]
    picture: Picture


def look(page: Path, folder: Path, view: str, name: str) -> Seen:
    assert PROGRAM is not None
    scheme, width, height = VIEWS[view]
    shot = folder / f"{name}-{view}.png"
    with proxy() as nobody:
        log = start(
            *(PROGRAM, folder, nobody.port, scheme),
            *(f"--window-size={width},{height}", f"--screenshot={shot}"),
            url=page.as_uri(),
        )
    if kept := os.environ.get("SCREENSHOTS"):
        shutil.copy(shot, kept)
    return Seen(log, nobody.asked, read_png(shot.read_bytes()))


def complaints(log: str) -> list[str]:
    """Return what the page's console said."""
    return [line for line in log.splitlines() if "CONSOLE" in line]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", PAGES)
def test_it_is_seen_without_error_or_request(name: str, view: str, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_bytes(PAGES[name]())

    seen = look(page, tmp_path, view, name)

    assert complaints(seen.log) == []
    assert seen.asked == []
    _, width, height = VIEWS[view]
    assert (seen.picture.width, seen.picture.height) == (width, height)
    assert len(seen.picture.colours) > 100  # letters have soft edges: an empty page has one colour
    ground = seen.picture.ground
    assert ground == ((0x15, 0x18, 0x1C) if "dark" in view else (255, 255, 255))
    assert 0.01 < 1 - seen.picture.colours[ground] / (width * seen.picture.rows) < 0.6


@pytest.mark.parametrize("name", ["forests", "compared"])
def test_it_is_printed_in_black_on_white(name: str, tmp_path: Path) -> None:
    assert PROGRAM is not None
    page, printed = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_bytes(PAGES[name]())

    with proxy() as nobody:
        log = start(
            *(PROGRAM, tmp_path, nobody.port, DARK, f"--print-to-pdf={printed}"),
            url=page.as_uri(),
        )

    assert complaints(log) == []
    assert nobody.asked == []
    assert printed.read_bytes().startswith(b"%PDF-")
    assert printed.stat().st_size > 20_000


def test_what_would_ask_or_complain_is_noticed(tmp_path: Path) -> None:
    """The checks above can fail: this page's image is asked for, and its script complains."""
    assert PROGRAM is not None
    page = tmp_path / "page.html"
    page.write_text(
        "<!DOCTYPE html><img src='http://example.invalid/x'><script>console.error('no')</script>"
    )

    seen = look(page, tmp_path, "light", "bad")

    assert [line for line in complaints(seen.log) if '"no"' in line]
    assert seen.asked == ["GET http://example.invalid/x HTTP/1.1"]


@pytest.mark.parametrize("name", ["forests", "compared"])
def test_its_policy_holds_where_a_page_was_tampered_with(name: str, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    bad = b"<img src='http://example.invalid/x'><script>console.error('ran')</script></body>"
    data = PAGES[name]().replace(b"</body>", bad)
    page.write_bytes(data)

    seen = look(page, tmp_path, "light", "tampered")

    assert seen.asked == []
    assert len(complaints(seen.log)) == 2
    assert '"ran"' not in seen.log


def test_one_class_of_differences_can_be_shown_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    html = comparison_html(sample_comparison("upgrade", "before", "after")).encode()
    empty = {}
    for chosen in ("all", "version", "state"):
        own = f'id="show-{chosen}" autocomplete="off"'.encode()
        page.write_bytes(html.replace(b" checked>", b">").replace(own, own + b" checked"))
        look(page, tmp_path, "light", chosen)
        picture = read_png((tmp_path / f"{chosen}-light.png").read_bytes(), most_rows=3000)
        empty[chosen] = picture.colours[picture.ground]

    assert empty["all"] < empty["version"] < empty["state"]  # 2 rules and 1
