"""Rules that look like clones, where no file shows whether their originals are disabled.

Source: editing an out-of-box rule in the Editor makes a copy and disables the original (Microsoft's
best practices for changing the default configuration); only one rule with join conditions may be in
scope of an object (its declarative provisioning page).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Problem, Several
from syncrules.pairing.microsoft_rules import is_name_of_microsofts
from syncrules.pairing.out_of_box_rules import looks_custom, plain_name
from syncrules.rules.comparison import flows_told
from syncrules.rules.model import AttributeFlowMapping, SyncRule
from syncrules.servers.model import Facet, ServerRule
from syncrules.wording import BY_COMMAND

from ..context import Context

__all__ = ["clones"]

_CLONED = re.compile(r" - Cloned\b.*", re.DOTALL)


def clones(context: Context) -> Iterator[Diagnostic]:
    """Yield the enabled custom rules that staging gets or has, that join and look like clones.

    Where the active server's files show the original, its state is known and told elsewhere.
    """
    if context.active.is_complete_in(Facet.RULES):
        return
    originals = _Originals(context)
    for moving in context.arriving:
        rule = moving.rule
        if rule.disabled or not rule.join_filter:
            continue
        original = originals.of(rule)
        if original is not None and not originals.is_state_known(rule, original):
            yield _looks_cloned(context, rule, original).at(moving.place())


class _Originals:
    """Staging's out-of-box rules, to find the one that a rule was cloned from."""

    def __init__(self, context: Context) -> None:
        self.connectors = context.connectors
        self.named: dict[_Key, ServerRule] = {}
        self.outlined: dict[_Key, dict[_Flows, ServerRule]] = {}
        self.flowing: dict[_Key, dict[object, ServerRule]] = {}
        for rule in context.staging.rules:
            if rule.is_out_of_box:
                name = plain_name(rule.name)
                self.named.setdefault((rule.connector, rule.direction, name), rule)
                if rule.sync_rule is not None:
                    outline = _outline(rule.sync_rule)
                    key = (rule.connector, rule.direction, outline)
                    flows = rule.sync_rule.attribute_flow_mappings
                    self.outlined.setdefault(key, {}).setdefault(flows, rule)
        self.shown = {
            (r.connector, plain_name(r.name))
            for r in context.active.rules
            if r.is_out_of_box and r.disabled is not None and not looks_custom(r.precedence)
        }

    def of(self, rule: SyncRule) -> str | None:
        """Return the name of the enabled out-of-box rule that a rule looks like."""
        name = _CLONED.sub("", rule.name)
        connector = self.connectors.get(rule.connector)
        like = self.named.get((connector, rule.direction, plain_name(name)))
        if like is None and rule.attribute_flow_mappings:
            like = self._of_the_same_flows((connector, rule.direction, _outline(rule)), rule)
        if like is not None:
            return None if like.disabled else like.name
        return name if is_name_of_microsofts(name) else None

    def _of_the_same_flows(self, key: _Key, rule: SyncRule) -> ServerRule | None:
        """Return the rule that has the same flows, else the first whose flows do the same."""
        alike = self.outlined.get(key)
        if alike is None:
            return None
        flows = rule.attribute_flow_mappings
        if flows in alike:  # nearly always: few have one outline
            return alike[flows]
        if key not in self.flowing:
            told = ((flows_told(known), known_rule) for known, known_rule in alike.items())
            self.flowing[key] = dict(reversed([*told]))
        return self.flowing[key].get(flows_told(flows))

    def is_state_known(self, rule: SyncRule, original: str) -> bool:
        """Return whether a file of the active server shows the original."""
        return (rule.connector, plain_name(original)) in self.shown


_Flows = tuple[AttributeFlowMapping, ...]
_Key = tuple[str | None, str | None, object]
"""A connector, a direction, and what a rule is found by."""


def _outline(rule: SyncRule) -> object:
    """Return what two rules with the same contents have in common, and is found at once."""
    types = (rule.source_object_type.lower(), rule.target_object_type.lower())
    destinations = frozenset(flow.destination for flow in rule.attribute_flow_mappings)
    return types, rule.join_filter, destinations


def _looks_cloned(context: Context, rule: SyncRule, original: str) -> Problem:
    named = context.named(rule)
    return Problem(
        Code.SR464,
        f"{named} looks like a clone of the out-of-box rule '{original}', and no file shows "
        "whether that rule is disabled on the active server. If it is enabled on staging, both "
        "join the same objects, and objects will fail to join.",
        f"Export '{original}' on the active server too and give it as EXPORT, or give the active "
        f"server's configuration {BY_COMMAND} with --active.",
        several=Several(
            "rules look like clones of out-of-box rules, and no file shows whether those are "
            "disabled on the active server. If they are enabled on staging, both join the same "
            "objects, and objects will fail to join.",
            "Export the out-of-box rules on the active server too and give them as EXPORT, or give "
            f"the active server's configuration {BY_COMMAND} with --active.",
            (named, f"of '{original}'"),
        ),
    )
