# Mapped to the staging server by syncrules, from contractors.ps1.
# Run it there, in Windows PowerShell 5.1, as .\contractors.ps1 (not dot-sourced or pasted).
# Connector 945a34aa-1ab0-4977-8823-ebc9c55e4152 -> c4c0c1dd-1a75-46b6-87f7-5e8a7df2e723 (forest)
# It stops at its first error: the commands after it would change the rule before.
$ErrorActionPreference = 'Stop'

# 2020-11-02 jd: contractors of Fabrikam must win over 'In from AD - User Sign-in name' there.
# Made by hand (Advanced precedence). Run fabrikam.ps1 FIRST, or the number below is unknown!
New-ADSyncRule  `
-Name 'In from AD - User Contractors' `
-Identifier '5badeeb9-b889-43af-b216-2b04520cea38' `
-Description 'Contractors don''t sign in with their employer''s mail address.' `
-Direction 'Inbound' `
-Precedence 0 `
-PrecedenceAfter '00000000-0000-0000-0000-000000000000' `
-PrecedenceBefore '2e057b73-58c7-4739-9cfa-c400e33ad905' `
-SourceObjectType 'user' `
-TargetObjectType 'person' `
-Connector 'c4c0c1dd-1a75-46b6-87f7-5e8a7df2e723' `
-LinkType 'Join' `
-SoftDeleteExpiryInterval 0 `
-ImmutableTag '' `
-OutVariable syncRule


Add-ADSyncAttributeFlowMapping  `
-SynchronizationRule $syncRule[0] `
-Destination 'displayName' `
-FlowType 'Expression' `
-ValueMergeType 'Update' `
-Expression '[displayName] & " (contractor''s account)"' `
-OutVariable syncRule


Add-ADSyncAttributeFlowMapping  `
-SynchronizationRule $syncRule[0] `
-Destination 'userPrincipalName' `
-FlowType 'Expression' `
-ValueMergeType 'Update' `
-Expression '"ext-" & [sAMAccountName] & "@fabrikam.com"' `
-OutVariable syncRule


New-Object  `
-TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition' `
-ArgumentList 'employeeType','Contractor','STARTSWITH' `
-OutVariable condition0


Add-ADSyncScopeConditionGroup  `
-SynchronizationRule $syncRule[0] `
-ScopeConditions @($condition0[0]) `
-OutVariable syncRule


Add-ADSyncRule  `
-SynchronizationRule $syncRule[0]


Get-ADSyncRule  `
-Identifier '5badeeb9-b889-43af-b216-2b04520cea38'


