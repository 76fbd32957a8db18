"""The plan of a migration: which rules move, what is changed in them, and the output.

The output is the input without whole out-of-box blocks, with the named literals replaced and a
prologue before it; before it is handed out, it is read again and must give the planned rules.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from .blocks import blocks
from .diagnostics import Diagnostic, Severity, Span, has_errors, printable
from .export import Export, read_export
from .pairing import Needed, Pair, pair_connectors
from .quoting import quote
from .reading import ReadRule
from .rules import ZERO_GUID, SyncRule, parse_guid, tag_stem
from .servers import Server, merge
from .servers.exports import server_of_export
from .source import UNDECLARED, Source, encode

__all__ = ["Edit", "LeftOut", "Moved", "Plan", "PlanRefused", "plan"]

MARK = "# Mapped to the staging server by syncrules"
"""How the prologue begins; an input that begins so was made by this tool."""

NOT_CHECKED = (
    "whether more out-of-box rules are disabled on the active server than its exports show: a "
    "clone moved without disabling its original on staging makes two join rules, and joins fail "
    "(settled by both servers' Get-ADSyncServerConfiguration folders)",
    "precedences, names and identifiers already taken on the staging server (settled by the same "
    "folder of the staging server)",
    "whether the staging server's schema has every attribute that the rules name (settled by the "
    "same folder)",
)
TO_DO = (
    "On both servers the same forests, domain and OU filtering, and optional features.",
    "Refresh the directory schema on the staging server if it was extended.",
    "Disable on the staging server the out-of-box rules that are disabled on the active server.",
    "Run the files there, in Windows PowerShell 5.1 as a member of ADSyncAdmins, one after "
    "another in the order above, each as .\\name.ps1.",
    "Run a full import and a full synchronization on every connector: "
    "Start-ADSyncSyncCycle -PolicyType Initial.",
    'Verify before you switch: csexport "CONNECTOR NAME" export.xml /f:x, then '
    "CSExportAnalyzer export.xml > export.csv.",
    "Then put the active server into staging mode first, and the new one out of it second.",
)


@dataclass(frozen=True, slots=True)
class Moved:
    """A rule that moves: as it was, and as the staging server gets it."""

    file: str
    line: int
    was: SyncRule
    becomes: SyncRule


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A rule that stays behind, and why."""

    file: str
    line: int
    rule: SyncRule
    why: str


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


class PlanRefused(Exception):
    """A plan with errors has no output. `diagnostics` holds them all."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "\n".join(f"{d.code}: {d.message}" for d in self.diagnostics if d.is_error)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a run would do, and everything that it found."""

    pairs: tuple[Pair, ...]
    moved: tuple[Moved, ...]
    edits: tuple[Edit, ...]
    left_out: tuple[LeftOut, ...]
    diagnostics: tuple[Diagnostic, ...]
    not_checked: tuple[str, ...] = NOT_CHECKED
    to_do: tuple[str, ...] = TO_DO
    files: tuple[Output, ...] = field(default=(), repr=False)

    def output(self) -> dict[str, bytes]:
        """Return the files to write, by name, in the order in which to run them.

        Raises PlanRefused where the plan has errors.
        """
        if has_errors(self.diagnostics):
            raise PlanRefused(self.diagnostics)
        return {f.name: f.data for f in self.files}


def plan(
    exports: Iterable[Export],
    *,
    staging: Server,
    active: Server | None = None,
    mapping: Mapping[str, str] | None = None,
    bare: bool = False,
) -> Plan:
    """Plan the move of the custom rules in `exports` to the staging server.

    `staging` is what is known of that server, `active` what is known of the other one besides
    the exports themselves. `mapping` gives connectors of the active server those of the staging
    server, by identifier. `bare` leaves the prologue out.
    """
    exports = tuple(exports)
    given = {_guid(old): _guid(new) for old, new in (mapping or {}).items()}
    parts = (active,) if active is not None else ()
    known = merge((*parts, *map(server_of_export, exports)))
    pairing = pair_connectors(_needed(exports), known, staging, given)
    targets = {p.source: p.target for p in pairing.pairs}
    findings = [
        *(d for e in exports for d in e.diagnostics),
        *_whether_custom(exports, staging),
        *_in_two_files(exports),
        *_tags(exports),
        *_disabled(exports),
        *_references(exports),
        *pairing.diagnostics,
        *_same_names(exports),
    ]
    moved = tuple(_moved(exports, targets))
    drafts = [_draft(e, pairing.pairs, bare) for e in exports if _custom(e)]
    if not has_errors(tuple(findings)):
        findings += [d for draft in drafts for d in _check(draft, moved)]
    return Plan(
        pairs=pairing.pairs,
        moved=moved,
        edits=tuple(edit for draft in drafts for edit in draft.edits),
        left_out=tuple(_left_out(exports)),
        diagnostics=tuple(findings),
        files=tuple(draft.output for draft in drafts),
    )


def _guid(text: str) -> str:
    return parse_guid(text) or text


def _custom(export: Export) -> list[ReadRule]:
    return [r for r in export.read_rules if not r.rule.is_out_of_box]


def _is_mapped(export: Export) -> bool:
    return export.source.text.startswith(MARK)


def _needed(exports: Iterable[Export]) -> tuple[Needed, ...]:
    """Return the connectors of the rules to be moved, in the order of their first mention."""
    named: dict[str, list[tuple[Export, ReadRule]]] = {}
    for export in exports:
        for read in _custom(export):
            named.setdefault(read.rule.connector, []).append((export, read))
    return tuple(
        Needed(connector, _finder(*places[0]), all(_is_mapped(e) for e, _ in places))
        for connector, places in named.items()
    )


def _finder(export: Export, read: ReadRule) -> Callable[[str, str, str, Severity], Diagnostic]:
    def find(code: str, message: str, hint: str, severity: Severity) -> Diagnostic:
        return export.source.finding(code, read.connector.span, message, hint, severity)

    return find


# ---- What does not hold together between the files -----------------------------------------------


def _whether_custom(exports: tuple[Export, ...], staging: Server) -> Iterator[Diagnostic]:
    if any(_custom(e) for e in exports) or any(has_errors(e.diagnostics) for e in exports):
        return
    if any(not r.is_out_of_box for r in staging.rules):
        yield Diagnostic(
            "SR408",
            Severity.ERROR,
            "EXPORT holds out-of-box rules only, and --staging holds custom ones: the two are "
            "probably swapped.",
            "Give the active server's exports as EXPORT and the staging server's with --staging.",
        )
        return
    yield Diagnostic(
        "SR409",
        Severity.ERROR,
        "No EXPORT holds a custom rule: there is nothing to move.",
        "Export the custom rules on the active server (in the Synchronization Rules Editor: "
        "those with an empty tag).",
    )


def _in_two_files(exports: tuple[Export, ...]) -> Iterator[Diagnostic]:
    first: dict[str, Export] = {}
    for export in exports:
        for read in _custom(export):
            other = first.setdefault(read.rule.identifier or "", export)
            if read.rule.identifier and other is not export:
                yield export.source.finding(
                    "SR411",
                    read.identifiers[0].span,
                    f"A rule with this Identifier is in {printable(other.name)} too: the later "
                    "file would silently overwrite the rule of the earlier.",
                    "Leave one of the two files out, or delete the rule from one.",
                )


def _tags(exports: tuple[Export, ...]) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str, str], SyncRule] = {}
    for export in exports:
        for read in export.read_rules:
            rule = read.rule
            if not rule.is_out_of_box:
                continue
            key = (rule.connector, rule.direction.lower(), tag_stem(rule.immutable_tag or ""))
            other = first.setdefault(key, rule)
            if other.identifier != rule.identifier:
                yield export.source.finding(
                    "SR413",
                    read.command.span,
                    f"'{printable(rule.name)}' looks custom but carries Microsoft's tag: "
                    f"'{printable(other.name)}' has the same one. A clone whose tag was kept "
                    "would be left behind.",
                    "Empty the -ImmutableTag of the one that is the clone.",
                )
            elif rule.precedence is not None and rule.precedence < 100 and other is rule:
                yield export.source.finding(
                    "SR414",
                    read.command.span,
                    f"'{printable(rule.name)}' carries Microsoft's tag but a custom rule's "
                    f"precedence, {rule.precedence}. It is left out as an out-of-box rule; old "
                    "builds gave out-of-box rules such numbers too.",
                    "If it is a clone whose tag was kept, empty its -ImmutableTag.",
                    Severity.WARNING,
                )


def _disabled(exports: tuple[Export, ...]) -> Iterator[Diagnostic]:
    for export in exports:
        for read in export.read_rules:
            if read.rule.is_out_of_box and read.rule.disabled:
                yield export.source.finding(
                    "SR415",
                    read.command.span,
                    f"The out-of-box rule '{printable(read.rule.name)}' is disabled on the active "
                    "server. Left enabled on the staging server, it runs beside the custom rule "
                    "that stands for it; where both have join conditions, joins fail.",
                    "Disable it on the staging server too, before the first synchronization.",
                    Severity.WARNING,
                )


def _references(exports: tuple[Export, ...]) -> Iterator[Diagnostic]:
    for export in exports:
        for read in _custom(export):
            for name, literal, target in (
                ("PrecedenceBefore", read.precedence_before, read.rule.precedence_before),
                ("PrecedenceAfter", read.precedence_after, read.rule.precedence_after),
            ):
                if literal is not None and target not in (None, ZERO_GUID):
                    yield export.source.finding(
                        "SR412",
                        literal.span,
                        f"-{name} names a rule by its identifier on the active server; the "
                        "staging server's rules have others.",
                        "Put the identifier of the same rule on the staging server here by hand, "
                        f"or set it to '{ZERO_GUID}' and give a -Precedence.",
                    )


def _same_names(exports: tuple[Export, ...]) -> Iterator[Diagnostic]:
    first: dict[str, Export] = {}
    for export in exports:
        if not _custom(export):
            continue
        name = _output_name(export)
        other = first.setdefault(name.lower(), export)
        if other is not export:
            yield Diagnostic(
                "SR503",
                Severity.ERROR,
                f"{printable(other.name)} and {printable(export.name)} would both be written as "
                f"{printable(name)} (names that differ in case only are one name on Windows).",
                "Rename one of them.",
                export.name,
            )


def _output_name(export: Export) -> str:
    return f"{PurePath(export.name).stem}.ps1"


# ---- The output ----------------------------------------------------------------------------------


def _moved(exports: tuple[Export, ...], targets: Mapping[str, str]) -> Iterator[Moved]:
    for export in exports:
        for read in _custom(export):
            target = targets.get(read.rule.connector)
            if target is not None:
                line, _ = export.source.line_and_column(read.command.start)
                yield Moved(export.name, line, read.rule, replace(read.rule, connector=target))


def _left_out(exports: tuple[Export, ...]) -> Iterator[LeftOut]:
    for export in exports:
        for read in export.read_rules:
            if read.rule.is_out_of_box:
                line, _ = export.source.line_and_column(read.command.start)
                yield LeftOut(export.name, line, read.rule, "out-of-box")


@dataclass(frozen=True, slots=True)
class _Draft:
    """An output before it is checked."""

    export: Export
    output: Output
    edits: tuple[Edit, ...]


def _draft(export: Export, pairs: tuple[Pair, ...], bare: bool) -> _Draft:
    source = export.source
    edits = tuple(_edits(export, {p.source: p.target for p in pairs}))
    changes = [(*e.span, e.new) for e in edits if e.span is not None]
    changes += [(*b.span, "") for b in blocks(export) if b.read.rule.is_out_of_box]
    if edits:  # what an earlier run wrote about the connectors would be wrong now
        changes += [(*found.span(), "") for found in [_OWN_PROLOGUE.match(source.text)] if found]
    text = _applied(source.text, changes)
    if not bare and (edits or not _is_mapped(export)):
        text = _prologue(export, pairs) + text
    written = _readable_by_5_1(source, text)
    if written != source:
        edits = (*edits, _encoding_edit(source))
    return _Draft(export, Output(_output_name(export), export.name, encode(written, text)), edits)


def _edits(export: Export, targets: Mapping[str, str]) -> Iterator[Edit]:
    done: set[int] = set()
    for read in _custom(export):
        literal, old = read.connector, read.rule.connector
        target = targets.get(old)
        if target is None or target == old or literal.start in done:
            continue
        done.add(literal.start)
        written = export.source.text[literal.start : literal.end]
        line, column = export.source.line_and_column(literal.start)
        yield Edit(
            export.name,
            literal.span,
            line,
            column,
            written,
            _rewritten(written, target),
            "connector",
        )


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


def _prologue(export: Export, pairs: tuple[Pair, ...]) -> str:
    """Return the lines before the rules. Foreign text in them is ASCII, and cannot end a line."""
    name = _in_comment(_output_name(export))
    own = {r.rule.connector for r in _custom(export)}
    return export.source.newline.join(
        (
            f"{MARK}, from {_in_comment(PurePath(export.name).name)}.",
            f"# Run it there, in Windows PowerShell 5.1, as .\\{name} (not dot-sourced or pasted).",
            *(
                f"# Connector {p.source} -> {p.target} ({p.basis})"
                for p in pairs
                if p.source in own
            ),
            "# Or the script would go on after a failed command, with the rule of before.",
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


def _check(draft: _Draft, moved: tuple[Moved, ...]) -> Iterator[Diagnostic]:
    """Read the output again: it must give the planned rules, all of them and no other."""
    planned = tuple(m.becomes for m in moved if m.file == draft.export.name)
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
