<#
.SYNOPSIS
Rules as they were: everything of a rule that can be set again, for backup, journal and undo.
.DESCRIPTION
Read by changing.ps1. Texts are kept exactly, which Get-RuleFields does not do.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

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
    $given = Get-RuleParameters $Raw $Precedence
    $rule = Get-Answer 'New-ADSyncRule' @(New-ADSyncRule @given)
    foreach ($flow in $Raw.AttributeFlowMappings) {
        $parts = Get-FlowParameters $flow
        $rule = Get-Answer 'Add-ADSyncAttributeFlowMapping' @(
            Add-ADSyncAttributeFlowMapping -SynchronizationRule $rule @parts)
    }
    foreach ($group in $Raw.ScopeFilter) {
        $conditions = @(foreach ($condition in $group) { New-RawCondition 'ScopeCondition' $condition })
        $rule = Get-Answer 'Add-ADSyncScopeConditionGroup' @(
            Add-ADSyncScopeConditionGroup -SynchronizationRule $rule -ScopeConditions $conditions)
    }
    foreach ($group in $Raw.JoinFilter) {
        $conditions = @(foreach ($condition in $group) { New-RawCondition 'JoinCondition' $condition })
        $rule = Get-Answer 'Add-ADSyncJoinConditionGroup' @(
            Add-ADSyncJoinConditionGroup -SynchronizationRule $rule -JoinConditions $conditions)
    }
    $rule
}

function Get-RuleParameters($Raw, $Precedence) {
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
    $given
}

function New-RawCondition([string] $Type, $Raw) {
    New-Object "Microsoft.IdentityManagement.PowerShell.ObjectModel.$Type" `
        (ConvertFrom-RawText $Raw[0]), (ConvertFrom-RawText $Raw[1]), $Raw[2]
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
