"""A report as a parser reads it, and the plans that reports are made from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import syncrules
from support.builders import A1, A2, B1, B2, ENTRA, export, out_of_box, rule
from syncrules import AttributeFlowMapping, Comparison, JoinCondition, ScopeCondition, SyncRule
from syncrules.kit.assembling import kit_of
from syncrules.kit.report import REPORT
from syncrules.migration.plan import Plan
from syncrules.pages.parts import Made
from syncrules.servers.from_rules import server_of_rules
from syncrules.servers.merging import merge
from syncrules.servers.model import AD, Connector, Evidence, EvidenceKind, Facet, Server
from syncrules.servers.model import ENTRA as ENTRA_KIND

__all__ = [
    "HOSTILE",
    "MADE",
    "Page",
    "big_plan",
    "hostile_comparison",
    "hostile_rule",
    "page_of",
    "parsed",
    "report_bytes",
    "sample_comparison",
    "sample_plan",
    "whole_server",
]

SAMPLES = Path(__file__).parents[2] / "samples"

_VOID = {"meta", "br", "wbr", "input"}
_EMPTY = {"rect", "path"}

HOSTILE = (
    "<script>alert(1)</script>",
    "\"'><img src=http://evil.example/x onerror=alert(1)>",
    "</title></style></svg></pre><!-- ",
    "x" * 300,
    "In from AD \u202eresU - DA morf nI\u2066",
    "المستخدم קבוצה user",
    "字" * 120,
    "{{ 7 * 7 }} {% raw %} ]]>",
    "line\nbreak\tand\x00NUL\x1b[31m",
    "&lt;b&gt; &amp; é – Zürich",
    "javascript:alert(1)",
)
"""Names that would do harm in a page that does not expect them."""


@dataclass
class Page(HTMLParser):
    """What a page holds. `texts` are the texts inside each element that ended, by its name."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    whole: str = ""
    unclosed: list[tuple[str, list[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice: {attrs}"
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.unclosed.append((tag, []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _EMPTY
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        opened, parts = self.unclosed.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"
        self.texts.append((tag, "".join(parts)))

    def handle_data(self, data: str) -> None:
        self.whole += data
        for _, parts in self.unclosed:
            parts.append(data)

    def of(self, tag: str) -> list[str]:
        """Return the texts of all elements of a name."""
        return [text for name, text in self.texts if name == tag]

    def values(self, attribute: str) -> list[str]:
        """Return all values of an attribute, wherever it stands."""
        return [a[attribute] or "" for _, a in self.tags if attribute in a]


MADE = Made("2026-11-28 21:17:05 UTC", "syncrules kit 'a b' --staging \"<b>\" --out kit")
"""When and how a report was made."""


def report_bytes(plan: Plan) -> bytes:
    """Return the report of a plan's kit."""
    kit, found = kit_of(plan, MADE)
    assert kit is not None, found
    return kit.files[REPORT]


def parsed(data: bytes) -> Page:
    """Return a page, each of whose elements is closed."""
    page = Page()
    page.feed(data.decode())
    page.close()
    assert not page.unclosed
    return page


def page_of(plan: Plan) -> Page:
    """Return the report of a plan, parsed."""
    return parsed(report_bytes(plan))


# ---- Plans ---------------------------------------------------------------------------------------


def whole_server(name: str, connectors: dict[str, str], rules: tuple[SyncRule, ...]) -> Server:
    """Return a server that one source shows all of; `connectors` are names by identifier."""
    evidence = Evidence(
        name, EvidenceKind.CONFIGURATION, (Facet.CONNECTORS, Facet.RULES, Facet.SCHEMA)
    )
    known = tuple(Connector(c, AD, n, n, (f"DC={n}",)) for c, n in connectors.items())
    entra = Connector(ENTRA, ENTRA_KIND, "contoso.onmicrosoft.example - AAD")
    shown = replace(server_of_rules(evidence, rules), evidence=())
    whole = merge((Server(connectors=(*known, entra)), shown))
    return replace(whole, evidence=(evidence,))


def hostile_rule(number: int) -> SyncRule:
    """Return a rule whose texts would do harm in a page; another number gives another rule."""
    text = HOSTILE[number % len(HOSTILE)]
    flows = tuple(
        AttributeFlowMapping(
            (text,) if kind != "Expression" else ("mail", "cn"),
            text if at == 5 else f"extensionAttribute{at}",
            kind,
            ("Update", "Merge", None)[at % 3],
            at % 2 == 0,
            f'IIF(\r\n  IsPresent([mail]),\n"{text}", "{"long " * 40}")'
            if kind == "Expression"
            else None,
        )
        for at in range(number % 9)
        for kind in (("Direct", "Constant", "Expression")[at % 3],)
    )
    return replace(
        rule(f"{number} {text}", 10 + number, (A1, A2)[number % 2]),
        precedence=number + 1,
        description=f"{text}\r\nsecond line",
        disabled=number % 7 == 3,
        attribute_flow_mappings=flows,
        scope_filter=tuple(
            tuple(ScopeCondition(f"a{g}", text if c else "", "EQUAL") for c in range(1 + g))
            for g in range(number % 4)
        ),
        join_filter=tuple(
            tuple(JoinCondition(f"cs{g}", text, bool(c)) for c in range(1 + g % 2))
            for g in range(number % 3)
        ),
    )


@cache
def big_plan(count: int = 60, there: int = 110) -> Plan:
    """Return a plan of many rules with hostile names; one stands before an original of many."""
    out_of_box_there = tuple(
        replace(out_of_box(f"In from AD - Thing {n:03}", 1000 + n, B1), precedence=100 + n)
        for n in range(there)
    )
    custom_there = tuple(
        replace(rule(f"Staging's own {text}", 2000 + n, B1), precedence=90 + n)
        for n, text in enumerate(HOSTILE[:3])
    )
    original = replace(out_of_box("In from AD - Thing 050", 5000, A1), disabled=True)
    rules = [hostile_rule(n) for n in range(count)]
    rules[20] = replace(rules[20], precedence=0, precedence_before=original.identifier)
    names = "contoso.example", "<i>fabrikam</i>"
    return syncrules.plan(
        [export(*rules, name="<i>hostile</i>\u202e.ps1")],
        staging=whole_server(
            "staging \u202e<b>",
            dict(zip((B1, B2), names, strict=True)),
            (*out_of_box_there, *custom_there),
        ),
        active=whole_server("active", dict(zip((A1, A2), names, strict=True)), (original,)),
        partial=True,
    )


@cache
def sample_plan(name: str) -> Plan:
    """Return the plan of a sample."""
    folder = SAMPLES / name
    exports = [
        syncrules.parse(path.read_bytes(), name=f"{name}/{path.name}")
        for path in sorted((folder / "active").glob("*.ps1"))
    ]
    configuration = folder / "active-configuration"
    return syncrules.plan(
        exports,
        staging=syncrules.read_server(sorted(folder.glob("staging*"))),
        active=syncrules.read_server([configuration]) if configuration.is_dir() else None,
    )


# ---- Comparisons ---------------------------------------------------------------------------------


@cache
def sample_comparison(name: str, a: str, b: str) -> Comparison:
    """Return the comparison of two folders of a sample."""
    folder = SAMPLES / name
    return syncrules.compare(*(syncrules.read_server(folder / side) for side in (a, b)))


@cache
def hostile_comparison(count: int = 40) -> Comparison:
    """Return the comparison of two servers of many rules with hostile names; a third differ."""
    rules = [hostile_rule(n) for n in range(count)]
    changed = [
        replace(
            one,
            connector=B1 if one.connector == A1 else B2,
            description=f"<b>{n}",
            disabled=n % 5 == 0,
            attribute_flow_mappings=one.attribute_flow_mappings[n % 3 :],
            precedence=count - n if n % 4 else one.precedence,
        )
        for n, one in enumerate(rules)
        if n % 9
    ]
    names = "contoso.example", "<i>fabrikam</i>"
    return syncrules.compare(
        whole_server("a \u202e<b>", dict(zip((A1, A2), names, strict=True)), tuple(rules)),
        whole_server("b", dict(zip((B1, B2), names, strict=True)), tuple(changed)),
    )
