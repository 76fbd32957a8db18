"""How texts are worded: pieces that several rooms write, and phrases that none has."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncrules.wording import first_of

ROOT = Path(__file__).parents[1]
NEVER = json.loads((ROOT / "tests/data/wording.json").read_text(encoding="utf-8"))
"""What no text says, as regular expressions, and what is said instead (for who reads a failure)."""

TEXTS = {
    "messages, hints and help": [*ROOT.glob("syncrules/**/*.py"), *ROOT.glob("cli/*.py")],
    "scripts": [*ROOT.glob("syncrules/**/*.ps1")],
    "templates": [*ROOT.glob("syncrules/**/*.jinja")],
    "documents": [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("samples/**/*.md")],
}


@pytest.mark.parametrize(
    ("texts", "told"),
    [("", ""), ("a", "a"), ("ab", "a, b"), ("abc", "a, b and 1 more"), ("abcd", "a, b and 2 more")],
)
def test_the_first_of_many_and_how_many_more_there_are(texts: str, told: str) -> None:
    assert first_of(texts, 2) == told
    assert first_of(iter(texts), 2) == told


def strings(source: str) -> Iterator[tuple[int, str]]:
    """Yield each text of a Python file with its line; no comments, and no private docstrings."""
    tree = ast.parse(source)
    private = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name.startswith("_")
        if isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in private
        ):
            yield node.lineno, node.value


def prose(text: str, *without: str) -> Iterator[tuple[int, str]]:
    """Yield what is left of a text; what is taken out of it leaves its lines behind."""
    for pattern in without:
        text = re.sub(pattern, lambda found: "\n" * found[0].count("\n"), text, flags=re.M | re.S)
    yield 1, text


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield what people read in a file, each with the line where it begins."""
    source = path.read_text(encoding="utf-8")
    match path.suffix:
        case ".py":
            yield from strings(source)
        case ".ps1":
            yield from prose(source, r"^\s*#(?!>)[^\n]*")
        case ".jinja":
            yield from prose(source, r"\{#.*?#\}", r"/\*.*?\*/")
        case _:
            yield from prose(source, r"^ *```.*?^ *```")


def wrong(path: Path) -> Iterator[str]:
    for start, text in texts(path):
        for phrase in NEVER:
            never = re.sub(r" (?!\))", r"\\s++", phrase["never"])  # a line may end between words
            for found in re.finditer(never, text, re.IGNORECASE):
                line = start + text.count("\n", 0, found.start())
                place = f"{path.relative_to(ROOT)}:{line}"
                yield f"{place}: {' '.join(found[0].split())!r}; say: {phrase['say']}"


@pytest.mark.parametrize("kind", TEXTS)
def test_no_text_has_a_phrase_that_is_never_right(kind: str) -> None:
    assert TEXTS[kind]
    assert [told for path in sorted(TEXTS[kind]) for told in wrong(path)] == []


AGAIN = re.compile(
    r"export (?:the|its|that|the two) (?:rules?|configuration) again(?! ?$| in the)", re.I
)


def test_who_is_asked_to_export_again_is_told_how() -> None:
    """What follows is in another piece of the text: BY_EDITOR or BY_COMMAND."""
    found = [
        (path.name, line, text)
        for path in TEXTS["messages, hints and help"]
        for line, text in texts(path)
        if AGAIN.search(text)
    ]
    assert found == []
    assert AGAIN.search("Export the rules again.")
    assert AGAIN.search("Change it; then export its configuration again, please.")


@pytest.mark.parametrize("name", ["a.py", "a.ps1", "a.md", "a.jinja"])
def test_such_a_phrase_is_found_where_people_read_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    before = {
        "a.py": '# anew\ndef _a() -> None:\n    """Anew."""\nb = f"{_a} passed " "over"\n',
        "a.ps1": "# anew\nWrite-Host 'is passed over'\n",
        "a.md": "```console\nanew\n```\nIt is passed\nover; it is no longer there.\n",
        "a.jinja": "{# anew #}\n/* anew */ It is passed over; there is no scope filter.\n",
    }
    path = tmp_path / name
    path.write_text(before[name], encoding="utf-8")
    (told,) = wrong(path)
    assert "'passed over'" in told
