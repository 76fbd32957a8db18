<#
.SYNOPSIS
What all scripts of the kit share. It changes nothing; the scripts read it themselves.
.DESCRIPTION
Names of files, the frame of a script, failures, texts, the manifest, the server's rules, tables.

It keeps to what Constrained Language Mode allows: method calls on strings, characters, GUIDs and
hashtables only, no new objects. Texts are compared with .Equals: -eq and -ceq compare by culture
and do not see zero-width characters, right-to-left marks or NUL.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# ---- Names ---------------------------------------------------------------------------------------
# Functions read them as $script:..., and no other variable that is not theirs.

$ManifestFile = 'manifest.json' # the plan as data, and the SHA-256 of every other file
$JournalFile = 'journal.jsonl' # what 2-apply.ps1 did, and undo.ps1 takes back
$DeferralFile = 'deferred-full-sync.json' # what defer-full-sync.ps1 put off
$EntraConnector = 'b891884f-051e-4a83-95af-2544101c9083' # the same on every server

$Shown = @() # every line that was shown so far: Save-Printout saves them

# ---- The frame of a script -----------------------------------------------------------------------

# Runs a script and returns its exit code: 0 where $Main returns true. An error is shown, with the
# lines that $WayOut returns. $AtEnd is run whatever happened; where it returns false, the code is 1.
function Invoke-Script([scriptblock] $Main, [scriptblock] $WayOut, [scriptblock] $AtEnd = { $true }) {
    $exitCode = 1
    Write-Lines @(Get-Header)
    try { if (& $Main) { $exitCode = 0 } }
    catch { Write-Failure $_ (& $WayOut) }
    finally { if (-not (& $AtEnd)) { $exitCode = 1 } }
    $exitCode
}

# Whether a script may set properties of objects and write files by .NET.
function Test-FullLanguage { "$($ExecutionContext.SessionState.LanguageMode)" -eq 'FullLanguage' }

# ---- Failures ------------------------------------------------------------------------------------

# Ends the script with a message of our own: what is wrong, where, what to do; a line for each.
function Stop-Kit([string[]] $Lines) { throw @{ KitMessage = $Lines } }

# The lines of a message of our own, or nothing.
function Get-OwnMessage($Failure) {
    $own = $Failure.TargetObject
    if ($own -is [hashtable] -and $own.ContainsKey('KitMessage')) { $own['KitMessage'] }
}

# The message of an error in one line.
function Get-Message($Failure) {
    $own = @(Get-OwnMessage $Failure)
    if ($own) { return $own -join ' ' }
    ConvertTo-Visible ($Failure.Exception.Message -replace '\s+', ' ')
}

function Write-Failure($Failure, [string[]] $WayOut) {
    Write-Lines ''
    $own = @(Get-OwnMessage $Failure)
    if ($own) { Write-Lines $own }
    else {
        Write-Lines ('Unexpected error: ' + (Get-Message $Failure))
        $place = $Failure.InvocationInfo
        if ($null -ne $place -and $place.ScriptName) {
            Write-Lines ('  in ' + $place.ScriptName + ', line ' + $place.ScriptLineNumber + ': ' +
                (ConvertTo-Visible "$($place.Line)".Trim()))
        }
    }
    Write-Lines $WayOut
}

# ---- Texts ---------------------------------------------------------------------------------------

# A TEXT as the manifest and the journal have it: in single quotes, each ' doubled. A rule may be
# kept as XML, which does not tell line ends apart: all are LF.
function ConvertTo-QuotedText([string] $Text) {
    "'" + $Text.Replace("`r`n", "`n").Replace("`r", "`n").Replace("'", "''") + "'"
}

function ConvertFrom-QuotedText([string] $Quoted) {
    if ($Quoted.Length -lt 2) { Stop-Kit 'A text in a file of the kit is damaged: it has no quotes.' }
    $Quoted.Substring(1, $Quoted.Length - 2).Replace("''", "'")
}

# For the screen: what cannot be seen, or changes what is seen around it, as \uXXXX.
function ConvertTo-Visible([string] $Text) {
    $hidden = 'Control', 'Format', 'Surrogate', 'LineSeparator', 'ParagraphSeparator'
    $shown = foreach ($character in $Text.ToCharArray()) {
        if ($hidden -contains "$([char]::GetUnicodeCategory($character))") {
            '\u{0:X4}' -f [int] $character
        }
        else { "$character" }
    }
    -join $shown
}

# A name in quotes for a message, from a TEXT.
function Format-Name([string] $Quoted) {
    "'" + (ConvertTo-Visible (ConvertFrom-QuotedText $Quoted)) + "'"
}

# The value of a property that may not be there, nor its object. Not for arrays: they would come back
# unrolled.
function Read-Property($Object, [string] $Name) {
    if ($null -eq $Object) { return }
    $property = $Object.PSObject.Properties[$Name]
    if ($null -ne $property) { $property.Value }
}

# ---- The manifest and the server -----------------------------------------------------------------

function Read-Manifest([string] $Kit) {
    $path = Join-Path $Kit $script:ManifestFile
    if (-not (Test-Path -LiteralPath $path)) {
        Stop-Kit "$script:ManifestFile is not in $Kit.", 'Copy the whole kit folder again.'
    }
    try { $manifest = Get-Content -LiteralPath $path -Raw -Encoding UTF8 | ConvertFrom-Json }
    catch { Stop-Kit "$script:ManifestFile cannot be read: it is damaged.", 'Copy the whole kit folder again.' }
    $version = "$(Read-Property $manifest 'format_version')"
    if ($version -notlike '1.*') {
        Stop-Kit "$script:ManifestFile has the format '$(ConvertTo-Visible $version)'; these scripts read 1.",
        'Its files are not of one kit: make the kit again, and copy the whole folder.'
    }
    $manifest
}

# What a cmdlet answered, object by object: it may answer with $null too, or with a list as one object.
function Get-Objects([object[]] $Answer) {
    foreach ($part in $Answer) { foreach ($object in $part) { if ($null -ne $object) { $object } } }
}

function Get-First([object[]] $Answer) { foreach ($object in Get-Objects $Answer) { return $object } }

# What a cmdlet answered, one object. Where it answers with nothing and tells no error, the script stops
# and names it.
function Get-Answer([string] $Cmdlet, [object[]] $Answer) {
    $first = Get-First $Answer
    if ($null -ne $first) { return $first }
    Stop-Kit (@(Get-NoAnswer $Cmdlet) + 'Then run this again.')
}

# That a cmdlet answered with nothing, and what to do.
function Get-NoAnswer([string] $Cmdlet) {
    "$Cmdlet answered with nothing, so what it would tell of this server is not known."
    'Make sure that the service "Microsoft Azure AD Sync" is running and that you are a member of ADSyncAdmins.'
    "Run $Cmdlet in a new PowerShell, as administrator, until it answers."
}

function Get-Scheduler { Get-Answer 'Get-ADSyncScheduler' @(Get-ADSyncScheduler) }

function Get-AllRules { Get-Objects @(Get-ADSyncRule) }

function Get-AllConnectors { Get-Objects @(Get-ADSyncConnector) }

function Import-ADSync {
    $reason = 'it has no Get-ADSyncRule.'
    try { Import-Module ADSync }
    catch { $reason = Get-Message $_ }
    if (-not (Get-Command Get-ADSyncRule -ErrorAction Ignore)) {
        Stop-Kit "The ADSync module cannot be loaded: $reason",
        'Run this on the Entra Connect server, in Windows PowerShell 5.1, as administrator.'
    }
}

# The rule of an identifier, or nothing. What the cmdlet does with an unknown one is documented
# nowhere (it seems to return nothing): after an error, all rules are looked through.
function Get-LiveRule([string] $Identifier) {
    try { $found = @(Get-Objects @(Get-ADSyncRule -Identifier $Identifier)) }
    catch { $found = @(Get-AllRules) }
    Find-ByIdentifier $found $Identifier
}

function Find-ByIdentifier([object[]] $Objects, [string] $Identifier) {
    foreach ($object in $Objects) {
        if (([guid] "$($object.Identifier)").Equals([guid] $Identifier)) { return $object }
    }
}

# The SHA-256 of a file, in lower case; empty where it cannot be read.
function Get-Sha256([string] $Path) {
    if (-not (Test-Path -LiteralPath $Path)) { return '' }
    try { "$((Get-FileHash -LiteralPath $Path -Algorithm SHA256).Hash)".ToLowerInvariant() }
    catch { '' }
}

# ---- What is shown -------------------------------------------------------------------------------

function Write-Lines([string[]] $Lines) {
    foreach ($line in $Lines) {
        Write-Host $line
        $script:Shown += $line
    }
}

# Saves all that was shown in the kit's folder, to be kept with the signed report; an earlier file is
# never overwritten. Where it cannot be saved, the result of the script stays.
function Save-Printout([string] $Kit, [string] $Script) {
    $ConfirmPreference = 'None'
    $WhatIfPreference = $false
    $name = $Script + '-' + ((Get-Date -Format 's') -replace '[-:]' -replace 'T', '-')
    $file = "$name.txt"
    try {
        $number = 1
        while (Test-Path -LiteralPath (Join-Path $Kit $file)) {
            $number++
            $file = "$name-$number.txt"
        }
        Set-Content -LiteralPath (Join-Path $Kit $file) -Value $script:Shown -Encoding UTF8
        Write-Host "Saved to $file; keep it with the signed report.html."
    }
    catch {
        Write-Host "This could not be saved to ${file}: $(Get-Message $_)"
        Write-Host 'Copy what is shown above into a file of your own.'
    }
}

# A row of a table; `Details` holds a line or more.
function New-Row([string] $Check, [string] $Result, [string[]] $Details) {
    @{ Check = $Check; Result = $Result; Details = $Details }
}

# The short code of the kit, which report.html and README.txt have too.
function Get-KitCode([string] $Kit) {
    try { $code = "$(Read-Property (Read-Manifest $Kit) 'code')" }
    catch { $code = '' }
    if ($code) { ConvertTo-Visible $code } else { "not known: see $script:ManifestFile" }
}

# Where, when and by whom this was printed, and with which plan: so that it can be filed.
function Get-Header {
    $kit = Split-Path -Parent $PSScriptRoot
    $hash = Get-Sha256 (Join-Path $kit $script:ManifestFile)
    if (-not $hash) { $hash = 'not known: the file is missing or cannot be read' }
    $time = ((Get-Date -Format 's') -replace 'T', ' ') + ' ' + (Get-Date -Format 'zzz')
    "Server    $([Environment]::MachineName)"
    "Time      $time"
    "User      $(ConvertTo-Visible ([Environment]::UserDomainName + '\' + [Environment]::UserName))"
    "Kit       $(ConvertTo-Visible $kit)"
    "Kit code  $(Get-KitCode $kit)"
    "SHA-256   $hash ($script:ManifestFile)"
}

function Write-Table([string] $First, [object[]] $Rows) { Write-Lines (Get-TableLines $First $Rows) }

# Nothing is cut: the details come last, further ones on lines of their own below them.
function Get-TableLines([string] $First, [object[]] $Rows) {
    $check = $First.Length
    $result = 'Result'.Length
    foreach ($row in $Rows) {
        if ($row.Check.Length -gt $check) { $check = $row.Check.Length }
        if ($row.Result.Length -gt $result) { $result = $row.Result.Length }
    }
    ''
    $First.PadRight($check + 2) + 'Result'.PadRight($result + 2) + 'Details'
    ('-' * $check) + '  ' + ('-' * $result) + '  -------'
    foreach ($row in $Rows) {
        $start = $row.Check.PadRight($check + 2) + $row.Result.PadRight($result + 2)
        foreach ($line in $row.Details) {
            $start + $line
            $start = ''.PadRight($check + $result + 4)
        }
    }
    ''
}
