"""Flows that do not fit their type, or each other.

Sources: rules/flow_types.py for the types. Which of two flows of one rule wins is documented
nowhere, and Microsoft's rules have none; the same holds for a flow that is applied once beside
others that fill its attribute ("Apply once", Microsoft's page on changing the configuration).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from syncrules.diagnostics import Code, Problem, Several
from syncrules.rules.flow_types import DO_NOT_FIT, misfit

from .checked import Checked
from .found import Found
from .subjects import Subject

__all__ = ["flow_types", "once_beside_others", "two_to_one"]


def flow_types(checked: Checked) -> Iterator[Found]:
    """Yield the flows whose type does not fit the rest."""
    for subject in checked.subjects:
        for number, flow in enumerate(subject.rule.attribute_flow_mappings):
            problem = misfit(flow)
            if problem is not None:
                several = Several(DO_NOT_FIT, problem.hint, (f"'{flow.destination}'",))
                problem = problem._replace(several=several)
                yield Found(problem, subject.flow(number), subject.named)


def two_to_one(checked: Checked) -> Iterator[Found]:
    """Yield the attributes that one rule fills twice."""
    for subject in checked.subjects:
        flows = subject.rule.attribute_flow_mappings
        if len({flow.destination for flow in flows}) == len(flows):
            continue
        counts = Counter(flow.destination for flow in flows)
        seen: Counter[str] = Counter()
        for number, flow in enumerate(flows):
            seen[flow.destination] += 1
            if seen[flow.destination] == 2:
                problem = _twice(flow.destination, counts[flow.destination])
                yield Found(problem, subject.flow(number), subject.named)


def _twice(destination: str, count: int) -> Problem:
    return Problem(
        Code.SR733,
        f"The rule has {count} flows to '{destination}'. Which of them wins is not documented.",
        "Keep one of them, or put them into one expression.",
        several=Several(
            "attributes have several flows in one rule. Which of them wins is not documented.",
            "Keep one flow of each, or put them into one expression.",
            (destination,),
        ),
    )


def once_beside_others(checked: Checked) -> Iterator[Found]:
    """Yield flows of custom rules that are applied once where other rules fill the attribute."""
    once = [
        (subject, number, flow.destination)
        for subject in checked.custom
        if not subject.rule.disabled
        for number, flow in enumerate(subject.rule.attribute_flow_mappings)
        if flow.execute_once
    ]
    filled = _filled(checked.enabled) if once else {}
    for subject, number, destination in once:
        others = filled[_target(subject, destination)].keys() - {subject.named}
        if others:
            problem = _once(destination, min(others))
            yield Found(problem, subject.flow(number), subject.named)


_Target = tuple[str, str, str, str]
"""A direction, what it goes to, its object type there, and an attribute."""


def _target(subject: Subject, destination: str) -> _Target:
    rule = subject.rule
    connector = "" if rule.direction == "Inbound" else rule.connector
    return rule.direction, connector, rule.target_object_type.lower(), destination.lower()


def _filled(subjects: tuple[Subject, ...]) -> dict[_Target, dict[str, None]]:
    """Return the rules that fill each attribute, by name."""
    found: dict[_Target, dict[str, None]] = {}
    for subject in subjects:
        for flow in subject.rule.attribute_flow_mappings:
            names = found.setdefault(_target(subject, flow.destination), {})
            names[subject.named] = None
    return found


def _once(destination: str, other: str) -> Problem:
    return Problem(
        Code.SR734,
        f"The flow to '{destination}' is applied once (-ExecuteOnce), and {other} fills the same "
        "attribute always: how the two work together is not documented.",
        _TRY_ONCE,
        several=Several(
            "flows are applied once (-ExecuteOnce), and other rules fill the same attributes "
            "always: how the two work together is not documented.",
            _TRY_ONCE,
            (destination, f"beside {other}"),
        ),
    )


_TRY_ONCE = (
    "Nothing to do if it works as you want; try it with a preview of an object that is there "
    "already."
)
