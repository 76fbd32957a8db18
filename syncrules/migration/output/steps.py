"""What the files given could not show, and what is left for a person to do."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.pairing.connector_pairs import Basis
from syncrules.servers.model import Facet

from ..context import Context
from ..only_on_staging import added_custom_rules
from ..output_names import DISABLE_SCRIPT
from ..plan import Step
from ..selection import selections

__all__ = ["not_checked", "to_do"]

_FOLDER = "Get-ADSyncServerConfiguration folder"


def not_checked(context: Context) -> Iterator[str]:
    """Yield what could not be checked, each with the file that would settle it."""
    active, staging = context.active, context.staging
    if any(p.basis is Basis.ASSUMED for p in context.pairing.pairs):
        yield (
            "whether the assumed connectors are a pair (settled by both servers' connector lists: "
            "Get-ADSyncConnector | ConvertTo-Json -Depth 4)"
        )
    if not active.is_complete_in(Facet.RULES):
        yield (
            "whether the active server has more custom rules than the exports hold (settled by its "
            f"{_FOLDER})"
        )
    if not _states_known(context):
        yield (
            "whether more out-of-box rules are disabled on the active server than its exports "
            "show: a clone moved without disabling its original on staging makes two join rules, "
            f"and joins fail (settled by both servers' {_FOLDER}s)"
        )
    if not staging.is_complete_in(Facet.RULES):
        yield (
            "precedences, names and identifiers already taken on the staging server, beyond what "
            f"its files show (settled by its {_FOLDER})"
        )
    if staging.metaverse is None:
        yield (
            "whether the staging server's schema has every attribute that the rules name (settled "
            f"by its {_FOLDER})"
        )
    if not staging.staging_modes:
        yield f"whether the staging server is in staging mode (settled by its {_FOLDER})"
    yield from _selection(context)


def _selection(context: Context) -> Iterator[str]:
    pairs = tuple(selections(context))
    unknown = [pair for pair in pairs if not pair.are_known]
    selected = "selected attributes and object types"
    rest = selected if len(unknown) == len(pairs) else f"{selected} that no rule here names"
    yield (
        f"domain and OU filtering, {rest}, and run profiles: no file is compared for them (settled "
        "by looking at both servers)"
    )
    if len(unknown) < len(pairs):
        for pair in unknown:
            name = pair.staging.label or pair.staging.identifier
            yield f"{selected} of {name} (settled by both servers' {_FOLDER}s)"


def _states_known(context: Context) -> bool:
    active = context.active
    return active.is_complete_in(Facet.RULES) and all(
        r.disabled is not None for r in active.rules if r.is_out_of_box
    )


def to_do(context: Context) -> Iterator[Step]:
    """Yield the steps that no file can do, in their order."""
    disabling = context.placing.disabling
    urgent = [d for d in disabling if d.beside]
    if urgent:
        names = ", ".join(f"'{d.pair.staging.name}'" for d in urgent)
        yield Step(
            f"First: run .\\{DISABLE_SCRIPT} on the staging server, or joins fail there ({names}).",
            done_by_kit=True,
        )
    yield Step("On both servers the same forests, domain and OU filtering, and optional features.")
    yield Step("Refresh the directory schema on the staging server if it was extended.")
    added = [f"'{rule.name}'" for rule in added_custom_rules(context) if not rule.disabled]
    if added:
        yield Step(
            "Delete or disable on the staging server the custom rules that only it has, unless "
            f"they should run after the switch: {', '.join(added)}."
        )
    yield Step(
        "See that no synchronization cycle runs meanwhile (Get-ADSyncScheduler). Its settings are "
        "kept in Microsoft Entra ID: what is changed there counts for both servers."
    )
    if disabling and not urgent:
        yield Step(
            f"Run .\\{DISABLE_SCRIPT} on the staging server before the first synchronization.",
            done_by_kit=True,
        )
    if not _states_known(context):
        yield Step(
            "Disable on the staging server the out-of-box rules that are disabled on the active "
            "server and that no file given shows."
        )
    yield Step(
        "Run the files there, in Windows PowerShell 5.1 as a member of ADSyncAdmins, one after "
        "another in the order above, each as .\\name.ps1.",
        done_by_kit=True,
    )
    yield Step(
        "Run a full import and a full synchronization on every connector: "
        "Start-ADSyncSyncCycle -PolicyType Initial."
    )
    yield Step(
        'Verify before you switch: csexport "CONNECTOR NAME" export.xml /f:x, then '
        "CSExportAnalyzer export.xml > export.csv."
    )
    yield Step(
        "Then put the active server into staging mode first, and the new one out of it second."
    )
