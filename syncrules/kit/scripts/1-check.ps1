<#
.SYNOPSIS
Checks whether the plan of this kit fits this server. Changes nothing.
.DESCRIPTION
Run it on the staging server, in Windows PowerShell 5.1, as administrator. It looks at the files of the
kit, the connectors, the out-of-box rules that the plan names, staging mode, whether a synchronization
cycle is running, and each rule of the plan. It ends in a table, which it also saves as check-DATE-TIME.txt
in the kit's folder; the exit code is 0 where nothing failed, else 1. 2-apply.ps1 does the same check before it changes anything.
.PARAMETER AllowActive
The server may be active (not in staging mode).
.EXAMPLE
.\1-check.ps1
#>
[CmdletBinding()]
param([switch] $AllowActive)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'lib/common.ps1')
. (Join-Path $PSScriptRoot 'lib/comparison.ps1')
. (Join-Path $PSScriptRoot 'lib/checks.ps1')

# What to run next: that depends on what is left to apply.
function Get-NextStep($Manifest, $Server) {
    $originals = @($Manifest.disable | Where-Object { -not (Find-ByIdentifier $Server.Rules $_.identifier).Disabled })
    $rules = @($Manifest.rules | Where-Object { $null -eq (Find-ByIdentifier $Server.Rules $_.identifier) })
    if (-not $originals -and -not $rules) {
        'Nothing failed, and nothing is left to apply: each rule of the plan is here, each original is disabled.'
        return 'Next: 3-verify.ps1.'
    }
    "Nothing failed. To be applied: $($originals.Count) originals to disable, $($rules.Count) rules to create."
    'Next: 2-apply.ps1; rules already there are left unchanged.'
}

# Returns whether the plan fits.
function Invoke-Check([bool] $AllowActive) {
    $manifest = Read-Manifest $PSScriptRoot
    $check = Invoke-KitCheck $PSScriptRoot $manifest $AllowActive
    Write-Table 'Check' $check.Rows
    if ($check.Failed) {
        Write-Lines 'The plan does not fit this server yet. See FAILED above; then run this again.'
        return $false
    }
    Write-Lines (Get-NextStep $manifest $check.Server)
    $true
}

$exitCode = Invoke-Script -Main { Invoke-Check $AllowActive } -WayOut {
    'Nothing was changed: this script only looks.'
}
Save-Printout $PSScriptRoot 'check'
exit $exitCode
