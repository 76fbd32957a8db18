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
-Connector '945a34aa-1ab0-4977-8823-ebc9c55e4152' `
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
-Connector '945a34aa-1ab0-4977-8823-ebc9c55e4152' `
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
-Connector '945a34aa-1ab0-4977-8823-ebc9c55e4152' `
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


New-ADSyncRule  `
-Name 'In from AD - ForeignSecurityPrincipal Join User' `
-Identifier '80d9c163-d73e-4ebd-9408-84457fa7eb1b' `
-Description '' `
-Direction 'Inbound' `
-Precedence 138 `
-PrecedenceAfter '00000000-0000-0000-0000-000000000000' `
-PrecedenceBefore '00000000-0000-0000-0000-000000000000' `
-SourceObjectType 'foreignSecurityPrincipal' `
-TargetObjectType '*' `
-Connector '945a34aa-1ab0-4977-8823-ebc9c55e4152' `
-LinkType 'Join' `
-SoftDeleteExpiryInterval 0 `
-ImmutableTag 'Microsoft.InfromADForeignSecurityPrincipalJoinUser.001' `
-OutVariable syncRule


New-Object  `
-TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.JoinCondition' `
-ArgumentList 'cn','objectSidString',$false `
-OutVariable condition0


Add-ADSyncJoinConditionGroup  `
-SynchronizationRule $syncRule[0] `
-JoinConditions @($condition0[0]) `
-OutVariable syncRule


Add-ADSyncRule  `
-SynchronizationRule $syncRule[0]


Get-ADSyncRule  `
-Identifier '80d9c163-d73e-4ebd-9408-84457fa7eb1b'


