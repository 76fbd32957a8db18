"""PowerShell's quoted text, both ways.

The facts are PowerShell's own reading, replayed in tests/conformance.
"""

from __future__ import annotations

import re

from .source import LINE_BREAK

__all__ = [
    "BLANK",
    "DOUBLE_QUOTES",
    "ESCAPE",
    "LITERAL",
    "LITERAL_OR_REST",
    "SINGLE_BODY",
    "SINGLE_QUOTES",
    "inner",
    "quote",
    "undoubled",
    "unquote",
    "unquote_word",
]

BLANK = r"\t\v\f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""PowerShell's blanks, to stand in a character class; grammar/script.lark names them."""

SINGLE_QUOTES = "'\u2018\u2019\u201a\u201b"
"""What PowerShell reads as a single quote: two together are one, namely the second."""

DOUBLE_QUOTES = '"\u201c\u201d\u201e'

SINGLE_BODY = f"[^{SINGLE_QUOTES}]*(?:[{SINGLE_QUOTES}]{{2}}[^{SINGLE_QUOTES}]*)*"
"""The pattern of what stands between single quotes, in which two of any kind are one."""

_SINGLE_PAIR = re.compile(f"[{SINGLE_QUOTES}]([{SINGLE_QUOTES}])")

# Patterns of double quotes are compiled on first use: the Editor writes single ones.
_DOUBLED_OR_ESCAPED = rf"[{DOUBLE_QUOTES}]([{DOUBLE_QUOTES}])|`u\{{([0-9A-Fa-f]{{1,6}})\}}|`([^\0])"
_ESCAPED = r"(?!)()|`u\{([0-9A-Fa-f]{1,6})\}|`([^\0])"
_TO_LAST_BREAK = r"(?s)((?:`.|[^`])*?)(?:\r\n|\r|\n)?"
"""The text of a double-quoted here-string up to its last line break, of which a backtick may take
the carriage return."""
_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}
ESCAPE = r"(?s)`."
"""The pattern of a backtick and what it escapes; found from left to right, since a backtick escapes
itself."""

LITERAL = (
    f"[{SINGLE_QUOTES}]{SINGLE_BODY}[{SINGLE_QUOTES}](?![{SINGLE_QUOTES}])"
    f"|[{DOUBLE_QUOTES}][^{DOUBLE_QUOTES}`]*"
    f"(?:(?:[{DOUBLE_QUOTES}]{{2}}|`[\\s\\S])[^{DOUBLE_QUOTES}`]*)*"
    f"[{DOUBLE_QUOTES}](?![{DOUBLE_QUOTES}])"
)
"""The pattern of a quoted text of either kind, whether something expands in it or not."""

LITERAL_OR_REST = (
    rf"[{SINGLE_QUOTES}](?:[^{SINGLE_QUOTES}]|[{SINGLE_QUOTES}]{{2}})*+(?:[{SINGLE_QUOTES}]|\Z)"
    rf"|[{DOUBLE_QUOTES}](?:[^{DOUBLE_QUOTES}`]|[{DOUBLE_QUOTES}]{{2}}|`.)*+"
    rf"(?:[{DOUBLE_QUOTES}]|`?\Z)"
)
"""Such a text, to the end where it is never closed: to find them all takes linear time. A dot is
to match a line break too."""


def quote(text: str, mark: str = "'") -> str:
    """Return `text` as a single-quoted literal that PowerShell reads back as `text`.

    Every kind of single quote inside is doubled. `mark` is the quote to use, one of
    `SINGLE_QUOTES`.

    >>> quote("O'Brien")
    "'O''Brien'"
    """
    return mark + re.sub(f"([{SINGLE_QUOTES}])", r"\1\1", text) + mark


def undoubled(body: str) -> str:
    """Return the text of what stands between single quotes: of each two inside, the second."""
    if body.isascii():
        return body.replace("''", "'")
    return "".join(_SINGLE_PAIR.split(body))  # what is captured stands between the pieces


def unquote(literal: str) -> str:
    """Return the text of a quoted literal or here-string, as the grammar takes them."""
    if literal[0] in SINGLE_QUOTES:
        return undoubled(literal[1:-1])
    start, end, changed = inner(literal)
    return literal[start:end] if changed is None else changed.sub(_character, literal[start:end])


def inner(literal: str) -> tuple[int, int, re.Pattern[str] | None]:
    """Return where a literal's text begins and ends, and what in it is written for a character."""
    if literal[0] != "@":
        is_single = literal[0] in SINGLE_QUOTES
        return 1, len(literal) - 1, _SINGLE_PAIR if is_single else re.compile(_DOUBLED_OR_ESCAPED)
    first = LINE_BREAK.search(literal)
    assert first is not None  # the grammar asks for a line break after the opening mark
    start, end = first.end(), len(literal) - 2
    if literal[1] in SINGLE_QUOTES:
        last = 2 if literal.endswith("\r\n", start, end) else 1
        return start, max(start, end - last), None
    found = re.compile(_TO_LAST_BREAK).fullmatch(literal, start, end)
    assert found is not None  # the grammar lets no backtick stand at the end
    return start, found.end(1), re.compile(_ESCAPED)


def unquote_word(word: str) -> str:
    """Return the text of a bare word; quoted pieces inside are part of it (`a'b'c` is abc)."""
    return re.sub(LITERAL, lambda found: unquote(found.group()), word)


def _character(found: re.Match[str]) -> str:
    doubled, code, escaped = found.groups()
    if doubled is not None:
        return str(doubled)
    if code is not None:
        number = int(code, 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
    return _ESCAPES.get(escaped, escaped)
