"""Files that describe a server: rules that XML can hold, bytes without a disk, and the sample."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from support.builders import A1, guid, rule
from support.configurations import ENTRA_FILE, ConnectorFile, connector_xml, metaverse_xml, rule_xml
from support.strategies import sync_rules
from syncrules import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule
from syncrules.files import Loaded, read_inputs
from syncrules.folders import Input
from syncrules.rules.guids import ZERO_GUID

__all__ = [
    "BOMS",
    "FOREST_FILE",
    "SAMPLE",
    "custom",
    "parts_of",
    "read_bytes",
    "rule_lists_of_xml",
    "rules_of_xml",
    "with_mark",
]

SAMPLE = Path(__file__).parent.parent / "data" / "contoso-server-configuration"
"""A part of Microsoft's own sample; see its README."""

FOREST_FILE = ConnectorFile(
    A1,
    "contoso.com",
    forest="contoso.com",
    partitions=("DC=contoso,DC=com",),
    attributes=("cn", "department", "employeeID"),
)

BOMS = {
    "utf-8-sig": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}


def with_mark(text: str, encoding: str) -> bytes:
    """Return a text's bytes, with the byte order mark of UTF-16 if it is that."""
    mark = BOMS[encoding] if encoding.startswith("utf-16") else b""
    return mark + text.encode(encoding)


def read_bytes(
    files: Mapping[str, bytes], *, to_move: bool = False, accept: Collection[str] = ()
) -> Loaded:
    """Read the files of one folder, without a disk."""
    folder = Path("server")
    inputs = [Input(folder / name, folder) for name in files]
    return read_inputs(
        inputs,
        to_move=to_move,
        accept_elements=accept,
        load=lambda path: (files[path.name], ()),
    )


def parts_of(*rules: SyncRule) -> dict[str, bytes]:
    """Return the files of a whole configuration with these rules."""
    connectors = {r.connector for r in rules} - {ENTRA_FILE.identifier, A1}
    files = [FOREST_FILE, ENTRA_FILE, *(ConnectorFile(c, c) for c in sorted(connectors))]
    return {
        **{f"Connector_{f.identifier}.xml": connector_xml(f).encode() for f in files},
        **{f"Rule_{n}.xml": rule_xml(r).encode() for n, r in enumerate(rules)},
        "MV.xml": metaverse_xml(["cn"], {}).encode(),
    }


# ---- Rules that XML can hold ---------------------------------------------------------------------

_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@st.composite
def rules_of_xml(draw: st.DrawFn) -> SyncRule:
    """Draw a rule as a configuration has it: nothing left out, and in characters that XML has."""
    drawn = draw(sync_rules())
    return replace(
        drawn,
        name=_text(drawn.name) or "*",
        identifier=drawn.identifier or guid(1),
        description=_text(drawn.description or ""),
        precedence=drawn.precedence or 0,
        precedence_after=drawn.precedence_after or ZERO_GUID,
        precedence_before=drawn.precedence_before or ZERO_GUID,
        source_object_type=_word(drawn.source_object_type),
        target_object_type=_word(drawn.target_object_type),
        link_type=drawn.link_type or "Join",
        soft_delete_expiry_interval=_interval(drawn.soft_delete_expiry_interval),
        immutable_tag=_text(drawn.immutable_tag or ""),
        attribute_flow_mappings=tuple(map(_flow, drawn.attribute_flow_mappings)),
        scope_filter=tuple(tuple(map(_scope, group)) for group in drawn.scope_filter),
        join_filter=tuple(tuple(map(_join, group)) for group in drawn.join_filter),
    )


@st.composite
def rule_lists_of_xml(draw: st.DrawFn) -> tuple[SyncRule, ...]:
    """Draw custom rules of one server: unlike in identifier and precedence; some name others."""
    drawn = draw(st.lists(rules_of_xml(), min_size=1, max_size=3))
    precedences = draw(st.permutations(range(len(drawn))))
    named = draw(st.lists(st.integers(0, 2 * len(drawn)), min_size=len(drawn), max_size=len(drawn)))
    return tuple(
        replace(
            one,
            identifier=guid(number),
            precedence=precedences[number],
            precedence_before=ZERO_GUID,
            # In no circle: each names one of an earlier number, or none.
            precedence_after=guid(to) if to < number else ZERO_GUID,
            immutable_tag="",
        )
        for number, (one, to) in enumerate(zip(drawn, named, strict=True))
    )


def _text(text: str) -> str:
    return _NO_XML.sub("", text)


def _word(text: str) -> str:
    """Return what an element can hold in which blanks around mean nothing, and that is filled."""
    return _text(text).strip() or "*"


def _interval(text: str | None) -> str:
    return "0" if text in (None, "00:00:00") else str(text)


def _flow(flow: AttributeFlowMapping) -> AttributeFlowMapping:
    """There is no element for a flow's type: what it holds must tell."""
    expression = None if flow.expression is None else _text(flow.expression)
    source = tuple(_text(s) for s in flow.source or ()) or None
    flow = replace(
        flow,
        destination=_word(flow.destination),
        value_merge_type=flow.value_merge_type or "Update",
    )
    if expression and expression.strip():
        return replace(flow, flow_type="Expression", expression=expression, source=source)
    first = source[0] if source else ""
    if flow.flow_type == "Direct":
        return replace(flow, expression=None, source=(first,))
    return replace(flow, flow_type="Constant", expression=None, source=(first or "True",))


def _scope(condition: ScopeCondition) -> ScopeCondition:
    return replace(
        condition,
        attribute=_word(condition.attribute),
        comparison_value=_text(condition.comparison_value),
    )


def _join(condition: JoinCondition) -> JoinCondition:
    return replace(
        condition,
        cs_attribute=_word(condition.cs_attribute),
        mv_attribute=_word(condition.mv_attribute),
    )


def custom(name: str, number: int, precedence: int, after: int | None = None) -> SyncRule:
    """Return a custom rule, behind another one if so said."""
    return replace(
        rule(name, number),
        precedence=precedence,
        precedence_after=ZERO_GUID if after is None else guid(after),
    )
