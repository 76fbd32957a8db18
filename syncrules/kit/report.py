"""The change list of a kit, to be read, printed and signed: one HTML file that asks for no other.

Here a plain view is made from the plan; templates/report.html.jinja lays it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from syncrules.diagnostics import Diagnostic
from syncrules.exports.export import NotCarried
from syncrules.migration.moving_rules import LeftOut, LeftOutReason
from syncrules.migration.plan import Edit, Plan
from syncrules.pairing.out_of_box_rules import RulePair
from syncrules.rules.model import (
    BEFORE,
    AttributeFlowMapping,
    JoinCondition,
    ScopeCondition,
    SyncRule,
)
from syncrules.script.source import LINE_BREAK
from syncrules.servers.model import Connector, Evidence, Server

from .precedence_drawing import Drawing, drawn
from .rule_files import RuleFile
from .templating import html

__all__ = ["REPORT", "report_of"]

REPORT = "report.html"

_TEMPLATE = "report.html.jinja"


@dataclass(frozen=True, slots=True)
class _Named:
    """A connector as a person tells it from others; `label` may be empty."""

    identifier: str
    label: str


@dataclass(frozen=True, slots=True)
class _Side:
    """A server, and on what evidence it is known."""

    title: str
    evidence: tuple[Evidence, ...]
    connectors: tuple[Connector, ...]
    rules: int


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
    """A rule that moves. `before` and `final` are its precedences; `placed` says by which rule."""

    number: int
    anchor: str
    path: str
    file: str
    line: int
    rule: SyncRule
    connector: _Named
    before: str
    final: str
    placed: str
    description: tuple[str, ...]
    flows: tuple[_Flow, ...]
    scope: tuple[tuple[ScopeCondition, ...], ...]
    join: tuple[tuple[JoinCondition, ...], ...]


@dataclass(frozen=True, slots=True)
class _Report:
    tool: str
    diagnostics: tuple[Diagnostic, ...]
    sides: tuple[_Side, ...]
    pairs: tuple[_Paired, ...]
    rules: tuple[_Rule, ...]
    disabled: tuple[RulePair, ...]
    rule_pairs: tuple[RulePair, ...]
    edits: tuple[Edit, ...]
    left_out: tuple[tuple[LeftOutReason, tuple[LeftOut, ...]], ...]
    """By the reason."""
    not_carried: tuple[NotCarried, ...]
    not_checked: tuple[str, ...]
    to_do: tuple[str, ...]
    drawing: Drawing


def report_of(plan: Plan, rules: Sequence[RuleFile], tool: str) -> bytes:
    """Return the report of a plan whose rules are in these files."""
    return html(_TEMPLATE, report=_view(plan, rules, tool)).encode()


def _view(plan: Plan, rules: Sequence[RuleFile], tool: str) -> _Report:
    on_active, on_staging = _namer(plan.active), _namer(plan.staging)
    return _Report(
        tool=tool,
        diagnostics=tuple(_gravest_first(plan.diagnostics)),
        sides=(
            _side("Active server (the old one)", plan.active),
            _side("Staging server (the new one)", plan.staging),
        ),
        pairs=tuple(
            _Paired(on_active(p.active), on_staging(p.staging), p.basis.value, p.evidence)
            for p in plan.pairs
        ),
        rules=tuple(_rules(plan, rules, on_staging)),
        disabled=plan.disabled,
        rule_pairs=plan.rule_pairs,
        edits=plan.edits,
        left_out=tuple(_by_reason(plan.left_out)),
        not_carried=plan.not_carried,
        not_checked=plan.not_checked,
        to_do=tuple(step.text for step in plan.to_do if not step.done_by_kit),
        drawing=drawn(plan),
    )


def _gravest_first(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    order = ("error", "warning", "note")
    return sorted(diagnostics, key=lambda d: order.index(d.severity.value))


def _by_reason(
    left_out: Sequence[LeftOut],
) -> Iterator[tuple[LeftOutReason, tuple[LeftOut, ...]]]:
    for reason in dict.fromkeys(left.reason for left in left_out):
        yield reason, tuple(left for left in left_out if left.reason is reason)


def _side(title: str, server: Server) -> _Side:
    return _Side(title, server.evidence, server.connectors, len(server.rules))


def _namer(server: Server) -> Callable[[str], _Named]:
    def named(identifier: str) -> _Named:
        found = server.connector(identifier)
        return _Named(identifier, found.label if found else "")

    return named


# ---- Rules ---------------------------------------------------------------------------------------


def _rules(
    plan: Plan, files: Sequence[RuleFile], named: Callable[[str], _Named]
) -> Iterator[_Rule]:
    names = {r.identifier: r.name for r in plan.anchors if r.identifier}
    names |= {r.after.identifier: r.after.name for r in plan.rules if r.after.identifier}
    for number, file in enumerate(files, start=1):
        planned, rule = file.planned, file.planned.after
        yield _Rule(
            number=number,
            anchor=f"rule-{number}",
            path=file.path,
            file=planned.file,
            line=planned.line,
            rule=rule,
            connector=named(rule.connector),
            before=_or_not(planned.before.precedence, "not given"),
            final=_or_not(planned.final, "not known"),
            placed=_placed(rule, names),
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
    word = "before" if rule.reference.parameter == BEFORE else "behind"
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
