"""The output files: an input without out-of-box blocks, with the named literals replaced.

Before a file is handed out, it is read again and must give the planned rules.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from syncrules.diagnostics import Diagnostic, Severity, Span, has_errors, printable
from syncrules.exports.export import Export, read_export
from syncrules.exports.rule_blocks import blocks
from syncrules.migration.checks.exports_together import output_name
from syncrules.migration.moving_rules import MARK, Moving, is_mapped
from syncrules.pairing.connectors import Pair
from syncrules.rules.model import SyncRule
from syncrules.script.quoting import quote
from syncrules.script.source import UNDECLARED, Source, encode

__all__ = ["Draft", "Edit", "Output", "check", "draft", "prologue"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a file. `span` is `None` where the whole file is meant (its encoding)."""

    file: str
    span: Span | None
    line: int
    column: int
    old: str
    new: str
    what: str


@dataclass(frozen=True, slots=True)
class Output:
    """One file to be written."""

    name: str
    made_from: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """An output before it is checked."""

    export: Export
    output: Output
    edits: tuple[Edit, ...]


def draft(
    export: Export, moved: Sequence[tuple[Moving, SyncRule]], pairs: tuple[Pair, ...], *, bare: bool
) -> Draft:
    """Return the output of an export whose rules become others."""
    source = export.source
    edits = tuple(sorted(_edits(moved), key=lambda e: (e.line, e.column)))
    changes = [(*e.span, e.new) for e in edits if e.span is not None]
    changes += [(*b.span, "") for b in blocks(export) if b.read.rule.is_out_of_box]
    earlier = _OWN_PROLOGUE.match(source.text)
    if edits and earlier:  # what an earlier run wrote about the connectors would be wrong now
        changes.append((*earlier.span(), ""))
    text = _applied(source.text, changes)
    if not bare and (edits or not is_mapped(export)):
        own = {moving.rule.connector for moving, _ in moved}
        concerned = (p for p in pairs if p.source in own)
        text = prologue(output_name(export), export.name, concerned, source.newline) + text
    written = _readable_by_5_1(source, text)
    if written != source:
        edits = (*edits, _encoding_edit(source))
    return Draft(export, Output(output_name(export), export.name, encode(written, text)), edits)


def _edits(moved: Iterable[tuple[Moving, SyncRule]]) -> Iterator[Edit]:
    """Yield the changes of a file; its rules need not stand in the order of their literals."""
    done: set[int] = set()
    for moving, becomes in moved:
        for span, new, what in _changes(moving, becomes):
            if span.start not in done:  # a variable's literal may serve several rules
                done.add(span.start)
                source = moving.export.source
                line, column = source.line_and_column(span.start)
                old = source.text[span.start : span.end]
                yield Edit(source.name, span, line, column, old, new, what)


def _changes(moving: Moving, becomes: SyncRule) -> Iterator[tuple[Span, str, str]]:
    """Yield what is to be written where, so that a rule becomes another, and what it is."""
    rule, read = moving.rule, moving.read
    literals = (
        (read.connector, rule.connector, becomes.connector, "connector"),
        *((i, rule.identifier, becomes.identifier, "identifier") for i in read.identifiers),
        (
            read.precedence_before,
            *(rule.precedence_before, becomes.precedence_before, "precedence before"),
        ),
        (
            read.precedence_after,
            *(rule.precedence_after, becomes.precedence_after, "precedence after"),
        ),
    )
    for literal, old, new, what in literals:
        if literal is not None and new is not None and old != new:
            written = moving.export.source.text[literal.start : literal.end]
            yield literal.span, _rewritten(written, new), what
    if rule.precedence != becomes.precedence:
        yield _precedence(moving, becomes)


def _precedence(moving: Moving, becomes: SyncRule) -> tuple[Span, str, str]:
    value = moving.read.precedence
    if value is not None:
        return value.span, str(becomes.precedence), "precedence"
    end = moving.read.command.start + len(moving.read.command.name)
    return Span(end, end), f" -Precedence {becomes.precedence}", "precedence"


_OWN_PROLOGUE = re.compile(
    re.escape(MARK) + r"[^\r\n]*(?:(?:\r\n|\r|\n)#[^\r\n]*)*"
    r"(?:\r\n|\r|\n)\$ErrorActionPreference = 'Stop'(?:\r\n|\r|\n){2}"
)
_DIGITS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}", re.IGNORECASE)


def _rewritten(written: str, target: str) -> str:
    """Return a literal with another GUID in its place, in the form it was written in."""
    found = _DIGITS.search(written)
    if found is None:  # it is written with escapes
        return quote(target)
    new = target if "-" in found.group() else target.replace("-", "")
    return written[: found.start()] + new + written[found.end() :]


def _applied(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    pieces, end = [], 0
    for start, stop, new in sorted(changes):
        pieces += [text[end:start], new]
        end = stop
    return "".join((*pieces, text[end:]))


def prologue(name: str, made_from: str, pairs: Iterable[Pair], newline: str) -> str:
    """Return the lines before the rules of the file `name`.

    Foreign text in them is ASCII, and cannot end a line.
    """
    return newline.join(
        (
            f"{MARK}, from {_in_comment(PurePath(made_from).name)}.",
            f"# Run it there, in Windows PowerShell 5.1, as .\\{_in_comment(name)} "
            "(not dot-sourced or pasted).",
            *(f"# Connector {p.source} -> {p.target} ({p.basis})" for p in pairs),
            "# It stops at its first error: the commands after it would change the rule before.",
            "$ErrorActionPreference = 'Stop'",
            "",
            "",
        )
    )


def _in_comment(text: str) -> str:
    shown = printable(text)
    return "".join(c if c.isascii() else f"\\u{ord(c):04x}" for c in shown)


def _readable_by_5_1(source: Source, text: str) -> Source:
    """Return how to write `text`: Windows PowerShell 5.1 needs a mark where it is not ASCII."""
    if source.bom or text.isascii() or source.encoding == UNDECLARED:
        return source
    return replace(source, encoding="utf-8", bom=codecs.BOM_UTF8)


def _encoding_edit(source: Source) -> Edit:
    old = f"{source.encoding} without a byte order mark"
    return Edit(source.name, None, 1, 1, old, "utf-8 with a byte order mark", "encoding")


def check(draft: Draft, planned: tuple[SyncRule, ...]) -> Iterator[Diagnostic]:
    """Read an output again: it must give the planned rules, all of them and no other."""
    keeps = draft.export.keeps_foreign
    again, _ = read_export(draft.output.data, draft.output.name, keep_foreign=keeps)
    if again is None or again.rules != planned or has_errors(again.diagnostics):
        yield Diagnostic(
            "SR501",
            Severity.ERROR,
            f"{printable(draft.output.name)}, read again, does not give the planned rules, so it "
            "is not written. A rule in it may use a variable or condition from a rule that is "
            "left out.",
            "Export each custom rule by itself and try again; if that does not help, report it.",
            draft.export.name,
        )
