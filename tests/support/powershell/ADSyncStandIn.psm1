<#
.SYNOPSIS
A stand-in for the ADSync module: one pretended server, in the memory of this process.
.DESCRIPTION
Import-Module ADSyncStandIn.psm1 gives cmdlets of the ADSync module: those that make, keep, tell and
remove rules, those that tell the connectors, and those of the scheduler. These are its own:
  Clear-ADSyncStandIn             forgets everything and closes the store; with -KeepReferences,
                                  rules keep PrecedenceBefore and PrecedenceAfter as they were bound
  Open-ADSyncStandIn              takes the server from a file, if it is there, and keeps it there
  Add-ADSyncStandInConnector      makes a connector known
  Set-ADSyncStandInScheduler      sets what no cmdlet of ADSync can set
  Set-ADSyncStandInFault          makes the N-th call of a cmdlet of ADSync, from now, fail
  Get-ADSyncStandInCall           returns the names of the ADSync cmdlets that were called
  Get-ADSyncStandInRecord         returns the rules that the server holds, as JSON in ASCII

It runs in any PowerShell 7. Microsoft documents few of these cmdlets, so it does no more than is
known from its pages and from scripts that call the real ones: rules are stored as copies; a rule
with the Identifier of another takes its place in silence; an unknown connector and a precedence
that another rule has are refused; a rule that is placed before or after another takes that place,
and those behind move up by one. What a script leaves out stays null (references: zero), so that
the record shows what was bound.

The cmdlets are compiled, as the real ones are: their errors follow the $ErrorActionPreference of
the script that calls them, which those of a function in a module would not.

Environment variables, read when a process imports this for the first time:
  ADSYNC_STANDIN_ASSEMBLY         where the compiled cmdlets are; compiled to there if they are not
  ADSYNC_STANDIN_STORE            a file for Open-ADSyncStandIn
  ADSYNC_STANDIN_FAULT            a fault, as in 7:Kill or 7:Kill:After
#>

function Get-Compiled {
    $source = Get-Content -Raw -LiteralPath (Join-Path $PSScriptRoot 'ADSyncStandIn.cs')
    $prepared = $env:ADSYNC_STANDIN_ASSEMBLY
    if (-not $prepared) {
        return (Add-Type -PassThru -IgnoreWarnings -TypeDefinition $source)[0].Assembly
    }
    if (-not (Test-Path -LiteralPath $prepared)) {
        Add-Type -IgnoreWarnings -TypeDefinition $source -OutputAssembly $prepared
    }
    [System.Reflection.Assembly]::LoadFrom($prepared)
}

$loaded = 'ADSyncStandIn.Server' -as [type]
if ($loaded) {
    $assembly = $loaded.Assembly
}
else {
    $assembly = Get-Compiled
    # Exports name the conditions' types in full. As accelerators they are found before types of
    # the same names in any other assembly.
    $accelerators = [psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')
    foreach ($type in $assembly.GetExportedTypes()) {
        if ($type.Name -like '*Condition') { $accelerators::Add($type.FullName, $type) }
    }
}

Import-Module -Assembly $assembly
Export-ModuleMember -Cmdlet *-ADSync*

if (-not $loaded -and $env:ADSYNC_STANDIN_STORE) {
    Open-ADSyncStandIn -Path $env:ADSYNC_STANDIN_STORE
}
if (-not $loaded -and $env:ADSYNC_STANDIN_FAULT) {
    $at, $kind, $after = $env:ADSYNC_STANDIN_FAULT -split ':'
    Set-ADSyncStandInFault -At $at -Kind $kind -After:($after -eq 'After')
}
