"""Commands that no export has, by name: what they do, where that is known, and what to do then.

Source of what the ADSync cmdlets do: Microsoft's reference of the module and its pages on the
scheduler, on staging servers and on upgrades; for the cmdlets of rules, which Microsoft does not
document, public scripts.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from syncrules.diagnostics import Code, Problem
from syncrules.wording import BY_EDITOR

__all__ = [
    "EXPORT_COMMANDS",
    "adsync_command",
    "foreign_command",
    "harmless_parameters",
    "is_foreign",
    "is_of_an_export",
]

EXPORT_COMMANDS = (
    *("New-ADSyncRule", "Add-ADSyncAttributeFlowMapping", "New-Object"),
    *("Add-ADSyncScopeConditionGroup", "Add-ADSyncJoinConditionGroup", "Add-ADSyncRule"),
    *("Get-ADSyncRule", "Import-Module"),
)
"""The commands of an export, and `Import-Module`, which people add."""

_HARMLESS = {
    "Write-Host": ("Object", "Separator", "NoNewline", "ForegroundColor", "BackgroundColor"),
    "Write-Output": ("InputObject", "NoEnumerate"),
    "Write-Information": ("MessageData", "Tags"),
    "Write-Warning": ("Message",),
    "Write-Verbose": ("Message",),
    "Write-Debug": ("Message",),
    "Write-Progress": ("Activity", "Status", "Id", "PercentComplete", "Completed"),
    "Start-Sleep": ("Seconds", "Milliseconds"),
    "Get-Date": ("Format",),
    "Clear-Host": (),
}
"""Commands that touch no variable, function, alias, module, drive or preference, whatever they are
given, with the parameters of which that is true: common ones may name variables. Any other may give
the rules' commands and variables another meaning; a path such as variable:x is enough.
"""

_OF_AN_EXPORT = frozenset(name.lower() for name in EXPORT_COMMANDS)
_HARMLESS_PARAMETERS = {
    name.lower(): frozenset(p.lower() for p in parameters) for name, parameters in _HARMLESS.items()
}
_COMMAND = re.compile(r"[A-Za-z][A-Za-z0-9_.\\-]*:?")

_LATER = "Delete it, and run it yourself when all rules are on the staging server."
_BEFORE = "Delete it. If it is needed, run it yourself before you run the output."
_BY_ITSELF = "Delete it, and run it by itself if it is needed."

_KNOWN = {
    "Set-ADSyncScheduler": (
        "changes the schedule of both servers, because Microsoft Entra ID keeps it. If the script "
        "stops at an error between two of these commands, both servers stop synchronizing.",
        "Delete it. Pause synchronization yourself before you run the output, and resume it when "
        "you have checked the rules.",
    ),
    "Start-ADSyncSyncCycle": ("would synchronize in the middle of the migration.", _LATER),
    "Stop-ADSyncSyncCycle": (
        "would stop the synchronization cycle that is running.",
        "Delete it. Make sure yourself that no cycle is running before you run the output.",
    ),
    "Invoke-ADSyncRunProfile": (
        "would import, synchronize or export in the middle of the migration.",
        _LATER,
    ),
    "Sync-ADSyncCSObject": (
        "previews what the rules do to one object, and may commit it.",
        f"{_LATER} It is the way to test a rule.",
    ),
    "Set-ADSyncSchedulerConnectorOverride": (
        "sets which connectors the next cycle imports or synchronizes in full.",
        _LATER,
    ),
    "Invoke-ADSyncCSObjectPasswordHashSync": ("would synchronize a password.", _LATER),
    "Remove-ADSyncRule": (
        "deletes a rule from the server that the script runs on.",
        "Delete the command. If the staging server has a rule that must go, delete that rule in "
        "its Synchronization Rules Editor before you run the output.",
    ),
    "Set-ADSyncRule": (
        "is not known to exist in Microsoft's ADSync module.",
        "Delete it. To change a rule, change it in the Synchronization Rules Editor of the active "
        "server, and export it there again (select, then Export).",
    ),
    "Remove-ADSyncAttributeFlowMapping": (
        "takes attribute flows out of a rule again.",
        "Delete it together with the Add-ADSyncAttributeFlowMapping of those flows, or export the "
        f"rule again {BY_EDITOR}.",
    ),
    "Set-ADSyncServerConfiguration": (
        "would overwrite the configuration of the whole server, which Microsoft does not support.",
        "Delete it.",
    ),
    "Set-ADSyncGlobalSettings": ("changes settings of the whole server.", _BEFORE),
    "Set-ADSyncAutoUpgrade": ("changes whether the server upgrades itself.", _BY_ITSELF),
    "Enable-ADSyncExportDeletionThreshold": (
        "changes the protection against accidental deletions.",
        _BY_ITSELF,
    ),
    "Disable-ADSyncExportDeletionThreshold": (
        "turns off the protection against accidental deletions.",
        _BY_ITSELF,
    ),
    **dict.fromkeys(
        (
            *("Get-ADSyncConnector", "Get-ADSyncScheduler", "Get-ADSyncGlobalSettings"),
            *("Get-ADSyncSchema", "Get-ADSyncRuleAudit", "Get-ADSyncSchedulerConnectorOverride"),
            *("Get-ADSyncServerConfiguration", "Get-ADSyncAutoUpgrade", "Get-ADSyncCSObject"),
            *("Get-ADSyncMVObject", "Get-ADSyncExportDeletionThreshold"),
            *("Get-ADSyncRunProfileResult", "Get-ADSyncRunStepResult", "Get-ADSyncCSObjectLog"),
            *("Get-ADSyncDatabaseConfiguration", "Test-AdSyncAzureServiceConnectivity"),
            "Test-AdSyncUserHasPermissions",
        ),
        (
            "only queries the server, and is not part of an export.",
            "Delete it. To see its answer, run it by itself on the server.",
        ),
    ),
    **dict.fromkeys(
        (
            *("Add-ADSyncAADServiceAccount", "Add-ADSyncADDSConnectorAccount"),
            *("Remove-ADSyncAADServiceAccount", "Start-ADSyncPurgeRunHistory"),
            "Stop-ADSyncRunProfile",
        ),
        ("changes the server itself, and is not part of an export.", _BY_ITSELF),
    ),
}
_ADSYNC = {name.lower(): Problem(Code.SR208, f"{name} {w}", h) for name, (w, h) in _KNOWN.items()}


def is_of_an_export(name: str) -> bool:
    """Return whether a word is the name of a command of an export."""
    return name.lower() in _OF_AN_EXPORT


def is_foreign(name: str) -> bool:
    """Return whether a word is the plain name of a command that no export has."""
    return _COMMAND.fullmatch(name) is not None and not is_of_an_export(name)


def harmless_parameters(name: str) -> Collection[str] | None:
    """Return the parameters, in lower case, with which a command leaves all else alone, if any."""
    return _HARMLESS_PARAMETERS.get(name.lower())


def adsync_command(name: str) -> Problem | None:
    """Return what is known of a command of the ADSync module that people add to their scripts."""
    return _ADSYNC.get(name.lower().removeprefix("adsync\\"))


def foreign_command(name: str) -> Problem:
    """Return the problem of a command that no export has, whatever its arguments are."""
    if name.lower() in _HARMLESS_PARAMETERS:
        return Problem(
            Code.SR208,
            f"{name} is not a command found in exported rules.",
            "Remove it from the file. --keep-foreign keeps it if its arguments are plain: numbers, "
            "and texts in single quotes.",
        )
    return adsync_command(name) or Problem(
        Code.SR208,
        f"{name} is not a command found in exported rules; syncrules cannot tell what it would do.",
        "Remove it from the file, and run it by itself if it is needed.",
    )
