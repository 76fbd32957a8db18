"""The page of a comparison: the verdict first, all that differs, and nothing that could do harm."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from support.pages import HOSTILE, MADE, Page, hostile_comparison, parsed, sample_comparison
from syncrules import Comparison
from syncrules.comparison.accepting import Accepted, accepting, key_of
from syncrules.diagnostics import printable
from syncrules.pages.comparison_page import comparison_html, comparison_page
from syncrules.pages.parts import UNTOLD

COMPARISONS: dict[str, Callable[[], Comparison]] = {
    "forests": lambda: sample_comparison(
        "forests", "active-configuration", "staging-configuration"
    ),
    "upgrade": lambda: sample_comparison("upgrade", "before", "after"),
    "hostile": hostile_comparison,
    "nothing": lambda: sample_comparison("upgrade", "before", "before"),
}
every = pytest.mark.parametrize("name", COMPARISONS)


def page_of(found: Comparison, **told: object) -> Page:
    return parsed(comparison_html(found, **told).encode())  # type: ignore[arg-type]


def articles(html: str) -> list[str]:
    """Return the classes of the differences in their order."""
    return re.findall(r'<article class="rule difference ([a-z-]+)">', html)


@every
def test_all_differences_are_in_it_each_with_its_class(name: str) -> None:
    found = COMPARISONS[name]()
    html = comparison_html(found)
    shown, titles = articles(html), parsed(html.encode()).of("h3")

    assert sorted(shown) == sorted(d.kind for d in (*found.differences, *found.notes))
    names = {printable(d.subject.name) for d in found.differences}
    assert all(any(n in title for title in titles) for n in names)


def test_the_verdict_comes_first() -> None:
    page = page_of(COMPARISONS["forests"]())

    assert page.of("h1") == ["Different"]
    verdict = "11 rules only on A · 3 rules changed · 1 change of order · 1 option"
    assert page.whole.index(verdict) < page.whole.index("Fabrikam")
    assert page.of("h2")[:5] == [
        *("Order (1)", "Only on A (11)", "Rules that differ (3)", "Options (1)", "Expected (1)")
    ]
    assert "99 differences that mean nothing were ignored" in page.whole
    assert any("run profiles: no file of either server" in text for text in page.of("li"))


def test_where_nothing_differs_it_says_so() -> None:
    page = page_of(COMPARISONS["nothing"]())

    assert page.of("h1") == ["No difference was found"]
    assert "not everything could be compared" in page.of("p")
    assert page.of("legend") == []


def test_tokens_that_differ_are_marked() -> None:
    assert page_of(COMPARISONS["forests"]()).of("mark") == [
        *('"Fabrikam - " &', "disabled", "enabled"),
        *("True", "False", "False", "True"),  # the options
        *["not"] * 3,  # notes: in the schema, or not
    ]


def test_a_rule_of_one_server_is_shown_whole() -> None:
    (only,) = (d for d in COMPARISONS["upgrade"]().differences if d.kind == "only-b")
    alone = replace(COMPARISONS["upgrade"](), differences=(only,), notes=())
    page = page_of(alone)
    rule = only.rules[1]
    assert rule is not None
    assert rule.sync_rule is not None

    destinations = {f.destination for f in rule.sync_rule.attribute_flow_mappings}
    assert destinations <= {*page.of("th")}
    assert "cloudMastered is 'False'" in page.of("code")
    assert page.of("summary")[0] == "What the rule does"


def test_the_rest_of_a_changed_rule_does_not_repeat_what_differs() -> None:
    (changed,) = (d for d in COMPARISONS["forests"]().differences if d.kind == "changed-in-place")
    page = page_of(replace(COMPARISONS["forests"](), differences=(changed,), notes=()))

    assert page.of("th").count("displayName") == 1
    assert {"scope", "joins", "link type", "mail"} <= {*page.of("th")}

    (state,) = (d for d in COMPARISONS["forests"]().differences if d.kind == "state")
    page = page_of(replace(COMPARISONS["forests"](), differences=(state,), notes=()))
    assert page.of("th").count("state") == 1


@every
def test_each_class_that_occurs_can_be_shown_alone(name: str) -> None:
    found = COMPARISONS[name]()
    html = comparison_html(found)
    kinds = {d.kind for d in found.differences}
    page = parsed(html.encode())

    offered = {i.removeprefix("show-") for i in page.values("id") if i.startswith("show-")}
    assert offered == ({"all", *kinds} if len(kinds) > 1 else set())
    labelled = {i.removeprefix("show-") for i in page.values("for")}
    assert labelled == offered
    for kind in kinds:
        assert f"#show-{kind}:checked) .difference:not(.{kind})" in html


def test_what_is_accepted_and_what_is_gone_are_told() -> None:
    found = COMPARISONS["upgrade"]()
    accepted = [Accepted(key_of(d), f"reason {n}?") for n, d in enumerate(found.differences)]
    left, gone = accepting(found, [*accepted, Accepted("state|gone", "once <b>")])
    page = parsed(comparison_page(left, UNTOLD, gone, attributes=False).encode())

    assert page.of("h1") == [f"No difference was found but {len(accepted)} that you accepted"]
    assert f"Accepted ({len(accepted)})" in page.of("h2")
    assert all(f"Reason {n}?" in page.whole for n in range(len(accepted)))
    assert "state|gone: once <b>" in page.of("li")


def test_the_attributes_are_told_where_they_are_asked_for() -> None:
    found = COMPARISONS["upgrade"]()
    assert not any("decided otherwise" in title for title in page_of(found).of("h2"))
    page = page_of(found, attributes=True)
    assert "Attributes that other rules decide (8)" in page.of("h2")
    assert "no rule" in page.of("span")


def test_when_and_how_it_was_made_is_told_where_that_is_given() -> None:
    page = page_of(COMPARISONS["upgrade"](), made_at=MADE.at, command=MADE.command)
    assert MADE.at in page.whole
    assert MADE.command in page.of("code")


@every
def test_it_has_no_script_and_asks_for_nothing(name: str) -> None:
    html = comparison_html(COMPARISONS[name](), attributes=True)
    page = parsed(html.encode())
    tags = {tag for tag, _ in page.tags}

    assert not tags & {"script", "img", "link", "iframe", "object", "base", "form", "svg"}
    assert page.values("src") == page.values("style") == []
    assert all(link.startswith("#") for link in page.values("href"))
    anchors = page.values("id")
    assert len(anchors) == len({*anchors})
    assert {link[1:] for link in page.values("href")} <= {*anchors}


@every
def test_its_policy_allows_its_own_styles_alone(name: str) -> None:
    page = page_of(COMPARISONS[name]())
    (policy,) = (c for c in page.values("content") if "default-src" in c)
    digests = [
        base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        for style in page.of("style")
    ]
    assert policy.split("; ")[:2] == [
        "default-src 'none'",
        "style-src " + " ".join(f"'sha256-{one}'" for one in digests),
    ]


def test_hostile_texts_are_shown_and_do_nothing() -> None:
    html = comparison_html(hostile_comparison(), attributes=True)
    page = parsed(html.encode())

    for text in HOSTILE:
        assert printable(text) in page.whole or printable(text[:30]) in page.whole, text
    assert not any(c in html for c in "\u202e\u2066\x00\x1b")
    assert page_of(hostile_comparison()).of("script") == []


def test_the_same_comparison_gives_the_same_page() -> None:
    pages = {comparison_html(COMPARISONS["forests"]()) for _ in range(2)}
    assert len(pages) == 1
