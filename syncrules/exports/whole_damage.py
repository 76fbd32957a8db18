"""The one cause of everything that is wrong in a file, where one way of damage explains it all.

A cause is named only where it is proved: the file as it is was refused, and with that damage
undone it is an export without an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import accumulate, islice
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Problem, has_errors
from syncrules.script import undoing
from syncrules.script.reader import read_script
from syncrules.script.source import Source, from_text
from syncrules.wording import BY_EDITOR

from .interpreter import read_rules

__all__ = ["whole_damage"]

_AGAIN = f"Export the rules again {BY_EDITOR}, and give the file that the Editor saved."


class _Damage(NamedTuple):
    undo: Callable[[str], str]
    problem: Problem
    is_of_lines: bool
    """Whether what is said of it is so in each line that undoing changes."""


def _damage(
    undo: Callable[[str], str],
    code: Code,
    what: str,
    hint: str = _AGAIN,
    *,
    is_of_lines: bool = True,
) -> _Damage:
    return _Damage(undo, Problem(code, what, hint), is_of_lines)


_ATTACHED = (
    f"Export the rules again {BY_EDITOR}, and send the file that the Editor saved as an attachment."
)
_DAMAGES = (
    _damage(
        undoing.mail_quoting,
        Code.SR231,
        "Each line begins with >, as when a mail program quotes a message.",
        _ATTACHED,
    ),
    _damage(
        undoing.console,
        Code.SR231,
        "The lines begin with a prompt: this was copied from a PowerShell window.",
    ),
    _damage(
        undoing.line_numbers,
        Code.SR231,
        "Each line begins with a number: this was copied from a view with line numbers.",
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
        "The whole file is one quoted text, as in a table's cell or in JSON.",
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
        "Codes from the source of a web page replace characters, such as &quot; for a quote.",
    ),
    _damage(
        undoing.invisible,
        Code.SR230,
        "There are invisible characters between the others, as a web page or chat inserts them.",
    ),
    _damage(
        undoing.fences,
        Code.SR229,
        "This is a page of Markdown: the export is in it, between lines of ```.",
        "Save what is between those lines as a file of its own, or export the rules again "
        f"{BY_EDITOR}.",
        is_of_lines=False,
    ),
    _damage(
        undoing.prose,
        Code.SR229,
        "There is text that is not PowerShell around the commands of the export.",
        "Delete it, or put # before each of its lines.",
    ),
    _damage(
        undoing.turned,
        Code.SR230,
        "Quotes or backticks were turned into typographic ones, as a word processor does.",
    ),
    _damage(
        undoing.joined_lines,
        Code.SR232,
        "The line ends are lost: all commands are on one line.",
    ),
    _damage(
        undoing.blanks_behind_backticks,
        Code.SR232,
        "There are blanks after the backticks at the ends of the lines, so no command goes on.",
        f"Delete the blanks at the ends of all lines, or export the rules again {BY_EDITOR}.",
    ),
    _damage(
        undoing.doubled_lines,
        Code.SR232,
        "There is an empty line after each line, so no command goes on.",
    ),
    _damage(
        undoing.broken_at_a_width,
        Code.SR232,
        "Long lines are broken at a width, as in a window or a mail.",
    ),
    _damage(
        undoing.broken_between_words,
        Code.SR232,
        "Long lines are broken, as a mail program does.",
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
    script, _ = read_script(from_text(text))
    if script is None:
        return False
    reading, diagnostics = read_rules(script, keep_foreign=keep_foreign)
    return bool(reading.rules) and not has_errors(diagnostics)


_LINE = re.compile(r"[^\r\n]+(?:\r\n|[\r\n]|\Z)|\r\n|[\r\n]")


def _found(source: Source, damage: _Damage, undone: str) -> Diagnostic:
    """Return the diagnostic, at each line that undoing changes, joins to the next or leaves out.

    Where it does more than one of these, only the first place is known.
    """
    spots = (damage.is_of_lines and _spots(source.text, undone)) or [
        _first_change(source.text, undone)
    ]
    places = [source.place(at) for at in spots]
    problem = damage.problem
    if len(places) > 1:
        problem = problem._replace(message=f"{problem.message} This is so in {len(places)} lines.")
    return problem.at(*places)


def _spots(text: str, undone: str) -> list[int] | None:
    """Return the first place of each line that is another one, or none, in a text undone."""
    old, new = _LINE.findall(text), _LINE.findall(undone)
    starts = [*accumulate(map(len, old), initial=0)]
    if len(old) == len(new):
        pairs = zip(old, new, starts, strict=False)
        return [start + _first_change(*lines) for *lines, start in pairs if lines[0] != lines[1]]
    spots: list[int] = []
    at = 0
    for line in new:
        taken = 0
        while at < len(old) and old[at] != line and not taken:
            taken = _pieces(old, at, line)
            if not taken:
                spots.append(starts[at])
                at += 1
        if at == len(old):
            return None
        joined = range(at, at + taken - 1)
        spots += (starts[n] + len(old[n].rstrip("\r\n")) for n in joined)
        at += max(taken, 1)
    return [*spots, *starts[at : len(old)]]


def _pieces(lines: Sequence[str], at: int, whole: str) -> int:
    """Return how many lines, from one on, a line is made of; 0 where it is not."""
    place, end = 0, len(whole.rstrip())
    for count, line in enumerate(islice(lines, at, None), start=1):
        piece = line.strip()
        while whole[place : place + 1].isspace():
            place += 1
        if not piece or not whole.startswith(piece, place):
            return 0
        place += len(piece)
        if place >= end:
            return count if count > 1 else 0
    return 0


def _first_change(old: str, new: str) -> int:
    changes = (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other)
    return next(changes, min(len(old), len(new)))
