"""The documents lead somewhere: each link inside the repository, and to each page of docs/."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.documents import DOCUMENTS, ROOT, anchors, fences, links

DOCS = ROOT / "docs"


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def leads(page: Path) -> Iterator[tuple[str, Path, str]]:
    """Yield each link of a page into the repository: where it stands, its file and its anchor."""
    for link in links(page.read_text("utf-8")):
        if "://" in link.target:
            continue
        file, _, anchor = link.target.partition("#")
        yield (
            f"{name(page)}:{link.line}: {link.target}",
            page.parent / file if file else page,
            anchor,
        )


@pytest.mark.parametrize("page", DOCUMENTS, ids=name)
def test_each_link_leads_to_a_file_and_to_a_heading_of_it(page: Path) -> None:
    wrong = []
    for where, file, anchor in leads(page):
        if not file.resolve().is_relative_to(ROOT) or not file.exists():
            wrong.append(f"{where}: no such file")
        elif anchor and anchor not in {*anchors(file.read_text("utf-8"))}:
            wrong.append(f"{where}: no such heading")
    assert wrong == []


def test_the_index_leads_to_each_page() -> None:
    """Those of findings are led to from their own index."""
    listed = {file.resolve() for _, file, _ in leads(DOCS / "README.md")}
    pages = {path for path in DOCS.rglob("*.md") if path.parent.name != "findings"}
    assert sorted(map(name, pages - listed - {DOCS / "README.md"})) == []


def test_the_readme_leads_to_the_index() -> None:
    assert DOCS / "README.md" in {file.resolve() for _, file, _ in leads(ROOT / "README.md")}


def test_a_page_is_read_as_a_browser_does() -> None:
    text = (
        "# A `--map` of *two*\n\n## A page\n## A page\n[one](a.md#b) `[two](c.md)` [`x`](d.md)\n"
        "- in a list\n\n  ```console\n  $ [three](e.md)\n  # not a heading\n  ```\n"
    )
    assert [*anchors(text)] == ["a---map-of-two", "a-page", "a-page-1"]
    assert [(link.target, link.line) for link in links(text)] == [("a.md#b", 5), ("d.md", 5)]
    (fence,) = fences(text)
    assert (fence.word, fence.lines[0], fence.start) == ("console", "$ [three](e.md)", 9)
