"""The documents of the repository, as a reader's browser takes them: headings, links and blocks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "DOCUMENTS",
    "GAP",
    "ROOT",
    "Fence",
    "Link",
    "Step",
    "anchors",
    "fences",
    "links",
    "missing",
    "steps",
]

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = tuple(
    sorted(path for glob in ("*.md", "docs/**/*.md", "samples/**/*.md") for path in ROOT.glob(glob))
)


@dataclass(frozen=True)
class Fence:
    """A fenced block: its word, the lines in it, and the number of the first of them, from 1."""

    word: str
    lines: tuple[str, ...]
    start: int


@dataclass(frozen=True)
class Link:
    """Where a link leads, and the line in which it stands."""

    target: str
    line: int


_FENCE = re.compile(r"( *)```(\w*)$")
_LINK = re.compile(r"\]\(([^()\s]+)\)")
_CODE = re.compile(r"`[^`]*`")
_HEADING = re.compile(r"#{1,6} +(.+?) *#*$")


def fences(text: str) -> Iterator[Fence]:
    """Yield the fenced blocks of a document; those in a list lose its indent."""
    opened: tuple[str, str, int] | None = None
    kept: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        found = _FENCE.match(line)
        if opened is None:
            if found:
                opened = found[1], found[2], number + 1
        elif found and found[1] == opened[0] and not found[2]:
            yield Fence(opened[1], tuple(kept), opened[2])
            opened, kept = None, []
        else:
            kept.append(line.removeprefix(opened[0]))
    assert opened is None, f"line {opened and opened[2]}: this block is not closed"


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines outside of blocks, with their numbers from 1."""
    inside = {n for f in fences(text) for n in range(f.start - 1, f.start + len(f.lines) + 1)}
    for number, line in enumerate(text.split("\n"), start=1):
        if number not in inside:
            yield number, line


def links(text: str) -> Iterator[Link]:
    """Yield the links of a document; code has none."""
    for number, line in _prose(text):
        for found in _LINK.finditer(_CODE.sub("", line)):
            yield Link(found[1], number)


def anchors(text: str) -> Iterator[str]:
    """Yield the names by which links lead to the headings, as GitHub makes them."""
    seen: Counter[str] = Counter()
    for _, line in _prose(text):
        if found := _HEADING.match(line):
            shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", found[1])
            name = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
            yield f"{name}-{seen[name]}" if seen[name] else name
            seen[name] += 1


# ---- Console blocks ------------------------------------------------------------------------------

GAP = "…"
_PROMPT = "$ "


@dataclass(frozen=True)
class Step:
    """A command of a console block, what it is shown to print, and its line from 1."""

    command: str
    shown: tuple[str, ...]
    line: int


def steps(text: str) -> Iterator[Step]:
    """Yield the commands for POSIX shells, which begin with `$ `, with what stands below each."""
    for fence in fences(text):
        if fence.word != "console":
            continue
        starts = [n for n, line in enumerate(fence.lines) if line.startswith((_PROMPT, "PS> "))]
        for start, end in zip(starts, [*starts[1:], len(fence.lines)], strict=True):
            if fence.lines[start].startswith(_PROMPT):
                command = fence.lines[start].removeprefix(_PROMPT)
                yield Step(command, fence.lines[start + 1 : end], fence.start + start)


def missing(shown: Iterable[str], printed: Iterable[str]) -> list[str]:
    """Return the first lines that are shown and not printed, if there are any.

    A line with nothing but `…` stands for lines left out; `…` ends a line for the rest of it.
    """
    left = [line.rstrip() for line in printed]
    runs: list[list[str]] = [[]]
    for line in shown:
        if line == GAP:
            runs.append([])
        else:
            runs[-1].append(line)
    for number, wanted in enumerate(runs):
        # What comes first is printed first; what comes last, last.
        starts = range(1) if number == 0 else range(len(left) - len(wanted) + 1)
        if number == len(runs) - 1 and wanted:
            starts = range(max(len(left) - len(wanted), 0), len(left)) if number else starts
        end = next((s + len(wanted) for s in starts if _stands(wanted, left[s:])), None)
        if end is None:
            return wanted
        left = left[end:]
    return [] if runs[-1] == [] and len(runs) > 1 else left


def _stands(wanted: list[str], printed: list[str]) -> bool:
    """Return whether lines begin with those that are wanted."""
    return len(wanted) <= len(printed) and all(map(_is_shown, wanted, printed))


def _is_shown(wanted: str, printed: str) -> bool:
    if wanted.endswith(f" {GAP}"):
        return printed.startswith(wanted.removesuffix(GAP))
    return wanted == printed
