<#
.SYNOPSIS
Disables the originals and creates the rules of the plan on this server. Checks everything first.
.DESCRIPTION
Run it on the staging server, in Windows PowerShell 5.1, as administrator. It does the check of
1-check.ps1; where anything fails, it changes nothing. Rules and scheduler are saved to a folder backup-...
before the first change, and each change is written to journal.jsonl before it is made, and read back
after. It leaves what is there already as it is, so you can run it again at any time: it goes on where it
stopped. undo.ps1 takes back what it did.
.PARAMETER AllowActive
The server may be active (not in staging mode).
.PARAMETER Scheduler
What to do with the synchronization scheduler where it is on; its setting is shared by both servers.
Ask: asks. Pause: turned off for the changes, on again at the end. Leave: stays on, and the script stops
when a cycle begins.
.PARAMETER WhatIf
Shows what would be done, and changes nothing.
.PARAMETER Confirm
Asks before each change. If you answer no, the script stops there.
.EXAMPLE
.\2-apply.ps1 -Scheduler Pause
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [switch] $AllowActive,
    [ValidateSet('Ask', 'Pause', 'Leave')] [string] $Scheduler = 'Ask')
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'lib/changing.ps1')

# ---- What is to be done --------------------------------------------------------------------------

function Get-Changes($Manifest, $Server) {
    foreach ($original in @($Manifest.disable)) {
        if (-not (Find-ByIdentifier $Server.Rules $original.identifier).Disabled) {
            @{ Kind = 'disable'; Identifier = $original.identifier; Name = $original.name; Rule = $null }
        }
    }
    foreach ($rule in @($Manifest.rules)) {
        if ($null -eq (Find-ByIdentifier $Server.Rules $rule.identifier)) {
            @{ Kind = 'create'; Identifier = $rule.identifier; Name = $rule.fields.Name; Rule = $rule }
        }
    }
}

# Steps of a run that was killed after a change and before its `done`.
function Get-UnfinishedSteps($Journal) {
    foreach ($step in Get-OpenSteps $Journal) {
        if ($null -ne $step.After) { continue }
        $live = Get-LiveRule $step.Identifier
        if ($null -eq $live) { continue }
        # What someone else has changed meanwhile is none of ours: undo is to see the difference.
        if ($step.Kind -eq 'disable') {
            $expected = ConvertTo-FieldTable $step.Intent.before.fields
            $expected['Disabled'] = 'True'
            if (@(Get-Differences $expected (Get-RuleFields $live))) { continue }
        }
        @{ Step = $step.Step; Live = $live }
    }
}

function Get-Title($Change) { $Change.Kind + ' ' + (Format-Name $Change.Name) }

# ---- Backup --------------------------------------------------------------------------------------

function Save-Backup($Server) {
    $base = Convert-Path -LiteralPath $PSScriptRoot
    do {
        $name = 'backup-' + (Get-Date -Format 'yyyyMMdd-HHmmss')
        $folder = Join-Path $base $name
        $isTaken = Test-Path -LiteralPath $folder
        if ($isTaken) { Start-Sleep -Seconds 1 }
    } while ($isTaken)
    $null = [IO.Directory]::CreateDirectory($folder)
    $raw = @(foreach ($rule in $Server.Rules) { Get-RawRule $rule })
    $state = [ordered] @{}
    foreach ($property in $Server.Scheduler.PSObject.Properties) { $state[$property.Name] = "$($property.Value)" }
    Write-TextFile (Join-Path $folder 'rules.json') (ConvertTo-JsonLine $raw)
    Write-TextFile (Join-Path $folder 'scheduler.json') (ConvertTo-JsonLine $state)
    Invoke-Unasked {
        $Server.Rules | Export-Clixml -LiteralPath (Join-Path $folder 'rules.clixml') -Depth 8
        $Server.Scheduler | Export-Clixml -LiteralPath (Join-Path $folder 'scheduler.clixml') -Depth 8
    }
    Write-Lines "All $($raw.Count) rules and the scheduler's settings were saved to $name."
}

# ---- Changes -------------------------------------------------------------------------------------

function Write-Intent($Journal, $Change, $Members) {
    # An older step of the same rule has no effect any more, or there would be nothing to do.
    foreach ($old in @(Get-OpenSteps $Journal | Where-Object { $_.Identifier -eq $Change.Identifier })) {
        $how = 'not in force when it was done again'
        Write-Journal $Journal ([ordered] @{ entry = 'undone'; step = $old.Step; how = $how })
    }
    $step = $Journal.Steps.Count + 1
    $entry = [ordered] @{
        entry = 'intent'; step = $step; kind = $Change.Kind; identifier = $Change.Identifier; name = $Change.Name
    }
    foreach ($key in $Members.Keys) { $entry[$key] = $Members[$key] }
    Write-Journal $Journal $entry
    $step
}

function Write-Done($Journal, [int] $Step, $Live) {
    Write-Journal $Journal ([ordered] @{
            entry = 'done'; step = $Step; after = Get-RuleFields $Live; precedence = $Live.Precedence
        })
}

# Reads a changed rule back, journals what it found, and stops where that is not what was planned.
function Confirm-Change($Journal, $Change, [int] $Step, $Planned) {
    $live = Get-LiveRule $Change.Identifier
    if ($null -eq $live) {
        Stop-Kit "$(Get-Title $Change): no error was told, but the rule is not on the server."
    }
    Write-Done $Journal $Step $live
    $differences = @(Get-Differences $Planned (Get-RuleFields $live))
    if ($differences) {
        Stop-Kit (@("$(Get-Title $Change): the server holds the rule otherwise than planned:") +
            ($differences | ForEach-Object { "  $_" }) +
            'undo.ps1 takes it back. Compare with report.html before you try again: it may come out the same.')
    }
    $live
}

function Disable-Original($Journal, $Change) {
    $live = Get-LiveRule $Change.Identifier
    if ($null -eq $live) { Stop-Kit "$(Format-Name $Change.Name) is no longer on the server." }
    $planned = Get-RuleFields $live
    $before = [ordered] @{ fields = Get-RuleFields $live; raw = Get-RawRule $live; precedence = $live.Precedence }
    $step = Write-Intent $Journal $Change @{ before = $before }
    Invoke-Unasked {
        $live.Disabled = $true
        $null = $live | Add-ADSyncRule
    }
    $planned.Disabled = 'True'
    $null = Confirm-Change $Journal $Change $step $planned
    Write-Lines "  disabled $(Format-Name $Change.Name)"
}

function New-PlannedRule($Journal, $Change) {
    if ($null -ne (Get-LiveRule $Change.Identifier)) {
        Stop-Kit "$(Format-Name $Change.Name) has come to the server since the check. Run this again."
    }
    $planned = ConvertTo-FieldTable $Change.Rule.fields
    $step = Write-Intent $Journal $Change ([ordered] @{ file = $Change.Rule.file; planned = $planned })
    $script = Join-Path (Convert-Path -LiteralPath $PSScriptRoot) $Change.Rule.file
    Invoke-Unasked { $null = & $script }
    $live = Confirm-Change $Journal $Change $step $planned
    Write-Lines "  created $(Format-Name $Change.Name), precedence $($live.Precedence)"
    $number = $Change.Rule.precedence
    if ($null -ne $number -and "$($live.Precedence)" -ne "$($number.created)") {
        Write-Lines "    Planned: $($number.created). 3-verify.ps1 compares the final precedences."
    }
}

# One change; an error is told with the rule that it is about.
function Invoke-Change($Journal, $Change) {
    Assert-NoCycle
    try {
        if ($Change.Kind -eq 'disable') { Disable-Original $Journal $Change }
        else { New-PlannedRule $Journal $Change }
    }
    catch {
        if ($_.TargetObject -is [hashtable]) { throw }
        $place = $(if ($Change.Rule) { ' (' + $Change.Rule.file + ')' })
        Stop-Kit "$(Get-Title $Change)${place} failed:", ('  ' + (Get-Message $_))
    }
}

# ---- The run -------------------------------------------------------------------------------------

function Start-Run($Journal, $Server, $Manifest, [bool] $Pause) {
    Write-Journal $Journal ([ordered] @{
            entry = 'start'; tool = ConvertTo-QuotedText $Manifest.tool
            computer = ConvertTo-QuotedText ([Environment]::MachineName)
            connectors = @($Server.Connectors | ForEach-Object { "$($_.Identifier)".ToLowerInvariant() })
        })
    if ($Pause) { Suspend-Scheduler $Journal }
}

function Invoke-Changes([hashtable] $Run, $Caller, [string] $Scheduler, $Manifest, $Server) {
    $pause = Get-PauseDecision $Caller $Scheduler $Server.Scheduler $Run.Journal
    $isStarted = $false
    $left = $Run.Changes.Count
    foreach ($change in $Run.Changes) {
        if (-not (Test-Consent $Caller (Format-Name $change.Name) $change.Kind)) {
            Stop-Kit 'Declined: stopped here, since later changes may depend on this one.',
            "Not done: $left of $($Run.Changes.Count) changes."
        }
        if (-not $isStarted) {
            Save-Backup $Server
            Start-Run $Run.Journal $Server $Manifest $pause
            $isStarted = $true
        }
        Invoke-Change $Run.Journal $change
        $left--
    }
}

function Show-Changes($Caller, [string] $Scheduler, $State, [object[]] $Changes) {
    foreach ($change in $Changes) { $null = Test-Consent $Caller (Format-Name $change.Name) $change.Kind }
    if ($State.SyncCycleEnabled -and $Scheduler -ne 'Leave' -and $Changes) {
        Write-Lines 'What if: the scheduler is on; it would be asked whether to pause it (-Scheduler Pause: it would be).'
    }
    Write-Lines "Nothing was changed (-WhatIf). To be done: $($Changes.Count) changes."
}

# The check of 1-check.ps1, and whether the journal, if there is one, is of this server.
function Get-RunCheck($Journal, $Manifest, [bool] $AllowActive) {
    $check = Invoke-KitCheck $PSScriptRoot $Manifest $AllowActive
    $isOurs = $true
    if ($Journal.Stream) {
        $row = Get-JournalRow $Journal $check.Server
        $check.Rows += $row
        $isOurs = $row.Result -eq 'ok'
    }
    @{ Rows = $check.Rows; Server = $check.Server; IsOurs = $isOurs }
}

# Returns true when all is done. What the end of the script needs to know is put into $Run.
function Invoke-Apply([hashtable] $Run, $Caller, [bool] $AllowActive, [string] $Scheduler, [bool] $IsWhatIf) {
    $manifest = Read-Manifest $PSScriptRoot
    $Run.Journal = Open-Journal $PSScriptRoot
    $check = Get-RunCheck $Run.Journal $manifest $AllowActive
    $Run.IsOurs = $check.IsOurs
    Write-Table 'Check' $check.Rows
    if (Test-AnyFailed $check.Rows) { Stop-Kit 'No rule was changed. See FAILED above; then run this again.' }
    $Run.Changes = @(Get-Changes $manifest $check.Server)
    $unfinished = @(Get-UnfinishedSteps $Run.Journal)
    if ($IsWhatIf) { Show-Changes $Caller $Scheduler $check.Server.Scheduler $Run.Changes }
    else {
        foreach ($step in $unfinished) { Write-Done $Run.Journal $step.Step $step.Live }
        if ($Run.Changes) { Invoke-Changes $Run $Caller $Scheduler $manifest $check.Server }
        else { Write-Lines 'Nothing to do: every rule of the plan is there, every original disabled.' }
    }
    $true
}

function Get-WayOut($Journal) {
    if (-not $Journal) {
        return "This run changed nothing. What earlier runs did is in ${script:JournalFile}: keep it."
    }
    if (-not @(Get-OpenSteps $Journal)) { return 'No rule of this server was changed by this kit.' }
    'Ways out: run 2-apply.ps1 again, it continues where it stopped; or undo.ps1, it takes back what was done.'
}

function Test-AnyDisabled($Journal) {
    $null -ne $Journal -and @(Get-OpenSteps $Journal | Where-Object { $_.Kind -eq 'disable' }).Count -gt 0
}

function Write-HalfDone {
    Write-Lines ''
    Write-Lines 'Originals are disabled, and it is not certain that all rules that replace them exist. The next cycle'
    Write-Lines 'works with that. Do one of the two at once: 2-apply.ps1 again, or undo.ps1. Or keep cycles off meanwhile'
    Write-Lines '(the setting is shared by both servers): Set-ADSyncScheduler -SyncCycleEnabled $false'
}

function Write-Success([int] $Count) {
    Write-Lines ''
    Write-Lines "Done: $Count changes, each one read back from the server."
    Write-Lines 'Next: 3-verify.ps1; then full synchronization, README.txt tells how. undo.ps1 takes it back.'
}

$run = @{ Journal = $null; IsOurs = $false; IsHalf = $false; Changes = @() }
$caller = $PSCmdlet
$isWhatIf = [bool] $WhatIfPreference
$exitCode = Invoke-ChangingScript -Main {
    Invoke-Apply $run $caller $AllowActive $Scheduler $isWhatIf
} -WayOut {
    $run.IsHalf = Test-AnyDisabled $run.Journal
    Get-WayOut $run.Journal
} -AtEnd { Complete-Run $run.Journal $run.IsOurs $isWhatIf }
if ($run.IsHalf) { Write-HalfDone }
if ($exitCode -eq 0 -and -not $isWhatIf -and $run.Changes) { Write-Success $run.Changes.Count }
if (-not $isWhatIf) { Save-Printout $PSScriptRoot 'apply' }
exit $exitCode
