<#
.SYNOPSIS
What defer-full-sync.ps1 and resume-full-sync.ps1 share: the record, and the flags of connectors.
.DESCRIPTION
deferred-full-sync.json: { "format_version": "1.0", "connectors": [ { "identifier", "name": TEXT,
"full_import": bool, "full_sync": bool } ] }. It needs changing.ps1 and full language mode.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Get-RecordPath([string] $Kit) { Join-Path (Convert-Path -LiteralPath $Kit) $script:DeferralFile }

function Read-Record([string] $Kit) {
    $path = Get-RecordPath $Kit
    if (-not (Test-Path -LiteralPath $path)) { return }
    try {
        $record = ConvertFrom-Json ([IO.File]::ReadAllText($path))
        if ($null -eq (Read-Property $record 'connectors')) { throw 'an empty record' }
    }
    catch {
        Stop-Kit "$script:DeferralFile is damaged. Nothing was changed.",
        'Look at the connectors (Get-ADSyncSchedulerConnectorOverride), set by hand what they need, and rename it.'
    }
    foreach ($connector in @($record.connectors)) {
        [ordered] @{
            identifier = $connector.identifier; name = $connector.name
            full_import = [bool] $connector.full_import; full_sync = [bool] $connector.full_sync
        }
    }
}

# Beside it first: whoever is killed here leaves the old record or the new one.
function Write-Record([string] $Kit, [object[]] $Connectors) {
    $path = Get-RecordPath $Kit
    Write-TextFile "$path.new" (ConvertTo-JsonLine ([ordered] @{ format_version = '1.0'; connectors = $Connectors }))
    if (Test-Path -LiteralPath $path) { [IO.File]::Replace("$path.new", $path, [NullString]::Value) }
    else { [IO.File]::Move("$path.new", $path) }
}

# All are set again: the record is kept under another name.
function Complete-Record([string] $Kit) {
    $path = Get-RecordPath $Kit
    $stem = [IO.Path]::GetFileNameWithoutExtension($path)
    $kept = $stem + '-' + (Get-Date -Format 'yyyyMMdd-HHmmss') + '.json'
    [IO.File]::Move($path, (Join-Path (Convert-Path -LiteralPath $Kit) $kept))
    Write-Lines "All are set again; the record was renamed to $kept."
}

function Assert-RecordServer([object[]] $Recorded) {
    $connectors = @(Get-AllConnectors)
    $missing = @($Recorded | Where-Object { $null -eq (Find-ByIdentifier $connectors $_.identifier) })
    if ($missing) {
        Stop-Kit (@("$script:DeferralFile was written on another server: these connectors are not here:") +
            ($missing | ForEach-Object { "  $(Format-Name $_.name) ($($_.identifier))" }) + 'Nothing was changed.')
    }
}

function Format-Flags($Connector) {
    $flags = @(if ($Connector.full_import) { 'full import' }; if ($Connector.full_sync) { 'full synchronization' })
    $flags -join ' and '
}

# Sets those flags of a connector that the record has, and reads them back.
function Set-Flags([string] $Identifier, [bool] $Value, $Recorded) {
    $flags = @{}
    if ($Recorded.full_import) { $flags['FullImportRequired'] = $Value }
    if ($Recorded.full_sync) { $flags['FullSyncRequired'] = $Value }
    Invoke-Unasked { $null = Set-ADSyncSchedulerConnectorOverride -ConnectorIdentifier $Identifier @flags }
    $found = Get-Answer 'Get-ADSyncSchedulerConnectorOverride' @(
        Get-ADSyncSchedulerConnectorOverride -ConnectorIdentifier $Identifier)
    foreach ($flag in $flags.Keys) {
        if ($found.$flag -ne $Value) { Stop-Kit "$flag of the connector $Identifier was not set to $Value." }
    }
}
