"""Whole rules in which something may give a variable, a command or a preference another meaning.

Most of it is refused by every reader of exports. What is read must leave the rules that PowerShell
makes of it: running.py runs the script and tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .generate import Writer

__all__ = ["rebound_script"]

# Names of common parameters that name variables: whole, as aliases, abbreviated, in other case.
COMMON = (
    "OutVariable", "OutVariable", "ErrorVariable", "WarningVariable", "InformationVariable",
    "PipelineVariable", "ov", "ev", "wv", "iv", "pv", "OutV", "outvar", "OV", "Out", "O", "ErrorV",
    "errorvariable", "WarningVar", "Inf", "Information", "Pipe", "PV", "P", "OUTVARIABLE",
)  # fmt: skip

NAMES = (
    "syncRule", "syncRule", "SYNCRULE", "condition0", "Condition0", "condition1", "c", "C", "r2",
    "'syncRule'", '"syncRule"', "'condition0'", "‘syncRule’", "+syncRule", "+c", "'+syncRule'",
    '"+condition0"', "++syncRule", "global:syncRule", "script:c", "local:syncRule", "private:c",
    "'global:condition0'", "variable:syncRule", "env:c", "function:New-ADSyncRule", "global:",
    "syncRule[0]", "$syncRule", "${syncRule}", "'sync Rule'", "sync-Rule", "''", "' syncRule'", "1",
    "Error", "_", "args", "null", "ErrorActionPreference", "PSDefaultParameterValues", "é", "'c '",
    "\"syncRule`0\"", "'syncRule\n'", "@('syncRule')", "a,syncRule", "+", "this",
)  # fmt: skip

BETWEEN = (" ", " ", " ", ":", ": ", "  ", "\t", " `\n")

# Commands that may be given a common parameter, and stand between the commands of a rule.
COMMANDS = (
    "Get-ADSyncRule", "Get-ADSyncRule", "get-adsyncrule", "Import-Module ADSync",
    "Import-Module ADSync -Force", "Import-Module -Name 'ADSync' -DisableNameChecking",
    "Write-Host 'x'", "Write-Output 1", "write-output 'x'", "Write-Warning 'x'", "Write-Verbose 'x'",
    "Start-Sleep -Milliseconds 1", "Get-Date", "Add-ADSyncRule -SynchronizationRule $syncRule[0]",
    "New-Object -TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition' "
    "-ArgumentList 'a','b','EQUAL'",
    "New-Object -TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.JoinCondition' "
    "-ArgumentList 'a','b',$false",
    "New-Object System.Text.StringBuilder",
    "Add-ADSyncAttributeFlowMapping -SynchronizationRule $syncRule[0] -Source @('sn') "
    "-Destination 'sn' -FlowType 'Direct' -ValueMergeType 'Update'",
    "Add-ADSyncScopeConditionGroup -SynchronizationRule $syncRule[0] "
    "-ScopeConditions @($condition0[0])",
)  # fmt: skip

# Whole statements, of the kinds that can empty, replace or hide what a rule uses.
STATEMENTS = (
    # variables
    "Remove-Variable syncRule", "Remove-Variable -Name c", "rv c", "Clear-Variable syncRule", "clv c",
    "Set-Variable c 'x'", "Set-Variable -Name syncRule -Value @()", "sv c x", "New-Variable r2 1",
    "Set-Variable c 'x' -Option Constant", "Get-Variable syncRule", "$syncRule = $null",
    "$syncRule = @()", "$syncRule = 'x'", "$c = ''", "$C = 'x'", "$c = $null", "$c = 5",
    "$c='7fc09ba6-9b41-4ebd-b6a3-1e5d4dd2f18c'", "$syncRule[0] = $null", "$syncRule.Clear()",
    "$syncRule.RemoveAt(0)", "$syncRule += 'x'", "$global:syncRule = 'x'", "$script:c = 'x'",
    "${syncRule} = 'x'", "$condition0 = 'x'", "$condition0 = $null", "[string] $c = 'x'", "$c, $d = 1",
    "$syncRule[0].Precedence = 5", "$syncRule | Out-Null", "$Error.Clear()", "$r2 = $syncRule[0]",
    # drives
    "Set-Content variable:c 'x'", "Set-Content -Path 'variable:syncRule' -Value 'x'",
    "Clear-Content variable:c", "Add-Content variable:c 'x'", "Set-Item variable:c 'x'",
    "Clear-Item variable:syncRule", "Remove-Item variable:syncRule", "New-Item variable:x -Value 1",
    "Set-Content 'function:New-ADSyncRule' 'x'", "Set-Item function:Add-ADSyncRule { 1 }",
    "Set-Content alias:Add-ADSyncRule Write-Output", "Set-Content env:c 'x'", "Set-Location variable:",
    "Remove-Item function:Write-Host", "Copy-Item variable:c variable:syncRule", "cd env:", "Get-Item .",
    "Rename-Item variable:c syncRule", "Out-File variable:c", "Tee-Object -Variable c",
    # commands
    "Set-Alias Add-ADSyncRule Write-Output", "New-Alias -Name New-ADSyncRule -Value Get-Date",
    "sal Out-Null Write-Host", "function Add-ADSyncRule { }", "function global:Get-ADSyncRule { 1 }",
    "filter New-ADSyncRule { 1 }", "Import-Module Az", "Import-Module ADSync -Prefix x",
    "Import-Module ADSync -Alias *", "Import-Module ADSync -Variable syncRule", "ipmo ADSync",
    "Import-Module ADSync -Function New-ADSyncRule", "Import-Module .\\ADSync.psm1", "Remove-Module ADSync",
    "Import-Module ADSync, x", "Import-Module 'C:\\x\\ADSync'", "using module x", "New-Module { }",
    # preferences
    "$ErrorActionPreference = 'Stop'", "$erroractionpreference = \"stop\"", "$ConfirmPreference = 'None'",
    "$ErrorActionPreference = 'SilentlyContinue'", "$ErrorActionPreference = 1", "$WhatIfPreference = 1",
    "$WhatIfPreference = $true", "$WhatIfPreference = 'x'", "$PSDefaultParameterValues = 'x'", "$OFS = ''",
    "$PSDefaultParameterValues = @{ 'New-ADSyncRule:Disabled' = $true }", "$PSModuleAutoLoadingPreference = 'None'",
    "$PSDefaultParameterValues['*:OutVariable'] = 'c'", "$VerbosePreference = 'Continue'", "$MaximumErrorCount = 1",
    "$PSNativeCommandArgumentPassing = 'x'", "Set-StrictMode -Version Latest", "Set-PSDebug -Strict",
    "$InformationPreference = 'Continue'", "$WarningPreference = 'Stop'", "Set-ExecutionPolicy Bypass",
    # the server
    "Set-ADSyncScheduler -SyncCycleEnabled $false", "Start-ADSyncSyncCycle -PolicyType Delta",
    "Stop-ADSyncSyncCycle", "Remove-ADSyncRule -Identifier 'x'", "Set-ADSyncAADCompanyFeature x",
    "Disable-ADSyncExportDeletionThreshold", "Get-ADSyncScheduler", "Get-ADSyncConnector",
    "Enable-ADSyncExportDeletionThreshold 5", "Add-ADSyncConnector $c", "Get-ADSyncConnector -ov c",
    # nothing
    "Write-Host 'x'", "Start-Sleep -Milliseconds 1", "Write-Output 'x' | Out-Null", "# c", "<# c\n#>",
    "Import-Module ADSync", "Get-ADSyncRule", "Get-ADSyncRule | Out-Null", "Get-Date", "",
)  # fmt: skip


def rebound_script(writer: Writer) -> str:
    """Return a whole rule, or two, in which a few things may change what its commands mean."""
    writer = writer.plainer()
    commands = [c for _ in range(writer.pick((1, 1, 2))) for c in writer.rule()]
    for _ in range(writer.pick((1, 1, 2, 3))):
        _change(writer, commands)
    return writer.laid_out(commands)


def _change(writer: Writer, commands: list[list[str]]) -> None:
    """Make one change among the commands of a rule."""
    at = writer.random.randint(0, len(commands))
    match writer.random.randrange(6):
        case 0:
            commands.insert(at, [writer.pick(STATEMENTS)])
        case 1 | 2:
            commands.insert(at, [writer.pick(COMMANDS) + " ", _common(writer)])
        case 3:
            writer.pick(commands).append(_common(writer))
        case 4:
            _rename(writer, commands)
        case _:
            _give_connector(writer, commands)


def _common(writer: Writer) -> str:
    """Return a common parameter that names a variable, with its value."""
    between = writer.pick(BETWEEN)
    return f"{writer.pick('-----–—')}{writer.pick(COMMON)}{between}{writer.pick(NAMES)}"


def _rename(writer: Writer, commands: list[list[str]]) -> None:
    """Give a variable another name where it is made or used, or at every place from one on."""
    old, new = (writer.pick(("syncRule", "condition0", "condition1", "r2")) for _ in "12")
    start = writer.random.randrange(len(commands))
    end = start + writer.pick((1, 2, len(commands)))
    for command in commands[start:end]:
        command[:] = [piece.replace(old, writer.pick((new, new.upper()))) for piece in command]


def _give_connector(writer: Writer, commands: list[list[str]]) -> None:
    """Give the connector of a rule as a variable, assigned above it, below it or twice."""
    for at, command in enumerate(commands):
        for number, piece in enumerate(command):
            if piece.startswith("-Connector '"):
                name = writer.pick(("c", "C", "connector", "syncRule", "r2", "_c"))
                command[number] = f"-Connector ${writer.pick((name, name.upper()))}"
                literal = piece.removeprefix("-Connector ")
                places = [
                    writer.pick((0, at, at, at + 1)) for _ in range(writer.pick((1, 1, 1, 2)))
                ]
                for place in sorted(places, reverse=True):
                    commands.insert(place, [f"${name} = {literal}"])
                return
