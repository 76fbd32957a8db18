"""What active's connectors have selected, and staging's not, where rules that move name it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import (
    A1,
    A2,
    B1,
    B2,
    ENTRA,
    codes,
    export,
    guid,
    out_of_box,
    rule,
    server,
    the,
)
from support.configurations import ConnectorFile, connector_xml
from support.known_servers import ENTRA_CONNECTOR, complete, forest
from syncrules import (
    AttributeFlowMapping,
    Diagnostic,
    JoinCondition,
    ScopeCondition,
    Severity,
    SyncRule,
)
from syncrules.migration.plan import Plan
from syncrules.servers.configuration import ConnectorPart, read_part
from syncrules.servers.merging import merge
from syncrules.servers.model import Connector, Server

PARTITION = "DC=contoso,DC=com"
NAMES = ("cn", "mail", "title", "employeeID")


def connector(
    identifier: str,
    attributes: tuple[str, ...] | None = NAMES,
    types: tuple[str, ...] | None = ("user", "group"),
    *,
    partitions: tuple[str, ...] = (PARTITION,),
    schema: tuple[str, ...] = (),
) -> Connector:
    """Return a connector as its file shows it."""
    written = ConnectorFile(
        identifier, "contoso.com", forest="contoso.com", partitions=partitions,
        attributes=schema, selected=attributes, object_types=types,
    )  # fmt: skip
    part, _ = read_part(connector_xml(written).encode(), "connector.xml")
    assert isinstance(part, ConnectorPart)
    return part.connector


def flow(
    destination: str, *source: str, expression: str | None = None, kind: str = "Direct"
) -> AttributeFlowMapping:
    return AttributeFlowMapping(source or None, destination, kind, "Update", False, expression)


def inbound(*flows: AttributeFlowMapping) -> SyncRule:
    return replace(rule(), attribute_flow_mappings=flows, scope_filter=(), join_filter=())


def outbound(*flows: AttributeFlowMapping) -> SyncRule:
    return replace(
        inbound(*flows),
        direction="Outbound",
        source_object_type="person",
        target_object_type="user",
    )


def planned(here: Connector, there: Connector, *rules: SyncRule) -> Plan:
    return syncrules.plan(
        [export(*rules)],
        staging=complete(there, metaverse=frozenset(n.lower() for n in NAMES), staging_mode=True),
        active=complete(here, rules=rules),
    )


def found(*rules: SyncRule, **lists: tuple[str, ...]) -> tuple[Diagnostic, ...]:
    """Return what is found of these rules where staging's connector has these lists."""
    plan = planned(connector(A1), connector(B1, **lists), *rules)
    return tuple(d for d in plan.diagnostics if d.code == "SR480")


# ---- What is named -------------------------------------------------------------------------------


def test_a_connector_that_has_all_selected_does_not_hide_the_next() -> None:
    here, there = (
        complete(
            *(replace(connector(c, names), name=name, forest=name) for c, names, name in own),
            metaverse=frozenset(n.lower() for n in NAMES),
        )
        for own in (
            ((A1, ("cn", "title"), "contoso.com"), (A2, ("cn", "title"), "fabrikam.com")),
            ((B1, ("cn", "title"), "contoso.com"), (B2, ("cn",), "fabrikam.com")),
        )
    )
    moving = [
        replace(inbound(flow("cn", "title")), name=c, identifier=guid(n), connector=c, precedence=n)
        for n, c in ((1, A1), (2, A2))
    ]
    plan = syncrules.plan([export(*moving)], staging=there, active=here)
    assert "fabrikam.com" in the("SR480", plan.diagnostics).message


@given(st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES)))
def test_an_attribute_is_told_where_active_alone_has_it_selected_and_a_rule_names_it(
    active: set[str], staging: set[str]
) -> None:
    named = ("cn", "title")
    here, there = (connector(c, tuple(s)) for c, s in ((A1, active), (B1, staging)))
    made = inbound(*(flow("cn", name) for name in named))
    findings = [d for d in planned(here, there, made).diagnostics if d.code == "SR480"]
    expected = {n for n in named if n in active and n not in staging}
    assert {n for n in NAMES if any(f"'{n}'" in d.in_one_line for d in findings)} == expected
    assert len(findings) == bool(expected)


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(inbound(flow("cn", "title")), id="a source"),
        pytest.param(
            inbound(flow("cn", expression="Left([title],2)", kind="Expression")), id="an expression"
        ),
        pytest.param(
            inbound(flow("cn", "title", expression="%x%", kind="Expression")),
            id="a source of an expression",
        ),
        pytest.param(outbound(flow("title", "cn")), id="a destination"),
        pytest.param(
            replace(inbound(), scope_filter=((ScopeCondition("TITLE", "x", "EQUAL"),),)), id="scope"
        ),
        pytest.param(
            replace(inbound(), join_filter=((JoinCondition("title", "cn", False),),)), id="a join"
        ),
        pytest.param(
            replace(outbound(), join_filter=((JoinCondition("title", "cn", False),),)),
            id="an outbound join",
        ),
    ],
)
def test_every_place_that_names_an_attribute_of_the_connector_counts(made: SyncRule) -> None:
    assert len(found(made, attributes=("cn", "mail"))) == 1


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(inbound(flow("title", "cn")), id="a destination in the metaverse"),
        pytest.param(outbound(flow("cn", "title")), id="a source in the metaverse"),
        pytest.param(
            replace(outbound(), scope_filter=((ScopeCondition("title", "x", "EQUAL"),),)),
            id="a scope in the metaverse",
        ),
        pytest.param(
            replace(inbound(), join_filter=((JoinCondition("cn", "title", False),),)), id="a join"
        ),
        pytest.param(inbound(flow("cn", "title", kind="Constant")), id="a constant"),
        pytest.param(
            inbound(flow("cn", expression='"[title]"', kind="Expression")), id="in a text"
        ),
    ],
)
def test_attributes_of_the_metaverse_and_texts_do_not(made: SyncRule) -> None:
    assert found(made, attributes=("cn", "mail")) == ()


@pytest.mark.parametrize(
    ("made", "kind"),
    [(inbound(), "user"), (outbound(), "user"), (replace(inbound(), source_object_type="*"), "")],
)
def test_the_object_type_on_the_connectors_side_counts(made: SyncRule, kind: str) -> None:
    findings = found(made, types=("group", "person"))
    assert [f"the object type '{kind}'" in f.message for f in findings] == [True] * bool(kind)
    assert found(made, types=("User",)) == ()


def test_all_of_a_connector_is_one_warning_with_their_rules_and_places() -> None:
    first = inbound(flow("cn", "title"), flow("mail", "title"))
    second = replace(inbound(flow("cn", "employeeID")), name="second", identifier=guid(2))
    finding = the("SR480", found(first, second, attributes=("cn",), types=("group",)))
    assert finding.severity is Severity.WARNING
    assert {what for what, _ in finding.rows} == {
        "the attribute 'title'",
        "the attribute 'employeeID'",
        "the object type 'user'",
    }
    assert len(finding.places) == 5
    assert "contoso.com" in finding.message
    assert finding.line


def test_each_connector_has_its_own() -> None:
    entra = replace(ENTRA_CONNECTOR, selected_attributes=frozenset(("title",)))
    plain = replace(entra, selected_attributes=frozenset())
    rules = (inbound(flow("cn", "title")), replace(outbound(flow("title", "cn")), connector=ENTRA))
    rules = (rules[0], replace(rules[1], identifier=guid(2), name="other"))
    plan = syncrules.plan(
        [export(*rules)],
        staging=replace_entra(complete(connector(B1, ("cn",))), plain),
        active=replace_entra(complete(connector(A1), rules=rules), entra),
    )
    assert codes(plan.diagnostics).count("SR480") == 2


def replace_entra(known: Server, entra: Connector) -> Server:
    kept = tuple(c for c in known.connectors if c.identifier != ENTRA)
    return replace(known, connectors=(*kept, entra))


def test_what_staging_lacks_in_its_schema_is_told_there_alone() -> None:
    there = connector(B1, ("cn",), schema=("cn", "mail"))
    plan = planned(connector(A1), there, inbound(flow("cn", "title"), flow("cn", "mail")))
    assert "'title'" in the("SR460", plan.diagnostics).message
    finding = the("SR480", plan.diagnostics)
    assert "'mail'" in finding.message
    assert "'title'" not in finding.message


def test_types_are_compared_within_a_partition_that_both_servers_select() -> None:
    two = (PARTITION, "DC=emea,DC=contoso,DC=com")
    here = connector(A1, partitions=two)
    one = connector(B1, types=("group",), partitions=(PARTITION.upper(),))
    other = connector(B1, types=("user",), partitions=("DC=apac,DC=contoso,DC=com",))
    both = connector(B1, partitions=two)
    assert both.selected_object_types is not None
    (first, kinds), (second, _) = both.selected_object_types
    mixed = replace(both, selected_object_types=((first, kinds), (second, frozenset(("group",)))))
    told = [the_selected(planned(here, there, inbound())) for there in (one, other, both, mixed)]
    assert told == [True, False, False, True]


def the_selected(plan: Plan) -> bool:
    return "SR480" in codes(plan.diagnostics)


# ---- What is not known ---------------------------------------------------------------------------


@pytest.mark.parametrize("of_active", [True, False])
def test_nothing_is_said_where_one_server_does_not_tell(of_active: bool) -> None:
    blind = forest(A1 if of_active else B1, "contoso.com")
    here = blind if of_active else connector(A1)
    there = connector(B1, (), ()) if of_active else blind
    plan = planned(here, there, inbound(flow("cn", "title")))
    assert not the_selected(plan)
    (never,) = plan.not_checked
    assert "selected attributes and object types" in never
    assert "no file is compared" in never


@pytest.mark.parametrize("told", [(NAMES, None), (None, ("user",))])
def test_half_of_it_is_compared_and_said_to_be_unchecked(
    told: tuple[tuple[str, ...] | None, tuple[str, ...] | None],
) -> None:
    made = inbound(flow("cn", "title"))
    plan = planned(connector(A1, *told), connector(B1, (), ()), made)
    message = the("SR480", plan.diagnostics).message
    assert ("'title'" in message) is (told[0] is not None)
    assert ("'user'" in message) is (told[1] is not None)
    assert ", selected attributes and object types, and" in plan.not_checked[-1]


@pytest.mark.parametrize("told", [(NAMES, None), (None, ("user",)), (None, None)])
@pytest.mark.parametrize("of_active", [True, False])
def test_all_four_lists_are_needed_or_it_is_said_to_be_unchecked(
    of_active: bool, told: tuple[tuple[str, ...] | None, tuple[str, ...] | None]
) -> None:
    here, there = (
        connector(identifier, *told) if is_blind else connector(identifier)
        for identifier, is_blind in ((A1, of_active), (B1, not of_active))
    )
    *_, last = planned(here, there, inbound()).not_checked
    assert ", selected attributes and object types, and" in last


def test_nothing_selected_is_known_and_is_not_the_same_as_not_told() -> None:
    assert connector(A1, (), ()).selected_attributes == frozenset()
    assert connector(A1, (), ()).selected_object_types == ((PARTITION.lower(), frozenset()),)
    assert connector(A1, None, None).selected_attributes is None
    assert connector(A1, None, None).selected_object_types is None


def test_a_partition_that_is_not_selected_has_no_types() -> None:
    text = connector_xml(
        ConnectorFile(A1, "contoso.com", partitions=("a", "b"), object_types=("user",))
    ).replace("<selected>1</selected>", "<selected>0</selected>", 1)
    part, _ = read_part(text.encode(), "connector.xml")
    assert isinstance(part, ConnectorPart)
    assert part.connector.selected_object_types == (("b", frozenset(("user",))),)
    assert part.connector.partitions == ("a", "b")


def test_several_files_of_a_server_add_up() -> None:
    one, other = connector(A1, ("cn",), ("user",)), connector(A1, ("x",), ("group",))
    (both,) = merge((Server(connectors=(one,)), Server(connectors=(other,)))).connectors
    assert both.selected_attributes == frozenset(("cn", "x"))
    assert both.selected_object_types == ((PARTITION.lower(), frozenset(("user", "group"))),)
    blind = Server(connectors=(forest(A1, "contoso.com"),))
    (shown,) = merge((blind, Server(connectors=(one,)))).connectors
    assert shown.selected_attributes == frozenset(("cn",))


# ---- What is not checked -------------------------------------------------------------------------


def test_what_is_compared_is_not_said_to_be_unchecked() -> None:
    (rest,) = planned(connector(A1), connector(B1), inbound()).not_checked
    assert "selected attributes and object types that no rule here names, and run" in rest


def test_a_connector_that_is_not_compared_is_named() -> None:
    made = (inbound(), replace(outbound(), connector=ENTRA, identifier=guid(2), name="other"))
    *_, last = planned(connector(A1), connector(B1), *made).not_checked
    assert last.startswith("Selected attributes and object types of contoso.onmicrosoft.com - AAD")
    assert "To check, give" in last


def test_rules_that_were_mapped_before_are_of_staging() -> None:
    (mapped,) = (
        f
        for f in syncrules.plan(
            [export(inbound(flow("cn", "title")))],
            staging=server(export(out_of_box(connector=B1))),
            mapping={A1: B1},
        ).files
    )
    again = syncrules.plan(
        [syncrules.parse(mapped.data, name="again.ps1")],
        staging=complete(connector(B1, ())),
        active=complete(connector(A1)),
    )
    assert not the_selected(again)
