"""Expressions in rules: each distinct text read once, what is said of it at its place."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import A1, ENTRA, codes, export, guid, rule, server, text_of
from support.configurations import ENTRA_FILE, ConnectorFile, configuration
from support.expressions import microsoft_rules, microsoft_schema
from syncrules import AttributeFlowMapping, Diagnostic, Expression, Server, Severity, SyncRule
from syncrules.checking import expression_texts
from syncrules.diagnostics import Code
from syncrules.expressions.finding import Finding
from syncrules.expressions.reading import read_expression

AD = "ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d"


def flow(expression: str, destination: str = "title") -> AttributeFlowMapping:
    return AttributeFlowMapping(None, destination, "Expression", "Update", False, expression)


def with_flows(*flows: AttributeFlowMapping, number: int = 1, **fields: object) -> SyncRule:
    made = rule(f"In from AD - {number}", number)
    return replace(made, attribute_flow_mappings=flows, **fields)  # type: ignore[arg-type]


@cache
def microsofts() -> Server:
    """Return the server of Microsoft's sample, from a configuration."""
    schema = microsoft_schema()
    connectors = [
        ConnectorFile(AD, "contoso.com", forest="contoso.com", attributes=tuple(schema[AD])),
        replace(ENTRA_FILE, attributes=tuple(schema[ENTRA])),
    ]
    with TemporaryDirectory() as folder:
        return syncrules.read_server(
            configuration(
                Path(folder),
                connectors=connectors,
                rules=microsoft_rules(),
                metaverse=schema["metaverse"],
            )
        )


def marked(finding: Diagnostic, text: str) -> str:
    """Return the part of a text that a finding is about."""
    assert finding.span is not None
    return text[finding.span.start : finding.span.end]


# ---- Microsoft's rules ---------------------------------------------------------------------------


def test_of_microsofts_rules_only_what_is_not_documented_is_said() -> None:
    found = syncrules.check(server=microsofts())
    assert [(f.code, f.message.split()[0]) for f in found] == [
        (Code.SR719, "CBin"),
        (Code.SR719, "Thumbprint"),
        (Code.SR719, "ValueCount"),
    ]
    assert {f.severity for f in found} == {Severity.NOTE}


def test_each_text_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(text: str) -> tuple[Expression | None, Finding | None]:
        read.append(text)
        return read_expression(text)

    monkeypatch.setattr(expression_texts, "read_expression", counted)
    syncrules.check(export(*microsoft_rules()))
    assert len(read) == len({*read}) == 86


# ---- Places --------------------------------------------------------------------------------------

QUOTED = {
    "single": "'\"it''s\" & IF([title],\"’’\",NULL)'",
    "single, typographic": '‘IIF("a’’b"=[cn],IF([title]),NULL)’',
    "double": '"[cn] & ""x"" & IF([cn],""`$x"",NULL)"',
    "here-string": '@\'\n  "it\'s" &\n  IF([title],"x",NULL)\n\'@',
    "double here-string": '@"\n"``" & IF([title],"`$x",NULL)\n"@',
}


@pytest.mark.parametrize("literal", [*QUOTED.values()], ids=[*QUOTED])
def test_a_finding_is_at_its_place_through_quotes(literal: str) -> None:
    text = text_of(with_flows(flow("XXX")), newline="\n").replace("'XXX'", literal)
    (finding,) = syncrules.check(syncrules.parse(text))
    assert (finding.code, marked(finding, text)) == (Code.SR710, "IF")
    before = text[: text.index("IF([")]
    assert (finding.line, finding.column) == (
        before.count("\n") + 1,
        len(before) - before.rfind("\n"),
    )


@given(st.text(st.sampled_from("a'’‘\" \n`$“é"), max_size=8))
def test_any_text_before_it_does_not_move_a_finding(before: str) -> None:
    content = before.replace("\\", "").replace('"', "")
    text = text_of(with_flows(flow(f'"{content}" & Tirm([cn])')))
    (finding,) = syncrules.check(syncrules.parse(text))
    assert finding.code is Code.SR710
    assert marked(finding, text) == "Tirm"


def test_a_rule_of_a_configuration_is_named_with_its_file(tmp_path: Path) -> None:
    wrong = with_flows(flow("IF([mail])", "mail"))
    server = syncrules.read_server(configuration(tmp_path, rules=[wrong], metaverse=("mail",)))
    (finding,) = syncrules.check(server=server)
    assert finding.file == str(tmp_path)
    assert finding.spot is None
    assert finding.message.endswith("This is in the flow to 'mail' of 'In from AD - 1'.")


def test_the_same_at_several_places_is_one_finding_that_names_them() -> None:
    wrong = flow("ToLower([mail])", "mail")
    rules = [with_flows(wrong, replace(wrong, destination="cn"), number=n) for n in (1, 2)]
    text = text_of(*rules)
    (finding,) = syncrules.check(syncrules.parse(text))
    assert "the flow to 'mail' of 'In from AD - 1', the flow to 'cn'" in finding.message
    assert "and 1 more" in finding.message
    spans = [place.spot.span for place in finding.places if place.spot is not None]
    assert [text[span.start : span.end] for span in spans] == ["ToLower"] * 4


def test_a_line_is_named_once() -> None:
    (finding,) = syncrules.check(export(with_flows(flow("ToLower([a]) & ToLower([b])"))))
    assert finding.message.endswith("This is in the flow to 'title' of 'In from AD - 1'.")


def test_a_rule_without_an_identifier_is_looked_at_once() -> None:
    nameless = replace(with_flows(flow("ToLower([mail])")), identifier=None)
    (finding,) = syncrules.check(export(nameless), server=server(export(nameless, name="b.ps1")))
    assert finding.message.endswith("This is in the flow to 'title' of 'In from AD - 1'.")


def test_an_export_stands_for_what_the_server_shows_of_a_rule() -> None:
    known = with_flows(flow("ToLower([mail])"))
    shown = server(export(known))
    assert codes(syncrules.check(server=shown)) == [Code.SR711]
    assert codes(syncrules.check(export(known), server=shown)) == [Code.SR711]
    mended = replace(known, attribute_flow_mappings=(flow("LCase([mail])"),))
    assert syncrules.check(export(mended), server=shown) == ()


def test_an_empty_expression_is_told_by_its_type_alone() -> None:
    assert codes(syncrules.check(export(with_flows(flow(" "))))) == [Code.SR474]


def test_an_expression_that_does_not_count_is_told_by_the_type_of_its_flow_alone() -> None:
    made = with_flows(replace(flow("ToLower([mail])"), flow_type="Direct"))
    assert codes(syncrules.check(export(made))) == [Code.SR474]


# ---- Attributes ----------------------------------------------------------------------------------


def said_of(expression: str, **fields: object) -> list[tuple[str, str]]:
    """Return codes and what is marked, of an expression beside Microsoft's schema."""
    made = replace(with_flows(flow(expression)), connector=AD, **fields)  # type: ignore[arg-type]
    text = text_of(made)
    found = syncrules.check(syncrules.parse(text), server=microsofts())
    return [(f.code, marked(f, text)) for f in found if f.spot is not None]


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("[sAMAccountName] & [dn]", []),
        ("[samAccountName]", [(Code.SR721, "[samAccountName]")]),
        ("Trim([jobTitle])", [(Code.SR720, "[jobTitle]")]),
        ('ImportedValue("proxyaddresses")', [(Code.SR721, '"proxyaddresses"')]),
        ('ImportedValue("proxyAdresses")', [(Code.SR720, '"proxyAdresses"')]),
        ('ValueCount("members")', [(Code.SR720, '"members"'), (Code.SR719, "ValueCount")]),
        ('Trim("jobTitle")', []),
        ("[sourceAnchor]", [(Code.SR720, "[sourceAnchor]")]),
    ],
)
def test_attributes_of_an_inbound_rule_are_the_connectors(
    expression: str, said: list[tuple[str, str]]
) -> None:
    assert said_of(expression) == said


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("[sourceAnchor]", []),
        ("[sourceanchor]", [(Code.SR721, "[sourceanchor]")]),
        ("[sAMAccountName]", [(Code.SR720, "[sAMAccountName]")]),
    ],
)
def test_attributes_of_an_outbound_rule_are_the_metaverses(
    expression: str, said: list[tuple[str, str]]
) -> None:
    assert said_of(expression, direction="Outbound") == said


def test_without_a_configuration_nothing_is_said_of_attributes() -> None:
    assert syncrules.check(export(with_flows(flow("[jobTitle]")))) == ()


# ---- What belongs to one server ------------------------------------------------------------------


def test_an_identifier_of_the_server_is_a_note() -> None:
    assert said_of(f'IIF([cn]="{AD.upper()}","x",NULL)') == [(Code.SR722, AD.upper())]
    known = microsoft_rules()[0].identifier
    assert said_of(f'IIF([cn]="{known}","x",NULL)') == [(Code.SR722, known)]


def test_a_connector_without_a_name_is_told_by_its_identifier() -> None:
    made = replace(with_flows(flow(f'IIF([cn]="{A1}","x",NULL)')), connector=A1)
    (finding,) = syncrules.check(export(made), server=server(export(made)))
    assert finding.message.startswith(f"{A1} is the connector {A1[:8]}. Another server")


def test_an_identifier_in_a_rule_of_microsofts_is_none() -> None:
    assert said_of(f'IIF([cn]="{AD}","x",NULL)', immutable_tag="Microsoft.X.001") == []


def test_an_identifier_that_is_no_other_on_another_server_is_none() -> None:
    assert said_of(f'IIF([cn]="{A1}","x","{ENTRA}")') == []
    assert said_of("IIF([cn]=%Connector.ID%,1,2)") == []


@pytest.mark.parametrize(
    ("option", "severity"),
    [
        (None, Severity.NOTE),
        ("objectGUID", Severity.WARNING),
        ("mS-DS-ConsistencyGuid", None),
    ],
)
def test_the_source_anchor_of_another_server(option: str | None, severity: Severity | None) -> None:
    settings = {"Microsoft.SynchronizationOption.AnchorAttribute": option} if option else {}
    expression = 'IIF("mS-DS-ConsistencyGuid"="mS-DS-ConsistencyGuid",[cn],[mail])'
    made = with_flows(flow(expression))
    found = syncrules.check(export(made), server=Server(settings=settings))
    assert [f.severity for f in found] == ([severity] if severity else [])
    of_microsoft = replace(made, immutable_tag="Microsoft.X.001", identifier=guid(2))
    assert syncrules.check(export(of_microsoft)) == ()
