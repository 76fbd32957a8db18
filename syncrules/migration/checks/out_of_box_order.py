"""Out-of-box rules that contest an attribute, and stand in another order on the staging server.

The wizard numbers them in groups, in the order in which connectors were added (Microsoft's default
configuration page), so the order differs from server to server.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, Several
from syncrules.pairing.order import ConnectorOrder, MovedRule, RuleInBoth, reordered
from syncrules.wording import first_of

from ..context import Context

__all__ = ["out_of_box_order"]


def out_of_box_order(context: Context) -> Iterator[Diagnostic]:
    """Yield why out-of-box rules win where others did, each cause once."""
    pairs = context.rule_pairing.pairs.values()
    rules = (RuleInBoth(pair.active, pair.staging) for pair in pairs)
    for cause in reordered(rules):
        if isinstance(cause, ConnectorOrder):
            yield _of_connectors(context, cause).at(Place(cause.rules[0].other.file))
        else:
            yield _of_a_rule(context, cause).at(Place(cause.rule.other.file))


def _of_connectors(context: Context, cause: ConnectorOrder) -> Problem:
    first, second = (context.active.label(c) for c in (cause.first, cause.second))
    return _problem(
        f"The out-of-box rules of {first} come before those of {second} on the active server, and "
        f"after them on staging ({len(cause.rules)} rules).",
        cause.attributes,
    )


def _of_a_rule(context: Context, cause: MovedRule) -> Problem:
    ways = [
        f"{way} {_names(context, others)} on the active server, and {now} "
        f"{'it' if len(others) == 1 else 'them'} on staging"
        for way, now, others in (
            ("before", "after", cause.was_before),
            ("after", "before", cause.was_after),
        )
        if others
    ]
    rule = cause.rule.one
    what = f"The out-of-box rule {context.named(rule)} comes {'; and '.join(ways)}."
    return _problem(what, cause.attributes)


def _names(context: Context, rules: Iterable[RuleInBoth]) -> str:
    return first_of(context.named(r.one) for r in rules)


_WHERE_BOTH_APPLY = (
    "Nothing to do where no object is in the scope of both. Else set the attribute in a custom "
    "rule: the installation sets the order of out-of-box rules, and an upgrade resets changes."
)


def _problem(what: str, attributes: Iterable[str]) -> Problem:
    return Problem(
        Code.SR448,
        f"{what} Where both apply to one object, another rule than before sets "
        f"{first_of(attributes)}.",
        _WHERE_BOTH_APPLY,
        several=Several(
            "groups of out-of-box rules come in another order on staging. Where rules of two of "
            "them apply to one object, another rule than before sets an attribute.",
            _WHERE_BOTH_APPLY,
            (what,),
        ),
    )
