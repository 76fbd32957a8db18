<#
.SYNOPSIS
Functions that all scripts of the kit share. It changes nothing; the scripts read it themselves.
.DESCRIPTION
Texts, a rule's fields and how they are compared, the manifest, the server's rules, tables.

It keeps to what Constrained Language Mode allows: method calls on strings, characters, GUIDs and
hashtables only, no new objects. Texts are compared with .Equals: -eq and -ceq compare by culture
and do not see zero-width characters, right-to-left marks or NUL.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# ---- Failures ------------------------------------------------------------------------------------

# Ends the script with a message of our own: what is wrong, where, what to do; a line for each.
function Stop-Kit([string[]] $Lines) { throw @{ KitMessage = $Lines } }

# The message of an error in one line.
function Get-Message($Failure) { ConvertTo-Visible ($Failure.Exception.Message -replace '\s+', ' ') }

function Write-Failure($Failure, [string[]] $WayOut) {
    Write-Host ''
    $own = $Failure.TargetObject
    if ($own -is [hashtable] -and $own.ContainsKey('KitMessage')) {
        Write-Lines $own['KitMessage']
    }
    else {
        Write-Host ('Unexpected error: ' + (Get-Message $Failure))
        $place = $Failure.InvocationInfo
        if ($null -ne $place -and $place.ScriptName) {
            Write-Host ('  in ' + $place.ScriptName + ', line ' + $place.ScriptLineNumber + ': ' +
                (ConvertTo-Visible "$($place.Line)".Trim()))
        }
    }
    Write-Lines $WayOut
}

# True where a script may set properties of objects and write files by .NET.
function Test-FullLanguage {
    $mode = "$($ExecutionContext.SessionState.LanguageMode)"
    if ($mode -eq 'FullLanguage') { return $true }
    Write-Lines @(
        "PowerShell is in $mode mode here: a policy (AppLocker, or App Control/WDAC) is in force."
        'This script keeps a journal and changes rules, which that mode does not let it do.'
        'Nothing was changed. What to do, one of these:'
        '  - sign all .ps1 files of the kit, those in rules too, with a certificate that the policy'
        '    trusts (Set-AuthenticodeSignature), and run this again;'
        '  - run it where the policy allows it.')
    $false
}

# ---- Texts ---------------------------------------------------------------------------------------

# A TEXT as the manifest and the journal have it: in single quotes, each ' doubled. A rule may be
# kept as XML, which does not tell line ends apart: all are LF.
function ConvertTo-QuotedText([string] $Text) {
    "'" + $Text.Replace("`r`n", "`n").Replace("`r", "`n").Replace("'", "''") + "'"
}

function ConvertFrom-QuotedText([string] $Quoted) {
    if ($Quoted.Length -lt 2) { Stop-Kit 'A text in a file of the kit is damaged: it has no quotes.' }
    $Quoted.Substring(1, $Quoted.Length - 2).Replace("''", "'")
}

# For the screen: what cannot be seen, or changes what is seen around it, as \uXXXX.
function ConvertTo-Visible([string] $Text) {
    $hidden = 'Control', 'Format', 'Surrogate', 'LineSeparator', 'ParagraphSeparator'
    $shown = foreach ($character in $Text.ToCharArray()) {
        if ($hidden -contains "$([char]::GetUnicodeCategory($character))") {
            '\u{0:X4}' -f [int] $character
        }
        else { "$character" }
    }
    -join $shown
}

# A name in quotes for a message, from a TEXT.
function Format-Name([string] $Quoted) {
    "'" + (ConvertTo-Visible (ConvertFrom-QuotedText $Quoted)) + "'"
}

# The value of a property that may not be there. Not for arrays: they would come back unrolled.
function Read-Property($Object, [string] $Name) {
    $property = $Object.PSObject.Properties[$Name]
    if ($null -ne $property) { $property.Value }
}

# ---- The fields of a rule ------------------------------------------------------------------------

# The canonical fields of a rule object of the server. syncrules/rules/comparison.py makes the same.
function Get-RuleFields($Rule) {
    [ordered] @{
        Name = ConvertTo-QuotedText $Rule.Name
        Description = ConvertTo-QuotedText $Rule.Description
        Direction = "$($Rule.Direction)"
        SourceObjectType = ConvertTo-QuotedText $Rule.SourceObjectType
        TargetObjectType = ConvertTo-QuotedText $Rule.TargetObjectType
        Connector = "$($Rule.Connector)".ToLowerInvariant()
        LinkType = "$($Rule.LinkType)"
        SoftDeleteExpiryInterval = "$($Rule.SoftDeleteExpiryInterval)"
        ImmutableTag = ConvertTo-QuotedText $Rule.ImmutableTag
        EnablePasswordSync = "$([bool] $Rule.EnablePasswordSync)"
        Disabled = "$([bool] $Rule.Disabled)"
        AttributeFlowMappings = @(foreach ($f in $Rule.AttributeFlowMappings) { Get-FlowText $f })
        ScopeFilter = @(foreach ($group in $Rule.ScopeFilter) {
                , @(foreach ($c in $group.ScopeConditionList) { Get-ScopeText $c })
            })
        JoinFilter = @(foreach ($group in $Rule.JoinFilter) {
                , @(foreach ($c in $group.JoinConditionList) { Get-JoinText $c })
            })
    }
}

function Get-FlowText($Flow) {
    $sources = @(foreach ($source in $Flow.Source) { ConvertTo-QuotedText $source }) -join ','
    $merge = "$($Flow.ValueMergeType)"
    if (-not $merge) { $merge = 'Update' } # what it is where nothing is said
    'Destination ' + (ConvertTo-QuotedText $Flow.Destination) + ", FlowType $($Flow.FlowType)" +
    ", Source @($sources), ValueMergeType $merge, ExecuteOnce $([bool] $Flow.ExecuteOnce)" +
    ', Expression ' + (ConvertTo-QuotedText $Flow.Expression)
}

# Operators are upper case in all that was seen; whether the server keeps another case: not known.
function Get-ScopeText($Condition) {
    (ConvertTo-QuotedText $Condition.Attribute) + ' ' +
    "$($Condition.ComparisonOperator)".ToUpperInvariant() + ' ' +
    (ConvertTo-QuotedText $Condition.ComparisonValue)
}

function Get-JoinText($Condition) {
    (ConvertTo-QuotedText $Condition.CSAttribute) + ' = ' +
    (ConvertTo-QuotedText $Condition.MVAttribute) + ", case-sensitive $([bool] $Condition.CaseSensitive)"
}

# Fields that were read from JSON, as Get-RuleFields gives them.
function ConvertTo-FieldTable($Object) {
    $fields = [ordered] @{}
    foreach ($property in $Object.PSObject.Properties) { $fields[$property.Name] = $property.Value }
    $fields
}

# ---- Comparing -----------------------------------------------------------------------------------

# Every difference between two tables of fields, a line for each. A field that is not planned is not
# compared. The order of flows and scope groups does not count, that of join groups does.
function Get-Differences($Planned, $Found, [string] $Before = 'planned', [string] $Now = 'found') {
    foreach ($name in @($Planned.Keys)) {
        $lines = @()
        if ('AttributeFlowMappings', 'ScopeFilter', 'JoinFilter' -notcontains $name) {
            if (-not "$($Planned[$name])".Equals("$($Found[$name])")) {
                $lines = @("$Before $($Planned[$name]), $Now $($Found[$name])")
            }
        }
        else {
            $left = @($Planned[$name])
            $right = @($Found[$name])
            $lines = @(Get-Unmatched $left $right | ForEach-Object { "$Before and not ${Now}: $_" }) +
            @(Get-Unmatched $right $left | ForEach-Object { "$Now and not ${Before}: $_" })
            if (-not $lines -and $name -eq 'JoinFilter' -and -not (Test-SameOrder $left $right)) {
                $lines = @('the groups are in another order')
            }
        }
        foreach ($line in $lines) { $name + ': ' + (ConvertTo-Visible $line) }
    }
}

# What is in one list and, as often, not in the other, as texts to show. Groups are lists in it.
function Get-Unmatched([object[]] $Left, [object[]] $Right) {
    $used = @{}
    for ($i = 0; $i -lt $Left.Count; $i++) {
        $match = -1
        for ($j = 0; $j -lt $Right.Count -and $match -lt 0; $j++) {
            if (-not $used.ContainsKey($j) -and (Test-SameItem $Left[$i] $Right[$j])) { $match = $j }
        }
        if ($match -ge 0) { $used[$match] = $true }
        elseif ($Left[$i] -is [array]) { '(' + ($Left[$i] -join ' and ') + ')' }
        else { $Left[$i] }
    }
}

function Test-SameItem($Left, $Right) {
    if ($Left -isnot [array]) { return "$Left".Equals("$Right") }
    $Left.Count -eq $Right.Count -and @(Get-Unmatched $Left $Right).Count -eq 0
}

function Test-SameOrder([object[]] $Left, [object[]] $Right) {
    for ($i = 0; $i -lt $Left.Count; $i++) {
        if (-not (Test-SameItem $Left[$i] $Right[$i])) { return $false }
    }
    $true
}

# ---- The manifest and the server -----------------------------------------------------------------

function Read-Manifest([string] $Kit) {
    $path = Join-Path $Kit 'manifest.json'
    if (-not (Test-Path -LiteralPath $path)) {
        Stop-Kit "manifest.json is not in $Kit.", 'Copy the whole kit folder again.'
    }
    try { $manifest = Get-Content -LiteralPath $path -Raw -Encoding UTF8 | ConvertFrom-Json }
    catch { Stop-Kit 'manifest.json cannot be read: it is damaged.', 'Copy the whole kit folder again.' }
    $version = "$(Read-Property $manifest 'format_version')"
    if ($version -notlike '1.*') {
        Stop-Kit "manifest.json has the format '$(ConvertTo-Visible $version)'; these scripts read 1.",
        'Its files are not of one kit: make the kit again, and copy the whole folder.'
    }
    $manifest
}

function Import-ADSync {
    $reason = 'it has no Get-ADSyncRule.'
    try { Import-Module ADSync }
    catch { $reason = Get-Message $_ }
    if (-not (Get-Command Get-ADSyncRule -ErrorAction Ignore)) {
        Stop-Kit "The ADSync module cannot be loaded: $reason",
        'Run this on the Entra Connect server, in Windows PowerShell 5.1, as administrator.'
    }
}

# The rule of an identifier, or nothing. What the cmdlet does with an unknown one is documented
# nowhere (it seems to return nothing): after an error, all rules are looked through.
function Get-LiveRule([string] $Identifier) {
    try { $found = @(Get-ADSyncRule -Identifier $Identifier) }
    catch { $found = @(Get-ADSyncRule) }
    Find-ByIdentifier $found $Identifier
}

function Find-ByIdentifier([object[]] $Objects, [string] $Identifier) {
    foreach ($object in $Objects) {
        if ($null -eq $object) { continue } # a cmdlet may answer with $null
        if (([guid] "$($object.Identifier)").Equals([guid] $Identifier)) { return $object }
    }
}

# Whether a rule that is placed by another stands beside it, with rules of the plan alone between. Then
# its number may be another than planned: rules that moved up for it do not move down when it is undone.
function Test-Beside($Rule, $Live, [object[]] $AllRules, [object[]] $Planned) {
    if ($null -eq $Rule.placed) { return $false }
    $anchor = Find-ByIdentifier $AllRules $Rule.placed.identifier
    if ($null -eq $anchor) { return $false }
    $first, $last = $Live.Precedence, $anchor.Precedence
    if ($Rule.placed.parameter -eq 'PrecedenceAfter') { $first, $last = $last, $first }
    $between = @($AllRules | Where-Object { $_.Precedence -gt $first -and $_.Precedence -lt $last })
    $ours = @($between | Where-Object { $null -ne (Find-ByIdentifier $Planned "$($_.Identifier)") })
    $first -lt $last -and $last - $first -eq $ours.Count + 1
}

# ---- What is shown -------------------------------------------------------------------------------

function Write-Lines([string[]] $Lines) { foreach ($line in $Lines) { Write-Host $line } }

# A row of a table; `Details` holds a line or more.
function New-Row([string] $Check, [string] $Result, [string[]] $Details) {
    @{ Check = $Check; Result = $Result; Details = $Details }
}

# Nothing is cut: the details come last, further ones on lines of their own below them.
function Write-Table([string] $First, [object[]] $Rows) {
    $check = $First.Length
    $result = 'Result'.Length
    foreach ($row in $Rows) {
        if ($row.Check.Length -gt $check) { $check = $row.Check.Length }
        if ($row.Result.Length -gt $result) { $result = $row.Result.Length }
    }
    Write-Host ''
    Write-Host ($First.PadRight($check + 2) + 'Result'.PadRight($result + 2) + 'Details')
    Write-Host (('-' * $check) + '  ' + ('-' * $result) + '  -------')
    foreach ($row in $Rows) {
        $start = $row.Check.PadRight($check + 2) + $row.Result.PadRight($result + 2)
        foreach ($line in $row.Details) {
            Write-Host ($start + $line)
            $start = ''.PadRight($check + $result + 4)
        }
    }
    Write-Host ''
}
