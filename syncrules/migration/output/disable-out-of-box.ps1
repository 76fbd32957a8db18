# Disables out-of-box rules on the staging server, as they are on the active server; by syncrules.
# Run it there, in Windows PowerShell 5.1, as a member of ADSyncAdmins, as .\disable-out-of-box.ps1.
# A rule is changed only if its identifier, name, connector and tag are all as expected, and no rule
# is changed unless all are. A rule that is disabled already stays as it is.
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

$expected = @(
#RULES
)

function Get-RuleToDisable($wanted) {
    $found = @(Get-ADSyncRule | Where-Object { "$($_.Identifier)" -eq $wanted.Identifier })
    if ($found.Count -ne 1) {
        throw "The server has no rule $($wanted.Identifier) ('$($wanted.Name)'). Is this the staging server, and were its files exported lately? Nothing was changed."
    }
    $rule = $found[0]
    # Equals compares character by character; -eq does not see some of them.
    $isSame = "$($rule.Name)".Equals($wanted.Name) -and
        "$($rule.Connector)" -eq $wanted.Connector -and
        "$($rule.ImmutableTag)" -eq $wanted.ImmutableTag
    if (-not $isSame) {
        throw "The rule $($wanted.Identifier) is not the expected one: it is '$($rule.Name)' ($($rule.ImmutableTag)) of connector $($rule.Connector), not '$($wanted.Name)' ($($wanted.ImmutableTag)) of connector $($wanted.Connector). Export the staging server's rules again and make this script again. Nothing was changed."
    }
    $rule
}

foreach ($rule in @($expected | ForEach-Object { Get-RuleToDisable $_ })) {
    if ($rule.Disabled) {
        "Disabled already: $($rule.Name)"
        continue
    }
    $rule.Disabled = $true
    $null = $rule | Add-ADSyncRule
    "Disabled: $($rule.Name)"
}
