"""The pages of docs/findings/ with their examples, and the index that is made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from syncrules.diagnostics import Code

__all__ = ["EXAMPLES", "FOLDER", "INDEX", "PAGES", "Example", "Page", "indexed"]

ROOT = Path(__file__).resolve().parents[2]
INDEX = ROOT / "docs" / "reference" / "diagnostics.md"
FOLDER = ROOT / "docs" / "findings"

_TITLE = re.compile(r"# (SR[0-9]{3}) · (\S.*)")
_BYTES = re.compile(r"<!-- bytes: (.+) -->")
_TOLD = re.compile(r"(?:^|: )(?:error|warning|note)\[(SR[0-9]{3})\]: (.+)")


@dataclass(frozen=True)
class Example:
    """A script with what is said of it, or commands with what they print.

    `code` is that of the page (empty in the index), `bytes_as` how a script is encoded, `start`
    and `end` the lines of the file at `path` that hold what is printed.
    """

    path: Path
    code: str
    form: str
    bytes_as: str
    shown: str
    printed: str
    start: int
    end: int


@dataclass(frozen=True)
class Page:
    """What there is to say of one code, as the file says it."""

    code: str
    title: str
    text: str
    examples: tuple[Example, ...]

    @property
    def lead(self) -> str:
        """What it means, with the severity in front."""
        return self.text.split("\n\n")[1]

    @property
    def severity(self) -> str:
        """The severity in words, as the page has it."""
        return self.lead.removeprefix("**").partition(".**")[0].lower()


def _fences(lines: list[str], path: Path) -> Iterator[tuple[str, int, int]]:
    """Yield each fenced block: its word, its first line and the line after its last."""
    opened: tuple[str, int] | None = None
    for number, line in enumerate(lines):
        if not line.startswith("```"):
            continue
        if opened is None:
            opened = line[3:], number + 1
        else:
            yield *opened, number
            opened = None
    assert opened is None, f"{path.name}:{opened and opened[1]}: this block is not closed"


def _examples(path: Path, code: str) -> Iterator[Example]:
    lines = path.read_text(encoding="utf-8").split("\n")
    script: tuple[str, str] | None = None
    for word, start, end in _fences(lines, path):
        text = "\n".join(lines[start:end])
        where = f"{path.name}:{start}"
        if script is not None:
            assert word == "text", f"{where}: what a script's findings are must follow it"
            yield Example(path, code, "powershell", *script, text, start, end)
            script = None
        elif word == "powershell":
            named = _BYTES.fullmatch(lines[start - 2])
            script = (named[1] if named else "utf-8 with a mark"), text
        elif word == "console":
            yield Example(path, code, "console", "", text, text, start, end)
        else:
            pytest.fail(f"{where}: a block of '{word}' is no example")
    assert script is None, f"{path.name}: the last script has no findings"


def _page(path: Path) -> Page:
    text = path.read_text(encoding="utf-8")
    title = _TITLE.match(text)
    assert title is not None, f"{path.name}: it begins with no title"
    return Page(title[1], title[2], text, tuple(_examples(path, path.stem)))


PAGES = tuple(map(_page, sorted(FOLDER.glob("*.md"))))
EXAMPLES = (*_examples(INDEX, ""), *(e for page in PAGES for e in page.examples))


# ---- The index -----------------------------------------------------------------------------------

_HEADING = re.compile(r"(?m)^### (SR[0-9])xx · .+\n")
_BY_SIGHT = "\n## By what you see\n"
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LENGTH = 110
"""So many characters of a message tell it from the others."""


def indexed(text: str, pages: Iterable[Page]) -> str:
    """Return the text of the index with its tables made from the pages."""
    pages = tuple(pages)
    above, by_sight, below = text.partition(_BY_SIGHT)
    assert by_sight
    first, *parts = _HEADING.split(above)
    headings = _HEADING.findall(above)
    lines = [m.group() for m in _HEADING.finditer(above)]
    groups = [
        line + _with_table(part, _by_code(p for p in pages if p.code.startswith(group)))
        for line, group, part in zip(lines, headings, parts[1::2], strict=True)
    ]
    return first + "\n".join(groups) + by_sight + _with_table(below, _by_sight(pages))


def _with_table(text: str, table: str) -> str:
    """Return a text with the one table in it replaced."""
    kept = [line for line in text.split("\n") if not line.startswith("|")]
    return "\n".join(kept).rstrip("\n") + f"\n\n{table}\n"


def _by_code(pages: Iterable[Page]) -> str:
    rows = (f"| {_link(p.code)} | {p.title} | {p.severity} |" for p in pages)
    return "\n".join(("| code | what it is about | severity |", "|---|---|---|", *rows))


def _by_sight(pages: Iterable[Page]) -> str:
    seen = {(_seen(told), code) for page in pages for code, told in _told(page) if code in {*Code}}
    rows = (f"| {what} | {_link(code)} |" for what, code in sorted(seen, key=_in_order))
    return "\n".join(("| what you see | code |", "|---|---|", *rows))


def _told(page: Page) -> Iterator[tuple[str, str]]:
    for example in page.examples:
        for line in _unwrapped(example.printed).split("\n"):
            if (found := _TOLD.search(line)) and found[1] == page.code:
                yield found[1], found[2]


def _unwrapped(printed: str) -> str:
    """Return what is printed with each message on one line."""
    return re.sub(r"\n  (?=\S)(?!hint: |also at |[0-9]+ \| )", " ", printed)


def _seen(message: str) -> str:
    """Return the beginning of a message, without names, as a cell of a table."""
    first = re.split(r"(?<=[.?]) (?=[A-Z'])", message)[0]
    plain = _GUID.sub("…", re.sub(r"(?<!\w)'.+?'(?!\w)", "'…'", first))
    cut = plain if len(plain) <= _LENGTH else plain[:_LENGTH].rpartition(" ")[0] + " …"
    return re.sub(r"([|<>*_`\\])", r"\\\1", cut)


def _in_order(row: tuple[str, str]) -> tuple[str, str, str]:
    letters = re.sub(r"[^a-z ]", "", row[0].lower()).strip()
    return letters, *row


def _link(code: str) -> str:
    return f"[{code}](../findings/{code}.md)"
