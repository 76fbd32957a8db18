"""Precedences of custom rules: out of their range, or shared.

Sources: "0 through 99" is the range of custom rules in Microsoft's page on fixing default rules;
one above is shifted when default rules are added (its page on importing the configuration). Since
version 2.0.3.0 no two rules may have one precedence, says the version history; before, outbound
rules of two connectors could share one. A rule that another one places has its own from there.
"""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Problem, Several
from syncrules.rules.model import MAX_CUSTOM_PRECEDENCE

from .checked import Checked
from .found import Found
from .subjects import Subject

__all__ = ["precedences"]


def precedences(checked: Checked) -> Iterator[Found]:
    """Yield the rules whose precedence is out of range, or shared; of Microsoft's none alone."""
    placed: dict[int, list[Subject]] = {}
    for subject in (*checked.subjects, *checked.beside):
        if subject.rule.precedence is not None and subject.rule.reference is None:
            placed.setdefault(subject.rule.precedence, []).append(subject)
    told = frozenset(checked.subjects)
    for precedence, subjects in placed.items():
        if all(s.rule.is_out_of_box for s in subjects):
            continue
        problem = None
        if len(subjects) > 1:
            problem = _shared(precedence, len(subjects))
        elif precedence > MAX_CUSTOM_PRECEDENCE:
            problem = _too_high(precedence)
        if problem is not None:
            yield from (Found(problem, s.place, s.named) for s in subjects if s in told)


_FROM_TO = f"from 0 to {MAX_CUSTOM_PRECEDENCE}"


def _shared(precedence: int, count: int) -> Problem:
    takes_one = "A server since version 2.0.3.0 takes only one."
    hint = f"Give each of them a precedence of its own {_FROM_TO}."
    return Problem(
        Code.SR735,
        f"{count} rules have the precedence {precedence}. {takes_one}",
        hint,
        several=Several(
            f"precedences are those of several rules each. {takes_one}", hint, (f"{precedence}",)
        ),
    )


def _too_high(precedence: int) -> Problem:
    should_be = (
        f"custom rules should be 0–{MAX_CUSTOM_PRECEDENCE}, and higher ones shift whenever "
        "out-of-box rules are added."
    )
    return Problem(
        Code.SR735,
        f"The precedence of a custom rule is {precedence}; {should_be}",
        f"Give the rule a precedence {_FROM_TO}.",
        several=Several(
            f"custom rules have precedences above {MAX_CUSTOM_PRECEDENCE}; {should_be}",
            f"Give each of them a precedence {_FROM_TO}.",
            (f"{precedence}",),
        ),
    )
