"""The report of a migration as text: a change list for the person who answers for it.

The verdict stands first and last. Between the two: what must be looked at, what moves, why, and the
rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from syncrules.diagnostics import Diagnostic, Severity, printable
from syncrules.migration.moving_rules import LeftOut, LeftOutReason, MovingRule
from syncrules.migration.plan import Edit, Plan, PlannedRule
from syncrules.pairing.connector_pairs import Basis, Pair
from syncrules.pairing.out_of_box_rules import RulePair
from syncrules.rules.guids import parse_guid
from syncrules.rules.model import BEFORE, SyncRule
from syncrules.servers.model import EvidenceKind, Facet, Server, ServerRule
from syncrules.wording import counted, first_of

from .diagnostics import render_all
from .explain_line import explain_line
from .page import KEPT, Page, wrapped

__all__ = [
    "described",
    "disabled_rules",
    "files_that_move",
    "first_lines",
    "most_of_each",
    "report",
    "verdict",
    "verdict_lines",
]

_MOST_LINES = 114
"""A report is about so long."""
_FEWEST_LINES, _FEWEST_RULES = 30, 17
"""So many lines of findings stand in it in full, and so many of the rules that move."""


def report(
    plan: Plan,
    diagnostics: Sequence[Diagnostic],
    paper: Page,
    *,
    verdict: str,
    moving: Callable[[int | None], Iterable[str]],
    ending: Iterable[str],
) -> Iterator[str]:
    """Yield the lines of the report.

    `moving` says what moves, in about so many lines, or in all that it takes; `ending` says where
    it was written.
    """
    said = [*verdict_lines(verdict, diagnostics, paper)]
    sections = (
        ("The only changes to the files, and why", _changes(plan, paper)),
        ("Not moved", _left_out(plan, paper)),
        ("Not carried over, as --accept-element says", _not_carried(plan)),
        ("Not checked", _unchecked(plan, paper)),
        ("What is left for you to do", _to_do(plan)),
        ("Written", ending),
    )
    behind = [line for title, lines in sections for line in _section(title, lines, paper)]
    title = "What moves to the staging server"
    moves = [*_section(title, moving(None), paper)]
    room = _MOST_LINES - 2 * len(said) - len(behind)
    findings = [*_findings(diagnostics, paper, room - min(len(moves), _FEWEST_RULES))]
    if not paper.lists_all and len(findings) + len(moves) > room:
        moves = [*_section(title, moving(max(room - len(findings), _FEWEST_RULES)), paper)]
    yield from (*said, *findings, *moves)
    yield from behind
    yield ""
    yield from said


def verdict(parts: Iterable[str], paper: Page, *, out: Path | None) -> str:
    """Return what the run comes to, in one line that is broken between its parts only."""
    said = [*parts, *(["nothing was written (--check)"] if out is None else ())]
    return f" {paper.dot} ".join(part.replace(" ", KEPT) for part in said)


def verdict_lines(text: str, diagnostics: Iterable[Diagnostic], paper: Page) -> Iterator[str]:
    """Yield the verdict as it is printed."""
    colour = "yellow" if any(d.severity is Severity.WARNING for d in diagnostics) else "green"
    for line in wrapped(text, paper.width, rest="  "):
        yield paper.painted(line, colour)


def _findings(diagnostics: Sequence[Diagnostic], paper: Page, room: int) -> list[str]:
    """Return the findings, in full if there is room, or if all is to be listed."""
    title = ["", paper.painted("Please review")] if diagnostics else []
    for most in (None, room, _FEWEST_LINES):
        lines = [*title, *render_all(diagnostics, paper, most), *explain_line(diagnostics)]
        if paper.lists_all or len(lines) <= room:
            break
    return lines


def _section(title: str, lines: Iterable[str], paper: Page) -> Iterator[str]:
    """Yield a heading with its lines, each broken where the page ends; nothing without lines."""
    is_begun = False
    for line in lines:
        if not is_begun:
            yield ""
            yield paper.painted(title)
            is_begun = True
        text = printable(line)
        words = text.lstrip(" ")
        indent = " " * (2 + len(text) - len(words))
        first = words.partition(" ")[0]
        hanging = len(first) + 1 if first[:-1].isdigit() else 2
        yield from wrapped(words, paper.width, indent, indent + " " * hanging)


# ---- What moves ----------------------------------------------------------------------------------


def files_that_move(plan: Plan, paper: Page, most: int | None) -> Iterator[str]:
    """Yield the files in the order to run them, with the rules of each."""
    each = most_of_each(len(plan.rules), len(plan.files), most)
    for number, file in enumerate(plan.files, start=1):
        if file.origin is None:
            rules = disabled_rules(plan)
            disabled = first_of(rules, 2) if most else ", ".join(rules)
            yield f"{number}. {file.name} disables {disabled}"
        else:
            own = [r for r in plan.rules if r.origin.export is file.origin]
            is_mapped = all(rule.origin.is_mapped for rule in own)
            kept = " (mapped by an earlier run: its connectors and references are kept)"
            yield f"{number}. {file.name}, from {file.origin.name}{kept if is_mapped else ''}"
            yield from first_lines([described(plan, rule, paper) for rule in own], each, "   - ")


def disabled_rules(plan: Plan) -> list[str]:
    """Return the out-of-box rules that are to be disabled, each on one line."""
    return [plan.staging.named(pair.staging) for pair in plan.disabled]


def most_of_each(rules: int, groups: int, most: int | None) -> int:
    """Return how many rules of each group are listed where there is room for so many lines."""
    if most is None or rules + groups <= most:
        return rules
    return max((most - groups) // max(groups, 1), 2)


def first_lines(lines: Sequence[str], most: int, lead: str) -> Iterator[str]:
    """Yield the first of many lines, and how many more there are."""
    limit = len(lines) if len(lines) <= most + 1 else most  # one more takes as much room
    yield from (f"{lead}{line}" for line in lines[:limit])
    if limit < len(lines):
        yield f"{lead}and {len(lines) - limit} more (-v lists them)"


def described(plan: Plan, planned: PlannedRule, paper: Page) -> str:
    """Return a rule that moves on one line."""
    state = ", disabled" if planned.after.disabled else ""
    name = _named(plan, planned.before)
    return f"{name}, {_precedence(plan, planned, paper)}{state}"


def _named(plan: Plan, rule: SyncRule | ServerRule) -> str:
    is_active = plan.active.connector(rule.connector) is not None
    return (plan.active if is_active else plan.staging).named(rule)


def _precedence(plan: Plan, planned: PlannedRule, paper: Page) -> str:
    before, after, final = planned.before.precedence, planned.after.precedence, planned.final
    if planned.after.references:
        end = "" if final is None else f", final precedence {final}"
        return f"placed {_where(plan, planned)}{end}"
    if after is None:
        return "no precedence given"
    given = (
        f"precedence {after}" if before == after else f"precedence {before} {paper.arrow} {after}"
    )
    if final is None or final == after:
        return given
    return f"{given} (becomes {final})"


def _where(plan: Plan, planned: PlannedRule) -> str:
    resolution = planned.resolution
    if resolution is None:
        return "by a reference"
    anchor = resolution.anchor
    name = _named(plan, anchor.rule if isinstance(anchor, MovingRule) else anchor)
    where = "before" if resolution.reference.parameter == BEFORE else "after"
    return f"{where} {name}"


# ---- What is changed, and why --------------------------------------------------------------------


def _changes(plan: Plan, paper: Page) -> Iterator[str]:
    """Yield the changes: those that replace the same by the same as one, with all their lines."""
    alike: dict[tuple[str, str, str], dict[str, list[Edit]]] = {}
    for edit in plan.edits:
        files = alike.setdefault((edit.what, edit.old, edit.new), {})
        files.setdefault(edit.file, []).append(edit)
    reasons = {(pair.active, pair.staging): pair for pair in plan.pairs if _is_told(pair, paper)}
    rules = {(p.active.identifier, p.staging.identifier): p for p in plan.rule_pairs}
    for (what, old, new), files in alike.items():
        key = _guid(old), _guid(new)
        pair, rule_pair = reasons.pop(key, None), rules.pop(key, None)
        if pair is not None:
            yield from _pair(plan, pair, paper)
        else:
            named = f" ({plan.staging.named(rule_pair.staging)})" if rule_pair else ""
            yield f"{what} {old} {paper.arrow} {new}{named}"
        yield from (f"  {file}: {_lines(edits)}" for file, edits in files.items())
    for pair in reasons.values():
        yield from _pair(plan, pair, paper)
    if paper.lists_all:
        for rule_pair in plan.rule_pairs:
            yield from _rule_pair(plan, rule_pair, paper)


def _is_told(pair: Pair, paper: Page) -> bool:
    return paper.lists_all or pair.active != pair.staging


def _pair(plan: Plan, pair: Pair, paper: Page) -> Iterator[str]:
    active, staging = plan.active.label(pair.active), plan.staging.label(pair.staging)
    assumed = "assumed, since " if pair.basis is Basis.ASSUMED else ""
    yield f"connector {active} {paper.arrow} {staging}: {assumed}{pair.evidence}"
    yield f"  {pair.active} {paper.arrow} {pair.staging}"


def _rule_pair(plan: Plan, pair: RulePair, paper: Page) -> Iterator[str]:
    yield f"out-of-box rule {plan.active.named(pair.active)}"
    yield f"  {pair.active.identifier} {paper.arrow} {pair.staging.identifier}"
    yield f"  {pair.basis}: {pair.evidence}"


def _guid(literal: str) -> str:
    return parse_guid(literal.strip("'\"")) or literal


def _lines(edits: Sequence[Edit]) -> str:
    if edits[0].span is None:
        return "the whole file"
    noun = "line" if len(edits) == 1 else "lines"
    return f"{noun} {', '.join(str(edit.line) for edit in edits)}"


# ---- The rest ------------------------------------------------------------------------------------

_LEFT_OUT = {
    LeftOutReason.OUT_OF_BOX: "out-of-box (the staging server has its own)",
    LeftOutReason.NOT_SHOWN: "with an out-of-box tag; the staging server may not have it",
    LeftOutReason.ASKED_FOR: "left behind because of --leave",
    LeftOutReason.THERE_ALREADY: "on the staging server already, the same in every field",
}


def _left_out(plan: Plan, paper: Page) -> Iterator[str]:
    for reason, why in _LEFT_OUT.items():
        left = [one for one in plan.left_out if one.reason is reason]
        if left:
            yield f"{counted(len(left), 'rule')}: {why}"
        if paper.lists_all or reason is LeftOutReason.ASKED_FOR:
            yield from (f"- {_left(plan, one)}" for one in left)


def _left(plan: Plan, left: LeftOut) -> str:
    what = left.rule.immutable_tag or left.rule.identifier or "custom"
    state = ", disabled" if left.rule.disabled else ""
    place = f"{left.file}:{left.line}" if left.line else left.file
    return f"{plan.active.named(left.rule)} ({what}{state}), {place}"


def _not_carried(plan: Plan) -> Iterator[str]:
    yield from (f"{lost.name} ('{lost.value}'), {lost.file}" for lost in plan.not_carried)


def _unchecked(plan: Plan, paper: Page) -> Iterator[str]:
    """Yield what was read, and by what would tell it, what was not checked."""
    yield from _evidence("active", plan.active, paper)
    yield from _evidence("staging", plan.staging, paper)
    by_file: dict[str, list[str]] = {}
    for one in plan.unchecked:
        by_file.setdefault(one.to_check, []).append(one.what)
    for to_check, things in by_file.items():
        yield f"To check, {to_check}:"
        yield from (f"- {thing}" for thing in things)


_EXPORTED = "only the rules that were exported"


def _evidence(which: str, server: Server, paper: Page) -> Iterator[str]:
    kinds: dict[tuple[EvidenceKind, tuple[Facet, ...]], list[str]] = {}
    for evidence in server.evidence:
        kinds.setdefault((evidence.kind, evidence.complete_in), []).append(evidence.path)
    for (kind, complete_in), paths in kinds.items():
        shows = f"all {', '.join(complete_in)}" if complete_in else _EXPORTED
        few = len(paths) == 1 or paper.lists_all
        files = f"{kind} {', '.join(paths)}" if few else counted(len(paths), kind)
        yield f"Read of the {which} server: {files} ({shows})"


def _to_do(plan: Plan) -> Iterator[str]:
    """Yield the steps; of a kit, those that its scripts do not do."""
    left = (step for step in plan.to_do if not (plan.one_by_one and step.done_by_kit))
    yield from (f"{number}. {step.text}" for number, step in enumerate(left, start=1))
