"""`syncrules check`: which findings count, and the forms in which they are printed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from syncrules.cli.github import annotation
from syncrules.cli.sarif import sarif

import syncrules
from support.builders import A1, B1, Outcome, guid, rule, run, text_of, write
from support.command_line import document_of
from support.configurations import ENTRA_FILE, ConnectorFile, configuration
from syncrules import AttributeFlowMapping, Diagnostic, SyncRule
from syncrules.diagnostics import Code, Place, Problem

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "tests" / "data" / "sarif" / "sarif-2.1.0.json"

WRONG = "Tirm([cn])"
"""The name of a function misspelt: one warning."""
NOTED = 'ValueCount("member")'
"""A function that is not documented: one note."""


def with_flow(
    expression: str, destination: str = "title", number: int = 1, connector: str = A1
) -> SyncRule:
    flow = AttributeFlowMapping(None, destination, "Expression", "Update", False, expression)
    name = f"In from AD - {number}"
    return replace(rule(name, number, connector), attribute_flow_mappings=(flow,))


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, with rules that are sound, doubtful, noted, or cannot be read."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "sound.ps1", with_flow("Trim([cn])"))
    write(tmp_path / "wrong.ps1", with_flow(WRONG))
    write(tmp_path / "noted.ps1", with_flow(NOTED, number=2))
    write(tmp_path / "unread.ps1", "Remove-ADSyncRule")
    return tmp_path


def check(*arguments: str | Path) -> Outcome:
    return run("check", *arguments)


# ---- What counts ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
@pytest.mark.parametrize(
    ("file", "code", "strict_code"),
    [("sound", 0, 0), ("noted", 0, 0), ("wrong", 0, 1), ("unread", 1, 1)],
)
def test_an_error_is_1_and_with_strict_a_warning_too(
    file: str, code: int, strict_code: int, form: str
) -> None:
    assert check(f"{file}.ps1", "--format", form).code == code
    done = check(f"{file}.ps1", "--format", form, "--strict")
    assert (done.code, done.stderr) == (strict_code, "")


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), ["SR710", "SR719"]),
        (("--select", "SR710"), ["SR710"]),
        (("--select", "sr71"), ["SR710", "SR719"]),
        (("--select", "SR72"), []),
        (("--select", "SR72", "--select", "SR719"), ["SR719"]),
        (("--ignore", "SR719"), ["SR710"]),
        (("--ignore", "SR7"), []),
        (("--ignore", "SR710", "--ignore", "SR719"), []),
        (("--select", "SR7", "--ignore", "SR710"), ["SR719"]),
    ],
)
def test_codes_are_selected_and_ignored_by_how_they_begin(
    options: tuple[str, ...], expected: list[str]
) -> None:
    done = check("wrong.ps1", "noted.ps1", *options, "--strict")
    assert done.codes == expected
    assert done.code == ("SR710" in expected)


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("options", [("--select", "SR7"), ("--ignore", "SR2")])
def test_an_error_is_reported_whatever_is_selected(options: tuple[str, ...]) -> None:
    done = check("unread.ps1", "sound.ps1", *options)
    assert done.code == 1
    assert len(done.codes) == 1


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize("code", ["SR999", "SR", "S", "X", "", "SR7100", "SR8", "wrong.ps1"])
def test_a_code_that_does_not_exist_is_wrong_usage(option: str, code: str) -> None:
    done = check("sound.ps1", option, code)
    assert (done.code, done.stdout) == (2, "")
    assert option in done.stderr


# ---- What is looked at ---------------------------------------------------------------------------


def _server(folder: Path, identifier: str, *attributes: str, rules: tuple[SyncRule, ...]) -> Path:
    forest = ConnectorFile(identifier, "contoso.com", forest="contoso.com", attributes=attributes)
    names = ("title", "cloudFiltered")
    return configuration(folder, connectors=[forest, ENTRA_FILE], rules=rules, metaverse=names)


def test_attributes_are_looked_up_in_the_schema_of_the_server_itself_or_of_staging(
    there: Path,
) -> None:
    custom = with_flow("[mine]")
    active = _server(there / "active", A1, "mine", rules=(custom,))
    staging = _server(there / "staging", B1, "other", rules=())
    assert "SR720" not in check(active).codes
    assert check(active, "--staging", staging).codes.count("SR720") == 1
    assert "SR720" not in check(active, "--staging", active).codes
    mapped = write(there / "mapped.ps1", with_flow("[mine]", connector=B1))
    assert check(mapped, "--staging", staging).codes == ["SR720"]


@pytest.mark.usefixtures("there")
def test_the_rules_of_staging_are_not_checked(tmp_path: Path) -> None:
    staging = _server(tmp_path / "staging", A1, "cn", rules=(with_flow(WRONG, number=2),))
    assert check("sound.ps1", "--staging", staging).codes == []


def test_what_the_files_do_not_show_is_listed_and_no_more(there: Path) -> None:
    assert len(document_of(check("sound.ps1", "--format", "json"))["not_checked"]) == 2
    whole = _server(there / "whole", A1, "cn", rules=(with_flow("Trim([cn])"),))
    assert document_of(check(whole, "--format", "json"))["not_checked"] == []
    assert "Not checked" not in check(whole).stdout
    done = check("sound.ps1", "--staging", whole)
    assert "all rules" in done.stdout
    assert "schema" not in done.stdout


@pytest.mark.usefixtures("there")
def test_what_describes_staging_must_be_readable() -> None:
    done = check("sound.ps1", "--staging", "unread.ps1")
    assert done.code == 1
    assert "unread.ps1" in done.stdout


def test_standard_input_is_one_server_only() -> None:
    assert run("check", "-", stdin=text_of(with_flow(WRONG))).codes == ["SR710"]
    assert run("check", "-", "--staging", "-").code == 2


# ---- As text -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("there")
def test_the_verdict_stands_first_and_last() -> None:
    lines = check("wrong.ps1", "noted.ps1").stdout.splitlines()
    assert lines[0] == lines[-1] == "Checked 2 rules: 1 warning, 1 note."
    assert check("wrong.ps1", "--strict").stdout.startswith("Checked 1 rule: 1 warning (--strict).")
    assert check("unread.ps1", "--strict").stdout.startswith("Checked no rules: 1 error.")
    assert check("sound.ps1").stdout.splitlines()[0] == "Checked 1 rule: no findings."


@pytest.mark.usefixtures("there")
def test_v_shows_the_line_with_the_place_marked() -> None:
    shown = check("wrong.ps1", "-v").stdout
    assert "^^^^" in shown
    assert "^^^^" not in check("wrong.ps1").stdout


# ---- SARIF and annotations -----------------------------------------------------------------------

TEXTS = st.text(st.sampled_from("ab\n[]\"'{}%:,;é😀\u202e\x1b"), max_size=12)


def _inside(text: str, region: dict[str, int]) -> str:
    """Return the part of a text that a region is."""
    starts = [0, *(match.end() for match in re.finditer("\r\n|\n", text))]
    begin = starts[region["startLine"] - 1] + region["startColumn"] - 1
    return text[begin : starts[region["endLine"] - 1] + region["endColumn"] - 1]


@given(before=st.text(st.sampled_from("ab é😀 &"), max_size=8), count=st.integers(1, 4))
def test_a_region_is_what_the_finding_is_about(before: str, count: int) -> None:
    flows = [with_flow(f'"{before}" & {WRONG}', number=n + 1) for n in range(count)]
    text = text_of(*flows)
    export = syncrules.parse(text, name="rules.ps1")
    log = sarif(syncrules.check(export), {export.name: export.source})
    (result,) = log["runs"][0]["results"]
    regions = [place["physicalLocation"]["region"] for place in result["locations"]]
    assert [_inside(text, region) for region in regions] == ["Tirm"] * count


def test_a_region_may_go_over_several_lines() -> None:
    text = text_of(replace(rule(), precedence=150))
    export = syncrules.parse(text, name="rules.ps1")
    found = syncrules.check(export)
    (result,) = sarif(found, {export.name: export.source})["runs"][0]["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region["endLine"] > region["startLine"] == 1
    assert _inside(text, region).startswith("New-ADSyncRule")
    assert "endLine=" in annotation(found[0], {export.name: export.source})
    assert "col=" not in annotation(found[0], {export.name: export.source})
    without = sarif(found, {})["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert without["region"]["endLine"] == 1


@pytest.mark.usefixtures("there")
def test_a_log_has_what_sarif_asks_for() -> None:
    log = document_of(check("wrong.ps1", "noted.ps1", "unread.ps1", "--format", "sarif"))
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    assert only["columnKind"] == "unicodeCodePoints"
    rules = only["tool"]["driver"]["rules"]
    assert len({one["id"] for one in rules}) == len(rules) == 3
    for result in only["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        for place in result["locations"]:
            physical = place["physicalLocation"]
            assert re.fullmatch(r"[\w./-]+", physical["artifactLocation"]["uri"])
            assert min(physical["region"].values()) >= 1


def test_a_rule_of_a_log_has_the_page_of_its_code() -> None:
    found = [Problem(code, "It is so.", "Do this.").at() for code in Code]
    rules = sarif(found, {})["runs"][0]["tool"]["driver"]["rules"]
    assert [one["id"] for one in rules] == [*Code]
    for one, code in zip(rules, Code, strict=True):
        assert one["help"]["markdown"].startswith(f"# {code} · {code.heading}")
        assert one["help"]["text"].startswith(f"{code} · ")
        assert "\x1b" not in one["help"]["text"]
        assert one["shortDescription"]["text"] == code.heading
        assert one["fullDescription"]["text"] in " ".join(one["help"]["text"].split())
        assert one["fullDescription"]["text"][:5] in ("Error", "Warni", "Note.", "Note,")
        assert "](" not in one["help"]["markdown"] + one["help"]["text"]  # it would lead nowhere


def test_a_page_that_names_another_one_has_its_code() -> None:
    (one,) = sarif([Problem(Code.SR710, "", "").at()], {})["runs"][0]["tool"]["driver"]["rules"]
    assert "(SR719)" in one["help"]["markdown"]


@pytest.mark.usefixtures("there")
def test_a_log_is_valid_by_the_schema_of_sarif() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    validator.check_schema(schema)
    of_every_code = [Problem(code, "It is so.", "Do this.").at(Place("a b/é.ps1")) for code in Code]
    for log in (
        sarif(of_every_code, {}),
        sarif((), {}),
        document_of(check("wrong.ps1", "noted.ps1", "unread.ps1", "--format", "sarif")),
    ):
        validator.validate(log)
        assert log["$schema"].endswith("/sarif-schema-2.1.0.json")
    broken = sarif(of_every_code[:1], {})
    broken["runs"][0]["results"][0]["level"] = "grave"
    with pytest.raises(ValidationError):
        validator.validate(broken)


def test_no_finding_is_an_empty_log() -> None:
    only = sarif((), {})["runs"][0]
    assert (only["results"], only["tool"]["driver"]["rules"]) == ([], [])


def _whole_file(name: str, message: str = "It is so.") -> Diagnostic:
    return Problem(Code.SR111, message, "Do this.").at(Place(name))


def test_what_is_said_of_a_whole_file_is_at_its_first_line() -> None:
    found = _whole_file("empty.ps1")
    (result,) = sarif((found,), {})["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    assert annotation(found, {}).startswith("::error file=empty.ps1,line=1,title=SR111 ")


@given(name=st.text(st.sampled_from("ab %#?:é[]\\"), min_size=1, max_size=8))
def test_an_odd_file_name_is_a_uri(name: str) -> None:
    path = Path("rules", name)
    (result,) = sarif((_whole_file(str(path)),), {})["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[\w./~%-]+", uri, re.ASCII)
    assert unquote(uri) == path.as_posix()
    (result,) = sarif((_whole_file(str(path.absolute())),), {})["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == path.absolute().as_uri()


@given(name=TEXTS.filter(bool), message=TEXTS)
def test_an_annotation_is_one_line_that_foreign_text_cannot_leave(name: str, message: str) -> None:
    line = annotation(_whole_file(name, message), {})
    assert line.isprintable()
    assert line.count("::error ") == 1
    assert not re.search("%(?!25|0A|0D|2C|3A)", line)
    told = re.fullmatch(r"::error file=([^,:]+),line=1,title=([^,:]+)::(.*)", line)
    assert told is not None
    assert unquote(told[1]) == syncrules.diagnostics.printable(name)
    assert unquote(told[3]).startswith(syncrules.diagnostics.printable(message))


def test_an_annotation_names_the_other_places() -> None:
    rules = [with_flow(WRONG, number=n) for n in (1, 2)]
    export = syncrules.parse(text_of(*rules), name="rules.ps1")
    (found,) = syncrules.check(export)
    line = annotation(found, {export.name: export.source})
    assert re.match(r"::warning file=rules\.ps1,line=\d+,endLine=\d+,col=\d+,endColumn=\d+,", line)
    assert re.search(r"%0AAlso at rules\.ps1:\d+%0A", line)
    noted = syncrules.parse(text_of(with_flow(NOTED)), name="rules.ps1")
    assert annotation(syncrules.check(noted)[0], {}).startswith("::notice ")


# ---- The problem matcher -------------------------------------------------------------------------

MATCHERS = json.loads((ROOT / ".github" / "syncrules-matcher.json").read_text("utf-8"))


def matched(text: str) -> list[tuple[str | None, str | None, str | None, str, str, str]]:
    """Return what GitHub finds in the lines of a log, each time by the first matcher that fits."""
    found = []
    for line in text.splitlines():
        for matcher in MATCHERS["problemMatcher"]:
            (pattern,) = matcher["pattern"]
            fits = re.search(pattern["regexp"], line)
            if fits:
                severity = matcher.get("severity") or fits[pattern["severity"]]
                place = (fits[pattern[name]] for name in ("file", "line", "column"))
                found.append((*place, severity, fits[pattern["code"]], fits[pattern["message"]]))
                break
    return found


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("name", ["plain.ps1", "a b: c.ps1", "sub/é(1):2.ps1"])
def test_the_problem_matcher_finds_what_the_report_says(
    name: str, there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (there / name).parent.mkdir(exist_ok=True)
    write(there / name, text_of(with_flow(WRONG), with_flow(NOTED, number=2)))
    arguments = (name, "unread.ps1", _server(there / "folder", A1, rules=(with_flow(WRONG),)))
    expected = [
        (
            found["file"],
            *(None if found[at] is None else str(found[at]) for at in ("line", "column")),
            {"note": "notice"}.get(found["severity"], found["severity"]),
            found["code"],
            found["message"],
        )
        for found in document_of(check(*arguments, "--format", "json"))["diagnostics"]
    ]
    assert {one[3] for one in expected} == {"error", "warning", "notice"}
    monkeypatch.setenv("COLUMNS", "1000")
    assert matched(check(*arguments).stdout) == expected
    monkeypatch.setenv("COLUMNS", "80")
    for whole, cut in zip(expected, matched(check(*arguments).stdout), strict=True):
        assert cut[1:5] == whole[1:5]
        assert whole[5].startswith(cut[5])


def test_what_is_of_no_file_is_matched_too() -> None:
    assert matched("warning[SR473]: It is so.") == [
        (None, None, None, "warning", "SR473", "It is so.")
    ]
    assert matched("  hint: Do this.\nFor more: syncrules explain SR473\n") == []


def test_matchers_have_the_fields_that_github_reads() -> None:
    assert [*MATCHERS] == ["problemMatcher"]
    owners = [one["owner"] for one in MATCHERS["problemMatcher"]]
    assert len({*owners}) == len(owners)
    for one in MATCHERS["problemMatcher"]:
        assert one.keys() <= {"owner", "severity", "pattern"}
        (pattern,) = one["pattern"]
        groups = [value for name, value in pattern.items() if name != "regexp"]
        assert sorted(groups) == [*range(1, re.compile(pattern["regexp"]).groups + 1)]


def test_json_has_every_place(there: Path) -> None:
    write(there / "two.ps1", text_of(*(with_flow(WRONG, number=n) for n in (1, 2))))
    document = document_of(check("two.ps1", "--format", "json"))
    (finding,) = document["diagnostics"]
    assert len(finding["places"]) == 2
    assert (document["files"], document["rules"]) == (["two.ps1"], 2)
    assert guid(1) not in finding["message"]
