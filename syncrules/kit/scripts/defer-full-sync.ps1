<#
.SYNOPSIS
Puts off the full imports and full synchronizations that the connectors ask for now.
.DESCRIPTION
As Microsoft's upgrade guide describes it ("defer full synchronization"). After rules were changed, the next
cycle makes them for whole connectors, which can take hours. This writes down which connectors ask for
what, in deferred-full-sync.json, and then clears it. resume-full-sync.ps1 sets it again, exactly that. Do so
before this server becomes the active one: until then the new rules do not apply to all objects.
.PARAMETER AllowActive
The server may be active (not in staging mode): there, what is put off is missing until it is resumed.
.PARAMETER WhatIf
Shows what would be done, and changes nothing.
.PARAMETER Confirm
Asks before each change.
.EXAMPLE
.\defer-full-sync.ps1
#>
[CmdletBinding(SupportsShouldProcess)]
param([switch] $AllowActive)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'lib/changing.ps1')
. (Join-Path $PSScriptRoot 'lib/deferral.ps1')

# The flags that connectors have now, as a record has them.
function Get-Asking {
    $connectors = @(Get-AllConnectors)
    foreach ($override in Get-Objects @(Get-ADSyncSchedulerConnectorOverride)) {
        if ($override.FullImportRequired -or $override.FullSyncRequired) {
            $identifier = "$($override.ConnectorIdentifier)".ToLowerInvariant()
            [ordered] @{
                identifier = $identifier
                name = ConvertTo-QuotedText (Read-Property (Find-ByIdentifier $connectors $identifier) 'Name')
                full_import = [bool] $override.FullImportRequired
                full_sync = [bool] $override.FullSyncRequired
            }
        }
    }
}

# What is recorded stays recorded; what is new comes to it.
function Join-Record([object[]] $Recorded, [object[]] $Asking) {
    $joined = [ordered] @{}
    foreach ($connector in $Recorded + $Asking) {
        $known = $joined[$connector.identifier]
        if ($null -eq $known) { $joined[$connector.identifier] = $connector; continue }
        $known.full_import = $known.full_import -or $connector.full_import
        $known.full_sync = $known.full_sync -or $connector.full_sync
    }
    @($joined.Values)
}

# Puts off what these connectors ask for, once it is recorded.
function Clear-AcceptedFlags([object[]] $Recorded, [object[]] $Accepted) {
    Write-Record $PSScriptRoot (Join-Record $Recorded $Accepted)
    foreach ($connector in $Accepted) {
        Set-Flags $connector.identifier $false $connector
        Write-Lines "  $(Format-Name $connector.name): $(Format-Flags $connector) deferred"
    }
    Write-Lines "They are recorded in $script:DeferralFile. Next: resume-full-sync.ps1, before the switch."
}

# Returns whether nothing was declined.
function Invoke-Deferral($Caller, [bool] $AllowActive, [bool] $IsWhatIf) {
    Assert-PlansServer $PSScriptRoot
    Assert-NoCycle
    $staging = Get-StagingRow (Get-Scheduler) $AllowActive
    if ($staging.Result -eq 'FAILED') { Stop-Kit $staging.Details }
    $recorded = @(Read-Record $PSScriptRoot)
    Assert-RecordServer $recorded
    $asking = @(Get-Asking)
    if (-not $asking) { Write-Lines 'Nothing to defer: no connector asks for a full import or full synchronization.' }
    $accepted = @(foreach ($connector in $asking) {
            $action = 'defer ' + (Format-Flags $connector)
            if (Test-Consent $Caller (Format-Name $connector.name) $action) { $connector }
        })
    if ($accepted) { Clear-AcceptedFlags $recorded $accepted }
    if ($accepted.Count -eq $asking.Count -or $IsWhatIf) { return $true }
    Write-Lines "Not deferred: $($asking.Count - $accepted.Count) connectors."
    $false
}

$caller = $PSCmdlet
$isWhatIf = [bool] $WhatIfPreference
$exitCode = Invoke-ChangingScript -Main { Invoke-Deferral $caller $AllowActive $isWhatIf } -WayOut {
    "Way out: run this again. What was deferred is recorded in $script:DeferralFile;"
    'resume-full-sync.ps1 sets it again.'
}
if (-not $isWhatIf) { Save-Printout $PSScriptRoot 'defer' }
exit $exitCode
