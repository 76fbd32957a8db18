"""Files that are something other than a script: each is called what it is, with a way out."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import rule, text_of, zipped
from syncrules.diagnostics import Code, Diagnostic
from syncrules.errors import InputRefused
from syncrules.exports.export import read_export
from syncrules.script.foreign_files import is_closed, not_a_text

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def _of_old_office(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le") + bytes(200)


KINDS = {
    "a Word document": (
        "SR106",
        zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml"),
        _of_old_office("WordDocument"),
    ),
    "an RTF document": ("SR106", b"{\\rtf1\\ansi New-ADSyncRule}", b"\xef\xbb\xbf{\\rtf1 x}"),
    "a PDF document": ("SR106", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"),
    "a document of a word processor": ("SR106", zipped("mimetype") + b"opendocument.text"),
    "a PowerPoint presentation": ("SR106", zipped("ppt/presentation.xml")),
    "a mail saved by Outlook": ("SR106", _of_old_office("__properties_version1.0")),
    "a document of an older Office": ("SR106", OLE),
    "an Excel workbook": (
        "SR131",
        zipped(*(f"xl/sheets/sheet{n}.xml" for n in range(60)), "xl/workbook.xml"),
        zipped("[Content_Types].xml", "xl/workbook.bin"),
        _of_old_office("Workbook"),
    ),
    "a zip archive": ("SR130", zipped("custom.ps1"), zipped("a/new.xml", "b.txt")),
    "an empty zip archive": ("SR130", zipped()),
    "a 7-Zip archive": ("SR130", b"7z\xbc\xaf\x27\x1c\x00\x04"),
    "a gzip archive": ("SR130", b"\x1f\x8b\x08\x00\x00\x00"),
    "a RAR archive": ("SR130", b"Rar!\x1a\x07\x01\x00"),
    "a cabinet archive": ("SR130", b"MSCF\0\0\0\0"),
    "a picture (PNG)": ("SR105", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    "a picture (JPEG)": ("SR105", b"\xff\xd8\xff\xe0\x00\x10JFIF\0"),
    "a picture (GIF)": ("SR105", b"GIF89a\x01\x00"),
    "a picture (BMP)": ("SR105", b"BM\x36\x00\x00\x00"),
    "a Windows program": ("SR105", b"MZ\x90\x00\x03\x00" + bytes(range(256))),
    "a program": ("SR105", b"\x7fELF\x02\x01\x01\x00"),
    "a Windows event log": ("SR105", b"ElfFile\x00\x00\x00"),
    "a Windows shortcut": ("SR105", b"L\0\0\0\x01\x14\x02\0\0\0\0\0"),
    "a web page": ("SR107", b"<!DOCTYPE html><p>New-ADSyncRule", b"\r\n<html><body>x"),
    "a transcript of a PowerShell session": (
        "SR129",
        b"**********************\r\nWindows PowerShell transcript start\r\nStart time: 1\r\n",
        b"**********************\nPowerShell transcript start\nStart time: 1\n",
    ),
    "a file of the Windows registry": (
        "SR129",
        codecs.BOM_UTF16_LE + "Windows Registry Editor Version 5.00\r\n".encode("utf-16-le"),
        b"REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE]\r\n",
    ),
    "a saved mail": ("SR129", b"From: a@contoso.com\r\nSubject: the rules\r\n\r\nHello,\r\n"),
    "a link to a web page": ("SR129", b"[InternetShortcut]\r\nURL=https://contoso.com\r\n"),
    "a certificate or a key": ("SR129", b"-----BEGIN CERTIFICATE-----\r\nMIIB\r\n"),
    "a batch file": ("SR129", b"@echo off\r\ncopy a b\r\n"),
    "a file of settings": ("SR129", b"; kept\r\n[main]\r\nserver=contoso\r\n"),
    "a log": (
        "SR129",
        b"2026-01-02 10:11:12 [Info] begun\r\n2026-01-02 10:11:13 [Info] done\r\n",
        b"[10:11:12] begun\r\n",
        b"01/02/2026 10:11 begun\r\n",
    ),
    "a Markdown page": (
        "SR129",
        "# Rules\n\nThese are the rules of our forest – all of them.\n".encode(),
        b"Read [this](https://contoso.com) first, and then do as it says.\n\n"
        b"   ```powershell\n   Get-ADSyncConnector\n   ```\n",
    ),
    "a text without a command": (
        "SR129",
        b"Dear colleague,\r\n\r\nhere are the rules of our forest.\r\n",
        "Bitte alle Regeln übernehmen, wie besprochen.\r\n".encode(),
        b"Run Get-ADSyncRule on the server, then send me the file.\r\n",
    ),
    "a program in another language": (
        "SR129",
        b"#!/bin/sh\nset -e\n",
        b"import os\nprint(os.name)\n",
        b"#include <stdio.h>\nint main() { return 0; }\n",
    ),
}  # fmt: skip


def _refusal(data: bytes | str) -> Diagnostic:
    export, found = read_export(data, "given.ps1")
    assert export is None
    (one,) = found
    return one


@pytest.mark.parametrize(
    ("name", "code", "data"),
    [
        pytest.param(name, code, data, id=f"{name}-{number}")
        for name, (code, *several) in KINDS.items()
        for number, data in enumerate(several)
    ],
)
def test_a_file_is_called_what_it_is_in_one_finding_about_the_whole(
    name: str, code: str, data: bytes
) -> None:
    found = _refusal(data)
    assert found.code == code
    assert found.message.startswith(f"This is {name}")
    assert found.message.endswith(", not an export.")
    assert (found.file, found.spot) == ("given.ps1", None)
    assert found.hint


@pytest.mark.parametrize("encoding", ["windows-1252", "cp932", "utf-8"])
def test_a_named_code_page_makes_no_text_of_a_picture(encoding: str) -> None:
    (data,) = KINDS["a picture (PNG)"][1:]
    assert isinstance(data, bytes)
    _, (found,) = read_export(data, "given.ps1", encoding)
    assert found.code == "SR105"


def test_a_text_in_memory_is_told_too() -> None:
    with pytest.raises(InputRefused, match="an RTF document"):
        syncrules.parse("{\\rtf1 New-ADSyncRule}")


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("Get-Process | Sort-Object CPU", id="a pipeline"),
        pytest.param("# A note\n\n$rule = Get-ADSyncRule\n", id="a variable"),
        pytest.param("<#\nThis script does all that is needed.\n#>\nif ($a) { b }", id="its help"),
        pytest.param("param($Server)\n$r = Get-ADSyncRule", id="parameters"),
        pytest.param(". .\\rules.ps1", id="a call"),
        pytest.param("using namespace System\n$a = 1", id="a namespace"),
        pytest.param("#!/usr/bin/env pwsh\n$a = (1)", id="PowerShell elsewhere"),
        pytest.param("[CmdletBinding()]\nparam($a)", id="an attribute"),
        pytest.param("This is a letter with a rule.\n\nNew-ADSyncRule -Nmae x\n", id="with a rule"),
        pytest.param(
            "From: a@contoso.com\nSubject: x\n\nNew-ADSyncRule -Nmae x\n", id="a mail with a rule"
        ),
        pytest.param("Here comes the rule of all:\n  New-ADSyncRule `\n-Name 'x", id="an open one"),
    ],
)
def test_a_script_keeps_its_own_findings(script: str) -> None:
    _, found = read_export(script, "given.ps1")
    assert found
    assert Code.SR129 not in {d.code for d in found}


@given(st.sampled_from([*KINDS.items()]), st.binary(max_size=40))
def test_what_has_rules_inside_is_closed(kind: tuple[str, tuple[str, bytes]], more: bytes) -> None:
    _, (code, data, *_) = kind
    assert is_closed(data + more) == (code in {"SR106", "SR130", "SR131"})


@given(st.text(max_size=30))
def test_an_export_is_no_other_file_whatever_its_comment_says(comment: str) -> None:
    line = " ".join(comment.split())
    text = f"# {line}\r\n{text_of(rule())}"
    assert not_a_text(text.encode("utf-8-sig", "replace"), "given.ps1") is None
