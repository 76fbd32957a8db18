# Mapped to the staging server by syncrules, from leavers.ps1.
# Run it there, in Windows PowerShell 5.1, as .\leavers.ps1 (not dot-sourced or pasted).
# Connector e9196081-e710-42ac-9639-b71b434e3dbd -> 3822be7e-6bcd-47bf-85c5-ea44a6c78988 (forest)
# It stops at its first error: the commands after it would change the rule before.
$ErrorActionPreference = 'Stop'

# 2021-06-18 jd: stands directly before Contoso's own 'In from AD - User AccountEnabled'.
New-ADSyncRule  `
-Name 'In from AD - User Leavers' `
-Identifier 'b3ced371-262a-4501-9b18-e1468d36f095' `
-Description 'Accounts that Personnel has marked are disabled in the cloud at once.' `
-Direction 'Inbound' `
-Precedence 0 `
-PrecedenceAfter '00000000-0000-0000-0000-000000000000' `
-PrecedenceBefore '085b7514-e1a5-405a-9ceb-a49f82be6729' `
-SourceObjectType 'user' `
-TargetObjectType 'person' `
-Connector '3822be7e-6bcd-47bf-85c5-ea44a6c78988' `
-LinkType 'Join' `
-SoftDeleteExpiryInterval 0 `
-ImmutableTag '' `
-OutVariable syncRule


Add-ADSyncAttributeFlowMapping  `
-SynchronizationRule $syncRule[0] `
-Source @('False') `
-Destination 'accountEnabled' `
-FlowType 'Constant' `
-ValueMergeType 'Update' `
-OutVariable syncRule


New-Object  `
-TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition' `
-ArgumentList 'extensionAttribute3','leaver','EQUAL' `
-OutVariable condition0


Add-ADSyncScopeConditionGroup  `
-SynchronizationRule $syncRule[0] `
-ScopeConditions @($condition0[0]) `
-OutVariable syncRule


Add-ADSyncRule  `
-SynchronizationRule $syncRule[0]


Get-ADSyncRule  `
-Identifier 'b3ced371-262a-4501-9b18-e1468d36f095'


