<#
.SYNOPSIS
The check of the kit against this server, for 1-check.ps1 and 2-apply.ps1. It changes nothing.
.DESCRIPTION
Invoke-KitCheck does it; undo.ps1 uses the checks of the server's state alone. It keeps to what
Constrained Language Mode allows, as functions.ps1 does.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# Returns the rows of the table, whether one failed, and what the server has.
function Invoke-KitCheck([string] $Kit, $Manifest, [bool] $AllowActive) {
    $server = Get-Server
    $rows = @(Test-KitFiles $Kit $Manifest) + @($server.Row)
    if ($server.IsRead) {
        $rows += @(
            Test-Connectors $Manifest $server
            Test-EntraConnector $Manifest $server
            Test-OutOfBox $Manifest $server
            Test-Staging $server $AllowActive
            Test-Cycle $server
            Test-Rules $Manifest $server)
    }
    else {
        $rest = 'Connectors', 'Entra connector', 'Out-of-box rules', 'Staging mode', 'Cycle', 'Rules'
        foreach ($check in $rest) { $rows += New-Row $check 'not checked' 'The server was not read.' }
    }
    @{ Rows = $rows; Failed = Test-Failed $rows; Server = $server }
}

function Test-Failed([object[]] $Rows) {
    @($Rows | Where-Object { $_.Result -eq 'FAILED' }).Count -gt 0
}

# One row from the problems that were found, if any.
function New-Checked([string] $Check, [string[]] $Problems, [string[]] $Fine) {
    if ($Problems) { New-Row $Check 'FAILED' $Problems } else { New-Row $Check 'ok' $Fine }
}

# ---- The kit -------------------------------------------------------------------------------------

function Test-KitFiles([string] $Kit, $Manifest) {
    $problems = @()
    $signed = 0
    $known = @('manifest.json')
    foreach ($file in @($Manifest.files)) {
        $known += $file.path
        $path = Join-Path $Kit $file.path
        if (-not (Test-Path -LiteralPath $path)) { $problems += "$($file.path) is missing."; continue }
        if (Test-Blocked $path) {
            $problems += "$($file.path) came from another computer and is not signed: Windows will not run it."
            $problems += '  In the kit''s folder: Get-ChildItem -Recurse -File | Unblock-File'
        }
        if (Test-Hash $path $file.sha256) { continue }
        if (Test-Signature $path) { $signed++ }
        else { $problems += "$($file.path) is not as it was when the kit was made." }
    }
    foreach ($path in Get-ScriptPaths $Kit) {
        if ($known -notcontains $path) {
            $problems += (ConvertTo-Visible $path) + ' does not belong to the kit.'
        }
    }
    foreach ($rule in @($Manifest.rules)) {
        if ($known -notcontains $rule.file) { $problems += "$($rule.file) has no SHA-256." }
    }
    if ($problems) { $problems += Get-CopyAdvice $Kit }
    $fine = "$($known.Count - 1) files, as they were made"
    if ($signed) { $fine += "; $signed with a valid signature added" }
    $manifestHash = (Get-FileHash -LiteralPath (Join-Path $Kit 'manifest.json') -Algorithm SHA256).Hash
    New-Checked 'Files of the kit' $problems @(
        $fine
        "manifest.json has the SHA-256 $($manifestHash.ToLowerInvariant()):"
        'compare it with what syncrules kit printed when the kit was made.')
}

# undo and resume need what the scripts wrote here: a new folder would not have it.
function Get-CopyAdvice([string] $Kit) {
    foreach ($name in 'journal.jsonl', 'deferred-full-sync.json') {
        if (Test-Path -LiteralPath (Join-Path $Kit $name)) {
            return 'To mend files, copy the kit''s own over this folder; keep journal.jsonl, deferred-full-sync.json and the backups.'
        }
    }
    'To mend files, copy the whole kit again, into a new folder.'
}

# Whether the execution policy keeps a script from running; only Windows marks files.
function Test-Blocked([string] $Path) {
    if ($Path -notlike '*.ps1' -or 'RemoteSigned', 'AllSigned' -notcontains "$(Get-ExecutionPolicy)") { return $false }
    try { $mark = Get-Item -LiteralPath $Path -Stream Zone.Identifier -ErrorAction Ignore }
    catch { return $false }
    $null -ne $mark -and -not (Test-Signature $Path)
}

function Test-Hash([string] $Path, [string] $Sha256) {
    $hash = Get-FileHash -LiteralPath $Path -Algorithm SHA256
    $null -ne $hash -and $hash.Hash.ToLowerInvariant().Equals($Sha256)
}

# Where a policy wants scripts signed, signing changes the files: then whoever signed them vouches.
function Test-Signature([string] $Path) {
    if (-not (Get-Command Get-AuthenticodeSignature -ErrorAction Ignore)) { return $false }
    $Path -like '*.ps1' -and "$((Get-AuthenticodeSignature -LiteralPath $Path).Status)" -eq 'Valid'
}

# All scripts in the kit and in rules, as the manifest writes paths.
function Get-ScriptPaths([string] $Kit) {
    foreach ($folder in './', 'rules/') {
        $path = Join-Path $Kit $folder
        if (-not (Test-Path -LiteralPath $path)) { continue }
        foreach ($item in Get-ChildItem -LiteralPath $path) {
            if ($item.Name -like '*.ps1') { ($folder + $item.Name) -replace '^\./', '' }
        }
    }
}

# ---- The server ----------------------------------------------------------------------------------

# Reads what all checks look at, once.
function Get-Server {
    $server = @{ IsRead = $false; Connectors = @(); Rules = @(); Scheduler = $null; Row = $null }
    try { Import-ADSync }
    catch {
        if ($_.TargetObject -isnot [hashtable]) { throw }
        $server.Row = New-Row 'Server' 'FAILED' $_.TargetObject['KitMessage']
        return $server
    }
    try {
        $server.Connectors = @(Get-ADSyncConnector)
        $server.Rules = @(Get-ADSyncRule)
        $server.Scheduler = Get-ADSyncScheduler
        $server.IsRead = $true
        $details = "ADSync module loaded; $($server.Rules.Count) rules read"
        $server.Row = New-Row 'Server' 'ok' $details
    }
    catch {
        $server.Row = New-Row 'Server' 'FAILED' @(
            'The server cannot be read: ' + (Get-Message $_)
            'Open PowerShell with "Run as administrator", as a member of ADSyncAdmins. The service'
            '"Microsoft Azure AD Sync" must be running.')
    }
    $server
}

function Test-Connectors($Manifest, $Server) {
    $problems = @(foreach ($planned in @($Manifest.connectors)) {
            $label = $planned.identifier
            if ($planned.name) { $label = (Format-Name $planned.name) + " ($label)" }
            $found = Find-ByIdentifier $Server.Connectors $planned.identifier
            if ($null -eq $found) { "$label is not on this server."; continue }
            $name = ConvertTo-QuotedText $found.Name
            if ($planned.name -and
                -not $planned.name.ToUpperInvariant().Equals($name.ToUpperInvariant())) {
                "$label is named $(Format-Name $name) here."
            }
            $type = "$(Read-Property $found 'Type')"
            if (-not $type) { $type = "$(Read-Property $found 'ConnectorTypeName')" }
            if ($planned.type -and $type -and $planned.type -ne $type) {
                "$label has the type $(ConvertTo-Visible $type) here, planned: $($planned.type)."
            }
        })
    if ($problems) {
        $problems += 'The kit was made for another server, or this one was set up anew since: make it again.'
    }
    New-Checked 'Connectors' $problems "$(@($Manifest.connectors).Count) of the plan are here"
}

function Test-EntraConnector($Manifest, $Server) {
    $problems = @()
    if ($null -eq (Find-ByIdentifier $Server.Connectors $Manifest.entra_connector)) {
        $problems = @("No connector has the identifier $($Manifest.entra_connector)."
            'Look at the connectors: without the one of Microsoft Entra ID, the plan does not fit.')
    }
    New-Checked 'Entra connector' $problems 'it is here'
}

function Test-OutOfBox($Manifest, $Server) {
    $planned = @()
    foreach ($rule in @($Manifest.anchors) + @($Manifest.disable)) {
        if (@($planned | ForEach-Object { $_.identifier }) -notcontains $rule.identifier) { $planned += $rule }
    }
    $problems = @(foreach ($rule in $planned) {
            $found = Find-ByIdentifier $Server.Rules $rule.identifier
            $label = (Format-Name $rule.name) + " ($($rule.identifier))"
            if ($null -eq $found) { "$label is not on this server."; continue }
            $differences = @(Get-OutOfBoxDifferences $rule $found)
            if ($differences) { "$label has another " + ($differences -join ', ') + ' here.' }
        })
    if ($problems) { $problems += 'These are not the rules that the plan was made with: make the kit again.' }
    New-Checked 'Out-of-box rules' $problems "$($planned.Count) that the plan names are here"
}

function Get-OutOfBoxDifferences($Planned, $Found) {
    if (-not $Planned.name.Equals((ConvertTo-QuotedText $Found.Name))) { 'name' }
    if (-not ([guid] $Planned.connector).Equals([guid] "$($Found.Connector)")) { 'connector' }
    if (-not $Planned.direction.Equals("$($Found.Direction)")) { 'direction' }
    $stem = "$($Found.ImmutableTag)".ToLowerInvariant() -replace '\.[0-9]+$', ''
    if (-not (ConvertFrom-QuotedText $Planned.stem).Equals($stem)) { 'tag' }
}

function Test-Staging($Server, [bool] $AllowActive) {
    $mode = "$(Read-Property $Server.Scheduler 'StagingModeEnabled')"
    if ($mode -eq 'True') { return New-Row 'Staging mode' 'ok' 'on' }
    $found = 'This server is active: staging mode is off.'
    if (-not $mode) { $found = 'The server does not tell whether it is in staging mode.' }
    if ($AllowActive) { return New-Row 'Staging mode' 'ok' "$found Allowed by -AllowActive." }
    New-Row 'Staging mode' 'FAILED' @(
        $found
        'Run this on the staging server. If you mean this one, add -AllowActive.')
}

function Test-Cycle($Server) {
    # Builds before 1.1.443.0 do not have the property.
    $cycle = "$(Read-Property $Server.Scheduler 'SyncCycleInProgress')"
    if (-not $cycle) {
        New-Row 'Cycle' 'not checked' @(
            'This build does not tell whether a synchronization cycle is running.'
            'Look in Synchronization Service Manager, Operations, that none is.')
    }
    elseif ($cycle -eq 'True') {
        New-Row 'Cycle' 'FAILED' @(
            'A synchronization cycle is running; nothing can be changed meanwhile.'
            'Wait until it has ended, and run this again.')
    }
    else { New-Row 'Cycle' 'ok' 'none is running' }
}

# ---- The rules of the plan -----------------------------------------------------------------------

function Test-Rules($Manifest, $Server) {
    $rules = @($Manifest.rules)
    $there = @{}
    foreach ($rule in $rules) { $there[$rule.identifier] = Find-ByIdentifier $Server.Rules $rule.identifier }
    $foreseen = Get-ForeseenNumbers $rules $Server $there
    $at = 0
    foreach ($rule in $rules) {
        $at++
        $live = $there[$rule.identifier]
        $problems = @($foreseen[$rule.identifier].Problems)
        if ($null -ne $live) { $problems = @(Get-RuleProblems $rule $live $Server $rules) }
        $problems += @(Get-NameProblems $rule $Server $there)
        $name = Format-Name $rule.fields.Name
        $number = $foreseen[$rule.identifier].Number
        $fine = $(if ($null -ne $live) { 'already there' } else { 'to be created' })
        if ($null -ne $number) { $fine += ", number $number" }
        New-Checked "Rule $at of $($rules.Count)" @(if ($problems) { $name; $problems }) "${name}: $fine"
    }
}

# A rule that is there must be the planned one, on its way to its final number.
function Get-RuleProblems($Rule, $Live, $Server, [object[]] $Rules) {
    $differences = @(Get-Differences (ConvertTo-FieldTable $Rule.fields) (Get-RuleFields $Live))
    if ($differences) {
        "Its identifier $($Rule.identifier) is taken by a rule that differs:"
        $differences | ForEach-Object { "  $_" }
        'Undo what was applied (undo.ps1), or take away or change that rule by hand.'
    }
    $number = $Live.Precedence
    $planned = $Rule.precedence
    if ($null -eq $planned -or $null -eq $number) { return }
    if ($number -ge $planned.created -and $number -le $planned.final) { return }
    if (-not (Test-Beside $Rule $Live $Server.Rules $Rules)) {
        "It is there with the number $number; planned is $($planned.created), in the end $($planned.final)."
        'Other rules were added or numbered since: compare the rules, give it its number, or make the kit again.'
    }
}

# A rule that someone made by hand on both servers: same name, another identifier.
function Get-NameProblems($Rule, $Server, [hashtable] $There) {
    $fields = $Rule.fields
    foreach ($other in $Server.Rules) {
        $identifier = "$($other.Identifier)".ToLowerInvariant()
        $isOutOfBox = "$($other.ImmutableTag)".ToLowerInvariant().StartsWith('microsoft.')
        # An out-of-box rule of the same name is normal: the moved rule is a clone of it.
        if ($isOutOfBox -or $There.ContainsKey($identifier)) { continue }
        if ($fields.Name.Equals((ConvertTo-QuotedText $other.Name)) -and
            $fields.Direction.Equals("$($other.Direction)") -and
            $fields.Connector.Equals("$($other.Connector)".ToLowerInvariant())) {
            "A custom rule of this name is here already, as $identifier."
            'If it is the same rule, take that one away; if not, rename one of them.'
        }
    }
}

# Adds the missing rules in thought, as 2-apply.ps1 will. A rule that is placed before or after
# another takes a number, and all from it on move up by one (Microsoft's "Advanced precedence";
# what happens at gaps between numbers is not said), so a number that is taken now may be free then.
function Get-ForeseenNumbers([object[]] $Rules, $Server, [hashtable] $There) {
    $numbers = @{}
    foreach ($live in $Server.Rules) {
        if ($null -ne $live.Precedence) { $numbers["$($live.Identifier)".ToLowerInvariant()] = [int] $live.Precedence }
    }
    $foreseen = @{}
    foreach ($rule in $Rules) {
        $problems = @()
        $number = $null
        if ($null -ne $There[$rule.identifier]) { $number = $There[$rule.identifier].Precedence }
        elseif ($null -ne $rule.placed) {
            $anchor = $rule.placed.identifier
            if ($numbers.ContainsKey($anchor)) {
                $number = $numbers[$anchor] + $(if ($rule.placed.parameter -eq 'PrecedenceAfter') { 1 } else { 0 })
                foreach ($key in @($numbers.Keys)) { if ($numbers[$key] -ge $number) { $numbers[$key]++ } }
            }
            elseif ($null -eq (Find-ByIdentifier (@($Server.Rules) + $Rules) $anchor)) {
                $problems = @("The rule that it is placed by is not here: $anchor."
                    'Make the kit again with the rules of this server.')
            }
        }
        elseif ($null -ne $rule.precedence) {
            $number = $rule.precedence.created
            $problems = @(Get-NumberProblems $number $numbers $Server $Rules)
        }
        if ($null -ne $number) { $numbers[$rule.identifier] = [int] $number }
        $foreseen[$rule.identifier] = @{ Number = $number; Problems = $problems }
    }
    $foreseen
}

function Get-NumberProblems([int] $Number, [hashtable] $Numbers, $Server, [object[]] $Rules) {
    foreach ($holder in @($Numbers.Keys)) {
        if ($Numbers[$holder] -ne $Number) { continue }
        $planned = @($Rules | Where-Object { $_.identifier -eq $holder })
        $name = $(if ($planned) { $planned[0].fields.Name }
            else { ConvertTo-QuotedText (Find-ByIdentifier $Server.Rules $holder).Name })
        "Its number $Number is taken by $(Format-Name $name) ($holder)."
        'Give that rule another number, or make the kit again with --precedence compact.'
    }
}
