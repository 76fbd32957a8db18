"""The report of a migration as text: a change list for the person who answers for it.

The verdict stands first and last. Between the two: what must be looked at, what moves, why, and the
rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from syncrules.diagnostics import Diagnostic, Severity, printable
from syncrules.migration.moving_rules import LeftOut, LeftOutReason
from syncrules.migration.plan import Edit, Plan
from syncrules.pairing.connector_pairs import Basis, Pair
from syncrules.pairing.out_of_box_rules import RulePair
from syncrules.rules.guids import parse_guid
from syncrules.servers.model import EvidenceKind, Facet, Server
from syncrules.wording import counted

from .diagnostics import render_all
from .explain_line import explain_line
from .page import KEPT, Page, wrapped
from .what_moves import SHORTER, Part, some_of

__all__ = [
    "report",
    "verdict",
    "verdict_lines",
]

_MOST_LINES = 120
"""A report is no longer on a page of 80 columns, unless all is to be listed."""
_FEWEST_LINES, _FEWEST_RULES = 12, 17
"""So many lines of findings stand in it in full at least, and so many of the rules that move."""
_FILES = 6
"""So many files are told for each change."""


def report(
    plan: Plan,
    diagnostics: Sequence[Diagnostic],
    paper: Page,
    *,
    parts: Iterable[str],
    moving: Iterable[Part],
    ending: Iterable[str],
    is_written: bool,
) -> Iterator[str]:
    """Yield the lines of the report: `parts` are the verdict, `moving` is what moves.

    `ending` says where it was written. It takes its room where nothing was, too, so that a run
    shows the same with --check.
    """
    parts, moving = tuple(parts), tuple(moving)
    said, longest = (
        [*verdict_lines(verdict(parts, paper, is_written=it), diagnostics, paper)]
        for it in (is_written, False)
    )
    written = [*_section("Written", ending, paper)]
    sections = (
        ("The only changes to the files, and why", _changes(plan, paper)),
        ("Not moved", _left_out(plan, paper)),
        ("Not carried over, as --accept-element says", _not_carried(plan)),
        ("What was read", _read(plan, paper)),
        ("Not checked", _unchecked(plan)),
        ("What is left for you to do", _to_do(plan)),
    )
    behind = [line for title, lines in sections for line in _section(title, lines, paper)]
    moves = _moves(moving, paper)
    room = _MOST_LINES - 2 * len(longest) - 1 - len(behind) - len(written)
    findings = _findings(diagnostics, paper, room - min(len(moves), _FEWEST_RULES))
    for rules, most in () if paper.lists_all else SHORTER:
        if len(findings) + len(moves) <= room:
            break
        moves = _moves(moving, paper, rules, most)
    yield from (*said, *findings, *moves, *behind, *(written if is_written else ()), "", *said)


def verdict(parts: Iterable[str], paper: Page, *, is_written: bool) -> str:
    """Return what the run comes to, in one line that is broken between its parts only."""
    said = [*parts, *(() if is_written else ["nothing was written (--check)"])]
    return f" {paper.dot} ".join(part.replace(" ", KEPT) for part in said)


def verdict_lines(text: str, diagnostics: Iterable[Diagnostic], paper: Page) -> Iterator[str]:
    """Yield the verdict as it is printed."""
    colour = "yellow" if any(d.severity is Severity.WARNING for d in diagnostics) else "green"
    for line in wrapped(text, paper.width, rest="  "):
        yield paper.painted(line, colour)


def _findings(diagnostics: Sequence[Diagnostic], paper: Page, room: int) -> list[str]:
    """Return the findings, in full if there is room, or if all is to be listed."""
    title = ["", paper.painted("Please review")] if diagnostics else []
    last = [*explain_line(diagnostics, paper)]
    for most in (None, *range(room, _FEWEST_LINES, -3), _FEWEST_LINES):
        lines = [*title, *render_all(diagnostics, paper, most), *last]
        if paper.lists_all or len(lines) <= room:
            break
    return lines


def _moves(
    parts: Sequence[Part], paper: Page, rules: int | None = None, most: int | None = None
) -> list[str]:
    title = "What moves to the staging server"
    return [*_section(title, some_of(parts, rules, most), paper)]


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
        shown = [*files.items()][: None if paper.lists_all else _FILES]
        yield from (f"  {file}: {_lines(edits)}" for file, edits in shown)
        if len(shown) < len(files):
            yield f"  and in {counted(len(files) - len(shown), 'more file')} (-v lists them)"
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


def _read(plan: Plan, paper: Page) -> Iterator[str]:
    yield from _evidence("Active", plan.active, paper)
    yield from _evidence("Staging", plan.staging, paper)


def _unchecked(plan: Plan) -> Iterator[str]:
    """Yield what was not checked, by what would tell it."""
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
        yield f"{which} server: {files} ({shows})"


def _to_do(plan: Plan) -> Iterator[str]:
    """Yield the steps; of a kit, those that its scripts do not do."""
    left = (step for step in plan.to_do if not (plan.one_by_one and step.done_by_kit))
    yield from (f"{number}. {step.text}" for number, step in enumerate(left, start=1))
