"""Paths to what they hold: folders, files that are none, and any bytes at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import (
    A1,
    B1,
    STAGING,
    codes,
    export,
    out_of_box,
    rule,
    run,
    run_apart,
    text_of,
    the,
    write,
)
from support.configurations import ENTRA_FILE, configuration, connector_xml, metaverse_xml, rule_xml
from support.marks import not_as_root, posix_only
from support.server_files import FOREST_FILE, SAMPLE, with_mark
from syncrules import Diagnostic, InputRefused, Severity, SyntaxRefused
from syncrules.files import MAX_FILE_BYTES, Loaded, load, read_inputs
from syncrules.folders import Input, inputs_in, passed_over
from syncrules.migration.output.disable_script import disable_script
from syncrules.migration.output_names import DISABLE_SCRIPT
from syncrules.servers.model import Facet

LIST = f'"Name","Identifier","Type"\r\n"contoso.com","{A1}","AD"\r\n'


def names(folder: Path) -> list[str]:
    found = inputs_in(folder)
    return [i.path.relative_to(folder).as_posix() for i in found]


def read(path: Path, *, to_move: bool = False) -> Loaded:
    return read_inputs(inputs_in(path), to_move=to_move)


def refused(path: Path, code: str) -> Diagnostic:
    finding = the(code, read(path).diagnostics)
    assert finding.is_error
    assert finding.hint
    assert finding.file == str(path)
    return finding


# ---- Folders -------------------------------------------------------------------------------------


def test_a_folder_is_its_files_by_name_and_the_xml_one_level_down(tmp_path: Path) -> None:
    for name in (
        *("b.ps1", "A.PS1", "c.txt", "d.json", "e.CSV", "f.xml", "g.log", "README.md", "noname"),
        *("Connectors/x.xml", "Connectors/x.ps1", "Connectors/x.json", "Rules/deep/y.xml"),
        *("Rules/z.XML", ".git/config"),
    ):
        write(tmp_path / name, "")
    assert names(tmp_path) == [
        *("A.PS1", "b.ps1", "c.txt", "d.json", "e.CSV", "f.xml"),
        *("Connectors/x.xml", "Rules/z.XML"),
    ]


def test_folders_that_are_named_like_files_are_no_files(tmp_path: Path) -> None:
    write(tmp_path / "old.ps1" / "x.ps1", rule())
    write(tmp_path / "sub" / "old.xml" / "x.xml", "<x/>")
    write(tmp_path / "new.ps1", rule())
    assert names(tmp_path) == ["new.ps1"]


@pytest.mark.parametrize("inside", [None, "README.md", "sub/a.ps1", "sub/sub/a.xml"])
def test_a_folder_of_nothing_is_a_finding(inside: str | None, tmp_path: Path) -> None:
    if inside:
        write(tmp_path / inside, "")
    found = refused(tmp_path, "SR110")
    if inside and "/" in inside:
        assert found.hint.endswith(f": {(tmp_path / inside).parent}.")
    else:
        assert (f"It contains: {inside}." if inside else "It is empty.") in found.message


# ---- Files that are passed over ------------------------------------------------------------------


def told(folder: Path) -> dict[str, list[str]]:
    """Return the files that findings name, by code, after reading a folder as an EXPORT."""
    inputs = inputs_in(folder)
    over = passed_over(folder, inputs)
    found: dict[str, list[str]] = {}
    for finding in read_inputs((*inputs, *over), to_move=True).diagnostics:
        where = Path(finding.file).relative_to(folder).as_posix()
        found.setdefault(finding.code, []).append(where)
    return found


def test_files_that_are_not_read_are_named_in_one_note(tmp_path: Path) -> None:
    write(tmp_path / "a.ps1", rule())
    for name in ("notes.docx", "sub/readme.md", "sub/deep/er/list.json", "x.log", "y.log", "z.log"):
        write(tmp_path / name, "New-ADSyncRule is the command to look for.")
    inputs = inputs_in(tmp_path)
    over = passed_over(tmp_path, inputs)
    (note,) = read_inputs((*inputs, *over)).diagnostics
    assert (note.code, note.severity, note.file) == ("SR120", Severity.NOTE, str(tmp_path))
    assert "notes.docx, x.log, y.log, z.log, sub/readme.md and 1 more" in note.message


@pytest.mark.parametrize("name", ["r.log", "r.ps1.bak", "r", "sub/r.ps1", "sub/deep/er/r.txt"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1252"])
@pytest.mark.parametrize("above", ["# Zürich\r\n", ""])
def test_a_rule_in_a_file_that_is_not_read_is_an_error_there(
    name: str, encoding: str, above: str, tmp_path: Path
) -> None:
    write(tmp_path / "a.ps1", rule())
    write(tmp_path / name, f"{above}{text_of(rule('Other', 2))}".encode(encoding))
    assert told(tmp_path) == {"SR119": [name]}


def test_what_an_earlier_run_wrote_into_the_folder_is_no_forgotten_rule(tmp_path: Path) -> None:
    write(tmp_path / "a.ps1", rule())
    plan = syncrules.plan(export(rule("Other", 2), name="b.ps1"), staging=STAGING)
    write(tmp_path / "mapped" / "b.ps1", plan.output()["b.ps1"])
    assert told(tmp_path) == {"SR120": ["."]}


LICENCE = b"Permission is hereby granted, free of charge,\nif you say so.\n"


def test_a_licence_beside_other_files_is_a_note(tmp_path: Path) -> None:
    write(tmp_path / "LICENSE.txt", LICENCE)
    write(tmp_path / "custom.ps1", rule())
    (note,) = read_inputs(inputs_in(tmp_path)).diagnostics
    assert (note.code, note.severity) == ("SR120", Severity.NOTE)
    assert "LICENSE.txt" in note.message


@pytest.mark.parametrize(
    "data", [b"", b"Add-ADSyncRule\n" + LICENCE, b"\x00" + LICENCE, b"Z\xfcrich\n" + LICENCE]
)
def test_what_may_be_a_damaged_export_is_no_licence(data: bytes, tmp_path: Path) -> None:
    write(tmp_path / "damaged.txt", data)
    write(tmp_path / "custom.ps1", rule())
    assert any(d.is_error for d in read_inputs(inputs_in(tmp_path)).diagnostics)


def test_a_licence_alone_is_no_export(tmp_path: Path) -> None:
    path = write(tmp_path / "LICENSE.txt", LICENCE)
    for given_path in (path, tmp_path):
        assert any(d.is_error for d in read_inputs(inputs_in(given_path)).diagnostics)


def test_hidden_folders_are_not_looked_into(tmp_path: Path) -> None:
    write(tmp_path / "a.ps1", rule())
    write(tmp_path / ".git" / "objects" / "b", rule("Other", 2))
    assert told(tmp_path) == {}


def test_a_file_that_another_argument_reads_is_not_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "a.ps1", rule())
    inner = write(tmp_path / "sub" / "b.ps1", rule("Other", 2))
    read_files = [Input(tmp_path / "a.ps1"), Input(tmp_path / "sub" / ".." / "sub" / "b.ps1")]
    assert passed_over(tmp_path, read_files) == ()
    assert [i.path for i in passed_over(tmp_path, read_files[:1])] == [inner]


def test_xml_of_one_folder_is_one_server_and_of_two_are_two(tmp_path: Path) -> None:
    one = configuration(tmp_path / "one", connectors=[FOREST_FILE, ENTRA_FILE], rules=[rule()])
    two = configuration(tmp_path / "two", connectors=[ENTRA_FILE], rules=[])
    inputs = [*inputs_in(one), *inputs_in(two)]
    evidence = read_inputs(inputs).server.evidence
    assert [(e.path, e.complete) for e in evidence] == [(str(one), True), (str(two), False)]


def test_files_of_a_configuration_given_one_by_one_are_not_taken_for_the_whole(
    tmp_path: Path,
) -> None:
    folder = configuration(tmp_path, connectors=[FOREST_FILE], rules=[rule()])
    loaded = read_inputs([Input(path) for path in sorted(folder.glob("*/*.xml"))])
    assert loaded.diagnostics == ()
    assert not any(e.complete for e in loaded.server.evidence)


def test_all_kinds_of_files_may_stand_in_one_folder(tmp_path: Path) -> None:
    configuration(tmp_path, connectors=[FOREST_FILE, ENTRA_FILE], rules=[out_of_box()])
    write(tmp_path / "custom.ps1", rule())
    write(tmp_path / "connectors.csv", connectors_csv())
    write(tmp_path / "policy.json", json.dumps({"deploymentMetadata": {"connectorIds": [A1]}}))
    loaded = read(tmp_path)
    assert loaded.diagnostics == ()
    assert loaded.server.disputes == ()
    assert sorted(e.kind for e in loaded.server.evidence) == [
        *("configuration", "connector list", "export", "wizard's settings")
    ]
    assert [e.rules for e in loaded.exports] == [(rule(),)]
    assert len(loaded.paths) == 7


def connectors_csv() -> str:
    return LIST + f'"contoso.onmicrosoft.com - AAD","{ENTRA_FILE.identifier}","Extensible2"\r\n'


def test_the_custom_rules_of_a_folder_are_moved_where_it_is_to_be_moved(tmp_path: Path) -> None:
    configuration(tmp_path, connectors=[FOREST_FILE, ENTRA_FILE], rules=[out_of_box(), rule()])
    (own,) = read(tmp_path, to_move=True).exports
    assert own.rules == (rule(),)
    assert read(tmp_path).exports == ()


# ---- Files that cannot be had --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["missing.ps1", "missing", "a\0b", "x" * 5_000])
def test_a_path_to_nothing_is_a_finding(name: str, tmp_path: Path) -> None:
    refused(tmp_path / name, "SR109")


@posix_only
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ps1")
    write(tmp_path / "custom.ps1", rule())
    for path in (tmp_path / "pipe.ps1", tmp_path):  # nor within a folder
        done = run_apart("inspect", path, seconds=10)
        assert done.codes == ["SR109"]
        assert "not an ordinary file" in done.stderr


@posix_only
def test_a_device_is_not_read() -> None:
    refused(Path("/dev/null"), "SR109")


@posix_only
def test_a_link_to_nothing_and_a_link_to_itself_are_findings(tmp_path: Path) -> None:
    (tmp_path / "gone.ps1").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop.ps1").symlink_to(tmp_path / "loop.ps1")
    assert codes(read(tmp_path).diagnostics) == ["SR109", "SR109"]


@posix_only
def test_a_link_to_a_file_is_the_file(tmp_path: Path) -> None:
    there = write(tmp_path / "there" / "x.ps1", rule())
    (tmp_path / "here.ps1").symlink_to(there)
    assert read(tmp_path / "here.ps1").exports[0].rules == (rule(),)


@posix_only
@not_as_root
def test_a_file_or_folder_that_may_not_be_read_is_a_finding(tmp_path: Path) -> None:
    write(tmp_path / "a.ps1", rule()).chmod(0)
    refused(tmp_path / "a.ps1", "SR109")
    folder = tmp_path / "closed"
    folder.mkdir(0)
    refused(folder, "SR109")


def test_a_folder_that_cannot_be_listed_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_: Path) -> Iterator[Path]:
        raise PermissionError(13, "Permission denied\x1b[2J")

    monkeypatch.setattr(Path, "iterdir", denied)
    finding = refused(tmp_path, "SR109")
    assert "Permission denied" in finding.message
    assert str(InputRefused((finding,))).isprintable()


@posix_only
def test_a_name_that_is_no_text_is_a_name_still(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff.ps1")
    try:
        write(path, rule())
    except OSError:
        pytest.skip("names are text here")
    assert read(tmp_path).exports[0].rules == (rule(),)
    assert run("inspect", tmp_path).code == 0


def test_a_file_that_is_too_large_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)  # takes no room
    assert "64 MiB" in refused(path, "SR108").message
    write(tmp_path / "small.csv", LIST)
    loaded = read(tmp_path)
    assert codes(loaded.diagnostics) == ["SR108"]
    assert loaded.paths == (tmp_path / "small.csv",)


@pytest.mark.parametrize("bad", [b"", b"\r\n", b"# nothing\r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_a_file_without_a_rule_is_a_finding(bad: bytes, tmp_path: Path) -> None:
    refused(write(tmp_path / "a.ps1", bad), "SR111")


def test_other_files_are_read_though_one_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.ps1", rule())
    write(tmp_path / "b.ps1", "Remove-Item *\n")
    write(tmp_path / "c.xml", "<x>")
    write(tmp_path / "d.json", "[[1]]")
    write(tmp_path / "e.csv", LIST)
    loaded = read(tmp_path)
    refused = [Path(d.file).name for d in loaded.diagnostics if d.is_error]
    assert refused == ["b.ps1", "c.xml", "d.json"]
    assert {e.kind for e in loaded.server.evidence} == {"export", "connector list"}


def test_each_input_counts_once_for_the_progress() -> None:
    counted = []
    given_ = [Input(Path("a")), Input(Path("b"))]
    read_inputs(given_, load=lambda _: (b"[1]", ()), advance=lambda: counted.append(1))
    assert len(counted) == 2


# ---- Standard input ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["-", "stdin"])
def test_the_library_knows_no_standard_input(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert codes(read(Path(name)).diagnostics) == ["SR109"]


@pytest.mark.parametrize(
    "text", [text_of(rule()), rule_xml(rule()), LIST, json.dumps([{"Identifier": A1}])]
)
def test_the_command_takes_any_kind_of_it(text: str) -> None:
    done = run("inspect", "-", stdin=text)
    assert done.code == 0, done.stderr
    assert A1 in done.stdout
    assert "stdin: " in done.stdout


# ---- The script of an earlier run ----------------------------------------------------------------


@pytest.mark.parametrize("name", ["In from AD - User Join", "In from AD – Zürich"])
def test_a_script_that_disables_rules_is_passed_over(name: str, tmp_path: Path) -> None:
    standard = text_of(out_of_box(name)).encode("utf-8-sig")
    server = syncrules.read_server([write(tmp_path / "standard.ps1", standard)])
    data = disable_script(server.rules)
    write(tmp_path / "renamed.ps1", data)
    write(tmp_path / DISABLE_SCRIPT, data)
    loaded = read(tmp_path)
    (told,) = loaded.diagnostics
    assert (told.code, told.severity) == ("SR118", Severity.WARNING)
    assert [place.file for place in told.places] == [
        str(tmp_path / "disable-out-of-box.ps1"),
        str(tmp_path / "renamed.ps1"),
    ]
    assert [e.name for e in loaded.exports] == [str(tmp_path / "standard.ps1")]


def test_its_name_alone_does_not_pass_over_a_script(tmp_path: Path) -> None:
    write(tmp_path / DISABLE_SCRIPT, rule())
    loaded = read(tmp_path)
    assert loaded.diagnostics == ()
    assert [e.rules for e in loaded.exports] == [(rule(),)]


# ---- The library's door --------------------------------------------------------------------------


def test_read_server_puts_all_sources_together(tmp_path: Path) -> None:
    here = write(tmp_path / "a.ps1", out_of_box(connector=B1))
    there = write(tmp_path / "b.csv", LIST.replace(A1, B1))
    server = syncrules.read_server([str(here), there])
    assert server.is_complete_in(Facet.CONNECTORS)
    (connector,) = server.connectors
    assert connector.name == "contoso.com"
    assert connector.files == (str(there), str(here))
    assert [r.sync_rule for r in server.rules] == [out_of_box(connector=B1)]


def test_read_server_raises_with_every_error(tmp_path: Path) -> None:
    bad = [
        write(tmp_path / "a.json", "[[1]]"),
        tmp_path / "missing",
        write(tmp_path / "x.xml", "<"),
    ]
    with pytest.raises(SyntaxRefused) as raised:
        syncrules.read_server(bad)
    assert {d.file for d in raised.value.diagnostics} == set(map(str, bad))
    assert syncrules.read_server([]) == syncrules.Server()


def test_read_server_passes_over_notes(tmp_path: Path) -> None:
    configuration(tmp_path, connectors=[FOREST_FILE], rules=[rule()])
    write(tmp_path / "PersistedState.xml", "<PersistedState/>")
    assert syncrules.read_server([tmp_path]).is_complete_in(Facet.RULES)


# ---- Any bytes -----------------------------------------------------------------------------------

(ENTRA_SAMPLE,) = SAMPLE.glob("Connectors/*.xml")
SEEDS = [
    text_of(out_of_box(), rule("O'Brien – ü")).encode("utf-8-sig"),
    rule_xml(rule()).encode(),
    rule_xml(out_of_box()).encode("utf-16"),
    *(path.read_bytes() for path in sorted(SAMPLE.glob("SynchronizationRules/*"))[:2]),
    ENTRA_SAMPLE.read_bytes()[-3_000:],
    connector_xml(FOREST_FILE).encode(),
    metaverse_xml(["cn", "sn"], {"Microsoft.Synchronize.StagingMode": "True"}).encode(),
    LIST.encode("utf-8-sig"),
    with_mark(f"#TYPE Selected.Connector\r\n{LIST}", "utf-16-le"),
    json.dumps([{"Name": "x", "Identifier": {"Guid": A1}, "Partitions": [{"Name": "y"}]}]).encode(),
    with_mark(
        json.dumps(
            {
                "onpremisesDirectoryPolicy": [
                    {
                        "uniqueIdentifier": A1,
                        "partitionFilters": [{"distinguishedName": "DC=x"}],
                        "customSynchronizationRules": [{"name": "x", "precedence": 5}],
                    }
                ],
                "azureDirectoryPolicy": {},
                "deploymentMetadata": {"connectorIds": [A1]},
            }
        ),
        "utf-16-le",
    ),
]

edits = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 12),
        st.binary(max_size=4)
        | st.sampled_from(
            [
                *(
                    b"<",
                    b">",
                    b"</x>",
                    b"<x>",
                    b"&",
                    b"]]>",
                    b"<!DOCTYPE x>",
                    b'"',
                    b"'",
                    b"{",
                    b"}",
                ),
                *(b"[", b"]", b",", b";", b"\r", b"\n", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"`"),
                *(b"null", b"1", b"{}", b"[]", b"\xed\xa0\x80", b"`u{110000}", b"xmlns:a='b'"),
            ]
        ),
    ),
    min_size=1,
    max_size=4,
)


def mutated(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for place, length, piece in changes:
        at = int(place * len(data))
        data = data[:at] + piece + data[at + length :]
    return data


def check(files: list[bytes]) -> None:
    """Fail unless files are read or refused: an error is a finding, and never raised."""
    folder = Path("folder")
    inputs = [Input(folder / str(number), folder) for number in range(len(files))]
    for to_move in (False, True):
        loaded = read_inputs(inputs, to_move=to_move, load=lambda path: (files[int(path.name)], ()))
        assert all(d.code and d.message and d.hint for d in loaded.diagnostics)
        assert loaded.diagnostics or loaded.server.evidence


@given(st.sampled_from(SEEDS), edits)
def test_a_file_with_pieces_changed_is_read_or_refused(
    data: bytes, changes: list[tuple[float, int, bytes]]
) -> None:
    check([mutated(data, changes)])


@given(st.lists(st.sampled_from(SEEDS), min_size=2, max_size=4), edits)
def test_so_it_is_beside_others(
    files: list[bytes], changes: list[tuple[float, int, bytes]]
) -> None:
    check([mutated(files[0], changes), *files[1:]])


@given(st.sampled_from(SEEDS), st.floats(0, 1), st.floats(0, 1))
def test_a_part_of_a_file_is_read_or_refused(data: bytes, start: float, end: float) -> None:
    check([data[int(start * len(data)) : int(end * len(data))]])


@given(st.binary(max_size=100), st.sampled_from([b"", b"<", b"{", b"[", b'"Name","Identifier"\n']))
def test_any_bytes_are_read_or_refused(data: bytes, head: bytes) -> None:
    check([head + data])


def test_load_returns_the_bytes(tmp_path: Path) -> None:
    data = bytes(range(256))
    assert load(write(tmp_path / "a", data)) == (data, ())


@posix_only
def test_a_bomb_ends_in_a_process_of_its_own(tmp_path: Path) -> None:
    entities = "".join(
        f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    bomb = f"<!DOCTYPE x [<!ENTITY a 'ha'>{entities}]><ma-data><id>&i;</id></ma-data>"
    done = run_apart("inspect", write(tmp_path / "bomb.xml", bomb), seconds=10)
    assert done.code == 1
    assert done.codes == ["SR112"]
    assert "Traceback" not in done.stderr
