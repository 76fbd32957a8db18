"""Rules with Microsoft's tag that are left out though the staging server has no such rule."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Problem, Severity
from syncrules.servers.model import Facet

from ..context import Context, DoubtfulRule

__all__ = ["tagged_rules"]


def tagged_rules(context: Context) -> Iterator[Diagnostic]:
    """Yield the rules with Microsoft's tag that are not staging's: they are left out all the same.

    Microsoft's own rule that staging lacks cannot be moved, so that is a warning.
    """
    for doubtful in context.placing.doubtful:
        problem = _lacking if doubtful.is_microsofts else _perhaps_custom
        yield problem(context, doubtful).at(context.place_of(doubtful.rule))


def _lacking(context: Context, doubtful: DoubtfulRule) -> Problem:
    rule = doubtful.rule
    return Problem(
        Code.SR458,
        f"The staging server does not have the out-of-box rule '{rule.name}'"
        f"{context.whose(rule)} ({rule.immutable_tag}). Out-of-box rules are not moved, so what "
        "it does stops with the switch.",
        "Make sure that both servers have the same options in the wizard. If they do and the rule "
        "is still needed, add a custom rule that does the same.",
        Severity.WARNING,
    )


def _perhaps_custom(context: Context, doubtful: DoubtfulRule) -> Problem:
    rule = doubtful.rule
    allowed = context.choices.partial
    return Problem(
        Code.SR458,
        f"'{rule.name}'{context.whose(rule)} has a tag of Microsoft's, {rule.immutable_tag}, "
        f"{_but(doubtful)}. It looks like a custom rule, and rules with such a tag are not moved: "
        "it would be missing after the switch.",
        "It is not moved, as --partial allows. Make sure that you do not need it."
        if allowed
        else f"{_way_out(context)} If you do not need it on the staging server, "
        "allow that it stays behind: --partial",
        Severity.WARNING if allowed else None,
    )


def _but(doubtful: DoubtfulRule) -> str:
    staging = doubtful.staging
    if staging is None:
        return "but the staging server has no rule with that tag or name"
    if staging.stem == doubtful.rule.stem:
        return f"but staging's rule with that tag is called '{staging.name}'"
    return f"but staging's rule with that name has the tag {staging.immutable_tag}"


def _way_out(context: Context) -> str:
    """Return how to move it; a configuration would say again that it has the tag."""
    if context.active.is_complete_in(Facet.RULES):
        return (
            "To move it, export it and the custom rules in the Synchronization Rules Editor, empty "
            "its -ImmutableTag there (-ImmutableTag ''), and give only these files for the active "
            "server."
        )
    return (
        "To move it, empty its -ImmutableTag in the export (-ImmutableTag ''), and give that file "
        "as EXPORT."
    )
