<#
.SYNOPSIS
What the changing scripts of the kit share: journal, backup, scheduler, rules as they were.
.DESCRIPTION
Read by the scripts after they have seen that PowerShell is in full language mode: this uses .NET.

journal.jsonl holds one JSON object a line, in ASCII. `entry` is one of
  start      a run of 2-apply.ps1 begins: tool, computer, connectors of the server
  intent     what is about to be changed: step, kind (disable or create), identifier, name;
             disable: before = { fields, raw, precedence }; create: file, planned = FIELDS
  done       it was changed: step, after = FIELDS and precedence as read back
  undone     it is no longer there: step, how
  scheduler  state: paused (written before it is paused) or restored
A line counts once its line end is there. A run that was killed leaves at most half a line behind it.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# ---- Files ---------------------------------------------------------------------------------------

# JSON in one line of ASCII. ConvertTo-Json of 5.1 wraps some arrays, and none escapes all that a
# code page could change.
function ConvertTo-JsonLine($Value) {
    if ($null -eq $Value) { return 'null' }
    if ($Value -is [bool]) { return "$Value".ToLowerInvariant() }
    if ($Value -is [int] -or $Value -is [long]) { return "$Value" }
    if ($Value -is [Collections.IDictionary]) {
        $members = foreach ($key in $Value.Keys) {
            (ConvertTo-JsonLine "$key") + ':' + (ConvertTo-JsonLine $Value[$key])
        }
        return '{' + ($members -join ',') + '}'
    }
    if ($Value -is [array]) {
        return '[' + (@(foreach ($item in $Value) { ConvertTo-JsonLine $item }) -join ',') + ']'
    }
    $escaped = [regex]::Replace("$Value", '[^\x20\x21\x23-\x5b\x5d-\x7e]',
        { param($match) '\u{0:x4}' -f [int] [char] $match.Value })
    '"' + $escaped + '"'
}

# Writes a file and waits until it is on the disk.
function Write-TextFile([string] $Path, [string] $Text) {
    $stream = [IO.FileStream]::new($Path, [IO.FileMode]::Create, [IO.FileAccess]::Write, [IO.FileShare]::None)
    try { Write-ToDisk $stream $Text }
    finally { $stream.Close() }
}

function Write-ToDisk($Stream, [string] $Text) {
    $bytes = [Text.UTF8Encoding]::new($false).GetBytes($Text)
    $Stream.Write($bytes, 0, $bytes.Length)
    $Stream.Flush($true)
}

# ---- The journal ---------------------------------------------------------------------------------

# Reads the journal, if there is one, and keeps it open, so that no second run can write to it. The
# first line that is written creates it.
function Open-Journal([string] $Kit) {
    $path = Join-Path (Convert-Path -LiteralPath $Kit) 'journal.jsonl'
    $journal = @{
        Path = $path; Stream = $null; Length = 0; Steps = @(); Paused = $false; Connectors = @()
    }
    if (-not (Test-Path -LiteralPath $path)) { return $journal }
    Open-JournalStream $journal 'Open'
    try { Read-Journal $journal }
    catch { $journal.Stream.Close(); throw }
    $journal
}

function Open-JournalStream([hashtable] $Journal, [string] $Mode) {
    try {
        $Journal.Stream = [IO.FileStream]::new(
            $Journal.Path, [IO.FileMode] $Mode, [IO.FileAccess]::ReadWrite, [IO.FileShare]::None)
    }
    catch {
        Stop-Kit 'journal.jsonl cannot be opened for writing:',
        ('  ' + (ConvertTo-Visible $_.Exception.GetBaseException().Message)),
        'Perhaps another run of 2-apply.ps1 or undo.ps1 is going on, in another window. Wait for it.',
        'Or the folder is read-only for you: copy the kit, with its journal, to a folder of yours.'
    }
}

function Read-Journal([hashtable] $Journal) {
    $bytes = [byte[]]::new([int] $Journal.Stream.Length)
    $read = 0
    while ($read -lt $bytes.Length) {
        $read += $Journal.Stream.Read($bytes, $read, $bytes.Length - $read)
    }
    # What comes after the last line end was cut off there, and what it tells was not done yet.
    $Journal.Length = [Array]::LastIndexOf($bytes, [byte] 10) + 1
    $text = [Text.Encoding]::UTF8.GetString($bytes, 0, $Journal.Length)
    $number = 0
    foreach ($line in $text.Split("`n")) {
        $number++
        if (-not $line.Trim()) { continue }
        try { Add-JournalEntry $Journal (ConvertFrom-Json $line) }
        catch {
            Stop-Kit "journal.jsonl, line $number, is damaged. Nothing was changed.",
            'The journal is what undo.ps1 works from: do not delete it. Take it from a copy of this folder,',
            'or undo by hand, with the backup folders beside it.'
        }
    }
}

# Takes what an entry tells into the state that the scripts work with.
function Add-JournalEntry([hashtable] $Journal, $Entry) {
    switch ($Entry.entry) {
        'start' { if (-not $Journal.Connectors) { $Journal.Connectors = @($Entry.connectors) } }
        'scheduler' { $Journal.Paused = $Entry.state -eq 'paused' }
        'intent' {
            $Journal.Steps += @{
                Step = [int] $Entry.step; Kind = $Entry.kind; Identifier = $Entry.identifier
                Name = $Entry.name; Intent = $Entry; After = $null; Undone = $false
            }
        }
        'done' { (Get-Step $Journal $Entry.step).After = $Entry.after }
        'undone' { (Get-Step $Journal $Entry.step).Undone = $true }
        default { throw 'unknown entry' }
    }
}

function Get-Step([hashtable] $Journal, [int] $Step) {
    foreach ($known in $Journal.Steps) { if ($known.Step -eq $Step) { return $known } }
    throw "no step $Step"
}

# Writes an entry and waits until it is on the disk.
function Write-Journal([hashtable] $Journal, $Entry) {
    if ($null -eq $Journal.Stream) { Open-JournalStream $Journal 'CreateNew' }
    $stream = $Journal.Stream
    $stream.SetLength($Journal.Length)
    $stream.Position = $Journal.Length
    # Not in ISO form: ConvertFrom-Json of PowerShell 7 would make a date of it.
    $invariant = [Globalization.CultureInfo]::InvariantCulture
    $Entry['time'] = [DateTime]::UtcNow.ToString('yyyy-MM-dd HH:mm:ss', $invariant) + ' UTC'
    $line = ConvertTo-JsonLine $Entry
    Write-ToDisk $stream ($line + "`n")
    $Journal.Length = $stream.Position
    Add-JournalEntry $Journal (ConvertFrom-Json $line)
}

# Steps that may still have an effect on the server, oldest first.
function Get-OpenSteps([hashtable] $Journal) {
    foreach ($step in $Journal.Steps) { if (-not $step.Undone) { $step } }
}

# AD connectors have other identifiers on each server: so a journal tells which server it is of.
function Test-JournalServer([hashtable] $Journal, $Server) {
    if (-not $Server.IsRead) { return New-Row 'Journal' 'not checked' 'The server was not read.' }
    $entra = 'b891884f-051e-4a83-95af-2544101c9083' # the same on every server: it tells nothing
    $telling = @($Journal.Connectors | Where-Object { $_ -ne $entra })
    if (-not $telling) { $telling = @($Journal.Connectors) }
    $missing = @($telling | Where-Object { $null -eq (Find-ByIdentifier $Server.Connectors $_) })
    $fine = @("of this server; $(@(Get-OpenSteps $Journal).Count) changes in force")
    if (-not $missing) { return New-Row 'Journal' 'ok' $fine }
    if ($missing.Count -lt $telling.Count) {
        return New-Row 'Journal' 'ok' ($fine + 'Since then these connectors were removed:' + $missing)
    }
    New-Row 'Journal' 'FAILED' @(
        'journal.jsonl was written on another server: these connectors of it are not here:'
        $missing | ForEach-Object { "  $_" }
        'Go on there; for this server, make a kit of its own, in a new folder.')
}

# ---- Asking --------------------------------------------------------------------------------------

# Returns one of the words. Where nobody can be asked, it stops the script.
function Read-Choice([string[]] $Explanation, [string[]] $Words, [string] $Parameter) {
    Write-Lines $Explanation
    foreach ($attempt in 1..3) {
        $answer = $null
        try { $answer = Read-Host ('Type ' + ($Words -join ', ')) }
        catch { Write-Verbose "Nobody can be asked: $($_.Exception.Message)" }
        if ($null -eq $answer) { break }
        foreach ($word in $Words) { if ($word -eq "$answer".Trim()) { return $word } }
    }
    Stop-Kit 'There was no answer. Nothing was changed.', $Parameter
}

# ShouldProcess of the script itself: -WhatIf and -Confirm. $Caller is its $PSCmdlet.
function Test-Consent([string] $Target, [string] $Action) {
    try { $Caller.ShouldProcess($Target, $Action) }
    catch { Stop-Kit 'Nobody can be asked here.', 'Run this without -Confirm, or where you can answer.' }
}

# Runs a change. What was to be asked was asked: the cmdlets themselves shall not.
function Invoke-Unasked([scriptblock] $Change) {
    $ConfirmPreference = 'None'
    $WhatIfPreference = $false
    & $Change
}

# ---- The scheduler -------------------------------------------------------------------------------

# Returns whether the scheduler is to be paused. SchedulerSuspended is not looked at: Microsoft does
# not support setting it.
function Get-PauseDecision([string] $Scheduler, $State, [hashtable] $Journal) {
    if ($Journal.Paused -and -not $State.SyncCycleEnabled) {
        Write-Host 'The scheduler is still off from a run that was stopped. It is turned on at the end.'
        return $false
    }
    if ($Journal.Paused) { Write-Journal $Journal ([ordered] @{ entry = 'scheduler'; state = 'restored' }) }
    if (-not $State.SyncCycleEnabled -or $Scheduler -eq 'Leave') { return $false }
    $word = 'pause'
    if ($Scheduler -eq 'Ask') { $word = Read-PauseChoice }
    if ($word -eq 'cancel') { Stop-Kit 'Cancelled. Nothing was changed.' }
    if ($word -eq 'leave') { return $false }
    if (-not (Test-Consent 'the scheduler (shared by both servers)' 'pause')) {
        Stop-Kit 'Declined. Nothing was changed.'
    }
    $true
}

function Read-PauseChoice {
    Read-Choice @(
        'The synchronization scheduler is on. Its setting is kept in Microsoft Entra ID and shared by both'
        'servers: to pause it here may stop the cycles of the active server too, until this ends.'
        '  pause   off for the changes, on again at the end, whatever happens'
        '  leave   stays on; before each change it is looked that no cycle runs'
        '  cancel  change nothing') 'pause', 'leave', 'cancel' `
        'Say it with the command: -Scheduler Pause or -Scheduler Leave.'
}

function Suspend-Scheduler([hashtable] $Journal) {
    # It was looked at before the question was asked, which may be long ago.
    if (-not (Get-ADSyncScheduler).SyncCycleEnabled) {
        Write-Host 'The scheduler was turned off meanwhile, not by this script: it stays off.'
        return
    }
    Write-Journal $Journal ([ordered] @{ entry = 'scheduler'; state = 'paused' })
    try { Invoke-Unasked { $null = Set-ADSyncScheduler -SyncCycleEnabled $false } }
    catch { Stop-Kit "The scheduler could not be paused: $(Get-Message $_)" }
    if ((Get-ADSyncScheduler).SyncCycleEnabled) { Stop-Kit 'The scheduler could not be paused: it is still on.' }
    Write-Host 'The scheduler is off for the time of the changes.'
}

# Turns on again what a run of ours has paused. Returns whether it is on.
function Restore-Scheduler([hashtable] $Journal) {
    try {
        Invoke-Unasked { $null = Set-ADSyncScheduler -SyncCycleEnabled $true }
        if (-not (Get-ADSyncScheduler).SyncCycleEnabled) { throw 'it is still off' }
        Write-Journal $Journal ([ordered] @{ entry = 'scheduler'; state = 'restored' })
        Write-Host 'The scheduler is on again, as it was.'
        return $true
    }
    catch {
        Write-Host ('It could NOT be made sure that the scheduler is on again: ' + (Get-Message $_))
        Write-Host 'Look (Get-ADSyncScheduler). Where SyncCycleEnabled is False, neither server synchronizes; by hand:'
        Write-Host '  Set-ADSyncScheduler -SyncCycleEnabled $true'
        return $false
    }
}

# The end of every run, whatever happened. Returns whether all is well.
function Complete-Run($Journal, [bool] $IsOurs) {
    if ($null -eq $Journal) { return $true }
    try {
        if ($WhatIfPreference -or -not $Journal.Paused) { return $true }
        if ($IsOurs) { return Restore-Scheduler $Journal }
        Write-Host 'A run that was stopped has left the scheduler off, and it is not sure that it may be turned on here.'
        Write-Host 'When the reason above is mended, run this again; or, if this is that server, by hand:'
        Write-Host '  Set-ADSyncScheduler -SyncCycleEnabled $true'
        $false
    }
    finally { if ($null -ne $Journal.Stream) { $Journal.Stream.Close() } }
}

# Before every change: none is possible while a cycle runs.
function Assert-NoCycle {
    if ("$(Read-Property (Get-ADSyncScheduler) 'SyncCycleInProgress')" -eq 'True') {
        Stop-Kit 'A synchronization cycle has begun: stopped before the next change.',
        'Wait until it has ended, and run this again: it goes on where it stopped.'
    }
}

# ---- Rules as they were --------------------------------------------------------------------------

# A text exactly as it is, null apart from empty.
function ConvertTo-RawText($Text) { if ($null -ne $Text) { "'" + "$Text".Replace("'", "''") + "'" } }

function ConvertFrom-RawText($Raw) { if ($null -ne $Raw) { ConvertFrom-QuotedText $Raw } }

# Everything that New-ADSyncRule and the other cmdlets can set again.
function Get-RawRule($Rule) {
    $raw = [ordered] @{ Identifier = "$($Rule.Identifier)"; Precedence = $Rule.Precedence }
    foreach ($name in 'Name', 'Description', 'SourceObjectType', 'TargetObjectType', 'ImmutableTag') {
        $raw[$name] = ConvertTo-RawText $Rule.$name
    }
    foreach ($name in 'Direction', 'Connector', 'LinkType', 'SoftDeleteExpiryInterval') {
        $raw[$name] = $(if ($null -ne $Rule.$name) { "$($Rule.$name)" })
    }
    foreach ($name in 'EnablePasswordSync', 'Disabled') { $raw[$name] = [bool] $Rule.$name }
    $raw.AttributeFlowMappings = @(foreach ($flow in $Rule.AttributeFlowMappings) { Get-RawFlow $flow })
    $raw.ScopeFilter = @(foreach ($group in $Rule.ScopeFilter) {
            , @(foreach ($c in $group.ScopeConditionList) {
                    $operator = "$($c.ComparisonOperator)"
                    , @((ConvertTo-RawText $c.Attribute), (ConvertTo-RawText $c.ComparisonValue), $operator)
                })
        })
    $raw.JoinFilter = @(foreach ($group in $Rule.JoinFilter) {
            , @(foreach ($c in $group.JoinConditionList) {
                    , @((ConvertTo-RawText $c.CSAttribute), (ConvertTo-RawText $c.MVAttribute), [bool] $c.CaseSensitive)
                })
        })
    $raw
}

function Get-RawFlow($Flow) {
    $source = $null
    if ($null -ne $Flow.Source) { $source = @(foreach ($text in $Flow.Source) { ConvertTo-RawText $text }) }
    [ordered] @{
        Source = $source
        Destination = ConvertTo-RawText $Flow.Destination
        FlowType = "$($Flow.FlowType)"
        ValueMergeType = $(if ($null -ne $Flow.ValueMergeType) { "$($Flow.ValueMergeType)" })
        ExecuteOnce = [bool] $Flow.ExecuteOnce
        Expression = ConvertTo-RawText $Flow.Expression
    }
}

# A rule in memory from what Get-RawRule recorded and JSON kept. As exports do, each cmdlet is given
# the rule that the one before it returned.
function New-RuleFromRaw($Raw, $Precedence) {
    $given = @{
        Identifier = [guid] $Raw.Identifier
        EnablePasswordSync = $Raw.EnablePasswordSync; Disabled = $Raw.Disabled
    }
    if ($null -ne $Precedence) { $given['Precedence'] = [int] $Precedence }
    foreach ($name in 'Name', 'Description', 'SourceObjectType', 'TargetObjectType', 'ImmutableTag') {
        if ($null -ne $Raw.$name) { $given[$name] = ConvertFrom-RawText $Raw.$name }
    }
    foreach ($name in 'Direction', 'Connector', 'LinkType', 'SoftDeleteExpiryInterval') {
        if ($null -ne $Raw.$name) { $given[$name] = $Raw.$name }
    }
    $rule = @(New-ADSyncRule @given)[0]
    foreach ($flow in $Raw.AttributeFlowMappings) {
        $parts = Get-FlowParameters $flow
        $rule = @(Add-ADSyncAttributeFlowMapping -SynchronizationRule $rule @parts)[0]
    }
    $types = 'Microsoft.IdentityManagement.PowerShell.ObjectModel.'
    foreach ($group in $Raw.ScopeFilter) {
        $conditions = @(foreach ($c in $group) {
                New-Object ($types + 'ScopeCondition') (ConvertFrom-RawText $c[0]), (ConvertFrom-RawText $c[1]), $c[2]
            })
        $rule = @(Add-ADSyncScopeConditionGroup -SynchronizationRule $rule -ScopeConditions $conditions)[0]
    }
    foreach ($group in $Raw.JoinFilter) {
        $conditions = @(foreach ($c in $group) {
                New-Object ($types + 'JoinCondition') (ConvertFrom-RawText $c[0]), (ConvertFrom-RawText $c[1]), $c[2]
            })
        $rule = @(Add-ADSyncJoinConditionGroup -SynchronizationRule $rule -JoinConditions $conditions)[0]
    }
    $rule
}

function Get-FlowParameters($Flow) {
    $given = @{
        Destination = ConvertFrom-RawText $Flow.Destination
        FlowType = $Flow.FlowType; ExecuteOnce = $Flow.ExecuteOnce
    }
    if ($null -ne $Flow.Source) {
        $given['Source'] = [string[]] @(foreach ($text in $Flow.Source) { ConvertFrom-RawText $text })
    }
    if ($null -ne $Flow.ValueMergeType) { $given['ValueMergeType'] = $Flow.ValueMergeType }
    if ($null -ne $Flow.Expression) { $given['Expression'] = ConvertFrom-RawText $Flow.Expression }
    $given
}
