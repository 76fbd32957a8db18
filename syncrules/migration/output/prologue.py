"""The comment lines before the rules of a mapped file, and the preference that they end in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath

from syncrules.diagnostics import Span, printable
from syncrules.pairing.connector_pairs import Pair

from ..output_names import PROLOGUE_START

__all__ = ["earlier_prologue", "prologue"]

_LINE_END = r"(?:\r\n|\r|\n)"
_EARLIER = (
    rf"[^\r\n]*(?:{_LINE_END}#[^\r\n]*)*"
    rf"{_LINE_END}\$ErrorActionPreference = 'Stop'{_LINE_END}{{1,2}}"
    # Or what a person left of it.
    r"|[^\r\n]*"
    rf"(?:{_LINE_END}# (?:Run it there|Connector|It stops)[^\r\n]*)*{_LINE_END}{{1,2}}"
)


def prologue(name: str, made_from: str, pairs: Iterable[Pair], newline: str) -> str:
    """Return the lines before the rules of the file `name`.

    Foreign text in them is ASCII, and cannot end a line.
    """
    return newline.join(
        (
            f"{PROLOGUE_START}, from {_in_comment(PurePath(made_from).name)}.",
            f"# Run it there, in Windows PowerShell 5.1, as .\\{_in_comment(name)} "
            "(not dot-sourced or pasted).",
            *(f"# Connector {p.active} -> {p.staging} ({p.basis})" for p in pairs),
            "# It stops at its first error: the commands after it would change the rule before.",
            "$ErrorActionPreference = 'Stop'",
            "",
            "",
        )
    )


def earlier_prologue(text: str) -> Span | None:
    """Return where the prologue of an earlier run stands in a file, if it has one."""
    if not text.startswith(PROLOGUE_START):
        return None
    found = re.match(_EARLIER, text)
    return Span(*found.span()) if found else None


def _in_comment(text: str) -> str:
    shown = printable(text)
    return "".join(c if c.isascii() else f"\\u{ord(c):04x}" for c in shown)
