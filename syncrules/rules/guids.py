"""GUIDs as .NET reads them."""

from __future__ import annotations

import re

__all__ = ["HYPHENATED", "ZERO_GUID", "parse_guid"]

ZERO_GUID = "00000000-0000-0000-0000-000000000000"
"""What a precedence reference holds where there is none."""

_HEX = "[0-9a-f]"
HYPHENATED = f"{_HEX}{{8}}-(?:{_HEX}{{4}}-){{3}}{_HEX}{{12}}"
"""The pattern of a GUID in .NET's form D, in lower case."""
_WRITTEN = re.compile(HYPHENATED)
_OTHERWISE = rf"{HYPHENATED}|{_HEX}{{32}}|\{{{HYPHENATED}\}}|\({HYPHENATED}\)"
# What .NET's String.Trim takes away.
_BLANKS = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


def parse_guid(text: str) -> str | None:
    """Return a GUID in lower case without braces, or `None` where .NET would not take it.

    The forms are .NET's D, N, B and P, with blanks around them; its X is not read.

    >>> parse_guid(" {B891884F-051E-4A83-95AF-2544101C9083}")
    'b891884f-051e-4a83-95af-2544101c9083'
    """
    if _WRITTEN.fullmatch(text) is not None:  # as most are
        return text
    trimmed = text.strip(_BLANKS).lower()
    if re.fullmatch(_OTHERWISE, trimmed) is None:
        return None
    digits = trimmed.strip("{}()").replace("-", "")
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
