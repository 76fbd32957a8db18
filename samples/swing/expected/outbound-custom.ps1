# Mapped to the staging server by syncrules, from outbound-custom.ps1.
# Run it there, in Windows PowerShell 5.1, as .\outbound-custom.ps1 (not dot-sourced or pasted).
# Connector ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d -> d30f1c62-8a4b-4f0e-9c57-61b8a2e94f13 (assumed)
# Connector b891884f-051e-4a83-95af-2544101c9083 -> b891884f-051e-4a83-95af-2544101c9083 (entra)
# It stops at its first error: the commands after it would change the rule before.
$ErrorActionPreference = 'Stop'

New-ADSyncRule  `
-Name 'Out to AAD - User Cloud sync pilot' `
-Identifier '16c38b1b-1f31-48a2-bba0-1b7e3c60d828' `
-Description '' `
-Direction 'Outbound' `
-Precedence 60 `
-PrecedenceAfter '00000000-0000-0000-0000-000000000000' `
-PrecedenceBefore '00000000-0000-0000-0000-000000000000' `
-SourceObjectType 'person' `
-TargetObjectType 'user' `
-Connector 'b891884f-051e-4a83-95af-2544101c9083' `
-LinkType 'JoinNoFlow' `
-SoftDeleteExpiryInterval 0 `
-ImmutableTag '' `
-OutVariable syncRule


New-Object  `
-TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition' `
-ArgumentList 'cloudNoFlow','True','EQUAL' `
-OutVariable condition0


Add-ADSyncScopeConditionGroup  `
-SynchronizationRule $syncRule[0] `
-ScopeConditions @($condition0[0]) `
-OutVariable syncRule


Add-ADSyncRule  `
-SynchronizationRule $syncRule[0]


Get-ADSyncRule  `
-Identifier '16c38b1b-1f31-48a2-bba0-1b7e3c60d828'


New-ADSyncRule  `
-Name 'Out to AAD - User Extension attributes' `
-Identifier '84f2090f-79a2-45cb-8e03-8dd12ed086b2' `
-Description '' `
-Direction 'Outbound' `
-Precedence 61 `
-PrecedenceAfter '00000000-0000-0000-0000-000000000000' `
-PrecedenceBefore '00000000-0000-0000-0000-000000000000' `
-SourceObjectType 'person' `
-TargetObjectType 'user' `
-Connector 'b891884f-051e-4a83-95af-2544101c9083' `
-LinkType 'Join' `
-SoftDeleteExpiryInterval 0 `
-ImmutableTag '' `
-OutVariable syncRule


Add-ADSyncAttributeFlowMapping  `
-SynchronizationRule $syncRule[0] `
-Source @('extensionAttribute13') `
-Destination 'extensionAttribute13' `
-FlowType 'Direct' `
-ValueMergeType 'Update' `
-OutVariable syncRule


Add-ADSyncAttributeFlowMapping  `
-SynchronizationRule $syncRule[0] `
-Source @('extensionAttribute14') `
-Destination 'extensionAttribute14' `
-FlowType 'Direct' `
-ValueMergeType 'Update' `
-OutVariable syncRule


Add-ADSyncAttributeFlowMapping  `
-SynchronizationRule $syncRule[0] `
-Destination 'extensionAttribute15' `
-FlowType 'Expression' `
-ValueMergeType 'Update' `
-Expression 'Replace([extensionAttribute15], "\\", "/")' `
-OutVariable syncRule


Add-ADSyncAttributeFlowMapping  `
-SynchronizationRule $syncRule[0] `
-Source @('en-GB') `
-Destination 'preferredLanguage' `
-FlowType 'Constant' `
-ValueMergeType 'Update' `
-ExecuteOnce  `
-OutVariable syncRule


New-Object  `
-TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition' `
-ArgumentList 'sourceObjectType','User','EQUAL' `
-OutVariable condition0


New-Object  `
-TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition' `
-ArgumentList 'cloudMastered','True','NOTEQUAL' `
-OutVariable condition1


New-Object  `
-TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition' `
-ArgumentList 'sourceAnchor','','ISNOTNULL' `
-OutVariable condition2


Add-ADSyncScopeConditionGroup  `
-SynchronizationRule $syncRule[0] `
-ScopeConditions @($condition0[0],$condition1[0],$condition2[0]) `
-OutVariable syncRule


Add-ADSyncRule  `
-SynchronizationRule $syncRule[0]


Get-ADSyncRule  `
-Identifier '84f2090f-79a2-45cb-8e03-8dd12ed086b2'


New-ADSyncRule  `
-Name 'Out to AD - User Object identifier' `
-Identifier 'c6431b98-c529-426b-b408-4db61fa26a12' `
-Description 'Writes the object identifier of Microsoft Entra ID back to AD.' `
-Direction 'Outbound' `
-Precedence 62 `
-PrecedenceAfter '00000000-0000-0000-0000-000000000000' `
-PrecedenceBefore '00000000-0000-0000-0000-000000000000' `
-SourceObjectType 'person' `
-TargetObjectType 'user' `
-Connector 'd30f1c62-8a4b-4f0e-9c57-61b8a2e94f13' `
-LinkType 'Join' `
-SoftDeleteExpiryInterval 0 `
-ImmutableTag '' `
-OutVariable syncRule


Add-ADSyncAttributeFlowMapping  `
-SynchronizationRule $syncRule[0] `
-Source @('cloudAnchor') `
-Destination 'msDS-ExternalDirectoryObjectId' `
-FlowType 'Expression' `
-ValueMergeType 'Update' `
-Expression 'IIF(IsPresent([cloudAnchor]), [cloudAnchor], IgnoreThisFlow)' `
-OutVariable syncRule


New-Object  `
-TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition' `
-ArgumentList 'cloudAnchor','','ISNOTNULL' `
-OutVariable condition0


New-Object  `
-TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition' `
-ArgumentList 'cloudMastered','True','NOTEQUAL' `
-OutVariable condition1


Add-ADSyncScopeConditionGroup  `
-SynchronizationRule $syncRule[0] `
-ScopeConditions @($condition0[0],$condition1[0]) `
-OutVariable syncRule


Add-ADSyncRule  `
-SynchronizationRule $syncRule[0]


Get-ADSyncRule  `
-Identifier 'c6431b98-c529-426b-b408-4db61fa26a12'


