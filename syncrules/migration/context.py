"""What a plan is made from: the rules to move, both servers, and how they are paired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from syncrules.diagnostics import Diagnostic, Severity, printable
from syncrules.exports.export import Export
from syncrules.pairing.connectors import Pair
from syncrules.pairing.out_of_box_rules import RulePairing
from syncrules.rules.guids import ZERO_GUID
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Server, ServerRule

from .moving_rules import Moving, is_mapped

__all__ = ["Choices", "Situation", "has_reference"]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person who answers for the migration has decided.

    `mapping` gives connectors of the active server those of staging; `new_identifiers` is the
    seed of fresh identifiers for the rules, or `None` to keep theirs; `first_precedence` the
    number to count from when rules are numbered anew, or `None` to keep the numbers;
    `keep_enabled` are names of out-of-box rules that are not to be disabled; `partial` says that
    custom rules of the active server may stay behind; `bare` leaves the prologue out.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    new_identifiers: str | None = None
    first_precedence: int | None = None
    keep_enabled: tuple[str, ...] = ()
    partial: bool = False
    bare: bool = False


@dataclass(frozen=True)
class Situation:
    """Everything that the parts of a plan look at."""

    exports: tuple[Export, ...]
    moving: tuple[Moving, ...]
    active: Server
    staging: Server
    pairs: tuple[Pair, ...]
    rules: RulePairing
    choices: Choices

    @cached_property
    def connectors(self) -> Mapping[str, str]:
        """The staging server's connector of each paired one of the active server."""
        return {p.source: p.target for p in self.pairs}

    @cached_property
    def on_active(self) -> Mapping[str, ServerRule]:
        """The active server's rules by identifier."""
        return {r.identifier: r for r in self.active.rules if r.identifier}

    @cached_property
    def on_staging(self) -> Mapping[str, ServerRule]:
        """The staging server's rules by identifier."""
        return {r.identifier: r for r in self.staging.rules if r.identifier}

    @cached_property
    def by_identifier(self) -> Mapping[str, Moving]:
        """The rules that move, by the identifier that the exports give them."""
        return {m.rule.identifier: m for m in self.moving if m.rule.identifier}

    @cached_property
    def _places(self) -> Mapping[str, Moving]:
        return {
            read.rule.identifier: Moving(export, read)
            for export in self.exports
            if not is_mapped(export)
            for read in export.read_rules
            if read.rule.identifier
        }

    def whose(self, rule: ServerRule) -> str:
        """Return the connector of a rule of the active server in words, where its name is known.

        Rules of two forests have the same names.
        """
        connector = self.active.connector(rule.connector)
        name = connector and (connector.forest or connector.name)
        return f" of {printable(name)}" if name else ""

    def finding(
        self, code: str, rule: ServerRule, message: str, hint: str, severity: Severity
    ) -> Diagnostic:
        """Return a finding about a rule of a server, at its place where an EXPORT holds it."""
        place = self._places.get(rule.identifier or "")
        if place is not None and self.on_active.get(rule.identifier or "") is not None:
            return place.finding(code, message, hint, severity)
        return Diagnostic(code, severity, message, hint, rule.source)


def has_reference(rule: SyncRule) -> bool:
    """Return whether a rule is placed by another: its own number does not count then."""
    return any(r not in (None, ZERO_GUID) for r in (rule.precedence_before, rule.precedence_after))
