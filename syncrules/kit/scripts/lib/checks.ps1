<#
.SYNOPSIS
The check of the kit against this server. It changes nothing.
.DESCRIPTION
Invoke-KitCheck does it for 1-check.ps1 and 2-apply.ps1; the other scripts use parts of it.
It keeps to what Constrained Language Mode allows, as common.ps1 and comparison.ps1 do, which it needs.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# Returns the rows of the table, whether one failed, and what the server has.
function Invoke-KitCheck([string] $Kit, $Manifest, [bool] $AllowActive) {
    $server = Get-Server
    $identity = @(Get-IdentityRows $Manifest $server)
    $rows = @(Get-KitFilesRow $Kit $Manifest) + $identity
    if ($server.IsRead) {
        $rows += @(
            Get-OutOfBoxRow $Manifest $server
            Get-StagingRow $server.Scheduler $AllowActive
            Get-CycleRow $server.Scheduler)
    }
    else { $rows += Get-UnreadRows 'Out-of-box rules', 'Staging mode', 'Cycle' }
    $rows += $(if (Test-AnyFailed $identity) { Get-NoRulesRow } else { Get-RuleRows $Manifest $server })
    @{ Rows = $rows; Failed = Test-AnyFailed $rows; Server = $server }
}

function Get-UnreadRows([string[]] $Checks) {
    foreach ($check in $Checks) { New-Row $check 'not checked' 'The server was not read.' }
}

# On another server, the rules of the plan mean nothing: they may be there, or be free, by chance.
function Get-NoRulesRow {
    New-Row 'Rules' 'not checked' 'It is not certain that this is the server of the plan: see FAILED above.'
}

function Test-AnyFailed([object[]] $Rows) {
    @($Rows | Where-Object { $_.Result -eq 'FAILED' }).Count -gt 0
}

# One row from the problems that were found, if any.
function New-CheckedRow([string] $Check, [string[]] $Problems, [string[]] $Fine) {
    if ($Problems) { New-Row $Check 'FAILED' $Problems } else { New-Row $Check 'ok' $Fine }
}

# ---- The kit -------------------------------------------------------------------------------------

function Get-KitFilesRow([string] $Kit, $Manifest) {
    $states = @(foreach ($file in @($Manifest.files)) { Get-FileState (Join-Path $Kit $file.path) $file })
    $problems = @($states | ForEach-Object { $_.Problems }) + @(Get-ForeignProblems $Kit $Manifest)
    if ($problems) { $problems += Get-CopyAdvice $Kit }
    $fine = "$($states.Count) files, unchanged as far as the kit's own scripts can tell; README.txt checks without them"
    $signed = @($states | Where-Object { $_.IsSigned }).Count
    if ($signed) { $fine += "; $signed with a valid signature added" }
    $hash = Get-Sha256 (Join-Path $Kit $script:ManifestFile)
    New-CheckedRow 'Files of the kit' $problems @(
        $fine
        "$script:ManifestFile has the SHA-256 ${hash}:"
        'compare it with what syncrules kit printed when the kit was made.')
}

# What is wrong with a file, and whether it differs by a signature alone: where a policy wants scripts
# signed, signing changes the files, and whoever signed them vouches.
function Get-FileState([string] $Path, $File) {
    $state = @{ Problems = @(); IsSigned = $false }
    if (-not (Test-Path -LiteralPath $Path)) {
        $state.Problems = @("$($File.path) is missing.")
        return $state
    }
    if (Test-Blocked $Path) {
        $state.Problems += @(
            "$($File.path) came from another computer and is not signed: Windows will not run it."
            '  In the kit''s folder: Get-ChildItem -Recurse -File | Unblock-File')
    }
    $hash = Get-Sha256 $Path
    if (-not $hash) { $state.Problems += "$($File.path) cannot be read." }
    elseif (-not $hash.Equals($File.sha256)) {
        $state.IsSigned = Test-Signature $Path
        if (-not $state.IsSigned) { $state.Problems += "$($File.path) is not as it was when the kit was made." }
    }
    $state
}

# Scripts that the manifest does not know, and rules whose file it does not know.
function Get-ForeignProblems([string] $Kit, $Manifest) {
    $known = @($Manifest.files | ForEach-Object { $_.path })
    foreach ($path in Get-ScriptPaths $Kit) {
        if ($known -notcontains $path) { (ConvertTo-Visible $path) + ' does not belong to the kit.' }
    }
    foreach ($rule in @($Manifest.rules)) {
        if ($known -notcontains $rule.file) { "$($rule.file) has no SHA-256." }
    }
}

# undo and resume need what the scripts wrote here: a new folder would not have it.
function Get-CopyAdvice([string] $Kit) {
    foreach ($name in $script:JournalFile, $script:DeferralFile) {
        if (Test-Path -LiteralPath (Join-Path $Kit $name)) {
            return 'To repair files, copy the kit''s own over this folder; keep ' +
            "$script:JournalFile, $script:DeferralFile and the backups."
        }
    }
    'Copy the whole kit again into a new folder.'
}

# Whether the execution policy keeps a script from running; only Windows marks files.
function Test-Blocked([string] $Path) {
    if ($Path -notlike '*.ps1' -or 'RemoteSigned', 'AllSigned' -notcontains "$(Get-ExecutionPolicy)") { return $false }
    try { $mark = Get-Item -LiteralPath $Path -Stream Zone.Identifier -ErrorAction Ignore }
    catch { return $false }
    $null -ne $mark -and -not (Test-Signature $Path)
}

function Test-Signature([string] $Path) {
    if (-not (Get-Command Get-AuthenticodeSignature -ErrorAction Ignore)) { return $false }
    if ($Path -notlike '*.ps1') { return $false }
    $signature = Get-AuthenticodeSignature -LiteralPath $Path
    $null -ne $signature -and "$($signature.Status)" -eq 'Valid'
}

# All scripts that lie where the kit has scripts, as the manifest writes paths.
function Get-ScriptPaths([string] $Kit) {
    foreach ($folder in './', 'lib/', 'rules/') {
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
        $own = @(Get-OwnMessage $_)
        if (-not $own) { throw }
        $server.Row = New-Row 'Server' 'FAILED' $own
        return $server
    }
    try {
        $server.Connectors = @(Get-AllConnectors)
        $server.Rules = @(Get-AllRules)
        $server.Scheduler = Get-First @(Get-ADSyncScheduler)
        $server.IsRead = $true
        $details = "ADSync module loaded; $($server.Rules.Count) rules read"
        $server.Row = New-CheckedRow 'Server' @(Get-AnswerProblems $server) $details
    }
    catch {
        $server.Row = New-Row 'Server' 'FAILED' @(
            'The server cannot be read: ' + (Get-Message $_)
            'Open PowerShell with "Run as administrator", as a member of ADSyncAdmins. The service'
            '"Microsoft Azure AD Sync" must be running.')
    }
    $server
}

# Every server has connectors, rules and a scheduler: where a cmdlet answers with nothing, nothing is known.
function Get-AnswerProblems($Server) {
    if (-not $Server.Connectors) { Get-NoAnswer 'Get-ADSyncConnector' }
    if (-not $Server.Rules) { Get-NoAnswer 'Get-ADSyncRule' }
    if ($null -eq $Server.Scheduler) { Get-NoAnswer 'Get-ADSyncScheduler' }
}

# ---- Whether it is the plan's server -------------------------------------------------------------
# syncrules/kit/identity.py tells the same of files.

# The rows that tell whether the server was read, and is the one that the kit was made for.
function Get-IdentityRows($Manifest, $Server) {
    $Server.Row
    if ($Server.IsRead) {
        Get-ThisServerRow $Manifest $Server
        Get-ConnectorsRow $Manifest $Server
        Get-EntraConnectorRow $Manifest $Server
    }
    else { Get-UnreadRows 'This server', 'Connectors', 'Entra connector' }
}

# Stops a script on another server than the plan's.
function Assert-PlansServer([string] $Kit) {
    $rows = @(Get-IdentityRows (Read-Manifest $Kit) (Get-Server))
    $failed = @($rows | Where-Object { $_.Result -eq 'FAILED' } | ForEach-Object { $_.Details })
    if ($failed) { Stop-Kit ($failed + 'Nothing was changed.') }
}

# Custom rules have the same identifiers on both servers, and so has the Entra connector. The other
# connectors and the out-of-box rules do not: the manifest has those that only one server has.
function Get-ThisServerRow($Manifest, $Server) {
    $here = @{}
    foreach ($object in @($Server.Connectors) + @($Server.Rules)) {
        $here["$($object.Identifier)".ToLowerInvariant()] = $object.Name
    }
    $foreign = @($Manifest.servers.active.only | Where-Object { $here.ContainsKey($_) })
    $own = @($Manifest.servers.staging.only | Where-Object { $here.ContainsKey($_) })
    $known = @($Manifest.servers.staging.only)
    if ($foreign) {
        $name = Format-Name (ConvertTo-QuotedText $here[$foreign[0]])
        New-Row 'This server' 'FAILED' @(
            "This is the active server of the plan: $name ($($foreign[0])) is here, which only that server has."
            'Run this on the staging server.')
    }
    elseif (-not $known) {
        New-Row 'This server' 'not checked' @(
            'The files that the kit was made from show nothing that only one of the two servers has.'
            'Make sure yourself that this is the staging server.')
    }
    elseif (-not $own) {
        New-Row 'This server' 'FAILED' @(
            'This is not the staging server of the plan: no connector and no out-of-box rule that only that'
            'server has is here. Run this on that server; if it was reinstalled since, make a new kit.')
    }
    else { New-Row 'This server' 'ok' 'the staging server of the plan, by its own connectors or out-of-box rules' }
}

function Get-ConnectorsRow($Manifest, $Server) {
    $connectors = @($Manifest.connectors)
    $problems = @(foreach ($planned in $connectors) { Get-ConnectorProblems $planned $Server.Connectors })
    if ($problems) {
        $problems += 'The kit was made for another server, or this server was reinstalled since; make a new kit.'
    }
    New-CheckedRow 'Connectors' $problems "$($connectors.Count) of the plan are here"
}

function Get-ConnectorProblems($Planned, [object[]] $Connectors) {
    $label = $Planned.identifier
    if ($Planned.name) { $label = (Format-Name $Planned.name) + " ($label)" }
    $found = Find-ByIdentifier $Connectors $Planned.identifier
    if ($null -eq $found) { return "$label is not on this server." }
    $name = ConvertTo-QuotedText $found.Name
    if ($Planned.name -and -not $Planned.name.ToUpperInvariant().Equals($name.ToUpperInvariant())) {
        "$label is named $(Format-Name $name) here."
    }
    $type = "$(Read-Property $found 'Type')"
    if (-not $type) { $type = "$(Read-Property $found 'ConnectorTypeName')" }
    if ($Planned.type -and $type -and $Planned.type -ne $type) {
        "$label has the type $(ConvertTo-Visible $type) here, planned: $($Planned.type)."
    }
}

function Get-EntraConnectorRow($Manifest, $Server) {
    $problems = @()
    if ($null -eq (Find-ByIdentifier $Server.Connectors $Manifest.entra_connector)) {
        $problems = @("No connector has the identifier $($Manifest.entra_connector)."
            'Look at the connectors: without the one of Microsoft Entra ID, the plan does not fit.')
    }
    New-CheckedRow 'Entra connector' $problems 'it is here'
}

function Get-OutOfBoxRow($Manifest, $Server) {
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
    if ($problems) { $problems += 'These are not the rules that the plan was made with: make a new kit.' }
    New-CheckedRow 'Out-of-box rules' $problems "$($planned.Count) that the plan names are here"
}

function Get-OutOfBoxDifferences($Planned, $Found) {
    if (-not $Planned.name.Equals((ConvertTo-QuotedText $Found.Name))) { 'name' }
    if (-not ([guid] $Planned.connector).Equals([guid] "$($Found.Connector)")) { 'connector' }
    if (-not $Planned.direction.Equals("$($Found.Direction)")) { 'direction' }
    $stem = "$($Found.ImmutableTag)".ToLowerInvariant() -replace '\.[0-9]+$', ''
    if (-not (ConvertFrom-QuotedText $Planned.stem).Equals($stem)) { 'tag' }
}

function Get-StagingRow($Scheduler, [bool] $AllowActive) {
    $mode = "$(Read-Property $Scheduler 'StagingModeEnabled')"
    if ($mode -eq 'True') { return New-Row 'Staging mode' 'ok' 'on' }
    $found = 'This server is active: staging mode is off.'
    if (-not $mode) { $found = 'The server does not report whether it is in staging mode.' }
    if ($AllowActive) { return New-Row 'Staging mode' 'ok' "$found Allowed by -AllowActive." }
    New-Row 'Staging mode' 'FAILED' @(
        $found
        'Run this on the staging server. If you mean this one, add -AllowActive.')
}

function Get-CycleRow($Scheduler) {
    # Builds before 1.1.443.0 do not have the property.
    $cycle = "$(Read-Property $Scheduler 'SyncCycleInProgress')"
    if (-not $cycle) {
        New-Row 'Cycle' 'not checked' @(
            'This build does not report whether a synchronization cycle is running.'
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

function Get-RuleRows($Manifest, $Server) {
    $rules = @($Manifest.rules)
    $there = @{}
    foreach ($rule in $rules) { $there[$rule.identifier] = Find-ByIdentifier $Server.Rules $rule.identifier }
    $known = $there.Clone()
    foreach ($identifier in $Manifest.namesakes) { $known[$identifier] = $null }
    $foreseen = Get-ForeseenNumbers $rules $Server $there
    $at = 0
    foreach ($rule in $rules) {
        $at++
        $live = $there[$rule.identifier]
        $problems = @($foreseen[$rule.identifier].Problems)
        if ($null -ne $live) { $problems = @(Get-RuleProblems $rule $live $Server $rules) }
        $problems += @(Get-NameProblems $rule $Server $known)
        $name = Format-Name $rule.fields.Name
        $number = $foreseen[$rule.identifier].Number
        $fine = $(if ($null -ne $live) { 'already there' } else { 'to be created' })
        if ($null -ne $number) { $fine += ", precedence $number" }
        New-CheckedRow "Rule $at of $($rules.Count)" @(if ($problems) { $name; $problems }) "${name}: $fine"
    }
}

# A rule that is there must be the planned one, on its way to its final precedence.
function Get-RuleProblems($Rule, $Live, $Server, [object[]] $Rules) {
    $differences = @(Get-Differences (ConvertTo-FieldTable $Rule.fields) (Get-RuleFields $Live))
    if ($differences) {
        "Its identifier $($Rule.identifier) is taken by a rule that differs:"
        $differences | ForEach-Object { "  $_" }
        'Undo what was applied (undo.ps1), or delete or change that rule by hand.'
    }
    $number = $Live.Precedence
    $planned = $Rule.precedence
    if ($null -eq $planned -or $null -eq $number) { return }
    if ($number -ge $planned.created -and $number -le $planned.final) { return }
    if (-not (Test-Beside $Rule $Live $Server.Rules $Rules)) {
        "It has the precedence $number; planned: $($planned.created), finally $($planned.final)."
        'Other rules were added or renumbered since: compare the rules, give it its precedence, or make a new kit.'
    }
}

# A rule that someone made by hand on both servers: same name, another identifier. Those that are in
# the plan, or stood there when it was made and are others of the active server's, are no such rules.
function Get-NameProblems($Rule, $Server, [hashtable] $Known) {
    $fields = $Rule.fields
    foreach ($other in $Server.Rules) {
        $identifier = "$($other.Identifier)".ToLowerInvariant()
        $isOutOfBox = "$($other.ImmutableTag)".ToLowerInvariant().StartsWith('microsoft.')
        # An out-of-box rule of the same name is normal: the moved rule is a clone of it.
        if ($isOutOfBox -or $Known.ContainsKey($identifier)) { continue }
        if ($fields.Name.Equals((ConvertTo-QuotedText $other.Name)) -and
            $fields.Direction.Equals("$($other.Direction)") -and
            $fields.Connector.Equals("$($other.Connector)".ToLowerInvariant())) {
            "A custom rule of this name is here already, as $identifier."
            'If it is the same rule, delete it; if not, rename one of them.'
        }
    }
}

# Adds the missing rules in thought, as 2-apply.ps1 will: so a number that is taken now may be free then.
function Get-ForeseenNumbers([object[]] $Rules, $Server, [hashtable] $There) {
    $numbers = @{}
    foreach ($live in $Server.Rules) {
        if ($null -ne $live.Precedence) { $numbers["$($live.Identifier)".ToLowerInvariant()] = [int] $live.Precedence }
    }
    $foreseen = @{}
    foreach ($rule in $Rules) {
        $live = $There[$rule.identifier]
        if ($null -ne $live) { $found = @{ Number = $live.Precedence; Problems = @() } }
        elseif ($null -ne $rule.placed) { $found = Get-PlacedNumber $rule.placed $numbers $Server $Rules }
        else { $found = Get-PlannedNumber $rule.precedence $numbers $Server $Rules }
        if ($null -ne $found.Number) { $numbers[$rule.identifier] = [int] $found.Number }
        $foreseen[$rule.identifier] = $found
    }
    $foreseen
}

# The number that a rule takes which is placed before or after another. All from it on move up by one,
# in $Numbers too (Microsoft's "Advanced precedence"; what happens at gaps between numbers is not said).
function Get-PlacedNumber($Placed, [hashtable] $Numbers, $Server, [object[]] $Rules) {
    $anchor = $Placed.identifier
    $found = @{ Number = $null; Problems = @() }
    if ($Numbers.ContainsKey($anchor)) {
        $found.Number = $Numbers[$anchor] + $(if ($Placed.parameter -eq 'PrecedenceAfter') { 1 } else { 0 })
        foreach ($key in @($Numbers.Keys)) { if ($Numbers[$key] -ge $found.Number) { $Numbers[$key]++ } }
    }
    elseif ($null -eq (Find-ByIdentifier (@($Server.Rules) + $Rules) $anchor)) {
        $found.Problems = @("The rule that it is placed by is not here: $anchor."
            'Make the kit again with the rules of this server.')
    }
    $found
}

function Get-PlannedNumber($Precedence, [hashtable] $Numbers, $Server, [object[]] $Rules) {
    if ($null -eq $Precedence) { return @{ Number = $null; Problems = @() } }
    $number = $Precedence.created
    @{ Number = $number; Problems = @(Get-NumberProblems $number $Numbers $Server $Rules) }
}

function Get-NumberProblems([int] $Number, [hashtable] $Numbers, $Server, [object[]] $Rules) {
    foreach ($holder in @($Numbers.Keys)) {
        if ($Numbers[$holder] -ne $Number) { continue }
        $planned = @($Rules | Where-Object { $_.identifier -eq $holder })
        $name = $(if ($planned) { $planned[0].fields.Name }
            else { ConvertTo-QuotedText (Find-ByIdentifier $Server.Rules $holder).Name })
        "Its precedence $Number is taken by $(Format-Name $name) ($holder)."
        'Give that rule another precedence, or make the kit again with --precedence compact.'
    }
}
