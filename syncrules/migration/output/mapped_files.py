"""The mapped files: an input without the blocks that are left out, and literals replaced.

Before a file is handed out, it is read again and must give the planned rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, Span, has_errors
from syncrules.exports.export import Export, read_changed
from syncrules.exports.rule_blocks import blocks
from syncrules.rules.guids import HYPHENATED
from syncrules.rules.model import SyncRule
from syncrules.script.quoting import quote
from syncrules.script.source import Source, encode, readable_by_5_1, with_changes

from ..context import Context
from ..output_names import output_name
from ..plan import Edit, Output, PlannedRule
from .prologue import earlier_prologue, prologue

__all__ = ["mapped_files", "read_again"]

_GUID = re.compile(rf"{HYPHENATED}|[0-9a-f]{{32}}", re.IGNORECASE)


def mapped_files(context: Context) -> tuple[tuple[Output, ...], tuple[Edit, ...]]:
    """Return the output of each export that has rules to move, and every change in them."""
    outputs: list[Output] = []
    edits: list[Edit] = []
    for export, rules in _by_export(context).items():
        output, changed = _mapped(context, export, rules)
        outputs.append(output)
        edits += changed
    return tuple(outputs), tuple(edits)


def _by_export(context: Context) -> dict[Export, list[PlannedRule]]:
    """Return the rules of each export, as they stand in it; exports in the order to run them."""
    found: dict[Export, list[PlannedRule]] = {}
    for rule in context.placing.rules:
        found.setdefault(rule.origin.export, []).append(rule)
    for rules in found.values():
        rules.sort(key=lambda rule: rule.origin.placed.command.start)
    return found


def _mapped(
    context: Context, export: Export, rules: Sequence[PlannedRule]
) -> tuple[Output, tuple[Edit, ...]]:
    source, name = export.source, output_name(export)
    edits = tuple(sorted(_edits(source, rules)))
    changes = [(e.span, e.new) for e in edits if e.span is not None]
    moving = {rule.origin.placed for rule in rules}
    changes += [(b.span, "") for b in blocks(export) if b.placed not in moving]
    is_as_mapped = all(rule.origin.is_mapped for rule in rules)
    earlier = None if is_as_mapped else earlier_prologue(source.text)
    if earlier:  # what an earlier run wrote about the connectors would be wrong now
        changes.append((earlier, ""))
    text = with_changes(source.text, changes)
    if not context.choices.bare and not is_as_mapped:
        own = {rule.before.connector for rule in rules}
        concerned = (p for p in context.pairing.pairs if p.active in own)
        text = prologue(name, export.name, concerned, source.newline) + text
    written = readable_by_5_1(source, text)
    if written != source:
        edits = (*edits, _encoding_edit(source))
    return Output(name, encode(written, text), export), edits


# ---- Edits ---------------------------------------------------------------------------------------


def _edits(source: Source, rules: Iterable[PlannedRule]) -> Iterator[Edit]:
    """Yield the changes of a file; its rules need not stand in the order of their literals."""
    done: set[int] = set()
    for rule in rules:
        for span, new, what in _changes(source, rule):
            if span.start not in done:  # a variable's literal may serve several rules
                done.add(span.start)
                line, column = source.line_and_column(span.start)
                old = source.text[span.start : span.end]
                yield Edit(source.name, span, line, column, old, new, what)


def _changes(source: Source, planned: PlannedRule) -> Iterator[tuple[Span, str, str]]:
    """Yield what is to be written where, so that a rule becomes another, and what it is."""
    placed, before, after = planned.origin.placed, planned.before, planned.after
    changed = (
        (placed.connector, before.connector, after.connector, "connector"),
        *((i, before.identifier, after.identifier, "identifier") for i in placed.identifiers),
        (
            placed.precedence_before,
            before.precedence_before,
            after.precedence_before,
            "precedence before",
        ),
        (
            placed.precedence_after,
            before.precedence_after,
            after.precedence_after,
            "precedence after",
        ),
    )
    for literal, old, new, what in changed:
        if literal is not None and new is not None and old != new:
            written = source.text[literal.start : literal.end]
            yield Span.of(literal), _rewritten(written, new), what
    if before.precedence != after.precedence:
        yield _precedence(planned)


def _precedence(planned: PlannedRule) -> tuple[Span, str, str]:
    placed, precedence = planned.origin.placed, planned.after.precedence
    if placed.precedence is not None:
        span = Span.of(placed.precedence)
        return span, str(precedence), "precedence"
    end = placed.command.start + len(placed.command.name)
    return Span(end, end), f" -Precedence {precedence}", "precedence"


def _rewritten(written: str, target: str) -> str:
    """Return a literal with another GUID in its place, in the form it was written in."""
    found = _GUID.search(written)
    if found is None:  # it is written with escapes
        return quote(target)
    new = target if "-" in found.group() else target.replace("-", "")
    return written[: found.start()] + new + written[found.end() :]


# ---- Bytes ---------------------------------------------------------------------------------------


def _encoding_edit(source: Source) -> Edit:
    old = f"{source.encoding} without a byte order mark"
    return Edit(source.name, None, 1, 1, old, "utf-8 with a byte order mark", "encoding")


# ---- The check before writing --------------------------------------------------------------------


def read_again(
    context: Context, outputs: Iterable[Output]
) -> tuple[tuple[Output, ...], tuple[Diagnostic, ...]]:
    """Read outputs again: each must give its planned rules, all of them and no other."""
    planned = _by_export(context)
    read: list[Output] = []
    diagnostics: list[Diagnostic] = []
    for output in outputs:
        assert output.origin is not None  # each was made from an export
        rules = tuple(rule.after for rule in planned[output.origin])
        again = _exactly(output, output.origin, rules, one_by_one=context.choices.one_by_one)
        read.append(output._replace(export=again))
        if again is None:
            diagnostics.append(_not_the_rules(output).at(Place(output.origin.name)))
    return tuple(read), tuple(diagnostics)


def _exactly(
    output: Output, origin: Export, rules: tuple[SyncRule, ...], *, one_by_one: bool
) -> Export | None:
    """Return an output as it is read, if it gives these rules.

    Where they are created one by one, they never have the precedences that they would have in the
    order of the file.
    """
    again, diagnostics = read_changed(output.data, origin, output.name)
    if one_by_one:
        diagnostics = tuple(d for d in diagnostics if d.code is not Code.SR332)
    if again is None or again.rules != rules or has_errors(diagnostics):
        return None
    return again


def _not_the_rules(output: Output) -> Problem:
    return Problem(
        Code.SR501,
        f"{output.name}, read again, does not give the planned rules, so it is not written. A rule "
        "in it may use a variable or condition from a rule that is left out.",
        "Export each custom rule by itself and try again; if that does not help, report it.",
    )
