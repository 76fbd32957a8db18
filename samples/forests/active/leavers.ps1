# 2021-06-18 jd: stands directly before Contoso's own 'In from AD - User AccountEnabled'.
New-ADSyncRule  `
-Name 'In from AD - User Leavers' `
-Identifier 'b3ced371-262a-4501-9b18-e1468d36f095' `
-Description 'Accounts that Personnel has marked are disabled in the cloud at once.' `
-Direction 'Inbound' `
-Precedence 0 `
-PrecedenceAfter '00000000-0000-0000-0000-000000000000' `
-PrecedenceBefore '76fa1e06-ff2d-4cad-8997-39ab254c7c66' `
-SourceObjectType 'user' `
-TargetObjectType 'person' `
-Connector 'e9196081-e710-42ac-9639-b71b434e3dbd' `
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


