<#
.SYNOPSIS
Records how this PowerShell reads scripts, in the form that replay.py compares with.
.DESCRIPTION
pwsh -NoProfile -File record.ps1 IN.jsonl OUT.jsonl

Each line {"id","text"} becomes {"id","text","errors","reading","must_read"}. Nothing is run.
Offsets are PowerShell's own: UTF-16 code units. JSON is put together by hand, since
ConvertTo-Json is slow and writes some values in its own way.
#>
param([Parameter(Mandatory)] [string] $In, [Parameter(Mandatory)] [string] $Out)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$encoder = [System.Text.Encodings.Web.JavaScriptEncoder]::UnsafeRelaxedJsonEscaping
$culture = [System.Globalization.CultureInfo]::InvariantCulture

$exported = [System.Collections.Generic.HashSet[string]]::new(
    [string[]] (
        'New-ADSyncRule', 'Add-ADSyncRule', 'Get-ADSyncRule', 'Add-ADSyncAttributeFlowMapping',
        'Add-ADSyncScopeConditionGroup', 'Add-ADSyncJoinConditionGroup', 'New-Object'),
    [System.StringComparer]::OrdinalIgnoreCase)

$quotes = @{
    SingleQuoted = "'"; DoubleQuoted = '"'
    SingleQuotedHereString = "@'"; DoubleQuotedHereString = '@"'
    BareWord = ''
}

# ---- JSON ----------------------------------------------------------------------------------------

function Quote([string] $text) { '"' + $encoder.Encode($text) + '"' }

function At($extent) { '"at":[' + $extent.StartOffset + ',' + $extent.EndOffset + ']' }

function List([string[]] $items) { '[' + ($items -join ',') + ']' }

# ---- Statements ----------------------------------------------------------------------------------
# $script:plain turns false at the first thing that no export holds: must_read is what is left.

function Statements($script) {
    $body = $script.EndBlock
    $blocks = $script.ParamBlock, $script.DynamicParamBlock, $script.BeginBlock,
        $script.ProcessBlock
    $more = @($blocks -ne $null).Count + $script.UsingStatements.Count
    if ($more -or $script.ScriptRequirements -or -not $body.Unnamed -or $body.Traps) {
        return List (Other $script)
    }
    List @(foreach ($statement in $body.Statements) { Statement $statement })
}

function Statement($ast) {
    $command = Command $ast
    if (-not $command) { return Other $ast }
    $name, $rest = $command.CommandElements
    if (-not $exported.Contains($name.Extent.Text)) { $script:plain = $false }
    $arguments = List @(foreach ($element in $rest) { Value $element })
    $quiet = if ($ast.PipelineElements.Count -eq 2) { ',"out_null":1' }
    '{' + (At $ast.Extent) + ',"command":' + (Quote $name.Value) +
        ',"arguments":' + $arguments + $quiet + '}'
}

# The command of a statement that is one command, or one piped to Out-Null; else nothing.
function Command($ast) {
    $isPipeline = $ast -is [System.Management.Automation.Language.PipelineAst]
    if (-not $isPipeline -or $ast.Background) { return }
    $first, $second, $more = $ast.PipelineElements
    if ($more -or -not (IsCalledByName $first)) { return }
    if ($second) {
        $silent = (IsCalledByName $second) -and $second.GetCommandName() -eq 'Out-Null'
        if (-not $silent -or $second.CommandElements.Count -ne 1) { return }
        if ($second.Extent.Text -ne 'Out-Null') { $script:plain = $false }
        # Windows PowerShell 5.1 ends the command at a line break before the pipe.
        $between = Part $ast $first.Extent.EndOffset $second.Extent.StartOffset
        if ($between -match '(?s)(?<!`\r?)[\r\n].*\|') { $script:plain = $false }
    }
    $first
}

function IsCalledByName($element) {
    $element -is [System.Management.Automation.Language.CommandAst] -and
        $element.InvocationOperator -eq 'Unknown' -and -not $element.Redirections.Count -and
        $null -ne $element.GetCommandName()
}

# The text of a tree between two offsets of the script.
function Part($ast, $start, $end) {
    $ast.Extent.Text.Substring($start - $ast.Extent.StartOffset, $end - $start)
}

function Other($ast) {
    $script:plain = $false
    '{' + (At $ast.Extent) + ',"other":' + (Quote ($ast.GetType().Name -replace 'Ast$')) + '}'
}

# ---- Arguments and values ------------------------------------------------------------------------

function Value($ast) {
    $inner = switch ($ast.GetType().Name) {
        CommandParameterAst { Parameter $ast }
        StringConstantExpressionAst { Text $ast }
        ConstantExpressionAst { Number $ast }
        VariableExpressionAst { Variable $ast }
        IndexExpressionAst { Element $ast }
        ArrayExpressionAst { Items $ast }
        ArrayLiteralAst { '"list":' + (List @(foreach ($e in $ast.Elements) { Value $e })) }
    }
    if ($inner) { '{' + (At $ast.Extent) + ',' + $inner + '}' } else { Other $ast }
}

function Parameter($ast) {
    if ($ast.ParameterName -cnotmatch '^[A-Za-z]+\z') { $script:plain = $false }
    $attached = if ($ast.Argument) { ',"argument":' + (Value $ast.Argument) }
    '"parameter":' + (Quote $ast.ParameterName) + $attached
}

function Text($ast) {
    $quote = $quotes["$($ast.StringConstantType)"]
    $plain = switch -Wildcard ($quote) {
        '' { $ast.Value -cmatch '^[A-Za-z][A-Za-z0-9_.-]*\z' -and $ast.Extent.Text -notmatch '`' }
        '*"' { $ast.Extent.Text -cnotmatch '(?<!`)(?:``)*`[eu]' }  # not in Windows PowerShell 5.1
        default { $true }
    }
    if (-not $plain -or $ast.Value -eq '--%') { $script:plain = $false }
    '"string":' + (Quote $ast.Value) + ',"quote":' + (Quote $quote)
}

function Number($ast) {
    if ($ast.Extent.Text -notmatch '^[0-9]{1,9}\z') { $script:plain = $false }
    $value = [System.Convert]::ToString($ast.Value, $culture)
    '"number":' + (Quote $value) + ',"type":' + (Quote $ast.Value.GetType().Name)
}

function Variable($ast) {
    if ($ast.Splatted) { return }
    if ($ast.Extent.Text -cnotmatch '^\$[A-Za-z_][A-Za-z0-9_]*\z') { $script:plain = $false }
    '"variable":' + (Quote $ast.VariablePath.UserPath)
}

function Element($ast) {
    $index = $ast.Index
    $isVariable = $ast.Target -is [System.Management.Automation.Language.VariableExpressionAst]
    $isNumber = $index.GetType().Name -eq 'ConstantExpressionAst'
    if (-not $isVariable -or -not $isNumber -or $ast.NullConditional) { return }
    if ($ast.Extent.Text -cnotmatch '^\$[A-Za-z0-9_]+\[[0-9]{1,9}\]\z') { $script:plain = $false }
    $value = [System.Convert]::ToString($index.Value, $culture)
    (Variable $ast.Target) + ',"index":' + (Quote $value)
}

# What stands in @( ): literals with commas between, one value, or nothing.
function Items($ast) {
    $statement, $more = $ast.SubExpression.Statements
    if ($more -or $ast.SubExpression.Traps) { return }
    if (-not $statement) {
        if ($ast.Extent.Text -match ';') { $script:plain = $false }
        return '"array":[]'
    }
    if ($statement -isnot [System.Management.Automation.Language.PipelineAst]) { return }
    $first, $more = $statement.PipelineElements
    $isValue = $first -is [System.Management.Automation.Language.CommandExpressionAst]
    if ($more -or -not $isValue -or $first.Redirections.Count -or $statement.Background) { return }
    $value = $first.Expression
    $isList = $value -is [System.Management.Automation.Language.ArrayLiteralAst]
    # No one writes a semicolon there, or a comma before the first value.
    $around = (Part $ast $ast.Extent.StartOffset $value.Extent.StartOffset) +
        (Part $ast $value.Extent.EndOffset $ast.Extent.EndOffset)
    if ($around -match ';' -or $value.Extent.Text[0] -eq ',') { $script:plain = $false }
    $elements = if ($isList) { $value.Elements } else { $value }
    '"array":' + (List @(foreach ($element in $elements) { Value $element }))
}

# ---- Lines ---------------------------------------------------------------------------------------

function Record([string] $line) {
    $case = [System.Text.Json.JsonDocument]::Parse($line).RootElement
    $text = $case.GetProperty('text').GetString()
    $tokens = $errors = $null
    $ast = [System.Management.Automation.Language.Parser]::ParseInput(
        $text, [ref] $tokens, [ref] $errors)
    $script:plain = -not $errors
    $found = List @(foreach ($e in $errors) {
        '[' + (Quote $e.ErrorId) + ',' + $e.Extent.StartOffset + ',' + $e.Extent.EndOffset + ']'
    })
    $reading = if ($errors) { 'null' } else { Statements $ast }
    '{"id":' + (Quote $case.GetProperty('id').GetString()) + ',"text":' + (Quote $text) +
        ',"errors":' + $found + ',"reading":' + $reading +
        ',"must_read":' + ($script:plain ? 'true' : 'false') + '}'
}

$paths = $ExecutionContext.SessionState.Path
$writer = [System.IO.StreamWriter]::new($paths.GetUnresolvedProviderPathFromPSPath($Out))
$writer.NewLine = "`n"
try {
    $file = $paths.GetUnresolvedProviderPathFromPSPath($In)
    foreach ($line in [System.IO.File]::ReadLines($file)) {
        $writer.WriteLine((Record $line))
    }
} finally {
    $writer.Dispose()
}
