<#
.SYNOPSIS
Runs the cases of the twin comparison with a kit's scripts: a line of JSON for each case.
.DESCRIPTION
-Cases is the file, -Lib the folder of the scripts, -Kind the list of cases: fields, differences or
places. The line tells what tests/rules/test_comparison_cases.py asserts of the same case.
#>
param(
    [Parameter(Mandatory)] [string] $Cases,
    [Parameter(Mandatory)] [string] $Lib,
    [Parameter(Mandatory)] [ValidateSet('fields', 'differences', 'places')] [string] $Kind)
. (Join-Path $Lib 'common.ps1')
. (Join-Path $Lib 'comparison.ps1')
. (Join-Path $Lib 'journal.ps1') # for JSON in one line of ASCII

function Get-Names($Case) {
    $names = @()
    $lines = Get-Differences (ConvertTo-FieldTable $Case.planned) (ConvertTo-FieldTable $Case.found)
    foreach ($line in @($lines)) {
        $name = "$line".Split(':')[0]
        if ($names -notcontains $name) { $names += $name }
    }
    , $names
}

function Get-Place($Case) {
    $all = @(foreach ($property in $Case.precedences.PSObject.Properties) {
            [pscustomobject] @{ Identifier = $property.Name; Precedence = $property.Value }
        })
    $planned = @(foreach ($identifier in $Case.planned) { [pscustomobject] @{ identifier = $identifier } })
    $rule = [pscustomobject] @{ placed = $Case.placed }
    Test-Beside $rule (Find-ByIdentifier $all $Case.rule) $all $planned
}

$table = Get-Content -LiteralPath $Cases -Raw -Encoding UTF8 | ConvertFrom-Json
foreach ($case in $table.$Kind) {
    switch ($Kind) {
        'fields' { ConvertTo-JsonLine (Get-RuleFields $case.rule) }
        'differences' { ConvertTo-JsonLine (Get-Names $case) }
        'places' { ConvertTo-JsonLine (Get-Place $case) }
    }
}
