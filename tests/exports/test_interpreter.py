"""Scripts to rules: variables followed as PowerShell follows them, values as .NET takes them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import syncrules
from support.strategies import SKELETON, SKELETON_RULE
from support.visible import visible
from syncrules import (
    AttributeFlowMapping,
    Diagnostic,
    Export,
    JoinCondition,
    ScopeCondition,
    Severity,
    SyncRule,
)
from syncrules.diagnostics import Code, Group
from syncrules.exports.cmdlets import COMMANDS
from syncrules.script.foreign_commands import EXPORT_COMMANDS

CONNECTOR = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
IDENTIFIER = "11111111-2222-3333-4444-555555555555"

# One parameter a line; the last line is the seventh, and goes on with what a test adds.
NEW = f"""\
New-ADSyncRule `
-Direction 'Inbound' `
-SourceObjectType 'user' `
-TargetObjectType 'person' `
-Connector '{CONNECTOR}' `
-OutVariable syncRule `
-Name 'x'"""
ADD = "\nAdd-ADSyncRule -SynchronizationRule $syncRule[0]\n"
FLOW = (
    "\nAdd-ADSyncAttributeFlowMapping -SynchronizationRule $syncRule[0] -Destination 'd' "
    "-FlowType Direct"
)
TYPE = "Microsoft.IdentityManagement.PowerShell.ObjectModel."


def condition(kind: str, arguments: str, number: int = 0) -> str:
    return (
        f"\nNew-Object -TypeName '{TYPE}{kind}Condition' -OutVariable condition{number} `\n"
        f"-ArgumentList {arguments}"
    )


def group(kind: str, conditions: str = "@($condition0[0])") -> str:
    return (
        f"\nAdd-ADSync{kind}ConditionGroup -SynchronizationRule $syncRule[0] `\n"
        f"-{kind}Conditions {conditions}"
    )


def rules(text: str) -> tuple[SyncRule, ...]:
    """Return the rules of a script that is read without a finding."""
    export = syncrules.parse(text)
    assert export.diagnostics == (), visible(text)
    return export.rules


def rule(text: str) -> SyncRule:
    (read,) = rules(text)
    return read


def shown(export: Export) -> list[tuple[str, int, int]]:
    return [(d.code, d.line, d.column) for d in export.diagnostics]


# ---- The dialect ---------------------------------------------------------------------------------


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_a_rule_as_the_editor_prints_it(newline: str) -> None:
    assert rule(SKELETON.replace("\n", newline)) == SKELETON_RULE


def test_several_rules_are_read_in_their_order() -> None:
    names = ["c", "a", "b"]
    texts = [
        SKELETON.replace("In from AD - Custom", name)
        .replace("1111-2222", f"{number:04}-2222")
        .replace("-Precedence 50", f"-Precedence {number}")
        for number, name in enumerate(names)
    ]
    assert [r.name for r in rules("".join(texts))] == names


def test_letter_case_matters_nowhere_but_in_values() -> None:
    upper = re.sub(r"(?m)^([A-Z][^ ]*|-[A-Za-z]+)|\$\w+|-OutVariable \w+", _upper, SKELETON)
    assert upper != SKELETON
    assert rule(upper) == SKELETON_RULE
    assert rule(upper.lower().replace("'true'", "'True'").replace("sales", "Sales")) == replace(
        SKELETON_RULE,
        name="in from ad - custom",
        attribute_flow_mappings=(
            AttributeFlowMapping(("True",), "cloudfiltered", "Constant", "Update", False, None),
        ),
        scope_filter=((ScopeCondition("department", "Sales", "EQUAL"),),),
        join_filter=((JoinCondition("employeeid", "employeeid", False),),),
    )


def _upper(found: re.Match[str]) -> str:
    return found.group().upper()


def test_what_is_left_out_is_none() -> None:
    assert rule(NEW + ADD) == SyncRule(
        name="x",
        identifier=None,
        description=None,
        direction="Inbound",
        precedence=None,
        precedence_after=None,
        precedence_before=None,
        source_object_type="user",
        target_object_type="person",
        connector=CONNECTOR,
        link_type=None,
        soft_delete_expiry_interval=None,
        immutable_tag=None,
        enable_password_sync=False,
        disabled=False,
    )
    assert rule(NEW + FLOW + ADD).attribute_flow_mappings == (
        AttributeFlowMapping(None, "d", "Direct", None, False, None),
    )


def test_both_switches_and_all_texts() -> None:
    text = (
        NEW + " `\n-EnablePasswordSync `\n-Disabled `\n-Description '' `\n-ImmutableTag 'y'" + ADD
    )
    read = rule(text)
    assert (read.enable_password_sync, read.disabled) == (True, True)
    assert (read.description, read.immutable_tag) == ("", "y")


@pytest.mark.parametrize(
    ("arguments", "source", "expression"),
    [
        pytest.param("-Source @('a','b') -Expression 'x'", ("a", "b"), "x", id="until 2018"),
        pytest.param("-Expression 'x'", None, "x", id="from 2020 on"),
        pytest.param("-Source @('False')", ("False",), None, id="a constant"),
        pytest.param("-Source @()", (), None, id="an empty list, which is not none"),
        pytest.param("-Source ''", ("",), None, id="an empty text, which is not none either"),
        pytest.param("-Source 'a b'", ("a b",), None, id="the 2020 exporter's joined list"),
        pytest.param("-Source a,'b'", ("a", "b"), None, id="a list without brackets"),
        pytest.param("-Expression '\r\n  a\n'", None, "\r\n  a\n", id="an expression over lines"),
        pytest.param("-Expression '$item & \"`n\"'", None, '$item & "`n"', id="and its own words"),
    ],
)
def test_a_flow(arguments: str, source: tuple[str, ...] | None, expression: str | None) -> None:
    (flow,) = rule(f"{NEW}{FLOW} {arguments}{ADD}").attribute_flow_mappings
    assert (flow.source, flow.expression) == (source, expression)


def test_flows_keep_their_order_and_their_switches() -> None:
    text = NEW + FLOW + " -ExecuteOnce" + FLOW.replace("'d'", "'e'") + " -ExecuteOnce:$false" + ADD
    flows = rule(text).attribute_flow_mappings
    assert [(f.destination, f.execute_once) for f in flows] == [("d", True), ("e", False)]


def test_conditions_are_made_anew_for_each_group() -> None:
    text = (
        NEW
        + condition("Scope", "'a','1','EQUAL'")
        + condition("Scope", "'b','2','NOTEQUAL'", 1)
        + group("Scope", "@($condition0[0],$condition1[0])")
        + condition("Scope", "'c','3','ISNULL'")
        + group("Scope")
        + condition("Join", "'d','e',$true")
        + group("Join")
        + condition("Join", "'f','g',$false")
        + condition("Join", "'h','i',$True", 1)
        + group("Join", "@($condition1[0],$condition0[0])")
        + ADD
    )
    assert rule(text).scope_filter == (
        (ScopeCondition("a", "1", "EQUAL"), ScopeCondition("b", "2", "NOTEQUAL")),
        (ScopeCondition("c", "3", "ISNULL"),),
    )
    assert rule(text).join_filter == (
        (JoinCondition("d", "e", True),),
        (JoinCondition("h", "i", True), JoinCondition("f", "g", False)),
    )


def test_a_group_may_pass_its_conditions_without_brackets() -> None:
    text = NEW + condition("Scope", "a,2,EQUAL") + group("Scope", "$condition0[0]") + ADD
    assert rule(text).scope_filter == ((ScopeCondition("a", "2", "EQUAL"),),)


def test_a_group_may_pass_several_conditions_without_brackets() -> None:
    both = condition("Scope", "a,2,EQUAL") + condition("Scope", "b,3,EQUAL", 1)
    text = NEW + both + group("Scope", "$condition0[0],$condition1[0]") + ADD
    assert [len(g) for g in rule(text).scope_filter] == [2]


def test_each_command_may_pass_the_rule_on_in_another_variable() -> None:
    scope, join = condition("Scope", "a,2,EQUAL"), condition("Join", "a,b,$true")
    commands = (FLOW, scope + group("Scope"), join + group("Join"), ADD.rstrip())
    text = NEW.replace("syncRule", "rule0")
    for number, command in enumerate(commands):
        text += command.replace("$syncRule", f"$rule{number}") + f" -OutVariable rule{number + 1}"
    read = rule(text)
    assert len(read.attribute_flow_mappings) == 1
    assert (len(read.scope_filter), len(read.join_filter)) == (1, 1)


def test_variables_may_have_any_name() -> None:
    text = SKELETON.replace("syncRule", "r_1").replace("condition0", "Scope")
    assert rule(text) == SKELETON_RULE


def test_a_rule_may_be_begun_before_another_is_added() -> None:
    second = NEW.replace("'x'", "'y'").replace("syncRule", "other")
    text = NEW + "\n" + second + ADD + ADD.replace("syncRule", "other")
    assert [r.name for r in rules(text)] == ["x", "y"]


def test_only_the_rules_own_module_is_imported_without_a_finding() -> None:
    assert rule(f"Import-Module ADSync\n$ErrorActionPreference = 'Stop'\n{NEW}{ADD}").name == "x"


@pytest.mark.parametrize("value", ["Stop", "stop", "STOP", "'sTOP'"])
def test_to_stop_at_an_error_may_be_said_of_each_command(value: str) -> None:
    assert rule(f"{NEW} `\n-ErrorAction {value}{ADD.rstrip()} -ErrorAction {value}\n").name == "x"


# ---- Places --------------------------------------------------------------------------------------


def test_a_rule_knows_where_its_guids_stand() -> None:
    export = syncrules.parse(SKELETON)
    (read,) = export.placed_rules
    text = export.source.text
    literals = [read.connector, *read.identifiers]
    assert [text[at.start : at.end] for at in literals] == [
        f"'{CONNECTOR}'",
        f"'{IDENTIFIER}'",
        f"'{IDENTIFIER}'",
    ]
    assert [export.source.line_and_column(at.start)[0] for at in literals] == [11, 3, 57]
    assert read.precedence_after is not None
    assert read.precedence_before is not None
    assert export.source.line_and_column(read.precedence_after.start) == (7, 18)
    assert export.source.line_and_column(read.precedence_before.start) == (8, 19)


def test_a_connector_in_a_variable_stands_where_the_variable_got_it() -> None:
    text = f"$Connector = '{CONNECTOR}'\n" + NEW.replace(f"'{CONNECTOR}'", "$connector") + ADD
    export = syncrules.parse(text)
    (read,) = export.placed_rules
    assert (read.rule.connector, export.diagnostics) == (CONNECTOR, ())
    assert export.source.line_and_column(read.connector.start) == (1, 14)


# ---- .NET's values -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("'AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE'", id="D, upper case"),
        pytest.param("'aaaaaaaabbbbccccddddeeeeeeeeeeee'", id="N"),
        pytest.param("'{AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE}'", id="B"),
        pytest.param("'(aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee)'", id="P"),
        pytest.param("' aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee\t'", id="blanks around"),
        pytest.param("'\u3000\n{aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee}\u2028\x85'", id="odd blanks"),
        pytest.param("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", id="a bare word"),
        pytest.param('"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"', id="double quotes"),
    ],
)
def test_a_guid_in_any_form_of_dotnet_is_one_guid(written: str) -> None:
    assert rule(NEW.replace(f"'{CONNECTOR}'", written) + ADD).connector == CONNECTOR


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("urn:uuid:aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", id="urn:uuid"),
        pytest.param("{aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", id="a lone brace"),
        pytest.param("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee}", id="a lone closing brace"),
        pytest.param("{aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee)", id="mixed brackets"),
        pytest.param("{ aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee }", id="blanks inside"),
        pytest.param("{aaaaaaaabbbbccccddddeeeeeeeeeeee}", id="N in braces"),
        pytest.param("aaaa-aaaabbbb-cccc-dddd-eeeeeeeeeeee", id="hyphens elsewhere"),
        pytest.param("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeee", id="a digit short"),
        pytest.param("aaaaaaaa–bbbb–cccc–dddd–eeeeeeeeeeee", id="dashes"),
        pytest.param("\x1caaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", id="U+001C, no blank of .NET"),
        pytest.param("\ufeffaaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", id="U+FEFF, no blank either"),
        pytest.param("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeee٣٣", id="digits of another script"),
        pytest.param("", id="nothing"),
        # .NET reads its form X, but no tool writes it.
        pytest.param(
            "{0xaaaaaaaa,0xbbbb,0xcccc,{0xdd,0xdd,0xee,0xee,0xee,0xee,0xee,0xee}}", id="X"
        ),
    ],
)
def test_no_guid_is(written: str) -> None:
    export = syncrules.parse(NEW.replace(CONNECTOR, written) + ADD)
    assert ("SR322", 5, 12) in shown(export)
    assert export.rules == ()


@pytest.mark.parametrize(
    "written", ["your-ad-connector-guid", "<Guid>", "b891884f-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "06c…"]
)
def test_a_placeholder_is_no_guid_and_is_called_one(written: str) -> None:
    assert ("SR323", 5, 12) in shown(syncrules.parse(NEW.replace(CONNECTOR, written) + ADD))


@pytest.mark.parametrize("written", ["50", "'50'", '"50"', "050", "'050'"])
def test_a_precedence_is_a_number_in_quotes_or_not(written: str) -> None:
    assert rule(f"{NEW} `\n-Precedence {written}{ADD}").precedence == 50


@pytest.mark.parametrize("written", ["''", "'50.5'", "'fifty'", "'-1'", "'0x32'", "$true", "50,51"])
def test_no_precedence_is(written: str) -> None:
    assert shown(syncrules.parse(f"{NEW} `\n-Precedence {written}{ADD}")) == [("SR324", 8, 13)]


@pytest.mark.parametrize("written", ["'False'", "'True'", "0", "1", "false", "$null", "$x[0]"])
def test_a_join_is_case_sensitive_by_a_boolean_alone(written: str) -> None:
    """.NET makes `$true` of the text 'False'."""
    text = NEW + condition("Join", f"'a','b',{written}") + group("Join") + ADD
    assert ("SR328", 9, 23) in shown(syncrules.parse(text))


@pytest.mark.parametrize("written", ["0", "'0'", "'00:00:00'"])
def test_an_expiry_of_nothing_is_as_in_every_rule_known(written: str) -> None:
    read = rule(f"{NEW} `\n-SoftDeleteExpiryInterval {written}{ADD}")
    assert read.soft_delete_expiry_interval == written.strip("'")


@pytest.mark.parametrize(
    ("written", "interval"),
    [
        pytest.param("30", "30", id="ticks"),
        pytest.param("'30'", "30.00:00:00", id="days"),
        pytest.param("'00:00:30'", "00:00:30", id="seconds"),
        pytest.param("'1.02:03:04.5'", "1.02:03:04.5", id="all"),
        pytest.param("'-1:00'", "-1:00", id="less than nothing"),
        pytest.param("'25:00:00'", "25:00:00", id="25 days, as .NET has it"),
    ],
)
def test_any_other_expiry_is_read_with_a_warning(written: str, interval: str) -> None:
    export = syncrules.parse(f"{NEW} `\n-SoftDeleteExpiryInterval {written}{ADD}")
    assert [r.soft_delete_expiry_interval for r in export.rules] == [interval]
    assert shown(export) == [("SR326", 8, 27)]
    assert export.diagnostics[0].severity is Severity.WARNING


@pytest.mark.parametrize(
    "written",
    [
        *("''", "'never'", "$null", "'1:2:3:4:5'", "'²'"),
        pytest.param("'00:00:60'", id="60 seconds, which overflow"),
        pytest.param("'23:60'", id="60 minutes, which overflow"),
        pytest.param("'24:00'", id="24 hours and no seconds, which overflow"),
        pytest.param("'10675200'", id="more days than a TimeSpan holds"),
    ],
)
def test_no_expiry_is(written: str) -> None:
    export = syncrules.parse(f"{NEW} `\n-SoftDeleteExpiryInterval {written}{ADD}")
    assert shown(export) == [("SR325", 8, 27)]


@pytest.mark.parametrize("name", ["Name", "SourceObjectType", "TargetObjectType"])
def test_powershell_refuses_an_empty_text_for(name: str) -> None:
    text = re.sub(f"-{name} '[^']*'", f"-{name} ''", NEW) + ADD
    assert [d.code for d in syncrules.parse(text).diagnostics] == ["SR329"]


def test_powershell_refuses_an_empty_destination() -> None:
    text = NEW + FLOW.replace("'d'", "''") + ADD
    assert [d.code for d in syncrules.parse(text).diagnostics] == ["SR329"]


@pytest.mark.parametrize(
    ("parameter", "value", "meant"),
    [
        ("Direction", "inbound", "Inbound"),
        ("LinkType", "JOINNOFLOW", "JoinNoFlow"),
        ("LinkType", "StickyJoin", "StickyJoin"),
    ],
)
def test_an_enumeration_is_read_in_any_case_as_net_prints_it(
    parameter: str, value: str, meant: str
) -> None:
    text = NEW.replace("-Direction 'Inbound'", f"-Direction 'Inbound' `\n-{parameter} '{value}'")
    if parameter == "Direction":
        text = NEW.replace("'Inbound'", f"'{value}'")
    read = rule(text + ADD)
    assert meant in (read.direction, read.link_type)


# ---- Findings ------------------------------------------------------------------------------------

SCOPE = condition("Scope", "'a','b','EQUAL'")
Q = "'"
RENAMED_ADD = f"{ADD.rstrip()} -OutVariable after"

# `§` stands before the place that the finding is shown at.
CASES = [
    # ---- parameters
    ("SR301", f"{NEW} `\n§-Foo 'y'{ADD}"),
    ("SR301", f"{NEW} `\n§-Foo -Disabled{ADD}"),
    ("SR301", f"{NEW} `\n§-Pre 'y'{ADD}"),  # Precedence, PrecedenceAfter or PrecedenceBefore
    ("SR302", f"{NEW} `\n-Disabled:$false `\n§-Disabled{ADD}"),
    ("SR302", f"{NEW} `\n§-name 'y'{ADD}"),
    ("SR302", f"{NEW} `\n§-Name 'x'{ADD}"),
    ("SR303", "§New-ADSyncRule -Name 'x'"),
    ("SR303", f"{NEW}\n§Add-ADSyncRule"),
    ("SR304", f"{NEW} §'y'{ADD}"),
    ("SR304", f"{NEW} `\n-Disabled §$true{ADD}"),
    ("SR305", f"{NEW} `\n§-Description{ADD}"),
    ("SR305", f"{NEW} `\n§-Description -Disabled{ADD}"),
    ("SR305", f"{NEW}\nAdd-ADSyncRule `\n§-SynchronizationRule\n"),
    ("SR306", f"{NEW} `\n§-Disabled:$null{ADD}"),
    ("SR306", f"{NEW} `\n§-Disabled:$true[0]{ADD}"),
    ("SR306", f"{NEW} `\n§-Disabled:0{ADD}"),
    ("SR307", f"{NEW} `\n§-WarningAction Stop{ADD}"),
    ("SR307", f"{NEW} `\n§-ErrorVariable e{ADD}"),
    ("SR308", f"{NEW} `\n§-Desc 'y'{ADD}"),
    ("SR308", NEW.replace("-OutVariable", "§-ov") + ADD),
    # ---- rules and conditions that come to nothing
    ("SR311", f"§{NEW}"),
    ("SR311", f"\n# c\n§{NEW}{FLOW}"),
    ("SR312", f"{NEW}\n§{SCOPE[1:]}{ADD}"),
    ("SR312", f"{NEW}\n§{SCOPE[1:]}{SCOPE}{group('Scope')}{ADD}"),
    # ---- variables
    ("SR313", f"$c = 'x'\n§$C = 'y'\n{NEW}{ADD}"),
    ("SR313", f"$c = 'Stop'\n§$c = 'y'\n{NEW}{ADD}"),
    ("SR313", f"{NEW}{ADD}§$syncRule = 'y'"),
    ("SR314", f"{NEW} `\n-ErrorAction §Continue{ADD}"),
    ("SR314", f"{NEW} `\n-ErrorAction §'SilentlyContinue'{ADD}"),
    ("SR315", f"{NEW}{ADD}Get-ADSyncRule -Identifier §'{IDENTIFIER}'"),
    ("SR316", NEW.replace("syncRule", "§'a b'") + ADD),
    ("SR316", NEW.replace("syncRule", "§true") + ADD.replace("syncRule", "true")),
    ("SR317", NEW + ADD.replace("$syncRule[0]", "§$syncRule")),
    ("SR317", NEW + ADD.replace("$syncRule[0]", "§$syncRule[1]")),
    ("SR317", NEW + ADD.replace("$syncRule[0]", "§'x'")),
    ("SR317", NEW + SCOPE + ADD.replace("$syncRule", "§$condition0")),
    ("SR317", f"{NEW}{SCOPE}{group('Join', '@(§$condition0[0])')}{ADD}"),
    ("SR317", f"{NEW}{group('Scope', '@(§$syncRule[0])')}{ADD}"),
    ("SR317", f"{NEW}{group('Scope', '§@()')}{ADD}"),
    ("SR318", f"{NEW}{ADD}{ADD.replace('$', '§$')}"),
    ("SR318", f"{NEW}{RENAMED_ADD}\nAdd-ADSyncRule -SynchronizationRule §$after[0]"),
    ("SR318", f"{NEW}{ADD}{FLOW.replace('$', '§$')}"),
    ("SR319", ADD.replace("$", "§$")),
    ("SR319", f"{NEW}{group('Scope', '@(§$condition0[0])')}{ADD}"),
    ("SR319", NEW.replace(f"'{CONNECTOR}'", "§$c") + f"{ADD}$c = '{CONNECTOR}'"),
    ("SR319", NEW.replace(f"'{CONNECTOR}'", "§$c") + ADD),
    # ---- values
    ("SR320", "$n = 'x'\n" + NEW.replace("'x'", "§$n") + ADD),
    ("SR320", NEW.replace("'x'", "§50") + ADD),
    ("SR320", NEW.replace("'x'", "§'x','y'") + ADD),
    ("SR320", NEW.replace("'Inbound'", "§5") + ADD),
    ("SR320", f"$c = '{CONNECTOR}'\n" + NEW.replace(f"'{CONNECTOR}'", "§$c[0]") + ADD),
    ("SR320", NEW + condition("Scope", "'a',§$b,'EQUAL'") + ADD),
    ("SR320", NEW + condition("Scope", "'a','ISNULL',§$b") + ADD),
    ("SR320", NEW + condition("Scope", "'a','EQUAL',§$true") + ADD),
    ("SR320", NEW + condition("Join", "§$a,'b',$true") + ADD),
    ("SR320", NEW + condition("Join", "'a',§$b,$true") + ADD),
    ("SR320", NEW + condition("Join", "§$true[0],'a','b'") + ADD),
    ("SR320", NEW + condition("Join", "§$a,'b','EQUAL'") + ADD),
    ("SR320", NEW + condition("Join", "§$a,'EQUAL','b'") + ADD),
    ("SR320", f"{NEW}\nNew-Object -TypeName §$t -ArgumentList 'a','b','EQUAL'{ADD}"),
    ("SR320", "$c = 5\n" + NEW.replace(f"'{CONNECTOR}'", "§$c") + ADD),
    ("SR320", f"{NEW}{FLOW} -Source @('a',§$b){ADD}"),
    ("SR321", NEW.replace("'Inbound'", "§'In'") + ADD),
    ("SR321", f"{NEW} `\n-LinkType §'Joined'{ADD}"),
    ("SR321", NEW + FLOW.replace("Direct", "§Directly") + ADD),
    ("SR321", NEW + condition("Scope", "'a','b',§'ISNOTBITSET'") + ADD),
    ("SR322", f"{NEW} `\n-Identifier §'x'{ADD}"),
    ("SR322", f"{NEW} `\n-PrecedenceAfter §''{ADD}"),
    ("SR323", f"{NEW} `\n-PrecedenceBefore §'<Guid>'{ADD}"),
    ("SR324", f"{NEW} `\n-Precedence §'x'{ADD}"),
    ("SR325", f"{NEW} `\n-SoftDeleteExpiryInterval §'x'{ADD}"),
    ("SR326", f"{NEW} `\n-SoftDeleteExpiryInterval §30{ADD}"),
    ("SR327", NEW + condition("Scope", "§'a'") + ADD),
    ("SR327", NEW + condition("Scope", "§'a','b'") + ADD),
    ("SR327", NEW + condition("Scope", "§'a',$true") + ADD),
    ("SR327", NEW + condition("Scope", "§$a,'ISNULL'") + ADD),
    ("SR327", NEW + condition("Scope", "§'a','EQUAL','b',$true") + ADD),
    ("SR327", NEW + condition("Join", "§'a',$b,'c',$true") + ADD),
    ("SR333", NEW + condition("Scope", "§'a','EQUAL','b'") + ADD),
    ("SR327", NEW + condition("Join", "§@($true,$true)") + ADD),
    ("SR327", f"{NEW}\n§New-Object -TypeName '{TYPE}ScopeCondition'{ADD}"),
    ("SR328", NEW + condition("Join", "a,b,§c") + ADD),
    ("SR328", NEW + condition("Join", "a,b,§$true[0]") + ADD),
    ("SR329", NEW.replace("'x'", "§''") + ADD),
    (
        "SR330",
        SKELETON
        + SKELETON.replace(f"-Identifier {Q}", f"-Identifier §{Q}", 1).replace(
            "ence 50", "ence 51"
        ),
    ),
    ("SR332", SKELETON + SKELETON.replace("New-", "§New-", 1).replace("1111-2222", "3333-2222")),
    ("SR332", f"{NEW} `\n-Precedence 5{ADD}§{NEW} `\n-Precedence '5'{ADD}"),
    ("SR331", f"§$PSDefaultParameterValues = 'x'\n{NEW}{ADD}"),
    ("SR331", f"§$ErrorActionPreference = 'Continue'\n{NEW}{ADD}"),
    ("SR331", f"§$ErrorActionPreference = 5\n{NEW}{ADD}"),
    ("SR331", f"§$true = 'x'\n{NEW}{ADD}"),
]


@pytest.mark.parametrize(
    ("code", "marked"),
    CASES,
    ids=[f"{code}-{number}" for number, (code, _) in enumerate(CASES)],
)
def test_the_finding_stands_at_its_place(code: str, marked: str) -> None:
    text, before = marked.replace("§", ""), marked.partition("§")[0]
    place = before.count("\n") + 1, len(before) - before.rfind("\n")
    export = syncrules.parse(text)
    assert (code, *place) in shown(export), visible(marked)
    for finding in export.diagnostics:
        assert_complete(finding, text)


def assert_complete(finding: Diagnostic, text: str) -> None:
    assert finding.message
    assert finding.hint
    line, spot = text.split("\n")[finding.line - 1], finding.spot
    assert spot is not None
    assert line[spot.excerpt.column - 1 :].startswith(finding.excerpt)


def test_every_code_of_the_rules_has_a_case() -> None:
    used = {code for code in Code if code.group is Group.RULES}
    assert used
    assert used == {code for code, _ in CASES}


WARNINGS = {"SR308", "SR315", "SR326"}


@pytest.mark.parametrize("code", sorted({code for code, _ in CASES}))
def test_only_what_changes_nothing_is_a_warning(code: str) -> None:
    text = next(marked for of, marked in CASES if of == code).replace("§", "")
    severities = {d.severity for d in syncrules.parse(text).diagnostics if d.code == code}
    assert severities == {Severity.WARNING if code in WARNINGS else Severity.ERROR}


def test_a_word_that_is_none_of_an_enumeration_is_refused_and_kept() -> None:
    read = syncrules.parse(f"{NEW} `\n-LinkType 'Joined'{ADD}")
    assert [d.code for d in read.diagnostics] == ["SR321"]
    assert [r.link_type for r in read.rules] == ["Joined"]
    read = syncrules.parse(NEW + condition("Scope", "'a','b','Is'") + group("Scope") + ADD)
    assert [d.code for d in read.diagnostics] == ["SR321"]
    assert [r.scope_filter for r in read.rules] == [((ScopeCondition("a", "b", "Is"),),)]


def test_a_text_that_no_rule_is_without_is_empty_where_its_value_is_refused() -> None:
    text = NEW.replace("'Inbound'", "$a").replace("'x'", "$a") + FLOW.replace("Direct", "$a") + ADD
    (read,) = syncrules.parse(text).rules
    assert (read.name, read.direction) == ("", "")
    assert [f.flow_type for f in read.attribute_flow_mappings] == [""]


def test_a_command_that_cannot_be_bound_is_not_blamed_on_those_after_it() -> None:
    text = f"{NEW} `\n-Foo 'y'{FLOW}{SCOPE}{group('Scope')}{ADD}"
    assert shown(syncrules.parse(text)) == [("SR301", 8, 1)]


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param(f"{NEW} `\n§-Foo -Disabled{ADD}", id="a parameter that is not known"),
        pytest.param(
            NEW.replace(f"'{CONNECTOR}'", "§$c") + ADD, id="a connector's variable without a value"
        ),
        pytest.param(
            f"{NEW}{SCOPE}{group('Scope', '@(§$none[0],$condition0[0])')}{ADD}",
            id="a group with a condition that is not there",
        ),
        pytest.param(
            f"{NEW}{SCOPE}{group('Scope', '@(§$syncRule[0],$condition0[0])')}{ADD}",
            id="a group with a rule in it",
        ),
        pytest.param(
            f"{NEW}\n§$syncRule = 'y'{FLOW} -OutVariable syncRule{ADD}",
            id="a rule's variable that is given another value",
        ),
        pytest.param(
            f"{NEW} `\n-Identifier §'x'{ADD}Get-ADSyncRule -Identifier 'x'",
            id="an identifier that is none",
        ),
    ],
)
def test_one_cause_is_one_finding(marked: str) -> None:
    found = shown(syncrules.parse(marked.replace("§", "")))
    before = ["".join(marked.split("§")[: n + 1]) for n in range(marked.count("§"))]
    places = [(text.count("\n") + 1, len(text) - text.rfind("\n")) for text in before]
    assert [place for _, *place in found] == [[*place] for place in places]


def test_what_is_no_text_is_told_from_a_variable() -> None:
    told = {
        value: next(iter(syncrules.parse(NEW.replace("'x'", value) + ADD).diagnostics)).message
        for value in ("$n", "50", "'x','y'")
    }
    assert [value for value, words in told.items() if "is a variable here" in words] == ["$n"]
    assert [value for value, words in told.items() if "is not one text" in words] == [
        *("50", "'x','y'")
    ]


def test_a_name_that_no_variable_has_is_told_where_it_is_first_given() -> None:
    flows = f"{FLOW} -OutVariable 'a b'" * 2
    (found,) = syncrules.parse(NEW + flows + ADD).diagnostics
    assert (found.code, len(found.places)) == ("SR316", 1)


def test_findings_stand_in_the_order_of_the_text() -> None:
    text = NEW.replace("Inbound", "In") + FLOW.replace("Direct", "No") + " -Source $x"
    lines = [(d.line, d.column) for d in syncrules.parse(text).diagnostics]
    assert len(lines) == 4
    assert lines == sorted(lines)


def test_the_script_layer_knows_the_same_commands() -> None:
    assert set(EXPORT_COMMANDS) == set(COMMANDS)
