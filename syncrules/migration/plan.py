"""The plan of a migration as values: which rules move, what is changed, what else must happen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from syncrules.diagnostics import Diagnostic, Span, has_errors
from syncrules.errors import PlanRefused
from syncrules.exports.export import Export, NotCarried
from syncrules.pairing.connector_pairs import Pair
from syncrules.pairing.out_of_box_rules import RulePair
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Server, ServerRule

from .moving_rules import LeftOut, MovingRule, Reference

__all__ = [
    "ChangedRule",
    "Contrast",
    "Edit",
    "Output",
    "Plan",
    "PlannedRule",
    "Resolution",
    "Rung",
    "Step",
    "Unchecked",
]


class Resolution(NamedTuple):
    """What a reference names on the staging server: `to` is that rule's identifier.

    A rule that moves, too, keeps the identifier that its export gives it.
    """

    reference: Reference
    to: str
    anchor: MovingRule | ServerRule


@dataclass(frozen=True, slots=True, eq=False)
class PlannedRule:
    """A rule that moves: before, and as the staging server gets it.

    `final` is the precedence that the server will show once all rules are there, `created` the
    one that it shows right after this rule was added; a reference moves the rules behind it.
    Both are `None` where the precedence of the rule that is named is not known.
    """

    origin: MovingRule = field(repr=False)
    after: SyncRule
    resolution: Resolution | None = field(default=None, repr=False)
    created: int | None = None
    final: int | None = None

    @property
    def before(self) -> SyncRule:
        """The rule as its export has it."""
        return self.origin.rule

    @property
    def file(self) -> str:
        """The name of the export that contains it."""
        return self.origin.export.name

    @property
    def line(self) -> int:
        """The line of its New-ADSyncRule there, from 1."""
        return self.origin.line


class Edit(NamedTuple):
    """One change of a file. `span` is `None` where the whole file is meant (its encoding)."""

    file: str
    span: Span | None
    line: int
    column: int
    old: str
    new: str
    what: str


class Output(NamedTuple):
    """One file to be written.

    `origin` is the export that it was made from, if any; `export` what it reads as, where it was
    read again.
    """

    name: str
    data: bytes
    origin: Export | None = None
    export: Export | None = None


class Contrast(NamedTuple):
    """What a rule has on each server, in a field or for an attribute in which the two differ."""

    what: str
    active: str
    staging: str


class ChangedRule(NamedTuple):
    """An out-of-box rule that differs between the two servers, and in what."""

    pair: RulePair
    contrasts: tuple[Contrast, ...]


class Rung(NamedTuple):
    """A rule with its precedence on the staging server; `None` where it is not there, or unknown.

    `moves` says whether it is one of the rules that move there.
    """

    name: str
    connector: str
    direction: str
    before: int | None
    after: int | None
    moves: bool
    is_out_of_box: bool


class Step(NamedTuple):
    """Something that is left to do; `done_by_kit` says whether a kit's scripts do it."""

    text: str
    done_by_kit: bool = False


class Unchecked(NamedTuple):
    """Something that the files could not show, and what an administrator does to check it."""

    what: str
    to_check: str

    def __str__(self) -> str:
        return f"{self.what[:1].upper()}{self.what[1:]}. To check, {self.to_check}."


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """Everything that a run would do, and everything that it found."""

    exports: tuple[Export, ...]
    """The exports as they were given."""
    pairs: tuple[Pair, ...]
    rules: tuple[PlannedRule, ...]
    """The rules that move, in the order in which they are created."""
    edits: tuple[Edit, ...]
    left_out: tuple[LeftOut, ...]
    diagnostics: tuple[Diagnostic, ...]
    rule_pairs: tuple[RulePair, ...] = ()
    """The out-of-box rules that references or states made it necessary to find on staging."""
    anchors: tuple[ServerRule, ...] = ()
    """The staging server's own rules that moved rules refer to."""
    disabled: tuple[RulePair, ...] = ()
    """The out-of-box rules that disable-out-of-box.ps1 disables, the most urgent first."""
    ladder: tuple[Rung, ...] = ()
    """The staging server's rules, before and after, in the order of their precedence."""
    unchecked: tuple[Unchecked, ...] = ()
    """What could not be checked; `not_checked` has the same in words."""
    to_do: tuple[Step, ...] = ()
    changed: tuple[ChangedRule, ...] = ()
    """The out-of-box rules that are not the same on both servers: see SR452 and SR453."""
    active: Server = field(default_factory=Server)
    staging: Server = field(default_factory=Server)
    files: tuple[Output, ...] = ()
    one_by_one: bool = False
    """Whether each rule is to be created by itself, as a kit does; its files are not output."""

    @property
    def not_checked(self) -> tuple[str, ...]:
        """What could not be checked, each with the file that would show it."""
        return tuple(map(str, self.unchecked))

    @property
    def not_carried(self) -> tuple[NotCarried, ...]:
        """What else the rules of configurations have, which was accepted as lost."""
        return tuple(lost for export in self.exports for lost in export.not_carried)

    def __repr__(self) -> str:
        errors = sum(d.is_error for d in self.diagnostics)
        return f"Plan({len(self.rules)} rules, {len(self.files)} files, {errors} errors)"

    def output(self) -> dict[str, bytes]:
        """Return the files to write, by name, in the order in which to run them.

        Raises PlanRefused where the plan has errors, and ValueError for a plan with `one_by_one`.
        """
        if self.one_by_one:
            raise ValueError(
                "With one_by_one, the rules are not created file by file: use make_kit(plan)."
            )
        if has_errors(self.diagnostics):
            raise PlanRefused(self.diagnostics)
        return {f.name: f.data for f in self.files}
