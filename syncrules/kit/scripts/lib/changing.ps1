<#
.SYNOPSIS
What the scripts that change the server share: their frame, and how they ask. It reads all they need.
.DESCRIPTION
Where PowerShell is in Constrained Language Mode, it reads nothing that needs more, and
Invoke-ChangingScript says what to do.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

. (Join-Path $PSScriptRoot 'common.ps1')

# ---- The frame of a script -----------------------------------------------------------------------

# Runs a script as Invoke-Script does, where PowerShell lets it change anything.
function Invoke-ChangingScript([scriptblock] $Main, [scriptblock] $WayOut, [scriptblock] $AtEnd = { $true }) {
    if (Test-FullLanguage) { return Invoke-Script $Main $WayOut $AtEnd }
    Write-Lines @(Get-Header)
    Write-Lines @(
        "PowerShell is in $($ExecutionContext.SessionState.LanguageMode) mode here: a policy (AppLocker, or App Control/WDAC) is in force."
        'This script keeps a journal and changes rules, which that mode does not let it do.'
        'Nothing was changed. What to do, one of these:'
        '  - sign all .ps1 files of the kit, those in lib and rules too, with a certificate that the policy'
        '    trusts (Set-AuthenticodeSignature), and run this again;'
        '  - run it where the policy allows it.')
    1
}

# ---- Asking --------------------------------------------------------------------------------------

# Returns one of the words. Where nobody can be asked, it stops the script.
function Read-Choice([string[]] $Explanation, [string[]] $Words, [string] $Parameter) {
    Write-Lines $Explanation
    foreach ($attempt in 1..3) {
        $answer = $null
        try { $answer = Read-Host ('Type ' + ($Words -join ', ')) }
        catch { Write-Verbose "No one can be asked: $($_.Exception.Message)" }
        if ($null -eq $answer) { break }
        foreach ($word in $Words) {
            if ($word -eq "$answer".Trim()) {
                $script:Shown += "Answer: $word"
                return $word
            }
        }
    }
    Stop-Kit 'There was no answer. Nothing was changed.', $Parameter
}

# ShouldProcess of the script itself: -WhatIf and -Confirm. $Caller is its $PSCmdlet.
function Test-Consent($Caller, [string] $Target, [string] $Action) {
    try { $Caller.ShouldProcess($Target, $Action) }
    catch { Stop-Kit 'No one can be asked here.', 'Run this without -Confirm, or where you can answer.' }
}

# Runs a change. What was to be asked was asked: the cmdlets themselves shall not.
function Invoke-Unasked([scriptblock] $Change) {
    $ConfirmPreference = 'None'
    $WhatIfPreference = $false
    & $Change
}

# ---- The other files -----------------------------------------------------------------------------

if (-not (Test-FullLanguage)) { return } # Invoke-ChangingScript says so, and runs nothing
. (Join-Path $PSScriptRoot 'comparison.ps1')
. (Join-Path $PSScriptRoot 'checks.ps1')
. (Join-Path $PSScriptRoot 'journal.ps1')
. (Join-Path $PSScriptRoot 'scheduler.ps1')
. (Join-Path $PSScriptRoot 'raw-rules.ps1')
