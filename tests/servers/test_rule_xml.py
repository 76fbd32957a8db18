"""A rule's file holds what the Editor's export of the rule holds; the rest is named, not lost."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from xml.etree.ElementTree import tostring

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from support.builders import A1, guid, rule
from support.configurations import rule_xml
from support.server_files import SAMPLE, rules_of_xml, with_mark
from syncrules import AttributeFlowMapping, Diagnostic, JoinCondition, ScopeCondition, SyncRule
from syncrules.rules.guids import ZERO_GUID
from syncrules.rules.model import ENTRA_CONNECTOR
from syncrules.servers.configuration import RulePart, read_part
from syncrules.servers.nesting import load_xml

FLOWS = "<attribute-mappings>"
JOINS = "<relationshipCriteria>"
SCOPES = "<synchronizationCriteria>"
JOIN = "<condition><csAttribute>a</csAttribute><ilmAttribute>b</ilmAttribute></condition>"
SCOPE = "<scope><csAttribute>a</csAttribute><csOperator>EQUAL</csOperator><csValue/></scope>"


def read(data: str | bytes) -> RulePart:
    part, found = read_part(data.encode() if isinstance(data, str) else data, "rule.xml")
    assert isinstance(part, RulePart), found
    return part


def refused(data: str) -> Diagnostic:
    part, (finding,) = read_part(data.encode(), "rule.xml")
    assert part is None
    assert finding.is_error
    assert finding.hint
    assert finding.file == "rule.xml"
    return finding


def with_inside(parent: str, inside: str) -> str:
    """Return a rule's file with something put first into an element."""
    text = rule_xml(rule())
    assert parent in text
    return text.replace(parent, parent + inside)


def with_element(name: str, content: str) -> str:
    """Return a rule's file with other content in one of its own elements."""
    before, _, rest = rule_xml(replace(rule(), description="x", immutable_tag="x")).partition(
        f"<{name}>"
    )
    _, close, after = rest.partition(f"</{name}>")
    assert close
    return f"{before}<{name}>{content}{close}{after}"


def without_element(name: str) -> str:
    text = with_element(name, "")
    assert f"<{name}></{name}>" in text
    return text.replace(f"<{name}></{name}>", "")


# ---- Properties ----------------------------------------------------------------------------------


@given(rules_of_xml())
def test_what_is_written_is_read(written: SyncRule) -> None:
    found = read(rule_xml(written))
    assert found.rule == written
    assert found.unknown == ()


@given(
    rules_of_xml(),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "<?xml version='1.0'?>\n", "<!-- exported -->\n"]),
    st.sampled_from(["", ' xmlns="urn:x"', ' xmlns:xsi="http://www.w3.org/2001/XMLSchema"']),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"]),
)
def test_how_the_file_is_spelt_does_not_matter(
    written: SyncRule, newline: str, head: str, namespace: str, encoding: str
) -> None:
    text = rule_xml(written).replace("<synchronizationRule>", f"<synchronizationRule{namespace}>")
    text = (head + text).replace("\n", newline)
    assert read(with_mark(text, encoding)).rule == written


@given(rules_of_xml(), st.floats(0, 1, exclude_max=True))
def test_a_truncated_file_is_refused(written: SyncRule, place: float) -> None:
    text = rule_xml(written).rstrip()
    assert refused(text[: int(place * len(text))]).code == "SR112"


@given(rules_of_xml(), st.randoms(use_true_random=False))
def test_the_order_of_elements_does_not_matter(written: SyncRule, dice: Random) -> None:
    text = rule_xml(written)
    assume("&#13;" not in text)  # the writer below would not write it so again
    root = load_xml(text.encode())
    elements = list(root)
    dice.shuffle(elements)
    root[:] = elements
    assert read(tostring(root)).rule == written


# ---- Microsoft's own sample ----------------------------------------------------------------------


def sample(identifier: str) -> RulePart:
    (path,) = SAMPLE.glob(f"SynchronizationRules/*{identifier}*.xml")
    part = read(path.read_bytes())
    assert part.unknown == ()
    return part


def test_a_computer_join_has_each_kind_of_flow() -> None:
    found = sample("d79c6b03").rule
    flows = found.attribute_flow_mappings
    assert found == SyncRule(
        name="In from AD - Computer Join",
        identifier="d79c6b03-a3d5-4160-8b12-87eff97ab7be",
        description="",
        direction="Inbound",
        precedence=159,
        precedence_after=ZERO_GUID,
        precedence_before=ZERO_GUID,
        source_object_type="computer",
        target_object_type="device",
        connector="ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d",
        link_type="Provision",
        soft_delete_expiry_interval="0",
        immutable_tag="Microsoft.InfromADComputerJoin.002",
        enable_password_sync=False,
        disabled=False,
        attribute_flow_mappings=flows,
        scope_filter=(),
        join_filter=((JoinCondition("objectGUID", "deviceId", False),),),
    )
    assert len(flows) == 13
    assert flows[0] == AttributeFlowMapping(
        ("userAccountControl",),
        "accountEnabled",
        "Expression",
        "Update",
        False,
        "IIF(BitAnd([userAccountControl],2)=0,True,False)",
    )
    assert flows[1] == AttributeFlowMapping(
        ("objectGUID",), "deviceId", "Direct", "Update", False, None
    )
    assert flows[3].source == ("displayName", "cn")
    assert flows[3].flow_type == "Expression"
    assert flows[9] == AttributeFlowMapping(
        ("False",), "cloudCreated", "Constant", "Update", True, None
    )
    assert flows[11] == AttributeFlowMapping(
        ("mS-DS-CreatorSID",), "registeredOwnerReference", "Direct", "Update", True, None
    )
    assert [f.execute_once for f in flows].count(True) == 2


def test_an_entra_user_join_minds_the_case() -> None:
    found = sample("951424f5").rule
    assert found.connector == ENTRA_CONNECTOR
    assert found.precedence == 119
    assert found.link_type == "Join"
    assert found.join_filter == ((JoinCondition("sourceAnchor", "sourceAnchor", True),),)
    # In the file the operator stands before the value.
    assert found.scope_filter == ((ScopeCondition("cloudMastered", "False", "EQUAL"),),)
    assert found.attribute_flow_mappings[2].expression == 'ImportedValue("sourceAnchor")'


def test_an_account_rule_syncs_passwords_and_has_macros() -> None:
    found = sample("0a1f95e3").rule
    flows = {f.destination: f for f in found.attribute_flow_mappings}
    assert found.enable_password_sync
    assert found.join_filter == ()
    assert found.scope_filter == ((ScopeCondition("userAccountControl", "2", "ISBITNOTSET"),),)
    assert flows["contributingConnectorUser"] == AttributeFlowMapping(
        None, "contributingConnectorUser", "Expression", "Update", False, "%Connector.ID%"
    )
    assert flows["userPrincipalName"].source == ("sAMAccountName", "userPrincipalName")
    assert flows["userPrincipalName"].expression == (
        "IIF(IsPresent([userPrincipalName]),[userPrincipalName], IIF(IsPresent([sAMAccountName]),"
        '([sAMAccountName]&"@"&%Domain.FQDN%),Error("AccountName is not present")))'
    )


def test_an_outbound_rule_merges() -> None:
    found = sample("e7165896").rule
    assert found.direction == "Outbound"
    assert (found.source_object_type, found.target_object_type) == ("person", "user")
    merge_types = [f.value_merge_type for f in found.attribute_flow_mappings]
    assert merge_types == ["Update"] * 5 + ["MergeCaseInsensitive"]


# ---- Spellings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [f"{{{A1}}}", f"{{{A1.upper()}}}", A1, A1.upper(), f" {{{A1}}}\n", A1.replace("-", "")],
)
def test_an_identifier_with_and_without_braces_and_in_any_case(written: str) -> None:
    assert read(with_element("connector", written)).rule.connector == A1
    assert read(with_element("id", written)).rule.identifier == A1
    assert read(with_element("precedence-after", written)).rule.precedence_after == A1


@pytest.mark.parametrize("name", ["disabled", "EnablePasswordSync"])
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *(("True", True), ("true", True), ("TRUE", True), ("1", True), (" true\n", True)),
        *(("False", False), ("false", False), ("0", False), ("", False)),
    ],
)
def test_yes_and_no(name: str, written: str, meant: bool) -> None:
    found = read(with_element(name, written)).rule
    assert {"disabled": found.disabled, "EnablePasswordSync": found.enable_password_sync}[
        name
    ] is meant


def test_an_old_version_says_nothing_of_being_disabled() -> None:
    assert read(without_element("disabled")).rule.disabled is False


@pytest.mark.parametrize("written", ["", " "])
def test_an_interval_that_is_left_empty_is_left_out(written: str) -> None:
    found = read(with_element("softDeleteExpiryInterval", written)).rule
    assert found.soft_delete_expiry_interval is None


def _words(direction: str, link: str, operator: str, merge: str) -> SyncRule:
    text = with_element("direction", direction)
    text = text.replace("<linkType>Join<", f"<linkType>{link}<")
    text = text.replace("<valueMergeType>Update<", f"<valueMergeType>{merge}<")
    scope = SCOPE.replace("EQUAL", operator)
    return read(text.replace(SCOPES, f"{SCOPES}<conditions>{scope}</conditions>")).rule


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (("inbound", "JOIN", "equal", "update"), ("Inbound", "Join", "EQUAL", "Update")),
        (("Sideways", "Link", "LIKE", "Replace"), ("Sideways", "Link", "LIKE", "Replace")),
        (("Outbound", "Join", "EQUAL", ""), ("Outbound", "Join", "EQUAL", None)),
    ],
)
def test_words_in_any_case_and_one_that_is_not_known_stays(
    written: tuple[str, str, str, str], meant: tuple[str | None, ...]
) -> None:
    found = _words(*written)
    merge = found.attribute_flow_mappings[0].value_merge_type
    operator = found.scope_filter[0][0].comparison_operator
    assert (found.direction, found.link_type, operator, merge) == meant


def test_what_stands_in_a_source_beside_its_text_is_named_alone() -> None:
    assert read(mapping('<src kind="x">True</src>')).unknown == ("kind of src",)


def test_a_precedence_has_ten_digits_at_most() -> None:
    assert read(with_element("precedence", "1234567890")).rule.precedence == 1234567890
    assert refused(with_element("precedence", "12345678901")).code == "SR114"


def test_an_interval_of_nothing_is_the_editors_zero_and_others_stay() -> None:
    for written, meant in (("00:00:00", "0"), ("1.02:03:04", "1.02:03:04"), ("300", "300")):
        found = read(with_element("softDeleteExpiryInterval", written)).rule
        assert found.soft_delete_expiry_interval == meant


def test_comments_and_cdata_are_xml_too() -> None:
    text = with_element("name", "a<!-- not a name --><![CDATA[ & <b>]]>")
    assert read(text).rule.name == "a & <b>"
    assert read(text).unknown == ()


# ---- What the sample does not show ---------------------------------------------------------------


def mapping(inside: str, attributes: str = "") -> str:
    return with_inside(
        FLOWS,
        f"<mapping{attributes}><dest>x</dest>{inside}"
        "<valueMergeType>Update</valueMergeType></mapping>",
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param(
            with_inside("<version>1</version>", "<isLocked>1</isLocked>"),
            "isLocked",
            id="an element of the rule",
        ),
        pytest.param(
            mapping("<src>a</src><flowType>Constant</flowType>"), "flowType", id="of a flow"
        ),
        pytest.param(
            mapping("<src><attr>a</attr><object>b</object></src>"), "object", id="of a source"
        ),
        pytest.param(with_inside(FLOWS, "<group/>"), "group", id="among the flows"),
        pytest.param(
            mapping("<src><attr>a</attr><attr>b</attr></src>"), "several sources", id="two sources"
        ),
        pytest.param(mapping("<src/>"), "without a source", id="no source"),
        pytest.param(mapping(""), "without a source", id="no source element"),
        pytest.param(
            mapping("<src><attr>a</attr></src><expression/>"), "empty", id="an empty expression"
        ),
        pytest.param(mapping("<expression> \n</expression>"), "empty", id="a blank expression"),
        pytest.param(
            mapping("<src>True</src><expression>[a]</expression>"),
            "beside a constant",
            id="an expression and a constant",
        ),
        pytest.param(
            with_inside(JOINS, "<conditions/>"), "without conditions", id="an empty join group"
        ),
        pytest.param(
            with_inside(SCOPES, "<conditions/>"), "without conditions", id="an empty scope group"
        ),
        pytest.param(
            with_inside(SCOPES, f"<conditions>{SCOPE}{JOIN}</conditions>"),
            "another kind beside scope",
            id="a join condition in a scope group",
        ),
        pytest.param(
            with_inside(JOINS, f"<conditions>{JOIN}{SCOPE}</conditions>"),
            "another kind beside condition",
            id="a scope condition in a join group",
        ),
        pytest.param(
            with_inside(SCOPES, "<anyOf/>"), "anyOf", id="a group of another name in the scope"
        ),
        pytest.param(
            with_inside(
                SCOPES,
                "<conditions><scope><csAttribute>a</csAttribute><csOperator>EQUAL</csOperator>"
                "<csValue>b</csValue><not/></scope></conditions>",
            ),
            "not",
            id="of a scope condition",
        ),
        pytest.param(
            with_inside(
                JOINS,
                "<conditions><condition><csAttribute>a</csAttribute><weight>1</weight>"
                "<ilmAttribute>b</ilmAttribute></condition></conditions>",
            ),
            "weight",
            id="of a join condition",
        ),
    ],
)
def test_what_is_not_known_is_named(text: str, named: str) -> None:
    (unknown,) = read(text).unknown
    assert named in unknown


def test_each_unknown_thing_is_named_once() -> None:
    text = with_inside("<version>1</version>", "<a/><b/><a/>")
    assert read(text).unknown == tuple(f"{name} in synchronizationRule" for name in "ab")


def changed(old: str, new: str) -> str:
    """Return a rule's file with a piece of it replaced."""
    made = replace(
        rule(),
        attribute_flow_mappings=(
            AttributeFlowMapping(("a",), "b", "Expression", "Update", True, "IIF([a],1,2)"),
        ),
    )
    text = rule_xml(made)
    assert text.count(old) == 1, text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("IIF([a],1,2)", "IIF(<y/>[a],1,2)", "y in expression"),
        ("<dest>b<", "<dest>b<i/>c<", "i in dest"),
        ("<attr>a<", "<attr>a<x/>b<", "x in attr"),
        ("<name>In", "<name><b/>In", "b in name"),
        ('execute-once="true"', 'execute-once="true" enabled="false"', "enabled of mapping"),
        ("<synchronizationCriteria>", '<synchronizationCriteria operator="AND">', "operator of"),
        ("<src>", "<src><attr>z</attr></src><src>", "src twice in mapping"),
        ("<version>", "<name>other</name><version>", "name twice in synchronizationRule"),
        ("  <attribute-mappings>", "<attribute-mappings/><attribute-mappings>", "twice"),
        ("<src>", "<src>junk", "text between the elements in src"),
        ("</attr>", "</attr>junk", "text between the elements in src"),
    ],
)
def test_nothing_that_would_change_the_reading_is_passed_over(
    old: str, new: str, named: str
) -> None:
    assert read(changed(old, old)).unknown == ()
    assert named in " ".join(read(changed(old, new)).unknown)


# ---- What must be there --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *(("id", ""), ("id", "1"), ("id", f"{{{A1}"), ("connector", ""), ("connector", "x")),
        *(("precedence-after", ""), ("precedence-before", "none"), ("direction", " ")),
        *(("sourceObjectType", ""), ("targetObjectType", ""), ("linkType", "")),
        *(("precedence", ""), ("precedence", "-1"), ("precedence", "1.5"), ("precedence", "٣")),
        *(("precedence", "9" * 5_000), ("disabled", "maybe"), ("EnablePasswordSync", "2")),
    ],
)
def test_a_rule_that_lacks_what_it_needs_is_refused(name: str, content: str) -> None:
    assert refused(with_element(name, content)).code == "SR114"


@pytest.mark.parametrize("name", ["id", "connector", "direction", "precedence", "linkType"])
def test_a_rule_without_the_element_is_refused(name: str) -> None:
    assert refused(without_element(name)).code == "SR114"


def test_a_rule_of_nothing_is_refused() -> None:
    assert refused("<synchronizationRule/>").code == "SR114"


@pytest.mark.parametrize(
    "text",
    [
        with_inside(FLOWS, "<mapping/>"),
        with_inside(SCOPES, "<conditions><scope/></conditions>"),
        with_inside(JOINS, "<conditions><condition/></conditions>"),
        mapping("<src>a</src>", ' execute-once="perhaps"'),
    ],
)
def test_a_part_of_a_rule_that_lacks_what_it_needs_is_refused(text: str) -> None:
    assert refused(text).code == "SR114"


def test_the_message_has_no_raw_control_characters() -> None:
    found = refused(with_element("direction", "") + "\u202e")
    assert found.message.isprintable()


def test_precedence_references_are_kept_as_they_are() -> None:
    written = replace(rule(), precedence_after=guid(7), precedence_before=guid(8))
    assert read(rule_xml(written)).rule == written
