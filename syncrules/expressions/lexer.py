"""An expression as tokens, whatever it says: every text is read, and nothing of it is lost.

The tokens are those of grammar/expression.lark. What it does not know is a token too, of a kind of
its own: a text that is not closed, an entity of HTML, a comment, and every other character.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from syncrules.grammar.stored_expression import PATTERNS

__all__ = ["COMMENT", "ENTITY", "OPEN_TEXT", "OTHER", "Token", "scan"]

OPEN_TEXT, ENTITY, COMMENT, OTHER = "OPEN_TEXT", "ENTITY", "COMMENT", "OTHER"
"""The kinds of tokens that the language does not have."""

_FIRST = {
    ENTITY: r"&(?:[A-Za-z]{2,8}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});",
    # Not beyond a quote without its like: that is a text which has lost one, such as an address.
    COMMENT: r'//[^\r\n"]*(?:"[^\r\n"]*"[^\r\n"]*)*',
}
_USUAL = ("COMMA", "CLOSE", "OPEN", "WORD", "ATTRIBUTE")
"""Most tokens: they are looked for first, since no other begins like one of them."""
_LAST = {
    OPEN_TEXT: r'"[^"\\]*(?:\\[\s\S][^"\\]*)*\\?',
    OTHER: r"[A-Za-z0-9_]+|[\s\S]",
}
_IN_ORDER = {kind: PATTERNS[kind] for kind in _USUAL} | _FIRST | dict(PATTERNS) | _LAST
_TOKEN = re.compile("|".join(f"(?P<{kind}>{p})" for kind, p in _IN_ORDER.items()))


class Token(NamedTuple):
    """A piece of an expression; `kind` is the name of a terminal of the grammar, or one of ours."""

    kind: str
    start: int
    end: int
    text: str


def scan(expression: str) -> tuple[Token, ...]:
    """Return the tokens that mean something; between them stand blanks and line ends only."""
    new = tuple.__new__  # Token(…) takes twice as long, and there are thousands
    return tuple(
        [
            new(Token, (kind, *found.span(), found.group()))
            for found in _TOKEN.finditer(expression)
            if (kind := found.lastgroup) != "BLANKS"
        ]
    )
