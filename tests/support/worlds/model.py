"""A migration as it truly is: two servers, and which part of one is which of the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from syncrules import SyncRule
from syncrules.rules.guids import ZERO_GUID
from syncrules.rules.model import ENTRA_CONNECTOR

__all__ = [
    "AD",
    "ECMA",
    "ENTRA",
    "LDAP",
    "SQL",
    "Already",
    "Feature",
    "System",
    "World",
    "add",
    "placed",
]

AD, ENTRA = "Active Directory", "Microsoft Entra ID"
LDAP, SQL, ECMA = "Generic LDAP", "Generic SQL", "PowerShell"


class Feature(StrEnum):
    """What is odd about a migration."""

    OF_ITS_OWN = "staging has custom rules of its own"
    HALF_DONE = "half done, equal"
    HALF_DIFFERENT = "half done, one field differs"
    HALF_DISABLED = "half done, disabled there"
    KEPT_TAG = "a clone that kept its tag"
    MADE_TAG = "a custom rule with a made-up tag"
    UNREAD_RULE = "a file with rules in EXPORT that is not read"
    OTHER_FILES = "files of other kinds in EXPORT"
    OUT_OF_BOX = "out-of-box rules in EXPORT"
    SECOND = "a second migration, of files of the first"
    AGAIN = "the same outputs given again"
    ONE_ANCHOR = "several rules at one anchor"
    LATER = "a rule placed beside a later one"
    SAVED = "rules with the numbers that they got"
    MISSING = "an out-of-box rule that staging lacks"
    EXTRA = "an out-of-box rule that only staging has"
    OTHER_ORDER = "out-of-box rules in another order"
    DELETED = "deleted on active, still in an EXPORT"
    FORGOTTEN = "a custom rule of active in no EXPORT"
    SAME_NAMES = "two forests of one connector name"
    ORIGINAL = "a clone of a disabled original"
    LEFT_RULE = "a rule left behind on purpose"
    LEFT_CONNECTOR = "a connector left behind on purpose"


@dataclass(frozen=True)
class System:
    """A connected system with its connector on each server.

    A name on staging may be another one where nothing else is of the kind.
    """

    kind: str
    active: str
    staging: str
    names: tuple[str, str]
    forest: str | None = None

    @property
    def partitions(self) -> tuple[str, ...]:
        """The partition that bears the forest's name."""
        parts = (self.forest or "").split(".")
        return (",".join(f"DC={p}" for p in parts),) if self.forest else ()

    @property
    def has_out_of_box(self) -> bool:
        """Whether Microsoft's rules come with its connector."""
        return self.kind == AD or self.active == ENTRA_CONNECTOR


@dataclass(frozen=True)
class Already:
    """A rule that staging has before the migration; `differs` names the field that is not equal."""

    rule: SyncRule
    differs: str | None = None


@dataclass
class World:
    """A migration. Rules are as each server has them; `true_rules` maps out-of-box identifiers."""

    seed: int
    systems: list[System]
    active_rules: list[SyncRule]
    staging_rules: list[SyncRule]
    custom: list[SyncRule]
    """Those in exports, in the order of their creation, as they stand there: with references."""
    true_rules: dict[str, str]
    files: list[list[int]] = field(default_factory=list)
    """Which of the `exported` rules stand in which export."""
    features: set[Feature] = field(default_factory=set)
    tagged: list[SyncRule] = field(default_factory=list)
    """Custom rules with a tag of Microsoft's, which stand in an export."""
    beside: list[SyncRule] = field(default_factory=list)
    """Out-of-box rules that stand in an export."""
    deleted: set[str] = field(default_factory=set)
    """Those to be moved that the active server does not have any more."""
    forgotten: list[SyncRule] = field(default_factory=list)
    """Custom rules of the active server that no export holds."""
    already: dict[str, Already] = field(default_factory=dict)
    """Those to be moved that staging has."""
    left: set[str] = field(default_factory=set)
    """Exported custom rules that stay behind on purpose."""
    leave: list[str] = field(default_factory=list)
    """What says so: names and identifiers of rules and connectors."""
    left_connectors: set[str] = field(default_factory=set)

    @property
    def to_move(self) -> list[SyncRule]:
        """The exported custom rules without those that stay behind on purpose."""
        return [r for r in self.custom if r.identifier not in self.left]

    @property
    def exported(self) -> list[SyncRule]:
        """All rules that the exports hold."""
        return [*self.custom, *self.tagged, *self.beside]

    @property
    def of_its_own(self) -> list[SyncRule]:
        """The custom rules that staging has and the active server has not."""
        return [
            r
            for r in self.staging_rules
            if not r.is_out_of_box and r.identifier not in self.already
        ]

    @property
    def true_connectors(self) -> dict[str, str]:
        """Staging's connector of each of the active server's."""
        return {s.active: s.staging for s in self.systems}

    @property
    def needed(self) -> set[str]:
        """The connectors of the rules to be moved, and of the rules that they refer to."""
        homes = {r.identifier: r.connector for r in (*self.active_rules, *self.custom)}
        return {r.connector for r in self.to_move} | {homes[n] for n in self.anchors()}

    def anchors(self) -> set[str]:
        """Return the identifiers of the rules that those to be moved refer to."""
        return {r.reference.identifier for r in self.to_move if r.reference is not None}

    def expected(self) -> dict[str, SyncRule]:
        """Return the custom rules as staging should get them, by identifier."""
        own = {r.identifier for r in self.custom}

        def there(reference: str | None) -> str | None:
            return (
                reference if reference in own else self.true_rules.get(reference or "", reference)
            )

        return {
            r.identifier or "": replace(
                r,
                connector=self.true_connectors[r.connector],
                precedence_before=there(r.precedence_before),
                precedence_after=there(r.precedence_after),
            )
            for r in self.custom
        }

    def to_disable(self) -> set[str]:
        """Return staging's identifiers of the rules that are disabled on the active server only."""
        disabled = {r.identifier for r in self.active_rules if r.is_out_of_box and r.disabled}
        enabled = {r.identifier for r in self.staging_rules if not r.disabled}
        return {t for s, t in self.true_rules.items() if s in disabled and t in enabled}

    def after(self, order: Iterable[str]) -> dict[str, SyncRule]:
        """Return staging's rules once the custom ones were added in this order of identifiers."""
        rules = {r.identifier or "": r for r in self.staging_rules}
        for identifier in self.to_disable():
            rules[identifier] = replace(rules[identifier], disabled=True)
        expected = self.expected()
        for identifier in (i for i in order if i not in self.already):
            add(rules, expected[identifier])
        return rules

    def clashes(self, order: Iterable[str]) -> Iterator[str]:
        """Yield those whose own number another rule has when they are added in this order."""
        rules = {r.identifier or "": r for r in self.staging_rules}
        expected = self.expected()
        for identifier in (i for i in order if i not in self.already):
            rule = expected[identifier]
            others = (r.precedence for key, r in rules.items() if key != identifier)
            if rule.reference is None and rule.precedence in others:
                yield identifier
            if rule.reference is None or rule.reference.identifier in rules:
                add(rules, rule)

    def numbers(self) -> dict[str, int]:
        """Return the precedences that the active server shows."""
        return {r.identifier or "": r.precedence or 0 for r in self.active_rules}


def add(rules: dict[str, SyncRule], rule: SyncRule) -> None:
    """Add a rule as the server does: a reference takes a number, and those behind move up."""
    number = rule.precedence or 0
    before, after = rule.precedence_before, rule.precedence_after
    if before != ZERO_GUID or after != ZERO_GUID:
        anchor = rules[(before if before != ZERO_GUID else after) or ""]
        number = (anchor.precedence or 0) + (after != ZERO_GUID)
        for key, other in rules.items():
            if (other.precedence or 0) >= number:
                rules[key] = replace(other, precedence=(other.precedence or 0) + 1)
    rules[rule.identifier or ""] = replace(
        rule, precedence=number, precedence_before=ZERO_GUID, precedence_after=ZERO_GUID
    )


def placed(rule: SyncRule, anchor: str, *, before: bool) -> SyncRule:
    """Return a rule as it is written to stand beside another."""
    return replace(
        rule,
        precedence=0,
        precedence_before=anchor if before else ZERO_GUID,
        precedence_after=ZERO_GUID if before else anchor,
    )
