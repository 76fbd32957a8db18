<#
.SYNOPSIS
Tells what in scripts Windows PowerShell 5.1 would not take: a line for each script.
.DESCRIPTION
Reads a folder's .ps1 files with PowerShell's own parser. Operators, types of statements and the
parameters of cmdlets that came after 5.1 are told, each with its line.
#>
param([Parameter(Mandatory)] [string] $Folder)

# Cmdlets that 5.1 lacks, and parameters that it lacks of cmdlets that it has
# (about_* and cmdlet pages of PowerShell 6 and 7: "This parameter was added in …").
$lateCommands = 'Join-String', 'Test-Json', 'Remove-Service', 'Get-Error', 'Get-Uptime', 'Get-MarkdownOption', 'Show-Markdown'
$lateParameters = @{
    'ConvertFrom-Json' = 'AsHashtable', 'Depth', 'NoEnumerate', 'DateKind'
    'ConvertTo-Json' = 'AsArray', 'EnumsAsStrings', 'EscapeHandling'
    'ConvertTo-Csv' = 'IncludeTypeInformation', 'QuoteFields', 'UseQuotes', 'NoHeader'
    'Export-Csv' = 'IncludeTypeInformation', 'QuoteFields', 'UseQuotes', 'NoHeader'
    'Get-Content' = 'AsByteStream'
    'Set-Content' = 'AsByteStream'
    'Add-Content' = 'AsByteStream'
    'Get-Date' = 'AsUTC', 'UnixTimeSeconds'
    'ForEach-Object' = 'Parallel', 'ThrottleLimit', 'AsJob', 'TimeoutSeconds'
    'Get-ChildItem' = 'FollowSymlink'
    'Group-Object' = 'CaseInsensitive'
    'Join-Path' = 'AdditionalChildPath', 'Extension'
    'Measure-Object' = 'AllStats', 'StandardDeviation'
    'New-Guid' = 'Empty', 'InputObject'
    'Read-Host' = 'MaskInput'
    'Remove-Item' = 'FollowSymlink'
    'Select-Object' = 'SkipIndex', 'CaseInsensitive'
    'Select-String' = 'Culture', 'NoEmphasis', 'Raw'
    'Sort-Object' = 'Stable', 'Top', 'Bottom'
    'Split-Path' = 'LeafBase', 'Extension'
    'Start-Sleep' = 'Duration'
    'Import-PowerShellDataFile' = 'SkipLimitCheck'
}
$lateTokens = 'QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot', 'QuestionLBracket',
    'AndAnd', 'OrOr', 'QuestionMark', 'Clean'

function Find-Late($ast, $tokens) {
    foreach ($token in $tokens) {
        if ($lateTokens -contains "$($token.Kind)") { "line $($token.Extent.StartLineNumber): $($token.Text)" }
        if ($token.Kind -eq 'Number' -and $token.Text -match '^0b|[a-z]$' -and
            $token.Text -notmatch '^0x|(kb|mb|gb|l|d)$') {
            "line $($token.Extent.StartLineNumber): the number $($token.Text)"
        }
        $isText = 'StringExpandable', 'HereStringExpandable', 'Generic' -contains "$($token.Kind)"
        if ($isText -and $token.Text -cmatch '`(u\{|e)') {
            "line $($token.Extent.StartLineNumber): an escape that 5.1 lacks"
        }
    }
    foreach ($command in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
        $line = $command.Extent.StartLineNumber
        $name = $command.GetCommandName()
        if (-not $name) { continue }
        if ($lateCommands -contains $name) { "line ${line}: $name" }
        foreach ($element in $command.CommandElements) {
            if ($element -isnot [System.Management.Automation.Language.CommandParameterAst]) { continue }
            foreach ($late in $lateParameters[$name]) {
                if ($late -like "$($element.ParameterName)*" -and $element.ParameterName.Length -gt 2) {
                    "line ${line}: $name -$($element.ParameterName)"
                }
            }
        }
    }
    foreach ($variable in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.VariableExpressionAst] }, $true)) {
        if ('IsWindows', 'IsLinux', 'IsMacOS', 'IsCoreCLR', 'PSStyle' -contains $variable.VariablePath.UserPath) {
            "line $($variable.Extent.StartLineNumber): `$$($variable.VariablePath.UserPath)"
        }
    }
}

foreach ($file in [System.IO.Directory]::GetFiles($Folder, '*.ps1')) {
    $tokens = $null
    $errors = $null
    $ast = [System.Management.Automation.Language.Parser]::ParseFile($file, [ref] $tokens, [ref] $errors)
    $found = @($errors | ForEach-Object { "line $($_.Extent.StartLineNumber): $($_.Message)" }) + @(Find-Late $ast $tokens)
    [System.IO.Path]::GetFileName($file) + '|' + ($found -join '; ')
}
