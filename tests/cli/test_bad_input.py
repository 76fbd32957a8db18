"""Files that are no export, or no longer one: each is refused by a finding, and nothing is written.

Every case runs the installed command on the file in each place where a file may be given.
"""

from __future__ import annotations

import codecs
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import (
    A1,
    B1,
    Outcome,
    errors,
    listing,
    mapped,
    out_of_box,
    rule,
    run,
    run_apart,
    text_of,
    write,
)
from support.marks import not_as_root, posix_only
from syncrules.exports.export import read_export

EXPORT = text_of(rule())
STANDARD = text_of(out_of_box(connector=B1))


def refused(folder: Path, bad: Path, how: Callable[..., Outcome] = run) -> list[list[str]]:
    """Give a file in every place where one may be given; return the codes of each refusal."""
    good = write(folder / "good" / "custom.ps1", EXPORT)
    there = write(folder / "good" / "staging.ps1", STANDARD)
    before = listing(folder)
    found = []
    for arguments in (
        ("remap", bad, "--staging", there, "--out", folder / "out"),
        ("remap", good, bad, "--staging", there, "--out", folder / "out"),
        ("remap", good, "--staging", bad, "--out", folder / "out"),
        ("remap", good, "--staging", there, "--active", bad, "--out", folder / "out"),
        ("inspect", bad),
    ):
        done = how(*arguments)
        assert "Traceback" not in done.stderr
        assert done.code == 1, done.stderr
        assert done.codes, done.stderr
        assert done.stderr.count("  hint: ") == len(done.codes)
        if arguments[0] == "remap":
            assert "nothing was written" in done.stderr
            assert done.stdout == ""
        assert bad.name in done.stderr
        assert listing(folder) == before
        found.append([code for code in done.codes if code != "SR410"])
    return found


def only(code: str) -> list[list[str]]:
    """Return what `refused` gives where a file is refused by one finding in every place."""
    return [[code]] * 5


BOMB = b"<!DOCTYPE a [%b]><ma-data>&e9;</ma-data>" % b"".join(
    b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"ha" * 10) for n in range(10)
)
"""Ten levels of ten: to expand them would take 200 GB."""


# ---- No script -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "SR111", id="an empty file"),
        pytest.param(b" \r\n\t\n", "SR111", id="blanks only"),
        pytest.param(codecs.BOM_UTF8, "SR111", id="a byte order mark only"),
        pytest.param(codecs.BOM_UTF16_LE, "SR111", id="a byte order mark of UTF-16 only"),
        pytest.param(codecs.BOM_UTF16_LE + "\r\n".encode("utf-16-le"), "SR111", id="a newline"),
        pytest.param(b"MZ\x90\x00" + bytes(range(256)) * 40, "SR105", id="a program"),
        pytest.param(bytes(5_000), "SR105", id="zeros"),
        pytest.param(EXPORT.encode("utf-16-le"), "SR105", id="UTF-16 without a mark"),
        pytest.param(b"PK\x03\x04\x14\x00\x06\x00word/document.xml", "SR106", id="a .docx"),
        pytest.param(b"{\\rtf1\\ansi New-ADSyncRule}", "SR106", id="an .rtf"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "SR106", id="a .pdf"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "SR106", id="a .doc"),
        pytest.param(
            b"\r\n<!DOCTYPE html>\r\n<html><body><pre>New-ADSyncRule", "SR107", id="an .html"
        ),
        pytest.param(b'<?xml version="1.0"?><rule/>', "SR113", id="an .xml"),
        pytest.param(b"<ma-data><id>{BBBB", "SR112", id="XML that is cut"),
        pytest.param(BOMB, "SR112", id="an entity bomb"),
        pytest.param(
            b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><ma-data>&e;</ma-data>',
            "SR112",
            id="XML that names another file",
        ),
        pytest.param(b"<ma-data><name>x</name></ma-data>", "SR114", id="half a connector"),
        pytest.param(b'{"users": []}', "SR115", id="JSON of something else"),
        pytest.param(b'[{"Name": "contoso.com"', "SR115", id="JSON that is cut"),
        pytest.param(b"[" * 100_000, "SR115", id="JSON nested too deep"),
        pytest.param(b'"Name","Identifier"\r\n"x","y"\r\n', "SR115", id="CSV without a GUID"),
        pytest.param(EXPORT.encode("utf-32"), "SR101", id="UTF-32"),
        pytest.param(EXPORT.encode("utf-32-be"), "SR105", id="UTF-32 without a mark"),
        pytest.param(codecs.BOM_UTF8 + b"\xfc", "SR101", id="a byte that the mark denies"),
        pytest.param(codecs.BOM_UTF16_LE + b"a\x00\x00\xd8", "SR101", id="half a surrogate pair"),
        pytest.param(codecs.BOM_UTF16_LE + b"#\x00\n", "SR101", id="half a code unit"),
    ],
)
def test_what_is_no_script_at_all(tmp_path: Path, content: bytes, code: str) -> None:
    assert refused(tmp_path, write(tmp_path / "bad.ps1", content)) == only(code)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param("Get-ADUser -Filter 'x'", "SR208", id="a command"),
        pytest.param("Get-Process | Sort-Object CPU", "SR212", id="a pipeline"),
        pytest.param("function f { 'x' }\nforeach ($a in $b) { f }", "SR207", id="a program"),
        pytest.param("param($Server)\n$r = Get-ADSyncRule", "SR207", id="a script with parameters"),
        pytest.param("$c = (Get-ADSyncConnector -Name 'x').Identifier", "SR211", id="a call"),
        pytest.param("$x = Get-ADSyncRule", "SR209", id="a variable"),
        pytest.param("Dear colleague,\nhere are the rules.", "SR129", id="a letter"),
        pytest.param("Invoke-Expression 'x'", "SR208", id="what would run anything"),
        pytest.param(". .\\rules.ps1", "SR213", id="a call of another script"),
        pytest.param("Remove-ADSyncRule -Identifier 'x'", "SR208", id="what would delete a rule"),
    ],
)
def test_a_strangers_script(tmp_path: Path, content: str, code: str) -> None:
    found = refused(tmp_path, write(tmp_path / "bad.ps1", content))
    assert [codes[0] for codes in found] == [code] * 5


def test_nothing_but_comments_is_not_an_export(tmp_path: Path) -> None:
    bad = write(tmp_path / "bad.ps1", "# later\r\n<# New-ADSyncRule #>\r\n")
    done = run("remap", bad, "--staging", bad, "--out", tmp_path / "out")
    assert (done.code, done.codes) == (1, ["SR111"])
    assert not (tmp_path / "out").exists()


# ---- No file -------------------------------------------------------------------------------------


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path, tmp_path / "bad.ps1") == only("SR109")


def test_a_file_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path, tmp_path / "none" / "bad.ps1") == only("SR109")


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    assert refused(tmp_path, tmp_path / f"{'x' * 300}.ps1") == only("SR109")


def test_a_folder_without_scripts(tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    assert refused(tmp_path, tmp_path / "bad") == only("SR110")
    write(tmp_path / "bad" / "below" / "custom.ps1", EXPORT)
    write(tmp_path / "bad" / "notes.md", "not a script")
    assert refused(tmp_path, tmp_path / "bad") == only("SR110")


def test_a_link_to_nothing_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    try:
        (tmp_path / "bad" / "bad.ps1").symlink_to(tmp_path / "none")
    except OSError:
        pytest.skip("no symbolic links")
    assert refused(tmp_path, tmp_path / "bad") == only("SR109")


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no /dev/zero")  # noqa: PTH110
def test_a_device_is_not_read(tmp_path: Path) -> None:
    bad = tmp_path / "zero.ps1"
    bad.symlink_to("/dev/zero")
    assert refused(tmp_path, bad) == only("SR109")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_pipe_that_no_one_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    bad = tmp_path / "bad.ps1"
    os.mkfifo(bad)
    done = run_apart("inspect", bad, seconds=5)
    assert (done.code, done.codes) == (1, ["SR109"])


@posix_only
@not_as_root
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    bad = write(tmp_path / "bad.ps1", EXPORT)
    bad.chmod(0)
    assert refused(tmp_path, bad) == only("SR109")


def test_a_file_that_the_system_does_not_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root no file is closed either, so the system's answer is put in its mouth."""
    bad, opens = write(tmp_path / "bad.ps1", EXPORT), Path.open

    def closed(path: Path, mode: str = "r", **options: str) -> object:
        if path == bad:
            raise PermissionError(13, "Permission denied")
        return opens(path, mode, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", closed)
    done = run("inspect", bad)
    monkeypatch.undo()
    assert (done.code, done.codes) == (1, ["SR109"])
    assert "Permission denied" in done.stderr


def test_a_folder_that_may_not_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root no folder is closed, so the system's answer is put in its mouth."""

    def closed(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "bad").mkdir()
    before = listing(tmp_path)
    monkeypatch.setattr(Path, "iterdir", closed)
    done = run("inspect", tmp_path / "bad")
    monkeypatch.undo()
    assert (done.code, done.codes) == (1, ["SR109"])
    assert "Permission denied" in done.stderr
    assert listing(tmp_path) == before


def test_a_folder_above_may_not_be_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, stat = tmp_path / "closed" / "bad.ps1", os.stat

    def closed(path: str | Path, **options: bool) -> os.stat_result:
        if str(path) == str(bad):
            raise PermissionError(13, "Permission denied")
        return stat(path, **options)

    monkeypatch.setattr(os, "stat", closed)
    done = run("inspect", bad)
    monkeypatch.undo()
    assert (done.code, done.codes) == (1, ["SR109"])


def test_an_input_given_as_its_own_target(tmp_path: Path) -> None:
    custom = write(tmp_path / "custom.ps1", EXPORT)
    there = write(tmp_path / "staging.ps1", STANDARD)
    before = listing(tmp_path)
    done = run("remap", custom, "--staging", there, "--out", tmp_path, "--force")
    assert done.code == 1
    assert "SR504" in done.codes
    assert listing(tmp_path) == before


# ---- Too much ------------------------------------------------------------------------------------


def test_a_file_over_64_mib_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = write(tmp_path / "bad.ps1", EXPORT)
    with bad.open("r+b") as file:
        file.truncate(64 * 1024 * 1024 + 1)  # a hole: it takes no room
    monkeypatch.setattr("syncrules.exports.export.decode", _must_not_be_called)
    done = run("inspect", bad)
    assert (done.code, done.codes) == (1, ["SR108"])
    assert "64 MiB" in done.stderr
    monkeypatch.undo()
    assert refused(tmp_path, bad) == only("SR108")


def _must_not_be_called(*_: object) -> None:
    raise AssertionError("it was read")


def test_standard_input_without_an_end_is_refused_at_64_mib(tmp_path: Path) -> None:
    there = write(tmp_path / "staging.ps1", STANDARD)
    before = listing(tmp_path)
    endless = b"#" * (64 * 1024 * 1024 + 1)
    done = run("remap", "-", "--staging", there, "--out", tmp_path / "out", stdin=endless)
    assert (done.code, done.codes) == (1, ["SR108"])
    assert listing(tmp_path) == before


@pytest.mark.slow
def test_a_line_of_5_mb_is_read_like_any_other(tmp_path: Path) -> None:
    name = "x" * 5_000_000
    bad = write(tmp_path / "bad.ps1", text_of(rule(name)).replace("-Direction", "-Dirction"))
    assert [codes[0] for codes in refused(tmp_path, bad)] == ["SR301"] * 5
    good = mapped(text_of(rule(name)))
    assert good == text_of(rule(name, connector=B1)).encode()
    one_line = text_of(rule(name)).replace(" `\r\n", " ").replace("-Direction", "-Dirction")
    done = run("inspect", write(tmp_path / "line.ps1", one_line))
    assert done.codes[0] == "SR301"
    assert max(map(len, done.stderr.splitlines())) < 300


@pytest.mark.parametrize("depth", [100, 5_000])
@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        pytest.param("@(", ")", id="arrays"),
        pytest.param("@(,", ")", id="arrays in arrays"),
        pytest.param("@('a',", "'b')", id="arrays with items"),
        pytest.param("(", ")", id="brackets"),
        pytest.param("@(", "", id="arrays never closed"),
        pytest.param("{", "}", id="blocks"),
        pytest.param('"$(', ')"', id="expressions in texts"),
    ],
)
def test_what_is_nested_deep_is_refused(
    tmp_path: Path, depth: int, opens: str, closes: str
) -> None:
    value = opens * depth + "'a'" + closes * depth
    flow = (
        "Add-ADSyncAttributeFlowMapping -SynchronizationRule $syncRule[0] -Destination 'a' "
        f"-FlowType 'Direct' -Source {value}\r\n"
    )
    bad = write(tmp_path / "bad.ps1", EXPORT.replace("Add-ADSyncRule", f"{flow}Add-ADSyncRule"))
    done = run("inspect", bad)
    assert done.code == 1
    assert done.codes


def test_a_list_of_20_000_is_not_deep() -> None:
    flow = syncrules.AttributeFlowMapping(("a",) * 20_000, "a", "Direct", "Update", False, None)
    long = replace(rule(), attribute_flow_mappings=(flow,))
    assert syncrules.parse(text_of(long)).rules == (long,)


# ---- Two of one name -----------------------------------------------------------------------------


def test_two_exports_of_one_name(tmp_path: Path) -> None:
    one = write(tmp_path / "north" / "rules.ps1", rule("North", 1))
    two = write(tmp_path / "south" / "rules.ps1", rule("South", 2))
    there = write(tmp_path / "staging.ps1", STANDARD)
    before = listing(tmp_path)
    done = run("remap", one, two, "--staging", there, "--out", tmp_path / "out")
    assert (done.code, errors_in(done)) == (1, ["SR503"])
    assert str(one) in done.stderr
    assert str(two) in done.stderr
    assert listing(tmp_path) == before


def test_standard_input_beside_a_file_called_stdin(tmp_path: Path) -> None:
    one = write(tmp_path / "stdin.ps1", rule("North", 1))
    there = write(tmp_path / "staging.ps1", STANDARD)
    done = run(
        *("remap", one, "-", "--staging", there, "--out", tmp_path / "out"),
        stdin=text_of(rule("South", 2)),
    )
    assert (done.code, errors_in(done)) == (1, ["SR503"])


def test_the_same_file_given_twice_is_one_file(tmp_path: Path) -> None:
    custom = write(tmp_path / "active" / "custom.ps1", EXPORT)
    there = write(tmp_path / "staging.ps1", STANDARD)
    arguments = ("--staging", there, "--out", tmp_path / "out")
    done = run("remap", custom, custom.parent, custom, *arguments)
    assert done.code == 0
    assert listing(tmp_path / "out").keys() == {"custom.ps1"}


def errors_in(done: Outcome) -> list[str]:
    """Return the codes of the errors on standard error."""
    return re.findall(r"error\[(SR\d+)\]", done.stderr)


# ---- Cut short -----------------------------------------------------------------------------------

WHOLE = text_of(rule("In from AD - O'Brien", 1), rule("Second – ü", 2))
_COMPLETE = re.compile(r"Add-ADSyncRule  `\r\n-SynchronizationRule \$syncRule\[0\]")
ADDED = [m.end() for m in _COMPLETE.finditer(WHOLE)]


@pytest.mark.parametrize(("encoding", "step"), [("utf-8-sig", 7), ("utf-16", 49)])
def test_an_export_cut_anywhere_is_refused_or_is_the_rules_before_the_cut(
    tmp_path: Path, encoding: str, step: int
) -> None:
    """A rule that is cut short must never become a shorter rule."""
    data = WHOLE.encode(encoding)
    whole = syncrules.parse(data).rules
    there = write(tmp_path / "staging.ps1", STANDARD)
    cut_file = tmp_path / "cut.ps1"
    seen = set()
    for number, cut in enumerate(range(0, len(data), step)):
        write(cut_file, data[:cut])
        before = listing(tmp_path)
        out = tmp_path / f"out{number}"
        done = run("remap", cut_file, "--staging", there, "--bare", "--out", out)
        seen.add(done.code)
        if done.code == 1:
            assert done.codes
            assert listing(tmp_path) == before
            continue
        assert done.code == 0
        # Every rule of the part was complete: the cut took no word of it.
        text = data[:cut].decode(encoding)
        complete = sum(end <= len(text) for end in ADDED)
        assert complete >= 1
        written = syncrules.parse((out / "cut.ps1").read_bytes())
        assert [r.name for r in written.rules] == [r.name for r in whole[:complete]]
        assert written.source.text == text.replace(A1, B1)
    assert seen == {0, 1}  # some cuts fall between two rules


def test_a_part_of_the_middle_is_refused_too() -> None:
    for start in range(7, len(EXPORT) - 7, 7):
        export, found = read_export(EXPORT[start:])
        assert errors(found) or (export is not None and not export.rules), EXPORT[start:]


# ---- Anything ------------------------------------------------------------------------------------

_HOLES = st.tuples(
    st.integers(0, len(WHOLE)), st.integers(0, 40), st.text("'`@()#\n$,;ab ", max_size=4)
)


@given(st.binary(max_size=300) | _HOLES.map(lambda h: _holed(*h).encode("utf-8-sig")))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bad = write(folder / "bad.ps1", data)
        there = write(folder / "staging.ps1", STANDARD)
        done = run("remap", bad, "--staging", there, "--out", folder / "out")
        assert done.code in (0, 1)
        assert (folder / "out").exists() is (done.code == 0)
        assert bool(errors_in(done)) is (done.code == 1)


def _holed(start: int, length: int, put: str) -> str:
    return WHOLE[:start] + put + WHOLE[start + length :]
