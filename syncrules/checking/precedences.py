"""Precedences of custom rules: out of their range, or shared.

Sources: "0 through 99" is the range of custom rules in Microsoft's page on fixing default rules;
one above is shifted when default rules are added (its page on importing the configuration). Since
version 2.0.3.0 no two rules may have one precedence, says the version history; before, outbound
rules of two connectors could share one. A rule that another one places has its own from there.
"""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Problem
from syncrules.rules.model import MAX_CUSTOM_PRECEDENCE
from syncrules.wording import first_of

from .checked import Checked
from .found import Found
from .subjects import Subject

__all__ = ["precedences"]


def precedences(checked: Checked) -> Iterator[Found]:
    """Yield the custom rules whose precedence is out of range, or that of another rule."""
    placed: dict[int, list[Subject]] = {}
    for subject in checked.subjects:
        if subject.rule.precedence is not None and subject.rule.reference is None:
            placed.setdefault(subject.rule.precedence, []).append(subject)
    for precedence, subjects in placed.items():
        custom = [s for s in subjects if not s.rule.is_out_of_box]
        if len(subjects) > 1 and custom:
            names = [s.rule.name for s in subjects]
            yield _found(_shared(precedence, names), custom[-1])
        elif custom and precedence > MAX_CUSTOM_PRECEDENCE:
            yield _found(_too_high(precedence), custom[0])


def _found(problem: Problem, subject: Subject) -> Found:
    return Found(problem, subject.place, f"'{subject.rule.name}'")


def _shared(precedence: int, names: list[str]) -> Problem:
    told = first_of(f"'{name}'" for name in names)
    return Problem(
        Code.SR735,
        f"{len(names)} rules have the precedence {precedence}: "
        f"{told}. A server since version 2.0.3.0 takes only one.",
        f"Give each of them a precedence of its own from 0 to {MAX_CUSTOM_PRECEDENCE}.",
    )


def _too_high(precedence: int) -> Problem:
    return Problem(
        Code.SR735,
        f"The precedence of a custom rule is {precedence}; custom rules should be "
        f"0–{MAX_CUSTOM_PRECEDENCE}, and higher ones shift whenever out-of-box rules are added.",
        f"Give the rule a precedence from 0 to {MAX_CUSTOM_PRECEDENCE}.",
    )
