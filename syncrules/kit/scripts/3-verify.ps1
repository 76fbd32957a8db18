<#
.SYNOPSIS
Reads every rule of the plan back from the server and names every difference. Changes nothing.
.DESCRIPTION
Run it after 2-apply.ps1, on the same server. All fields of each rule are compared, its number with the
one that it was to have in the end, and it is looked whether the originals are disabled. It ends in a
table; the exit code is 0 where all is as planned, else 1.
.EXAMPLE
.\3-verify.ps1
#>
[CmdletBinding()]
param()
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'lib/common.ps1')
. (Join-Path $PSScriptRoot 'lib/comparison.ps1')

# The row of a rule that was to be created.
function Get-RuleRow([string] $Check, $Rule, [object[]] $AllRules, [object[]] $Planned) {
    $name = Format-Name $Rule.fields.Name
    $live = Get-LiveRule $Rule.identifier
    if ($null -eq $live) { return New-Row $Check 'MISSING' "${name}: not on this server ($($Rule.identifier))" }
    $lines = @(Get-Differences (ConvertTo-FieldTable $Rule.fields) (Get-RuleFields $live))
    $number = "$($live.Precedence)"
    $note = ''
    if ($null -ne $Rule.precedence -and "$($Rule.precedence.final)" -ne $number) {
        $final = $Rule.precedence.final
        if (Test-Beside $Rule $live $AllRules $Planned) { $note = " (planned $final; beside its rule, as planned)" }
        else { $lines += "Precedence: planned $final, found $number" }
    }
    if ($lines) { New-Row $Check 'DIFFERS' (@("${name}:") + $lines) }
    else { New-Row $Check 'ok' "${name}: as planned, number $number$note" }
}

# The row of an original that was to be disabled.
function Get-OriginalRow([string] $Check, $Original) {
    $name = Format-Name $Original.name
    $live = Get-LiveRule $Original.identifier
    if ($null -eq $live) { New-Row $Check 'MISSING' "${name}: not on this server ($($Original.identifier))" }
    elseif (-not $live.Disabled) { New-Row $Check 'DIFFERS' "${name}: planned disabled, found enabled" }
    else { New-Row $Check 'ok' "${name}: disabled, as planned" }
}

function Get-Rows($Manifest) {
    $at = 0
    foreach ($original in @($Manifest.disable)) { $at++; Get-OriginalRow "Original $at" $original }
    $at = 0
    $all = @(Get-ADSyncRule)
    $rules = @($Manifest.rules)
    foreach ($rule in $rules) { $at++; Get-RuleRow "Rule $at" $rule $all $rules }
}

# Returns whether all is as planned.
function Invoke-Verification {
    $manifest = Read-Manifest $PSScriptRoot
    Import-ADSync
    $rows = @(Get-Rows $manifest)
    Write-Table 'Rule' $rows
    if (@($rows | Where-Object { $_.Result -ne 'ok' })) {
        Write-Host 'Not all is as planned. Where rules are missing, or originals enabled, run 2-apply.ps1 again;'
        Write-Host 'what else differs was changed by someone or by the server: compare it with report.html.'
        return $false
    }
    Write-Host 'All is as planned. Next: full synchronization; README.txt tells how.'
    $true
}

$exitCode = Invoke-Script -Main { Invoke-Verification } -WayOut {
    'Nothing was changed: this script only looks.'
}
exit $exitCode
