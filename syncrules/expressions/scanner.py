"""An expression as tokens, whatever it says: every text is read, and nothing of it is lost.

Source: Microsoft's page on declarative provisioning expressions and the expressions of its own
rules. Texts stand in straight double quotes, in which a backslash takes the next character along;
attributes in brackets; blanks and line ends anywhere between tokens mean nothing. Blanks of other
kinds are not known to mean nothing, so they are tokens.

This is for comparing texts, which every migration does often, and says nothing of what a token is:
lexer.py does, by the grammar, with tokens that are one or several of these.
"""

from __future__ import annotations

import re

__all__ = ["NAMING", "attributes", "significant", "tokens"]

NAMING = ("ImportedValue", "ValueCount")
"""The functions whose argument is the name of an attribute, as a text."""

_TOKEN = re.compile(
    r"""
      "(?:\\.|[^"\\])*(?:"|\\?\Z)          # a text; one that is not closed goes on to the end
    | \[[^\[\]"]+\]                      # an attribute
    | [ \t\r\n]+
    | [A-Za-z0-9_]+ | &&? | \|\|? | <[=>]? | >=? | .
    """,
    re.VERBOSE | re.DOTALL,
)
_TEXT = re.compile('"[^"]+"')
_BLANKS = " \t\r\n"


def tokens(expression: str) -> tuple[str, ...]:
    """Return all tokens of an expression, blanks among them: joined, they are the expression.

    >>> tokens('Left( [cn],2)')
    ('Left', '(', ' ', '[cn]', ',', '2', ')')
    """
    return tuple(_TOKEN.findall(expression))


def significant(expression: str) -> tuple[str, ...]:
    """Return the tokens that mean something.

    >>> significant('"a b" & [cn]')
    ('"a b"', '&', '[cn]')
    """
    return tuple([token for token in _TOKEN.findall(expression) if token[0] not in _BLANKS])


def attributes(expression: str) -> tuple[str, ...]:
    """Return the names of attributes, in their order: in brackets, or as the text of a function.

    Other texts are none.

    >>> attributes('IIF(IsPresent([mail]),"[no]",ImportedValue("cn"))')
    ('mail', 'cn')
    """
    found = significant(expression)
    before = zip(("", "", *found), ("", *found), found, strict=False)
    return tuple(
        [
            token[1:-1]
            for name, bracket, token in before
            if (token[0] == "[" and len(token) > 1)
            or (name in NAMING and bracket == "(" and _TEXT.fullmatch(token))
        ]
    )
