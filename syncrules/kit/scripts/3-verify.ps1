<#
.SYNOPSIS
Reads every rule of the plan back from the server and names every difference. Changes nothing.
.DESCRIPTION
Run it after 2-apply.ps1, on the same server. It checks that the kit is unchanged and that this is the
server of the plan; then it compares all fields of each rule and its final precedence, and checks that the
originals are disabled. It ends in a table, which it also saves as verify-DATE-TIME.txt in the kit's folder;
the exit code is 0 where all is as planned, else 1.
.PARAMETER AllowActive
The server may be active (not in staging mode), as after the switch.
.EXAMPLE
.\3-verify.ps1
#>
[CmdletBinding()]
param([switch] $AllowActive)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'lib/common.ps1')
. (Join-Path $PSScriptRoot 'lib/comparison.ps1')
. (Join-Path $PSScriptRoot 'lib/checks.ps1')

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
    else { New-Row $Check 'ok' "${name}: as planned, precedence $number$note" }
}

# The row of an original that was to be disabled.
function Get-OriginalRow([string] $Check, $Original) {
    $name = Format-Name $Original.name
    $live = Get-LiveRule $Original.identifier
    if ($null -eq $live) { New-Row $Check 'MISSING' "${name}: not on this server ($($Original.identifier))" }
    elseif (-not $live.Disabled) { New-Row $Check 'DIFFERS' "${name}: planned disabled, found enabled" }
    else { New-Row $Check 'ok' "${name}: disabled, as planned" }
}

function Get-PlanRows($Manifest, $Server) {
    $at = 0
    foreach ($original in @($Manifest.disable)) { $at++; Get-OriginalRow "Original $at" $original }
    $at = 0
    $rules = @($Manifest.rules)
    foreach ($rule in $rules) { $at++; Get-RuleRow "Rule $at" $rule $Server.Rules $rules }
}

function Get-AllRows($Manifest, [bool] $AllowActive) {
    $server = Get-Server
    $identity = @(Get-IdentityRows $Manifest $server)
    Get-KitFilesRow $PSScriptRoot $Manifest
    $identity
    if ($server.IsRead) { Get-StagingRow $server.Scheduler $AllowActive }
    if (Test-AnyFailed $identity) { Get-NoRulesRow } else { Get-PlanRows $Manifest $server }
}

# What the rows come to, in a line or more.
function Get-Verdict([object[]] $Rows) {
    if (Test-AnyFailed $Rows) {
        return 'Not verified: this is not the kit or not the server of the plan. See FAILED above; then run this again.'
    }
    if (Test-AnyUnlike $Rows) {
        'Some rules differ from the plan. Where rules are missing, or originals enabled, run 2-apply.ps1 again;'
        return 'other differences were made by someone else or by the server: compare them with report.html.'
    }
    'All is as planned. Next: full synchronization; README.txt tells how.'
}

function Test-AnyUnlike([object[]] $Rows) {
    @($Rows | Where-Object { 'ok', 'not checked' -notcontains $_.Result }).Count -gt 0
}

# Returns whether all is as planned.
function Invoke-Verification([bool] $AllowActive) {
    $rows = @(Get-AllRows (Read-Manifest $PSScriptRoot) $AllowActive)
    Write-Table 'Check' $rows
    Write-Lines @(Get-Verdict $rows)
    -not (Test-AnyUnlike $rows)
}

$exitCode = Invoke-Script -Main { Invoke-Verification $AllowActive } -WayOut {
    'Nothing was changed: this script only looks.'
}
Save-Printout $PSScriptRoot 'verify'
exit $exitCode
