# Scripts say `Import-Module ADSync`. Where this folder's parent is on PSModulePath, it is this one.
@{
    RootModule = 'ADSync.psm1'
    ModuleVersion = '1.0.0'
    GUID = '7c1f4b86-0d5e-4a39-9a63-2f0e8b6d4c15'
    CmdletsToExport = '*-ADSync*'
    FunctionsToExport = @()
    AliasesToExport = @()
    VariablesToExport = @()
}
