"""The change list, to be read, printed and signed: one HTML file that asks for no other.

Here a plain view is made from the plan; report.html.jinja lays it out. It is a part of a
kit, and is also written by itself, beside the files of remap. It alone tells when it was made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from syncrules.diagnostics import Diagnostic
from syncrules.exports.export import NotCarried
from syncrules.migration.making_room import made_room_for
from syncrules.migration.moving_rules import LeftOut, LeftOutReason
from syncrules.migration.plan import ChangedRule, Edit, Plan, PlannedRule
from syncrules.migration.verdict import kit_verdict, verdict
from syncrules.pages.parts import TOOL, Made, Side, side_of
from syncrules.pages.templating import html
from syncrules.pairing.out_of_box_rules import RulePair
from syncrules.rules.model import (
    BEFORE,
    AttributeFlowMapping,
    JoinCondition,
    ScopeCondition,
    SyncRule,
)
from syncrules.script.source import LINE_BREAK
from syncrules.servers.model import Server

from .deletions import Cause, Deletion, deletions
from .hints import for_kit
from .precedence_drawing import Drawing, drawn
from .rule_files import RuleFile

__all__ = ["REPORT", "KitShown", "report_of"]

REPORT = "report.html"

_TEMPLATE = "report.html.jinja"


class KitShown(NamedTuple):
    """The kit that a report is of: its rules' files, its code, and its manifest's SHA-256.

    `files` is how many it has in all.
    """

    rules: Sequence[RuleFile]
    code: str
    manifest: str
    files: int


@dataclass(frozen=True, slots=True)
class _Named:
    """A connector as a person tells it from others."""

    identifier: str
    label: str


@dataclass(frozen=True, slots=True)
class _Paired:
    active: _Named
    staging: _Named
    basis: str
    evidence: str


@dataclass(frozen=True, slots=True)
class _Flow:
    """What fills one attribute. `expression` has a text a line."""

    kind: str
    sources: tuple[str, ...]
    expression: tuple[str, ...]
    destination: str
    merge: str
    once: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule that moves.

    `before` and `final` are its precedences; `placed` says by which rule, and `room_for` for which
    rules the server moves it down.
    """

    number: int
    anchor: str
    path: str
    """Its own file in a kit; empty where it is in one with others."""
    file: str
    line: int
    rule: SyncRule
    connector: _Named
    before: str
    final: str
    placed: str
    room_for: tuple[str, ...]
    description: tuple[str, ...]
    flows: tuple[_Flow, ...]
    scope: tuple[tuple[ScopeCondition, ...], ...]
    join: tuple[tuple[JoinCondition, ...], ...]


class _ToRun(NamedTuple):
    """A file that remap writes, to be run in this order."""

    name: str
    made_from: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _Report:
    tool: str
    made: Made
    kit: KitShown | None
    verdict: tuple[str, ...]
    files: tuple[_ToRun, ...]
    diagnostics: tuple[Diagnostic, ...]
    sides: tuple[Side, ...]
    pairs: tuple[_Paired, ...]
    rules: tuple[_Rule, ...]
    disabled: tuple[RulePair, ...]
    rule_pairs: tuple[RulePair, ...]
    changed: tuple[ChangedRule, ...]
    deletions: tuple[Deletion, ...]
    causes: tuple[Cause, ...]
    """Those that any of these rules has."""
    edits: tuple[Edit, ...]
    left_out: tuple[tuple[LeftOutReason, tuple[LeftOut, ...]], ...]
    """By the reason."""
    not_carried: tuple[NotCarried, ...]
    not_checked: tuple[str, ...]
    to_do: tuple[str, ...]
    drawing: Drawing
    on_active: Callable[[str], _Named]
    on_staging: Callable[[str], _Named]


def report_of(plan: Plan, made: Made, kit: KitShown | None = None) -> bytes:
    """Return the report of a plan: of its kit, or of its own files where there is none."""
    return html(_TEMPLATE, report=_view(plan, made, kit)).encode()


def _view(plan: Plan, made: Made, kit: KitShown | None) -> _Report:
    on_active, on_staging = _namer(plan.active), _namer(plan.staging)
    found = plan.diagnostics if kit is None else for_kit(plan.diagnostics)
    could_delete = tuple(deletions(plan.rules))
    causes = {cause for one in could_delete for cause, _ in one.causes}
    return _Report(
        tool=TOOL,
        made=made,
        kit=kit,
        verdict=kit_verdict(plan, plan.diagnostics, kit.files) if kit else verdict(plan),
        files=() if kit else tuple(_to_run(plan)),
        diagnostics=tuple(_gravest_first(found)),
        sides=(
            side_of("Active server (the old one)", plan.active),
            side_of("Staging server (the new one)", plan.staging),
        ),
        pairs=tuple(
            _Paired(on_active(p.active), on_staging(p.staging), p.basis.value, p.evidence)
            for p in plan.pairs
        ),
        rules=tuple(_rules(plan, kit, on_staging)),
        disabled=plan.disabled,
        rule_pairs=plan.rule_pairs,
        changed=plan.changed,
        deletions=could_delete,
        causes=tuple(cause for cause in Cause if cause in causes),
        edits=plan.edits,
        left_out=tuple(_by_reason(plan.left_out)),
        not_carried=plan.not_carried,
        not_checked=plan.not_checked,
        to_do=tuple(step.text for step in plan.to_do if kit is None or not step.done_by_kit),
        drawing=drawn(plan),
        on_active=on_active,
        on_staging=on_staging,
    )


def _to_run(plan: Plan) -> Iterator[_ToRun]:
    for file in plan.files:
        made_from = "" if file.origin is None else file.origin.name
        yield _ToRun(file.name, made_from, hashlib.sha256(file.data).hexdigest())


def _gravest_first(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    order = ("error", "warning", "note")
    return sorted(diagnostics, key=lambda d: order.index(d.severity.value))


def _by_reason(
    left_out: Sequence[LeftOut],
) -> Iterator[tuple[LeftOutReason, tuple[LeftOut, ...]]]:
    for reason in dict.fromkeys(left.reason for left in left_out):
        yield reason, tuple(left for left in left_out if left.reason is reason)


def _namer(server: Server) -> Callable[[str], _Named]:
    def named(identifier: str) -> _Named:
        return _Named(identifier, server.label(identifier))

    return named


# ---- Rules ---------------------------------------------------------------------------------------


def _in_files(plan: Plan, kit: KitShown | None) -> Iterator[tuple[PlannedRule, str]]:
    """Yield each rule with its own file, if it has one, in the order of creation."""
    if kit is not None:
        yield from ((file.planned, file.path) for file in kit.rules)
    else:
        yield from ((planned, "") for planned in plan.rules)


def _rules(plan: Plan, kit: KitShown | None, named: Callable[[str], _Named]) -> Iterator[_Rule]:
    names = {r.identifier: r.name for r in plan.anchors if r.identifier}
    names |= {r.after.identifier: r.after.name for r in plan.rules if r.after.identifier}
    reasons = made_room_for(plan.rules)
    for number, (planned, path) in enumerate(_in_files(plan, kit), start=1):
        rule = planned.after
        yield _Rule(
            number=number,
            anchor=f"rule-{number}",
            path=path,
            file=planned.file,
            line=planned.line,
            rule=rule,
            connector=named(rule.connector),
            before=_or_not(planned.before.precedence, "not given"),
            final=_or_not(planned.final, "not known"),
            placed=_placed(rule, names),
            room_for=tuple(one.after.name for one in reasons.get(planned, ())),
            description=_lines(rule.description or ""),
            flows=tuple(map(_flow, rule.attribute_flow_mappings)),
            scope=rule.scope_filter,
            join=rule.join_filter,
        )


def _or_not(precedence: int | None, otherwise: str) -> str:
    return otherwise if precedence is None else str(precedence)


def _placed(rule: SyncRule, names: Mapping[str, str]) -> str:
    if rule.reference is None:
        return ""
    word = "before" if rule.reference.parameter == BEFORE else "after"
    name = names.get(rule.reference.identifier)
    return f"{word} {rule.reference.identifier}" if name is None else f"{word} '{name}'"


def _flow(flow: AttributeFlowMapping) -> _Flow:
    return _Flow(
        flow.flow_type,
        flow.source or (),
        _lines(flow.expression or ""),
        flow.destination,
        flow.value_merge_type or "Update (not given)",
        flow.execute_once,
    )


def _lines(text: str) -> tuple[str, ...]:
    """Return the lines of a text; no line at all where it is empty."""
    return tuple(LINE_BREAK.split(text)) if text else ()
