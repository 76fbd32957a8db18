"""`syncrules compare`: the verdict first, the heaviest causes, and an exit code for programs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from support.builders import A1, A2, B1, B2, guid, out_of_box, rule, run, text_of, write
from support.command_line import configured, document_of
from support.configurations import ENTRA_FILE, ConnectorFile, configuration
from syncrules import AttributeFlowMapping, ScopeCondition, SyncRule

ROOT = Path(__file__).parents[2]
FORESTS = ROOT / "samples" / "forests"
GOLDEN = ROOT / "tests" / "data" / "compare-forests.txt"
"""What the sample's two servers are told to differ in."""

PROFILES = {"Export": ("export",)}


def whole(folder: Path, *rules: SyncRule, forest: str = A1, **changes: object) -> Path:
    """Write a server of which everything is shown."""
    ad = ConnectorFile(
        forest,
        "contoso.com",
        forest="contoso.com",
        partitions=("DC=contoso,DC=com",),
        attributes=("cn",),
        selected=("cn",),
        included=("DC=contoso,DC=com",),
        run_profiles=PROFILES,
    )
    entra = replace(ENTRA_FILE, attributes=("cn",), selected=("cn",), run_profiles=PROFILES)
    return configuration(
        folder,
        connectors=[replace(ad, **changes), entra],  # type: ignore[arg-type]
        rules=rules,
        staging_mode=False,
        metaverse=("cloudFiltered",),
    )


def test_the_samples_two_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FORESTS)
    monkeypatch.setenv("COLUMNS", "80")
    done = run("compare", "active-configuration", "staging-configuration")
    assert (done.code, done.stderr) == (1, "")
    assert done.stdout == GOLDEN.read_text("utf-8")
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_the_samples_differences_are_counted() -> None:
    found = document_of(
        run(
            *("compare", FORESTS / "active-configuration", FORESTS / "staging-configuration"),
            *("--format", "json"),
        )
    )
    counts = {"only-a": 11, "changed-in-place": 1, "version": 1, "state": 1, "order": 1}
    assert found["counts"] == {**counts, "option": 1}
    assert sum(found["ignored"].values()) == 99
    assert [d["level"] for d in found["differences"]].count("expected") == 1  # staging mode
    assert not found["same"]


# ---- The rules that differ, by themselves --------------------------------------------------------

FLOW = AttributeFlowMapping(None, "title", "Expression", "Update", False, "Tirm([cn])")
WRONG = replace(rule("In from AD - Wrong", 3), attribute_flow_mappings=(FLOW,))


def test_a_rule_that_differs_is_looked_at_by_itself(tmp_path: Path) -> None:
    one = write(tmp_path / "one.ps1", text_of(rule(), WRONG))
    other = write(tmp_path / "other.ps1", text_of(rule(), replace(WRONG, link_type="StickyJoin")))
    done = run("compare", one, other)
    assert done.code == 1
    assert "Please review, in the rules that differ" in done.stdout
    (finding,) = document_of(run("compare", one, other, "--format", "json"))["diagnostics"]
    assert (finding["code"], finding["severity"]) == ("SR710", "warning")
    assert [(Path(p["file"]).name, p["line"]) for p in finding["places"]] == [
        ("one.ps1", finding["line"]),
        ("other.ps1", finding["line"]),
    ]


def test_a_rule_that_is_the_same_or_whose_difference_is_accepted_is_not(tmp_path: Path) -> None:
    one = write(tmp_path / "one.ps1", text_of(rule(), WRONG))
    other = write(tmp_path / "other.ps1", text_of(replace(rule(), link_type="StickyJoin"), WRONG))
    assert document_of(run("compare", one, other, "--format", "json"))["diagnostics"] == []
    other = write(tmp_path / "other.ps1", text_of(rule(), replace(WRONG, link_type="StickyJoin")))
    known = tmp_path / "known.json"
    assert run("compare", one, other, "--write-accepted", known).code == 1
    done = run("compare", one, other, "--accept", known)
    assert (done.code, "SR710" in done.stdout) == (0, False)
    more = replace(rule(), link_type="StickyJoin"), replace(WRONG, link_type="StickyJoin")
    other = write(tmp_path / "other.ps1", text_of(*more))
    done = run("compare", one, other, "--accept", known)
    assert (done.code, "SR710" in done.stdout) == (1, False)


def test_of_microsofts_rules_that_differ_no_note_is_shown(tmp_path: Path) -> None:
    noted = replace(FLOW, expression='ValueCount("member")')
    made = [
        replace(out_of_box(number=n), attribute_flow_mappings=(f,), link_type=link)
        for link in ("Join", "StickyJoin")
        for n, f in ((901, noted), (902, FLOW))
    ]
    one = write(tmp_path / "one.ps1", text_of(*made[:2]))
    other = write(tmp_path / "other.ps1", text_of(*made[2:]))
    found = document_of(run("compare", one, other, "--format", "json"))["diagnostics"]
    assert [f["code"] for f in found] == ["SR710"]
    custom = [replace(m, immutable_tag="", precedence=9) for m in made[::2]]
    one = write(tmp_path / "one.ps1", text_of(custom[0]))
    other = write(tmp_path / "other.ps1", text_of(custom[1]))
    found = document_of(run("compare", one, other, "--format", "json"))["diagnostics"]
    assert [f["code"] for f in found] == ["SR719"]


# ---- The exit code -------------------------------------------------------------------------------


def test_the_same_server_twice(tmp_path: Path) -> None:
    one = whole(tmp_path / "one", rule(), out_of_box())
    other = whole(tmp_path / "other", replace(rule(connector=B1), identifier=guid(7)),
                  out_of_box(number=901, connector=B1), forest=B1)  # fmt: skip
    done = run("compare", one, other, "--strict")
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.startswith("No difference was found.\n")
    assert "differences that mean nothing were ignored: --all" in done.stdout


def test_a_difference(tmp_path: Path) -> None:
    one = whole(tmp_path / "one", rule())
    other = whole(tmp_path / "other", replace(rule(), disabled=True))
    done = run("compare", one, other)
    assert done.code == 1
    assert done.stdout.startswith("Different: 1 rule changed\n")
    assert "    state: enabled on A, disabled on B\n" in done.stdout


def test_what_could_not_be_compared_counts_with_strict(tmp_path: Path) -> None:
    one = whole(tmp_path / "one", rule())
    other = write(tmp_path / "other.ps1", rule())
    done = run("compare", one, other)
    assert done.code == 0
    assert done.stdout.startswith("No difference was found; not everything could be compared.\n")
    assert "  options: no file of B shows all of it\n" in done.stdout
    assert run("compare", one, other, "--strict").code == 1


def test_a_rule_that_an_export_lacks_may_be_there(tmp_path: Path) -> None:
    whole_server = whole(tmp_path / "one", rule(), rule("Other", 2))
    part = write(tmp_path / "other.ps1", rule())
    for a, b in ((whole_server, part), (part, whole_server)):
        done = run("compare", a, b)
        assert done.code == 0
        assert "Only on" not in done.stdout
        assert "(Other)" in done.stdout
    done = run("compare", whole_server, part, "--also-b", whole(tmp_path / "more", rule()))
    assert done.code == 1
    assert "Only on A (1)\n  'Other' (contoso.com, inbound, custom)\n" in done.stdout


@pytest.mark.parametrize("bad", ["missing", "a.xml", "a.json", "a.ps1"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_what_cannot_be_read_is_neither_the_same_nor_different(
    bad: str, form: str, tmp_path: Path
) -> None:
    texts = {"a.xml": "<!DOCTYPE x><x/>", "a.json": "[[1]]", "a.ps1": "if ($a) {}"}
    if bad in texts:
        write(tmp_path / bad, texts[bad])
    good = write(tmp_path / "good.ps1", rule())
    for paths in ((good, tmp_path / bad), (tmp_path / bad, good)):
        done = run("compare", *paths, "--format", form)
        assert done.code == 2
        assert "nothing was compared" in done.stderr
        assert done.codes
        if form == "json":
            found = json.loads(done.stdout)
            assert found["same"] is None
            assert [d["code"] for d in found["diagnostics"]] == done.codes


@pytest.mark.parametrize("holder", ["synchronizationRule", "mapping", "conditions", "scope"])
def test_what_is_not_known_in_a_rule_is_not_compared(holder: str, tmp_path: Path) -> None:
    scope = ((ScopeCondition("title", "CEO", "EQUAL"),),)
    own = replace(rule(), scope_filter=scope)
    one, other = (whole(tmp_path / side, own) for side in ("one", "other"))
    assert run("compare", one, other, "--strict").code == 0
    (file,) = (other / "SynchronizationRules").iterdir()
    text = file.read_text("utf-8")
    file.write_text(text.replace(f"</{holder}>", f"<newer>1</newer></{holder}>", 1), "utf-8")
    for sides in ((one, other), (other, one)):
        done = run("compare", *sides)
        assert done.code == 0
        assert done.stdout.startswith("No difference was found; not everything could be compared.")
        assert "does not know it (newer)" in " ".join(done.stdout.split())
        assert run("compare", *sides, "--strict").code == 1


def test_standard_input_is_one_server(tmp_path: Path) -> None:
    good = write(tmp_path / "good.ps1", rule())
    assert run("compare", "-", good, stdin=good.read_bytes()).code == 0
    for paths in (("-", "-"), ("-", good, "--also-b", "-")):
        done = run("compare", *paths, stdin=good.read_bytes())
        assert done.code == 2
        assert "one server only" in done.stderr


def test_a_folder_with_a_licence_in_it_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "active"
    shutil.copytree(FORESTS / "active-configuration", folder)
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE.txt")
    assert run("compare", folder, FORESTS / "active-configuration").code == 0


# ---- Connectors ----------------------------------------------------------------------------------


def two_forests(folder: Path, *identifiers: str) -> Path:
    """Write exports of rules of two connectors that nothing tells apart."""
    rules = (rule(f"Custom {n}", n, i) for n, i in enumerate(identifiers, start=1))
    return write(folder / "rules.ps1", text_of(*rules))


def test_connectors_that_nothing_tells_are_asked_about(tmp_path: Path) -> None:
    a = two_forests(tmp_path / "a", A1, A2)
    b = two_forests(tmp_path / "b", B1, B2)
    done = run("compare", a, b)
    assert done.code == 0
    assert "is not known: say" in done.stdout.replace("\n      ", " ")
    mapped = run("compare", a, b, "--map", f"{A1}={B1}", "--map", f"{A2}={B2}")
    assert mapped.code == 0
    assert "is not known: say" not in mapped.stdout.replace("\n      ", " ")
    crossed = run("compare", a, b, "--map", f"{A1}={B2}", "--map", f"{A2}={B1}")
    assert crossed.code == 1  # rules of one identifier are one, whatever else is told


@pytest.mark.parametrize(
    ("given", "code"),
    [({B1: B1}, "SR401"), ({A1: A2}, "SR403"), ({A1: B1, A2: B1}, "SR407")],
)
def test_a_wrong_map_is_wrong_usage(given: Mapping[str, str], code: str, tmp_path: Path) -> None:
    a = two_forests(tmp_path / "a", A1, A2)
    b = two_forests(tmp_path / "b", B1, B2)
    options = [word for old, new in given.items() for word in ("--map", f"{old}={new}")]
    done = run("compare", a, b, *options)
    assert (done.code, done.codes) == (2, [code])


def test_a_connector_without_a_pair_is_one_line_with_a_count(tmp_path: Path) -> None:
    rules = [rule(f"Custom {n}", n, A2) for n in range(1, 4)]
    one = configuration(
        tmp_path / "one",
        connectors=[
            ConnectorFile(A1, "contoso.com", forest="contoso.com"),
            ConnectorFile(A2, "fabrikam.com", forest="fabrikam.com"),
            ENTRA_FILE,
        ],
        rules=[rule("Custom 9", 9), *rules],
    )
    other = configured(tmp_path / "other", A1, rule("Custom 9", 9))
    done = run("compare", one, other)
    assert done.code == 1
    assert "  fabrikam.com: only one server has it, with 3 rules\n" in done.stdout
    assert "Custom 1" not in done.stdout


# ---- More and less -------------------------------------------------------------------------------


def test_five_examples_each_and_all_of_them(tmp_path: Path) -> None:
    one = whole(tmp_path / "one", *(rule(f"Custom {n}", n) for n in range(1, 9)))
    other = whole(tmp_path / "other", rule("Custom 1", 1))
    done = run("compare", one, other)
    assert "Only on A (7)\n" in done.stdout
    assert done.stdout.count("custom)") == 5
    assert "  and 2 more: --all\n" in done.stdout
    assert run("compare", one, other, "--all").stdout.count("custom)") == 7


def test_all_tells_what_is_ignored_and_what_is_noted(tmp_path: Path) -> None:
    one = whole(tmp_path / "one", rule())
    other = whole(tmp_path / "other", replace(rule(), description="New", precedence=60))
    done = run("compare", one, other, "--strict")
    assert done.code == 0
    assert "1 difference that means nothing was ignored, 1 note: --all\n" in done.stdout
    done = run("compare", one, other, "--all")
    assert "  precedence (1)\n    'In from AD - Custom' (contoso.com): 50 on A, 60 on B\n" in (
        done.stdout
    )
    assert "    description: none on A, New on B\n" in done.stdout


def test_attributes_that_other_rules_decide(tmp_path: Path) -> None:
    first, second = rule("First", 1), rule("Second", 2)
    one = whole(tmp_path / "one", first, second)
    other = whole(tmp_path / "other", replace(first, precedence=60), second)
    done = run("compare", one, other, "--attributes")
    assert done.code == 1
    assert (
        "Attributes that other rules decide (1)\n"
        "  cloudFiltered of person in the metaverse\n"
        "    A:\n"
        "      1. 'First' (contoso.com, precedence 50)\n"
        "         'True'\n"
        "      2. 'Second' (contoso.com, precedence 51)\n"
        "         'True'\n"
        "    B:\n"
        "      1. 'Second' (contoso.com, precedence 51)\n"
        "         'True'\n"
        "      2. 'First' (contoso.com, precedence 60)\n"
        "         'True'\n"
    ) in done.stdout
    (change,) = document_of(run("compare", one, other, "--attributes", "--format", "json"))[
        "attributes"
    ]
    assert [r["name"] for r in change["b"]["rules"]] == ["Second", "First"]


def test_inspect_lists_what_attributes_are_decided_by(tmp_path: Path) -> None:
    one = whole(tmp_path / "one", rule("First", 1), replace(rule("Second", 2), disabled=True))
    done = run("inspect", one, "--attributes")
    assert done.code == 0
    assert done.stdout.endswith(
        "Attributes, with the rules that fill them\n"
        "  cloudFiltered of person in the metaverse\n"
        "    1. 'First' (contoso.com, precedence 50)\n"
        "       'True'\n"
    )
    (found,) = document_of(run("inspect", one, "--attributes", "--format", "json"))["attributes"]
    assert [r["name"] for r in found["rules"]] == ["First"]
    assert "attributes" not in document_of(run("inspect", one, "--format", "json"))


# ---- Names from elsewhere ------------------------------------------------------------------------


def test_names_are_echoed_with_escapes(tmp_path: Path) -> None:
    one = whole(tmp_path / "one", rule("A\x85\u202eB"))
    other = whole(tmp_path / "other", rule("B", 2))
    done = run("compare", one, other)
    assert "\u202e" not in done.stdout
    assert "'A\\x85\\u202eB'" in done.stdout
