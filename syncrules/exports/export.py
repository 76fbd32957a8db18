"""An export as a whole: bytes in, rules out, and the same bytes back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from syncrules.collector import paused_collector
from syncrules.diagnostics import Code, Diagnostic, Problem, Span, grouped, has_errors
from syncrules.errors import EditRefused, InputRefused
from syncrules.rules.model import SyncRule
from syncrules.script.foreign_files import not_a_text, other_text
from syncrules.script.nodes import Command, Script
from syncrules.script.reader import read_script
from syncrules.script.source import (
    UNDECLARED,
    Source,
    decode,
    encode,
    from_text,
    lone_surrogate,
    readable_by_5_1,
    with_changes,
)

from .duplicates import duplicates
from .editor_forms import FORMS
from .interpreter import read_rules
from .placed_rule import PlacedRule

__all__ = ["Export", "NotCarried", "parse", "read_changed", "read_export"]

_PATH = (
    r"""(?i:(?:(?:[a-z]:[\\/]|\\\\|[\\/~]|\.{1,2}[\\/])[^<>|"*?'`$;\r\n]*|[^<>|"*?'`$;\s]*)"""
    r"\.(?:ps1|txt))"
)
"""A text that is the path of a script; as a script it would only run that one."""


class NotCarried(NamedTuple):
    """What every rule of a configuration has: not known here, and accepted as lost.

    `file` is the configuration's folder, `name` the path of the element from the rule on; that of
    an attribute ends with its name after `@`.
    """

    file: str
    name: str
    value: str


@dataclass(frozen=True, eq=False, repr=False)
class Export:
    """A script of rules that was read. `bytes(export)` are the bytes that it was read from.

    Two exports of the same bytes are still two.
    """

    script: Script
    placed_rules: tuple[PlacedRule, ...]
    """The rules with the places that they stand at."""
    diagnostics: tuple[Diagnostic, ...]
    foreign_commands: tuple[Command, ...] = ()
    """The commands between the rules that no export holds, kept by `keep_foreign`."""
    keeps_foreign: bool = False
    """Whether such commands were allowed."""
    is_of_configuration: bool = False
    """Whether its text was made from a configuration; no file holds it."""
    not_carried: tuple[NotCarried, ...] = ()
    """What a configuration's rules have besides, which was accepted as lost."""

    def __bytes__(self) -> bytes:
        return bytes(self.script)

    @property
    def name(self) -> str:
        """The name that the export was given."""
        return self.script.source.name

    @property
    def source(self) -> Source:
        """The text, and how it was encoded."""
        return self.script.source

    @property
    def rules(self) -> tuple[SyncRule, ...]:
        """The rules, in the order in which the script begins them."""
        return tuple(placed.rule for placed in self.placed_rules)

    def __repr__(self) -> str:
        errors = sum(d.is_error for d in self.diagnostics)
        return f"Export({self.name!r}, {len(self.placed_rules)} rules, {errors} errors)"

    def replace(self, rule: SyncRule, new: SyncRule) -> bytes:
        """Return the export with `new` in the place of one of its rules, all other bytes kept.

        Only the values that differ are written again. The text gets a byte order mark if it has
        none and is no longer ASCII. What is returned was read again and gives exactly these rules.

        Raises EditRefused where the rule is not in the export, or is in it twice, and where the
        change would touch another rule, as that of a connector's variable does.
        """
        from .editing import changes  # most runs edit nothing

        placed = self._placed(rule)
        text = with_changes(self.source.text, changes(self.source, placed, new))
        data = encode(readable_by_5_1(self.source, text), text)
        wanted = tuple(new if p is placed else p.rule for p in self.placed_rules)
        again, diagnostics = read_changed(data, self, self.name)
        if again is None or has_errors(diagnostics):
            why = next(d.message for d in diagnostics if d.is_error)
            raise EditRefused(f"With '{new.name}' in it, the script is not read again: {why}")
        if again.rules != wanted or len(again.foreign_commands) != len(self.foreign_commands):
            raise EditRefused(
                f"'{rule.name}' cannot be replaced alone: a variable or condition of it serves "
                "another rule too, or the script is not plain enough."
            )
        return data

    def _placed(self, rule: SyncRule) -> PlacedRule:
        same = [p for p in self.placed_rules if p.rule is rule] or [
            p for p in self.placed_rules if p.rule == rule
        ]
        if len(same) != 1:
            how_many = "not" if not same else "more than once"
            raise EditRefused(f"The rule '{rule.name}' is {how_many} in '{self.name}'.")
        return same[0]


def parse(
    data: bytes | str,
    name: str = "",
    encoding: str | None = None,
    *,
    keep_foreign: bool = False,
) -> Export:
    """Read an export.

    `data` is a file's bytes, or its decoded text; `encoding` (one of `ENCODINGS`) settles bytes
    outside ASCII that no byte order mark explains; `keep_foreign` allows simple commands that no
    export holds between the rules. What is wrong in the commands is in the export's `diagnostics`;
    where that is an error, rules and values may be missing.

    Raises TypeError for a path; `read_exports` takes one.
    Raises InputRefused where PowerShell's reading of the script would be another one, or where it
    is a program.
    Raises LookupError for an encoding that Python does not know.
    """
    if not isinstance(data, bytes | str) or _is_path(data):
        raise TypeError(
            f"parse takes the bytes or the text of a script, not {data!r:.80}; "
            "syncrules.read_exports(path) reads files and folders"
        )
    export, diagnostics = read_export(data, name, encoding, keep_foreign=keep_foreign)
    if export is None:
        raise InputRefused(diagnostics)
    return export


def _is_path(data: bytes | str) -> bool:
    return isinstance(data, str) and re.fullmatch(_PATH, data) is not None


def read_export(
    data: bytes | str,
    name: str = "",
    encoding: str | None = None,
    *,
    keep_foreign: bool = False,
) -> tuple[Export | None, tuple[Diagnostic, ...]]:
    """Read an export; `None` where it is refused. The diagnostics are all of them."""
    with paused_collector():
        return _read_export(data, name, encoding, keep_foreign=keep_foreign)


def read_changed(
    data: bytes, origin: Export, name: str
) -> tuple[Export | None, tuple[Diagnostic, ...]]:
    """Read what was made from another export: the same as `read_export`, in half the time.

    Where a command is that of `origin` to the letter, so is what it says; what they all do is
    found again.
    """
    with paused_collector():
        return _read_export(
            data, name, None, keep_foreign=origin.keeps_foreign, before=origin.script
        )


def _read_export(
    data: bytes | str,
    name: str,
    encoding: str | None,
    *,
    keep_foreign: bool,
    before: Script | None = None,
) -> tuple[Export | None, tuple[Diagnostic, ...]]:
    start = data[:100].encode("utf-8", "replace") if isinstance(data, str) else data
    if (other := not_a_text(start, name)) is not None:
        return None, (other,)
    if isinstance(data, str):
        source = from_text(data, name)
        diagnostics = lone_surrogate(source)
    else:
        source, diagnostics = decode(data, name, encoding)
    if has_errors(diagnostics):
        return None, diagnostics
    export, more = _read(source, keep_foreign=keep_foreign, before=before)
    if has_errors(more):
        from .whole_damage import whole_damage  # most files are not damaged

        if (other := other_text(source)) is not None:
            return None, (other,)
        cause = whole_damage(source, keep_foreign=keep_foreign)
        if cause is not None:
            return None, (*diagnostics, cause)
    diagnostics = grouped((*diagnostics, *more))
    return (None if export is None else replace(export, diagnostics=diagnostics)), diagnostics


def _read(
    source: Source, *, keep_foreign: bool, before: Script | None
) -> tuple[Export | None, tuple[Diagnostic, ...]]:
    """Read an export that was decoded."""
    script, diagnostics = read_script(source, before, FORMS)
    if script is None:
        return None, diagnostics
    if source.encoding == UNDECLARED:
        diagnostics = (*diagnostics, *_undeclared_bytes(script))
        if has_errors(diagnostics):
            return None, diagnostics
    reading, more = read_rules(script, keep_foreign=keep_foreign)
    diagnostics = (*diagnostics, *more, *duplicates(source, reading.rules))
    export = Export(script, reading.rules, diagnostics, reading.foreign_commands, keep_foreign)
    return export, diagnostics


def _undeclared_bytes(script: Script) -> tuple[Diagnostic, ...]:
    """Say where bytes of an unknown code page stand: in a value, or in comments only."""
    from syncrules.script.refusals import UNDECLARED_BYTE  # most files name theirs

    source, end = script.source, 0
    in_comment: int | None = None
    for token in (*script.tokens, Span(len(source.text), len(source.text))):
        at = _first_outside_ascii(source.text, token.start, token.end)
        if at is not None:
            return (UNDECLARED_BYTE.at(source.place(at)),)
        if in_comment is None:
            in_comment = _first_outside_ascii(source.text, end, token.start)
        end = token.end
    if in_comment is None:
        return ()
    return (
        Problem(
            Code.SR104,
            "A comment contains a byte outside ASCII whose code page the file does not name; it is "
            "kept as it is.",
            "Nothing to do; --encoding would tell which character it is.",
        ).at(source.place(in_comment)),
    )


def _first_outside_ascii(text: str, start: int, end: int) -> int | None:
    piece = text[start:end]
    if piece.isascii():
        return None
    return start + next(i for i, c in enumerate(piece) if not c.isascii())
