<#
.SYNOPSIS
The synchronization scheduler: paused for the changes if that is wanted, and turned on again.
.DESCRIPTION
Read by changing.ps1; it needs the journal, which keeps whether the scheduler was paused.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# Returns whether the scheduler is to be paused. SchedulerSuspended is not looked at: Microsoft does
# not support setting it.
function Get-PauseDecision($Caller, [string] $Scheduler, $State, [hashtable] $Journal) {
    if ($Journal.Paused -and -not $State.SyncCycleEnabled) {
        Write-Lines 'The scheduler is still off from a run that was stopped. It is turned on at the end.'
        return $false
    }
    if ($Journal.Paused) { Write-Journal $Journal ([ordered] @{ entry = 'scheduler'; state = 'restored' }) }
    if (-not $State.SyncCycleEnabled -or $Scheduler -eq 'Leave') { return $false }
    $word = 'pause'
    if ($Scheduler -eq 'Ask') { $word = Read-PauseChoice }
    if ($word -eq 'cancel') { Stop-Kit 'Cancelled. Nothing was changed.' }
    if ($word -eq 'leave') { return $false }
    if (-not (Test-Consent $Caller 'the scheduler (shared by both servers)' 'pause')) {
        Stop-Kit 'Declined. Nothing was changed.'
    }
    $true
}

function Read-PauseChoice {
    Read-Choice @(
        'The synchronization scheduler is on. Its setting is kept in Microsoft Entra ID and shared by both'
        'servers: to pause it here may stop the cycles of the active server too, until this ends.'
        '  pause   off for the changes, on again at the end, even after an error'
        '  leave   stays on; checks before each change that no cycle is running'
        '  cancel  change nothing') 'pause', 'leave', 'cancel' `
        'Choose in advance with: -Scheduler Pause or -Scheduler Leave.'
}

function Suspend-Scheduler([hashtable] $Journal) {
    # It was looked at before the question was asked, which may be long ago.
    if (-not (Get-Scheduler).SyncCycleEnabled) {
        Write-Lines 'The scheduler was turned off meanwhile, not by this script: it stays off.'
        return
    }
    Write-Journal $Journal ([ordered] @{ entry = 'scheduler'; state = 'paused' })
    try { Invoke-Unasked { $null = Set-ADSyncScheduler -SyncCycleEnabled $false } }
    catch { Stop-Kit "The scheduler could not be paused: $(Get-Message $_)" }
    if ((Get-Scheduler).SyncCycleEnabled) { Stop-Kit 'The scheduler could not be paused: it is still on.' }
    Write-Lines 'The scheduler is paused until the changes are done.'
}

# Turns on again what a run of ours has paused. Returns whether it is on.
function Restore-Scheduler([hashtable] $Journal) {
    try {
        Invoke-Unasked { $null = Set-ADSyncScheduler -SyncCycleEnabled $true }
        if (-not (Get-Scheduler).SyncCycleEnabled) { throw 'it is still off' }
        Write-Journal $Journal ([ordered] @{ entry = 'scheduler'; state = 'restored' })
        Write-Lines 'The scheduler is on again, as it was.'
        return $true
    }
    catch {
        Write-Lines ('The scheduler may NOT be on again: ' + (Get-Message $_))
        Write-Lines 'Check with Get-ADSyncScheduler. Where SyncCycleEnabled is False, neither server synchronizes; by hand:'
        Write-Lines '  Set-ADSyncScheduler -SyncCycleEnabled $true'
        return $false
    }
}

# The end of every run that has a journal, whatever happened: the scheduler is on again if a run of ours
# has paused it, and the journal is closed. Returns whether all is well.
function Complete-Run($Journal, [bool] $IsOurs, [bool] $IsWhatIf) {
    if ($null -eq $Journal) { return $true }
    try {
        if ($IsWhatIf -or -not $Journal.Paused) { return $true }
        if ($IsOurs) { return Restore-Scheduler $Journal }
        Write-Lines 'A run that was stopped has left the scheduler off, and it is not certain that it may be turned on here.'
        Write-Lines 'When the reason above is resolved, run this again; or, if this is that server, by hand:'
        Write-Lines '  Set-ADSyncScheduler -SyncCycleEnabled $true'
        $false
    }
    finally { if ($null -ne $Journal.Stream) { $Journal.Stream.Close() } }
}

# Before every change: none is possible while a cycle runs.
function Assert-NoCycle {
    if ("$(Read-Property (Get-Scheduler) 'SyncCycleInProgress')" -eq 'True') {
        Stop-Kit 'A synchronization cycle has begun: stopped before the next change.',
        'Wait until it has ended, and run this again: it continues where it stopped.'
    }
}
