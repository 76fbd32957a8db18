"""The order in which a plan is made, phase by phase, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from syncrules.collector import paused_collector
from syncrules.diagnostics import Code, Diagnostic, grouped, has_errors
from syncrules.exports.export import Export
from syncrules.rules.guids import parse_guid
from syncrules.servers.model import Server

from .checks import CHECKS, right_server
from .checks.in_place_changes import changed_rules
from .context import Choices, Context
from .left_out import left_out
from .output.disable_script import disable_outputs
from .output.mapped_files import mapped_files, read_again
from .output.steps import to_do, unchecked
from .paired_servers import paired_servers
from .placing import place
from .placing.anchors import anchors, rule_pairs
from .placing.ladder import ladder
from .plan import Plan

__all__ = ["plan", "plan_with"]


def plan(
    exports: Export | Iterable[Export],
    *,
    staging: Server,
    active: Server | None = None,
    mapping: Mapping[str, str] | None = None,
    new_identifiers: str | None = None,
    first_precedence: int | None = None,
    keep_enabled: str | Iterable[str] = (),
    partial: bool = False,
    bare: bool = False,
    one_by_one: bool = False,
    leave: str | Iterable[str] = (),
) -> Plan:
    """Plan the move of the custom rules in `exports` to the staging server.

    `staging` is what is known of that server, `active` what is known of the other one besides
    the exports themselves. `mapping` gives connectors of the active server those of the staging
    server, by name or identifier. With `new_identifiers`, the rules get fresh identifiers made
    from that seed. With `first_precedence`, they are renumbered from that precedence on.
    `keep_enabled` names out-of-box rules that stay enabled though they are disabled on the active
    server.
    `partial` allows custom rules of the active server to stay behind. `bare` leaves the prologue
    out. `leave` names, by name or identifier, custom rules that stay behind, or connectors whose
    rules all do. With `one_by_one`, the plan is for a kit, which creates each rule by itself: the
    rules are put into the right order, whatever that of the files is.
    """
    choices = Choices(
        {_guid(old): _guid(new) for old, new in (mapping or {}).items()},
        new_identifiers,
        first_precedence,
        _several(keep_enabled),
        partial,
        bare,
        _several(leave),
        one_by_one,
    )
    given = (exports,) if isinstance(exports, Export) else tuple(exports)
    return plan_with(given, staging, active or Server(), choices)


def _guid(text: str) -> str:
    return parse_guid(text) or text


def _several(names: str | Iterable[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def plan_with(exports: Iterable[Export], staging: Server, active: Server, choices: Choices) -> Plan:
    """Plan the move, with everything that was decided in one value: see `plan`."""
    with paused_collector():
        return _plan(tuple(exports), staging, active, choices)


def _plan(exports: tuple[Export, ...], staging: Server, active: Server, choices: Choices) -> Plan:
    servers = paired_servers(exports, active, staging, choices)
    context = servers.placed(place(servers))
    diagnostics = grouped(_checked(context))
    outputs, edits = mapped_files(context)
    if not has_errors(diagnostics):
        outputs, wrong = read_again(context, outputs)
        diagnostics = grouped((*diagnostics, *wrong))
    disabled = tuple(d.pair for d in context.placing.disabling)
    return Plan(
        exports=context.given,
        pairs=context.pairing.pairs,
        rules=tuple(r for r in context.placing.rules if r.before.connector in context.connectors),
        edits=edits,
        left_out=tuple(left_out(context)),
        diagnostics=diagnostics,
        rule_pairs=rule_pairs(context),
        anchors=anchors(context),
        disabled=disabled,
        ladder=ladder(context),
        unchecked=tuple(unchecked(context)),
        to_do=tuple(to_do(context)),
        changed=tuple(changed_rules(context)),
        active=context.active,
        staging=context.staging,
        files=(*disable_outputs(disabled), *outputs),
        one_by_one=choices.one_by_one,
    )


def _checked(context: Context) -> tuple[Diagnostic, ...]:
    if right_server.are_swapped(context):  # all else would only say so again, rule by rule
        return (right_server.swapped(context),)
    own = (d for e in context.given for d in e.diagnostics if not _is_mended(context, d, e))
    return (*own, *(d for check in CHECKS for d in check(context)))


def _is_mended(context: Context, diagnostic: Diagnostic, export: Export) -> bool:
    """Return whether renumbering takes away what an export's own diagnostic warns of."""
    if diagnostic.code is not Code.SR332 or diagnostic.is_error:
        return False
    is_mapped = any(m.is_mapped for m in context.custom if m.export is export)
    return context.choices.first_precedence is not None and not is_mapped
