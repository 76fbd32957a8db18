"""Words that PowerShell would read otherwise, or not at all."""

from __future__ import annotations

import re

from syncrules.diagnostics import Code, Problem

from .quoting import BLANK, DOUBLE_QUOTES, LITERAL, SINGLE_QUOTES
from .refusals import CALL, FROM_EDITOR, STATEMENT, STOP_PARSING, SUBEXPRESSION

__all__ = ["DASHES", "explain_word"]

DASHES = "-\u2013\u2014\u2015"
"""What PowerShell reads as the dash of a parameter."""

_KEYWORDS = (
    "assembly base begin break catch class clean command configuration continue data define do "
    "dynamicparam else elseif end enum exit filter finally for foreach from function hidden if in "
    "inlinescript interface module namespace parallel param private process public return "
    "sequence static switch throw trap try type until using var while workflow"
)
"""Words that begin a statement of their own (about_Reserved_Words, about_Language_Keywords)."""

# Patterns are compiled on first use: most runs refuse nothing.
_PLAIN_COMMAND = rf"[{DASHES}]?[A-Za-z][A-Za-z0-9_.\\-]*:?"
_PLAIN_PARAMETER = rf"[{DASHES}][A-Za-z]+"
_IN_INDEX = rf"(?:[{BLANK}\r\n]|`[{BLANK}\r\n])*"
_PLAIN_VARIABLE = rf"\$[A-Za-z_][A-Za-z0-9_]*(?:\[{_IN_INDEX}[0-9]{{1,9}}{_IN_INDEX}\])?"
_HEX = "[0-9A-Fa-f]"
_GUID = f"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}"
_PLAIN_WORD = rf"[A-Za-z_][A-Za-z0-9_.-]*|[0-9]{{1,9}}|{_GUID}"


def explain_word(kind: str, text: str) -> Problem | None:
    """Return why a token of the terminal `kind` is refused; `None` where its text is plain."""
    match kind:
        case "COMMAND" if text.lower() in _KEYWORDS.split():
            return STATEMENT
        case "COMMAND" if re.fullmatch(_PLAIN_COMMAND, text):
            return None
        case "PARAMETER" if re.fullmatch(_PLAIN_PARAMETER, text):
            return None
        case "VARIABLE" if re.fullmatch(_PLAIN_VARIABLE, text):
            return None
        case "WORD" if (
            re.fullmatch(_PLAIN_WORD, re.sub(LITERAL, "", text)) and text[0] not in "0123456789"
        ):
            return None
        case "WORD" if re.fullmatch(_PLAIN_WORD, text):
            return None
    return _odd_word(kind, text)


def _odd_word(kind: str, text: str) -> Problem:
    shown = text[:40]
    if text[1:].startswith(("-%", "\u2013%")):
        return STOP_PARSING
    if text.endswith("`") and not any(q in text for q in SINGLE_QUOTES + DOUBLE_QUOTES):
        return Problem(
            Code.SR214,
            f"There is no blank between {shown} and its backtick: PowerShell makes the backtick "
            "part of the word, so the line does not go on.",
            "Put a blank before the backtick.",
        )
    if ">" in text or "<" in text:
        return Problem(
            Code.SR210,
            f"{shown} redirects output, which no export does.",
            "Remove the redirection; use | Out-Null to silence a command.",
        )
    if any(c in text for c in SINGLE_QUOTES + DOUBLE_QUOTES + "`"):
        return Problem(
            Code.SR214,
            f"There is a quote or backtick inside the word {shown}: PowerShell joins them into "
            "one.",
            "Put a blank before the quote, or close the text before it.",
        )
    if kind == "VARIABLE":
        return _odd_variable(text)
    if kind == "COMMAND":
        if text == ".":
            return CALL
        if text.startswith("["):
            return Problem(
                Code.SR222,
                f"{shown} begins an attribute or a type of PowerShell: the file is a script, not "
                "an export.",
                f"Remove it. {FROM_EDITOR}",
            )
        return Problem(
            Code.SR222,
            f"{shown} is not a command found in exported rules.",
            f"Remove it. {FROM_EDITOR}",
        )
    if text[0].isdigit() or text[:1] in "+." or text[1:2].isdigit():
        return Problem(
            Code.SR219,
            f"The number {shown} is not a plain whole number.",
            "Write it in decimal digits, or in quotes if it is text.",
        )
    return Problem(
        Code.SR223,
        f"The bare word {shown} does not occur in exported rules.",
        "Put it in single quotes if it is a value.",
    )


def _odd_variable(text: str) -> Problem:
    if text == "$" or text.startswith("$("):
        return SUBEXPRESSION
    if "." in text or "[" in text or "::" in text:
        return Problem(
            Code.SR211,
            f"{text[:40]} is computed when the script runs, so syncrules cannot know its value.",
            f"Write the value itself in single quotes. {FROM_EDITOR}",
        )
    return Problem(
        Code.SR209,
        f"The variable {text[:40]} does not occur in exported rules.",
        f"Write the value itself in single quotes. {FROM_EDITOR}",
    )
