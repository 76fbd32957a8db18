"""The rules of a kit, one a file, each runnable alone."""

from __future__ import annotations

import codecs
from dataclasses import replace

import pytest
from hypothesis import given

import syncrules
from support.builders import (
    A1,
    B1,
    ENTRA,
    STAGING,
    codes,
    errors,
    export,
    guid,
    out_of_box,
    rule,
    text_of,
)
from support.strategies import texts
from syncrules import Plan
from syncrules.kit.assembling import kit_of
from syncrules.kit.rule_files import rule_files

VARIABLE = f"$connector = '{A1}'\r\n$unused = 'x'\r\n"


def plan_of(data: str, *, keep_foreign: bool = False) -> Plan:
    read = syncrules.parse(data, name="custom.ps1", keep_foreign=keep_foreign)
    return syncrules.plan([read], staging=STAGING)


def texts_of(plan: Plan) -> list[str]:
    files, findings = rule_files(plan)
    assert findings == ()
    return [f.data.decode("utf-8-sig") for f in files]


def test_each_file_gives_its_rule_and_no_other() -> None:
    plan = plan_of(text_of(rule("One", 1), rule("Two", 2), rule("Three", 3)))

    found = [syncrules.parse(text).rules for text in texts_of(plan)]

    assert found == [(moved.after,) for moved in plan.rules]
    assert {r.connector for (r,) in found} == {B1}


def test_the_rules_text_is_that_of_the_mapped_export() -> None:
    commented = "# mine\r\n" + text_of(rule("One", 1)).replace("-Name", "-nAmE  ", 1)
    plan = plan_of(text_of(rule("Zero", 9)) + commented)
    (mapped,) = (d.decode() for d in plan.output().values())

    _, second = texts_of(plan)

    own = second[second.index("# mine") :]
    assert mapped.endswith(own)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["One", "Zürich"])
def test_line_ends_are_those_of_windows(newline: str, name: str) -> None:
    data = text_of(rule(name, 1), rule("Two", 2)).replace("\r\n", newline)

    for text in texts_of(plan_of(data)):
        assert "\n" not in text.replace("\r\n", "")


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_line_ends_are_those_of_windows_in_utf_16_too(mark: bytes) -> None:
    encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    text = text_of(rule("Zürich", 1)).replace("\r\n", "\n")
    read = syncrules.parse(mark + text.encode(encoding), name="custom.ps1")

    files, findings = rule_files(syncrules.plan([read], staging=STAGING))

    assert findings == ()
    (found,) = (f.data[2:].decode(encoding) for f in files)
    assert "\n" not in found.replace("\r\n", "")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\n\r\n"])
def test_line_ends_in_a_text_of_the_rule_stay(newline: str) -> None:
    described = replace(rule("One", 1), description=f"one{newline}two")

    (text,) = texts_of(plan_of(text_of(described).replace("\r\n-", "\n-")))

    assert syncrules.parse(text).rules[0].description == f"one{newline}two"


def test_each_stops_at_its_first_error() -> None:
    found = texts_of(plan_of(text_of(rule("One", 1), rule("Two", 2))))

    assert len(found) == 2
    for text in found:
        assert text.index("$ErrorActionPreference = 'Stop'") < text.index("New-ADSyncRule")


@pytest.mark.parametrize("assigned", ["$connector", "$Connector", "$CONNECTOR"])
def test_a_rule_carries_the_assignment_of_the_variable_that_it_uses(assigned: str) -> None:
    rules = text_of(rule("One", 1), rule("Two", 2)).replace(f"'{A1}'", "$CONNECTOR")
    data = VARIABLE.replace("$connector", assigned) + rules

    for text in texts_of(plan_of(data)):
        assert text.count(f"{assigned} = '{B1}'") == 1
        assert "$unused" not in text


def test_an_assignment_between_rules_goes_with_each_behind_it_that_uses_it() -> None:
    names = ("One", "Two", "Three", "Four")
    one, *others = (text_of(rule(name, n)) for n, name in enumerate(names, start=1))
    two, three, four = (text.replace(f"'{A1}'", "$connector") for text in others)
    plan = plan_of(one + VARIABLE + two + three.replace("$connector", f"'{A1}'") + four)

    found = texts_of(plan)

    assert [syncrules.parse(text).rules for text in found] == [(m.after,) for m in plan.rules]
    # It stands at the end of the first rule's part, which does not use it.
    assert [text.count("$connector = ") for text in found] == [1, 1, 0, 1]


def test_a_variable_that_is_assigned_twice_gives_no_kit() -> None:
    """Which of its values a part of the export had, alone in a file, depends on the order."""
    data = f"$connector = '{ENTRA}'\r\n{VARIABLE}{text_of(rule('One', 1))}"
    plan = plan_of(data.replace(f"-Connector '{A1}'", "-Connector $connector"))
    assert errors(plan.diagnostics) == ["SR313"]
    with pytest.raises(syncrules.PlanRefused):
        kit_of(plan)


def test_only_a_file_that_needs_a_mark_has_one() -> None:
    data = text_of(rule("One", 1), rule("Zwölf", 2)).encode("utf-8-sig")
    files, _ = rule_files(syncrules.plan([syncrules.parse(data, "custom.ps1")], staging=STAGING))
    assert [f.data.startswith(codecs.BOM_UTF8) for f in files] == [False, True]
    assert [f.data.isascii() for f in files] == [True, False]


def test_names_tell_the_order_of_creation_and_hold_nothing_odd() -> None:
    files, _ = rule_files(plan_of(text_of(rule("In from AD - Ä/ö: x", 1), rule("…", 2))))
    assert [f.path for f in files] == ["rules/001-In-from-AD-A-o-x.ps1", "rules/002-rule.ps1"]


def test_a_target_of_a_reference_stands_before_the_rule_that_names_it() -> None:
    first = export(replace(rule("A", 1), precedence=0, precedence_before=guid(2)), name="a.ps1")
    second = export(rule("B", 2), name="b.ps1")
    files, _ = rule_files(syncrules.plan([first, second], staging=STAGING))
    assert [f.planned.after.name for f in files] == ["B", "A"]


def test_sr601_kept_foreign_statements_are_refused() -> None:
    plan = plan_of("Write-Host 'hello'\r\n" + text_of(rule()), keep_foreign=True)

    kit, (finding,) = kit_of(plan)

    assert kit is None
    assert (finding.code, finding.line) == ("SR601", 1)


def test_sr601_kept_foreign_statements_of_an_export_without_rules_to_move_are_refused() -> None:
    script = "Write-Host 'hello'\r\n" + text_of(out_of_box())
    foreign = syncrules.parse(script, name="out-of-box.ps1", keep_foreign=True)

    kit, (finding,) = kit_of(syncrules.plan([export(rule()), foreign], staging=STAGING))

    assert kit is None
    assert (finding.code, finding.file) == ("SR601", "out-of-box.ps1")


def test_sr602_a_rule_without_an_identifier_is_refused() -> None:
    kit, found = kit_of(plan_of(text_of(replace(rule(), identifier=None))))
    assert (codes(found), kit) == (["SR602"], None)


def test_out_of_box_rules_are_in_no_file() -> None:
    text = text_of(out_of_box("In from AD - Group Join", 901), rule("One", 1))
    assert len(texts_of(plan_of(text))) == 1


@given(texts.filter(bool))
def test_no_name_breaks_a_file(name: str) -> None:
    plan = plan_of(text_of(rule(name, 1), rule("other", 2)))
    files, findings = rule_files(plan)
    assert findings == ()
    assert [syncrules.parse(f.data).rules for f in files] == [(m.after,) for m in plan.rules]
    assert all(f.path.isascii() for f in files)
