# Mapped to the staging server by syncrules, from fabrikam.ps1.
# Run it there, in Windows PowerShell 5.1, as .\fabrikam.ps1 (not dot-sourced or pasted).
# Connector 945a34aa-1ab0-4977-8823-ebc9c55e4152 -> c4c0c1dd-1a75-46b6-87f7-5e8a7df2e723 (forest)
# It stops at its first error: the commands after it would change the rule before.
$ErrorActionPreference = 'Stop'

New-ADSyncRule  `
-Name 'In from AD - User Sign-in name' `
-Identifier '2e057b73-58c7-4739-9cfa-c400e33ad905' `
-Description 'Für O''Brien, D’’Angelo und die anderen: „Anmeldung mit der Mailadresse“.
Ticket #4711; vor Änderungen Frau Öztürk fragen.' `
-Direction 'Inbound' `
-Precedence 22 `
-PrecedenceAfter '00000000-0000-0000-0000-000000000000' `
-PrecedenceBefore '00000000-0000-0000-0000-000000000000' `
-SourceObjectType 'user' `
-TargetObjectType 'person' `
-Connector 'c4c0c1dd-1a75-46b6-87f7-5e8a7df2e723' `
-LinkType 'Join' `
-SoftDeleteExpiryInterval 0 `
-ImmutableTag '' `
-OutVariable syncRule


Add-ADSyncAttributeFlowMapping  `
-SynchronizationRule $syncRule[0] `
-Destination 'userPrincipalName' `
-FlowType 'Expression' `
-ValueMergeType 'Update' `
-Expression '
    IIF(IsPresent([mail]) && InStr([mail],"@fabrikam.com")>0,
        Trim([mail]),
        Replace([userPrincipalName],"@emea.fabrikam.com","@fabrikam.com"))
' `
-OutVariable syncRule


New-Object  `
-TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition' `
-ArgumentList 'userPrincipalName','','ISNOTNULL' `
-OutVariable condition0


Add-ADSyncScopeConditionGroup  `
-SynchronizationRule $syncRule[0] `
-ScopeConditions @($condition0[0]) `
-OutVariable syncRule


Add-ADSyncRule  `
-SynchronizationRule $syncRule[0]


Get-ADSyncRule  `
-Identifier '2e057b73-58c7-4739-9cfa-c400e33ad905'


New-ADSyncRule  `
-Name 'In from AD – User Büro Zürich' `
-Identifier 'b7596660-7a53-4d42-9b52-8c1f0a3f2b02' `
-Description 'Licences for ''Zürich'' need a usage location.' `
-Direction 'Inbound' `
-Precedence 40 `
-PrecedenceAfter '00000000-0000-0000-0000-000000000000' `
-PrecedenceBefore '00000000-0000-0000-0000-000000000000' `
-SourceObjectType 'user' `
-TargetObjectType 'person' `
-Connector 'c4c0c1dd-1a75-46b6-87f7-5e8a7df2e723' `
-LinkType 'Join' `
-SoftDeleteExpiryInterval 0 `
-ImmutableTag '' `
-OutVariable syncRule


Add-ADSyncAttributeFlowMapping  `
-SynchronizationRule $syncRule[0] `
-Source @('CH') `
-Destination 'usageLocation' `
-FlowType 'Constant' `
-ValueMergeType 'Update' `
-OutVariable syncRule


New-Object  `
-TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition' `
-ArgumentList 'physicalDeliveryOfficeName','Büro Zürich','EQUAL' `
-OutVariable condition0


Add-ADSyncScopeConditionGroup  `
-SynchronizationRule $syncRule[0] `
-ScopeConditions @($condition0[0]) `
-OutVariable syncRule


Add-ADSyncRule  `
-SynchronizationRule $syncRule[0]


Get-ADSyncRule  `
-Identifier 'b7596660-7a53-4d42-9b52-8c1f0a3f2b02'


New-ADSyncRule  `
-Name 'In from AD - User Badge' `
-Identifier '15b5852f-a6d7-4eba-8dad-9895f23c6bbc' `
-Description '' `
-Direction 'Inbound' `
-Precedence 41 `
-PrecedenceAfter '00000000-0000-0000-0000-000000000000' `
-PrecedenceBefore '00000000-0000-0000-0000-000000000000' `
-SourceObjectType 'user' `
-TargetObjectType 'person' `
-Connector 'c4c0c1dd-1a75-46b6-87f7-5e8a7df2e723' `
-LinkType 'Join' `
-SoftDeleteExpiryInterval 0 `
-ImmutableTag '' `
-OutVariable syncRule


Add-ADSyncAttributeFlowMapping  `
-SynchronizationRule $syncRule[0] `
-Source @('fabrikamBadgeNumber') `
-Destination 'extensionAttribute7' `
-FlowType 'Direct' `
-ValueMergeType 'Update' `
-OutVariable syncRule


New-Object  `
-TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition' `
-ArgumentList 'fabrikamBadgeNumber','','ISNOTNULL' `
-OutVariable condition0


Add-ADSyncScopeConditionGroup  `
-SynchronizationRule $syncRule[0] `
-ScopeConditions @($condition0[0]) `
-OutVariable syncRule


Add-ADSyncRule  `
-SynchronizationRule $syncRule[0]


Get-ADSyncRule  `
-Identifier '15b5852f-a6d7-4eba-8dad-9895f23c6bbc'


