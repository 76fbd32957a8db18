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

__all__ = ["attributes", "significant", "tokens"]

_TOKEN = re.compile(
    r"""
      "(?:\\.|[^"\\])*(?:"|\\?\Z)          # a text; one that is not closed goes on to the end
    | \[[^\[\]"]+\]                      # an attribute
    | [ \t\r\n]+
    | [A-Za-z0-9_]+ | &&? | \|\|? | <[=>]? | >=? | .
    """,
    re.VERBOSE | re.DOTALL,
)
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
    """Return the names of the attributes in brackets, in their order; those in texts are none.

    >>> attributes('IIF(IsPresent([mail]),"[no]",[cn])')
    ('mail', 'cn')
    """
    found = _TOKEN.findall(expression)
    return tuple(token[1:-1] for token in found if token[0] == "[" and len(token) > 1)
