"""The change list says everything, asks for nothing, and no name in it does harm."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given

import syncrules
from support.builders import A1, B1, B2, STAGING, export, guid, out_of_box, rule, run_apart, server
from support.pages import (
    HOSTILE,
    MADE,
    SAMPLES,
    Page,
    big_plan,
    page_of,
    parsed,
    report_bytes,
    sample_plan,
    whole_server,
)
from support.strategies import sync_rules
from syncrules import SyncRule
from syncrules.diagnostics import Excerpt, Group, Option, Place, Span, Spot, printable
from syncrules.kit.assembling import make_kit
from syncrules.kit.deletions import Cause, deletions
from syncrules.kit.hints import for_kit
from syncrules.kit.manifest import MANIFEST
from syncrules.kit.precedence_drawing import Row, drawn
from syncrules.kit.report import REPORT, report_of
from syncrules.migration.plan import Plan
from syncrules.migration.verdict import kit_verdict, verdict
from syncrules.pages.parts import UNTOLD, Made
from syncrules.rules.guids import ZERO_GUID
from syncrules.servers.model import Fact, Server, ServerFact

PLANS: dict[str, Callable[[], Plan]] = {
    "swing": lambda: sample_plan("swing"),
    "forests": lambda: sample_plan("forests"),
    "hostile": big_plan,
    "nothing known of staging": lambda: nothing_known(),
    "some left behind, some there": lambda: half_done(),
}


def half_done() -> Plan:
    """Return a plan whose rules are there already, left behind by name, or move."""
    one, two, three, four = (rule(f"In from AD - {n}", n) for n in (1, 2, 3, 4))
    there = replace(one, connector=B1)
    return syncrules.plan(
        [export(one, two, three)],
        active=server(export(four, name="active.ps1")),
        staging=server(export(there, out_of_box(connector=B1), name="staging.ps1")),
        mapping={A1: B1},
        leave=(two.name, four.name),
    )


def nothing_known() -> Plan:
    """Return a plan without a rule of the staging server."""
    return syncrules.plan([export(rule())], staging=Server(), mapping={A1: B1})


@pytest.fixture(scope="module", params=PLANS)
def plan(request: pytest.FixtureRequest) -> Plan:
    return PLANS[request.param]()


@pytest.fixture(scope="module")
def data(plan: Plan) -> bytes:
    return report_bytes(plan)


@pytest.fixture(scope="module")
def page(data: bytes) -> Page:
    return parsed(data)


# ---- What it says --------------------------------------------------------------------------------


def test_everything_that_the_plan_says_is_in_it(plan: Plan, page: Page) -> None:
    said = {*page.of("bdi"), *page.of("code"), *page.of("p"), *page.of("li"), *page.of("b")}

    for moved in plan.rules:
        assert printable(moved.after.name) in said
        assert moved.after.identifier in said
    for pair in plan.pairs:
        assert {pair.active, pair.staging, pair.basis.value} <= said
    for edit in plan.edits:
        assert {printable(edit.old), printable(edit.new)} <= said
        assert f"{printable(edit.file)}:{edit.line}:{edit.column}" in page.of("th")
    for original in plan.disabled:
        assert {printable(original.staging.name), original.staging.identifier} <= said
    for left in plan.left_out:
        assert printable(left.rule.name) in said
        place = f"{printable(left.file)}:{left.line}" if left.line else printable(left.file)
        assert place in page.of("td")
        assert any(left.reason in caption for caption in page.of("caption"))
    for text in plan.not_checked:
        assert printable(text) in said
    for finding in for_kit(plan.diagnostics):
        assert {finding.code, printable(finding.message)} <= said
        assert f"What to do: {printable(finding.hint)}" in said
    for evidence in (*plan.active.evidence, *plan.staging.evidence):
        assert printable(evidence.path) in said


def test_a_finding_has_its_places_file_by_file() -> None:
    spots = [Spot(Span(0, 1), line, 1, Excerpt("", 1, False)) for line in range(1, 16)]
    places = (Place("b.ps1", spots[0]), Place("a.xml"), *(Place("c.ps1", s) for s in spots))
    found = replace(sample_plan("forests").diagnostics[0], places=places)
    page = page_of(replace(planned(rule()), diagnostics=(found,)))

    (told,) = (" ".join(t.split()) for t in page.of("li") if "What to do" in t)
    numbers = ", ".join(map(str, range(1, 13)))
    assert f"a.xml; b.ps1, line 1; c.ps1, lines {numbers} and 3 more" in told


def test_what_a_finding_lists_is_in_it_row_by_row_and_cell_by_cell() -> None:
    rows = (("a <b>", "1"), ("c", "2"))
    found = replace(sample_plan("forests").diagnostics[0], rows=rows)
    listed = page_of(replace(planned(rule()), diagnostics=(found,)))
    table = page_of(replace(planned(rule()), diagnostics=(replace(found, columns=("x", "y")),)))

    assert {"a <b>: 1", "c: 2"} <= {*listed.of("li")}
    assert {"a <b>", "1", "c", "2"} <= {*table.of("td")}
    assert {"x", "y"} <= {*table.of("th")}


def test_every_rule_is_there_whole(plan: Plan, page: Page) -> None:
    articles = page.of("article")

    assert len(articles) == len(plan.rules)
    for article, moved in zip(articles, plan.rules, strict=True):
        becomes = moved.after
        for text in _texts(becomes):
            for line in re.split(r"\r\n|\r|\n", text):
                assert printable(line) in article
        for flow in becomes.attribute_flow_mappings:
            assert f"→ {printable(flow.destination)}\n" in article


def _texts(rule: SyncRule) -> Iterator[str]:
    yield from (rule.name, rule.direction, rule.source_object_type, rule.target_object_type)
    yield from (rule.connector, rule.description or "", rule.link_type or "")
    for flow in rule.attribute_flow_mappings:
        yield from (flow.destination, flow.flow_type, *(flow.source or ()), flow.expression or "")
    for scope in (c for group in rule.scope_filter for c in group):
        yield from (scope.attribute, scope.comparison_operator, scope.comparison_value)
    for join in (c for group in rule.join_filter for c in group):
        yield from (join.cs_attribute, join.mv_attribute)


def test_findings_come_first_and_the_gravest_before_the_others() -> None:
    page = page_of(sample_plan("forests"))
    headings = page.of("h2")
    marks = [t for t in page.of("span") if t in ("Error", "Warning", "Note")]

    assert headings[0] == "Warnings and notes"
    assert headings[-1] == "Signatures"
    assert marks == ["Warning"] * (len(marks) - 2) + ["Note"] * 2


def test_an_expression_keeps_its_lines_the_empty_first_one_too() -> None:
    expression = "\r\nIIF(\r  [a] = 1,\n\n  \t2)\n"
    data = report_bytes(planned(with_flow(rule(), expression=expression)))
    page = parsed(data)

    assert page.of("code").count(text := "\nIIF(\n  [a] = 1,\n\n  \\x092)\n") == 1
    # A parser drops a newline that comes directly behind <pre>.
    assert b"<pre><code>\n" in data
    assert text in page.of("pre")


def test_scope_groups_stand_with_or_between_and_and_inside() -> None:
    conditions = [syncrules.ScopeCondition(a, "v", "EQUAL") for a in ("a1", "a2", "b1")]
    scoped = replace(rule(), scope_filter=((conditions[0], conditions[1]), (conditions[2],)))
    text = re.sub(r"\s+", " ", page_of(planned(scoped)).of("article")[0])

    assert "a1 EQUAL v AND a2 EQUAL v OR b1 EQUAL v" in text


def test_join_groups_stand_in_their_order() -> None:
    joins = [(syncrules.JoinCondition(name, name, False),) for name in ("zz", "aa", "mm")]
    text = re.sub(r"\s+", " ", page_of(planned(replace(rule(), join_filter=tuple(joins)))).whole)

    parts = [text.index(f"Group {n} of 3 {name} = {name}") for n, name in ((1, "zz"), (2, "aa"))]
    assert parts == sorted(parts)
    assert text.count("if that finds nothing") == 2


def planned(*rules: SyncRule) -> Plan:
    return syncrules.plan([export(*rules)], staging=STAGING)


def with_flow(rule: SyncRule, **changes: object) -> SyncRule:
    flow = syncrules.AttributeFlowMapping((), "cn", "Expression", "Update", False, "")
    return replace(rule, attribute_flow_mappings=(replace(flow, **changes),))  # type: ignore[arg-type]


# ---- Who, when, and which kit --------------------------------------------------------------------


def test_it_leads_with_the_verdict(plan: Plan, page: Page) -> None:
    verdict_line = " · ".join(kit_verdict(plan, plan.diagnostics, len(make_kit(plan).files)))
    paragraphs = page.of("p")

    assert paragraphs[1] == verdict_line
    assert page.whole.index(verdict_line) < page.whole.index("Warnings and notes")


def test_it_says_when_and_how_it_was_made_and_for_which_kit(plan: Plan, page: Page) -> None:
    kit = make_kit(plan)

    assert f"{MADE.at}by syncrules {syncrules.__version__}" in page.of("dd")
    assert MADE.command in page.of("code")
    assert kit.code in page.of("code")
    assert hashlib.sha256(kit.files[MANIFEST]).hexdigest() in page.of("code")


def test_it_names_both_servers_and_their_tenant() -> None:
    page = page_of(sample_plan("forests"))

    assert page.of("dd")[:3] == ["CONTOSO-SYNC01", "CONTOSO-SYNC02", "contoso.onmicrosoft.com"]
    assert "2.4.129.0" in page.of("dd")


def test_what_no_file_says_of_a_server_is_said_to_be_unknown() -> None:
    assert page_of(sample_plan("swing")).of("dd")[:3] == [
        *("name not known", "name not known", "not known")
    ]


def test_connectors_that_no_file_names_are_told_apart_in_the_ladder() -> None:
    plan = sample_plan("forests")
    nameless = tuple(replace(c, name=None, forest=None) for c in plan.staging.connectors)
    ladder = drawn(replace(plan, staging=replace(plan.staging, connectors=nameless))).table
    told = {one.rung.connector: one.connector for one in ladder}
    assert len(set(told.values())) == len(told) > 2


def test_two_tenants_are_marked() -> None:
    plan = sample_plan("forests")
    other = ServerFact(Fact.TENANT, "fabrikam.onmicrosoft.com", "x.xml")
    page = page_of(replace(plan, staging=replace(plan.staging, facts=(other,))))

    assert "contoso.onmicrosoft.com, fabrikam.onmicrosoft.com not the same" in [
        re.sub(r"\s+", " ", text).strip() for text in page.of("dd")
    ]


def test_every_warning_can_be_ticked_and_initialled_and_no_note(plan: Plan, page: Page) -> None:
    warnings = [d for d in plan.diagnostics if d.severity == "warning"]
    inputs = [a for tag, a in page.tags if tag == "input" and a.get("class") != "unfold"]

    assert [a["type"] for a in inputs] == ["checkbox", "checkbox", "text", "text"] * len(warnings)
    groups = [a["aria-label"] for _, a in page.tags if a.get("role") == "group"]
    assert sorted(str(g) for g in groups) == sorted(f"Decision on {d.code}" for d in warnings)


def test_a_hint_with_an_option_says_that_a_kit_is_made_again() -> None:
    found = replace(
        sample_plan("forests").diagnostics[1], hint="Add --x y.", options=(Option("--x", "y"),)
    )
    (told,) = for_kit([found])

    assert told.hint == "Add --x y. Make the kit again with such an option."
    assert for_kit([replace(found, options=())]) == (replace(found, options=()),)


def test_hints_can_be_followed_with_a_kit_and_with_the_files_alone() -> None:
    plan = sample_plan("forests")
    (kit,) = (t for t in page_of(plan).of("li") if "SR450" in t)
    (alone,) = (t for t in parsed(report_of(plan, UNTOLD)).of("li") if "SR450" in t)

    assert "disable-out-of-box.ps1" not in kit
    assert "2-apply.ps1 disables it first" in kit
    assert "Run disable-out-of-box.ps1" in alone


# ---- Without a kit -------------------------------------------------------------------------------


def test_a_report_of_the_files_alone_speaks_of_no_kit(plan: Plan) -> None:
    page = parsed(report_of(plan, MADE))

    assert page.of("p")[1] == " · ".join(verdict(plan))
    for word in ("1-check.ps1", "README.txt", "manifest.json", "this kit", "of kit "):
        assert word not in page.whole.replace("the 2-apply.ps1 of a kit", "")
    for file in plan.files:
        assert printable(file.name) in page.of("th")
        assert hashlib.sha256(file.data).hexdigest() in page.of("code")
    for step in plan.to_do:
        assert printable(step.text) in page.of("li")


# ---- Connectors, differences, deletions ----------------------------------------------------------


def test_every_table_of_rules_has_their_connectors(page: Page) -> None:
    heads = [h for h in page.of("thead") if "Rule" in h or "rule" in h]

    assert heads
    assert all("onnector" in head for head in heads), heads


def test_a_connector_that_shares_its_name_is_told_by_a_part_of_its_identifier() -> None:
    staging = whole_server("staging", {B1: "twin", B2: "twin"}, ())
    plan = syncrules.plan([export(rule())], staging=staging, mapping={A1: B1})

    assert {f"twin ({B1})", f"twin ({B2})"} & {*page_of(plan).of("td")} == {f"twin ({B1})"}


def test_what_differs_in_out_of_box_rules_stands_side_by_side() -> None:
    plan = sample_plan("forests")
    page = page_of(plan)

    assert len(plan.changed) == 2
    for changed in plan.changed:
        for one in changed.contrasts:
            assert printable(one.what) in page.of("th")
            assert {printable(one.active), printable(one.staging)} <= {*page.of("code")}


FLOW = syncrules.AttributeFlowMapping(("x",), "CloudFiltered", "Direct", "Update", False, None)
BARE = replace(rule(), attribute_flow_mappings=())


@pytest.mark.parametrize(
    ("changes", "causes"),
    [
        ({}, []),
        ({"attribute_flow_mappings": (FLOW,)}, [Cause.FILTERED]),
        ({"link_type": "Provision"}, [Cause.PROVISION]),
        ({"link_type": "StickyJoin"}, [Cause.PROVISION]),
        ({"link_type": "JoinNoFlow"}, []),
        ({"scope_filter": ((syncrules.ScopeCondition("a", "b", "EQUAL"),),)}, [Cause.SCOPE]),
        ({"attribute_flow_mappings": (FLOW,), "link_type": "Provision", "disabled": True}, []),
        (
            {"attribute_flow_mappings": (FLOW,), "link_type": "Provision"},
            [Cause.FILTERED, Cause.PROVISION],
        ),
    ],
)
def test_what_could_lead_to_deletions_is_told_and_only_that(
    changes: dict[str, Any], causes: list[Cause]
) -> None:
    plan = planned(replace(BARE, **changes))
    told = [cause for one in deletions(plan.rules) for cause, _ in one.causes]
    page = page_of(plan)

    assert told == causes
    for cause in Cause:
        assert (str(cause) in page.whole) is (cause in causes)


def test_why_a_precedence_becomes_another_is_told() -> None:
    told = [d for d in page_of(sample_plan("forests")).of("dd") if "makes room" in d]

    assert len(told) == 5
    assert all("(the server makes room for 'In from AD - User Contractors')" in d for d in told)
    assert told[0].startswith("30 → 31 ")


def test_a_rule_with_a_scope_filter_alone_is_named_outside_the_table() -> None:
    page = page_of(sample_plan("forests"))
    (table,) = (t for t in page.of("table") if "What could lead to deletions" in t)
    (rest,) = (p for p in page.of("p") if "a scope filter and none of the rest" in p)

    assert "In from AD - User Temporary staff" in table
    assert "In from AD - User Badge" not in table
    assert "7. In from AD - User Badge (FABRIKAM.COM)" in rest
    assert rest.startswith("Besides, 8 rules have")


def test_what_leads_to_deletions_most_directly_comes_first() -> None:
    scoped = replace(BARE, scope_filter=((syncrules.ScopeCondition("a", "b", "EQUAL"),),))
    rules = (
        replace(scoped, name="scoped"),
        replace(BARE, name="provisions", identifier=guid(2), precedence=60, link_type="Provision"),
        replace(
            BARE,
            name="filters",
            identifier=guid(3),
            precedence=61,
            attribute_flow_mappings=(FLOW,),
        ),
    )
    found = [(one.number, one.rule.name) for one in deletions(planned(*rules).rules)]

    assert found == [(3, "filters"), (2, "provisions"), (1, "scoped")]


def test_deletions_are_never_said_to_happen() -> None:
    assert all("could" in cause for cause in Cause)


# ---- Harmless ------------------------------------------------------------------------------------


def test_it_asks_for_nothing(page: Page) -> None:
    anchors = set(page.values("id"))

    for tag, attributes in page.tags:
        assert tag not in (
            "script",
            "link",
            "img",
            "iframe",
            "object",
            "embed",
            "base",
            "form",
            "a:",
        )
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name not in ("src", "srcset", "style", "action", "xlink:href", "poster", "data")
            assert "//" not in (value or ""), f"{name}={value}"
            if name == "href":
                assert (value or "")[0] == "#"
                assert (value or "")[1:] in anchors
    (style,) = page.of("style")
    assert not re.search(r"url\(|@import|image-set|\\", style)


def test_its_policy_forbids_all_but_its_own_style(page: Page) -> None:
    (style,) = page.of("style")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = (a["content"] for _, a in page.tags if a.get("http-equiv"))

    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    first = [tag for tag, _ in page.tags][:4]
    assert first == ["html", "head", "meta", "meta"]  # nothing comes before it but the charset


@given(sync_rules())
def test_no_text_becomes_markup(drawn: SyncRule) -> None:
    there = replace(
        drawn,
        identifier=rule().identifier,
        connector=A1,
        precedence=50,
        precedence_before=ZERO_GUID,
        precedence_after=None,
        immutable_tag=None,
    )
    page, plain = (page_of(_without_content(planned(r))) for r in (there, _plain(there)))

    assert page.tags == plain.tags
    assert hidden(page.whole) == []


def _without_content(plan: Plan) -> Plan:
    """Return a plan without findings of what rules say: those of other texts are others."""
    said = tuple(d for d in plan.diagnostics if d.code.group is not Group.CONTENT)
    return replace(plan, diagnostics=said)


def test_what_rules_say_does_not_become_markup_in_a_finding() -> None:
    page, plain = (
        page_of(planned(with_flow(rule(name), expression="Tirm([cn])", destination=name)))
        for name in ("<b>&amp;<i", "b amp i")
    )
    assert page.tags == plain.tags
    assert "the flow to '<b>&amp;<i' of '<b>&amp;<i'" in page.whole


def _plain(rule: SyncRule) -> SyncRule:
    """Return a rule of the same shape, each of whose texts is of letters and line ends only."""

    def plain(text: str) -> str:
        # What is no ASCII may have the file get a byte order mark, which is an edit.
        return re.sub(r"[^\x00-\x7f]", "é", re.sub(r"[^\r\n\x80-\U0010ffff]", "w", text))

    return replace(
        rule,
        name=plain(rule.name),
        description=None if rule.description is None else plain(rule.description),
        source_object_type=plain(rule.source_object_type),
        target_object_type=plain(rule.target_object_type),
        attribute_flow_mappings=tuple(
            replace(
                flow,
                source=None if flow.source is None else tuple(map(plain, flow.source)),
                destination=plain(flow.destination),
                # Whether it is blank decides of a warning.
                expression=flow.expression and (plain(flow.expression.strip()) or flow.expression),
            )
            for flow in rule.attribute_flow_mappings
        ),
        scope_filter=tuple(
            tuple(
                replace(c, attribute=plain(c.attribute), comparison_value=plain(c.comparison_value))
                for c in group
            )
            for group in rule.scope_filter
        ),
        join_filter=tuple(
            tuple(
                replace(c, cs_attribute=plain(c.cs_attribute), mv_attribute=plain(c.mv_attribute))
                for c in group
            )
            for group in rule.join_filter
        ),
    )


def test_a_command_line_becomes_no_markup() -> None:
    for hostile in HOSTILE:
        page = parsed(report_of(planned(rule()), Made(hostile, f"syncrules kit --out {hostile}")))
        assert printable(f"syncrules kit --out {hostile}") in page.of("code")
        assert page.of("script") == []


def test_hidden_characters_are_shown(data: bytes) -> None:
    assert hidden(data.decode()) == []
    assert data.startswith(b"<!DOCTYPE html>\n")


def hidden(text: str) -> list[str]:
    """Return the lines that hold a character that cannot be seen, or turns what can."""
    return [line for line in text.split("\n") if printable(line) != line]


# ---- The same for the same -----------------------------------------------------------------------


def test_the_same_plan_gives_the_same_bytes(plan: Plan, data: bytes) -> None:
    assert report_bytes(plan) == data


def test_no_order_is_left_to_chance(tmp_path_factory: pytest.TempPathFactory) -> None:
    def made(seed: str) -> dict[str, bytes]:
        out = tmp_path_factory.mktemp("kit") / "out"
        forests = SAMPLES / "forests"
        there = "--active", forests / "active-configuration", "--staging"
        given = forests / "active", *there, forests / "staging-configuration"
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
        environment["SOURCE_DATE_EPOCH"] = "1767225600"
        done = run_apart("kit", *given, "--out", out, environment=environment)
        assert done.code == 0, done.stderr
        files = {path.name: path.read_bytes() for path in out.glob("*.*")}
        assert b"2026-01-01 00:00:00 UTC" in files[REPORT]
        return files | {REPORT: files[REPORT].replace(str(out).encode(), b"out")}

    first = made("1")
    assert first == made("2")


def test_what_is_made_at_another_time_differs_in_the_report_alone(plan: Plan) -> None:
    one, other = (make_kit(plan, made_at=at, command="a b") for at in ("today", "tomorrow"))

    assert one.code == other.code
    assert {name for name in one.files if one.files[name] != other.files[name]} == {REPORT}


# ---- Readable for all ----------------------------------------------------------------------------


def test_it_is_well_built(page: Page) -> None:
    names = [tag for tag, _ in page.tags]
    levels = [int(name[1]) for name in names if re.fullmatch("h[1-6]", name)]
    ids = page.values("id")

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert len(set(ids)) == len(ids)
    assert {i for v in page.values("aria-labelledby") for i in v.split()} <= set(ids)
    assert all(a.get("scope") in ("col", "row") for tag, a in page.tags if tag == "th")
    assert {"header", "nav", "main", "footer"} <= set(names)
    assert page.tags[0] == ("html", {"lang": "en"})
    outer = [a for tag, a in page.tags if tag == "svg" and "viewBox" in a]
    assert all(a["role"] == "img" for a in outer)
    assert len(outer) == sum(1 for a in outer if a["aria-labelledby"])


def test_only_a_screen_folds_the_table_of_precedences() -> None:
    (style,) = page_of(planned(rule())).of("style")
    folding = re.findall(r"[^{}]*\{?[^{}]*\.folded-on-screen[^{}]*\{[^}]*\}", style)

    assert len(folding) == 1
    assert folding[0].strip().startswith("@media screen {")
    assert "details" not in {tag for tag, _ in page_of(planned(rule())).tags}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_are_far_enough_apart(scheme: str) -> None:
    (style,) = page_of(planned(rule())).of("style")
    light, dark = re.findall(r":root \{([^}]*)\}", style)[:2]
    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", light if scheme == "light" else dark))

    assert len(colours) == 7
    for ink in ("ink", "quiet", "accent"):
        for ground in ("ground", "raised", "tint"):
            assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


def _contrast(one: str, other: str) -> float:
    """Return the ratio of WCAG 2.2."""
    lights = sorted((_light(one), _light(other)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


def _light(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


# ---- The ladder ----------------------------------------------------------------------------------


def rows_of(plan: Plan) -> list[Row]:
    return [row for picture in drawn(plan).pictures for row in picture]


def ladder_plan(count: int) -> Plan:
    there = tuple(
        replace(out_of_box(f"In from AD - Thing {n}", 900 + n, B1), precedence=100 + n)
        for n in range(count)
    )
    staging = whole_server("staging", {B1: "contoso.example"}, there)
    return syncrules.plan([export(rule())], staging=staging, mapping={A1: B1})


def test_a_long_run_of_out_of_box_rules_is_one_rung() -> None:
    moved, run = rows_of(ladder_plan(58))

    assert (moved.kind, moved.before) == ("moved", None)
    assert moved.after is not None
    assert moved.after.number == "50"
    assert run.kind == "folded"
    assert run.before == run.after
    assert run.before is not None
    assert run.before.uncut == "58 out-of-box rules, 100 to 157"


def test_a_short_run_is_not() -> None:
    assert [row.kind for row in rows_of(ladder_plan(3))] == ["moved"] + ["out-of-box"] * 3


def test_numbers_that_grow_are_told() -> None:
    there = out_of_box("In from AD - Thing 7", 7, A1)
    placed = replace(rule(), precedence=0, precedence_before=there.identifier)
    found = syncrules.plan(
        [export(placed)],
        staging=ladder_plan(20).staging,
        active=server(export(there)),
        mapping={A1: B1},
    )
    rows = rows_of(found)

    assert [(r.kind, r.shift) for r in rows] == [
        ("folded", 0),
        ("moved", 0),
        ("anchor", 1),
        ("folded", 1),
    ]
    assert [r.after.uncut for r in (rows[0], rows[3]) if r.after] == [
        "7 out-of-box rules, 100 to 106",
        "12 out-of-box rules, 109 to 120",
    ]
    assert "referred to, +1" in page_of(found).of("text")


def test_every_rule_is_in_the_drawing_and_in_its_table(plan: Plan) -> None:
    rows = rows_of(plan)
    folded = (int(r.after.uncut.split()[0]) - 1 for r in rows if r.kind == "folded" and r.after)
    table = drawn(plan).table

    assert len(rows) + sum(folded) == len(plan.ladder) == len(table)
    assert [one.rung for one in table] == list(plan.ladder)
    assert sum(1 for row in rows if row.kind == "moved") == len(plan.rules)
    assert sum(1 for row in rows if row.kind == "disabled") == len(plan.disabled)


def test_a_text_that_is_cut_is_whole_in_a_title() -> None:
    page = page_of(big_plan())
    titles = page.of("title")

    cut = [t for t in page.of("text") if t.endswith("…")]
    assert cut
    for text in cut:
        assert any(title.startswith(text[:-1]) for title in titles)
    assert max(map(len, page.of("text"))) < 120


def test_two_hundred_rules_stay_a_drawing_of_rows() -> None:
    page = page_of(big_plan(60, 200))
    heights = [float((a["viewbox"] or "").split()[3]) for _, a in page.tags if "viewbox" in a]

    assert len(heights) > 1
    assert max(heights) <= 17 * 30


def test_nothing_known_of_staging_is_said() -> None:
    page = page_of(nothing_known())

    assert "The files given show no rule of the staging server" in page.whole
    assert [row.kind for row in rows_of(nothing_known())] == ["moved"]


def test_the_hostile_names_were_there() -> None:
    page = page_of(big_plan())

    assert all(printable(name) in page.whole for name in HOSTILE)
    assert page.of("script") == []
