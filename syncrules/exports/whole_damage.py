"""The one cause of everything that is wrong in a file, where one way of damage explains it all.

A cause is named only where it is proved: the file as it is was refused, and with that damage
undone it is an export without an error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Problem, Span, has_errors
from syncrules.script import undoing
from syncrules.script.builder import read_script
from syncrules.script.source import Source, from_text

from .interpreter import read_rules

__all__ = ["whole_damage"]

_AGAIN = "Export the rules again, and give the file that the Editor saved."


class _Damage(NamedTuple):
    undo: Callable[[str], str]
    problem: Problem


def _damage(undo: Callable[[str], str], code: Code, what: str, hint: str = _AGAIN) -> _Damage:
    return _Damage(undo, Problem(code, what, hint))


_ATTACHED = "Export the rules again, and send the file that the Editor saved as an attachment."
_DAMAGES = (
    _damage(
        undoing.mail_quoting,
        Code.SR231,
        "A > stands before the lines, as where a mail program quotes a message.",
        _ATTACHED,
    ),
    _damage(
        undoing.console,
        Code.SR231,
        "A prompt stands before the lines: this was copied from a PowerShell window.",
    ),
    _damage(
        undoing.line_numbers,
        Code.SR231,
        "A number stands before each line: this was copied from a view with line numbers.",
    ),
    _damage(
        undoing.difference,
        Code.SR231,
        "The lines are marked as new or old: this is a list of changes (a diff), not the file.",
        "Give the file itself.",
    ),
    _damage(
        undoing.one_cell,
        Code.SR230,
        "The whole file is one quoted text, as a table's cell or JSON holds it.",
    ),
    _damage(
        undoing.quoted_printable,
        Code.SR230,
        "The file is encoded for a mail (quoted-printable): =3D is written for =, for one.",
        _ATTACHED,
    ),
    _damage(
        undoing.entities,
        Code.SR230,
        "Marks of a web page's source stand for characters, such as &quot; for a quote.",
    ),
    _damage(
        undoing.invisible,
        Code.SR230,
        "Characters that nobody sees stand between the others, as a web page or chat puts them.",
    ),
    _damage(
        undoing.fences,
        Code.SR229,
        "This is a page of Markdown: the export stands in it, between lines of ```.",
        "Save what stands between those lines as a file of its own, or export the rules again.",
    ),
    _damage(
        undoing.prose,
        Code.SR229,
        "Text that is not PowerShell stands around the commands of the export.",
        "Delete it, or put # before each of its lines.",
    ),
    _damage(
        undoing.turned,
        Code.SR230,
        "Quotes or backticks were turned into typographic ones, as a word processor does it.",
    ),
    _damage(
        undoing.joined_lines,
        Code.SR232,
        "The line ends are lost: all commands stand in one line.",
    ),
    _damage(
        undoing.blanks_behind_backticks,
        Code.SR232,
        "Blanks stand behind the backticks at the ends of the lines, so no command goes on.",
        "Delete the blanks at the ends of all lines, or export the rules again.",
    ),
    _damage(
        undoing.doubled_lines,
        Code.SR232,
        "An empty line stands behind each line, so no command goes on.",
    ),
    _damage(
        undoing.broken_at_a_width,
        Code.SR232,
        "Long lines are broken at a width, as in a window or a mail.",
    ),
    _damage(
        undoing.broken_between_words,
        Code.SR232,
        "Long lines are broken, as a mail program does it.",
        _ATTACHED,
    ),
    _damage(
        undoing.no_backticks,
        Code.SR232,
        "The backticks at the ends of the lines are lost, so no command goes on.",
    ),
)


def whole_damage(source: Source, *, keep_foreign: bool) -> Diagnostic | None:
    """Return the one cause for which a source was refused, if there is one that explains it all."""
    text, every, first = source.text, source.text, None
    for damage in _DAMAGES:
        undone = damage.undo(text)
        if undone != text and _is_export(undone, keep_foreign=keep_foreign):
            return _found(source, damage, undone)
        all_undone = damage.undo(every)
        if all_undone != every:
            first = first or damage
            every = all_undone
    if first is not None and _is_export(every, keep_foreign=keep_foreign):
        return _found(source, first, first.undo(text))
    return None


def _is_export(text: str, *, keep_foreign: bool) -> bool:
    script, diagnostics = read_script(from_text(text))
    if script is None or has_errors(diagnostics):
        return False
    reading, diagnostics = read_rules(script, keep_foreign=keep_foreign)
    return bool(reading.rules) and not has_errors(diagnostics)


def _found(source: Source, damage: _Damage, undone: str) -> Diagnostic:
    """Return the diagnostic, at the first character that undoing changes."""
    pairs = zip(source.text, undone, strict=False)
    at = next((at for at, (old, new) in enumerate(pairs) if old != new), len(undone))
    return damage.problem.at(source.place(Span(at, min(at + 1, len(source.text)))))
