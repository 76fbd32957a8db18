"""Rules with Microsoft's tag that may not be Microsoft's, or that the staging server lacks.

They are left out, whatever they are: a custom rule among them would be missing after the switch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from syncrules.diagnostics import Code, Diagnostic, Option, Problem, Several, Severity
from syncrules.pairing.microsoft_rules import is_known_as_microsofts
from syncrules.pairing.out_of_box_rules import looks_custom, same_name
from syncrules.rules.comparison import content_differences
from syncrules.rules.model import MAX_CUSTOM_PRECEDENCE
from syncrules.servers.model import Server, ServerRule

from ..context import Context, DoubtfulRule

__all__ = ["kept_tags", "tagged_rules"]


# ---- Clones that kept Microsoft's tag ------------------------------------------------------------


def kept_tags(context: Context) -> Iterator[Diagnostic]:
    """Yield the rules that carry Microsoft's tag and look as if a person had made them."""
    told = {doubtful.rule.identifier for doubtful in context.placing.doubtful}
    theirs = {_tag(rules[0]): rules[0] for rules in _of_one_tag(context.staging) if len(rules) == 1}
    for server in (context.active, context.staging):
        of_active = server is context.active
        for rules in _of_one_tag(server):
            if len(rules) > 1:
                yield from _share_a_tag(context, rules, theirs, of_active=of_active)
            elif rules[0].identifier not in told:
                yield from _low_precedence(context, rules[0], of_active=of_active)


_Tag = tuple[str | None, str | None, str]
"""A connector, a direction, and a tag without its version."""


def _tag(rule: ServerRule) -> _Tag:
    return rule.connector, rule.direction, rule.stem


def _of_one_tag(server: Server) -> Iterator[Sequence[ServerRule]]:
    """Yield the rules of each tag, in an order that does not depend on that of the files."""
    found: dict[_Tag, list[ServerRule]] = {}
    for rule in server.rules:
        if rule.is_out_of_box and rule.identifier:
            found.setdefault(_tag(rule), []).append(rule)
    for rules in found.values():
        yield sorted(rules, key=lambda rule: (rule.name, str(rule.identifier)))


def _share_a_tag(
    context: Context,
    rules: Sequence[ServerRule],
    theirs: Mapping[_Tag, ServerRule],
    *,
    of_active: bool,
) -> Iterator[Diagnostic]:
    """Yield the clones among rules of one tag; all in one where it is not known which they are."""
    connector = context.connectors.get(rules[0].connector)
    clones = _clones(rules, theirs.get((connector, *_tag(rules[0])[1:]))) if of_active else []
    told = {rule.identifier for rule in clones}
    original = next((rule for rule in rules if rule.identifier not in told), None)
    if not clones or original is None:
        problem = _share(context, rules) if of_active else _share_on_staging(rules)
        yield problem.at(context.place_of(rules[0]))
        return
    for clone in clones:
        yield _clone(context, clone, original).at(context.place_of(clone))


def _clones(rules: Sequence[ServerRule], theirs: ServerRule | None) -> list[ServerRule]:
    """Return the rules whose name, precedence or contents are not Microsoft's.

    `theirs` is the rule of staging that has their tag, where only one has it. What is the same for
    all of them tells nothing.
    """
    marks: tuple[Callable[[ServerRule], bool], ...] = (
        lambda rule: not _has_name_of_microsofts(rule, theirs),
        lambda rule: looks_custom(rule.precedence),
        lambda rule: _differs(rule, theirs),
    )
    marked = [{rule.identifier for rule in rules if is_marked(rule)} for is_marked in marks]
    told = set().union(*(found for found in marked if len(found) < len(rules)))
    return [rule for rule in rules if rule.identifier in told]


def _has_name_of_microsofts(rule: ServerRule, theirs: ServerRule | None) -> bool:
    return is_known_as_microsofts(rule.name, rule.stem) or (
        theirs is not None and same_name(rule.name, theirs.name)
    )


def _differs(rule: ServerRule, theirs: ServerRule | None) -> bool:
    own, other = rule.sync_rule, theirs and theirs.sync_rule
    return bool(own and other and content_differences(own, other))


def _clone(context: Context, clone: ServerRule, original: ServerRule) -> Problem:
    return Problem(
        Code.SR413,
        f"'{clone.name}' looks custom but carries Microsoft's tag: '{original.name}' has the same "
        "one. A clone whose tag was kept would be left behind.",
        f"If it is the clone, {_empty_its_tag(context, clone)}",
    )


def _share(context: Context, rules: Sequence[ServerRule]) -> Problem:
    return Problem(
        Code.SR413,
        f"{_listed(rules)} carry one tag of Microsoft's. A clone whose tag was kept would be left "
        "behind, and which of them is the clone is not known.",
        "Compare them in the Synchronization Rules Editor. Of the one that is the clone, "
        f"{_empty_its_tag(context, rules[0])}",
    )


def _share_on_staging(rules: Sequence[ServerRule]) -> Problem:
    return Problem(
        Code.SR413,
        f"{_listed(rules)} carry one tag of Microsoft's on the staging server. Which of them is "
        "staging's own is not known, or the files are of two servers.",
        "Give files of one staging server; empty the tag of a clone there.",
    )


def _listed(rules: Sequence[ServerRule]) -> str:
    return " and ".join(f"'{rule.name}' ({rule.identifier})" for rule in rules)


def _empty_its_tag(context: Context, rule: ServerRule) -> str:
    if context.is_exported(rule):
        return "empty its -ImmutableTag in the export (-ImmutableTag '')."
    return (
        "export it in the Synchronization Rules Editor, empty its -ImmutableTag in that file "
        "(-ImmutableTag ''), and give the file as EXPORT too."
    )


def _low_precedence(context: Context, rule: ServerRule, *, of_active: bool) -> Iterator[Diagnostic]:
    if rule.precedence is None or rule.precedence > MAX_CUSTOM_PRECEDENCE:
        return
    taken = "It is left out as an" if of_active else "It is not treated as staging's"
    yield Problem(
        Code.SR414,
        f"'{rule.name}' carries Microsoft's tag but a custom rule's precedence, {rule.precedence}. "
        f"{taken} out-of-box rule; old builds gave out-of-box rules such precedences too.",
        f"If it is a clone whose tag was kept, {_empty_its_tag(context, rule)}"
        + (
            " If it is Microsoft's own, disable staging's rule too: no script does."
            if rule.disabled
            else ""
        )
        if of_active
        else "If it is a clone whose tag was kept, empty its tag on the staging server, and export "
        "it again.",
    ).at(context.place_of(rule))


# ---- Rules that the staging server lacks ---------------------------------------------------------


def tagged_rules(context: Context) -> Iterator[Diagnostic]:
    """Yield the rules with Microsoft's tag that are not staging's: they are left out all the same.

    Microsoft's own rule that staging lacks cannot be moved, so that is a warning.
    """
    for doubtful in context.placing.doubtful:
        problem = _lacking if doubtful.is_microsofts else _perhaps_custom
        yield problem(context, doubtful).at(context.place_of(doubtful.rule))


def _lacking(context: Context, doubtful: DoubtfulRule) -> Problem:
    named, tag = context.named(doubtful.rule), doubtful.rule.immutable_tag
    return Problem(
        Code.SR458,
        f"The staging server does not have the out-of-box rule {named} ({tag}). Out-of-box rules "
        "are not moved, so what it does stops with the switch.",
        "Make sure that both servers have the same options in the wizard. If they do and the rule "
        "is still needed, add a custom rule that does the same.",
        Severity.WARNING,
        several=Several(
            "out-of-box rules are missing on the staging server. Out-of-box rules are not moved, "
            "so what they do stops with the switch.",
            "Make sure that both servers have the same options in the wizard. If they do and a "
            "rule is still needed, add a custom rule that does the same.",
            (named, tag or ""),
        ),
    )


def _perhaps_custom(context: Context, doubtful: DoubtfulRule) -> Problem:
    rule = doubtful.rule
    allowed = context.choices.partial
    named, leave = context.named(rule), context.leaving.option(rule)
    return Problem(
        Code.SR458,
        f"{named} has a tag of Microsoft's, {rule.immutable_tag}, {_but(doubtful)}. It looks like "
        "a custom rule, and rules with such a tag are not moved: it would be missing after the "
        "switch.",
        "It is not moved, as --partial allows. Make sure that you do not need it."
        if allowed
        else f"To move it, {_empty_its_tag(context, rule)} If you do not need it on the staging "
        f"server, leave it behind (with --partial, all such rules may stay): {leave}",
        Severity.WARNING if allowed else None,
        options=() if allowed else (leave, Option("--partial")),
        several=Several(
            "rules have tags of Microsoft's and look like custom rules. Rules with such a tag are "
            "not moved: they would be missing after the switch.",
            "They are not moved, as --partial allows. Make sure that you do not need them."
            if allowed
            else "To move one, empty its -ImmutableTag in its export (-ImmutableTag ''); one that "
            "no file exports, export first. If you do not need it on the staging server, leave it "
            "behind with --leave and its name (with --partial, all such rules may stay).",
            (named, f"{rule.immutable_tag}, {_but(doubtful)}"),
        ),
    )


def _but(doubtful: DoubtfulRule) -> str:
    staging = doubtful.staging
    if staging is None:
        return "but the staging server has no rule with that tag or name"
    if staging.stem == doubtful.rule.stem:
        return f"but staging's rule with that tag is called '{staging.name}'"
    return f"but staging's rule with that name has the tag {staging.immutable_tag}"
