"""Single lines of the kit's scripts that stand between an odd answer and a wrong result."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from support.builders import A1, B1, ENTRA, guid
from support.powershell.kits import Scene
from support.powershell.session import Session

LIB = files("syncrules.kit").joinpath("scripts", "lib")
R1, R2, R3 = guid(1), guid(2), guid(3)


def told(powershell: Session, text: str, *, connectors: tuple[str, ...] = ()) -> list[str]:
    """Return what a piece of PowerShell puts out where the scripts' functions are known."""
    start = f"Import-Module ADSync\n. '{LIB / 'changing.ps1'}'\n. '{LIB / 'deferral.ps1'}'\n"
    found = powershell.run_script(start + text, connectors)
    assert (found.errors, found.fault) == ((), None), found
    return list(found.output)


def table(**values: str) -> str:
    """Return an object of PowerShell with these properties, each given as PowerShell."""
    return "[pscustomobject] @{ " + "; ".join(f"{k} = {v}" for k, v in values.items()) + " }"


# ---- What a cmdlet answers -----------------------------------------------------------------------

SCHEDULER = table(StagingModeEnabled="$true", SyncCycleInProgress="$false")
ANSWERS = {
    "one": "{0}",
    "nothing before it": "$null; {0}",
    "nothing after it": "{0}; $null",
    "as one list": ", @({0})",
    "as one list with nothing in it": ", @($null, ({0}))",
}


@pytest.mark.parametrize("form", ANSWERS.values(), ids=ANSWERS)
def test_the_answer_of_a_cmdlet_is_found_in_whatever_it_comes(
    powershell: Session, form: str
) -> None:
    scheduler, one = form.format(SCHEDULER), form.format(table(Identifier=f"'{R1}'", Name="'x'"))
    text = f"""
function Get-ADSyncScheduler {{ {scheduler} }}
function Get-ADSyncRule {{ {one} }}
function Get-ADSyncConnector {{ {one} }}
"$((Get-Scheduler).StagingModeEnabled)"
"$(@(Get-AllRules).Count) $(@(Get-AllConnectors).Count)"
(Get-LiveRule '{R1}').Name
$server = Get-Server
"$($server.Row.Result) $(@($server.Scheduler).Count) $(@($server.Rules).Count)"
"""
    assert told(powershell, text) == ["True", "1 1", "x", "ok 1 1"]


def test_a_rule_is_looked_for_among_all_where_the_cmdlet_fails(powershell: Session) -> None:
    one = table(Identifier=f"'{R1}'", Name="'x'")
    text = f"""
function Get-ADSyncRule {{ param($Identifier) if ($Identifier) {{ throw 'unknown' }}; {one} }}
(Get-LiveRule '{R1}').Name
"$($null -eq (Get-LiveRule '{R2}'))"
"""
    assert told(powershell, text) == ["x", "True"]


@pytest.mark.parametrize("answer", ["", "$null", "throw 'in use'", "@{ Hash = $null }"])
def test_a_file_whose_hash_is_not_told_is_not_taken_for_unchanged(
    powershell: Session, tmp_path: Path, answer: str
) -> None:
    path = tmp_path / "a.ps1"
    path.write_text("x")
    text = f"""
function Get-FileHash {{ {answer} }}
"<$(Get-Sha256 '{path}')>"
(Get-FileState '{path}' @{{ path = 'a.ps1'; sha256 = '' }}).Problems
(Get-Header)[-1]
"""
    hidden, problem, header = told(powershell, text)
    assert (hidden, problem) == ("<>", "a.ps1 cannot be read.")
    assert header.startswith("SHA-256   not known")


def test_a_module_without_its_cmdlets_is_said(powershell: Session) -> None:
    text = """
function Get-Command { }
try { Import-ADSync } catch { @(Get-OwnMessage $_)[0] }
"""
    assert told(powershell, text) == [
        "The ADSync module cannot be loaded: it has no Get-ADSyncRule."
    ]


# ---- Texts and files -----------------------------------------------------------------------------


def test_line_ends_of_any_kind_are_one_and_what_is_hidden_is_shown(powershell: Session) -> None:
    text = """
ConvertTo-Visible (ConvertTo-QuotedText "a`r`nb`rc`nd'")
ConvertTo-Visible "a$([char] 0x200b)$([char] 0x202e)$([char] 0x2028)$([char] 7)b"
try { ConvertFrom-QuotedText "'" } catch { @(Get-OwnMessage $_)[0] }
ConvertFrom-QuotedText "''"
"<$(Read-Property $null 'x')><$(Read-Property 'x' 'y')>"
"""
    assert told(powershell, text) == [
        "'a\\u000Ab\\u000Ac\\u000Ad'''",
        "a\\u200B\\u202E\\u2028\\u0007b",
        "A text in a file of the kit is damaged: it has no quotes.",
        "",
        "<><>",
    ]


@pytest.mark.parametrize(
    ("version", "is_read"),
    [("1.0", True), ("1.9", True), ("2.0", False), ("10.0", False), ("1", False)],
)
def test_a_manifest_of_another_format_is_refused(
    powershell: Session, tmp_path: Path, version: str, is_read: bool
) -> None:
    (tmp_path / "manifest.json").write_text(f'{{"format_version": "{version}"}}')
    text = f"try {{ (Read-Manifest '{tmp_path}').format_version }} catch {{ 'refused' }}"
    assert told(powershell, text) == [version if is_read else "refused"]


def test_a_rule_whose_file_the_manifest_does_not_know_is_a_problem(
    powershell: Session, tmp_path: Path
) -> None:
    manifest = "@{ files = @(@{ path = 'rules/a.ps1' }); rules = @(@{ file = 'rules/a.ps1' }, "
    manifest += "@{ file = 'rules/b.ps1' }) }"
    text = f"Get-ForeignProblems '{tmp_path}' ({manifest})"
    assert told(powershell, text) == ["rules/b.ps1 has no SHA-256."]


@pytest.mark.parametrize(
    ("path", "status", "is_signed"),
    [("a.ps1", "Valid", True), ("a.ps1", "HashMismatch", False), ("a.txt", "Valid", False)],
)
def test_a_signature_counts_where_it_is_valid_and_a_scripts(
    powershell: Session, path: str, status: str, is_signed: bool
) -> None:
    text = f"""
function Get-AuthenticodeSignature {{ param($LiteralPath) @{{ Status = '{status}' }} }}
"$(Test-Signature '{path}')"
function Get-AuthenticodeSignature {{ }}
"$(Test-Signature '{path}')"
"""
    assert told(powershell, text) == [f"{is_signed}", "False"]


# ---- Rows of the check ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "rows"),
    [
        (
            {"StagingModeEnabled": "$true", "SyncCycleInProgress": "$false"},
            ("ok", "ok", "ok"),
        ),
        (
            {"StagingModeEnabled": "$false", "SyncCycleInProgress": "$true"},
            ("FAILED", "ok", "FAILED"),
        ),
        (
            {"StagingModeEnabled": "$null", "SyncCycleInProgress": "$null"},
            ("FAILED", "ok", "not checked"),
        ),
        ({"SchedulerSuspended": "$false"}, ("FAILED", "ok", "not checked")),
    ],
)
def test_what_a_server_does_not_tell_of_itself_is_not_taken_for_granted(
    powershell: Session, state: dict[str, str], rows: tuple[str, ...]
) -> None:
    text = f"""
$state = {table(**state)}
$row = Get-StagingRow $state $false
$row.Result
(Get-StagingRow $state $true).Result
(Get-CycleRow $state).Result
$row.Details[0]
"""
    *results, words = told(powershell, text)
    assert tuple(results) == rows
    if rows[-1] == "not checked":
        assert words == "The server does not report whether it is in staging mode."


def test_a_server_that_is_not_read_has_no_row_that_is_well(
    powershell: Session, tmp_path: Path
) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    text = f"""
function Get-ADSyncRule {{ throw 'no service' }}
$manifest = @{{ files = @(); rules = @() }}
$check = Invoke-KitCheck '{tmp_path}' $manifest $false
foreach ($row in $check.Rows) {{ "$($row.Check): $($row.Result)" }}
(Get-JournalRow @{{ Connectors = @() }} (Get-Server)).Result
"""
    assert told(powershell, text) == [
        "Files of the kit: ok",
        "Server: FAILED",
        "This server: not checked",
        "Connectors: not checked",
        "Entra connector: not checked",
        "Out-of-box rules: not checked",
        "Staging mode: not checked",
        "Cycle: not checked",
        "Rules: not checked",
        "not checked",
    ]


@pytest.mark.parametrize("missing", ["Connectors", "Rules", "Scheduler"])
def test_each_answer_that_every_server_has_is_missed(powershell: Session, missing: str) -> None:
    text = f"""
$server = @{{ Connectors = @(1); Rules = @(1); Scheduler = 1 }}
"$(@(Get-AnswerProblems $server).Count)"
$server.{missing} = $(if ('{missing}' -ne 'Scheduler') {{ , @() }})
@(Get-AnswerProblems $server)[0]
"""
    nothing, words = told(powershell, text)
    name = missing.removesuffix("s") if missing != "Scheduler" else missing
    assert (nothing, words.split(" answered")[0]) == ("0", f"Get-ADSync{name}")


CONNECTOR = {"Identifier": f"'{B1}'", "Name": "'Contoso.com'"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"Name": "'contoso.COM'"}, None),
        ({"Name": "'fabrikam.com'"}, "is named 'fabrikam.com' here."),
        ({"Identifier": f"'{A1}'"}, "is not on this server."),
        ({"Type": "'AD'"}, None),
        ({"Type": "'Extensible2'"}, "has the type Extensible2 here, planned: AD."),
        ({"ConnectorTypeName": "'Extensible2'"}, "has the type Extensible2 here, planned: AD."),
        ({"Type": "$null", "ConnectorTypeName": "'AD'"}, None),
    ],
)
def test_a_connector_is_the_planned_one_by_name_and_type(
    powershell: Session, changes: dict[str, str], problem: str | None
) -> None:
    planned = table(identifier=f"'{B1}'", name="\"'contoso.com'\"", type="'AD'")
    found = table(**{**CONNECTOR, **changes})
    problems = told(powershell, f"Get-ConnectorProblems ({planned}) @({found})")
    assert [p.partition(") ")[2] for p in problems] == ([problem] if problem else [])


RULE = {
    "Name": "'In'",
    "Connector": f"'{B1}'",
    "Direction": "'Inbound'",
    "ImmutableTag": "'Microsoft.In.004'",
}


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({}, []),
        ({"ImmutableTag": "'MICROSOFT.In.012'", "Connector": f"'{B1.upper()}'"}, []),
        ({"Name": "'in'"}, ["name"]),
        ({"Connector": f"'{A1}'"}, ["connector"]),
        ({"Direction": "'Outbound'"}, ["direction"]),
        ({"ImmutableTag": "'Microsoft.Out.004'"}, ["tag"]),
    ],
)
def test_an_out_of_box_rule_is_the_planned_one(
    powershell: Session, changes: dict[str, str], differs: list[str]
) -> None:
    planned = table(
        name="\"'In'\"", connector=f"'{B1}'", direction="'Inbound'", stem="\"'microsoft.in'\""
    )
    found = table(**{**RULE, **changes})
    assert told(powershell, f"Get-OutOfBoxDifferences ({planned}) ({found})") == differs


# ---- Numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameter", "number", "then"),
    [("PrecedenceBefore", 100, "101 102 99"), ("PrecedenceAfter", 101, "100 102 99")],
)
def test_all_from_the_place_of_a_rule_on_move_up(
    powershell: Session, parameter: str, number: int, then: str
) -> None:
    text = f"""
$numbers = @{{ '{R1}' = 100; '{R2}' = 101; '{R3}' = 99 }}
$placed = @{{ parameter = '{parameter}'; identifier = '{R1}' }}
$found = Get-PlacedNumber $placed $numbers @{{ Rules = @() }} @()
"$($found.Number)"
"$($numbers['{R1}']) $($numbers['{R2}']) $($numbers['{R3}'])"
"""
    assert told(powershell, text) == [str(number), then]


def test_a_rule_to_stand_by_must_be_there_or_come(powershell: Session) -> None:
    placed = f"@{{ parameter = 'PrecedenceAfter'; identifier = '{R1}' }}"
    other, planned = f"@{{ Identifier = '{R2}' }}", f"@(@{{ identifier = '{R1}' }})"
    text = f"""
"$((Get-PlacedNumber {placed} @{{}} @{{ Rules = @({other}) }} @()).Problems[0])"
"$((Get-PlacedNumber {placed} @{{}} @{{ Rules = @() }} {planned}).Problems)"
"""
    assert told(powershell, text) == [f"The rule that it is placed by is not here: {R1}.", ""]


def test_a_number_is_foreseen_with_those_that_come_before(powershell: Session) -> None:
    """The second wants the number that the first takes; rules without a number take none."""
    text = f"""
$zero, $name = @{{ created = 0 }}, @{{ Name = "'a'" }}
$rules = @(
    @{{ identifier = '{R1}'; placed = $null; precedence = $zero; fields = $name }}
    @{{ identifier = '{R2}'; placed = $null; precedence = $zero; fields = $name }}
    @{{ identifier = '{guid(5)}'; placed = $null; precedence = $null; fields = $name }})
$server = @{{ Rules = @({table(Identifier=f"'{R3}'", Precedence="$null", Name="'x'")}) }}
$found = Get-ForeseenNumbers $rules $server @{{}}
"$($found['{R1}'].Number) $(@($found['{R1}'].Problems).Count)"
"$($found['{R2}'].Number) $($found['{R2}'].Problems[0])"
"<$($found['{guid(5)}'].Number)>"
"""
    first, second, third = told(powershell, text)
    assert (first, second, third) == ("0 0", f"0 Its precedence 0 is taken by 'a' ({R1}).", "<>")


@pytest.mark.parametrize(
    ("number", "is_well"), [(4, False), (5, True), (6, True), (7, True), (8, False)]
)
def test_a_rule_that_is_there_is_on_its_way_from_its_first_number_to_its_last(
    powershell: Session, number: int, is_well: bool
) -> None:
    live = f"""[pscustomobject] @{{
    Identifier = '{R1}'; Precedence = {number}; Name = 'x'; Description = ''; Direction = 'Inbound'
    SourceObjectType = 'user'; TargetObjectType = 'person'; Connector = '{B1}'; LinkType = 'Join'
    SoftDeleteExpiryInterval = '0'; ImmutableTag = ''; EnablePasswordSync = $false
    Disabled = $false; AttributeFlowMappings = @(); ScopeFilter = @(); JoinFilter = @() }}"""
    text = f"""
$live = {live}
$rule = [pscustomobject] @{{
    identifier = '{R1}'; placed = $null; precedence = @{{ created = 5; final = 7 }}
    fields = [pscustomobject] (Get-RuleFields $live) }}
"$(@(Get-RuleProblems $rule $live @{{ Rules = @($live) }} @($rule)).Count)"
"""
    assert told(powershell, text) == ["0" if is_well else "2"]


# ---- The journal ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written_on", "result"),
    [
        ([B1, ENTRA], "ok"),
        ([B1, A1, ENTRA], "ok"),
        ([A1, ENTRA], "FAILED"),
        ([ENTRA], "ok"),
        ([A1], "FAILED"),
    ],
)
def test_a_journal_is_of_a_server_by_a_connector_of_its_own(
    powershell: Session, written_on: list[str], result: str
) -> None:
    known = ", ".join(f"'{c}'" for c in written_on)
    server = f"@{{ IsRead = $true; Connectors = @(@{{ Identifier = '{B1}' }}, "
    server += f"@{{ Identifier = '{ENTRA}' }}) }}"
    text = f"(Get-JournalRow @{{ Connectors = @({known}); Steps = @() }} ({server})).Result"
    assert told(powershell, text) == [result]


START = '{"entry":"start","connectors":["a"]}\n'
INTENT = '{"entry":"intent","step":1,"kind":"create","identifier":"x","name":"y"}\n'


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (START, "a 0 False"),
        (START + '{"entry":"start","connectors":["b"]}\n', "a 0 False"),
        (START + '{"entry":"scheduler","state":"paused"}\n', "a 0 True"),
        (START + '{"entry":"scheduler","state":"paused"', "a 0 False"),
        (START + INTENT.strip() * 9, "a 0 False"),
        (START + INTENT, "a 1 False"),
        (START + INTENT + '{"entry":"undone","step":1}\n', "a 0 False"),
        (START + '{"entry":"other"}\n', "damaged"),
        (START + "\n\n", "a 0 False"),
    ],
)
def test_a_journal_is_read_as_far_as_it_was_written(
    powershell: Session, tmp_path: Path, text: str, state: str
) -> None:
    (tmp_path / "journal.jsonl").write_text(text)
    found = told(
        powershell,
        f"""
try {{
    $journal = Open-Journal '{tmp_path}'
    "$($journal.Connectors) $(@(Get-OpenSteps $journal).Count) $($journal.Paused)"
    Write-Journal $journal ([ordered] @{{ entry = 'scheduler'; state = 'restored' }})
    $journal.Stream.Close()
}}
catch {{ 'damaged' }}
""",
    )
    assert found == [state]
    if state != "damaged":  # the next entry stands where the last whole line ended
        kept = text[: text.rindex("\n") + 1]
        written = (tmp_path / "journal.jsonl").read_text("utf-8").removeprefix(kept)
        assert json.loads(written)["state"] == "restored"


# ---- The scheduler -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("enabled", "paused", "choice", "decision"),
    [
        ("$true", "$false", "Pause", "True"),
        ("$true", "$false", "Leave", "False"),
        ("$false", "$false", "Pause", "False"),
        ("$false", "$true", "Pause", "False"),
        ("$true", "$true", "Pause", "True"),
    ],
)
def test_the_scheduler_is_paused_where_it_is_on_and_that_is_wanted(
    powershell: Session, enabled: str, paused: str, choice: str, decision: str
) -> None:
    text = f"""
function Test-Consent {{ $true }}
function Write-Host {{ }}
function Write-Journal {{ }}
$journal = @{{ Paused = {paused} }}
"$(Get-PauseDecision $null '{choice}' @{{ SyncCycleEnabled = {enabled} }} $journal)"
"""
    assert told(powershell, text) == [decision]


def test_cancel_changes_nothing_and_a_pause_that_has_no_effect_is_said(
    powershell: Session,
) -> None:
    text = """
function Write-Host { }
function Write-Journal { }
function Set-ADSyncScheduler { $calls.Count++ }
function Get-ADSyncScheduler { @{ SyncCycleEnabled = $script:enabled } }
function Read-PauseChoice { 'cancel' }
$calls = @{ Count = -2 }
$script:enabled = $true
$journal = @{ Paused = $false }
try { Get-PauseDecision $null 'Ask' @{ SyncCycleEnabled = $true } $journal }
catch { @(Get-OwnMessage $_)[0] }
try { Suspend-Scheduler $journal } catch { @(Get-OwnMessage $_)[0] }
$script:enabled = $false
"$(Restore-Scheduler $journal)"
"$(Complete-Run @{ Paused = $true; Stream = $null } $true $true) $($calls.Count)"
"$(Complete-Run @{ Paused = $true; Stream = $null } $false $false) $($calls.Count)"
"$(Complete-Run @{ Paused = $true; Stream = $null } $true $false) $($calls.Count)"
"""
    assert told(powershell, text) == [
        "Cancelled. Nothing was changed.",
        "The scheduler could not be paused: it is still on.",
        "False",
        "True 0",
        "False 0",
        "False 1",
    ]


def test_cmdlets_are_not_asked_once_the_script_has_asked(powershell: Session) -> None:
    text = """
$ConfirmPreference = 'Low'
$WhatIfPreference = $true
"$(Invoke-Unasked { "$ConfirmPreference $WhatIfPreference" })"
"$ConfirmPreference $WhatIfPreference"
"""
    assert told(powershell, text) == ["None False", "Low True"]


# ---- Full synchronization ------------------------------------------------------------------------


def test_a_flag_that_was_not_set_is_said_and_no_other_is_touched(powershell: Session) -> None:
    text = f"""
function Set-ADSyncSchedulerConnectorOverride {{
    param($ConnectorIdentifier, $FullImportRequired, $FullSyncRequired)
    $script:given = "$($PSBoundParameters.ContainsKey('FullImportRequired')) " +
    "$($PSBoundParameters.ContainsKey('FullSyncRequired'))"
}}
function Get-ADSyncSchedulerConnectorOverride {{
    param($ConnectorIdentifier)
    @{{ FullImportRequired = $true; FullSyncRequired = $false }}
}}
Set-Flags '{B1}' $true @{{ full_import = $true; full_sync = $false }}
$script:given
Set-Flags '{B1}' $false @{{ full_import = $false; full_sync = $true }}
$script:given
try {{ Set-Flags '{B1}' $true @{{ full_import = $false; full_sync = $true }} }}
catch {{ Get-Message $_ }}
"""
    assert told(powershell, text) == [
        "True False",
        "False True",
        f"FullSyncRequired of the connector {B1} was not set to True.",
    ]


def test_a_record_of_another_server_is_refused(powershell: Session) -> None:
    text = f"""
foreach ($identifier in '{B1}', '{A1}') {{
    $recorded = @{{ identifier = $identifier; name = "'x'"; full_import = $true }}
    try {{ Assert-RecordServer @($recorded); 'of here' }} catch {{ @(Get-OwnMessage $_)[1] }}
}}
"""
    assert told(powershell, text, connectors=(B1,)) == ["of here", f"  'x' ({A1})"]


# ---- Rules as they were --------------------------------------------------------------------------


def test_what_a_rule_did_not_have_is_not_given_to_it(powershell: Session) -> None:
    text = f"""
function Write-Keys($Table) {{
    @('Source', 'ValueMergeType', 'Expression', 'Precedence', 'Description', 'LinkType', 'Disabled',
        'EnablePasswordSync' | Where-Object {{ $Table.ContainsKey($_) }}) -join ' '
}}
$flow = [pscustomobject] @{{
    Source = $null; Destination = 'a'; FlowType = 'Constant'; ValueMergeType = $null
    ExecuteOnce = $false; Expression = $null }}
Write-Keys (Get-FlowParameters (Get-RawFlow $flow))
$flow.Source, $flow.ValueMergeType, $flow.Expression = @(), 'Merge', ''
Write-Keys (Get-FlowParameters (Get-RawFlow $flow))
$raw = [pscustomobject] @{{
    Identifier = '{R1}'; Name = "'x'"; Description = $null; SourceObjectType = $null
    TargetObjectType = $null; ImmutableTag = $null; Direction = 'Inbound'; Connector = $null
    LinkType = $null; SoftDeleteExpiryInterval = $null; EnablePasswordSync = $true
    Disabled = $true }}
Write-Keys (Get-RuleParameters $raw $null)
Write-Keys (Get-RuleParameters $raw 7)
"""
    assert told(powershell, text) == [
        "",
        "Source ValueMergeType Expression",
        "Disabled EnablePasswordSync",
        "Precedence Disabled EnablePasswordSync",
    ]


def test_a_rule_is_kept_with_its_texts_in_their_places(powershell: Session) -> None:
    text = """
$scope = @{ Attribute = 'a'; ComparisonValue = $null; ComparisonOperator = 'ISNULL' }
$join = @{ CSAttribute = 'c'; MVAttribute = "m'"; CaseSensitive = $true }
$rule = @{
    Identifier = 'i'; Precedence = 7; Name = 'n'; Description = $null; SourceObjectType = 's'
    TargetObjectType = 't'; ImmutableTag = ''; Direction = 'Inbound'; Connector = 'k'
    LinkType = 'Join'; SoftDeleteExpiryInterval = $null; EnablePasswordSync = $true
    Disabled = $false; AttributeFlowMappings = @()
    ScopeFilter = @(@{ ScopeConditionList = @($scope) })
    JoinFilter = @(@{ JoinConditionList = @($join) }) }
ConvertTo-JsonLine (Get-RawRule $rule)
"""
    (line,) = told(powershell, text)
    assert json.loads(line) == {
        "Identifier": "i",
        "Precedence": 7,
        "Name": "'n'",
        "Description": None,
        "SourceObjectType": "'s'",
        "TargetObjectType": "'t'",
        "ImmutableTag": "''",
        "Direction": "Inbound",
        "Connector": "k",
        "LinkType": "Join",
        "SoftDeleteExpiryInterval": None,
        "EnablePasswordSync": True,
        "Disabled": False,
        "AttributeFlowMappings": [],
        "ScopeFilter": [[["'a'", None, "ISNULL"]]],
        "JoinFilter": [[["'c'", "'m'''", True]]],
    }


def test_a_record_is_replaced_by_a_newer_one(powershell: Session, tmp_path: Path) -> None:
    text = f"""
foreach ($name in 'a', 'b') {{
    $one = @{{ identifier = $name; name = $name; full_import = $true; full_sync = $true }}
    Write-Record '{tmp_path}' @($one)
}}
(Read-Record '{tmp_path}').identifier
"""
    assert told(powershell, text) == ["b"]
    assert [p.name for p in tmp_path.iterdir()] == ["deferred-full-sync.json"]


# ---- A server that changes under the script ------------------------------------------------------

# A function goes before a cmdlet of its name, here and in the script that is run from here.
ANSWERING = """
Import-Module ADSync
$real = Get-Command Get-ADSyncRule -CommandType Cmdlet
function Get-ADSyncRule {{
    param($Identifier)
    $found = @(if ($Identifier) {{ & $real -Identifier $Identifier }} else {{ & $real }})
    foreach ($rule in $found) {{
        if ("$($rule.Identifier)" -ne '{rule}' -or [bool] $Identifier -ne ${asked}) {{ $rule }}
        else {{ {answer} }}
    }}
}}
& '{path}' -Scheduler Pause
exit $LASTEXITCODE
"""


@pytest.mark.parametrize(
    ("is_original", "is_there", "asked", "answer", "words"),
    [
        (True, False, "true", "", "is no longer on the server."),
        (False, True, "false", "", "has come to the server since the check."),
        (False, False, "true", "", "no error was told, but the rule is not on the server."),
        (
            *(False, False, "true", "$rule.Description = 'other'; $rule"),
            "the server holds the rule otherwise than planned:",
        ),
    ],
)
def test_apply_stops_where_a_rule_is_not_as_the_check_found_it(
    powershell: Session,
    prepared: Scene,
    tmp_path: Path,
    is_original: bool,
    is_there: bool,
    asked: str,
    answer: str,
    words: str,
) -> None:
    scene = prepared.copy(tmp_path / "scene")
    apply = scene.kit / "2-apply.ps1"
    if is_there:
        powershell.run_file(apply, "-Scheduler", "Pause", store=scene.store)
    (original,) = scene.world.to_disable()
    rule = original if is_original else scene.world.custom[-1 if is_there else 0].identifier
    wrapper = tmp_path / "wrapper.ps1"
    wrapper.write_text(ANSWERING.format(rule=rule, asked=asked, answer=answer, path=apply))
    before = scene.rules

    found = powershell.run_file(wrapper, store=scene.store)

    assert (found.exit_code, words in found.shown) == (1, True), found.shown
    assert "failed:" not in found.shown
    if is_original or is_there:
        assert scene.rules == before
