<#
.SYNOPSIS
Tells of each function of some scripts what it calls, and which variables of its caller it reads.
.DESCRIPTION
For each function of the .ps1 files in -Folder and in its folder lib: a line FILE|NAME|COMMANDS|VARIABLES.
A variable is its caller's where the function has no parameter of that name and assigns it nowhere;
constants of the script, which it names as $script:NAME, are not among them.
#>
param([Parameter(Mandatory)] [string] $Folder)

$automatic = '_', 'true', 'false', 'null', 'PSScriptRoot', 'PSBoundParameters', 'ExecutionContext'

function Find-Ast($ast, [string] $type) {
    $found = "System.Management.Automation.Language.${type}Ast" -as [type]
    $ast.FindAll({ $args[0] -is $found }.GetNewClosure(), $true)
}

function Find-Own($function) {
    foreach ($parameter in Find-Ast $function 'Parameter') { $parameter.Name.VariablePath.UserPath }
    foreach ($loop in Find-Ast $function 'ForEachStatement') { $loop.Variable.VariablePath.UserPath }
    foreach ($assignment in Find-Ast $function 'AssignmentStatement') {
        $left = $assignment.Left
        while ($left -is [System.Management.Automation.Language.AttributedExpressionAst]) { $left = $left.Child }
        $targets = if ($left -is [System.Management.Automation.Language.ArrayLiteralAst]) { $left.Elements } else { $left }
        foreach ($target in $targets) {
            if ($target -is [System.Management.Automation.Language.VariableExpressionAst]) { $target.VariablePath.UserPath }
        }
    }
}

$files = foreach ($place in $Folder, (Join-Path $Folder 'lib')) { [System.IO.Directory]::GetFiles($place, '*.ps1') }
foreach ($file in $files) {
    $ast = [System.Management.Automation.Language.Parser]::ParseFile($file, [ref] $null, [ref] $null)
    foreach ($function in Find-Ast $ast 'FunctionDefinition') {
        $own = @(Find-Own $function) + $automatic
        $used = @(Find-Ast $function 'VariableExpression' | ForEach-Object { $_.VariablePath.UserPath })
        $foreign = @($used | Where-Object { $own -notcontains $_ -and $_ -notlike 'script:*' })
        $commands = @(Find-Ast $function 'Command' | ForEach-Object { $_.GetCommandName() } | Where-Object { $_ })
        @([System.IO.Path]::GetFileName($file), $function.Name, ($commands -join ','), ($foreign -join ',')) -join '|'
    }
}
