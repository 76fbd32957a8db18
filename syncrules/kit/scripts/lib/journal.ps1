<#
.SYNOPSIS
The journal of the changing scripts, and how they write files.
.DESCRIPTION
Read by changing.ps1 where PowerShell is in full language mode: this uses .NET.

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
    $path = Join-Path (Convert-Path -LiteralPath $Kit) $script:JournalFile
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
        Stop-Kit "$script:JournalFile cannot be opened for writing:",
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
            Stop-Kit "$script:JournalFile, line $number, is damaged. Nothing was changed.",
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
function Get-JournalRow([hashtable] $Journal, $Server) {
    if (-not $Server.IsRead) { return New-Row 'Journal' 'not checked' 'The server was not read.' }
    $telling = @($Journal.Connectors | Where-Object { $_ -ne $script:EntraConnector })
    if (-not $telling) { $telling = @($Journal.Connectors) }
    $missing = @($telling | Where-Object { $null -eq (Find-ByIdentifier $Server.Connectors $_) })
    $fine = @("of this server; $(@(Get-OpenSteps $Journal).Count) changes in force")
    if (-not $missing) { return New-Row 'Journal' 'ok' $fine }
    if ($missing.Count -lt $telling.Count) {
        return New-Row 'Journal' 'ok' ($fine + 'Since then these connectors were removed:' + $missing)
    }
    New-Row 'Journal' 'FAILED' @(
        "$script:JournalFile was written on another server: these connectors of it are not here:"
        $missing | ForEach-Object { "  $_" }
        'Go on there; for this server, make a kit of its own, in a new folder.')
}
