"""Names of outputs: Windows takes each, and a name that it takes already stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import syncrules
from support.builders import A1, B1, export, out_of_box, rule, server
from syncrules.diagnostics import Severity
from syncrules.errors import PlanRefused
from syncrules.kit.assembling import make_kit
from syncrules.migration.output_names import fits_windows, output_name, plain_name

STAGING = server(export(out_of_box(connector=B1), name="staging.ps1"))

DEVICES = {
    *("con", "prn", "aux", "nul", "conin$", "conout$"),
    *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"),
}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("con.ps1", "con-rules.ps1"),
        ("COM1.txt", "COM1-rules.ps1"),
        ("nul.tar.ps1", "nul-tar.ps1"),
        ("con .ps1", "con-rules.ps1"),
        ("con .x.ps1", "con-x.ps1"),
        ("a:b?.ps1", "a-b.ps1"),
        ("x. .ps1", "x.ps1"),
        ("x..ps1", "x.ps1"),
        ("a\tb.ps1", "a-b.ps1"),
        ("bad\udcff.ps1", "bad.ps1"),
        ("規則?.ps1", "rules.ps1"),
        ("LPT¹.ps1", "LPT.ps1"),
        ("x" * 300, "x" * 60 + ".ps1"),
        ("x" * 252 + ".ps1", "x" * 60 + ".ps1"),
        ("😀" * 126 + ".ps1", "rules.ps1"),
    ],
)
def test_a_name_that_windows_does_not_take_becomes_a_plain_one(given: str, name: str) -> None:
    assert output_name(export(rule(), name=given)) == name
    assert not fits_windows(f"{given.rpartition('.')[0] or given}.ps1")


@pytest.mark.parametrize(
    "given",
    [
        *("custom.ps1", "Benutzer Ü (1).txt", "規則.ps1", "console.ps1", "com10.ps1", "v1.2.ps1"),
        *(f"{'x' * 251}.ps1", f"{'😀' * 125}x.ps1"),  # 255 characters, as Windows counts them
    ],
)
def test_any_other_name_stays(given: str) -> None:
    assert output_name(export(rule(), name=given)) == f"{given.rpartition('.')[0]}.ps1"


@given(st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=300))
@example("CON")
@example("con.")
@example(" ")
@example("ſ?")
@example("com1:")
@example("conin$")
def test_windows_takes_every_name_of_an_output(stem: str) -> None:
    """By Microsoft's rules, written once more, in another way."""
    name = output_name(export(rule(), name=f"{stem}.ps1"))
    assert not set('<>:"/\\|?*') & set(name)
    assert not any(c < " " or 0xD800 <= ord(c) < 0xE000 for c in name)
    assert name.split(".")[0].rstrip(" ").lower() not in DEVICES
    assert name.endswith(".ps1")
    assert not name.removesuffix(".ps1").endswith((" ", "."))
    assert 4 < len(name.encode("utf-16-le")) // 2 <= 255


@given(st.text(max_size=80))
@example("CON")
@example("a:b?. ")
def test_and_every_name_in_a_kit(name: str) -> None:
    try:
        plan = syncrules.plan(export(rule(name), name="custom.ps1"), staging=STAGING)
        kit = make_kit(plan)
    except (PlanRefused, syncrules.InputRefused):
        return
    for path in kit.files:
        assert all(map(fits_windows, path.split("/"))), path


def test_sr512_says_so_and_the_output_has_the_name() -> None:
    plan = syncrules.plan(export(rule(), name="a:b?.ps1"), staging=STAGING, mapping={A1: B1})
    (finding,) = plan.diagnostics
    assert (finding.code, finding.severity) == ("SR512", Severity.NOTE)
    assert finding.file == "a:b?.ps1"
    assert "written as a-b.ps1" in finding.message
    ((name, data),) = plan.output().items()
    assert name == "a-b.ps1"
    assert re.search(rb"a-b\.ps1", data)


def test_two_names_that_become_one_are_refused() -> None:
    exports = [export(rule(str(n), n), name=name) for n, name in enumerate(("a:b", "a?b"), 1)]
    found = syncrules.plan(exports, staging=STAGING, mapping={A1: B1}).diagnostics
    assert [d.code for d in found] == ["SR503", "SR512", "SR512"]
    taken = [export(rule(), name="disable?out/of:box"), export(rule("x", 2), name="disable-x")]
    assert "SR503" not in {d.code for d in syncrules.plan(taken, staging=STAGING).diagnostics}
    like_ours = export(rule(), name="disable:out:of:box.ps1")
    found = syncrules.plan(like_ours, staging=STAGING, mapping={A1: B1}).diagnostics
    assert [d.code for d in found] == ["SR503", "SR512"]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("In from AD – User Büro Zürich", "In-from-AD-User-Buro-Zurich"),
        ("Straße", "Strasse"),
        ("Élève naïf à Œuvre", "Eleve-naif-a-OEuvre"),
        ("Łódź Ørsted Þór", "Lodz-Orsted-THor"),
        ("Ｆｕｌｌ ﬁ", "Full-fi"),
        ("Bu\u0308ro", "Buro"),
        ("規則", "rule"),
        ("LPT¹", "LPT"),
    ],
)
def test_letters_with_marks_become_plain_ones(name: str, plain: str) -> None:
    assert plain_name(name, "rule") == plain


@given(st.text())
def test_a_plain_name_is_of_ascii_and_short(name: str) -> None:
    assert re.fullmatch("[A-Za-z0-9]+(-[A-Za-z0-9]+)*", plain_name(name, "rule"))
    assert len(plain_name(name, "rule")) <= 60
