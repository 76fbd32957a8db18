"""What the files given could not show, and what is left for a person to do."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.pairing.connector_pairs import Basis
from syncrules.pairing.connector_text import CONNECTOR_LIST
from syncrules.servers.model import Facet
from syncrules.wording import first_of

from ..context import Context
from ..only_on_staging import added_custom_rules
from ..output_names import DISABLE_SCRIPT
from ..plan import Step, Unchecked
from ..selection import selections

__all__ = ["to_do", "unchecked"]

_FOLDER = "give the {} Get-ADSyncServerConfiguration folder"
_ACTIVE, _STAGING = _FOLDER.format("active server's"), _FOLDER.format("staging server's")
_BOTH = "give both servers' Get-ADSyncServerConfiguration folders"
_LISTS = f"give both servers' {CONNECTOR_LIST}"
_LOOK = "look at both servers"


def unchecked(context: Context) -> Iterator[Unchecked]:
    """Yield what could not be checked, each with the file that would tell."""
    active, staging = context.active, context.staging
    if any(p.basis is Basis.ASSUMED for p in context.pairing.pairs):
        yield Unchecked("whether the assumed connectors belong together", _LISTS)
    if not active.is_complete_in(Facet.RULES):
        yield Unchecked(
            "whether the active server has more custom rules than were exported", _ACTIVE
        )
    if not _states_known(context):
        yield Unchecked(
            "whether the active server has more disabled out-of-box rules",
            _ACTIVE,
        )
    if not staging.is_complete_in(Facet.RULES):
        yield Unchecked(
            "which precedences, names and identifiers are taken on the staging server", _STAGING
        )
    if staging.metaverse is None:
        yield Unchecked(
            "whether the staging server's schema has every attribute in the rules", _STAGING
        )
    if not staging.staging_modes:
        yield Unchecked("whether the staging server is in staging mode", _STAGING)
    yield from _selection(context)


def _selection(context: Context) -> Iterator[Unchecked]:
    pairs = tuple(selections(context))
    unknown = [pair for pair in pairs if not pair.are_known]
    selected = "selected attributes and object types"
    rest = selected if len(unknown) == len(pairs) else f"{selected} that no rule here names"
    yield Unchecked(
        f"domain and OU filtering, {rest}, and run profiles (no file is compared)",
        _LOOK,
    )
    if len(unknown) < len(pairs):
        for pair in unknown:
            yield Unchecked(
                f"{selected} of {context.staging.label(pair.staging.identifier)}", _BOTH
            )


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
        yield Step(
            f"First: run .\\{DISABLE_SCRIPT} on the staging server, or joins fail.",
            done_by_kit=True,
        )
    yield Step("Make sure both servers have the same forests, filtering, optional features.")
    yield Step("Refresh the directory schema on the staging server if it was extended.")
    added = [context.staging.named(r) for r in added_custom_rules(context) if not r.disabled]
    if added:
        yield Step(
            "Delete or disable on the staging server the custom rules that only it has, unless "
            f"they should run after the switch: {first_of(added)}."
        )
    yield Step(
        "Make sure no synchronization cycle is running (Get-ADSyncScheduler); a change of its "
        "settings counts for both servers."
    )
    if disabling and not urgent:
        yield Step(
            f"Run .\\{DISABLE_SCRIPT} on the staging server before the first synchronization.",
            done_by_kit=True,
        )
    if not _states_known(context):
        yield Step("Disable there every other out-of-box rule disabled on the active server.")
    if context.choices.one_by_one:
        yield Step(
            "Copy the kit to the staging server and follow its README.txt: 1-check.ps1, "
            "2-apply.ps1, 3-verify.ps1."
        )
    else:
        yield Step(
            "Run the files there in the order above, each as .\\name.ps1, in Windows PowerShell "
            "5.1 as a member of ADSyncAdmins.",
            done_by_kit=True,
        )
    yield Step("Run a full synchronization: Start-ADSyncSyncCycle -PolicyType Initial")
    yield Step(
        'Verify before you switch: csexport "CONNECTOR NAME" export.xml /f:x, then '
        "CSExportAnalyzer export.xml > export.csv."
    )
    yield Step("Put the active server into staging mode first; then take the new one out.")
