"""The mapped rules, one a file, in the order of their creation.

A rule's file is its part of the mapped export, byte for byte, behind a prologue and the assignments
of the variables that it uses; line ends alone become those of Windows, where none is a part of the
rule. Read again, it must give the planned rule and no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from syncrules.diagnostics import Code, Diagnostic, Problem, Span, Spanned, has_errors
from syncrules.exports.export import Export, read_export
from syncrules.exports.rule_blocks import Block, blocks
from syncrules.migration.output.prologue import prologue
from syncrules.migration.output_names import plain_name
from syncrules.migration.plan import Plan, PlannedRule
from syncrules.script.nodes import Array, Assignment, List, Node, Parameter, Variable
from syncrules.script.source import Source, encode

__all__ = ["RULES_FOLDER", "RuleFile", "rule_files", "with_windows_line_ends"]

RULES_FOLDER = "rules"


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule and the script that creates it. `path` is in the kit, with forward slashes."""

    path: str
    planned: PlannedRule
    data: bytes


def rule_files(plan: Plan) -> tuple[tuple[RuleFile, ...], tuple[Diagnostic, ...]]:
    """Return each rule of a plan without errors as a file of its own, or why that cannot be."""
    diagnostics = (*_foreign(plan), *_nameless(plan))
    if diagnostics:
        return (), diagnostics
    digits = max(3, len(str(len(plan.rules))))
    files = tuple(
        _rule_file(plan, export, block, planned, f"{number:0{digits}}")
        for number, (export, block, planned) in enumerate(_blocks(plan), start=1)
    )
    return files, tuple(d for file in files for d in _wrong(file))


def _blocks(plan: Plan) -> Iterator[tuple[Export, Block, PlannedRule]]:
    """Yield each rule with the block of the output that makes it, in the order of creation."""
    by_export: dict[Export, list[PlannedRule]] = {}
    for planned in plan.rules:
        by_export.setdefault(planned.origin.export, []).append(planned)
    found: dict[PlannedRule, tuple[Export, Block]] = {}
    for output in plan.files:
        if output.origin is not None:
            assert output.export is not None  # it was read again when it was planned
            rules = by_export[output.origin]
            rules.sort(key=lambda rule: rule.origin.placed.command.start)
            for block, planned in zip(blocks(output.export), rules, strict=True):
                found[planned] = output.export, block
    for planned in plan.rules:
        yield *found[planned], planned


def _foreign(plan: Plan) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each command that was kept though no rule needs it."""
    for export in plan.exports:
        for command in export.foreign_commands:
            yield _OF_NO_RULE.at(export.source.place(command))


_OF_NO_RULE = Problem(
    Code.SR601,
    "A kit cannot carry this command, which --keep-foreign kept: its scripts run rules one by "
    "one, and the command belongs to none of them.",
    "Leave --keep-foreign out and delete the command, or use syncrules remap.",
)


def _nameless(plan: Plan) -> Iterator[Diagnostic]:
    """Yield the rules without an identifier: a second run could not tell that they are there."""
    for planned in plan.rules:
        if planned.after.identifier is None:
            yield Problem(
                Code.SR602,
                f"The rule '{planned.after.name}' has no -Identifier: the server would give it "
                "one, and the kit could not find it again to verify or undo it.",
                "Export it again with the Synchronization Rules Editor, which writes one.",
            ).at(planned.origin.place())


def _rule_file(
    plan: Plan, export: Export, block: Block, planned: PlannedRule, number: str
) -> RuleFile:
    source = export.source
    name = f"{number}-{plain_name(planned.after.name, 'rule')}.ps1"
    first = prologue(
        name,
        planned.file,
        (p for p in plan.pairs if p.staging == block.placed.rule.connector),
        source.newline,
    )
    assigned = "".join(
        source.text[a.start : a.end] + source.newline for a in _assignments(export, block)
    )
    text = first + assigned + source.text[block.span.start : block.span.end]
    path = f"{RULES_FOLDER}/{name}"
    as_it_is, on_windows = (
        encode(_plain_source(source, t), t) for t in (text, with_windows_line_ends(text))
    )
    # A text of several lines has its line ends as the rule has them.
    data = as_it_is if _is_other(on_windows, path, planned) else on_windows
    return RuleFile(path, planned, data)


def with_windows_line_ends(text: str) -> str:
    """Return a text with each line end as CR LF."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def _is_other(data: bytes, path: str, planned: PlannedRule) -> bool:
    """Return whether a script, read alone, does not give the planned rule."""
    again, diagnostics = read_export(data, path)
    return again is None or has_errors(diagnostics) or again.rules != (planned.after,)


def _plain_source(source: Source, text: str) -> Source:
    """Return how to write a part: without a mark where none is needed, as the Editor does."""
    return Source(source.name, "") if text.isascii() else source


def _assignments(export: Export, block: Block) -> Iterator[Assignment]:
    """Yield the assignments outside a block whose variables it uses."""
    assignments = [s for s in export.script.statements if isinstance(s, Assignment)]
    if not assignments:  # as in every export of the Editor
        return
    inside = [s for s in export.script.statements if _within(s, block.span)]
    used = {v.name.lower() for statement in inside for v in _variables(statement)}
    for assignment in assignments:
        if assignment.name.lower() in used and not _within(assignment, block.span):
            yield assignment


def _within(inner: Spanned, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _variables(node: Node | Assignment) -> Iterator[Variable]:
    """Yield the variables that a statement or value names."""
    inner: Iterable[Node]
    if isinstance(node, Variable):
        yield node
        return
    if isinstance(node, Parameter):
        inner = () if node.attached is None else (node.attached,)
    elif isinstance(node, Array | List):
        inner = node.items
    else:
        inner = getattr(node, "arguments", ())
    for one in inner:
        yield from _variables(one)


def _wrong(file: RuleFile) -> Iterator[Diagnostic]:
    if _is_other(file.data, file.path, file.planned):
        yield Problem(
            Code.SR603,
            f"The rule '{file.planned.after.name}' cannot be in a file of its own: its part of "
            "the export, read alone, does not give the planned rule.",
            "Export this rule by itself in the Synchronization Rules Editor and give that file.",
        ).at(file.planned.origin.place())
