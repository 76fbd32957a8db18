"""Commands that are read by one pattern are what their parameters say."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import fields
from itertools import cycle, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syncrules.grammar import pattern_of

from support.strategies import SKELETON, Generated, scripts
from support.visible import visible
from syncrules.exports import export
from syncrules.exports.cmdlets import ADD_FLOW, NEW_OBJECT
from syncrules.exports.editor_forms import FORMS
from syncrules.exports.export import read_export
from syncrules.exports.layout import script_text
from syncrules.script.editor_layout import EditorCommand, Form

RECORDED = Path(__file__).parents[1] / "conformance" / "data"


def read_both_ways(text: str) -> Iterator[Any]:
    """Yield script, rules, their places and what is wrong: by the patterns, and without them."""
    yield _read(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "FORMS", ())
        yield _read(text)


def _read(text: str) -> object:
    found, diagnostics = read_export(text)
    if found is None:
        return diagnostics
    places = [[getattr(p, field.name) for field in fields(p)] for p in found.placed_rules]
    script = found.script
    return script.statements, script.tokens, found.rules, places, diagnostics


def assert_read_alike(text: str) -> None:
    by_pattern, by_parameters = read_both_ways(text)
    assert by_pattern == by_parameters, visible(text)


@given(scripts())
def test_generated_scripts_are_read_alike(generated: Generated) -> None:
    assert_read_alike(generated.text)


@given(scripts())
def test_so_are_their_rules_as_the_editor_writes_them(generated: Generated) -> None:
    assert_read_alike(script_text(generated.rules))


PIECES = (
    *("Direct", "direct", "''", "'", "’", "’’", "'’", "--%", "@('a','b')", "@()", "$true", "$True"),
    *("[0]", "[1]", "$syncRule[0]", "$SYNCRULE[0]", "$condition0[0]", "-ExecuteOnce  `\n", "EQUAL"),
    *("-OutVariable x", "-Destination 'x' `\n", "-Source @('a','b''c') `\n", "x", "equal", "\r\n"),
    *("-Expression 'y' `\n", "-ErrorAction Stop `\n", "Microsoft.", "$syncRule = 'x'\n", " ", "`"),
)


@given(
    st.lists(
        st.tuples(st.integers(0, len(SKELETON)), st.integers(0, 8), st.sampled_from(PIECES)),
        min_size=1,
        max_size=3,
    )
)
def test_an_export_with_something_changed_is_read_alike(
    changes: list[tuple[int, int, str]],
) -> None:
    text = SKELETON
    for at, length, piece in changes:
        text = text[:at] + piece + text[at + length :]
    assert_read_alike(text)


WHOLE = (
    SKELETON.replace("@('True')", "@('O''Brien','b','c’‘d')")
    .replace(
        "-ValueMergeType 'Update'",
        "-ValueMergeType 'Merge' `\n-ExecuteOnce  `\n-Expression '\"''\"'",
    )
    .replace("'department','Sales'", "'it''s',''")
    .replace("'employeeID','employeeID',$false", "'a’’b','it''s',$true")
    .replace("@($condition0[0])", "@($condition0[0],$condition0[0])")
)
"""The same with all that the patterns take."""

WRITTEN_OTHERWISE = {
    r"'(?=\w)": (
        *("'--%", "'--% ", "’", "'''", "'’‘", "'\n", "'\r", "'$x`", "@'\n", "", '"', "('"),
    ),
    r"(?<=[\w'])'(?=[,) ])": (
        *(
            "’",
            "''",
            "'''",
            "‘‘'",
            "'''’",
            " '",
            "\r'",
            "'.x",
            "'[0]",
            "'::x",
            "'x",
            "'-x",
            "'#",
            "",
        ),
    ),
    r"''(?=[,) ])": ("'--%'", "'’'", "''''", "''.x", "''''''", "'‘''", '""', "$null", "5"),
    r"\$\w+\[0\]": (
        *("$Sync_Rule[0]", "$syncrule[0]", "$CONDITION0[0]", "$é[0]", "'syncRule'", "$nothing[0]"),
    ),
    r"\[0\]": ("[1]", "[00]", "[ 0 ]", "[-1]", "", "[0][0]", "[0].x", "[0]x", "[0] "),
    r"\$true|\$false": (
        *("$True", "$FALSE", "$true1", "$false_", "$trué", "$true[0]", "$null", "'True'", "true"),
    ),
    r"(?<=-OutVariable )\w+": (
        *(
            "SYNCRULE",
            "Condition0",
            "true",
            "sync_rule",
            "'syncRule'",
            "a b",
            "isX",
            "5",
            "s-r",
            "",
        ),
    ),
    r" +`\n(?=-)": (
        *(
            " `\n",
            "   `\n",
            "`\n",
            " `\r",
            " `\n ",
            " `\n\n",
            "\t`\n",
            " ` \n",
            " # c\n",
            "\n",
            " ",
        ),
    ),
    r"(?<=\n-)\w+ ": ("destination ", "Dest ", "OutVariable:", "FlowType  ", "ErrorAction ", "X "),
    r"(?<=[\w\]')])\n\n\n": (
        *(" \n", "   \n\n", "\r", "\r\r\n", " # c\n", "# c\n", "\n# c\n", "\t\n", ";\n", "\xa0\n"),
        *(" <##>\n", " | Out-Null\n", "\n$x = 'y’’' \n", "\n$x = 'y' # c\n", "\n$x = 'y'.z\n", ""),
    ),
    r"(?<=\n)(?:Add-|New-O)": ("add-", "Add-x", "NEW-o", "x", " Add-", "\tAdd-"),
    r"(?<=@\()": (" ", "\n", ",", "(", "'x',", "'--%','x',", "$syncRule[0],"),
    r"(?<=['\]])\)": (" )", ",)", "))", ").x", ")[0]", ",'--%')", ",'x’)", ", 'x')", ",'')", ""),
}


@pytest.mark.parametrize("written", WRITTEN_OTHERWISE)
def test_what_is_written_otherwise_is_read_alike(written: str) -> None:
    places = [*re.finditer(written, WHOLE)]
    assert places
    newlines = cycle(("\n", "\r\n", "\n"))
    for place, other in product(places, WRITTEN_OTHERWISE[written]):
        text = WHOLE[: place.start()] + other + WHOLE[place.end() :]
        assert_read_alike(text.replace("\n", next(newlines)))


FLOW, CONDITION, ADDED = (
    next(c for c in SKELETON.split("\n\n\n") if c.lstrip("\n").startswith(name))
    for name in (ADD_FLOW, NEW_OBJECT, "Add-ADSyncRule")
)


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        pytest.param(ADDED, f"{ADDED}\n\n\n{FLOW}", ["SR318"], id="a flow of a rule added before"),
        pytest.param(
            CONDITION,
            CONDITION.replace("condition0", "true"),
            ["SR312", "SR316", "SR319"],
            id="a condition in a variable of PowerShell's",
        ),
        pytest.param(
            CONDITION, f"{CONDITION}\n\n\n{CONDITION}", ["SR312"], id="a condition made twice"
        ),
        pytest.param(
            " `\n-OutVariable condition0", "", ["SR312", "SR319"], id="a condition in no variable"
        ),
        pytest.param("'cloudFiltered'", "''", ["SR329"], id="a flow to nothing"),
        pytest.param("'EQUAL'", "'Is'", ["SR321"], id="an operator that is none"),
        pytest.param("'EQUAL'", "$true", ["SR333", "SR319"], id="a scope condition of a flag"),
        pytest.param("$false", "'False'", ["SR328", "SR317"], id="a join condition of a text"),
        pytest.param(
            "$false", "'EQUAL'", ["SR333", "SR317"], id="a join condition with an operator"
        ),
        pytest.param(
            "ObjectModel.JoinCondition", "Condition", ["SR208", "SR317"], id="another object"
        ),
    ],
)
def test_what_is_wrong_with_a_command_in_the_editors_layout_is_told(
    old: str, new: str, codes: list[str]
) -> None:
    read, found = read_export(SKELETON.replace(old, new, 1))
    assert read is not None
    assert [d.code for d in found] == codes


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@($condition0[0])", "@($condition0[0],$condition0[0])"),
        ("@($condition0[0])", "@($condition0[0],$other[0])"),
        ("@($condition0[0])", "@($CONDITION0[0])"),
        ("@($condition0[0])", "@($condition0[1])"),
        ("@($condition0[0])", "@($syncRule[0])"),
        ("@($condition0[0])", "$condition0[0]"),
        ("@($condition0[0])", "@()"),
        ("Scope", "Join"),
        ("ScopeConditionGroup", "JoinConditionGroup"),
        ("ScopeConditions", "JoinConditions"),
        (ADDED, f"{ADDED}\n\n\n{ADDED}"),
        (ADDED, f"{ADDED} `\n-OutVariable syncRule"),
        (ADDED, ADDED.replace("[0]", "[1]")),
        (ADDED, ADDED.replace("$syncRule", "$condition0")),
        (ADDED, ADDED.replace("$syncRule", "$SYNCRULE")),
        (ADDED, ADDED.replace("Add-", "add-")),
        (ADDED, "Add-ADSyncRule"),
        (CONDITION, re.sub(r"-ArgumentList .*\n", "", CONDITION)),
        (ADDED, f"{ADDED}\n\n\nGet-ADSyncRule"),
        (" `\n-OutVariable syncRule\n", "\n"),
    ],
    ids=visible,
)
def test_groups_and_additions_are_read_alike(old: str, new: str) -> None:
    assert old in SKELETON
    for count in (1, -1):
        assert_read_alike(SKELETON.replace(old, new, count))


@pytest.mark.parametrize("parameter", ["Precedence", "SoftDeleteExpiryInterval"])
@pytest.mark.parametrize(
    "written",
    ["", "5", "007", "999999999", "1234567890", "1" * 20, "-1", "5x", "'5'", "'00:00:05'", "$x"],
)
def test_numbers_are_read_alike(parameter: str, written: str) -> None:
    text, count = re.subn(rf"-{parameter} \d+", f"-{parameter} {written}".rstrip(), SKELETON)
    assert count == 1
    assert_read_alike(text)


def test_a_flow_in_the_editors_layout_may_pass_the_rule_on_in_another_variable() -> None:
    flow = FLOW.replace("-OutVariable syncRule", "-OutVariable other")
    before, _, after = SKELETON.partition(FLOW)
    read, found = read_export(before + flow + after.replace("$syncRule", "$other", 1))
    assert read is not None
    assert (read.rules, found) == (read_export(SKELETON)[0].rules, ())  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["edited", "hostile"])
def test_scripts_recorded_with_powershells_reading_are_read_alike(name: str) -> None:
    with gzip.open(RECORDED / f"{name}.jsonl.gz", "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            assert_read_alike(json.loads(line)["text"])


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_form_takes_what_the_grammar_takes_as_one_command(form: Form) -> None:
    whole = re.compile(pattern_of("EDITOR_COMMAND"))
    known = re.compile(form.pattern + r"(?= *(?:\r?\n|$))")
    taken = 0
    for text in (WHOLE, SKELETON, form.name, f"{form.name}\n", f"{form.name} `\n"):
        for start in (m.start() for m in re.finditer(form.name, text)):
            found = known.match(text, start)
            if found is not None:
                command = whole.match(text, start)
                assert command is not None
                assert command.span() == found.span()
                taken += 1
    assert taken


def test_what_the_editor_writes_is_read_by_patterns_alone() -> None:
    """Or what is compared above would be the same thing twice."""
    taken_apart: list[EditorCommand] = []

    def noted(command: EditorCommand) -> Iterator[Any]:
        taken_apart.append(command)
        return iter(())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EditorCommand, "settings", noted)
        short = WHOLE.replace("\n\n\n", "  \n")
        at_the_end = SKELETON[: SKELETON.index("\n\n\nGet-")]
        for text in (SKELETON, WHOLE, WHOLE.replace("\n", "\r\n"), short, at_the_end):
            assert read_export(text)[1] == ()
    assert taken_apart == []
