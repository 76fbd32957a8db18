"""What a command may do to variables, commands and preferences is known, or refused."""

from __future__ import annotations

import pytest

import syncrules
from support.builders import A1, rule, text_of
from support.strategies import SKELETON, SKELETON_RULE
from syncrules import Diagnostic, InputRefused

IDENTIFIER = SKELETON_RULE.identifier
HEAD, TAIL = SKELETON.split("Add-ADSyncRule", 1)
TAIL = "Add-ADSyncRule" + TAIL


def found(text: str, *, keep_foreign: bool = False) -> tuple[Diagnostic, ...]:
    try:
        return syncrules.parse(text, keep_foreign=keep_foreign).diagnostics
    except InputRefused as refused:
        return refused.diagnostics


def codes(text: str, *, keep_foreign: bool = False) -> list[str]:
    return [d.code for d in found(text, keep_foreign=keep_foreign)]


# ---- Variables of PowerShell's -------------------------------------------------------------------

AUTOMATIC = (
    *("True", "FALSE", "null", "_", "args", "Input", "Error", "OFS", "HOME", "PID", "PWD", "Host"),
    *("PROFILE", "Matches", "this", "switch", "foreach", "ExecutionContext", "ShellId"),
    *("StackTrace", "MyInvocation", "PSCulture", "IsWindows", "MaximumHistoryCount"),
    *("ConfirmPreference", "WhatIfPreference", "ErrorActionPreference"),
)


@pytest.mark.parametrize("name", AUTOMATIC)
def test_a_variable_that_means_something_to_powershell_is_given_no_value(name: str) -> None:
    assert codes(f"${name} = 'x'\n{SKELETON}") == ["SR331"]
    # Nor does a condition stand in it.
    assert "SR316" in codes(SKELETON.replace("condition0", name))


@pytest.mark.parametrize(
    "name", ["Connector", "MyHost", "Errors", "theProfile", "APSName", "ThisOne", "Preferences"]
)
def test_any_other_is(name: str) -> None:
    assert codes(f"${name} = 'x'\n{SKELETON}") == []
    assert codes(SKELETON.replace("condition0", name)) == []


# ---- Variables that another command fills --------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        "Get-ADSyncRule -OutVariable syncRule",
        "Get-ADSyncRule -ov SyncRule",
        "Get-ADSyncRule -OutV 'syncRule'",
        "Get-ADSyncRule -OutVariable:syncRule",
        f"Get-ADSyncRule -Identifier '{IDENTIFIER}' -OutVariable syncRule",
        "Import-Module ADSync -OutVariable syncRule",
    ],
)
def test_a_rule_that_another_command_replaces_is_not_the_one_that_was_made(command: str) -> None:
    assert "SR317" in codes(f"{HEAD}{command}\n{TAIL}")


def test_a_rule_of_the_file_that_is_read_back_is_not_edited() -> None:
    again = f"Get-ADSyncRule -Identifier '{IDENTIFIER}' -OutVariable again\n"
    assert codes(SKELETON + again) == []  # nothing is done with it
    flow = (
        "Add-ADSyncAttributeFlowMapping -SynchronizationRule $again[0] -Destination 'mail' "
        "-FlowType 'Direct' -Source 'mail'\n"
    )
    assert codes(SKELETON + again + flow) == ["SR317"]


@pytest.mark.parametrize(
    "name", ["+syncRule", "script:syncRule", "global:c", "'+c'", "''", "Error"]
)
@pytest.mark.parametrize("command", ["Get-ADSyncRule", "Import-Module ADSync"])
def test_a_variable_is_named_plainly_by_every_command(command: str, name: str) -> None:
    assert set(codes(f"{SKELETON}{command} -OutVariable {name}\n")) & {"SR316", "SR219", "SR223"}


@pytest.mark.parametrize("command", ["Get-ADSyncRule", "Import-Module ADSync"])
def test_a_connector_that_a_command_replaces_is_refused(command: str) -> None:
    text = text_of(rule()).replace(f"'{A1}'", "$c")
    assert codes(f"$c = '{A1}'\r\n{text}") == []
    assert codes(f"$c = '{A1}'\r\n{command} -OutVariable c\r\n{text}") == ["SR316"]


@pytest.mark.parametrize("common", ["ErrorVariable", "wv", "InformationVariable", "pv", "iv", "ev"])
def test_other_parameters_that_name_variables_are_refused(common: str) -> None:
    assert "SR307" in codes(f"{SKELETON}Get-ADSyncRule -{common} syncRule\n")


# ---- Commands that are kept ----------------------------------------------------------------------

HARMLESS = [
    "Write-Host 'done'",
    "write-host -Object 'done' -ForegroundColor Green -NoNewline",
    "Write-Warning 'look'",
    "Write-Output 1",
    "Start-Sleep -Seconds 5",
    "Clear-Host",
    "Get-Date",
]
# Each can give the rules' commands or variables another meaning, or says nothing of whether it can.
MAY_DO_ANYTHING = [
    *("Set-Content -Path 'variable:c' -Value 'x'", "Clear-Content 'variable:c'"),
    *("Set-Content -Path 'function:New-ADSyncRule' -Value 'x'", "Add-Content 'alias:x' 'y'"),
    *("Set-Variable c 'x'", "New-Alias New-ADSyncRule x", "Set-StrictMode -Version 3"),
    *("New-PSDrive x FileSystem 'C:'", "Set-Location 'variable:'", "Push-Location 'C:'"),
    *("Write-Host 'x' -OutVariable c", "Write-Host 'x' -ov c", "Write-Output 'x' -OutV c"),
    *("Write-Warning 'x' -WarningVariable c", "Write-Host 'x' -PipelineVariable c"),
    *("Write-Host 'x' -InformationVariable +c", "Write-Output 'x' -ErrorVariable c"),
    *("Write-Host 'x' -ErrorAction Ignore", "Write-Host $c", "Write-Host -Obj 'x'"),
    *("Get-ADUser 'x'", "Get-Content 'x'", "Start-Transcript 'x'", "Import-Csv 'x'"),
    *("Get-ADSyncScheduler", "Tee-Object -Variable c", "Select-Object -First 1"),
]


@pytest.mark.parametrize("command", HARMLESS)
def test_what_can_touch_no_variable_and_no_command_is_kept(command: str) -> None:
    text = f"{command}\n{SKELETON}{command}\n"
    for keep_foreign, code in ((True, "SR226"), (False, "SR208")):
        (told,) = found(text, keep_foreign=keep_foreign)
        assert (told.code, len(told.places)) == (code, 2)


@pytest.mark.parametrize("command", MAY_DO_ANYTHING)
def test_no_other_command_is_kept(command: str) -> None:
    told = found(f"{command}\n{SKELETON}", keep_foreign=True)
    assert [d.is_error for d in told] == [True]


@pytest.mark.parametrize(
    "command",
    ["Set-ADSyncScheduler -SyncCycleEnabled $false", "Start-ADSyncSyncCycle -PolicyType Initial"],
)
@pytest.mark.parametrize("keep_foreign", [True, False])
def test_the_schedule_is_never_changed_by_an_output(command: str, keep_foreign: bool) -> None:
    text = f"{command}\n{SKELETON}{command}\n"
    told = found(text, keep_foreign=keep_foreign)
    name = command.split()[0]
    assert [(d.code, d.message.split()[0], len(d.places)) for d in told] == [("SR208", name, 2)]
    assert all("Delete it" in d.hint for d in told)


OF_THE_SERVER = [
    *("Set-ADSyncScheduler -NextSyncCyclePolicyType Initial", "Stop-ADSyncSyncCycle"),
    *("Start-ADSyncSyncCycle", "start-adsyncsynccycle Delta | Out-Null"),
    *("Remove-ADSyncRule -Identifier 'x'", "Disable-ADSyncRule -Identifier 'x'"),
    *("Set-ADSyncRule -SynchronizationRule $syncRule[0]", "Enable-ADSyncRule 'x'"),
    *("Disable-ADSyncExportDeletionThreshold", "Enable-ADSyncExportDeletionThreshold 500"),
    "Set-ADSyncSchedulerConnectorOverride -ConnectorIdentifier 'x' -FullSyncRequired $true",
    *("Set-ADSyncAADCompanyFeature 'x'", "Set-ADSyncAutoUpgrade Disabled", "Add-ADSyncX"),
    *("Invoke-ADSyncRunProfile 'x' 'Full Import'", "Remove-ADSyncConnector 'x'"),
    *("Get-ADSyncScheduler", "Get-ADSyncConnector -OutVariable syncRule"),
    *("Sync-ADSyncCSObject", "ADSync\\Add-ADSyncRule -SynchronizationRule $syncRule[0]"),
]


@pytest.mark.parametrize("command", OF_THE_SERVER)
@pytest.mark.parametrize("keep_foreign", [True, False])
def test_every_other_command_of_the_module_is_refused_by_name(
    command: str, keep_foreign: bool
) -> None:
    told = found(f"{command}\n{SKELETON}{command}\n", keep_foreign=keep_foreign)
    assert {(d.code, d.is_error) for d in told} == {("SR208", True)}
    name = command.split()[0].rpartition("\\")[2]
    assert all(name.lower() in d.message.lower() for d in told)


# ---- The module ----------------------------------------------------------------------------------

INSTALLED = r"C:\Program Files\Microsoft Azure AD Sync\Bin\ADSync"


@pytest.mark.parametrize(
    "arguments",
    [
        *("ADSync", "'adsync'", "-Name ADSync", "ADSync -Force", "ADSync -ErrorAction Stop"),
        "ADSync -DisableNameChecking -Force",
        *(f"'{INSTALLED}\\ADSync.psd1'", f"-Name '{INSTALLED}'", f'"{INSTALLED}\\adsync"'),
        "'D:/Microsoft Azure AD Sync/Bin/ADSync/ADSync.psd1' -Force",
    ],
)
def test_the_adsync_module_is_loaded_by_name_or_from_where_it_is_installed(arguments: str) -> None:
    assert codes(f"Import-Module {arguments}\n{SKELETON}") == []


@pytest.mark.parametrize(
    "arguments",
    [
        *("Az", "'C:\\Temp\\ADSync.psd1'", "'.\\ADSync'", f"'{INSTALLED}\\other.psd1'"),
        *("ADSync -Prefix x", "ADSync -Function x", "ADSync -Variable syncRule", "ADSync -Alias x"),
        *("ADSync -PassThru", "'ADSync','Az'", f"'{INSTALLED}\\..\\x\\ADSync.psd1'"),
    ],
)
def test_nothing_else_is_loaded(arguments: str) -> None:
    told = found(f"Import-Module {arguments}\n{SKELETON}", keep_foreign=True)
    assert any(d.is_error for d in told)


# ---- An index with blanks ------------------------------------------------------------------------

BLANKS = [" ", "\t", "\n", "\r\n", "`\n", "` ", "\xa0", "\u2003", " \n\t"]


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("form", ["[{}0]", "[0{}]", "[{0}0{0}]"])
def test_blanks_and_line_ends_may_stand_around_an_index(blank: str, form: str) -> None:
    text = SKELETON.replace("[0]", form.format(blank))
    export = syncrules.parse(text)
    assert (export.diagnostics, export.rules) == ((), (SKELETON_RULE,))
    assert bytes(export).decode("utf-8-sig") == text


@pytest.mark.parametrize(
    "index", ["[\x1c0]", "[`0]", "[ <##> 0]", "[+0]", "[ 0 0 ]", "[ ]", " [0]"]
)
def test_no_other_index_is_read(index: str) -> None:
    with pytest.raises(syncrules.InputRefused):
        syncrules.parse(SKELETON.replace("[0]", index))
