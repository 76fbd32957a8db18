"""The mapped rules, one a file, in the order of their creation.

A rule's file is its part of the mapped export, byte for byte, behind a prologue and the assignments
of the variables that it uses. Read again, it must give the planned rule and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from syncrules.diagnostics import Diagnostic, Severity, Span, has_errors, printable
from syncrules.exports.export import Export, read_export
from syncrules.exports.rule_blocks import Block, blocks
from syncrules.migration.output.mapped_files import Output, prologue
from syncrules.migration.plan import Moved, Plan
from syncrules.script.nodes import Array, Assignment, List, Node, Parameter, Variable
from syncrules.script.source import Source, encode

__all__ = ["FOLDER", "RuleFile", "rule_files"]

FOLDER = "rules"

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]+")
_LONGEST = 60
"""Characters of a rule's name in its file's; Windows allows a path of 259 in all."""


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule and the script that creates it. `path` is in the kit, with forward slashes."""

    path: str
    moved: Moved
    data: bytes


def rule_files(plan: Plan) -> tuple[tuple[RuleFile, ...], tuple[Diagnostic, ...]]:
    """Return each rule of a plan as a file of its own, or why that cannot be."""
    findings = [*_foreign(plan), *_nameless(plan)]
    if findings:
        return (), tuple(findings)
    moved = iter(plan.moved)
    digits = max(3, len(str(len(plan.moved))))
    found: list[RuleFile] = []
    for output in (f for f in plan.files if f.made_from):
        export, _ = read_export(output.data, output.made_from)
        assert export is not None  # it was checked when it was planned
        for block in blocks(export):
            rule = next(moved)
            path = f"{FOLDER}/{len(found) + 1:0{digits}}-{_plain(rule.becomes.name)}.ps1"
            file = RuleFile(path, rule, _script(plan, export, block, output, path))
            findings += _wrong(file)
            found.append(file)
    return tuple(found), tuple(findings)


def _foreign(plan: Plan) -> Iterator[Diagnostic]:
    """Yield a finding where commands were kept that no export holds: they are of no rule."""
    for finding in plan.diagnostics:
        if finding.code == "SR226":
            yield replace(
                finding,
                code="SR601",
                severity=Severity.ERROR,
                message="A kit cannot carry this command, which --keep-foreign kept: its scripts "
                "run rules one by one, and the command belongs to none of them.",
                hint="Leave --keep-foreign out and delete the command, or use syncrules remap.",
            )


def _nameless(plan: Plan) -> Iterator[Diagnostic]:
    """Yield the rules without an identifier: a second run could not tell that they are there."""
    for moved in plan.moved:
        if moved.becomes.identifier is None:
            yield moved.moving.finding(
                "SR602",
                f"The rule '{printable(moved.becomes.name)}' has no -Identifier: the server would "
                "give it one, and the kit could not find it again to verify or undo it.",
                "Export it again with the Synchronization Rules Editor, which writes one.",
            )


def _plain(name: str) -> str:
    """Return a rule's name as a part of a file's that any system takes."""
    return _NOT_PLAIN.sub("-", name).strip("-")[:_LONGEST].strip("-") or "rule"


def _script(plan: Plan, export: Export, block: Block, output: Output, path: str) -> bytes:
    source = export.source
    first = prologue(
        path.rpartition("/")[2],
        output.made_from,
        (p for p in plan.pairs if p.target == block.read.rule.connector),
        source.newline,
    )
    assigned = "".join(
        source.text[a.start : a.end] + source.newline for a in _assignments(export, block)
    )
    text = source.text[block.span.start : block.span.end]
    return encode(_plain_source(source, first + assigned + text), first + assigned + text)


def _plain_source(source: Source, text: str) -> Source:
    """Return how to write a part: without a mark where none is needed, as the Editor does."""
    return Source(source.name, "") if text.isascii() else source


def _assignments(export: Export, block: Block) -> Iterator[Assignment]:
    """Yield the assignments outside a block whose variables it uses."""
    assignments = [s for s in export.script.statements if isinstance(s, Assignment)]
    if not assignments:  # as in every export of the Editor
        return
    inside = [s for s in export.script.statements if _within(s.span, block.span)]
    used = {v.name.lower() for statement in inside for v in _variables(statement)}
    for assignment in assignments:
        if assignment.name.lower() in used and not _within(assignment.span, block.span):
            yield assignment


def _within(span: Span, outer: Span) -> bool:
    return outer.start <= span.start and span.end <= outer.end


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
    again, findings = read_export(file.data, file.path)
    if again is None or has_errors(findings) or again.rules != (file.moved.becomes,):
        yield file.moved.moving.finding(
            "SR603",
            f"The rule '{printable(file.moved.becomes.name)}' cannot stand in a file of its own: "
            "its part of the export, read alone, does not give the planned rule.",
            "Export this rule by itself in the Synchronization Rules Editor and give that file.",
        )
