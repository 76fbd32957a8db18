"""One rule of an export replaced by another, and every other byte kept."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import syncrules
from support.builders import A1, A2, guid, rule, text_of
from support.strategies import Generated, newlines, scripts, sync_rules, texts
from support.visible import visible
from syncrules import (
    AttributeFlowMapping,
    EditRefused,
    Export,
    InputRefused,
    JoinCondition,
    ScopeCondition,
    SyncRule,
)
from syncrules.diagnostics import Spanned
from syncrules.exports.binder import parameter_name
from syncrules.exports.layout import script_text
from syncrules.exports.placed_rule import PlacedRule
from syncrules.exports.rule_blocks import blocks
from syncrules.script.nodes import Parameter
from syncrules.script.quoting import quote

FIELDS = [field.name for field in fields(SyncRule)]
FLOWS = tuple(
    AttributeFlowMapping((name,), name, "Direct", "Update", False, None) for name in "abc"
)
SCOPES = tuple(
    (ScopeCondition(name, "1", "EQUAL"), ScopeCondition(name, "2", "EQUAL")) for name in "xy"
)
JOINS = ((JoinCondition("mail", "mail", False),), (JoinCondition("cn", "cn", True),))
FULL = replace(
    rule("Full", 1), attribute_flow_mappings=FLOWS, scope_filter=SCOPES, join_filter=JOINS
)
OTHER = replace(FULL, name="Other", identifier=guid(2), precedence=7)


@st.composite
def mixed(draw: st.DrawFn, old: SyncRule) -> SyncRule:
    """Draw a rule that has some fields of another one."""
    other = draw(sync_rules())
    changed = draw(st.sets(st.sampled_from(FIELDS), min_size=1, max_size=4))
    return replace(old, **{name: getattr(other, name) for name in changed})


def around(export: Export, rule: SyncRule) -> list[str]:
    """Return the text of the rules' blocks but for one's, and what stands before them."""
    found = blocks(export)
    text = export.source.text
    own = [text[b.span.start : b.span.end] for b in found if b.placed.rule is not rule]
    return [text[: found[0].span.start], *own]


# ---- As the Editor writes it ---------------------------------------------------------------------


@given(st.data(), newlines, st.integers(0, 2))
def test_any_rule_becomes_any_other_and_no_other_rule_is_touched(
    data: st.DataObject, newline: str, index: int
) -> None:
    rules = [replace(data.draw(sync_rules()), identifier=guid(n), precedence=n) for n in (1, 2, 3)]
    export = syncrules.parse(script_text(rules, newline))
    old = export.rules[index]
    new = data.draw(mixed(old))
    wanted = tuple(new if r is old else r for r in export.rules)
    try:
        changed = export.replace(old, new)
    except EditRefused:
        with pytest.raises(InputRefused):
            syncrules.emit(wanted)
        return
    again = syncrules.parse(changed)
    assert again.rules == wanted, visible(script_text([new]))
    assert around(again, again.rules[index]) == around(export, old)


@given(texts.filter(bool), texts, newlines)
def test_only_the_named_values_change(name: str, description: str, newline: str) -> None:
    export = syncrules.parse(script_text([OTHER, FULL], newline))
    old = export.rules[1]
    new = replace(old, name=name, description=description, precedence=3, connector=A2)
    again = syncrules.parse(export.replace(old, new))
    assert again.source.text == script_text([OTHER, new], newline)


# ---- In any layout -------------------------------------------------------------------------------


@given(scripts(), st.data())
def test_in_any_layout_it_is_replaced_or_refused(script: Generated, data: st.DataObject) -> None:
    export = syncrules.parse(script.data, encoding=script.encoding)
    if not export.rules:
        return
    old = data.draw(st.sampled_from(export.rules))
    new = data.draw(mixed(old))
    try:
        changed = export.replace(old, new)
    except EditRefused:
        return
    again = syncrules.parse(changed, encoding=script.encoding)
    assert again.rules == tuple(new if r is old else r for r in export.rules)


@given(scripts(), texts.filter(lambda text: text not in ("", "--%")), st.data())
def test_another_name_changes_its_literal_alone_in_any_layout(
    script: Generated, name: str, data: st.DataObject
) -> None:
    export = syncrules.parse(script.data, encoding=script.encoding)
    if not export.rules:
        return
    placed = data.draw(st.sampled_from(export.placed_rules))
    assume(name != placed.rule.name)
    changed = export.replace(placed.rule, replace(placed.rule, name=name))
    text, literal = export.source.text, name_of(placed)
    assert syncrules.parse(changed, encoding=script.encoding).source.text == (
        text[: literal.start] + quote(name) + text[literal.end :]
    )


def name_of(placed: PlacedRule) -> Spanned:
    """Return the literal of a rule's name."""
    for argument, following in pairwise((*placed.command.arguments, None)):
        if not isinstance(argument, Parameter):
            continue
        if parameter_name(argument, "New-ADSyncRule") == "Name":
            literal = argument.attached or following
            assert literal is not None
            return literal
    raise AssertionError("a rule has a name")


# ---- What comes and goes -------------------------------------------------------------------------

STOPS = "a text that PowerShell stops at"
CHANGES: dict[str, dict[str, object]] = {
    "a value that was left out": {"link_type": "Provision", "precedence_before": guid(5)},
    "values left out": {"description": None, "immutable_tag": None, "precedence": None},
    "switches on": {"disabled": True, "enable_password_sync": True},
    "identifier": {"identifier": guid(77)},
    "no identifier": {"identifier": None},
    "a flow": {"attribute_flow_mappings": (*FLOWS, replace(FLOWS[0], destination="d"))},
    STOPS: {
        "description": "--%",
        "scope_filter": (
            tuple(replace(c, comparison_value="--%") for c in SCOPES[0]),
            (SCOPES[1][0], replace(SCOPES[1][1], attribute="z")),
        ),
    },
    "a flow first": {"attribute_flow_mappings": (replace(FLOWS[0], destination="d"), *FLOWS)},
    "a flow less": {"attribute_flow_mappings": FLOWS[1:]},
    "another flow instead of two": {
        "attribute_flow_mappings": (FLOWS[0], replace(FLOWS[0], destination="d"))
    },
    "no flow": {"attribute_flow_mappings": ()},
    "another order of flows": {"attribute_flow_mappings": FLOWS[::-1]},
    "another flow": {
        "attribute_flow_mappings": (
            AttributeFlowMapping(None, "z", "Expression", None, True, '"x"'),
            *FLOWS[1:],
        )
    },
    "a condition more": {
        "scope_filter": ((*SCOPES[0], ScopeCondition("z", "3", "ISNULL")), SCOPES[1])
    },
    "another value of a condition": {
        "scope_filter": (SCOPES[0], (replace(SCOPES[1][0], comparison_value="9"), SCOPES[1][1]))
    },
    "a group more": {"scope_filter": (*SCOPES, SCOPES[0])},
    "a group between": {"scope_filter": (SCOPES[0], SCOPES[0][:1], SCOPES[1])},
    "no scope": {"scope_filter": ()},
    "another join": {"join_filter": JOINS[::-1]},
    "no join": {"join_filter": ()},
    "everything": {
        "attribute_flow_mappings": FLOWS[:1],
        "scope_filter": SCOPES[1:],
        "join_filter": JOINS[1:],
    },
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("back", [False, True], ids=["there", "back"])
def test_each_kind_of_change_in_the_editors_own_layout(what: str, back: bool) -> None:
    changed = replace(FULL, **CHANGES[what])  # type: ignore[arg-type]
    old, new = (changed, FULL) if back else (FULL, changed)
    export = syncrules.parse(script_text([old, OTHER]))
    data = export.replace(export.rules[0], new)
    again = syncrules.parse(data)
    assert again.rules == (new, OTHER)
    assert around(again, again.rules[0]) == around(export, export.rules[0])
    wanted = script_text([new, OTHER])
    if what in ("identifier", "no identifier"):
        return
    assert empty_lines(again.source.text) == empty_lines(wanted)
    if (what, back) != (STOPS, True):
        assert {*again.source.text.split()} <= {*wanted.split()}


def empty_lines(text: str) -> list[str]:
    return re.findall(r"(?:\r\n){2,}", text)


def test_the_first_groups_come_behind_the_rest_of_their_rule() -> None:
    bare = replace(FULL, scope_filter=(), join_filter=())
    for new in (replace(bare, scope_filter=SCOPES), replace(bare, join_filter=JOINS)):
        data = syncrules.parse(script_text([bare, OTHER])).replace(bare, new)
        assert data.decode() == script_text([new, OTHER])


def test_a_switch_is_turned_on_behind_the_commands_name() -> None:
    export = syncrules.parse(script_text([FULL]))
    data = export.replace(FULL, replace(FULL, disabled=True))
    assert data.decode() == script_text([FULL]).replace("Rule  `", "Rule -Disabled  `", 1)


def test_a_value_that_is_attached_to_its_parameter_goes_with_it_alone() -> None:
    text = script_text([FULL]).replace("-Description ''", "-Description:''")
    data = syncrules.parse(text).replace(FULL, replace(FULL, description=None))
    assert data.decode() == text.replace(" `\r\n-Description:''", "")


def test_a_flow_that_comes_first_is_given_the_variable_that_has_the_rule_there() -> None:
    """Groups stand before flows here, and pass the rule on in other variables."""
    flowless = replace(FULL, attribute_flow_mappings=(), scope_filter=SCOPES[:1], join_filter=())
    text = script_text([flowless])
    flow = script_text([replace(flowless, attribute_flow_mappings=FLOWS[:1])])
    flow = flow[flow.index("Add-ADSyncAttributeFlowMapping") : flow.index("New-Object")]
    group = text.index("-OutVariable syncRule", text.index("Add-ADSyncScope"))
    before, behind = text[:group], text[group:].replace("-OutVariable syncRule", "-OutVariable b")
    behind = behind.replace("Add-ADSyncRule", f"{flow}Add-ADSyncRule").replace("$syncRule", "$b")
    export = syncrules.parse(before + behind)
    assert export.diagnostics == ()
    (old,) = export.rules
    new = replace(old, attribute_flow_mappings=(FLOWS[1], *old.attribute_flow_mappings))
    assert syncrules.parse(export.replace(old, new)).rules == (new,)


def test_comments_stay_where_they_are() -> None:
    text = script_text([FULL]).replace("\r\n\r\n\r\nAdd-", "\r\n\r\n# why\r\n\r\nAdd-")
    export = syncrules.parse(text)
    data = export.replace(FULL, replace(FULL, attribute_flow_mappings=FLOWS[2:]))
    assert data.decode().count("# why") == text.count("# why")


def test_a_text_that_is_no_longer_ascii_gets_a_mark() -> None:
    export = syncrules.parse(text_of(FULL).encode())
    data = export.replace(FULL, replace(FULL, name="Zürich"))
    assert data.decode("utf-8-sig").encode("utf-8-sig") == data
    assert bytes(syncrules.parse(export.replace(FULL, replace(FULL, name="x")))).isascii()


# ---- What is refused -----------------------------------------------------------------------------


def test_a_connector_that_a_variable_gives_to_two_rules_is_not_changed() -> None:
    text = f"$c = '{A1}'\r\n" + script_text([FULL, OTHER]).replace(f"'{A1}'", "$c")
    export = syncrules.parse(text)
    with pytest.raises(EditRefused, match="serves another rule too"):
        export.replace(FULL, replace(FULL, connector=A2))
    assert syncrules.parse(export.replace(FULL, replace(FULL, name="x"))).rules[0].name == "x"


def test_a_connector_that_a_variable_gives_to_one_rule_is_changed_there() -> None:
    export = syncrules.parse(f"$c = '{A1}'\r\n" + script_text([FULL]).replace(f"'{A1}'", "$c"))
    data = export.replace(FULL, replace(FULL, connector=A2))
    assert data.decode().startswith(f"$c = '{A2}'\r\n")


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (replace(FULL, name=""), "-Name is empty"),
        (replace(FULL, direction="Sideways"), "cannot be 'Sideways'"),
        (replace(FULL, connector="none"), "not a valid GUID"),
        (replace(FULL, identifier=OTHER.identifier), "the same Identifier"),
    ],
)
def test_a_rule_that_would_not_be_read_is_refused_with_the_reason(new: SyncRule, why: str) -> None:
    export = syncrules.parse(script_text([FULL, OTHER]))
    with pytest.raises(EditRefused, match=why):
        export.replace(FULL, new)


def test_the_reason_is_the_error_and_not_a_warning_that_stands_before_it() -> None:
    text = script_text([FULL]).replace("-Description", "-Desc")
    export = syncrules.parse(text)
    assert [d.is_error for d in export.diagnostics] == [False]
    with pytest.raises(EditRefused, match="-Name is empty"):
        export.replace(FULL, replace(FULL, name=""))


def test_a_rule_that_is_not_there_or_there_twice() -> None:
    nameless = replace(FULL, identifier=None, precedence=None)
    export = syncrules.parse(script_text([nameless, nameless]))
    with pytest.raises(EditRefused, match="is not in"):
        export.replace(OTHER, FULL)
    with pytest.raises(EditRefused, match="more than once"):
        export.replace(nameless, FULL)
    second = syncrules.parse(export.replace(export.rules[1], FULL)).rules
    assert second == (nameless, FULL)
