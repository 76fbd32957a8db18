"""The stand-in server: what is known of the real cmdlets, and where it is taken from.

Nothing here is about this project's code; the other tests are worth what these show.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from support.builders import A1, B1, guid, out_of_box, rule, text_of
from support.powershell.bound import bound
from support.powershell.session import Connector, Fault, Json, Result, Session, state
from syncrules import SyncRule
from syncrules.rules.guids import ZERO_GUID
from syncrules.rules.model import ENTRA_CONNECTOR as ENTRA

OTHER = replace(rule("other", 2, B1), precedence=51)


def run(powershell: Session, *rules: SyncRule, then: str = "", first: str = "") -> Result:
    """Run an export on a server that knows two connectors, and follows references."""
    return powershell.run_script(
        first + text_of(*rules) + then, connectors=(B1, ENTRA), follow_references=True
    )


def test_a_rule_is_kept_as_it_was_bound(powershell: Session) -> None:
    custom = rule(connector=B1)

    assert list(run(powershell, custom).rules) == bound([custom])


MADE = (
    "New-ADSyncRule -Name 'x' -Direction 'Inbound' -SourceObjectType 'user' "
    f"-TargetObjectType 'person' -Connector '{B1}' -OutVariable syncRule\n"
)


def test_what_a_script_leaves_out_stays_null(powershell: Session) -> None:
    text = (
        MADE + "Add-ADSyncAttributeFlowMapping -SynchronizationRule $syncRule[0] -Destination 'd' "
        "-FlowType 'Direct'\n"
        "Add-ADSyncRule -SynchronizationRule $syncRule[0]\n"
    )

    (record,) = powershell.run_script(text, connectors=[B1]).rules

    missing = {key for key, value in record.items() if value is None}
    assert missing == {
        *("Description", "Precedence"),
        *("LinkType", "SoftDeleteExpiryInterval", "ImmutableTag"),
    }
    (flow,) = record["AttributeFlowMappings"]
    assert {key for key, value in flow.items() if value is None} == {
        *("Source", "ValueMergeType", "Expression")
    }


def test_references_that_are_left_out_are_zero(powershell: Session) -> None:
    result = powershell.run_script(
        MADE + '$syncRule[0].PrecedenceAfter, $syncRule[0].PrecedenceBefore | % { "$_" }'
    )

    assert result.output[1:] == (ZERO_GUID, ZERO_GUID)


def test_an_identifier_that_is_left_out_is_a_fresh_one(powershell: Session) -> None:
    result = powershell.run_script(2 * (MADE + '"$($syncRule[0].Identifier)"\n'))

    assert len({ZERO_GUID, *result.output[1::2]}) == 3


def test_a_rule_of_the_same_identifier_takes_the_place_in_silence(powershell: Session) -> None:
    old, new = rule("old", 1, B1), rule("new", 1, B1)

    result = run(powershell, old, OTHER, new)

    assert result.errors == ()
    assert list(result.rules) == bound([new, OTHER])


def test_what_is_done_to_a_rule_after_it_was_added_is_lost(powershell: Session) -> None:
    custom = rule(connector=B1)

    result = run(
        powershell,
        custom,
        then="Add-ADSyncAttributeFlowMapping -SynchronizationRule $syncRule[0] -Destination 'x' "
        "-FlowType 'Direct'\n"
        "$syncRule[0].Name = 'changed'\n"
        f"$kept = Get-ADSyncRule -Identifier '{guid(1)}'\n"
        "$kept.Name = 'changed'\n"
        "$kept.AttributeFlowMappings[0].Source[0] = 'changed'\n",
    )

    assert result.errors == ()
    assert list(result.rules) == bound([custom])


def test_an_unknown_connector_is_refused(powershell: Session) -> None:
    result = run(powershell, rule(connector=A1))

    assert result.errors == ("ConnectorNotFound,ADSyncStandIn.AddRule",)
    assert result.rules == ()


def test_a_precedence_that_is_taken_is_refused(powershell: Session) -> None:
    one = rule("one", 1, B1)
    other = replace(rule("other", 2, ENTRA), precedence=one.precedence)

    result = run(powershell, one, other)

    assert result.errors == ("PrecedenceTaken,ADSyncStandIn.AddRule",)
    assert list(result.rules) == bound([one])


def test_a_value_outside_an_enumeration_is_refused(powershell: Session) -> None:
    result = run(powershell, replace(rule(connector=B1), link_type="Loosely"))

    assert result.errors[0] == "CannotConvertArgumentNoMessage,ADSyncStandIn.NewRule"
    assert result.rules == ()


def test_an_unknown_operator_is_refused(powershell: Session) -> None:
    text = (
        "New-Object -TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition' "
        "-ArgumentList 'a','b','ISNOTBITSET'"
    )

    result = powershell.run_script(text)

    assert result.output == ()
    assert len(result.errors) == 1


def test_an_error_ends_the_statement_and_with_stop_the_script(powershell: Session) -> None:
    wrong = rule(connector=A1)

    going_on = run(powershell, wrong, then="'went on'")
    stopping = run(powershell, wrong, then="'went on'", first="$ErrorActionPreference = 'Stop'\n")

    assert going_on.output[-1] == "went on"
    assert going_on.fault is None
    assert stopping.fault == "ConnectorNotFound,ADSyncStandIn.AddRule"
    assert "went on" not in stopping.output


def test_get_returns_one_rule_all_rules_or_none(powershell: Session) -> None:
    one = rule("one", 1, B1)

    result = run(
        powershell,
        one,
        OTHER,
        then=f"(Get-ADSyncRule -Identifier '{guid(2)}').Name; (Get-ADSyncRule).Name; "
        f"Get-ADSyncRule -Identifier '{guid(3)}'; 'end'",
    )

    assert result.output[-4:] == ("other", "one", "other", "end")


@pytest.mark.parametrize(
    ("tag", "standard"),
    [("Microsoft.X.004", "True"), ("mICROSOFT.x", "True"), ("Microsoft", "False"), ("", "False")],
)
def test_a_standard_rule_is_told_by_its_tag(powershell: Session, tag: str, standard: str) -> None:
    result = run(
        powershell, replace(OTHER, immutable_tag=tag), then='"$((Get-ADSyncRule).IsStandardRule)"'
    )

    assert result.output[-1] == standard


def test_each_script_finds_an_empty_server(powershell: Session) -> None:
    run(powershell, rule(connector=B1))

    assert powershell.run_script("").rules == ()


def test_what_a_script_tells_and_puts_out_is_seen(powershell: Session) -> None:
    result = powershell.run_script("Write-Host 'told'; 'é\U0001f600'; 1; $null; 'end'")

    assert "told" in result.shown
    assert result.output == ("é\U0001f600", "System.Int32", "", "end")


# ---- Places --------------------------------------------------------------------------------------

FIRST = replace(rule("first", 11, B1), precedence=10)
SECOND = replace(rule("second", 12, B1), precedence=11)
THIRD = replace(rule("third", 13, ENTRA), precedence=20)
NEW = replace(rule("new", 14, B1), precedence=0)


def numbers(result: Result) -> dict[str, int]:
    """Return the rules' numbers, in their order."""
    return dict(sorted(((r["Name"], r["Precedence"]) for r in result.rules), key=lambda x: x[1]))


def test_a_rule_placed_before_another_takes_its_number(powershell: Session) -> None:
    new = replace(NEW, precedence_before=SECOND.identifier)

    result = run(powershell, THIRD, FIRST, SECOND, new)

    assert result.errors == ()
    assert numbers(result) == {"first": 10, "new": 11, "second": 12, "third": 21}


def test_a_rule_placed_after_another_takes_the_next_number(powershell: Session) -> None:
    new = replace(NEW, precedence_after=FIRST.identifier)

    result = run(powershell, THIRD, FIRST, SECOND, new)

    assert result.errors == ()
    assert numbers(result) == {"first": 10, "new": 11, "second": 12, "third": 21}


def test_several_rules_before_one_stand_in_the_order_of_their_creation(
    powershell: Session,
) -> None:
    new = replace(NEW, precedence_before=SECOND.identifier)
    newer = replace(new, name="newer", identifier=guid(15))

    assert numbers(run(powershell, FIRST, SECOND, new, newer)) == {
        "first": 10,
        "new": 11,
        "newer": 12,
        "second": 13,
    }


def test_a_saved_rule_shows_its_place_as_a_number_only(powershell: Session) -> None:
    new = replace(NEW, precedence_before=FIRST.identifier)

    result = run(powershell, FIRST, new)

    placed = replace(NEW, precedence=10)
    assert list(result.rules) == bound([replace(FIRST, precedence=11), placed])


def test_an_unknown_reference_is_refused(powershell: Session) -> None:
    unknown = replace(NEW, precedence_before=guid(99))

    result = run(powershell, FIRST, unknown)

    assert result.errors == ("ReferenceNotFound,ADSyncStandIn.AddRule",)
    assert list(result.rules) == bound([FIRST])


def test_a_reference_to_the_rule_itself_is_refused(powershell: Session) -> None:
    result = run(powershell, FIRST, replace(FIRST, precedence_after=FIRST.identifier))

    assert result.errors == ("ReferenceNotFound,ADSyncStandIn.AddRule",)


def test_two_references_are_refused(powershell: Session) -> None:
    torn = replace(NEW, precedence_before=SECOND.identifier, precedence_after=FIRST.identifier)

    result = run(powershell, FIRST, SECOND, torn)

    assert result.errors == ("TwoReferences,ADSyncStandIn.AddRule",)
    assert list(result.rules) == bound([FIRST, SECOND])


def test_a_rule_that_is_saved_again_keeps_its_place(powershell: Session) -> None:
    new = replace(NEW, precedence_before=FIRST.identifier)

    result = run(
        powershell,
        *(FIRST, new),
        then=f"$kept = Get-ADSyncRule -Identifier '{FIRST.identifier}'\n"
        "$kept.Disabled = $true\n"
        "$kept | Add-ADSyncRule\n",
    )

    assert result.errors == ()
    changed = replace(FIRST, precedence=11, disabled=True)
    assert list(result.rules) == bound([changed, replace(NEW, precedence=10)])


def test_a_rule_that_is_saved_again_with_a_reference_moves(powershell: Session) -> None:
    moving = replace(FIRST, precedence=0, precedence_after=SECOND.identifier)

    result = run(powershell, FIRST, SECOND, THIRD, moving)

    assert numbers(result) == {"second": 11, "first": 12, "third": 21}


def test_a_rule_cannot_be_saved_again_with_the_number_of_another(powershell: Session) -> None:
    result = run(powershell, FIRST, SECOND, replace(FIRST, precedence=SECOND.precedence))

    assert result.errors == ("PrecedenceTaken,ADSyncStandIn.AddRule",)
    assert list(result.rules) == bound([FIRST, SECOND])


def test_references_can_be_kept_as_they_were_bound(powershell: Session) -> None:
    """For tests of what a script binds; nothing is placed then."""
    new = replace(NEW, precedence_before=guid(99), precedence_after=FIRST.identifier)

    result = powershell.run_script(text_of(FIRST, new), connectors=[B1])

    assert result.errors == ()
    assert list(result.rules) == bound([FIRST, new])


# ---- Removing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "removal",
    [
        f"Remove-ADSyncRule -Identifier '{FIRST.identifier}'",
        f"Remove-ADSyncRule -SynchronizationRule (Get-ADSyncRule -Identifier '{FIRST.identifier}')",
        f"Get-ADSyncRule -Identifier '{FIRST.identifier}' | Remove-ADSyncRule",
        "Get-ADSyncRule | Where-Object { $_.Name -eq 'first' } | Remove-ADSyncRule",
    ],
)
def test_a_rule_is_removed_and_the_others_stay_as_they_are(
    powershell: Session, removal: str
) -> None:
    result = run(powershell, FIRST, SECOND, then=removal)

    assert result.errors == ()
    assert list(result.rules) == bound([SECOND])


def test_all_rules_can_be_removed_through_the_pipeline(powershell: Session) -> None:
    result = run(powershell, FIRST, SECOND, then="Get-ADSyncRule | Remove-ADSyncRule")

    assert (result.errors, result.rules) == ((), ())


def test_removing_an_unknown_rule_is_refused(powershell: Session) -> None:
    result = run(powershell, FIRST, then=f"Remove-ADSyncRule -Identifier '{guid(99)}'")

    assert result.errors == ("RuleNotFound,ADSyncStandIn.RemoveRule",)
    assert list(result.rules) == bound([FIRST])


# ---- A server in a store -------------------------------------------------------------------------

AD = Connector("contoso.com", B1)
CLOUD = Connector("contoso.onmicrosoft.com - AAD", ENTRA)
LDAP = Connector("people", A1, "Extensible2", "Generic LDAP (Microsoft)")
STANDARD = out_of_box(number=930, connector=B1)


@pytest.fixture
def store(powershell: Session, tmp_path: Path) -> Path:
    """Return the store of a server with three connectors and two rules."""
    made = tmp_path / "server" / "store.json"
    made.parent.mkdir()
    powershell.prepare(made, [AD, CLOUD, LDAP], [STANDARD, FIRST])
    return made


def lines(powershell: Session, store: Path, text: str) -> list[str]:
    """Return what a script puts out that nothing goes wrong in."""
    done = powershell.run_file(script(store, text), store=store)
    assert (done.errors, done.fault, done.exit_code) == ((), None, 0)
    return list(done.output)


def script(store: Path, text: str) -> Path:
    """Write a script beside the store's folder."""
    path = store.parents[1] / "script.ps1"
    path.write_text(text, encoding="utf-8-sig")
    return path


def described(properties: str) -> str:
    """Return PowerShell that puts out the values of properties, as texts."""
    listed = ", ".join(f"$_.{name}" for name in properties.split())
    return f" | ForEach-Object {{ (@({listed}) | ForEach-Object {{ \"$_\" }}) -join '; ' }}\n"


def test_a_prepared_server_is_as_it_was_described(store: Path) -> None:
    found = state(store)

    assert found["rules"] == bound([STANDARD, FIRST])
    assert [c["Name"] for c in found["connectors"]] == [AD.name, CLOUD.name, LDAP.name]
    assert (found["scheduler"]["SyncCycleEnabled"], found["scheduler"]["StagingModeEnabled"]) == (
        True,
        True,
    )
    assert found["scheduler"]["SyncCycleInProgress"] is False
    assert not any(o["FullSyncRequired"] or o["FullImportRequired"] for o in found["overrides"])


def test_a_server_can_be_prepared_in_every_state(powershell: Session, tmp_path: Path) -> None:
    store = tmp_path / "it's a ‘store’.json"
    settings = {"SyncCycleEnabled": False, "StagingModeEnabled": False, "SyncCycleInProgress": True}

    powershell.prepare(store, [replace(AD, full_import_required=True)], [FIRST], settings)

    found = state(store)
    assert found["scheduler"] == found["scheduler"] | settings
    assert found["overrides"] == [
        {
            "ConnectorIdentifier": B1,
            "ConnectorName": AD.name,
            "FullImportRequired": True,
            "FullSyncRequired": False,
        }
    ]


def test_preparing_a_server_fails_where_a_rule_is_refused(
    powershell: Session, tmp_path: Path
) -> None:
    with pytest.raises(RuntimeError, match="not unique"):
        powershell.prepare(
            tmp_path / "store.json", [AD], [FIRST, replace(SECOND, precedence=FIRST.precedence)]
        )


AWKWARD = replace(
    rule("'’\"\\\b\f\n\r\t\0/é\U0001f600", 15, B1),
    precedence_before=FIRST.identifier,
    soft_delete_expiry_interval="1.02:03:04.5678901",
    description=None,
    link_type=None,
)


SAVES = "Set-ADSyncScheduler -SyncCycleEnabled $true"


def test_a_store_keeps_rules_as_they_are(powershell: Session, store: Path) -> None:
    lines(powershell, store, text_of(AWKWARD).replace("Add-ADSyncRule", "$null = Add-ADSyncRule"))
    kept = state(store)

    again = lines(powershell, store, f"{SAVES}; (Get-ADSyncRule)[-1].Name")

    assert kept["rules"][-1] == bound([replace(AWKWARD, precedence=10, precedence_before=None)])[0]
    assert again == [AWKWARD.name]
    assert state(store) == kept


def test_a_store_keeps_half_a_pair_of_surrogates(powershell: Session, store: Path) -> None:
    rename = (
        "$kept = (Get-ADSyncRule)[0]; $kept.Name = [string][char]0xd83d; $kept | Add-ADSyncRule"
    )
    lines(powershell, store, rename)

    lines(powershell, store, SAVES)

    assert state(store)["rules"][0]["Name"] == "\ud83d"


def test_a_store_that_a_test_has_written_anew_is_read(powershell: Session, store: Path) -> None:
    path = store.with_name("new.json")
    path.write_text(store.read_text().replace('"first"', '"\\"\\\\\\/\\b\\f\\n\\r\\t"'))

    assert lines(powershell, path, "(Get-ADSyncRule)[1].Name") == ['"\\/\b\f\n\r\t']


def test_a_store_is_replaced_as_a_whole(powershell: Session, store: Path) -> None:
    """Whoever is killed while it is written leaves the old state or the new one."""
    same = store.with_name("same.json")
    same.hardlink_to(store)
    before = state(store)

    lines(powershell, store, "Set-ADSyncScheduler -SyncCycleEnabled $false")

    assert state(same) == before
    assert not enabled(store)
    assert {path.name for path in store.parent.iterdir()} == {"same.json", "store.json"}


def test_a_cleared_stand_in_writes_to_no_store(powershell: Session, store: Path) -> None:
    before = state(store)

    lines(powershell, store, "Clear-ADSyncStandIn; Set-ADSyncScheduler -SyncCycleEnabled $false")

    assert state(store) == before


def test_a_store_of_a_relative_path_is_beside_the_script(powershell: Session, store: Path) -> None:
    lines(powershell, store, "Open-ADSyncStandIn -Path new.json; Get-ADSyncRule")

    assert state(store.parents[1] / "new.json")["rules"] == []


# ---- Connectors ----------------------------------------------------------------------------------

_CONNECTOR = "Name Identifier Type Subtype ConnectorTypeName"
_AD = f"contoso.com; {B1}; AD; ; AD"
_CLOUD = (
    f"{CLOUD.name}; {ENTRA}; Extensible2; Windows Azure Active Directory (Microsoft); Extensible2"
)
_LDAP = f"people; {A1}; Extensible2; Generic LDAP (Microsoft); Extensible2"


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ("", [_AD, _CLOUD, _LDAP]),
        (f"-Identifier '{{{ENTRA.upper()}}}'", [_CLOUD]),
        ("-Name 'contoso.com'", [_AD]),
        (f"-Name people -Identifier {A1}", [_LDAP]),
    ],
)
def test_connectors_are_told(
    powershell: Session, store: Path, arguments: str, found: list[str]
) -> None:
    asked = f"Get-ADSyncConnector {arguments}" + described(_CONNECTOR)

    assert lines(powershell, store, asked) == found


@pytest.mark.parametrize(
    "arguments", [f"-Identifier {guid(99)}", "-Name Contoso.com", f"-Name people -Identifier {B1}"]
)
def test_an_unknown_connector_is_an_error(powershell: Session, store: Path, arguments: str) -> None:
    done = powershell.run_file(script(store, f"Get-ADSyncConnector {arguments}"), store=store)

    assert done.errors == ("ConnectorNotFound,ADSyncStandIn.GetConnector",)
    assert "Operation failed because the specified MA could not be found" in done.shown


# ---- The scheduler -------------------------------------------------------------------------------


def test_the_scheduler_has_the_documented_properties(powershell: Session, store: Path) -> None:
    names = lines(powershell, store, "(Get-ADSyncScheduler).PSObject.Properties.Name")

    assert set(names) == {
        *("AllowedSyncCycleInterval", "CurrentlyEffectiveSyncCycleInterval"),
        *("CustomizedSyncCycleInterval", "NextSyncCyclePolicyType", "NextSyncCycleStartTimeInUTC"),
        *("PurgeRunHistoryInterval", "SyncCycleEnabled", "MaintenanceEnabled"),
        *("StagingModeEnabled", "SchedulerSuspended", "SyncCycleInProgress"),
    }


def test_a_new_servers_scheduler_is_enabled_and_staging(powershell: Session, store: Path) -> None:
    asked = "Get-ADSyncScheduler" + described(
        "SyncCycleEnabled StagingModeEnabled SyncCycleInProgress SchedulerSuspended"
    )

    assert lines(powershell, store, asked) == ["True; True; False; False"]


def test_the_scheduler_is_set(powershell: Session, store: Path) -> None:
    lines(
        powershell,
        store,
        "Set-ADSyncScheduler -SyncCycleEnabled $false -NextSyncCyclePolicyType Initial "
        "-CustomizedSyncCycleInterval 03:00:00 -PurgeRunHistoryInterval 1.00:00:00 -Force\n"
        "Set-ADSyncScheduler -MaintenanceEnabled $false",
    )

    asked = "Get-ADSyncScheduler" + described(
        "SyncCycleEnabled NextSyncCyclePolicyType CurrentlyEffectiveSyncCycleInterval "
        "PurgeRunHistoryInterval MaintenanceEnabled"
    )
    assert lines(powershell, store, asked) == ["False; Initial; 03:00:00; 1.00:00:00; False"]


def test_the_schedulers_parameters_have_the_documented_places(
    powershell: Session, store: Path
) -> None:
    lines(powershell, store, "Set-ADSyncScheduler 03:00:00 $false Initial 1.00:00:00 $false")

    found = state(store)["scheduler"]
    assert found["CustomizedSyncCycleInterval"] == 3 * 60 * 60 * 10**7
    assert (found["SyncCycleEnabled"], found["MaintenanceEnabled"]) == (False, False)


def test_what_was_told_of_the_scheduler_is_a_copy(powershell: Session, store: Path) -> None:
    text = (
        "$told = Get-ADSyncScheduler; $told.SyncCycleEnabled = $false\n"
        '"$((Get-ADSyncScheduler).SyncCycleEnabled)"'
    )

    assert lines(powershell, store, text) == ["True"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ("-SchedulerSuspended $true", "Unsupported,ADSyncStandIn.SetScheduler"),
        ("-SchedulerSuspended $false", "Unsupported,ADSyncStandIn.SetScheduler"),
        ("-SyncCycleEnabled", "MissingArgument,ADSyncStandIn.SetScheduler"),
        ("-StagingModeEnabled $true", "NamedParameterNotFound,ADSyncStandIn.SetScheduler"),
        (
            "-NextSyncCyclePolicyType Full",
            "CannotConvertArgumentNoMessage,ADSyncStandIn.SetScheduler",
        ),
    ],
)
def test_what_cannot_be_set_is_refused(
    powershell: Session, store: Path, arguments: str, error: str
) -> None:
    before = state(store)

    done = powershell.run_file(script(store, f"Set-ADSyncScheduler {arguments}"), store=store)

    assert done.errors == (error,)
    assert state(store) == before


def test_no_rule_is_changed_while_a_cycle_runs(powershell: Session, store: Path) -> None:
    lines(powershell, store, "Set-ADSyncStandInScheduler -SyncCycleInProgress $true")
    before = state(store)

    adding = powershell.run_file(script(store, text_of(SECOND)), store=store)
    text = f"Remove-ADSyncRule -Identifier {FIRST.identifier}"
    removing = powershell.run_file(script(store, text), store=store)

    assert adding.errors == ("SyncCycleInProgress,ADSyncStandIn.AddRule",)
    assert removing.errors == ("SyncCycleInProgress,ADSyncStandIn.RemoveRule",)
    assert state(store) == before


# ---- Full import and full synchronization --------------------------------------------------------

_TOLD = "Get-ADSyncSchedulerConnectorOverride" + described(
    "ConnectorIdentifier.Guid ConnectorName FullImportRequired FullSyncRequired"
)


def required(store: Path) -> dict[str, tuple[bool, bool]]:
    """Return which connectors need a full import or a full synchronization."""
    flags = {
        o["ConnectorName"]: (o["FullImportRequired"], o["FullSyncRequired"])
        for o in state(store)["overrides"]
    }
    return {name: given for name, given in flags.items() if any(given)}


def test_what_each_connector_needs_is_told_and_set(powershell: Session, store: Path) -> None:
    lines(
        powershell,
        store,
        "$set = 'Set-ADSyncSchedulerConnectorOverride'\n"
        f"& $set -ConnectorIdentifier {B1} -FullImportRequired $true -FullSyncRequired $true\n"
        f"& $set -ConnectorName '{CLOUD.name}' -FullImportRequired $true\n"
        f"& $set -ConnectorIdentifier {B1} -FullSyncRequired $false",
    )

    assert lines(powershell, store, _TOLD) == [
        f"{B1}; contoso.com; True; False",
        f"{ENTRA}; {CLOUD.name}; True; False",
        f"{A1}; people; False; False",
    ]


def test_what_one_connector_needs_is_told(powershell: Session, store: Path) -> None:
    asked = "Get-ADSyncSchedulerConnectorOverride {}" + described("ConnectorName")

    by_identifier = lines(powershell, store, asked.replace("{}", f"-ConnectorIdentifier {B1}", 1))
    by_name = lines(powershell, store, asked.replace("{}", "-ConnectorName people", 1))

    assert (by_identifier, by_name) == ([AD.name], [LDAP.name])


def test_what_an_unknown_connector_needs_is_an_error(powershell: Session, store: Path) -> None:
    arguments = f"-ConnectorIdentifier {guid(99)}"
    text = (
        f"Get-ADSyncSchedulerConnectorOverride {arguments}\n"
        f"Set-ADSyncSchedulerConnectorOverride {arguments} -FullSyncRequired $true"
    )

    done = powershell.run_file(script(store, text), store=store)

    assert done.errors == (
        "ConnectorNotFound,ADSyncStandIn.GetSchedulerConnectorOverride",
        "ConnectorNotFound,ADSyncStandIn.SetSchedulerConnectorOverride",
    )


@pytest.mark.parametrize(
    "change",
    [
        text_of(SECOND),
        "$kept = (Get-ADSyncRule)[1]; $kept.Disabled = $true; $kept | Add-ADSyncRule",
        f"Remove-ADSyncRule -Identifier {FIRST.identifier}",
    ],
    ids=["new", "changed", "removed"],
)
def test_a_change_of_a_rule_asks_for_a_full_synchronization_of_its_connector(
    powershell: Session, store: Path, change: str
) -> None:
    lines(powershell, store, change)

    assert required(store) == {AD.name: (False, True)}


# ---- Calls and faults ----------------------------------------------------------------------------


def test_the_calls_of_a_run_are_told(powershell: Session, store: Path) -> None:
    text = (
        "Get-ADSyncStandInCall\n"
        "$condition = New-Object -TypeName "
        "'Microsoft.IdentityManagement.PowerShell.ObjectModel.JoinCondition' "
        "-ArgumentList 'a','b',$false\n"
        "get-adsyncscheduler | Out-Null; Get-ADSyncRule | Add-ADSyncRule"
    )

    done = powershell.run_file(script(store, text), store=store)

    assert done.calls == (
        *("Get-ADSyncScheduler", "Get-ADSyncRule", "Add-ADSyncRule", "Add-ADSyncRule"),
    )


PAUSE = (
    "Get-ADSyncScheduler | Out-Null\n"
    "Set-ADSyncScheduler -SyncCycleEnabled $false; 'went on'\n"
    "Set-ADSyncScheduler -SyncCycleEnabled $false\n"
)


def enabled(store: Path) -> bool:
    """Return whether the scheduler is enabled."""
    found: Json = state(store)["scheduler"]
    return bool(found["SyncCycleEnabled"])


def test_a_terminating_fault_ends_its_statement(powershell: Session, store: Path) -> None:
    once = PAUSE.rsplit("\n", 2)[0]
    fault = Fault(2, "Terminating")

    going_on = powershell.run_file(script(store, once), store=store, fault=fault)
    stopping = powershell.run_file(
        script(store, "$ErrorActionPreference = 'Stop'\n" + once), store=store, fault=fault
    )
    caught = powershell.run_file(
        script(store, f"try {{ {once} }} catch {{ 'caught' }}"), store=store, fault=fault
    )

    assert going_on.errors == ("StandInFault,ADSyncStandIn.SetScheduler",)
    assert (going_on.output, going_on.exit_code) == (("went on",), 0)
    assert stopping.fault == "StandInFault,ADSyncStandIn.SetScheduler"
    assert (stopping.output, stopping.exit_code) == ((), 1)
    assert caught.output == ("caught",)
    assert enabled(store)


def test_a_fault_that_is_not_terminating_is_caught_only_with_stop(
    powershell: Session, store: Path
) -> None:
    once = f"try {{ {PAUSE.rsplit(chr(10), 2)[0]} }} catch {{ 'caught' }}"
    fault = Fault(2, "NonTerminating")

    going_on = powershell.run_file(script(store, once), store=store, fault=fault)
    stopping = powershell.run_file(
        script(store, "$ErrorActionPreference = 'Stop'\n" + once), store=store, fault=fault
    )

    assert going_on.errors == ("StandInFault,ADSyncStandIn.SetScheduler",)
    assert going_on.output == ("went on",)
    assert stopping.output == ("caught",)
    assert enabled(store)


@pytest.mark.parametrize("kind", ["Terminating", "NonTerminating"])
def test_a_fault_can_come_after_the_effect(powershell: Session, store: Path, kind: str) -> None:
    once = PAUSE.rsplit("\n", 2)[0]
    text = f"Set-ADSyncStandInFault -At 2 -Kind {kind} -After\n{once}"

    done = powershell.run_file(script(store, text), store=store)

    assert done.errors == ("StandInFault,ADSyncStandIn.SetScheduler",)
    assert not enabled(store)


def test_a_fault_happens_once(powershell: Session, store: Path) -> None:
    done = powershell.run_file(script(store, PAUSE), store=store, fault=Fault(2, "NonTerminating"))

    assert len(done.errors) == 1
    assert not enabled(store)


def test_a_fault_beyond_the_last_call_never_happens(powershell: Session, store: Path) -> None:
    done = powershell.run_file(script(store, PAUSE), store=store, fault=Fault(4, "Terminating"))
    next_one = powershell.run_file(script(store, PAUSE), store=store)

    assert (done.errors, done.fault, next_one.errors, next_one.fault) == ((), None, (), None)


# ---- Script files in the shared process ----------------------------------------------------------


def test_a_script_file_gets_arguments_as_on_a_command_line(
    powershell: Session, store: Path
) -> None:
    text = (
        "[CmdletBinding(SupportsShouldProcess)] param([switch] $AllowActive, [string] $Text)\n"
        '"$AllowActive"; $Text; "$WhatIfPreference"; "$ConfirmPreference"; "$PWD"'
    )

    done = powershell.run_file(
        script(store, text),
        *("-AllowActive", "-Text", "it's $x; ’", "-WhatIf", "-Confirm:$false"),
        store=store,
    )

    here = str(store.parents[1])
    assert done.output == ("True", "it's $x; ’", "True", "None", here)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("'said'", 0),
        ("'said'; exit 1", 1),
        ("'said'; function f { exit 3 }; f; 'never'", 3),
        ("'said'; throw 'x'", 1),
    ],
)
def test_an_exit_code_is_told_and_ends_no_process(
    powershell: Session, store: Path, text: str, code: int
) -> None:
    done = powershell.run_file(script(store, text), store=store)
    apart = powershell.run_apart(script(store, text), store=store)

    assert (done.exit_code, apart.exit_code) == (code, code)
    assert "never" not in done.shown + apart.shown
    assert powershell.run_file(script(store, ""), store=store).exit_code == 0


def test_all_that_a_person_would_have_seen_is_told(powershell: Session, store: Path) -> None:
    text = (
        "Write-Host 'by the host'; Write-Warning 'a warning'; 'a text'; 42\n"
        "Write-Error 'an error'; throw 'the end'"
    )

    done = powershell.run_file(script(store, text), store=store)
    apart = powershell.run_apart(script(store, text), store=store)

    for told in (done.shown, apart.shown):
        assert "by the host" in told
        assert "a warning" in told
        assert "a text" in told
        assert "42" in told
        assert "an error" in told
        assert "the end" in told


# ---- The module's name, and processes of their own -----------------------------------------------


def test_the_name_of_the_real_module_is_the_stand_in(powershell: Session, store: Path) -> None:
    """The shared process has loaded the stand-in under its own name, the new one has not."""
    text = (
        "Import-Module ADSync\n"
        "Import-Module ADSync -Force\n"
        "(ADSync\\Get-ADSyncRule).Name; (Get-ADSyncConnector).Name; (Get-Module ADSync).Name"
    )

    done = lines(powershell, store, text)
    apart = powershell.run_apart(script(store, text), store=store)

    names = ["In from AD - User Join", "first", AD.name, CLOUD.name, LDAP.name, "ADSync"]
    assert done == names
    assert apart.stdout.splitlines() == names
    assert (apart.stderr, apart.exit_code) == ("", 0)


def test_the_cmdlets_are_compiled_once_for_all_processes(powershell: Session, store: Path) -> None:
    text = "Import-Module ADSync; [ADSyncStandIn.Server].Assembly.Location\n"

    shared = lines(powershell, store, text)
    apart = powershell.run_apart(script(store, text), store=store)
    alone = powershell.run_apart(
        script(store, f"$env:ADSYNC_STANDIN_ASSEMBLY = ''; {text}"), store=store
    )

    assert Path(*shared).is_file()
    assert apart.stdout.splitlines() == shared
    assert (alone.stdout.strip(), alone.stderr) == ("", "")


def test_a_process_of_its_own_keeps_its_changes_in_the_store(
    powershell: Session, store: Path
) -> None:
    text = "param([bool] $On) Import-Module ADSync; Set-ADSyncScheduler -SyncCycleEnabled $On"

    done = powershell.run_apart(script(store, text), "-On:$false", store=store)

    assert (done.shown, done.exit_code) == ("", 0)
    assert not enabled(store)


@pytest.mark.parametrize("after", [False, True])
def test_a_killed_process_does_nothing_more(powershell: Session, store: Path, after: bool) -> None:
    text = (
        "Import-Module ADSync\n"
        "try { Get-ADSyncRule | Out-Null; Set-ADSyncScheduler -SyncCycleEnabled $false; 'on' }\n"
        "finally { 'finally'; Set-ADSyncScheduler -MaintenanceEnabled $false }"
    )

    done = powershell.run_apart(
        script(store, text), store=store, fault=Fault(2, "Kill", after=after)
    )

    assert done.shown == ""
    assert done.exit_code not in (0, 1)
    assert enabled(store) is not after
    assert state(store)["scheduler"]["MaintenanceEnabled"] is True


def test_a_process_of_its_own_can_fail_at_a_call(powershell: Session, store: Path) -> None:
    text = "$ErrorActionPreference = 'Stop'; Import-Module ADSync\n" + PAUSE

    done = powershell.run_apart(script(store, text), store=store, fault=Fault(2, "Terminating"))

    assert "told to fail" in done.stderr
    assert done.exit_code == 1
    assert enabled(store)


def test_a_process_of_its_own_can_ask(powershell: Session, store: Path) -> None:
    text = "$answer = Read-Host 'Which'; \"it was $answer\""

    done = powershell.run_apart(script(store, text), store=store, answers="pause\n")

    assert "it was pause" in done.stdout


def test_scripts_in_constrained_language_mode_can_import_the_module(
    powershell: Session, store: Path
) -> None:
    """It has to be loaded before: a server's own module is trusted, this one is not."""
    here = store.parents[1]
    (here / "constrained.ps1").write_text(
        "Import-Module ADSync\n"
        '(Get-ADSyncRule)[1].Name; "$($ExecutionContext.SessionState.LanguageMode)"\n'
    )
    text = (
        "Import-Module ADSync\n"
        "$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'\n"
        "& ./constrained.ps1"
    )

    done = powershell.run_apart(script(store, text), store=store)

    assert done.stderr == ""
    assert done.stdout.splitlines() == ["first", "ConstrainedLanguage"]
