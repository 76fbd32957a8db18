"""The library as other programs use it: a few names, values that do not change, no side effects."""

from __future__ import annotations

import ast
import dataclasses
import gc
import inspect
import json
import pickle
import subprocess
import sys
import typing
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import assert_type

import pytest
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import (
    A1,
    B1,
    B2,
    ENTRA,
    codes,
    errors,
    export,
    listing,
    out_of_box,
    rule,
    server,
    staging_with,
    text_of,
    the,
    write,
)
from support.configurations import ENTRA_FILE, ConnectorFile, configuration
from support.strategies import sync_rules
from syncrules.diagnostics import printable

PACKAGE = Path(syncrules.__file__).parent
PUBLIC = [(name, getattr(syncrules, name)) for name in syncrules.__all__]


# ---- From files to files -------------------------------------------------------------------------


def test_a_migration_in_six_lines(tmp_path: Path) -> None:
    write(tmp_path / "staging" / "standard.ps1", out_of_box(connector=B1))
    data = text_of(rule(), out_of_box()).encode()

    script = syncrules.parse(data, name="custom.ps1")
    staging = syncrules.read_server([tmp_path / "staging"])
    plan = syncrules.plan([script], staging=staging, active=None, mapping={})
    output = plan.output()

    # What the type checker sees is the same as what runs: not `Any`.
    assert_type(output, dict[str, bytes])
    assert_type(script.rules, tuple[syncrules.SyncRule, ...])
    assert_type(plan.diagnostics, tuple[syncrules.Diagnostic, ...])
    assert_type(syncrules.emit(script.rules), bytes)

    assert bytes(script) == data
    assert script.rules == (rule(), out_of_box())
    assert not script.diagnostics
    assert [(p.active, p.staging) for p in plan.pairs] == [(A1, B1)]
    assert [(e.file, e.line, e.old, e.new) for e in plan.edits] == [
        ("custom.ps1", 11, f"'{A1}'", f"'{B1}'")
    ]
    assert codes(plan.diagnostics) == ["SR410"]
    assert [o.rule for o in plan.left_out] == [out_of_box()]
    assert list(output) == ["custom.ps1"]
    assert syncrules.parse(output["custom.ps1"]).rules == (rule(connector=B1),)


def test_parse_takes_text_as_well_as_bytes() -> None:
    text = text_of(rule("In from AD - Übung"))
    assert syncrules.parse(text).rules == syncrules.parse(text.encode("utf-8-sig")).rules
    assert not syncrules.parse(text).diagnostics  # text has no encoding to be in doubt about
    assert bytes(syncrules.parse(text)) == text.encode()


def test_emit_is_the_other_way() -> None:
    rules = (rule("O'Brien’s – “x”"), out_of_box())
    assert syncrules.parse(syncrules.emit(rules)).rules == rules
    assert syncrules.emit([]) == b""


def test_files_come_in_the_order_of_the_exports() -> None:
    exports = [export(rule(n, i), name=f"{n}.txt") for i, n in enumerate("cab", start=1)]
    plan = syncrules.plan(exports, staging=staging_with(B1))
    assert list(plan.output()) == ["c.ps1", "a.ps1", "b.ps1"]
    assert [m.file for m in plan.rules] == ["c.txt", "a.txt", "b.txt"]


def test_plan_takes_any_iterable_and_takes_it_once() -> None:
    plan = syncrules.plan(iter([export(rule())]), staging=staging_with(B1), mapping={A1: B1})
    assert len(plan.output()) == 1


def test_output_may_be_asked_for_twice_and_changed_by_the_caller() -> None:
    plan = syncrules.plan([export(rule())], staging=staging_with(B1))
    first = plan.output()
    before = dict(first)
    first.clear()
    assert plan.output() == before


def test_a_plan_tells_what_was_not_checked() -> None:
    plan = syncrules.plan([export(rule())], staging=staging_with(B1))
    assert plan.not_checked
    assert plan.to_do


# ---- Evidence ------------------------------------------------------------------------------------


def test_read_server_takes_files_and_folders_as_paths_or_strings(tmp_path: Path) -> None:
    write(tmp_path / "north" / "a.ps1", out_of_box(connector=B1))
    write(tmp_path / "south.txt", out_of_box("In from AD - Group Join", 901, B2))
    found = syncrules.read_server([str(tmp_path / "north"), tmp_path / "south.txt"])
    assert [(c.identifier, c.kind) for c in found.connectors] == [
        (B1, "Active Directory"),
        (B2, "Active Directory"),
    ]
    assert not any(e.complete for e in found.evidence)
    assert tuple(r.sync_rule for r in found.rules) == (
        out_of_box(connector=B1),
        out_of_box("In from AD - Group Join", 901, B2),
    )


def test_read_server_of_nothing_knows_nothing() -> None:
    assert syncrules.read_server([]) == syncrules.Server()


def test_read_server_names_every_file_that_it_cannot_read(tmp_path: Path) -> None:
    one = write(tmp_path / "one.ps1", "Remove-ADSyncRule")
    two = write(tmp_path / "two.ps1", text_of(rule())[:200])
    with pytest.raises(syncrules.SyntaxRefused) as refused:
        syncrules.read_server([one, two, tmp_path / "none.ps1"])
    named = {d.file for d in refused.value.diagnostics}
    assert named == {str(one), str(two), str(tmp_path / "none.ps1")}


def test_the_same_connector_in_two_files_is_one() -> None:
    known = server(export(out_of_box(), name="a"), export(rule(), name="b"))
    assert [(c.identifier, c.kind) for c in known.connectors] == [(A1, "Active Directory")]
    assert known.connector(A1) == known.connectors[0]
    assert known.connector(ENTRA) is None


def test_a_server_may_be_a_configuration_folder(tmp_path: Path) -> None:
    connector = ConnectorFile(B1, "contoso.com", forest="contoso.com")
    configuration(
        tmp_path / "new",
        connectors=[connector, ENTRA_FILE],
        rules=[out_of_box(connector=B1)],
        staging_mode=True,
        metaverse=("cn", "cloudFiltered"),
    )
    found = syncrules.read_server([tmp_path / "new"])
    assert [e.complete for e in found.evidence] == [True]
    assert {(c.identifier, c.forest) for c in found.connectors} == {
        (B1, "contoso.com"),
        (ENTRA, None),
    }
    assert [r.sync_rule for r in found.rules] == [out_of_box(connector=B1)]
    assert found.metaverse == frozenset(("cn", "cloudfiltered"))
    assert [mode for _, mode in found.staging_modes] == [True]


# ---- What the person who answers for it decides --------------------------------------------------


def test_a_plan_may_number_rules_anew_and_give_them_fresh_identifiers() -> None:
    plan = syncrules.plan(
        [export(rule("One", 1), rule("Two", 2))],
        staging=staging_with(B1),
        new_identifiers="seed",
        first_precedence=7,
    )
    assert [m.after.precedence for m in plan.rules] == [7, 8]
    assert [m.final for m in plan.rules] == [7, 8]
    assert not {m.before.identifier for m in plan.rules} & {m.after.identifier for m in plan.rules}
    (data,) = plan.output().values()
    assert syncrules.parse(data).rules == tuple(m.after for m in plan.rules)


def test_a_plan_tells_which_out_of_box_rules_it_disables_unless_told_to_leave_them() -> None:
    disabled = export(dataclasses.replace(out_of_box(), disabled=True), name="active.ps1")
    there = server(export(out_of_box(number=800, connector=B1)))
    plan = syncrules.plan([export(rule())], staging=there, active=server(disabled))
    assert [p.staging.name for p in plan.disabled] == ["In from AD - User Join"]
    assert list(plan.output()) == ["disable-out-of-box.ps1", "custom.ps1"]
    kept = syncrules.plan(
        [export(rule())],
        staging=there,
        active=server(disabled),
        keep_enabled=["In from AD - User Join"],
    )
    assert kept.disabled == ()
    assert list(kept.output()) == ["custom.ps1"]


# ---- Refusals ------------------------------------------------------------------------------------


def test_one_name_to_keep_enabled_is_as_good_as_a_list_of_one() -> None:
    named = "In from AD - User Join"
    plans = [
        syncrules.plan(export(rule()), staging=staging_with(B1), keep_enabled=given)
        for given in (named, [named])
    ]
    assert codes(plans[0].diagnostics) == codes(plans[1].diagnostics)


def test_syntax_refused_holds_every_finding_with_its_place() -> None:
    text = text_of(rule()).replace("-Direction 'Inbound'", "-Direction $x.y")
    with pytest.raises(syncrules.SyntaxRefused) as refused:
        syncrules.parse(text, name="custom.ps1")
    (finding,) = refused.value.diagnostics
    assert isinstance(finding, syncrules.Diagnostic)
    assert finding.severity is syncrules.Severity.ERROR
    assert finding.is_error
    assert finding.file == "custom.ps1"
    assert finding.excerpt == "-Direction $x.y `"
    assert (finding.line, finding.column) == (5, 12)
    assert finding.span is not None
    assert text[finding.span.start : finding.span.end] == "$x.y"
    assert finding.hint
    assert str(refused.value).startswith("custom.ps1:5:12: error[SR211]: ")


def test_what_does_not_hold_together_is_a_diagnostic_and_stops_the_plan() -> None:
    twice = syncrules.parse(text_of(rule("One"), dataclasses.replace(rule("Two"), precedence=60)))
    assert errors(twice.diagnostics) == ["SR330"]
    plan = syncrules.plan([twice], staging=staging_with(B1))
    assert "SR330" in errors(plan.diagnostics)
    with pytest.raises(syncrules.PlanRefused):
        plan.output()


ACTS = "\x1b[31m\u202e\n"
"""What must not act on a reader's terminal."""


def test_a_diagnostic_is_told_in_one_line_that_is_safe_to_print() -> None:
    text = text_of(rule()).replace("'Inbound'", f"'{ACTS}'")
    (finding,) = syncrules.parse(text, name=f"{ACTS}.ps1").diagnostics
    assert ACTS in finding.message
    line = rf"\x1b[31m\u202e\x0a.ps1:5:12: error[SR321]: {printable(finding.message)}"
    refused = syncrules.InputRefused((finding, finding))
    assert (str(finding), f"{finding}", str(refused)) == (line, line, f"{line}\n{line}")


def test_a_diagnostic_tells_as_much_of_its_place_as_there_is() -> None:
    text = text_of(rule()).replace("'Inbound'", "'x'")
    (finding,) = syncrules.parse(text).diagnostics
    told = f"error[SR321]: {finding.message}"
    assert str(finding) == f"5:12: {told}"
    assert str(dataclasses.replace(finding, places=(syncrules.Place(" x"),))) == f" x: {told}"
    assert str(dataclasses.replace(finding, places=())) == told


def _not_replaced() -> None:
    export(rule()).replace(dataclasses.replace(rule(), name=ACTS), rule())


def _no_manifest() -> None:
    manifest = json.dumps({"format_version": f"9{ACTS}"}).encode()
    syncrules.verify_kit({"manifest.json": manifest}, syncrules.Server())


def _refused_plan() -> None:
    nameless = dataclasses.replace(rule(ACTS), identifier=None)
    syncrules.make_kit(syncrules.plan(export(nameless), staging=staging_with(B1)))


@pytest.mark.parametrize("fails", [_not_replaced, _no_manifest, _refused_plan])
def test_every_error_is_safe_to_print(fails: Callable[[], None]) -> None:
    with pytest.raises(syncrules.SyncRulesError) as refused:
        fails()
    told = str(refused.value)
    assert r"\x1b[31m\u202e\x0a" in told
    assert printable(told) == told


def test_plan_refused_holds_all_findings_and_says_the_errors() -> None:
    plan = syncrules.plan([export(rule())], staging=staging_with(B1, B2))
    with pytest.raises(syncrules.PlanRefused) as refused:
        plan.output()
    assert refused.value.diagnostics == plan.diagnostics
    assert str(refused.value) == f"SR406: {the('SR406', plan.diagnostics).in_one_line}"


def test_warnings_alone_refuse_nothing() -> None:
    plan = syncrules.plan([export(rule())], staging=staging_with(B1))
    assert codes(plan.diagnostics) == ["SR410"]
    assert plan.output()


@pytest.mark.parametrize("refusal", [syncrules.SyntaxRefused, syncrules.PlanRefused])
def test_a_refusal_travels_between_processes(
    refusal: type[syncrules.SyntaxRefused] | type[syncrules.PlanRefused],
) -> None:
    findings = syncrules.plan([export(rule())], staging=syncrules.Server()).diagnostics
    again = pickle.loads(pickle.dumps(refusal(findings)))  # noqa: S301
    assert type(again) is refusal
    assert again.diagnostics == findings


# ---- Values --------------------------------------------------------------------------------------


def test_values_are_frozen_and_equal_by_content() -> None:
    assert rule() == rule()
    assert hash(rule()) == hash(rule())
    for value in (rule(), rule().attribute_flow_mappings[0], staging_with(B1), export(rule())):
        field = dataclasses.fields(value)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, field, None)


def test_severity_is_its_word() -> None:
    assert [str(s) for s in syncrules.Severity] == ["error", "warning", "note"]


# ---- Paths and single values ---------------------------------------------------------------------


def test_exports_are_read_from_files_and_folders_as_remap_reads_them(tmp_path: Path) -> None:
    one = write(tmp_path / "one.ps1", rule("One", 1))
    write(tmp_path / "folder" / "two.txt", rule("Two", 2))
    made = configuration(
        tmp_path / "old", connectors=[ConnectorFile(A1, "x"), ENTRA_FILE], rules=[rule("Three", 3)]
    )
    exports = syncrules.read_exports([one, str(tmp_path / "folder"), made])
    assert [r.name for e in exports for r in e.rules] == ["One", "Two", "Three"]
    assert_type(exports, tuple[syncrules.Export, ...])


@pytest.mark.parametrize("as_text", [False, True])
def test_one_path_is_as_good_as_a_list_of_one(tmp_path: Path, as_text: bool) -> None:
    path = write(tmp_path / "one.ps1", rule())
    given = str(path) if as_text else path
    assert syncrules.read_exports(given)[0].rules == (rule(),)
    assert syncrules.read_server(given).sync_rules == (rule(),)


@pytest.mark.parametrize("read", [syncrules.read_exports, syncrules.read_server])
def test_what_cannot_be_read_is_raised_with_every_error(
    read: Callable[[Path], object], tmp_path: Path
) -> None:
    write(tmp_path / "a.ps1", "Remove-X (")
    write(tmp_path / "b.ps1", "")
    with pytest.raises(syncrules.InputRefused) as refused:
        read(tmp_path)
    assert {Path(d.file).name for d in refused.value.diagnostics} == {"a.ps1", "b.ps1"}


@pytest.mark.parametrize("path", [Path("x.ps1"), "x.ps1", r"C:\exports\my rule.TXT", 3, None])
def test_parse_takes_no_path_and_says_what_does(path: object) -> None:
    with pytest.raises(TypeError, match="read_exports"):
        syncrules.parse(path)  # type: ignore[arg-type]


def test_one_export_is_as_good_as_a_list_of_one() -> None:
    one = export(rule())
    plans = [syncrules.plan(given, staging=staging_with(B1)) for given in (one, [one])]
    assert plans[0].output() == plans[1].output()


def test_the_rules_of_a_configuration_folder_are_to_be_had(tmp_path: Path) -> None:
    rules = (rule("One", 1), out_of_box())
    made = configuration(tmp_path, connectors=[ConnectorFile(A1, "x"), ENTRA_FILE], rules=rules)
    assert set(syncrules.read_server(made).sync_rules) == set(rules)


def test_values_tell_what_they_are_in_a_line() -> None:
    one = export(rule(), out_of_box(), name="one.ps1")
    assert repr(one) == "Export('one.ps1', 2 rules, 0 errors)"
    assert repr(syncrules.plan(one, staging=staging_with(B1))) == "Plan(1 rules, 1 files, 0 errors)"


# ---- Rules side by side --------------------------------------------------------------------------


def test_the_fields_in_which_two_rules_differ_are_named_with_both_values() -> None:
    one = rule()
    other = dataclasses.replace(one, name="Other", precedence=7, link_type=None)
    assert syncrules.differences(one, other) == (
        ("name", one.name, "Other"),
        ("precedence", one.precedence, 7),
        ("link_type", "Join", None),
    )
    assert syncrules.differences(one, one) == ()


def test_what_means_the_same_is_no_difference() -> None:
    one = dataclasses.replace(rule(), description="a\r\nb")
    other = dataclasses.replace(
        one, description="a\nb", soft_delete_expiry_interval="00:00:00", immutable_tag=""
    )
    assert syncrules.differences(one, other) == ()


@given(sync_rules(), st.data())
def test_a_field_that_differs_is_told_and_no_other(
    one: syncrules.SyncRule, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from([f.name for f in dataclasses.fields(one)]))
    other = dataclasses.replace(one, **{name: getattr(data.draw(sync_rules()), name)})
    told = syncrules.differences(one, other)
    assert {d.field for d in told} <= {name}
    assert {d.field for d in syncrules.differences(other, one)} == {d.field for d in told}


# ---- Kits ----------------------------------------------------------------------------------------


def _plan() -> syncrules.Plan:
    return syncrules.plan(export(rule()), staging=staging_with(B1))


def test_a_kit_is_made_and_verified_without_a_disk() -> None:
    kit = syncrules.make_kit(_plan())
    planned = dataclasses.replace(rule(), connector=B1)
    assert syncrules.verify_kit(kit.files, server(export(planned))) == ()
    edited = server(export(dataclasses.replace(planned, description="x")))
    assert codes(syncrules.verify_kit(kit.files, edited)) == ["SR612"]
    cut = {path: data for path, data in kit.files.items() if path != "undo.ps1"}
    assert codes(syncrules.verify_kit(cut, server(export(planned)))) == ["SR610"]


def test_what_is_wrong_with_a_kit_by_one_cause_is_one_finding() -> None:
    files_ = dict(syncrules.make_kit(_plan()).files)
    del files_["undo.ps1"], files_["README.txt"]
    planned = dataclasses.replace(rule(), connector=B1)
    (found,) = syncrules.verify_kit(files_, server(export(planned)))
    assert {place.file for place in found.places} == {"README.txt", "undo.ps1"}


def test_no_kit_is_made_of_a_plan_with_errors_nor_of_what_it_cannot_carry() -> None:
    with pytest.raises(syncrules.PlanRefused):
        syncrules.make_kit(syncrules.plan(export(rule()), staging=syncrules.Server()))
    nameless = dataclasses.replace(rule(), identifier=None)
    with pytest.raises(syncrules.PlanRefused, match="SR602"):
        syncrules.make_kit(syncrules.plan(export(nameless), staging=staging_with(B1)))


@pytest.mark.parametrize("files_", [{}, {"manifest.json": b"{"}, {"manifest.json": b"{}"}])
def test_what_is_no_kit_is_not_verified(files_: dict[str, bytes]) -> None:
    with pytest.raises(syncrules.NotAManifest):
        syncrules.verify_kit(files_, syncrules.Server())


# ---- The public names ----------------------------------------------------------------------------


def test_no_public_name_is_a_rooms() -> None:
    rooms = {path.stem for path in PACKAGE.iterdir()}
    assert not rooms & {*syncrules.__all__}


def test_the_names_of_the_stub_are_those_of_the_module() -> None:
    stub = ast.parse((PACKAGE / "__init__.pyi").read_text("utf-8"))
    named = {a.asname for n in stub.body if isinstance(n, ast.ImportFrom) for a in n.names}
    assert named | {"SyntaxRefused"} == {*syncrules.__all__}
    for node in (n for n in stub.body if isinstance(n, ast.ImportFrom)):
        module = import_module(f"syncrules.{node.module}")
        for alias in node.names:
            assert getattr(module, alias.name) is getattr(syncrules, alias.name)


def _named_types(hint: object) -> Iterator[type]:
    """Yield the types of the package that a type hint names."""
    for inner in typing.get_args(hint):
        yield from _named_types(inner)
    if isinstance(hint, type) and hint.__module__.startswith("syncrules."):
        yield hint


def _hints(public: type) -> Iterator[object]:
    """Yield the types of a class's fields, properties and results."""
    module = vars(sys.modules[public.__module__])
    for name, value in vars(public).items():
        function = value.fget if isinstance(value, property) else value
        if inspect.isfunction(function) and not name.startswith("_"):
            yield typing.get_type_hints(function, module).get("return")
    if dataclasses.is_dataclass(public) or hasattr(public, "_fields"):
        yield from typing.get_type_hints(public).values()


def test_every_type_that_a_public_name_leads_to_is_public() -> None:
    public = {value for _, value in PUBLIC}
    led_to = {
        found
        for _, value in PUBLIC
        for hint in (
            _hints(value)
            if inspect.isclass(value)
            else [typing.get_type_hints(value).get("return")]
        )
        for found in _named_types(hint)
    }
    assert {syncrules.Spot, syncrules.Rung, syncrules.Facet, syncrules.Difference} <= led_to
    beside = {t for t in led_to - public if not t.__module__.startswith("syncrules.script.nodes")}
    assert beside == set()


def test_the_names_that_the_design_promises_are_there() -> None:
    assert set(syncrules.__all__) >= {
        *("parse", "read_server", "plan", "emit", "Plan", "PlanRefused", "SyntaxRefused"),
        *("Diagnostic", "Severity", "Span", "Server", "SyncRule", "AttributeFlowMapping"),
        *("ScopeCondition", "JoinCondition"),
    }
    assert syncrules.__all__ == sorted(syncrules.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        getattr(syncrules, "no_such_name")  # noqa: B009


@pytest.mark.parametrize(("name", "public"), PUBLIC)
def test_every_public_name_is_documented(name: str, public: object) -> None:
    text = inspect.getdoc(public)
    assert text
    assert not text.startswith(f"{name}(")  # what dataclass writes by itself
    if inspect.isclass(public):
        for member, value in vars(public).items():
            if member.startswith("_") or not (callable(value) or isinstance(value, property)):
                continue
            assert inspect.getdoc(value), f"{name}.{member}"


def _functions() -> Iterator[tuple[str, Callable[..., object]]]:
    """Yield the public functions, and what the public classes define: methods and properties."""
    for name, public in PUBLIC:
        if inspect.isfunction(public):
            yield name, public
        for member, value in vars(public).items() if inspect.isclass(public) else ():
            function = value.fget if isinstance(value, property) else inspect.unwrap(value)
            function = getattr(function, "__func__", function)
            # What a dataclass or an enumeration gets from Python stands in no file of the package.
            if inspect.isfunction(function) and PACKAGE in Path(inspect.getfile(function)).parents:
                yield f"{name}.{member}", function


FUNCTIONS = dict(_functions())


def test_the_public_functions_are_found() -> None:
    assert FUNCTIONS.keys() >= {"parse", "read_server", "plan", "emit", "Plan.output"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_function_is_typed_in_full(name: str) -> None:
    signature = inspect.signature(FUNCTIONS[name])
    untyped = [p.name for p in signature.parameters.values() if p.annotation is p.empty]
    assert [n for n in untyped if n not in ("self", "cls")] == []
    assert signature.return_annotation is not signature.empty


def test_the_package_says_that_it_is_typed() -> None:
    assert files("syncrules").joinpath("py.typed").is_file()


# ---- No side effects -----------------------------------------------------------------------------


def test_nothing_is_printed_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "staging.ps1", out_of_box(connector=B1))
    monkeypatch.chdir(tmp_path)
    before = listing(tmp_path)
    staging = syncrules.read_server(["staging.ps1"])
    syncrules.plan([export(rule())], staging=staging).output()
    syncrules.plan([export(rule())], staging=syncrules.Server())
    with pytest.raises(syncrules.SyntaxRefused):
        syncrules.parse("Remove-ADSyncRule -Name (")
    assert capfd.readouterr() == ("", "")
    assert listing(tmp_path) == before


def test_the_library_loads_neither_click_nor_the_terminal_library() -> None:
    program = (
        "import sys, syncrules\n"
        "syncrules.plan([syncrules.parse('')], staging=syncrules.Server())\n"
        "syncrules.read_server([])\n"
        "sys.exit(bool({'click', 'rich'} & set(sys.modules)))\n"
    )
    assert subprocess.run([sys.executable, "-Pc", program], check=False).returncode == 0


def test_hints_can_be_resolved_at_run_time() -> None:
    for value in (syncrules.SyncRule, syncrules.AttributeFlowMapping, syncrules.Diagnostic):
        assert typing.get_type_hints(value)


@pytest.mark.parametrize("is_enabled", [True, False])
def test_the_garbage_collector_is_left_as_it_was(is_enabled: bool) -> None:
    was_enabled = gc.isenabled()
    try:
        gc.enable() if is_enabled else gc.disable()
        export = syncrules.parse(text_of(rule()))
        syncrules.plan(export, staging=staging_with(B1))
        with pytest.raises(syncrules.InputRefused):
            syncrules.parse("New-ADSyncRule 'x")
        assert gc.isenabled() is is_enabled
    finally:
        gc.enable() if was_enabled else gc.disable()
