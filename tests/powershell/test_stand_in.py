"""The stand-in server: what is known of the real cmdlets, and where it is taken from.

Nothing here is about this project's code; the other tests are worth what these show.
"""

from __future__ import annotations

from dataclasses import replace

from builders import A1, B1, guid, rule, text_of

from syncrules import SyncRule
from syncrules.rules import ENTRA_CONNECTOR as ENTRA

from .bound import bound
from .session import Result, Session

OTHER = replace(rule("other", 2, B1), precedence=51)


def run(powershell: Session, *rules: SyncRule, then: str = "", first: str = "") -> Result:
    """Run an export on a server that knows two connectors."""
    return powershell.run_script(first + text_of(*rules) + then, connectors=(B1, ENTRA))


def test_a_rule_is_kept_as_it_was_bound(powershell: Session) -> None:
    custom = rule(connector=B1)

    assert list(run(powershell, custom).rules) == bound([custom])


def test_what_a_script_leaves_out_stays_null(powershell: Session) -> None:
    text = (
        "New-ADSyncRule -Name 'x' -Direction 'Inbound' -SourceObjectType 'user' "
        f"-TargetObjectType 'person' -Connector '{B1}' -OutVariable syncRule\n"
        "Add-ADSyncAttributeFlowMapping -SynchronizationRule $syncRule[0] -Destination 'd' "
        "-FlowType 'Direct'\n"
        "Add-ADSyncRule -SynchronizationRule $syncRule[0]\n"
    )

    (record,) = powershell.run_script(text, connectors=[B1]).rules

    missing = {key for key, value in record.items() if value is None}
    assert missing == {
        *("Description", "Precedence", "PrecedenceAfter", "PrecedenceBefore"),
        *("LinkType", "SoftDeleteExpiryInterval", "ImmutableTag"),
    }
    (flow,) = record["AttributeFlowMappings"]
    assert {key for key, value in flow.items() if value is None} == {
        *("Source", "ValueMergeType", "Expression")
    }


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


def test_each_script_finds_an_empty_server(powershell: Session) -> None:
    run(powershell, rule(connector=B1))

    assert powershell.run_script("").rules == ()


def test_what_a_script_tells_and_puts_out_is_seen(powershell: Session) -> None:
    result = powershell.run_script("Write-Host 'told'; 'é\U0001f600'; 1")

    assert "told" in result.shown
    assert result.output == ("é\U0001f600", "System.Int32")
