"""What was made from an export is read as if that had never been read: only sooner."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.strategies import SKELETON, Generated, fragments, scripts
from support.visible import visible
from syncrules.exports import export
from syncrules.exports.editor_forms import FORMS
from syncrules.exports.export import Export, parse, read_changed, read_export
from syncrules.script import editor_layout
from syncrules.script.editor_layout import Forms

BLANK_LINES = "\n\n\n"
COMMANDS = tuple(SKELETON.split(BLANK_LINES))
BETWEEN = (
    *(BLANK_LINES, "\n\n", "\n", "\n\n\n\n", " \n\n", "\n \n\n", "\n\n ", "\r\n\r\n\r\n", "\r\r"),
    *("\n# c\n\n", "\n\n# c\n", "\n\n<# c\n\n", "\n\n#>\n\n", "\n@'\n\n", "\n\n'@\n\n", "; ", "x"),
    *(" | Out-Null\n\n", "\n\n'", "'\n\n", " `\n-Disabled\n\n", " `\n\n", "\n\n$x = 'y'\n\n", ""),
)


def _told(read: tuple[Export | None, object]) -> object:
    found, diagnostics = read
    if found is None:
        return diagnostics
    places = [[getattr(p, field.name) for field in fields(p)] for p in found.placed_rules]
    script = found.script
    return found.rules, places, diagnostics, script.source, script.statements, script.tokens


def assert_read_alike(text: str, origin: Export) -> None:
    data = text.encode("utf-8", "surrogatepass")
    changed = _told(read_changed(data, origin, "x.ps1"))
    assert changed == _told(read_export(data, "x.ps1")), visible(text)


@given(st.lists(st.tuples(st.sampled_from(COMMANDS), st.sampled_from(BETWEEN)), max_size=12))
def test_commands_left_out_repeated_and_put_elsewhere(pieces: list[tuple[str, str]]) -> None:
    assert_read_alike("".join(map("".join, pieces)), parse(SKELETON))


@pytest.mark.parametrize("between", BETWEEN, ids=visible)
def test_something_else_between_its_commands(between: str) -> None:
    for newline in ("\n", "\r\n"):
        text = between.join(COMMANDS).replace("\n", newline)
        assert_read_alike(text, parse(SKELETON.replace("\n", newline)))
        assert_read_alike(text + between + BLANK_LINES, parse(SKELETON))
        assert_read_alike(between + SKELETON, parse(SKELETON))


@given(
    st.lists(st.tuples(st.integers(0, len(SKELETON)), st.integers(0, 8), fragments), max_size=3),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_change_anywhere(changes: list[tuple[int, int, str]], newline: str) -> None:
    text = SKELETON
    for at, length, piece in changes:
        text = text[:at] + piece + text[at + length :]
    assert_read_alike(text.replace("\n", newline), parse(SKELETON.replace("\n", newline)))
    assert_read_alike(text.replace("\n", newline), parse(SKELETON))


@given(scripts())
def test_an_export_that_has_little_to_do_with_it(generated: Generated) -> None:
    assert_read_alike(generated.text, parse(SKELETON))


@pytest.mark.parametrize("between", ["\n\n", BLANK_LINES, "\n\n\n\n", "\n\n\n\n\n"], ids=len)
def test_a_command_that_the_export_has_is_neither_matched_nor_taken_apart_again(
    between: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or what is compared above would be the same thing twice."""
    said: list[str] = []

    def noted(*groups: str | None) -> object:
        said.extend(g for g in groups if g is not None)
        assert FORMS[0].read is not None
        return FORMS[0].read(*groups)

    text = SKELETON.replace(BLANK_LINES, between)
    origin = parse(text)
    forms = tuple(form._replace(read=noted) for form in FORMS)
    monkeypatch.setattr(export, "FORMS", forms)
    scanned = _scanned(monkeypatch, forms)
    changed = text.replace("'cloudFiltered'", "'company'")
    assert read_changed(changed.encode(), origin, "x.ps1")[0] is not None
    assert "company" in said
    assert said.count("syncRule") == len({"-SynchronizationRule", "-OutVariable"})  # of one flow
    end = changed.index(between, changed.rindex("Get-"))
    assert scanned == [text.index(between), end, len(changed)]


def _scanned(monkeypatch: pytest.MonkeyPatch, forms: Forms) -> list[int]:
    """Return where the pattern of the next statement is tried from now on."""
    tried: list[int] = []
    own = editor_layout._next(forms)

    class Noted:
        def match(self, text: str, start: int) -> object:
            tried.append(start)
            return own.pattern.match(text, start)

    noted: Any = Noted()
    monkeypatch.setattr(editor_layout, "_next", lambda _forms: own._replace(pattern=noted))
    return tried
