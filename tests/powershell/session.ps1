<#
.SYNOPSIS
Runs one script after another against the stand-in server, on behalf of session.py.
.DESCRIPTION
It connects to -Port on this machine. Each line that comes in is a JSON object:
  script      the script to run, with its path; it is run as .\name.ps1, in its own folder
  connectors  the identifiers that the server knows
  before      scripts that are run first, in the same way
What goes back is one line of JSON: the strings and type names that the script put out, the errors
that it went on after, the one that ended it, what it told the host, and the rules on the server.
#>
param([Parameter(Mandatory)] [int] $Port, [Parameter(Mandatory)] [string] $Module)

# No Set-StrictMode here: the scripts would inherit it.
Import-Module $Module

function Invoke-Script([string] $path) {
    $folder = [System.IO.Path]::GetDirectoryName($path)
    $null = $ExecutionContext.SessionState.Path.SetLocation($folder)
    $name = [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent(
        [System.IO.Path]::GetFileName($path))
    # In a pipeline of its own: an error that a try here could see would end the script, whatever
    # its own preference says.
    $shell = [powershell]::Create([System.Management.Automation.RunspaceMode]::CurrentRunspace)
    $null = $shell.AddScript("& '.\$name'", $true)
    $output = @()
    $fault = $null
    try { $output = @($shell.Invoke()) }
    catch [System.Management.Automation.MethodInvocationException] {
        $fault = $_.Exception.InnerException.ErrorRecord.FullyQualifiedErrorId
    }
    [ordered] @{
        output = @($output.ForEach({ if ($_ -is [string]) { $_ } else { $_.GetType().FullName } }))
        errors = @($shell.Streams.Error.ForEach({ $_.FullyQualifiedErrorId }))
        fault = $fault
        told = @($shell.Streams.Information.ForEach({ "$_" }))
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
    Clear-ADSyncStandIn
    foreach ($identifier in Get-Strings $request connectors) {
        Add-ADSyncStandInConnector -Name $identifier -Identifier $identifier
    }
    $before = foreach ($path in Get-Strings $request before) { Invoke-Script $path }
    $result = Invoke-Script $request.GetProperty('script').GetString()
    $members = foreach ($key in $result.Keys) {
        '"' + $key + '":' + (ConvertTo-Line $result[$key])
    }
    $broken = @($before | ForEach-Object { $_.errors; $_.fault } | Where-Object { $_ })
    $writer.WriteLine('{' + ($members -join ',') + ',"broken":' + (ConvertTo-Line $broken) +
        ',"rules":' + (Get-ADSyncStandInRecord) + '}')
}
