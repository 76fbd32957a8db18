"""The change list of a kit, to be read, printed and signed: one HTML file that asks for no other.

Here a plain view is made from the plan; templates/report.html.jinja lays it out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from syncrules.diagnostics import Diagnostic
from syncrules.migration.output.disable_script import DISABLING
from syncrules.migration.plan import Edit, LeftOut, Moved, Plan
from syncrules.pairing.out_of_box_rules import RulePair
from syncrules.rules.guids import ZERO_GUID
from syncrules.rules.model import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule
from syncrules.servers.model import Connector, Evidence, Server

from .precedence_drawing import Drawing, drawn
from .rule_files import RuleFile
from .templating import html

__all__ = ["REPORT", "report_of"]

REPORT = "report.html"

_TEMPLATE = "report.html.jinja"
_LINE_END = re.compile(r"\r\n|\r|\n")


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
    source: _Named
    target: _Named
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
    """A rule that moves. `was` and `end` are its precedences; `placed` says by which rule."""

    number: int
    anchor: str
    path: str
    file: str
    line: int
    rule: SyncRule
    connector: _Named
    was: str
    end: str
    placed: str
    description: tuple[str, ...]
    flows: tuple[_Flow, ...]
    scope: tuple[tuple[ScopeCondition, ...], ...]
    join: tuple[tuple[JoinCondition, ...], ...]


@dataclass(frozen=True, slots=True)
class _Finding:
    """A finding; `in_kit` where its hint names a script that is not in the kit."""

    finding: Diagnostic
    in_kit: bool


@dataclass(frozen=True, slots=True)
class _Report:
    tool: str
    findings: tuple[_Finding, ...]
    sides: tuple[_Side, ...]
    pairs: tuple[_Paired, ...]
    rules: tuple[_Rule, ...]
    disabled: tuple[RulePair, ...]
    rule_pairs: tuple[RulePair, ...]
    edits: tuple[Edit, ...]
    left_out: tuple[tuple[str, tuple[LeftOut, ...]], ...]
    """By the reason why."""
    not_checked: tuple[str, ...]
    to_do: tuple[str, ...]
    drawing: Drawing


def report_of(plan: Plan, rules: Sequence[RuleFile], tool: str) -> bytes:
    """Return the report of a plan whose rules are in these files."""
    return html(_TEMPLATE, report=_view(plan, rules, tool)).encode()


def _view(plan: Plan, rules: Sequence[RuleFile], tool: str) -> _Report:
    here, there = _namer(plan.active), _namer(plan.staging)
    return _Report(
        tool=tool,
        findings=tuple(_Finding(d, DISABLING in d.hint) for d in _gravest_first(plan.diagnostics)),
        sides=(
            _side("Active server (the old one)", plan.active),
            _side("Staging server (the new one)", plan.staging),
        ),
        pairs=tuple(
            _Paired(here(p.source), there(p.target), p.basis.value, p.evidence) for p in plan.pairs
        ),
        rules=tuple(_rules(plan, rules, there)),
        disabled=plan.disabled,
        rule_pairs=plan.rule_pairs,
        edits=plan.edits,
        left_out=tuple(_by_reason(plan.left_out)),
        not_checked=plan.not_checked,
        # What a script does is done by the kit's.
        to_do=tuple(step for step in plan.to_do if ".ps1" not in step),
        drawing=drawn(plan),
    )


def _gravest_first(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    order = ("error", "warning", "note")
    return sorted(findings, key=lambda d: order.index(d.severity.value))


def _by_reason(left_out: Sequence[LeftOut]) -> Iterator[tuple[str, tuple[LeftOut, ...]]]:
    for why in dict.fromkeys(left.why for left in left_out):
        yield why, tuple(left for left in left_out if left.why == why)


def _side(title: str, server: Server) -> _Side:
    return _Side(title, server.evidence, server.connectors, len(server.rules))


def _namer(server: Server) -> Callable[[str], _Named]:
    def named(identifier: str) -> _Named:
        found = server.connector(identifier)
        return _Named(identifier, (found.name or found.forest or found.kind or "") if found else "")

    return named


# ---- Rules ---------------------------------------------------------------------------------------


def _rules(
    plan: Plan, files: Sequence[RuleFile], named: Callable[[str], _Named]
) -> Iterator[_Rule]:
    names = {r.identifier: r.name for r in plan.anchors if r.identifier}
    names |= {m.becomes.identifier: m.becomes.name for m in plan.moved if m.becomes.identifier}
    for number, file in enumerate(files, start=1):
        moved, rule = file.moved, file.moved.becomes
        yield _Rule(
            number=number,
            anchor=f"rule-{number}",
            path=file.path,
            file=moved.file,
            line=moved.line,
            rule=rule,
            connector=named(rule.connector),
            was=_number(moved.was.precedence),
            end=_end(moved),
            placed=_placed(rule, names),
            description=_lines(rule.description or ""),
            flows=tuple(map(_flow, rule.attribute_flow_mappings)),
            scope=rule.scope_filter,
            join=rule.join_filter,
        )


def _number(number: int | None) -> str:
    return "not given" if number is None else str(number)


def _end(moved: Moved) -> str:
    """Return the number in the end; that of a rule placed by another may not be known."""
    return "not known" if moved.shown is None else str(moved.shown)


def _placed(rule: SyncRule, names: Mapping[str, str]) -> str:
    for word, identifier in (
        ("before", rule.precedence_before),
        ("behind", rule.precedence_after),
    ):
        if identifier is not None and identifier != ZERO_GUID:
            name = names.get(identifier)
            return f"{word} {identifier}" if name is None else f"{word} '{name}'"
    return ""


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
    return tuple(_LINE_END.split(text)) if text else ()
