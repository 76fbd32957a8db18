<#
.SYNOPSIS
Asks again for the full imports and full synchronizations that defer-full-sync.ps1 put off.
.DESCRIPTION
Sets exactly what deferred-full-sync.json lists, and reads it back. The record is renamed once all are set.
Then the scheduler is turned on, if it is off: its next cycle makes them. This script starts no cycle itself.
.PARAMETER Scheduler
What to do with the synchronization scheduler where it is off; its setting is shared by both servers.
Ask: asks. Enable: turned on. Leave: stays off.
.PARAMETER WhatIf
Shows what would be done, and changes nothing.
.PARAMETER Confirm
Asks before each change.
.EXAMPLE
.\resume-full-sync.ps1 -Scheduler Enable
#>
[CmdletBinding(SupportsShouldProcess)]
param([ValidateSet('Ask', 'Enable', 'Leave')] [string] $Scheduler = 'Ask')
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'lib/changing.ps1')
. (Join-Path $PSScriptRoot 'lib/deferral.ps1')

# Returns whether the scheduler is to be turned on. Asks before anything is changed.
function Get-EnableDecision([string] $Scheduler, [bool] $HasRecord, [bool] $IsWhatIf) {
    if ((Get-Scheduler).SyncCycleEnabled -or $Scheduler -eq 'Leave') { return $false }
    if ($Scheduler -eq 'Enable') { return $true }
    if ($IsWhatIf -or -not $HasRecord) { return $false }
    $word = Read-Choice @(
        'The synchronization scheduler is off. Its setting is kept in Microsoft Entra ID and shared by both'
        'servers: to turn it on here turns on the cycles of the other server too.'
        '  enable  turn it on when the full synchronizations are set'
        '  leave   stays off'
        '  cancel  change nothing') 'enable', 'leave', 'cancel' `
        'Choose in advance with: -Scheduler Enable or -Scheduler Leave.'
    if ($word -eq 'cancel') { Stop-Kit 'Cancelled. Nothing was changed.' }
    $word -eq 'enable'
}

# Returns how many were declined.
function Resume-Connectors($Caller, [object[]] $Recorded) {
    $declined = 0
    foreach ($connector in $Recorded) {
        $name = Format-Name $connector.name
        $flags = Format-Flags $connector
        if (-not (Test-Consent $Caller $name "ask for $flags")) { $declined++; continue }
        Set-Flags $connector.identifier $true $connector
        Write-Lines "  ${name}: asks for $flags again"
    }
    $declined
}

function Enable-Scheduler {
    Invoke-Unasked { $null = Set-ADSyncScheduler -SyncCycleEnabled $true }
    if (-not (Get-Scheduler).SyncCycleEnabled) { Stop-Kit 'The scheduler was not turned on: it is still off.' }
    Write-Lines 'The scheduler is on.'
}

# Returns whether nothing was declined.
function Invoke-Resume($Caller, [string] $Scheduler, [bool] $IsWhatIf) {
    Assert-PlansServer $PSScriptRoot
    Assert-NoCycle
    $recorded = @(Read-Record $PSScriptRoot)
    Assert-RecordServer $recorded
    if (-not $recorded) { Write-Lines "Nothing to resume: there is no $script:DeferralFile here." }
    $enable = Get-EnableDecision $Scheduler ($recorded.Count -gt 0) $IsWhatIf
    $declined = Resume-Connectors $Caller $recorded
    if ($recorded -and -not $declined) { Complete-Record $PSScriptRoot }
    if ($enable -and -not $declined -and
        (Test-Consent $Caller 'the scheduler (shared by both servers)' 'turn on')) {
        Enable-Scheduler
    }
    elseif (-not $IsWhatIf -and -not (Get-Scheduler).SyncCycleEnabled) {
        Write-Lines 'The scheduler is off. To turn it on: Set-ADSyncScheduler -SyncCycleEnabled $true'
    }
    if (-not $declined -or $IsWhatIf) { return $true }
    Write-Lines "Not resumed: $declined connectors; the record is kept."
    $false
}

$caller = $PSCmdlet
$isWhatIf = [bool] $WhatIfPreference
$exitCode = Invoke-ChangingScript -Main { Invoke-Resume $caller $Scheduler $isWhatIf } -WayOut {
    'Way out: run this again. The record is kept until all are set.'
}
if (-not $isWhatIf) { Save-Printout $PSScriptRoot 'resume' }
exit $exitCode
