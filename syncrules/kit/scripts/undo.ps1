<#
.SYNOPSIS
Takes back what 2-apply.ps1 did, by journal.jsonl: newest first, exactly that.
.DESCRIPTION
Run it on the same server as 2-apply.ps1, as administrator. A created rule is removed; a disabled original
gets back what the journal recorded. A rule that was changed since is left alone, unless -Force is given.
Each step is written to the journal; running it twice does no more than once, and 2-apply.ps1 works again
afterwards.
.PARAMETER AllowActive
The server may be active (not in staging mode).
.PARAMETER Scheduler
What to do with the synchronization scheduler where it is on; its setting is shared by both servers.
Ask: asks. Pause: turned off for the changes, on again at the end. Leave: stays on, and the script stops
when a cycle begins.
.PARAMETER Force
Also takes back rules that were changed since: a created rule is removed all the same, an original gets
all of its recorded fields back. What was changed since is lost.
.PARAMETER WhatIf
Shows what would be done, and changes nothing.
.PARAMETER Confirm
Asks before each change. If you answer no, the script stops there.
.EXAMPLE
.\undo.ps1 -Scheduler Pause
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [switch] $AllowActive,
    [ValidateSet('Ask', 'Pause', 'Leave')] [string] $Scheduler = 'Ask',
    [switch] $Force)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'lib/changing.ps1')

# ---- What is to be done --------------------------------------------------------------------------

# What a step needs: nothing (it has no effect any more), remove, enable, rebuild; or refused.
function Get-Action($Step, [bool] $Force) {
    $live = Get-LiveRule $Step.Identifier
    $action = @{ Step = $Step; Live = $live; Do = 'nothing'; Why = @() }
    if ($Step.Kind -eq 'create') { Set-CreatedAction $action $Force } else { Set-OriginalAction $action $Force }
    $action
}

function Set-CreatedAction($Action, [bool] $Force) {
    if ($null -eq $Action.Live) { return }
    $expected = $(if ($null -ne $Action.Step.After) { $Action.Step.After } else { $Action.Step.Intent.planned })
    $Action.Why = @(Get-Changed (ConvertTo-FieldTable $expected) $Action.Live)
    $Action.Do = $(if ($Action.Why -and -not $Force) { 'refused' } else { 'remove' })
}

function Set-OriginalAction($Action, [bool] $Force) {
    $before = ConvertTo-FieldTable $Action.Step.Intent.before.fields
    if ($null -eq $Action.Live) {
        $Action.Why = @('It is no longer on the server.')
        $Action.Do = $(if ($Force) { 'rebuild' } else { 'refused' })
        return
    }
    if (-not @(Get-Differences $before (Get-RuleFields $Action.Live))) { return }
    # Killed before it was read back: then it is as it was, but for this. A table of its own, since
    # what was recorded is compared with again.
    $expected = ConvertTo-FieldTable $Action.Step.Intent.before.fields
    $expected['Disabled'] = 'True'
    if ($null -ne $Action.Step.After) { $expected = ConvertTo-FieldTable $Action.Step.After }
    $Action.Why = @(Get-Changed $expected $Action.Live)
    # Where the server changed more than was asked of it, to enable the rule is not enough.
    $disabled = ConvertTo-FieldTable $Action.Step.Intent.before.fields
    $disabled['Disabled'] = 'True'
    $isOnlyDisabled = -not @(Get-Differences $disabled (Get-RuleFields $Action.Live))
    $Action.Do = $(if ($isOnlyDisabled) { 'enable' } elseif (-not $Action.Why -or $Force) { 'rebuild' } else { 'refused' })
}

function Get-Changed($Expected, $Live) {
    Get-Differences $Expected (Get-RuleFields $Live) 'after 2-apply' 'now'
}

# ---- Taking back ---------------------------------------------------------------------------------

function Undo-Step($Journal, $Action) {
    $step = $Action.Step
    if ($Action.Do -ne 'nothing') {
        Invoke-Unasked {
            switch ($Action.Do) {
                'remove' { $null = Remove-ADSyncRule -Identifier $step.Identifier }
                'enable' { Enable-Original $Action }
                'rebuild' { Restore-Original $Action }
            }
        }
        Confirm-Undone $step
    }
    $words = @{
        nothing = 'was not in force any more'; remove = 'removed'; enable = 'enabled again'
        rebuild = 'rebuilt'
    }
    $how = $words[$Action.Do]
    Write-Journal $Journal ([ordered] @{ entry = 'undone'; step = $step.Step; how = $how })
    Write-Lines "  $(Format-Name $step.Name): $how"
}

# All other fields were found to be as recorded.
function Enable-Original($Action) {
    $Action.Live.Disabled = $Action.Step.Intent.before.raw.Disabled
    $null = $Action.Live | Add-ADSyncRule
}

# Saved under its identifier, it takes the place of what is there. Its number stays what it is now:
# the recorded one may be another rule's since. What New-ADSyncRule does not take (such as the
# version or the identifier inside the server) cannot be given back; it is not known to matter.
function Restore-Original($Action) {
    $recorded = $Action.Step.Intent.before
    $number = $(if ($null -ne $Action.Live) { $Action.Live.Precedence } else { Get-FreeNumber $recorded.precedence })
    $null = New-RuleFromRaw $recorded.raw $number | Add-ADSyncRule
    Write-Lines '    It was created again from the journal: what New-ADSyncRule does not take, such as its version, is new.'
}

# The recorded number, or the next one that no rule has: rules that moved up do not move down again.
function Get-FreeNumber([int] $Recorded) {
    $taken = @(Get-AllRules | ForEach-Object { $_.Precedence })
    $number = $Recorded
    while ($taken -contains $number) { $number++ }
    if ($number -ne $Recorded) { Write-Lines "    Its precedence $Recorded is another rule's now: it got $number." }
    $number
}

function Confirm-Undone($Step) {
    $live = Get-LiveRule $Step.Identifier
    if ($Step.Kind -eq 'create') {
        if ($null -ne $live) { Stop-Kit "$(Format-Name $Step.Name) was removed, but it is still there." }
        return
    }
    if ($null -eq $live) { Stop-Kit "$(Format-Name $Step.Name) was saved, but it is not there." }
    $differences = @(Get-Differences (ConvertTo-FieldTable $Step.Intent.before.fields) (Get-RuleFields $live) 'recorded')
    if ($differences) {
        Stop-Kit (@("$(Format-Name $Step.Name) was saved, but it is not as it was:") +
            ($differences | ForEach-Object { "  $_" }))
    }
}

function Write-Refused($Action) {
    Write-Lines "  $(Format-Name $Action.Step.Name): left alone, it was changed since 2-apply.ps1:"
    foreach ($line in $Action.Why) { Write-Lines "    $line" }
}

# ---- The run -------------------------------------------------------------------------------------

# The checks of the server's state, and whether the journal is of this server.
function Get-RunCheck($Journal, [bool] $AllowActive) {
    $server = Get-Server
    $rows = @($server.Row)
    if ($server.IsRead) {
        $rows += @(Get-JournalRow $Journal $server
            Get-StagingRow $server.Scheduler $AllowActive
            Get-CycleRow $server.Scheduler)
    }
    $isOurs = @($rows | Where-Object { $_.Check -eq 'Journal' -and $_.Result -eq 'ok' }).Count -gt 0
    @{ Rows = $rows; Server = $server; IsOurs = $isOurs }
}

# Undoes all that can be, and counts in $Run. An error with one rule does not keep the others from
# being undone; a cycle that has begun does.
function Invoke-Steps([hashtable] $Run, $Caller, [string] $Scheduler, [bool] $Force, $Server) {
    $pause = Get-PauseDecision $Caller $Scheduler $Server.Scheduler $Run.Journal
    $isPaused = -not $pause
    foreach ($step in $Run.Steps) {
        $action = Get-Action $step $Force
        if ($action.Do -eq 'refused') { $Run.Refused++; Write-Refused $action; continue }
        if (-not (Test-Consent $Caller (Format-Name $step.Name) $action.Do)) { Stop-Kit 'Declined: stopped here.' }
        if (-not $isPaused) { Suspend-Scheduler $Run.Journal; $isPaused = $true }
        Assert-NoCycle
        try { Undo-Step $Run.Journal $action; $Run.Undone++ }
        catch {
            $Run.Refused++
            Write-Lines "  $(Format-Name $step.Name): NOT taken back:"
            Write-Failure $_
        }
    }
}

function Show-Steps($Caller, [bool] $Force, [object[]] $Steps) {
    foreach ($step in $Steps) {
        $action = Get-Action $step $Force
        if ($action.Do -eq 'refused') { Write-Refused $action }
        else { $null = Test-Consent $Caller (Format-Name $step.Name) $action.Do }
    }
    Write-Lines 'Nothing was changed (-WhatIf).'
}

# Returns whether nothing was refused. What the end of the script needs to know is put into $Run.
function Invoke-Undo(
    [hashtable] $Run, $Caller, [bool] $AllowActive, [string] $Scheduler, [bool] $Force, [bool] $IsWhatIf) {
    $Run.Journal = Open-Journal $PSScriptRoot
    $Run.Steps = @(Get-OpenSteps $Run.Journal)
    [array]::Reverse($Run.Steps)
    if (-not $Run.Steps -and -not $Run.Journal.Paused) {
        Write-Lines "Nothing to undo: $script:JournalFile lists no change that still applies."
        return $true
    }
    $check = Get-RunCheck $Run.Journal $AllowActive
    $Run.IsOurs = $check.IsOurs
    Write-Table 'Check' $check.Rows
    if (Test-AnyFailed $check.Rows) { Stop-Kit 'No rule was changed. See FAILED above; then run this again.' }
    if ($IsWhatIf) { Show-Steps $Caller $Force $Run.Steps }
    elseif ($Run.Steps) { Invoke-Steps $Run $Caller $Scheduler $Force $check.Server }
    -not $Run.Refused
}

function Write-NotUndone([int] $Refused, [int] $Count) {
    Write-Lines ''
    Write-Lines "$Refused of $Count changes were not taken back; see above. Run undo.ps1 again after an error."
    Write-Lines 'undo.ps1 -Force takes back rules that were changed since, too; what was changed since is lost.'
    Write-Lines 'A rule that was left alone may now run in addition to its original, which is enabled again: look at both.'
}

function Write-Remainder {
    Write-Lines ''
    Write-Lines 'Not taken back, since no one can: precedences of out-of-box rules that moved up, if a rule of this kit was'
    Write-Lines 'placed before or after one; the full synchronization that the connectors now ask for.'
}

$run = @{ Journal = $null; IsOurs = $false; Steps = @(); Refused = 0; Undone = 0 }
$caller = $PSCmdlet
$isWhatIf = [bool] $WhatIfPreference
$exitCode = Invoke-ChangingScript -Main {
    Invoke-Undo $run $caller $AllowActive $Scheduler $Force $isWhatIf
} -WayOut {
    'Way out: run undo.ps1 again, it continues where it stopped.'
} -AtEnd { Complete-Run $run.Journal $run.IsOurs $isWhatIf }
if ($run.Refused) { Write-NotUndone $run.Refused $run.Steps.Count }
if ($run.Undone) { Write-Remainder }
if (-not $isWhatIf) { Save-Printout $PSScriptRoot 'undo' }
exit $exitCode
