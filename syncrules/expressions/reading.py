"""Text to a tree, or the one reason against it.

One damage leaves many traces: so a lexical fault hides the brackets (but for a point that stands
there since a bracket was lost), and brackets hide the rest.
"""

from __future__ import annotations

from syncrules.diagnostics import Excerpt, Place, Span, Spot
from syncrules.errors import InputRefused

from .damage import damaged
from .finding import Finding
from .lexer import Token, scan
from .parser import MAX_NESTING, parse
from .tree import Expression

__all__ = ["parse_expression", "read_expression"]


def parse_expression(text: str) -> Expression:
    """Read the text of an expression, as a rule has it, into a tree.

    Raises InputRefused where it cannot be read; the diagnostic is a warning, since the server takes
    such a rule and fails later.
    """
    expression, unread = read_expression(text)
    if expression is None:
        assert unread is not None
        raise InputRefused((unread.problem.at(_place(text, unread.span)),))
    return expression


def _place(text: str, span: Span) -> Place:
    """Return the place of a part of an expression that stands in no file."""
    first = text.rfind("\n", 0, span.start) + 1
    line = text[first:].split("\n", 1)[0].rstrip("\r")
    column = span.start - first + 1
    excerpt = Excerpt(line, 1, goes_on=False)
    return Place("", Spot(span, text.count("\n", 0, span.start) + 1, column, excerpt))


def read_expression(text: str) -> tuple[Expression | None, Finding | None]:
    """Read an expression, or say why it cannot be read."""
    tokens = scan(text)
    wrong = damaged(tokens)
    if wrong is not None:
        return None, wrong
    if text.count("(") <= MAX_NESTING:
        root, _ = parse(tokens)
        if root is not None:
            return Expression(text, root), None
    return _read_closely(text, tokens)


def _read_closely(text: str, tokens: tuple[Token, ...]) -> tuple[Expression | None, Finding | None]:
    """Read an expression that is nested deep, or has something wrong with it."""
    from .brackets import unbalanced  # most expressions are right
    from .misfit import misfit

    wrong = unbalanced(tokens)
    if wrong is not None:
        return None, wrong
    root, stopped = parse(tokens)
    return (None, misfit(tokens, stopped)) if root is None else (Expression(text, root), None)
