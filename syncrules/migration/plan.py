"""The plan of a migration: which rules move, what is changed in them, and what else must happen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from syncrules.diagnostics import Diagnostic, Severity, has_errors
from syncrules.exports.export import Export
from syncrules.migration.checks.exports_together import between_exports
from syncrules.migration.checks.guids_in_text import identifiers_in_texts
from syncrules.migration.checks.in_place_changes import changed_in_place, stale_exports
from syncrules.migration.checks.neighbours import other_neighbours
from syncrules.migration.checks.right_server import are_swapped, wrong_sides
from syncrules.migration.checks.schema import unknown_attributes
from syncrules.migration.checks.wizard_options import different_options
from syncrules.migration.output.disable_script import DISABLING, disabling_script
from syncrules.migration.output.mapped_files import Draft, Edit, Output, check, draft
from syncrules.migration.output.steps import not_checked, to_do
from syncrules.migration.placing.ladder import Rung, ladder
from syncrules.pairing.connectors import Needed, Pair, pair_connectors
from syncrules.pairing.out_of_box_rules import RulePair, pair_rules
from syncrules.rules.guids import ZERO_GUID, parse_guid
from syncrules.rules.model import SyncRule
from syncrules.script.nodes import Text, Word
from syncrules.servers.exported_rules import server_of_export
from syncrules.servers.model import Server, ServerRule, merge

from .checks import out_of_box_states as companions
from .context import Choices, Situation
from .moving_rules import Moving, is_mapped, moving_rules
from .placing import identifiers, references
from .placing import numbering as precedence

__all__ = ["Edit", "LeftOut", "Moved", "Plan", "PlanRefused", "plan", "plan_with"]


@dataclass(frozen=True, slots=True)
class Moved:
    """A rule that moves: as it was, and as the staging server gets it.

    `shown` is the precedence that the server will show once all rules are there, `created` the
    one that it shows right after this rule was added; a reference moves the numbers behind it.
    Both are `None` where the number of the rule that is named is not known.
    """

    moving: Moving = field(repr=False)
    becomes: SyncRule
    created: int | None = None
    shown: int | None = None

    @property
    def file(self) -> str:
        """The name of the export that holds it."""
        return self.moving.export.name

    @property
    def line(self) -> int:
        """The line of its New-ADSyncRule there, from 1."""
        return self.moving.line

    @property
    def was(self) -> SyncRule:
        """The rule as its export has it."""
        return self.moving.rule


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A rule that stays behind, and why."""

    file: str
    line: int
    rule: SyncRule
    why: str


class PlanRefused(Exception):
    """A plan with errors has no output. `diagnostics` holds them all."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "\n".join(f"{d.code}: {d.message}" for d in self.diagnostics if d.is_error)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a run would do, and everything that it found."""

    pairs: tuple[Pair, ...]
    moved: tuple[Moved, ...]
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
    not_checked: tuple[str, ...] = ()
    to_do: tuple[str, ...] = ()
    active: Server = field(default_factory=Server, repr=False)
    staging: Server = field(default_factory=Server, repr=False)
    files: tuple[Output, ...] = field(default=(), repr=False)

    def output(self) -> dict[str, bytes]:
        """Return the files to write, by name, in the order in which to run them.

        Raises PlanRefused where the plan has errors.
        """
        if has_errors(self.diagnostics):
            raise PlanRefused(self.diagnostics)
        return {f.name: f.data for f in self.files}


def plan(
    exports: Iterable[Export],
    *,
    staging: Server,
    active: Server | None = None,
    mapping: Mapping[str, str] | None = None,
    new_identifiers: str | None = None,
    first_precedence: int | None = None,
    keep_enabled: Iterable[str] = (),
    partial: bool = False,
    bare: bool = False,
) -> Plan:
    """Plan the move of the custom rules in `exports` to the staging server.

    `staging` is what is known of that server, `active` what is known of the other one besides
    the exports themselves. `mapping` gives connectors of the active server those of the staging
    server, by identifier. With `new_identifiers`, the rules get fresh identifiers made from that
    seed. With `first_precedence`, they are numbered anew from that number on. `keep_enabled`
    names out-of-box rules that stay enabled though they are disabled on the active server.
    `partial` allows custom rules of the active server to stay behind. `bare` leaves the prologue
    out.
    """
    choices = Choices(
        {_guid(old): _guid(new) for old, new in (mapping or {}).items()},
        new_identifiers,
        first_precedence,
        tuple(keep_enabled),
        partial,
        bare,
    )
    return plan_with(exports, staging, active or Server(), choices)


def plan_with(exports: Iterable[Export], staging: Server, active: Server, choices: Choices) -> Plan:
    """Plan the move, with everything that was decided in one value: see `plan`."""
    situation, findings = _situation(tuple(exports), active, staging, choices)
    resolutions, unresolved = references.resolve(situation)
    fresh = identifiers.fresh_identifiers(situation.moving, choices.new_identifiers)
    numbers, unnumbered = precedence.numbered_anew(situation, resolutions)
    becomes = [
        _becomes(situation, moving, resolutions.get(index), fresh, numbers.get(index))
        for index, moving in enumerate(situation.moving)
    ]
    steps = [_step(m, rule) for m, rule in zip(situation.moving, becomes, strict=True)]
    numbered = precedence.simulate(situation.staging.rules, steps)
    disabling, disabling_findings = companions.to_disable(situation)
    findings += [
        *disabling_findings,
        *identifiers.clashes(situation, fresh),
        *unresolved,
        *unnumbered,
        *numbered.not_free,
        *precedence.doubtful(steps),
        *other_neighbours(situation, numbered),
        *different_options(situation),
        *companions.reverse(situation),
        *companions.left_behind(situation),
        *stale_exports(situation),
        *changed_in_place(situation),
        *unknown_attributes(situation),
        *identifiers_in_texts(situation),
    ]
    drafts = tuple(_drafts(situation, becomes))
    planned = _by_export(situation.moving, becomes)
    if are_swapped(situation):  # all else would only say so again, rule by rule
        findings = [*wrong_sides(situation)]
    elif not has_errors(tuple(findings)):
        findings += [d for one in drafts for d in check(one, planned[id(one.export)])]
    disabled = tuple(d.pair for d in disabling)
    return Plan(
        pairs=situation.pairs,
        moved=tuple(_moved(situation, becomes, numbered)),
        edits=tuple(edit for one in drafts for edit in one.edits),
        left_out=tuple(_left_out(situation.exports)),
        diagnostics=tuple(findings),
        rule_pairs=tuple(_used(situation, resolutions, disabled)),
        anchors=tuple(_anchors(resolutions.values())),
        disabled=disabled,
        ladder=ladder(situation, becomes, numbered),
        not_checked=tuple(not_checked(situation)),
        to_do=tuple(to_do(situation, disabling)),
        active=situation.active,
        staging=situation.staging,
        files=tuple(_files(drafts, disabled)),
    )


def _guid(text: str) -> str:
    return parse_guid(text) or text


def _situation(
    exports: tuple[Export, ...], active: Server, staging: Server, choices: Choices
) -> tuple[Situation, list[Diagnostic]]:
    """Pair the servers; what an earlier run mapped says nothing of the active server."""
    known = merge((active, *(server_of_export(e) for e in exports if not is_mapped(e))))
    given = exports
    exports = references.in_order(exports, moving_rules(exports))
    moving = moving_rules(exports)
    pairing = pair_connectors(_needed(moving, known), known, staging, choices.mapping)
    connectors = {p.source: p.target for p in pairing.pairs}
    situation = Situation(
        exports,
        moving,
        known,
        staging,
        pairing.pairs,
        pair_rules(known, staging, connectors),
        choices,
    )
    findings = [d for e in given for d in e.diagnostics]
    findings += between_exports(replace(situation, exports=given))
    findings += wrong_sides(situation)
    findings += pairing.diagnostics
    return situation, findings


def _needed(moving: Iterable[Moving], known: Server) -> tuple[Needed, ...]:
    """Return the connectors of the rules to be moved, and of the rules that these refer to.

    In the order of their first mention.
    """
    named: dict[str, list[Moving]] = {}
    for m in moving:
        named.setdefault(m.rule.connector, []).append(m)
    needed = [
        Needed(connector, _finder(own[0], own[0].read.connector), all(m.is_mapped for m in own))
        for connector, own in named.items()
    ]
    homes = {r.identifier: r.connector for r in known.rules if r.is_out_of_box and r.identifier}
    for reference in (r for m in moving if not m.is_mapped for r in references.references(m)):
        home = homes.get(reference.to)
        if home is not None and home not in named:
            named[home] = []
            needed.append(Needed(home, _finder(reference.moving, reference.literal)))
    return tuple(needed)


def _finder(
    moving: Moving, literal: Text | Word
) -> Callable[[str, str, str, Severity], Diagnostic]:
    def find(code: str, message: str, hint: str, severity: Severity) -> Diagnostic:
        return moving.finding(code, message, hint, severity, literal.span)

    return find


def _becomes(
    situation: Situation,
    moving: Moving,
    resolution: references.Resolution | None,
    fresh: Mapping[str, str],
    number: int | None,
) -> SyncRule:
    """Return the rule as the staging server gets it."""
    rule = moving.rule
    connector = situation.connectors.get(rule.connector, rule.connector)
    identifier = fresh.get(rule.identifier or "", rule.identifier)
    rule = replace(rule, connector=connector, identifier=identifier)
    if number is not None:
        rule = replace(rule, precedence=number)
    if resolution is None:
        return rule
    to = fresh.get(resolution.to, resolution.to)
    if resolution.reference.parameter == "PrecedenceBefore":
        return replace(rule, precedence_before=to)
    return replace(rule, precedence_after=to)


def _step(moving: Moving, rule: SyncRule) -> precedence.Step:
    before, after = (
        None if r == ZERO_GUID else r for r in (rule.precedence_before, rule.precedence_after)
    )
    return precedence.Step(moving, rule.precedence or 0, before, after, rule.identifier)


def _by_export(
    moving: Sequence[Moving], becomes: Sequence[SyncRule]
) -> dict[int, tuple[SyncRule, ...]]:
    found: dict[int, list[SyncRule]] = {}
    for m, rule in zip(moving, becomes, strict=True):
        found.setdefault(id(m.export), []).append(rule)
    return {key: tuple(rules) for key, rules in found.items()}


def _drafts(situation: Situation, becomes: Sequence[SyncRule]) -> Iterator[Draft]:
    found: dict[int, list[tuple[Moving, SyncRule]]] = {}
    for moving, rule in zip(situation.moving, becomes, strict=True):
        found.setdefault(id(moving.export), []).append((moving, rule))
    for moved in found.values():
        yield draft(moved[0][0].export, moved, situation.pairs, bare=situation.choices.bare)


def _moved(
    situation: Situation, becomes: Sequence[SyncRule], numbered: precedence.Numbers
) -> Iterator[Moved]:
    for moving, rule, created, shown in zip(
        situation.moving, becomes, numbered.created, numbered.shown, strict=True
    ):
        if moving.rule.connector in situation.connectors:
            yield Moved(moving, rule, created, shown)


def _left_out(exports: Iterable[Export]) -> Iterator[LeftOut]:
    for export in exports:
        for read in export.read_rules:
            if read.rule.is_out_of_box:
                line, _ = export.source.line_and_column(read.command.start)
                why = "an out-of-box rule: the staging server has its own"
                yield LeftOut(export.name, line, read.rule, why)


def _used(
    situation: Situation,
    resolutions: Mapping[int, references.Resolution],
    disabled: tuple[RulePair, ...],
) -> Iterator[RulePair]:
    named = {r.reference.to for r in resolutions.values()}
    named |= {p.source.identifier or "" for p in disabled}
    yield from (p for identifier, p in situation.rules.pairs.items() if identifier in named)


def _anchors(resolutions: Iterable[references.Resolution]) -> Iterator[ServerRule]:
    named = {r.anchor.identifier: r.anchor for r in resolutions if isinstance(r.anchor, ServerRule)}
    yield from named.values()


def _files(drafts: Iterable[Draft], disabled: tuple[RulePair, ...]) -> Iterator[Output]:
    if disabled:
        data = disabling_script([p.target for p in disabled])
        yield Output(DISABLING, "", data)
    yield from (d.output for d in drafts)
