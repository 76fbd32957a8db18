"""The report of a migration as text: a change list for the person who answers for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from syncrules.migration.moving_rules import LeftOutReason
from syncrules.migration.plan import Plan, PlannedRule

__all__ = ["changes", "counted", "described", "report"]


def report(plan: Plan, out: Path | None) -> Iterator[str]:
    """Yield the lines of the report; `out` is the folder that was written, if any was."""
    yield from _moved(plan)
    yield from changes(plan)
    yield from _section("Left for you to do", _to_do(plan))
    yield from _written(plan, out)


def changes(plan: Plan) -> Iterator[str]:
    """Yield what is changed, on what evidence, and what was not checked."""
    yield from _section("What the files show", _evidence(plan))
    yield from _section("Connectors: active server -> staging server", _pairs(plan))
    yield from _section(
        "Out-of-box rules that are referred to or disabled: active -> staging", _rule_pairs(plan)
    )
    yield from _section("Changed in the files, and nothing else", _edits(plan))
    for title, reason in _LEFT_OUT:
        yield from _section(title, _left_out(plan, reason))
    yield from _section("Not carried over, as --accept-element says", _not_carried(plan))
    yield from _section("Needs a look", _diagnostics(plan))
    yield from _section("Not checked", (f"- {text}" for text in plan.not_checked))


def _diagnostics(plan: Plan) -> Iterator[str]:
    """Yield the diagnostics in short: the hints stand with them on standard error."""
    for one in plan.diagnostics:
        place = f"{one.file}:{one.line}: " if one.line else ""
        yield f"- {place}{one.severity}[{one.code}]: {one.message}"


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield ""
        yield title
        yield from (f"  {line}" for line in found)


def _moved(plan: Plan) -> Iterator[str]:
    files = len(plan.files)
    yield f"{counted(len(plan.rules), 'rule')} to the staging server, in {counted(files, 'file')}"
    for number, file in enumerate(plan.files, start=1):
        if file.origin is None:
            what = f"disables {counted(len(plan.disabled), 'out-of-box rule')}"
            yield f"  {number}. {file.name}, {what}"
            yield from (
                f"     - '{p.staging.name}' ({p.staging.immutable_tag})" for p in plan.disabled
            )
            continue
        own = [r for r in plan.rules if r.origin.export is file.origin]
        is_mapped = all(rule.origin.is_mapped for rule in own)
        kept = " (mapped by an earlier run: its connectors and references are kept)"
        yield f"  {number}. {file.name}, from {file.origin.name}{kept if is_mapped else ''}"
        yield from (f"     - {described(rule)}" for rule in own)


def described(planned: PlannedRule) -> str:
    """Return a rule that moves on one line."""
    rule = planned.after
    state = ", disabled" if rule.disabled else ""
    return f"'{rule.name}': {rule.direction}, {_precedence(planned)}{state}"


def _precedence(planned: PlannedRule) -> str:
    before, after, final = planned.before.precedence, planned.after.precedence, planned.final
    if planned.after.references:
        end = "" if final is None else f", precedence {final} in the end"
        return f"placed by a reference{end}"
    if after is None:
        return "no precedence given"
    given = f"precedence {after}" if before == after else f"precedence {before} -> {after}"
    if final is None or final == after:
        return given
    return f"{given}, {final} in the end, since another rule is placed before it"


def _evidence(plan: Plan) -> Iterator[str]:
    for which, server in (("active", plan.active), ("staging", plan.staging)):
        for evidence in server.evidence:
            complete = ", ".join(evidence.complete_in)
            shows = f"all {complete}" if complete else "what somebody selected"
            yield f"{which}: {evidence.path} ({evidence.kind}): {shows}"


def _rule_pairs(plan: Plan) -> Iterator[str]:
    for pair in plan.rule_pairs:
        yield f"'{pair.active.name}' {pair.active.identifier} -> {pair.staging.identifier}"
        yield f"  {pair.basis}: {pair.evidence}"


def _pairs(plan: Plan) -> Iterator[str]:
    for pair in plan.pairs:
        yield f"{pair.active} -> {pair.staging}"
        yield f"  {pair.basis}: {pair.evidence}"


def _edits(plan: Plan) -> Iterator[str]:
    for edit in plan.edits:
        place = f"{edit.file}:{edit.line}:{edit.column}"
        yield f"{place}: {edit.what} {edit.old} -> {edit.new}"


_LEFT_OUT = (
    ("Left out: out-of-box rules, which staging has of its own", LeftOutReason.OUT_OF_BOX),
    (
        "Left out: rules with an out-of-box tag that staging may not have",
        LeftOutReason.NOT_SHOWN,
    ),
    ("Left out: asked for with --leave", LeftOutReason.ASKED_FOR),
    (
        "Left out: on the staging server already, the same in every field",
        LeftOutReason.THERE_ALREADY,
    ),
)


def _left_out(plan: Plan, reason: LeftOutReason) -> Iterator[str]:
    for left in (left for left in plan.left_out if left.reason is reason):
        what = left.rule.immutable_tag or left.rule.identifier or "custom"
        state = ", disabled" if left.rule.disabled else ""
        place = f"{left.file}:{left.line}" if left.line else left.file
        yield f"'{left.rule.name}' ({what}{state}), {place}"


def _not_carried(plan: Plan) -> Iterator[str]:
    yield from (f"{lost.name} ('{lost.value}'), {lost.file}" for lost in plan.not_carried)


def _to_do(plan: Plan) -> Iterator[str]:
    yield from (f"{number}. {step.text}" for number, step in enumerate(plan.to_do, start=1))


def _written(plan: Plan, out: Path | None) -> Iterator[str]:
    yield ""
    if out is None:
        yield "Checked only: nothing was written."
        return
    yield "Written:"
    yield from (f"  {out / f.name!s}" for f in plan.files)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
