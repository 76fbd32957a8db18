<#
.SYNOPSIS
Runs one script after another against the stand-in server, on behalf of session.py.
.DESCRIPTION
It connects to -Port on this machine. Each line that comes in is a JSON object:
  setup      PowerShell that makes the server ready, first of all
  before     scripts that are run next, each as `script` is
  script     the script to run, with its path; it is run as .\name.ps1, in its own folder
  arguments  what follows its name, as PowerShell
  rendered   whether its output is wanted as a console would show it, too
What goes back is one line of JSON: the strings and type names that the script put out; the errors
that it went on after and the one that ended it, by identifier; the texts of warnings and errors;
what it told the host; its exit code; the ADSync cmdlets that were called; and the rules on the
server.
#>
param([Parameter(Mandatory)] [int] $Port, [Parameter(Mandatory)] [string] $Module)

# No Set-StrictMode here: the scripts would inherit it.
Import-Module $Module

function Get-Told($value) {
    if ($null -eq $value -or $value -is [string]) { "$value" } else { $value.GetType().FullName }
}

function Invoke-Script([string] $path, [string] $arguments) {
    $folder = [System.IO.Path]::GetDirectoryName($path)
    $null = $ExecutionContext.SessionState.Path.SetLocation($folder)
    $name = [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent(
        [System.IO.Path]::GetFileName($path))
    # In a pipeline of its own: an error that a try here could see would end the script, whatever
    # its own preference says.
    $shell = [powershell]::Create([System.Management.Automation.RunspaceMode]::CurrentRunspace)
    $null = $shell.AddScript("& '.\$name' $arguments", $true)
    $output = [System.Collections.Generic.List[psobject]]::new()
    $fault = $null
    $global:LASTEXITCODE = 0
    try { $shell.Invoke($null, $output) }
    catch [System.Management.Automation.MethodInvocationException] {
        $fault = $_.Exception.InnerException.ErrorRecord
    }
    $shown = @($shell.Streams.Warning) + @($shell.Streams.Error) + $fault
    [ordered] @{
        output = @(@($output).ForEach({ Get-Told $_ }))
        objects = @($output)
        errors = @($shell.Streams.Error.ForEach({ $_.FullyQualifiedErrorId }))
        fault = if ($fault) { $fault.FullyQualifiedErrorId }
        texts = @($shown.Where({ $null -ne $_ }).ForEach({ "$_" }))
        told = @($shell.Streams.Information.ForEach({ "$_" }))
        # As of a PowerShell that was started for this script.
        exit = if ($fault) { 1 } else { $global:LASTEXITCODE }
    }
    $shell.Dispose()
}

function ConvertTo-Line($value) { [ADSyncStandIn.Json]::Of($value) }

function Get-Strings($request, [string] $name) {
    foreach ($element in $request.GetProperty($name).EnumerateArray()) { $element.GetString() }
}

$client = [System.Net.Sockets.TcpClient]::new('127.0.0.1', $Port)
$client.NoDelay = $true
$reader = [System.IO.StreamReader]::new($client.GetStream())
$writer = [System.IO.StreamWriter]::new($client.GetStream())
$writer.AutoFlush = $true
$writer.NewLine = "`n"
while ($null -ne ($line = $reader.ReadLine())) {
    $request = [System.Text.Json.JsonDocument]::Parse($line).RootElement
    $broken = @()
    try { & ([scriptblock]::Create($request.GetProperty('setup').GetString())) }
    catch { $broken = @("$_") }
    $before = foreach ($path in Get-Strings $request before) { Invoke-Script $path }
    $broken += @($before | ForEach-Object { $_.errors; $_.fault } | Where-Object { $_ })
    $result = Invoke-Script $request.GetProperty('script').GetString() `
        $request.GetProperty('arguments').GetString()
    if ($request.GetProperty('rendered').GetBoolean()) {
        $result.rendered = ($result.objects | Out-String).TrimEnd()
    }
    $result.Remove('objects')
    $members = foreach ($key in $result.Keys) {
        '"' + $key + '":' + (ConvertTo-Line $result[$key])
    }
    $writer.WriteLine('{' + ($members -join ',') + ',"broken":' + (ConvertTo-Line $broken) +
        ',"calls":' + (ConvertTo-Line @(Get-ADSyncStandInCall)) +
        ',"rules":' + (Get-ADSyncStandInRecord) + '}')
}
