"""A configuration of a newer build: what all its rules have is the format's, all else a rule's."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import (
    ENTRA,
    codes,
    errors,
    export,
    out_of_box,
    rule,
    run,
    server,
    the,
    write,
)
from support.configurations import rule_xml
from support.server_files import SAMPLE, parts_of, read_bytes
from syncrules import AttributeFlowMapping, JoinCondition, NotCarried, ScopeCondition, SyncRule
from syncrules.diagnostics import Option
from syncrules.kit.assembling import kit_of


def full(made: SyncRule) -> SyncRule:
    """Return a rule with something of each kind that one can hold."""
    return replace(
        made,
        attribute_flow_mappings=(
            AttributeFlowMapping(("cn",), "displayName", "Direct", "Update", False, None),
            AttributeFlowMapping(("cn",), "title", "Expression", "Update", False, "[cn]"),
        ),
        scope_filter=((ScopeCondition("department", "x", "EQUAL"),),),
        join_filter=((JoinCondition("mail", "mail", True),),),
    )


MICROSOFTS = full(out_of_box())
RULES = (full(rule("one")), full(rule("two", 2)), MICROSOFTS)

KINDS = {
    "rule-format": ("<name>", "<rule-format>2</rule-format><name>", "2"),
    "empty": ("<name>", "<empty/><name>", ""),
    "audit": (
        "<name>",
        "<audit by='x'><at>1</at> <at/></audit><name>",
        '<audit by="x"><at>1</at> <at></at></audit>',
    ),
    "note": ("<name>", "<note at='1'>2</note><name>", '<note at="1">2</note>'),
    "pair": ("<name>", "<pair>a<b/></pair><name>", "<pair>a<b></b></pair>"),
    "tag": ("<name>", "<tag>a</tag><tag>b</tag><name>", "<tag>a</tag><tag>b</tag>"),
    "@format": ("<synchronizationRule>", "<synchronizationRule format='2'>", "2"),
    "name/@culture": ("<name>", "<name culture='en'>", "en"),
    "linkType/strict": ("</linkType>", "<strict/></linkType>", ""),
    "attribute-mappings/@order": ("<attribute-mappings>", "<attribute-mappings order='0'>", "0"),
    "attribute-mappings/mapping/enabled": ("<dest>", "<enabled>True</enabled><dest>", "True"),
    "attribute-mappings/mapping/@enabled": ("<mapping>", "<mapping enabled='True'>", "True"),
    "attribute-mappings/mapping/src/attr/@type": ("<attr>", "<attr type='String'>", "String"),
    "relationshipCriteria/mode": (
        "<relationshipCriteria>", "<relationshipCriteria><mode>1</mode>", "1",
    ),
    "relationshipCriteria/conditions/@operator": (
        "<conditions><condition>", "<conditions operator='AND'><condition>", "AND",
    ),
    "relationshipCriteria/conditions/operator": (
        "<conditions><condition>", "<conditions><operator>AND</operator><condition>", "AND",
    ),
    "relationshipCriteria/conditions/condition/weight": (
        "<ilmAttribute>", "<weight>1</weight><ilmAttribute>", "1",
    ),
    "synchronizationCriteria/conditions/operator": (
        "<conditions><scope>", "<conditions><operator>AND</operator><scope>", "AND",
    ),
    "synchronizationCriteria/conditions/scope/@culture": ("<scope>", "<scope culture='en'>", "en"),
}  # fmt: skip
"""What a newer build may write, by its path: where, what, and its value."""


def files_with(*values: str | None, rules: Sequence[SyncRule] = RULES) -> dict[str, bytes]:
    """Return a configuration whose rules have the element `new` with these values, or lack it."""
    files = parts_of(*rules)
    for number, value in enumerate(values):
        if value is not None:
            put(files, number, "<name>", f"<new>{value}</new><name>")
    return files


def put(files: dict[str, bytes], number: int, old: str, new: str) -> None:
    """Change the file of a rule."""
    name = f"Rule_{number}.xml"
    text = files[name].decode()
    assert old in text
    files[name] = text.replace(old, new).encode()


def newer(path: str) -> dict[str, bytes]:
    """Return a configuration all whose rules have what is at this path."""
    files = parts_of(*RULES)
    for number in range(len(RULES)):
        put(files, number, *KINDS[path][:2])
    return files


# ---- Properties ----------------------------------------------------------------------------------

VALUES = st.sampled_from([None, "", "1", "2"])


@given(VALUES, st.lists(VALUES, min_size=3, max_size=3))
def test_it_is_of_the_format_where_every_rule_has_it_alike(
    common: str | None, others: list[str | None]
) -> None:
    for values in ((common,) * 3, others):
        custom = [v for v in values[:2] if v is not None]
        is_format = bool(custom) and len({*values}) == 1
        files = files_with(*values)
        refused = {*codes(read_bytes(files, to_move=True).diagnostics)}
        assert refused == ({"SR127"} if is_format else {"SR117"} if custom else set())
        accepted = read_bytes(files, to_move=True, accept=["new"])
        assert ("SR117" in codes(accepted.diagnostics)) is bool(custom and not is_format)
        assert bool(accepted.exports) is (is_format or not custom)


@pytest.mark.parametrize("path", KINDS)
def test_it_is_told_once_and_the_rules_move_without_it_where_that_is_accepted(path: str) -> None:
    files, value = newer(path), KINDS[path][2]

    (finding,) = read_bytes(files, to_move=True).diagnostics
    assert finding.code == "SR127"
    assert f"{path} ('{value}')" in finding.message
    accepted = re.findall(r'--accept-element "([^"]+)"', finding.hint)
    assert accepted == [path]

    loaded = read_bytes(files, to_move=True, accept=accepted)
    assert loaded.diagnostics == ()
    (export,) = loaded.exports
    assert {*export.rules} == {*RULES[:2]}
    assert export.not_carried == (NotCarried("server", path, value),)


@pytest.mark.parametrize("path", KINDS)
def test_what_one_rule_lacks_is_of_the_others(path: str) -> None:
    for lacking in range(len(RULES)):
        files = newer(path) | {f"Rule_{lacking}.xml": rule_xml(RULES[lacking]).encode()}
        for accept in ((), (path,)):
            found = read_bytes(files, to_move=True, accept=accept)
            assert codes(found.diagnostics) == ["SR117"] * (1 if lacking < 2 else 2)
            assert found.exports == ()
            in_vain = ["only for what every rule has" in d.message for d in found.diagnostics]
            assert {*in_vain} == {bool(accept)}


# ---- Examples ------------------------------------------------------------------------------------


def test_microsofts_sample_with_custom_rules_of_a_newer_build() -> None:
    paths = sorted(SAMPLE.glob("*/*.xml"))
    rules = [p for p in paths if p.name.startswith("SynchronizationRule")]
    files = {p.name: p.read_bytes() for p in paths}
    files |= {f"own-{n}.xml": rule_xml(rule(str(n), n, ENTRA)).encode() for n in range(3)}
    for name in (*(p.name for p in rules), "own-0.xml", "own-1.xml", "own-2.xml"):
        files[name] = files[name].replace(b"<name>", b"<build>2.5</build><name>")
    partial = {"SR116"}  # the repository has a part of the sample only
    assert {*codes(read_bytes(files, to_move=True).diagnostics)} - partial == {"SR127"}
    assert len(read_bytes(files, to_move=True, accept=["build"]).exports[0].rules) == 3


def test_several_are_one_finding_with_an_option_each() -> None:
    files = files_with("1", "1", "1")
    for number in range(len(RULES)):
        put(files, number, "<dest>", "<kind>2</kind><dest>")
    (finding,) = read_bytes(files, to_move=True).diagnostics
    kind = "attribute-mappings/mapping/kind"
    assert f"new ('1'), {kind} ('2')" in finding.message
    assert finding.hint.endswith(f'--accept-element "new" --accept-element "{kind}"')
    assert finding.options == tuple(Option("--accept-element", one) for one in ("new", kind))
    (left,) = read_bytes(files, to_move=True, accept=["new"]).diagnostics
    assert "new" not in left.message.split("contains the same")[1]
    assert kind in left.message


def test_one_flow_of_one_rule_without_it_makes_it_the_others() -> None:
    files = parts_of(*RULES)
    for number in range(len(RULES)):
        put(files, number, "<dest>", "<enabled>True</enabled><dest>")
    put(files, 2, "<enabled>True</enabled><dest>title", "<dest>title")
    found = read_bytes(files, to_move=True, accept=["attribute-mappings/mapping/enabled"])
    assert codes(found.diagnostics) == ["SR117", "SR117"]


def test_a_rule_that_could_not_have_it_says_nothing_of_the_format() -> None:
    files = parts_of(full(rule()), rule("no conditions", 2), MICROSOFTS)
    assert b"<scope>" not in files["Rule_1.xml"]
    for number in (0, 2):
        put(files, number, "<scope>", "<scope><new/>")
    path = "synchronizationCriteria/conditions/scope/new"
    assert codes(read_bytes(files, to_move=True).diagnostics) == ["SR127"]
    assert read_bytes(files, to_move=True, accept=[path]).diagnostics == ()


def test_a_flow_in_custom_rules_only_needs_one_of_microsofts_to_compare_with() -> None:
    bare = replace(out_of_box(), attribute_flow_mappings=())
    files = parts_of(RULES[0], full(rule("two", 2)), bare)
    assert b"<mapping>" not in files["Rule_2.xml"]
    for number in range(2):
        put(files, number, "<dest>", "<enabled>True</enabled><dest>")
    assert codes(read_bytes(files, to_move=True).diagnostics) == ["SR117", "SR117"]


def test_custom_rules_alone_do_not_show_the_format() -> None:
    files = files_with("1", "1", rules=RULES[:2])
    found = read_bytes(files, to_move=True, accept=["new"])
    assert codes(found.diagnostics) == ["SR117", "SR117"]


def test_what_does_not_go_together_is_not_accepted_however_many_rules_have_it() -> None:
    files = parts_of(*RULES)
    for number in range(len(RULES)):
        put(files, number, "<conditions><scope>", "<conditions><condition/><scope>")
        put(files, number, "<name>", "<name>x</name><name>")
    found = read_bytes(files, to_move=True)
    (finding,) = found.diagnostics
    assert finding.code == "SR117"
    assert "name twice" in finding.message
    assert "conditions of another kind beside scope" in finding.message


@pytest.mark.parametrize("source", ["<src>True<new/></src>", "<src>\n<new/>\n</src>"])
def test_a_source_of_an_unknown_kind_is_not_taken_for_a_constant(source: str) -> None:
    constant = AttributeFlowMapping(("True",), "flag", "Constant", "Update", False, None)
    rules = [replace(r, attribute_flow_mappings=(constant,)) for r in RULES]
    files = parts_of(*rules)
    for number in range(len(rules)):
        put(files, number, "<src>True</src>", source)
    path = "attribute-mappings/mapping/src/new"
    found = read_bytes(files, to_move=True, accept=[path])
    assert codes(found.diagnostics) == ["SR117", "SR117"]


def test_a_long_value_is_cut_in_the_message_and_whole_in_the_export() -> None:
    long = "x" * 10_000
    files = files_with(long, long, long)
    (finding,) = read_bytes(files, to_move=True).diagnostics
    assert len(finding.message) < 400
    (export,) = read_bytes(files, to_move=True, accept=["new"]).exports
    assert export.not_carried[0].value == long


def test_a_value_may_be_deep() -> None:
    deep = "<a>" * 90 + "</a>" * 90
    files = files_with(deep, deep, deep)
    assert codes(read_bytes(files, to_move=True).diagnostics) == ["SR127"]


@pytest.mark.parametrize("name", ["new", "x"])
def test_a_name_that_nothing_has_is_refused(name: str) -> None:
    loaded = read_bytes(files_with("1", "1", "1"), to_move=True, accept=["new", name, name])
    assert codes(loaded.diagnostics) == ["SR128"] * (name == "x")
    assert codes(read_bytes(parts_of(*RULES), to_move=True, accept=[name]).diagnostics) == ["SR128"]
    assert codes(read_bytes({}, to_move=True, accept=[name]).diagnostics) == ["SR128"]


def test_it_is_no_matter_where_nothing_is_moved() -> None:
    assert read_bytes(files_with("1", "1", "1")).diagnostics == ()
    loaded = read_bytes(files_with("1", rules=(MICROSOFTS,)), to_move=True)
    assert (loaded.diagnostics, loaded.exports) == ((), ())


def test_other_files_of_a_newer_build_are_read_as_they_were() -> None:
    files = parts_of(*RULES)
    for name in [n for n in files if not n.startswith("Rule_")]:
        text = re.sub(r"(</\w+-data>)", r"<new at='1'><x/></new>\1", files[name].decode())
        assert "<new" in text
        files[name] = text.replace("<ma-data>", "<ma-data new='1'>").encode()
    loaded = read_bytes(files, to_move=True)
    assert loaded.diagnostics == ()
    assert loaded.server == read_bytes(parts_of(*RULES), to_move=True).server


# ---- The way out, and the reports ----------------------------------------------------------------

OWN = replace(RULES[0], connector=ENTRA)
THEIRS = replace(MICROSOFTS, connector=ENTRA)


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a newer configuration `old`, and the staging server's exports."""
    monkeypatch.chdir(tmp_path)
    for name, data in files_with("1", "1", rules=(OWN, THEIRS)).items():
        write(tmp_path / "old" / name, data)
    write(tmp_path / "staging.ps1", THEIRS)
    write(tmp_path / "editor.ps1", OWN)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", ["remap", "kit"])
def test_the_option_that_the_hint_shows_is_the_way_out(command: str) -> None:
    arguments = (command, "old", "--staging", "staging.ps1", "--check")
    refused = run(*arguments)
    assert refused.code == 1
    hint = next(line for line in refused.stderr.splitlines() if "--accept-element" in line)
    options = shlex.split(hint[hint.index("--accept-element") :])
    assert run(*arguments, *options).code == 0


@pytest.mark.parametrize("change", ["<new>1</new>", "<new>2</new>"])
def test_the_editors_export_beside_the_folder_is_the_other_way_out(
    folder: Path, change: str
) -> None:
    path = folder / "old" / "Rule_0.xml"
    path.write_text(path.read_text("utf-8").replace("<new>1</new>", change), "utf-8")
    assert run("remap", "old", "--staging", "staging.ps1", "--check").code == 1
    found = run("remap", "editor.ps1", "--active", "old", "--staging", "staging.ps1", "--check")
    assert (found.code, found.stderr) == (0, "")


@pytest.mark.usefixtures("folder")
def test_what_is_not_carried_over_stands_in_every_report() -> None:
    arguments = ("old", "--staging", "staging.ps1", "--accept-element", "new", "--check")
    text = run("remap", *arguments).stdout
    assert "Not carried over" in text
    assert "new ('1'), old" in text
    for command in ("remap", "kit"):
        document = json.loads(run(command, *arguments, "--format", "json").stdout)
        assert document["not_carried"] == [{"file": "old", "name": "new", "value": "1"}]

    (moved,) = syncrules.read_exports("old", accept_elements="new")
    plan = syncrules.plan(moved, staging=server(export(THEIRS)))
    assert plan.not_carried == (NotCarried("old", "new", "1"),)
    kit, _ = kit_of(plan)
    assert kit is not None
    report = kit.files["report.html"].decode()
    assert "Not carried over" in report
    assert "<bdi>new</bdi>" in report
    plain = kit_of(syncrules.plan(export(OWN), staging=server(export(THEIRS))))[0]
    assert plain is not None
    assert "Not carried over" not in plain.files["report.html"].decode()


@pytest.mark.usefixtures("folder")
def test_the_library_refuses_it_without_the_option() -> None:
    with pytest.raises(syncrules.InputRefused) as refused:
        syncrules.read_exports("old")
    the("SR127", refused.value.diagnostics)
    assert errors(syncrules.read_exports("old", accept_elements=["new"])[0].diagnostics) == []
