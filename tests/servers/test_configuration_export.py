"""The custom rules of a configuration stand for an export, as the Editor would have printed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import (
    A1,
    A2,
    B1,
    ENTRA,
    codes,
    errors,
    export,
    guid,
    out_of_box,
    rule,
    staging_with,
    text_of,
    the,
)
from support.configurations import rule_xml
from support.known_servers import complete
from support.rule_orders import Ordered, ordered_rules, shown
from support.server_files import custom, parts_of, read_bytes, rule_lists_of_xml
from syncrules import Diagnostic, Export, Severity, SyncRule
from syncrules.exports.layout import script_text
from syncrules.rules.guids import ZERO_GUID
from syncrules.servers.configuration_export import CONFIGURATION_EXPORT


def export_of(files: Mapping[str, bytes]) -> Export:
    loaded = read_bytes(files, to_move=True)
    assert errors(loaded.diagnostics) == []
    (export,) = loaded.exports
    return export


def order_of(*rules: SyncRule) -> list[str]:
    return [r.name for r in export_of(parts_of(*rules)).rules]


# ---- Properties ----------------------------------------------------------------------------------


@given(rule_lists_of_xml())
def test_the_export_holds_the_rules_of_the_xml_each_behind_the_one_that_it_names(
    rules: tuple[SyncRule, ...],
) -> None:
    export = export_of(parts_of(*rules, out_of_box()))
    assert set(export.rules) == set(rules)
    assert len(export.rules) == len(rules)
    places = {r.identifier: n for n, r in enumerate(export.rules)}
    for one in rules:
        if one.precedence_after != ZERO_GUID:
            assert places[one.precedence_after] < places[one.identifier]
    assert bytes(export).decode("utf-8-sig") == script_text(export.rules)


@given(st.permutations(range(5)))
def test_rules_that_name_none_stand_in_the_order_of_precedence(precedences: list[int]) -> None:
    assert order_of(*(custom(str(p), n, p) for n, p in enumerate(precedences))) == list("01234")


# ---- Examples ------------------------------------------------------------------------------------


def test_it_is_what_the_editor_prints() -> None:
    export = export_of(parts_of(rule()))
    assert bytes(export) == text_of(rule()).encode("ascii")
    assert export.name.endswith(CONFIGURATION_EXPORT)


def test_text_outside_ascii_gets_a_mark_so_that_no_code_page_is_asked_for() -> None:
    own = rule("In from AD – Zürich")
    assert bytes(export_of(parts_of(own))) == text_of(own).encode("utf-8-sig")


def test_a_named_rule_comes_first_whatever_its_precedence() -> None:
    assert order_of(custom("a", 1, 10, after=3), custom("b", 2, 20), custom("c", 3, 30)) == [
        *("c", "a", "b")
    ]


def test_a_chain_of_names() -> None:
    chain = [custom(str(n), n, 10 - n, after=n - 1) for n in range(2, 8)]
    assert order_of(*chain, custom("1", 1, 50)) == [str(n) for n in range(1, 8)]


def test_before_counts_as_after_does() -> None:
    first = replace(custom("a", 1, 0), precedence_before=guid(2))
    assert order_of(first, custom("b", 2, 40)) == ["b", "a"]


def test_a_name_of_an_out_of_box_rule_changes_no_order() -> None:
    first = replace(custom("a", 1, 0), precedence_before=guid(900))
    assert order_of(custom("b", 2, 40), first, out_of_box()) == ["a", "b"]


def test_a_rule_of_another_makers_tag_is_custom_and_of_microsofts_in_any_case_is_not() -> None:
    tagged = replace(rule("tagged", 2), immutable_tag="Contoso.Rule.001")
    theirs = replace(rule("theirs", 3), immutable_tag="MICROSOFT.InFromADUserJoin.001")
    assert order_of(rule("own"), tagged, theirs) == ["own", "tagged"]


def test_a_configuration_without_custom_rules_is_no_export() -> None:
    loaded = read_bytes(parts_of(out_of_box()), to_move=True)
    assert loaded.exports == ()
    assert loaded.diagnostics == ()


def test_evidence_is_not_moved() -> None:
    assert read_bytes(parts_of(rule())).exports == ()


def test_several_connectors_share_one_export() -> None:
    rules = (
        rule("a", 1),
        rule("b", 2, ENTRA),
        rule("c", 3, A2),
    )
    assert [r.connector for r in export_of(parts_of(*rules)).rules] == [
        A1,
        ENTRA,
        A2,
    ]


# ---- What would be lost --------------------------------------------------------------------------

STRANGE = {
    "an unknown element": ("<version>1</version>", "<version>1</version><isLocked>1</isLocked>"),
    "several sources": ("<src>True</src>", "<src><attr>a</attr><attr>b</attr></src>"),
    "an empty expression": ("<src>True</src>", "<expression />"),
    "an empty group": (
        "<synchronizationCriteria>",
        "<synchronizationCriteria><conditions></conditions>",
    ),
}


def strange(name: str, *rules: SyncRule) -> dict[str, bytes]:
    """Return a configuration whose first rule holds what is not known."""
    old, new = STRANGE[name]
    text = rule_xml(rules[0])
    assert old in text
    return parts_of(*rules) | {"Rule_0.xml": text.replace(old, new).encode()}


def lost(finding: Diagnostic, name: str) -> None:
    assert finding.severity is Severity.ERROR
    assert f"'{name}'" in finding.message
    assert "would be lost" in finding.message
    assert "Synchronization Rules Editor" in finding.hint


@pytest.mark.parametrize("what", STRANGE)
def test_what_is_not_known_stops_a_custom_rule_that_would_be_moved(what: str) -> None:
    loaded = read_bytes(strange(what, rule("odd"), rule("plain", 2)), to_move=True)
    lost(the("SR117", loaded.diagnostics), "odd")
    assert loaded.exports == ()  # all or nothing


@pytest.mark.parametrize("what", STRANGE)
def test_it_is_no_matter_where_nothing_is_moved(what: str) -> None:
    assert read_bytes(strange(what, rule("odd"), rule("plain", 2))).diagnostics == ()


@pytest.mark.parametrize("what", STRANGE)
def test_it_is_no_matter_for_out_of_box_rules(what: str) -> None:
    loaded = read_bytes(strange(what, out_of_box(), rule()), to_move=True)
    assert loaded.diagnostics == ()
    (export,) = loaded.exports
    assert export.rules == (rule(),)


def test_each_odd_rule_is_named() -> None:
    old, new = STRANGE["an unknown element"]
    files = {
        n: d.replace(old.encode(), new.encode()) if n.startswith("Rule_") else d
        for n, d in parts_of(rule("one"), rule("two", 2)).items()
    }
    findings = read_bytes(files, to_move=True).diagnostics
    assert codes(findings) == ["SR117", "SR117"]
    for finding, name in zip(findings, ("one", "two"), strict=True):
        lost(finding, name)
        assert "isLocked" in finding.message


@given(st.permutations(range(4)))
def test_of_rules_behind_one_rule_the_last_is_created_first(precedences: list[int]) -> None:
    """Each takes the place directly behind that rule, so they end in their order."""
    behind = [
        replace(custom(str(p), n, 101 + p), precedence_after=guid(900))
        for n, p in enumerate(precedences)
    ]
    assert order_of(*behind) == list("3210")


def test_rules_behind_one_rule_whose_precedences_are_one_stay_as_they_are() -> None:
    behind = [
        replace(custom(name, n, 0), precedence_after=guid(900)) for n, name in enumerate("ab")
    ]
    assert order_of(*behind) == ["a", "b"]


def test_a_chain_among_rules_behind_one_rule_stays_a_chain() -> None:
    one, last = (
        replace(custom(name, n, n), precedence_after=guid(900))
        for name, n in (("one", 101), ("last", 103))
    )
    between = replace(custom("between", 102, 102), precedence_after=one.identifier)
    assert order_of(one, between, last) == ["last", "one", "between"]


@given(ordered_rules(most_files=1))
def test_the_rules_created_in_its_order_end_as_they_are(found: Ordered) -> None:
    """Whether or not the server keeps what a rule was placed by."""
    saved = {r.identifier: r.precedence for r in found.active.sync_rules}
    (own,) = found.files
    rules = [replace(r, precedence=saved[r.identifier]) for r in own]
    standard = [replace(r, precedence=saved[r.identifier]) for r in found.standard]
    export = export_of(parts_of(*rules, *standard))
    plan = syncrules.plan(export, staging=found.staging, active=found.active)
    assert errors(plan.diagnostics) == []
    assert shown(plan) == found.order()


def test_a_number_comes_first_where_what_is_placed_would_move_an_out_of_box_rule_to_it() -> None:
    anchor = replace(out_of_box("Anchor", 900), precedence=101)
    placed = replace(custom("Placed", 1, 101), precedence_before=guid(900))
    numbered = custom("Numbered", 2, 102)
    assert order_of(anchor, placed, numbered) == ["Numbered", "Placed"]


def test_a_rule_that_no_file_holds_is_not_to_be_moved_in_one() -> None:
    """On staging, what the first rule moves comes to where the second is to stand."""
    placed = replace(custom("placed", 1, 101), precedence_after=guid(900), connector=ENTRA)
    plain = replace(custom("plain", 2, 102), connector=ENTRA)
    there = [out_of_box(f"Out to AAD - {n}", 900 + n, ENTRA) for n in range(2)]
    own = export_of(parts_of(placed, plain, there[0], replace(there[1], precedence=103)))
    staging = complete(rules=tuple(there), name="new")
    active = complete(rules=(placed, plain, there[0], replace(there[1], precedence=103)))
    hint = the("SR440", syncrules.plan(own, staging=staging, active=active).diagnostics).hint
    assert hint.startswith("Use syncrules kit")
    file = export(replace(custom("other", 3, 60), connector=ENTRA), name="other.ps1")
    beside = syncrules.plan((own, file), staging=staging, active=active)
    assert the("SR440", beside.diagnostics).hint == hint
    plan = syncrules.plan(own, staging=staging, active=active, one_by_one=True)
    assert errors(plan.diagnostics) == []


def test_rules_with_one_precedence_are_renumbered() -> None:
    """Outbound rules of two connectors share it on a server before 2.0.3.0."""
    rules = [
        replace(custom(name, n, 50), connector=c, direction="Outbound")
        for n, (name, c) in enumerate({"a": A1, "b": ENTRA}.items(), start=1)
    ]
    loaded = read_bytes(parts_of(*rules), to_move=True)
    assert [(d.code, d.severity) for d in loaded.diagnostics] == [("SR332", Severity.WARNING)]
    plan = syncrules.plan(loaded.exports, staging=staging_with(B1), first_precedence=1)
    assert "SR332" not in codes(plan.diagnostics)
    assert [r.after.precedence for r in plan.rules] == [1, 2]
