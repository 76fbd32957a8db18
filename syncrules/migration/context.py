"""What a plan is made from: the rules to move, both servers, and how they are paired."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from syncrules.diagnostics import Diagnostic, Place
from syncrules.exports.export import Export
from syncrules.pairing.connectors import Pairing
from syncrules.pairing.out_of_box_rules import RulePair, RulePairing
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Server, ServerRule

from .leaving import Key, Leaving, key_of
from .moving_rules import MovingRule, Reference
from .plan import PlannedRule

__all__ = [
    "Choices",
    "Collision",
    "Context",
    "Creation",
    "Custom",
    "DisabledOriginal",
    "Disabling",
    "DoubtfulRule",
    "PairedServers",
    "Placing",
    "StandingRule",
    "Waiting",
]


Custom = MovingRule | ServerRule
"""A custom rule of an export, or one of the active server that no export holds."""


class Choices(NamedTuple):
    """What the person who answers for the migration has decided.

    `mapping` gives connectors of the active server those of staging; `new_identifiers` is the
    seed of fresh identifiers for the rules, or `None` to keep theirs; `first_precedence` the
    precedence to count from when rules are renumbered, or `None` to keep theirs; `keep_enabled`
    are names of out-of-box rules that are not to be disabled; `partial` says that custom rules of
    the active server may stay behind; `bare` leaves the prologue out; `leave` names rules and
    connectors that are left behind. `one_by_one` says that each rule is created by itself, as a kit
    does, in whatever order is right.
    """

    mapping: Mapping[str, str]
    new_identifiers: str | None = None
    first_precedence: int | None = None
    keep_enabled: tuple[str, ...] = ()
    partial: bool = False
    bare: bool = False
    leave: tuple[str, ...] = ()
    one_by_one: bool = False


class StandingRule(NamedTuple):
    """A rule of the staging server, with the precedence that it has once all rules are there."""

    rule: ServerRule
    final: int | None


class Collision(NamedTuple):
    """A rule whose precedence another one has when it is created.

    `was_allowed`: an old server let the two share it, and it is not known how old staging is.
    """

    rule: PlannedRule
    precedence: int
    owner: ServerRule | PlannedRule
    was_allowed: bool = False


class Creation(NamedTuple):
    """Rules in the order of their creation, and those that the server would not take."""

    rules: tuple[PlannedRule, ...]
    collisions: tuple[Collision, ...]


class Waiting(NamedTuple):
    """A rule that names one that is created later; `in_circle`: and that one waits for this."""

    rule: MovingRule
    reference: Reference
    named: MovingRule
    in_circle: bool


class Disabling(NamedTuple):
    """An out-of-box rule to be disabled on staging, as its original is on the active server.

    `beside` names the rules that move and would join the same objects, `left` those that do so
    and are left behind on purpose.
    """

    pair: RulePair
    beside: tuple[str, ...]
    left: tuple[str, ...] = ()


class DisabledOriginal(NamedTuple):
    """An out-of-box rule that is disabled on the active server.

    `beside` and `left` as in `Disabling`; `is_kept` says that it is to stay enabled on staging.
    """

    rule: ServerRule
    beside: tuple[str, ...]
    is_kept: bool
    left: tuple[str, ...] = ()


class DoubtfulRule(NamedTuple):
    """A rule with Microsoft's tag that staging has not, or whose name or tag is another there.

    `staging` is the rule of staging that has the tag or the name; `is_microsofts` says that this
    is a rule of Microsoft's, which staging lacks.
    """

    rule: ServerRule
    staging: ServerRule | None = None
    is_microsofts: bool = False


class Placing(NamedTuple):
    """Where the rules go, as `placing` finds it; `rules` are in the order of their creation.

    `one_by_one` are the same rules as they are best created one by one, where that is better than
    file by file. `waiting` are those that name one which is created later. `disabled` are all
    out-of-box rules that are disabled on the active server, `disabling` those of them that staging
    must disable, the most urgent first. `doubtful` are rules with Microsoft's tag, left out, that
    may not be staging's. `unresolved` are the references whose rule is not known, `unnumbered`
    what renumbering found.
    """

    rules: tuple[PlannedRule, ...]
    one_by_one: Creation | None
    standing: tuple[StandingRule, ...]
    collisions: tuple[Collision, ...]
    waiting: tuple[Waiting, ...]
    disabled: tuple[DisabledOriginal, ...]
    disabling: tuple[Disabling, ...]
    doubtful: tuple[DoubtfulRule, ...]
    unresolved: tuple[Diagnostic, ...]
    unnumbered: tuple[Diagnostic, ...]


class _Known(NamedTuple):
    """What is known before the rules are placed.

    `given` are the exports as they were given, `exports` the same in the order to run them.
    `custom` are all of their custom rules, `moving` those that move. `counterparts` are the
    staging server's rules that are there already, `there` the rules that are the same there.
    """

    given: tuple[Export, ...]
    exports: tuple[Export, ...]
    custom: tuple[MovingRule, ...]
    moving: tuple[MovingRule, ...]
    leaving: Leaving
    active: Server
    staging: Server
    pairing: Pairing
    rule_pairing: RulePairing
    choices: Choices
    emptied: frozenset[str]
    """The identifiers of rules that move and that another file shows with Microsoft's tag."""
    counterparts: Mapping[Custom, ServerRule] = {}
    there: frozenset[Custom] = frozenset()


class PairedServers(_Known):
    """Both servers, and which part of one is which."""

    @cached_property
    def connectors(self) -> Mapping[str, str]:
        """The staging server's connector of each paired one of the active server."""
        return {p.active: p.staging for p in self.pairing.pairs}

    @cached_property
    def on_active(self) -> Mapping[str | None, ServerRule]:
        """The active server's rules by identifier."""
        return {r.identifier: r for r in self.active.rules if r.identifier}

    @cached_property
    def on_staging(self) -> Mapping[str | None, ServerRule]:
        """The staging server's rules by identifier."""
        return {r.identifier: r for r in self.staging.rules if r.identifier}

    @cached_property
    def by_identifier(self) -> Mapping[str | None, MovingRule]:
        """The rules that move, by the identifier that the exports give them."""
        return {m.rule.identifier: m for m in self.moving}

    @cached_property
    def arriving(self) -> tuple[MovingRule, ...]:
        """The custom rules of the exports that staging gets, or has already."""
        return tuple(m for m in self.custom if not self.leaving.leaves(m.rule))

    @cached_property
    def counterparts_by_identifier(self) -> Mapping[str | None, ServerRule]:
        """Staging's custom rules, by the identifiers of the active server's that are the same."""
        named = (
            (c if isinstance(c, ServerRule) else c.rule, r) for c, r in self.counterparts.items()
        )
        return {own.identifier: rule for own, rule in named}

    @cached_property
    def _exported(self) -> Mapping[Key, Place]:
        mapped = {m.placed for m in self.custom if m.is_mapped}
        return {
            key_of(placed.rule): export.source.place(placed.command)
            # As `merge` does, so that the order of the files changes nothing: the first by name.
            for export in sorted(self.exports, key=lambda e: e.name, reverse=True)
            for placed in export.placed_rules
            if placed not in mapped
        }

    def named(self, rule: SyncRule | ServerRule) -> str:
        """Return a rule in words; one that was mapped before has a connector of staging."""
        is_active = self.active.connector(rule.connector) is not None
        return (self.active if is_active else self.staging).named(rule)

    def is_exported(self, rule: ServerRule) -> bool:
        """Return whether an EXPORT holds a rule of the active server, as the Editor wrote it."""
        return key_of(rule) in self._exported

    def place_of(self, rule: ServerRule) -> Place:
        """Return the place of a rule of a server: in the EXPORT that holds it, else its file."""
        return self._exported.get(key_of(rule), Place(rule.file))

    def precedence_on_active(self, moving: MovingRule) -> int | None:
        """Return what the active server shows; an export with a reference does not tell it."""
        if moving.is_mapped:
            return None
        known = self.on_active.get(moving.rule.identifier)
        precedence = known.precedence if known is not None else moving.rule.precedence
        return None if moving.rule.references and not precedence else precedence

    def placed(self, placing: Placing) -> Context:
        """Return the same with the rules placed."""
        context = Context(*self)
        context.placing = placing
        return context


class Context(PairedServers):
    """Everything that the checks and the output look at."""

    placing: Placing

    def has_own(self, rule: SyncRule) -> bool:
        """Return whether staging has its own rule for one with Microsoft's tag, for certain."""
        return rule.identifier in self._own

    @cached_property
    def _own(self) -> frozenset[str]:
        doubtful = {d.rule.identifier for d in self.placing.doubtful}
        return frozenset(self.rule_pairing.pairs.keys() - doubtful)
