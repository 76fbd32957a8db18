"""The order in which a plan is made, phase by phase, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from syncrules.diagnostics import Diagnostic, has_errors
from syncrules.exports.export import Export
from syncrules.pairing.out_of_box_rules import RulePair
from syncrules.rules.guids import parse_guid
from syncrules.servers.model import Server, ServerRule

from .checks import CHECKS, right_server
from .context import Choices, Context
from .output.disable_script import disable_script
from .output.mapped_files import mapped_files, read_again
from .output.steps import not_checked, to_do
from .output_names import DISABLE_SCRIPT
from .paired_servers import paired_servers
from .placing import place
from .placing.ladder import ladder
from .plan import LeftOut, LeftOutReason, Output, Plan

__all__ = ["plan", "plan_with"]


def plan(
    exports: Export | Iterable[Export],
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
    seed. With `first_precedence`, they are renumbered from that precedence on. `keep_enabled`
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
    given = (exports,) if isinstance(exports, Export) else tuple(exports)
    return plan_with(given, staging, active or Server(), choices)


def _guid(text: str) -> str:
    return parse_guid(text) or text


def plan_with(exports: Iterable[Export], staging: Server, active: Server, choices: Choices) -> Plan:
    """Plan the move, with everything that was decided in one value: see `plan`."""
    context = paired_servers(tuple(exports), active, staging, choices)
    context = replace(context, placing=place(context))
    diagnostics = _checked(context)
    outputs, edits = mapped_files(context)
    if not has_errors(diagnostics):
        outputs, wrong = read_again(context, outputs)
        diagnostics += wrong
    disabled = tuple(d.pair for d in context.placing.disabling)
    return Plan(
        pairs=context.pairing.pairs,
        rules=tuple(r for r in context.placing.rules if r.before.connector in context.connectors),
        edits=edits,
        left_out=tuple(_left_out(context.exports)),
        diagnostics=diagnostics,
        rule_pairs=tuple(_used(context)),
        anchors=tuple(_anchors(context)),
        disabled=disabled,
        ladder=ladder(context),
        not_checked=tuple(not_checked(context)),
        to_do=tuple(to_do(context)),
        active=context.active,
        staging=context.staging,
        files=(*_disable_scripts(disabled), *outputs),
    )


def _checked(context: Context) -> tuple[Diagnostic, ...]:
    if right_server.are_swapped(context):  # all else would only say so again, rule by rule
        return tuple(right_server.wrong_servers(context))
    own = (d for export in context.given for d in export.diagnostics)
    return (*own, *(d for check in CHECKS for d in check(context)))


def _disable_scripts(disabled: tuple[RulePair, ...]) -> Iterator[Output]:
    if disabled:
        yield Output(DISABLE_SCRIPT, disable_script(pair.staging for pair in disabled))


def _left_out(exports: Iterable[Export]) -> Iterator[LeftOut]:
    for export in exports:
        for placed in export.placed_rules:
            if placed.rule.is_out_of_box:
                line, _ = export.source.line_and_column(placed.command.start)
                yield LeftOut(export.name, line, placed.rule, LeftOutReason.OUT_OF_BOX)


def _used(context: Context) -> Iterator[RulePair]:
    """Yield the pairs of out-of-box rules that the plan rests on."""
    resolutions = (r.resolution for r in context.placing.rules)
    named = {r.reference.to for r in resolutions if r is not None}
    named |= {d.pair.active.identifier or "" for d in context.placing.disabling}
    yield from (p for identifier, p in context.rules.pairs.items() if identifier in named)


def _anchors(context: Context) -> Iterator[ServerRule]:
    anchors = (r.resolution.anchor for r in context.placing.rules if r.resolution is not None)
    yield from {a.identifier: a for a in anchors if isinstance(a, ServerRule)}.values()
