"""What the files of an output are called, and how those of an earlier run are known again."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePath

from syncrules.exports.export import Export

__all__ = [
    "DISABLE_SCRIPT",
    "PROLOGUE_START",
    "begins_as_mapped",
    "fits_windows",
    "is_disable_script",
    "name_as_given",
    "output_name",
    "plain_name",
]

DISABLE_SCRIPT = "disable-out-of-box.ps1"
"""The script that disables out-of-box rules on the staging server."""

PROLOGUE_START = "# Mapped to the staging server by syncrules"
"""How a mapped file begins."""

_SUFFIX = ".ps1"
_DISABLE_SCRIPT_START = b"# Disables out-of-box rules on the staging server"


# https://learn.microsoft.com/windows/win32/fileio/naming-a-file; halves of a character come from
# names whose bytes are no text.
_NOT_ON_WINDOWS = re.compile(r'[<>:"/\\|?*\x00-\x1f]|[ .]\.[^.]*\Z|[ .]\Z')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|\Z)", re.I)
_LONGEST = 255
"""So many units of UTF-16."""

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]+")
_WITHOUT_PARTS = str.maketrans(
    dict(zip("øØđĐðÐłŁħĦıŧŦŋŊ", "oOdDdDlLhHitTnN", strict=True))
    | {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "TH"}
)
"""Letters of Latin alphabets that Unicode does not take apart into one of ASCII and a mark."""
_LONGEST_PLAIN = 60
"""Characters of a plain name; Windows allows a path of 259 in all."""


def output_name(export: Export) -> str:
    """Return the name of the file that an export becomes, which Windows takes."""
    name = name_as_given(export)
    if fits_windows(name):
        return name
    plain = plain_name(name.removesuffix(_SUFFIX), "rules")
    return f"{plain}-rules{_SUFFIX}" if _DEVICE.match(plain) else f"{plain}{_SUFFIX}"


def name_as_given(export: Export) -> str:
    """Return the name that the export's own suggests; Windows may not take it."""
    return f"{PurePath(export.name).stem}{_SUFFIX}"


def fits_windows(name: str) -> bool:
    """Return whether a file of this name can be copied to Windows, in any way of copying."""
    units = sum(2 if character > "\uffff" else 1 for character in name)
    return (
        units <= _LONGEST
        and _NOT_ON_WINDOWS.search(name) is None
        and _DEVICE.match(name) is None
        and not any("\ud800" <= character <= "\udfff" for character in name)
    )


def plain_name(text: str, otherwise: str) -> str:
    """Return a text as a part of a file's name that any system takes.

    >>> plain_name("Zürich – Straße", "rule")
    'Zurich-Strasse'
    """
    plain = text if text.isascii() else _without_marks(text)
    return _NOT_PLAIN.sub("-", plain).strip("-")[:_LONGEST_PLAIN].strip("-") or otherwise


def _without_marks(text: str) -> str:
    """Return a text with the letters of Latin alphabets as those of ASCII."""
    import unicodedata  # most names are of ASCII

    letters = text.translate(_WITHOUT_PARTS)
    apart = "".join(unicodedata.normalize("NFKD", c) if c.isalpha() else c for c in letters)
    return "".join(c for c in apart if not unicodedata.combining(c))


def begins_as_mapped(export: Export) -> bool:
    """Return whether an earlier run made this file, for this staging server or another one."""
    return export.source.text.startswith(PROLOGUE_START)


def is_disable_script(data: bytes) -> bool:
    """Return whether an earlier run made this file to disable rules: it holds none to be moved."""
    return data.removeprefix(codecs.BOM_UTF8).startswith(_DISABLE_SCRIPT_START)
