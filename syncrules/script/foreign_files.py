"""Files that are something other than a script: each is called what it is, with a way out.

Documents, archives, pictures and programs are known by the bytes that they begin with, texts by
their form. Nothing here makes a file readable.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Place, Problem
from syncrules.wording import BY_EDITOR

from .source import Source

__all__ = ["is_closed", "not_a_script", "not_a_text", "other_text"]

_HEAD = 4096
"""So many bytes or characters tell what a file is."""

_EXPORT_AGAIN = (
    "Export the rules in the Synchronization Rules Editor, and give the .ps1 or .txt file that it "
    "saves"
)


class _Kind(NamedTuple):
    """What a file is called, with its article, and its code."""

    name: str
    code: Code = Code.SR105

    def problem(self) -> Problem:
        """Return the problem of a file of this kind."""
        return Problem(self.code, f"This is {self.name}, not an export.", _HINTS[self.code])


_HINTS = {
    Code.SR105: f"{_EXPORT_AGAIN}.",
    Code.SR106: f"{_EXPORT_AGAIN}. Do not open and save it in a word processor: that changes it.",
    Code.SR107: "Download the script itself (on a code site: 'Raw'), or export the rule from the "
    "Synchronization Rules Editor.",
    Code.SR129: f"{_EXPORT_AGAIN}. If this text is meant to be there, move it out of the folder.",
    Code.SR130: "Unpack it, and give the files or the folder that it contains.",
    Code.SR131: f"{_EXPORT_AGAIN}. A list of connectors: write it again with Export-Csv.",
}


# ---- By the first bytes --------------------------------------------------------------------------

_DOCUMENT, _ARCHIVE, _TABLE = Code.SR106, Code.SR130, Code.SR131
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BEGINNINGS = {
    b"%PDF-": _Kind("a PDF document", _DOCUMENT),
    b"{\\rtf": _Kind("an RTF document of a word processor", _DOCUMENT),
    b"!BDN": _Kind("an Outlook data file", _DOCUMENT),
    b"7z\xbc\xaf\x27\x1c": _Kind("a 7-Zip archive", _ARCHIVE),
    b"Rar!\x1a\x07": _Kind("a RAR archive", _ARCHIVE),
    b"\x1f\x8b\x08": _Kind("a gzip archive", _ARCHIVE),
    b"BZh": _Kind("a bzip2 archive", _ARCHIVE),
    b"\xfd7zXZ\0": _Kind("an xz archive", _ARCHIVE),
    b"MSCF\0": _Kind("a cabinet archive", _ARCHIVE),
    b"PK\x05\x06": _Kind("an empty zip archive", _ARCHIVE),
    b"\x89PNG\r\n": _Kind("a picture (PNG)"),
    b"\xff\xd8\xff": _Kind("a picture (JPEG)"),
    b"GIF87a": _Kind("a picture (GIF)"),
    b"GIF89a": _Kind("a picture (GIF)"),
    b"II*\0": _Kind("a picture (TIFF)"),
    b"MM\0*": _Kind("a picture (TIFF)"),
    b"\0\0\1\0": _Kind("an icon"),
    b"\x7fELF": _Kind("a program"),
    b"ElfFile\0": _Kind("a Windows event log"),
    b"regf": _Kind("a part of the Windows registry"),
    b"L\0\0\0\x01\x14\x02\0": _Kind("a Windows shortcut, which leads to a file"),
    b"SQLite format 3\0": _Kind("a database (SQLite)"),
    b"\0\1\0\0Standard ": _Kind("a database (Access)"),
}
_WITH_NUL = {b"MZ": _Kind("a Windows program or library"), b"BM": _Kind("a picture (BMP)")}
"""Beginnings that a text may have too, but for a NUL in what follows."""
_INSIDE = {
    b"word/document": _Kind("a Word document", _DOCUMENT),
    b"xl/workbook": _Kind("an Excel workbook", _TABLE),
    b"ppt/presentation": _Kind("a PowerPoint presentation", _DOCUMENT),
    b"visio/document": _Kind("a Visio drawing", _DOCUMENT),
    b"opendocument.text": _Kind("a document of a word processor (ODT)", _DOCUMENT),
    b"opendocument.spreadsheet": _Kind("a workbook (ODS)", _TABLE),
    b"": _Kind("a zip archive", _ARCHIVE),
}
"""What is in a zip, and what that makes of it."""
_STREAMS = {
    "WordDocument": _Kind("a Word document", _DOCUMENT),
    "Workbook": _Kind("an Excel workbook", _TABLE),
    "PowerPoint Document": _Kind("a PowerPoint presentation", _DOCUMENT),
    "__properties_version1.0": _Kind("a mail saved by Outlook", _DOCUMENT),
    "": _Kind("a document of an older Office, or an installer", _DOCUMENT),
}
"""The same of what older versions of Office write."""
_FIRST = (_ZIP, _OLE, *_BEGINNINGS, *_WITH_NUL)


def not_a_text(data: bytes, name: str) -> Diagnostic | None:
    """Return what a file is that begins as a document, an archive, a picture or a program does."""
    kind = _kind_of(data)
    return None if kind is None else kind.problem().at(Place(name))


def is_closed(data: bytes) -> bool:
    """Return whether a file may contain rules that nobody sees from outside."""
    kind = _kind_of(data)
    return kind is not None and kind.code is not Code.SR105


def _kind_of(data: bytes) -> _Kind | None:
    if data.startswith(BOM_UTF8):
        data = data[len(BOM_UTF8) : _HEAD]
    if not data.startswith(_FIRST):
        return None
    if data.startswith(_ZIP):
        return next(kind for mark, kind in _INSIDE.items() if mark in data)
    if data.startswith(_OLE):
        streams = _STREAMS.items()
        return next(kind for mark, kind in streams if mark.encode("utf-16-le") in data)
    for start, kind in _BEGINNINGS.items():
        if data.startswith(start):
            return kind
    return _WITH_NUL[data[:2]] if b"\0" in data[:_HEAD] else None


# ---- By what stands in it ------------------------------------------------------------------------

_WEB_PAGE = re.compile(r"[\s\ufeff]*<(?:!doctype|html|head|body|\?xml)", re.IGNORECASE)
_BINARY = r"[\x00-\x08\x0e-\x1a\x1c-\x1f]"
_HALF_OF_IT = Problem(
    Code.SR105,
    "Every other byte of this file is zero: it is UTF-16 without a byte order mark, or no text at "
    "all.",
    f"Save it as UTF-8 with BOM, or export the rule again {BY_EDITOR}.",
)


def not_a_script(source: Source) -> Diagnostic | None:
    """Return the diagnostic for a file that is not a PowerShell script at all."""
    start = source.text[:_HEAD]
    if _WEB_PAGE.match(start):
        problem = _Kind("a web page or XML", Code.SR107).problem()
    elif start.count("\0") > len(start) // 3:
        problem = _HALF_OF_IT
    elif len(re.findall(_BINARY, start)) > max(8, len(start) // 10):
        problem = _Kind("a binary file").problem()
    else:
        return None
    return problem.at(Place(source.name))


# ---- By its form, once it is refused -------------------------------------------------------------

_RULE = r"(?im)^[ \t]*New-ADSyncRule\b"
_COMMAND = r"(?m)^[ \t]*(?:[A-Z][a-z]+-[A-Z]\w+|\$\w)"
_OTHER_LANGUAGE = (
    r"(?m)\A#!(?!.*pwsh)|^(?:(?:from [\w.]+ )?import [\w.]+|#include\b|using [\w.]+;|def \w+\()"
)
_OF_A_SCRIPT = (
    r"(?sm)<#.*?(?:#>|\Z)|@'.*?(?:^'@|\Z)|@\".*?(?:^\"@|\Z)"
    r"|'[^'\r\n]*'|\"[^\"\r\n]*\"|#[^\r\n]*"
)
"""Where a script has sentences too: its comments and texts."""
_PROSE = r"\b[^\W\d_]+,?(?: [^\W\d_]+,?){3}"
_MARKDOWN = r"(?m)^[ \t]*```|^#{1,6} .+\r?\n\r?\n|\]\([^)\s]+\)"
_QUOTED_CODE = r"(?sm)^[ \t]*```.*?(?:^[ \t]*```|\Z)|`[^`\r\n]+`"
_BEGINNING_TEXTS = {
    "a transcript of a PowerShell session": r"\*{10,}\r?\n.*transcript.* start",
    "a file of the Windows registry (.reg)": r"Windows Registry Editor|REGEDIT4",
    "a link to a web page (.url)": r"\[InternetShortcut\]",
    "a saved mail": r"(?:(?:Received|Return-Path|From|To|Subject|Date|Message-ID|MIME-Version|"
    r"X-[\w-]+): .*\r?\n(?:[ \t].*\r?\n)*){2}",
    "a certificate or a key": r"-----BEGIN ",
    "a batch file": r"@echo off\b",
    "a file of settings (.ini)": r"(?:;.*\r?\n)*\[[\w .-]+\][ \t]*\r?\n[\w .-]+=",
    "a log": r"\W?(?:\d{4}[-./]\d\d[-./]\d\d|\d\d?[-./]\d\d?[-./]\d{4}|\d\d:\d\d:\d\d)[ T\]]",
}


def other_text(source: Source) -> Diagnostic | None:
    """Return what a text is that was refused as a script, where it contains no rule."""
    name = None if re.search(_RULE, source.text) else _form_of(source.text)
    return None if name is None else _Kind(name, Code.SR129).problem().at(Place(source.name))


def _form_of(text: str) -> str | None:
    start = text[:_HEAD].lstrip()
    for name, form in _BEGINNING_TEXTS.items():
        if re.match(form, start, re.IGNORECASE):
            return name
    if re.search(_OTHER_LANGUAGE, start):
        return "a program in another language"
    told = re.sub(_QUOTED_CODE, "", re.sub(_OF_A_SCRIPT, "", text))
    if not re.search(_PROSE, told) or re.search(_COMMAND, told):
        return None
    is_markdown = re.search(_MARKDOWN, text) is not None
    return "a Markdown page" if is_markdown else "a text without a command of PowerShell"
