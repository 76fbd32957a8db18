<#
.SYNOPSIS
How a rule of the server is compared with a planned one: its fields, and its place. Changes nothing.
.DESCRIPTION
Get-RuleFields makes what syncrules/rules/comparison.py makes of the same rule, and Get-Differences
finds what that finds: tests/data/comparison-cases.json holds both to one table of cases. It keeps to
what Constrained Language Mode allows, as common.ps1 does, which it needs.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

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
# compared. The order of scope groups does not count, that of join groups does.
function Get-Differences($Planned, $Found, [string] $Before = 'planned', [string] $Now = 'found') {
    foreach ($name in @($Planned.Keys)) {
        $lines = @()
        if ('AttributeFlowMappings', 'ScopeFilter', 'JoinFilter' -notcontains $name) {
            if (-not "$($Planned[$name])".Equals("$($Found[$name])")) {
                $lines = @("$Before $($Planned[$name]), $Now $($Found[$name])")
            }
        }
        elseif (@($Found.Keys) -notcontains $name) { $lines = @("$Before, and not $Now") }
        elseif ($name -eq 'AttributeFlowMappings') {
            $lines = @(Get-FlowDifferences @($Planned[$name]) @($Found[$name]) $Before $Now)
        }
        else {
            $lines = @(Get-ListDifferences @($Planned[$name]) @($Found[$name]) $Before $Now)
            if (-not $lines -and $name -eq 'JoinFilter' -and
                -not (Test-SameOrder @($Planned[$name]) @($Found[$name]))) {
                $lines = @('the groups are in another order')
            }
        }
        foreach ($line in $lines) { $name + ': ' + (ConvertTo-Visible $line) }
    }
}

# Flows are compared by what counts in them. Their order counts where they fill one attribute.
function Get-FlowDifferences([object[]] $Planned, [object[]] $Found, [string] $Before, [string] $Now) {
    $left = @(foreach ($flow in $Planned) { Get-FlowParts $flow })
    $right = @(foreach ($flow in $Found) { Get-FlowParts $flow })
    $keys = @(foreach ($flow in $left) { $flow.key }), @(foreach ($flow in $right) { $flow.key })
    $lines = @(Get-ListDifferences $keys[0] $keys[1] $Before $Now $Planned $Found)
    if ($lines) { return $lines }
    $used = @{}
    foreach ($flow in $left) {
        for ($j = 0; $j -lt $right.Count; $j++) {
            if (-not $used.ContainsKey($j) -and $flow.destination.Equals($right[$j].destination)) { break }
        }
        $used[$j] = $true
        if (-not $flow.key.Equals($right[$j].key)) {
            return "the flows to $($flow.destination) are in another order"
        }
    }
}

# The attribute that a flow fills, and what counts in the flow: neither the sources of an expression,
# which the server derives from it, nor its layout.
function Get-FlowParts([string] $Flow) {
    $quoted = "'[^']*(?:''[^']*)*'"
    $form = "(?s)\ADestination ($quoted), FlowType ([^,']*), " +
    "Source @\(((?:$quoted(?:,$quoted)*)?)\), ([^']*), Expression ($quoted)\z"
    $found = [regex]::Match($Flow, $form)
    if (-not $found.Success) { return @{ destination = $Flow; key = $Flow } }
    $destination, $type, $source, $how, $expression = @(foreach ($group in $found.Groups) { $group.Value })[1..5]
    if ($type -ceq 'Expression') { $source = '' }
    @{ destination = $destination; key = "$destination $type ($source) $how " + (@(Get-Tokens $expression) -join ' ') }
}

# The tokens of an expression that mean something. syncrules/expressions/scanner.py finds the same.
function Get-Tokens([string] $Expression) {
    $token = '(?s)"(?:\\.|[^"\\])*(?:"|\\?\z)|\[[^\[\]"]+\]|[ \t\r\n]+|[A-Za-z0-9_]+|&&?|\|\|?|<[=>]?|>=?|.'
    foreach ($found in [regex]::Matches($Expression, $token)) {
        if (' ', "`t", "`r", "`n" -cnotcontains $found.Value.Substring(0, 1)) { $found.Value }
    }
}

function Get-ListDifferences(
    [object[]] $Planned, [object[]] $Found, [string] $Before, [string] $Now,
    [object[]] $PlannedTexts = $Planned, [object[]] $FoundTexts = $Found) {
    foreach ($item in @(Get-Unmatched $Planned $Found $PlannedTexts)) { "$Before and not ${Now}: $item" }
    foreach ($item in @(Get-Unmatched $Found $Planned $FoundTexts)) { "$Now and not ${Before}: $item" }
}

# What is in one list and, as often, not in the other, as texts to show. Groups are lists in it.
function Get-Unmatched([object[]] $Left, [object[]] $Right, [object[]] $Texts = $Left) {
    $used = @{}
    for ($i = 0; $i -lt $Left.Count; $i++) {
        $match = -1
        for ($j = 0; $j -lt $Right.Count -and $match -lt 0; $j++) {
            if (-not $used.ContainsKey($j) -and (Test-SameItem $Left[$i] $Right[$j])) { $match = $j }
        }
        if ($match -ge 0) { $used[$match] = $true }
        elseif ($Texts[$i] -is [array]) { '(' + ($Texts[$i] -join ' and ') + ')' }
        else { $Texts[$i] }
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

# ---- The place of a rule -------------------------------------------------------------------------

# Whether a rule that is placed by another stands beside it, with rules of the plan alone between. Then
# its number may be another than planned: rules that moved up for it do not move down when it is undone.
function Test-Beside($Rule, $Live, [object[]] $AllRules, [object[]] $Planned) {
    if ($null -eq $Rule.placed) { return $false }
    $anchor = Find-ByIdentifier $AllRules $Rule.placed.identifier
    if ($null -eq $anchor -or $null -eq $anchor.Precedence -or $null -eq $Live.Precedence) { return $false }
    $first, $last = $Live.Precedence, $anchor.Precedence
    if ($Rule.placed.parameter -eq 'PrecedenceAfter') { $first, $last = $last, $first }
    if ($first -ge $last) { return $false }
    $between = @($AllRules | Where-Object { $_.Precedence -gt $first -and $_.Precedence -lt $last })
    $foreign = @($between | Where-Object { $null -eq (Find-ByIdentifier $Planned "$($_.Identifier)") })
    $foreign.Count -eq 0 -and $between.Count -eq $last - $first - 1
}
