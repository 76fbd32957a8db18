# The stand-in under the real module's name. It may be loaded already; nothing is compiled twice.
# Plain cmdlets only: a session in Constrained Language Mode reads this too.
$tests = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
Import-Module (Join-Path $tests 'ADSyncStandIn.psm1')
Export-ModuleMember -Cmdlet *-ADSync*
